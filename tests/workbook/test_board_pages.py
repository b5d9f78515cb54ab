"""The Cover and the Summary, which a board reads, against the sheets that they sum up."""

import re

import pandas as pd
import pytest
from openpyxl import load_workbook

from xlcost.budget.plan import Tables
from xlcost.budget.settings import settings_from
from xlcost.examples import CAPACITY, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.runs import read_runs
from xlcost.workbook import runs, scenarios
from xlcost.workbook.budget import write_budget
from xlcost.workbook.summary import TOP

DEPARTMENTS = "For whom: departments by cost"
SMALL = pd.DataFrame({"run": ["a"], "chip": "H100", "chips": 8, "hours": 100.0, "start": "2025-03-01"})
"""A run that costs some hundred dollars."""
WHATEVER = "base prices and compute"
BY_THEMSELVES = {"Costs": "C2", "Approaches": "A2", "Development": "A3", "Uncertainty": "A2", "Trend": "A3"}
"""Sheets of runs by themselves, and the cells that say what they are."""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    path = tmp_path_factory.mktemp("board") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=Tables(staff=STAFF, capacity=CAPACITY, others=OTHER_COSTS))
    return path


def table_of(rows, title):
    """Rows of a table by their labels: the total, the largest and what is left."""
    first = [row[0] for row in rows].index(title) + 1
    return {row[0]: row[1] for row in rows[first : first + 2 + TOP] if row[0]}


def answers_of(book):
    """What the Cover says, a sentence a row."""
    return [str(row[1]) for row in book["Cover"].iter_rows(max_row=25, values_only=True)]


def of_small_run(path, **settings):
    """What the Cover says of a small budget, by its questions."""
    write_budget(path, SMALL, settings=settings_from(**settings), replace=True)
    return load_workbook(path, data_only=True)


def test_the_summary_lists_the_departments_that_cost_something_the_largest_first(example):
    book = load_workbook(example, data_only=True)
    ranked = table_of(list(book["Summary"].iter_rows(values_only=True)), DEPARTMENTS)
    total = ranked.pop("Total")
    assert list(ranked) == ["Frontier models", "Language products", "Research"]
    assert list(ranked.values()) == sorted(ranked.values(), reverse=True)
    assert sum(ranked.values()) == pytest.approx(total, rel=1e-12)


def test_a_department_that_is_not_listed_is_ranked_once_it_costs_something(example, libreoffice):
    with libreoffice.open(example) as document:
        letter = runs.letters()["department"]
        document.set({("Runs", f"{letter}{runs.FIRST}"): "Somewhere else"})
        ranked = table_of(document.grid("Summary", "A1:B40"), DEPARTMENTS)
    assert ranked["None, or not listed"] > 0


def test_the_cover_speaks_of_the_largest_departments_only_where_it_does_not_name_all(example, libreoffice):
    with libreoffice.open(example) as document:

        def said():
            return dict(document.grid("Cover", "A1:B25"))["For whom"]

        assert said().startswith("Frontier models 1,")
        # Semicolons between them, since names and amounts may hold commas.
        assert [name.split()[0] for name in said().split("; ")] == ["Frontier", "Language", "Research"]
        document.set({("Runs", f"{runs.letters()['department']}{runs.FIRST}"): "Somewhere else"})
        assert said().startswith("Largest: Frontier models ")


def test_the_cover_says_which_share_of_the_budget_idle_hours_cost(example):
    book = load_workbook(example, data_only=True)
    years = {row[0]: row[1] for row in book["Summary"].iter_rows(max_row=9, values_only=True)}
    [share] = re.findall(r"([0-9.]+)% of the budget, which is in the costs above", "\n".join(answers_of(book)))
    assert share == f"{100 * years['of which idle capacity'] / years['Costs']:.1f}"


def said_to_be_paid_in_other_years(book):
    """The amount that the Cover names. [million USD]"""
    said = re.findall(r"less ([0-9,.]+) million USD of costs that are paid in other years", "\n".join(answers_of(book)))
    return float(said[0].replace(",", "")) if said else 0.0


def test_what_is_paid_in_other_years_are_the_bills_of_the_last_months(tmp_path):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=Tables(staff=STAFF, others=OTHER_COSTS))
    book = load_workbook(path, data_only=True)
    heads, _, *lines = list(book["Lines"].iter_rows(min_row=4, values_only=True))
    lag, last = heads.index("Payment lag [months]; -1: on Capacity"), heads.index("Budget total") - 2
    unpaid = sum(sum(line[last + 1 - int(line[lag]) : last + 1]) for line in lines if line[lag] > 0)
    assert unpaid > 0
    assert said_to_be_paid_in_other_years(book) == pytest.approx(unpaid / 1e6, abs=0.05)


