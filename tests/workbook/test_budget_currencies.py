"""Capacity and people that are priced and paid in other currencies than dollars, with figures calculated by hand."""

import numpy as np
import pytest

from tests.workbook.ledger import LABELS
from tests.workbook.small_budgets import DAY, budget, committed, owned, run, whole
from xlcost.errors import XlcostError

RATES = {"JPY": [100.0, 150.0], "EUR": [0.8, 1.0]}
IN_YEN = {"currency": "JPY", "rates": RATES, "years": 2}
IN_DOLLARS = {"rates": RATES, "years": 2}
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] * 2
HOURS = [24 * days for days in DAYS]


def months(ledger, component):
    return ledger.view("By component")[LABELS[component]]


def contract(**cells):
    """One chip for two years at 300 of its currency an hour."""
    return committed(chips=1, price_per_chip_hour=300.0, until=DAY(2027, 1, 1), **cells)


def test_a_contract_in_the_budgets_currency_costs_the_same_at_any_exchange_rate(tmp_path):
    ledger = budget(tmp_path, capacity=[contract(currency="jpy")], settings=IN_YEN)
    assert months(ledger, "commitments") == pytest.approx([300 * hours for hours in HOURS])
    assert ledger.view("Payments")["Capacity"] == pytest.approx([300 * hours for hours in HOURS])
    assert ledger.master() == "OK"


def test_a_contract_in_another_currency_costs_what_that_is_worth_in_each_fiscal_year(tmp_path):
    in_dollars = budget(tmp_path, capacity=[contract(currency="JPY")], settings=IN_DOLLARS)
    of_year = [3.0] * 12 + [2.0] * 12
    assert months(in_dollars, "commitments") == pytest.approx([price * of for price, of in zip(of_year, HOURS)])
    # A yen is 0.008 euros, and then 1/150 of one.
    in_yen = budget(tmp_path, capacity=[contract(currency="EUR")], settings=IN_YEN)
    of_year = [300 * 100 / 0.8] * 12 + [300 * 150] * 12
    assert months(in_yen, "commitments") == pytest.approx([price * of for price, of in zip(of_year, HOURS)])


def test_what_is_paid_upfront_in_another_currency_keeps_the_rate_of_the_first_day(tmp_path):
    ledger = budget(tmp_path, capacity=[contract(currency="EUR", upfront_share=0.25)], settings=IN_YEN)
    assert ledger.view("Payments")["Capacity"][0] == pytest.approx((0.25 * sum(HOURS) + 0.75 * 744) * 300 * 100 / 0.8)
    assert months(ledger, "commitments")[12] == pytest.approx(744 * 300 * (0.25 * 100 / 0.8 + 0.75 * 150))


def test_hardware_bought_in_the_budgets_currency_is_in_the_books_at_that_price(tmp_path):
    pool = owned(currency="JPY", server_price_per_chip=8_100, electricity_price=20, hosting=146.1, maintenance=0.12)
    ledger = budget(tmp_path, capacity=[pool], settings=IN_YEN)
    # 10,000 yen a chip with its network, in 60 months.
    assert ledger.view("Capacity in the books")["Additions"][0] == pytest.approx(1_000_000)
    assert months(ledger, "depreciation") == pytest.approx([1_000_000 / 60] * 24)
    assert months(ledger, "upkeep") == pytest.approx([10_000] * 24)
    hosting = months(ledger, "hosting")
    assert hosting == pytest.approx([hosting[0]] * 24) and hosting[0] > 146.1 * 100 * 0.7


def test_what_a_capacity_in_yen_leaves_open_is_looked_up_in_dollars_and_keeps_the_rate_of_its_first_day(tmp_path):
    given, left_open = (
        budget(tmp_path, capacity=[owned(currency=currency, hosting=price)], settings=IN_YEN)
        for currency, price in (("JPY", 184 * 100), ("JPY", ""))
    )
    assert months(left_open, "hosting") == pytest.approx(months(given, "hosting"))
    assert months(given, "hosting")[23] > 0


def test_a_capacity_of_a_later_year_has_the_rate_of_that_year(tmp_path):
    pool = owned(currency="JPY", server_price_per_chip=8_100, in_service=DAY(2026, 2, 1), until=DAY(2031, 2, 1))
    ledger = budget(tmp_path, capacity=[pool], settings=IN_DOLLARS)
    assert ledger.view("Capacity in the books")["Additions"][13] == pytest.approx(1_000_000 / 150)


PEOPLE = [
    {"run": "a", "role": "engineers", "people": 10, "fte_low": 1, "years_low": 1.5, "salary_low": 9_000_000,
     "equity_low": 0, "employment_overhead_low": 1.2, "currency": "JPY"},
    {"run": "a", "role": "labelling", "person_months_low": 6, "monthly_rate_low": 500_000, "currency": "JPY"},
]  # fmt: skip
RUN = run("a", chips=1, hours=24.0, start=DAY(2026, 12, 30))


