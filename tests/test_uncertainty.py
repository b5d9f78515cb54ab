"""Ranges in, intervals out: against closed forms, plain sampling, and what must hold for all inputs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from xlcost import equations
from xlcost.errors import XlcostError
from xlcost.histogram import Histogram
from xlcost.uncertainty import CHUNK, Drawn, Range, simulate, sum_of_copies

Z90 = 1.6448536269514722


@st.composite
def ranges(draw, kind="lognormal"):
    low = draw(st.floats(0.01, 1e6))
    return Range(low, low * draw(st.floats(1.01, 30.0)), kind, draw(st.floats(0.5, 0.99)))


@pytest.mark.parametrize("kind", ["lognormal", "normal"])
@given(data=st.data())
def test_a_range_holds_its_level_and_half_of_the_rest_lies_on_each_side(kind, data):
    given_range = data.draw(ranges(kind))
    tail = (1 - given_range.level) / 2
    assert_allclose(given_range.quantile(tail), given_range.low, rtol=1e-9)
    assert_allclose(given_range.quantile(1 - tail), given_range.high, rtol=1e-9)
    assert_allclose(given_range.quantile(0.5), given_range.middle, rtol=1e-12)


def test_a_uniform_range_is_all_there_is():
    assert_allclose(Range(12, 19, "uniform").quantile(np.array([0.0, 0.5, 1.0])), [12, 15.5, 19])


@given(ranges(), st.floats(0.01, 1e6))
def test_a_range_as_a_factor_keeps_the_point_estimate_as_its_median(given_range, center):
    factor = given_range.around(center)
    assert_allclose(factor.quantile(0.5), center, rtol=1e-9)
    assert_allclose(factor.high / factor.low, given_range.high / given_range.low, rtol=1e-9)


def test_a_draw_beyond_a_bound_counts_as_the_bound():
    utilization = Range(0.1, 0.65, "normal", least=0.01, most=0.99)
    assert utilization.quantile(1e-9) == 0.01 and utilization.quantile(1 - 1e-9) == 0.99


@given(ranges(), ranges())
def test_the_closed_form_of_a_product_is_that_of_its_logarithms(one, other):
    """The equations of `xlcost.equations.interval`, against the quantile that their product has by definition."""
    z = [equations.log_spread(each.low, each.high, Z90) for each in (one, other)]
    median = equations.geometric_middle(one.low, one.high) * equations.geometric_middle(other.low, other.high)
    high = equations.range_end(median, math.hypot(*z), Z90)
    logs = [math.log(each.high / each.low) / 2 for each in (one, other)]
    assert_allclose(high, one.middle * other.middle * math.exp(math.hypot(*logs)), rtol=1e-9)


@settings(max_examples=20)
@given(st.lists(ranges(), min_size=1, max_size=6), st.integers(0, 1000))
def test_sampling_gives_the_closed_form_of_a_product(factors, seed):
    named = {f"factor_{place}": factor for place, factor in enumerate(factors)}
    outcome = simulate(lambda **drawn: {"product": math.prod(drawn.values())}, named, seed=seed)
    spreads = [math.log(factor.quantile(0.95) / factor.middle) / Z90 for factor in factors]
    median, spread = math.prod(factor.middle for factor in factors), math.hypot(*spreads)
    # The error of a quantile grows with the spread, and is larger where few samples lie.
    total = outcome.total
    for found, z, error in ((total.low, -Z90, 0.04), (total.median, 0, 0.015), (total.high, Z90, 0.04)):
        assert_allclose(math.log(found / median), z * spread, atol=0.001 + error * spread)


def test_the_same_seed_gives_the_same_result_and_another_one_nearly():
    def cost(compute, price):
        return {"cost": compute * price}

    quantities = {"compute": Range(1, 3), "price": Range(2, 5)}
    first, again = (simulate(cost, quantities, seed=1) for _ in range(2))
    other = simulate(cost, quantities, seed=2)
    assert first == again and first.total != other.total
    assert_allclose(first.total.median, other.total.median, rtol=0.002)


def test_many_chunks_agree_with_one():
    quantities = {"compute": Range(1, 3), "price": Range(2, 5)}
    one, many = (simulate(lambda compute, price: {"cost": compute * price}, quantities, n) for n in (CHUNK, 5 * CHUNK))
    assert many.samples == 5 * CHUNK
    assert_allclose(one.total.high, many.total.high, rtol=0.001)


def test_shares_and_drivers_add_up_and_the_wider_range_drives_more():
    outcome = simulate(
        lambda wide, narrow: {"a": wide * narrow, "b": 2.0 * narrow},
        {"wide": Range(0.2, 5), "narrow": Range(0.9, 1.1)},
    )
    assert sum(outcome.shares.values()) == pytest.approx(1)
    assert sum(outcome.variance_share.values()) == pytest.approx(1)
    assert outcome.variance_share["wide"] > 0.9 and outcome.rank_correlation["narrow"] > 0


def test_without_an_uncertain_quantity_the_interval_is_the_number():
    outcome = simulate(lambda cost: {"cost": cost}, {"cost": 1234.5})
    assert_allclose([outcome.total.low, outcome.total.median, outcome.total.high], 1234.5, rtol=0.001)


@given(st.lists(st.floats(1e-3, 1e15), min_size=1, max_size=300), st.floats(0.01, 0.99))
def test_a_histogram_is_wrong_by_no_more_than_it_says(amounts, probability):
    counted = Histogram()
    counted.add(np.array(amounts))
    ordered = np.sort(amounts)
    # A quantile of few amounts lies anywhere between two of them.
    place = probability * len(ordered)
    below, above = ordered[max(math.ceil(place) - 2, 0)], ordered[min(math.floor(place) + 1, len(ordered) - 1)]
    assert below * 0.999 <= counted.quantile(probability) <= above * 1.001
    assert_allclose(counted.mean, np.mean(amounts))


def test_a_histogram_knows_zero():
    counted = Histogram()
    counted.add(np.array([0.0, 0.0, 0.0, 5.0]))
    assert counted.quantile(0.5) == 0 and counted.quantile(0.99) == pytest.approx(5, rel=0.001)


@pytest.mark.parametrize("count", [1, 2, 5, 40, 900])
def test_a_sum_of_people_is_what_drawing_each_of_them_gives(count):
    quantities = {"salary": Range(140e3, 265e3), "equity": Range(35e3, 500e3), "fte": Range(0.05, 0.8)}

    def cost(salary, equity, fte):
        return (salary + equity) * fte

    found = sum_of_copies(cost, quantities, count)
    # The larger the sum, the narrower its distribution.
    chance, drawn = np.random.default_rng(1), np.zeros(200_000 if count < 100 else 20_000)
    for _ in range(count):
        drawn += cost(**{name: each.quantile(chance.random(len(drawn))) for name, each in quantities.items()})
    for probability in (0.025, 0.5, 0.975):
        assert_allclose(found.quantile(probability), np.quantile(drawn, probability), rtol=0.015)
    even = (np.arange(100_000) + 0.5) / 100_000
    assert_allclose(found.quantile(even).mean(), drawn.mean(), rtol=0.01)


def test_values_that_are_known_are_drawn_evenly():
    assert_allclose(Drawn([1.0, 2.0, 3.0]).quantile(np.array([0.0, 0.5, 1.0])), [1, 2, 3])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Range(2, 1), "the range 2 to 1 is the wrong way round"),
        (lambda: Range(-1, 1), "a lognormal range must be above 0"),
        (lambda: Range(0, 1), "a lognormal range must be above 0"),
        (lambda: Range(1, math.inf), "has no two ends"),
        (lambda: Range(1, 2, "triangular"), "there are lognormal, normal, uniform"),
        (lambda: Range(1, 2, level=1.0), "the level is 1; it must be above 0 and below 1"),
        (lambda: simulate(lambda: {"a": 1.0}, {}, level=0), "the level is 0"),
        (lambda: simulate(lambda: {"a": 1.0}, {}, samples=0), "there must be at least 1"),
    ],
)
def test_what_is_no_range_is_refused_in_one_sentence(wrong, said):
    with pytest.raises(XlcostError, match=said):
        wrong()
