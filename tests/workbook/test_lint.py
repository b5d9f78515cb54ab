"""The lint finds each fault that no validator finds, in a file that was damaged on purpose, and nothing else."""

import datetime
import zipfile

import numpy as np
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from xlcost.workbook.book import Book
from xlcost.workbook.lint import lint
from xlcost.workbook.lint_formula import name_problem, relative

INPUTS, COSTS, TABLE, OTHER_TABLE, WORKBOOK = (
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/tables/table1.xml",
    "xl/tables/table2.xml",
    "xl/workbook.xml",
)
FORMULA = '<f>IF(B6="","",B6*Inputs!$C$8)</f>'


def sample_book():
    """Two sheets with everything that the lint looks at: tables, validation, condition, chart, links, a name."""
    book = Book("Sample", datetime.date(2026, 11, 1))
    inputs, costs = book.sheet("Inputs"), book.sheet("Cost table")
    rate = inputs.put("C8", 0.14, style="input", format="factor")
    inputs.put("A1", "Costs", style="link_text", to="'Cost table'!A1")
    inputs.put("A2", "Paper", style="link_text", url="https://arxiv.org/abs/2405.21015")
    inputs.put("A3", rate * 2, style="number", format="factor")
    inputs.validate("C8", ["0.14", "0.2"], "Rate", "Choose one")
    book.name("rate", rate)
    for letter, heading in zip("ABCEF", ("run", "hours", "cost", "word", "number")):
        costs.put(f"{letter}5", heading, style="heading")
    costs.column("A", 6, np.array(["a", "=1+1", ""], dtype=object), style="text")
    hours = costs.column("B", 6, np.array([1.5, 2.0, np.nan]), style="input", format="hourly")
    costs.column("C", 6, hours.cell * rate, style="number", format="money")
    costs.column("E", 6, np.array(["x", "y", "z"], dtype=object), style="text")
    costs.column("F", 6, np.array([1.0, 2.0, 3.0]), style="number", format="count")
    costs.table("RunsTable", "A5:C8")
    costs.table("Words", "E5:F8")
    costs.validate("B6:B8", "positive", "Hours", "A number above 0")
    costs.conditional("C6:C8", "C6>100", "wrong")
    chart = BarChart()
    chart.add_data(Reference(costs.worksheet, min_col=3, min_row=5, max_row=8), titles_from_data=True)
    costs.chart(chart, "H5", 12, 7)
    costs.freeze("B6")
    costs.print_setup(title_rows="1:5")
    return book


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("lint") / "sample.xlsx"
    sample_book().save(path)
    return path


@pytest.fixture
def damage(sample, tmp_path):
    """A copy of the sample in which texts of parts are replaced, or parts added."""

    def damaged(*replacements, **added):
        path = tmp_path / "damaged.xlsx"
        with zipfile.ZipFile(sample) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        for part, old, new in replacements:
            assert old in parts[part], f"{old} is not in {part}: the test damages nothing"
            parts[part] = parts[part].replace(old, new, 1)
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in {**parts, **added}.items():
                archive.writestr(name, text)
        return path

    return damaged


def formula(text):
    return COSTS, FORMULA, f"<f>{text}</f>"


def test_a_sound_workbook_has_no_faults(sample):
    assert lint(sample) == []


def test_the_validator_finds_no_fault_in_the_sample(sample, ooxml_validator):
    assert ooxml_validator(sample) == []


