"""Where the table of a sheet begins, and which cells stand under which of its headings."""

from __future__ import annotations

from collections import Counter
from itertools import compress, zip_longest
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import excel_limits
from .errors import InputError, XlcostError
from .sentences import Sentence

SEARCHED = 30
"""Rows at the top of a sheet in which the headings are looked for, below a title."""


class Table(NamedTuple):
    """Cells under their headings, the columns that they stand in, from 0, and the number of the headings' row."""

    frame: pd.DataFrame
    places: list
    header: int


def under_headings(rows, required, labels, computed, path, beside):
    """The table below the row that has the required headings.

    Parameters
    ----------
    rows : list of (int, list)
        Each row's number and its cells.
    required, labels, computed, path, beside
        As `xlcost.tables.read` takes them.

    Returns
    -------
    Table

    Raises
    ------
    XlcostError
        There is no such row, or there are cells that no heading says the meaning of.
    """
    if not any(any(cell is not None for cell in row) for _, row in rows):
        raise XlcostError(Sentence("the file is empty"), path)

    def heading(cell):
        name = str(cell).strip().casefold() if cell is not None else ""
        return labels.get(name, name)

    header = next(
        (position for position, (_, row) in enumerate(rows[:SEARCHED]) if required <= {heading(cell) for cell in row}),
        None,
    )
    if header is None:
        first = next(row for _, row in rows if any(cell is not None for cell in row))
        missing = sorted(required - {heading(cell) for cell in first})
        raise InputError([missing_column(name) for name in missing], path)
    names, below = [heading(cell) for cell in rows[header][1]], rows[header + 1 :]
    if len(names) > excel_limits.COLUMNS:
        count = dict(count=f"{len(names):,}", most=f"{excel_limits.COLUMNS:,}")
        raise XlcostError(Sentence("{count} columns; a sheet has {most}", **count), path)
    columns = list(zip_longest(*(row for _, row in below)))
    columns += [(None,) * len(below)] * (len(names) - len(columns))
    bare = [
        place
        for place, column in enumerate(columns)
        if (place >= len(names) or not names[place]) and any(cell is not None for cell in column)
    ]
    problems = [
        Sentence("column {name} is there twice", name=repr(name))
        for name, count in Counter(names).items()
        if name and count > 1
    ]
    if beside is None:
        problems += _without_heading(bare, names, columns, below)
    else:
        beside += bare
    if problems:
        raise InputError(problems, path)
    places = [place for place, name in enumerate(names) if name and name not in computed]
    cells = [columns[place] for place in places]
    filled = [any(cell is not None for cell in row) for row in zip(*cells)]
    numbers = [number for number, _ in compress(below, filled)]
    values = np.empty((len(numbers), len(places)), dtype=object)
    for at, column in enumerate(cells):
        values[:, at] = list(compress(column, filled))
    # Names as objects: pandas looks texts of its own kind up ten times slower.
    named = pd.Index([names[place] for place in places], dtype=object)
    frame = pd.DataFrame(values, pd.Index(numbers, dtype=object), named, dtype=object)
    return Table(frame, places, rows[header][0])


def _without_heading(bare, names, columns, rows):
    """Sentences on cells under no heading."""
    last = max(place for place, name in enumerate(names) if name)
    behind = zip(*(columns[place] for place in bare if place > last))
    return [
        *(
            of_row(number, Sentence("more cells than there are headings"))
            for (number, _), row in zip(rows, behind)
            if any(cell is not None for cell in row)
        ),
        *(
            Sentence("a column has cells but no heading (column {number})", number=place + 1)
            for place in bare
            if place < last
        ),
    ]


def missing_column(name):
    return Sentence("column {name} is missing", name=repr(name))


def of_row(label, problem):
    """What is wrong with a row, with the row."""
    return Sentence("row {row}: {problem}", row=label, problem=problem)
