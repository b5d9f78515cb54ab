"""The months of a budget workbook against a plain model of its rules, and against figures calculated by hand."""

import csv
import datetime
import os

import pytest

from tests.budget_oracle import COMPONENTS
from tests.workbook import compare
from tests.workbook.ledger import (
    FACTS,
    LABELS,
    Ledger,
    differences,
    oracle_of,
    plan_for,
    random_budget,
    written_and_expected,
)
from tests.workbook.small_budgets import DAY, budget, committed, run, whole
from xlcost.budget.plan import plan_of
from xlcost.budget.settings import BudgetSettings
from xlcost.examples import CAPACITY, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.runs import read_runs
from xlcost.workbook.budget import _book

BUDGETS = int(os.environ.get("XLCOST_RANDOM_BUDGETS", "25"))
"""How many random budgets are tried; a night takes some thousands."""
COMPUTED = range(9000, 9003)
"""Random budgets that LibreOffice computes too."""


def rows_of(path):
    """Rows of a shipped table, with numbers and dates."""
    with open(path, encoding="utf-8") as file:
        return [
            {name: cell if name == "cost_center" else value_of(cell) for name, cell in row.items() if cell}
            for row in csv.DictReader(file)
        ]


def value_of(cell):
    for kind in (float, datetime.date.fromisoformat):
        try:
            return kind(cell)
        except ValueError:
            pass
    return cell


def test_every_month_of_the_shipped_example_is_as_the_rules_say(tmp_path):
    tables = {
        "runs": rows_of(PORTFOLIO),
        "capacity": rows_of(CAPACITY),
        "others": rows_of(OTHER_COSTS),
        "staff": rows_of(STAFF),
    }
    ledger, oracle = written_and_expected(tmp_path, BudgetSettings(), tables)
    assert differences(ledger, oracle) == []
    assert ledger.master() == "OK" and not ledger.short() and not oracle.is_short
    assert sum(oracle.total) > 1e8


@pytest.mark.parametrize("seed", range(BUDGETS))
def test_every_month_of_a_random_budget_is_as_the_rules_say(tmp_path, seed):
    settings, tables = random_budget(seed)
    ledger, oracle = written_and_expected(tmp_path, settings, tables)
    assert differences(ledger, oracle) == []
    # Where more is used than there is, the workbook says so, and of which capacity.
    assert ledger.short() == oracle.is_short
    assert ledger.master() == ("CHECK" if oracle.is_short or oracle.is_drawn_on_wrongly else "OK")


@pytest.mark.parametrize("seed", COMPUTED)
def test_libreoffice_computes_the_stored_values_of_a_random_budget(tmp_path, libreoffice, seed):

    settings, tables = random_budget(seed)
    plan, path = plan_for(tmp_path, settings=settings, **tables), tmp_path / "budget.xlsx"
    _book(plan).save(path)
    with libreoffice.open(path) as document:
        document.recalculate()
        assert compare.differences(path, document) == []
        assert differences(Ledger(document, plan.settings), oracle_of(plan.settings, tables, FACTS)) == []


def test_every_view_of_a_random_budget_adds_up_to_the_whole_in_each_month(tmp_path):
    for seed in range(5):
        settings, tables = random_budget(seed)
        ledger, oracle = written_and_expected(tmp_path, settings, tables)
        for title in (
            *("By component", "By department", "By kind of cost", "By account", "By cost center", "By sourcing"),
            *("By treatment", "Core or generic", "By phase"),
        ):
            rows = ledger.view(title)
            whole = rows.pop("")
            for month, expected in enumerate(oracle.total):
                added = sum(float(row[month] or 0.0) for row in rows.values())
                assert added == pytest.approx(expected, rel=1e-9, abs=0.005), f"{title}, month {month + 1}"
                assert whole[month] == pytest.approx(expected, rel=1e-9, abs=0.005)


# --- sentences, with figures calculated by hand


def test_a_run_across_fiscal_years_falls_into_each_by_its_days(tmp_path):
    ledger = budget(
        tmp_path,
        [run("a", chips=40, hours=240.0, start=DAY(2025, 3, 28), capacity="Pool")],
        [committed(kind="on_demand")],
        {"fiscal_year_start": 4, "first_fiscal_year": 2024, "years": 2},
    )
    # Ten days from 28 March on: four in the fiscal year that ends on the 31st, six in the next.
    months = ledger.view("By department")["Users"]
    assert (months[11], months[12]) == (pytest.approx(40 * 96 * 2.0), pytest.approx(40 * 144 * 2.0))