@pytest.mark.parametrize(
    "replacement, said",
    [
        (
            (COSTS, ">hours</t>", ">hour</t>"),
            "Cost table!B5: the heading of the table RunsTable is 'hours', but its cell holds 'hour'",
        ),
        ((TABLE, 'name="cost"', 'name="Hours"'), "table RunsTable: two columns are called hours"),
        (
            (TABLE, 'ref="A5:C8"', 'ref="A5:D8"'),
            "table RunsTable: its range A5:D8 is 4 columns wide, but it has 3 columns",
        ),
        ((TABLE, 'displayName="RunsTable"', 'displayName="Rate"'), "table Rate: a defined name is called the same"),
        (
            (OTHER_TABLE, 'displayName="Words"', 'displayName="runstable"'),
            "table RunsTable: there are two tables of this name",
        ),
        ((TABLE, 'displayName="RunsTable"', 'displayName="GPU2"'), "table GPU2: its name reads as a cell"),
        ((WORKBOOK, 'name="rate"', 'name="TCO2025"'), "name TCO2025: it reads as a cell"),
        ((WORKBOOK, 'name="rate"', 'name="R1C1"'), "name R1C1: it reads as a row or column"),
        ((WORKBOOK, 'name="rate"', 'name="my rate"'), "name my rate: it is no valid name"),
        ((WORKBOOK, ">Inputs!$C$8<", ">Inputs!#REF!<"), "name rate: it refers to a cell that is gone (#REF!)"),
        (
            (WORKBOOK, ">Inputs!$C$8<", ">Assumptions!$C$8<"),
            "name rate: it refers to the sheet Assumptions, which does not exist",
        ),
        (
            (WORKBOOK, 'name="Inputs" sheetId="1" state="visible"', 'name="Inputs" sheetId="1" state="hidden"'),
            "Inputs: the sheet is hidden",
        ),
        ((COSTS, '<row r="7"', '<row r="7" hidden="1"'), "Cost table!7:7: the row is hidden"),
        (
            (COSTS, "<sheetData>", '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'),
            "Cost table!B:C: the column is hidden",
        ),
        (
            formula("XLOOKUP(1,B6:B8,B6:B8)"),
            "Cost table!C6: the function XLOOKUP is unknown to Excel 2007: it needs the prefix _xlfn.",
        ),
        (
            formula("_xlfn.SUM(B6:B8)"),
            "Cost table!C6: the function SUM is written with the prefix _xlfn., which it must not have",
        ),
        (formula("OFFSET(B6,1,0)"), "Cost table!C6: the function OFFSET is volatile or opaque"),
        (formula('INDIRECT("B6")'), "Cost table!C6: the function INDIRECT is volatile or opaque"),
        (formula("TODAY()-B6"), "Cost table!C6: the function TODAY is volatile or opaque"),
        (formula("RAND()"), "Cost table!C6: the function RAND is volatile or opaque"),
        (formula("Missing!A1"), "Cost table!C6: it refers to the sheet Missing, which does not exist"),
        (formula("'Missing sheet'!A1"), "Cost table!C6: it refers to the sheet Missing sheet, which does not exist"),
        (formula("[1]Inputs!A1"), "Cost table!C6: it refers to another workbook"),
        (formula("#REF!+1"), "Cost table!C6: it refers to a cell that is gone (#REF!)"),
        (formula("SUM(B6:B8*2)"), "Cost table!C6: it computes with a whole range outside SUMPRODUCT"),
        (formula("SUM((B6:B8)*2)"), "Cost table!C6: it computes with a whole range outside SUMPRODUCT"),
        (formula("MAX(-B6:B8)"), "Cost table!C6: it computes with a whole range outside SUMPRODUCT"),
        (formula("SUM(1,B$6:B$8&gt;1)"), "Cost table!C6: it computes with a whole range outside SUMPRODUCT"),
        (formula("SUM(RunsTable[hours]*2)"), "Cost table!C6: it computes with a whole range outside SUMPRODUCT"),
        (
            formula("SUMPRODUCT(IF(B6:B8&gt;1,1,0))"),
            "Cost table!C6: it computes with a whole range in IF within SUMPRODUCT",
        ),
        (formula("1+" * 4_100 + "1"), "Cost table!C6: the formula has over 8,192 characters"),
        (formula(f'LEN("{"x" * 256}")'), "Cost table!C6: a text in the formula has over 255 characters"),
        (
            formula("B6*Inputs!$C$8"),
            "Cost table!C6: 1 of the rows of the table RunsTable holds a formula where the column has another formula",
        ),
        (
            (COSTS, FORMULA, ""),
            "Cost table!C6: 1 of the rows of the table RunsTable holds a constant where the column has another formula",
        ),
        ((COSTS, f"{FORMULA}<v>0.21000000000000002</v>", FORMULA), "Cost table!C6: the formula has no stored value"),
        ((COSTS, ">word</t>", f">{'w' * 32_768}</t>"), "Cost table!E5: the text has over 32,767 characters"),
        (
            (COSTS, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="J1:K2"/></mergeCells>'),
            "Cost table!J1:K2: the cells are merged",
        ),
        (
            (
                COSTS,
                "</sheetData>",
                '</sheetData><mergeCells><mergeCell ref="J1:K2"/><mergeCell ref="K2:L3"/></mergeCells>',
            ),
            "Cost table!K2:L3: the merged cells overlap with J1:K2",
        ),
        (
            (INPUTS, '"0.14,0.2"', '"' + "0.14," * 60 + '"'),
            "Inputs!C8: the formula of the validation has over 255 characters",
        ),
        ((INPUTS, "'Cost table'!A1", "'Costs'!A1"), "Inputs!A1: it links to the sheet Costs, which does not exist"),
        ((COSTS, "<v>1.5</v>", "<v>inf</v>"), "Cost table!B6: the stored value inf is no number"),
        ((COSTS, '<c r="B6"', '<c r="A6"/><c r="B6"'), "Cost table!A6: the cell is there twice, or out of order"),
        ((COSTS, '<row r="7"', '<row r="6"/><row r="7"'), "Cost table!6:6: the row is there twice, or out of order"),
        ((WORKBOOK, ">Inputs!$C$8<", ">Q1!$C$8<"), "name rate: the sheet's name Q1 needs quotation marks in a formula"),
        (
            (COSTS, ">C6&gt;100<", ">Gone!C6&gt;100<"),
            "Cost table!C6:C8: it refers to the sheet Gone, which does not exist",
        ),
    ],
)
def test_lint_finds_the_fault(damage, replacement, said):
    found = lint(damage(replacement))
    assert any(sentence.startswith(said) for sentence in found), found


def test_lint_finds_a_stored_error(damage):
    path = damage(
        (COSTS, f"{FORMULA}<v>0.21000000000000002</v>", f"{FORMULA}<v>#DIV/0!</v>"),
        (COSTS, '<c r="C6"', '<c r="C6" t="e"'),
    )
    assert lint(path) == ["Cost table!C6: the stored value is the error #DIV/0!"]


def test_lint_finds_two_names_that_differ_in_case_only(damage):
    path = damage((WORKBOOK, "<definedNames>", '<definedNames><definedName name="RATE">Inputs!$A$1</definedName>'))
    assert "name rate: there are two of this name" in lint(path)


def test_lint_finds_a_calculation_chain_that_names_a_cell_without_formula(damage):
    path = damage(
        (
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            '<Relationship Id="rId99" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" '
            'Target="calcChain.xml"/></Relationships>',
        ),
        **{
            "xl/calcChain.xml": '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            '<c r="C6" i="2"/><c r="C7"/><c r="B6"/></calcChain>'
        },
    )
    assert lint(path) == ["Cost table!B6: the calculation chain names a cell that has no formula"]


@pytest.mark.parametrize(
    "part, said",
    [
        ("xl/vbaProject.bin", "workbook: it has macros"),
        ("xl/externalLinks/externalLink1.xml", "workbook: it links to another workbook"),
    ],
)
def test_lint_finds_parts_that_a_budget_must_not_have(damage, part, said):
    assert lint(damage(**{part: "<x/>"})) == [said]


@pytest.mark.parametrize(
    "sound",
    [
        "SUMPRODUCT((B6:B8&gt;1)*B6:B8)",
        "SUMPRODUCT(MAX((B6:B8&gt;1)*B6:B8))",
        "B6*SUM(B6:B8)",
        "INDEX(B6:B8,2)*2",
        "MATCH(2,INDEX(B6:B8,2):$B$8,0)+1",
        "SUM((B6:B8))",
        'IF("SUM(A1:A3*2)"="OFFSET(A1)",1,2)',
        "_xlfn.XLOOKUP(1,B6:B8,B6:B8)",
        "rate*2",
        "'Cost table'!B6+1",
        "IF(B6=\"\",0,SUM('Cost table'!B6:B8))",
    ],
)
def test_lint_says_nothing_of_a_sound_formula(damage, sound):
    # On a row outside of any table, where a formula may stand alone.
    row = f'<row r="20"><c r="M20"><f>{sound}</f><v>1</v></c></row>'
    assert lint(damage((COSTS, "</sheetData>", f"{row}</sheetData>"))) == []


def test_lint_lets_a_marked_array_formula_compute_with_ranges(damage):
    cell = '<row r="20"><c r="M20"><f t="array" ref="M20">SUM(B6:B8*2)</f><v>7</v></c></row></sheetData>'
    assert lint(damage((COSTS, "</sheetData>", cell))) == []


def test_lint_reads_formulas_that_excel_shares_along_a_column(damage):
    first = '<f t="shared" ref="C6:C7" si="0">IF(B6="","",B6*Inputs!$C$8)</f>'
    path = damage((COSTS, FORMULA, first), (COSTS, '<f>IF(B7="","",B7*Inputs!$C$8)</f>', '<f t="shared" si="0"/>'))
    assert lint(path) == []


def test_lint_of_a_file_without_stored_values_says_so_once_a_column(tmp_path):
    book = openpyxl.Workbook()
    for row in range(1, 11):
        book.active.cell(row, 1, f"=B{row}*2")
    book.save(tmp_path / "plain.xlsx")
    assert lint(tmp_path / "plain.xlsx") == ["Sheet!A1: the formula has no stored value (and 9 more in the column)"]


def test_lint_reads_no_file_that_the_workbook_names(damage, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("Gone!A1")
    path = damage(
        (COSTS, "<worksheet ", f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "{secret.as_uri()}">]><worksheet '),
        (COSTS, FORMULA, '<f>IF(B6="","",B6*Inputs!$C$8)&e;</f>'),
    )
    assert not any("Gone" in sentence for sentence in lint(path))


@pytest.mark.parametrize(
    "name", ["GPU2", "tco2025", "A1", "XFD1048576", "R1C1", "r", "C", "RC12", "2026", "my rate", "a-b", ""]
)
def test_a_name_that_excel_refuses_is_a_problem(name):
    assert name_problem(name)


@pytest.mark.parametrize("name", ["depreciation_rate", "XFE1", "_x", "Größe", "pue.2026", "rate2_", "Runs_table"])
def test_a_name_that_excel_accepts_is_no_problem(name):
    assert name_problem(name) is None


def test_formulas_filled_down_are_alike_and_others_are_not():
    assert relative("B6*Inputs!$C$8-B5", 6) == relative("B7*Inputs!$C$8-B6", 7)
    assert relative("B6", 6) != relative("B6", 7)
    assert relative("B$6", 6) == relative("B$6", 7)
    assert relative('"B6"&B6', 6) != relative('"B7"&B7', 7)
    assert relative("LOG10(B6)", 6) == relative("LOG10(B7)", 7)
