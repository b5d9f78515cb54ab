"""Reading a sheet of an .xlsx workbook that somebody sent: as little as is needed, and nothing that is not there.

Values are read by calamine, which is fast and takes a cell's error, and a formula that nobody has computed, for an
empty cell; and a sheet's cells as one rectangle from the first to the last, however few there are. So the sheet is
looked through before (`xlcost.guard`): what would do harm or take too much memory is refused, and cells without a value
are marked.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

from .errors import InputError, XlcostError
from .guard import limits
from .guard.calls import check_queries
from .guard.cells import CellsSeen, check_texts, read_one_by_one
from .guard.package import Package, is_archive, opened
from .guard.refused import Refused
from .languages import spellings
from .sentences import Sentence


class NoValue:
    """A cell that has something in it and yet no value: an error, or a formula that was never computed.

    Parameters
    ----------
    shown : str or Sentence
        What sentences call it.
    """

    def __init__(self, shown):
        self.shown = shown

    def __str__(self):
        return self.shown


NOT_COMPUTED = NoValue(Sentence("a formula without a stored value (open and save the workbook once)"))


@dataclass(frozen=True)
class Cells:
    """Cells of a sheet.

    Attributes
    ----------
    rows : list of (int, list)
        Each row's number and its cells: None where empty, `NoValue` where there is no value to read.
    formulas : dict of int to array
        Rows with a formula, by column, both from 1.
    package : Package
    first_column : int
        Of the cells of `rows`, from 1.
    """

    rows: list
    formulas: dict
    package: Package = field(repr=False)
    first_column: int

    def refuse_calls(self, columns, rows):
        """Refuse a workbook with formulas that fetch their values from outside, where a formula's value is used.

        Parameters
        ----------
        columns : iterable of int
            Whose values are used, as places in a row.
        rows : range
            Numbers of the rows in which they are.
        """
        found = (self.formulas.get(column + self.first_column, ()) for column in columns)
        if any(row in rows for of_column in found for row in of_column):
            self.package.refuse_calls()


def read_sheet(path, sheet):
    """Cells of a sheet in rows, of a workbook in which no formula fetches its value from outside.

    Parameters
    ----------
    path : Path
    sheet : str
        In English; it may be called so in any language. The first sheet with cells counts where there is none.

    Returns
    -------
    list of (int, list)
        Each row's number and its cells: None where empty, `NoValue` where there is no value to read.

    Raises
    ------
    XlcostError
        It is no such workbook, or one that would do harm or take too much memory.
    """
    cells = read_cells(path, sheet)
    cells.package.refuse_calls()
    return cells.rows


def read_cells(path, sheet):
    """Cells of a sheet, of which formulas may fetch their values from outside; see `Cells.refuse_calls`.

    Parameters
    ----------
    path : Path
    sheet : str
        As `read_sheet` takes it.

    Returns
    -------
    Cells

    Raises
    ------
    XlcostError
        It is no such workbook, or one that would do harm or take too much memory.
    """
    package = opened(path)
    name = _called(package, sheet) or package.sheets[0][0]
    if name not in package.ahead:
        _read(path, package, [name])
    return package.ahead.pop(name)


def read_ahead(path, sheets):
    """Read sheets together, which is quicker than one after the other; `read_cells` then has them.

    What is wrong with one of them is said by `read_cells`.

    Parameters
    ----------
    path : Path
    sheets : iterable of str
        In English; those that there are.
    """
    package = opened(path)
    try:
        _read(path, package, list(filter(None, (_called(package, sheet) for sheet in sheets))))
    except XlcostError:
        package.ahead.clear()


def _read(path, package, names):
    """Put the cells of sheets ahead."""
    from python_calamine import CalamineError, CalamineWorkbook

    parts = dict(package.sheets)
    parts = {name: parts[name] for name in names}
    try:
        file, seen = _looked_through(package, parts)
        with CalamineWorkbook.from_filelike(file) as workbook:
            del file
            for name in parts:
                found = workbook.get_sheet_by_name(name)
                rows = found.to_python(skip_empty_area=True)
                package.ahead[name] = _cells(package, rows, found.start or (0, 0), seen[name])
    except Refused as refused:
        raise InputError(refused.sentences, path) from None
    except XlcostError:
        # It is a ValueError too, and has said all.
        raise
    except (
        CalamineError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        expat.ExpatError,
        KeyError,
        IndexError,
        ValueError,
    ) as error:
        said = Sentence("not an .xlsx workbook that can be read ({why})", why=str(error))
        raise XlcostError(said, path) from None


def _cells(package, rows, start, seen):
    """Cells as calamine reads them, and what was seen of those that it takes for empty."""
    first_row, first_column = start
    rows = [[None if cell == "" else cell for cell in row] for row in rows]
    without_value = [(row, column, NoValue(shown)) for row, column, shown in seen.errors]
    without_value += [(row, column, NOT_COMPUTED) for row, column in seen.not_computed]
    by_row, last_column = dict(enumerate(rows, first_row + 1)), first_column + len(rows[0]) if rows else 0
    for row, column, nothing in without_value:
        if row in by_row and first_column < column <= last_column:
            by_row[row][column - first_column - 1] = nothing
    return Cells(list(enumerate(rows, first_row + 1)), seen.formulas, package, first_column + 1)


def has_sheet(path, name):
    """Whether a file is a workbook with a sheet of this name, in any language; see `name_of_sheet`."""
    return name_of_sheet(path, name) is not None


def name_of_sheet(path, name):
    """What a workbook calls the sheet of an English name; None where it is no workbook, or has no such sheet.

    Raises
    ------
    XlcostError
        It is a workbook that would do harm or take too much memory.
    """
    if not os.fspath(path).lower().endswith(".xlsx") or not is_archive(path):
        return None
    return _called(opened(path), name)


def _called(package, sheet):
    """What the sheet of an English name is called; None where there is none."""
    names = dict(package.sheets)
    return next((name for name in spellings(sheet) if name in names), None)


def _looked_through(package, parts):
    """A workbook with these sheets alone, and what was seen of the cells of each."""
    for name, part in parts.items():
        if (size := package.size(part)) > limits.SHEET:
            about = dict(sheet=repr(name), size=limits.in_mb(size), most=limits.in_mb(limits.SHEET))
            raise Refused(Sentence("sheet {sheet} has {size} MB; {most} are allowed", **about))
    seen = {name: CellsSeen() for name in parts}
    file = package.with_sheets({part: seen[name].take for name, part in parts.items()})
    for name, part in parts.items():
        seen[name].end()
        seen[name].check(name)
        if not (seen[name].is_usual and package.is_plain(part)):
            with package.stream(part) as stream:
                seen[name] = read_one_by_one(stream, name)
            seen[name].check(name)
        if seen[name].count * package.longest_text > limits.TEXTS:
            with package.stream(part) as stream:
                check_texts(stream, seen[name].count, package, name)
    package.refuse_calls(in_sheets=False)
    check_queries(package, parts)
    return file, seen
