"""A workbook keeps what it was given: values, formulas, text as text, and the file that was there before."""

import datetime
import errno
import os
import zipfile
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from lxml import etree

from xlcost.errors import XlcostError
from xlcost.formula import ROW, Term
from xlcost.workbook.book import Book
from xlcost.workbook.lint import lint

from .test_lint import sample_book

CREATED = datetime.date(2026, 11, 1)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "<b>&amp;\"'</b>",
    " spaces around ",
    "two\nlines",
    "Zürich 東京 🚀",
    "_x0041_",
    "_x000D_x000D_",
)


@pytest.fixture
def saved(tmp_path):
    """Fill one sheet "S", save, and hand back the path."""

    def save(fill):
        book = Book("Test", CREATED)
        fill(book.sheet("S"))
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return save


def cell(path, address, data_only=False):
    return openpyxl.load_workbook(path, data_only=data_only)["S"][address]


def raw(path, address):
    """A cell as it stands in the file: type, formula, value, text."""
    with zipfile.ZipFile(path) as archive:
        tree = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    node = next(node for node in tree.iter("{*}c") if node.get("r") == address)
    return SimpleNamespace(
        type=node.get("t"),
        formula=node.findtext("{*}f"),
        value=node.findtext("{*}v"),
        text=node.findtext("{*}is/{*}t"),
        empty=len(node) == 0,
    )


# --- constants


@pytest.mark.parametrize("value", [0.0, 1.0, -2.5, 0.1 + 0.2, 1 / 3, 1e300, 5e-324, 2.0**53, 123456789.123456789])
def test_a_number_comes_back_to_the_last_digit(saved, value):
    assert float(raw(saved(lambda sheet: sheet.put("B2", value)), "B2").value) == value


def test_a_whole_number_is_written_without_a_decimal_point(saved):
    assert raw(saved(lambda sheet: sheet.put("B2", 25.0)), "B2").value == "25"


def test_a_date_is_the_days_since_1899(saved):
    # 2026-03-01 is 46082 in every spreadsheet.
    path = saved(lambda sheet: sheet.put("B2", datetime.date(2026, 3, 1), format="date"))
    assert raw(path, "B2").value == "46082"
    assert cell(path, "B2").value == datetime.datetime(2026, 3, 1)


def test_truth_values_stay_truth_values(saved):
    path = saved(lambda sheet: (sheet.put("A1", True), sheet.put("A2", False)))
    assert cell(path, "A1").value is True and cell(path, "A2").value is False


@pytest.mark.parametrize("put", ["put", "column"])
@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_never_a_formula(saved, text, put):
    def fill(sheet):
        if put == "put":
            sheet.put("A1", text)
        else:
            sheet.column("A", 1, np.array([text, "other"], dtype=object))

    path = saved(fill)
    assert raw(path, "A1").type == "inlineStr" and raw(path, "A1").formula is None
    assert cell(path, "A1").data_type == "s"


def test_text_comes_back_as_it_was_in_another_spreadsheet(saved, libreoffice):
    path = saved(lambda sheet: sheet.column("A", 1, np.array(HOSTILE, dtype=object)))
    assert [row[0] for row in libreoffice.open(path).grid("S")] == list(HOSTILE)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_text_that_looks_like_a_formula_stays_text_when_edited(saved, text):
    def fill(sheet):
        sheet.put("A1", text)
        sheet.column("B", 1, np.array([text], dtype=object))

    path = saved(fill)
    assert cell(path, "A1").quotePrefix and cell(path, "B1").quotePrefix


def test_characters_that_xml_cannot_hold_do_not_break_the_file(saved):
    path = saved(lambda sheet: sheet.put("A1", "a\x00\x0b\ud800b"))
    assert cell(path, "A1").value.startswith("a") and cell(path, "A1").value.endswith("b")


