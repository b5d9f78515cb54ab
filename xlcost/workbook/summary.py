"""The Summary sheet: the budget on one page, by fiscal year, for whom and for what, and the approaches side by side."""

from __future__ import annotations

import functools
import operator
from types import SimpleNamespace

import numpy as np
from openpyxl.chart import Reference

from ..budget.settings import CURRENCY
from ..lookup import blank_if, rounded, take
from ..totals import count_numbers, largest, position_of, share_of, total
from .charts import bar, paint_stack
from .checks import NAME as CHECKS
from .checks import OK, WRONG
from .development import range_in_words

NAME = "Summary"
FIRST = 6
TOP, CHART_ROWS = 6, 18
"""Departments and components that are ranked."""
LETTERS = "CDEFGH"
"""Fiscal years, and behind them the share of the budget."""
LEAST = 4
"""Years that the page has room for at least, for the notes and the chart."""
ADDING = 1e-9
"""Share of a sum that adding in another order may leave, at most."""
PLACES = "J"
"""Beside the page: places in the list that the ranks are looked up by."""


def write_summary(sheet, ledger, dates, approaches, developed, master):
    """Fill the sheet.

    Parameters
    ----------
    ledger : types.SimpleNamespace
        lines, months, views, report, scenarios, capacity.
    dates : types.SimpleNamespace
    approaches : types.SimpleNamespace
        As `xlcost.workbook.approaches.write_approaches` gives it.
    developed : types.SimpleNamespace
        Range of the development cost.
    master : Term
        The master check.

    Returns
    -------
    types.SimpleNamespace
        ranked (by view: name, amount and share of each rank, as terms), use and idle (terms), payments.
    """
    years = len(ledger.report.years)
    shown = LETTERS[: max(years, LEAST) + 1]
    sheet.widths({"A": 40, "B": 18, **dict.fromkeys(shown, 19)})
    sheet.put("A1", NAME, style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "The budget on a page. Amounts in {money}, without tax{approaches}; rounded figures may not add up.",
            money=dates.money,
            approaches=np.where(dates.money == CURRENCY, "", sheet.text(", by approach in USD")),
        ),
        style="subtitle",
    )
    _master_check(sheet, master)
    board = _Board(sheet, ledger, dates, years)
    found = board.years_table()
    found.ranked = {
        "department": board.ranked("department", "For whom: departments by cost"),
        "component": board.ranked("component", "For what: largest costs"),
    }
    board.approaches(approaches, developed)
    board.chart()
    sheet.in_units(f"B{FIRST}:{LETTERS[years - 1]}{board.amounts_end}", dates.units)
    sheet.freeze("A4")
    sheet.print_setup(title_rows="1:2", one_page=True)
    sheet.worksheet.print_area = f"A1:{shown[-1]}{board.row + CHART_ROWS}"
    return found


def _master_check(sheet, master):
    """Whether the figures may be trusted, for whoever reads this page alone."""
    right = sheet.sentence("Master check: {state}", state=OK)
    wrong = sheet.sentence("Master check: {state}. See the sheet {sheet}", state=WRONG, sheet=sheet.text(CHECKS))
    sheet.put("A3", np.where(master == OK, right, wrong), style="verdict")
    sheet.conditional("A3", f'$A$3="{right}"', "ok")
    sheet.conditional("A3", f'$A$3<>"{right}"', "wrong")