def test_people_who_are_paid_in_the_budgets_currency_cost_the_same_at_any_exchange_rate(tmp_path):
    ledger = budget(tmp_path, [RUN], staff=PEOPLE, settings=IN_YEN)
    a_day = 10 * 9_000_000 * 1.2 / 365.25
    # 547.875 days up to 31 December 2026, from the morning of 1 July 2025 on.
    assert months(ledger, "employees")[7:23] == pytest.approx([a_day * days for days in DAYS[7:23]])
    assert whole(ledger, "employees") == pytest.approx(1.5 * 108_000_000)
    assert whole(ledger, "contractors") == pytest.approx(3_000_000)
    assert ledger.master() == "OK"


def test_people_who_are_paid_in_another_currency_cost_what_that_is_worth_in_each_fiscal_year(tmp_path):
    ledger = budget(tmp_path, [RUN], staff=PEOPLE, settings=IN_DOLLARS)
    a_day = 10 * 9_000_000 * 1.2 / 365.25
    assert months(ledger, "employees")[7] == pytest.approx(a_day * 31 / 100)
    assert months(ledger, "employees")[12] == pytest.approx(a_day * 31 / 150)


def test_staff_shows_people_of_any_currency_in_dollars_at_the_rate_of_the_first_fiscal_year(tmp_path):
    ledger = budget(tmp_path, [RUN], staff=PEOPLE, settings=IN_YEN)
    headings, *rows = ledger.document.grid("Staff")[4:7]
    at = headings.index("Cost, mean [USD]")
    assert [row[at] for row in rows] == pytest.approx([1.5 * 108_000_000 / 100, 3_000_000 / 100])


def test_a_scenario_of_exchange_rates_moves_what_is_in_other_currencies_alone(tmp_path):
    for settings, factor in ((IN_YEN, 1.0), (IN_DOLLARS, 1.1)):
        base, high = (
            budget(
                tmp_path, [RUN], [contract(currency="JPY")], {**settings, "scenario": scenario, **FOREIGN}, staff=PEOPLE
            )
            for scenario in ("Base", "High")
        )
        for component in ("commitments", "employees", "contractors"):
            assert months(high, component) == pytest.approx([factor * amount for amount in months(base, component)])


FOREIGN = {"scenarios": {"High": {"cloud": 1.0, "wages": 1.0, "foreign": 1.1}}}


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"capacity": [contract(currency="XXX")]}, "capacity.csv"),
        ({"staff": [PEOPLE[0] | {"currency": "XXX"}]}, "staff.csv"),
    ],
)
def test_a_currency_without_a_rate_is_named_with_its_row(tmp_path, tables, where):
    with pytest.raises(XlcostError) as error:
        budget(tmp_path, [RUN], settings=IN_YEN, **tables)
    said = f"{where}: row 2: currency is 'XXX'; it has no rate: give its units for 1 USD"
    assert said in str(error.value)


def test_columns_are_read_by_the_names_and_headings_that_they_had_when_all_was_in_dollars(tmp_path):
    def renamed(row, names):
        return {names.get(name, name): value for name, value in row.items()}

    capacity = {"price_per_chip_hour": "usd_per_chip_hour"}, {"price_per_chip_hour": "Own rental price [USD/chip-hour]"}
    staff = {"monthly_rate_low": "usd_per_person_month_low"}, {"monthly_rate_low": "月額単価(下限) [USD/月]"}
    expected = budget(tmp_path, [RUN], [contract()], staff=[PEOPLE[1]], settings=IN_YEN)
    for of_capacity, of_staff in zip(capacity, staff):
        tables = dict(capacity=[renamed(contract(), of_capacity)], staff=[renamed(PEOPLE[1], of_staff)])
        found = budget(tmp_path, [RUN], settings=IN_YEN, **tables)
        assert np.array_equal(months(found, "commitments"), months(expected, "commitments"))
        assert np.array_equal(months(found, "contractors"), months(expected, "contractors"))


def test_scenarios_side_by_side_are_what_the_budget_is_in_each(tmp_path):
    cluster = owned(currency="JPY", server_price_per_chip=4e6, hosting="", operations="", until=DAY(2026, 10, 1))
    hourly = contract(kind="on_demand", capacity="Hourly", currency="EUR")
    pools = [cluster, contract(capacity="Contract", currency="EUR"), hourly]
    cells = dict(chips=1, hours=2000.0, start=DAY(2025, 11, 1))
    runs = [RUN, *(run(name, capacity=name, **cells) for name in ("Pool", "Hourly"))]
    runs += [run("alone", **cells), run("rented", sourcing="cloud_on_demand", **cells)]
    others = [{"item": "data", "amount": 9_000, "currency": "EUR", "start": DAY(2025, 3, 1)}]
    for settings in (IN_YEN, IN_DOLLARS):
        settings = {**settings, "contingency": 0.1}
        in_force = {
            name: budget(tmp_path, runs, pools, {**settings, "scenario": name}, staff=PEOPLE, others=others)
            for name in ("Base", "Low", "High")
        }
        for ledger in in_force.values():
            rows = {row[0]: row for row in ledger.document.grid("Scenarios") if row[0] in {*LABELS.values(), "Total"}}
            for column, of in enumerate(in_force.values(), start=3):
                for label in LABELS.values():
                    assert rows[label][column] == pytest.approx(sum(of.view("By component")[label]), abs=0.01)
                assert rows["Total"][column] == pytest.approx(sum(of.view("By component")[""]))
            assert ledger.master() == "OK"
