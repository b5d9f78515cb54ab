"""The lines of a budget in FOCUS: what is used in each month, and what is paid in the budget for use before it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ... import equations
from ...budget.columns import LINES
from ...budget.components import CONTINGENCY
from ...budget.tables import SHARES
from ...workbook.line_sources import LOSSES
from ...workbook.lines import OF_RUNS
from ...workbook.to_date import ON_CAPACITY
from .focus_figures import CHIP_HOURS, CLOUD, MONTHS, ORGANISATION, PURCHASE, USAGE, charged, number_or_zero

COMPUTE = (*OF_RUNS, "idle")
"""Blocks of lines with chip-hours."""
FREQUENCY = {
    **dict.fromkeys(("idle", SHARES.name, "employees", "contractors"), "Recurring"),
    **dict.fromkeys(LOSSES, "One-Time"),
}
CATEGORY_OF_SERVICE = {"Storage": "Storage", "Network and data transfer": "Networking"}
OF_COST = ("depreciation", "hosting", "operations", "upkeep", "rental")
"""What the hours of a capacity cost beside their energy."""


class Part(NamedTuple):
    """A component of a line's month: its cost, what is paid for it, and how many months later."""

    component: str
    cost: float
    paid: float
    later: int


class Line(NamedTuple):
    """A line in a month: its block, its row there, what its columns say, chip-hours and their price on demand."""

    block: str
    month: int
    row: int
    of: dict
    hours: float
    price: float

    @property
    def place(self):
        """Number of its capacity, below 0 for none."""
        return int(self.of["capacity_number"][self.row]) - 1

    def text(self, name):
        return str(self.of[name][self.row])


def usage(figures):
    """A list of rows for each block and month of the budget, and for what it pays for the months before it."""
    for number in figures.numbers("ahead", "month"):
        for block in figures.lines.blocks:
            rows = []
            for line in _lines(figures, block, number):
                for position, part in enumerate(_parts(figures, line, number)):
                    if figures.is_in_budget(line.month):
                        rows.append(_used(figures, line, part, position == 0))
                    elif figures.is_in_budget(line.month + part.later) and part.paid:
                        rows.append(_paid_later(figures, line, part))
            yield rows


def _lines(figures, block, number):
    sheet = figures.lines
    of = {column: values[list(sheet.blocks).index(block)] for column, values in sheet.values.items()}
    amounts = np.asarray(sheet.monthly[number][block], dtype=float)
    for row in np.flatnonzero(amounts):
        line = Line(block, figures.month_of(number), int(row), {**of, "amount_of_month": amounts}, 0.0, np.nan)
        hours, price = _hours(figures, line, number)
        yield line._replace(hours=hours, price=price)


def _hours(figures, line, number):
    """Chip-hours of a line's month, and their price on demand in the budget's currency."""
    row, of, period = line.row, line.of, figures.axis.periods[number]
    if line.block not in COMPUTE:
        return 0.0, np.nan
    rate = figures.dollars(line.month)
    if line.block == "idle":
        prices = figures.list_price_of_capacity
        hours = float(figures.months.cells["idle"][number].values[row])
        return max(hours, 0.0), (prices[row] if row < len(prices) else np.nan) * rate
    planned = number_or_zero(figures.costs.ranges["chip_hours_used"].values[row])
    planned *= float(figures.drivers.compute.value)
    planned *= float(of["times"][row]) if line.block == "trials" else 1.0
    start, days = float(of["start"][row]), float(of["days"][row])
    share = equations.share_within(start, days, float(period.start.value), float(period.end.value))
    return planned * float(share), figures.list_price_of_run[row] * rate


# --- components of a line


def _parts(figures, line, number):
    amount, name = float(line.of["amount_of_month"][line.row]), line.block
    if name in ON_CAPACITY and line.place >= 0:
        return _parts_of_capacity(figures, line, number, amount)
    if name in OF_RUNS:
        shares = {"own_hardware": "hardware_share", "rental": "cloud_share", "energy": "energy_share"}
        parts = [(component, amount * float(line.of[share][line.row])) for component, share in shares.items()]
    elif name in LOSSES:
        # What is received for it stands in a row of its own.
        return [Part("disposal", amount, 0.0, 0)]
    elif name == "others":
        own = figures.calendar.currencies.values[int(line.of["currency_number"][line.row]) - 1] == figures.currency
        parts = [("others" if own else "others_foreign", amount)]
    else:
        parts = [(CONTINGENCY if name == CONTINGENCY else name, amount)]
    later = max(int(line.of["lag"][line.row]), 0)
    return [Part(component, part, part, later) for component, part in parts if part]


