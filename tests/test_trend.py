"""Trends: the paper's, another program's, and what must hold for all inputs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from xlcost import catalog
from xlcost.errors import XlcostError
from xlcost.trend import compare, fit, projected, selected

DATES = ["2019-03-01", "2020-06-15", "2021-01-01", "2021-11-30", "2023-07-04"]
COSTS = [1e5, 2e6, 9e5, 1.2e7, 4e7]


def paper(cost="amortized", **selection):
    models = selected(catalog.load("2024-05"), cost, **selection)
    return fit(models["published"], models["cost"])


def test_the_papers_trend_of_amortized_cost():
    trend = paper()
    assert (trend.n, round(trend.slope, 4), round(trend.growth, 3), round(trend.r2, 3)) == (45, 0.3888, 2.448, 0.608)
    assert [round(end, 3) for end in trend.growth_range] == [1.962, 3.054]


@pytest.mark.parametrize(("cost", "n"), [("cloud", 40), ("acquisition", 37), ("power", 37)])
def test_trends_of_the_other_figures_have_as_many_models_as_the_paper(cost, n):
    assert paper(cost).n == n and 1.5 < paper(cost).growth < 3


def test_a_trend_is_numpys_line_through_the_logarithms_with_its_errors():
    trend = fit(DATES, COSTS)
    dates = pd.to_datetime(DATES)
    years = dates.year + (dates.month - 1) / 12 + (dates.day - 1) / 365
    (slope, intercept), covariance = np.polyfit(years, np.log10(COSTS), 1, cov=True)
    assert_allclose([trend.slope, trend.intercept], [slope, intercept], rtol=1e-9)
    assert_allclose(trend.slope_error, covariance[0, 0] ** 0.5, rtol=1e-9)


def test_where_the_projections_range_reaches_a_cost_the_dates_range_ends():
    trend = paper()
    for cost in (1e7, 1e9):
        year, first, last = trend.reaches(cost)
        assert first < year < last
        for end, band in ((first, "confidence_high"), (last, "confidence_low"), (year, "cost")):
            day = np.datetime64(f"{int(end)}-01-01") + np.timedelta64(round((end % 1) * 365), "D")
            assert_allclose(np.log10(trend.projection([day])[band].item()), np.log10(cost), atol=0.003)


def test_a_trend_that_may_not_grow_at_all_reaches_a_cost_at_no_known_time():
    trend = fit(DATES, [1e6, 3e5, 2e6, 4e5, 1.1e6])
    assert trend.reaches(1e9)[1:] == (-np.inf, np.inf)


@settings(max_examples=30)
@given(st.floats(-1, 1).filter(lambda slope: abs(slope) > 0.01), st.floats(1, 9))
def test_points_on_a_line_give_the_line(slope, start):
    years = np.array([2015, 2017, 2018, 2022])
    trend = fit([f"{year}-01-01" for year in years], 10 ** (start + slope * (years - 2015)))
    assert_allclose(trend.growth, 10**slope, rtol=1e-6)
    assert_allclose(trend.r2, 1, rtol=1e-9)


def test_costs_that_stay_the_same_have_a_growth_of_one_for_sure_and_reach_nothing_else():
    trend = fit(DATES, [1e6] * len(DATES))
    assert (trend.growth, trend.growth_range) == (1.0, (1.0, 1.0))
    assert trend.reaches(1e9) == (np.inf, -np.inf, np.inf)


def test_trends_of_chips_are_compared():
    gpu, tpu = paper(kind="GPU"), paper(kind="TPU")
    ratio, probability = compare(gpu, tpu)
    assert ratio == gpu.growth / tpu.growth and 0 < probability < 0.05 < compare(gpu, gpu)[1] == 1


def test_a_selection_keeps_its_bounds():
    facts = catalog.load("2024-05")
    late = selected(facts, first_year=2022, last_year=2022)
    assert set(late["published"].dt.year) == {2022} and len(selected(facts, largest=1)) < len(selected(facts))


def test_a_projection_begins_after_the_models_and_ends_on_time():
    facts = catalog.load("2024-05")
    table = projected(paper(), facts, "2030-06-30")
    assert list(table["date"].dt.year) == list(range(2024, 2031))
    assert (table["prediction_low"] < table["confidence_low"]).all() and table["n"].eq(45).all()
    assert len(projected(paper(), facts)) == 5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: fit(DATES[:2], COSTS[:2]), "2 costs of 2 dates; a trend needs 3 costs, of different dates"),
        (lambda: fit([DATES[0]] * 3, COSTS[:3]), "3 costs of 1 dates"),
        (lambda: fit(DATES, [*COSTS[:4], 0.0]), "the cost of 2023-07-04 is 0; a trend needs costs above 0"),
        (lambda: fit(DATES, COSTS, level=1.5), "the level is 1.5"),
        (lambda: fit(DATES, COSTS).reaches(0), "a trend cannot reach 0"),
        (lambda: selected(catalog.load(), "staff"), "there are amortized, cloud, acquisition, power"),
        (lambda: projected(fit(DATES, COSTS), catalog.load("2024-05"), "2020-01-01"), "a date from 2024-01-01 to"),
    ],
)
def test_what_is_no_trend_is_refused_in_one_sentence(wrong, said):
    with pytest.raises(XlcostError, match=said):
        wrong()


def test_a_missing_cost_leaves_its_point_out():
    assert fit([*DATES, "2024-01-01"], [*COSTS, np.nan]) == fit(DATES, COSTS)


def test_from_a_known_cost_on_a_billion_comes_when_the_growth_says():
    trend = fit(["2020-01-01", "2021-01-01", "2022-01-01"], [1e6, 1e7, 1e8])
    year, low, high = trend.reaches_from(1e9, "2023-01-01", 1e7)
    assert_allclose([year, low, high], 2025, atol=1e-6)
    year, low, high = fit(DATES, COSTS, 0.5).reaches_from(1e6, "2023-01-01", 1e7)
    assert low < year < high < 2023
    falling = fit(DATES, [1e9, 1e8, 1e7, 1e6, 1e5])
    assert falling.reaches_from(1e9, "2023-01-01", 1e7)[0] == np.inf
