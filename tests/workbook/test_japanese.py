"""The budget in Japanese: every text, in real spreadsheets, and read back."""

import re
import zipfile

import pandas as pd
import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer

from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from xlcost import catalog
from xlcost.budget_plan import Tables
from xlcost.catalog.vendors import COMMITMENTS, ORGANIZATION_WORDS, SOURCINGS
from xlcost.equations.parameters import (
    ASSUMPTIONS,
    COTTIER,
    PROJECT_ASSUMPTIONS,
    PURCHASE_ASSUMPTIONS,
)
from xlcost.estimate import estimate
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.experts import POOLINGS, QUESTIONS, read_answer_columns
from xlcost.languages import language_of
from xlcost.model import METHODS
from xlcost.runs import read_runs
from xlcost.staffing import read_role_columns
from xlcost.workbook import approaches, checks, costs, sources, trend, uncertainty
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint
from xlcost.workbook.questionnaire import write_questionnaire

JAPANESE = language_of("ja")
SAYS = JAPANESE.text
MASTER_IN_JAPANESE = SAYS(MASTER[0]), MASTER[1]
OPTIONS = dict(tables=Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS), language="ja")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("japanese") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), **OPTIONS)
    return path


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    path = tmp_path_factory.mktemp("english") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), **OPTIONS | {"language": "en"})
    return path


# --- what it says

IN_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
A_WORD, IN_ENGLISH = re.compile("[A-Za-z]{2}"), re.compile("[a-z]{2,}( [a-z]{2,}){2}")
UNITS = re.compile(r"(USD|W|kW|kWh|FLOP|FLOP/s|FTE|FTE²|USD²|W/W|USD/USD|USD/kWh|USD/kW|/| )+")
CODES = {
    *(checks.OK, checks.WRONG),
    *SOURCINGS,
    *COMMITMENTS,
    *METHODS,
    *POOLINGS,
    *QUESTIONS,
    *ORGANIZATION_WORDS,
    *trend.KINDS,
    ", ".join(trend.KINDS),
    # Marks and ways of selling in price lists, and how the vendors that a run asks are listed.
    *("yes", "single unit", " only"),
    # Programs and books that are named as the source of a figure.
    *(
        "xlcost",
        COTTIER,
        "Cottier, Rahman, Fattorini, Maslej, Besiroglu, Owen (2024): The rising costs of training frontier AI models",
        "arXiv:2405.21015",
        "Ho et al. (2024): Algorithmic progress in language models",
        "arXiv:2403.05812",
    ),
}
"""What files and formulas hold in every language."""


def facts_of(edition=None):
    """Texts from outside: of the price lists, and of the shipped runs, people and answers."""
    facts = catalog.load(edition)
    tables = [facts.chips, facts.purchase_prices, facts.cloud_prices, facts.energy_prices, facts.price_index]
    tables += [facts.models, estimate(read_runs(PORTFOLIO), facts), *map(pd.read_csv, (PORTFOLIO, STAFF, EXPERTS))]
    found = {text for table in tables for column in table for text in table[column] if isinstance(text, str)}
    return found | {*facts.requests, *facts.vendors}


def terms():
    """The field's terms, which stand in rows and columns of their own."""
    assumptions = ASSUMPTIONS | PROJECT_ASSUMPTIONS | PURCHASE_ASSUMPTIONS
    steps = [column for _, columns in costs.STEP_GROUPS for column in columns]
    return {
        *assumptions,
        "energy_price_factor",
        *(term for _, _, term in approaches.COMPONENTS),
        *("staff", "development_cost"),
        *(function.__name__ for function in sources.EQUATIONS),
        *map(sources.equation_text, sources.EQUATIONS),
        *(f"{step.name.removesuffix('_used')}{f' [{step.unit}]' if step.unit else ''}" for step in steps),
    }


@pytest.fixture(scope="module")
def stays():
    return CODES | facts_of() | terms()


def is_english(text, stays):
    """Whether a text should have been put into Japanese."""
    if text in stays or text.startswith("https://") or UNITS.fullmatch(text):
        return False
    text = text.replace("et al.", "")
    return bool(A_WORD.search(text)) and (not IN_JAPANESE.search(text) or bool(IN_ENGLISH.search(text)))


