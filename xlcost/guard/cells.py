"""The cells of a sheet before they are read: how far they reach, which have a formula, and which have no value.

Spreadsheets spell cells of one kind, which one expression finds piece by piece. A sheet in which a cell is spelled
otherwise is read element by element, thirty times slower.
"""

from __future__ import annotations

import re
from array import array
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple

from .. import excel_limits
from ..sentences import Sentence
from . import limits
from .refused import Refused

_CELL = re.compile(
    # As spreadsheets spell it: column, row, type, whether there is a formula, and what is the value.
    rb'<(?:c(?: r="([A-Z]{1,3})([0-9]{1,7})"(?: (?:s|cm|vm|ph)="\w*+"| t="(\w*+)")*+'
    rb"(?:/>|>(?:(<f)(?: [^>]*+)?+>(?:[^<]*+</f>)?+)?+\s*+"
    # To its end, as a rule, so that nothing in it is looked at again.
    rb"(?:<v>([^<]++)(?:</v></c>)?+|(?:<v/>|<v></v>)?+</c>|<is>(?:<t[^>]*+>[^<]*+</t></is></c>)?+)))"
    # As any other program may: that it is there.
    rb"|(?:\w++:)?+c(?=[\s/>]))"
)
_CLAIM = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*?\bref\s*=\s*["'][A-Z]+[0-9]+:([A-Z]{1,3})([0-9]{1,7})["']""")
_TYPE_AND_VALUE = re.compile(
    rb"""<(?:\w+:)?c(?: r="\w*"| s="\d*"| cm="\d*"| t="(\w*)")*(?:/>|>(?:<v>([0-9]{1,9})</v>)?)"""
)


class CellsSeen:
    """What is known of a sheet's cells.

    Attributes
    ----------
    last_row, last_column : int
        Of the cells, from 1.
    count : int
        Cells.
    errors : list of (int, int, str)
        Cells with an error: row and column, both from 1, and the error.
    not_computed : list of (int, int)
        Cells with a formula that has no value: row and column.
    formulas : dict of int to array
        Rows with a formula, by column, both from 1.
    claim : (int, int)
        Last row and column that the sheet says it has.
    is_usual : bool
        Whether all cells are spelled as spreadsheets spell them; otherwise nothing else is right.
    """

    def __init__(self):
        self.last_row = self.last_column = self.count = 0
        self.errors, self.not_computed, self.formulas, self.is_usual = [], [], {}, True
        self.claim, self._rest, self._numbers = (0, 0), b"", {}

    def take(self, piece):
        """Look at a piece of the sheet's XML that ends with a tag."""
        # It stands in front of all cells.
        if not self.count and (claim := _CLAIM.search(piece)):
            self.claim = int(claim[2]), column_index_from_string(claim[1].decode())
        begun, content = len(self._rest), self._rest + piece
        # As far as a cell is whole.
        end = content.rfind(b"<c ", begun)
        content, self._rest = (content[:end], content[end:]) if end > 0 else (content, b"")
        self._look(content)

    def end(self):
        """All pieces have been taken."""
        self._look(self._rest)
        self._rest = b""

    def _look(self, content):
        cells = _CELL.findall(content) if self.is_usual else ()
        if not cells:
            return
        self.count += len(cells)
        letters = {cell[0] for cell in cells}
        if b"" in letters:
            self.is_usual = False
            return
        self._numbers |= {each: column_index_from_string(each.decode()) for each in letters - self._numbers.keys()}
        self.last_column = max(self.last_column, *(self._numbers[each] for each in letters))
        self.last_row = max(self.last_row, *map(int, {cell[1] for cell in cells}))
        computed = {each: self.formulas.setdefault(self._numbers[each], array("i")) for each in letters}
        for column, row, kind, formula, value in [cell for cell in cells if cell[3] or cell[2] == b"e"]:
            row = int(row)
            if formula:
                computed[column].append(row)
            if kind == b"e":
                self.errors.append((row, self._numbers[column], _error(value)))
            elif not value and kind != b"str":
                self.not_computed.append((row, self._numbers[column]))

    def check(self, sheet):
        """Refuse cells so far from each other that a rectangle of them would fill the memory."""
        if self.claim >= (excel_limits.ROWS, excel_limits.COLUMNS):
            raise Refused(
                Sentence(
                    "sheet {sheet} says that it fills all {rows} rows and {columns} columns, as no table does; copy "
                    "the table to a new workbook",
                    sheet=repr(sheet),
                    rows=f"{excel_limits.ROWS:,}",
                    columns=f"{excel_limits.COLUMNS:,}",
                )
            )
        last_row, last_column = self.last_row, self.last_column
        if last_row * last_column > limits.CELLS or last_row > excel_limits.ROWS or last_column > excel_limits.COLUMNS:
            raise Refused(
                Sentence(
                    "sheet {sheet} reaches to row {row} and column {column}, more than {most} cells; clear what stands "
                    "far from the table",
                    sheet=repr(sheet),
                    row=f"{last_row:,}",
                    column=f"{last_column:,}",
                    most=f"{limits.CELLS:,}",
                )
            )


def read_one_by_one(stream, sheet):
    """A sheet's cells as a parser reads them: one without a place is behind the one before.

    Parameters
    ----------
    stream : binary file
    sheet : str
        Its name, for the sentences.

    Returns
    -------
    CellsSeen
    """
    seen, row, column, kind, value, has_formula, is_value = CellsSeen(), 0, 0, "", [], False, False

    def begin(name, attributes):
        nonlocal row, column, kind, has_formula, is_value
        name, place = name.rpartition(":")[2], attributes.get("r")
        if name == "row":
            row, column = int(place) if place else row + 1, 0
        elif name == "c":
            row, column = coordinate_to_tuple(place) if place else (row, column + 1)
            kind, has_formula = attributes.get("t", ""), False
            value.clear()
            seen.last_row, seen.last_column = max(seen.last_row, row), max(seen.last_column, column)
            seen.count += 1
            if seen.count > limits.CELLS:
                about = dict(sheet=repr(sheet), most=f"{limits.CELLS:,}")
                raise Refused(Sentence("sheet {sheet} has more than {most} cells", **about))
        has_formula = has_formula or name == "f"
        is_value = name == "v"

    def end(name):
        nonlocal is_value
        is_value = False
        if name.rpartition(":")[2] != "c":
            return
        if has_formula:
            seen.formulas.setdefault(column, array("i")).append(row)
        if kind == "e":
            seen.errors.append((row, column, _error("".join(value).encode())))
        elif has_formula and kind != "str" and not value:
            seen.not_computed.append((row, column))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda text: value.append(text) if is_value else None
    while piece := stream.read(limits.PIECE):
        parser.Parse(piece)
    return seen


def _error(value):
    return value.decode("utf-8", "replace") or Sentence("an error")


def check_texts(stream, cells, package, sheet):
    """Refuse a sheet whose cells share long texts so often that they would fill the memory.

    Parameters
    ----------
    stream : binary file
    cells : int
        How many it has.
    package : xlcost.guard.package.Package
    sheet : str
        Its name.
    """
    lengths, size, told, rest = package.lengths_of_texts(), 0, 0, b""
    while piece := stream.read(limits.PIECE):
        content = rest + piece
        end = content.rfind(b"<row")
        content, rest = (content[:end], content[end:]) if end > 0 else (content, b"")
        for kind, value in _TYPE_AND_VALUE.findall(content):
            if kind == b"s" and value and int(value) < len(lengths):
                size += lengths[int(value)]
            told += kind != b"s" or bool(value)
    # A cell that is spelled otherwise may have the longest text.
    if size + max(cells - told, 0) * package.longest_text > limits.TEXTS:
        about = dict(sheet=repr(sheet), most=limits.in_mb(limits.TEXTS))
        raise Refused(Sentence("the texts of sheet {sheet} have more than {most} MB", **about))
