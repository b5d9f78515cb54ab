"""What a check finds in a workbook: where, what stands there, what should."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from openpyxl.utils import get_column_letter

from .package import ErrorValue

KINDS = {
    "overwritten": "a value stands in place of the formula",
    "deleted": "the formula is gone",
    "shifted": "the formula refers to other cells",
    "changed": "the formula is another one",
    "value": "the stored value is not what the formula gives",
    "figure": "a figure that is fixed has been changed",
    "text": "a text that is fixed has been changed",
    "missing": "the sheet is missing",
    "edition": "the price list version is not known",
    "version": "the version of the template or workbook is not the one that is known",
    "input": "an input cannot be",
    "outside": "an input lies where nothing is computed",
    "link": "an input refers to another file",
}
"""What can be wrong, and how it is said."""
LONGEST = 160
"""Characters of a formula or a text that are shown."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written.

    `kind` is one of `KINDS`; `cell` an address or an area such as "B6:B9", "" where it is the whole sheet; `found` and
    `expected` are texts.
    """

    kind: str
    sheet: str
    cell: str
    found: str
    expected: str

    def __str__(self):
        where = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        said = f"{where}: {KINDS[self.kind]}" if where else KINDS[self.kind]
        parts = [f"{what} {text}" for what, text in (("found", self.found), ("expected", self.expected)) if text]
        return f"{said}: {', '.join(parts)}" if parts else said

    def as_dict(self):
        return asdict(self)


def shown(value):
    """A value as a person reads it; a long one is cut."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or (value == "" and value is not False):
        return "nothing"
    if isinstance(value, ErrorValue):
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    text = repr(value) if isinstance(value, str) else f"{float(value):.15G}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def formula_shown(text):
    text = f"={text}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def grouped(cells, name):
    """Findings of a sheet's cells, those of one kind below each other in one.

    Parameters
    ----------
    cells : dict of (int, int) to (str, str, str)
        By column and row: kind, found, expected.
    name : str
        Of the sheet.
    """
    groups = []
    for (column, row), (kind, found, expected) in sorted(cells.items()):
        last = groups[-1] if groups else None
        if last and last[0] == column and last[2] == row - 1 and last[3] == kind:
            last[2] = row
        else:
            groups.append([column, row, row, kind, found, expected])
    for column, first, last, kind, found, expected in sorted(groups, key=lambda group: (group[1], group[0])):
        letter = get_column_letter(column)
        cell = f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}"
        yield Finding(kind, name, cell, found, expected)
