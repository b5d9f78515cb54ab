"""The equations of buying and renting against numpy-financial, and for what must add up."""

import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import YEARLY_RATES
from xlcost import equations


@given(st.floats(1e3, 1e9), st.integers(1, 120), YEARLY_RATES)
def test_a_loan_is_paid_back_as_numpy_financial_says(amount, months, rate):
    payment = float(equations.loan_payment(amount, months, rate))
    assert payment == pytest.approx(-npf.pmt(rate, months, amount), rel=1e-9)
    owed = amount
    for _ in range(months):
        owed = owed * (1 + rate) - payment
    # What is left of the last digits grows with interest.
    assert owed == pytest.approx(0, abs=1e-9 * amount * (1 + rate) ** months)


@given(st.floats(1e3, 1e9), st.integers(1, 5), YEARLY_RATES)
def test_amounts_due_in_the_middle_of_a_year_are_worth_half_a_year_more(amount, years, rate):
    at_end = float(equations.present_value_of_years(amount, years, rate))
    assert at_end == pytest.approx(-npf.pv(rate, years, amount), rel=1e-9)
    middle = sum(amount / (1 + rate) ** (year + 0.5) for year in range(years))
    assert at_end * equations.mid_year_factor(rate) == pytest.approx(middle, rel=1e-9)
    assert equations.yearly_rate(equations.monthly_rate(rate)) == pytest.approx(rate, rel=1e-9)


@given(
    st.floats(1e4, 1e10),
    st.floats(1, 1e6),
    st.integers(1, 100_000),
    st.floats(1e4, 1e6),
    *(st.floats(0, bound) for bound in (500, 0.2, 0.01, 0.05)),
)
def test_the_parts_of_a_months_upkeep_add_up_to_it(
    price, power, chips, pay, hosting, maintenance, operations, insurance
):
    whole = equations.upkeep_of_month(price, power, chips, pay, hosting, maintenance, operations, insurance)
    yearly = equations.share_of_purchase(price, maintenance) + equations.share_of_purchase(price, insurance)
    yearly = yearly + equations.operations_pay(chips, pay, operations)
    assert equations.hosting_of_month(power, hosting) + yearly / 12 == pytest.approx(whole, rel=1e-9)
