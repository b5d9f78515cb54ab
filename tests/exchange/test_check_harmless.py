"""What people and programs do to a workbook that does it no harm: a check says nothing of it."""

import datetime
import re
import zipfile

import pytest
import xlsxwriter
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from tests.exchange import changed
from tests.exchange.changed import MAIN, number, put, saved_by, text
from tests.exchange.filled import ROWS, RUNS, TABLES, address, typed
from xlcost.exchange.check import check
from xlcost.exchange.package import read_package
from xlcost.languages import language_of
from xlcost.workbook.department import SHEETS, write_department

LAST = 5 + ROWS
H100, V5E = "NVIDIA H100 SXM5 80GB", "Google TPU v5e"


# --- other programs

IN_LIBREOFFICE = {
    # what a person does there: a function of the document
    "nothing but saving": lambda document: None,
    "computed anew": lambda document: document.recalculate(),
    "a department typed anew": lambda document: document.set({("Overview", "B12"): "Sales"}),
    "no department": lambda document: document.set({("Overview", "B12"): None}),
    "another run": lambda document: document.set(runs_in(3, run="Delta", chip=V5E, chips=8, hours=10.5)),
    "runs in all rows": lambda document: [
        document.set(runs_in(row, run=f"run {row}", chip=H100, chips=row, hours=100 * row)) for row in range(3, ROWS)
    ],
    "a row left empty": lambda document: document.set(runs_in(6, run="Delta", chip=V5E, chips=8, hours=10)),
    "a run taken out": lambda document: document.set(runs_in(2, **dict.fromkeys(RUNS[2]))),
    "a run of training compute": lambda document: document.set(
        runs_in(4, run="Delta", chip=H100, training_flop=1e24, mfu=0.4, published=datetime.date(2026, 5, 1))
    ),
    "prices of its own": lambda document: document.set(
        runs_in(5, run="E", chip=H100, chips=8, hours=10, server_price_per_chip=31_000, usd_per_kwh=0.05)
    ),
    "a shared cluster": lambda document: [
        document.set(runs_in(row, run=f"c{row}", chip=H100, chips=8 * row, hours=9, capacity="ours")) for row in (5, 6)
    ],
    "a name that begins like a formula": lambda document: document.set(runs_in(2, run="=1+1")),
    "an input that is computed": lambda document: document.type({("Runs", address("Runs", 0, "chips")): "=256*2"}),
    "an input from a note": lambda document: [
        document.set({("Runs", "AD3"): 640}),
        document.type({("Runs", address("Runs", 0, "chips")): "=AD3"}),
    ],
    "a note beside Runs": lambda document: document.set({("Runs", "AC7"): "ask Ana", ("Runs", "AD9"): 5}),
    "a column beside Runs": lambda document: document.set(
        {("Runs", "AB5"): "Priority", ("Runs", "AB6"): "high", ("Runs", "AB7"): 2}
    ),
    "a sum under Runs": lambda document: document.type({("Runs", f"B{LAST + 2}"): f"=SUM(B6:B{LAST})"}),
    "a note under Runs": lambda document: document.set({("Runs", f"C{LAST + 2}"): "Figures as of November"}),
    "a sum beside Staff": lambda document: document.type({("Staff", "BZ6"): "=SUM(R6:R9)"}),
    "a note under Other costs": lambda document: document.set(
        {("Other costs", "A37"): "Offer of May", ("Other costs", "G37"): 5}
    ),
    "notes on Overview": lambda document: document.set({("Overview", "E5"): "Dear Ana", ("Overview", "A30"): "Ben"}),
    "a note between title and headings": lambda document: document.set({("Runs", "C4"): "see mail"}),
    "a column before Runs": lambda document: document.insert("Runs", "columns", 1),
    "a column within Runs": lambda document: document.insert("Runs", "columns", 6),
    "two columns before the note of Runs": lambda document: document.insert("Runs", "columns", 26, 2),
    "rows above Runs": lambda document: document.insert("Runs", "rows", 1, 2),
    "a row above the headings of Runs": lambda document: document.insert("Runs", "rows", 4),
    "rows above Staff": lambda document: document.insert("Staff", "rows", 1, 3),
    "a column within Staff": lambda document: document.insert("Staff", "columns", 3),
    "rows within Overview": lambda document: document.insert("Overview", "rows", 10, 2),
    "a column within Overview": lambda document: document.insert("Overview", "columns", 2),
    "a column within Costs": lambda document: document.insert("Costs", "columns", 5),
    "rows above Other costs": lambda document: document.insert("Other costs", "rows", 2),
    "a row between the blocks of Prices": lambda document: document.insert("Prices", "rows", 4),
    "rows within Inputs": lambda document: document.insert("Inputs", "rows", 9, 3),
    "rows within Checks": lambda document: document.insert("Checks", "rows", 3),
    "a column beside a note, filled": lambda document: [
        document.insert("Runs", "columns", 8),
        document.set({("Runs", "H5"): "Wish", ("Runs", "H6"): "more"}),
    ],
}


