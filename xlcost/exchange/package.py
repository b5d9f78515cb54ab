"""Cells of a whole workbook that somebody sent: formulas and stored values, each sheet's columns, in one pass.

calamine gives values alone. So the sheets' XML is looked through in pieces by one expression, which takes the cells as
all usual programs write them; a sheet with cells of another look is parsed.
"""

from __future__ import annotations

import re
from array import array
from html import unescape
from pathlib import Path

from lxml import etree

from ..errors import InputError, XlcostError
from ..guard.package import opened
from ..guard.refused import Refused
from .formula_text import column_number, moved

PIECE = 4 << 20
"""Bytes that are looked at together."""
MARK = b"\x01"
"""Stands in a formula where its row's number is, so that the formulas of a column are equal."""
CELLS = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]++)"(?: s="[0-9]++")?(?: t="(\w++)")?(?: [cv]m="[0-9]++")*+\s*+(?:/>|>'
    rb"(?:<f([^>]*+)>(?:([^<]*+)</f>)?)?(<v[^>]*+>(?:([^<]*+)</v>)?)?(?:<is>(.*?)</is>)?</c>)",
    re.DOTALL,
)
ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
SHARED = re.compile(rb'\bsi="([0-9]+)"')
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class ErrorValue(str):
    """An error as a cell's value, such as #N/A."""


class FoundColumn:
    """Cells of a column that hold something, from top to bottom.

    Attributes
    ----------
    rows : array of int
    formulas : list of bytes or None
        As XML, with `MARK` for the row's own number.
    values : array of float, or list
        Numbers, texts, truth values, `ErrorValue`; None where no value is stored. Numbers alone are kept as such, in a
        quarter of the memory.
    """

    __slots__ = ("formulas", "rows", "values")

    def __init__(self):
        self.rows, self.formulas, self.values = array("i"), [], array("d")


class FoundSheet:
    """A sheet by columns.

    Attributes
    ----------
    name : str
    columns : dict of int to FoundColumn
    """

    def __init__(self, name):
        self.name, self.columns = name, {}
        self._places = {}

    def place(self, column):
        """Places in a column's lists by row."""
        if column not in self._places:
            found = self.columns.get(column)
            self._places[column] = {} if found is None else {row: at for at, row in enumerate(found.rows)}
        return self._places[column]

    def value(self, row, column):
        """A cell's stored value; None where there is none."""
        at = self.place(column).get(row)
        return None if at is None else self.columns[column].values[at]

    def formula(self, row, column):
        """A cell's formula without "="; None where there is none."""
        at = self.place(column).get(row)
        found = None if at is None else self.columns[column].formulas[at]
        return None if found is None else plain(found, row)

    def last_row(self):
        return max((column.rows[-1] for column in self.columns.values() if column.rows), default=0)


def plain(formula, row):
    """The text of a formula as `FoundColumn` keeps it."""
    return unescape(formula.replace(MARK, b"%d" % row).decode("utf-8", "replace"))


def read_package(path):
    """All sheets of a workbook.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of FoundSheet
        In the workbook's order.

    Raises
    ------
    XlcostError
        It is no workbook, or one that would do harm or take too much memory.
    """
    path = Path(path)
    try:
        package = opened(path)
        texts = _shared_texts(package)
        return [_sheet(package, name, part, texts) for name, part in package.sheets]
    except XlcostError:
        raise
    except Refused as refused:
        raise InputError(refused.sentences, path) from None
    except FileNotFoundError:
        raise XlcostError(f"{path}: there is no such file") from None
    except (IsADirectoryError, PermissionError):
        raise XlcostError(f"{path}: this cannot be read as a file") from None
    except (ValueError, IndexError, etree.XMLSyntaxError) as error:
        # A number that is none, a shared text that there is not, XML that breaks off.
        raise XlcostError(f"{path}: not an .xlsx workbook that can be read ({error})") from None


def _shared_texts(package):
    part = next((target for kind, _, target, _ in package.relations(package.main) if kind == "sharedStrings"), None)
    if part is None or part not in package.entries:
        return []
    found = []
    with package.stream(part) as stream:
        for _, item in etree.iterparse(stream, tag="{*}si", resolve_entities=False, no_network=True):
            found.append(_unescaped("".join(text.text or "" for text in item.iter("{*}t") if not _is_phonetic(text))))
            item.clear()
    return found


def _is_phonetic(text):
    return etree.QName(text.getparent()).localname == "rPh"


def _unescaped(text):
    return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _sheet(package, name, part, texts):
    sheet = FoundSheet(name)
    reader = _Reader(sheet, texts)
    with package.stream(part) as stream:
        rest = b""
        while chunk := stream.read(PIECE):
            content = rest + chunk
            # As far as a row ends, or, where none does, a cell.
            end = content.rfind(b"<row") if b"<row" in content else -1
            if end <= 0:
                rest = content
                continue
            piece, rest = content[:end], content[end:]
            if not reader.take(piece):
                break
        else:
            if reader.take(rest):
                return sheet
    sheet = FoundSheet(name)
    with package.stream(part) as stream:
        _parse(stream, _Reader(sheet, texts))
    return sheet


