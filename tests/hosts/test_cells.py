"""What functions make of cells: values against `estimate`, errors by row, shapes as in Excel."""

import datetime
from decimal import Decimal
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests import strategies
from xlcost import catalog, trend
from xlcost.estimate import estimate
from xlcost.functions import FUNCTIONS
from xlcost.hosts.cells import call
from xlcost.hosts.meaning import ERRORS

SOURCING = {"3y": "cloud_3y", "1y": "cloud_1y", "on_demand": "cloud_on_demand"}
START = "2026-03-01"


facts = cache(catalog.load)


def costs(edition="2026-11", method="market", **run):
    return estimate(pd.DataFrame([{"run": "a run", **run}]), facts(edition), method=method).iloc[0]


def same(found, expected):
    # 1e-9 and not the last digit: market_exact of an hour is a difference of two nearly equal numbers.
    assert (found == "#N/A") if np.isnan(expected) else found == pytest.approx(expected, rel=1e-9)


def test_gpt_4_costs_what_the_paper_says():
    cost = call(
        "AMORTIZED_COST",
        ["NVIDIA A100 SXM4 40 GB", 25000, 2280, datetime.datetime(2022, 5, 12), "OpenAI", None, 0.0806],
        "2024-05",
    )
    assert round(cost / 1e6, 2) == 40.16


@pytest.mark.parametrize("edition", strategies.EDITIONS)
@given(data=st.data())
def test_functions_of_a_run_are_what_an_estimate_says_of_it(edition, data):
    run = data.draw(strategies.runs(edition))
    chip, chips, hours, start = run["chip"], run["chips"], run["hours"], run["start"]
    method = data.draw(st.sampled_from(["market", "market_exact", "straight_line"]))
    commitment = data.draw(st.sampled_from(list(SOURCING)))
    own = costs(edition, method, **{**run, "vendor": "", "sourcing": "own"})
    organization = run["organization"]
    same(call("AMORTIZED_COST", [chip, chips, hours, start, organization, method], edition), own["amortized_cost"])
    same(call("ACQUISITION_COST", [chip, chips], edition), own["acquisition_cost"])
    same(call("POWER_CAPACITY", [chip, chips, organization], edition), own["power_capacity_kw"])
    same(call("CHIP_PRICE", [chip, start], edition), own["acquisition_price_per_chip"])
    same(call("ENERGY_COST", [chip, chips, hours, start.year, organization], edition), own["energy"])
    rented = costs(edition, **{**run, "organization": "", "sourcing": SOURCING[commitment]})
    same(call("CLOUD_COST", [chip, chips, hours, start, commitment, run["vendor"]], edition), rented["cloud_cost"])
    price = call("CLOUD_PRICE", [chip, commitment, run["vendor"], start], edition)
    same(price if isinstance(price, str) else price * chips * hours, rented["cloud_cost"])


def test_an_own_electricity_price_replaces_that_of_the_year():
    with_own = call("AMORTIZED_COST", ["H100", 5000, 1440, START, None, None, 0.2])
    without = call("AMORTIZED_COST", ["H100", 5000, 1440, START])
    assert with_own - without == pytest.approx(call("ENERGY_KWH", ["H100", 5000, 1440]) * (0.2 - 0.0826))


def test_a_breakdown_adds_up_to_the_cost():
    header, *rows = call("COST_BREAKDOWN", ["H100", 5000, 1440, START, "Meta"])
    assert header == ["Component", "USD", "Share"]
    assert sum(row[1] for row in rows) == pytest.approx(call("AMORTIZED_COST", ["H100", 5000, 1440, START, "Meta"]))
    assert sum(row[2] for row in rows) == pytest.approx(1)
    assert call("COST_BREAKDOWN", ["H100", 5000, 1440, START, "Meta", False]) == rows


def test_hours_from_compute_are_flop_over_peak_and_efficiency():
    peak = call("CHIP_SPEC", ["H100", "peak_flops"])
    assert call("CHIP_HOURS", [1e25, "H100", 0.4]) == pytest.approx(1e25 / (peak * 0.4) / 3600)
    assert call("CHIP_HOURS", [1e25, "H100"]) == pytest.approx(1e25 / (peak * 0.375) / 3600)
    assert call("TRAINING_FLOP", [175e9, 300e9]) == 3.15e23