def runs_in(at, **given):
    return {("Runs", address("Runs", at, name)): value for name, value in given.items()}


@pytest.mark.parametrize("name", IN_LIBREOFFICE)
def test_what_is_done_in_libreoffice_does_no_harm(filled, libreoffice, tmp_path, name):
    assert said(saved_by(libreoffice, filled, tmp_path, IN_LIBREOFFICE[name])) == []


def said(path):
    return [str(finding) for finding in check(path).findings]


# --- on the file


def with_book(change):
    def in_openpyxl(path):
        with changed.openpyxl(path) as book:
            change(book)

    return in_openpyxl


def every_cell(change):
    return with_book(lambda book: [change(cell) for sheet in book for row in sheet for cell in row])


def renamed(names):
    """Sheets by other names, with the formulas that name them."""

    def change(path):
        parts = changed.parts_of(path)
        book = etree.fromstring(parts["xl/workbook.xml"])
        for sheet in book.iter(f"{{{MAIN}}}sheet"):
            sheet.set("name", names.get(sheet.get("name"), sheet.get("name")))
        for name in book.iter(f"{{{MAIN}}}definedName"):
            name.text = _with_names(name.text, names)
        parts["xl/workbook.xml"] = etree.tostring(book)
        changed.write_parts(path, parts)
        changed.in_formulas(path, lambda formula: _with_names(formula, names))

    return change


def _with_names(formula, names):
    for old, new in names.items():
        formula = re.sub(rf"(?<![\w'])'?{old}'?!", f"'{new}'!", formula)
    return formula


def shared(path):
    """Formulas of columns as Excel stores them: once, and a number for the rows below."""

    def change(xml):
        tree, masters = etree.fromstring(xml.encode()), {}
        for cell in tree.iter(f"{{{MAIN}}}c"):
            part = cell.find(f"{{{MAIN}}}f")
            if part is None or not part.text:
                continue
            letters, row = re.fullmatch("([A-Z]+)([0-9]+)", cell.get("r")).groups()
            # Rows of relative references are those of the cell.
            relative = re.sub(rf"(?<=[A-Z]){row}\b", "#", part.text)
            known = masters.get(letters)
            if known and known[0] == relative and f"${row}" not in part.text:
                part.text = None
                part.set("t", "shared")
                part.set("si", str(known[1]))
                known[2].set("ref", f"{known[3]}:{cell.get('r')}")
            elif f"${row}" not in part.text:
                masters[letters] = relative, len(masters), part, cell.get("r")
                part.set("t", "shared")
                part.set("si", str(masters[letters][1]))
                part.set("ref", cell.get("r"))
        return etree.tostring(tree).decode()

    before = _formulas(path)
    changed.in_parts(path, change)
    assert _formulas(path) < before / 2


def _formulas(path):
    return sum(len(re.findall(b"<f[^>]*>[^<]", part)) for part in changed.parts_of(path).values())


