"""The sheet Other currencies: costs of departments' files that are not in US dollars, at their rates and at ours."""

from __future__ import annotations

import numpy as np

from ..budget.exchange import in_dollars, months_in_years
from ..date_parts import month, year
from ..equations.parameters import MONTHS_PER_YEAR
from ..exchange.consolidation.as_sent import Foreign
from ..lookup import number_in, take
from .received_tables import (
    AMOUNT,
    ORIGIN,
    WIDTH_OF_AMOUNT,
    Table,
    origins_or_none,
    texts_of,
)

NAME = "Other currencies"
SUMMED = ("foreign_sent", "exchanged", "exchange_effect")

FOREIGN = {
    **ORIGIN,
    "currency": ("Currency", "text", 10),
    "amount": ("Amount, of a month where it is monthly", "count", 17),
    "start": ("From", "day", 12),
    "months": ("Months", "place", 9),
    "foreign_sent": ("At the file's rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "exchanged": ("At these rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "exchange_effect": ("Effect of the rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "place": ("Currency, number", "place", 10),
    "month": ("First month, counted from year 0", "place", 12),
}


def write_currencies(sheet, company, calendar):
    """What costs in other currencies than US dollars come to, at the rates of their files and at the company's.

    Returns
    -------
    dict of str to Range
        By `FOREIGN`.
    """
    sheet.put("A1", "Costs in other currencies", style="title")
    sheet.put(
        "A2",
        "Rows of Other costs that are taken and not in US dollars: at the rates of the file, where it is a budget that "
        "has some, and at those of Calendar. Without growth of prices.",
        style="subtitle",
    )
    within, rates = (
        {
            f"{name} {number}": (sheet.sentence(heading, year=shown), number_format, 11)
            for number, shown in enumerate(calendar.years_shown)
        }
        for name, heading, number_format in (
            ("months", "Months in {year}", "place"),
            ("rate", "Units for 1 USD in {year}", "precise"),
        )
    )
    table = Table(sheet, FOREIGN | within | rates)
    rows = [row for row in company.received if row.foreign is not None]
    of = [row.foreign for row in rows] or [Foreign("", 0.0, 0.0, 0.0, np.nan)]
    table.put_all(
        {
            **origins_or_none(sheet, company, rows),
            "currency": texts_of(each.currency for each in of),
            "amount": np.array([each.amount for each in of]),
            "start": np.array([each.start for each in of]),
            "months": np.array([each.months for each in of]),
            "foreign_sent": np.array([each.usd_as_sent for each in of]),
        }
    )
    cells = table.cells
    table.put("place", number_in(cells["currency"], calendar.currencies))
    start = cells["start"]
    table.put("month", np.where(start > 0, year(start) * MONTHS_PER_YEAR + month(start), 0.0))
    for name, months in zip(within, months_in_years(cells["month"], cells["months"], calendar.year_months)):
        table.put(name, months)
    for name, listed in zip(rates, calendar.rates):
        table.put(name, np.where(cells["place"] > 0, take(listed, cells["place"]), 0.0))
    table.put("exchanged", in_dollars(cells["amount"], *([cells[name] for name in each] for each in (within, rates))))
    table.put("exchange_effect", cells["exchanged"] - cells["foreign_sent"])
    table.finish(len(of), SUMMED, "exchange_effect")
    return table.ranges
