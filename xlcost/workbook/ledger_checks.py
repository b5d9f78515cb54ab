"""What must hold of capacity, lines and views, as lines of the Checks sheet."""

from __future__ import annotations

import numpy as np

from ..budget.columns import CATEGORIES, TIMINGS
from ..budget.settings import CHOICES, LABELS, NUMBERS, WHOLE
from ..budget.tables import CAPACITY, OTHER, PHASES, SHARES
from ..formula import Term, sheet_prefix
from ..references import Range
from ..totals import (
    count_errors,
    count_filled,
    count_inverted,
    count_numbers,
    count_outside,
    count_text,
    slack,
    total,
    total_by_number,
)
from .capacity_checks import capacity_checks, lacking, unknown
from .lines import OF_RUNS, TOTAL
from .wording import MOVE_UP

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


def ledger_checks(ledger, dates, runs, costs):
    """Lines: label, found, expected, advice."""
    none, lines, months, views = 0.0, ledger.lines, ledger.months, ledger.views
    for name, label in VIEWS.items():
        yield f"The {label} add up to the budget", views.totals[name], lines.total, "See Budget months"
    yield "The fiscal years add up to the budget", _sum(ledger.report.years), lines.total, "See Budget"
    yield (
        "The training runs, and what belongs to none, add up to the budget",
        ledger.by_run,
        lines.total,
        "See Budget by run",
    )
    yield from _of_views(ledger)
    yield from _of_months(ledger)
    yield from capacity_checks(ledger, runs, costs)
    phases, named = ledger.phases.ranges["phase"], runs.ranges["phase"]
    numbers = lines.range("phase_number", "runs")
    yield (
        "Runs whose phase is not on Phases",
        Term(
            f'IF({count_filled(phases)._text}=0,0,SUMPRODUCT(({named._text}<>"")*({numbers._text}=0)))',
            float(np.sum((named.values != "") & (numbers.values == 0)) if (phases.values != "").any() else 0),
        ),
        none,
        "Spell the phase on Runs as on Phases, or add it there",
    )
    others = ledger.others.ranges
    yield (
        "Other costs whose currency or amount cannot be",
        Term(f'SUMPRODUCT(({others["item"]._text}<>"")*({lines.range("currency_number", "others")._text}=0))', 0.0)
        + count_filled(others["item"])
        - count_numbers(others["amount"]),
        none,
        "On Other costs, each has an amount, and a currency of the list on Calendar",
    )
    names, listed = others["item"], lines.range("run_number", "others")
    yield (
        "Other costs without a first month, or whose timing, category or run is not listed",
        lacking(names, others["start"])
        + unknown(names, others["timing"], ("", *TIMINGS))
        + unknown(names, others["category"], ("", *CATEGORIES))
        + Term(f'SUMPRODUCT(({others["run"]._text}<>"")*({listed._text}=0))', 0.0),
        none,
        "On Other costs; until then such a cost is left out, falls once, or is of no run",
    )
    yield from _of_settings(ledger, dates)
    tables = (ledger.capacity, ledger.shares, ledger.others, ledger.phases)
    yield (
        "Cells under the last computed row of Capacity, Shares, Other costs or Phases",
        _sum(Term(f"COUNTA({table.beyond})", 0.0) for table in tables),
        none,
        MOVE_UP,
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


def _of_settings(ledger, dates):
    """What a reader may set on Calendar: within the bounds that a file of settings must keep."""
    none = 0.0
    whole = [_is_outside(getattr(dates, name), *WHOLE[name], whole=True) for name in WHOLE if name != "years"]
    numbers = [_is_outside(getattr(dates, name), *NUMBERS[name]) for name in NUMBERS]
    texts = [_is_none_of(getattr(dates, name), CHOICES[name]) for name in CHOICES if name in LABELS]
    factor = _is_outside(dates.declining_factor, 1, 10)
    yield (
        "Settings on Calendar that cannot be",
        _sum([*whole, *numbers, *texts, factor]),
        none,
        "Each setting is of its list, or a number within its bounds: choose its cell to see them",
    )
    names = dates.currencies
    yield (
        "Exchange rates that are missing or not above 0",
        _sum(
            Term(
                f'SUMPRODUCT(({names._text}<>"")*(1-ISNUMBER({rates._text})*({rates._text}>0)))',
                float(np.sum((names.values != "") & ~(rates.values > 0))),
            )
            for rates in dates.rates
        ),
        none,
        "On Calendar, give the units of each listed currency for 1 USD, for each fiscal year",
    )


def _is_outside(cell, least, most, whole=False):
    """1 where a cell is no number within its bounds."""
    text = cell._text
    right = f"IF({text}=INT({text}),0,1)" if whole else "0"
    return Term(f"IF(AND(ISNUMBER({text}),{text}>={least:g},{text}<={most:g}),{right},1)", 0.0)


def _is_none_of(cell, choices):
    """1 where a cell is none of some texts."""
    same = ",".join(f'{cell._text}="{choice}"' for choice in choices)
    return Term(f"IF(OR({same}),0,1)", 0.0)


def _of_views(ledger):
    """Each column by itself, so that no figure on Budget months or Budget can be overwritten unseen."""
    none, views, report, lines = 0.0, ledger.views, ledger.report, ledger.lines
    columns = [*views.axis.letters, views.axis.total_letter]
    whole = across(lines.sheet, [*lines.axis.letters, lines.axis.total_letter], TOTAL)
    yield (
        "Months in which a view does not add up to the lines",
        _sum(unequal(across(views.sheet, columns, views.sections[name].total), whole) for name in VIEWS),
        none,
        "See Budget months",
    )
    totals = {name: views.sections[name].total + report.shift for name in (*VIEWS, "payments")}
    whole = across(report.sheet, report.columns, totals["component"])
    yield (
        "Views on Budget that do not add up to their total, or to the budget",
        _sum(unequal(across(report.sheet, report.columns, totals[name]), whole) for name in VIEWS)
        + _sum(
            _does_not_add_up(report, views.sections[name].first + report.shift, row) for name, row in totals.items()
        ),
        none,
        "See Budget",
    )
    books = views.sections["books"].first
    yield (
        "Periods in which the books do not close",
        _unclosed(views.sheet, columns[:-1], books) + _unclosed(report.sheet, report.columns, books + report.shift),
        none,
        "Opening value, additions, depreciation and disposals give the closing value; see Budget and Budget months",
    )
    available, used, idle = (
        across(views.sheet, columns, views.sections["hours"].first + number) for number in range(3)
    )
    yield (
        "Months in which used and idle hours are not the available ones",
        unequal(Range(f"({used._text}+{idle._text})", used.values + idle.values), available),
        none,
        "See Budget months",
    )


def _slack_of(size):
    """By how much cells may differ from others, as a text for array formulas; see `xlcost.totals.slack`."""
    return slack(np.abs(Term(size, 0.0)))._text


def across(sheet, letters, row):
    """A row's cells in columns beside each other."""
    cells = [sheet.values(letter, row, row)[0] for letter in letters]
    values = np.array([0.0 if cell is None or cell == "" else cell for cell in cells], dtype=float)
    return Range(f"{sheet_prefix(sheet.name)}${letters[0]}${row}:${letters[-1]}${row}", values)


def unequal(found, expected):
    """Number of cells that are not the same: by half a cent, or in amounts that large by their tenth digit."""
    is_unlike = np.abs(found.values - expected.values) > slack(np.abs(expected.values))
    one, other = found._text, expected._text
    return Term(f"SUMPRODUCT((ABS({one}-{other})>{_slack_of(other)})*1)", float(is_unlike.sum()))


def _does_not_add_up(report, first, last):
    """1 where the rows above a total on Budget are not as much as it is, over all its columns."""
    begin, end = report.columns[0], report.columns[-1]
    place, totals = sheet_prefix(report.sheet.name), across(report.sheet, report.columns, last)
    rows = f"SUM({place}${begin}${first}:${end}${last - 1})"
    whole, text = float(totals.values.sum()), f"SUM({totals._text})"
    added = sum(float(across(report.sheet, report.columns, row).values.sum()) for row in range(first, last))
    return Term(f"IF(ABS({rows}-{text})>{_slack_of(text)},1,0)", float(abs(added - whole) > slack(abs(whole))))


def _unclosed(sheet, letters, first):
    """Number of columns in which the books do not close."""
    opening, additions, depreciation, disposals, closing = (
        across(sheet, letters, first + number) for number in range(5)
    )
    parts = opening, additions, depreciation, disposals
    added = Range("(" + "+".join(part._text for part in parts) + ")", sum(part.values for part in parts))
    return unequal(added, closing)


def _of_months(ledger):
    """All time before, in and after the budget's years."""
    lines, months, views = ledger.lines, ledger.months, ledger.views
    hours = lines.range("hours", *OF_RUNS)
    yield (
        "All hours on capacity fall into some month",
        _sum(months.sums["used"]),
        total(hours),
        "See Capacity months",
    )
    amounts = lines.range("amount", *OF_RUNS)
    yield (
        "The months of runs that are charged by themselves add up to their costs",
        _sum(views.checked["alone"]),
        total(amounts),
        "See Budget months, at the end",
    )
    people = lines.range("amount", "employees", "contractors")
    yield (
        "The months of people add up to their costs",
        _sum(views.checked["people"]),
        total(people),
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
        "The books close: additions are depreciated, disposed of, or still there",
        _sum(months.sums["additions"]),
        _sum(months.sums["depreciation"]) + _sum(months.sums["disposals"]) + months.sums["closing"][-1],
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


def _outside(kind, ranges):
    """Counts of numbers that do not keep their bounds, of dates in the wrong order, and of texts among numbers."""
    for name, limits in kind.limits.items():
        yield count_outside(ranges[name], **limits)
        yield count_text(ranges[name])
    for first, last in (("in_service", "until"), ("start", "end")):
        if first in kind.columns:
            yield count_inverted(ranges[first], ranges[last])
            yield count_text(ranges[first])
            yield count_text(ranges[last])


def _sum(terms):
    first, *others = terms
    for term in others:
        first = first + term
    return first
