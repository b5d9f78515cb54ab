"""Languages: what a file of one must hold, sentences, and what tables in any language may be called."""

import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

from tests.sentences import made_elsewhere, spelled_errors, templates
from xlcost import catalog, languages
from xlcost.budget.actuals import (
    ACCRUAL_COLUMNS,
    BILL_COLUMNS,
    MAPPING_COLUMNS,
    MAPPING_STEPS,
    SPEND_COLUMNS,
    SPEND_STEPS,
)
from xlcost.budget.columns import (
    CAPACITY_COLUMNS,
    CAPACITY_STEPS,
    LINES,
    OTHER_COLUMNS,
    OTHER_STEPS,
    PHASE_COLUMNS,
    PHASE_STEPS,
    SHARE_COLUMNS,
)
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import DRIVERS, LABELS, SCENARIOS, VERSIONS
from xlcost.budget.settings_sheets import SIGNATURES, TOLD
from xlcost.columns import RUN_COLUMNS, labels_of
from xlcost.errors import XlcostError
from xlcost.examples import CAPACITY, EXPERTS, MAPPING, OTHER_COSTS, PORTFOLIO, SPEND, STAFF
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.exchange.consolidation.commands import HEADQUARTERS
from xlcost.exchange.consolidation.company import STATUSES, consolidated
from xlcost.exchange.consolidation.submission import Submission
from xlcost.formula import Term
from xlcost.languages import Language, language_codes, language_of, spellings
from xlcost.overview import LABELS as OVERVIEW_LABELS
from xlcost.overview import PREVIEW
from xlcost.portfolio import WORDS, Driver
from xlcost.project_columns import (
    ANSWER_COLUMNS,
    ANSWER_STEPS,
    DEVELOPMENT_STEPS,
    QUESTION_COLUMNS,
    ROLE_COLUMNS,
    STAFF_STEPS,
    headings_of,
)
from xlcost.runs import read_runs
from xlcost.staffing import read_role_columns
from xlcost.workbook.budget import SHEETS, WITH_ACTUALS, write_budget, write_plan
from xlcost.workbook.department import SHEETS as DEPARTMENT_SHEETS
from xlcost.workbook.department import write_department
from xlcost.workbook.questionnaire import write_questionnaire
from xlcost.workbook.style import FORMATS
from xlcost.workbook.submissions import SHEETS as COMPANY_SHEETS

SHIPPED = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
OTHERS = [code for code in language_codes() if code != "en"]