class _Board:
    """Puts the tables, one below the other."""

    def __init__(self, sheet, ledger, dates, years):
        self.sheet, self.ledger, self.dates = sheet, ledger, dates
        self.letters, self.share, self.row = LETTERS[:years], LETTERS[years], FIRST - 1

    def heading(self, title, texts=(), share=""):
        """Headings over a table: its title, all years, each year."""
        sheet = self.sheet
        sheet.put(f"A{self.row}", title, style="heading")
        for letter, text in zip("B" + self.letters, texts or ("All years", *self.dates.years_shown)):
            sheet.put(f"{letter}{self.row}", text, style="heading_right")
        if share:
            sheet.put(f"{self.share}{self.row}", share, style="heading_right")
        self.row += 1

    def line(self, label, terms, style="number", number_format="ledger"):
        """One row: a label, all years, each year; returns the first cell."""
        label_style = "total_label" if style == "total" else "label"
        self.sheet.put(f"A{self.row}", label, style=label_style)
        cells = [
            self.sheet.put(f"{letter}{self.row}", term, style=style, format=number_format)
            for letter, term in zip("B" + self.letters, terms)
        ]
        self.row += 1
        return cells[0]

    def put_share(self, row, amount, style="number"):
        """The share of the budget behind a row; nothing where there is no amount."""
        share = blank_if(np.isnan(amount), share_of(amount, self.ledger.report.total))
        return self.sheet.put(f"{self.share}{row}", share, style=style, format="share")

    def years_table(self):
        """Costs and payments by fiscal year, and how far the capacity is used."""
        report = self.ledger.report
        self.heading("By fiscal year")
        whole = self.line(self.sheet.language.apart("Costs", "of a period"), (report.total, *report.years), "total")
        idle = self.line("of which idle capacity", report.row_of("kind", "idle"))
        payments = self.line("Payments", (report.payments, *report.paid))
        available, used = (report.row_of("hours", name) for name in ("hours_available", "hours_used"))
        use = self.line(
            "Use of the capacity, share of available hours",
            [blank_if(all_of == 0, share_of(part, all_of)) for part, all_of in zip(used, available)],
            number_format="share",
        )
        self.row += 1
        return SimpleNamespace(total=whole, idle=idle, payments=payments, use=use)

    def ranked(self, view, title):
        """The largest rows of a view, live."""
        sheet, report = self.sheet, self.ledger.report
        self.sheet.put(f"{PLACES}{self.row}", "No. on the list", style="unit")
        self.heading(title, share="Share of the budget")
        wholes = report.total, *report.years
        self.put_share(self.row, self.line("Total", wholes, "total"), "total")
        names, columns = report.listed(view)
        whole, previous, found = columns[0], None, []
        for rank in range(1, TOP + 1):
            is_there = count_numbers(whole) >= float(rank)
            amount = largest(whole, float(rank))
            # What costs nothing is not among the largest, such as a line for departments that are not listed.
            amount = blank_if(~is_there, blank_if(amount == 0, amount))
            cell = sheet.put(f"B{self.row}", amount, style="number", format="ledger")
            place = position_of(cell, whole, whole.cell(-1).text, previous)
            place = sheet.put(f"{PLACES}{self.row}", place, style="unit", format="place")
            name = sheet.put(f"A{self.row}", take(names, place), style="link_label")
            for letter, column in zip(self.letters, columns[1:]):
                sheet.put(f"{letter}{self.row}", take(column, place), style="number", format="ledger")
            found.append(SimpleNamespace(name=name, amount=cell, share=self.put_share(self.row, cell)))
            previous = cell, place
            self.row += 1
        self._rest(wholes)
        self.amounts_end = self.row - 1
        self.row += 1
        return found

    def _rest(self, wholes):
        """What a table of the largest leaves out, if anything."""
        sheet, first, last, rests = self.sheet, self.row - TOP, self.row - 1, []
        for letter, whole in zip("B" + self.letters, wholes):
            rest = rounded(whole - total(sheet.range(letter, first, last)), 4)
            rests.append(np.where(np.abs(rest) <= ADDING * np.abs(whole), 0.0, rest))
        # Where nothing is left, the table ends with the last of the largest.
        left = functools.reduce(operator.add, map(np.abs, rests))
        label = np.where(left == 0, "", sheet.text("All others"))
        self.put_share(self.row, self.line(label, [blank_if(left == 0, rest) for rest in rests]))

    def approaches(self, approaches, developed):
        """What the runs cost by each approach of the paper, in USD."""
        sheet = self.sheet
        self.heading("All training runs, by approach", ("USD",))
        said = "None of these is the budget, and they cannot be compared: each holds different costs"
        sheet.put(f"{self.letters[0]}{self.row - 1}", said, style="note")
        for label, amount, note in (
            (
                "All on own hardware",
                approaches.own,
                "As if all were owned: value lost while training, plus energy; no idle hours, no hosting",
            ),
            (
                "All in the cloud",
                approaches.cloud,
                "Computing alone: rented runs as they are, own ones at the price of a 3-year commitment",
            ),
            (
                "Development, median",
                developed.median,
                sheet.sentence(
                    "Computing on own hardware, with experiments and people; {range}",
                    range=range_in_words(sheet, developed),
                ),
            ),
            (
                "Purchase price of the clusters",
                approaches.cluster_purchase,
                "If each cluster were bought for its largest run, rented ones too; in no total",
            ),
        ):
            sheet.put(f"A{self.row}", label, style="label")
            sheet.put(f"B{self.row}", amount, style="link", format="money")
            sheet.put(f"C{self.row}", note, style="note")
            self.row += 1
        whatever = "The table above is at base prices and compute, whatever the scenario in force"
        sheet.put(f"A{self.row}", whatever, style="note")
        self.row += 2

    def chart(self):
        """Costs by quarter, from Budget."""
        report = self.ledger.report
        worksheet, heading, last = report.chart_data
        chart = bar("Costs by quarter", "")
        chart.grouping, chart.overlap = "stacked", 100
        chart.add_data(
            Reference(worksheet, min_col=2, max_col=1 + report.groups, min_row=heading, max_row=last),
            titles_from_data=True,
        )
        chart.set_categories(Reference(worksheet, min_col=1, min_row=heading + 1, max_row=last))
        paint_stack(chart)
        # No wider than the columns above it: what goes beyond them is not printed.
        self.sheet.chart(chart, f"A{self.row}", min(13.9 + 3.5 * max(len(self.letters), LEAST), 27), 8.2)
