"""The Budget months sheet: every view of the budget, month by month."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..budget.columns import KINDS
from ..budget.components import COMPONENT_LABELS, COMPONENTS, CONTINGENCY
from ..budget.tables import LONGEST_LAG, SHARES
from ..columns import CHOICES
from ..formula import ROW, Term
from ..lookup import is_blank, number_in, text_in
from ..totals import (
    count_by_numbers,
    count_where,
    is_listed_before,
    share_of,
    total,
    total_by_number,
    total_by_text,
    total_of_products,
    total_unless,
    total_where,
)
from .axis import SCALE, Axis
from .buy_or_rent_steps import WAYS
from .lines import OF_RUNS
from .widths import room_for_title

NAME = "Budget months"
NONE_OF_THEM = "None, or not listed"
HEADING, FIRST = 4, 5
BEGIN = 4
LABELS, NUMBERS = 38, 6
"""Widths of the columns of labels, at least, and of their numbers."""
COUNT = "C"
"""Column of how many lines an entry has. Where it has none, no month looks for them."""

BOOKS = ("opening", "additions", "booked_depreciation", "disposals", "closing", "market")
STOCKS = ("opening", "closing", "market")
"""Rows of the capacity's books, and those that do not add up."""
IN_WORDS = {
    **{"capitalise": "Capitalised", "expense": "Expensed", "review": "To be reviewed"},
    **{"core": "Core", "generic": "Generic"},
}
"""What runs are marked with on Runs, as a reader of the budget says it."""


class Section(NamedTuple):
    """Rows of a view: its title, their first and last, the total's (None where there is none), and what each shows."""

    title: str
    first: int
    last: int
    total: int | None
    names: tuple[str, ...]


