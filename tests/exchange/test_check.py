"""Whether a workbook is as we wrote it: every fault is named with its cell, and what does no harm is passed over."""

import hashlib
import json
import re

import pytest
from openpyxl.utils import get_column_letter

from tests.exchange import changed, hostile_parts
from tests.exchange.changed import number, put, text
from tests.exchange.filled import ROWS, address
from xlcost import catalog
from xlcost.errors import XlcostError
from xlcost.exchange.check import check
from xlcost.languages import Language
from xlcost.overview import TEMPLATE_VERSION
from xlcost.workbook.department import book

LAST = 5 + ROWS
H100, V5E = "NVIDIA H100 SXM5 80GB", "Google TPU v5e"


BOOK = book(catalog.load(), "Research", Language(), ROWS)
"""The template, to find places in."""


def place(sheet, text, right=0, down=0):
    """Address of a cell beside or below the first one with a text."""
    texts = next(each for each in BOOK.sheets if each.name == sheet).placed
    row, column = next(where for where, cell in sorted(texts.items()) if cell.value == text)
    return f"{get_column_letter(column + right)}{row + down}"


Z_CELL = place("Inputs", "Standard deviations from the middle to an end of a range given", right=1)
WORD = place("Inputs", "DeepMind")
PRICE = place("Prices", "Price per chip-hour [USD/chip-hour]", down=3)
DATE = place("Prices", "Cloud price date", down=40)


def test_what_libreoffice_has_saved_is_as_we_wrote_it(filled):
    report = check(filled)
    assert (report.kind, report.department, report.language, report.findings) == ("department", "Research", "en", [])


def test_a_file_is_read_and_never_changed(filled):
    before = hashlib.sha256(filled.read_bytes()).digest(), filled.stat().st_mtime_ns
    check(filled)
    assert (hashlib.sha256(filled.read_bytes()).digest(), filled.stat().st_mtime_ns) == before


# --- damage: what is done to the file that LibreOffice has saved, and the cell that must be named

COST, HOURS, START = "BI6", address("Runs", 0, "hours"), address("Runs", 0, "start")


def replaced(sheet, cell, pattern, by):
    """A formula in which something is replaced; it must be in it."""

    def change(path):
        old = changed.formula(path, sheet, cell)
        new = re.sub(pattern, by, old)
        assert new != old, old
        put(path, sheet, {cell: {"f": new.replace("&", "&")}})

    return change


A_NUMBER = number(1234)


def values(sheet, *cells, like=A_NUMBER):
    """Values in place of formulas."""
    return lambda path: put(path, sheet, {cell: {"f": None, **like} for cell in cells})


def gone(sheet, *cells):
    return lambda path: put(path, sheet, {cell: {"f": None, "v": None, "t": None} for cell in cells})


def pasted(sheet, column, first, last):
    """A column's formulas pasted as their values."""
    return lambda path: put(path, sheet, {f"{column}{row}": {"f": None} for row in range(first, last + 1)})


def cells(sheet, **given):
    return lambda path: put(path, sheet, given)


def row(sheet, at, **given):
    """Inputs of a row: numbers, or texts."""
    return lambda path: put(
        path,
        sheet,
        {
            address(sheet, at, name): text(each) if isinstance(each, str) else number(each)
            for name, each in given.items()
        },
    )


def emptied(sheet, at, *names):
    return lambda path: put(path, sheet, {address(sheet, at, name): {"v": None, "t": None} for name in names})


def moved_down(sheet, column, first, last):
    """A column whose formulas are those of the next row."""

    def change(path):
        formulas = {row: changed.formula(path, sheet, f"{column}{row}") for row in range(first, last + 1)}
        put(path, sheet, {f"{column}{row}": {"f": formulas[row + 1]} for row in range(first, last)})

    return change


def without_sheet(name):
    def change(path):
        with changed.openpyxl(path) as book:
            del book[name]

    return change


