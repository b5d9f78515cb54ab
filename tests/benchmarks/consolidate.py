"""200 departments' files of 100 runs, read and consolidated: ``python -m tests.benchmarks.consolidate``.

Beside it pandas.read_excel with openpyxl reads the same files.
"""

import datetime
import resource
import tempfile
import time
import zipfile
from pathlib import Path

FILES, RUNS, MANY = 200, 100, 2_000
TABLES = ["Overview", "Runs", "Staff", "Other costs"]


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


def consolidate():
    """Print the ratios; the time is that of reading the files and bringing them together."""
    from xlcost import catalog
    from xlcost.exchange.consolidation.company import consolidated
    from xlcost.exchange.consolidation.submission import read_submission

    def ours(files):
        submissions = [read_submission(file, file.name) for file in files]
        company = consolidated(submissions, catalog.load(), {})
        assert len(company.runs()) == len(files) * RUNS

    with tempfile.TemporaryDirectory() as name:
        files = sorted(write_files(Path(name), MANY).iterdir())
        some = files[:FILES]
        ours(some[:1])
        measured = [seconds(ours, some) for _ in range(3)]
        gathered, whole = (
            min(seconds(read_with_pandas, file, sheets) for file in some[:3]) * FILES for sheets in (TABLES, None)
        )
        print(f"{FILES} files of {RUNS} runs: {min(measured):.1f} s")
        print(f"pandas, the tables that are gathered / ours: {gathered / min(measured):.1f} (aim: at least 5)")
        print(f"pandas, all sheets / ours: {whole / min(measured):.1f}")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB (aim: less than 400)")
        print(f"{MANY} files / {FILES} files: {seconds(ours, files) / min(measured):.1f} (aim: about {MANY // FILES})")


if __name__ == "__main__":
    consolidate()
