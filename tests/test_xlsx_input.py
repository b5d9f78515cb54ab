"""Workbooks that people send: a cell without a value is named, and what would fill the memory is refused."""

import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from xlcost import xlsx_input
from xlcost.errors import XlcostError
from xlcost.estimate import estimate
from xlcost.guard import limits
from xlcost.runs import read_runs

HEADINGS = ["run", "chip", "chips", "hours", "sourcing", "start", "department", "server_price_per_chip"]


def workbook(path, *rows, title="Runs"):
    book = Workbook()
    book.active.title = title
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(path)
    return path


def with_part(path, name, change):
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as file:
        parts = {entry: file.read(entry) for entry in file.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for entry, content in parts.items():
            file.writestr(entry, content)


def test_every_error_and_every_formula_without_a_value_is_named(tmp_path):
    book = Workbook()
    for row in (
        HEADINGS,
        ["a", "H100", 8, 10, "#N/A", "#DIV/0!", "Research", "#VALUE!"],
        ["b", "H100", "=16/2", 10, None, None, "#REF!", None],
        ["#NAME?", "H100", 8, 10],
    ):
        book.active.append(row)
    path = tmp_path / "runs.xlsx"
    book.save(path)
    with pytest.raises(XlcostError) as error:
        estimate(read_runs(path))
    said = str(error.value)
    for sentence in (
        "row 2: sourcing is #N/A; it must be a text",
        "row 2: start is #DIV/0!; it must be a date",
        "row 2: server_price_per_chip is #VALUE!; it must be a number above 0",
        "row 3: chips is a formula without a stored value",
        "row 3: department is #REF!; it must be a text",
        "row 4: run is #NAME?; it must be a text",
    ):
        assert sentence in said
    assert len(said.splitlines()) == 6


def test_an_empty_text_that_a_formula_gave_is_an_empty_cell(tmp_path):
    path = workbook(tmp_path / "runs.xlsx", ["a", "H100", 8, 10, '=IF(1,"")'])
    # As spreadsheets store it, a text of no characters.
    stored = (b'<c r="E2"><f>', b'<c r="E2" t="str"><f>')
    with_part(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(*stored))
    assert estimate(read_runs(path))["budget_cost"].item() > 0


def test_a_cell_far_from_the_table_is_refused_before_it_fills_the_memory(tmp_path):
    path = workbook(tmp_path / "runs.xlsx", ["a", "H100", 8, 10])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with_part(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", far))
    with pytest.raises(XlcostError, match="sheet 'Runs' reaches to row 1,048,576 and column 16,384, more than"):
        read_runs(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED", 100_000)
    path = workbook(tmp_path / "runs.xlsx", ["a", "H100", 8, 10])
    assert len(read_runs(path)) == 1
    with_part(path, "xl/worksheets/sheet1.xml", lambda part: part + b" " * 200_000)
    with pytest.raises(XlcostError, match="unpacked it has 0 MB; a workbook may have 0 MB"):
        read_runs(path)


def test_a_sheet_of_charts_in_front_is_passed_over(tmp_path):
    path = tmp_path / "runs.xlsx"
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(["a", "H100", 8, 10])
    book.create_chartsheet("Chart", 0).add_chart(BarChart())
    book.save(path)
    assert len(read_runs(path)) == 1


@pytest.mark.parametrize("name", ["runs.xlsx", "runs.csv", "none.xlsx"])
def test_a_sheet_is_there_or_not(tmp_path, name):
    workbook(tmp_path / "runs.xlsx")
    (tmp_path / "runs.csv").write_text("run\n")
    assert xlsx_input.has_sheet(tmp_path / name, "Runs") == (name == "runs.xlsx")
    assert not xlsx_input.has_sheet(tmp_path / name, "Staff")
