"""Tables of the Actuals sheet: budget, actual and forecasts by component, department and training run."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from ..budget.components import COMPONENT_LABELS, IN_THE_LEDGER
from ..comparison import fold
from ..formula import OFFSET, ROW, SHEET, Term, sheet_prefix
from ..lookup import blank_if, is_blank, rounded, text_in
from ..totals import is_listed_before, share_of, total, total_by_number, total_where

BEGIN = 3
UP_TO_THE_CLOSE = "Up to the close"
NOBODY = {
    "component": "Not mapped",
    "department": "Of no department, or not mapped",
    "run": "Of no training run, or not mapped",
}
"""What is in no row of a table."""
COLUMNS = {
    "budget": ("Budget to date", "Budget of the months up to the close."),
    "actual": (
        "Actual to date",
        "Bills and accruals of these months, with credits, and with tax where the setting above says gross; and from "
        "the asset ledger what nobody bills: depreciation, disposals, and own hardware that is charged run by run.",
    ),
    "variance": ("Variance from the budget", "Actual less budget to date; above 0 where more was spent than planned."),
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
        "Of a training run, actual to date and the remaining chip-hours at the price seen so far; where none are "
        "planned or used yet, the remaining budget of all years instead. Of a department, that of its runs, and for "
        "what is of no run actual to date and the remaining budget.",
    ),
    "planned_hours": ("Chip-hours planned", "Of runs and their trials, in all months of this budget."),
    "used_hours": ("Chip-hours used", "As the bills have them, up to the close."),
    "price": ("Price seen so far", "Of a training run: actual to date over chip-hours used. Not printed."),
    "beyond": (
        "Forecast over the remaining budget",
        "Project forecast less actual to date and the remaining budget. Not printed.",
    ),
}
"""Columns of the tables under the months: heading, and what is in them."""
FORMATS = {"share": "share", "price": "filled_hourly"}


def _left(whole, part):
    """What is left of a budget; nothing where rounding leaves a millionth of a cent."""
    return rounded(whole - part, 6) + 0.0


class Tables:
    """Puts the tables, one below the other."""

    def __init__(self, sheet, closed, spend, to_date, ledger, first):
        self.sheet, self.closed, self.spend, self.to_date = sheet, closed, spend.ranges, to_date
        self.beyond, self.ledger, self.axis = spend.beyond, ledger, closed.axis
        self.letters = {name: get_column_letter(BEGIN + at) for at, name in enumerate(COLUMNS)}
        self.row, self.starts, self.totals, self.monthly = first, [], {}, {}

    def _letters_of_views(self):
        axis = self.ledger.views.axis
        return [axis.letters[number] for number in axis.months]

    # --- tables of what was spent up to the close

    def title(self):
        """Put the sheet's title once more, above what is printed on pages of its own; returns its row."""
        self.sheet.put_title_again(self.row)
        self.row += 1
        return self.row - 1

    def headings(self):
        """Put the headings, which all tables have."""
        sheet = self.sheet
        sheet.put(f"A{self.row}", UP_TO_THE_CLOSE, style="heading")
        sheet.put(f"B{self.row}", "No.", style="heading_right")
        for name, letter in self.letters.items():
            sheet.put(f"{letter}{self.row}", COLUMNS[name][0], style="heading_right")
        sheet.height(self.row, 48)
        self.row += 1

    def _rows(self, first, number, amounts):
        """Columns of a table from the amounts that its rows are made of."""
        cells = {}

        def put(name, term):
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
        if "planned_hours" not in amounts:
            return
        for name in ("planned_hours", "used_hours"):
            put(name, amounts[name])
        planned, used = cells["planned_hours"], cells["used_hours"]
        remaining = _left(cells["budget_all"], cells["budget"])
        if "beyond" in amounts:
            put("beyond", amounts["beyond"])
        else:
            put("price", share_of(cells["actual"], used))
            at_its_price = np.maximum(planned - used, 0.0) * cells["price"]
            put("beyond", np.where((planned > 0) & (used > 0), at_its_price - remaining, 0.0))
        put("forecast_all", cells["actual"] + remaining + cells["beyond"])

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
        self.starts.append(self.row)
        sheet.put(f"A{self.row}", title, style="section")
        first = self.row + 1
        labels(first)
        size = len(number.value)
        written = sheet.column("B", first, number, style="number", format="number")
        self._rows(first, written.cell, amounts(written.cell))
        last = first + size
        sheet.put(f"A{last}", NOBODY[key], style="label")
        nobody = sheet.column("B", last, np.zeros(1), style="number", format="number").cell
        self._rows(last, nobody, rest(nobody))
        sheet.put(f"A{last + 1}", "Total", style="total_label")
        sheet.put(f"B{last + 1}", "", style="total")
        for name, letter in self.letters.items():
            if name in ("share", "price") or sheet.values(letter, last, last) == [None]:
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
            return found | {"budget_all": Term(f"SUM({cells})", of_months.sum(axis=1))}

        def rest(number):
            nothing = dict.fromkeys(("budget", "budget_year", "budget_year_to_date", "budget_all"), np.zeros(1))
            billed = {
                name: total_by_number(spend[counts], spend["component_number"], number)
                for name, counts in (("actual", "counts"), ("actual_year", "counts_year"))
            }
            return nothing | billed

        def labels(first):
            for row, label in enumerate(COMPONENT_LABELS.values(), start=first):
                self.sheet.put(f"A{row}", label, style="label")

        number = Term(f"ROW()-{first - 1}", np.arange(1.0, len(COMPONENT_LABELS) + 1))
        self._table("component", "By component", labels, number, amounts, rest)

    def runs(self, runs):
        names = runs.ranges["run"]
        first = self.row + 1

        def labels(first):
            self.sheet.column("A", first, text_in(names.row(runs.first - first)), style="link_label")

        number = self._number(np.array([bool(text) for text in names.values.tolist()]))
        self._table(
            "run",
            "By training run",
            labels,
            number,
            lambda number: self._of_lines("run_number", number),
            lambda number: self._of_lines("run_number", number),
        )
        self.beyond_of_runs = self.sheet.range(self.letters["beyond"], first, first + len(names) - 1)

    def departments(self, listed, runs):
        """After the runs, as the project forecast of a department is that of its runs."""
        first, letter = self.row + 1, self.letters["beyond"]
        names = [fold(str(text or "")) for text in listed.values.tolist()]
        seen = np.array([bool(name) and name not in names[:at] for at, name in enumerate(names)])

        def labels(first):
            for position in range(len(listed)):
                text = text_in(listed.cell(position))
                again = is_listed_before(listed, position)
                self.sheet.put(f"A{first + position}", np.where(again, "", text), style="link_label")

        def amounts(number):
            label = Term(f"$A{ROW}", np.where(seen, [str(text or "") for text in listed.values.tolist()], ""))
            of_its_runs = total_where(self.beyond_of_runs, runs.ranges["department"], label)
            return self._of_lines("department_number", number) | {"beyond": np.where(number < 0, 0.0, of_its_runs)}

        def rest(number):
            others = total(self.sheet.range(letter, first, first + len(listed) - 1))
            beyond = rounded(self.totals["run", "beyond"] - others, 6) + 0.0
            beyond = Term(beyond._text, np.atleast_1d(beyond.value))
            return self._of_lines("department_number", number) | {"beyond": beyond}

        self._table("department", "By department", labels, self._number(seen), amounts, rest)

    def _number(self, is_there):
        """Numbers of the rows of the table that comes next, below 0 where there is no label."""
        first = self.row + 1
        label = Term(f"$A{ROW}", np.where(is_there, "x", "").astype(object))
        position = Term(f"ROW()-{first - 1}", np.arange(1.0, len(is_there) + 1))
        return np.where(is_blank(label), -1.0, position)
