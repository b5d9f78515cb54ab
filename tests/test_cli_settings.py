"""Options of a budget that are settings: alone, beside a file of settings, and over a workbook."""

import re
from dataclasses import fields

import pytest
from openpyxl import load_workbook

from xlcost.budget.analysis import BLOCKS, UNCERTAIN
from xlcost.budget.columns import LINES
from xlcost.budget.settings import DEFAULTS, DRIVERS, BudgetSettings, settings_from
from xlcost.budget.settings_sheets import settings_of_workbook
from xlcost.equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from xlcost.languages import language_of

FILE = "budget.toml"
RUNS = "run,chip,chips,hours,start\nours,H100,512,720,2026-03-01\n"
YEN = 'currency = "JPY"\n[rates]\nJPY = 150\nEUR = 0.9\n'


@pytest.fixture
def budget(xlcost, tmp_path):
    """Write a budget of one run; gives its settings as its sheets have them."""
    (tmp_path / "runs.csv").write_text(RUNS)

    def written(*words, runs="runs.csv"):
        status, _, said = xlcost("budget", runs, "-o", "ours.xlsx", "--force", *words)
        assert status == 0, said
        return settings_of_workbook(tmp_path / "ours.xlsx")

    return written


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--years", "2.5"), "--years: '2.5' is no whole number from 1 to 5"),
        (("--years", "abc"), "--years: 'abc' is no whole number from 1 to 5"),
        (("--years", "9"), "--years: 9 is no whole number from 1 to 5"),
        (("--years", "9" * 5_000), "--years: '999"),
        (("--fiscal-year-start", "April"), "--fiscal-year-start: 'April' is no whole number from 1 to 12"),
        (("--first-fiscal-year", "FY26"), "--first-fiscal-year: 'FY26' is no whole number from 1991 to 2094"),
        (("--rate", "abc"), "--rate: 'abc' is no number from 0.000001 to 1,000,000,000, such as 0.92 or 150"),
        (("--rate", "0,92"), "--rate: '0,92' is no number from 0.000001 to 1,000,000,000"),
        (("--currency", "EUR", "--rate", "1e-300"), "--rate: '1e-300' is no number from 0.000001 to 1,000,000,000"),
        (("--currency", "EUR", "--rate", "nan"), "--rate: 'nan' is no number from 0.000001"),
        (("--currency", "usd"), "--currency: 'usd' is no code of a currency: three capital letters, such as EUR"),
        (("--currency", "jpy", "--rate", "150"), "--currency: 'jpy' is no code of a currency: three capital letters"),
        (("--currency", "EUR"), "--currency: EUR needs a rate; --rate gives its units for 1 USD"),
        (("--rate", "0.92"), "--rate: USD, the budget's currency, needs none; --currency names another"),
        (("--currency", "USD", "--rate", "2"), "--rate: USD, the budget's currency, needs none"),
        (("--units", "k"), "--units: 'k' is none of ones, thousands, millions"),
        (("--version", "Draft"), "--version: 'Draft' is none of Original, Revised, Forecast"),
        (("--scenario", "Lwo"), "scenario: 'Lwo' is none of Base, Low, High, Own 1, Own 2"),
        (("--language", "ja", "--scenario", "低"), "scenario: '低' is none of 基準, 低位, 高位, "),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence_that_names_it(xlcost, tmp_path, words, sentence):
    status, out, err = xlcost("budget", *words)
    assert (status, out) == (2, "") and err.startswith(f"xlcost: {sentence}")
    assert len(err.splitlines()) == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("development", "--model", "GPT-4", "--level", "0,9"), "--level: '0,9' is no number"),
        (("development", "--model", "GPT-4", "--samples", "2.5"), "--samples: '2.5' is no whole number"),
        (("development", "--model", "GPT-4", "--seed", "x"), "--seed: 'x' is no whole number"),
        (("trend", "--level", "high"), "--level: 'high' is no number"),
        (("template", "department", "--runs", "many"), "--runs: 'many' is no whole number"),
    ],
)
def test_a_number_of_any_command_is_refused_in_one_sentence_that_names_its_option(xlcost, words, sentence):
    assert xlcost(*words) == (2, "", f"xlcost: {sentence}\n")


def test_dollars_need_no_rate(budget):
    assert budget("--currency", "USD")["currency"] == "USD"


def test_amounts_are_shown_in_the_units_of_the_option(budget, tmp_path):
    assert budget()["units"] == "ones"
    assert budget("--units", "thousands")["units"] == "thousands"
    budget("--units", "millions", "--language", "ja", "--currency", "JPY", "--rate", "150")
    book = load_workbook(tmp_path / "ours.xlsx", data_only=True)
    assert "百万円" in book[language_of("ja").text("Summary")]["A2"].value


def test_a_scenario_is_called_as_its_sheet_calls_it(budget, tmp_path):
    # Read back, it is again the one of the program.
    assert budget("--language", "ja", "--scenario", "低位")["scenario"] == "Low"
    cell = load_workbook(tmp_path / "ours.xlsx")[language_of("ja").text("Scenarios")]["B4"]
    assert cell.value == "低位"
    assert budget("--scenario", "High", "--language", "ja")["scenario"] == "High"
    # The workbook's own names are known when it is handed in again.
    (tmp_path / "ours.xlsx").rename(tmp_path / "last.xlsx")
    book = load_workbook(tmp_path / "last.xlsx")
    sheet = book[language_of("ja").text("Scenarios")]
    sheet["G6"] = "円安"
    book.save(tmp_path / "last.xlsx")
    assert budget("--scenario", "円安", runs="last.xlsx")["scenario"] == "Own 1"


