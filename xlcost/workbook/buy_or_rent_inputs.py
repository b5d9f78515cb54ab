"""What is set on the sheet Buy or rent: the fleet and its use, a loan, an external model, expected benefits."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import Term
from ..lookup import is_blank, rounded
from ..references import Range
from ..totals import total

MONTH_END, MID_YEAR, YEAR_END = "month end", "mid-year", "end of year"
TIMINGS = MONTH_END, MID_YEAR, YEAR_END
YEARS = 5
"""Most years that are planned for."""
MOST = 1e7
"""Chips of a fleet beyond all that was ever heard of. A text counts as more than any number."""
BENEFITS = 8
YEAR_LETTERS = "BCDEF"
EMPTY = float("nan")

OPTIONAL = "start", "price", "tokens", "fine_tuning"
"""What may be left empty."""

FLEET = (
    # name, label, value, format, unit, limits, what is said of it
    ("chips", "Chips", 1000.0, "count", "chips", "at least 1", "How many the fleet has"),
    ("organization", "Organization", "", "text", "may be empty", "any", "Decides PUE and the cloud asked first"),
    (
        "start",
        "Start",
        EMPTY,
        "date",
        "date",
        "date",
        "Prices are those of this day; of the price list's month where empty",
    ),
    (
        *("years", "Years planned", 3.0, "count", "whole years, 1 to 5"),
        *([str(year) for year in range(1, YEARS + 1)], "1 to 5 whole years"),
    ),
    ("use", "Expected use", 0.6, "share", "share of all hours", "share or 0", "From 0% to 100% of the hours of a year"),
    (
        *("timing", "Costs and benefits fall due at", MONTH_END, "text", ", ".join(TIMINGS), list(TIMINGS)),
        "The purchase is paid at the start, the sale at the end, a loan by month",
    ),
    (
        *("installation", "Installation, once", 0.0, "money", "USD", "not negative"),
        "What it takes to set the hardware up, paid at the start",
    ),
)
LOAN = (
    ("borrowed", "Share that is borrowed", 0.0, "share", "of the purchase", "share or 0", "0 for none"),
    (
        *("interest", "Interest on the loan", 0.1, "share", "a year, effective: set your own", "share or 0"),
        "Compounded: at the discount rate a loan changes nothing",
    ),
    (
        *("term", "Term of the loan", 3.0, "tenths", "years: set your own", "positive"),
        "Paid back in equal amounts a month; what is left at the end of the plan is paid then",
    ),
)
EXTERNAL = (
    (
        *("price", "External model: price", EMPTY, "price", "USD/million tokens"),
        *("positive", "What is paid instead of training; not compared while empty"),
    ),
    (
        *("tokens", "External model: amount", EMPTY, "count", "million tokens/month"),
        *("positive", "What is used in a month; not compared while empty"),
    ),
    (
        *("fine_tuning", "External model: fine-tuning", EMPTY, "money", "USD, once; may be empty"),
        *("not negative", "Paid at the start"),
    ),
)


def write_settings(sheet, row, facts, inputs):
    """What can be set, from a row on, in the columns G to K; returns the cells by name."""
    for letter, text in zip("GHIJK", ("What you set", "", "Value", "Unit", "")):
        sheet.put(f"{letter}{row}", text, style="heading_right" if letter == "I" else "heading")
    names = facts.chip.values.tolist()
    # What most fleets are made of today; any other is a choice away.
    chip = next((name for name in names if "H100 SXM" in name), names[0])
    first = ("chip", "Chip", chip, "text", "from the list on Prices", facts.chip, "A chip of the list on Prices")
    found = {}
    for name, label, value, number_format, unit, kind, text in (first, *FLEET, *LOAN, *EXTERNAL):
        row += 1
        value = inputs.edition_month.value if name == "start" else value
        sheet.put(f"G{row}", label, style="label")
        style = "input_text" if number_format == "text" else "input"
        cell = sheet.put(f"I{row}", value, style=style, format=number_format)
        found[name] = Term(cell._text, cell.value, may_miss=[cell._text]) if name in OPTIONAL else cell
        sheet.put(f"J{row}", unit, style="unit")
        sheet.validate(f"I{row}", kind, title=label, text=text)
    return SimpleNamespace(**found, last=row)


def is_usable(given):
    """Whether fleet, years, use and timing can be computed with."""
    at_the_time = (given.timing == MONTH_END) | (given.timing == MID_YEAR) | (given.timing == YEAR_END)
    years = (given.years >= 1) & (given.years <= YEARS) & (np.floor(given.years) == given.years)
    use = ~is_blank(given.use) & (given.use >= 0) & (given.use <= 1)
    return ~is_blank(given.chip) & (given.chips > 0) & (given.chips <= MOST) & years & use & at_the_time


def is_bad_loan(given):
    """Whether something is borrowed without interest or a term."""
    lacking = is_blank(given.interest) | ~((given.term > 0) & (given.term <= MOST))
    return ~(given.borrowed == 0) & lacking


def loan_months(given):
    """Months after which the loan is paid back, at least one."""
    return np.maximum(rounded(given.term * MONTHS_PER_YEAR, 0), 1.0)


def write_benefits(sheet, row):
    """Expected benefits; returns those of each year together, as a Range, and of all years."""
    sheet.put(f"A{row}", "Expected benefits: the same whichever way is taken", style="section")
    headings = ("Benefit", *(f"Year {year} [USD]" for year in range(1, YEARS + 1)), "Source or owner", "", "")
    for letter, text in zip("ABCDEFGHI", headings):
        sheet.put(f"{letter}{row + 1}", text, style="heading" if letter in "AGHI" else "heading_right")
    first, last = row + 2, row + 1 + BENEFITS
    for row in range(first, last + 1):
        for letter in f"A{YEAR_LETTERS}G":
            is_text = letter in "AG"
            style, number_format = ("input_text", "text") if is_text else ("input", "money")
            sheet.put(f"{letter}{row}", "" if is_text else EMPTY, style=style, format=number_format)
    sheet.validate(f"{YEAR_LETTERS[0]}{first}:{YEAR_LETTERS[-1]}{last}", "not negative", "Benefit", "USD of one year")
    sheet.validate(f"A{first}:A{last}", "any", "Benefit", "Revenue won, cost saved: what would not be there without it")
    sheet.validate(f"G{first}:G{last}", "any", "Source or owner", "Who says so, and who answers for it")
    row = last + 1
    sheet.put(f"A{row}", "All benefits", style="total_label")
    sums = [
        sheet.put(f"{letter}{row}", total(sheet.range(letter, first, last)), style="total", format="money")
        for letter in YEAR_LETTERS
    ]
    return row_of(sums)


def row_of(cells):
    """Cells side by side, as a Range."""
    return Range(f"{cells[0]._text}:{cells[-1]._text.rpartition('!')[2]}", [cell.value for cell in cells])
