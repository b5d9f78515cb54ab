"""What people do to a department's workbook in their spreadsheet: what harms it is named, and nothing else is.

Both lists go on where those of `test_check` and `test_check_harmless` end.
"""

import datetime
import re
from xml.sax.saxutils import escape

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.pagebreak import Break

from tests.exchange import changed
from tests.exchange.changed import MAIN, number, put, saved_by, text
from tests.exchange.filled import address
from tests.exchange.test_check import DAMAGE, LAST, PRICE, cells, gone, pasted, replaced
from tests.exchange.test_check import row as inputs
from tests.exchange.test_check_harmless import IN_LIBREOFFICE, ON_THE_FILE, runs_in, said, with_book
from xlcost.exchange.check import check

H100, V5E = "NVIDIA H100 SXM5 80GB", "Google TPU v5e"
COST, OTHER_START = "BI6", address("Other costs", 1, "start")
LAST_COSTS = f"BI{LAST - 1}:BI{LAST}"


def places(path):
    return [(each.sheet, each.cell, each.kind) for each in check(path).findings]


# --- damage on the file


def all_values(path):
    """Every formula pasted as its value: the whole workbook copied without formulas."""
    changed.in_parts(path, lambda xml: re.sub(r"<f[^>]*>[^<]*</f>|<f[^>]*/>", "", xml))


def sorted_prices(path):
    """The chips of Prices in another order, as a person sorts a table by a column."""
    with changed.openpyxl(path) as book:
        sheet = book["Prices"]
        rows = [[sheet.cell(row, column).value for column in range(1, 22)] for row in range(10, 14)]
        for at, values in enumerate(reversed(rows), start=10):
            for column, value in enumerate(values, start=1):
                if not str(value).startswith("="):
                    sheet.cell(at, column).value = value


def pasted_block(path):
    """A block with formulas of another file over what is computed."""
    put(path, "Runs", {f"B{row}": {"f": f"[1]Sheet1!$C{row}"} for row in range(6, 9)})


def as_text(sheet, cell):
    """A formula that has become a text, as in a cell that is formatted as text."""

    def change(path):
        formula = changed.formula(path, sheet, cell)
        put(path, sheet, {cell: {"f": None, **text(escape(f"={formula}"))}})

    return change


def replaced_everywhere(old, new):
    def change(path):
        parts = changed.parts_of(path)
        changed.write_parts(path, {name: part.replace(old.encode(), new.encode()) for name, part in parts.items()})

    return change


