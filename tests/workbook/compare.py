"""Comparing what a workbook has stored with what a spreadsheet computes from its formulas."""

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from tests.engines.cells import CellError

MASTER = "Cover", "B4"
"""The cell of the master check."""


def agree(stored, computed):
    """Two numbers agree within 1e-9 of the larger, or, where both are next to nothing, 1e-9; texts exactly."""
    if stored in (None, "") or computed in (None, ""):
        return stored in (None, "") and computed in (None, "")
    if isinstance(computed, CellError) or isinstance(stored, str) or isinstance(computed, str):
        return stored == computed
    return abs(stored - computed) <= max(1e-9 * max(abs(stored), abs(computed)), 1e-9)


def differences(path, document):
    """Cells whose stored value is not what the engine computes, as sentences."""
    found, compared = [], 0
    book = load_workbook(path, data_only=True)
    for sheet in book:
        grid = document.grid(sheet.title)
        for row, cells in enumerate(sheet.iter_rows(values_only=True)):
            for column, stored in enumerate(cells):
                computed = grid[row][column] if row < len(grid) and column < len(grid[row]) else None
                if hasattr(stored, "year") or hasattr(stored, "hour"):
                    stored = _serial(stored)
                elif isinstance(stored, str):
                    # openpyxl hands out texts as they stand in the file.
                    stored = unescape(stored)
                compared += stored is not None
                if not agree(stored, computed):
                    found.append(
                        f"{sheet.title}!{get_column_letter(column + 1)}{row + 1}: stored {stored!r}, "
                        f"computed {computed!r}"
                    )
    assert compared > 100, "the workbook has next to no cells"
    return found


def _serial(moment):
    from openpyxl.utils.datetime import to_excel

    return float(to_excel(moment))
