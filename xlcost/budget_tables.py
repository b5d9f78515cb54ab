"""A budget's own tables, read and checked whole: capacity and the shares in it, other costs, phases of a release."""

from __future__ import annotations

import numpy as np

from .budget_columns import (
    CAPACITY_COLUMNS,
    CAPACITY_STEPS,
    CATEGORIES,
    COMMITTED_YEARS,
    KINDS,
    OTHER_COLUMNS,
    OTHER_STEPS,
    PHASE_COLUMNS,
    PHASE_STEPS,
    SHARE_COLUMNS,
    TIMINGS,
)
from .comparison import fold
from .equations.parameters import DAYS_PER_YEAR
from .errors import InputError
from .filled_tables import TableKind
from .project_columns import headings_of

LONGEST_LAG = 3
"""Months from a cost to its payment, at most."""
_SHARE = {"at_least": 0, "at_most": 1}
_SLACK = 2.0
"""Days by which three years may be shorter than three times 365.25 days."""


class _Capacity(TableKind):
    def check(self, found, problems):
        start, until = found["in_service"], found["until"]
        problems.add(until <= start, "until", until, "it must be after in_service")
        for kind, years in COMMITTED_YEARS.items():
            short = (found["kind"] == kind) & (until - start < years * DAYS_PER_YEAR - _SLACK)
            problems.add(short, "until", until, f"{kind} is paid for {years:g} years, whatever is used of it")
        lag = found["payment_lag"]
        problems.add(lag % 1 > 0, "payment_lag", lag, "it must be a whole number of months")


class _Shares(TableKind):
    def check(self, found, problems):
        whole = {}
        for row, (name, share) in enumerate(zip(map(fold, found["capacity"].tolist()), found["share"])):
            whole[name] = whole.get(name, 0.0) + share
            problems.add(
                np.arange(len(found["share"])) == (row if whole[name] > 1 + 1e-9 else -1),
                "share",
                found["share"],
                "the shares in one capacity come to more than 1 (100%)",
            )


class _Other(TableKind):
    def check(self, found, problems):
        problems.add(found["end"] < found["start"], "end", found["end"], "it must not be before start")


CAPACITY = _Capacity(
    "Capacity",
    CAPACITY_COLUMNS,
    ("capacity", "kind", "chip", "chips", "in_service"),
    {
        "chips": {"above": 0, "at_most": 1e9},
        "server_price_per_chip": {"above": 0, "at_most": 1e9},
        "usd_per_chip_hour": {"above": 0, "at_most": 1e6},
        "useful_life": {"above": 0, "at_most": 50},
        "residual_value": _SHARE,
        "upfront_share": _SHARE,
        "payment_lag": {"at_least": 0, "at_most": LONGEST_LAG},
        "usd_per_kwh": {"at_least": 0, "at_most": 100},
        "pue": {"at_least": 1, "at_most": 5},
        "hosting": {"at_least": 0, "at_most": 1e5},
        "operations": {"at_least": 0, "at_most": 1e6},
        "maintenance": _SHARE,
        "insurance": _SHARE,
    },
    {"kind": tuple(KINDS)},
    key="capacity",
    computed=headings_of(CAPACITY_STEPS),
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


def read_capacity(path, facts):
    """The table of capacity, chips and vendors by the catalog's names; see `TableKind.read`."""
    vendors = facts.vendor_spellings
    found = CAPACITY.read(path, vendor=[*vendors, *vendors.values()])
    wrong, names = [], []
    for row, text in enumerate(found["chip"]):
        try:
            names.append(facts.names.find(text)[0])
        except LookupError as error:
            wrong.append(f"capacity {found['capacity'][row]!r}: chip: {error}")
    if wrong:
        raise InputError(wrong, path)
    spelled = {fold(text): name for text, name in vendors.items()}
    vendor = [spelled.get(fold(text), text) for text in found["vendor"]]
    return {**found, "chip": np.array(names, dtype=object), "vendor": np.array(vendor, dtype=object)}


def check_links(capacity, shares, paths):
    """That every share is one of a capacity that there is."""
    names = set(map(fold, capacity["capacity"].tolist()))
    unknown = [name for name in dict.fromkeys(shares["capacity"]) if fold(name) not in names]
    if unknown:
        raise InputError([f"there is no capacity {name!r}; it must be one of Capacity" for name in unknown], paths)


__all__ = ["CAPACITY", "LONGEST_LAG", "OTHER", "PHASES", "SHARES", "check_links", "read_capacity"]
