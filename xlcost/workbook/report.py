"""The Budget sheet: every view by fiscal year, half-year and quarter, costs beside payments, and charts of both."""

from __future__ import annotations

import numpy as np
from openpyxl.chart import Reference
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import get_column_letter
from openpyxl.utils.units import cm_to_EMU

from ..budget.components import COMPONENTS, CONTINGENCY
from ..formula import OFFSET, ROW, SHEET, Term, sheet_prefix
from ..lookup import is_blank, text_in
from ..references import Range
from .charts import bar, paint, paint_stack
from .printing import width_of_column
from .views import BOOKS
from .widths import widen

NAME = "Budget"
HEADING, FIRST = 4, 25
"""The rows of a view stand 20 rows further down than on Budget months: the chart is above them."""
CHART = 6
SCALE = 64
"""Percent at most: a printed page holds the rows that belong together."""
QUARTERS, HALVES, MONTHS_OF_QUARTER = 4, 2, 3
GROUPS = {
    "Own capacity, without energy": ("own_hardware", "depreciation", "disposal", "upkeep", "hosting", "operations"),
    "Energy": ("energy",),
    "Rented": ("commitments", "rental"),
    "People": ("employees", "contractors"),
    "All else": ("others", "others_foreign", CONTINGENCY),
}
"""How the chart puts components together."""
OPENING, CLOSING, MARKET = "opening", "closing", "market"
LEAST = 13.5
"""Width of a column of amounts."""
INSIDE = 40_000
"""Of a cell's edge. [English metric unit, 360,000 a centimetre]"""
PAYMENT_COLOR = "B42318"


def write_report(sheet, views, calendar, settings):
    """Fill the sheet.

    Parameters
    ----------
    views : xlcost.workbook.views.Views
    calendar : types.SimpleNamespace
    settings : BudgetSettings

    Returns
    -------
    Report
    """
    report = Report(sheet, views, calendar, settings.years)
    sheet.put("A1", "Budget", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "In {money}, without tax; months stand on Budget months.",
            money=calendar.money,
        ),
        style="subtitle",
    )
    report.headings()
    for name in views.sections:
        if name != "checks":
            report.section(name)
    widen(sheet, report.columns, LEAST)
    report.chart()
    last = views.sections["books"].last + report.shift
    sheet.in_units(f"B{HEADING + 1}:{report.parts[-1][0]}{last}", calendar.units)
    sheet.freeze(f"C{HEADING + 1}")
    # Not the data of the chart.
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        title_cols="A:B",
        fit_width=False,
        scale=SCALE,
        areas=report.areas(views.sections["hours"].last + report.shift),
        keep_sections=True,
    )
    return report


