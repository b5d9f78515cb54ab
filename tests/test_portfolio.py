"""Several developments together: against the closed form, and what must hold for all of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcost import catalog
from xlcost.closed_form import TOTAL, Moments, development_moments, interval_of, moments_of, sum_of_moments
from xlcost.development import HARDWARE, Contractors, Project, Role, development, public_project
from xlcost.portfolio import LARGEST, Driver, portfolio, shares_by_cost
from xlcost.uncertainty import Range

ENDS = ("low", "median", "high")


def project(name="ours", cost=10e6, **options):
    hardware = {"accelerator_chips": 0.5 * cost, "server_components": 0.3 * cost, "interconnect": 0.15 * cost}
    return Project(name, hardware, energy=(0.05 * cost,), **options)


def with_people(name="ours", cost=10e6):
    roles = (Role("engineers", 30, Range(0.1, 0.8), years=Range(0.5, 1.5)), Role("lead", 1, 0.5, years=1.0))
    return project(name, cost, roles=roles, contractors=(Contractors(Range(10, 40), 12_000.0),))


def ends(interval):
    return [getattr(interval, end) for end in ENDS]


@pytest.mark.parametrize("name", ["GPT-3 175B", "OPT-175B", "GPT-4", "Gemini 1.0 Ultra"])
def test_the_closed_form_of_a_public_project_is_near_to_sampling(name):
    ours = public_project(catalog.load("2024-05"), _model(name))
    sampled, closed = development(ours), development_moments(ours)
    for part in (*HARDWARE, "energy"):
        assert ends(interval_of(closed[part])) == pytest.approx(ends(sampled.parts[part]), rel=0.01)
    # How long these projects took is no lognormal quantity: the low end of GPT-3's staff is off by 15%.
    assert interval_of(closed["staff"]).median == pytest.approx(sampled.parts["staff"].median, rel=0.04)
    assert ends(interval_of(closed[TOTAL])) == pytest.approx(ends(sampled.total), rel=0.04)


def test_people_of_a_project_are_on_it_equally_long():
    roles = tuple(Role(name, 100, 0.5) for name in ("one", "other"))
    ours = project(cost=1.0, roles=roles, years=Range(0.5, 2.0))
    staff = development(ours).parts["staff"]
    assert ends(interval_of(development_moments(ours)["staff"])) == pytest.approx(ends(staff), rel=0.01)


def _model(name):
    """The project's name in the catalog."""
    return next(each for each in catalog.load("2024-05").projects["model"] if each.startswith(name))


def test_computing_is_lognormal_and_comes_out_exactly():
    ours = project(energy_price_factor=1.0)
    interval = interval_of(development_moments(ours)[TOTAL])
    assert ends(interval) == pytest.approx([10e6 * 1.2, 10e6 * math.sqrt(4.8), 10e6 * 4.0], rel=1e-9)


def test_the_mean_of_the_staff_is_the_product_of_the_means():
    ours = project(roles=(Role("all", 7, Range(0.2, 0.6), years=2.0, salary=100_000.0, equity=50_000.0),))
    overhead, fte = (moments_of(each).mean for each in (ours.roles[0].employment_overhead, ours.roles[0].fte))
    staff = development_moments(ours)["staff"]
    assert staff.mean == pytest.approx(7 * 2.0 * fte * (100_000 * overhead + 50_000), rel=1e-12)


def test_moments_of_drawn_quantities_are_those_of_their_values():
    assert moments_of(Range(0.0, 1.0, "uniform")) == pytest.approx((0.5, 1 / 12), rel=1e-6)
    assert moments_of(3.0) == Moments(3.0, 0.0) and interval_of(Moments(0.0, 0.0)).high == 0.0


def test_a_portfolio_of_one_is_that_project():
    ours = with_people()
    alone, together = development(ours), portfolio([ours]).outcome
    assert ends(together.total) == pytest.approx(ends(alone.total), rel=0.005)


@settings(max_examples=8)
@given(st.lists(st.floats(1e4, 1e8), min_size=1, max_size=5))
def test_a_portfolio_has_the_means_of_its_projects_and_its_drivers_make_up_the_spread(costs):
    ours = [with_people(f"run {number}", cost) for number, cost in enumerate(costs)]
    sampled = portfolio(ours, samples=1 << 12)
    moments = sum_of_moments(map(development_moments, ours))
    assert sampled.outcome.total.mean == pytest.approx(moments[TOTAL].mean, rel=0.02)
    assert sum(sampled.drivers.values()) == pytest.approx(1.0)
    assert list(sampled.drivers.values()) == sorted(sampled.drivers.values(), reverse=True)
    assert sum(sampled.outcome.shares.values()) == pytest.approx(1.0, rel=1e-6)


def test_many_small_runs_are_drawn_as_one_and_nothing_is_lost():
    ours = [project(f"run {number}", 1e6 * (1 + number % 7)) for number in range(3 * LARGEST)]
    sampled = portfolio(ours)
    interval = interval_of(sum_of_moments(map(development_moments, ours))[TOTAL])
    assert ends(sampled.outcome.total) == pytest.approx(ends(interval), rel=0.01)
    # Experiments and electricity of each large run, and the rest.
    assert Driver() in sampled.drivers and len(sampled.drivers) == 2 * LARGEST + 1


def test_shares_by_cost_are_all_cases_in_round_steps():
    outcome = portfolio([with_people()]).outcome
    rows = shares_by_cost(outcome)
    assert sum(share for *_, share in rows) == pytest.approx(1.0)
    steps = {round(high - low, 3) for low, high, _ in rows}
    assert len(steps) == 1 and 10 <= len(rows) <= 30
    edges = [low for low, *_ in rows]
    below = np.cumsum([0.0] + [share for *_, share in rows[:-1]])
    for edge, share in list(zip(edges, below))[1:-1]:
        assert outcome.share_below(edge) == pytest.approx(share, abs=1e-9)


def test_the_share_below_a_quantile_is_its_probability():
    outcome = portfolio([with_people()]).outcome
    for probability in (0.01, 0.3, 0.5, 0.95):
        assert outcome.share_below(outcome.quantile(probability)) == pytest.approx(probability, abs=1e-6)
    assert outcome.share_below(0.0) == 0.0 and outcome.share_below(1e15) == 1.0
