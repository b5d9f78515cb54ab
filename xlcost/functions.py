"""The functions that people type, each described once.

`FUNCTIONS` holds every function's name, arguments, texts and example; the hosts (`xlcost.hosts`), the README's table
and the example sheets are made from it. What a function computes is a step of `xlcost.model` or an equation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from . import equations
from .arguments import (
    CHIP,
    CHIP_FIELDS,
    CHIPS,
    COMMITMENT,
    HOURS,
    METHOD,
    ON_DATE,
    ORGANIZATION,
    PRICE_KINDS,
    START,
    VENDOR,
    Argument,
)
from .columns import COST_COLUMNS, LIMITS, RUN_COLUMNS
from .equations.parameters import ASSUMPTIONS
from .formula import where
from .lookup import as_cells, as_text, is_blank, iso_date, join, left, match, rounded, take, year
from .model import METHODS, CostSteps, energy_price_row

COMPONENTS = ("accelerator_chips", "server_components", "interconnect", "energy")
DEPRECIATION_RATE = ASSUMPTIONS["depreciation_rate"]


@dataclass(frozen=True)
class Function:
    """One function that people type.

    Parameters
    ----------
    name : str
    text : str
        What the function wizard says, at most 255 characters.
    unit : str
        Of the result; "" for text.
    arguments : tuple of Argument
    example : tuple
        Values of the arguments, in their order; None leaves an optional one out.
    compute : callable
        ``compute(given, model)``: the result from the arguments (attributes of `given`: numbers, arrays or terms; NaN
        or "" where left out) and a `Model`. NaN or "" means that there is none.
    refuses : callable, optional
        ``refuses(given)``: whether the arguments, each allowed by itself, go together into no number.
    spills : bool
        Whether the result is a table of its own: `compute` then gives rows of cells, the first of them headings, which
        the argument `headers` may leave out.
    """

    name: str
    text: str
    unit: str
    arguments: tuple[Argument, ...]
    example: tuple
    compute: Callable
    refuses: Callable | None = None
    spills: bool = False


class Model:
    """What a function computes with: an edition's facts and the assumptions.

    Parameters
    ----------
    facts : object
        See `xlcost.facts.facts_of`.
    assume : mapping
        See `xlcost.equations.parameters.ASSUMPTIONS`.
    keep : callable, optional
        See `xlcost.model.CostSteps`.
    """

    # Columns of a run that a function does not ask for.
    blank = {name: "" if column.format == "text" else np.float64("nan") for name, column in RUN_COLUMNS.items()}

    def __init__(self, facts, assume, keep=None):
        self.facts, self.assume = facts, assume
        self.keep = keep or (lambda name, value: value)

    def steps(self, given, method=METHODS[0], **columns):
        """The steps of a run whose columns are the arguments, and others."""
        run = SimpleNamespace(**{**self.blank, **vars(given), **columns})
        return CostSteps(run, self.facts, self.assume, method, self.keep)


# --- what a function computes, where it is more than one step


def _rented(given, model):
    start = given.start if hasattr(given, "start") else given.on_date
    return model.steps(given, start=start, sourcing=model.keep("sourcing", join("cloud_", given.commitment)))


def _on_date(given, model):
    return model.steps(given, start=given.on_date)


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


def _chip_spec(given, model):
    facts, row = model.facts, model.steps(given).chip_row
    columns = (facts.chip, *(getattr(facts, name) for name in CHIP_FIELDS[1:]))
    found = ""
    for name, column in reversed(list(zip(CHIP_FIELDS, columns))):
        is_wanted, values = given.field == name, as_cells(take(column, row))
        if isinstance(is_wanted, np.ndarray):
            # Numbers and texts in one column, also where there is one chip for many fields.
            values = np.asarray(values, dtype=object)
        found = where(is_wanted, values, found)
    return found


def _real_cost(given, model):
    index, months = model.facts.producer_price_index, model.facts.index_month

    def of(month):
        return take(index, match(left(iso_date(month), len("2026-03")), months))

    then, target = of(given.from_month), of(given.to_month)
    return equations.real_cost(given.cost, then, target)


def _price_source(given, model):
    """Amount and terms as published, what that comes to where it is not used as it is, date, vendor, source."""
    facts = model.facts
    is_bought = given.kind == PRICE_KINDS[0]
    sourcing = model.keep("sourcing", where(is_bought, "", given.kind))
    steps = model.steps(given, start=given.on_date, sourcing=sourcing)

    def said(row, amount, unit, terms, used, date, vendor, source):
        of = where(is_blank(vendor), "", join(vendor, ", "))
        text = join(as_text(amount), unit, terms, used, ", ", iso_date(date), ", ", of, source)
        return where(np.isnan(row), "", text)

    def bought():
        row = steps.purchase_price_row
        return said(
            row,
            steps.chip_price,
            " USD per chip, ",
            steps.sold_as,
            where(
                steps.sold_as == "single unit",
                join(", ", as_text(rounded(steps.acquisition_price_per_chip, 2)), " with its share of the server"),
                "",
            ),
            steps.chip_price_date,
            take(facts.purchase_vendor, row),
            take(facts.purchase_source, row),
        )

    def rented():
        row = steps.cloud_price_row
        return said(
            row,
            steps.cloud_list_price,
            " USD per chip-hour, ",
            steps.commitment_found,
            where(
                steps.commitment_found == steps.commitment_wanted,
                "",
                join(
                    *(", ", as_text(rounded(steps.usd_per_chip_hour, 4)), " at ", steps.commitment_wanted),
                    " by the usual discount",
                ),
            ),
            steps.cloud_price_date,
            steps.cloud_vendor,
            take(facts.cloud_source, row),
        )

    return where(is_bought, bought, rented)


FUNCTIONS = {
    function.name: function
    for function in (
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
            lambda given, model: _rented(given, model).cloud_cost,
        ),
        Function(
            "ACQUISITION_COST",
            "Purchase price of a cluster: all chips, their servers and the network between them. It is no cost of one "
            "run.",
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
                Argument(
                    "headers", "TRUE (where left out) for a row of headings, FALSE for none", "flag", optional=True
                ),
            ),
            ("H100", 5000, 1440, "2026-03-01"),
            _cost_breakdown,
            spills=True,
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
                Argument(
                    "parameters", "Parameters of the model", unit="parameter", limits={"above": 0, "at_most": 1e18}
                ),
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
            refuses=lambda given: given.on_date < given.acquired,
        ),
        Function(
            "CHIP_PRICE",
            "Purchase price of one chip with its share of the server, exactly the one that AMORTIZED_COST uses.",
            "USD/chip",
            (
                CHIP,
                ON_DATE,
            ),
            ("H100",),
            lambda given, model: _on_date(given, model).acquisition_price_per_chip,
        ),
        Function(
            "CLOUD_PRICE",
            "Rental price of one chip for an hour, exactly the one that CLOUD_COST uses.",
            "USD/chip-hour",
            (
                CHIP,
                COMMITMENT,
                VENDOR,
                ON_DATE,
            ),
            ("H100", "on_demand"),
            lambda given, model: _rented(given, model).usd_per_chip_hour,
        ),
        Function(
            "CHIP_SPEC",
            "A figure or fact of a chip: its full name, maker, kind, release date, power or peak rate.",
            "",
            (
                CHIP,
                Argument(
                    "field",
                    "name, manufacturer, kind, family, release_date, tdp_w, peak_flops, peak_format, memory_bytes",
                    "choice",
                    choices=CHIP_FIELDS,
                ),
            ),
            ("H100", "tdp_w"),
            _chip_spec,
        ),
        Function(
            "ENERGY_PRICE",
            "Electricity price of a year: US industrial average.",
            "USD/kWh",
            (Argument("year", "Calendar year; beyond the table its nearest year counts", "year", "calendar year"),),
            (2025,),
            lambda given, model: take(model.facts.energy_price, energy_price_row(given.year, model.facts)),
        ),
        Function(
            "REAL_COST",
            "A cost of one month in the prices of another month, by the US producer price index of data processing.",
            "USD",
            (
                Argument(
                    "cost", "Cost in the prices of from_month", unit="USD", limits={"at_least": -1e18, "at_most": 1e18}
                ),
                Argument("from_month", "Month that the cost is of, as a date or as text such as 2023-03", "month"),
                Argument("to_month", "Month whose prices are wanted", "month"),
            ),
            (40_000_000, "2023-03-01", "2024-12-01"),
            _real_cost,
        ),
        Function(
            "PRICE_SOURCE",
            "Where a price comes from: amount as published and as used, date, vendor and source, to be checked.",
            "",
            (
                CHIP,
                Argument(
                    "kind",
                    "purchase (where left out), cloud_3y, cloud_1y or cloud_on_demand",
                    "choice",
                    optional=True,
                    choices=PRICE_KINDS,
                ),
                ON_DATE,
            ),
            ("H100", "cloud_1y"),
            _price_source,
        ),
        Function(
            "XLCOST_EDITION",
            "The price edition in force: the one given, else this workbook's, else yours, else the newest.",
            "",
            (Argument("edition", "An edition to look for, such as 2026-11", "edition", optional=True),),
            (),
            lambda given, model: where(is_blank(given.edition), model.facts.edition, given.edition),
        ),
    )
}
"""Every function by its name."""
