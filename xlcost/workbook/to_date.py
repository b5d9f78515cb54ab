"""What the lines of the budget come to up to the close of the actuals: columns beside their months."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter

from .. import equations
from ..budget.tables import SHARES
from ..formula import ROW, Term
from ..references import Range
from .capacity_months import LEDGER_SHARES
from .line_sources import LOSSES, there
from .lines import FIRST, HEADING, OF_RUNS

COLUMNS = {
    "to_date": "Budget up to the close",
    "year_to_date": "Budget of the fiscal year up to the close",
    "year": "Budget of the fiscal year",
    "ledger": "Asset ledger up to the close",
    "ledger_year": "Asset ledger, fiscal year up to the close",
    "planned_hours": "Chip-hours planned",
    "hours_to_date": "Chip-hours planned up to the close",
}
ON_CAPACITY = (*OF_RUNS, "idle", SHARES.name)
"""Blocks of lines that may be charges for capacity."""


def across(sheet, letters, row, values):
    """A row's cells in columns beside each other."""
    text = sheet.range(letters[0], row, row)._text.rpartition(":")[0] + f":${letters[-1]}${row}"
    return Range(text, np.asarray(values, dtype=float))


def write_to_date(ledger, computed, runs, calendar, scenario, closed):
    """Put the columns.

    Parameters
    ----------
    ledger : types.SimpleNamespace
        lines, months.
    computed, runs, calendar, scenario : types.SimpleNamespace
    closed : types.SimpleNamespace
        is_closed and in_year (Ranges, 1 or 0 a month), end (Term: the day after the last closed month).

    Returns
    -------
    dict of str to Range
        One over all lines for each of `COLUMNS`.
    """
    lines, months = ledger.lines, ledger.months
    months.put("ledger_of_idle", lambda number, period: _share(months, number))
    months.put("ledger_of_used", lambda number, period: _share_of_charge(months, number))
    sheet, axis = lines.sheet, lines.axis
    begin = column_index_from_string(lines.year_letters[-1]) + 1
    letters = {name: get_column_letter(begin + at) for at, name in enumerate(COLUMNS)}
    own = f"{axis.letters[axis.months[0]]}{ROW}:{axis.letters[axis.months[-1]]}{ROW}"
    closing, fiscal = closed.is_closed, closed.in_year
    both = closing.values * fiscal.values
    flags = {
        "to_date": (closing._text, closing.values),
        "year_to_date": (f"{closing._text},{fiscal._text}", both),
        "year": (fiscal._text, fiscal.values),
    }
    first, last = calendar.periods[axis.months[0]], calendar.periods[axis.months[-1]]
    of_used, of_idle = (_shares_of_ledger(months, name) for name in LEDGER_SHARES)
    values = {name: [] for name in COLUMNS}
    for name, block in lines.blocks.items():
        amounts = np.array([lines.monthly[number][name] for number in axis.months], dtype=float).T
        found = {of: Term(f"SUMPRODUCT({own},{text})", amounts @ value) for of, (text, value) in flags.items()}
        shares = of_used if name in OF_RUNS else of_idle
        for of, to_date in (("ledger", "to_date"), ("ledger_year", "year_to_date")):
            found[of] = _of_ledger(lines, name, own, amounts, flags[to_date], found[to_date], shares)
        found["planned_hours"] = found["hours_to_date"] = np.zeros(block.size)
        if name in OF_RUNS:
            hours = there(computed.ranges["chip_hours_used"].row(runs.first - block.first)) * scenario.drivers.compute
            if name == "trials":
                hours = hours * lines.of("times", name)
            start, days = lines.of("start", name), lines.of("days", name)
            found["planned_hours"] = hours * equations.share_within(start, days, first.start, last.end)
            found["hours_to_date"] = hours * equations.share_within(start, days, first.start, closed.end)
        for of, term in found.items():
            written = sheet.column(letters[of], block.first, term, style="number", format="filled_count")
            values[of].append(written.range.values)
    for name, label in COLUMNS.items():
        sheet.put(f"{letters[name]}{HEADING}", label, style="heading_right")
    sheet.widths(dict.fromkeys(letters.values(), 16))
    size = sum(block.size for block in lines.blocks.values())
    whole = SimpleNamespace(first=FIRST, last=FIRST + size - 1)
    return {
        name: Range(sheet.range(letter, whole.first, whole.last)._text, np.concatenate(values[name]))
        for name, letter in letters.items()
    }


def _share(months, number):
    """Depreciation in what a capacity costs whether it is used or not."""
    cost = months.at("cost", number) - months.at("energy", number)
    return np.where(cost > 0, months.at("depreciation", number) / np.where(cost > 0, cost, 1.0), 0.0)


def _share_of_charge(months, number):
    """Depreciation in the charge for used hours, which has their energy in it."""
    charged = months.at("charged", number)
    without = (charged - months.at("energy", number)) * months.at("ledger_of_idle", number)
    return np.where(charged > 0, without / np.where(charged > 0, charged, 1.0), 0.0)


def _shares_of_ledger(months, name):
    """A block of them: its text, and values by capacity and month."""
    cells = months.cells[name]
    first, last = cells[months.axis.months[0]], cells[months.axis.months[-1]]
    text = f"{first._text.partition(':')[0]}:{last._text.partition(':')[2]}"
    return text, np.array([cells[number].values for number in months.axis.months], dtype=float).T


def _of_ledger(lines, name, own, amounts, flags, to_date, shares):
    """What of a line's amounts stands in the asset ledger."""
    size = lines.blocks[name].size
    if name in LOSSES:
        return to_date
    if name not in ON_CAPACITY:
        return np.zeros(size)
    number = lines.of("capacity_number", name)
    (flag_text, flag_values), (text, values) = flags, shares
    padded = np.concatenate([np.zeros((1, values.shape[1])), values])
    of_capacity = Term(
        f"SUMPRODUCT({own},INDEX({text},{number._text},0),{flag_text})",
        (amounts * padded[np.asarray(number.value, dtype=int)]) @ flag_values,
    )
    alone = to_date * lines.of("hardware_share", name) if name in OF_RUNS else 0.0
    return np.where(number > 0, of_capacity, alone)
