"""5,000 typed formulas in LibreOffice against as many native ones: ``python -m tests.benchmarks.libreoffice_addin``."""

import datetime
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

FORMULAS = 5_000
REPETITIONS = 7
GAP = (None,) * 3
DAY_ONE = datetime.date(2025, 1, 1)

TYPED = "=AMORTIZED_COST(A{row},B{row},C{row},D{row})"
NATIVE = (
    "=B{row}*C{row}*("
    "INDEX($J$2:$J${last},MATCH(A{row},$I$2:$I${last},0))"
    "*10^(-0.14*(D{row}-INDEX($K$2:$K${last},MATCH(A{row},$I$2:$I${last},0)))/365.25)*0.14*LN(10)/8766"
    "+INDEX($L$2:$L${last},MATCH(A{row},$I$2:$I${last},0))/1000*INDEX($O$2:$O$99,MATCH(YEAR(D{row}),$N$2:$N$99,1)))"
)
"""What a typed formula does, as a sheet would: look up price, its date and the power of a chip, then compute."""


def write_runs(path, formula):
    """A workbook of runs, each with a formula, and of a price list."""
    from openpyxl import Workbook

    from xlcost.catalog import load
    from xlcost.hosts.cells import call

    chance, chips = random.Random(1), load().chips
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Runs")
    prices = [
        (chip, float(chance.randint(5_000, 60_000)), datetime.date(2022, 9, 29), float(power or 500))
        for chip, power in zip(chips["chip"], chips["tdp_w"].fillna(500))
    ]
    years = [(year, 0.06 + 0.001 * (year - 2010)) for year in range(2010, 2031)]
    names = [call("CHIP_SPEC", [family, "name"]) for family in ("A100", "H100", "H200", "B200")]
    sheet.append(["Chip", "Chips", "Hours", "Start", "Cost", *GAP, "Chip", "USD", "Date", "W", None, "Year", "USD/kWh"])
    for number in range(FORMULAS):
        row = number + 2
        start = DAY_ONE + datetime.timedelta(chance.randrange(700))
        cost = formula.format(row=row, last=len(prices) + 1)
        cells = [chance.choice(names), chance.randint(8, 20_000), chance.randint(10, 3_000), start, cost]
        price = prices[number] if number < len(prices) else (None,) * 4
        year = years[number] if number < len(years) else (None,) * 2
        sheet.append([*cells, *GAP, *price, None, *year])
    workbook.save(path)


def libreoffice_addin():
    """Print the ratio of two conversions, each by a LibreOffice started for it, with the add-in installed."""
    from tests.engines.libreoffice import with_addin

    with tempfile.TemporaryDirectory(prefix="xlcost-benchmark-") as folder:
        profile = pathlib.Path(folder, "profile")
        with_addin(profile)
        files = {}
        for name, formula in (("typed", TYPED), ("native", NATIVE)):
            files[name] = pathlib.Path(folder, f"{name}.xlsx")
            write_runs(files[name], formula)
            convert(files[name], profile)  # a new profile takes longer once
            results = files[name].with_suffix(".csv").read_text().splitlines()
            costs = [float(line.split(",")[4]) for line in results[1:]]
            assert len(costs) == FORMULAS and min(costs) > 0, "not every formula was computed"
        times = {name: [] for name in files}
        for _ in range(REPETITIONS):  # in turn, so that both meet the same machine
            for name, path in files.items():
                begun = time.perf_counter()
                convert(path, profile)
                times[name].append(time.perf_counter() - begun)
    typed, native = min(times["typed"]), min(times["native"])
    print(
        f"LibreOffice, {FORMULAS:,} AMORTIZED_COST formulas, cold / native formulas: {typed / native:.2f} "
        f"({typed:.2f} s / {native:.2f} s, aim: at most 2)"
    )


def convert(path, profile):
    """Compute a workbook and write its values."""
    from tests.engines.libreoffice import environment_outside

    subprocess.run(
        [
            shutil.which("soffice"),
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--convert-to", "csv", "--outdir", str(path.parent), str(path)),
        ],
        check=True,
        capture_output=True,
        env={**environment_outside(), "LC_ALL": "C.UTF-8"},
    )


if __name__ == "__main__":
    libreoffice_addin()