OVERVIEW_COST = "B20"
DAMAGE = {
    # a value over a formula
    "cost typed over": (values("Runs", "B6"), "Runs", "B6", "overwritten"),
    "state typed over": (values("Runs", "A8", like=text("complete")), "Runs", "A8", "overwritten"),
    "note typed over": (values("Runs", "Z6", like=text("fine")), "Runs", "Z6", "overwritten"),
    "a step typed over": (values("Costs", "I7"), "Costs", "I7", "overwritten"),
    "the last step typed over": (values("Costs", f"BP{LAST}"), "Costs", f"BP{LAST}", "overwritten"),
    "people's cost typed over": (values("Staff", "T6"), "Staff", "T6", "overwritten"),
    "kind of cost typed over": (values("Other costs", "N5"), "Other costs", "N5", "overwritten"),
    "total typed over": (values("Overview", OVERVIEW_COST), "Overview", OVERVIEW_COST, "overwritten"),
    "check typed over": (values("Checks", "E7", like=text("OK")), "Checks", "E7", "overwritten"),
    "master check typed over": (values("Overview", "B26", like=text("OK")), "Overview", "B26", "overwritten"),
    "price in use typed over": (values("Prices", "K10"), "Prices", "K10", "overwritten"),
    "a formula made TRUE": (values("Costs", "F6", like={"v": 1, "t": "b"}), "Costs", "F6", "overwritten"),
    # pasted as values
    "costs pasted": (pasted("Costs", "BI", 6, LAST), "Costs", "BI6:BI8", "overwritten"),
    "preview pasted": (pasted("Runs", "B", 6, LAST), "Runs", "B6:B8", "overwritten"),
    "checks pasted": (pasted("Checks", "B", 5, 22), "Checks", "B5:B22", "overwritten"),
    "staff pasted": (pasted("Staff", "S", 6, 35), "Staff", "S6:S7", "overwritten"),
    # deleted
    "a step deleted": (gone("Costs", "J8"), "Costs", "J8", "deleted"),
    "a row's steps deleted": (gone("Costs", "K9", "L9", "M9"), "Costs", "K9", "deleted"),
    "cost deleted": (gone("Runs", "B7"), "Runs", "B7", "deleted"),
    "check deleted": (gone("Checks", "D9"), "Checks", "D9", "deleted"),
    "total deleted": (gone("Overview", OVERVIEW_COST), "Overview", OVERVIEW_COST, "deleted"),
    "standard deviations deleted": (gone("Inputs", Z_CELL), "Inputs", Z_CELL, "deleted"),
    # shifted
    "a cost of another row": (replaced("Runs", "B6", "6", "7"), "Runs", "B6", "shifted"),
    "a column one row down": (moved_down("Costs", "C", 6, 16), "Costs", "C6:C15", "shifted"),
    "a shorter list of chips": (replaced("Costs", "C6", r"\$\d+(?=,0\))", "$20"), "Costs", "C6", "shifted"),
    "a total of fewer rows": (
        replaced("Overview", OVERVIEW_COST, rf"\${LAST}", "$16"),
        "Overview",
        OVERVIEW_COST,
        "shifted",
    ),
    "another assumption": (replaced("Costs", "Y6", r"Inputs!\$B\$\d+", "Inputs!$B$11"), "Costs", "Y6", "shifted"),
    "another column": (replaced("Costs", "A7", r"C7", "D7"), "Costs", "A7", "shifted"),
    "a sheet that is another": (replaced("Costs", "A8", r"Runs!C8", "Staff!C8"), "Costs", "A8", "shifted"),
    "a fixed row that moves": (replaced("Costs", "Y6", r"\$B\$", "$B"), "Costs", "Y6", "shifted"),
    # changed
    "a tenth more": (replaced("Runs", "B6", "^(.*)$", r"(\1)*1.1"), "Runs", "B6", "changed"),
    "a dollar less": (replaced("Costs", "BI8", "^(.*)$", r"\1-1"), "Costs", "BI8", "changed"),
    "a figure in a formula": (replaced("Costs", "Y7", r"Inputs!\$B\$\d+", "0.05"), "Costs", "Y7", "changed"),
    "plus made minus": (replaced("Costs", "AR6", r"\+", "-"), "Costs", "AR6", "changed"),
    "another function": (replaced("Overview", OVERVIEW_COST, "SUM", "MAX"), "Overview", OVERVIEW_COST, "changed"),
    "another text": (replaced("Runs", "A6", '"chip missing"', '"fine"'), "Runs", "A6", "changed"),
    "another sign of comparison": (replaced("Checks", "E8", "=0", "<9"), "Checks", "E8", "changed"),
    "a check that is always well": (cells("Checks", E10={"f": '"OK"'}), "Checks", "E10", "changed"),
    "a formula that is a number": (cells("Costs", BI7={"f": "5*5"}), "Costs", "BI7", "changed"),
    "a formula that gives nothing": (cells("Costs", BI9={"f": '""'}), "Costs", "BI9", "changed"),
    # stored values
    "a stored cost": (cells("Costs", BI6=number(99)), "Costs", "BI6", "value"),
    "a stored cost a thousandth off": (
        lambda path: put(path, "Costs", {"BI6": number(244_760 * 1.001)}),
        "Costs",
        "BI6",
        "value",
    ),
    "a stored total": (cells("Overview", **{OVERVIEW_COST: number(1)}), "Overview", OVERVIEW_COST, "value"),
    "a stored state": (cells("Runs", A9=text("complete")), "Runs", "A9", "value"),
    "a stored error": (cells("Costs", BI6={"v": "#N/A", "t": "e"}), "Costs", "BI6", "value"),
    "a stored text": (cells("Runs", B6=text("244760")), "Runs", "B6", "value"),
    "a stored cost of no run": (cells("Costs", BI12=number(5)), "Costs", "BI12", "value"),
    # what is fixed
    "a price": (cells("Prices", **{PRICE: number(0.01)}), "Prices", PRICE, "figure"),
    "an assumption": (cells("Inputs", B11=number(0.5)), "Inputs", "B11", "figure"),
    "the power of a chip": (cells("Prices", F10=number(1)), "Prices", "F10", "figure"),
    "a price step": (cells("Price steps", B14=number(9999)), "Price steps", "B14", "figure"),
    "a date of a price": (cells("Prices", **{DATE: number(1)}), "Prices", DATE, "figure"),
    "a chip's name": (cells("Prices", A10=text("H9000")), "Prices", "A10", "text"),
    "a word that is looked up": (cells("Inputs", **{WORD: text("Nobody")}), "Inputs", WORD, "text"),
    "a heading of Runs": (cells("Runs", H5=text("Chips or so")), "Runs", "H5", "text"),
    "a heading of Other costs": (cells("Other costs", G4=text("Sum")), "Other costs", "G4", "text"),
    # sheets, edition, version
    "no Costs": (without_sheet("Costs"), "Costs", "", "missing"),
    "no Overview": (without_sheet("Overview"), "Overview", "", "missing"),
    "no Checks": (without_sheet("Checks"), "Checks", "", "missing"),
    "an edition that there is not": (cells("Overview", B14=text("1999-01")), "Overview", "B14", "edition"),
    "no edition": (cells("Overview", B14={"v": None, "t": None}), "Overview", "B14", "edition"),
    "an older template": (cells("Overview", B15=number(0)), "Overview", "B15", "version"),
    "a newer template": (cells("Overview", B15=number(int(TEMPLATE_VERSION) + 1)), "Overview", "B15", "version"),
    # inputs
    "no chip": (emptied("Runs", 0, "chip"), "Runs", address("Runs", 0, "chip"), "input"),
    "a chip that there is not": (row("Runs", 1, chip="H9000"), "Runs", address("Runs", 1, "chip"), "input"),
    "less than no chips": (row("Runs", 0, chips=-5), "Runs", address("Runs", 0, "chips"), "input"),
    "hours in words": (row("Runs", 0, hours="two months"), "Runs", HOURS, "input"),
    "a date long ago": (row("Runs", 0, start=5), "Runs", START, "input"),
    "a name twice": (row("Runs", 1, run="ALPHA"), "Runs", address("Runs", 1, "run"), "input"),
    "no compute": (emptied("Runs", 0, "chips"), "Runs", address("Runs", 0, "run"), "input"),
    "a sourcing that there is not": (
        row("Runs", 2, sourcing="bought"),
        "Runs",
        address("Runs", 2, "sourcing"),
        "input",
    ),
    "more than all time": (row("Staff", 0, fte_high=3), "Staff", address("Staff", 0, "fte_high"), "input"),
    "people on no run": (row("Staff", 1, run="Omega"), "Staff", address("Staff", 1, "run"), "input"),
    "an amount in words": (row("Other costs", 0, amount="much"), "Other costs", "G5", "input"),
    "a category that there is not": (row("Other costs", 1, category="fun"), "Other costs", "B6", "input"),
    "an end before the start": (row("Other costs", 0, end=45_000), "Other costs", "K5", "input"),
    "a run under the last row": (
        row("Runs", ROWS, run="Late", chip=V5E, chips=5, hours=5),
        "Runs",
        address("Runs", ROWS, "run"),
        "outside",
    ),
    "a cost under the last row": (
        row("Other costs", 30, item="Late", amount=5, start=46_000),
        "Other costs",
        "A35",
        "outside",
    ),
    "an input from another file": (
        lambda path: put(path, "Runs", {address("Runs", 0, "chips"): {"f": "[1]Sheet1!A1"}}),
        "Runs",
        address("Runs", 0, "chips"),
        "link",
    ),
}


