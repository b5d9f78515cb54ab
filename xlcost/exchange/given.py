"""What the inputs of a file hold that came back, where a workbook that is built anew puts its own."""

from __future__ import annotations

import numpy as np

from ..reading import text_of
from .package import ErrorValue


class Given:
    """Inputs of a file, by the sheets, rows and columns of the workbook as it was written.

    Parameters
    ----------
    sheets : dict of str to FoundSheet
        By the English names of the sheets.
    layouts : dict of str to Layout
        Where rows and columns are now; where they were, for sheets that it has none of.
    rows : dict of str to int
        How many rows a table has.
    samples : xlcost.workbook.uncertainty.Samples, optional
        What was sampled when it was written.
    can_sample : bool
        Whether that can be sampled again, as its inputs could all be read.

    Attributes
    ----------
    odd : set of (str, int, int)
        Inputs that a spreadsheet computes with otherwise than Python does: text among numbers, errors, truth values;
        by sheet, row and column of the file.
    """

    def __init__(self, sheets, layouts, rows, samples=None, can_sample=False):
        self.sheets, self.layouts, self.rows, self.odd = sheets, layouts, rows, set()
        self.samples, self.can_sample = samples, can_sample

    def cell(self, key, row, column, is_text):
        """The value of an input, "" or NaN where it is empty."""
        sheet = self.sheets[key]
        if key in self.layouts:
            row, column = self.layouts[key].place(row, column)
        return self._value(key, row, column, sheet.value(row, column), is_text)

    def column(self, key, column, first, count, is_text):
        """The values of a column of inputs."""
        return np.array(
            [self.cell(key, row, column, is_text) for row in range(first, first + count)],
            dtype=object if is_text else float,
        )

    def _value(self, key, row, column, value, is_text):
        if value is None or value == "":
            return "" if is_text else np.nan
        usual = str if is_text else float
        if type(value) is usual:
            return value
        self.odd.add((key, row, column))
        if not is_text:
            return np.nan
        return "" if isinstance(value, ErrorValue) else text_of(value)
