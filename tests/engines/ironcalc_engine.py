"""IronCalc, the one engine that reads optional parameters of LAMBDA names as Excel stores them."""

import importlib.util
import pathlib

from .cells import CellError, EngineError, EngineMissing


class Ironcalc:
    """IronCalc, with as much of :class:`tests.engines.libreoffice.LibreOffice`'s interface as is needed."""

    def __init__(self):
        if importlib.util.find_spec("ironcalc") is None:
            raise EngineMissing("IronCalc is not installed: pip install ironcalc")

    def open(self, path) -> "Document":
        """Open a workbook, and compute all its formulas anew."""
        return Document(pathlib.Path(path).resolve())


class Document:
    """A workbook open in IronCalc."""

    def __init__(self, path):
        import ironcalc

        try:
            self._model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        except ironcalc.WorkbookError as error:
            raise EngineError(f"IronCalc could not open {path}: {error}") from error
        self._model.evaluate()
        self._sheets = [sheet["name"] for sheet in map(_as_dict, self._model.get_worksheets_properties())]
        self._error = ironcalc.CellType.ErrorValue

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def area(self, sheet: str, row: int, column: int, height: int, width: int) -> list[list]:
        """Values of an area, its first cell counted from 1."""
        return [[self._held(sheet, row + down, column + right) for right in range(width)] for down in range(height)]

    def _held(self, sheet, row, column):
        number = self._sheets.index(sheet)
        value = self._model.get_cell_value(number, row, column)
        return CellError(value) if self._model.get_cell_type(number, row, column) == self._error else value


def _as_dict(properties):
    return properties if isinstance(properties, dict) else {"name": properties.name}
