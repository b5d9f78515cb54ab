"""Inputs that stand on a sheet of their own results: label, default and cell said once, for its writer and its reader.

The sheet's writer puts a `Block` from its heading on; a workbook that comes back is read by the same `Block`, by its
labels in any language, so that rows may have been put in between; a file of settings uses the names of its inputs.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import NamedTuple

from openpyxl.utils import column_index_from_string

from ..comparison import fold
from ..dates import EARLIEST, LATEST, to_serial
from ..languages import spellings
from ..reading import text_of
from ..xlsx_input import NoValue

EMPTY = float("nan")
FISCAL_YEAR, FISCAL_YEARS = "FY{year}", (1991, 2099)
"""How a fiscal year is called, and the calendar years that one may begin in."""
SAME = 1e-12
"""As a share: what other programs leave of a number's last digits when they save it."""


class Limit(NamedTuple):
    """What a number may be."""

    at_least: float = -math.inf
    at_most: float = math.inf
    above: float = -math.inf
    is_whole: bool = False

    def holds(self, number):
        """Whether a number keeps it."""
        is_within = self.at_least <= number <= self.at_most and number > self.above and math.isfinite(number)
        return is_within and (not self.is_whole or number == math.floor(number))

    def in_words(self):
        """What a number must be.

        >>> Limit(above=0, at_most=1e7).in_words(), Limit(0, 1).in_words(), Limit(1, is_whole=True).in_words()
        ('a number above 0, at most 1e+07', 'a number from 0 to 1', 'a whole number of at least 1')
        """
        what = "a whole number" if self.is_whole else "a number"
        most = f", at most {self.at_most:g}" if self.at_most != math.inf else ""
        if self.above != -math.inf:
            return f"{what} above {self.above:g}{most}"
        return f"{what} from {self.at_least:g} to {self.at_most:g}" if most else f"{what} of at least {self.at_least:g}"


LIMITS = {
    "not negative": Limit(0),
    "at least 1": Limit(1),
    "whole": Limit(1, is_whole=True),
    "share or 0": Limit(0, 1),
    "positive": Limit(above=0),
    "share": Limit(1e-6, 1),
    "level": Limit(1e-6, 1 - 1e-6),
    "date": Limit(float(to_serial(EARLIEST)), math.floor(float(to_serial(LATEST)))),
}
"""What may be typed into a cell of numbers, by the name of the rule."""


class Input(NamedTuple):
    """A cell that is somebody's to fill.

    Parameters
    ----------
    name : str
        In a file of settings.
    label : str
        Beside the cell.
    usual : float or str
        What counts where nobody says anything; `EMPTY` or "" for nothing, None where it depends on the price list.
    format : str
        Of `xlcost.workbook.style`: "text" and "date" say what the cell holds, all others that it is a number.
    unit : str
    kind : str or tuple of str
        One of `LIMITS`, "any" for a text of any kind, "fiscal year"; or what can be chosen, numbers as texts.
    text : str
        What is said when the cell is chosen; the label where it is "".
    most : float
        Where less than the rule allows can be computed with.
    may_be_empty : bool
    if_empty : float, optional
        What an empty cell counts as.
    of : str
        Tells its choices apart from other texts that are the same in English.
    """

    name: str
    label: str
    usual: float | str | None
    format: str
    unit: str
    kind: str | tuple
    text: str = ""
    most: float = math.inf
    may_be_empty: bool = False
    if_empty: float | None = None
    of: str = ""

    @property
    def is_text(self):
        """Whether its cell holds a text."""
        return self.format == "text"

    # --- what it may be

    def problem(self, value):
        """What is wrong with a value as settings have it; None where nothing is."""
        if _is_nothing(value) and (self.may_be_empty or (self.is_text and self.kind == "any")):
            return None
        if not self._holds(value):
            said = "empty" if _is_nothing(value) else str(value) if isinstance(value, NoValue) else repr(value)
            return f"{self.name} is {said}; it must be {self.in_words()}"
        return None

    def _holds(self, value):
        if self.kind == "fiscal year":
            return isinstance(value, int) and FISCAL_YEARS[0] <= value <= FISCAL_YEARS[1]
        if self.is_text:
            return isinstance(value, str) and (self.kind == "any" or value in self.kind)
        if isinstance(value, datetime.date) and self.format == "date":
            value = float(to_serial(value))
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return self.limit.holds(value) if isinstance(self.kind, str) else value in map(float, self.kind)

    def in_words(self):
        """What may stand in it."""
        if self.kind == "fiscal year":
            return f"a fiscal year, by the calendar year that it is called by, such as {FISCAL_YEARS[0] + 35}"
        if self.kind == "any":
            return "a text"
        if self.kind == "date":
            return f"a date from {str(EARLIEST)[:4]} to {str(LATEST)[:4]}"
        return self.limit.in_words() if isinstance(self.kind, str) else f"one of {', '.join(self.kind)}"

    @property
    def limit(self):
        """What its number may be, where it is none of some choices."""
        limit = LIMITS[self.kind]
        return limit._replace(at_most=min(limit.at_most, self.most))

    # --- from settings to a cell

    def in_cell(self, value, language):
        """What its cell holds, from a value as settings have it."""
        if _is_nothing(value):
            return "" if self.is_text else EMPTY
        if self.kind == "fiscal year":
            return language.sentence(FISCAL_YEAR, year=str(value))
        if self.is_text:
            return self.chosen(value, language) if isinstance(self.kind, tuple) else value
        return float(to_serial(value)) if isinstance(value, datetime.date) else float(value)

    def chosen(self, code, language):
        """One of its choices in a language."""
        return language.apart(code, self.of) if self.of else language.text(code)

    # --- and back

    def of_cell(self, cell):
        """A cell's value as settings have it; what it cannot be stays as it is, to be named."""
        if cell is None:
            return "" if self.if_empty is None else self.if_empty
        if self.kind == "fiscal year":
            return _fiscal_year(cell)
        if isinstance(self.kind, tuple) and isinstance(cell, str):
            codes = {fold(text): code for code in self.kind for text in spellings(code, self.of)}
            return codes.get(fold(cell.strip()), cell)
        if self.is_text and isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return text_of(float(cell))
        return float(to_serial(cell)) if isinstance(cell, datetime.date) and self.format == "date" else cell


