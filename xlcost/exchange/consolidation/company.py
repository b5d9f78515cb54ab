"""Many submissions as one company's tables: which file of a department counts, which rows are taken, and why not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from ... import catalog as catalogs
from ... import tables
from ...budget.plan import Tables
from ...comparison import fold
from ...errors import InputError
from ...estimate import estimate
from .kinds import KINDS, RUNS, Known, empty

STATUSES = TAKEN, REPLACED, SAME, UNREADABLE, PARTLY, ADJUSTMENT = (
    "taken",
    "replaced",
    "sent twice",
    "not readable",
    "in part",
    "adjustment",
)
"""What has become of a file."""


class Overlap(NamedTuple):
    """A run's name that several departments have given."""

    name: str
    departments: str

    sentence = "A run is called {name} in {departments}; each has its department's name now"

    def __str__(self):
        return self.sentence.format(**self._asdict())


_ROW = re.compile(r"\brow (\d+)")


@dataclass
class Received:
    """A row of a file: where it stood, what it is, and why it was not taken ("" where it was)."""

    file: str
    sheet: str
    row: int
    what: str
    department: str
    reason: str = ""
    cost_as_sent: float = np.nan


@dataclass
class Company:
    """What the files come to.

    Attributes
    ----------
    submissions : list of Submission
        In an order that does not depend on that in which they were given.
    status, reason : dict of str to str
        Of each file, by its name.
    tables : dict of str to pandas.DataFrame
        Taken rows of all files, by sheet.
    received : list of Received
        Every row that was read, taken or not.
    expected : list of str
        Departments that should send.
    overlaps : list of Overlap
    """

    submissions: list
    expected: list
    status: dict = field(default_factory=dict)
    reason: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    received: list = field(default_factory=list)
    overlaps: list = field(default_factory=list)

    def runs(self):
        """The company's runs."""
        return self.tables[RUNS.sheet]

    def beside(self, prices=None):
        """The company's other tables, as `xlcost.workbook.budget.write_budget` takes them."""
        held = {sheet: tables.Held(frame, sheet) for sheet, frame in self.tables.items()}
        _, capacity, shares, staff, others, phases, experts = (held[kind.sheet] for kind in KINDS)
        return Tables(staff, (experts,), capacity, shares, others, phases, prices)


def consolidated(submissions, facts, rates, expected=(), adjustments=()):
    """Bring files together.

    Parameters
    ----------
    submissions : list of Submission
    facts : Catalog
        The company's price list.
    rates : dict
        By the currencies that have a rate.
    expected : iterable of str
        Departments that should send.
    adjustments : iterable of Submission
        Tables of headquarters.

    Returns
    -------
    Company
    """
    company = Company([*sorted(submissions, key=lambda sent: sent.order), *adjustments], list(expected))
    counted = _counted(company, adjustments)
    _tell_runs_apart(company, counted)
    parts = {kind.sheet: [] for kind in KINDS}
    for sent in company.submissions:
        _receive(company, sent, parts if sent.name in counted else None)
    _take(company, parts, facts, rates)
    _settle(company)
    _costs_as_sent(company, facts)
    return company


def _counted(company, adjustments):
    """The submissions whose rows are looked at: the last one of each department, and each file once."""
    counted, of_digest, of_department = {sent.name: sent for sent in adjustments}, {}, {}
    for sent in company.submissions:
        if sent.name in counted:
            company.status[sent.name] = ADJUSTMENT
        elif not sent.cells:
            company.status[sent.name] = UNREADABLE
        elif (first := of_digest.setdefault(sent.digest, sent)) is not sent:
            company.status[sent.name], company.reason[sent.name] = SAME, f"the same file as {first.name}"
        else:
            earlier = of_department.get(fold(sent.department))
            of_department[fold(sent.department)] = sent
            if earlier is not None:
                company.status[earlier.name], company.reason[earlier.name] = REPLACED, f"replaced by {sent.name}"
                del counted[earlier.name]
            company.status[sent.name] = TAKEN
            counted[sent.name] = sent
    return counted


