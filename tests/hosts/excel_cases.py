"""For every function the arguments that people type, and what `estimate`, or a hand calculation, says of them."""

import datetime
from functools import cache

import numpy as np
import pandas as pd

from tests.engines.excel_com import Range
from xlcost import catalog, trend
from xlcost.cost_interval import RunFigures, cost_interval
from xlcost.estimate import estimate
from xlcost.hosts.cells import call

EDITION = "2026-11"
CHIP, CHIPS, HOURS = "NVIDIA H100 SXM5 80GB", 5000, 1440
START = datetime.date(2026, 3, 1)
DAYS_BEFORE_1970 = 25569
COMPONENTS = ("accelerator_chips", "server_components", "interconnect", "energy")

facts = cache(catalog.load)


def costs(edition=EDITION, method="market", **run):
    """The estimate of one run, which functions must agree with."""
    return estimate(pd.DataFrame([{"run": "a run", **run}]), facts(edition), method=method).iloc[0]


def only(table, column, **where):
    """The one value of a table of the catalog where columns have these values."""
    rows = getattr(facts(EDITION), table)
    for name, value in where.items():
        rows = rows[rows[name] == value]
    (value,) = rows[column]
    return value


def chip_name():
    """The H100 that the family's name stands for."""
    return facts(EDITION).names.find("H100")[0]


def breakdown():
    run = costs(chip="H100", chips=CHIPS, hours=HOURS, start=START, organization="Meta")
    parts = [run[name] for name in COMPONENTS]
    names = ["Chips", "Server components", "Cluster network", "Energy"]
    return [[name, part, part / run["amortized_cost"]] for name, part in zip(names, parts)]


def interval():
    run = in_march()
    owned = (START - run["acquired"].date()).days / 365.25
    figures = RunFigures("GPU", run["acquisition_price_per_chip"], owned, run["chip_hours"], run["energy"])
    total = cost_interval(figures, level=0.5).total
    return [[total.low, total.median, total.high]]


def in_march(**run):
    return costs(chip="H100", chips=CHIPS, hours=HOURS, start=START, **run)


def index_ratio():
    producer_price_index = facts(EDITION).price_index.set_index("month")["producer_price_index"]
    return producer_price_index["2024-12"] / producer_price_index["2023-03"]


YEARS_OWNED = (datetime.date(2026, 3, 1) - datetime.date(2023, 6, 1)).days / 365.25

POINTS = (
    Range([[datetime.date(year, 3, 1)] for year in (2019, 2020, 2022, 2023)]),
    Range([[1e5], [2e6], [9e5], [4e7]]),
)


def trend_of_points():
    dates, costs = (np.array(points.value)[:, 0] for points in POINTS)
    return trend.fit(dates.astype("datetime64[D]"), costs.astype(float), 0.9)


def break_even():
    """Where the lines of owning and of renting over the use cross."""
    idle, full = (dict(call("RENT_OR_BUY", ["H100", CHIPS, 3, use, START, 0.08, False], EDITION)) for use in (0, 1))
    return idle["Own hardware"] / (full["On demand"] - full["Own hardware"] + idle["Own hardware"])


