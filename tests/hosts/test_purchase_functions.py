"""Owning, renting and the books: against numpy-financial, a root finder, hand calculations, and what must add up."""

import datetime
from calendar import monthrange

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from xlcost import catalog, equations
from xlcost.equations.parameters import EMPLOYMENT_OVERHEAD, EQUITY, SALARY
from xlcost.hosts.cells import call

START = "2026-03-01"


def ways(*arguments):
    """Net present cost by way."""
    return dict(call("RENT_OR_BUY", [*arguments])[1:])


@given(st.floats(0.0, 1.0), st.floats(1, 240), st.floats(0.01, 1e9))
def test_present_values_are_those_of_numpy_financial(discount_rate, months, amount):
    rate = equations.monthly_rate(discount_rate)
    assert (1 + rate) ** 12 == pytest.approx(1 + discount_rate, rel=1e-12)
    annuity = float(equations.present_value_of_months(amount, months, rate))
    # A rate next to nothing leaves few digits of what is discounted by it.
    with np.errstate(all="ignore"):
        expected = -npf.pv(rate, months, amount)
        later = -npf.pv(rate, months, 0, amount)
    assert annuity == pytest.approx(expected, rel=1e-6 if rate < 1e-6 else 1e-9)
    assert float(equations.present_value(amount, months, rate)) == pytest.approx(later, rel=1e-9)


def test_a_fleet_of_h100_by_hand():
    # Three years at no discount: every amount is as large as it is paid.
    steps = {name: call(name, ["H100", 1000]) for name in ("ACQUISITION_COST", "POWER_CAPACITY")}
    purchase = steps["ACQUISITION_COST"]
    pay = SALARY * EMPLOYMENT_OVERHEAD + EQUITY
    upkeep = 3 * (12 * 184 * steps["POWER_CAPACITY"] + 0.05 * purchase + pay)
    sale = 0.7 * purchase * 10 ** (-0.14 * 3)
    energy = call("ENERGY_COST", ["H100", 1000, 8766 * 3, 2026]) * 0.6
    hourly = {name: call("CLOUD_PRICE", ["H100", name, None, START]) for name in ("3y", "1y", "on_demand")}
    found = ways("H100", 1000, 3, 0.6, START, 0)
    assert found == pytest.approx(
        {
            "Own hardware": purchase + upkeep - sale + energy,
            "3-year commitment": hourly["3y"] * 1000 * 8766 * 3,
            "1-year commitment": hourly["1y"] * 1000 * 8766 * 3,
            "On demand": hourly["on_demand"] * 1000 * 8766 * 3 * 0.6,
        },
        rel=1e-9,
    )


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.35])
@pytest.mark.parametrize("chip", ["H100", "A100", "B200"])
def test_a_commitment_is_paid_whether_used_or_not_and_the_others_by_use(chip, rate):
    idle, full = (ways(chip, 64, 2, use, START, rate) for use in (0, 1))
    for way in ("3-year commitment", "1-year commitment"):
        assert idle[way] == full[way] > 0
    assert idle["On demand"] == 0 and 0 < idle["Own hardware"] < full["Own hardware"]


@pytest.mark.parametrize("rate", [0.0, 0.1])
@pytest.mark.parametrize(
    ("years", "three_years_left", "one_year_left"),
    [(1, 24, 0), (2, 12, 0), (3, 0, 0), (4, 24, 0), (5, 12, 0), (6, 0, 0), (0.5, 30, 6), (1.5, 18, 6)],
)
def test_a_commitment_is_paid_to_the_end_of_its_term(years, three_years_left, one_year_left, rate):
    found, months = ways("H100", 1000, years, 0.6, START, rate), int(years * 12)
    for way, commitment, left in (
        ("3-year commitment", "3y", three_years_left),
        ("1-year commitment", "1y", one_year_left),
    ):
        of_month = call("CLOUD_PRICE", ["H100", commitment, None, START]) * 1000 * 8766 / 12
        flows = [0, *[of_month] * months]
        flows[-1] += of_month * left
        assert found[way] == pytest.approx(npf.npv((1 + rate) ** (1 / 12) - 1, flows), rel=1e-9)


