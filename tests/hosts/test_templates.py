"""The files that people get: the macro workbook, the add-in, the workbook of LAMBDA names."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import olefile
import openpyxl
import pytest
import xlwings
from oletools.olevba import VBA_Parser

from tests.engines.cells import CellError
from xlcost import catalog
from xlcost.errors import XlcostError
from xlcost.functions import FUNCTIONS
from xlcost.hosts import templates
from xlcost.hosts.cells import call
from xlcost.hosts.excel_package import addin, settings
from xlcost.hosts.wrappers import MODULE, wrapper_source
from xlcost.workbook.lint import lint

SHIPPED = Path(__file__).parents[2] / "templates"
PYTHON = r"C:\Users\me\venv\Scripts\python.exe"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    return templates.copy("xlcost", tmp_path_factory.mktemp("copy") / "mine.xlsm", interpreter=PYTHON)


@pytest.fixture(scope="module")
def addin_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("addin") / "xlcost.xlam"
    path.write_bytes(addin(PYTHON))
    return path


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def modules(path):
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: source for *_, name, source in parser.extract_macros()}
    finally:
        parser.close()


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_what_is_shipped_is_what_is_built(name):
    template = templates.TEMPLATES[name]
    shipped, built = parts((SHIPPED / template.file).read_bytes()), parts(template.build(None))
    version = re.search(rb"xlwings64-([\d.]+)\.dll", shipped.get("xl/vbaProject.bin", b""))
    if version and version[1].decode() != xlwings.__version__:
        # xlwings' VBA belongs to its version; all else is ours.
        shipped.pop("xl/vbaProject.bin"), built.pop("xl/vbaProject.bin")
    assert list(shipped) == list(built)
    assert [part for part in shipped if shipped[part] != built[part]] == []


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_the_same_template_gives_the_same_bytes(name):
    assert templates.TEMPLATES[name].build(PYTHON) == templates.TEMPLATES[name].build(PYTHON)


@pytest.mark.parametrize("file", ["workbook", "addin_file"])
def test_the_macros_are_our_wrappers_and_xlwings_own(file, request):
    path = request.getfixturevalue(file)
    source = wrapper_source(in_addin=path.suffix == ".xlam")
    found = modules(path)
    assert found.pop(MODULE) == f'Attribute VB_Name = "{MODULE}"\n{source}'.replace("\n", "\r\n")
    stock = {".xlsm": "quickstart_standalone.xlsm", ".xlam": "quickstart_addin.xlam"}[path.suffix]
    others = modules(Path(xlwings.__file__).with_name(stock))
    # A sample of xlwings', which fails for everybody.
    assert "SampleCall" in others.pop("Module1")
    assert found == others
    with olefile.OleFileIO(io.BytesIO(parts(path.read_bytes())["xl/vbaProject.bin"])) as project:
        assert project.parsing_issues == []


@pytest.mark.parametrize("file", ["workbook", "addin_file"])
def test_the_file_is_one_that_excel_opens(file, request, ooxml_validator):
    path = request.getfixturevalue(file)
    assert ooxml_validator(path) == [] and lint(path, macros=FUNCTIONS) == []


@pytest.mark.parametrize("file", ["workbook", "addin_file"])
def test_xlwings_finds_its_settings_from_the_first_cell_on(file, request):
    path = request.getfixturevalue(file)
    project = re.search(r'PROJECT_NAME As String = "(\w+)"', modules(path)["xlwings"])[1]
    rows = _as_workbook(path.read_bytes())[f"{project}.conf"].iter_rows(min_col=1, max_col=2, values_only=True)
    found = {key: "" if value is None else value for key, value in rows}
    assert found == settings(PYTHON)
    assert found["INTERPRETER_WIN"] == PYTHON and found["UDF MODULES"] == "xlcost.hosts.excel_udfs"


def _as_workbook(content):
    """A file as openpyxl reads it, which refuses the type of an add-in."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, data in parts(content).items():
            file.writestr(name, data.replace(b"addin.macroEnabled", b"sheet.macroEnabled"))
    return openpyxl.load_workbook(target)


def test_the_function_wizard_has_a_text_for_every_argument(workbook):
    text = parts(workbook.read_bytes())["xl/workbook.xml"].decode()
    for function in FUNCTIONS.values():
        described = re.search(rf'<x14:definedName name="{function.name}">(.*?)</x14:definedName>', text)[1]
        assert described.count("<x14:argumentDescription ") == len(function.arguments)
    assert '<functionGroup name="XLCOST"/>' in text
    assert text.index("<functionGroups") < text.index("<definedNames") < text.index("<calcPr")


