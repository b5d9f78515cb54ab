"""The equations against the paper's own figures, against hand calculations, and for what must hold for all inputs."""

import inspect

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.strategies import EQUATION_RANGES, positive
from xlcost import equations as eq
from xlcost.equations.parameters import ASSUMPTIONS, INTERCONNECT_SHARE, Parameter

EQUATIONS = [getattr(eq, name) for name in eq.__all__]


def required(function):
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
    ]


@pytest.mark.parametrize("function", EQUATIONS, ids=eq.__all__)
@given(data=st.data())
def test_an_equation_gives_the_same_for_a_float_an_array_and_a_series(function, data):
    numbers = {
        name: data.draw(st.floats(*EQUATION_RANGES.get(name, (0.01, 50.0))), label=name) for name in required(function)
    }
    single = float(function(**numbers))
    array = function(**{name: np.array([number, number]) for name, number in numbers.items()})
    series = function(**{name: pd.Series([number], index=[7]) for name, number in numbers.items()})
    # Python and NumPy may differ in the last digit of a power, which a difference of nearly equal numbers magnifies.
    assert_allclose(array, [single, single], rtol=1e-9)
    assert_allclose(np.asarray(series), [single], rtol=1e-9)


def test_gpt_4_by_the_equations_alone():
    # The paper: amortized cost $40.16M, of which hardware $29.69M, interconnect $6.96M, energy $3.50M.
    value = eq.value_at_start(24_875, eq.years_owned(44_693, 44_055))
    hardware = eq.hardware_market(value, 57e6)
    network = eq.interconnect(hardware)
    energy = eq.energy_cost(eq.energy_kwh(400, 6.5 / 8 / 0.4, 0.75, 1.25, 57e6), 0.0806)
    figures = [
        hardware,
        network,
        energy,
        eq.amortized_cost(hardware, network, energy),
        eq.acquisition_cost(24_875, 25_000),
    ]
    assert [round(figure / 1e6, 2) for figure in figures] == [29.69, 6.96, 3.50, 40.16, 767.75]


@given(value=positive(1e6), chips=positive(1e5), hours=st.floats(1.0, 50_000))
def test_the_exact_method_never_charges_more_than_the_market_method_nor_than_the_value(value, chips, hours):
    exact = eq.hardware_market_exact(value, chips, hours)
    assert exact <= eq.hardware_market(value, chips * hours) * (1 + 1e-9)
    assert exact <= value * chips * (1 + 1e-12)


@given(value=positive(1e6), chips=positive(1e5), first=st.floats(1.0, 10_000), second=st.floats(1.0, 10_000))
def test_two_runs_one_after_the_other_are_charged_exactly_what_one_long_run_is(value, chips, first, second):
    later = eq.value_at_start(value, first / 8766)
    parts = eq.hardware_market_exact(value, chips, first) + eq.hardware_market_exact(later, chips, second)
    assert_allclose(parts, eq.hardware_market_exact(value, chips, first + second), rtol=1e-9)


@given(
    price=positive(1e6), life=st.sampled_from([3.0, 4.0, 5.0]), years=st.floats(0.0, 8.0), hours=st.floats(1.0, 90_000)
)
def test_straight_line_never_charges_more_than_what_is_left_of_the_price(price, life, years, hours):
    charged = eq.hardware_straight_line(price, life, years, hours, hours)
    assert -1e-9 <= charged <= price * max(0.0, life - years) / life * (1 + 1e-9) + 1e-9


@given(hardware=positive(1e9), share=st.floats(0.0, 0.9))
def test_interconnect_is_its_share_of_hardware_and_interconnect_together(hardware, share):
    network = eq.interconnect(hardware, share)
    assert_allclose(network, share * (hardware + network), atol=1e-12)


@given(hardware=positive(1e9), overhead=st.floats(1.0, 3.0))
def test_chips_and_server_components_are_the_whole_hardware(hardware, overhead):
    chips = eq.accelerator_chips(hardware, overhead)
    assert_allclose(chips + eq.server_components(hardware, chips), hardware)


def test_value_falls_by_276_percent_a_year():
    assert_allclose(1 - eq.value_at_start(1.0, 1.0), 0.276, atol=5e-4)


@pytest.mark.parametrize(("year", "life"), [(2015, 3), (2020, 3), (2021, 4), (2022, 4), (2023, 5), (2030, 5)])
def test_useful_life_is_what_hyperscalers_reported_for_the_year(year, life):
    assert eq.useful_life(year) == life


def test_a_price_found_at_the_wanted_commitment_is_not_changed():
    assert eq.price_at_commitment(1.23, 0.64, 0.64) == 1.23


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_every_assumption_has_unit_meaning_and_source_and_lies_within_its_range(name):
    parameter = ASSUMPTIONS[name]
    assert isinstance(parameter, Parameter) and parameter.unit and parameter.meaning and parameter.source
    assert (parameter.low is None) == (parameter.high is None)
    assert parameter.low is None or parameter.low <= parameter <= parameter.high


def test_the_interconnect_overhead_factor_is_that_of_the_paper():
    assert round(1 / (1 - INTERCONNECT_SHARE), 3) == 1.235
    assert_allclose([1 / (1 - INTERCONNECT_SHARE.low), 1 / (1 - INTERCONNECT_SHARE.high)], [1.07, 1.32])


@given(months=st.floats(1.0, 60.0))
def test_the_computing_needed_halves_in_the_halving_time(months):
    assert_allclose(eq.efficiency_per_year(months) ** (months / 12), 2.0)


def test_a_budget_that_grows_as_the_paper_says_is_nearly_14_times_as_large_after_three_years():
    assert_allclose(eq.grown_cost(1.0, 2.4, 3.0), 13.824)


@given(
    years=st.floats(0.0, 5.0),
    computing=st.floats(0.0, 1.0),
    of_it=st.floats(0.0, 1.0),
    cheaper=st.floats(1.0, 3.0),
    less=st.floats(1.0, 5.0),
)
def test_both_measures_give_back_at_least_each_of_them_and_at_most_their_sum(years, computing, of_it, cheaper, less):
    def given_back(price_performance, efficiency):
        return 1 - eq.same_ambition_cost(1.0, years, computing, computing * of_it, price_performance, efficiency)

    hardware, algorithms, both = given_back(cheaper, 1.0), given_back(1.0, less), given_back(cheaper, less)
    assert_allclose(given_back(1.0, 1.0), 0.0, atol=1e-12)
    assert max(hardware, algorithms) - 1e-12 <= both <= min(hardware + algorithms, computing) + 1e-12
