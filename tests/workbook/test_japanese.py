"""The budget in Japanese: every text, in real spreadsheets, and read back."""

import re
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer

from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from xlcost import catalog, columns
from xlcost.budget import columns as budget_columns
from xlcost.budget import settings as budget_settings
from xlcost.budget.actuals import ENTRIES, TAXES
from xlcost.budget.components import COMPONENT_LABELS
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import settings_from
from xlcost.budget.settings_sheets import settings_of_workbook
from xlcost.catalog.vendors import COMMITMENTS, ORGANIZATION_WORDS, SOURCINGS
from xlcost.dates import to_serial
from xlcost.equations.parameters import (
    ASSUMPTIONS,
    COTTIER,
    PROJECT_ASSUMPTIONS,
    PURCHASE_ASSUMPTIONS,
)
from xlcost.estimate import estimate
from xlcost.examples import CAPACITY, EXPERTS, MAPPING, OTHER_COSTS, PORTFOLIO, SPEND, STAFF
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.experts import POOLINGS, QUESTIONS, read_answer_columns
from xlcost.languages import language_of
from xlcost.model import METHODS
from xlcost.runs import read_runs
from xlcost.staffing import read_role_columns
from xlcost.workbook import approaches, checks, costs, sources, uncertainty
from xlcost.workbook.budget import write_budget, write_plan
from xlcost.workbook.lint import lint
from xlcost.workbook.questionnaire import write_questionnaire
from xlcost.workbook.style import UNIT_FORMATS

JAPANESE = language_of("ja")
SAYS = JAPANESE.text
MASTER_IN_JAPANESE = SAYS(MASTER[0]), MASTER[1]
OPTIONS = dict(tables=Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS), language="ja")
# In both languages, where their numbers are held against each other.
APRIL = settings_from(fiscal_year_start=4)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("japanese") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), **OPTIONS, settings=APRIL)
    return path


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    path = tmp_path_factory.mktemp("english") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), **OPTIONS | {"language": "en"}, settings=APRIL)
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
    # What cells of the budget's own tables hold.
    *budget_columns.KINDS,
    *budget_columns.CATEGORIES,
    *budget_columns.TIMINGS,
    *(choice for choices in columns.CHOICES.values() for choice in choices),
    *(choice for choices in budget_settings.CHOICES.values() for choice in choices),
    "JPY",
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
KEYS = re.compile("(year|component|department):.*|total|payments")
"""Of the amounts that a version of the budget keeps."""


def facts_of(edition=None):
    """Texts from outside: of the price lists, and of the shipped runs, people and answers."""
    facts = catalog.load(edition)
    tables = [facts.chips, facts.purchase_prices, facts.cloud_prices, facts.energy_prices, facts.price_index]
    tables += [
        facts.models,
        estimate(read_runs(PORTFOLIO), facts),
        *map(pd.read_csv, (PORTFOLIO, STAFF, EXPERTS, OTHER_COSTS)),
    ]
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
    if text in stays or text.startswith("https://") or UNITS.fullmatch(text) or KEYS.fullmatch(text):
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
                    yield name, node.text or ""
                for node in tree.iter("{*}numFmt"):
                    yield f"{name}, format", node.get("formatCode").replace("General", "")


def test_every_text_is_japanese_but_for_facts_codes_terms_and_units(book, stays):
    assert {place: text for place, text in texts_of(book) if is_english(text, stays)} == {}


def test_every_text_of_the_sheets_of_actuals_is_japanese(tmp_path, stays):
    plan = plan_of(read_runs(PORTFOLIO), tables=OPTIONS["tables"], language="ja")
    actuals = actuals_of(plan, [SPEND], MAPPING)
    write_plan(tmp_path / "actuals.xlsx", replace(plan, actuals=actuals))
    own = {*actuals.spend["source"], *actuals.mapping["pattern"], *actuals.mapping["comment"]}
    own |= {*actuals.mapping["column"], *COMPONENT_LABELS, *ENTRIES, *TAXES, ",".join(ENTRIES), ",".join(TAXES)}
    found = {place: text for place, text in texts_of(tmp_path / "actuals.xlsx") if is_english(text, stays | own)}
    assert found == {}


