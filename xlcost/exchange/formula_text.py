"""Formulas as text: whether two say the same, whatever program has written them.

Programs differ in blanks, in capitals, in quotes around the names of sheets, in prefixes of functions, in how they
write numbers and TRUE; none of that changes what a formula computes. Rows and columns may have moved, and sheets may be
called otherwise: `canonical` puts every reference as its caller says.
"""

from __future__ import annotations

import re
from functools import lru_cache

from openpyxl.utils import column_index_from_string, get_column_letter

from .. import excel_limits

TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)
    |(?P<cell>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?![\w.(!]))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
    |(?P<name>[^\W\d][\w.\\]*)
    |(?P<error>\#[A-Z/0!?]+)
    |(?P<blank>\s+)
    |(?P<sign><>|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
PREFIXES = ("_xlfn.", "_xlws.", "_xlfn._xlws.")
CONSTANTS = {"TRUE", "FALSE"}


def as_it_is(sheet, row, column):
    """A reference where nothing has moved."""
    return sheet, row, column


def canonical(formula, sheet, place=as_it_is):
    """A formula in one spelling, every reference with its sheet.

    Parameters
    ----------
    formula : str
        Without "=".
    sheet : str
        On which it stands: what a reference without a sheet means.
    place : callable, optional
        Where a reference to a sheet, row and column leads to.

    Returns
    -------
    str

    Examples
    --------
    >>> canonical("IF( runs!$A6=\\"\\",TRUE(),1.0)", "Costs")
    'IF(runs!$A6="",TRUE,1)'
    >>> canonical("if('Runs'!$A6=\\"\\",true,1)", "Costs") == canonical("IF(Runs!$A6=\\"\\",TRUE,1)", "Costs")
    True
    """
    parts, on = [], None
    for kind, text in tokens(formula):
        if kind == "blank":
            continue
        if kind == "sheet":
            on = text[:-1]
            on = (on[1:-1].replace("''", "'") if on.startswith("'") else on).lower()
            continue
        if kind == "cell":
            placed = _placed(text, sheet.lower() if on is None else on, place)
            if parts[-1:] == [":"] and parts[-2] == placed:
                # An area of one cell is that cell.
                parts.pop()
            else:
                parts.append(placed)
            continue
        if text != ":":
            on = None
        if kind == "number":
            text = f"{float(text):.15G}"
        elif kind == "name":
            text = text.upper()
            for prefix in map(str.upper, PREFIXES):
                text = text.removeprefix(prefix)
        parts.append(text)
    joined = "".join(parts)
    for name in CONSTANTS:
        joined = joined.replace(f"{name}()", name)
    return joined


GUARD = '="","",'
"""In a formula in one spelling: where its first part is empty, so is the formula."""


def unguarded(formula):
    """A formula in one spelling without tests of whether what it only looks up is empty.

    Whether there are such tests depends on whether anything was empty when the workbook was written.

    >>> unguarded('2*IF(INDEX(a!A1:A3,2)="","",INDEX(a!A1:A3,2))'), unguarded('IF(a!A1="","",a!B1)')
    ('2*INDEX(a!A1:A3,2)', 'IF(a!A1="","",a!B1)')
    """
    at = formula.find(GUARD)
    while at >= 0:
        begin = formula.rfind("IF(", 0, at)
        while begin >= 0:
            tested = formula[begin + 3 : at]
            if formula.startswith(f"{tested})", at + len(GUARD)):
                formula = f"{formula[:begin]}{tested}{formula[at + len(GUARD) + len(tested) + 1 :]}"
                at = begin
                break
            begin = formula.rfind("IF(", 0, begin)
        at = formula.find(GUARD, at + 1)
    return formula


@lru_cache(maxsize=4096)
def tokens(formula):
    """Kinds and texts of a formula's parts, in order."""
    return tuple((found.lastgroup, found.group()) for found in TOKEN.finditer(formula))


def _placed(cell, sheet, place):
    fixed_column, letters, fixed_row, row = CELL.fullmatch(cell).groups()
    sheet, row, column = place(sheet, int(row), column_number(letters.upper()))
    return f"{sheet}!{fixed_column}{get_column_letter(column)}{fixed_row}{row}"


column_number = lru_cache(maxsize=20_000)(column_index_from_string)


def references(formula, sheet):
    """Areas that a formula refers to: sheet in lower case, first and last row, first and last column.

    >>> references("SUM(A1:B3)*Runs!$C$4", "Costs")
    [('costs', 1, 3, 1, 2), ('runs', 4, 4, 3, 3)]
    """
    found, on, goes_on = [], None, False
    for kind, text in tokens(formula):
        if kind == "sheet":
            on = text[:-1].strip("'").replace("''", "'").lower()
        elif kind == "cell":
            _, letters, _, row = CELL.fullmatch(text).groups()
            row, column = int(row), column_number(letters.upper())
            if goes_on and found:
                whole, first, _, left, _ = found.pop()
                found.append((whole, first, row, left, column))
            else:
                found.append((sheet.lower() if on is None else on, row, row, column, column))
        elif text != ":":
            on = None
        goes_on = text == ":"
    return found


def moved(formula, rows, columns):
    """A formula as it reads so many rows further down and columns further right: how shared formulas are stored.

    >>> moved("A1*$B$2+Runs!C$3", 2, 1)
    'B3*$B$2+Runs!D$3'
    """
    parts = []
    for kind, text in tokens(formula):
        if kind == "cell":
            fixed_column, letters, fixed_row, row = CELL.fullmatch(text).groups()
            column = column_number(letters.upper())
            column = column if fixed_column else (column + columns - 1) % excel_limits.COLUMNS + 1
            row = int(row) if fixed_row else (int(row) + rows - 1) % excel_limits.ROWS + 1
            text = f"{fixed_column}{get_column_letter(column)}{fixed_row}{row}"
        parts.append(text)
    return "".join(parts)
