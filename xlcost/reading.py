"""What one cell means, in a file or behind a typed function: its number, its date, its text."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np

from .dates import to_serial


def number_of(cell):
    """The number of a cell, and whether it is none.

    >>> number_of(" 5000 "), number_of(5000.0), number_of("five")
    ((5000.0, False), (5000.0, False), (nan, True))
    """
    if isinstance(cell, (int, float, Decimal, np.integer, np.floating)) and not isinstance(cell, bool):
        number = float(cell)
        return number, number in (np.inf, -np.inf)
    if isinstance(cell, str):
        text = cell.strip()
        try:
            # float() also takes "nan", "inf" and "1_000", which no one means in a table.
            return float(text), not np.isfinite(float(text)) or "_" in text
        except ValueError:
            pass
    return np.nan, True


def date_of(cell):
    """The serial number of a cell's date, and whether it is none.

    >>> date_of("2026-03-01"), date_of("March")
    ((46082.0, False), (nan, True))
    """
    if isinstance(cell, str):
        try:
            cell = datetime.datetime.fromisoformat(cell.strip())
        except ValueError:
            return np.nan, True
    # A day in a zone of its own may be another day here.
    if isinstance(cell, (datetime.date, np.datetime64)) and getattr(cell, "tzinfo", None) is None:
        return float(to_serial(np.datetime64(cell, "s"))), False
    return np.nan, True


def text_of(cell):
    """The text of a cell, a number as people see it.

    >>> text_of(" OpenAI "), text_of(2024.0)
    ('OpenAI', '2024')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
