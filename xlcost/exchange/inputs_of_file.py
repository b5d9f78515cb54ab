"""The inputs of a file that came back, held against what the readers take: every one that cannot be, with its cell."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from ..columns import labels_of
from ..dates import from_serial
from ..errors import InputError
from .findings import Finding, formula_shown, shown
from .package import plain

ROW = re.compile(r"row (\d+): (?:(\w+)\b)?")
DAYS = "date", "month"
"""Formats of columns whose numbers are days."""
OTHER_FILE = re.compile(r"\[[^\]]+\]|\bhttps?:|\|")


@dataclass
class Inputs:
    """What is wrong with inputs, and which cells that concerns: English name of the sheet, row and column."""

    findings: list = field(default_factory=list)
    cells: list = field(default_factory=list)


class Table:
    """A table of inputs on a sheet of a file.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
        As it was written.
    columns : dict of str to Column
    found : FoundSheet
    layout : Layout
    """

    def __init__(self, sheet, columns, found, layout):
        self.sheet, self.columns, self.found, self.layout = sheet, columns, found, layout
        labels = labels_of(columns)
        blocks = [block for block in sheet.columns if block.role.startswith("input") and block.formula is None]
        self.first = blocks[0].first
        self.last = self.first + len(blocks[0].values) - 1
        headings = {
            column: labels.get(str(cell.value).casefold())
            for (row, column), cell in sheet.placed.items()
            if row == self.first - 1 and cell.style.startswith("heading")
        }
        places = {headings[block.column]: layout.column(block.column) for block in blocks}
        # A workbook of an older version may lack a column: another stands in its place.
        row = layout.row(self.first - 1)
        called = {name: labels.get(str(found.value(row, column)).casefold(), name) for name, column in places.items()}
        self.at = {name: column for name, column in places.items() if called[name] == name}
        # A table may go on where rows have been put between its own.
        self.rows = range(layout.row(self.first), layout.row(self.last) + 1)

    def cells(self, rows=None):
        """Values by row and name, where there are any."""
        for row in self.rows if rows is None else rows:
            values = {name: self.found.value(row, column) for name, column in self.at.items()}
            if any(value is not None and value != "" for value in values.values()):
                yield row, values


def tables_of(book, columns, given, layouts):
    """The tables of a file, by the English names of their sheets.

    Parameters
    ----------
    book : xlcost.workbook.book.Book
        As it should be.
    columns : dict of str to dict
        Columns of each table.
    given : xlcost.exchange.given.Given
    layouts : dict of str to Layout
    """
    written = {sheet.key: sheet for sheet in book.sheets}
    return {
        key: Table(written[key], of, given.sheets[key], layouts[key])
        for key, of in columns.items()
        if key in given.sheets
    }


def check_tables(tables, read):
    """What is wrong in the tables of a file.

    Parameters
    ----------
    tables : iterable of Table
    read : callable or None
        Takes a workbook that has nothing but these tables; gives the English name of each and a function that reads it.
        None where all have been read already.

    Returns
    -------
    Inputs
    """
    inputs = Inputs()
    if read is not None:
        with _copied(tables) as copy:
            for key, reader in read(copy):
                table = next(each for each in tables if each.sheet.key == key)
                try:
                    reader()
                except InputError as error:
                    for problem in error.problems:
                        _say(inputs, table, problem.removeprefix(f"{copy}: "))
    for table in tables:
        _links(inputs, table)
        _outside(inputs, table)
    return inputs


def _say(inputs, table, problem):
    """A reader's sentence as a finding."""
    named = ROW.match(problem)
    if not named:
        inputs.findings.append(Finding("input", table.found.name, "", problem, ""))
        return
    row, name = int(named[1]), named[2]
    column = table.at.get(name)
    first = column if column is not None else min(table.at.values())
    for each in table.at.values() if column is None else [column]:
        inputs.cells.append((table.sheet.key, row, each))
    if column is None:
        said = problem[len(f"row {row}: ") :]
        inputs.findings.append(Finding("input", table.found.name, f"{get_column_letter(first)}{row}", "", said))
        return
    value = table.found.value(row, column)
    said = problem[named.end() :].lstrip(": ")
    inputs.findings.append(
        Finding("input", table.found.name, f"{get_column_letter(column)}{row}", shown(value), f"{name}: {said}")
    )


def _links(inputs, table):
    """Inputs that are formulas which lead out of the file."""
    for column in table.at.values():
        cells = table.found.columns.get(column)
        for row, formula in zip(cells.rows, cells.formulas) if cells else ():
            if formula is not None and row in table.rows and OTHER_FILE.search(text := plain(formula, row)):
                cell = f"{get_column_letter(column)}{row}"
                inputs.findings.append(Finding("link", table.found.name, cell, formula_shown(text), "a value"))


def _outside(inputs, table):
    """Rows under the last one that is computed which look like those of the table, not like notes."""
    below = range(table.rows[-1] + 1, table.found.last_row() + 1)
    key, *_ = table.columns
    for row, values in table.cells(below):
        others = [name for name, value in values.items() if name != key and value not in (None, "")]
        if values[key] in (None, "") or len(others) < 2 or table.found.formula(row, table.at[key]) is not None:
            continue
        cell = f"{get_column_letter(table.at[key])}{row}"
        last = f"a row up to {table.rows[-1]}"
        inputs.findings.append(Finding("outside", table.found.name, cell, shown(values[key]), last))


@contextmanager
def _copied(tables):
    """A workbook with these tables alone, by their English names, in the rows of the file."""
    with tempfile.TemporaryDirectory(prefix="xlcost-") as folder:
        path = Path(folder, "tables.xlsx")
        book = Workbook(write_only=True)
        for table in tables:
            sheet = book.create_sheet(table.sheet.key)
            written = 1
            for _ in range(table.rows[0] - 2):
                sheet.append([])
                written += 1
            sheet.append(list(table.at))
            for row, values in table.cells():
                for _ in range(written, row - 1):
                    sheet.append([])
                sheet.append([_cell(sheet, values[name], table.columns[name]) for name in table.at])
                written = row
        book.save(path)
        yield path


def _cell(sheet, value, column):
    if value is None or value == "":
        return None
    if column.format in DAYS and type(value) is float and 0 <= value < 2_958_466:
        return WriteOnlyCell(sheet, from_serial(value).astype("datetime64[s]").item())
    cell = WriteOnlyCell(sheet, value if type(value) is not str else "")
    if type(value) is str:
        cell._value, cell.data_type = value, "s"
    return cell