def test_a_scenario_of_a_workbook_that_is_none_is_named_with_its_cell_and_the_names_of_its_sheet(
    budget, xlcost, tmp_path
):
    budget("--language", "ja")
    book = load_workbook(tmp_path / "ours.xlsx")
    sheet = book[language_of("ja").text("Scenarios")]
    sheet["B4"] = "低"
    book.save(tmp_path / "ours.xlsx")
    status, _, said = xlcost("budget", "ours.xlsx")
    assert status == 2
    assert said.startswith(f"xlcost: ours.xlsx: {sheet.title}!B4: '低' is none of {sheet['D6'].value}, 低位, 高位, ")


def test_a_rate_of_a_workbook_that_cannot_be_is_named_with_its_cell(budget, xlcost, tmp_path):
    budget("--currency", "EUR", "--rate", "0.9")
    book = load_workbook(tmp_path / "ours.xlsx")
    (row,) = [cell.row for cell in book["Calendar"]["A"] if cell.value == "EUR"]
    book["Calendar"][f"B{row}"] = 1e-300
    book.save(tmp_path / "ours.xlsx")
    status, _, said = xlcost("budget", "ours.xlsx")
    assert status == 2 and said.startswith(f"xlcost: ours.xlsx: Calendar!B{row}: EUR needs numbers from 0.000001 to")


def test_a_rate_alone_is_that_of_the_settings_currency(budget, tmp_path):
    (tmp_path / "a.toml").write_text(YEN)
    assert budget("--settings", "a.toml", "--rate", "140")["rates"]["JPY"][0] == 140
    # The currency alone is enough where each month brings its rate.
    (tmp_path / "b.toml").write_text('currency = "JPY"')
    found = budget("--settings", "b.toml", "--rate", "130")
    assert (found["currency"], found["rates"]["JPY"][0]) == ("JPY", 130)
    (tmp_path / "ours.xlsx").rename(tmp_path / "last.xlsx")
    found = budget("--rate", "120", runs="last.xlsx")
    assert (found["currency"], found["rates"]["JPY"][0]) == ("JPY", 120)


def test_a_rate_on_the_command_line_leaves_those_of_other_currencies(budget, tmp_path):
    (tmp_path / "a.toml").write_text(YEN)
    found = budget("--settings", "a.toml", "--currency", "GBP", "--rate", "0.8")
    assert {code: rates[0] for code, rates in found["rates"].items()} == {"JPY": 150, "EUR": 0.9, "GBP": 0.8}


def test_what_the_command_line_says_is_not_blamed_on_the_file(budget, xlcost, tmp_path):
    (tmp_path / "a.toml").write_text(YEN)
    for words, sentence in (
        (("--currency", "GBP"), "--currency: GBP needs a rate"),
        (("--scenario", "Lwo"), "scenario: 'Lwo' is none of"),
    ):
        status, _, said = xlcost("budget", "--settings", "a.toml", *words)
        assert status == 2 and said.startswith(f"xlcost: {sentence}") and "a.toml" not in said
    # And what the file says is.
    (tmp_path / "a.toml").write_text('language = "fr"')
    status, _, said = xlcost("budget", "--settings", "a.toml", "--scenario", "Low")
    assert (status, said) == (2, "xlcost: a.toml: language: 'fr' is none of en, ja\n")


def test_the_file_of_all_settings_changes_nothing_as_it_is_written(xlcost, tmp_path):
    assert xlcost("template", "settings") == (0, f"{FILE}\n", "")
    assert settings_from(tmp_path / FILE) == DEFAULTS
    changed = settings_from(years=2, accounts={"own": "5000"}, scenarios={"Low": {"energy": 0.5}})
    assert settings_from(tmp_path / FILE, changed) == changed
    assert xlcost("template", "settings") == (2, "", f"xlcost: {FILE}: the file exists; --force replaces it\n")


def test_the_file_of_all_settings_has_each_of_them_with_a_value_that_can_be(xlcost, tmp_path):
    xlcost("template", "settings", "-o", FILE)
    lines = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    used = [line[2:] for line in lines if re.match(r'# (\[|[\w"][\w. "]*? = )', line)]
    (tmp_path / FILE).write_text("\n".join(used), encoding="utf-8")
    found = settings_from(tmp_path / FILE)
    told = {line.partition(" = ")[0].strip('"') for line in used} | {line.strip("[]") for line in used}
    names = {each.name for each in fields(BudgetSettings)} - {"places", "scenarios"}
    assert names - told == set()
    assert set(found.assumptions) == {*ASSUMPTIONS, *PURCHASE_ASSUMPTIONS}
    assert (set(found.accounts), set(found.ranges)) == (set(LINES), {"level", "pooling", *UNCERTAIN})
    assert set(found.scenarios["Own 2"]) == {"name", "owner", "date", "assumes", *DRIVERS}
    for block in BLOCKS:
        assert {each.name for each in block.inputs} <= set(getattr(found, block.setting))
    assert set(found.buy_or_rent["benefits"][0]) >= {"benefit", "year_5", "source"}
