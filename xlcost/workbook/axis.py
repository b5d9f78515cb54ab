"""Periods of the budget across a sheet: one column each, with the sum of the budget's months behind them."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import ROW, Term

CAPTIONS = {"before": "Before", "after": "After"}
SCALE = 43
"""Percent: a printed page holds the months of a fiscal year, with those before the first one, on Letter too."""


class Axis:
    """Columns of periods.

    Parameters
    ----------
    sheet : Sheet
    periods : list of xlcost.workbook.calendar.Period
    begin : int
        Number of the first column.
    """

    def __init__(self, sheet, periods, begin):
        self.sheet, self.periods = sheet, periods
        self.letters = [get_column_letter(begin + number) for number in range(len(periods))]
        self.total_letter = get_column_letter(begin + len(periods))
        self.months = [number for number, period in enumerate(periods) if period.kind == "month"]
        # A page ends with a fiscal year; what lies before the first and after the last stands beside them.
        year = int(MONTHS_PER_YEAR)
        self.page_ends = [begin - 1 + number for number in self.months[year::year]]
        sheet.widths({**dict.fromkeys(self.letters, 14), self.total_letter: 16})

    def headings(self, row, total="Budget total"):
        """What stands over the columns: the month's first day, shown as a month."""
        for letter, period in zip(self.letters, self.periods):
            caption = CAPTIONS.get(period.kind)
            value = caption if caption else period.start
            self.sheet.put(f"{letter}{row}", value, style="heading_right", format="text" if caption else "month")
        self.sheet.put(f"{self.total_letter}{row}", total, style="heading_right")

    def of_months(self, row, values):
        """Sum of the budget's months in a row: of every row where `row` is None."""
        first, last = self.letters[self.months[0]], self.letters[self.months[-1]]
        row = ROW if row is None else row
        added = np.nansum([np.asarray(values[number], dtype=float) for number in self.months], axis=0)
        return Term(f"SUM({first}{row}:{last}{row})", added if np.ndim(added) else float(added))
