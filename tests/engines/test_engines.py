"""The engines themselves: a judge that misreads a cell, or repeats what the file says, would pass every workbook."""

import datetime
import math
import os
import pathlib
import re
import signal
import struct
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from .. import conftest
from ..processes import in_group
from . import libreoffice as libreoffice_module
from . import ooxml
from .cells import CellError, EngineError, EngineMissing, plain, trimmed
from .libreoffice import LibreOffice

EXACT = [1e-300, 0.1 + 0.2, -0.0, 1e308, 5e-324, 1 / 3, -12345678.901234567, 2.0**53 + 2]


@pytest.fixture(params=["libreoffice", "cellrune"])
def spreadsheet(request):
    """Either engine that computes."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def written(tmp_path):
    """Writes a workbook from {sheet: {address: value}} and gives its path."""

    def write(sheets, name="book.xlsx"):
        workbook = Workbook()
        workbook.remove(workbook.active)
        for title, values in sheets.items():
            sheet = workbook.create_sheet(title)
            for address, value in values.items():
                sheet[address] = value
        workbook.save(tmp_path / name)
        return tmp_path / name

    return write


def with_part_changed(path, part, old, new):
    """The workbook with a text inside one of its parts replaced."""
    changed = path.with_stem(f"{path.stem} changed")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert content.count(old) == 1
                content = content.replace(old, new)
            target.writestr(name, content)
    return changed


def bits(number):
    """A double to the last bit, the sign of zero included."""
    return struct.pack(">d", number)


def test_a_wrong_value_stored_in_the_file_is_computed_anew(spreadsheet, written):
    path = written({"Sum": {"A1": 2, "A2": 3, "A3": "=A1+A2"}})
    wrong = with_part_changed(path, "xl/worksheets/sheet1.xml", b"<f>A1+A2</f><v></v>", b"<f>A1+A2</f><v>99</v>")
    assert load_workbook(wrong, data_only=True)["Sum"]["A3"].value == 99
    with spreadsheet.open(wrong) as document:
        assert document.grid("Sum") == [[2.0], [3.0], [5.0]]


def test_error_cells_come_back_as_errors_with_the_names_excel_gives_them(spreadsheet):
    formulas = ["=NA()", '="a"+1', "=INDEX(A1:A2,5)", "=1/0", "=1E+308*10", "=IF(NA(),1,2)"]
    names = ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#N/A"]
    assert spreadsheet.evaluate(formulas) == [CellError(name) for name in names]


def test_an_unknown_function_is_an_error_and_not_a_value(libreoffice, cellrune):
    assert libreoffice.evaluate(["=NOSUCHFUNCTION(1)"]) == [CellError("#NAME?")]
    (result,) = cellrune.evaluate(["=NOSUCHFUNCTION(1)"])
    assert "NOSUCHFUNCTION" in result.code


def test_text_that_names_an_error_is_no_error(spreadsheet):
    assert spreadsheet.evaluate(['="#N/A"', "=A1"], {"A1": "#REF!"}) == ["#N/A", "#REF!"]
    assert CellError("#N/A") != "#N/A"


def test_text_beginning_with_an_equals_sign_stays_text(spreadsheet, written):
    with spreadsheet.open(written({"Runs": {"A1": "Ann", "B1": "=A1", "C1": "=LEN(B1)"}})) as document:
        document.set({("Runs", "A1"): "=1+1", ("Runs", "A2"): "12", ("Runs", "A3"): "@SUM(1)"})
        assert document.grid("Runs") == [["=1+1", "=1+1", 4.0], ["12", None, None], ["@SUM(1)", None, None]]


def test_numbers_survive_to_the_last_bit(spreadsheet, written):
    cells = [("Sheet", f"A{row}") for row, _ in enumerate(EXACT, 1)]
    with spreadsheet.open(written({"Sheet": {}})) as document:
        document.set(dict(zip(cells, EXACT, strict=True)))
        by_cell, by_grid = document.get(cells), [row[0] for row in document.grid("Sheet")]
    assert [bits(number) for number in by_cell] == [bits(number) for number in EXACT]
    assert [bits(number) for number in by_grid] == [bits(number) for number in EXACT]


def test_a_value_set_recalculates_what_depends_on_it(spreadsheet, written):
    path = written({"Inputs": {"B2": 2}, "Costs": {"A1": "=Inputs!B2*10", "A2": "=A1+1"}})
    with spreadsheet.open(path) as document:
        document.set({("Inputs", "B2"): 7})
        assert document.get([("Costs", "A2"), ("Costs", "A1"), ("Inputs", "B2")]) == [71.0, 70.0, 7.0]
        document.set({("Inputs", "B2"): None})
        assert document.get([("Costs", "A2"), ("Inputs", "B2")]) == [1.0, None]


def test_cells_set_in_any_order_each_get_their_own_value(spreadsheet, written):
    values = {("One", "B3"): 3.0, ("Two", "A1"): True, ("One", "B1"): "first", ("One", "C2"): 2.5, ("One", "B2"): None}
    with spreadsheet.open(written({"One": {"B2": "old"}, "Two": {}})) as document:
        document.set(values)
        assert document.grid("One") == [[None, "first", None], [None, None, 2.5], [None, 3.0, None]]
        assert document.grid("Two") == [[True]]


def test_a_date_set_is_the_number_that_excel_gives_it(spreadsheet, written):
    with spreadsheet.open(written({"Sheet": {"B1": "=YEAR(A1)"}})) as document:
        document.set({("Sheet", "A1"): datetime.date(2024, 2, 29)})
        assert document.grid("Sheet") == [[45351.0, 2024.0]]


def test_an_empty_cell_differs_from_the_empty_text_of_a_formula(spreadsheet, written):
    with spreadsheet.open(written({"Sheet": {"B2": '=IF(1,"")', "C2": 1}})) as document:
        assert document.grid("Sheet") == [[None, None, None], [None, "", 1.0]]


def test_cells_that_are_merely_coloured_hold_nothing(spreadsheet, tmp_path):
    workbook = Workbook()
    workbook.active["A1"] = 1
    workbook.active["F50"].number_format = "0.00"
    workbook.create_sheet("Empty")
    workbook.save(tmp_path / "book.xlsx")
    with spreadsheet.open(tmp_path / "book.xlsx") as document:
        assert [document.grid(sheet) for sheet in document.sheets()] == [[[1.0]], []]


def test_sheets_are_all_listed_in_order(spreadsheet, written):
    with spreadsheet.open(written({"Ümlaut & co": {"A1": 1}, "B": {}, "Ann's": {"A1": 2}})) as document:
        assert document.sheets() == ["Ümlaut & co", "B", "Ann's"]
        assert document.grid("Ann's") == [[2.0]]


def test_a_file_may_have_any_name(spreadsheet, written):
    with spreadsheet.open(written({"Sheet": {"A1": "=1+1"}}, "Büdget #1 100%.xlsx")) as document:
        assert document.grid("Sheet") == [[2.0]]


def test_a_saved_file_keeps_what_was_set(spreadsheet, written, tmp_path):
    with spreadsheet.open(written({"Sheet": {"A1": 1, "A2": "=A1*3"}})) as document:
        document.set({("Sheet", "A1"): 4, ("Sheet", "A3"): "=A1"})
        document.save_as(tmp_path / "saved.xlsx")
    values, formulas = (load_workbook(tmp_path / "saved.xlsx", data_only=only)["Sheet"] for only in (True, False))
    assert [cell.value for cell in values["A"]] == [4, 12, "=A1"]
    assert formulas["A2"].value == "=A1*3"
    assert formulas["A3"].data_type == "s"


def test_formulas_see_the_cells_they_are_given(spreadsheet):
    cells = {"A1": 1.5, "A2": "=x", "B7": "y"}
    assert spreadsheet.evaluate(["=A1*2", "=Sheet1!B7&A2", "=ISNUMBER(A3)", "=A4"], cells) == [3.0, "y=x", False, 0.0]


def test_formulas_computed_in_a_batch_keep_their_order(spreadsheet):
    assert spreadsheet.evaluate([f"={number}+0.5" for number in range(3000)]) == [n + 0.5 for n in range(3000)]
    assert spreadsheet.evaluate([]) == []


def test_functions_newer_than_2007_compute_by_their_prefixed_names(spreadsheet):
    formulas = ["=_xlfn.LET(_xlpm.a,2,_xlpm.a*3)", "=_xlfn.XLOOKUP(2,A1:A3,B1:B3)", "=_xlfn.STDEV.S(A1:A3)"]
    cells = {"A1": 1, "A2": 2, "A3": 3, "B1": "x", "B2": "y", "B3": "z"}
    assert spreadsheet.evaluate(formulas, cells) == [6.0, "y", 1.0]


def test_what_is_not_a_formula_is_not_evaluated(spreadsheet):
    with pytest.raises(ValueError, match="begins with '='.*'1\\+1'"):
        spreadsheet.evaluate(["1+1"])


def test_a_file_that_is_no_workbook_is_refused_and_the_next_one_opens(spreadsheet, written, tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is no zip archive")
    with pytest.raises(EngineError):
        spreadsheet.open(broken)
    with pytest.raises(FileNotFoundError, match="absent"):
        spreadsheet.open(tmp_path / "absent.xlsx")
    with spreadsheet.open(written({"Sheet": {"A1": 1}})) as document:
        assert document.grid("Sheet") == [[1.0]]


def test_libreoffice_names_the_sheets_there_are_when_asked_for_another(libreoffice, written):
    wanted = pytest.raises(EngineError, match="no sheet 'Cost', but 'Runs', 'Costs'")
    with libreoffice.open(written({"Runs": {}, "Costs": {}})) as document, wanted:
        document.grid("Cost")


def test_libreoffice_gives_a_formula_as_a_file_has_it(libreoffice, written):
    formula = '=SUMIFS(Costs!$B$2:$B$9,Costs!$A$2:$A$9,"x")'
    with libreoffice.open(written({"Sheet": {"A1": formula, "A2": 5}, "Costs": {}})) as document:
        assert document.formula("Sheet", "A1") == formula
        assert document.formula("Sheet", "A2") is None


def test_libreoffice_recalculates_what_nothing_depends_on(libreoffice, written):
    with libreoffice.open(written({"Sheet": {"A1": "=RAND()"}})) as document:
        before = document.grid("Sheet")
        document.recalculate()
        assert document.grid("Sheet") != before


def test_libreoffice_reads_a_hundred_thousand_cells_in_seconds(libreoffice, tmp_path):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Large")
    for row in range(1, 10_001):
        sheet.append([row, f"run {row}"] + [f"=$A{row}/{column}" for column in range(1, 9)])
    workbook.save(tmp_path / "large.xlsx")
    started = time.perf_counter()
    with libreoffice.open(tmp_path / "large.xlsx") as document:
        rows = document.grid("Large")
    assert time.perf_counter() - started < 20
    assert rows == [[float(n), f"run {n}"] + [n / column for column in range(1, 9)] for n in range(1, 10_001)]


def test_a_crash_of_libreoffice_is_said_and_the_next_workbook_opens(libreoffice, written):
    path = written({"Sheet": {"A1": "=1+1"}})
    with LibreOffice() as victim, victim.open(path) as document:
        for process in soffice_processes(victim):
            os.kill(process, signal.SIGKILL)
        with pytest.raises(EngineError, match="LibreOffice.* ended unexpectedly"):
            document.grid("Sheet")
        with pytest.raises(EngineError, match="crashed since"):
            document.grid("Sheet")
        with victim.open(path) as again:
            assert again.grid("Sheet") == [[2.0]]


def test_a_libreoffice_that_does_not_answer_is_ended(libreoffice, written, monkeypatch):
    path = written({"Sheet": {"A1": "=1+1"}})
    with LibreOffice() as stuck, stuck.open(path) as document:
        for process in soffice_processes(stuck):
            os.kill(process, signal.SIGSTOP)
        monkeypatch.setattr(libreoffice_module, "SECONDS_TO_ANSWER", 1)
        with pytest.raises(EngineError, match="did not finish 'grid' within 1 seconds"):
            document.grid("Sheet")


def test_nothing_of_libreoffice_is_left_when_it_is_closed(libreoffice):
    closed = LibreOffice()
    folder, group = pathlib.Path(closed._folder), closed._bridge.pid
    assert folder.is_dir() and soffice_processes(closed)
    closed.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
    closed.close()


def test_a_libreoffice_that_ends_at_once_is_an_error_with_its_words(libreoffice, tmp_path, monkeypatch):
    on_path(tmp_path, monkeypatch, "soffice", "echo no room; exit 3")
    with pytest.raises(EngineError, match="did not start: it ended with status 3; it said: no room"):
        LibreOffice()


def test_a_libreoffice_too_old_counts_as_missing(libreoffice, monkeypatch):
    monkeypatch.setattr(libreoffice_module, "OLDEST", (999, 1))
    with pytest.raises(EngineMissing, match=r"25.2 or later is not installed: .*soffice is \d+\.\d+"):
        LibreOffice()


def test_no_libreoffice_on_the_path_counts_as_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineMissing, match="LibreOffice 25.2 or later is not installed: there is no soffice"):
        LibreOffice()


@pytest.mark.parametrize(("required", "outcome"), [(False, "skip"), (True, "fail")])
def test_a_missing_engine_skips_a_test_or_fails_it_where_engines_are_required(required, outcome, monkeypatch):
    def start():
        raise EngineMissing("the abacus is not installed")

    monkeypatch.setattr(conftest, "ENGINES_REQUIRED", required)
    with pytest.raises(getattr(pytest, outcome).Exception, match="the abacus is not installed"):
        conftest.engine(start)


@pytest.fixture
def flawless(written):
    """A workbook without a fault. openpyxl puts the children of <font> into an order that the standard forbids."""
    path = written({"Sheet": {"A1": 1, "A2": "=A1"}})
    with zipfile.ZipFile(path) as archive:
        (font,) = re.findall(rb"<font>.*?</font>", archive.read("xl/styles.xml"))
    return with_part_changed(path, "xl/styles.xml", font, b'<font><sz val="11"/><name val="Calibri"/></font>')


def test_the_validator_finds_a_fault_and_names_its_part(ooxml_validator, flawless):
    faulty = with_part_changed(flawless, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData><nonsense/>")
    (fault,) = ooxml_validator(faulty)
    assert re.match(r"/xl/worksheets/sheet1\.xml /x:worksheet.*: .*invalid child element.*nonsense", fault)


def test_the_validator_finds_no_fault_in_a_good_file(ooxml_validator, flawless):
    assert ooxml_validator(flawless) == []


def test_the_validator_says_that_a_file_can_not_be_opened(ooxml_validator, tmp_path):
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (fault,) = ooxml_validator(tmp_path / "broken.xlsx")
    assert "broken.xlsx" in fault


def test_a_validator_that_is_not_where_the_environment_says_counts_as_missing(tmp_path, monkeypatch):
    monkeypatch.setenv(ooxml.PLACE, str(tmp_path / "absent"))
    with pytest.raises(EngineMissing, match=f"{ooxml.PLACE} says: .*absent"):
        ooxml.find_validator.__wrapped__()


def test_every_sheet_gets_a_picture_named_by_its_order(draw, written, tmp_path):
    path = written({"Cover": {"A1": "Title"}, "Ümlaut": {}})
    drawn = draw(path, tmp_path / "pictures")
    assert [picture.name for picture in drawn] == ["01 Cover.png", "02 _mlaut.png"]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in drawn)


def test_printed_pages_are_those_of_the_print_setup(draw, tmp_path):
    workbook = Workbook()
    for row in range(1, 201):
        workbook.active.cell(row, 1).value = row
    workbook.save(tmp_path / "long.xlsx")
    drawn = draw(tmp_path / "long.xlsx", tmp_path / "pages", pages=True)
    assert len(drawn) > 1 and drawn[0].name == "page 01.png"


def test_values_are_made_plain():
    assert plain(datetime.date(1900, 3, 1)) == 61.0
    assert plain(datetime.datetime(2024, 1, 1, 12)) == 45292.5
    assert plain(3) == 3.0 and isinstance(plain(3), float)
    assert math.isnan(plain(math.nan))
    assert plain("3") == "3" and plain(True) is True and plain(None) is None


def test_a_grid_ends_with_its_last_value():
    assert trimmed([[None, 1.0, None], ["", None, None], [None, None, None]]) == [[None, 1.0], ["", None]]
    assert trimmed([[None]]) == [] and trimmed([]) == []


def soffice_processes(engine):
    """Processes of LibreOffice, without the bridge to it."""
    group = engine._bridge.pid
    return [process for process in in_group(group, "soffice") if process != group]


def on_path(folder, monkeypatch, name, script):
    """Put a program of our own before all others."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
