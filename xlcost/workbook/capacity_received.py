"""The sheet Capacity received: capacity of departments' files, at the prices of their files and at ours."""

from __future__ import annotations

import numpy as np

from ..budget.capacity import cost_to_have
from ..exchange.consolidation.as_sent import CapacitySent
from ..lookup import blank_if, number_in, take
from ..totals import total
from .received_tables import (
    AMOUNT,
    ORIGIN,
    WIDTH_OF_AMOUNT,
    Table,
    origins_or_none,
    texts_of,
)

NAME = "Capacity received"
SUMMED = ("capacity_sent", "capacity_repriced", "capacity_effect")

CAPACITY = {
    **ORIGIN,
    "what": ("Capacity", "text", 34),
    "kind": ("Kind", "text", 14),
    "chips": ("Number of chips", "count", 12),
    "capacity_sent": ("At the file's prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "capacity_repriced": ("At these prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "capacity_effect": ("Effect of the prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "place": ("Capacity, number", "place", 10),
    "purchase": ("Purchase [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "contract": ("Commitment, whole time [USD]", AMOUNT, WIDTH_OF_AMOUNT),
}
DRIVERS = {"purchase": "hardware", "contract": "cloud"}
"""What of Capacity it takes to have it, and the scenario's factor in that."""


def write_capacity_received(sheet, company, capacity, drivers):
    """What it costs to have capacity, at the prices and settings of the files and at the company's.

    Returns
    -------
    dict of str to Range
        By `CAPACITY`.
    """
    sheet.put("A1", "Capacity received", style="title")
    sheet.put(
        "A2",
        "Rows of Capacity that are taken, and what it costs to have them, used or not: the purchase, or the commitment "
        "over its whole time, at the file's prices and settings and at these.",
        style="subtitle",
    )
    sheet.put(
        "A3",
        "Without the factors of a scenario, in every file and here. What is paid by the hour costs nothing until runs "
        "use it.",
        style="remark",
    )
    table = Table(sheet, CAPACITY)
    rows = [row for row in company.received if row.capacity is not None]
    of = [row.capacity for row in rows] or [CapacitySent("", 0.0, np.nan)]
    table.put_all(
        {
            **origins_or_none(sheet, company, rows),
            "kind": texts_of(each.kind for each in of),
            "chips": np.array([each.chips for each in of]),
            "capacity_sent": np.array([each.usd_as_sent for each in of]),
        }
    )
    cells = table.cells
    table.put("place", number_in(cells["what"], capacity.ranges["capacity"]))
    for name in DRIVERS:
        table.put(name, blank_if(cells["place"] == 0, take(capacity.ranges[name], cells["place"])))
    table.put("capacity_repriced", cost_to_have(*(cells[name] / getattr(drivers, of) for name, of in DRIVERS.items())))
    table.put("capacity_effect", cells["capacity_repriced"] - cells["capacity_sent"])
    table.finish(len(of), SUMMED, "capacity_effect")
    return table.ranges


def capacity_checks(received, capacity, drivers):
    """What must hold of capacity received: label, found, expected, advice.

    Parameters
    ----------
    received : dict of str to Range
    capacity, drivers : types.SimpleNamespace
    """
    purchase, contract = (total(capacity.ranges[name]) / getattr(drivers, of) for name, of in DRIVERS.items())
    yield (
        "Capacity received adds up to all that there is",
        total(received["capacity_repriced"]),
        purchase + contract,
        "See Capacity received; capacity that is typed in or renamed here came in no file",
    )