class Views:
    """Puts the views, one below the other.

    Attributes
    ----------
    checked : dict of str to list of Term
        Each row that was put by itself, one term a period.
    sections : dict of str to Section
    totals : dict of str to Term
        Of a view's total, over the budget's months.
    components : dict of str to Term
        Each component over the budget's months.
    """

    def __init__(self, sheet, ledger, calendar):
        self.sheet, self.ledger, self.calendar = sheet, ledger, calendar
        self.lines, self.months = ledger.lines, ledger.months
        self.axis = Axis(sheet, calendar.periods, BEGIN)
        self.sections, self.totals, self.components, self.checked = {}, {}, {}, {}
        self.row = FIRST

    def rows(self, name, title, rows, has_total=True, stocks=()):
        """Put a view of which every row has a term a period of its own.

        Parameters
        ----------
        rows : dict of str to (str, list of Term)
            Label, and a term a period.
        stocks : tuple of str
            Rows whose months do not add up.
        """
        sheet, axis = self.sheet, self.axis
        sheet.put(f"A{self.row}", title, style="section")
        first = self.row + 1
        for row, (of, (label, terms)) in enumerate(rows.items(), start=first):
            sheet.put(f"A{row}", label, style="label")
            put = [
                sheet.put(f"{letter}{row}", term, style="number", format="ledger")
                for letter, term in zip(axis.letters, terms)
            ]
            self.checked[of] = put
            if of not in stocks:
                whole = axis.of_months(row, [cell.value for cell in put])
                self.components[of] = sheet.put(f"{axis.total_letter}{row}", whole, style="number", format="ledger")
        self._close(name, title, first, first + len(rows) - 1, tuple(rows), has_total)

    def listed(self, name, title, listed, key, blocks_of=None):
        """Put a view by a list: a row an entry that is there, and one for what is not in the list.

        Parameters
        ----------
        listed : Range
        key : str
            Column of the lines that holds their places in the list.
        blocks_of : dict of str to tuple of str, optional
            The blocks of lines in which each entry can stand, where the entries are always the same; only they are
            looked through.
        """
        sheet = self.sheet
        sheet.put(f"A{self.row}", title, style="section")
        first = self.row + 1
        sheet.put(f"A{first}", NONE_OF_THEM, style="label")
        sheet.put(f"B{first}", 0.0, style="number", format="number")
        numbers = [0.0]
        for position in range(len(listed)):
            row, entry = first + 1 + position, listed.cell(position)
            text = text_in(entry)
            again = is_listed_before(listed, position)
            shown = sheet.put(f"A{row}", np.where(again, "", text), style="link_label")
            number = np.where(is_blank(shown), -1.0, position + 1.0)
            numbers.append(sheet.put(f"B{row}", number, style="number", format="number").value)
        names = blocks_of or {}
        self._sums(first, np.array(numbers[:1]), key, ())
        end = 1
        for blocks, rows in groupby(names.values() or [()] * len(listed)):
            begin, end = end, end + len(list(rows))
            self._sums(first + begin, np.array(numbers[begin:end]), key, blocks, is_counted=True)
        self._close(name, title, first, first + len(listed), (NONE_OF_THEM, *names))

    def _sums(self, first, numbers, key, blocks, is_counted=False):
        """Rows of entries that stand in some blocks of lines, or in any of them, with how many lines they have."""
        number, keys = Term(f"$B{ROW}", numbers), self.lines.range(key, *blocks)
        there = True
        if is_counted:
            count = count_by_numbers((keys, number))
            self.sheet.column(COUNT, first, _filled(number, count), style="number", format="count")
            there = Term(f"${COUNT}{ROW}", count.value) > 0
        columns = []
        for period, letter in enumerate(self.axis.letters):
            amount = np.where(there, total_by_number(self.lines.amounts_of(period, *blocks), keys, number), 0.0)
            columns.append(amount.value)
            self._column(letter, first, _filled(number, amount))
        self._column(self.axis.total_letter, first, _filled(number, self.axis.of_months(None, columns)))

    def marked(self, name, title, marks, keys, rest):
        """Put a view by marks of which a line has one or none, each under its words."""
        sheet, axis, lines = self.sheet, self.axis, self.lines
        sheet.put(f"A{self.row}", title, style="section")
        first, last = self.row + 1, self.row + 1 + len(marks)
        counts = {}
        for row, (mark, words) in enumerate(marks.items(), start=first):
            sheet.put(f"A{row}", words, style="label")
            count = sheet.put(f"{COUNT}{row}", count_where(keys, mark), style="number", format="count")
            counts[mark] = Term(f"${COUNT}{row}", count.value)
        sheet.put(f"A{last}", rest, style="label")
        for period, letter in enumerate((*axis.letters, axis.total_letter)):
            amounts = lines.totals if letter == axis.total_letter else lines.amounts_of(period)
            found = [np.where(counts[mark] > 0, total_by_text(amounts, keys, mark), 0.0) for mark in marks]
            for row, amount in enumerate((*found, total_where(amounts, keys, "")), start=first):
                sheet.put(f"{letter}{row}", amount, style="number", format="ledger")
        self._close(name, title, first, last, (*marks, rest))

    def _column(self, letter, first, term):
        self.sheet.column(letter, first, term, style="number", format="ledger")

    def _close(self, name, title, first, last, names, has_total=True):
        sheet, axis = self.sheet, self.axis
        self.sections[name] = Section(title, first, last, last + 1 if has_total else None, names)
        if has_total:
            sheet.put(f"A{last + 1}", "Total", style="total_label")
            for letter in ("B", COUNT):
                sheet.put(f"{letter}{last + 1}", "", style="total")
            for letter in (*axis.letters, axis.total_letter):
                whole = total(sheet.range(letter, first, last))
                # That of all months comes last, and is kept.
                self.totals[name] = sheet.put(f"{letter}{last + 1}", whole, style="total", format="ledger")
        self.row = last + 3


def _filled(number, amount):
    """An amount in the rows that name something."""
    return np.where(number < 0, "", amount)


