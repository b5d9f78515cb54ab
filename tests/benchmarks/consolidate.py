"""200 departments' files of 100 runs, read and consolidated: ``python -m tests.benchmarks.consolidate``.

Beside it pandas.read_excel with openpyxl reads the same tables of the same files.
"""

import datetime
import tempfile
import time
import zipfile
from pathlib import Path

FILES, RUNS = 200, 100


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


def read_with_pandas(files):
    """The tables that are gathered, as a script would read them."""
    import pandas as pd

    for file in files:
        pd.read_excel(file, sheet_name=["Overview", "Runs", "Staff", "Other costs"], engine="openpyxl")


def consolidate():
    """Print the ratios."""
    from xlcost import catalog
    from xlcost.exchange.consolidation.company import consolidated
    from xlcost.exchange.consolidation.submission import read_submission

    with tempfile.TemporaryDirectory() as name:
        files = sorted(write_files(Path(name)).iterdir())

        def ours(files):
            begun = time.perf_counter()
            submissions = [read_submission(file, file.name) for file in files]
            company = consolidated(submissions, catalog.load(), {})
            assert len(company.runs()) == len(files) * RUNS
            return time.perf_counter() - begun

        ours(files[:1])
        all_files, half = ours(files), ours(files[: len(files) // 2])
        begun = time.perf_counter()
        read_with_pandas(files[: len(files) // 10])
        with_pandas = (time.perf_counter() - begun) * 10
        print(f"pandas / ours, {len(files)} files of {RUNS} runs: {with_pandas / all_files:.1f} (aim: at least 5)")
        print(f"all files / half of them: {all_files / half:.2f} (aim: about 2)")


if __name__ == "__main__":
    consolidate()
