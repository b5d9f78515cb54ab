"""A workbook that came back against the one that it should be: formulas, stored values, fixed figures."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from functools import cache, lru_cache
from xml.sax.saxutils import escape

import numpy as np

from .. import excel_limits
from ..formula import OFFSET, ROW
from ..workbook.cell_xml import ROW_MARK, formula_in_row
from .findings import formula_shown, grouped, shown
from .formula_text import canonical, references, tokens, unguarded
from .package import MARK, ErrorValue, plain

RELATIVE, NEXT_TO_NOTHING = 1e-9, 1e-9
"""By how much two numbers may differ, as a share of the larger; and where both are next to nothing."""
KEPT = 50_000
"""Pairs of formulas of which it is kept whether they say the same."""
PRESUMED = "SUMPRODUCT(ISERROR(", "SUMPRODUCT(ISTEXT(", f"${excel_limits.ROWS})"
"""What formulas have in them whose value is taken for that of a table without slips, when a workbook is written."""
FACTS = "Prices", "Price steps", "Inputs"
"""Sheets whose fixed texts are looked up."""


class Comparison:
    """Compares sheet by sheet.

    Parameters
    ----------
    book : xlcost.workbook.book.Book
        The workbook as it should be.
    sheets : dict of str to FoundSheet
        By English names; those that are missing are left out.
    layouts : dict of str to Layout
    odd : iterable of (str, int, int)
        Inputs that make what is computed from them uncertain: English name, row and column of the file.
    """

    def __init__(self, book, sheets, layouts, odd=()):
        self.book, self.sheets, self.layouts = book, sheets, layouts
        self.written = {sheet.name.lower(): sheet.key for sheet in book.sheets}
        self.found_names = {key: sheet.name.lower() for key, sheet in sheets.items()}
        names = {sheet.key: sheet.name.lower() for sheet in book.sheets if sheet.key in sheets}
        self.in_place = all(layout.is_identity for layout in layouts.values())
        self.as_written = self.in_place and self.found_names == names
        # Cells whose value is not what it should be, by sheet and column, found so far; and what is said of them.
        self.tainted = defaultdict(lambda: defaultdict(set))
        self.wrong = defaultdict(dict)
        self.differing = []
        for key, row, column in odd:
            self._taint(key, row, column)
        self.agrees = lru_cache(maxsize=KEPT)(self._agrees)
        by_name = {sheet.name: sheet for sheet in sheets.values()}
        self.is_ascending = cache(lambda name, column: _is_ascending(by_name[name].columns[column].rows))

    def findings(self):
        """What is wrong, in the order of the sheets."""
        for sheet in self.book.sheets:
            if sheet.key in self.sheets:
                self._compare(sheet)
        self._keep_first_causes()
        found = []
        for sheet in self.book.sheets:
            if sheet.key in self.sheets:
                found += grouped(self.wrong[sheet.key], self.sheets[sheet.key].name)
        return found

    # --- one sheet

    def _compare(self, sheet):
        layout, found = self.layouts[sheet.key], self.sheets[sheet.key]
        for (row, column), cell in sheet.placed.items():
            at_row, at_column = layout.place(row, column)
            self._cell(sheet, cell, found, at_row, at_column)
        for block in sheet.columns:
            column = layout.column(block.column)
            if block.formula is None:
                if not self._is_input(sheet, block.role):
                    self._constants(sheet, block, found, layout, column)
            elif layout.is_identity:
                self._block(sheet, block, found, column)
            else:
                self._rows(sheet, block, found, layout, column, range(len(block.values)))

    @staticmethod
    def _is_input(sheet, style):
        return style.startswith("input") and not sheet.is_fixed

    def _cell(self, sheet, cell, found, row, column):
        if cell.formula is not None:
            self._formula(sheet, cell.formula, cell.value, found, row, column)
        elif not self._is_input(sheet, cell.style):
            self._constant(sheet, cell.style, cell.value, found, row, column)

    # --- formulas

    def _block(self, sheet, block, found, column):
        """A column with one formula: rows that read as it does are through at once."""
        cells, size = found.columns.get(column), len(block.values)
        at = None if cells is None or not self.in_place else _beginning(cells.rows, block.first, size)
        if at is None:
            self._rows(sheet, block, found, self.layouts[sheet.key], column, range(size))
            return
        formulas = cells.formulas[at : at + size]
        if not self.as_written:
            others = list(range(size))
        elif OFFSET in block.formula:
            wanted = formulas_in_rows(block.formula, block.first, size)
            others = [row for row, (one, other) in enumerate(zip(formulas, wanted)) if one != other]
        else:
            text = escape(block.formula).encode().replace(ROW.encode(), MARK)
            others = [row for row, formula in enumerate(formulas) if formula != text]
        if others and OFFSET not in block.formula:
            told = {}
            for row in others:
                if formulas[row] not in told:
                    told[formulas[row]] = self._agrees_in_any_row(sheet, block, formulas[row], block.first + row)
            others = [row for row in others if not told[formulas[row]]]
        wrong = set(others)
        self._rows(sheet, block, found, self.layouts[sheet.key], column, others)
        self._values(sheet, block, cells.values[at : at + size], column, wrong)

    def _agrees_in_any_row(self, sheet, block, formula, row):
        """Whether a formula, with `MARK` for its row, says in every row what the column's says."""
        if formula is None:
            return False
        # The mark may stand for other digits than those of a row that moves along.
        text = plain(formula, excel_limits.ROWS)
        cells = [part for kind, part in tokens(text) if kind == "cell"]
        moving = sum(
            part.endswith(str(excel_limits.ROWS)) and not part.endswith(f"${excel_limits.ROWS}") for part in cells
        )
        if moving != formula.count(MARK):
            return False
        return self.agrees(sheet.key, formula_in_row(block.formula, row), plain(formula, row))

    def _rows(self, sheet, block, found, layout, column, rows):
        values = block.values
        for row in rows:
            value = values[row]
            value = value.item() if isinstance(value, np.generic) else value
            at = layout.row(block.first + row)
            self._formula(sheet, block.formula, value, found, at, column, block.first + row)

    def _formula(self, sheet, formula, value, found, row, column, written_row=None):
        at = self._at(found, row, column)
        key = None if at is None else found.columns[column].formulas[at]
        stored = None if at is None else found.columns[column].values[at]
        wanted = formula if written_row is None else formula_in_row(formula, written_row)
        if key is None:
            kind = "deleted" if stored is None or stored == "" else "overwritten"
            said = "" if kind == "deleted" else shown(stored)
            self._add(sheet.key, row, column, kind, said, formula_shown(wanted))
            return
        is_same = self.as_written and key == escape(wanted).encode().replace(b"%d" % row, MARK)
        text = None if is_same else plain(key, row)
        if text is not None and not self.agrees(sheet.key, wanted, text):
            kind = "shifted" if _structure(wanted) == _structure(text) else "changed"
            self._add(sheet.key, row, column, kind, formula_shown(text), formula_shown(wanted))
            return
        if not agree(stored, value):
            if text is not None and stored == 0 and not self._agrees(sheet.key, wanted, text, with_guards=True):
                # What is empty counts as 0 where nobody asks whether it is.
                self._taint(sheet.key, row, column)
                return
            self._differs(sheet, wanted, value, stored, row, column)

    def _agrees(self, key, wanted, text, with_guards=False):
        """Whether two formulas of a sheet say the same, where nothing is empty."""
        one, other = canonical(wanted, self._name(key), self._place), canonical(text, self.found_names[key])
        return one == other or (not with_guards and unguarded(one) == unguarded(other))

    def _name(self, key):
        return next(name for name, each in self.written.items() if each == key)

    def _place(self, sheet, row, column):
        """Where a reference of the written workbook leads to in the file."""
        key = self.written.get(sheet)
        if key not in self.sheets:
            return sheet, row, column
        return self.found_names[key], *self.layouts[key].place(row, column)

    def _at(self, found, row, column):
        """Where in a column's lists a row stands; None where it holds nothing."""
        cells = found.columns.get(column)
        if cells is None:
            return None
        if not self.is_ascending(found.name, column):
            return found.place(column).get(row)
        at = bisect_left(cells.rows, row)
        return at if at < len(cells.rows) and cells.rows[at] == row else None

    # --- values

    def _values(self, sheet, block, stored, column, wrong):
        """Stored values of a column whose rows are as they were written, but for those that were looked at already."""
        expected = block.values
        if expected.dtype.kind == "f":
            is_packed = isinstance(stored, array)
            numbers = np.array(stored if is_packed else [value if type(value) is float else np.nan for value in stored])
            with np.errstate(invalid="ignore"):
                size = np.maximum(np.abs(numbers), np.abs(expected))
                near = np.abs(numbers - expected) <= np.maximum(RELATIVE * size, NEXT_TO_NOTHING)
            rows = np.flatnonzero(~near)
        else:
            rows = [row for row, (one, other) in enumerate(zip(stored, expected.tolist())) if one != other]
        for row in rows:
            if row in wrong:
                continue
            value = expected[row]
            value = value.item() if isinstance(value, np.generic) else value
            if not agree(stored[row], value):
                wanted = formula_in_row(block.formula, block.first + int(row))
                self._differs(sheet, wanted, value, stored[row], block.first + int(row), column)

    def _differs(self, sheet, wanted, value, stored, row, column):
        """A value that is not the expected one: said later, where none of the cells that it is computed from is."""
        if _is_noise(wanted, stored, value):
            return
        self._taint(sheet.key, row, column)
        is_missing = value is None or value == "" or value != value
        if any(name in wanted for name in PRESUMED):
            return
        if isinstance(stored, ErrorValue) and is_missing:
            return
        self.differing.append((sheet.key, wanted, value, stored, row, column))

    def _keep_first_causes(self):
        for key, wanted, value, stored, row, column in self.differing:
            if not self._has_cause(key, wanted):
                self.wrong[key][column, row] = "value", shown(stored), shown(value)

    def _has_cause(self, key, wanted):
        for name, first, last, left, right in references(wanted, self._name(key)):
            of = self.written.get(name)
            if of not in self.sheets:
                continue
            layout, tainted = self.layouts[of], self.tainted[of]
            first, left = layout.place(first, left)
            last, right = layout.place(last, right)
            for column in range(left, right + 1) if right - left < len(tainted) else list(tainted):
                rows = tainted.get(column) if left <= column <= right else None
                if rows and any(first <= row <= last for row in rows):
                    return True
        return False

    # --- what is fixed

    def _constants(self, sheet, block, found, layout, column):
        for row, value in enumerate(block.values.tolist(), block.first):
            self._constant(sheet, block.role, value, found, layout.row(row), column)

    def _constant(self, sheet, style, value, found, row, column):
        at = self._at(found, row, column)
        stored = None if at is None else found.columns[column].values[at]
        if agree(stored, value, must_be_stored=True):
            return
        if isinstance(value, str) or value is None:
            if not (sheet.key in FACTS or style.startswith("heading")) or not value:
                return
        elif value != value and not (sheet.key in FACTS and type(stored) is float):
            return
        kind = "text" if isinstance(value, str) else "figure"
        self._add(sheet.key, row, column, kind, shown(stored), shown(value))

    def _add(self, key, row, column, kind, found, expected):
        self._taint(key, row, column)
        self.wrong[key][column, row] = kind, found, expected

    def _taint(self, key, row, column):
        self.tainted[key][column].add(row)