def test_stored_values_stay_until_an_input_changes(workbook):
    text = parts(workbook.read_bytes())["xl/workbook.xml"].decode()
    assert 'calcId="191029"' in text and 'fullCalcOnLoad="1"' not in text
    stored = openpyxl.load_workbook(workbook, data_only=True)["Cost"]
    costs = {row[0].value: row[1].value for row in stored.iter_rows(max_col=2)}
    start = "2026-03-01"
    assert costs["Run cost on own hardware"] == pytest.approx(call("AMORTIZED_COST", ["H100", 5000, 1440, start]))
    assert costs["Run cost in the cloud"] == pytest.approx(call("CLOUD_COST", ["H100", 5000, 1440, start]))


def test_the_setting_is_a_cell_that_can_be_changed(workbook):
    book = openpyxl.load_workbook(workbook)
    sheet, address = book.defined_names["xlcost_setting_edition"].attr_text.split("!")
    cell = book[sheet][address.replace("$", "")]
    assert cell.value == catalog.newest_edition() and cell.data_type == "s" and not cell.protection.locked


def test_no_cell_that_a_function_reads_is_formatted_as_currency(workbook):
    for sheet in openpyxl.load_workbook(workbook):
        for row in sheet.iter_rows():
            assert not [cell for cell in row if re.search(r"[$€£¥]|\[\$", cell.number_format)]


def test_a_program_without_python_shows_the_stored_values(workbook, libreoffice, tmp_path):
    profile, target = tmp_path / "profile", tmp_path / "out"
    command = [shutil.which("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    # As it is installed, LibreOffice computes nothing when it opens a file of another program.
    subprocess.run([*command, "--convert-to", "csv", "--outdir", target, workbook], check=True, capture_output=True)
    shown = list(csv.reader((target / "mine.csv").open(encoding="utf-8")))
    rows = openpyxl.load_workbook(workbook, data_only=True)["Cost"].iter_rows(values_only=True)
    numbers = [
        (shown[row][column], value)
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
        if isinstance(value, float)
    ]
    assert len(numbers) > 10
    for text, value in numbers:
        number = float(text.replace(",", "").rstrip("%")) / (100 if "%" in text else 1)
        assert number == pytest.approx(value, rel=0.01)
    assert not [text for cells in shown for text in cells if text.startswith("#")]


@pytest.fixture
def cost_sheet(workbook, libreoffice):
    with libreoffice.open(workbook) as document:
        rows = openpyxl.load_workbook(workbook)["Cost"].iter_rows(min_col=1, max_col=1)
        yield document, {cell.value: cell.row for (cell,) in rows if cell.value}


def test_a_run_that_is_begun_but_has_no_cost_makes_the_total_fail(cost_sheet):
    document, row_of = cost_sheet
    first = row_of["Language model"]
    total = ("Cost", f"F{row_of['Total']}")
    assert document.get([total])[0] > 1e6
    for column, value in (("A", "New"), ("C", 100.0), ("E", 46082.0)):
        document.set({("Cost", f"{column}{first + 3}"): value})
        assert document.get([total]) == [CellError("#N/A")], column
        document.set({("Cost", f"{column}{first + 3}"): None})
    assert document.get([total])[0] > 1e6


def test_a_breakdown_of_a_blank_is_blank_and_of_an_unknown_chip_not_available(cost_sheet):
    document, row_of = cost_sheet
    first = row_of["Component"] + 1
    parts = [("Cost", f"{column}{row}") for row in range(first, first + 4) for column in "ABC"]
    for value, shown in ((None, ""), ("nope", CellError("#N/A"))):
        document.set({("Cost", "B6"): value})
        assert set(document.get(parts)) == {shown}


def test_an_unknown_template_or_a_wrong_name_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(XlcostError, match="there is no template 'budget'; there are xlcost, xlcost-lambda"):
        templates.copy("budget", tmp_path / "a.xlsm")
    with pytest.raises(XlcostError, match=r"must end in \.xlsm"):
        templates.copy("xlcost", tmp_path / "a.xlsx")
    (tmp_path / "old.xlsm").write_text("old")
    with pytest.raises(XlcostError, match="--force"):
        templates.copy("xlcost", tmp_path / "old.xlsm")
    assert (tmp_path / "old.xlsm").read_text() == "old" and len(list(tmp_path.iterdir())) == 1
