"""Runs in, costs out: against the published figures and against the rules followed by hand."""

import csv
import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests import oracle, strategies
from xlcost import catalog
from xlcost.errors import XlcostError
from xlcost.estimate import estimate, estimate_models

PUBLISHED = list(csv.DictReader((Path(__file__).parent / "data" / "published_2024.csv").open(encoding="utf-8")))
COMMITMENT = {"": "3y", "own": "3y", "cloud_3y": "3y", "cloud_1y": "1y", "cloud_on_demand": "on_demand"}


@pytest.fixture(scope="module")
def models_2024():
    return estimate_models("2024-05").set_index("model")


def one(**run):
    """The estimate of one run, as a Series."""
    edition, options = run.pop("edition", "2026-11"), run.pop("options", {})
    return estimate(pd.DataFrame([{"run": "a run", **run}]), edition, **options).iloc[0]


@pytest.mark.parametrize("figure", sorted({row["figure"] for row in PUBLISHED}))
def test_every_published_figure_of_the_paper_is_reproduced(models_2024, figure):
    rows = [row for row in PUBLISHED if row["figure"] == figure]
    found = models_2024.loc[[row["model"] for row in rows], figure]
    if figure in ("acquired", "training_start"):
        assert list(found) == [pd.Timestamp(row["published"]) for row in rows]
    else:
        expected = [float(row["published"] or "nan") for row in rows]
        assert_allclose(found.to_numpy(), expected, rtol=1e-9)


def test_as_many_models_have_each_figure_as_in_the_paper(models_2024):
    assert models_2024[["amortized_cost", "cloud_cost", "acquisition_cost"]].notna().sum().tolist() == [45, 40, 37]


def test_several_chips_in_one_run_give_no_estimate_and_say_why(models_2024):
    several = models_2024[models_2024["chip"].str.contains(",")]
    assert len(several) == 3
    assert several["amortized_cost"].isna().all() and several["note"].str.contains("several chips").all()


def test_a_fine_tuned_model_includes_its_base_model_component_by_component(models_2024):
    tuned, base = models_2024.loc["Flan-PaLM 540B"], models_2024.loc["PaLM (540B)"]
    own = one(
        edition="2024-05",
        organization="Google",
        chip="Google TPU v4",
        chips=512,
        hours=37,
        chip_hours=18944,
        published=datetime.date(2022, 10, 20),
    )
    for part in ("accelerator_chips", "energy", "amortized_cost", "cloud_cost", "acquisition_cost"):
        assert_allclose(tuned[part], own[part] + base[part], rtol=1e-12)


@pytest.mark.parametrize("edition", ["2025-07", "2026-11"])
def test_models_of_later_editions_follow_the_rules_by_hand(edition):
    costs = estimate_models(edition).set_index("model")
    models = catalog.load(edition).models.set_index("model")
    compared = 0
    for name, model in models.iterrows():
        known = model["chip"] and "," not in model["chip"] and model["chips"] > 0 and model["hours"] > 0
        if not known or model["chip_hours"] > 0:
            continue
        start = costs.loc[name, "training_start"].to_pydatetime()
        by_hand = oracle.cloud_price(
            edition, model["chip"], (start - datetime.timedelta(60)).date(), organization=model["organization"]
        )
        if by_hand is not None:
            compared += 1
            assert_allclose(costs.loc[name, "cloud_cost"], by_hand * model["chips"] * model["hours"], rtol=1e-12)
    assert compared >= 8


@pytest.mark.parametrize("edition", strategies.EDITIONS)
@given(data=st.data())
def test_prices_and_costs_of_any_run_are_those_found_by_hand(edition, data):
    run = data.draw(strategies.runs(edition))
    costs = one(edition=edition, **run)
    wanted = run["start"] - datetime.timedelta(60)
    by_hand = oracle.cloud_price(
        edition, run["chip"], wanted, COMMITMENT[run["sourcing"]], run["organization"], run["vendor"]
    )
    hours = run["chips"] * run["hours"]
    assert_allclose(costs["cloud_cost"], np.nan if by_hand is None else by_hand * hours, rtol=1e-12)
    amortized = oracle.amortized_cost(
        edition, run["chip"], run["chips"], run["hours"], run["start"], run["organization"]
    )
    assert_allclose(costs["amortized_cost"], np.nan if amortized is None else amortized, rtol=1e-12)
    budget = costs["amortized_cost"] if run["sourcing"] in ("", "own") else costs["cloud_cost"]
    assert_allclose(costs["budget_cost"], budget)