def test_hardware_falls_by_the_rate_each_year_and_has_no_value_before_it_is_bought():
    four_years = 4 * 365 + 1
    value = call("HARDWARE_VALUE", [1_000_000, 45000, 45000 + four_years])
    assert_allclose(value, 1_000_000 * 10 ** (-0.14 * 4), rtol=1e-12)
    assert call("HARDWARE_VALUE", [1_000_000, START, "2026-02-28"]) == "#NUM!"


def test_real_costs_follow_the_index_by_month():
    index = catalog.load("2026-11").price_index.set_index("month")["producer_price_index"]
    expected = 100 * index["2024-12"] / index["2023-03"]
    assert call("REAL_COST", [100, "2023-03", datetime.date(2024, 12, 31)]) == pytest.approx(expected)
    assert call("REAL_COST", [100, "1995-03", "2024-12"]) == "#N/A"


def test_the_source_of_a_price_has_its_amount_date_and_address():
    row = catalog.load("2026-11").purchase_prices.query("chip == 'NVIDIA DGX H100' or usd_per_chip == 44489.88").iloc[0]
    said = call("PRICE_SOURCE", ["H100"])
    assert said.startswith("44489.88 USD per chip, ") and row["source"] in said
    assert call("PRICE_SOURCE", ["H100", "cloud_1y"]).startswith("7.67 USD per chip-hour, 1y, 2025-03-17, Google Cloud")


def test_the_source_of_a_price_leads_to_the_price_that_is_used():
    said = call("PRICE_SOURCE", ["B200", "cloud_3y"])
    assert said.startswith("6.69 USD per chip-hour, on_demand, 2.9436 at 3y by the usual discount, 2026-09-20, Lambda")
    assert call("CLOUD_PRICE", ["B200"]) == pytest.approx(6.69 * (1 - 0.56))
    said = call("PRICE_SOURCE", ["TPU v5e"])
    assert said.startswith("1781 USD per chip, single unit, 2920.84 with its share of the server, ")
    assert call("CHIP_PRICE", ["TPU v5e"]) == pytest.approx(1781 * 1.64)


def test_the_address_of_a_source_is_whole():
    said = call("PRICE_SOURCE", ["A100"], "2024-05")
    assert len(said) > 255 and said.endswith(tuple(catalog.load("2024-05").purchase_prices["source"]))


def test_a_date_stands_for_its_year_whatever_its_format():
    for cell in (datetime.date(2022, 5, 5), 44686, 44686.0):
        assert call("ENERGY_PRICE", [cell]) == call("ENERGY_PRICE", [2022])


def test_a_day_in_a_zone_of_its_own_is_refused_as_text_too():
    assert call("CHIP_PRICE", ["H100", "2026-03-01T00:00:00Z"]) == "#VALUE!"


@pytest.mark.parametrize("cell", [5000, 5000.0, "5000", " 5000 ", "5e3", Decimal(5000)])
def test_a_number_may_be_typed_as_text(cell):
    assert call("ACQUISITION_COST", ["H100", cell]) == call("ACQUISITION_COST", ["H100", 5000])