ON_FILE = {
    "a date of Japan as text": (inputs("Runs", 0, start="2026/12/1"), "Runs", address("Runs", 0, "start"), "input"),
    "a date in words": (inputs("Runs", 0, start="1. Dezember 2026"), "Runs", address("Runs", 0, "start"), "input"),
    "a number with commas as text": (inputs("Runs", 0, hours="1,720"), "Runs", address("Runs", 0, "hours"), "input"),
    "a number with a comma for the point": (
        inputs("Runs", 0, hours="720,5"),
        "Runs",
        address("Runs", 0, "hours"),
        "input",
    ),
    "a number with its unit": (inputs("Runs", 0, chips="512 chips"), "Runs", address("Runs", 0, "chips"), "input"),
    "a share in percent as text": (inputs("Runs", 2, mfu="40%"), "Runs", address("Runs", 2, "mfu"), "input"),
    "a share as a number of percent": (inputs("Runs", 2, mfu=40), "Runs", address("Runs", 2, "mfu"), "input"),
    "an error as an input": (
        lambda path: put(path, "Runs", {address("Runs", 1, "chips"): {"v": "#REF!", "t": "e"}}),
        "Runs",
        address("Runs", 1, "chips"),
        "input",
    ),
    "TRUE as an input": (
        lambda path: put(path, "Runs", {address("Runs", 1, "chips"): {"v": 1, "t": "b"}}),
        "Runs",
        address("Runs", 1, "chips"),
        "input",
    ),
    "headings pasted as a run": (
        inputs("Runs", 4, run="Training run", chip="Chip", chips="Chips", hours="Hours"),
        "Runs",
        address("Runs", 4, "chips"),
        "input",
    ),
    "an amount with its currency": (inputs("Other costs", 0, amount="USD 1000"), "Other costs", "G5", "input"),
    "a month in words": (
        inputs("Other costs", 1, start="March"),
        "Other costs",
        address("Other costs", 1, "start"),
        "input",
    ),
    "the whole workbook as values": (all_values, "Costs", "A6:A8", "overwritten"),
    "a block of another file": (pasted_block, "Runs", "B6:B8", "changed"),
    "a formula as text": (as_text("Runs", "B6"), "Runs", "B6", "overwritten"),
    "a formula rounded": (replaced("Runs", "B6", "^(.*)$", r"ROUND(\1,-3)"), "Runs", "B6", "changed"),
    "an error hidden": (replaced("Costs", COST, "^(.*)$", r"IFERROR(\1,0)"), "Costs", COST, "changed"),
    "a formula of another row, filled up": (replaced("Costs", "I6", r"(?<=[A-Z])6\b", "8"), "Costs", "I6", "shifted"),
    "a name in place of a cell": (replaced("Costs", "A6", "Runs!C6", "first_run"), "Costs", "A6", "changed"),
    "a lost reference": (replaced("Costs", "A7", "Runs!C7", "#REF!"), "Costs", "A7", "changed"),
    "the chips sorted": (sorted_prices, "Prices", None, "text"),
    "a chip replaced everywhere": (replaced_everywhere("H100 SXM5", "H200 SXM5"), "Prices", None, "text"),
    "a price as text": (lambda path: put(path, "Prices", {PRICE: text("2.50")}), "Prices", PRICE, "figure"),
    "a price that is gone": (gone("Prices", PRICE), "Prices", PRICE, "figure"),
    "all checks cleared": (gone("Checks", *(f"E{row}" for row in range(5, 23))), "Checks", "E5:E22", "deleted"),
    "another language said": (cells("Overview", B16=text("ja")), "Overview", "B16", "text"),
    "costs of the last rows as values": (
        pasted("Costs", "BI", LAST - 1, LAST),
        "Costs",
        f"BI{LAST - 1}:BI{LAST}",
        "deleted",
    ),
}


@pytest.mark.parametrize("name", ON_FILE)
def test_what_people_type_and_paste_is_named(filled, tmp_path, name):
    damage, sheet, cell, kind = ON_FILE[name]
    path = changed.copied(filled, tmp_path)
    damage(path)
    found = places(path)
    assert any(each[0] == sheet and each[2] == kind and cell in (None, each[1]) for each in found), found


# --- damage done in LibreOffice, which rewrites formulas as it goes

PREVIEW = "B8"
IN_OFFICE = {
    "a run in a row put into the table": (
        lambda document: [
            document.insert("Runs", "rows", 8),
            document.set(runs_in(2, run="Late", chip=V5E, chips=8, hours=10)),
        ],
        "Runs",
        PREVIEW,
    ),
    "a row of the table deleted": (lambda document: document.delete("Runs", "rows", 8), "Costs", "A8"),
    "a column of the table deleted": (lambda document: document.delete("Runs", "columns", 8), "Runs", None),
    "a column of Costs deleted": (lambda document: document.delete("Costs", "columns", 9), "Costs", None),
    "a row of Prices deleted": (lambda document: document.delete("Prices", "rows", 12), "Prices", None),
    "an input cut and pasted elsewhere": (
        lambda document: document.move("Runs", address("Runs", 0, "chips"), address("Runs", 9, "chips")),
        "Costs",
        None,
    ),
    "a result cut and pasted elsewhere": (lambda document: document.move("Costs", "I7", "CA7"), "Costs", "I7"),
    # Its formulas count rows from the top of the sheet.
    "rows put above Costs": (lambda document: document.insert("Costs", "rows", 1, 2), "Costs", "BO8"),
    "a check deleted with its row": (lambda document: document.delete("Checks", "rows", 8), "Checks", None),
}


@pytest.mark.parametrize("name", IN_OFFICE)
def test_what_people_delete_and_move_is_named(filled, libreoffice, tmp_path, name):
    damage, sheet, cell = IN_OFFICE[name]
    found = places(saved_by(libreoffice, filled, tmp_path, damage))
    assert any(
        each[0] == sheet and each[1].partition(":")[0] == (cell or each[1].partition(":")[0]) for each in found
    ), found


