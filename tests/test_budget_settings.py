"""Settings of a budget: what counts where nothing is said, and one clear sentence for what cannot be."""

import datetime

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from xlcost.budget.plan import decided
from xlcost.budget.settings import BudgetSettings, settings_from
from xlcost.budget.settings_sheets import settings_of_workbook
from xlcost.dates import to_serial
from xlcost.errors import XlcostError
from xlcost.workbook.budget import write_budget


def read(folder, text, **given):
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return settings_from(path, **given)


def days(*texts):
    return np.array([float(to_serial(text)) for text in texts] + [np.nan])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fiscal_year_start = 0", "fiscal_year_start: 0 is no whole number from 1 to 12"),
        ("fiscal_year_start = 13", "fiscal_year_start: 13 is no whole number from 1 to 12"),
        ("fiscal_year_start = 1.5", "fiscal_year_start: 1.5 is no whole number from 1 to 12"),
        ('fiscal_year_start = "4"', "fiscal_year_start: '4' is no whole number from 1 to 12"),
        ("years = 6", "years: 6 is no whole number from 1 to 5"),
        ("years = 0", "years: 0 is no whole number from 1 to 5"),
        ("years = true", "years: True is no whole number from 1 to 5"),
        ("years = 2.0", "years: 2.0 is no whole number from 1 to 5"),
        ("first_fiscal_year = 1800", "first_fiscal_year: 1800 is no whole number from 1991 to 2094"),
        ("first_fiscal_year = 2025.0", "first_fiscal_year: 2025.0 is no whole number"),
        ("payment_lag = 4", "payment_lag: 4 is no whole number from 0 to 3"),
        ("payment_lag = -1", "payment_lag: -1 is no whole number from 0 to 3"),
        ('currency = "EUR"', "currency: 'EUR' needs a rate: its units for 1 USD"),
        ("currency = 5", "currency: 5 is no code of a currency"),
        ('currency = ["EUR"]', "currency: ['EUR'] is no code of a currency"),
        ("rates = 5", "rates: give a number, or one a fiscal year, for each currency"),
        ("[rates]\nEUR = 0", "rates: EUR needs numbers from 0.000001 to 1,000,000,000: its units for 1 USD, one a"),
        ("[rates]\nEUR = -0.9", "rates: EUR needs numbers from 0.000001 to"),
        ("[rates]\nEUR = []", "rates: EUR needs numbers from 0.000001 to"),
        ('[rates]\nEUR = [0.9, "1"]', "rates: EUR needs numbers from 0.000001 to"),
        ("[rates]\nEUR = inf", "rates: EUR needs numbers from 0.000001 to"),
        ("[rates]\nEUR = nan", "rates: EUR needs numbers from 0.000001 to"),
        ("[rates]\nEUR = 1e-300", "rates: EUR needs numbers from 0.000001 to 1,000,000,000"),
        ("[rates]\nEUR = 1e10", "rates: EUR needs numbers from 0.000001 to 1,000,000,000"),
        ("[rates]\neuro = 0.9", "rates: 'euro' is no code of a currency: three capital letters, such as EUR"),
        ('currency = "usd"', "currency: 'usd' is no code of a currency: three capital letters, such as EUR"),
        ('language = "fr"', "language: 'fr' is none of en, ja"),
        ("[rates]\nUSD = 2", "rates: 1 USD is 1 USD"),
        ('units = "k"', "units: 'k' is none of ones, thousands, millions"),
        ('depreciation = "fast"', "depreciation: 'fast' is none of straight_line, declining_balance"),
        ('charging = "free"', "charging: 'free' is none of used, entitled"),
        ("staff = true", "staff: True is none of yes, no"),
        ('scenario = "Lwo"', "scenario: 'Lwo' is none of Base, Low, High, Own 1, Own 2"),
        ("scenario = 5", "scenario: 5 is none of Base, Low, High, Own 1, Own 2"),
        ("trial_factor = 0.5", "trial_factor: 0.5 is no number from 1 to 1000"),
        ('trial_factor = "2"', "trial_factor: '2' is no number from 1 to 1000"),
        ("contingency = 1.1", "contingency: 1.1 is no number from 0 to 1"),
        ('contingency = "5%"', "contingency: '5%' is no number from 0 to 1"),
        ("price_growth = 2", "price_growth: 2 is no number from -0.5 to 1"),
        ("wage_growth = nan", "wage_growth: nan is no number from -0.5 to 1"),
        ("revenue = 5e9", "revenue: 5000000000.0 is no list of amounts of 0 or more, one a fiscal year"),
        ('revenue = "much"', "revenue: 'much' is no list of amounts of 0 or more"),
        ("revenue = [1e9, -1]", "revenue: [1000000000.0, -1] is no list of amounts of 0 or more"),
        ("research_budget = [1, 2, 3, 4, 5, 6]", "research_budget: [1, 2, 3, 4, 5, 6] is no list of amounts"),
        ("accounts = 5", "accounts: 5 is no table of accounts by kind of cost"),
        ('[accounts]\nowm = "5000"', "accounts: 'owm' is none of own, rented, capacity, trials, idle, disposal"),
        ("[accounts]\nown = [1]", "accounts: [1] is no account of own: give a text or a whole number"),
        ("contingency_department = 5", "contingency_department: 5 is no text"),
        ("colour = 1", "there is no setting 'colour'; there are accounts, assumptions, buy_or_rent"),
        ("years = ", "the settings cannot be read (Invalid value"),
        ("years = 1\nyears = 2", "the settings cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_file(tmp_path, text, sentence):
    with pytest.raises(XlcostError) as refused:
        read(tmp_path, text)
    assert f"settings.toml: {sentence}" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_all_that_is_wrong_is_said_at_once_a_line_each_and_an_unknown_name_hides_nothing(tmp_path):
    with pytest.raises(XlcostError) as refused:
        read(tmp_path, 'years = 9\nunits = "k"\ncolour = 1\nsize = 2\nrates = 5')
    lines = str(refused.value).splitlines()
    said = [line.removeprefix(f"{tmp_path / 'settings.toml'}: ").partition(";")[0] for line in lines]
    assert said == [
        "there is no setting 'colour'",
        "there is no setting 'size'",
        "rates: give a number, or one a fiscal year, for each currency",
        "years: 9 is no whole number from 1 to 5",
        "units: 'k' is none of ones, thousands, millions",
    ]


def test_a_company_may_earn_nothing_in_a_year(tmp_path):
    assert read(tmp_path, "revenue = [0, 1e9]\nresearch_budget = [0]").revenue == [0, 1e9]


# --- rates of more years than there are


@pytest.mark.parametrize(
    ("text", "given", "most"),
    [
        ("years = 2\n[rates]\nEUR = [0.9, 0.8, 0.7]", {}, 2),
        ("years = 2", {"rates": {"EUR": [0.9, 0.8, 0.7]}}, 2),
        ("", {"years": 1, "rates": {"EUR": [0.9, 0.8]}}, 1),
        ("[rates]\nEUR = [1, 2, 3, 4, 5, 6]", {}, 5),
    ],
)
def test_a_rate_that_would_count_for_no_year_is_refused(tmp_path, text, given, most):
    with pytest.raises(XlcostError, match=f"rates: EUR has . for {most} fiscal years; give one, or at most {most}"):
        read(tmp_path, text, **given)


def test_the_command_line_says_how_many_rates_it_takes(xlcost, tmp_path):
    status, _, complaint = xlcost(
        *("budget", "--years", "2", "--currency", "EUR", "--rate", "0.9", "--rate", "0.8", "--rate", "0.7")
    )
    assert status == 2 and "rates: EUR has 3 for 2 fiscal years; give one, or at most 2" in complaint
    assert list(tmp_path.iterdir()) == []


def test_a_file_or_a_workbook_may_have_rates_of_more_years_than_are_wanted(tmp_path):
    text = 'years = 3\ncurrency = "EUR"\n[rates]\nEUR = [0.9, 0.8, 0.7]\n'
    assert read(tmp_path, text, years=2).rates == {"EUR": [0.9, 0.8, 0.7]}
    path, runs = tmp_path / "budget.xlsx", pd.DataFrame({"run": ["a"], "chip": "H100", "chips": 8, "hours": 10.0})
    write_budget(path, runs, settings=read(tmp_path, text))
    of_workbook = settings_from(**settings_of_workbook(path))
    assert (of_workbook.years, of_workbook.rates) == (3, {"EUR": [0.9, 0.8, 0.7]})
    assert settings_from(base=of_workbook, years=2).years == 2
    write_budget(path, runs, settings=settings_from(base=of_workbook, years=2), replace=True)
    assert settings_of_workbook(path)["rates"] == {"EUR": [0.9, 0.8]}


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(XlcostError, match="none.toml: there is no such file"):
        settings_from(tmp_path / "none.toml")
    with pytest.raises(XlcostError, match="the settings cannot be read"):
        settings_from(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(XlcostError, match="binary.toml: the settings cannot be read"):
        settings_from(tmp_path / "binary.toml")


@pytest.mark.parametrize("text", ["years = 9", 'scenario = "Lwo"', "revenue = 5", "accounts = 5", "colour = 1"])
def test_nothing_is_written_from_settings_that_cannot_be(xlcost, tmp_path, text):
    (tmp_path / "settings.toml").write_text(text)
    status, printed, complaint = xlcost("budget", "--settings", "settings.toml")
    assert status == 2 and "settings.toml" in complaint and "Traceback" not in complaint
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_a_file_counts_but_for_what_is_given_beside_it(tmp_path):
    text = 'years = 2\ncurrency = "EUR"\n[rates]\nEUR = [0.9, 0.8]\nJPY = 150\n[accounts]\nown = 5000\n'
    found = read(tmp_path, text, years=3, scenario=None)
    assert (found.years, found.currency, found.scenario) == (3, "EUR", "Base")
    assert found.rates == {"EUR": [0.9, 0.8], "JPY": [150]} and found.accounts == {"own": 5000}


@pytest.mark.parametrize("rate", [1e-6, 1e9])
def test_rates_have_bounds_and_may_be_at_them(tmp_path, rate):
    assert read(tmp_path, f"[rates]\nEUR = {rate}").rates == {"EUR": [rate]}


@pytest.mark.parametrize(
    ("scenario", "found"),
    [("Low", "Low"), ("低位", "Low"), ("高位", "High"), ("own 1", "Own 1"), ("Harsh", "Own 1"), (" harsh ", "Own 1")],
)
def test_a_scenario_is_called_by_its_name_in_any_language_or_by_its_own(tmp_path, scenario, found):
    assert read(tmp_path, f'scenario = "{scenario}"\n["scenarios"."Own 1"]\nname = "Harsh"').scenario == found


def test_a_scenario_that_is_none_is_refused_with_the_names_that_the_sheet_has(tmp_path):
    text = 'language = "ja"\nscenario = "低"\n[scenarios.High]\nname = "Harsh"'
    with pytest.raises(XlcostError, match="settings.toml: scenario: '低' is none of .*, 低位, Harsh, "):
        read(tmp_path, text)


def test_a_file_may_begin_with_the_mark_of_its_encoding(tmp_path):
    assert read(tmp_path, "\ufeffyears = 2").years == 2


@pytest.mark.parametrize(
    ("begin", "first", "last", "year", "years"),
    [
        (1, "2025-01-01", "2025-12-31", 2025, 1),
        (1, "2025-12-31", "2026-01-01", 2025, 2),
        (4, "2025-03-31", "2025-04-01", 2024, 2),
        (12, "2025-11-30", "2025-12-01", 2024, 2),
        (10, "2024-10-01", "2031-01-01", 2024, 5),
    ],
)
def test_the_period_holds_the_first_cost_and_the_last_as_far_as_five_years_do(begin, first, last, year, years):
    found = decided(BudgetSettings(), days(first, last), begin)
    assert (found.fiscal_year_start, found.first_fiscal_year, found.years) == (begin, year, years)


def test_the_period_is_as_it_is_given():
    given = BudgetSettings(fiscal_year_start=4, first_fiscal_year=2030, years=2)
    found = decided(given, days(datetime.date(2025, 1, 1)), 1)
    assert found == given
    # A first year after all costs leaves one year.
    assert decided(BudgetSettings(first_fiscal_year=2030), days("2025-01-01"), 1).years == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[assumptions]\nhostings = 1", "assumptions: 'hostings' is none of depreciation_rate"),
        ("[assumptions]\ndiscount_rate = 2", "assumptions: discount_rate is 2; it must be a number from 0 to 1"),
        ("[scenarios.Best]\nhardware = 1", "scenarios: 'Best' is none of Base, Low, High, Own 1, Own 2"),
        ("[scenarios.Low]\nhardware = 0", "scenarios: Low: hardware is 0; a factor is a number above 0"),
        ("[scenarios.Low]\ncolour = 1", "scenarios: Low: 'colour' is none of name, owner, date"),
        ("[scenarios.Base]\nhardware = 0.5", "scenarios: Base: hardware is 0.5; in the base case it is 1"),
        ('version = "Draft"', "version: 'Draft' is none of Original, Revised, Forecast"),
    ],
)
def test_an_assumption_or_a_scenario_that_cannot_be_is_refused(tmp_path, text, sentence):
    with pytest.raises(XlcostError) as refused:
        read(tmp_path, text)
    assert f"settings.toml: {sentence}" in str(refused.value)


def test_a_language_of_the_settings_is_that_of_the_workbook(tmp_path):
    path = tmp_path / "budget.xlsx"
    settings = read(
        tmp_path, 'language = "ja"\n[scenarios.Low]\nname = "Mild"\nenergy = 0.5\n[assumptions]\nhosting = 150'
    )
    write_budget(path, pd.DataFrame({"run": ["a"], "chip": "H100", "chips": 8, "hours": 10.0}), settings=settings)
    book = load_workbook(path)
    assert book.sheetnames[0] == "表紙"
    again = settings_from(**settings_of_workbook(path))
    assert again.scenarios["Low"]["name"] == "Mild" and again.scenarios["Low"]["energy"] == 0.5
    assert again.assumptions == {"hosting": 150.0}
