"""A budget of 1,000 runs in LibreOffice against plain arithmetic: ``python -m tests.benchmarks.libreoffice_budget``."""

import re
import tempfile
import time
import zipfile
from pathlib import Path

RUNS = 1_000
COLUMNS = 50
REPETITIONS = 9


def formulas_of(path):
    """How many formulas a workbook holds."""
    with zipfile.ZipFile(path) as package:
        return sum(
            len(re.findall(rb"<f[ >]", package.read(name))) for name in package.namelist() if "worksheets/sheet" in name
        )


def write_plain(path, count, libreoffice):
    """A workbook of as many formulas, each a product and a difference of its neighbours, saved with their values."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(number) for number in range(1, COLUMNS + 3)]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plain")
    for row in range(1, count // COLUMNS + 2):
        formulas = [f"={right}{row}*0.5+{next_right}{row}-0.25" for right, next_right in zip(letters[1:], letters[2:])]
        sheet.append([*formulas, 1.5, 2.5])
    book.save(path)
    with libreoffice.open(path) as document:
        document.save_as(path)


def least_seconds(libreoffice, *paths):
    """The least that opening each workbook took, in turns, as a machine is not always as busy; all is computed anew."""
    times = {path: [] for path in paths}
    for _ in range(REPETITIONS):
        for path in paths:
            begun = time.perf_counter()
            with libreoffice.open(path):
                times[path].append(time.perf_counter() - begun)
    return [min(times[path]) for path in paths]


def libreoffice_budget():
    """Print the ratio, and how the number of formulas grows with the runs."""
    from tests.benchmarks.__main__ import random_runs
    from tests.engines.libreoffice import LibreOffice
    from xlcost.budget.settings import settings_from
    from xlcost.workbook.budget import write_budget

    settings = settings_from(years=3)
    with tempfile.TemporaryDirectory() as folder, LibreOffice() as libreoffice:
        budget, half, plain = (Path(folder, f"{name}.xlsx") for name in ("budget", "half", "plain"))
        write_budget(budget, random_runs(RUNS), settings=settings)
        write_budget(half, random_runs(RUNS // 2), settings=settings)
        count = formulas_of(budget)
        write_plain(plain, count, libreoffice)
        ours, theirs = least_seconds(libreoffice, budget, plain)
        print(
            f"budget of {RUNS:,} runs, {count:,} formulas, opened and computed / plain: "
            f"{ours / theirs:.2f} (aim: at most 3)"
        )
        print(f"formulas of {RUNS:,} runs / of {RUNS // 2:,}: {count / formulas_of(half):.2f} (aim: at most 2)")


if __name__ == "__main__":
    libreoffice_budget()
