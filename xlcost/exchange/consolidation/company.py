"""Many submissions as one company's tables: which file of a department counts, which rows are taken, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ... import tables
from ...budget.plan import Tables
from ...comparison import fold
from ...sentences import Sentence, SheetName, together
from ...xlsx_input import NoValue
from .as_sent import CapacitySent, Foreign, capacity_sent, costs_of_runs, differs, foreign_costs, settings_of
from .kinds import CAPACITIES, KINDS, OTHERS, RUNS, Known, empty, usable
from .overlaps import tell_apart

STATUSES = TAKEN, REPLACED, SAME, UNREADABLE, PARTLY, ADJUSTMENT = (
    "taken",
    "replaced",
    "sent twice",
    "not readable",
    "in part",
    "adjustment",
)
"""What has become of a file."""


@dataclass(frozen=True)
class Place:
    """Where a row stood, for sentences that begin with "row"."""

    row: int
    file: str

    def __str__(self):
        return str(self._sentence)

    def said(self, language):
        return self._sentence.said(language)

    @property
    def _sentence(self):
        return Sentence("{row} of {file}", row=self.row, file=self.file)


@dataclass
class Received:
    """A row of a file: where it stood, what it is, and why it was not taken ("" where it was).

    `cost_as_sent` is what a run costs at the prices and settings of its file; `foreign` what a cost in another currency
    comes to, and `capacity` what it costs to have a capacity, None of all other rows.
    """

    file: str
    sheet: str
    row: int
    what: str
    department: str
    reason: str = ""
    cost_as_sent: float = np.nan
    foreign: Foreign | None = None
    capacity: CapacitySent | None = None


@dataclass
class Company:
    """What the files come to.

    Attributes
    ----------
    submissions : list of Submission
        In an order that does not depend on that in which they were given.
    status, reason : dict of str to str
        Of each file, by its name.
    remarks : dict of str to list of str
        What was noticed of each file and does no harm, by its name.
    tables : dict of str to pandas.DataFrame
        Taken rows of all files, by sheet.
    received : list of Received
        Every row that was read, taken or not.
    expected : list of str
        Departments that should send.
    overlaps : list of Sentence
        What several files call the same.
    """

    submissions: list
    expected: list
    status: dict = field(default_factory=dict)
    reason: dict = field(default_factory=dict)
    remarks: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    received: list = field(default_factory=list)
    overlaps: list = field(default_factory=list)

    def runs(self):
        """The company's runs."""
        return self.tables[RUNS.sheet]

    def place_of(self, number):
        """Where a received row stood, by its place among all."""
        return Place(self.received[number].row, self.received[number].file)

    def told(self, name):
        """What is to be said of a file: why it does not count, and what was noticed."""
        return together(filter(None, [self.reason.get(name, ""), *self.remarks.get(name, ())]))

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
    adjustments = sorted(adjustments, key=lambda sent: (sent.name, sent.digest))
    company = Company([*sorted(submissions, key=lambda sent: sent.order), *adjustments], list(expected))
    company.remarks = {sent.name: list(sent.remarks) for sent in company.submissions}
    counted = _counted(company, adjustments)
    company.overlaps = tell_apart(counted.values(), lambda sent, said: company.remarks[sent.name].append(said))
    parts = {kind.sheet: [] for kind in KINDS}
    for sent in company.submissions:
        _receive(company, sent, parts if sent.name in counted else None)
    checked = _take(company, parts, facts, rates)
    _settle(company)
    _as_sent(company, [sent for sent in company.submissions if sent.name in counted], facts, checked)
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
            company.status[sent.name] = SAME
            company.reason[sent.name] = Sentence("the same file as {file}", file=first.name)
        else:
            earlier = of_department.get(fold(sent.department))
            of_department[fold(sent.department)] = sent
            if earlier is not None:
                company.status[earlier.name] = REPLACED
                company.reason[earlier.name] = Sentence("replaced by {file}", file=sent.name)
                del counted[earlier.name]
            company.status[sent.name] = TAKEN
            counted[sent.name] = sent
    return counted


