"""The budget in Japanese: every text, in real spreadsheets, and read back."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from xlcost.examples import EXPERTS, PORTFOLIO, STAFF
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook import costs, uncertainty
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

JAPANESE = language_of("ja")
SAYS = JAPANESE.text
MASTER_IN_JAPANESE = SAYS(MASTER[0]), MASTER[1]
OPTIONS = dict(staff=STAFF, experts=[EXPERTS], language="ja")


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
    names = [*ODD_NAMES, "要約", "予算額", "Summary", "一覧外"]
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
        rows = document.grid(SAYS("Summary"), "A1:B120")
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
