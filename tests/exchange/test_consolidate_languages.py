"""What the company's sheets say of files and rows is said in their language, whatever is wrong with a file."""

import io
import re
import zipfile

import openpyxl
import openpyxl.comments
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange import hostile_files as hostile
from tests.exchange.test_consolidate import FACTS, run, sent
from xlcost.exchange.consolidation.company import consolidated
from xlcost.exchange.consolidation.kinds import KINDS
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.languages import language_of
from xlcost.sentences import Sentence
from xlcost.workbook.budget import write_budget
from xlcost.workbook.submissions import FILES, SHEETS
from xlcost.xlsx_input import NOT_COMPUTED, NoValue

JAPANESE = language_of("ja")
WHY = list(FILES).index("why")
ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+")
"""Three words: names of columns and of choices have fewer."""
ANY = st.sampled_from(
    [None, "A", "B", "H100", "H", "no-chip", "x" * 700, 0, -1, 0.5, 7, 1e20, True, NoValue("#REF!")]
    + ["2026-03-01", "1066-10-14", "2024-01-01", "own", "owned", "committed_1y", "monthly", "EUR", "USD", "fte"]
)
ROWS = {
    kind.sheet: st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(kind.columns, ANY)), max_size=3)
    for kind in KINDS
}
NEARLY_GOOD = {
    "Capacity": {"capacity": "C", "kind": "committed_1y", "chip": "H100", "chips": 8, "in_service": "2026-01-01"},
    "Shares": {"capacity": "C", "department": "Alpha", "share": 0.6},
    "Staff": {"run": "A", "role": "R", "people": 1, "fte_low": 1, "years_low": 1},
    "Other costs": {"item": "I", "amount": 1, "start": "2026-01-01"},
    "Phases": {"phase": "P"},
    "Experts": {"question": "fte", "expert": "E", "low": 1, "high": 1},
    "Runs": run("A"),
}


def untranslated(sentence):
    """Templates of a sentence and of its parts that Japanese does not have."""
    assert isinstance(sentence, Sentence), sentence
    own = [] if sentence.template in JAPANESE.texts else [sentence.template]
    return own + [text for part in sentence.parts.values() if isinstance(part, Sentence) for text in untranslated(part)]


@given(st.fixed_dictionaries(ROWS), st.fixed_dictionaries(ROWS))
@settings(max_examples=150, deadline=None)
def test_every_reason_is_a_sentence_that_japanese_has(alpha, beta):
    files = []
    for name, tables in (("a.xlsx", alpha), ("b.xlsx", beta)):
        # Rows that are nearly good get further than those of anything.
        rows = {
            sheet: [NEARLY_GOOD[sheet], *({**NEARLY_GOOD[sheet], **row} for row in tables[sheet])] for sheet in ROWS
        }
        files.append(sent(name, name[0].upper() * 5, rows["Runs"]))
        for sheet, more in rows.items():
            files[-1].cells[sheet] = sent(name, "", more).cells["Runs"]
    company = consolidated(files, FACTS, {})
    assert len(company.received) == sum(file.rows for file in files)
    said = [row.reason for row in company.received if row.reason]
    said += [*company.overlaps, *(remark for remarks in company.remarks.values() for remark in remarks)]
    for sentence in said:
        assert untranslated(sentence) == []
        assert not ENGLISH.search(sentence.said(JAPANESE)), sentence.said(JAPANESE)


BAD_FILES = {
    "empty.csv": b"",
    "no-heading.csv": b"run,chips\nA,1\n",
    "twice.csv": b"run,chip,chip\nA,H100,H100\n",
    "wide.csv": b"run,chip\nA,H100,1\n",
    "own.csv": b"run,chip,chip_hours,remark\nA,H100,1,mine\n",
    "quote.csv": b'run,chip\n"A,H100\n',
    "old.xls": b"\xd0\xcf\x11\xe0",
    "letter.pdf": b"%PDF",
}


