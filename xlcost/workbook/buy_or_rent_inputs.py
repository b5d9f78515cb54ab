"""What is set on the sheet Buy or rent: the fleet and its use, a loan, an external model, expected benefits."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from ..budget.analysis import BENEFIT_KIND, BENEFITS, BUY_OR_RENT, MOST, TIMINGS, YEARS
from ..budget.settings_sheets import usual_of
from ..budget.sheet_inputs import LIMITS
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import Term
from ..lookup import is_blank, rounded
from ..references import Range
from ..totals import count_below, count_numbers, count_text, total
from .settable import is_chosen, put_input

EMPTY = float("nan")


def write_settings(sheet, row, facts, told, price_list):
    """What can be set, from a row on, in the columns G to K; returns the cells by name.

    Parameters
    ----------
    facts : types.SimpleNamespace
        What `xlcost.model.CostSteps` looks up.
    told : dict
        What settings say of it.
    price_list : Catalog

    Returns
    -------
    types.SimpleNamespace
        The cells by name; month_end and mid_year, whether that is chosen, and is_due, whether any time is.
    """
    for letter, text in zip("GHIJK", (BUY_OR_RENT.heading, "", "Value", "Unit", "")):
        sheet.put(f"{letter}{row}", text, style="heading_right" if letter == "I" else "heading")
    found, usual = {}, BUY_OR_RENT.usual(**usual_of(BUY_OR_RENT, price_list))
    for each in BUY_OR_RENT.inputs:
        row += 1
        kind = facts.chip if each.name == "chip" else None
        found[each.name] = put_input(sheet, BUY_OR_RENT, row, each, told, usual, kind)
        sheet.put(f"J{row}", each.unit, style="unit")
    timing = BUY_OR_RENT.input("timing")
    month_end, mid_year, year_end = (is_chosen(sheet, timing, found["timing"], code) for code in TIMINGS)
    due = dict(month_end=month_end, mid_year=mid_year, is_due=month_end | mid_year | year_end)
    return SimpleNamespace(**found, **due, last=row)


def is_usable(given):
    """Whether fleet, years, use and timing can be computed with."""
    use = ~is_blank(given.use) & (given.use >= 0) & (given.use <= 1)
    fleet = ~is_blank(given.chip) & _is_whole(given.chips, MOST)
    return fleet & _is_whole(given.years, YEARS) & use & given.is_due


def is_bad_loan(given):
    """Whether something is borrowed without interest or a term."""
    return ~(given.borrowed == 0) & (is_blank(given.interest) | is_blank(given.term))


def count_refused(given, benefits):
    """How many cells of figures hold what they do not take, other than those that `is_usable` asks for.

    Parameters
    ----------
    given, benefits : types.SimpleNamespace
        As `write_settings` and `write_benefits` give them.
    """
    figures = [each for each in BUY_OR_RENT.inputs if not each.is_text and each.name not in ("chips", "years", "use")]
    refused = [_is_refused(each.limit, getattr(given, each.name)) for each in figures]
    of_benefits = [
        count_below(column, LIMITS[BENEFIT_KIND].at_least) + count_text(column) for column in benefits.columns
    ]
    return sum(of_benefits, sum(refused[1:], refused[0]))


def _is_refused(limit, cell):
    """1 where a cell holds something else than a number within a limit, or is not empty."""
    is_empty = np.isnan(Term(cell._text, cell.value, may_miss=[cell._text]))
    # What is compared is a number, so that no formula has to ask again whether it is empty.
    cell = Term(cell._text, cell.value)
    is_outside = (cell <= limit.above) if math.isfinite(limit.above) else (cell < limit.at_least)
    if math.isfinite(limit.at_most):
        is_outside = is_outside | (cell > limit.at_most)
    return np.where(_is_number(cell), np.where(is_outside, 1.0, 0.0), np.where(is_empty, 0.0, 1.0))


def _is_whole(cell, most):
    """Whether a cell holds a whole number from 1 to another one."""
    whole = np.where(_is_number(cell), np.where(np.floor(cell) == cell, 1.0, 0.0), 0.0)
    return (whole == 1) & (cell >= 1) & (cell <= most)


def _is_number(cell):
    return count_numbers(Range(cell._text, [cell.value])) == 1


def loan_months(given):
    """Months after which the loan is paid back, at least one."""
    return np.maximum(rounded(given.term * MONTHS_PER_YEAR, 0), 1.0)


def write_benefits(sheet, row, told):
    """Expected benefits, those of settings in the first rows.

    Returns
    -------
    types.SimpleNamespace
        of_years, those of each year together (a Range), and columns, their cells by year (Ranges).
    """
    sheet.put(f"A{row}", "Expected benefits: the same whichever way is taken", style="section")
    for letter in "ABCDEFGHI":
        each = BENEFITS.columns.get(letter)
        is_number = each is not None and not each.is_text
        label = each.label if each is not None else ""
        sheet.put(f"{letter}{row + 1}", label, style="heading_right" if is_number else "heading")
    first, last = row + 2, row + 1 + BENEFITS.size
    for row in range(first, last + 1):
        given = told[row - first] if row - first < len(told) else {}
        for letter, each in BENEFITS.columns.items():
            style = "input_text" if each.is_text else "input"
            value = each.in_cell(given.get(each.name, each.usual), sheet.language)
            sheet.put(f"{letter}{row}", value, style=style, format=each.format)
    years = [letter for letter, each in BENEFITS.columns.items() if not each.is_text]
    sheet.validate(f"{years[0]}{first}:{years[-1]}{last}", BENEFIT_KIND, "Benefit", "USD of one year")
    sheet.validate(f"A{first}:A{last}", "any", "Benefit", "Revenue won, cost saved: what would not be there without it")
    sheet.validate(f"G{first}:G{last}", "any", "Source or owner", "Who says so, and who answers for it")
    row = last + 1
    sheet.put(f"A{row}", BENEFITS.end, style="total_label")
    columns = [sheet.range(letter, first, last) for letter in years]
    sums = [
        sheet.put(f"{letter}{row}", total(column), style="total", format="money")
        for letter, column in zip(years, columns)
    ]
    return SimpleNamespace(of_years=row_of(sums), columns=columns)


def row_of(cells):
    """Cells side by side, as a Range."""
    return Range(f"{cells[0]._text}:{cells[-1]._text.rpartition('!')[2]}", [cell.value for cell in cells])
