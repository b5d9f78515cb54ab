"""Terms of cells, and ranges of them that are looked up or summed."""

from __future__ import annotations

import numpy as np

from .formula import OFFSET, ROW, SHEET, Term, as_term, sheet_prefix


def reference(sheet, cell, value, may_miss=False):
    """Term of one cell of a sheet; `cell` is an address such as ``$C$8`` or, for a column, ``F`` and `ROW`."""
    text = f"{SHEET}{sheet_prefix(sheet)}{cell}"
    return Term(text, value, may_miss=(text,) if may_miss else ())


class Range:
    """Cells that are looked up or summed: the text of a fixed reference and the values in it.

    Parameters
    ----------
    text : str
        For example ``"Prices!$C$6:$C$171"``.
    values : ndarray
        One a cell, in order.
    may_miss : bool, default False
        Whether cells in it can be empty.
    """

    __slots__ = ("_text", "values", "may_miss")

    def __init__(self, text, values, may_miss=False):
        self._text, self.values, self.may_miss = text, np.asarray(values), may_miss

    @property
    def text(self):
        return self._text.replace(SHEET, "")

    def __len__(self):
        return len(self.values)

    def cell(self, position):
        """Term of one of its cells, counted from 0, or from the end when negative."""
        prefix, column, first, _ = self._parts()
        position = range(len(self.values))[position]
        return Term(
            f"{prefix}${column}${first + position}",
            self.values[position].item() if isinstance(self.values[position], np.generic) else self.values[position],
        )

    def count(self):
        """Term of how many cells it has."""
        return Term(f"ROWS({self._text})", float(len(self)))

    def part(self, start, stop=None):
        """Some of its cells, as a slice."""
        prefix, column, first, _ = self._parts()
        places = range(len(self.values))[start:stop]
        text = f"{prefix}${column}${first + places[0]}:${column}${first + places[-1]}"
        return Range(text, self.values[start:stop], self.may_miss)

    def row(self, offset=0):
        """Term of the cell in a row, for a column of another table that begins `offset` rows further up."""
        prefix, column, _, _ = self._parts()
        shift = f"{offset:+d}{OFFSET}" if offset else ""
        text = f"{prefix}{column}{ROW}{shift}"
        return Term(text, self.values, may_miss=(text,) if self.values.dtype.kind == "f" else ())

    def _parts(self):
        prefix, _, cells = self._text.rpartition("!")
        first, _, last = cells.replace("$", "").partition(":")
        column = first.rstrip("0123456789")
        return f"{prefix}!", column, int(first[len(column) :]), int((last or first)[len(column) :])


class Block:
    """Cells in rows and columns, of which one is looked up: the text of a fixed reference and the numbers in it.

    Parameters
    ----------
    text : str
        For example ``"Calendar!$B$28:$F$33"``.
    values : ndarray
        Rows of numbers; NaN where a cell is empty.
    """

    __slots__ = ("_text", "values")

    def __init__(self, text, values):
        self._text, self.values = text, np.asarray(values, dtype=float)

    def at(self, row, column):
        """The cell in a row and a column, counted from 1; ``INDEX(block, row, column)``, which gives 0 of an empty one.

        >>> cell = Block("A1:B2", [[1.0, 2.0], [np.nan, 4.0]]).at(Term("C1", 2.0), Term("D1", 1.0))
        >>> cell.text, float(cell.value)
        ('INDEX(A1:B2,C1,D1)', 0.0)
        """
        row, column = as_term(row), as_term(column)
        rows, columns = (np.asarray(each.value, dtype=int) - 1 for each in (row, column))
        return Term(f"INDEX({self._text},{row._text},{column._text})", np.nan_to_num(self.values[rows, columns]))
