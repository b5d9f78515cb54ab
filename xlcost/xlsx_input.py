"""Reading a sheet of an .xlsx workbook that somebody sent: as little as is needed, and nothing that is not there.

Values are read by calamine, which is fast and takes a cell's error, and a formula that nobody has computed, for an
empty cell; and a sheet's cells as one rectangle from the first to the last, however few there are. So the parts of the
file are looked through before (`xlcost.guard`): what would do harm or take too much memory is refused, and cells
without a value are marked.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple

from .errors import XlcostError
from .guard import limits
from .guard.package import opened
from .guard.refused import Refused
from .languages import spellings

LONGEST_TAG = 1 << 12
"""Bytes of a piece that are looked at again with the next one, as a cell may begin in one and end in the other."""

_CELL_BEGINS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CELL = re.compile(rb"""<(?:\w+:)?c(?: \w+="[^"<>]*")*? r="([A-Z]{1,3})([0-9]{1,7})"[ />]""")
"""A cell as spreadsheets spell it: what is spelled otherwise is counted one by one."""
_TYPE_AND_VALUE = re.compile(
    rb"""<(?:\w+:)?c(?: r="\w*"| s="\d*"| cm="\d*"| t="(\w*)")*(?:/>|>(?:<v>([0-9]{1,9})</v>)?)"""
)
_NO_VALUE = re.compile(
    # An error, or a formula whose value is not there or empty.
    rb'<(?:\w+:)?c\b[^>]*\bt="e"|(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)"
)


class NoValue:
    """A cell that has something in it and yet no value: an error, or a formula that was never computed."""

    def __init__(self, shown):
        self.shown = shown

    def __str__(self):
        return self.shown


def read_sheet(path, sheet):
    """Cells of a sheet in rows.

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
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    package = opened(path)
    try:
        without_value = _looked_through(package, sheet)
        with CalamineWorkbook.from_filelike(package.file()) as workbook:
            names = [found.name for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet]
            found = workbook.get_sheet_by_name(_named(sheet, names))
            first_row, first_column = found.start or (0, 0)
            rows = found.to_python(skip_empty_area=True)
    except Refused as refused:
        raise XlcostError(f"{path}: {refused}") from None
    except (
        CalamineError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        expat.ExpatError,
        KeyError,
        IndexError,
        ValueError,
    ) as error:
        raise XlcostError(f"{path}: not an .xlsx workbook that can be read ({error})") from None
    rows = [[None if cell == "" else cell for cell in row] for row in rows]
    for (row, column), shown in without_value.items():
        if 0 <= row - first_row < len(rows) and 0 <= column - first_column < len(rows[row - first_row]):
            rows[row - first_row][column - first_column] = NoValue(shown)
    return list(enumerate(rows, first_row + 1))


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
    path = Path(path)
    if path.suffix.lower() != ".xlsx" or not zipfile.is_zipfile(path):
        return None
    names = dict(opened(path).sheets)
    return next((each for each in spellings(name) if each in names), None)


def _looked_through(package, sheet):
    """Cells of the sheet that have no value, by row and column from 0: the error, or what is missing."""
    sheet = _named(sheet, [name for name, _ in package.sheets])
    part = dict(package.sheets)[sheet]
    with package.stream(part) as stream:
        if (size := package.size(part)) > limits.SHEET:
            raise Refused(f"sheet {sheet!r} has {size / 1e6:,.0f} MB; {limits.SHEET / 1e6:,.0f} are allowed")
        last_row, last_column, cells, is_suspicious, is_odd = _extent(stream)
    if cells * package.longest_text > limits.TEXTS:
        with package.stream(part) as stream:
            _check_texts(stream, cells, package, sheet)
    if is_odd:
        with package.stream(part) as stream:
            last_row, last_column = _counted(stream, sheet)
    if last_row * last_column > limits.CELLS or last_row > limits.ROWS or last_column > limits.COLUMNS:
        raise Refused(
            f"sheet {sheet!r} reaches to row {last_row:,} and column {last_column:,}, more than "
            f"{limits.CELLS:,} cells; clear what stands far from the table"
        )
    if not is_suspicious:
        return {}
    with package.stream(part) as stream:
        return _without_value(stream)


def _extent(stream):
    """Last row and column in use, how many cells (or a few more), whether one may have no value, and whether cells are
    spelled as none should be."""
    last_row, last_column, cells, is_suspicious, is_odd = 0, 0, 0, False, False
    rest = b""
    while piece := stream.read(limits.PIECE):
        content = rest + piece
        places = _CELL.findall(content)
        if places:
            last_row = max(last_row, max(int(row) for row in {row for _, row in places}))
            letters = {column for column, _ in places}
            last_column = max(last_column, *(column_index_from_string(text.decode()) for text in letters))
        is_suspicious = is_suspicious or bool(_NO_VALUE.search(content))
        # A cell that is cut off at the end is seen whole with the next piece.
        begun = len(_CELL_BEGINS.findall(content))
        is_odd, cells = is_odd or begun > len(places) + (not content.endswith(b">")), cells + begun
        rest = content[-LONGEST_TAG:]
    return last_row, last_column, cells, is_suspicious, is_odd


def _check_texts(stream, cells, package, sheet):
    """Refuse a sheet whose cells share long texts so often that they would fill the memory."""
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
        raise Refused(f"the texts of sheet {sheet!r} have more than {limits.TEXTS / 1e6:,.0f} MB")


def _counted(stream, sheet):
    """Last row and column in use, each cell read as a parser reads it: one without a place is behind the one before."""
    row = column = last_row = last_column = cells = 0

    def begin(name, attributes):
        nonlocal row, column, last_row, last_column, cells
        name, place = name.rpartition(":")[2], attributes.get("r")
        if name == "row":
            row, column = int(place) if place else row + 1, 0
        elif name == "c":
            row, column = coordinate_to_tuple(place) if place else (row, column + 1)
            last_row, last_column, cells = max(last_row, row), max(last_column, column), cells + 1
            if cells > limits.CELLS:
                raise Refused(f"sheet {sheet!r} has more than {limits.CELLS:,} cells")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    while piece := stream.read(limits.PIECE):
        parser.Parse(piece)
    return last_row, last_column


def _named(sheet, names):
    """The sheet of this name in any language, else the first."""
    return next((name for name in spellings(sheet) if name in names), names[0])


def _without_value(stream):
    found, row, column = {}, 0, 0
    nodes = etree.iterparse(stream, ("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False, no_network=True)
    for event, cell in nodes:
        is_row = etree.QName(cell).localname == "row"
        if event == "start":
            place = cell.get("r")
            if is_row:
                row, column = int(place) if place else row + 1, 0
            else:
                row, column = coordinate_to_tuple(place) if place else (row, column + 1)
            continue
        if is_row:
            cell.clear()
            continue
        value, has_formula = "", False
        for part in cell:
            name = etree.QName(part).localname
            value = part.text or "" if name == "v" else value
            has_formula = has_formula or name == "f"
        if cell.get("t") == "e":
            found[row - 1, column - 1] = value or "an error"
        elif has_formula and not value and cell.get("t") != "str":
            found[row - 1, column - 1] = "a formula without a stored value (open and save the workbook once)"
        cell.clear()
    return found