def test_trials_take_the_time_just_before_their_run(tmp_path):
    ledger = budget(
        tmp_path,
        [run("a", chips=40, hours=240.0, start=DAY(2025, 3, 6), capacity="Pool", experiment_factor=1.8)],
        [committed(kind="on_demand")],
    )
    # Eight days before 6 March: three in February, five in March, and then the run's ten.
    assert ledger.capacity("Used hours")["Pool"][1:3] == pytest.approx([40 * 72, 40 * 120 + 40 * 240])
    kinds = ledger.view("By kind of cost")
    assert sum(kinds["Trials and failed runs"]) == pytest.approx(0.8 * 40 * 240 * 2.0)


def test_people_cost_their_mean_over_the_time_up_to_the_end_of_their_run(tmp_path):
    staff = [
        {"run": "a", "role": "engineers", "people": 10, "fte_low": 0.5, "years_low": 0.2, "salary_low": 100_000,
         "equity_low": 0, "employment_overhead_low": 1.2},
        {"run": "a", "role": "labelling", "person_months_low": 6, "monthly_rate_low": 5_000},
    ]  # fmt: skip
    cells = dict(chips=1, hours=24.0, start=DAY(2025, 12, 30))
    ledger = budget(tmp_path, [run("a", **cells)], staff=staff)
    # 10 × 50% × $120,000 × 0.2 years = $120,000 in the 73.05 days before 31 December, 30 of them that month's.
    december = ledger.view("By component")[LABELS["employees"]][11]
    assert december == pytest.approx(120_000 * 30 / 73.05)
    assert whole(ledger, "employees") == pytest.approx(120_000)
    # Contractors over 365.25 days, of which 364 are in 2025.
    assert whole(ledger, "contractors") == pytest.approx(30_000 * 364 / 365.25)


def test_other_costs_fall_once_or_each_month_at_the_rates_of_their_year(tmp_path):
    others = [
        {"item": "once", "amount": 1000, "currency": "EUR", "start": DAY(2025, 3, 31), "department": "Users"},
        {"item": "monthly", "amount": 100, "timing": "monthly", "start": DAY(2025, 11, 30), "end": DAY(2026, 2, 1)},
    ]
    settings = {"years": 2, "currency": "JPY", "rates": {"EUR": [0.8, 1.0], "JPY": [120, 150]}, "price_growth": 0.21}
    ledger = budget(tmp_path, settings=settings, others=others)
    kinds = ledger.view("By component")
    expected = [0.0] * 24
    expected[2] = 1000 * 120 / 0.8 * 1.21 ** (2 / 12)
    for month, rate in ((10, 120), (11, 120), (12, 150), (13, 150)):
        expected[month] = 100 * rate * 1.21 ** (month / 12)
    assert kinds[LABELS["others_foreign"]] == pytest.approx(expected)
    assert sum(kinds[LABELS["others"]]) == 0


def test_contingency_is_a_share_of_all_other_lines_of_each_month(tmp_path):
    others = [{"item": "data", "amount": 500, "start": DAY(2025, 4, 9), "department": "Users"}]
    settings = {"contingency": 0.2, "contingency_department": "Board"}
    ledger = budget(tmp_path, capacity=[committed()], settings=settings, others=others)
    parts = ledger.view("By component")
    for month in range(12):
        rest = sum(parts[LABELS[name]][month] for name in COMPONENTS if name != "contingency")
        assert parts[LABELS["contingency"]][month] == pytest.approx(0.2 * rest)
    # The department has a row of its own, though no other table names it.
    assert ledger.view("By department")["Board"] == pytest.approx(parts[LABELS["contingency"]])