@pytest.mark.parametrize("chip", ["H200", "B200", "GB200", "MI300X", "TPU v5e", "TPU v6e"])
def test_chips_that_people_ask_for_have_all_figures(chip):
    costs = one(chip=chip, chips=1000, hours=720, start="2026-03-01")
    assert costs[["amortized_cost", "acquisition_cost", "cloud_cost", "power_capacity_kw"]].notna().all()


@pytest.mark.parametrize(
    ("chip", "said"),
    [
        ("TPU v5p", "TDP"),
        ("B300", "No purchase price"),
        ("GB300", "No purchase price"),
        ("Trainium2", "No purchase price"),
    ],
)
def test_a_chip_with_a_gap_says_what_is_missing(chip, said):
    costs = one(chip=chip, chips=1000, hours=720, start="2026-03-01")
    assert np.isnan(costs["amortized_cost"]) and said in costs["note"]


def test_the_price_of_gb200_is_marked_as_an_estimate():
    assert "Purchase price is an estimate" in one(chip="GB200", chips=72, hours=720)["note"]


def test_a_familys_name_means_its_default_variant_and_says_so():
    costs = one(chip="h100", chips=8, hours=1)
    assert costs["chip"] == "NVIDIA H100 SXM5 80GB" and "H100 taken as NVIDIA H100 SXM5 80GB" in costs["note"]


def test_gpt_4_costs_what_the_paper_says():
    costs = one(
        edition="2024-05",
        organization="OpenAI",
        chip="NVIDIA A100 SXM4 40 GB",
        chips=25_000,
        hours=2_280,
        start="2022-05-12",
        published="2023-03-15",
    )
    assert round(costs["amortized_cost"] / 1e6, 2) == 40.16
    assert round(costs["energy"] / 1e6, 2) == 3.50
    assert round(costs["interconnect"] / 1e6, 2) == 6.96


def test_a_runs_own_price_and_date_win_over_the_catalog():
    costs = one(
        chip="H100", chips=100, hours=1000, start="2026-03-01", acquired="2026-03-01", server_price_per_chip=30_000
    )
    # By hand: 30,000 × 0.14 × ln 10 / 8766 × 100,000 chip-hours.
    assert_allclose(costs["accelerator_chips"] + costs["server_components"], 110_322.352163, rtol=1e-9)
    assert costs["acquisition_price_per_chip"] == 30_000


def test_the_exact_method_takes_276_percent_of_the_value_in_a_year():
    run = dict(
        chip="H100", chips=1, hours=8766, start="2026-03-01", acquired="2026-03-01", server_price_per_chip=100_000
    )
    exact, market = (one(**run, options={"method": method}) for method in ("market_exact", "market"))
    hardware = exact["accelerator_chips"] + exact["server_components"]
    assert_allclose(hardware, 100_000 * (1 - 10**-0.14))
    assert_allclose(market["accelerator_chips"] + market["server_components"], 100_000 * 0.14 * np.log(10))


def test_the_exact_method_needs_chips_and_hours():
    costs = one(chip="H100", chip_hours=1e6, options={"method": "market_exact"})
    assert np.isnan(costs["amortized_cost"]) and "market_exact" in costs["note"]


def test_straight_line_charges_nothing_after_the_useful_life():
    run = dict(chip="H100", chips=10, hours=2 * 8766, acquired="2020-01-01", server_price_per_chip=30_000)
    late = one(**run, start="2024-01-01", options={"method": "straight_line"})
    # A life of three years for hardware of 2020; 2022-01-01 is 731 days after, so 364.75 of 730.5 days are charged.
    split = one(**run, start="2022-01-01", options={"method": "straight_line"})
    assert late["accelerator_chips"] == 0
    charged = 10 * 30_000 * (3 - 731 / 365.25) / 3
    assert_allclose(split["accelerator_chips"] + split["server_components"], charged, rtol=1e-12)


