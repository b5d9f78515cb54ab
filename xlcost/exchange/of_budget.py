"""What a budget is made of, for a check: its inputs, its sizes, and the workbook that has them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl.utils.cell import coordinate_to_tuple

from .. import catalog as catalogs
from ..budget.actuals import MAPPING, MAPPING_COLUMNS, SPEND, SPEND_COLUMNS, Actuals
from ..budget.columns import CAPACITY_COLUMNS, LINES, OTHER_COLUMNS, PHASE_COLUMNS, SHARE_COLUMNS
from ..budget.plan import Tables, plan_of, with_chip
from ..budget.settings import ACCOUNTS, CENTERS, DEPARTMENTS, LIST_END, RATES, settings_from
from ..budget.settings_sheets import settings_of_workbook, versions_of_workbook
from ..budget.tables import OTHER, PHASES, SHARES, read_capacity, read_other_costs, read_shares
from ..columns import RUN_COLUMNS
from ..comparison import fold
from ..errors import XlcostError
from ..experts import read_answer_columns
from ..languages import spellings
from ..overview import BUDGET_VERSION
from ..project_columns import ANSWER_COLUMNS, ROLE_COLUMNS
from ..runs import check_runs, read_runs
from ..staffing import read_role_columns
from ..workbook import (
    actuals,
    calendar,
    capacity,
    costs,
    experts,
    inputs,
    runs,
    staff,
    submissions,
    uncertainty,
    versions,
)
from ..workbook.budget import SHEETS, WITH_ACTUALS, _book
from .consolidation.company import TAKEN, Company, Received
from .consolidation.of_workbook import EarlierSubmission, company_of_workbook
from .findings import Finding
from .own_prices import own_prices_of_workbook
from .samples_of_file import samples_of_file
from .source import Source, computed_rows, referred_rows

EVERY_SHEET = (*SHEETS, *WITH_ACTUALS, *submissions.SHEETS)
"""Sheets that a budget may have."""
SETTING = re.compile(r"(?:(.+)!([A-Z]+[0-9]+): )?(.*)")
"""A sentence about a setting, with its place where that is known."""
SOMEBODY = "?"
"""A file of a company's budget whose sheet of files is gone."""
ANYTHING = {"run": "any", "chip": "H100", "chips": 1.0, "hours": 1.0}
"""A run for a workbook whose own cannot be read: what it should be is known all the same."""


def _as_far_as_possible(told):
    """Settings without the entries that cannot be."""
    settings = settings_from()
    places = told.pop("places", {})
    # What is a table first: a currency needs its rate.
    for name, value in sorted(told.items(), key=lambda item: not isinstance(item[1], dict)):
        for entry in value.items() if isinstance(value, dict) else [(None, value)]:
            part = value if entry[0] is None else {**getattr(settings, name), entry[0]: entry[1]}
            with suppress(XlcostError):
                settings = settings_from(base=settings, **{name: part})
    return replace(settings, places=places)


def rows_of(known):
    """How many rows a table or a list has."""
    found = {runs.NAME: computed_rows(known.get(costs.NAME), runs.FIRST) or referred_rows(known, runs.NAME)}
    for key in (capacity.NAME, PHASES.name, staff.NAME, experts.NAME, OTHER.name, SPEND.name):
        found[key] = computed_rows(known.get(key))
    found[SHARES.name] = referred_rows(known, SHARES.name)
    if versions.NAME in known:
        # One of them is for what is not listed.
        found[versions.NAME] = sum(map(_is_department, _texts(known[versions.NAME]))) - 1
    # First heading, the one after the list, and rows between them that are not of the list.
    lists = (
        (inputs.NAME, DEPARTMENTS, LIST_END, DEPARTMENTS, 0),
        (calendar.NAME, RATES, calendar.COMPANY, RATES, 1),
        (calendar.NAME, ACCOUNTS, CENTERS, ACCOUNTS, len(LINES) + 1),
        (calendar.NAME, CENTERS, LIST_END, CENTERS, 0),
        # An empty row ends it.
        (actuals.NAME, actuals.SOURCES, actuals.NOT_COUNTED, actuals.SOURCES, 1),
    )
    for key, first, last, name, others in lists:
        begin, end = (_row_of(known.get(key), label) for label in (first, last))
        if begin is not None and end is not None:
            found[name] = end - begin - 1 - others
    if _row_of(known.get(actuals.NAME), actuals.ALL_MAPPED) is not None:
        found[actuals.SOURCES] = 0
    return found


def _texts(sheet):
    """Texts that stand in cells."""
    for column in sheet.columns.values():
        yield from (value for value in column.values if isinstance(value, str))


def _is_department(text):
    return text.startswith("department:")


def _row_of(sheet, label):
    wanted = {fold(text) for text in spellings(label)}
    for column in sheet.columns.values() if sheet is not None else ():
        for row, value in zip(column.rows, column.values):
            if isinstance(value, str) and fold(value) in wanted:
                return row
    return None


