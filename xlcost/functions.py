"""The functions that people type, each described once.

`FUNCTIONS` holds every function's name, arguments, texts and example; the hosts (`xlcost.hosts`), the README's table
and the example sheets are made from it. What a function computes is a step of `xlcost.model` or an equation.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import METHODS

COMMITMENTS = ("3y", "1y", "on_demand")
CHIP_FIELDS = (
    "name",
    "manufacturer",
    "kind",
    "family",
    "release_date",
    "tdp_w",
    "peak_flops",
    "peak_format",
    "memory_bytes",
)
PRICE_KINDS = ("purchase", "cloud_3y", "cloud_1y", "cloud_on_demand")


@dataclass(frozen=True)
class Argument:
    """One argument of a function.

    Parameters
    ----------
    name : str
        A valid name in Python and in VBA.
    text : str
        What the function wizard says, at most 255 characters.
    kind : str
        How a cell is read: "chip", "text", "number", "date", "month", "year", "flag", "vendor",
        "edition" or "choice".
    unit : str
    optional : bool
    limit : str
        The column of `xlcost.runs.LIMITS` whose bounds hold for a number.
    choices : tuple of str
        What a choice may be; the first is the default.
    """

    name: str
    text: str
    kind: str = "number"
    unit: str = ""
    optional: bool = False
    limit: str = ""
    choices: tuple[str, ...] = ()


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
    spills : bool
        Whether the result is always a table of its own, whatever the arguments' shape.
    """

    name: str
    text: str
    unit: str
    arguments: tuple[Argument, ...]
    example: tuple
    spills: bool = False


CHIP = Argument("chip", "Chip: full name, part of it, or family, such as H100", "chip")
CHIPS = Argument("chips", "Number of chips", unit="chip", limit="chips")
HOURS = Argument("hours", "Training time in hours", unit="hour", limit="hours")
START = Argument("start", "First day of training; the month of the price edition where left out", "date", optional=True)
ORGANIZATION = Argument(
    "organization",
    "Who trains: decides how efficient the data centre is; not a hyperscaler where left out",
    "text",
    optional=True,
)
METHOD = Argument(
    "method",
    "How hardware is amortized: market (where left out), market_exact or straight_line",
    "choice",
    optional=True,
    choices=METHODS,
)
COMMITMENT = Argument(
    "commitment",
    "Rental contract: 3y (where left out), 1y or on_demand",
    "choice",
    optional=True,
    choices=COMMITMENTS,
)
VENDOR = Argument(
    "vendor", "Only this cloud vendor; the usual order of vendors where left out", "vendor", optional=True
)


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
                    limit="usd_per_kwh",
                ),
            ),
            ("H100", 5000, 1440, "2026-03-01"),
        ),
        Function(
            "CLOUD_COST",
            "Cost of a training run on rented chips: the cloud price that counts at its start, times chip-hours.",
            "USD",
            (CHIP, CHIPS, HOURS, START, COMMITMENT, VENDOR),
            ("H100", 5000, 1440, "2026-03-01", "1y"),
        ),
        Function(
            "ACQUISITION_COST",
            "Purchase price of a cluster: all chips, their servers and the network between them. It is no cost of one "
            "run.",
            "USD",
            (CHIP, CHIPS),
            ("H100", 5000),
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
        ),
        Function(
            "ENERGY_KWH",
            "Electricity that a training run uses, data centre included.",
            "kWh",
            (CHIP, CHIPS, HOURS, ORGANIZATION),
            ("H100", 5000, 1440),
        ),
        Function(
            "POWER_CAPACITY",
            "Power that the data centre must provide for a cluster.",
            "kW",
            (CHIP, CHIPS, ORGANIZATION),
            ("H100", 5000),
        ),
        Function(
            "CHIP_HOURS",
            "Chip-hours that a training run takes, from its training compute.",
            "chip-hour",
            (
                Argument("training_flop", "Training compute in FLOP", unit="FLOP", limit="training_flop"),
                CHIP,
                Argument(
                    "mfu",
                    "Compute efficiency, share of the chip's peak, above 0 and at most 1; 0.375 where left out",
                    unit="share",
                    optional=True,
                    limit="mfu",
                ),
            ),
            (1e25, "H100", 0.4),
        ),
        Function(
            "TRAINING_FLOP",
            "Training compute of a dense language model: 6 × parameters × tokens.",
            "FLOP",
            (
                Argument("parameters", "Parameters of the model", unit="parameter", limit="parameters"),
                Argument("tokens", "Tokens that it is trained on", unit="token", limit="tokens"),
            ),
            (70e9, 15e12),
        ),
        Function(
            "HARDWARE_VALUE",
            "Market value of hardware some time after it was bought.",
            "USD",
            (
                Argument("price", "Price when bought", unit="USD", limit="price"),
                Argument("acquired", "Day on which it was bought", "date"),
                Argument("on_date", "Day on which the value is wanted, not before it was bought", "date"),
                Argument(
                    "depreciation_rate",
                    "Fall in value, orders of magnitude a year; 0.14 where left out, which is 28% a year",
                    unit="orders of magnitude/year",
                    optional=True,
                    limit="depreciation_rate",
                ),
            ),
            (30000, "2023-06-01", "2026-03-01"),
        ),
        Function(
            "CHIP_PRICE",
            "Purchase price of one chip with its share of the server, exactly the one that AMORTIZED_COST uses.",
            "USD/chip",
            (
                CHIP,
                Argument(
                    "on_date",
                    "Start of the run that it is for; the month of the price edition where left out",
                    "date",
                    optional=True,
                ),
            ),
            ("H100",),
        ),
        Function(
            "CLOUD_PRICE",
            "Rental price of one chip for an hour, exactly the one that CLOUD_COST uses.",
            "USD/chip-hour",
            (
                CHIP,
                COMMITMENT,
                VENDOR,
                Argument(
                    "on_date",
                    "Start of the run that it is for; the month of the price edition where left out",
                    "date",
                    optional=True,
                ),
            ),
            ("H100", "on_demand"),
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
        ),
        Function(
            "ENERGY_PRICE",
            "Electricity price of a year: US industrial average.",
            "USD/kWh",
            (Argument("year", "Calendar year; beyond the table its nearest year counts", "year", "calendar year"),),
            (2025,),
        ),
        Function(
            "REAL_COST",
            "A cost of one month in the prices of another month, by the US producer price index of data processing.",
            "USD",
            (
                Argument("cost", "Cost in the prices of from_month", unit="USD", limit="cost"),
                Argument("from_month", "Month that the cost is of, as a date or as text such as 2023-03", "month"),
                Argument("to_month", "Month whose prices are wanted", "month"),
            ),
            (40_000_000, "2023-03-01", "2024-12-01"),
        ),
        Function(
            "PRICE_SOURCE",
            "Where a price comes from: amount, date, vendor and source, for whoever checks it.",
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
                Argument(
                    "on_date",
                    "Start of the run that it is for; the month of the price edition where left out",
                    "date",
                    optional=True,
                ),
            ),
            ("H100", "cloud_1y"),
        ),
        Function(
            "XLCOST_EDITION",
            "The price edition in force: the one given, else this workbook's, else yours, else the newest.",
            "",
            (Argument("edition", "An edition to look for, such as 2026-11", "edition", optional=True),),
            (),
        ),
    )
}
"""Every function by its name."""