def parts(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_there_are_english_and_japanese():
    assert language_codes()[0] == "en" and "ja" in language_codes()


def test_an_unknown_language_is_named_with_those_that_there_are():
    with pytest.raises(XlcostError, match="there is no language 'xx'; there are en, ja"):
        language_of("xx")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('fonts = "Arial"', "xx.toml: a language has no 'fonts'; it has texts, font, formats, fiscal_year_start"),
        ('code = "de"', "xx.toml: a language has no 'code'; it has texts"),
        ("font = ", "xx.toml: the language cannot be read (Invalid value"),
        ("font = '\xff'".encode("latin-1"), "xx.toml: the language cannot be read ('utf-8' codec"),
    ],
)
def test_a_file_of_a_language_that_cannot_be_used_is_one_sentence(text, said, tmp_path, monkeypatch):
    (tmp_path / "xx.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setattr(languages.resources, "files", lambda _: tmp_path)
    monkeypatch.setattr(languages, "language_codes", lambda: ("en", "xx"))
    with pytest.raises(XlcostError, match=re.escape(said)):
        language_of.__wrapped__("xx")


def test_a_language_puts_terms_where_it_wants_them():
    german = Language("de", {"{n} runs of {name}": "{name} hat {n} Läufe"})
    said = german.sentence("{n} runs of {name}", n="3", name=Term("Runs!$B$6", "GPT"))
    assert (said.text, said.value) == ('Runs!$B$6&" hat 3 Läufe"', "GPT hat 3 Läufe")


def test_a_text_that_a_language_does_not_have_stays_english():
    assert Language("de").text("Runs") == "Runs"


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_uses_the_parts_of_the_english_one(code):
    texts = language_of(code).texts
    assert {english: said for english, said in texts.items() if parts(english) != parts(said)} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_that_a_sheet_may_say_is_in_every_language(code):
    assert templates() - set(language_of(code).texts) == set()


def test_no_sentence_is_put_together_before_its_template_is_known():
    # What a variable holds is a sentence already.
    assert [where for where in made_elsewhere() if re.search("^f?[\"']|[+%]", where[1])] == []


def test_why_a_file_is_not_read_is_a_sentence():
    assert list(spelled_errors()) == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_a_language_is_used(code, tmp_path, monkeypatch):
    language, asked, text = language_of(code), set(), Language.text
    monkeypatch.setattr(Language, "text", lambda self, english: asked.add(english) or text(self, english))
    runs = read_runs(PORTFOLIO)
    for number, (table, options) in enumerate(
        (
            (runs, dict(tables=SHIPPED)),
            (runs, dict(edition="2024-05")),
            (runs, dict(edition="2025-07")),
            (runs.head(1).assign(chip="Huawei Ascend 910C"), {}),
        )
    ):
        write_budget(tmp_path / f"{number}.xlsx", table, language=code, **options)
    sent = [Submission(Path(name), name, name, name, cells={"Runs": runs.head(1)}) for name in ("a.xlsx", "b.xlsx")]
    company = consolidated(sent, catalog.load(), {}, expected=["Legal"])
    write_budget(tmp_path / "company.xlsx", company.runs(), tables=company.beside(), company=company, language=code)
    write_department(tmp_path / "department.xlsx", language=code)
    plan = plan_of(runs, language=code)
    found = actuals_of(plan, [SPEND], MAPPING)
    nothing = replace(found, spend={name: column[:0] for name, column in found.spend.items()})
    for number, actuals in enumerate((found, nothing)):
        write_plan(tmp_path / f"actuals {number}.xlsx", replace(plan, actuals=actuals))
    write_questionnaire(tmp_path / "questions.xlsx", read_role_columns(STAFF), language=code)
    # Drivers that are not among the largest of the shipped runs.
    for english in (*STATUSES, HEADQUARTERS, *templates()):
        language.text(english)
    for driver in (Driver(), *(Driver(name, "run", is_of_contractors=True) for name in WORDS)):
        driver.in_words(language)
    assert set(language.texts) - asked == set()


@pytest.mark.parametrize("code", language_codes())
@pytest.mark.parametrize("sheets", [(*SHEETS, *WITH_ACTUALS, *COMPANY_SHEETS), DEPARTMENT_SHEETS])
def test_names_of_sheets_are_legal_and_distinct(code, sheets):
    names = [language_of(code).text(name) for name in sheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


@pytest.mark.parametrize("code", OTHERS)
def test_formats_are_those_that_cells_have(code):
    assert set(language_of(code).formats) <= set(FORMATS)


@pytest.mark.parametrize(
    "columns",
    [
        *(RUN_COLUMNS, ROLE_COLUMNS, ANSWER_COLUMNS, QUESTION_COLUMNS),
        *(CAPACITY_COLUMNS, SHARE_COLUMNS, OTHER_COLUMNS, PHASE_COLUMNS),
        *(BILL_COLUMNS, MAPPING_COLUMNS, ACCRUAL_COLUMNS, SPEND_COLUMNS),
    ],
)
def test_a_heading_names_one_column_whatever_the_language(columns):
    labels = labels_of(columns)
    for language in map(language_of, language_codes()):
        for name, column in columns.items():
            for text in (column.label_in(language), column.heading_in(language)):
                assert labels[text.casefold()] == name


@pytest.mark.parametrize(
    ("columns", "steps"),
    [
        (RUN_COLUMNS, (("", PREVIEW),)),
        *((ROLE_COLUMNS, STAFF_STEPS), (ANSWER_COLUMNS, ANSWER_STEPS), ({}, DEVELOPMENT_STEPS)),
        *((CAPACITY_COLUMNS, CAPACITY_STEPS), (OTHER_COLUMNS, OTHER_STEPS), (PHASE_COLUMNS, PHASE_STEPS)),
        *((MAPPING_COLUMNS, MAPPING_STEPS), (SPEND_COLUMNS, SPEND_STEPS)),
    ],
)
def test_a_column_that_is_filled_in_is_not_called_like_one_that_is_computed(columns, steps):
    assert set(labels_of(columns)) & headings_of(steps) == set()
    for language in map(language_of, language_codes()):
        headings = [column.heading_in(language) for column in columns.values()]
        headings += [column.heading_in(language) for _, group in steps for column in group]
        assert len(set(headings)) == len(headings)


def test_scenarios_and_ends_of_ranges_are_told_apart():
    assert spellings("Low") == ("Low", "下限") and spellings("Low", "scenario") == ("Low", "低位")


@pytest.mark.parametrize("labels", [LABELS, LINES, SIGNATURES, DRIVERS | TOLD, OVERVIEW_LABELS])
def test_a_label_that_is_read_back_names_one_thing_whatever_the_language(labels):
    named = {}
    for name, label in labels.items():
        for text in spellings(label):
            assert named.setdefault(text.casefold(), name) == name


@pytest.mark.parametrize(("names", "of"), [(VERSIONS, ""), (SCENARIOS, "scenario")])
def test_versions_and_scenarios_have_names_of_their_own(names, of):
    texts = [text for name in names for text in spellings(name, of)]
    assert len(set(texts)) == len(texts)


def test_a_sheet_may_be_called_by_its_name_in_any_language():
    assert spellings("Runs") == ("Runs", "学習案件")


@pytest.mark.parametrize("sheet", ["Calendar", "Budget months", "Capacity months", "Buy or rent"])
def test_a_text_calls_a_sheet_by_the_name_that_it_has(sheet):
    texts = language_of("ja").texts
    naming = {
        english: said
        for english, said in texts.items()
        if re.search(rf"\b([Oo]n|See) {sheet}\b|^{sheet}(,|$)", english)
    }
    assert naming.keys() > {sheet}
    assert {english: said for english, said in naming.items() if texts[sheet] not in said} == {}


def test_a_billion_is_ten_oku_in_japanese():
    japanese = language_of("ja")
    assert np.isclose(1e9 / japanese.large_amount, 10.0)
    assert japanese.sentence("${amount} billion", amount="10") == "10億ドル"