def _is_nothing(value):
    return value is None or (isinstance(value, str) and not value) or (isinstance(value, float) and value != value)


def _fiscal_year(cell):
    """The year of a fiscal year as any language calls it; the cell as it is where it is none."""
    for text in spellings(FISCAL_YEAR) if isinstance(cell, str) else ():
        before, _, after = text.partition("{year}")
        if found := re.fullmatch(f"{re.escape(before)}([0-9]{{4}}){re.escape(after)}", cell.strip()):
            return int(found[1])
    return cell


def is_usual(value, usual):
    """Whether a value is the one that counts anyway, but for digits that were lost when a workbook was saved."""
    if _is_nothing(value) or _is_nothing(usual):
        return _is_nothing(value) and _is_nothing(usual)
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (value, usual))
    return math.isclose(value, usual, rel_tol=SAME) if numbers else value == usual


class Block(NamedTuple):
    """Inputs one below the other.

    Parameters
    ----------
    setting : str
        The table of a file of settings, and the field of `xlcost.budget.settings.BudgetSettings`, that has them.
    sheet : str
        In English.
    heading : str
        Over the labels.
    labels, values : str
        Letters of the columns.
    inputs : tuple of Input
    """

    setting: str
    sheet: str
    heading: str
    labels: str
    values: str
    inputs: tuple

    def input(self, name):
        """One of the inputs by its name."""
        return next(each for each in self.inputs if each.name == name)

    def usual(self, **of_facts):
        """What counts where nobody says anything, by name; what depends on the price list is given."""
        return {each.name: of_facts.get(each.name, each.usual) for each in self.inputs}

    def problems(self, told):
        """What is wrong with the values of settings: the input's name and a sentence."""
        inputs = {each.name: each for each in self.inputs}
        for name, value in told.items():
            if name in inputs and (problem := inputs[name].problem(value)):
                yield name, problem

    def read(self, rows, usual):
        """The values of a sheet that are not as usual.

        Parameters
        ----------
        rows : list of (int, list)
            As `xlcost.xlsx_input.read_sheet` gives them.
        usual : dict

        Returns
        -------
        dict of str to (value, str)
            By name: the value as settings have it, and its cell.
        """
        labels = {fold(text): each for each in self.inputs for text in spellings(each.label)}
        headings = set(map(fold, spellings(self.heading)))
        found, seen, begun = {}, set(), False
        for number, row in rows:
            label = fold(str(cell_of(row, self.labels) or ""))
            each = labels.get(label) if begun else None
            begun = begun or label in headings
            if each is None or each.name in seen:
                continue
            seen.add(each.name)
            value = each.of_cell(cell_of(row, self.values))
            if not is_usual(value, usual[each.name]):
                found[each.name] = value, f"{self.values}{number}"
        return found


class Listed(NamedTuple):
    """Inputs side by side, a row each time, up to a row of their sum.

    Parameters
    ----------
    setting, name : str
        The table of a file of settings, and what it calls the list in it.
    sheet : str
    heading, end : str
        Labels over the first row and below the last one, in the first column.
    size : int
        Rows.
    columns : dict of str to Input
        By letter.
    """

    setting: str
    name: str
    sheet: str
    heading: str
    end: str
    size: int
    columns: dict

    def problems(self, told):
        """What is wrong with a list of settings: a place in it, or None for all of it, and a sentence."""
        if not isinstance(told, (list, tuple)) or not all(isinstance(row, dict) for row in told):
            yield None, f"{self.name} is {told!r}; give a list of tables"
            return
        if len(told) > self.size:
            yield None, f"{self.name} has {len(told)} rows; there is room for {self.size}"
        inputs = {each.name: each for each in self.columns.values()}
        for number, row in enumerate(told):
            for name, value in row.items():
                if name not in inputs:
                    yield (number, name), f"{self.name}: {name!r} is none of {', '.join(inputs)}"
                elif problem := inputs[name].problem(value):
                    yield (number, name), f"{self.name}, row {number + 1}: {problem}"

    def read(self, rows):
        """The rows up to the last one that is filled, and their cells: see `Block.read`."""
        first = next(iter(self.columns))
        headings, ends = (set(map(fold, spellings(text))) for text in (self.heading, self.end))
        told, places, begun = [], {}, False
        for number, row in rows:
            label = fold(str(cell_of(row, first) or ""))
            if begun and label in ends:
                break
            if begun:
                values = {each.name: each.of_cell(cell_of(row, letter)) for letter, each in self.columns.items()}
                for letter, each in self.columns.items():
                    places[len(told), each.name] = f"{letter}{number}"
                told.append({name: value for name, value in values.items() if not _is_nothing(value)})
            begun = begun or label in headings
        while told and not told[-1]:
            told.pop()
        return told, places


def cell_of(row, letter):
    """A cell of a row by its column; None where it is empty."""
    at = column_index_from_string(letter) - 1
    return row[at] if at < len(row) else None
