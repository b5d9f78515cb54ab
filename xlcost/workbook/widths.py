"""How wide columns are: as what stands in them needs, amounts in a dearer scenario too, labels in each language."""

from __future__ import annotations

from openpyxl.utils import column_index_from_string, get_column_letter

from .wording import TITLE_SIZE, wide

HEADROOM = 2.0
"""Times the amounts of today for which there is room: a scenario may double them."""
COMMA, PADDING = 0.55, 0.8
"""What a comma takes, and what stands empty at the sides with room for a minus. [width of a digit]"""
INDENT = 1.0
"""In front of a label. [width of a digit]"""
TALLER = {"section": 1.2, "title": TITLE_SIZE}
"""Styles whose letters are larger or bold, and how much wider they are."""

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


def widen(sheet, letters, least, apart=0.0):
    """Make columns of a sheet equally wide: as the largest amount in them needs, and at least so wide.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
    letters : iterable of str
    least : float
    apart : float, default 0
        What is to stand empty before the largest amount. [width of a digit]
    """
    letters = list(letters)
    bold = width_of(sheet.largest(letters, BOLD), sheet.language.bold_digit)
    width = max(least, apart + max(bold, width_of(sheet.largest(letters))))
    sheet.widths(dict.fromkeys(letters, round(width, 1)))


def narrow(sheet, most, least=0.0):
    """Make columns of labels as wide as this language needs.

    A text that has nothing to the right of it, such as a note, goes on over the next columns and asks for no width.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
    most : dict of str to float
        Largest width by letter.
    least : float
        Smallest width, such as `room_for_title` gives it.
    """
    last = sheet.height_of_cells()
    for letter, width in most.items():
        column = column_index_from_string(letter)
        pairs = zip(sheet.values(letter, 1, last), sheet.values(get_column_letter(column + 1), 1, last))
        labels = {
            (text, sheet.placed[row, column].style if (row, column) in sheet.placed else "label")
            for row, (text, beside) in enumerate(pairs, start=1)
            if isinstance(text, str) and beside not in (None, "")
        }
        needed = INDENT + max((wide(text) * TALLER.get(style, 1.0) for text, style in labels), default=width)
        sheet.widths({letter: round(max(least, min(width, needed)), 1)})


def room_for_title(sheet, beside):
    """Width of column A, where the title has no more room than it and the columns beside it, repeated on every page.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
    beside : float
        Width of those.
    """
    return round(wide(sheet.values("A", 1, 1)[0]) * TALLER["title"]) - beside