def test_a_run_has_its_computing_its_trials_its_people_and_its_other_costs_together(tmp_path):
    cells = dict(chips=10, hours=240.0, start=DAY(2025, 12, 27), capacity="Pool")
    runs = [run("a", experiment_factor=1.5, cost_center="7", **cells), run("b", **cells)]
    others = [
        {"item": "data", "amount": 500, "start": DAY(2026, 4, 9), "run": "a"},
        {"item": "storage", "amount": 70, "start": DAY(2025, 1, 9)},
    ]
    hired = {"run": "b", "role": "labelling", "person_months_low": 6, "monthly_rate_low": 5_000}
    settings = {"years": 2, "contingency": 0.1}
    rented = [committed(kind="on_demand", until="")]
    ledger = budget(tmp_path, runs, rented, settings, others=others, staff=[hired])
    headings, whole, none, *each = ledger.document.grid("Budget by run")[3:8]
    assert headings[4:8] == ["All years", "FY2025", "FY2026", "Share of the budget"]
    assert [row[0] for row in each] == ["a", "b"] and each[0][2] == "7"
    # 10 chips at $2 for 240 hours, half of them in 2025, after 5 days of trials; data of 2026.
    assert each[0][4:7] == pytest.approx([4_800 + 2_400 + 500, 2_400 + 2_400, 2_400 + 500])
    # A year of people until 6 January 2026, of which 5 days lie in 2026.
    of_2026 = 30_000 * 5 / 365.25
    assert each[1][4:7] == pytest.approx([34_800, 2_400 + 30_000 - of_2026, 2_400 + of_2026])
    assert none[4] == pytest.approx(70 + 0.1 * (70 + each[0][4] + each[1][4]))
    assert whole[4:7] == pytest.approx([sum(amounts) for amounts in zip(none[4:7], each[0][4:7], each[1][4:7])])
    assert each[0][7] == pytest.approx(each[0][4] / whole[4])


def period(folder, runs, **tables):
    settings = plan_for(folder, runs, BudgetSettings(fiscal_year_start=1), **tables).settings
    return settings.first_fiscal_year, settings.years


def test_the_period_begins_with_the_people_and_the_trials_before_the_first_run(tmp_path):
    cells = dict(chips=8, hours=240.0, start=DAY(2025, 3, 1))
    people = {"run": "a", "role": "engineers", "people": 3, "fte_low": 1}
    assert period(tmp_path, [run("a", **cells)]) == (2025, 1)
    # Until 11 March, for a quarter of a year or for a year and a half; contractors for a year.
    assert period(tmp_path, [run("a", **cells)], staff=[{**people, "years_low": 0.1}]) == (2025, 1)
    assert period(tmp_path, [run("a", **cells)], staff=[{**people, "years_low": 1, "years_high": 4}]) == (2023, 3)
    hired = {"run": "a", "role": "labelling", "person_months_low": 6, "monthly_rate_low": 5_000}
    assert period(tmp_path, [run("a", **cells)], staff=[hired]) == (2024, 2)
    # Trials of 9 × 10 days before it.
    assert period(tmp_path, [run("a", experiment_factor=10, **cells)]) == (2024, 2)


def test_a_run_that_ends_with_the_year_needs_no_further_year(tmp_path):
    assert period(tmp_path, [run("a", chips=8, hours=8760.0, start=DAY(2025, 1, 1))]) == (2025, 1)
    assert period(tmp_path, [run("a", chips=8, hours=8761.0, start=DAY(2025, 1, 1))]) == (2025, 2)
    # A run of unknown length takes the usual 793.5 hours.
    assert period(tmp_path, [run("a", chip_hours=100.0, start=DAY(2025, 12, 1))]) == (2025, 2)


def test_a_budget_that_is_written_is_read_again_as_it_was(tmp_path):
    for seed in range(500, 504):
        settings, tables = random_budget(seed)
        plan, path = plan_for(tmp_path, settings=settings, **tables), tmp_path / f"{seed}.xlsx"
        _book(plan).save(path)
        again = plan_of(read_runs(path), str(path), settings=settings)
        for name in ("runs", "capacity", "shares", "others", "phases", "roles"):
            one, other = getattr(plan, name), getattr(again, name)
            for column in one:
                first, second = (
                    cells.texts_of_rows() if hasattr(cells, "texts_of_rows") else cells
                    for cells in (one[column], other[column])
                )
                assert first.tolist() == pytest.approx(second.tolist(), nan_ok=True), (seed, name, column)