def write_views(sheet, ledger, inputs, calendar):
    """Fill the sheet.

    Returns
    -------
    Views
    """
    sheet.put("A1", "Budget by month", style="title")
    sheet.widths({"A": max(LABELS, room_for_title(sheet, NUMBERS)), "B": NUMBERS})
    said = sheet.sentence("Amounts in {money}, without tax.", money=calendar.money)
    sheet.put("A2", said, style="subtitle")
    views = Views(sheet, ledger, calendar)
    sheet.put(f"A{HEADING}", "View", style="heading")
    sheet.put(f"B{HEADING}", "No.", style="heading_right")
    sheet.put(f"{COUNT}{HEADING}", "Count", style="heading_right")
    views.axis.headings(HEADING)
    lines = ledger.lines
    views.rows("component", "By component", _components(views))
    views.listed("department", "By department", inputs.departments, "department_number")
    views.listed("kind", "By kind of cost", calendar.kinds, "kind_number", lines.blocks_of_kinds)
    views.listed("account", "By account", calendar.accounts, "account_number")
    views.listed("center", "By cost center", calendar.centers, "center_number")
    sourcings = {sourcing: WAYS[sourcing] for sourcing in KINDS.values()}
    views.marked("sourcing", "By sourcing", sourcings, lines.range("sourcing"), "People and other costs")
    for name, title in (("treatment", "By treatment"), ("scope", "Core or generic")):
        marks = {mark: IN_WORDS[mark] for mark in CHOICES[name]}
        views.marked(name, title, marks, lines.range(name), "Not marked")
    views.listed("phase", "By phase", ledger.phases.ranges["phase"], "phase_number")
    views.rows("payments", "Payments", _payments(views))
    views.rows("books", "Capacity in the books", _books(views), has_total=False, stocks=STOCKS)
    views.rows("hours", "Hours of capacity", _hours(views), has_total=False)
    views.rows("checks", "For the checks", _for_the_checks(views), has_total=False)
    last = views.sections["books"].last
    sheet.in_units(f"{views.axis.letters[0]}{FIRST}:{views.axis.total_letter}{last}", calendar.units)
    sheet.freeze(f"{COUNT}{FIRST}")
    views.axis.widen()
    # Not what stands there for the checks.
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        title_cols="A:B",
        fit_width=False,
        scale=SCALE,
        column_breaks=views.axis.page_ends,
        areas=[views.axis.on_paper(views.sections["hours"].last)],
        keep_sections=True,
    )
    return views


def _components(views):
    """A term a period for each component, and the contingency."""
    lines, months, calendar = views.lines, views.months, views.calendar
    capacity = views.ledger.capacity
    shares = [lines.range(f"{part}_share", *OF_RUNS) for part in ("hardware", "energy", "cloud")]
    own_currency = number_in(calendar.currency, calendar.currencies)
    currency = lines.range("currency_number", "others")
    found = {name: [] for name in (*COMPONENTS, CONTINGENCY)}
    for number in range(len(calendar.periods)):
        amounts = lines.amounts_of(number, *OF_RUNS)
        of_hardware, of_energy, of_rental = (total_of_products(share, amounts) for share in shares)
        rental = months.cells["rental"][number]
        by_hour = total_by_text(rental, capacity.ranges["kind"], "on_demand")
        others = lines.amounts_of(number, "others")
        at_home = total_by_number(others, currency, own_currency)
        parts = {
            "own_hardware": of_hardware,
            **{name: months.sums[name][number] for name in ("depreciation", "upkeep", "hosting", "operations")},
            "disposal": months.sums["loss"][number],
            "energy": of_energy + months.sums["energy"][number],
            "commitments": total_unless(rental, capacity.ranges["kind"], "on_demand"),
            "rental": of_rental + by_hour,
            **{name: total(lines.amounts_of(number, name)) for name in ("employees", "contractors", CONTINGENCY)},
            "others": at_home,
            "others_foreign": total_unless(others, currency, own_currency),
        }
        for name, part in parts.items():
            found[name].append(part)
    return {name: (COMPONENT_LABELS[name], terms) for name, terms in found.items()}