def test_there_are_sixty_kinds_of_damage():
    assert len(DAMAGE) >= 60


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_cell(filled, tmp_path, name):
    damage, sheet, cell, kind = DAMAGE[name]
    path = changed.copied(filled, tmp_path)
    damage(path)
    found = check(path).findings
    assert (sheet, cell, kind) in [(each.sheet, each.cell, each.kind) for each in found], list(map(str, found))


# --- findings


def test_only_the_cause_is_named_and_not_what_follows_from_it(filled, libreoffice, tmp_path):
    with libreoffice.open(filled) as document:
        document.unprotect()
        document.set({("Costs", "Y6"): 5_000_000})
        document.recalculate()
        document.save_as(tmp_path / "changed.xlsx")
    (found,) = check(tmp_path / "changed.xlsx").findings
    assert (found.sheet, found.cell, found.kind, found.found) == ("Costs", "Y6", "overwritten", "5000000")


def test_all_that_is_wrong_is_named_at_once(filled, tmp_path):
    path = changed.copied(filled, tmp_path)
    names = ("a step typed over", "a total of fewer rows", "an assumption", "less than no chips", "a chip's name")
    for name in names:
        DAMAGE[name][0](path)
    found = {(each.sheet, each.cell, each.kind) for each in check(path).findings}
    assert {DAMAGE[name][1:] for name in names} <= found


