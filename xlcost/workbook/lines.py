"""The Lines sheet: one line a cost and department, month by month, from which every view of the budget is added up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter

from ..budget.columns import LINES
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import ROW, SHEET, SUM, Term, sheet_prefix
from ..lookup import is_blank, take
from ..references import Range
from ..totals import total
from .axis import Axis
from .style import heading_style
from .widths import narrow, room_for_title, widen

NAME = "Lines"
HEADING, TOTAL, FIRST = 4, 5, 6
MONTHS = int(MONTHS_PER_YEAR)
SCALE = 51
"""Percent at most: three pages hold the lines of a small company."""

TEXTS = {
    "kind": ("Kind of cost", 37),
    "what": ("What", 28),
    "department": ("Department", 20),
    "center": ("Cost center", 13),
    "account": ("Account", 38),
    "sourcing": ("Sourcing", 17),
    "capacity": ("Capacity", 18),
    "treatment": ("Treatment", 12),
    "scope": ("Core or generic", 12),
    "phase": ("Phase", 12),
    "currency": ("Currency", 10),
}
NUMBERS = {
    "department_number": ("Department, number", "place"),
    "center_number": ("Cost center, number", "place"),
    "account_number": ("Account, number", "place"),
    "kind_number": ("Kind of cost, number", "place"),
    "phase_number": ("Phase, number", "place"),
    "run_number": ("Training run, number", "place"),
    "capacity_number": ("Capacity, number", "place"),
    "currency_number": ("Currency, number", "place"),
    "lag": ("Payment lag [months]; -1: on Capacity", "count"),
    "start": ("From", "day"),
    "days": ("Days", "filled_factor"),
    "until": ("Until", "day"),
    "first_month": ("First month of other costs, from year 0", "place"),
    "month_count": ("Months of other costs", "filled_count"),
    "hours": ("Chip-hours of the capacity", "filled_count"),
    "times": ("Times, or share", "filled_factor"),
    "amount": ("Amount by itself, in its currency", "filled_count"),
    "daily": ("A day: amount, or hours of the capacity", "filled_count"),
    "price_number": ("Price on Capacity months, number", "place"),
    "hardware_share": ("of which own hardware", "filled_factor"),
    "energy_share": ("of which energy", "filled_factor"),
    "cloud_share": ("of which rental", "filled_factor"),
    "missing": ("Chips missing when it begins", "filled_factor"),
    "outside": ("Days outside of its capacity's service", "filled_factor"),
}
CHECKED = "missing", "outside"
"""Columns of lines that draw on capacity alone, put when all of them are there."""
OF_RUNS = "runs", "trials"
"""Blocks of lines of runs: the first ones, a line a run in each."""


class Block(NamedTuple):
    """Lines of one source: their first row and their number, and the kinds of cost that can stand there."""

    name: str
    first: int
    size: int
    kinds: tuple[str, ...]


class Lines:
    """Puts blocks of lines on the sheet, each below the other: first what they are, then their months.

    Attributes
    ----------
    blocks : dict of str to Block
    amounts : list of Range
        All lines of a period, one range a period, in the budget's currency.
    totals : Range
        Sum of the budget's months, one a line.
    """

    def __init__(self, sheet, calendar):
        self.sheet, self.calendar = sheet, calendar
        self.letters = {name: get_column_letter(number) for number, name in enumerate((*TEXTS, *NUMBERS), start=1)}
        self.axis = Axis(sheet, calendar.periods, len(self.letters) + 1)
        begin = column_index_from_string(self.axis.total_letter) + 1
        self.year_letters = [get_column_letter(begin + number) for number in range(len(calendar.years_shown))]
        self.blocks, self.values = {}, {name: [] for name in self.letters}
        self.totals_of, self.years_of = {}, [{} for _ in self.year_letters]
        self.monthly = [{} for _ in calendar.periods]
        self.row = FIRST

    def block(self, name, size, kinds, **columns):
        """Put what the lines are.

        Parameters
        ----------
        name : str
        size : int
        kinds : tuple of str
            Of `LINES`, that the lines can have.
        **columns : Term, array, str or float
            By `TEXTS` and `NUMBERS`, put in this order; "" and 0 where left out, and the currency by its number. A
            function is called once the columns before it are there.
        """
        columns = {**columns, "currency": lambda: self._currency(name)}
        block = self.blocks[name] = Block(name, self.row, size, kinds)
        self.row += size
        for column in (*columns, *(each for each in self.letters if each not in (*columns, *CHECKED))):
            letter, is_text = self.letters[column], column in TEXTS
            value = columns.get(column, "" if is_text else 0.0)
            value = value() if callable(value) else value
            if isinstance(value, Term) and not np.ndim(value.value):
                value = Term(value._text, np.full(size, value.value, dtype=object if is_text else float))
            elif not isinstance(value, Term) and not np.ndim(value):
                value = np.full(size, value, dtype=object if is_text else float)
            number_format = "text" if is_text else NUMBERS[column][1]
            style = "text" if is_text else "number"
            written = self.sheet.column(letter, block.first, value, style=style, format=number_format)
            self.values[column].append(written.range.values)
        return block

    def _currency(self, block):
        """The currency of a block's lines: of a charge for capacity that of the capacity's prices."""
        number = self.of("currency_number", block)
        is_there = ~is_blank(self.of("what", block)) & (number > 0)
        return np.where(is_there, take(self.calendar.currencies, number), "")

    def of(self, name, block, offset=0):
        """A line's own cell, or that of the line some rows above."""
        values = self.values[name][list(self.blocks).index(block)]
        letter = self.letters[name]
        first = self.blocks[block].first
        text = f"{SHEET}{sheet_prefix(self.sheet.name)}${letter}${first}:${letter}${first + len(values) - 1}"
        term = Range(text, values).row(-offset)
        return Term(term._text, term.value)

    @property
    def blocks_of_kinds(self):
        """By kind of cost, the blocks that follow each other from the first to the last in which it can stand."""
        names = list(self.blocks)
        found = {}
        for kind in LINES:
            places = [place for place, block in enumerate(self.blocks.values()) if kind in block.kinds]
            found[kind] = tuple(names[places[0] : places[-1] + 1])
        return found

    def range(self, name, *blocks):
        """A column over some blocks that follow each other, over all of them by default."""
        names = list(self.blocks)
        blocks = blocks or names
        values = np.concatenate([self.values[name][names.index(block)] for block in blocks])
        return self._over(self.letters[name], blocks, values)

    def amounts_of(self, number, *blocks):
        """The months' amounts of some blocks that follow each other, in a period."""
        blocks = blocks or list(self.blocks)
        values = np.concatenate([self.monthly[number][block] for block in blocks])
        return self._over(self.axis.letters[number], blocks, values)

    def _over(self, letter, blocks, values):
        first, last = self.blocks[blocks[0]], self.blocks[blocks[-1]]
        text = f"{SHEET}{sheet_prefix(self.sheet.name)}${letter}${first.first}:${letter}${last.first + last.size - 1}"
        return Range(text, values)

    def used_until(self, number, moment):
        """Chip-hours of a capacity that are used before a moment, by the runs and trials that draw on it."""
        names = ("capacity_number", "start", "until", "hours", "daily")
        of = [self.range(name, *OF_RUNS) for name in names]
        key, start, until, hours, daily = (each._text for each in of)
        at = moment._text
        ended = f'SUMIFS({hours},{key},{number._text},{until},"<="&{at})'
        running = f"SUMPRODUCT(({key}={number._text})*({start}<{at})*({until}>{at})*({at}-{start})*{daily})"
        key, start, until, hours, daily = (each.values.astype(float) for each in of)
        at = float(moment.value)
        used = np.where(until <= at, hours, np.maximum(at - start, 0.0) * daily)
        by_number = np.bincount(key.astype(int), used, minlength=int(number.value.max()) + 1)
        return np.where(number > 0, Term(f"{ended}+{running}", by_number[number.value.astype(int)], SUM), 0.0)

    def put_later(self, column, terms):
        """Put a column of `CHECKED` once all lines are there: the terms of the first blocks; the others have none."""
        for term, block in zip(terms, self.blocks.values()):
            style, number_format = "number", NUMBERS[column][1]
            written = self.sheet.column(self.letters[column], block.first, term, style=style, format=number_format)
            self.values[column].append(written.range.values)
        self.values[column] += [np.zeros(block.size) for block in list(self.blocks.values())[len(terms) :]]

    # --- months

    def months(self, name, make):
        """Put the months of a block; `make(number, period)` gives the term of a period in the budget's currency."""
        block = self.blocks[name]
        for number, letter in enumerate(self.axis.letters):
            term = make(number, self.axis.as_headed(number, HEADING))
            if not np.ndim(term.value):
                term = Term(term._text, np.full(block.size, term.value), term.binding)
            written = self.sheet.column(letter, block.first, term, style="number", format="filled_count")
            self.monthly[number][name] = written.range.values
        values = [of_period[name] for of_period in self.monthly]
        written = self.sheet.column(
            self.axis.total_letter,
            block.first,
            self.axis.of_months(None, values),
            style="result",
            format="filled_count",
        )
        self.totals_of[name] = written.range
        for number, letter in enumerate(self.year_letters):
            first, *_, last = months = self.axis.months[number * MONTHS : (number + 1) * MONTHS]
            whole = np.sum([values[month] for month in months], axis=0, dtype=float)
            term = Term(f"SUM({self.axis.letters[first]}{ROW}:{self.axis.letters[last]}{ROW})", whole)
            written = self.sheet.column(letter, block.first, term, style="number", format="filled_count")
            self.years_of[number][name] = written.range

    def in_year(self, number, *blocks):
        """The amounts of some blocks that follow each other in a fiscal year; in all of them where it is below 0."""
        letter, of = self.axis.total_letter, self.totals_of
        if number >= 0:
            letter, of = self.year_letters[number], self.years_of[number]
        return self._over(letter, blocks, np.concatenate([of[name].values for name in blocks]))

    def close(self):
        """Headings and the total of all lines."""
        sheet = self.sheet
        sheet.put("A1", NAME, style="title")
        sheet.put(
            "A2",
            sheet.sentence(
                "Every line by month, in {money}; all views add up from here.",
                money=self.calendar.money,
            ),
            style="subtitle",
        )
        for name, letter in self.letters.items():
            label, number_format = (TEXTS[name][0], "text") if name in TEXTS else NUMBERS[name]
            sheet.put(f"{letter}{HEADING}", label, style=heading_style(number_format))
        self.axis.headings(HEADING)
        for letter, label in zip(self.year_letters, self.calendar.years_shown):
            sheet.put(f"{letter}{HEADING}", label, style="heading_right")
        widen(sheet, self.year_letters, 12)
        sheet.widths({self.letters[name]: TEXTS[name][1] if name in TEXTS else 13 for name in self.letters})
        sheet.height(HEADING, 63)
        sheet.put(f"A{TOTAL}", "All lines", style="total_label")
        self.sums = []
        for number, letter in enumerate(self.axis.letters):
            self.sums.append(
                sheet.put(f"{letter}{TOTAL}", total(self.amounts_of(number)), style="total", format="filled_count")
            )
        letter = self.axis.total_letter
        values = np.concatenate([self.totals_of[name].values for name in self.blocks])
        self.totals = self._over(letter, list(self.blocks), values)
        self.total = sheet.put(f"{letter}{TOTAL}", total(self.totals), style="total", format="filled_count")
        sheet.freeze(f"C{FIRST}")
        letters = list(self.letters.values())
        last = self.row - 1
        numbers = f"{self.letters['currency_number']}{FIRST}:{self.letters['lag']}{last}"
        sheet.conditional(numbers, f'$B{FIRST}=""', "unfilled")
        self.axis.widen()
        (_, kind), (_, what) = TEXTS["kind"], TEXTS["what"]
        narrow(sheet, {"A": kind}, room_for_title(sheet, what))
        # What each line is, then its months; not the numbers between, which only formulas read.
        sheet.print_setup(
            title_rows=f"1:{TOTAL}",
            title_cols="A:B",
            fit_width=False,
            scale=SCALE,
            column_breaks=self.axis.page_ends,
            areas=(f"A1:{letters[len(TEXTS) - 1]}{last}", self.axis.on_paper(last)),
        )
