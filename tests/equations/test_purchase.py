"""The equations of buying and renting against numpy-financial, and for what must add up."""

import numpy as np
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


def test_what_is_left_of_a_commitment_by_hand():
    # Terms of 36 months end in months 36, 72 and 108; of 12 months with every year.
    left = {12: 24, 24: 12, 35: 1, 36: 0, 37: 35, 48: 24, 60: 12, 72: 0, 73: 35}
    assert {months: equations.commitment_left(months, 36) for months in left} == left
    assert not equations.commitment_left(np.arange(12.0, 73.0, 12.0), 12).any()
    # 0.3 and 2.7 years are a little more than three in a computer.
    assert equations.commitment_left((0.1 + 0.2 + 2.7) * 12, 36) == 0


@given(st.floats(1e3, 1e9), st.integers(1, 100), st.sampled_from([12, 36]), YEARLY_RATES)
def test_a_commitment_costs_what_numpy_financial_makes_of_its_payments(of_month, months, term, rate):
    flows, paid = np.full(months + 1, of_month), term
    flows[0] = 0
    while paid < months:
        paid += term
    flows[months] += (paid - months) * of_month
    found = float(equations.commitment_cost(of_month, months, term, rate))
    assert found == pytest.approx(npf.npv(rate, flows), rel=1e-9)


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