def _parts_of_capacity(figures, line, number, amount):
    """The same of a charge for capacity, as the capacity's own month is made of them."""
    place, capacity = line.place, figures.capacity

    def cell(block):
        return float(figures.months.cells[block][number].values[place])

    energy, of_used = cell("energy"), cell("charged")
    of_energy = amount * energy / of_used if line.block in OF_RUNS and of_used else 0.0
    whole = sum(cell(block) for block in OF_COST)
    later = int(number_or_zero(capacity["payment_lag"][place]))
    is_hourly = capacity["kind"][place] == "on_demand"
    # A cluster is paid when it comes, and a commitment by its contract: both are purchases.
    paid_at_once = ("depreciation",) if is_hourly else ("depreciation", "rental")
    parts = []
    for block in OF_COST:
        part = (amount - of_energy) * cell(block) / whole if whole else 0.0
        component = "commitments" if block == "rental" and not is_hourly else block
        parts.append(Part(component, part, 0.0 if block in paid_at_once else part, later))
    parts.append(Part("energy", of_energy, of_energy, later))
    # The row of the hours comes first: what they cost most by.
    order = {"commitments": 0, "rental": 0, "depreciation": 0}
    return sorted((part for part in parts if part.cost), key=lambda part: order.get(part.component, 1))


# --- rows


def _used(figures, line, part, is_first):
    """What a component of a line costs in a month of the budget."""
    name, hours, price = line.block, line.hours, line.price
    has_hours = is_first and hours > 0
    listed = part.cost
    if name in COMPUTE and not np.isnan(price):
        # The price of an hour on demand has hosting and energy in it.
        listed = hours * price if has_hours else 0.0
    costs = charged(part.paid, part.cost, listed, part.cost, hours if has_hours else None)
    is_commitment = part.component == "commitments"
    consumed, unit = costs["PricingQuantity"], costs["PricingUnit"]
    if name == "idle" and unit == CHIP_HOURS:
        # Nobody uses it; what a commitment leaves unused has a column of its own.
        consumed, unit = (None, None) if is_commitment else (0.0, unit)
    elif is_commitment and name == "idle":
        consumed, unit = None, None
    row = figures.row(line.month, part.later, costs, (part.component, _chip(figures, line)))
    row |= _described(figures, line, part)
    row |= {"ChargeCategory": USAGE, "ConsumedQuantity": consumed, "ConsumedUnit": unit}
    if is_commitment:
        status = "Unused" if name == "idle" else "Used"
        row |= figures.commitment(line.place, hours if has_hours else 0.0, status)
    return row


def _paid_later(figures, line, part):
    """What the budget pays for use before its first month: a purchase for earlier use, which costs nothing itself."""
    costs = charged(part.paid, 0.0, part.paid, part.paid, unit=MONTHS)
    row = figures.row(line.month, part.later, costs, (part.component, _chip(figures, line)))
    return row | _described(figures, line, part) | {"ChargeCategory": PURCHASE}


def _described(figures, line, part):
    """What is used, by whom, and who sells it."""
    name, place = line.block, line.place
    service = list(LINES.values())[int(line.of["kind_number"][line.row]) - 1]
    run = int(line.of["run_number"][line.row])
    run_name = figures.run_names[run - 1] if run else ""
    category = "Compute" if name in ON_CAPACITY else CATEGORY_OF_SERVICE.get(service, "Other")
    seller = ORGANISATION
    if part.component in ("rental", "commitments"):
        of_run = figures.costs.ranges["cloud_vendor"].values[line.row] if name in OF_RUNS else ""
        seller = figures.cloud_of(place) if place >= 0 else str(of_run) or CLOUD
    resource = run_name or line.text("capacity") or None
    return {
        "ChargeDescription": line.text("what") or service,
        "ChargeFrequency": FREQUENCY.get(name, "Usage-Based"),
        "PricingCategory": "Committed" if part.component == "commitments" else "Standard",
        "ServiceCategory": category,
        "ServiceSubcategory": f"Other ({category})",
        "ServiceName": service,
        **figures.whose(line.text("department"), run_name, line.text("center"), line.text("account")),
        **figures.sold_by(seller),
        **figures.resource(resource, "Training run" if run_name else "Cluster" if place >= 0 else None),
    }


def _chip(figures, line):
    if line.block in OF_RUNS:
        return str(figures.plan.runs["chip"].texts_of_rows()[line.row])
    return str(figures.capacity["chip"][line.place]) if line.place >= 0 else None
