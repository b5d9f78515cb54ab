"""Widths of columns of amounts: as wide as what stands in them needs, in a dearer scenario too."""

from __future__ import annotations

HEADROOM = 2.0
"""Times the amounts of today for which there is room: a scenario may double them."""
COMMA, PADDING = 0.55, 0.8
"""What a comma takes, and what stands empty at the sides with room for a minus. [width of a digit]"""

BOLD = ("result", "total")
"""Styles of amounts in bold."""


def width_of(amount, bold_digit=1.0):
    """Width of a column for an amount and what it may become. [width of a digit]

    >>> width_of(4_000_000.0), round(width_of(5_500_000.0), 2)
    (8.9, 9.9)
    """
    text = f"{abs(amount) * HEADROOM:,.0f}"
    commas = text.count(",")
    return bold_digit * (len(text) - commas) + COMMA * commas + PADDING


def widen(sheet, letters, least):
    """Make columns of a sheet equally wide: as the largest amount in them needs, and at least so wide.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
    letters : iterable of str
    least : float
    """
    letters = list(letters)
    bold = width_of(sheet.largest(letters, BOLD), sheet.language.bold_digit)
    width = max(least, bold, width_of(sheet.largest(letters)))
    sheet.widths(dict.fromkeys(letters, round(width, 1)))