def texts_shared(path):
    """Texts of cells in one list, as Excel stores them."""
    parts, texts = changed.parts_of(path), []

    def of_cell(found):
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            pattern = r'(<c r="[A-Z]+[0-9]+" s="[0-9]+") t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
            parts[name] = re.sub(pattern, of_cell, part.decode()).encode()
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'.encode()
    relation = (
        '<Relationship Id="rIdTexts" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    if "sharedStrings" not in relations:
        parts["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", relation).encode()
    assert texts
    changed.write_parts(path, parts)


def with_prefix(path):
    """The same XML under a prefix, as some libraries write it."""

    def change(xml):
        tree = etree.fromstring(xml.encode())
        renamed = etree.Element(tree.tag, nsmap={"x": MAIN, **{k: v for k, v in tree.nsmap.items() if k and k != "x"}})
        renamed[:] = list(tree)
        etree.cleanup_namespaces(renamed, keep_ns_prefixes=["x"])
        return etree.tostring(renamed).decode().replace(f'xmlns="{MAIN}"', "")

    changed.in_parts(path, change)
    parts = changed.parts_of(path)
    assert any(b"<x:c " in part for part in parts.values())


def by_xlsxwriter(path):
    """All cells written anew by XlsxWriter: formulas with their values, and inputs."""
    sheets = read_package(path)
    with xlsxwriter.Workbook(path) as book:
        for found in sheets:
            sheet = book.add_worksheet(found.name)
            for column, cells in found.columns.items():
                for row, value in zip(cells.rows, cells.values):
                    formula = found.formula(row, column)
                    if formula is not None:
                        sheet.write_formula(row - 1, column - 1, f"={formula}", None, "" if value is None else value)
                    elif isinstance(value, str):
                        sheet.write_string(row - 1, column - 1, value)
                    else:
                        sheet.write(row - 1, column - 1, value)


def sorted_runs(order):
    """Rows of Runs in another order, with what is computed from them."""

    def change(path, libreoffice):
        columns, begin, first = TABLES["Runs"]
        area = f"{get_column_letter(begin)}{first}:{get_column_letter(begin + len(columns) - 1)}{first + 2}"
        with libreoffice.open(path) as document:
            rows = document.grid("Runs", area)
            document.set(
                {
                    ("Runs", address("Runs", at, name)): rows[order[at]][number]
                    for at in range(3)
                    for number, name in enumerate(columns)
                }
            )
            document.recalculate()
            document.save_as(path)

    return change


def _comment(book):
    book["Runs"]["C6"].comment = Comment("Are these chips still needed?", "Ana")
    book["Costs"]["BI7"].comment = Comment("Much", "Ben")


def _extra_sheet(book):
    sheet = book.create_sheet("My notes", 0)
    sheet["A1"], sheet["A2"], sheet["A3"] = "Department", "=Runs!B6*2", "Training runs"


def _copy(book):
    book.copy_worksheet(book["Runs"])


def _hidden(book):
    book["Costs"].sheet_state = "hidden"
    for letter in "DEF":
        book["Runs"].column_dimensions[letter].hidden = True
    book["Runs"].row_dimensions[9].hidden = True


def _names(book):
    book.defined_names["our_runs"] = DefinedName("our_runs", attr_text="Runs!$C$6:$C$10")
    book.defined_names["vat"] = DefinedName("vat", attr_text="0.19")


def _looks(book):
    for sheet in book:
        sheet.column_dimensions["B"].width, sheet.row_dimensions[6].height = 40, 30
        sheet.sheet_view.zoomScale, sheet.sheet_properties.tabColor = 70, "FF0000"
        sheet.freeze_panes, sheet.page_setup.orientation = None, "portrait"


def _unprotected(book):
    for sheet in book:
        sheet.protection.sheet = False
        sheet.data_validations.dataValidation.clear()
        sheet.conditional_formatting.add("A1:B9", CellIsRule(operator="equal", formula=["1"], font=Font(bold=True)))


def _no_tables(book):
    for sheet in book:
        for name in list(sheet.tables):
            del sheet.tables[name]
        sheet.auto_filter.ref = "A5:D9" if sheet.title == "Runs" else None


def _fonts(cell):
    cell.font, cell.fill = Font(name="Arial", size=9), PatternFill("solid", start_color="FFEEEE")


def _merged(book):
    book["Overview"].merge_cells("E1:G3")
    book["Runs"]["AD6"].hyperlink = "https://example.com"


def _order(book):
    book._sheets.reverse()


def _other_zip(path):
    parts = changed.parts_of(path)
    changed.write_parts(path, dict(reversed(parts.items())), zipfile.ZIP_STORED)


def _title(book):
    book["Runs"]["C1"], book["Overview"]["A1"] = "Training runs of Research", "Our costs"


def _without_values(path):
    changed.in_parts(path, lambda xml: re.sub(r"(</f>)<v>[^<]*</v>", r"\1", xml))


def outside_texts(change):
    """A change of formulas that leaves the texts in them alone."""

    def changed_outside(formula):
        parts = formula.split('"')
        return '"'.join(part if number % 2 else change(part) for number, part in enumerate(parts))

    return changed_outside


def _numbers(formula):
    """Numbers otherwise: 1 as 1.0, 8766 as 8.766E3."""
    return re.sub(r"(?<=[,(*/=<>])([0-9]+)(?=[,)*/])", r"\1.0", formula)


ON_THE_FILE = {
    "saved by openpyxl": with_book(lambda book: None),
    "written anew by XlsxWriter": by_xlsxwriter,
    "formulas shared": shared,
    "XML with a prefix": with_prefix,
    "another zip": _other_zip,
    "formulas in small letters": lambda path: changed.in_formulas(
        path, lambda formula: re.sub(r"\b[A-Z]+(?=\()", lambda name: name[0].lower(), formula)
    ),
    "blanks in formulas": lambda path: changed.in_formulas(path, outside_texts(lambda part: part.replace(",", " , "))),
    "quotes around sheets": lambda path: changed.in_formulas(
        path, lambda formula: re.sub(r"\b(Runs|Costs|Staff|Inputs|Prices)!", r"'\1'!", formula)
    ),
    "prefixes of functions": lambda path: changed.in_formulas(
        path, lambda formula: formula.replace("SUMPRODUCT(", "_xlfn.SUMPRODUCT(")
    ),
    "TRUE as a function": lambda path: changed.in_formulas(
        path, lambda formula: re.sub(r"\bTRUE\b(?!\()", "TRUE()", formula)
    ),
    "numbers spelled otherwise": lambda path: changed.in_formulas(path, outside_texts(_numbers)),
    "formulas without stored values": _without_values,
    "a sheet renamed": renamed({"Runs": "Our runs"}),
    "all sheets renamed": renamed({name: f"S {number}" for number, name in enumerate(SHEETS)}),
    "sheets with Japanese names": renamed({name: language_of("ja").text(name) for name in SHEETS}),
    "sheets in another order": with_book(_order),
    "a sheet of one's own": with_book(_extra_sheet),
    "a copy of a sheet": with_book(_copy),
    "hidden sheets, columns and rows": with_book(_hidden),
    "comments": with_book(_comment),
    "names": with_book(_names),
    "widths, heights, zoom, colors of tabs": with_book(_looks),
    "protection, lists and formats taken away": with_book(_unprotected),
    "tables and filters": with_book(_no_tables),
    "fonts and fills": every_cell(_fonts),
    "number formats": every_cell(lambda cell: setattr(cell, "number_format", "0.00")),
    "merged empty cells, a link": with_book(_merged),
    "titles": with_book(_title),
    "another contact": lambda path: put(path, "Overview", {"B13": text("Ben")}),
    "chips as text": lambda path: put(path, "Runs", {address("Runs", 0, "chips"): text("512")}),
    "a date as text": lambda path: put(path, "Runs", {address("Runs", 0, "start"): text("2026-12-01")}),
    "a phase that is a number": lambda path: put(path, "Runs", {address("Runs", 0, "phase"): number(2)}),
    "other properties": with_book(lambda book: setattr(book.properties, "creator", "Ana")),
}


def test_there_are_sixty_harmless_changes():
    assert len(IN_LIBREOFFICE) + len(ON_THE_FILE) >= 60


@pytest.mark.parametrize("name", ON_THE_FILE)
def test_what_is_done_to_the_file_does_no_harm(filled, tmp_path, name):
    path = changed.copied(filled, tmp_path)
    before = path.read_bytes()
    ON_THE_FILE[name](path)
    assert path.read_bytes() != before and said(path) == []


@pytest.mark.parametrize("name", ["formulas shared", "XML with a prefix", "written anew by XlsxWriter"])
def test_the_file_as_we_wrote_it_may_be_stored_otherwise(written, tmp_path, name):
    path = changed.copied(written, tmp_path)
    ON_THE_FILE[name](path)
    assert said(path) == []


def test_texts_may_be_shared_as_excel_stores_them(written, tmp_path):
    path = changed.copied(written, tmp_path)
    texts_shared(path)
    assert said(path) == []


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_rows_in_another_order_do_no_harm(filled, libreoffice, tmp_path, order):
    path = changed.copied(filled, tmp_path)
    sorted_runs(order)(path, libreoffice)
    assert said(path) == []


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("edition", ["2024-05", "2025-07", "2026-11"])
def test_templates_of_all_editions_and_languages(libreoffice, tmp_path, edition, language):
    path = tmp_path / "department.xlsx"
    write_department(path, "", language, runs=3, edition=edition)
    assert said(path) == []
    first = {name: RUNS[0][name] for name in ("run", "chips", "hours")} | {"chip": "NVIDIA V100 SXM2 32GB"}
    with libreoffice.open(path) as document:
        document.set(typed(language, {"Runs": [first]}))
        document.save_as(tmp_path / "filled.xlsx")
    assert [each for each in said(tmp_path / "filled.xlsx") if "no chip is called" not in each] == []
