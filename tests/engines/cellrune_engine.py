"""CellRune, a second opinion: a young spreadsheet engine in the tests' own process.

It evaluates LAMBDA names, which LibreOffice can't, and the limits of either are rarely those of the other.
"""

import datetime
import importlib.util
import pathlib
from collections.abc import Iterable, Mapping

from . import cells
from .cells import CellError, EngineError, EngineMissing


class Cellrune:
    """CellRune, with the interface of :class:`tests.engines.libreoffice.LibreOffice`."""

    def __init__(self):
        if importlib.util.find_spec("cellrune") is None:
            raise EngineMissing("CellRune is not installed: pip install cellrune")

    def open(self, path) -> "Document":
        """Open a workbook, and compute all its formulas anew."""
        path = pathlib.Path(path).resolve()
        if not path.is_file():
            raise FileNotFoundError(f"there is no workbook {path}")
        return Document(path)

    def evaluate(self, formulas: list[str], cells_by_address: Mapping[str, object] | None = None) -> list:
        """Results of many formulas at once; see :func:`tests.engines.cells.evaluate`."""
        return cells.evaluate(self.open, formulas, cells_by_address or {})


class Document:
    """A workbook open in CellRune. Close it, or use it in a ``with`` statement."""

    def __init__(self, path):
        import cellrune

        try:
            self._workbook = cellrune.Workbook.open_path(path)
        except cellrune.CellRuneError as error:
            raise EngineError(f"CellRune could not open {path}: {error}") from error
        # What CellRune calls today; without it TODAY() has no value.
        self._today = cells.plain(datetime.date.today())
        self.recalculate()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Close without saving."""
        self._workbook.close()

    def sheets(self) -> list[str]:
        """Names of all sheets in order, hidden ones too."""
        return [sheet["name"] for sheet in self._workbook.summary()["sheets"]]

    def grid(self, sheet: str, area: str | None = None) -> list[list]:
        """Values of a sheet in rows, from A1 to its last row and column in use, or of all cells of an area."""
        if area is not None:
            return self._read(sheet, area)
        used = next(item["used_range"] for item in self._workbook.summary()["sheets"] if item["name"] == sheet)
        return cells.trimmed(self._read(sheet, f"A1:{used.split(':')[-1]}")) if used else []

    def get(self, addresses: Iterable[tuple[str, str]]) -> list:
        """Values of cells given as (sheet, address)."""
        return [self._read(sheet, address)[0][0] for sheet, address in addresses]

    def set(self, values: Mapping[tuple[str, str], object]):
        """Put numbers, dates and texts into cells, None to clear one, and compute what depends on them."""
        if not values:
            return  # CellRune refuses an edit of nothing
        changes = [change(sheet, address, cells.plain(value)) for (sheet, address), value in values.items()]
        # All at once: one by one, each would cost a copy of the workbook.
        self._workbook.apply_changes(self._workbook.summary()["semantic_revision"], changes)
        self.recalculate()

    def recalculate(self):
        """Compute every formula anew."""
        # Its own limit is less than one column; what is counted here are the empty rows of a whole sheet.
        limits = {"max_array_cells": 64 * 1_048_576}
        self._workbook.calculate(today_serial=self._today, now_serial=self._today, calculation_limits=limits)

    def save_as(self, path):
        """Save as .xlsx."""
        self._workbook.save(path, replace_existing=True)

    def _read(self, sheet, area):
        start, _, end = area.partition(":")
        return [[held(cell) for cell in row] for row in self._workbook.read_values(sheet, start, end or start)]


def change(sheet, address, value):
    """The edit that puts a value into a cell, as CellRune wants it described."""
    where = {"sheet": sheet, "address": address}
    if value is None:
        return {"kind": "clear_cell", **where}
    kind = "logical" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    return {"kind": "set_value", **where, "value": {"kind": kind, "value": value}}


def held(cell):
    """A cell's value from CellRune's description of it.

    Where CellRune has no value, because it knows a function or a name not at all or not yet, that is an error whose
    code is its explanation: it equals nothing that another engine gives.
    """
    kind = cell["kind"]
    if kind == "error":
        return CellError(cell["value"])
    if kind == "unavailable":
        return CellError(f"{cell['message']}: {cell['detail']}")
    if kind == "unsupported":
        return CellError("a value that CellRune does not support")
    return cell.get("value")