class _Reader:
    """Puts cells into a sheet's columns."""

    def __init__(self, sheet, texts):
        self.sheet, self.texts = sheet, texts
        self.letters, self.appenders, self.kept, self.shared = {}, {}, {}, {}

    def take(self, piece):
        """Take the cells of a piece of XML; says whether every cell has the usual look."""
        cells = CELLS.findall(piece)
        if len(cells) != piece.count(b"<c ") + piece.count(b"<c>") or b":c " in piece:
            return False
        add, appenders, kept = self.add, self.appenders, self.kept
        for letters, row, kind, attributes, formula, stored, value, inline in cells:
            if not kind and formula and not attributes and value and letters in appenders:
                # Most cells of a large workbook: a formula and its number.
                add_row, add_formula, add_value = appenders[letters]
                formula = formula.replace(row, MARK)
                add_row(int(row))
                add_formula(kept.setdefault(formula, formula))
                add_value(float(value))
            elif formula or stored or attributes or inline:
                add(letters, row, kind, attributes, formula, value if stored else None, inline)
        return True

    def add(self, letters, row, kind, attributes, formula, value, inline):
        column = self.letters.get(letters)
        if column is None:
            number = column_number(letters.decode())
            column = self.letters[letters] = self.sheet.columns.setdefault(number, FoundColumn())
            self._append_to(letters, column)
        if attributes and b"shared" in attributes:
            formula = self._shared(letters, row, attributes, formula)
        if formula:
            formula = formula.replace(row, MARK)
            formula = self.kept.setdefault(formula, formula)
        else:
            formula = None
        if value is None and kind != b"inlineStr":
            stored = None
        elif not kind or kind == b"n":
            stored = float(value) if value else None
        elif kind == b"s":
            stored = self.texts[int(value)] if value else None
        elif kind == b"str":
            stored = _unescaped(unescape(value.decode("utf-8", "replace")))
            stored = self.kept.setdefault(stored, stored)
        elif kind == b"inlineStr":
            stored = _unescaped(unescape(b"".join(TEXT.findall(inline)).decode("utf-8", "replace")))
        elif kind == b"b":
            stored = value == b"1"
        elif kind == b"e":
            stored = ErrorValue(value.decode("utf-8", "replace"))
        else:
            stored = value.decode("utf-8", "replace")
        if formula is not None or (stored is not None and stored != ""):
            if isinstance(column.values, array) and type(stored) is not float:
                column.values = column.values.tolist()
                self._append_to(letters, column)
            column.rows.append(int(row))
            column.formulas.append(formula)
            column.values.append(stored)

    def _append_to(self, letters, column):
        self.appenders[letters] = column.rows.append, column.formulas.append, column.values.append

    def _shared(self, letters, row, attributes, formula):
        """The formula of a cell that shares it with others."""
        found = SHARED.search(attributes)
        key = found[1] if found else b""
        if formula:
            self.shared[key] = letters, int(row), formula
            return formula
        if key not in self.shared:
            return b"#REF!"
        first, at, text = self.shared[key]
        across = column_number(letters.decode()) - column_number(first.decode())
        # Quotes in XML do no harm to a reference.
        return moved(unescape(text.decode()), int(row) - at, across).replace("&", "&amp;").encode()


def _parse(stream, reader):
    """Take the cells of a sheet whose XML looks otherwise."""
    row_number, column_number_ = 0, 0
    for _, node in etree.iterparse(
        stream, events=("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False, no_network=True
    ):
        is_row = etree.QName(node).localname == "row"
        if _ == "start":
            if is_row:
                row_number, column_number_ = int(node.get("r", row_number + 1)), 0
            continue
        if is_row:
            node.clear()
            continue
        address = node.get("r")
        place = ADDRESS.fullmatch(address or "")
        if address and not place:
            raise ValueError(f"{address[:30]!r} is no cell")
        letters = place and place[1]
        parts = {etree.QName(part).localname: part for part in node}
        formula, value, inline = (parts.get(name) for name in ("f", "v", "is"))
        if letters is None:
            from openpyxl.utils import get_column_letter

            letters = get_column_letter(column_number_ + 1)
        column_number_ = column_number(letters)
        row = place[2] if place else str(row_number)
        attributes = b"" if formula is None else " ".join(f'{k}="{v}"' for k, v in formula.attrib.items()).encode()
        text = "" if formula is None else (formula.text or "")
        said = "" if inline is None else "".join(part.text or "" for part in inline.iter("{*}t"))
        reader.add(
            letters.encode(),
            row.encode(),
            (node.get("t") or "").encode(),
            attributes,
            text.replace("&", "&amp;").encode(),
            None if value is None else (value.text or "").replace("&", "&amp;").encode(),
            b"" if inline is None else f"<t>{said.replace('&', '&amp;').replace('<', '&lt;')}</t>".encode(),
        )
