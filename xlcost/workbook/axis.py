"""Periods of the budget across a sheet: one column each, with the sum of the budget's months behind them."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from ..formula import ROW, Term
from .widths import widen

CAPTIONS = {"before": "Before", "after": "After it, in no total"}
SCALE, LEAST = 54, 12
"""Percent at most of a printed page, and the width of a month at least."""
MONTHS_OF_PAGE = 12, 6, 3
"""Months that a printed page may hold: a fiscal year, a half of it or a quarter."""


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
        # Of as many months as can be read on a page; what lies after them is on the last page, which has half as many
        # where there is no room for it.
        self.page_ends = []
        for each in MONTHS_OF_PAGE:
            ends = [begin - 1 + number for number in self.months[each::each]]
            self.page_ends += [ends, [*ends, begin - 1 + self.months[-(each // 2)]]]

    def headings(self, row, total="Budget total"):
        """What stands over the columns: the month's first day, shown as a month."""
        for letter, period in zip(self.letters, self.periods):
            caption = CAPTIONS.get(period.kind)
            value = caption if caption else period.start
            self.sheet.put(f"{letter}{row}", value, style="heading_right", format="text" if caption else "month")
        self.sheet.put(f"{self.total_letter}{row}", total, style="heading_right")

    def as_headed(self, number, row):
        """A period as the headings in a row have it, where they are days: from its own until that of the next one."""
        period, headed = self.periods[number], {}
        for name, at in (("start", number), ("end", number + 1)):
            if at < len(self.periods) and self.periods[at].kind not in CAPTIONS:
                headed[name] = Term(f"{self.letters[at]}${row}", getattr(period, name).value)
        return period._replace(**headed)

    def widen(self):
        """Make the months equally wide, and what stands around them as wide as its amounts, which are there by now."""
        months = [self.letters[number] for number in self.months]
        widen(self.sheet, months, LEAST)
        for letter in (*self.letters, self.total_letter):
            if letter not in months:
                widen(self.sheet, [letter], LEAST, apart=1.0)

    def on_paper(self, last):
        """What is printed down to a row, beside repeated labels: the budget's months and what adds them up.

        Not what lies before them, which is in no total and would be a page of its own.
        """
        return f"{self.letters[self.months[0]]}1:{self.total_letter}{last}"

    def of_months(self, row, values):
        """Sum of the budget's months in a row: of every row where `row` is None."""
        first, last = self.letters[self.months[0]], self.letters[self.months[-1]]
        row = ROW if row is None else row
        added = np.nansum([np.asarray(values[number], dtype=float) for number in self.months], axis=0)
        return Term(f"SUM({first}{row}:{last}{row})", added if np.ndim(added) else float(added))
