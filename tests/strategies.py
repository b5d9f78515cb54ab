"""What inputs of the cost model may look like, for property tests."""

import datetime

from hypothesis import strategies as st

import xlcost.catalog

EDITIONS = xlcost.catalog.edition_names()
ORGANIZATIONS = (
    "",
    "OpenAI",
    "Google DeepMind",
    "google, Mila",
    "Metaphor Systems",
    "Meta AI",
    "Microsoft,NVIDIA",
    "Anthropic",
    "x.ai",
    "Amazon-Web",
    "Microsoft, Google",
)
ODD_NAMES = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    ">5",
    "A*",
    "a?c~",
    "100",
    "x\ty",
    " two  blanks",
    "日本語",
    "<b>&amp;</b>",
    "_x000D_",
]
"""What a department may be called that a spreadsheet would take for something else."""

EQUATION_RANGES = {
    "interconnect_share": (0.01, 0.9),
    "mfu": (0.01, 1.0),
    "discount_wanted": (0.0, 0.9),
    "discount_found": (0.0, 0.9),
    "depreciation_rate": (0.01, 1.0),
    "years": (-3.0, 12.0),
    "months": (1.0, 600.0),
    "halving_time": (1.0, 60.0),
    "monthly_rate": (0.001, 0.1),
    "acquired_year": (2010.0, 2030.0),
    "hours_per_year": (8000.0, 9000.0),
    "published": (40000.0, 50000.0),
    "training_start": (40000.0, 50000.0),
    "acquired": (40000.0, 50000.0),
    "hours": (1.0, 20000.0),
    "default_training_days": (1.0, 400.0),
    "evaluation_lag": (0.0, 400.0),
    "delivery_lag": (0.0, 400.0),
    "price_date": (40000.0, 50000.0),
    "release_date": (40000.0, 50000.0),
    "useful_life": (1.0, 8.0),
    "decimal_year": (0.0, 50.0),
    "slope": (0.01, 1.0),
    "intercept": (-10.0, 10.0),
    "log_spread": (0.01, 3.0),
    "z": (0.1, 3.0),
    "computing_share": (0.6, 1.0),
    "hardware_share": (0.0, 0.5),
    "price_performance": (1.0, 5.0),
    "efficiency": (1.0, 5.0),
}
"""Between what the parameters of equations are drawn that cannot be just any number."""


YEARLY_RATES = st.just(0.0) | st.floats(1e-4, 0.5)
"""Rates of interest: one next to nothing, other than 0, leaves few digits of what is discounted by it."""


def positive(largest):
    return st.floats(min_value=1e-3, max_value=largest, allow_subnormal=False)


def days():
    return st.dates(datetime.date(2012, 1, 1), datetime.date(2032, 12, 31))


def chips(edition):
    return st.sampled_from(list(xlcost.catalog.load(edition).chips["chip"]))


def vendors(edition):
    return st.sampled_from(["", *xlcost.catalog.load(edition).vendors])


@st.composite
def runs(draw, edition, name="run"):
    """One run with a known amount of compute."""
    return {
        "run": name,
        "chip": draw(chips(edition)),
        "chips": float(draw(st.integers(1, 200_000))),
        "hours": draw(positive(8_000)),
        "start": draw(days()),
        "organization": draw(st.sampled_from(ORGANIZATIONS)),
        "vendor": draw(vendors(edition)),
        "sourcing": draw(st.sampled_from(["", "own", "cloud_on_demand", "cloud_1y", "cloud_3y"])),
    }
