"""What several files call the same: runs, capacities and phases that are told apart, and those that are one."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ...comparison import fold
from ...sentences import ColumnName, Sentence, SheetName, listed
from .kinds import KINDS, RUNS

MOST_SHOWN = 8
"""Departments that a sentence names."""
OWNER = "owner"
"""A column that may be empty where the file's department is meant."""


class Named(NamedTuple):
    """A row of a file's table that gives something its name."""

    sent: object
    name: str
    frame: pd.DataFrame
    row: int


def tell_apart(counted, remark):
    """Give what several files call the same its department's name, wherever these files name it.

    A capacity or a phase that the files describe alike is one, and stays as it is. Runs are always told apart: those
    that are alike in all but their department may be one that is counted twice, which is said.

    Parameters
    ----------
    counted : iterable of Submission
        Their tables are changed.
    remark : callable
        Takes a submission and a sentence about it.

    Returns
    -------
    list of Sentence
        What was found.
    """
    found = []
    for kind in filter(lambda kind: kind.key, KINDS):
        shared = {
            key: rows for key, rows in _named(counted, kind).items() if len({each.sent.name for each in rows}) > 1
        }
        different = {}
        for key, rows in shared.items():
            alike = _are_alike(rows, kind)
            found.append(_said(rows, kind, alike))
            if kind is RUNS or not alike:
                different[key] = rows
        own = {}
        for key, rows in different.items():
            for each in rows:
                own.setdefault(each.sent.name, set()).add(key)
        for sent in counted if different else ():
            _rename(sent, kind, different, own.get(sent.name, set()), remark)
    return found


def _named(counted, kind):
    """Rows by what they are called, without regard to case."""
    found = {}
    for sent in counted:
        frame = sent.cells.get(kind.sheet)
        if frame is None or kind.key not in frame:
            continue
        for row, cell in enumerate(frame[kind.key].tolist()):
            name = _text(cell)
            if name:
                found.setdefault(fold(name), []).append(Named(sent, name, frame, row))
    return found


def _are_alike(rows, kind):
    """Whether rows of several files say the same; an owner that is not named may be anybody."""
    for column in kind.columns:
        if column not in (kind.key, "department"):
            cells = {each.frame[column].iat[each.row] if column in each.frame else None for each in rows}
            texts = {fold(_text(cell)) for cell in cells} - ({""} if column == OWNER else set())
            if len(texts) > 1:
                return False
    return True


def _said(rows, kind, alike):
    about = dict(name=rows[0].name, departments=_departments(rows))
    if kind is RUNS and alike:
        return Sentence(
            "A run is called {name} in {departments}, and its rows are alike; each has its department's name now, and "
            "counts: look whether it is one run",
            **about,
        )
    if kind is RUNS:
        return Sentence("A run is called {name} in {departments}; each has its department's name now", **about)
    about["what"] = ColumnName(kind.columns[kind.key])
    if alike:
        return Sentence("The {what} {name} is in the files of {departments}, alike; it counts once", **about)
    return Sentence(
        "The {what} {name} is not the same in the files of {departments}; each has its department's name now", **about
    )


def _departments(rows):
    """Departments of rows; of many the first ones."""
    names = list(dict.fromkeys(each.sent.department for each in rows))
    shown = listed(names[:MOST_SHOWN])
    more = len(names) - MOST_SHOWN
    return Sentence("{names} and {count} more", names=shown, count=more) if more > 0 else shown


def _rename(sent, kind, different, own, remark):
    """Put the department's name behind names of a file that others use too; `own` are those that it describes."""
    for of in KINDS:
        frame = sent.cells.get(of.sheet)
        if frame is None or kind.key not in frame:
            continue
        names = [_text(cell) for cell in frame[kind.key]]
        for key in sorted({fold(name) for name in names} & set(different) - own):
            about = dict(table=SheetName(of.sheet), what=ColumnName(of.columns[kind.key]))
            about["departments"] = _departments(different[key])
            said = Sentence(
                "{table}: {name} may be the {what} of any of {departments}; name it as in the company's workbook",
                name=different[key][0].name,
                **about,
            )
            remark(sent, said)
        if own.intersection(map(fold, names)):
            cells = [
                f"{name} ({sent.department})" if fold(name) in own else cell
                for name, cell in zip(names, frame[kind.key])
            ]
            sent.cells[of.sheet] = frame.assign(**{kind.key: pd.Series(cells, index=frame.index, dtype=object)})


def _text(cell):
    return "" if cell is None or cell != cell else str(cell).strip()