@pytest.mark.parametrize("cell", [46082, "2026-03-01", " 2026-03-01", datetime.datetime(2026, 3, 1)])
def test_a_date_may_be_a_number_or_text(cell):
    assert call("AMORTIZED_COST", ["H100", 1, 1, cell]) == call("AMORTIZED_COST", ["H100", 1, 1, START])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["H1000", 1, 1], "#N/A"),
        (["A100 SXM", 1, 1], "#N/A"),
        (["TPU v5p", 1, 1], "#N/A"),
        (["H100", 0, 1], "#NUM!"),
        (["H100", -1, 1], "#NUM!"),
        (["H100", 1, 1e7], "#NUM!"),
        (["H100", 1, 1, 5], "#NUM!"),
        (["H100", 1, 1, "1850-01-01"], "#NUM!"),
        (["H100", 1, 1, START, "", "", -0.1], "#NUM!"),
        (["H100", True, 1], "#VALUE!"),
        (["H100", "many", 1], "#VALUE!"),
        (["H100", "nan", 1], "#VALUE!"),
        (["H100", datetime.date(2026, 3, 1), 1], "#VALUE!"),
        ([100, 1, 1], "#VALUE!"),
        (["H100", 1, 1, "March"], "#VALUE!"),
        (["H100", 1, 1, True], "#VALUE!"),
        (["H100", 1, 1, START, "", "cash"], "#VALUE!"),
        (["#REF!", 1, 1], "#REF!"),
        (["H100", "#DIV/0!", "many"], "#DIV/0!"),
        ([None, "#DIV/0!", 1], "#DIV/0!"),
    ],
)
def test_each_kind_of_mistake_is_an_error_of_its_own(arguments, error):
    assert call("AMORTIZED_COST", arguments) == error
    rows = [[["H100"], [cell]] if place == 0 else [[1.0], [cell]] for place, cell in enumerate(arguments[:3])]
    found = call("AMORTIZED_COST", [*rows, *arguments[3:]])
    assert found[1] == [error]
    assert (found[0] == [error]) == (len(arguments) > 3)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_blank_in_is_blank_out_and_a_blank_option_is_its_default(name):
    function = FUNCTIONS[name]
    usual = list(function.example)
    assert call(name, usual + [None] * (len(function.arguments) - len(usual))) == call(name, usual)
    for place, argument in enumerate(function.arguments):
        if not argument.optional:
            for blank in (None, "", "  "):
                assert call(name, [*usual[:place], blank, *usual[place + 1 :]]) == ""


def test_in_a_range_only_the_bad_rows_fail():
    chips = [["H100"], ["no such"], [None], ["B200"], ["A100"]]
    counts = [[1.0], [1.0], [1.0], [-1.0], ["x"]]
    good = call("ACQUISITION_COST", ["H100", 1])
    assert call("ACQUISITION_COST", [chips, counts]) == [[good], ["#N/A"], [""], ["#NUM!"], ["#VALUE!"]]


def test_a_column_and_a_row_make_a_table_and_what_is_too_short_ends_in_na():
    table = call("ACQUISITION_COST", [[["H100"], ["B200"]], [[1.0, 2.0, 3.0]]])
    assert table == [[call("ACQUISITION_COST", [chip, n]) for n in (1, 2, 3)] for chip in ("H100", "B200")]
    short = call("ACQUISITION_COST", [[["H100"], ["B200"]], [[1.0], [2.0], [3.0]]])
    assert [row[0] for row in short[:2]] == [table[0][0], table[1][1]] and short[2] == ["#N/A"]


def test_a_range_of_one_cell_is_that_cell():
    assert call("ACQUISITION_COST", [[["H100"]], [[5.0]]]) == call("ACQUISITION_COST", ["H100", 5.0])


def test_the_setting_comes_before_the_environment_and_this_before_the_newest(monkeypatch):
    monkeypatch.setenv("XLCOST_EDITION", "2025-07")
    assert call("XLCOST_EDITION", [], "2024-05") == "2024-05"
    assert call("XLCOST_EDITION", []) == call("XLCOST_EDITION", [], "#NAME?") == "2025-07"
    assert call("XLCOST_EDITION", ["2024-05"]) == "2024-05"
    assert call("XLCOST_EDITION", ["2019-01"]) == call("ENERGY_PRICE", [2025], "2019-01") == "#N/A"
    monkeypatch.delenv("XLCOST_EDITION")
    assert call("XLCOST_EDITION", []) == catalog.newest_edition()


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(-(10**9), 10**9),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.decimals(allow_nan=False, places=4),
    st.sampled_from(sorted(ERRORS)),
    st.sampled_from(["H100", "a100", "TPU v4", "2026-03-01", "3y", "aws", "tdp_w", "5000", "OpenAI", "2024-05"]),
)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_junk_never_raises_and_a_range_gives_what_its_cells_give_alone(name, data):
    function = FUNCTIONS[name]
    good = st.sampled_from([value for value in function.example if value is not None] or [None])
    count = data.draw(st.integers(1, len(function.arguments)))
    columns = [data.draw(st.lists(JUNK | good, min_size=3, max_size=3)) for _ in range(count)]
    alone = [call(name, [column[row] for column in columns]) for row in range(3)]
    if function.spills:
        assert all(isinstance(cell, (list, float)) or cell in ERRORS or cell == "" for cell in alone)
        return
    # A whole range is no column of single cells; what it holds goes along with each of them.
    whole = [argument.is_range and [[cell] for cell in column] for argument, column in zip(function.arguments, columns)]
    if function.takes_ranges:
        alone = [call(name, [points or column[row] for points, column in zip(whole, columns)]) for row in range(3)]
    together = call(name, [[[cell] for cell in column] for column in columns])
    if not isinstance(together, list):
        together = [[together]] * 3
    assert together == [[pytest.approx(cell, rel=1e-12) if isinstance(cell, float) else cell] for cell in alone]
    if function.unit:
        assert all(isinstance(cell, float) or cell == "" or cell in ERRORS for cell in alone)


