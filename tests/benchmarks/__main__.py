"""What things take, against something that runs beside them: ``python -m tests.benchmarks``.

Each line is a ratio of two times on this machine (best of some repetitions), or the largest memory that a process of
its own took. Nothing here is a test: times depend on the machine, the limits are the project's own aims.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import excel_functions, uncertainty
from .actuals import actuals
from .check import check_budget
from .libreoffice_addin import libreoffice_addin
from .libreoffice_budget import libreoffice_budget
from .memory import peak_of

MANY = 1_000_000
ESTIMATE = """
from tests.benchmarks.__main__ import MANY, random_runs
from xlcost.estimate import estimate
estimate(random_runs(MANY))
"""
BUDGET = """
import tempfile
from pathlib import Path
from tests.benchmarks.__main__ import random_runs
from xlcost.workbook.budget import write_budget
with tempfile.TemporaryDirectory() as folder:
    write_budget(Path(folder, "budget.xlsx"), random_runs(10_000))
"""


def best(function, repetitions):
    times = []
    for _ in range(repetitions):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return min(times)


def random_runs(count, seed=1):
    """Runs with all chips, dates and vendors mixed."""
    import numpy as np
    import pandas as pd

    from xlcost.catalog import load

    chance, facts = np.random.default_rng(seed), load()
    return pd.DataFrame(
        {
            "run": np.char.add("run ", np.arange(count).astype(str)).astype(object),
            "department": chance.choice(np.array([f"Department {n}" for n in range(20)], dtype=object), count),
            "chip": chance.choice(facts.chips["chip"].to_numpy(), count),
            "chips": chance.integers(1, 30_000, count).astype(float),
            "hours": chance.uniform(1, 5_000, count),
            "start": np.datetime64("2016-01-01") + chance.integers(0, 4_000, count).astype("timedelta64[D]"),
            "organization": chance.choice(np.array(["Google DeepMind", "OpenAI", "Acme", ""], dtype=object), count),
            "vendor": chance.choice(np.array(["", "", *facts.vendors], dtype=object), count),
            "sourcing": chance.choice(
                np.array(["own", "cloud_3y", "cloud_1y", "cloud_on_demand"], dtype=object), count
            ),
        }
    )


NOT_CALLED = (
    *("training_flop", "staff_cost", "yearly_pay", "contractor_cost", "development_cost"),
    *("geometric_middle", "log_spread", "range_end", "lognormal_mean", "lognormal_variance", "product_variance"),
    *("log_spread_of_moments", "median_of_moments", "mixture_log_spread"),
    *("decimal_year", "growth_per_year", "trend_cost", "year_reached", "year_reached_end"),
    *("slope_error", "line_error", "prediction_error", "sure_steepness"),
)
"""Equations that no estimate calls."""
OTHER_METHODS = ("hardware_market_exact", "hardware_straight_line", "useful_life")
"""Equations that only the amortization methods beside the default one need."""


def bare_equations(count, leave_out=()):
    """Every equation that an estimate calls, once, on arrays that are ready: no table, no look-up, no check."""
    import inspect

    import numpy as np

    from xlcost import equations

    chance = np.random.default_rng(2)
    calls = []
    for name in [name for name in equations.__all__ if name not in leave_out]:
        function = getattr(equations, name)
        given = [
            parameter
            for parameter, what in inspect.signature(function).parameters.items()
            if what.default is what.empty
        ]
        calls.append(
            (function, [chance.uniform(*((1.0, 5.0) if name == "years" else (0.1, 0.9)), count) for name in given])
        )

    def compute():
        # Nothing is kept, so that what is measured is computing and not finding memory.
        for function, columns in calls:
            function(*columns)

    return compute


def estimate_million():
    from xlcost.catalog import load
    from xlcost.estimate import estimate

    runs, facts = random_runs(MANY), load()
    ours = best(lambda: estimate(runs, facts), 3)
    for label, leave_out in (
        ("of the default method", (*NOT_CALLED, *OTHER_METHODS)),
        ("of all three methods", NOT_CALLED),
    ):
        ratio = ours / best(bare_equations(MANY, leave_out), 5)
        print(f"estimate, 1,000,000 runs / bare equations {label}: {ratio:.1f} (aim: at most 40)")
    print(f"estimate, 1,000,000 runs, memory of the process: {peak_of(ESTIMATE)} MB (aim: under 1,000)")


def budget_thousand():
    from openpyxl import Workbook, load_workbook
    from openpyxl.cell import WriteOnlyCell

    from xlcost.workbook.budget import write_budget

    runs = random_runs(1_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "budget.xlsx")
        ours = best(lambda: write_budget(path, runs, replace=True), 3)
        cells = [
            (sheet.title, [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()])
            for sheet in load_workbook(path)
        ]

        def plainly():
            book = Workbook(write_only=True)
            for title, rows in cells:
                sheet = book.create_sheet(title)
                for row in rows:
                    written = []
                    for value, number_format in row:
                        cell = WriteOnlyCell(sheet, value)
                        cell.number_format = number_format
                        written.append(cell)
                    sheet.append(written)
            book.save(Path(folder, "plain.xlsx"))

        count = sum(len(row) for _, rows in cells for row in rows)
        ratio = ours / best(plainly, 3)
        print(f"budget of 1,000 runs ({count:,} cells) / openpyxl write-only: {ratio:.2f} (aim: at most 2)")
    print(f"budget of 10,000 runs, memory of the process: {peak_of(BUDGET)} MB (aim: under 400)")


def command_line():
    ours = best(lambda: subprocess.run([sys.executable, "-m", "xlcost", "--help"], check=True, capture_output=True), 7)
    typer = best(lambda: subprocess.run([sys.executable, "-c", "import typer"], check=True), 7)
    print(f"xlcost --help / python -c 'import typer': {ours / typer:.2f} (aim: at most 2.5)")


if __name__ == "__main__":
    for benchmark in (
        *(estimate_million, budget_thousand, command_line),
        *excel_functions.BENCHMARKS,
        libreoffice_addin,
        libreoffice_budget,
        check_budget,
        actuals,
        *uncertainty.BENCHMARKS,
    ):
        benchmark()
