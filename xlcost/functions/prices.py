"""Functions of the catalog: prices, what is known of a chip, and where a figure comes from."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..date_parts import iso_date
from ..formula import where
from ..lookup import as_cells, as_text, is_blank, join, left, match, rounded, take
from ..model import energy_price_row
from .arguments import CHIP, CHIP_FIELDS, COMMITMENT, ON_DATE, PRICE_KINDS, VENDOR, Argument
from .described import Function, rented


def _on_date(given, model):
    return model.steps(given, start=given.on_date)


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


FUNCTIONS = (
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
        lambda given, model: rented(given, model).usd_per_chip_hour,
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
