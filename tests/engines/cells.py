"""What cells hold, said alike for every engine.

A number is a float, text a str, an empty cell None, and an error a :class:`CellError`. The result of a formula that
is TRUE or FALSE is what the engine makes of it: LibreOffice has no truth values and gives 1.0 or 0.0, CellRune gives
True or False. They are equal in Python.
"""

import datetime
import pathlib
import tempfile
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils.datetime import to_excel

# The last column that a sheet has: far from the cells that formulas refer to, on the same sheet.
RESULT_COLUMN = "XFD"


class EngineMissing(Exception):
    """The engine is not installed, or too old, so that its tests can't run on this machine."""


class EngineError(Exception):
    """The engine is installed, but failed at what it was asked for."""


@dataclass(frozen=True)
class CellError:
    """An error shown by a cell, such as ``CellError("#N/A")``. It is not equal to the text "#N/A"."""

    code: str

    def __str__(self):
        return self.code


def plain(value):
    """A value as all engines take it: a date becomes its serial number, a NumPy number a float."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, datetime.date):
        return float(to_excel(value))
    return float(value)


def trimmed(rows):
    """Rows from A1 to the last row and column that hold anything.

    Engines count a merely coloured cell as used or not, each in its own way; what cells hold they agree on.
    """
    height = max((number for number, row in enumerate(rows, 1) if any(value is not None for value in row)), default=0)
    width = max((last_used(row) for row in rows[:height]), default=0)
    return [list(row[:width]) for row in rows[:height]]


def last_used(row):
    """How many cells a row has up to its last one that holds anything."""
    return next((number for number in range(len(row), 0, -1) if row[number - 1] is not None), 0)


def evaluate(open_document, formulas, cells):
    """Results of many formulas at once, in one workbook that `open_document` opens.

    Parameters
    ----------
    open_document : callable
        Takes a path, returns an engine's document.
    formulas : list of str
        As in a file, each beginning with ``=``; functions newer than 2007 with the prefix ``_xlfn.``. They stand on
        the sheet "Sheet1", so ``A1`` and ``Sheet1!A1`` are the same cell.
    cells : dict
        Values of that sheet's cells by address. Text is always text, also when it begins with ``=``.

    Returns
    -------
    list
        One result a formula.
    """
    if not formulas:
        return []
    workbook = Workbook()
    workbook.active.title = "Sheet1"
    for row, formula in enumerate(formulas, 1):
        if not formula.startswith("="):
            raise ValueError(f"a formula begins with '=', this one does not: {formula!r}")
        workbook.active[f"{RESULT_COLUMN}{row}"] = formula
    with tempfile.TemporaryDirectory(prefix="xlcost-formulas-") as folder:
        path = pathlib.Path(folder, "formulas.xlsx")
        workbook.save(path)
        with open_document(path) as document:
            # Set here and not in the file, because openpyxl writes a number with 16 digits, and a double may need 17.
            document.set({("Sheet1", address): value for address, value in cells.items()})
            column = document.grid("Sheet1", f"{RESULT_COLUMN}1:{RESULT_COLUMN}{len(formulas)}")
    return [value for (value,) in column]
