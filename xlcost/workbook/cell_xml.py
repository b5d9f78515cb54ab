"""Cells as the XML of a sheet: one by one, or a column whose formula is a template for any row."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from .. import excel_limits
from ..errors import XlcostError
from ..formula import OFFSET, ROW

READ_AS_SOMETHING_ELSE = tuple("=+-@0123456789")
"""Text that begins like this would become a formula, a number or a date when somebody edits its cell."""

ROW_MARK = re.compile(f"{ROW}(?:([+-]\\d+){OFFSET})?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """A column of cells: constants, or one formula for all rows."""

    column: int
    letter: str
    first: int
    values: np.ndarray
    formula: str | None
    style: int
    quoted_style: int
    role: str

    def cells(self, begin, end):
        """Row numbers and cells within some rows."""
        begin, end = max(begin, self.first), min(end, self.first + len(self.values))
        if begin >= end:
            return
        values = self.values[begin - self.first : end - self.first].tolist()
        if self.formula is None:
            for row, value in zip(range(begin, end), values):
                quoted = isinstance(value, str) and value.startswith(READ_AS_SOMETHING_ELSE)
                yield row, cell(f"{self.letter}{row}", self.quoted_style if quoted else self.style, None, value)
            return
        template = escape(self.formula)
        marks = {mark.group(): int(mark.group(1) or 0) for mark in ROW_MARK.finditer(template)}
        # The plain mark begins the others, so it comes last.
        marks = sorted(marks.items(), key=lambda mark: -len(mark[0]))
        letter, style = self.letter, self.style
        for row, value in zip(range(begin, end), values):
            formula = template
            for mark, offset in marks:
                formula = formula.replace(mark, str(row + offset))
            yield row, f'<c r="{letter}{row}" s="{style}"{result(formula, value)}</c>'


def formula_in_row(formula, row):
    """A column's formula as it stands in a row."""
    return ROW_MARK.sub(lambda mark: str(row + int(mark[1] or 0)), formula)


def cell(address, style, formula, value):
    """A cell as XML."""
    if formula is not None:
        return f'<c r="{address}" s="{style}"{result(escape(formula), value)}</c>'
    if value is None or value == "" or value != value:
        return f'<c r="{address}" s="{style}"/>'
    if isinstance(value, str):
        return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{address}" s="{style}" t="b"><v>{int(value)}</v></c>'
    return f'<c r="{address}" s="{style}"><v>{number(value)}</v></c>'


def result(formula, value, area=None):
    """A formula and its stored value, from the cell's type on; of an array formula with the cells that it fills."""
    formula = f'<f t="array" ref="{area}">{formula}</f>' if area else f"<f>{formula}</f>"
    if isinstance(value, str):
        return f' t="str">{formula}<v>{_text(value)}</v>'
    if isinstance(value, (bool, np.bool_)):
        return f' t="b">{formula}<v>{int(value)}</v>'
    if value is None or value != value:
        return f' t="str">{formula}<v></v>'
    return f">{formula}<v>{number(value)}</v>"


def number(value):
    value = float(value)
    if value in (float("inf"), float("-inf")):
        raise XlcostError("a result is too large for a spreadsheet: look for a slip in the largest numbers")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _text(value):
    if len(value) > excel_limits.TEXT:
        raise XlcostError(f"a text of {len(value):,} characters ({value[:30]!r} …): a cell takes {excel_limits.TEXT:,}")
    return escape(_ESCAPE_LIKE.sub("_x005F_", _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value)))