@pytest.mark.parametrize("rate", [0.0, 0.08])
@pytest.mark.parametrize(("chip", "years"), [("H100", 3), ("A100", 1), ("V100", 2), ("B200", 5)])
def test_the_break_even_is_where_a_root_finder_sees_both_cost_the_same(chip, years, rate):
    found = call("BREAK_EVEN_USE", [chip, 500, years, START, rate])
    idle, full = (ways(chip, 500, years, use, START, rate) for use in (0, 1))

    def dearer_to_own(use):
        # Both are straight lines over the use, so that it may go beyond 1.
        return sum(
            sign * (idle[way] + use * (full[way] - idle[way])) for way, sign in (("Own hardware", 1), ("On demand", -1))
        )

    assert found == pytest.approx(brentq(dearer_to_own, 0, 1000, xtol=1e-13, rtol=1e-12), rel=1e-9)


@given(
    st.floats(-1e9, 1e9),
    st.dates(datetime.date(2024, 1, 1), datetime.date(2031, 12, 31)),
    st.floats(0.5, 40_000),
)
def test_the_months_of_a_run_add_up_to_its_cost(cost, start, hours):
    months, first = int(hours / 24 / 28) + 3, start.year * 12 + start.month - 1
    days = [[datetime.date((first + n) // 12, (first + n) % 12 + 1, 1)] for n in range(months)]
    parts = [row[0] for row in call("MONTHLY_COST", [cost, start, hours, days])]
    assert sum(parts) == pytest.approx(cost, rel=1e-9, abs=1e-6)
    assert call("MONTHLY_COST", [cost, start, hours, start - datetime.timedelta(days=40)]) == 0


def test_a_run_over_the_turn_of_a_leap_february_by_hand():
    # 20 days from 2028-02-25: 5 in February, which has 29 days, and 15 in March.
    run = 4_000_000, "2028-02-25", 480
    assert call("MONTHLY_COST", [*run, "2028-02"]) == pytest.approx(1_000_000)
    assert call("MONTHLY_COST", [*run, datetime.date(2028, 3, 31)]) == pytest.approx(3_000_000)


def test_book_values_by_hand():
    # 60 months of 950,000 each, down to 3 million.
    bought = 60_000_000, "2026-01-15", 5
    for day, booked in (
        ("2026-01-30", 0),
        ("2026-01-31", 1),
        ("2026-02-15", 1),
        ("2027-03-31", 15),
        ("2040-01-01", 60),
    ):
        assert call("BOOK_VALUE", [*bought, day, 3_000_000]) == pytest.approx(60e6 - booked * 950_000)
    assert call("BOOK_VALUE", [*bought, "2026-01-14"]) == "#NUM!"
    assert call("BOOK_VALUE", [*bought, "2026-06-30", 70_000_000]) == "#NUM!"
    assert call("BOOK_VALUE", [*bought, "2031-01-01"]) == 0


@given(st.floats(1, 1e9), st.integers(1, 10), st.integers(0, 200), st.floats(0, 1))
def test_a_book_value_falls_from_the_cost_to_what_is_left_and_never_below(cost, life, months, share):
    year, month = divmod(5 + months, 12)
    day = datetime.date(2025 + year, month + 1, monthrange(2025 + year, month + 1)[1])
    value = call("BOOK_VALUE", [cost, "2025-06-10", life, day, cost * share])
    assert cost * share - 1e-12 * cost <= value <= cost
    if months + 1 >= life * 12:
        assert value == pytest.approx(cost * share, abs=1e-6)


def test_a_chip_that_is_not_sold_has_a_rent_and_no_break_even():
    no_rent = next(chip for chip in catalog.load().chips["chip"] if call("CLOUD_PRICE", [chip]) == "#N/A")
    assert call("BREAK_EVEN_USE", [no_rent, 8, 3]) == call("RENT_OR_BUY", [no_rent, 8, 3, 0.5]) == "#N/A"
