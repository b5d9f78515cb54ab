"""Functions of a training run: its cost, what that is made of, its energy and its compute."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..columns import COST_COLUMNS, LIMITS
from ..date_parts import year
from ..equations.parameters import ASSUMPTIONS
from ..formula import where
from .arguments import CHIP, CHIPS, COMMITMENT, HOURS, METHOD, ORGANIZATION, START, VENDOR, Argument
from .described import Function, rented

COMPONENTS = ("accelerator_chips", "server_components", "interconnect", "energy")
DEPRECIATION_RATE = ASSUMPTIONS["depreciation_rate"]


def _energy_cost(given, model):
    steps = model.steps(given)
    newest = year(model.facts.edition_month)
    steps.energy_price_year = model.keep("energy_price_year", where(np.isnan(given.year), newest, given.year))
    return steps.energy


def _hardware_value(given, model):
    rate = where(np.isnan(given.depreciation_rate), model.assume["depreciation_rate"], given.depreciation_rate)
    return equations.value_at_start(given.price, equations.years_owned(given.on_date, given.acquired), rate)


def _cost_breakdown(given, model):
    steps = model.steps(given)
    total = steps.amortized_cost
    rows = [[COST_COLUMNS[name].label, cost, cost / total] for name in COMPONENTS for cost in [getattr(steps, name)]]
    return [["Component", "USD", "Share"], *rows]


FUNCTIONS = (
    Function(
        "AMORTIZED_COST",
        "Cost of a training run on own hardware: chips, servers and network amortized to the run, plus energy. "
        "The electricity price is that of the start's year unless usd_per_kwh is given.",
        "USD",
        (
            CHIP,
            CHIPS,
            HOURS,
            START,
            ORGANIZATION,
            METHOD,
            Argument(
                "usd_per_kwh",
                "Your own electricity price; that of the start's year where left out",
                unit="USD/kWh",
                optional=True,
                limits=LIMITS["usd_per_kwh"],
            ),
        ),
        ("H100", 5000, 1440, "2026-03-01"),
        lambda given, model: model.steps(given, given.method).amortized_cost,
    ),
    Function(
        "CLOUD_COST",
        "Cost of a training run on rented chips: the cloud price that counts at its start, times chip-hours.",
        "USD",
        (CHIP, CHIPS, HOURS, START, COMMITMENT, VENDOR),
        ("H100", 5000, 1440, "2026-03-01", "1y"),
        lambda given, model: rented(given, model).cloud_cost,
    ),
    Function(
        "ACQUISITION_COST",
        "Purchase price of a cluster: all chips, their servers and the network between them. It is no cost of one run.",
        "USD",
        (CHIP, CHIPS),
        ("H100", 5000),
        lambda given, model: model.steps(given).acquisition_cost,
    ),
    Function(
        "COST_BREAKDOWN",
        "What the cost of a run on own hardware is made of: component, USD and share of the total, one row each.",
        "USD",
        (
            CHIP,
            CHIPS,
            HOURS,
            START,
            ORGANIZATION,
            Argument("headers", "TRUE (where left out) for a row of headings, FALSE for none", "flag", optional=True),
        ),
        ("H100", 5000, 1440, "2026-03-01"),
        _cost_breakdown,
        spills=("text", "money", "share"),
    ),
    Function(
        "ENERGY_COST",
        "Cost of the electricity that a training run uses.",
        "USD",
        (
            CHIP,
            CHIPS,
            HOURS,
            Argument(
                "year",
                "Year of the electricity price; that of the price edition where left out",
                "year",
                "calendar year",
                optional=True,
            ),
            ORGANIZATION,
        ),
        ("H100", 5000, 1440, 2025),
        _energy_cost,
    ),
    Function(
        "ENERGY_KWH",
        "Electricity that a training run uses, data centre included.",
        "kWh",
        (CHIP, CHIPS, HOURS, ORGANIZATION),
        ("H100", 5000, 1440),
        lambda given, model: model.steps(given).energy_kwh,
    ),
    Function(
        "POWER_CAPACITY",
        "Power that the data centre must provide for a cluster.",
        "kW",
        (CHIP, CHIPS, ORGANIZATION),
        ("H100", 5000),
        lambda given, model: model.steps(given).power_capacity_kw,
    ),
    Function(
        "CHIP_HOURS",
        "Chip-hours that a training run takes, from its training compute.",
        "chip-hour",
        (
            Argument("training_flop", "Training compute in FLOP", unit="FLOP", limits=LIMITS["training_flop"]),
            CHIP,
            Argument(
                "mfu",
                "Compute efficiency, share of the chip's peak, above 0 and at most 1; "
                f"{ASSUMPTIONS['default_mfu']} where left out",
                unit="share",
                optional=True,
                limits=LIMITS["mfu"],
            ),
        ),
        (1e25, "H100", 0.4),
        lambda given, model: model.steps(given).chip_hours_used,
    ),
    Function(
        "TRAINING_FLOP",
        "Training compute of a dense language model: 6 × parameters × tokens.",
        "FLOP",
        (
            Argument("parameters", "Parameters of the model", unit="parameter", limits={"above": 0, "at_most": 1e18}),
            Argument("tokens", "Tokens that it is trained on", unit="token", limits={"above": 0, "at_most": 1e18}),
        ),
        (70e9, 15e12),
        lambda given, model: equations.training_flop(given.parameters, given.tokens),
    ),
    Function(
        "HARDWARE_VALUE",
        "Market value of hardware some time after it was bought.",
        "USD",
        (
            Argument("price", "Price when bought", unit="USD", limits={"at_least": 0, "at_most": 1e15}),
            Argument("acquired", "Day on which it was bought", "date"),
            Argument("on_date", "Day on which the value is wanted, not before it was bought", "date"),
            Argument(
                "depreciation_rate",
                "Fall in value, orders of magnitude a year; where left out "
                f"{DEPRECIATION_RATE}, which is {1 - 10**-DEPRECIATION_RATE:.0%} a year",
                unit="orders of magnitude/year",
                optional=True,
                limits={"at_least": 0, "at_most": 10},
            ),
        ),
        (30000, "2023-06-01", "2026-03-01"),
        _hardware_value,
        refuses=lambda given, model: given.on_date < given.acquired,
    ),
)
