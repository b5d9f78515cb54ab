"""What must hold of capacity, lines and views, as lines of the Checks sheet."""

from __future__ import annotations

import numpy as np

from ..budget_tables import CAPACITY, OTHER, PHASES, SHARES
from ..formula import Term
from ..totals import (
    count_errors,
    count_filled,
    count_inverted,
    count_numbers,
    count_outside,
    count_text,
    total,
    total_by_number,
)

VIEWS = {
    "component": "components",
    "department": "departments",
    "kind": "kinds of cost",
    "account": "accounts",
    "center": "cost centers",
    "phase": "phases",
    "sourcing": "ways of sourcing",
    "treatment": "treatments",
    "scope": "scopes",
}


def ledger_checks(ledger, dates, runs):
    """Lines: label, found, expected, advice."""
    none, lines, months, views = 0.0, ledger.lines, ledger.months, ledger.views
    for name, label in VIEWS.items():
        yield f"The {label} add up to the budget", views.totals[name], lines.total, "See Budget months"
    yield "The fiscal years add up to the budget", _sum(ledger.report.years), lines.total, "See Budget"
    yield (
        "The scenario in force is the same side by side",
        ledger.scenarios.checked,
        lines.total,
        "See Scenarios",
    )
    yield from _of_months(ledger)
    yield from _of_capacity(ledger, runs)
    others = ledger.others.ranges
    yield (
        "Other costs whose currency or amount cannot be",
        Term(f'SUMPRODUCT(({others["item"]._text}<>"")*({lines.range("currency_number", "others")._text}=0))', 0.0)
        + count_filled(others["item"])
        - count_numbers(others["amount"]),
        none,
        "On Other costs, each has an amount, and a currency of the list on Calendar",
    )
    yield (
        "Exchange rates of the budget currency that are missing",
        _sum(_is_zero(_first(period.rates)) for period in dates.periods),
        none,
        "Give its units for 1 USD on Calendar, for each fiscal year",
    )
    tables = (ledger.capacity, ledger.shares, ledger.others, ledger.phases)
    yield (
        "Cells under the last computed row of Capacity, Shares, Other costs or Phases",
        _sum(Term(f"COUNTA({table.beyond})", 0.0) for table in tables),
        none,
        "Move them up into the empty rows, or write the workbook again for more",
    )
    yield (
        "Numbers on Capacity, Shares, Other costs or Phases that cannot be",
        _sum(
            term
            for kind, table in zip((CAPACITY, SHARES, OTHER, PHASES), tables)
            for term in _outside(kind, table.ranges)
        ),
        none,
        "Shares are at most 1 (100%), amounts and prices are numbers above 0",
    )
    yield (
        "Lines and months that show an error",
        _sum([count_errors(lines.amounts_of(number)) for number in lines.axis.months[:: len(lines.axis.months) - 1]])
        + _sum(count_errors(cells) for cells in months.cells["payments"][:: len(months.cells["payments"]) - 1])
        + count_errors(lines.totals),
        none,
        "Look for #N/A and other errors on Lines and Capacity months",
    )