class BudgetSource(Source):
    """A budget that came back; with what was spent, and with what departments have sent, where it has sheets of these.

    Attributes
    ----------
    plan : Plan
    """

    SHEETS = EVERY_SHEET
    TABLES = {
        runs.NAME: RUN_COLUMNS,
        capacity.NAME: CAPACITY_COLUMNS,
        SHARES.name: SHARE_COLUMNS,
        OTHER.name: OTHER_COLUMNS,
        PHASES.name: PHASE_COLUMNS,
        staff.NAME: ROLE_COLUMNS,
        experts.NAME: ANSWER_COLUMNS,
        MAPPING.name: MAPPING_COLUMNS,
        SPEND.name: SPEND_COLUMNS,
    }
    VERSION, VERSION_LABEL = BUDGET_VERSION, "budget_version"

    def __init__(self, *file):
        super().__init__(*file)
        self.problems = []
        plan, self.is_read = self._plan()
        has = self.sheets.keys().isdisjoint
        if plan.actuals is None and not has(WITH_ACTUALS):
            plan = replace(plan, actuals=Actuals(SPEND.empty(), MAPPING.empty(), np.nan))
        if not has(submissions.SHEETS):
            plan = replace(plan, company=self._company())
        self.plan = plan
        if uncertainty.NAME in self.sheets:
            self.given.samples = samples_of_file(
                self.sheets[uncertainty.NAME], self.given.layouts.get(uncertainty.NAME)
            )
            self.given.can_sample = self.is_read

    def _plan(self):
        """What it is made of, and whether it could be read as it stands."""
        edition, code = self.edition, self.language.code
        try:
            own = own_prices_of_workbook(self.path, edition)
            self.facts = catalogs.load(edition, own)
        except XlcostError:
            own, self.facts = None, catalogs.load(edition)
        tables = Tables(prices=own)
        settings = self._settings()
        try:
            table = read_runs(self.path)
            return plan_of(table, str(self.path), edition, tables, settings, code), True
        except XlcostError:
            pass
        plan = plan_of(pd.DataFrame([ANYTHING]), None, edition, tables, settings, code)
        return replace(plan, versions=versions_of_workbook(self.path)), False

    def _company(self):
        """What departments have sent; something where a sheet of it is gone, as there is no workbook without."""
        found = company_of_workbook(self.path) or Company([], [])
        if not found.submissions:
            found.submissions.append(EarlierSubmission(Path(SOMEBODY), SOMEBODY, department=SOMEBODY))
            found.status[SOMEBODY] = TAKEN
        if not found.received:
            found.received.append(Received(found.submissions[0].name, runs.NAME, 1, "", ""))
        return found

    def _settings(self):
        """Those of its sheets, without what cannot be; that is kept to be said."""
        told = settings_of_workbook(self.path)
        try:
            settings = settings_from(**told)
        except XlcostError as error:
            self.problems += str(error).splitlines()
            settings = _as_far_as_possible(told)
        try:
            return with_chip(settings, self.facts)
        except XlcostError as error:
            self.problems.append(str(error))
            return replace(settings, buy_or_rent={**settings.buy_or_rent, "chip": ""})

    def rows(self):
        return rows_of(self.sheets)

    def book(self):
        return _book(self.plan, self.given)

    def inputs(self, made, layouts):
        found = super().inputs(made, layouts)
        keys = {self.language.text(key): key for key in self.sheets}
        for problem in self.problems:
            sheet, cell, said = SETTING.fullmatch(problem.removeprefix(f"{self.path}: ")).groups()
            key = keys.get(sheet)
            if cell is not None and key is not None:
                found.cells.append((key, *coordinate_to_tuple(cell)))
            called = self.sheets[key].name if key is not None else ""
            found.findings.append(Finding("input", called, cell or "", "", said))
        return found

    def readers(self, copy, tables):
        names, found = [], {}
        rates = self.plan.settings.rates

        def read_all_runs():
            frame = read_runs(copy)
            names.extend(str(name).strip() for name in frame["run"] if name is not None)
            check_runs(frame, self.facts)

        def read_all_capacity():
            found["capacity"] = read_capacity(copy, self.facts, rates)

        readers = {
            runs.NAME: read_all_runs,
            capacity.NAME: read_all_capacity,
            SHARES.name: lambda: read_shares(copy, found["capacity"]) if "capacity" in found else None,
            OTHER.name: lambda: read_other_costs(copy, names, rates),
            PHASES.name: lambda: PHASES.read(copy),
            staff.NAME: lambda: read_role_columns(copy, names, rates),
            experts.NAME: lambda: read_answer_columns([copy], names),
            MAPPING.name: lambda: MAPPING.read(copy),
            SPEND.name: lambda: SPEND.read(copy),
        }
        return [(key, reader) for key, reader in readers.items() if key in tables]
