"""The Actuals sheet: what was really spent beside the budget, by month, component, department and run."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..budget.actuals import ACCRUAL, ACTUALS_SHEET, CLOSE, GROSS, TAX_SETTING, TAXES
from ..budget.components import IN_THE_LEDGER
from ..date_parts import month, month_start, year
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import SHEET, Term, sheet_prefix
from ..languages import ROW_HEIGHT
from ..totals import total, total_by_number, total_where
from .actuals_tables import BEGIN, COLUMNS, Tables
from .axis import Axis
from .to_date import across
from .widths import widen
from .wording import MOVE_UP, lines_of

NAME = ACTUALS_SHEET
SETTINGS = 4
HEADING = 12
LABELS = 35
"""Width of the column of labels: beside it the months of a fiscal year go on a page."""
LINE = 80
"""Width of the longest line of text: that of six columns, which are printed on a page at least."""
SCALE, WIDTH = 55, 13
"""Percent at most, and the width of amounts at least: the columns of the tables go on a page, on Letter too."""
SOURCES, ALL_MAPPED = "Not mapped: the largest sources", "Every charge is mapped."
NOT_COUNTED = "Spend that does not count above"


def write_settings(sheet, actuals, calendar):
    """Put the settings, and for each month whether it is closed and in the fiscal year of the close.

    Returns
    -------
    types.SimpleNamespace
        tax, months, fiscal_year, end (terms), is_closed, in_year (Ranges), axis.
    """
    sheet.widths({"A": LABELS, "B": 12})
    sheet.put("A1", NAME, style="title")
    said = sheet.sentence(
        "In {money}: spent up to the close, budget after it.",
        money=calendar.money,
    )
    sheet.put("A2", said, style="subtitle")
    axis = Axis(sheet, [period for period in calendar.periods if period.kind == "month"], BEGIN)
    first, row = axis.periods[0], SETTINGS

    def put(label, value, note="", style="number", format="count"):
        nonlocal row
        sheet.put(f"A{row}", label, style="label")
        cell = sheet.put(f"B{row}", value, style=style, format=format)
        sheet.put(f"C{row}", note, style="note")
        row += 1
        return cell

    close = put(CLOSE, actuals.close, "Any day of the last month of actuals", "input", "month")
    sheet.validate(f"B{row - 1}", "date", title=CLOSE, text="A date from 1990 to 2099")
    close = Term(close._text, close.value)
    tax = put(TAX_SETTING, actuals.tax, "net: tax on bills does not count; gross: it does", "input_text", "text")
    sheet.validate(f"B{row - 1}", list(TAXES), title=TAX_SETTING, text="net or gross")
    counted = year(close) * MONTHS_PER_YEAR + month(close) - first.start_month + 1
    months = put("Closed months of the budget", np.minimum(np.maximum(counted, 0.0), float(len(axis.periods))))
    fiscal = put("Fiscal year of the close, number", np.floor(np.maximum(months - 1, 0.0) / MONTHS_PER_YEAR) + 1)
    end = put("Closed until before", month_start(year(first.start), month(first.start) + months), format="date")
    sheet.put(f"A{HEADING}", "By month", style="heading")
    sheet.put(f"B{HEADING}", "Unit", style="heading")
    axis.headings(HEADING)
    flags = []
    for label, of in (
        ("The month is closed", lambda period: np.where(period.number <= months, 1.0, 0.0)),
        ("It is in the fiscal year of the close", lambda period: np.where(period.fiscal_year == fiscal, 1.0, 0.0)),
    ):
        at = HEADING + 1 + len(flags)
        sheet.put(f"A{at}", label, style="label")
        values = [
            sheet.put(f"{letter}{at}", of(period), style="number", format="place").value
            for letter, period in zip(axis.letters, axis.periods)
        ]
        flags.append(across(sheet, axis.letters, at, values))
    return SimpleNamespace(
        tax=tax, months=months, fiscal_year=fiscal, end=end, is_closed=flags[0], in_year=flags[1], axis=axis
    )


def write_actuals(sheet, actuals, closed, spend, to_date, ledger, runs, inputs, calendar):
    """Fill the sheet.

    Parameters
    ----------
    actuals : xlcost.budget.actuals.Actuals
    closed, spend : types.SimpleNamespace
        As `write_settings` and `xlcost.workbook.spend.write_spend` give them.
    to_date : dict of str to Range
        As `xlcost.workbook.to_date.write_to_date` gives it.
    ledger, runs, inputs, calendar : types.SimpleNamespace

    Returns
    -------
    list of tuple
        Lines for the Checks: label, found, expected, advice.
    """
    put = _Actuals(sheet, closed, spend, to_date, ledger, HEADING + 3)
    put.months()
    notes = put.title()
    put.sources(actuals.spend["source"])
    put.not_counted()
    put.definitions()
    # The tables come last: their headings are repeated, and nothing comes after them that they do not fit.
    tables = put.title()
    put.headings()
    put.components()
    put.runs(runs)
    put.departments(inputs.departments, runs)
    sheet.in_units(f"C{HEADING + 3}:{closed.axis.total_letter}{put.last_amount}", calendar.units)
    sheet.freeze(f"C{HEADING + 1}")
    widen(sheet, sorted({*closed.axis.letters, closed.axis.total_letter, *put.letters.values()}), WIDTH)
    # Each from a page of its own; the last columns, which explain the project forecast, are on the screen alone.
    sheet.print_setup(
        title_rows=f"{tables}:{tables + 1}",
        title_cols="A:B",
        fit_width=False,
        scale=SCALE,
        column_breaks=closed.axis.page_ends,
        areas=(
            f"A1:{closed.axis.total_letter}{notes - 1}",
            *sheet.areas((notes, tables, *put.starts[1:]), put.letters["used_hours"]),
        ),
    )
    return put.checks()


class _Actuals(Tables):
    """Puts the months, the tables, and what is in none of them, one below the other."""

    # --- by month

    def months(self):
        views, axis, spend = self.ledger.views, self.axis, self.spend
        section = views.sections["component"]
        cells = dict(zip(self._letters_of_views(), range(len(axis.letters))))
        of_ledger = [section.first + section.names.index(name) for name in IN_THE_LEDGER]

        def of_views(number, row):
            letter = list(cells)[number]
            return views.sheet.range(letter, row, row).cell(0)

        def place(number):
            return axis.periods[number].number

        def flag(number):
            return self._flag(self.closed.is_closed, number)

        def billed(number):
            return total_by_number(spend["counts"], spend["place"], place(number))

        def from_ledger(number):
            first, *others = (of_views(number, row) for row in of_ledger)
            for other in others:
                first = first + other
            return flag(number) * first

        def in_currency(name, extra="", rows=None):
            def of(number):
                at, amounts, rates = place(number), spend[name], spend["rate"]
                hit = np.ones(len(spend["place"].values)) if rows is None else rows
                value = np.nan_to_num(amounts.values.astype(float)) * rates.values * hit
                value = float(value[spend["place"].values == float(at.value)].sum()) * float(flag(number).value)
                text = f"({spend['place']._text}={at._text}){extra}"
                text = f"SUMPRODUCT({text}*{rates._text},{amounts._text})*{flag(number)._text}"
                return Term(text, value)

            return of

        entry = spend["entry"]
        is_accrual = np.array([text == ACCRUAL for text in entry.values.tolist()], dtype=float)
        self._month("Budget", "budget", lambda number: of_views(number, section.total))
        self._month("Bills and accruals", "billed", billed)
        self._month("From the asset ledger", "ledger", from_ledger)
        self._month("Actual", "actual", lambda n: self.monthly["billed"][n] + self.monthly["ledger"][n], style="total")
        self._month(
            "Forecast: the budget of open months", "forecast", lambda n: (1 - flag(n)) * self.monthly["budget"][n]
        )
        self._month(
            "Actual, and forecast", "whole", lambda n: self.monthly["actual"][n] + self.monthly["forecast"][n], "total"
        )
        self._month(
            "Variance from the budget", "variance", lambda n: self.monthly["whole"][n] - self.monthly["budget"][n]
        )
        self._month("of which credits on bills", "credits", in_currency("credits"))
        self._month("of which accruals", "accruals", in_currency("amount", f'*({entry._text}="{ACCRUAL}")', is_accrual))
        self._month("Tax on bills", "tax", in_currency("tax"))
        self._month(
            "Chip-hours used",
            "used",
            lambda n: total_by_number(spend["hours_counted"], spend["place"], place(n)),
            unit="chip-hours",
        )
        self.row += 1

    def _flag(self, flags, number):
        letter = self.axis.letters[number]
        row = flags._text.rpartition("$")[2]
        return Term(f"{SHEET}{sheet_prefix(self.sheet.name)}{letter}${row}", float(flags.values[number]))

    def _month(self, label, name, of, style="number", unit=""):
        sheet, row = self.sheet, self.row
        sheet.put(f"A{row}", label, style="total_label" if style == "total" else "label")
        sheet.put(f"B{row}", unit, style="unit" if style != "total" else "total")
        self.monthly[name] = [
            sheet.put(f"{letter}{row}", of(number), style=style, format="ledger")
            for number, letter in enumerate(self.axis.letters)
        ]
        whole = self.axis.of_months(row, [cell.value for cell in self.monthly[name]])
        self.totals[name] = sheet.put(f"{self.axis.total_letter}{row}", whole, style="result", format="ledger")
        self.row += 1

    # --- what is not in the tables

    def sources(self, listed):
        """The largest sources of what is not mapped."""
        sheet, spend = self.sheet, self.spend
        sheet.put(f"A{self.row}", SOURCES, style="heading")
        sheet.put(f"B{self.row}", "", style="heading")
        sheet.put(f"C{self.row}", COLUMNS["actual"][0], style="heading_right")
        self.row += 1
        names = self._largest(list(dict.fromkeys(text for text in listed.tolist() if text)))
        count = sheet.rows_of(SOURCES, len(names))
        for name in [*names, *[""] * count][:count]:
            # Their order is that of the costs when the workbook was written.
            name = sheet.recorded(f"A{self.row}", name)
            cell = sheet.put(f"A{self.row}", name, style="label", as_is=True)
            amount = total_where(spend["counts"], spend["source"], cell)
            sheet.put(f"C{self.row}", amount, style="number", format="ledger")
            self.row += 1
        if not count:
            sheet.put(f"A{self.row}", ALL_MAPPED, style="label")
            self.row += 1
        self.row += 1

    def _largest(self, names):
        """Sources by their costs."""
        cost = dict.fromkeys(names, 0.0)
        for name, amount in zip(self.spend["source"].values.tolist(), self.spend["cost"].values.tolist()):
            if name in cost:
                cost[name] += abs(amount)
        return sorted(names, key=lambda name: (-cost[name], name))

    def not_counted(self):
        """Spend that is in none of the figures above, and why."""
        sheet, spend, months = self.sheet, self.spend, self.closed.months
        sheet.put(f"A{self.row}", NOT_COUNTED, style="heading")
        sheet.put(f"B{self.row}", "", style="heading")
        sheet.put(f"C{self.row}", "Amount", style="heading_right")
        self.row += 1
        place, cost, component = (spend[name] for name in ("place", "cost", "component_number"))
        at, most = place.values, float(len(IN_THE_LEDGER))
        is_elsewhere = (component.values >= 1) & (component.values <= most)
        is_closed = (at >= 1) & (at <= float(months.value))
        elsewhere = f"({component._text}>=1)*({component._text}<={most:g})"
        self.left_out = []
        for label, text, hit in (
            ("Before the budget's first month", f"({place._text}<1)", at < 1),
            (
                "After the close",
                f"({place._text}>{months._text})*({place._text}>=1)",
                (at > float(months.value)) & (at >= 1),
            ),
            (
                "Mapped to a component that is in the asset ledger already",
                f"({place._text}>=1)*({place._text}<={months._text})*{elsewhere}",
                is_closed & is_elsewhere,
            ),
        ):
            lines = lines_of(sheet.text(label), LABELS)
            sheet.put(f"A{self.row}", label, style="label_wrapped")
            sheet.height(self.row, len(lines) * ROW_HEIGHT)
            amount = Term(f"SUMPRODUCT({text}*1,{cost._text})", float(np.sum(cost.values[hit])))
            self.left_out.append(sheet.put(f"C{self.row}", amount, style="number", format="ledger"))
            self.row += 1
        sheet.put(f"A{self.row}", "Tax on bills, where the setting says net", style="label")
        tax, rate = spend["tax"], spend["rate"]
        is_net = np.where(self.closed.tax == GROSS, 0.0, 1.0)
        whole = float(np.nansum(np.nan_to_num(tax.values.astype(float)) * rate.values))
        amount = is_net * Term(f"SUMPRODUCT({rate._text},{tax._text})", whole)
        sheet.put(f"C{self.row}", amount, style="number", format="ledger")
        self.last_amount = self.row
        self.row += 2

    def definitions(self):
        sheet = self.sheet
        sheet.put(f"A{self.row}", "What the columns say", style="section")
        self.row += 1
        for label, said in COLUMNS.values():
            sheet.put(f"A{self.row}", label, style="label")
            for line in lines_of(sheet.text(said), LINE):
                sheet.put(f"C{self.row}", line, style="note", as_is=True)
                self.row += 1
        self.row += 1

    # --- what must hold

    def checks(self):
        none, totals, spend = 0.0, self.totals, self.spend
        for key, label in (("component", "components"), ("department", "departments"), ("run", "training runs")):
            yield (
                f"Actuals: the {label} add up to the months",
                totals[key, "actual"],
                totals["actual"],
                "See Actuals; every charge is in one row, or not mapped",
            )
            yield (
                f"Actuals: the budgets of the {label} add up to the budget",
                totals[key, "budget_all"],
                totals["budget"],
                "See Actuals",
            )
        yield (
            "Actuals: the departments' project forecasts add up to those of training runs",
            totals["department", "forecast_all"],
            totals["run", "forecast_all"],
            "See Actuals",
        )
        counted = totals["billed"]
        for amount in self.left_out:
            counted = counted + amount
        yield "Actuals: every charge is counted, or shown as not counted", counted, total(spend["cost"]), "See Actuals"
        lost = [(spend[name], spend[f"{name}_number"]) for name in ("run", "department", "component")]
        text = "+".join(f'SUMPRODUCT(({cells._text}<>"")*({number._text}=0))' for cells, number in lost)
        value = sum(float(np.sum((cells.values != "") & (number.values == 0))) for cells, number in lost)
        yield (
            "Spend of a run, department or component that is not listed",
            Term(text, value, 2),
            none,
            "On Spend, name them as on Runs, Inputs and Mapping; until then such spend is not mapped",
        )
        given, rate = spend["month"], spend["rate"]
        lacking = float(np.sum(~np.isnan(given.values.astype(float)) & (rate.values == 0)))
        yield (
            "Spend without an exchange rate",
            Term(f'SUMPRODUCT(({given._text}<>"")*({rate._text}=0))', lacking),
            none,
            "On Calendar, give the units of each currency for 1 USD, for each fiscal year",
        )
        yield (
            "Cells under the last computed row of Spend",
            Term(f"COUNTA({self.beyond})", 0.0),
            none,
            MOVE_UP,
        )
