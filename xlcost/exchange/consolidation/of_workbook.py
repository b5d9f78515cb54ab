"""What departments have sent, read back from the company's workbook: it keeps that, and no other file may be left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...comparison import fold
from ...dates import from_serial
from ...languages import spellings
from ...workbook import capacity_received, other_currencies
from ...workbook.submissions import COMMENTS, FILES, NAME, NOTES, RECEIVED, ROWS
from ...xlsx_input import has_sheet, read_sheet
from ..kept_tables import count, figure, rows_below, shown, value_at
from .as_sent import CapacitySent, Foreign
from .comments import Comment
from .company import STATUSES, TAKEN, Company, Received
from .kinds import CAPACITIES, KINDS, OTHERS
from .submission import LONG_AGO, Submission

DEPARTMENTS, OVERLAPS = "Departments", "In several files"
"""Headings of what stands under the files."""


@dataclass(eq=False)
class EarlierSubmission(Submission):
    """A file that was sent when the workbook was written.

    `count` is the number of rows that were read in it.
    """

    count: int = 0

    @property
    def rows(self):
        return self.count


def company_of_workbook(path):
    """What departments have sent, as a company's workbook keeps it.

    Parameters
    ----------
    path : path-like or None

    Returns
    -------
    Company or None
        Without tables: these are the workbook's own. None where the file is no company's workbook.
    """
    if path is None or not has_sheet(path, NAME):
        return None
    rows = read_sheet(Path(path), NAME)
    files = [row for row in rows_below(rows, _labels(FILES)) if not np.isnan(figure(row["number"]))]
    status, comments = _english(STATUSES), _comments(path)
    company = Company([], _departments(rows))
    for row in files:
        sent = _submission(row)
        sent.comments = comments.get(sent.name, [])
        company.submissions.append(sent)
        company.status[sent.name] = status.get(fold(shown(row["status"])), TAKEN)
        company.reason[sent.name] = shown(row["why"])
    company.received = _received(path, {sent.name for sent in company.submissions})
    company.overlaps = list(_below(rows, OVERLAPS))
    return company


def _labels(columns):
    return {text: name for name, (label, *_) in columns.items() for text in spellings(label)}


def _english(texts):
    """What texts may be called in any language, and what they are in English."""
    return {fold(spelled): text for text in texts for spelled in spellings(text)}


def _rows(path, sheet, labels):
    return rows_below(read_sheet(Path(path), sheet), labels) if has_sheet(path, sheet) else []


def _submission(row):
    names = ("department", "contact", "edition", "version")
    saved = figure(row["saved"])
    return EarlierSubmission(
        Path(shown(row["file"])),
        shown(row["file"]),
        **{name: shown(row[name]) for name in names},
        saved=LONG_AGO if np.isnan(saved) else from_serial(saved).item(),
        count=count(row["read"]),
    )


def _received(path, files):
    sheets, foreign, capacity = _english([kind.sheet for kind in KINDS]), _foreign(path), _capacity(path)
    found = []
    for row in _rows(path, RECEIVED, _labels(ROWS)):
        sheet = shown(row["sheet"])
        if shown(row["file"]) not in files:
            continue
        where = shown(row["file"]), sheets.get(fold(sheet), sheet), count(row["row"])
        told = (shown(row[name]) for name in ("what", "department", "why"))
        found.append(Received(*where, *told, figure(row["sent"]), foreign.get(where), capacity.get(where)))
    return found


def _foreign(path):
    """Costs in other currencies, by file, sheet and row."""
    return {
        (shown(row["file"]), OTHERS.sheet, count(row["row"])): Foreign(
            shown(row["currency"]), *(figure(row[name]) for name in ("amount", "start", "months", "foreign_sent"))
        )
        for row in _rows(path, other_currencies.NAME, _labels(other_currencies.FOREIGN))
    }


def _capacity(path):
    """Capacity, by file, sheet and row."""
    return {
        (shown(row["file"]), CAPACITIES.sheet, count(row["row"])): CapacitySent(
            shown(row["kind"]), *(figure(row[name]) for name in ("chips", "capacity_sent"))
        )
        for row in _rows(path, capacity_received.NAME, _labels(capacity_received.CAPACITY))
    }


def _comments(path):
    """By file."""
    found = {}
    for row in _rows(path, COMMENTS, _labels(NOTES)):
        file, *note = (shown(row[name]) for name in NOTES)
        found.setdefault(file, []).append(Comment(*note))
    return found


def _below(rows, heading):
    """Texts of the second column under a heading in the first one, until the next heading or an empty row."""
    headings, is_open = set(map(fold, spellings(heading))), False
    for _, row in rows:
        first, second = (value_at(row, place) for place in (0, 1))
        if is_open and (first is not None or second is None):
            return
        if is_open:
            yield shown(second)
        is_open = is_open or (first is not None and fold(shown(first)) in headings)


def _departments(rows):
    # The first one is the heading of the column.
    return list(_below(rows, DEPARTMENTS))[1:]
