"""A table that people fill in on a sheet, with empty rows under it."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from .. import excel_limits
from ..formula import ROW, sheet_prefix
from ..references import reference
from .style import heading_style


class Filled:
    """Puts a table of inputs on a sheet.

    Parameters
    ----------
    sheet : Sheet
    columns : dict of str to Column
    values : dict of str to array
        Texts, "" where empty, and numbers, NaN where empty.
    heading : int
        The headings' row; the table begins under it.
    spare : int
        Empty rows under the values.
    widths : dict of str to float
        Of columns that are wider than most.
    begin : int, default 1
        Number of the first column.

    Attributes
    ----------
    terms : dict of str to Term
        A row's cell.
    ranges : dict of str to Range
    beyond : str
        Text of the cells under the empty rows, where nothing counts.
    """

    def __init__(self, sheet, columns, values, heading, spare, widths, begin=1):
        self.sheet, self.columns, self.first = sheet, columns, heading + 1
        count = len(next(iter(values.values())))
        spare = sheet.rows_of(sheet.key, count + spare) - count
        self.last = heading + count + spare
        self.letters = {name: get_column_letter(number) for number, name in enumerate(columns, start=begin)}
        self.terms, self.ranges = {}, {}
        for name, column in columns.items():
            letter, is_text = self.letters[name], column.format == "text"
            sheet.put(f"{letter}{heading}", column.heading_in(sheet.language), style=heading_style(column.format))
            blank = np.full(spare, "" if is_text else np.nan, dtype=object if is_text else float)
            written = sheet.column(
                letter,
                self.first,
                np.concatenate([values[name], blank]),
                style="input_text" if is_text else "input",
                format=column.format,
            )
            self.ranges[name] = written.range
            self.terms[name] = reference(sheet.name, f"{letter}{ROW}", written.range.values, may_miss=not is_text)
        begin, end = self.letters[next(iter(columns))], list(self.letters.values())[-1]
        self.beyond = f"{sheet_prefix(sheet.name)}${begin}${self.last + 1}:${end}${excel_limits.ROWS}"
        sheet.widths({self.letters[name]: widths.get(name, 13) for name in columns})

    def validate(self, name, kind, bounds="", strict=True):
        """Limit what may be typed into a column; see `xlcost.workbook.sheet.Sheet.validate`."""
        column, letter, text = self.columns[name], self.letters[name], self.sheet.text
        help = text(column.help)
        if bounds:
            help = self.sheet.sentence("{help}: {bounds}", help=help, bounds=text(bounds))
        cells = f"{letter}{self.first}:{letter}{self.last}"
        self.sheet.validate(cells, kind, title=column.label_in(self.sheet.language), text=help, strict=strict)


def number_validation(limits):
    """What `Filled.validate` takes for a number with limits: its kind, and the bounds in words."""
    at_least = limits.get("at_least")
    kind = {None: "positive", 0: "not negative", 1: "at least 1"}[at_least]
    return kind, "a number above 0" if at_least is None else f"a number of {at_least} or more"
