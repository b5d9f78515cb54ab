"""What functions in Excel take, against xlwings' own cost of calling one: see `tests.benchmarks`.

Calls go through xlwings' code for Windows, in a process of its own (`tests.engines.excel_com`). What Excel and COM take
beside it is not in the ratios, which are therefore at their worst here.
"""

import datetime
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.engines.excel_com import MODULE, ExcelCom, Range
from xlcost.catalog import load

from . import excel_baseline

ROOT = Path(__file__).parents[2]
ROWS = 10_000
CALLS = 3_000
REPETITIONS = 15
FUNCTION, BASELINE = excel_baseline.NAME, excel_baseline.__name__


def random_calls(count, seed=3):
    """Cells of runs, no two alike: chip, chips, hours, start, organization."""
    chance, chips = random.Random(seed), list(load().chips["chip"])
    return [
        (
            chance.choice(chips),
            float(chance.randint(1, 30_000)),
            chance.uniform(1.0, 5_000.0),
            datetime.date(2016, 1, 1) + datetime.timedelta(chance.randint(0, 4_000)),
            chance.choice(["Google DeepMind", "OpenAI", "Acme", ""]),
        )
        for _ in range(count)
    ]


def column_in_one_call():
    columns = [tuple((cell,) for cell in column) for column in zip(*random_calls(ROWS))]
    calls = [tuple(map(Range, columns))] * REPETITIONS
    with ExcelCom() as excel:
        ours, bare = min(excel.time(FUNCTION, calls)), min(excel.time("same", calls, BASELINE))
    print(
        f"a column of {ROWS:,} rows through xlwings / a function that returns its argument: {ours / bare:.2f} "
        f"({ours * 1e3:.1f} ms / {bare * 1e3:.1f} ms; aim: at most 3)"
    )


def single_cells():
    calls = [tuple(map(Range, cells)) for cells in random_calls(CALLS)]
    with ExcelCom() as excel:
        # In turns, so that a busy moment of the machine does not fall on one of them; the middle one of each.
        turns = [(excel.time(FUNCTION, calls), excel.time("empty", calls, BASELINE)) for _ in range(5)]
    ours, bare = (min(median(turn) for turn in side) for side in zip(*turns))
    print(
        f"one cell through xlwings / an empty function: {ours / bare:.2f} "
        f"({ours * 1e6:.0f} µs / {bare * 1e6:.0f} µs; aim: at most 3)"
    )


def import_of_udfs():
    def seconds(code):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        return time.perf_counter() - begun

    turns = [(seconds("import udfs"), seconds("import xlwings, numpy")) for _ in range(REPETITIONS)]
    ours, bare = (min(side) for side in zip(*turns))
    print(f"import udfs / import xlwings, numpy: {ours / bare:.2f} (aim: at most 1.3)")


def first_call():
    """In Excel the first call also imports the module, so it does here."""
    calls = [tuple(map(Range, cells)) for cells in random_calls(2)]
    differences = []
    for _ in range(5):
        with ExcelCom() as excel:
            first, second = excel.time(FUNCTION, calls, MODULE)
        differences.append(first - second)
    print(f"first call after start - second call: {max(differences):.3f} s (aim: at most 0.5)")


BENCHMARKS = (column_in_one_call, single_cells, import_of_udfs, first_call)

if __name__ == "__main__":
    for benchmark in BENCHMARKS:
        benchmark()
