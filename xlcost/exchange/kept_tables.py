"""Tables that a workbook keeps and that nobody fills in, read back by their headings in any language."""

from __future__ import annotations

import datetime

import numpy as np

from ..comparison import fold
from ..dates import to_serial
from ..reading import text_of
from ..xlsx_input import NoValue


def rows_below(rows, labels):
    """The rows of a table: those below its headings, until one is empty.

    Parameters
    ----------
    rows : list of (int, list)
        Of the sheet, as `xlcost.xlsx_input.read_sheet` gives them.
    labels : dict of str to str
        Headings, as they may be spelled, and the names of their columns.

    Returns
    -------
    list of dict
        Values by name, None where there is none; empty where fewer than half of the headings stand in one row.
    """
    names = {fold(label): name for label, name in labels.items()}
    wanted = set(names.values())
    found, at = [], None
    for _, row in rows:
        if at is None:
            heads = {}
            for place, cell in enumerate(row):
                name = names.get(fold(cell)) if isinstance(cell, str) else None
                if name is not None:
                    heads.setdefault(name, place)
            at = heads if 2 * len(heads) >= len(wanted) else None
            continue
        values = {name: value_at(row, place) for name, place in at.items()}
        if all(value is None for value in values.values()):
            break
        found.append(dict.fromkeys(wanted) | values)
    return found


def value_at(row, place):
    """A cell's value, None where it has none."""
    value = row[place] if place < len(row) else None
    return None if isinstance(value, NoValue) else value


def shown(value):
    """A cell's value as text, "" where it has none."""
    return "" if value is None else text_of(value)


def figure(value):
    """A cell's number, NaN where it has none; a number that is formatted as a date is one too."""
    # A day is a date without a time.
    if isinstance(value, datetime.date):
        return float(to_serial(value))
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else np.nan


def count(value):
    """A cell's whole number, 0 where it has none."""
    number = figure(value)
    return 0 if np.isnan(number) else int(number)