CASES = {
    "AMORTIZED_COST": (
        ("H100", CHIPS, HOURS, START, "Meta", "straight_line", 0.125),
        lambda: costs(
            method="straight_line",
            chip="H100",
            chips=CHIPS,
            hours=HOURS,
            start=START,
            organization="Meta",
            usd_per_kwh=0.125,
        )["amortized_cost"],
    ),
    "CLOUD_COST": (
        ("H100", CHIPS, HOURS, START, "1y", "Google Cloud"),
        lambda: in_march(sourcing="cloud_1y", vendor="Google Cloud")["cloud_cost"],
    ),
    "ACQUISITION_COST": (("H100", CHIPS), lambda: in_march()["acquisition_cost"]),
    "COST_BREAKDOWN": (("H100", CHIPS, HOURS, START, "Meta", False), breakdown),
    "ENERGY_COST": (("H100", CHIPS, HOURS, 2026, "Meta"), lambda: in_march(organization="Meta")["energy"]),
    "ENERGY_KWH": (
        ("H100", CHIPS, HOURS, "Meta"),
        lambda: costs(chip="H100", chips=CHIPS, hours=HOURS, usd_per_kwh=1.0, organization="Meta")["energy"],
    ),
    "POWER_CAPACITY": (("H100", CHIPS, "Meta"), lambda: in_march(organization="Meta")["power_capacity_kw"]),
    "CHIP_HOURS": (
        (1e25, "H100", 0.5),
        lambda: costs(chip="H100", training_flop=1e25, mfu=0.5, start=START)["chip_hours"],
    ),
    "TRAINING_FLOP": ((70e9, 15e12), lambda: 6.3e24),
    "HARDWARE_VALUE": (
        (30000, datetime.date(2023, 6, 1), START, 0.25),
        lambda: 30000 * 10 ** (-0.25 * YEARS_OWNED),
    ),
    "STAFF_COST": (
        (25, 0.25, 1.5, 200_000, 100_000, 1.25),
        lambda: (200_000 * 1.25 + 100_000) * 0.25 * 1.5 * 25,
    ),
    "DEVELOPMENT_COST": (
        ("H100", CHIPS, HOURS, START, 2.5, 4_000_000),
        lambda: 2.5 * in_march()["amortized_cost"] + 4_000_000,
    ),
    "COST_INTERVAL": (("H100", CHIPS, HOURS, START, 0.5, "market"), interval),
    "RENT_OR_BUY": (
        ("H100", CHIPS, 3, 0.5, START, 0.08, False),
        lambda: call("RENT_OR_BUY", ["H100", CHIPS, 3, 0.5, START, 0.08, False], EDITION),
    ),
    "BREAK_EVEN_USE": (("H100", CHIPS, 3, START, 0.08), break_even),
    "MONTHLY_COST": ((6_000_000, START, 1488, datetime.date(2026, 4, 1)), lambda: 6e6 * 30 / 62),
    "BOOK_VALUE": ((60_000_000, START, 5, datetime.date(2027, 2, 28), 6_000_000), lambda: 60e6 - 54e6 / 5),
    "COST_GROWTH": ((*POINTS, 0.9), lambda: [trend_of_points().growth, *trend_of_points().growth_range]),
    "COST_PROJECTION": (
        (*POINTS, START, 0.9),
        lambda: trend_of_points().projection([START]).iloc[0, 1:].astype(float).tolist(),
    ),
    "YEAR_COST_REACHES": ((*POINTS, 1e9), lambda: trend_of_points().reaches(1e9)[0]),
    "CHIP_PRICE": (("H100", START), lambda: in_march()["acquisition_price_per_chip"]),
    "CLOUD_PRICE": (
        ("H100", "on_demand", "Google Cloud", START),
        lambda: in_march(sourcing="cloud_on_demand", vendor="Google Cloud")["cloud_cost"] / (CHIPS * HOURS),
    ),
    "CHIP_SPEC": (("H100", "tdp_w"), lambda: only("chips", "tdp_w", chip=chip_name())),
    "ENERGY_PRICE": ((2024,), lambda: only("energy_prices", "usd_per_kwh", year=2024)),
    "REAL_COST": (
        (40_000_000, datetime.date(2023, 3, 1), datetime.date(2024, 12, 1)),
        lambda: 40_000_000 * index_ratio(),
    ),
    "PRICE_SOURCE": (
        ("H100", "cloud_1y", START),
        lambda: f"{in_march(sourcing='cloud_1y')['cloud_cost'] / (CHIPS * HOURS):.2f} USD per chip-hour, 1y, ",
    ),
    "XLCOST_EDITION": (("2025-07",), lambda: "2025-07"),
}
"""Arguments, every one given, and what must come of them by the estimate, the catalog or a calculation by hand."""