def test_every_combination_of_a_choice_and_a_chip_is_a_number_or_not_available():
    chips = [[chip] for chip in catalog.load().chips["chip"]]
    for method, start in product(("market", "market_exact", "straight_line"), ("2016-01-01", START, "2031-12-31")):
        cells = [row[0] for row in call("AMORTIZED_COST", [chips, 1000.0, 700.0, start, "", method])]
        assert all(cell == "#N/A" or (isinstance(cell, float) and cell >= 0) for cell in cells)
        assert sum(isinstance(cell, float) for cell in cells) > 30


PAIRS = (("2019-03-01", 1e5), ("2020-06-15", 2e6), ("2021-01-01", 9e5), ("2021-11-30", 1.2e7), ("2023-07-04", 4e7))
DATES, COSTS = ([[cell] for cell in column] for column in zip(*PAIRS))


def test_the_papers_growth_by_the_function_that_people_type():
    models = trend.selected(catalog.load("2024-05"))
    dates = [[day.date()] for day in models["published"]]
    ((growth, low, high),) = call("COST_GROWTH", [dates, [[cost] for cost in models["cost"]]])
    assert [round(figure, 3) for figure in (growth, low, high)] == [2.448, 1.962, 3.054]


def test_a_trend_in_cells_is_that_of_numpy_and_scipy():
    dates = pd.to_datetime([day for day, _ in PAIRS])
    years = np.asarray(dates.year + (dates.month - 1) / 12 + (dates.day - 1) / 365)
    (slope, intercept), covariance = np.polyfit(years, np.log10([cost for _, cost in PAIRS]), 1, cov=True)
    reach = scipy.stats.t.ppf(0.9, len(PAIRS) - 2) * covariance[0, 0] ** 0.5
    expected = [10**slope, 10 ** (slope - reach), 10 ** (slope + reach)]
    assert call("COST_GROWTH", [DATES, COSTS, 0.8]) == [pytest.approx(expected, rel=1e-9)]
    assert call("YEAR_COST_REACHES", [DATES, COSTS, 1e9]) == pytest.approx((9 - intercept) / slope, rel=1e-12)
    (row,) = call("COST_PROJECTION", [DATES, COSTS, "2026-01-01"])
    # By the covariances of the coefficients, where ours is by the distance from the mean date.
    of_line = covariance[0, 0] * 2026**2 + 2 * covariance[0, 1] * 2026 + covariance[1, 1]
    of_cost = of_line + covariance[0, 0] * ((years - years.mean()) ** 2).sum()
    reach = [scipy.stats.t.ppf(0.975, len(PAIRS) - 2) * variance**0.5 for variance in (of_line, of_cost)]
    ends = [side for each in reach for side in (-each, each)]
    assert row == pytest.approx([10 ** (intercept + slope * 2026 + side) for side in (0.0, *ends)], rel=1e-6)


def test_a_pair_with_a_blank_cell_is_left_out_of_a_trend_and_a_row_is_as_good_as_a_column():
    usual = call("COST_GROWTH", [DATES, COSTS])
    assert call("COST_GROWTH", [[*DATES, [None], ["2024-01-01"]], [*COSTS, [5.0], [""]]]) == usual
    assert call("COST_GROWTH", [[[cell for (cell,) in DATES]], COSTS]) == usual