def _payments(views):
    """When the costs are paid: with their capacity, or some months after the cost."""
    lines, months, axis = views.lines, views.months, views.axis
    lags = lines.range("lag")
    last = axis.months[-1]
    on_capacity, others = [], []
    for number, period in enumerate(axis.periods):
        on_capacity.append(months.sums["payments"][number])
        due = None
        for lag in range(LONGEST_LAG + 1):
            if period.kind == "before":
                when = range(LONGEST_LAG - lag + 1)
            elif period.kind == "ahead":
                when = ()
            elif period.kind == "after":
                when = range(last - lag + 1, number + 1)
            else:
                when = (number - lag,)
            for column in when:
                paid = total_by_number(lines.amounts_of(column), lags, float(lag))
                due = paid if due is None else due + paid
        others.append(0.0 if due is None else due)
    return {"paid_capacity": ("Capacity", on_capacity), "paid_others": ("All else", others)}


def _books(views):
    """Opening value, what changes it, closing value; the market value beside it."""
    months, axis = views.months, views.axis
    closing = months.sums["closing"]
    # The closing value stands in the fifth row of the view.
    row = views.row + 5
    opening = [0.0]
    opening += [Term(f"{letter}{row}", term.value) for letter, term in zip(axis.letters, closing[:-1])]
    rows = (
        ("Opening value", opening),
        ("Additions", list(months.sums["additions"])),
        ("Depreciation", [-term for term in months.sums["depreciation"]]),
        ("Disposals, at book value", [-term for term in months.sums["disposals"]]),
        ("Closing value", list(closing)),
        ("Market value, for comparison", list(months.sums["market_value"])),
    )
    return dict(zip(BOOKS, rows))


def _in_own_currencies(amounts, numbers, places, rates):
    """The sum of amounts, each in its own currency: a figure that says nothing but whether two sums agree."""
    of_currency = np.bincount(numbers.values.astype(int), amounts.values.astype(float), len(rates) + 1)[1:]
    value = float(np.divide(of_currency, rates.values, out=np.zeros(len(rates)), where=rates.values != 0).sum())
    listed = f"SUMIF({numbers._text},{places._text},{amounts._text})/({rates._text}+({rates._text}=0))"
    return Term(f"SUMPRODUCT({listed})", value)


def _for_the_checks(views):
    """What the checks hold against each other: runs by themselves in USD, capacity as it costs and as it is charged."""
    lines, months, calendar = views.lines, views.months, views.calendar
    found = {"alone": [], "people": [], "cost": [], "charged": []}
    places = lines.range("capacity_number", *OF_RUNS)
    for number, period in enumerate(views.axis.periods):
        rate, amounts = period.dollar, lines.amounts_of(number, *OF_RUNS)
        alone = total_by_number(amounts, places, 0.0)
        found["alone"].append(share_of(alone, rate))
        people = lines.amounts_of(number, "employees", "contractors")
        own = lines.range("currency_number", "employees", "contractors")
        found["people"].append(_in_own_currencies(people, own, calendar.places, period.rates) / period.wages)
        found["cost"].append(months.sums["cost"][number])
        idle, shares = (total(lines.amounts_of(number, block)) for block in ("idle", SHARES.name))
        found["charged"].append(total_unless(amounts, places, 0.0) + idle + shares)
    return {
        "alone": ("Runs charged by themselves, USD", found["alone"]),
        "people": ("People, each in their own currency at the wages of the first month", found["people"]),
        "cost": ("Cost of the capacity", found["cost"]),
        "charged": ("Charges to runs, and idle hours", found["charged"]),
    }


def _hours(views):
    sums = views.months.sums
    return {
        "hours_available": ("Available chip-hours", sums["available"]),
        "hours_used": ("Used chip-hours", sums["used"]),
        "hours_idle": ("Idle chip-hours", sums["idle"]),
    }