def test_the_longest_text_is_kept_and_a_longer_one_refused(saved, tmp_path):
    assert len(cell(saved(lambda sheet: sheet.put("A1", "x" * 32_767)), "A1").value) == 32_767
    with pytest.raises(XlcostError, match="32,76"):
        book = Book("Test", CREATED)
        book.sheet("S").put("A1", "x" * 32_768)
        book.save(tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()


@pytest.mark.parametrize("empty", [np.nan, None, ""])
def test_nothing_is_a_truly_empty_cell(saved, empty):
    assert raw(saved(lambda sheet: sheet.put("A1", empty, style="input")), "A1").empty


def test_empty_rows_of_a_column_are_truly_empty_cells(saved):
    def fill(sheet):
        sheet.column("A", 1, np.array([1.0, np.nan]))
        sheet.column("B", 1, np.array(["x", ""], dtype=object))

    path = saved(fill)
    assert raw(path, "A2").empty and raw(path, "B2").empty


# --- formulas


def test_a_formula_leaves_out_its_own_sheet_and_names_others(saved, tmp_path):
    book = Book("Test", CREATED)
    rates, sheet = book.sheet("Day rates"), book.sheet("S")
    rate = rates.put("B1", 3.0)
    hours = sheet.put("A1", 2.0)
    cost = sheet.put("A2", hours * rate)
    sheet.put("A3", cost + 1)
    book.save(tmp_path / "book.xlsx")
    assert cell(tmp_path / "book.xlsx", "A2").value == "=$A$1*'Day rates'!$B$1"
    assert cell(tmp_path / "book.xlsx", "A3").value == "=$A$2+1"
    assert cell(tmp_path / "book.xlsx", "A3", data_only=True).value == 7


def test_a_column_has_one_formula_with_each_rows_own_number(saved):
    def fill(sheet):
        hours = sheet.column("A", 6, np.array([1.0, 2.0, 3.0])).cell
        sheet.column("B", 6, hours * 2)

    path = saved(fill)
    assert [cell(path, f"B{row}").value for row in (6, 7, 8)] == ["=A6*2", "=A7*2", "=A8*2"]
    assert [cell(path, f"B{row}", data_only=True).value for row in (6, 7, 8)] == [2, 4, 6]


def test_a_column_longer_than_one_chunk_keeps_rows_and_values_together(saved):
    numbers = np.arange(2_000.0)

    def fill(sheet):
        hours = sheet.column("A", 3, numbers).cell
        sheet.column("B", 3, hours * 2)
        sheet.put("D900", "alone")

    book = openpyxl.load_workbook(saved(fill), data_only=True)["S"]
    assert [row[1].value for row in book["A3:B2002"]] == [2.0 * number for number in numbers]
    assert book["D900"].value == "alone"


def test_a_missing_result_is_stored_as_an_empty_text(saved):
    def fill(sheet):
        hours = sheet.column("A", 1, np.array([1.0, np.nan])).cell
        sheet.column("B", 1, hours * 2)

    path = saved(fill)
    missing = raw(path, "B2")
    assert (missing.type, missing.formula, missing.value) == ("str", 'IF(A2="","",A2*2)', "")
    assert raw(path, "B1").value == "2"


def test_text_results_are_stored_as_text(saved):
    def fill(sheet):
        hours = sheet.column("A", 1, np.array([1.0, 5.0])).cell
        sheet.column("B", 1, np.where(hours > 2, "R&D <long>", "short"))

    path = saved(fill)
    assert [cell(path, f"B{row}", data_only=True).value for row in (1, 2)] == ["short", "R&D <long>"]
    assert raw(path, "B2").formula == 'IF(A2>2,"R&D <long>","short")'


def test_truth_results_are_stored_as_truth_values(saved):
    path = saved(lambda sheet: sheet.put("A1", sheet.put("B1", 3.0) > 2))
    assert (raw(path, "A1").type, raw(path, "A1").value) == ("b", "1")


def test_a_cell_that_was_put_again_holds_the_last_value(saved):
    path = saved(lambda sheet: (sheet.put("A1", "first"), sheet.put("A1", "second")))
    assert cell(path, "A1").value == "second"


def test_pandas_reads_the_stored_values_of_formulas(tmp_path):
    sample_book().save(tmp_path / "sample.xlsx")
    table = pd.read_excel(tmp_path / "sample.xlsx", sheet_name="Cost table", header=4, usecols="A:C", engine="openpyxl")
    assert list(table["run"][:2]) == ["a", "=1+1"]
    # 1.5 and 2 hours at 0.14.
    np.testing.assert_allclose(table["cost"], [0.21, 0.28, np.nan])


def test_stored_values_are_what_a_spreadsheet_computes(tmp_path, libreoffice):
    sample_book().save(tmp_path / "sample.xlsx")
    grid = libreoffice.open(tmp_path / "sample.xlsx").grid("Cost table")
    np.testing.assert_allclose([grid[5][2], grid[6][2]], [0.21, 0.28], rtol=1e-12)
    assert grid[7][2] in (None, "")


def test_a_formula_that_excel_cannot_hold_is_refused():
    sheet = Book("Test", CREATED).sheet("S")
    with pytest.raises(ValueError, match="8,?192"):
        sheet.put("A1", Term("+".join(["B1"] * 3_000), 0.0))


def test_more_rows_than_a_sheet_has_are_refused_with_the_row_that_would_be_reached():
    sheet = Book("Test", CREATED).sheet("S")
    sheet.column("A", 7, np.zeros(1_048_570))
    with pytest.raises(XlcostError, match="sheet S would reach row 1,048,577, and a sheet ends at row 1,048,576"):
        sheet.column("A", 8, np.zeros(1_048_570))


def test_the_range_of_a_column_is_fixed_and_holds_the_values():
    sheet = Book("Test", CREATED).sheet("Price steps")
    written = sheet.column("C", 6, np.array([1.0, np.nan]))
    assert written.range.text == "'Price steps'!$C$6:$C$7"
    assert written.range.may_miss
    assert written.cell.text == f"'Price steps'!C{ROW}"
    assert list(sheet.range("C", 6, 6).values) == [1.0]


# --- the file


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        sample_book().save(tmp_path / f"{name}.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_nothing_in_the_file_tells_when_it_was_written(tmp_path):
    sample_book().save(tmp_path / "sample.xlsx")
    with zipfile.ZipFile(tmp_path / "sample.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("2026-11-01T00:00:00Z") == 2
    assert "<dc:creator>xlcost<" in properties.replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', "")


def test_a_workbook_is_computed_again_when_it_is_opened(tmp_path):
    sample_book().save(tmp_path / "sample.xlsx")
    with zipfile.ZipFile(tmp_path / "sample.xlsx") as archive:
        assert b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")


def test_the_extent_of_a_sheet_covers_its_cells(tmp_path):
    sample_book().save(tmp_path / "sample.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "sample.xlsx", read_only=True)["Cost table"]
    assert (sheet.max_row, sheet.max_column) == (8, 6)


def test_validator_and_lint_find_no_fault(tmp_path, ooxml_validator):
    sample_book().save(tmp_path / "sample.xlsx")
    assert ooxml_validator(tmp_path / "sample.xlsx") == [] and lint(tmp_path / "sample.xlsx") == []


def test_many_links_lead_where_they_should(saved):
    addresses = [f"https://example.org/{number % 40}" for number in range(1_500)]
    path = saved(lambda sheet: sheet.column("A", 1, np.array(["source"] * 1_500, dtype=object), urls=addresses))
    sheet = openpyxl.load_workbook(path)["S"]
    assert [sheet[f"A{row}"].hyperlink.target for row in range(1, 1_501)] == addresses


def test_a_table_a_name_and_a_validation_are_there(tmp_path):
    sample_book().save(tmp_path / "sample.xlsx")
    book = openpyxl.load_workbook(tmp_path / "sample.xlsx")
    sheet = book["Cost table"]
    assert [column.name for column in sheet.tables["RunsTable"].tableColumns] == ["run", "hours", "cost"]
    assert sheet.tables["RunsTable"].autoFilter.ref == "A5:C8"
    assert book.defined_names["rate"].attr_text == "Inputs!$C$8"
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["B6:B8"]
    assert sheet.freeze_panes == "B6" and len(sheet._charts) == 1


@pytest.mark.parametrize("name", ["GPU2", "R1C1", "my rate", "2026"])
def test_a_name_that_excel_would_not_take_is_refused(name):
    book = Book("Test", CREATED)
    term = book.sheet("S").put("A1", 1.0)
    with pytest.raises(ValueError, match=name):
        book.name(name, term)


# --- saving


def test_an_existing_file_is_kept_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "budget.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(XlcostError, match="exists"):
        sample_book().save(path)
    assert path.read_bytes() == b"old"
    sample_book().save(path, replace=True)
    assert lint(path) == []


@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_leaves_everything_as_it_was(tmp_path, monkeypatch, replace):
    path = tmp_path / "budget.xlsx"
    if replace:
        path.write_bytes(b"old")

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile._ZipWriteFile, "write", full)
    with pytest.raises(XlcostError, match="budget.xlsx.*No space left on device"):
        sample_book().save(path, replace=replace)
    assert [file.name for file in tmp_path.iterdir()] == (["budget.xlsx"] if replace else [])
    assert not replace or path.read_bytes() == b"old"


def test_a_file_that_comes_up_while_saving_is_not_overwritten(tmp_path):
    path = tmp_path / "budget.xlsx"
    with pytest.raises(XlcostError, match="exists"):
        sample_book().save(path, progress=lambda rows, total: path.write_bytes(b"someone else's"))
    assert path.read_bytes() == b"someone else's"
    assert [file.name for file in tmp_path.iterdir()] == ["budget.xlsx"]


def test_an_interrupted_save_leaves_no_file_behind(tmp_path):
    def interrupt(rows, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_book().save(tmp_path / "budget.xlsx", progress=interrupt)
    assert not list(tmp_path.iterdir())


def test_progress_ends_with_all_rows(tmp_path):
    seen = []
    sample_book().save(tmp_path / "sample.xlsx", progress=lambda rows, total: seen.append((rows, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def test_the_file_may_be_read_by_whom_the_umask_says(tmp_path):
    before = os.umask(0o027)
    try:
        sample_book().save(tmp_path / "sample.xlsx")
    finally:
        os.umask(before)
    assert (tmp_path / "sample.xlsx").stat().st_mode & 0o777 == 0o640