def test_hardware_bought_before_the_budget_is_not_taken_for_unpaid(tmp_path):
    path, capacity = tmp_path / "budget.xlsx", tmp_path / "capacity.csv"
    capacity.write_text(
        "capacity,kind,owner,chip,chips,in_service,until,payment_lag\n"
        "Old,owned,Research,NVIDIA H100 SXM5 80GB,1000,2023-01-01,2027-01-01,0\n"
    )
    settings = settings_from(first_fiscal_year=2025, years=1, staff="no", payment_lag=0)
    write_budget(path, read_runs(PORTFOLIO), tables=Tables(capacity=capacity), settings=settings)
    book = load_workbook(path, data_only=True)
    [books] = [answer for answer in answers_of(book) if "in the books" in answer]
    left, opening = (float(each.replace(",", "")) for each in re.findall(r"(?:plus|less) ([-0-9,.]+)", books))
    assert opening > left > 0
    assert said_to_be_paid_in_other_years(book) == 0


def test_payments_follow_from_the_costs_in_a_currency_whose_rate_changes(tmp_path):
    path = tmp_path / "budget.xlsx"
    told = dict(currency="EUR", rates={"EUR": [0.9, 0.8, 1.1]}, first_fiscal_year=2023, years=3, units="millions")
    tables = Tables(staff=STAFF, capacity=CAPACITY, others=OTHER_COSTS)
    write_budget(path, read_runs(PORTFOLIO), tables=tables, settings=settings_from(**told))
    book = load_workbook(path, data_only=True)
    years = {row[0]: row[1] for row in book["Summary"].iter_rows(max_row=10, values_only=True)}
    [said] = [answer for answer in answers_of(book) if answer.startswith("They are the costs")]
    parts = re.findall(r"(plus|less) ([0-9,.]+) million EUR", said)
    assert len(parts) == 2
    whole = sum(float(amount.replace(",", "")) * (1 if sign == "plus" else -1) for sign, amount in parts)
    assert years["Costs"] / 1e6 + whole == pytest.approx(years["Payments"] / 1e6, abs=0.2)


def test_the_cover_says_what_the_same_runs_cost_in_other_years(tmp_path):
    storage = [{"item": "Storage", "amount": 1e6, "start": "2024-11-01", "end": "2026-03-31", "timing": "monthly"}]
    others, runs = tmp_path / "others.csv", pd.DataFrame({"run": ["a"], "chip": "H100", "chips": 1, "hours": 1.0})
    pd.DataFrame(storage).to_csv(others, index=False)
    said = {}
    for year in (2024, 2025, 2026):
        path = tmp_path / f"{year}.xlsx"
        settings = settings_from(first_fiscal_year=year, years=1)
        write_budget(path, runs.assign(start=f"{year}-01-15"), tables=Tables(others=others), settings=settings)
        [said[year]] = [
            each for each in answers_of(load_workbook(path, data_only=True)) if each.startswith("Not in it")
        ]
    beginning = "Not in it are costs of the same runs, capacity and people: "
    assert said == {
        2024: f"{beginning}in later years 15.0 million USD.",
        2025: f"{beginning}in earlier years 2.0 million USD; in later years 3.0 million USD.",
        2026: f"{beginning}in earlier years 14.0 million USD.",
    }


@pytest.mark.parametrize(
    ("lag", "said"),
    [
        (0, "People and other bills are paid at once, hardware and commitments"),
        (1, "People are paid at once, other bills 1 month later, hardware and commitments"),
        (3, "People are paid at once, other bills 3 months later, hardware and commitments"),
    ],
)
def test_the_cover_says_when_bills_are_paid_and_who_pays_for_idle_hours(tmp_path, lag, said):
    settings = settings_from(payment_lag=lag, charging="entitled")
    write_budget(
        tmp_path / "b.xlsx", read_runs(PORTFOLIO), tables=Tables(staff=STAFF, capacity=CAPACITY), settings=settings
    )
    answers = answers_of(load_workbook(tmp_path / "b.xlsx", data_only=True))
    assert any(said in answer for answer in answers)
    assert any(answer.endswith("in the costs above and charged by entitled shares.") for answer in answers)


def test_what_moves_the_budget_most_is_what_it_changes_by_in_a_scenario_of_that_alone(example, tmp_path):
    [said] = [answer for answer in answers_of(load_workbook(example, data_only=True)) if "What moves it most" in answer]
    assert said.startswith("What moves it most: Price of hardware; at ")
    least, less, most, more = (
        float(each.replace(",", "")) for each in re.findall(r"-?[0-9](?:[0-9.,]*[0-9])?", said.replace("−", "-"))
    )
    totals = []
    for hardware in (1.0, least, most):
        settings = settings_from(scenario="Own 1", scenarios={"Own 1": {"hardware": hardware}})
        tables = Tables(staff=STAFF, capacity=CAPACITY, others=OTHER_COSTS)
        write_budget(tmp_path / "b.xlsx", read_runs(PORTFOLIO), tables=tables, settings=settings, replace=True)
        rows = load_workbook(tmp_path / "b.xlsx", data_only=True)["Summary"].iter_rows(max_row=9, values_only=True)
        totals.append({row[0]: row[1] for row in rows}["Costs"] / 1e6)
    base, low, high = totals
    assert [low - base, high - base] == pytest.approx([less, more], abs=0.1)