def test_there_are_twenty_further_kinds_of_damage():
    assert len(ON_FILE) + len(IN_OFFICE) >= 20 and not DAMAGE.keys() & {*ON_FILE, *IN_OFFICE}


# --- what does no harm


def _chart_sheet(book):
    chart = BarChart()
    chart.add_data(Reference(book["Runs"], min_col=2, min_row=6, max_row=8))
    book.create_chartsheet("Chart", 0).add_chart(chart)


def _chart(book):
    chart = BarChart()
    chart.add_data(Reference(book["Runs"], min_col=2, min_row=6, max_row=8))
    book["Overview"].add_chart(chart, "F2")


def _printing(book):
    for sheet in book:
        sheet.print_area, sheet.print_title_rows = "A1:H40", "1:2"
        sheet.oddHeader.center.text, sheet.page_setup.fitToWidth = "&F", 1
        sheet.row_breaks.append(Break(20))


def _outline(book):
    book["Costs"].column_dimensions.group("C", "K", hidden=True)
    book["Runs"].row_dimensions.group(10, 14, hidden=True)


def _filtered(book):
    sheet = book["Runs"]
    for name in list(sheet.tables):
        del sheet.tables[name]
    sheet.auto_filter.ref = f"C5:Y{LAST}"
    sheet.auto_filter.add_filter_column(0, ["Alpha"])
    for row in (7, 8):
        sheet.row_dimensions[row].hidden = True


def _copies(book):
    for name in ("Overview", "Costs", "Prices"):
        copy = book.copy_worksheet(book[name])
        book.move_sheet(copy, -len(book.sheetnames))


def _password(book):
    for sheet in book:
        sheet.protection.password, sheet.protection.sheet = "secret", True
    book.security.lockStructure = True


def _very_hidden(book):
    for name in ("Inputs", "Prices", "Price steps"):
        book[name].sheet_state = "veryHidden"


def _merged_title(book):
    for sheet in book:
        sheet.merge_cells("A1:B1" if sheet.title != "Runs" else "C1:F1")


def _without_names(book):
    for name in list(book.defined_names):
        del book.defined_names[name]


def _empty_below(book):
    for name in ("Runs", "Staff"):
        for row in range(60, 70):
            for column in range(1, 12):
                book[name].cell(row, column).value = ""


def _in_workbook_xml(old, new):
    def change(path):
        parts = changed.parts_of(path)
        book = parts["xl/workbook.xml"].decode()
        assert re.search(old, book), book
        parts["xl/workbook.xml"] = re.sub(old, new, book, count=1).encode()
        changed.write_parts(path, parts)

    return change


def _further_parts(path):
    """What companies' programs put in: a sensitivity label, printer settings, the order of calculation."""
    parts = changed.parts_of(path)
    parts["docProps/custom.xml"] = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    )
    parts["customXml/item1.xml"] = b"<label>internal</label>"
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(200)
    changed.write_parts(path, parts)


def _formatted_texts(path):
    """Headings with a bold word, and names with how they are read, as Excel keeps them."""
    parts = changed.parts_of(path)

    def of_item(found):
        first, rest = found[1][:2], found[1][2:]
        return (
            f'<si><r><rPr><b/></rPr><t xml:space="preserve">{first}</t></r><r><t xml:space="preserve">{rest}</t></r>'
            '<rPh sb="0" eb="1"><t>カナ</t></rPh><phoneticPr fontId="1"/></si>'
        )

    texts = parts["xl/sharedStrings.xml"].decode()
    pattern = r'<si><t xml:space="preserve">([^<&]{4,})</t></si>'
    assert re.search(pattern, texts)
    parts["xl/sharedStrings.xml"] = re.sub(pattern, of_item, texts).encode()
    changed.write_parts(path, parts)


def _single_arrays(path):
    """Formulas as arrays of one cell, as some programs write them."""
    changed.in_parts(
        path,
        lambda xml: re.sub(r'(<c r="([A-Z]+[0-9]+)"[^>]*>)<f[^>]*>([^<]+)</f>', r'\1<f t="array" ref="\2">\3</f>', xml),
    )


def _always_computed(path):
    changed.in_parts(path, lambda xml: re.sub(r"<f(?: [^>]*)?>", '<f ca="1">', xml))


