"""Tables of what was received from departments: columns under their headings, long texts on several lines."""

from __future__ import annotations

import math

import numpy as np

from ..languages import ROW_HEIGHT
from ..sentences import said
from ..totals import total
from .style import heading_style
from .wording import wide

HEADING, FIRST = 4, 5
FILE = ("File", "text", 34)
FILE_NUMBER = ("File, number", "place", 8)
DEPARTMENT = ("Department", "text", 24)
ROW = ("Row", "place", 7)
WHAT = ("What", "text", 34)
ORIGIN = {"number": FILE_NUMBER, "file": FILE, "row": ROW, "what": WHAT, "department": DEPARTMENT}
"""Columns that say what a row of a file is, and where it stood; see `origins`."""
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

    def put_all(self, values):
        """Put several columns of values, by name."""
        for name, value in values.items():
            self.put(name, value)

    def sum_up(self, row, summed):
        """Put the row of all files under the table, with the sums of some columns."""
        self.sheet.put(f"A{row}", "All files", style="total_label")
        for name, letter in self.letters.items():
            if name in summed:
                self.sheet.put(f"{letter}{row}", total(self.ranges[name]), style="total", format=self.columns[name][1])
            elif name != "number":
                self.sheet.put(f"{letter}{row}", "", style="total")

    def finish(self, rows, summed, printed):
        """Put the row of all files under so many rows; columns behind the one printed last are workings."""
        last = FIRST + rows
        self.sum_up(last, summed)
        self.sheet.freeze(f"C{FIRST}")
        self.sheet.print_setup(title_rows=f"1:{HEADING}")
        self.sheet.worksheet.print_area = f"A1:{self.letters[printed]}{last}"


def origins(sheet, company, rows):
    """Values of `ORIGIN`."""
    numbers = numbers_of_files(company)
    return {
        "number": np.array([numbers[row.file] for row in rows]),
        "file": texts_of(row.file for row in rows),
        "row": np.array([float(row.row) for row in rows]),
        "what": texts_of(said(row.what, sheet.language) for row in rows),
        "department": texts_of(said(row.department, sheet.language) for row in rows),
    }


def origins_or_none(sheet, company, rows):
    """The same; where there are no rows, of one that says so."""
    if rows:
        return origins(sheet, company, rows)
    texts = {"file": sheet.text("none"), "what": "", "department": ""}
    return {"number": np.zeros(1), "row": np.zeros(1), **{name: texts_of([text]) for name, text in texts.items()}}


def numbers_of_files(company):
    """Numbers of the files, as Submissions has them."""
    return {sent.name: float(number) for number, sent in enumerate(company.submissions, start=1)}