def texts_of(path):
    """Every text of a workbook with the place where it stands."""
    book = load_workbook(path)
    yield "title", book.properties.title
    for sheet in book:
        yield "name of a sheet", sheet.title
        yield f"{sheet.title}, footer", f"{sheet.oddFooter.left.text} {sheet.oddFooter.right.text}"
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            if cell.data_type != "f":
                yield f"{sheet.title}!{cell.coordinate}", cell.value
                continue
            for token in Tokenizer(cell.value).items:
                if token.type == "OPERAND" and token.subtype == "TEXT":
                    yield f"{sheet.title}!{cell.coordinate}, formula", token.value[1:-1]
        for rule in sheet.data_validations.dataValidation:
            for text in filter(None, (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error)):
                yield f"{sheet.title}!{rule.sqref}, validation", text
        for rules in sheet.conditional_formatting:
            for formula in (formula for rule in rules.rules for formula in rule.formula):
                for token in Tokenizer(f"={formula}").items:
                    if token.type == "OPERAND" and token.subtype == "TEXT":
                        yield f"{sheet.title}!{rules.sqref}, condition", token.value[1:-1]
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                tree = etree.fromstring(package.read(name))
                for node in (*tree.iter("{*}t"), *tree.iterfind(".//{*}tx/{*}v")):
                    yield name, node.text
                for node in tree.iter("{*}numFmt"):
                    yield f"{name}, format", node.get("formatCode").replace("General", "")


def test_every_text_is_japanese_but_for_facts_codes_terms_and_units(book, stays):
    assert {place: text for place, text in texts_of(book) if is_english(text, stays)} == {}


def test_an_english_label_would_be_found(english, stays):
    found = {text for _, text in texts_of(english) if is_english(text, stays)}
    assert len(found) > 600
    # A cell, a chart, a formula, a footer, a validation.
    assert {
        "Budget cost of all runs",
        "Own hardware against cloud, largest runs",
        " million to $",
        "&A Page &P of &N",
        "As your ledger names it",
    } <= found


def test_a_questionnaire_is_japanese_and_is_read_like_an_english_one(tmp_path, stays):
    people = read_role_columns(STAFF)
    path = tmp_path / "questions.xlsx"
    write_questionnaire(path, people, language="ja")
    assert {place: text for place, text in texts_of(path) if is_english(text, stays)} == {}
    filled = load_workbook(path)
    sheet = filled.active
    headings = {cell.value: cell.column for cell in sheet[8]}
    for label, value in (("Expert", "A"), ("Low", 1.5), ("High", 3.0)):
        sheet.cell(9, headings[SAYS(label)], value)
    filled.save(path)
    answers = read_answer_columns([path], [])
    assert [answers[name][0] for name in ("question", "expert", "low", "high")] == ["experiment_factor", "A", 1.5, 3.0]


def test_no_text_of_a_formula_or_a_message_is_longer_than_excel_takes(book):
    for place, text in texts_of(book):
        if place.endswith("formula"):
            assert len(text) <= 255, place
        if place.endswith("validation"):
            # A longer one would have been cut.
            assert len(text) < 225, place


def test_headings_of_tables_are_the_names_of_their_columns(book):
    for sheet in load_workbook(book):
        for table in sheet.tables.values():
            headings = [cell.value for cell in sheet[table.ref][0]]
            assert headings == [column.name for column in table.tableColumns]
            assert len(set(headings)) == len(headings) and IN_JAPANESE.search("".join(headings))


def test_the_terms_of_the_paper_stay_english_under_the_headings(book, english):
    ours, theirs = (load_workbook(path) for path in (book, english))
    row = [cell.value for cell in ours[SAYS("Costs")][costs.TERM]]
    assert row == [cell.value for cell in theirs["Costs"][costs.TERM]] and "chip_hours [chip-hours]" in row


# --- read back


def test_a_budget_is_read_back_in_its_language_and_in_the_other(book, english, tmp_path):
    for source, code, same in ((book, "ja", book), (book, "en", english), (english, "ja", book)):
        again = tmp_path / "again.xlsx"
        write_budget(again, read_runs(source), str(source), language=code, replace=True)
        assert again.read_bytes() == same.read_bytes()