def _is_ascending(rows):
    """Whether rows stand one below the other, each once, as all usual programs write them."""
    return bool(np.all(np.diff(np.asarray(rows)) > 0))


def _beginning(rows, first, size):
    """Where in a column's rows so many of them without a gap begin; None where they do not stand so."""
    at = bisect_left(rows, first)
    is_there = at + size <= len(rows) and rows[at] == first and rows[at + size - 1] == first + size - 1
    return at if is_there else None


def formulas_in_rows(formula, first, size):
    """A column's formula as XML in each of its rows, with `MARK` for the row's own number."""
    rows = [int(mark[1] or 0) for mark in ROW_MARK.finditer(formula)]
    text = ROW_MARK.sub("%d", escape(formula).replace("%", "%%")).encode()
    for row in range(first, first + size):
        yield (text % tuple([row + offset for offset in rows])).replace(b"%d" % row, MARK)


def agree(stored, expected, must_be_stored=False):
    """Whether a stored value is the expected one; one that is not stored agrees where it need not be."""
    is_nothing = expected is None or expected == "" or expected != expected
    if stored is None:
        return is_nothing or not must_be_stored
    if stored == "" and not isinstance(stored, bool):
        return is_nothing
    if is_nothing or isinstance(stored, ErrorValue):
        return False
    if isinstance(stored, str) or isinstance(expected, str):
        return stored == expected
    stored, expected = float(stored), float(expected)
    return abs(stored - expected) <= max(RELATIVE * max(abs(stored), abs(expected)), NEXT_TO_NOTHING)


def _is_noise(formula, stored, expected):
    """Whether two numbers are both next to nothing, as what is left where the cells of a formula add up to nothing."""
    if type(stored) is not float or not isinstance(expected, (int, float)):
        return False
    areas = references(formula, "")
    cells = sum((last - first + 1) * (right - left + 1) for _, first, last, left, right in areas)
    return max(abs(stored), abs(expected)) <= NEXT_TO_NOTHING * cells


def _structure(formula):
    """A formula without what its references lead to."""
    return [text.upper() for kind, text in tokens(formula) if kind not in ("cell", "sheet", "blank")]