def test_an_english_label_would_be_found(english, stays):
    found = {text for _, text in texts_of(english) if is_english(text, stays)}
    assert len(found) > 600
    # A cell, a chart, a formula, a footer, a validation.
    assert {
        "Budget cost of all runs",
        "Own hardware against cloud, largest runs",
        " of costs, without tax: ",
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
        rewrite(source, again, code)
        assert again.read_bytes() == same.read_bytes()


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A budget with something of its own on every sheet that is filled in."""
    folder = tmp_path_factory.mktemp("full")
    capacity = pd.read_csv(CAPACITY).assign(hosting=[150.0, *[None] * (len(pd.read_csv(CAPACITY)) - 1)])
    capacity.to_csv(folder / "capacity.csv", index=False)
    names = capacity["capacity"].tolist()
    shares = {"capacity": [names[0]] * 2, "department": ["Research", "子会社"], "share": [0.6, 0.4]}
    pd.DataFrame(shares).to_csv(folder / "shares.csv", index=False)
    phases = {
        "phase": ["第1期", "第2期"],
        "released": [1e6, None],
        "date": ["2023-04-01", None],
        "comment": ["承認済", ""],
    }
    pd.DataFrame(phases).to_csv(folder / "phases.csv", index=False)
    tables = Tables(
        staff=STAFF,
        experts=(EXPERTS,),
        capacity=folder / "capacity.csv",
        shares=folder / "shares.csv",
        others=OTHER_COSTS,
        phases=folder / "phases.csv",
    )
    settings = settings_from(
        **dict(fiscal_year_start=10, years=2, currency="JPY", rates={"JPY": [140.0, 150.5]}, units="millions"),
        **dict(depreciation="declining_balance", declining_factor=2.5, charging="entitled", trial_factor=1.2),
        **dict(contingency=0.05, contingency_department="Research", price_growth=0.02, payment_lag=2),
        **dict(
            revenue=(1e12, 1.1e12), research_budget=(5e10,), accounts={"own": "減価償却費(学習)", "idle": "遊休資産費"}
        ),
        **dict(method="straight_line", assumptions={"depreciation_rate": 0.2, "discount_rate": 0.08}),
        scenario="Low",
        scenarios={
            "Own 1": {"name": "円安", "owner": "財務部", "date": to_serial("2024-04-01").item(), "foreign": 1.25},
            "Low": {"assumes": "需要が少ない"},
        },
        version="Original",
    )
    runs = read_runs(PORTFOLIO)
    runs["phase"] = ["第1期", *["第2期"] * (len(runs) - 1)]
    write_budget(folder / "ja.xlsx", runs, tables=tables, settings=settings, language="ja")
    return folder / "ja.xlsx"


def rewrite(source, target, code):
    """Write a budget again from what its workbook holds, as the command line does."""
    settings = settings_from(**settings_of_workbook(source))
    write_budget(target, read_runs(source), str(source), settings=settings, language=code, replace=True)


def test_all_that_is_filled_in_comes_back_in_both_languages(full, tmp_path):
    japanese, english, again = (tmp_path / name for name in ("ja.xlsx", "en.xlsx", "again.xlsx"))
    rewrite(full, japanese, "ja")
    assert japanese.read_bytes() == full.read_bytes()
    rewrite(full, english, "en")
    rewrite(english, again, "ja")
    assert again.read_bytes() == full.read_bytes()


def test_a_full_budget_comes_back_as_it_was_told(full, stays):
    settings = settings_from(**settings_of_workbook(full))
    assert (settings.scenario, settings.scenarios["Own 1"]["name"]) == ("Low", "円安")
    assert (settings.currency, settings.units, settings.charging) == ("JPY", "millions", "entitled")
    assert settings.accounts == {"own": "減価償却費(学習)", "idle": "遊休資産費"}
    sheets = load_workbook(full)
    assert sheets[SAYS("Capacity")]["S6"].value == 150.0
    assert "Low" not in settings.scenarios or "name" not in settings.scenarios["Low"]
    # Uncertain figures name the people of the budget.
    texts = {place: text for place, text in texts_of(full) if is_english(text, stays)}
    assert {place for place in texts if not place.startswith(SAYS("Uncertainty"))} == set()


def test_a_full_budget_computes_and_is_as_the_schema_wants(full, libreoffice, ooxml_validator):
    assert lint(full) == [] and ooxml_validator(full) == []
    with libreoffice.open(full) as document:
        document.recalculate()
        # A version less the budget as it is leaves what is nothing beside billions of yen.
        kept = f"{SAYS('Versions')}!J"
        assert [each for each in differences(full, document) if not each.startswith(kept)] == []


def test_fiscal_years_begin_in_april_in_japanese_and_in_january_in_english(tmp_path):
    for code, month in (("ja", 4), ("en", 1)):
        write_budget(tmp_path / f"{code}.xlsx", read_runs(PORTFOLIO), language=code)
        assert settings_of_workbook(tmp_path / f"{code}.xlsx")["fiscal_year_start"] == month


@pytest.mark.parametrize(("units", "money"), [("ones", "円"), ("thousands", "千円"), ("millions", "百万円")])
def test_yen_are_said_in_thousands_and_millions_and_shown_so(units, money, tmp_path):
    settings = settings_from(currency="JPY", rates={"JPY": [150.0]}, units=units)
    write_budget(tmp_path / "yen.xlsx", read_runs(PORTFOLIO), settings=settings, language="ja")
    sheets = load_workbook(tmp_path / "yen.xlsx", data_only=True)
    for name in ("Summary", "Budget", "Budget months", "Versions"):
        sheet = sheets[SAYS(name)]
        assert f"{money}" in sheet["A2"].value and "JPY" not in sheet["A2"].value
        rules = [rule for found in sheet.conditional_formatting for rule in found.rules if rule.dxf.numFmt]
        shown = {rule.formula[0].rpartition("=")[2].strip('"'): rule.dxf.numFmt.formatCode for rule in rules}
        assert shown == UNIT_FORMATS
    assert "百万円" in "".join(str(cell.value) for cell in sheets[SAYS("Cover")]["B"])


def test_a_japanese_budget_is_estimated_on_the_command_line(book, english, xlcost):
    shown, expected = (xlcost("estimate", path, "--csv", "-") for path in (book, english))
    assert shown == expected and shown[0] == 0


def test_the_command_line_writes_japanese_and_refuses_what_there_is_not(xlcost, tmp_path):
    assert xlcost("budget", PORTFOLIO, "--language", "ja", "-o", "ja.xlsx")[0] == 0
    assert load_workbook(tmp_path / "ja.xlsx").sheetnames[0] == SAYS("Cover")
    # It stays in its language, until somebody wants another.
    assert xlcost("budget", "ja.xlsx", "-o", "again.xlsx")[0] == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "ja.xlsx").read_bytes()
    assert xlcost("budget", "ja.xlsx", "--language", "en", "-o", "en.xlsx")[0] == 0
    assert load_workbook(tmp_path / "en.xlsx").sheetnames[0] == "Cover"
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
        document.set({(SAYS("Staff"), "D6"): -5.0})
        assert document.get([MASTER_IN_JAPANESE]) == ["要確認"]


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
