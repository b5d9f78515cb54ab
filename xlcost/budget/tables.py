"""A budget's own tables, read and checked whole: capacity and the shares in it, other costs, phases of a release."""

from __future__ import annotations

import numpy as np

from ..comparison import fold
from ..dates import from_serial
from ..equations.parameters import DAYS_PER_YEAR
from ..filled_tables import TableKind
from ..overview import with_department
from ..project_columns import headings_of
from ..sentences import Sentence
from .columns import (
    CAPACITY_COLUMNS,
    CAPACITY_STEPS,
    CATEGORIES,
    COMMITTED_YEARS,
    FORMER_STEPS,
    KINDS,
    OTHER_COLUMNS,
    OTHER_STEPS,
    PHASE_COLUMNS,
    PHASE_STEPS,
    SHARE_COLUMNS,
    TIMINGS,
)
from .currencies import currency_codes

LONGEST_LAG = 3
"""Months from a cost to its payment, at most."""
LAGS = [str(lag) for lag in range(LONGEST_LAG + 1)]
"""What can be chosen."""
_, MONTHLY = TIMINGS
_SHARE = {"at_least": 0, "at_most": 1}
_SLACK = 2.0
"""Days by which three years may be shorter than three times 365.25 days."""


def _days(serials):
    """Dates as people write them."""
    return [str(from_serial(serial).astype("datetime64[D]")) if serial == serial else None for serial in serials]


def _months(serials):
    """Months of dates, counted from any one; some month where there is no date."""
    return from_serial(np.nan_to_num(serials)).astype("datetime64[M]").astype(int)


class _Capacity(TableKind):
    def check(self, found, problems):
        start, until = found["in_service"], found["until"]
        days = _days(until)
        problems.add(until <= start, "until", days, "it must be after {other}", other=problems.called("in_service"))
        for kind, years in COMMITTED_YEARS.items():
            short = (found["kind"] == kind) & (until > start) & (until - start < years * DAYS_PER_YEAR - _SLACK)
            said = Sentence("{kind} is paid for {years} years, whatever is used of it", kind=kind, years=f"{years:g}")
            if years == 1:
                said = Sentence("{kind} is paid for a year, whatever is used of it", kind=kind)
            problems.add(short, "until", days, said)
        lag = found["payment_lag"]
        problems.add(lag % 1 > 0, "payment_lag", lag, "it must be a whole number of months")


class _Shares(TableKind):
    def check(self, found, problems):
        whole, first = {}, {}
        for row, (capacity, department) in enumerate(zip(found["capacity"], found["department"])):
            name, share = fold(capacity), found["share"][row]
            here = np.arange(len(found["share"])) == row
            is_number = share == share
            whole[name] = whole.get(name, 0.0) + (share if is_number else 0.0)
            if is_number and whole[name] > 1 + 1e-9:
                problems.add(here, "share", found["share"], "the shares in one capacity come to more than 1 (100%)")
            # Of two shares each would count all that the department pays for used hours.
            earlier = first.setdefault((name, fold(department)), row)
            if department and earlier != row:
                problems.add(
                    here,
                    "department",
                    found["department"],
                    "it has a share in {capacity} already in row {row}; put them together",
                    capacity=repr(capacity),
                    row=problems.index[earlier],
                )


class _Other(TableKind):
    def check(self, found, problems):
        start, end = found["start"], found["end"]
        problems.add(end < start, "end", _days(end), "it must not be before {other}", other=problems.called("start"))
        goes_on = (end > start) & (_months(end) > _months(start))
        said = Sentence(
            "a cost that comes once has no end: leave it empty, or let {timing} be {monthly}",
            timing=problems.called("timing"),
            monthly=MONTHLY,
        )
        problems.add(goes_on & (found["timing"] != MONTHLY), "end", _days(end), said)


CAPACITY = _Capacity(
    "Capacity",
    CAPACITY_COLUMNS,
    ("capacity", "kind", "chip", "chips", "in_service"),
    {
        "chips": {"above": 0, "at_most": 1e9},
        "server_price_per_chip": {"above": 0, "at_most": 1e12},
        "price_per_chip_hour": {"above": 0, "at_most": 1e9},
        "useful_life": {"above": 0, "at_most": 50},
        "residual_value": _SHARE,
        "upfront_share": _SHARE,
        "payment_lag": {"at_least": 0, "at_most": LONGEST_LAG},
        "electricity_price": {"at_least": 0, "at_most": 1e5},
        "pue": {"at_least": 1, "at_most": 5},
        "hosting": {"at_least": 0, "at_most": 1e8},
        "operations": {"at_least": 0, "at_most": 1e6},
        "maintenance": _SHARE,
        "insurance": _SHARE,
    },
    {"kind": tuple(KINDS)},
    key="capacity",
    computed=headings_of(CAPACITY_STEPS) | headings_of(FORMER_STEPS),
)
SHARES = _Shares("Shares", SHARE_COLUMNS, ("capacity", "department", "share"), {"share": {"above": 0, "at_most": 1}})
OTHER = _Other(
    "Other costs",
    OTHER_COLUMNS,
    ("item", "amount", "start"),
    {"amount": {"at_least": -1e15, "at_most": 1e15}},
    {"timing": TIMINGS, "category": tuple(CATEGORIES)},
    computed=headings_of(OTHER_STEPS),
)
PHASES = TableKind(
    "Phases",
    PHASE_COLUMNS,
    ("phase",),
    {"released": {"at_least": 0, "at_most": 1e15}},
    key="phase",
    computed=headings_of(PHASE_STEPS),
)


def read_capacity(path, facts, currencies=()):
    """The table of capacity, chips and vendors by the catalog's names; see `TableKind.read`.

    `currencies` are those that have an exchange rate, beside US dollars.
    """
    vendors = facts.vendor_spellings

    def find(found, problems):
        found["currency"] = currency_codes(found["currency"], currencies, problems)
        for row, text in enumerate(found["chip"]):
            try:
                found["chip"][row] = facts.names.find(text)[0] if text else ""
            except LookupError as error:
                problems.say(row, "chip: {problem}", problem=error.args[0])

    found = CAPACITY.read(path, find, vendor=[*vendors, *vendors.values()])
    spelled = {fold(text): name for text, name in vendors.items()}
    vendor = [spelled.get(fold(text), text) for text in found["vendor"]]
    return {**found, "vendor": np.array(vendor, dtype=object)}


def read_shares(path, capacity):
    """The table of shares in the capacity that there is, as `read_capacity` gives it; see `TableKind.read`."""
    names = set(map(fold, capacity["capacity"].tolist()))

    def find(found, problems):
        unknown = [bool(name) and fold(name) not in names for name in found["capacity"]]
        problems.add(unknown, "capacity", found["capacity"], "there is none of this name in the table of capacity")

    return SHARES.read(path, find)


def read_other_costs(path, runs, currencies):
    """The table of other costs; see `TableKind.read`. Where a row names no department, that on Overview counts.

    Parameters
    ----------
    path : path-like or None
    runs : list of str
        Names of the runs that there are.
    currencies : iterable of str
        Those that have an exchange rate, beside US dollars.
    """

    def find(found, problems):
        found["currency"] = currency_codes(found["currency"], currencies, problems)

    found = OTHER.read(path, find, run=runs)
    return {**found, "department": with_department(found["department"], path)}


__all__ = ["CAPACITY", "LONGEST_LAG", "OTHER", "PHASES", "SHARES", "read_capacity", "read_other_costs", "read_shares"]
