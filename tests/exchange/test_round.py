"""The whole round: a template, filled and saved by several programs, checked, and brought together in one budget."""

import datetime
import shutil
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from tests.exchange.filled import DAY, OTHERS, ROLES, RUNS, address, typed
from tests.workbook.compare import differences
from xlcost.estimate import estimate
from xlcost.workbook.department import write_department

ENGINEER = {"run": "Delta", "role": "Engineer", "people": 2, "fte_low": 0.5, "years_low": 1}
DELTA = {"run": "Delta", "chip": "NVIDIA A100", "chips": 64, "hours": 100}


def consolidate(*words):
    command = [sys.executable, "-m", "xlcost", "consolidate", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def sent(tmp_path_factory, libreoffice, node_library):
    """Five departments' files, each saved by another program."""
    folder = tmp_path_factory.mktemp("round")
    empty, sent = folder / "empty", folder / "sent"
    empty.mkdir()
    sent.mkdir()
    for department, language in (("Research", "en"), ("製品", "ja"), ("Sales", "en"), ("Search", "en")):
        write_department(empty / f"{department}.xlsx", department, language, runs=12)
    # LibreOffice, in English and in Japanese.
    for department, language in (("Research", "en"), ("製品", "ja")):
        with libreoffice.open(empty / f"{department}.xlsx") as document:
            document.set(typed(language))
            document.save_as(sent / f"{department}.xlsx")
    # openpyxl.
    book = openpyxl.load_workbook(empty / "Sales.xlsx")
    for name, value in DELTA.items():
        book["Runs"][address("Runs", 0, name)] = value
    book.save(sent / "Sales.xlsx")
    # ExcelJS.
    cells = {("Runs", address("Runs", 0, name)): value for name, value in {**DELTA, "run": "Epsilon"}.items()}
    cells |= {("Staff", address("Staff", 0, name)): value for name, value in {**ENGINEER, "run": "Epsilon"}.items()}
    node_library.type_and_save(empty / "Search.xlsx", sent / "Search.xlsx", cells)
    # XlsxWriter: a department's own table, without our template.
    with xlsxwriter.Workbook(sent / "own.xlsx") as book:
        sheet = book.add_worksheet("Runs")
        sheet.write_row(0, 0, ["Run", "Chip", "chip_hours", "department", "start"])
        sheet.write_row(1, 0, ["Zeta", "H100", 5000, "Ventures", "2026-05-01"])
    return sent


@pytest.fixture(scope="module")
def company(sent, tmp_path_factory):
    """The company's workbook, and what the command said."""
    path = tmp_path_factory.mktemp("company") / "company.xlsx"
    done = consolidate(sent, "-o", path)
    return path, done.stderr


def test_every_row_of_every_program_arrives(company):
    path, said = company
    files = pd.read_excel(path, engine="openpyxl", sheet_name="Submissions", header=3, nrows=5)
    assert files["What became of it"].tolist() == ["taken"] * 5
    rows = 2 * (len(RUNS) + len(ROLES) + len(OTHERS)) + 1 + 2 + 1
    assert files["Rows read"].sum() == files["Taken"].sum() == rows
    assert f"5 files, {rows} rows read, {rows} taken, 0 not taken" in said
    runs = pd.read_excel(path, engine="openpyxl", sheet_name="Runs", header=4)["Training run"].dropna()
    # Two departments call their runs the same.
    assert len(runs) == len(set(runs)) == 9 and "Alpha (Research)" in set(runs) and "Alpha (製品)" in set(runs)


def test_the_company_costs_what_its_departments_cost(company):
    path, _ = company
    day = datetime.datetime.combine(DAY, datetime.time())
    table = pd.DataFrame([{**run, "start": day if "start" in run else None} for run in RUNS])
    own = estimate(table)["budget_cost"].sum()
    others = pd.DataFrame([DELTA, {**DELTA, "run": "Epsilon"}, {"run": "Z", "chip": "H100", "chip_hours": 5000}])
    others["start"] = [None, None, datetime.datetime(2026, 5, 1)]
    sheet = openpyxl.load_workbook(path, data_only=True)
    name = sheet.defined_names["budget_cost"].attr_text
    place, cell = name.split("!")
    assert sheet[place.strip("'")][cell.replace("$", "")].value == pytest.approx(
        2 * own + estimate(others)["budget_cost"].sum(), rel=1e-9
    )
    assert sheet["Cover"]["B4"].value == "OK"


def test_what_a_department_sent_adds_up_to_what_its_own_sheets_show(company, sent):
    files = pd.read_excel(company[0], engine="openpyxl", sheet_name="Submissions", header=3, nrows=5).set_index("File")
    for name, costs, heading in (
        ("Research.xlsx", "Costs", "Budget cost"),
        ("製品.xlsx", "費用計算", "予算額"),
    ):
        # LibreOffice has computed them when they were filled in.
        shown = pd.read_excel(sent / name, engine="openpyxl", sheet_name=costs, header=3)[heading]
        assert files.loc[name, "Runs at the file's prices [USD]"] == pytest.approx(
            pd.to_numeric(shown, errors="coerce").sum(), rel=1e-9
        )


def test_the_companys_workbook_recalculates_to_what_is_stored(company, libreoffice, cellrune):
    path, _ = company
    for engine in (libreoffice, cellrune):
        with engine.open(path) as document:
            assert differences(path, document) == []


def test_the_same_files_in_another_place_and_order_give_the_same_bytes(sent, company, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    for file in sorted(sent.iterdir(), reverse=True):
        shutil.copy2(file, other)
    files = sorted(other.iterdir(), key=lambda file: file.name[::-1])
    consolidate(*files, "-o", tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == company[0].read_bytes()
