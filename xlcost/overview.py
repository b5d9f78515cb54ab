"""The sheet Overview of a department's workbook: whose it is, and what it was written for.

What stands there, as on the Cover of a budget, is found by its label, in any language. The department is typed once,
there, and holds for every row of Runs and of Other costs that names none.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .columns import Column
from .comparison import fold
from .guard.package import opened
from .languages import spellings
from .reading import text_of
from .tables import Held
from .xlsx_input import NoValue, has_sheet, read_cells

NAME = "Overview"
TEMPLATE_VERSION = "5"
"""Another one when a template is no longer what one that was sent out is, whose formulas would seem to be damaged."""
BUDGET_VERSION = "4"
"""The same of a budget's sheets, on its Cover."""
LABELS = {
    "department": "Department",
    "contact": "Contact person",
    "edition": "Price list version (edition)",
    "version": "Template version",
    "budget_version": "Workbook version",
    "language": "Language of this workbook",
}
PREVIEW = (
    Column("state", "State (preview)", "", "text", ""),
    Column("cost", "Cost (preview)", "USD", "money", ""),
    Column("note", "Note (preview)", "", "text", ""),
)
"""What Runs shows beside what people fill in."""


def read_overview(path):
    """What the sheet says of the workbook.

    Parameters
    ----------
    path : path-like or None

    Returns
    -------
    dict of str to str
        By the names of `LABELS`, "" where a cell is empty; empty where the file is no department's workbook.
    """
    # A table that is held already has no such sheet beside it.
    if path is None or isinstance(path, Held) or not has_sheet(path, NAME):
        return {}
    return _read(path, opened(path))


@lru_cache(maxsize=1)
def _read(path, _):
    """The same for the workbook that was opened last: several tables ask for it."""
    names = {fold(text): name for name, label in LABELS.items() for text in spellings(label)}
    cells, found = read_cells(path, NAME), {}
    for number, row in cells.rows:
        label, value = (row[at] if at < len(row) else None for at in (0, 1))
        name = names.get(fold(label)) if isinstance(label, str) else None
        if name is not None:
            cells.refuse_calls([0, 1], range(number, number + 1))
            found.setdefault(name, "" if value is None or isinstance(value, NoValue) else text_of(value))
    return found if "version" in found else {}


def with_department(departments, path):
    """A column of departments in which that of the workbook stands where a row names none.

    Parameters
    ----------
    departments : array
        Texts, None or "" where empty.
    path : path-like or None
    """
    own = read_overview(path).get("department")
    return np.array([text or own for text in departments.tolist()], dtype=object) if own else departments