# --- scenarios


def test_sheets_of_runs_by_themselves_say_that_they_do_not_follow_the_scenario_and_do_not(example, libreoffice):
    with libreoffice.open(example) as document:

        def shown():
            approaches = [row[:2] for row in document.grid("Summary", "A22:B40") if row[0] in labels]
            # Titles, which name the scenario, are put once more above what is printed on pages of its own.
            rows = [row for name in BY_THEMSELVES for row in document.grid(name, "A2:K60")]
            return [cell for row in rows for cell in row if isinstance(cell, float)], approaches

        labels = "All on own hardware", "All in the cloud", "Development, median", "Purchase price of the clusters"
        before, budget = shown(), document.grid("Budget", "A20:D40")
        assert len(before[1]) == len(labels)
        document.set({("Scenarios", "B4"): "High"})
        assert document.grid("Budget", "A20:D40") != budget
        assert shown() == before
        for name, cell in BY_THEMSELVES.items():
            [said] = document.get([(name, cell)])
            assert WHATEVER in said, name
        for name in ("Summary", "Cover", "Scenarios"):
            assert any(WHATEVER in str(cell) for row in document.grid(name, "A1:H45") for cell in row), name


def test_scenarios_that_are_renamed_are_called_so(example, libreoffice):
    with libreoffice.open(example) as document:
        document.set({("Scenarios", f"E{scenarios.HEADING}"): "Mild", ("Scenarios", f"F{scenarios.HEADING}"): "Dear"})
        said = [str(row[0]) for row in document.grid("Cover", "B1:B25")]
        assert any("in scenario Mild and " in answer and " in Dear, where all " in answer for answer in said)
        rows = document.grid("Scenarios", "A1:H70")
        headings = [row[3:5] for row in rows if row[0] in ("What moves the budget", "Ranked")][1:]
        assert headings == [("Mild", "Dear")] * 2 or headings == [["Mild", "Dear"]] * 2
        assert not any("Low and High move" in str(row[0]) for row in rows)


def test_nothing_is_extreme_nor_moves_the_budget_where_all_factors_are_1(example, libreoffice):
    last = scenarios.FIRST + len(scenarios.DRIVERS) - 1
    with libreoffice.open(example) as document:
        cells = [("Scenarios", f"{letter}{row}") for letter in "EF" for row in range(scenarios.FIRST, last + 1)]
        document.set(dict.fromkeys(cells, 1.0))
        said = [str(row[0]) for row in document.grid("Cover", "B1:B25")]
        [sure] = [answer for answer in said if "in scenario Low" in answer]
        assert sure.endswith(" in High.") and "extremes" not in sure
        assert "Nothing moves it between Low and High." in said
        # With one end alone, that end is as in the base case.
        document.set({("Scenarios", f"F{scenarios.FIRST}"): 3.0})
        [moves] = [answer for [answer] in document.grid("Cover", "B1:B25") if "What moves it" in str(answer)]
        assert (
            "Price of hardware; as in the base case the budget changes by 0 USD, at 3 times the base case by +" in moves
        )


# --- small and empty budgets


def test_small_amounts_are_told_in_full_and_parts_of_nothing_are_left_out(tmp_path):
    book = of_small_run(tmp_path / "b.xlsx")
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(max_row=30, values_only=True)}
    said = "\n".join(answers_of(book))
    total = f"{summary['Costs']:,.0f}"
    assert 100 < summary["Costs"] < 10_000
    assert f"The budget is {total} USD of costs, without tax: {total} in FY2025." in said
    assert f"{total} USD in these years" in said and "\nThey are the costs.\n" in said
    assert re.search(r"from \$[0-9,]+ to \$[0-9,]+ \(90% range\);", said)
    assert not re.search(r"\b0\.0\b", said) and "in the books" not in said


def test_a_budget_of_years_without_costs_names_nobody_and_nothing(tmp_path):
    book = of_small_run(tmp_path / "b.xlsx", first_fiscal_year=2035, years=2)
    said = {row[0]: row[1] for row in book["Cover"].iter_rows(max_row=25, max_col=2, values_only=True) if row[0]}
    assert said["For whom"] == said["For what"] == "No costs fall in these years."
    assert said["How sure"] == "The budget is 0 USD in scenario Low and 0 USD in High."
    assert "Nothing moves it between Low and High." in answers_of(book)
    assert said["Master check"] == "OK"


def test_the_summary_says_whether_the_checks_are_ok(example, libreoffice):
    with libreoffice.open(example) as document:
        assert document.get([("Summary", "A3")]) == ["Master check: OK"]
        document.set({("Runs", f"{runs.letters()['chip']}{runs.FIRST}"): "no such chip"})
        assert document.get([("Summary", "A3")]) == ["Master check: CHECK. See the sheet Checks"]
