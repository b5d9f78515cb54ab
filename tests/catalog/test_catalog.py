"""The facts: what stands in them, how chips are found, how a user's prices win."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from tests.workbook.compare import differences
from xlcost import catalog
from xlcost.budget.plan import Tables
from xlcost.catalog.vendors import COMMITMENTS
from xlcost.dates import to_serial
from xlcost.errors import XlcostError
from xlcost.estimate import estimate
from xlcost.workbook.budget import write_budget

EDITIONS = strategies.EDITIONS


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_fact_has_its_source_and_date(edition):
    facts = catalog.load(edition)
    for name in ("chips", "purchase_prices", "cloud_prices", "energy_prices", "price_index", "models"):
        table = getattr(facts, name)
        assert (table["source"] != "").all() and table["date"].notna().all(), name


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_price_is_of_a_chip_that_is_listed_and_within_reason(edition):
    facts = catalog.load(edition)
    chips = set(facts.chips["chip"])
    assert len(chips) == len(facts.chips)
    assert set(facts.purchase_prices["chip"]) <= chips and set(facts.cloud_prices["chip"]) <= chips
    assert facts.cloud_prices["usd_per_chip_hour"].between(0.01, 30).all()
    assert set(facts.cloud_prices["commitment"]) <= set(COMMITMENTS)
    assert set(facts.purchase_prices["sold_as"]) <= {"single unit", "DGX", "server"}
    assert set(facts.chips["kind"]) == {"GPU", "TPU", "other"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_longer_commitment_is_never_dearer_on_the_same_day(edition):
    prices = catalog.load(edition).cloud_prices
    table = prices.pivot_table(
        index=["chip", "vendor", "date", "location"], columns="commitment", values="usd_per_chip_hour", aggfunc="min"
    )
    assert not (table["3y"] > table["on_demand"]).any() and not (table["3y"] > table["1y"]).any()


def test_rates_are_dense_and_not_sparse():
    # By NVIDIA's and AMD's datasheets; sparse figures are twice as high.
    chips = catalog.load().chips.set_index("chip")
    for chip, rate in (
        ("NVIDIA H100 SXM5 80GB", 989e12),
        ("NVIDIA H100 NVL", 835.5e12),
        ("NVIDIA A100", 312e12),
        ("AMD Instinct MI325X", 1300e12),
        ("NVIDIA B200", 2250e12),
        ("Google TPU v6e Trillium", 918e12),
    ):
        assert chips.loc[chip, "peak_flops"] == rate


def test_the_later_source_wins_and_the_figure_that_lost_stands_in_the_note():
    b300 = catalog.load("2026-11").chips.set_index("chip").loc["NVIDIA B300"]
    assert b300["tdp_w"] == 1000 and "tdp_w 1750 in 2025-07" in b300["note"]


def test_an_edition_does_not_know_later_prices():
    assert catalog.load("2025-07").cloud_prices["date"].max() < to_serial("2025-08-01")
    assert catalog.load("2026-11").cloud_prices["date"].max() > to_serial("2026-11-01")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("H100", "NVIDIA H100 SXM5 80GB"),
        ("h100 sxm", "NVIDIA H100 SXM5 80GB"),
        ("NVIDIA H100 SXM5", "NVIDIA H100 SXM5 80GB"),
        ("A100", "NVIDIA A100"),
        ("a100 80gb", "NVIDIA A100 SXM4 80 GB"),
        ("A100 SXM4 40GB", "NVIDIA A100 SXM4 40 GB"),
        ("V100", "NVIDIA V100"),
        ("H200", "NVIDIA H200 SXM"),
        ("B200", "NVIDIA B200"),
        ("GB200", "NVIDIA GB200 NVL2"),
        ("Trillium", "Google TPU v6e Trillium"),
        ("TPU v4", "Google TPU v4"),
        ("  mi300x ", "AMD Instinct MI300X"),
        ("trainium2", "Amazon Trainium2"),
        ("Gaudi 3", "Intel Habana Gaudi3"),
    ],
)
def test_a_chip_is_found_by_what_people_call_it(text, name):
    assert catalog.load("2026-11").names.find(text)[0] == name


@pytest.mark.parametrize("text", ["A100 SXM4", "TPU v5", "NVIDIA", "RTX"])
def test_an_ambiguous_name_lists_what_it_could_be(text):
    with pytest.raises(LookupError, match="could be any of: .*, "):
        catalog.load("2026-11").names.find(text)


@pytest.mark.parametrize("edition", EDITIONS)
@given(data=st.data())
def test_every_chip_is_found_by_its_own_name_whatever_the_case(edition, data):
    chip = data.draw(strategies.chips(edition))
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.strip, lambda name: f"  {name} "]))
    assert catalog.load(edition).names.find(change(chip)) == (chip, "")


@given(text=st.text(max_size=40))
def test_any_text_is_a_chip_or_a_clear_error(text):
    try:
        name, _ = catalog.load().names.find(text)
        assert name in set(catalog.load().chips["chip"])
    except LookupError as error:
        assert "nearest: " in str(error) or "could be any of: " in str(error)


# --- a user's price book


def book(folder, *rows):
    path = folder / "prices.csv"
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def cost(prices, **run):
    return estimate(
        pd.DataFrame([{"run": "r", "chips": 10, "hours": 100, "start": "2026-10-01", **run}]), prices=prices
    ).iloc[0]


def test_a_users_cloud_price_wins_at_any_date_and_shows(tmp_path):
    prices = book(
        tmp_path,
        {"chip": "H100", "vendor": "AWS", "date": "2020-01-01", "commitment": "on_demand", "usd_per_chip_hour": 2.0},
    )
    found = cost(prices, chip="H100", sourcing="cloud_on_demand")
    assert found["cloud_cost"] == 2_000 and "Cloud price from your price book" in found["note"]
    # At three years AWS takes 64% off, and the user's price still counts before any that is published.
    assert cost(prices, chip="H100", sourcing="cloud_3y")["cloud_cost"] == pytest.approx(720)


def test_a_users_price_of_one_vendor_does_not_count_for_another(tmp_path):
    row = {"chip": "H100", "vendor": "AWS", "date": "2026-01-01", "commitment": "on_demand", "usd_per_chip_hour": 2.0}
    published = cost(None, chip="H100", vendor="Google Cloud", sourcing="cloud_on_demand")
    assert (
        cost(book(tmp_path, row), chip="H100", vendor="GCP", sourcing="cloud_on_demand")["cloud_cost"]
        == published["cloud_cost"]
    )


def test_a_users_purchase_price_is_the_last_one_before_the_start(tmp_path):
    rows = [
        {"chip": "H100", "date": date, "usd_per_chip": price, "sold_as": "server"}
        for date, price in (("2025-01-01", 30_000), ("2026-06-01", 25_000), ("2027-01-01", 20_000))
    ]
    prices = book(tmp_path, *rows)
    assert cost(prices, chip="H100")["acquisition_price_per_chip"] == 25_000
    assert cost(prices, chip="H100", start="2024-01-01")["acquisition_price_per_chip"] == 30_000
    assert "Purchase price from your price book" in cost(prices, chip="H100")["note"]


def test_a_single_units_price_gets_the_servers_share_added(tmp_path):
    prices = book(tmp_path, {"chip": "B300", "date": "2026-01-01", "usd_per_chip": 40_000, "sold_as": "single unit"})
    assert cost(prices, chip="B300")["acquisition_price_per_chip"] == pytest.approx(40_000 * 1.64)


def test_a_users_figures_complete_a_chip_with_gaps(tmp_path):
    assert np.isnan(cost(None, chip="TPU v5p")["amortized_cost"])
    assert cost(book(tmp_path, {"chip": "TPU v5p", "tdp_w": 250}), chip="TPU v5p")["amortized_cost"] > 0


def test_a_users_figures_of_a_chip_show(tmp_path):
    prices = book(tmp_path, {"chip": "H100", "tdp_w": 777, "dense_bf16_flops": 1e15, "source": "our measurement"})
    assert "Chip power (TDP) from your price book" in cost(prices, chip="H100")["note"]
    assert "Peak rate" not in cost(prices, chip="H100")["note"]
    compute = {"chips": None, "hours": None, "training_flop": 1e22}
    assert "Peak rate of the chip from your price book" in cost(prices, chip="H100", **compute)["note"]
    chips = catalog.load(prices=prices).chips.set_index("chip")
    published = catalog.load().chips.set_index("chip").loc["NVIDIA H100 SXM5 80GB"]
    assert chips.loc["NVIDIA H100 SXM5 80GB", "source"] == published["source"]
    assert "tdp_w, dense_bf16_flops from your price book" in chips.loc["NVIDIA H100 SXM5 80GB", "note"]


def test_straight_line_past_the_useful_life_says_why_the_hardware_is_free():
    runs = pd.DataFrame([{"run": "r", "chip": "A100", "chips": 10, "hours": 100, "start": "2026-03-01"}])
    late, early = (
        estimate(runs.assign(start=day), method="straight_line").iloc[0] for day in ("2026-03-01", "2021-03-01")
    )
    assert late["accelerator_chips"] == 0 and "Past its useful life at the start" in late["note"]
    assert early["accelerator_chips"] > 0 and "Past its useful life" not in early["note"]


def test_a_chip_of_the_users_own_is_added(tmp_path):
    prices = book(
        tmp_path,
        {
            "chip": "Our chip",
            "kind": "other",
            "tdp_w": 500,
            "dense_bf16_flops": 1e15,
            "date": "2026-01-01",
            "usd_per_chip": 9_000,
            "sold_as": "server",
        },
    )
    found = cost(prices, chip="our chip")
    assert found["chip"] == "Our chip" and found["acquisition_price_per_chip"] == 9_000 and found["amortized_cost"] > 0


def test_a_workbook_with_a_price_book_computes_the_same(tmp_path, libreoffice, cellrune):
    prices = book(
        tmp_path,
        {"chip": "H100", "vendor": "Our cloud", "date": "2026-01-01", "commitment": "1y", "usd_per_chip_hour": 1.5},
        {
            "chip": "Our chip",
            "kind": "GPU",
            "tdp_w": 500,
            "date": "2026-01-01",
            "usd_per_chip": 9_000,
            "sold_as": "server",
        },
        {"chip": "Our chip", "date": "2026-08-01", "usd_per_chip": 8_000, "sold_as": "single unit"},
    )
    runs = pd.DataFrame(
        {
            "run": ["a", "b", "c"],
            "chip": ["H100", "Our chip", "Our chip"],
            "chips": 8,
            "hours": 10.0,
            "start": [datetime.date(2026, 10, 1), datetime.date(2026, 2, 1), datetime.date(2026, 9, 1)],
        }
    )
    path = tmp_path / "budget.xlsx"
    write_budget(path, runs, tables=Tables(prices=prices))
    for engine in (libreoffice, cellrune):
        with engine.open(path) as document:
            document.recalculate()
            assert differences(path, document) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"chip": "H1000", "tdp_w": 1}, "to add a chip, give its kind"),
        ({"chip": "H100"}, "give usd_per_chip_hour, usd_per_chip, tdp_w"),
        (
            {"chip": "H100", "usd_per_chip_hour": -1, "vendor": "AWS", "date": "2026-01-01", "commitment": "1y"},
            "row 2: usd_per_chip_hour is '-1'; it must be a number above 0",
        ),
        (
            {"chip": "H100", "usd_per_chip_hour": 1, "date": "2026-01-01", "commitment": "1y"},
            "a cloud price needs its vendor",
        ),
        ({"chip": "H100", "usd_per_chip_hour": 1, "vendor": "AWS", "commitment": "1y"}, "a price needs its date"),
        (
            {"chip": "H100", "usd_per_chip_hour": 1, "vendor": "AWS", "date": "2026-01-01", "commitment": "5y"},
            "commitment is '5y'; it must be one of: on_demand, 1y, 3y",
        ),
        ({"chip": "H100", "usd_per_chip": 1, "date": "2026-01-01"}, "a purchase price needs 'single unit'"),
        ({"chip": "a*", "kind": "GPU", "tdp_w": 1}, "a name without * ? ~"),
        ({"chip": "H100", "tdp_w": 700, "colour": "red"}, "column 'colour' is not known"),
        ({"chip": "H100", "tdp_w": 1e30}, "it must be a number above 0 and at most 1,000,000"),
        ({"chip": "H100", "kind": "TPU", "tdp_w": 700}, "the catalog's chip is of another kind"),
        (
            {
                "chip": "H100",
                "usd_per_chip": 5,
                "usd_low": 9,
                "usd_high": 3,
                "date": "2026-01-01",
                "sold_as": "server",
            },
            "usd_high is 3.0; it must not be below usd_low",
        ),
    ],
)
def test_a_price_book_that_cannot_be_used_says_why(tmp_path, row, said):
    with pytest.raises(XlcostError) as error:
        catalog.load(prices=book(tmp_path, row))
    assert said in str(error.value) and len(str(error.value).splitlines()) == 1


def test_a_price_book_that_gives_a_chip_two_figures_or_nothing_says_so(tmp_path):
    with pytest.raises(XlcostError, match="row 3: tdp_w is 701.0; a row above gives this chip another figure"):
        catalog.load(prices=book(tmp_path, {"chip": "H100", "tdp_w": 700}, {"chip": "h100", "tdp_w": 701}))
    (tmp_path / "prices.csv").write_text("chip,tdp_w\n")
    with pytest.raises(XlcostError, match="there are no prices in it"):
        catalog.load(prices=tmp_path / "prices.csv")
