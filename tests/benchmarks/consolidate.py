"""200 departments' files of 100 runs, read and consolidated: ``python -m tests.benchmarks.consolidate``.

Beside it pandas.read_excel with openpyxl reads the same files.
"""

import datetime
import tempfile
import time
import zipfile
from pathlib import Path

from .memory import peak_of_all

FILES, RUNS, MANY = 200, 100, 2_000
TABLES = ["Overview", "Runs", "Staff", "Other costs"]
ROUNDS = 5
IN_PROCESSES = """
from pathlib import Path
from tests.benchmarks.consolidate import FILES, ours
ours(sorted(Path({folder!r}).iterdir())[:FILES])
"""


def write_files(folder, files=FILES, runs=RUNS):
    """A template that openpyxl has filled and saved, once for each department under names of its own."""
    from openpyxl import load_workbook

    from tests.exchange.filled import address
    from xlcost.workbook.department import write_department

    template, filled = folder / "template.xlsx", folder / "filled.xlsx"
    write_department(template, "DEPARTMENT", runs=runs)
    book = load_workbook(template)
    for row in range(runs):
        run = {"run": f"DEPARTMENT {row}", "chip": "NVIDIA H100 SXM5 80GB", "chips": 8 + row, "hours": 100.5}
        for name, value in {**run, "start": datetime.date(2026, 1 + row % 12, 1)}.items():
            book["Runs"][address("Runs", row, name)] = value
    book.save(filled)
    sent = folder / "sent"
    sent.mkdir()
    with zipfile.ZipFile(filled) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for number in range(files):
        with zipfile.ZipFile(sent / f"{number:04}.xlsx", "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in parts.items():
                target.writestr(name, content.replace(b"DEPARTMENT", b"Department %04d" % number))
    return sent


def read_with_pandas(file, sheets):
    """Tables of a file, as a script would read them."""
    import pandas as pd

    pd.read_excel(file, sheet_name=sheets, engine="openpyxl")


def seconds(work, *arguments):
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun


def ours(files, processes=None):
    """What the command does before it writes the workbook."""
    from xlcost import catalog
    from xlcost.exchange.consolidation.company import consolidated
    from xlcost.exchange.consolidation.reading import read_submissions

    submissions = read_submissions([(file, file.name) for file in files], processes=processes)
    company = consolidated(submissions, catalog.load(), {})
    assert len(company.runs()) == len(files) * RUNS


def consolidate():
    """Print the ratios; the time is that of reading the files and bringing them together."""
    with tempfile.TemporaryDirectory() as name:
        folder = write_files(Path(name), MANY)
        files = sorted(folder.iterdir())
        some = files[:FILES]
        ours(some[:1])
        calls = {
            "ours": lambda: ours(some),
            "alone": lambda: ours(some, processes=1),
            "tables": lambda: read_with_pandas(some[0], TABLES),
            "sheets": lambda: read_with_pandas(some[0], None),
        }
        times = {name: [] for name in calls}
        # In turns: whatever else the machine does meanwhile concerns all of them.
        for _ in range(ROUNDS):
            for name, call in calls.items():
                times[name].append(seconds(call))
        took = {name: min(each) for name, each in times.items()}
        tables, sheets = took["tables"] * FILES, took["sheets"] * FILES
        print(f"{FILES} files of {RUNS} runs: {took['ours']:.1f} s")
        print(f"pandas, the tables that are gathered / ours: {tables / took['ours']:.1f} (aim: at least 5)")
        print(f"pandas, the tables that are gathered / ours in one process: {tables / took['alone']:.1f}")
        print(f"pandas, all sheets / ours: {sheets / took['ours']:.1f}")
        memory = peak_of_all(IN_PROCESSES.format(folder=str(folder)))
        print(f"peak memory of all processes: {memory} MB (aim: less than 400)")
        print(f"{MANY} files / {FILES} files: {seconds(ours, files) / took['ours']:.1f} (aim: about {MANY // FILES})")


if __name__ == "__main__":
    consolidate()