def _tell_runs_apart(company, counted):
    """Runs of several departments that are called the same get their department's name."""
    named = {}
    for sent in counted.values():
        for name in _texts(sent.cells.get(RUNS.sheet), "run"):
            named.setdefault(fold(name), {}).setdefault(sent.name, (sent, name))
    shared = {name: [sent for sent, _ in files.values()] for name, files in named.items() if len(files) > 1}
    for key, files in shared.items():
        departments, (_, name) = ", ".join(sent.department for sent in files), next(iter(named[key].values()))
        company.overlaps.append(Overlap(name, departments))
    for sent in counted.values():
        renamed = {name: f"{name} ({sent.department})" for name in shared if sent in shared[name]}
        for kind in KINDS:
            frame = sent.cells.get(kind.sheet)
            if renamed and kind.run and frame is not None and kind.run in frame:
                cells = [
                    f"{str(cell).strip()} ({sent.department})" if fold(str(cell).strip()) in renamed else cell
                    for cell in frame[kind.run]
                ]
                sent.cells[kind.sheet] = frame.assign(**{kind.run: cells})


def _texts(frame, column):
    return [] if frame is None or column not in frame else [str(cell).strip() for cell in frame[column].dropna()]


def _receive(company, sent, parts):
    """Note the rows of a file; add those that count to the parts of each table, named by their place among all."""
    for kind in KINDS:
        if kind.sheet not in sent.cells:
            continue
        frame = sent.cells[kind.sheet].reindex(columns=list(kind.columns))
        departments = [sent.department] * len(frame)
        if kind.department:
            own = frame[kind.department]
            frame[kind.department] = own.where(own.notna(), sent.department)
            departments = frame[kind.department].map(_shown)
            others = sorted({name for name in departments if fold(name) != fold(sent.department)})
            if others and company.status[sent.name] == TAKEN:
                sent.remarks.append(f"{kind.sheet}: rows of other departments: {', '.join(others)}")
        first, reason = len(company.received), "" if parts else company.reason.get(sent.name, "")
        company.received += [
            Received(sent.name, kind.sheet, row, _shown(what), department, reason)
            for row, what, department in zip(frame.index, frame[kind.called], departments)
        ]
        if parts:
            frame.index = pd.RangeIndex(first, len(company.received))
            parts[kind.sheet].append(frame)


def _take(company, parts, facts, rates):
    """All files' rows in one table each, without those that cannot be used."""
    known = Known(facts, rates, [], {"capacity": np.zeros(0, dtype=object)})
    for kind in KINDS:
        frame = pd.concat([empty(kind), *parts[kind.sheet]])
        company.tables[kind.sheet], rejected = _usable(frame, kind, known, kind.sheet)
        for place, reason in rejected.items():
            company.received[place].reason = _in_files(reason, place, company.received)


def _shown(cell):
    return "" if cell is None or cell != cell else str(cell)


def _usable(frame, kind, known, name):
    """A table without the rows that cannot be used, and what is wrong with these, by their label."""
    rejected = {}
    while len(frame):
        try:
            kind.check(tables.Held(frame, name), known)
            return frame, rejected
        except InputError as error:
            if not error.of_rows:
                raise
            labels = frame.index[list(error.of_rows)]
            for label, sentences in zip(labels, error.of_rows.values()):
                rejected[label] = "; ".join(sentences)
            frame = frame.drop(index=labels)
    return frame, rejected


def _in_files(reason, place, received):
    """What is wrong with a row: other rows that it names are those of their files."""

    def where(found):
        row = received[int(found[1])]
        return f"row {row.row} of {row.file}"

    return _ROW.sub(where, reason.replace(f"row {place}: ", ""))


def _settle(company):
    """What has become of a file, once its rows are looked at."""
    rejected = {row.file for row in company.received if row.reason}
    for sent in company.submissions:
        if company.status[sent.name] == TAKEN and (sent.problems or sent.name in rejected):
            company.status[sent.name] = PARTLY
        if sent.problems:
            company.reason[sent.name] = "; ".join(sent.problems)


def _costs_as_sent(company, facts):
    """What a run costs at the price list of the file that it came in."""
    editions = {sent.name: sent.edition for sent in company.submissions}
    runs = company.runs()
    by_edition = {}
    for place in runs.index:
        by_edition.setdefault(editions[company.received[place].file], []).append(place)
    for edition, places in by_edition.items():
        # With a price list that nobody names, or that there is not, there is nothing to compare.
        if edition not in catalogs.edition_names():
            continue
        prices = facts if edition == facts.edition else catalogs.load(edition)
        # Nor with one that does not know the chip yet.
        usable, _ = _usable(runs.loc[places], RUNS, Known(prices, {}, [], {}), edition)
        if len(usable):
            for place, cost in zip(usable.index, estimate(usable, prices)["budget_cost"]):
                company.received[place].cost_as_sent = float(cost)
