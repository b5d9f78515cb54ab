"""The Actuals sheet: what was really spent beside the budget, by month, component, department and run."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.utils import get_column_letter

from ..budget.actuals import ACCRUAL, ACTUALS_SHEET, CLOSE, GROSS, TAX_SETTING, TAXES
from ..budget.components import COMPONENT_LABELS, IN_THE_LEDGER
from ..date_parts import month, month_start, year
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import OFFSET, ROW, SHEET, Term, sheet_prefix
from ..lookup import blank_if, is_blank, rounded, text_in
from ..totals import is_listed_before, share_of, total, total_by_number, total_where
from .axis import Axis
from .to_date import across

NAME = ACTUALS_SHEET
SETTINGS = 4
HEADING = 12
BEGIN = 3
NOT_MAPPED = "Not mapped"
COLUMNS = {
    "budget": ("Budget to date", "Budget of the months up to the close."),
    "actual": (
        "Actual to date",
        "Bills and accruals of these months, with credits, and with tax where the setting above says gross; and from "
        "the asset ledger what nobody bills: depreciation, disposals, and own hardware that is charged run by run.",
    ),
    "variance": ("Variance", "Actual less budget to date; above 0 where more was spent than planned."),
    "share": ("as a share of the budget", "Variance over budget to date."),
    "budget_year": ("Budget of the fiscal year", "Of the fiscal year in which the last closed month lies."),
    "budget_year_to_date": ("of which up to the close", "Its months up to the close."),
    "actual_year": ("Actual in the fiscal year", "Actual of its months up to the close."),
    "forecast_year": (
        "Full-year forecast",
        "Actual in the fiscal year, and the remaining budget: that of its months after the close.",
    ),
    "budget_all": ("Budget of all years", "Of all months of this budget."),
    "forecast_all": (
        "Project forecast",
        "Actual to date, and the remaining chip-hours at the price seen so far; where none are planned or used yet, "
        "the remaining budget of all years instead.",
    ),
    "planned_hours": ("Chip-hours planned", "Of runs and their trials, in all months of this budget."),
    "used_hours": ("Chip-hours used", "As the bills have them, up to the close."),
    "price": ("Price seen so far", "Actual to date over chip-hours used."),
}
"""Columns of the tables under the months: heading, and what is in them."""
FORMATS = {"share": "share", "price": "filled_hourly"}


def write_settings(sheet, actuals, calendar):
    """Put the settings, and for each month whether it is closed and in the fiscal year of the close.

    Returns
    -------
    types.SimpleNamespace
        tax, months, fiscal_year, end (terms), is_closed, in_year (Ranges), axis.
    """
    sheet.widths({"A": 44, "B": 14})
    sheet.put("A1", NAME, style="title")
    said = sheet.sentence(
        "What was really spent beside the budget, in {money}: actual up to the close, budget after it.",
        money=calendar.money,
    )
    sheet.put("A2", said, style="subtitle")
    axis = Axis(sheet, [period for period in calendar.periods if period.kind == "month"], BEGIN)
    first, last = axis.periods[0], axis.periods[-1]
    row = SETTINGS

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
        tax=tax, months=months, fiscal_year=fiscal, end=end, is_closed=flags[0], in_year=flags[1], axis=axis, last=last
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
    put = _Tables(sheet, closed, spend, to_date, ledger)
    put.months()
    put.components()
    put.departments(inputs.departments)
    put.runs(runs)
    put.sources(actuals.spend["source"])
    put.not_counted()
    put.definitions()
    sheet.in_units(f"C{HEADING + 3}:{closed.axis.total_letter}{put.last_amount}", calendar.units)
    sheet.freeze(f"C{HEADING + 1}")
    sheet.print_setup(title_rows=f"1:{HEADING}", title_cols="A:B", fit_width=False, scale=60)
    return put.checks()


def _left(whole, part):
    """What is left of a budget; nothing where rounding leaves a millionth of a cent."""
    return rounded(whole - part, 6) + 0.0


class _Tables:
    """Puts the tables, one below the other."""

    def __init__(self, sheet, closed, spend, to_date, ledger):
        self.sheet, self.closed, self.spend, self.to_date = sheet, closed, spend.ranges, to_date
        self.beyond, self.ledger, self.axis = spend.beyond, ledger, closed.axis
        self.letters = {name: get_column_letter(BEGIN + at) for at, name in enumerate(COLUMNS)}
        self.row, self.totals, self.monthly = HEADING + 3, {}, {}

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

    def _letters_of_views(self):
        axis = self.ledger.views.axis
        return [axis.letters[number] for number in axis.months]

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

    # --- tables of what was spent up to the close

    def _heading(self, title, with_number=True):
        sheet = self.sheet
        sheet.put(f"A{self.row}", title, style="heading")
        sheet.put(f"B{self.row}", "No." if with_number else "", style="heading_right")
        for name, letter in self.letters.items():
            sheet.put(f"{letter}{self.row}", COLUMNS[name][0], style="heading_right")
        sheet.height(self.row, 48)
        self.row += 1

    def _rows(self, first, number, amounts):
        """Columns of a table from the amounts that its rows are made of."""
        cells = {}

        def put(name, term):
            if not np.ndim(getattr(term, "value", term)):
                term = (
                    Term(term._text, np.full(len(number.value), term.value))
                    if isinstance(term, Term)
                    else np.full(len(number.value), term)
                )
            style = "result" if name in ("variance", "forecast_year", "forecast_all") else "number"
            written = self.sheet.column(
                self.letters[name], first, term, style=style, format=FORMATS.get(name, "filled_count")
            )
            cells[name] = written.cell

        for name in ("budget", "actual"):
            put(name, amounts[name])
        put("variance", cells["actual"] - cells["budget"])
        put(
            "share",
            blank_if(cells["budget"] == 0, cells["variance"] / np.where(cells["budget"] == 0, 1.0, cells["budget"])),
        )
        for name in ("budget_year", "budget_year_to_date", "actual_year"):
            put(name, amounts[name])
        put("forecast_year", cells["actual_year"] + _left(cells["budget_year"], cells["budget_year_to_date"]))
        put("budget_all", amounts["budget_all"])
        for name in ("planned_hours", "used_hours"):
            put(name, amounts[name])
        planned, used = cells["planned_hours"], cells["used_hours"]
        put("price", share_of(cells["actual"], used))
        rest = np.where(
            (planned > 0) & (used > 0),
            np.maximum(planned - used, 0.0) * cells["price"],
            _left(cells["budget_all"], cells["budget"]),
        )
        put("forecast_all", cells["actual"] + rest)

    def _table(self, key, title, labels, number, amounts, rest):
        """A table: a row an entry, one for what belongs to none, and the total.

        Parameters
        ----------
        labels : callable
            Puts the label of each entry, from a row on.
        number : Term
            Of each entry; below 0 where the row waits to be filled.
        amounts : callable
            By the number of an entry, those of `COLUMNS` that are not computed from others.
        rest : callable
            The same for what belongs to no entry.
        """
        sheet = self.sheet
        self._heading(title)
        first = self.row
        labels(first)
        size = len(number.value)
        written = sheet.column("B", first, number, style="number", format="number")
        self._rows(first, written.cell, amounts(written.cell))
        last = first + size
        sheet.put(f"A{last}", NOT_MAPPED, style="label")
        nobody = sheet.column("B", last, np.zeros(1), style="number", format="number").cell
        self._rows(last, nobody, rest(nobody))
        sheet.put(f"A{last + 1}", "Total", style="total_label")
        sheet.put(f"B{last + 1}", "", style="total")
        for name, letter in self.letters.items():
            if name in ("share", "price"):
                sheet.put(f"{letter}{last + 1}", "", style="total")
                continue
            whole = total(sheet.range(letter, first, last))
            self.totals[key, name] = sheet.put(f"{letter}{last + 1}", whole, style="total", format="filled_count")
        self.row = last + 3
        self.last_amount = last + 1

    def _of_lines(self, keys, number):
        """Amounts of lines, and of spend, by a number that both have."""
        lines, spend = self.ledger.lines, self.spend
        of_lines, of_spend = lines.range(keys), spend[keys]

        def budget(name):
            amounts = lines.totals if name == "all" else self.to_date[name]
            return total_by_number(amounts, of_lines, number)

        def billed(name):
            return total_by_number(spend[name], of_spend, number)

        return {
            "budget": budget("to_date"),
            "actual": budget("ledger") + billed("counts"),
            "budget_year": budget("year"),
            "budget_year_to_date": budget("year_to_date"),
            "actual_year": budget("ledger_year") + billed("counts_year"),
            "budget_all": budget("all"),
            "planned_hours": budget("planned_hours"),
            "used_hours": billed("hours_counted"),
        }

    def components(self):
        views, spend, closed = self.ledger.views, self.spend, self.closed
        section, letters = views.sections["component"], self._letters_of_views()
        first = self.row + 1
        shift = section.first - first
        of_months = np.array([views.sheet.values(letter, section.first, section.last) for letter in letters]).T
        of_months = of_months.astype(float)
        begin, end = (f"{letters[side]}{ROW}{shift:+d}{OFFSET}" for side in (0, -1))
        cells = f"{SHEET}{sheet_prefix(views.sheet.name)}{begin}:{end}"
        flags = {
            "budget": ([closed.is_closed], closed.is_closed.values),
            "budget_year": ([closed.in_year], closed.in_year.values),
            "budget_year_to_date": (
                [closed.is_closed, closed.in_year],
                closed.is_closed.values * closed.in_year.values,
            ),
        }

        def amounts(number):
            found = {
                name: Term(f"SUMPRODUCT({','.join([cells, *(each._text for each in texts)])})", of_months @ values)
                for name, (texts, values) in flags.items()
            }
            in_ledger = number <= float(len(IN_THE_LEDGER))
            for name, budget, counts in (
                ("actual", "budget", "counts"),
                ("actual_year", "budget_year_to_date", "counts_year"),
            ):
                billed = total_by_number(spend[counts], spend["component_number"], number)
                found[name] = np.where(in_ledger, found[budget], billed)
            found["budget_all"] = Term(f"SUM({cells})", of_months.sum(axis=1))
            nothing = np.zeros(len(number.value))
            return found | {"planned_hours": nothing, "used_hours": nothing}

        def rest(number):
            nothing = dict.fromkeys(
                ("budget", "budget_year", "budget_year_to_date", "budget_all", "planned_hours", "used_hours"),
                np.zeros(1),
            )
            billed = {
                name: total_by_number(spend[counts], spend["component_number"], number)
                for name, counts in (("actual", "counts"), ("actual_year", "counts_year"))
            }
            return nothing | billed

        def labels(first):
            for row, label in enumerate(COMPONENT_LABELS.values(), start=first):
                self.sheet.put(f"A{row}", label, style="label")

        number = Term(f"ROW()-{first - 1}", np.arange(1.0, len(COMPONENT_LABELS) + 1))
        self._table("component", "By component, up to the close", labels, number, amounts, rest)

    def departments(self, listed):
        def labels(first):
            for position in range(len(listed)):
                text = text_in(listed.cell(position))
                again = is_listed_before(listed, position)
                self.sheet.put(f"A{first + position}", np.where(again, "", text), style="link_label")

        names = [str(text or "") for text in listed.values.tolist()]
        seen = [
            bool(name) and name.lower() not in [other.lower() for other in names[:at]] for at, name in enumerate(names)
        ]
        number = self._number(np.array(seen))
        self._table(
            "department",
            "By department, up to the close",
            labels,
            number,
            lambda number: self._of_lines("department_number", number),
            lambda number: self._of_lines("department_number", number),
        )

    def runs(self, runs):
        names = runs.ranges["run"]

        def labels(first):
            self.sheet.column("A", first, text_in(names.row(runs.first - first)), style="link_label")

        number = self._number(np.array([bool(text) for text in names.values.tolist()]))
        self._table(
            "run",
            "By training run, up to the close",
            labels,
            number,
            lambda number: self._of_lines("run_number", number),
            lambda number: self._of_lines("run_number", number),
        )

    def _number(self, is_there):
        """Numbers of the rows of the table that comes next, below 0 where there is no label."""
        first = self.row + 1
        label = Term(f"$A{ROW}", np.where(is_there, "x", "").astype(object))
        position = Term(f"ROW()-{first - 1}", np.arange(1.0, len(is_there) + 1))
        return np.where(is_blank(label), -1.0, position)

    # --- what is not in the tables

    def sources(self, listed):
        """The largest sources of what is not mapped."""
        sheet, spend = self.sheet, self.spend
        names = list(dict.fromkeys(text for text in listed.tolist() if text))
        sheet.put(f"A{self.row}", "Not mapped: the largest sources", style="heading")
        sheet.put(f"B{self.row}", "", style="heading")
        sheet.put(f"C{self.row}", COLUMNS["actual"][0], style="heading_right")
        self.row += 1
        cost = dict.fromkeys(names, 0.0)
        for name, amount in zip(spend["source"].values.tolist(), spend["cost"].values.tolist()):
            if name in cost:
                cost[name] += abs(amount)
        for name in sorted(names, key=lambda name: (-cost[name], name)):
            cell = sheet.put(f"A{self.row}", name, style="label", as_is=True)
            amount = total_where(spend["counts"], spend["source"], cell)
            sheet.put(f"C{self.row}", amount, style="number", format="ledger")
            self.row += 1
        if not names:
            sheet.put(f"A{self.row}", "Every charge is mapped.", style="label")
            self.row += 1
        self.row += 1

    def not_counted(self):
        """Spend that is in none of the figures above, and why."""
        sheet, spend, months = self.sheet, self.spend, self.closed.months
        sheet.put(f"A{self.row}", "Spend that does not count above", style="heading")
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
            sheet.put(f"A{self.row}", label, style="label")
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
        for row, (label, said) in enumerate(COLUMNS.values(), start=self.row + 1):
            sheet.put(f"A{row}", label, style="label")
            sheet.put(f"B{row}", said, style="note")

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
            "Move them up into the empty rows, or write the workbook again for more",
        )
