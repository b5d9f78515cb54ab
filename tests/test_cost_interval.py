"""Intervals of one estimate: against plain sampling of the same ranges, and against what the paper gets."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from xlcost import equations
from xlcost.cost_interval import RunFigures, cost_interval, ranges_of
from xlcost.uncertainty import Range, simulate

RUNS = {
    "chip-hours given": RunFigures("GPU", 24_875, 1.75, 57e6, 3.5e6),
    "chip-hours from compute": RunFigures("GPU", 44_490, 0.5, 1e7, 2e6, from_compute=True),
    "followed from start to end": RunFigures(
        "GPU", 24_875, 1.75, 57e6, 3.5e6, method="market_exact", chips=25_000, hours=2_280
    ),
    "near the end of its life": RunFigures(
        "GPU", 24_875, 3.9, 57e6, 3.5e6, method="straight_line", chips=25_000, hours=2_280, useful_life=4
    ),
    "a TPU at a hyperscaler": RunFigures("TPU", 8_489, 2.1, 132e6, 1.3e6, hyperscaler=True),
}


def plain_samples(run, count, seed=1):
    """Hardware with its network, and energy, each quantity drawn by itself: the equations written out."""
    drawn, scale = ranges_of(run)
    chance = np.random.default_rng(seed)
    x = {name: each.quantile(chance.random(count)) for name, each in {**drawn, **scale}.items()}
    longer = x["training time"] if run.method != "market" else 1.0
    chip_hours = run.chip_hours * longer * math.prod(x[name] for name in scale) / x.get("utilization", 1.0)
    years = run.years_owned + x["acquisition date"] / 365.25
    rate, price = x["depreciation rate"], run.server_price * x["hardware price"]
    if run.method == "market":
        hardware = price * 10 ** (-rate * years) * np.log(10) * rate / 8766 * chip_hours
    elif run.method == "market_exact":
        lost = 1 - 10 ** (-rate * run.hours * longer / 8766)
        hardware = price * 10 ** (-rate * years) * lost * run.chips * x["number of chips"]
    else:
        within = np.clip((run.useful_life - years) * 8766 / (run.hours * longer), 0, 1)
        hardware = price / (run.useful_life * 8766) * chip_hours * within
    hardware = hardware * x["network overhead"]
    return hardware, run.energy * chip_hours / run.chip_hours * x["energy"]


@pytest.mark.parametrize("name", RUNS)
def test_an_interval_is_that_of_plain_sampling(name):
    outcome = cost_interval(RUNS[name])
    hardware, energy = plain_samples(RUNS[name], 1_000_000)
    for found, drawn in ((outcome.total, hardware + energy), (outcome.parts["energy"], energy)):
        ends = [found.low, found.median, found.high]
        assert_allclose(ends, np.quantile(drawn, [0.05, 0.5, 0.95]), rtol=0.01)
        assert_allclose(found.mean, drawn.mean(), rtol=0.02)


@pytest.mark.parametrize("name", [name for name, run in RUNS.items() if run.method == "market"])
def test_the_median_stays_near_the_point_estimate(name):
    run = RUNS[name]
    value = equations.value_at_start(run.server_price, run.years_owned)
    hardware = equations.hardware_market(value, run.chip_hours)
    estimate = equations.amortized_cost(hardware, equations.interconnect(hardware), run.energy)
    # The range of utilization leans to its low end, and so does a median from it.
    assert_allclose(cost_interval(run).total.median, estimate, rtol=0.12 if run.from_compute else 0.06)


# What the paper gets, relative to the median, over a mix of runs of which a third have chip-hours from compute.
PAPER = {"GPU": {"hardware": (0.27, 4.0), "energy": (0.31, 3.6)}, "TPU": {"hardware": (0.16, 6.6)}}


@pytest.mark.parametrize("kind", PAPER)
def test_relative_intervals_are_those_of_the_paper(kind):
    samples = [
        plain_samples(RunFigures(kind, 1.0, 0.0, 1.0, 1.0, from_compute=from_compute), count)
        for from_compute, count in ((False, 1_000_000), (True, 500_000))
    ]
    for part, place in (("hardware", 0), ("energy", 1)):
        if part in PAPER[kind]:
            mixed = np.concatenate([each[place] for each in samples])
            relative = np.quantile(mixed, [0.05, 0.95]) / np.median(mixed)
            assert_allclose(relative, PAPER[kind][part], rtol=0.06)


@pytest.mark.parametrize(("kind", "ends"), [("GPU", (0.46, 2.1)), ("TPU", (0.23, 4.2))])
def test_the_relative_interval_of_a_purchase_price_is_that_of_the_paper(kind, ends):
    drawn, scale = ranges_of(RunFigures(kind, 1.0, 0.0, 1.0, 1.0))
    factors = [drawn["hardware price"], drawn["network overhead"].around(1.0), scale["number of chips"]]
    outcome = simulate(lambda: {"cost": 1.0}, {}, scale={str(place): each for place, each in enumerate(factors)})
    assert_allclose([outcome.total.low, outcome.total.high], ends, rtol=0.06)


def test_a_quantity_that_multiplies_all_gives_the_same_in_closed_form_as_drawn():
    wide, other = Range(0.2, 5.0), Range(1.0, 3.0)
    drawn = simulate(lambda wide, other: {"a": wide * other, "b": wide}, {"wide": wide, "other": other}, 1 << 18)
    scaled = simulate(lambda other: {"a": other, "b": 1.0}, {"other": other}, 1 << 10, scale={"wide": wide})
    for name in ("a", "b"):
        for end in ("low", "median", "high", "mean"):
            assert_allclose(getattr(scaled.parts[name], end), getattr(drawn.parts[name], end), rtol=0.006)
    assert scaled.variance_share["wide"] == pytest.approx(drawn.variance_share["wide"], abs=0.02)