def test_the_sheets_of_a_japanese_workbook_say_nothing_in_english(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Costs only"
    book.save(tmp_path / "other.xlsx")
    for name, content in BAD_FILES.items():
        (tmp_path / name).write_bytes(content)
    files = [read_submission(path, path.name) for path in sorted(tmp_path.iterdir())]
    files += [
        sent("a.xlsx", "Alpha", [run("X"), run("B", chips="many"), run("B"), run("b")], edition="1999-01"),
        sent("b.xlsx", "Beta", [run("X", chip="none-such", department="Legal")]),
        sent("d.xlsx", "Delta", [run(NOT_COMPUTED, chips=NOT_COMPUTED, department=NOT_COMPUTED)]),
        sent("c.xlsx", "Beta", [run("old")], saved=files[0].saved.replace(year=2000)),
    ]
    company = consolidated(files, FACTS, {}, expected=["Legal", "Sales"])
    path = tmp_path / "company.xlsx"
    write_budget(path, company.runs(), tables=company.beside(), company=company, language="ja")
    sheets = openpyxl.load_workbook(path, data_only=True)
    said = [str(cell) for name in SHEETS for row in sheets[JAPANESE.text(name)].values for cell in row if cell]
    assert [text for text in said if ENGLISH.search(text)] == []
    assert sum("行目" in text for text in said) >= 2
    english = tmp_path / "english.xlsx"
    write_budget(english, company.runs(), tables=company.beside(), company=company)
    sheets = openpyxl.load_workbook(english, data_only=True)
    why = [row[WHY] for row in sheets["Submissions"].iter_rows(min_row=5, max_row=16, values_only=True)]
    for expected in ("the file is empty", "column 'chip' is missing", "column 'chip' is there twice"):
        assert any(expected in text for text in why if text)


HOSTILE = (
    *(f"an external entity in {hostile.SHEET}", "an entity bomb in UTF-16", "100,000 parts", "a zip file in it"),
    *("a part above the folder", "a sheet that is there twice", "30% of a workbook", "60% of a workbook", "nothing"),
    *(f"a flipped bit in {hostile.SHEET}", "a part that claims less than it unpacks to", "an old .xls or a password"),
    *("entries with a password", "a .docx", "a .pptx", "an .ods", "a plain zip file", "an .xlsm", "macros"),
    *(
        "a sheet that claims all cells there can be",
        "a cell in the last corner",
        "a cell in the last corner, by references",
    ),
    *("a column outside of any sheet", "comments between elements in each other", "a list of sheets of 5 MB"),
    *("a sheet that is missing", "a text that is missing", "a formula that asks the web", "a name of another workbook"),
    "a link to a program",
)
"""Of the workbooks that would do harm, those that are quickly made: one of each kind of reason at least."""
HOSTILE_TABLES = "another encoding", "NUL characters", "a workbook", "60 MB", "a million columns"
SAID_BY_THE_SYSTEM = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
"""Python's and other programs' own words stand in brackets."""


def with_damaged_comments(path):
    """A workbook of a run that is well, but for its comments."""
    book = openpyxl.load_workbook(io.BytesIO(_written(hostile.well())))
    book.active["A2"].comment = openpyxl.comments.Comment("look", "A")
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    hostile.write(path, parts | {"xl/comments/comment1.xml": b"<comments></commentlist>"})


def _written(parts):
    file = io.BytesIO()
    hostile.write(file, parts)
    return file.getvalue()


@pytest.fixture(scope="module")
def refused_files(tmp_path_factory):
    """Files that are refused, as they are read."""
    folder = tmp_path_factory.mktemp("refused")
    for number, name in enumerate(HOSTILE):
        hostile.WORKBOOKS[name][0](folder / f"w{number}.xlsx")
    for number, name in enumerate(HOSTILE_TABLES):
        (folder / f"t{number}.csv").write_bytes(hostile.content_of(hostile.TABLES[name][0]))
    with_damaged_comments(folder / "comments.xlsx")
    return [read_submission(path, path.name) for path in sorted(folder.iterdir())]


def test_why_a_file_is_refused_is_a_sentence_that_japanese_has(refused_files):
    for file in refused_files:
        assert file.problems, file.name
        for sentence in file.problems:
            assert untranslated(sentence) == []
            # What names the file that it is about was a whole error before, and is no system's text.
            assert str(file.path) not in sentence
            assert not ENGLISH.search(SAID_BY_THE_SYSTEM.sub("", sentence.said(JAPANESE))), sentence.said(JAPANESE)


def test_a_japanese_workbook_says_in_japanese_why_a_file_is_refused(refused_files, tmp_path):
    company = consolidated([sent("a.xlsx", "Alpha", [run("A")]), *refused_files], FACTS, {})
    path = tmp_path / "company.xlsx"
    write_budget(path, company.runs(), tables=company.beside(), company=company, language="ja")
    sheet = openpyxl.load_workbook(path, data_only=True)[JAPANESE.text("Submissions")]
    why = {row[1]: row[WHY] for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]}
    for file in refused_files:
        # Several sentences follow one another.
        said = [text for text in why[file.name].split("。") if text]
        assert said and all(re.search("[ぁ-ん]", text) for text in said), said
    assert any("コメントを読み取れません" in text for text in why.values() if text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.sheet)
def test_a_column_is_called_by_its_heading_in_japanese(kind):
    # A text in place of a number or a date, wherever the kind has one.
    column = next(column for column in kind.columns.values() if column.format != "text")
    rows = {sheet: [row] for sheet, row in NEARLY_GOOD.items()}
    rows[kind.sheet] = [{**NEARLY_GOOD[kind.sheet], column.name: "nonsense"}]
    file = sent("a.xlsx", "Alpha")
    for sheet, frame in rows.items():
        file.cells[sheet] = sent("a.xlsx", "", frame).cells["Runs"]
    company = consolidated([file], FACTS, {})
    reason = next(row.reason for row in company.received if row.sheet == kind.sheet)
    assert f"{column.name} is 'nonsense'" in reason
    assert f"{column.label_in(JAPANESE)}: 'nonsense'は使えません" in reason.said(JAPANESE)