def _of_months(ledger):
    """All time before, in and after the budget's years, in USD."""
    lines, months, views = ledger.lines, ledger.months, ledger.views
    hours = lines.range("hours", "runs", "trials")
    yield (
        "All hours on capacity fall into some month",
        _sum(months.sums["used"]),
        total(hours),
        "See Capacity months",
    )
    amounts = lines.range("amount", "runs", "trials")
    yield (
        "The months of runs that are charged by themselves add up to their costs",
        _sum(views.checked["alone"]),
        total(amounts),
        "See Budget months, at the end",
    )
    yield (
        "Charges to runs and idle hours add up to the cost of the capacity",
        _sum(views.checked["charged"]),
        _sum(views.checked["cost"]),
        "See Budget months, at the end",
    )
    yield (
        "Used and idle hours add up to the available ones",
        _sum(months.sums["used"]) + _sum(months.sums["idle"]),
        _sum(months.sums["available"]),
        "See Capacity months",
    )
    yield (
        "The books close: additions less depreciation and disposals",
        _sum(months.sums["additions"]) - _sum(months.sums["depreciation"]) - _sum(months.sums["disposals"]),
        months.sums["closing"][-1],
        "See Capacity months",
    )
    yield (
        "Payments for capacity come to its costs over its whole life, and to what is left in the books",
        _sum(months.sums["payments"]),
        _sum(months.sums["cost"]) + _sum(months.sums["loss"]) + months.sums["closing"][-1],
        "See Capacity months",
    )
    lags = lines.range("lag")
    on_capacity = _sum(
        total_by_number(lines.amounts_of(number), lags, -1.0) for number in range(len(lines.axis.periods))
    )
    yield (
        "Payments for all else come to its costs over all time",
        _sum(views.checked["paid_others"]),
        _sum(lines.sums) - on_capacity,
        "See Budget months, payments",
    )


def _of_capacity(ledger, runs):
    none, capacity, lines = 0.0, ledger.capacity, ledger.lines
    given = capacity.ranges
    yield (
        "Months in which runs need more of a capacity than there is",
        total(ledger.months.totals["short"]),
        none,
        "Capacity names it, and Capacity months the month; add chips, move runs, or let one rent",
    )
    yield (
        "Capacity without a cost",
        count_filled(given["capacity"]) - count_numbers(given["cost_known"]),
        none,
        "On Capacity, give kind, chip, chips, first day, and your own price where the catalog has none",
    )
    depreciated, depreciable = ledger.months.cells["depreciated"][-1], given["depreciable"]
    yield (
        "Capacity depreciated below its residual value",
        Term(
            f"SUMPRODUCT(ISNUMBER({depreciable._text})*({depreciated._text}-0.005>{depreciable._text}))",
            float(np.nansum(depreciated.values - 0.005 > depreciable.values)),
        ),
        none,
        "See Capacity months",
    )
    numbers = lines.range("capacity_number", "runs")
    clusters = runs.ranges["capacity"]
    yield (
        "Runs whose cluster is not on Capacity",
        Term(
            f'IF({count_filled(given["capacity"])._text}=0,0,SUMPRODUCT(({clusters._text}<>"")*({numbers._text}=0)))',
            float(
                np.sum((clusters.values != "") & (numbers.values == 0)) if (given["capacity"].values != "").any() else 0
            ),
        ),
        none,
        "Spell the cluster on Runs as on Capacity, or add it there; until then such a run is costed by itself",
    )
    shares = ledger.shares.ranges["capacity"]
    of_shares = lines.range("capacity_number", SHARES.name), lines.range("department_number", SHARES.name)
    yield (
        "Shares in a capacity, or of a department, that is not listed",
        Term(
            f'SUMPRODUCT(({shares._text}<>"")*(1-({of_shares[0]._text}>0)*({of_shares[1]._text}>0)))',
            float(np.sum((shares.values != "") & ~((of_shares[0].values > 0) & (of_shares[1].values > 0)))),
        ),
        none,
        "On Shares, name a capacity of Capacity and a department of Inputs",
    )


def _outside(kind, ranges):
    """Counts of numbers that do not keep their bounds, of dates in the wrong order, and of texts among numbers."""
    for name, limits in kind.limits.items():
        yield count_outside(ranges[name], **limits)
        yield count_text(ranges[name])
    for first, last in (("in_service", "until"), ("start", "end")):
        if first in kind.columns:
            yield count_inverted(ranges[first], ranges[last])


def _first(rates):
    """The rate of US dollars, the first of the list."""
    text = rates._text.partition(":")[0]
    return Term(text, float(rates.values[0]))


def _is_zero(term):
    return Term(f"IF({term._text}=0,1,0)", 1.0 if term.value == 0 else 0.0)


def _sum(terms):
    first, *others = terms
    for term in others:
        first = first + term
    return first
