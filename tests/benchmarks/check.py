"""What a check of a budget takes, beside reading it and estimating its runs."""

import tempfile
from pathlib import Path

RUNS, ROUNDS = 10_000, 3
CHECK = """
from xlcost.exchange.check import check
assert not check({path!r}).findings
"""


def check_budget():
    from python_calamine import CalamineWorkbook

    from xlcost.estimate import estimate
    from xlcost.exchange.check import check
    from xlcost.workbook.budget import write_budget

    from .__main__ import best, random_runs
    from .memory import peak_of

    runs = random_runs(RUNS)

    def read(path):
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "budget.xlsx")
        write_budget(path, runs)
        calls = {"ours": lambda: check(path), "reading": lambda: read(path), "estimate": lambda: estimate(runs)}
        times = {name: [] for name in calls}
        # In turns: whatever else the machine does meanwhile concerns all of them.
        for _ in range(ROUNDS):
            for name, call in calls.items():
                times[name].append(best(call, 1))
        ours, theirs = min(times["ours"]), min(times["reading"]) + min(times["estimate"])
        what = f"check of a budget of {RUNS:,} runs"
        print(f"{what} / calamine's reading of it + estimate: {ours / theirs:.1f} (aim: at most 5)")
        print(f"{what}, memory of the process: {peak_of(CHECK.format(path=str(path)))} MB (aim: under 500)")
