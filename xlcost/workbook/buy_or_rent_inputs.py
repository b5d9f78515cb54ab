"""What is set on the sheet Buy or rent: the fleet and its use, a loan, an external model, expected benefits."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..budget.analysis import BENEFITS, BUY_OR_RENT, MOST, TIMINGS, YEARS
from ..budget.settings_sheets import usual_of
from ..equations.parameters import MONTHS_PER_YEAR
from ..lookup import is_blank, rounded
from ..references import Range
from ..totals import total
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
    years = (given.years >= 1) & (given.years <= YEARS) & (np.floor(given.years) == given.years)
    use = ~is_blank(given.use) & (given.use >= 0) & (given.use <= 1)
    return ~is_blank(given.chip) & (given.chips > 0) & (given.chips <= MOST) & years & use & given.is_due


def is_bad_loan(given):
    """Whether something is borrowed without interest or a term."""
    lacking = is_blank(given.interest) | ~((given.term > 0) & (given.term <= MOST))
    return ~(given.borrowed == 0) & lacking


def loan_months(given):
    """Months after which the loan is paid back, at least one."""
    return np.maximum(rounded(given.term * MONTHS_PER_YEAR, 0), 1.0)


def write_benefits(sheet, row, told):
    """Expected benefits, those of settings in the first rows; returns those of each year together, as a Range."""
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
    sheet.validate(f"{years[0]}{first}:{years[-1]}{last}", "not negative", "Benefit", "USD of one year")
    sheet.validate(f"A{first}:A{last}", "any", "Benefit", "Revenue won, cost saved: what would not be there without it")
    sheet.validate(f"G{first}:G{last}", "any", "Source or owner", "Who says so, and who answers for it")
    row = last + 1
    sheet.put(f"A{row}", BENEFITS.end, style="total_label")
    sums = [
        sheet.put(f"{letter}{row}", total(sheet.range(letter, first, last)), style="total", format="money")
        for letter in years
    ]
    return row_of(sums)


def row_of(cells):
    """Cells side by side, as a Range."""
    return Range(f"{cells[0]._text}:{cells[-1]._text.rpartition('!')[2]}", [cell.value for cell in cells])