@pytest.mark.parametrize(
    ("dates", "costs", "error"),
    [
        (DATES[:2], COSTS[:2], "#NUM!"),
        ([DATES[0]] * 5, COSTS, "#NUM!"),
        (DATES, [*COSTS[:4], [0.0]], "#NUM!"),
        (DATES, [*COSTS[:4], [-1.0]], "#NUM!"),
        (DATES, [*COSTS[:4], ["many"]], "#VALUE!"),
        ([*DATES[:4], ["soon"]], COSTS, "#VALUE!"),
        (DATES, [*COSTS[:4], ["#DIV/0!"]], "#DIV/0!"),
        (DATES, COSTS[:4], "#N/A"),
        ([[None]] * 5, COSTS, ""),
        (DATES, None, ""),
    ],
)
def test_what_is_no_trend_is_an_error_of_its_own(dates, costs, error):
    for name, others in (("COST_GROWTH", ()), ("COST_PROJECTION", ("2026-01-01",)), ("YEAR_COST_REACHES", (1e9,))):
        assert call(name, [dates, costs, *others]) == error


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_is_above_0_and_below_1(level):
    assert call("COST_GROWTH", [DATES, COSTS, level]) == "#NUM!"
    ((growth, low, high),) = call("COST_GROWTH", [DATES, COSTS, 0.9999])
    assert low < growth < high and growth == call("COST_GROWTH", [DATES, COSTS])[0][0]


def test_dates_of_one_day_are_no_trend_whatever_their_hours():
    assert call("COST_GROWTH", [[45000.1, 45000.5, 45000.9], [1.0, 2.0, 3.0]]) == "#NUM!"


def test_a_range_in_place_of_a_cell_gives_a_range_out_or_is_refused_where_the_result_is_a_row():
    amounts = [[1e8, None], ["many", 1e9], [-1.0, "#REF!"]]
    years = call("YEAR_COST_REACHES", [DATES, COSTS, amounts])
    alone = [[call("YEAR_COST_REACHES", [DATES, COSTS, amount]) for amount in row] for row in amounts]
    assert years == alone and [row[1] for row in years[::2]] == ["", "#REF!"]
    assert call("YEAR_COST_REACHES", [DATES[:2], COSTS[:2], amounts[:1]]) == [["#NUM!", ""]]
    assert call("COST_GROWTH", [DATES, COSTS, [[0.9], [0.8]]]) == "#VALUE!"
    assert call("COST_PROJECTION", [DATES, COSTS, DATES]) == "#VALUE!"


def test_a_trend_that_falls_comes_down_to_an_amount_and_a_flat_one_never():
    dates = ["2020-01-01", "2021-01-01", "2022-01-01"]
    for amount, year in ((1e3, 2023.0), (1e2, 2024.0), (1e8, 2018.0)):
        assert call("YEAR_COST_REACHES", [dates, [1e6, 1e5, 1e4], amount]) == pytest.approx(year)
    for costs in ([1e6, 1e6, 1e6], [1e6, 3e6, 1e6], [1e6, 1e6, 1.0001e6]):
        for amount in (1e9, 1.0):
            assert call("YEAR_COST_REACHES", [dates, costs, amount]) == "#NUM!"
    assert call("YEAR_COST_REACHES", [dates, [1e6, 1e6, 1e6], 1e6]) == "#NUM!"
    assert call("COST_GROWTH", [dates, [1e6, 1e6, 1e6]]) == [[1.0, 1.0, 1.0]]


def test_what_is_too_large_for_a_cell_is_no_number():
    dates, costs = ["2020-01-01", "2021-01-01", "2022-01-01"], [1e-300, 1.0, 1e18]
    assert call("COST_GROWTH", [dates, costs]) == "#NUM!"
    assert call("COST_PROJECTION", [dates, costs, "2099-12-31"]) == "#NUM!"


@given(st.floats(-1, 1).filter(lambda slope: abs(slope) > 0.01), st.floats(3, 9))
def test_points_on_a_line_have_its_growth_and_reach_what_it_reaches(slope, start):
    years = (2015, 2017, 2018, 2022)
    points = [[[f"{year}-01-01"] for year in years], [[10 ** (start + slope * (year - 2015))] for year in years]]
    assert call("COST_GROWTH", points)[0] == pytest.approx([10**slope] * 3, rel=1e-6)
    assert call("YEAR_COST_REACHES", [*points, 10 ** (start + slope * 4)]) == pytest.approx(2019, abs=1e-6)