def test_a_japanese_budget_is_estimated_on_the_command_line(book, english, xlcost):
    shown, expected = (xlcost("estimate", path, "--csv", "-") for path in (book, english))
    assert shown == expected and shown[0] == 0


def test_the_command_line_writes_japanese_and_refuses_what_there_is_not(xlcost, tmp_path):
    assert xlcost("budget", PORTFOLIO, "--language", "ja", "-o", "ja.xlsx")[0] == 0
    assert load_workbook(tmp_path / "ja.xlsx").sheetnames[0] == SAYS("Cover")
    assert xlcost("template", "experts", "--language", "ja", "-o", "questions.xlsx")[0] == 0
    assert load_workbook(tmp_path / "questions.xlsx").sheetnames == [SAYS("Experts")]
    for command in (("budget",), ("template", "experts")):
        status, printed, said = xlcost(*command, "--language", "xx", "-o", "xx.xlsx")
        assert (status, printed) == (2, "") and said.splitlines()[-1].endswith(
            "there is no language 'xx'; there are en, ja"
        )
    assert not (tmp_path / "xx.xlsx").exists()


# --- in a spreadsheet


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
def test_every_stored_value_is_what_a_spreadsheet_computes(book, engine, request):
    with request.getfixturevalue(engine).open(book) as document:
        document.recalculate()
        assert differences(book, document) == []
        assert document.get([MASTER_IN_JAPANESE]) == ["OK"]


def test_microsofts_validator_finds_nothing(book, ooxml_validator):
    assert ooxml_validator(book) == []


def test_our_own_lint_finds_nothing(book):
    assert lint(book) == []


def test_odd_names_and_runs_of_no_known_cost_compute_too(tmp_path, libreoffice, ooxml_validator):
    path = tmp_path / "odd.xlsx"
    names = [*ODD_NAMES, "要約", "予算額", "Approaches", "一覧外"]
    table = {"run": names, "department": names, "chip": "H100", "chips": 8, "hours": 10.0}
    nothing = {"run": "only", "chip": "Huawei Ascend 910C", "chips": 8.0, "hours": 10.0}
    for runs in (pd.DataFrame(table), pd.DataFrame([nothing])):
        write_budget(path, runs, language="ja", replace=True)
        assert lint(path) == [] and ooxml_validator(path) == []
        with libreoffice.open(path) as document:
            document.recalculate()
            assert differences(path, document) == []


def test_a_changed_input_is_told_in_japanese(book, libreoffice):
    state = (SAYS("Uncertainty"), "A3")
    with libreoffice.open(book) as document:
        assert document.get([state]) == [SAYS(uncertainty.NEW)]
        document.set({(SAYS("Runs"), "F6"): 50_000.0})
        assert document.get([state]) == [SAYS(uncertainty.OLD)]
        document.set({(SAYS("Staff"), "C6"): -5.0})
        assert document.get([MASTER_IN_JAPANESE]) == ["CHECK"]


def test_a_run_of_an_unlisted_department_counts_as_not_listed(tmp_path, libreoffice):
    path = tmp_path / "budget.xlsx"
    runs = {"run": ["a", "b"], "department": ["研究", ""], "chip": "H100", "chips": 8, "hours": 10.0}
    write_budget(path, pd.DataFrame(runs), language="ja")
    with libreoffice.open(path) as document:
        rows = document.grid(SAYS("Approaches"), "A1:B120")
        counted = dict(rows[[row[0] for row in rows].index(SAYS("By department")) :])
        assert counted["研究"] == counted[SAYS(costs.NOT_LISTED)] == 1


def test_the_numbers_are_those_of_the_english_budget(book, english):
    for ours, theirs in zip(load_workbook(book, data_only=True), load_workbook(english, data_only=True)):
        assert [
            [cell if isinstance(cell, float | int) else None for cell in row]
            for row in ours.iter_rows(values_only=True)
        ] == [
            [cell if isinstance(cell, float | int) else None for cell in row]
            for row in theirs.iter_rows(values_only=True)
        ]