def _own_sheet_named(path):
    """References to cells of a formula's own sheet with the sheet's name."""
    for sheet in ("Staff", "Checks"):
        with changed.xml_of(path, sheet) as tree:
            for formula in tree.iter(f"{{{MAIN}}}f"):
                if formula.text and '"' not in formula.text:
                    formula.text = re.sub(
                        r"(?<![!:$\w])(\$?[A-Z]{1,2}\$?[0-9]+)(?![\w(:])", rf"{sheet}!\1", formula.text
                    )


def _shown(name):
    """A cell's number format of another country."""
    return lambda book: [setattr(cell, "number_format", name) for row in book["Runs"]["C6:Y9"] for cell in row]


HARMLESS = {
    "a chart": with_book(_chart),
    "a sheet that is a chart": with_book(_chart_sheet),
    "print areas, headers and breaks": with_book(_printing),
    "rows and columns grouped": with_book(_outline),
    "a filter that hides rows": with_book(_filtered),
    "copies of sheets before the sheets": with_book(_copies),
    "a password": with_book(_password),
    "sheets hidden by a program": with_book(_very_hidden),
    "merged titles": with_book(_merged_title),
    "names taken away": with_book(_without_names),
    "cells emptied far below": with_book(_empty_below),
    "German formats": with_book(_shown("#.##0,00 €")),
    "Japanese formats": with_book(_shown('yyyy"年"m"月"d"日"')),
    "references shown as R1C1": _in_workbook_xml(r"<calcPr[^>]*/>", '<calcPr refMode="R1C1" calcMode="manual"/>'),
    "a window of its own": _in_workbook_xml(r'tabRatio="[0-9]+"', 'tabRatio="300"'),
    "further parts": _further_parts,
    "formatted texts": _formatted_texts,
    "formulas as arrays of one cell": _single_arrays,
    "formulas that are always computed": _always_computed,
    "formulas that name their own sheet": _own_sheet_named,
    "full-width digits": lambda path: put(path, "Runs", {address("Runs", 0, "chips"): text("５１２")}),
    "a number of many digits": lambda path: put(
        path, "Runs", {address("Runs", 0, "hours"): number("7.2000000000000002E2")}
    ),
    "a chip in small letters": lambda path: put(path, "Runs", {address("Runs", 1, "chip"): text(V5E.lower())}),
    "a comment with a line break": lambda path: put(path, "Runs", {"AC6": text("one&#10;two")}),
    "a department that is a number": lambda path: put(path, "Overview", {"B12": number(4711)}),
    "an empty text as an input": lambda path: put(path, "Runs", {address("Runs", 8, "chip"): text("")}),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_people_and_programs_add_does_no_harm(filled, tmp_path, name):
    path = changed.copied(filled, tmp_path)
    before = path.read_bytes()
    HARMLESS[name](path)
    assert path.read_bytes() != before
    assert said(path) == []


OFFICE_HARMLESS = {
    "empty rows under the table deleted": lambda document: document.delete("Runs", "rows", LAST + 3, 5),
    "a column of notes deleted": lambda document: document.delete("Runs", "columns", 29, 2),
    "a row above Price steps": lambda document: document.insert("Price steps", "rows", 2),
    "a column within Prices": lambda document: document.insert("Prices", "columns", 3),
    "a column within Checks": lambda document: document.insert("Checks", "columns", 2),
    "a note moved": lambda document: [document.set({("Runs", "AC7"): "ask"}), document.move("Runs", "AC7", "AD9")],
    "a total beside the table": lambda document: document.type({("Overview", "E20"): "=SUM($Runs.B6:B17)/1000"}),
    "dates with a time of day": lambda document: document.set(runs_in(0, start=datetime.datetime(2026, 12, 1, 9, 30))),
}


@pytest.mark.parametrize("name", OFFICE_HARMLESS)
def test_what_people_do_beside_the_tables_does_no_harm(filled, libreoffice, tmp_path, name):
    assert said(saved_by(libreoffice, filled, tmp_path, OFFICE_HARMLESS[name])) == []


def test_there_are_twenty_further_harmless_changes():
    assert len(HARMLESS) + len(OFFICE_HARMLESS) >= 20
    assert not {*HARMLESS, *OFFICE_HARMLESS} & {*IN_LIBREOFFICE, *ON_THE_FILE}