class Report:
    """Puts the sections and the chart.

    Attributes
    ----------
    chart_data : (worksheet, int, int)
        Where the data of the chart stand: sheet, row of the headings, last row.
    groups : int
        Its columns of costs.
    """

    groups = len(GROUPS)

    def __init__(self, sheet, views, calendar, years):
        self.sheet, self.views, self.calendar = sheet, views, calendar
        self.shift = FIRST - min(section.first - 1 for section in views.sections.values())
        months = views.axis.months
        self.months = [views.axis.letters[number] for number in months]
        self.year_letters, self.parts = [], []
        column = 3
        for _ in range(years):
            self.year_letters.append(get_column_letter(column))
            column += 1
        for year in range(years):
            for half in range(HALVES):
                quarters = []
                for quarter in range(QUARTERS // HALVES):
                    number = half * QUARTERS // HALVES + quarter
                    start = (year * QUARTERS + number) * MONTHS_OF_QUARTER
                    quarters.append(get_column_letter(column))
                    self.parts.append((get_column_letter(column), year, number, start))
                    column += 1
                self.parts.append((get_column_letter(column), year, None, quarters))
                column += 1
        sheet.widths({"A": 40})

    # --- what other sheets show of it

    @property
    def columns(self):
        """Letters of all its periods."""
        return ["B", *self.year_letters, *(part[0] for part in self.parts)]

    def row_cells(self, row):
        """A row of it: all years, and each year."""
        return [self.sheet.range(letter, row, row).cell(0) for letter in ("B", *self.year_letters)]

    @property
    def total(self):
        """The budget of all years."""
        return self.row_cells(self.views.sections["component"].total + self.shift)[0]

    @property
    def years(self):
        """The budget of each year."""
        return self.row_cells(self.views.sections["component"].total + self.shift)[1:]

    @property
    def payments(self):
        """What is paid in all years."""
        return self.row_cells(self.views.sections["payments"].total + self.shift)[0]

    @property
    def paid(self):
        """What is paid in each year."""
        return self.row_cells(self.views.sections["payments"].total + self.shift)[1:]

    def row_of(self, view, name):
        """A row of a view, by the name of what it shows."""
        section = self.views.sections[view]
        return self.row_cells(section.first + section.names.index(name) + self.shift)

    def listed(self, view):
        """The rows of a view: their labels, and their amounts over all years and in each."""
        section = self.views.sections[view]
        first, last = section.first + self.shift, section.last + self.shift
        columns = [self.sheet.range(letter, first, last) for letter in ("B", *self.year_letters)]
        numbers = [
            Range(
                each._text, np.array([np.nan if value == "" else value for value in each.values.tolist()], dtype=float)
            )
            for each in columns
        ]
        return self.sheet.range("A", first, last), numbers

    # --- how it is put

    def areas(self, last):
        """What is printed down to a row: each fiscal year by itself, the first beside all years and the chart."""
        found = []
        for year in range(len(self.year_letters)):
            first, *_, end = (letter for letter, of, _, _ in self.parts if of == year)
            found.append(f"{first}{FIRST}:{end}{last}" if year else f"A1:{end}{last}")
        return found

    def headings(self):
        sheet, labels = self.sheet, self.calendar.years_shown
        sheet.put(f"A{HEADING}", "View", style="heading")
        sheet.put(f"B{HEADING}", "All years", style="heading_right")
        for letter, label in zip(self.year_letters, labels):
            sheet.put(f"{letter}{HEADING}", label, style="heading_right")
        halves = 0
        for letter, year, number, _ in self.parts:
            if number is None:
                halves += 1
                words = sheet.sentence(f"{{year}} H{(halves - 1) % HALVES + 1}", year=labels[year])
            else:
                words = sheet.sentence("{year} Q{quarter}", year=labels[year], quarter=str(number + 1))
            sheet.put(f"{letter}{HEADING}", words, style="heading_right")

    def section(self, name):
        """Put a view: its rows, and the total."""
        sheet, section = self.sheet, self.views.sections[name]
        sheet.put(f"A{section.first - 1 + self.shift}", section.title, style="section")
        if name == "books":
            self._books(section)
        else:
            self._sums(section.first, section.last)
        if section.total is not None:
            self._sums(section.total, section.total, "total")

    def _sums(self, first, last, style="number"):
        """Rows whose months add up."""
        label = self._labels(first, last, "total_label" if style == "total" else "link_label")
        put = {}

        def keep(letter, amount, style=style):
            shown = np.where(is_blank(label), "", amount)
            written = self.sheet.column(letter, first + self.shift, shown, style=style, format="ledger")
            put[letter] = Term(written.cell._text, np.nan_to_num(np.asarray(amount.value, dtype=float)))

        for letter, _, number, of in self.parts:
            if number is None:
                keep(letter, put[of[0]] + put[of[1]])
                continue
            keep(letter, self._sum(of, of + MONTHS_OF_QUARTER - 1, first, last))
        for number, letter in enumerate(self.year_letters):
            one, other = (part[0] for part in self.parts if part[1] == number and part[2] is None)
            keep(letter, put[one] + put[other])
        whole = put[self.year_letters[0]]
        for letter in self.year_letters[1:]:
            whole = whole + put[letter]
        keep("B", whole, "total" if style == "total" else "result")

    def _labels(self, first, last, style):
        texts = np.array([str(text or "") for text in self.views.sheet.values("A", first, last)], dtype=object)
        label = text_in(Term(self._cell("A"), texts))
        return self.sheet.column("A", first + self.shift, label, style=style).cell

    def _sum(self, begin, end, first, last):
        """Sum of some months of Budget months, from one to another, for rows of it."""
        cells = f"{self._cell(self.months[begin])}:{self._cell(self.months[end]).rpartition('!')[2]}"
        values = [self._numbers(month, first, last) for month in self.months[begin : end + 1]]
        return Term(f"SUM({cells})", np.sum(values, axis=0))

    def _books(self, section):
        """Values at the beginning and at the end of each period, and what lies between."""
        self._labels(section.first, section.last, "link_label")
        spans = {"B": (0, len(self.months) - 1)}
        of_year = QUARTERS * MONTHS_OF_QUARTER
        spans |= {
            letter: (number * of_year, (number + 1) * of_year - 1) for number, letter in enumerate(self.year_letters)
        }
        for letter, _, number, of in self.parts:
            spans[letter] = (
                (of, of + MONTHS_OF_QUARTER - 1) if number is not None else (spans[of[0]][0], spans[of[1]][1])
            )
        for letter, (begin, end) in spans.items():
            style = "result" if letter == "B" else "number"
            for row, name in enumerate(BOOKS, start=section.first):
                at = {OPENING: begin, CLOSING: end, MARKET: end}.get(name)
                if at is None:
                    term = self._sum(begin, end, row, row)
                else:
                    term = Term(self._cell(self.months[at]), self._numbers(self.months[at], row, row))
                self.sheet.column(letter, row + self.shift, term, style=style, format="ledger")

    def _cell(self, letter):
        """A cell of Budget months in the row that belongs to this one."""
        return f"{SHEET}{sheet_prefix(self.views.sheet.name)}{letter}{ROW}{-self.shift:+d}{OFFSET}"

    def _numbers(self, letter, first, last):
        cells = self.views.sheet.values(letter, first, last)
        return np.array([0.0 if cell == "" or cell is None else cell for cell in cells], dtype=float)

    # --- the chart

    def chart(self):
        """Costs by quarter, put together in groups, and payments; their data stand below all views."""
        sheet, views = self.sheet, self.views
        heading = max(section.last for section in views.sections.values()) + self.shift + 4
        sheet.put(f"A{heading - 1}", "Chart", style="section")
        for position, text in enumerate(("Quarter", *GROUPS, "Payments")):
            sheet.put(
                f"{get_column_letter(1 + position)}{heading}", text, style="heading_right" if position else "heading"
            )
        first = views.sections["component"].first
        rows = {name: number for number, name in enumerate((*COMPONENTS, CONTINGENCY), start=first)}
        payments = views.sections["payments"].total + self.shift
        quarters = [(letter, year, number) for letter, year, number, _ in self.parts if number is not None]
        for row, (letter, _, _) in enumerate(quarters, start=heading + 1):
            sheet.put(
                f"A{row}", Term(f"{letter}${HEADING}", str(sheet.values(letter, HEADING, HEADING)[0])), style="label"
            )
            for position, members in enumerate(GROUPS.values(), start=2):
                whole = None
                for member in members:
                    cell = self._own(letter, rows[member] + self.shift)
                    whole = cell if whole is None else whole + cell
                sheet.put(f"{get_column_letter(position)}{row}", whole, style="number", format="ledger")
            paid = self._own(letter, payments)
            sheet.put(f"{get_column_letter(2 + len(GROUPS))}{row}", paid, style="number", format="ledger")
        last = heading + len(quarters)
        self.chart_data = sheet.worksheet, heading, last
        self._draw(heading, last)

    def _own(self, letter, row):
        return Term(f"{letter}{row}", float(self.sheet.values(letter, row, row)[0] or 0.0))

    def _draw(self, heading, last):
        """Costs, and beside them payments, which may be many times as high."""
        worksheet, payments = self.sheet.worksheet, 2 + len(GROUPS)
        columns = len(self.year_letters) + len(self.parts) // len(self.year_letters)
        begin = 3 + columns - 2 * columns // 5
        for title, first, end, begins, ends in (
            ("Costs by quarter", 2, payments - 1, 3, begin),
            ("Payments by quarter", payments, payments, begin, 3 + columns),
        ):
            chart = bar(self.sheet.language.text(title), "")
            chart.grouping, chart.overlap = "stacked", 100
            amounts = Reference(worksheet, min_col=first, max_col=end, min_row=heading, max_row=last)
            chart.add_data(amounts, titles_from_data=True)
            chart.set_categories(Reference(worksheet, min_col=1, min_row=heading + 1, max_row=last))
            if first == payments:
                paint(chart.series[0], PAYMENT_COLOR)
                chart.legend = None
            else:
                paint_stack(chart)
            self._place(chart, begins, ends - begins)

    def _place(self, chart, first, columns):
        """Put a chart over some columns, inside the first one's cell: what lies over repeated columns and headings,
        even a frame, is on every page."""
        width = columns * width_of_column(self.sheet, first)
        self.sheet.chart(chart, f"{get_column_letter(first)}{CHART}", width, 8.8)
        edge = AnchorMarker(col=first - 1, row=CHART - 1, colOff=INSIDE, rowOff=INSIDE)
        size = XDRPositiveSize2D(cm_to_EMU(chart.width), cm_to_EMU(chart.height))
        chart.anchor = OneCellAnchor(_from=edge, ext=size)
