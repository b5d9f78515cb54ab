"""Tables of what was received from departments: columns under their headings, long texts on several lines."""

from __future__ import annotations

import math

import numpy as np

from ..languages import ROW_HEIGHT
from .style import heading_style
from .wording import wide

HEADING, FIRST = 4, 5
FILE = ("File", "text", 34)
FILE_NUMBER = ("File, number", "place", 8)
DEPARTMENT = ("Department", "text", 24)
ROW = ("Row", "place", 7)
WHAT = ("What", "text", 34)
AMOUNT, WIDTH_OF_AMOUNT = "ledger", 17
PROSE = ("why", "comment")
"""Columns of sentences, which may take several lines."""
MOST_LINES = 25
"""A row is at most so high in Excel."""


def letters_of(columns):
    """The columns of a sheet, by name."""
    return {name: chr(ord("A") + at) for at, name in enumerate(columns)}


def _headings(sheet, columns):
    letters = letters_of(columns)
    for name, (label, number_format, _) in columns.items():
        sheet.put(f"{letters[name]}{HEADING}", label, style=heading_style(number_format))
    sheet.widths({letters[name]: width for name, (_, _, width) in columns.items()})
    sheet.height(HEADING, 48)
    return letters


def texts_of(values):
    """Texts as a column of a sheet."""
    return np.array(list(values), dtype=object)


def _grow(sheet, texts, width):
    """Make rows as high as texts need that are longer than their column is wide."""
    for row, text in enumerate(texts, start=FIRST):
        lines = sum(max(math.ceil(wide(line) / width), 1) for line in text.split("\n"))
        if lines > 1:
            sheet.height(row, min(lines, MOST_LINES) * ROW_HEIGHT)


class Table:
    """Columns of a sheet under their headings, by name.

    Parameters
    ----------
    sheet : Sheet
    columns : dict of str to (str or Term, str, float)
        Label, kind of format and width of each.

    Attributes
    ----------
    cells, ranges : dict of str to Term, Range
        Of the columns that were put.
    """

    def __init__(self, sheet, columns):
        self.sheet, self.columns, self.letters = sheet, columns, _headings(sheet, columns)
        self.cells, self.ranges = {}, {}

    def put(self, name, value):
        """Put a column: its values, or the term of any row."""
        _, number_format, width = self.columns[name]
        style = "text" if number_format == "text" else "number"
        if name in PROSE:
            style = "prose"
            _grow(self.sheet, value, width)
        self.cells[name], self.ranges[name] = self.sheet.column(
            self.letters[name], FIRST, value, style=style, format=number_format
        )


def numbers_of_files(company):
    """Numbers of the files, as Submissions has them."""
    return {sent.name: float(number) for number, sent in enumerate(company.submissions, start=1)}
