"""Reading a sheet of an .xlsx workbook that somebody sent: as little as is needed, and nothing that is not there.

Values are read by calamine, which is fast and takes a cell's error, and a formula that nobody has computed, for an
empty cell; and a sheet's cells as one rectangle from the first to the last, however few there are. So the parts of the
file are looked through before: what would take too much memory is refused, and cells without a value are marked.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple

from .errors import XlcostError
from .languages import spellings

LARGEST_FILE = 1 << 30
"""Bytes that all parts of a workbook may have together when they are unpacked."""
MOST_CELLS = 25_000_000
"""Cells from the first one to the last one in use, empty ones too."""
CHUNK = 1 << 20
LONGEST_TAG = 1 << 12
"""Bytes of a chunk that are looked at again with the next one, as a cell may begin in one and end in the other."""
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)([0-9]+)"')
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
        It is no such workbook, or one that would take too much memory.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    with path.open("rb") as file:
        head = file.read(len(ZIP))
    if head == COMPOUND:
        raise XlcostError(f"{path}: this is protected by a password, or an old .xls workbook; save it as plain .xlsx")
    if head != ZIP:
        raise XlcostError(f"{path}: not an .xlsx workbook, whatever its name says")
    try:
        without_value = _looked_through(path, sheet)
        with CalamineWorkbook.from_path(str(path)) as workbook:
            names = [found.name for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet]
            found = workbook.get_sheet_by_name(_named(sheet, names))
            first_row, first_column = found.start or (0, 0)
            rows = found.to_python(skip_empty_area=True)
    except XlcostError:
        raise
    except (CalamineError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, IndexError, ValueError) as error:
        raise XlcostError(f"{path}: not an .xlsx workbook that can be read ({error})") from None
    rows = [[None if cell == "" else cell for cell in row] for row in rows]
    for (row, column), shown in without_value.items():
        if 0 <= row - first_row < len(rows) and 0 <= column - first_column < len(rows[row - first_row]):
            rows[row - first_row][column - first_column] = NoValue(shown)
    return list(enumerate(rows, first_row + 1))


def has_sheet(path, name):
    """Whether a file is a workbook with a sheet of this name, in any language."""
    return name_of_sheet(path, name) is not None


def name_of_sheet(path, name):
    """What a workbook calls the sheet of an English name; None where it is no workbook, or has no such sheet."""
    path = Path(path)
    if path.suffix.lower() != ".xlsx" or not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as file:
        names = dict(_sheets(file))
    return next((each for each in spellings(name) if each in names), None)


def _looked_through(path, sheet):
    """Cells of the sheet that have no value, by row and column from 0: the error, or what is missing."""
    with zipfile.ZipFile(path) as file:
        size = sum(entry.file_size for entry in file.infolist())
        if size > LARGEST_FILE:
            raise XlcostError(
                f"{path}: unpacked it has {size / 1e6:,.0f} MB; a workbook may have {LARGEST_FILE / 1e6:,.0f} MB"
            )
        parts = _sheets(file)
        sheet = _named(sheet, [name for name, _ in parts])
        part = dict(parts)[sheet]
        last_row, last_column, is_suspicious = 0, 0, False
        with file.open(part) as stream:
            rest = b""
            while chunk := stream.read(CHUNK):
                content = rest + chunk
                places = _CELL.findall(content)
                if places:
                    last_row = max(last_row, int(places[-1][1]))
                    letters = {column for column, _ in places}
                    last_column = max(last_column, *(column_index_from_string(text.decode()) for text in letters))
                is_suspicious = is_suspicious or bool(_NO_VALUE.search(content))
                rest = content[-LONGEST_TAG:]
        if last_row * last_column > MOST_CELLS:
            raise XlcostError(
                f"{path}: sheet {sheet!r} reaches to row {last_row:,} and column {last_column:,}, more than "
                f"{MOST_CELLS:,} cells; clear what stands far from the table"
            )
        if not is_suspicious:
            return {}
        with file.open(part) as stream:
            return _without_value(stream)


def _named(sheet, names):
    """The sheet of this name in any language, else the first."""
    return next((name for name in spellings(sheet) if name in names), names[0])


def _sheets(file):
    """Names of a workbook's worksheets and their parts, in order."""
    main = next((target for kind, _, target in _relations(file, "") if kind == "officeDocument"), "xl/workbook.xml")
    parts = {key: target for kind, key, target in _relations(file, main) if kind == "worksheet"}
    nodes = _tree(file, main).iterfind("{*}sheets/{*}sheet")
    keys = [
        (node.get("name"), next((value for name, value in node.attrib.items() if name.endswith("}id")), None))
        for node in nodes
    ]
    return [(name, parts[key]) for name, key in keys if key in parts]


def _relations(file, part):
    folder, _, name = part.rpartition("/")
    for node in _tree(file, posixpath.join(folder, "_rels", f"{name}.rels")):
        target = posixpath.normpath(posixpath.join("/", folder, node.get("Target"))).lstrip("/")
        yield node.get("Type").rpartition("/")[2], node.get("Id"), target


def _tree(file, part):
    return etree.fromstring(file.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _without_value(stream):
    found = {}
    for _, cell in etree.iterparse(stream, tag="{*}c", resolve_entities=False, no_network=True):
        value, has_formula = "", False
        for part in cell:
            name = etree.QName(part).localname
            value = part.text or "" if name == "v" else value
            has_formula = has_formula or name == "f"
        row, column = coordinate_to_tuple(cell.get("r"))
        if cell.get("t") == "e":
            found[row - 1, column - 1] = value or "an error"
        elif has_formula and not value and cell.get("t") != "str":
            found[row - 1, column - 1] = "a formula without a stored value (open and save the workbook once)"
        cell.clear()
    return found