def _receive(company, sent, parts):
    """Note the rows of a file; add those that count to the parts of each table, named by their place among all."""
    for kind in KINDS:
        if kind.sheet not in sent.cells:
            continue
        frame = sent.cells[kind.sheet].reindex(columns=kind.names)
        departments = [sent.department] * len(frame)
        if kind.department:
            own = [cell if _shown(cell) else sent.department for cell in frame[kind.department].tolist()]
            frame[kind.department] = pd.Series(own, frame.index, dtype=object)
            departments = list(map(_shown, own))
            # A cell without a value names nobody, and its row says so.
            named = {_shown(cell) for cell in own if not isinstance(cell, NoValue)}
            others = sorted(name for name in named if fold(name) != fold(sent.department))
            if others and company.status[sent.name] == TAKEN:
                about = dict(table=SheetName(kind.sheet), departments=", ".join(others))
                said = Sentence("{table}: rows of other departments: {departments}", **about)
                company.remarks[sent.name].append(said)
        first, reason = len(company.received), "" if parts else company.reason.get(sent.name, "")
        company.received += [
            Received(sent.name, kind.sheet, row, _shown(what), department, reason)
            for row, what, department in zip(frame.index, frame[kind.called], departments)
        ]
        if parts:
            frame.index = pd.RangeIndex(first, len(company.received))
            parts[kind.sheet].append(frame)


def _take(company, parts, facts, rates):
    """All files' rows in one table each, without those that cannot be used; gives the columns of what is taken."""
    known, checked = Known(facts, rates, [], {"capacity": np.zeros(0, dtype=object)}), {}
    for kind in KINDS:
        frame = pd.concat([empty(kind), *parts[kind.sheet]])
        company.tables[kind.sheet], checked[kind.sheet], rejected = usable(frame, kind, known, company.place_of)
        for number, reason in rejected.items():
            company.received[number].reason = reason
    return checked


def _shown(cell):
    if isinstance(cell, NoValue):
        return cell.shown
    return "" if cell is None or cell != cell else str(cell)


def _settle(company):
    """What has become of a file, once its rows are looked at."""
    rejected = {row.file for row in company.received if row.reason}
    for sent in company.submissions:
        if company.status[sent.name] == TAKEN and (sent.problems or sent.name in rejected):
            company.status[sent.name] = PARTLY
        if sent.problems:
            company.reason[sent.name] = together(sent.problems)
        elif company.status[sent.name] == TAKEN and not sent.rows:
            company.remarks[sent.name].append(Sentence("nothing is filled in"))


def _as_sent(company, counted, facts, checked):
    """What runs, capacity and costs in other currencies come to with what their files say."""
    settings = {}
    for sent in counted:
        settings[sent.name], remark = settings_of(sent)
        company.remarks[sent.name] += filter(None, [remark])
    rows = company.received
    runs, capacity, others = (company.tables[kind.sheet] for kind in (RUNS, CAPACITIES, OTHERS))
    by_file = _by_file(company, counted, settings, runs)
    for number, cost in costs_of_runs(runs, by_file, facts, company.place_of):
        rows[number].cost_as_sent = cost
    _remark(company, by_file, _costs_noticed)
    if len(capacity):
        by_file = _by_file(company, counted, settings, capacity)
        for number, had in capacity_sent(capacity, checked[CAPACITIES.sheet], by_file, facts, company.place_of):
            rows[number].capacity = had
        _remark(company, by_file, _capacity_noticed)
    for number, foreign in foreign_costs(others.index, checked[OTHERS.sheet], lambda at: settings[rows[at].file]):
        rows[number].foreign = foreign


def _by_file(company, counted, settings, table):
    """Files that count, each with its settings and the numbers of its rows in a table."""
    found = {sent.name: (sent, settings[sent.name], []) for sent in counted}
    for number in table.index:
        found[company.received[number].file][2].append(number)
    return list(found.values())


def _remark(company, by_file, noticed):
    """Note what is to be said of the rows of files whose settings are known."""
    for sent, settings, numbers in by_file:
        if settings is not None:
            company.remarks[sent.name] += noticed(sent, [company.received[number] for number in numbers])


def _capacity_noticed(_, rows):
    """What is to be said of the costs as sent of a file's capacity."""
    if unknown := sum(np.isnan(row.capacity.usd_as_sent) and row.capacity.kind != "on_demand" for row in rows):
        yield Sentence(
            "capacity without a cost as sent, as no price list that it names has its prices: {count}", count=unknown
        )


def _costs_noticed(sent, runs):
    """What is to be said of the costs as sent of a file's runs."""
    unknown = sum(np.isnan(row.cost_as_sent) for row in runs)
    others = sum(differs(row, sent.stored_costs) for row in runs)
    if unknown:
        yield Sentence(
            "runs without a cost as sent, as no price list that it names has their prices: {count}", count=unknown
        )
    if others:
        yield Sentence(
            "runs that its own sheet shows with another cost, by prices or other cells that were changed: {count}",
            count=others,
        )