def test_costs_do_not_depend_on_the_other_runs_of_the_table():
    frame = pd.DataFrame(
        {
            "run": ["a", "b", "c"],
            "chip": ["H100", "TPU v4", "A100"],
            "chips": 100,
            "hours": [10, 20, 30],
            "start": "2024-03-01",
        },
        index=[7, 3, 5],
    )
    together = estimate(frame)
    for label in frame.index:
        alone = estimate(frame.loc[[label]])
        pd.testing.assert_frame_equal(together.loc[[label]], alone)


def test_a_table_longer_than_a_block_is_computed_as_one(monkeypatch):
    frame = pd.DataFrame(
        {"run": [str(number) for number in range(50)], "chip": "H100", "chips": range(1, 51), "hours": 7.0}
    )
    whole = estimate(frame)
    monkeypatch.setattr("xlcost.estimate.BLOCK", 7)
    pd.testing.assert_frame_equal(estimate(frame), whole)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"chips": -1}, "row 2: chips is -1; it must be a number above 0 and at most 1,000,000,000"),
        ({"hours": 1e7}, "row 2: hours is 10000000.0; it must be a number above 0 and at most 1,000,000"),
        ({"chips": "many"}, "row 2: chips is 'many'"),
        ({"chips": float("nan")}, "row 2: the amount of compute is empty"),
        ({"chips": float("inf")}, "row 2: chips is inf"),
        ({"chips": True}, "row 2: chips is True"),
        ({"hours": 0}, "row 2: hours is 0"),
        ({"mfu": 1.01}, "row 2: mfu is 1.01; it must be a number above 0 and at most 1"),
        ({"mfu": 0}, "row 2: mfu is 0"),
        ({"start": "2026-02-30"}, "row 2: start is '2026-02-30'; it must be a date"),
        ({"start": "1066-10-14"}, "from 1990 to 2099"),
        ({"chip": "H1000"}, "row 2: chip: no chip is called 'H1000'; nearest: "),
        ({"chip": "A100 SXM4"}, "row 2: chip: 'A100 SXM4' could be any of: "),
        ({"chip": None}, "row 2: chip is empty"),
        ({"sourcing": "lease"}, "row 2: sourcing is 'lease'; it must be one of: own, cloud_on_demand"),
        ({"vendor": "Acme"}, "row 2: vendor is 'Acme'; it must be one of: Amazon Web Services"),
        ({"run": None}, "row 2: run is empty"),
        ({"colour": "red"}, "column 'colour' is not known; allowed are run, department"),
        ({"server_price_per_chip": 0}, "row 2: server_price_per_chip is 0"),
    ],
)
def test_an_input_that_cannot_be_used_is_named_with_row_and_column(change, said):
    frame = pd.DataFrame([{"run": "r", "chip": "H100", "chips": 8, "hours": 1, **change}], index=[2])
    with pytest.raises(XlcostError) as error:
        estimate(frame)
    assert said in str(error.value)


def test_all_bad_rows_are_reported_in_one_go():
    frame = pd.DataFrame(
        {"run": ["a", "A", "c"], "chip": ["H100", "H100", "?"], "chips": [1, 1, -1], "hours": [1, 0, 1]}
    )
    with pytest.raises(XlcostError) as error:
        estimate(frame)
    assert str(error.value).split("\n")[0].startswith("row 1: ")
    assert len(str(error.value).split("\n")) == 4


def test_an_unknown_edition_method_or_assumption_lists_those_that_there_are():
    frame = pd.DataFrame({"run": ["a"], "chip": ["H100"], "chip_hours": [1]})
    for options, said in (
        ({"edition": "2023-01"}, "2024-05, 2025-07, 2026-11"),
        ({"method": "linear"}, "straight_line"),
        ({"assumptions": {"rate": 1}}, "depreciation_rate"),
    ):
        with pytest.raises(XlcostError, match=said):
            estimate(frame, **options)


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), "0.1", True])
def test_an_assumption_that_is_negative_or_no_number_is_named(value):
    frame = pd.DataFrame({"run": ["a"], "chip": ["H100"], "chip_hours": [1]})
    with pytest.raises(XlcostError, match="assumption depreciation_rate is .*; it must be a number of 0 or more"):
        estimate(frame, assumptions={"depreciation_rate": value})