def test_a_finding_says_what_was_found_and_what_was_expected(filled, tmp_path):
    path = changed.copied(filled, tmp_path)
    put(path, "Runs", {"B6": {"f": "Costs!BI7", **number(3595)}, "A7": {"f": None, **text("_x001B_[31mfine")}})
    put(path, "Runs", {address("Runs", 0, "mfu"): number(2)})
    found = {each.cell: (each.found, each.expected) for each in check(path).findings}
    assert found["B6"] == ("=Costs!BI7", '=IF(ISNUMBER(Costs!BI6),Costs!BI6,"")')
    assert found["A7"][0] == "'\\x1b[31mfine'" and found["A7"][1].startswith("=IF(COUNTA(C7:Y7)=0")
    assert found[address("Runs", 0, "mfu")] == ("2", "mfu: is 2.0; it must be a number above 0 and at most 1")


def test_the_command_says_it_in_words_or_as_json(xlcost, filled, tmp_path):
    wrong = changed.copied(filled, tmp_path)
    put(wrong, "Runs", {"B6": {"f": None, **number(5)}})
    assert xlcost("check", filled)[:2] == (0, f"{filled}: as it was written\n")
    status, said, _ = xlcost("check", filled, wrong)
    assert status == 1 and f"{wrong}: Runs!B6: a value stands in place of the formula: found 5" in said
    status, said, _ = xlcost("check", "--json", wrong)
    (report,) = json.loads(said)["files"]
    assert status == 1 and (report["kind"], report["department"]) == ("department", "Research")
    assert [(each["sheet"], each["cell"], each["kind"]) for each in report["findings"]] == [
        ("Runs", "B6", "overwritten")
    ]


def test_json_of_a_department_whose_name_is_no_text_is_json_all_the_same(xlcost, filled, tmp_path):
    path = changed.copied(filled, tmp_path)
    put(path, "Overview", {"B12": text("_xD800_ 研究")})
    _, said, _ = xlcost("check", "--json", path)
    assert json.loads(said)["files"][0]["department"] == "\ud800 研究"


def test_a_file_that_cannot_be_read_is_one_sentence_and_stops_no_other(xlcost, filled, tmp_path):
    (tmp_path / "torn.xlsx").write_bytes(filled.read_bytes()[:5000])
    (tmp_path / "text.xlsx").write_text("run,chip\n")
    with changed.openpyxl(changed.copied(filled, tmp_path)) as book:
        for sheet in book.worksheets[1:]:
            book.remove(sheet)
        book.worksheets[0].delete_rows(1, 99)
    for name, why in (
        ("torn.xlsx", "not an .xlsx workbook that can be read"),
        ("text.xlsx", "not an .xlsx workbook, whatever its name says"),
        ("none.xlsx", "there is no such file"),
        ("changed.xlsx", "neither a department's workbook nor a budget that xlcost writes"),
    ):
        status, said, wrong = xlcost("check", filled, tmp_path / name)
        assert status == 2 and said == f"{filled}: as it was written\n"
        assert wrong.startswith(f"xlcost: {tmp_path / name}: {why}") and wrong.count("\n") == 1
    status, said, _ = xlcost("check", "--json", tmp_path / "none.xlsx")
    assert status == 2 and json.loads(said)["files"] == [
        {"file": str(tmp_path / "none.xlsx"), "error": f"{tmp_path / 'none.xlsx'}: there is no such file"}
    ]


@pytest.mark.parametrize("place", ["1A", "a1", "?", "$A$1", "A0", "A", "ABCD1", "A12345678"])
def test_a_cell_at_a_place_that_no_sheet_has_is_one_sentence(tmp_path, place):
    # Two blanks: no spreadsheet spells a cell so, and it is read by a parser.
    hostile_parts.rows(f'<row r="3"><c  r="{place}"><v>1</v></c></row>'.encode())(tmp_path / "odd.xlsx")
    with pytest.raises(XlcostError, match="not an .xlsx workbook that can be read") as refused:
        check(tmp_path / "odd.xlsx")
    assert "is no cell" in str(refused.value) and "\n" not in str(refused.value)
