"""What a budget is made of, for a check: its inputs, its sizes, and the workbook that has them."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from ..budget.columns import CAPACITY_COLUMNS, LINES, OTHER_COLUMNS, PHASE_COLUMNS, SHARE_COLUMNS
from ..budget.plan import plan_of
from ..budget.settings import ACCOUNTS, CENTERS, DEPARTMENTS, LIST_END, RATES, settings_from
from ..budget.settings_sheets import settings_of_workbook, versions_of_workbook
from ..budget.tables import OTHER, PHASES, SHARES, read_capacity, read_other_costs, read_shares
from ..columns import RUN_COLUMNS
from ..comparison import fold
from ..errors import XlcostError
from ..experts import read_answer_columns
from ..languages import spellings
from ..project_columns import ANSWER_COLUMNS, ROLE_COLUMNS
from ..runs import check_runs, read_runs
from ..staffing import read_role_columns
from ..workbook import calendar, capacity, costs, experts, inputs, runs, staff, uncertainty, versions
from ..workbook.budget import SHEETS, _book
from .inputs_of_file import check_tables, tables_of
from .of_department import computed_rows

__all__ = ["SHEETS", "Source", "rows_of"]

TABLES = {
    runs.NAME: RUN_COLUMNS,
    capacity.NAME: CAPACITY_COLUMNS,
    SHARES.name: SHARE_COLUMNS,
    OTHER.name: OTHER_COLUMNS,
    PHASES.name: PHASE_COLUMNS,
    staff.NAME: ROLE_COLUMNS,
    experts.NAME: ANSWER_COLUMNS,
}
ANYTHING = {"run": "any", "chip": "H100", "chips": 1.0, "hours": 1.0}
"""A run for a workbook whose own cannot be read: what it should be is known all the same."""


def rows_of(known):
    """How many rows a table or a list has."""
    found = {runs.NAME: computed_rows(known.get(costs.NAME), 1)}
    for key in (capacity.NAME, PHASES.name, staff.NAME, experts.NAME, OTHER.name):
        found[key] = computed_rows(known.get(key), 1)
    size = _referred(known, SHARES.name)
    if size is not None:
        found[SHARES.name] = size
    if versions.NAME in known:
        # One of them is for what is not listed.
        found[versions.NAME] = sum(map(_is_department, _texts(known[versions.NAME]))) - 1
    # First heading, the one after the list, and rows between them that are not of the list.
    lists = (
        (inputs.NAME, DEPARTMENTS, LIST_END, DEPARTMENTS, 0),
        (calendar.NAME, RATES, calendar.COMPANY, RATES, 0),
        (calendar.NAME, ACCOUNTS, CENTERS, ACCOUNTS, len(LINES) + 1),
        (calendar.NAME, CENTERS, LIST_END, CENTERS, 0),
    )
    for key, first, last, name, others in lists:
        begin, end = (_row_of(known.get(key), label) for label in (first, last))
        if begin is not None and end is not None:
            found[name] = end - begin - 1 - others
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


def _referred(known, key):
    """Rows of a sheet to which formulas of other sheets refer."""
    if key not in known:
        return None
    name = known[key].name
    area = re.compile(rf"(?<!\w){re.escape(name)}'?!\$[A-Z]+\$([0-9]+):\$[A-Z]+\$([0-9]+)")
    encoded = name.encode()
    for sheet in known.values():
        for column in sheet.columns.values():
            for formula in dict.fromkeys(column.formulas):
                if formula is not None and encoded in formula:
                    found = area.search(formula.decode("utf-8", "replace"))
                    if found:
                        return int(found[2]) - int(found[1]) + 1
    return None


class Source:
    """A budget that came back.

    Parameters
    ----------
    path : path-like
    facts : Catalog
    language : Language
    """

    def __init__(self, path, facts, language):
        self.path, self.facts, self.language = path, facts, language
        self.plan, self.is_read = self._plan()

    def _plan(self):
        """What it is made of, and whether it could be read as it stands."""
        edition, code = self.facts.edition, self.language.code
        try:
            table = read_runs(self.path)
            return plan_of(table, str(self.path), edition, language=code), True
        except XlcostError:
            pass
        try:
            settings = settings_from(**settings_of_workbook(self.path))
        except XlcostError:
            settings = None
        plan = plan_of(pd.DataFrame([ANYTHING]), None, edition, settings=settings, language=code)
        return replace(plan, versions=versions_of_workbook(self.path)), False

    def book(self, given):
        """The workbook as it should be."""
        return _book(self.plan, given)

    def inputs(self, made, given, layouts):
        """What is wrong with the inputs; see `xlcost.exchange.inputs_of_file.check_tables`."""
        tables = tables_of(made, TABLES, given, layouts)
        return check_tables(tables.values(), None if self.is_read else lambda copy: self._readers(copy, tables))

    def _readers(self, copy, tables):
        names, found = [], {}
        rates = self.plan.settings.rates

        def read_all_runs():
            frame = read_runs(copy)
            names.extend(str(name).strip() for name in frame["run"] if name is not None)
            check_runs(frame, self.facts)

        def read_all_capacity():
            found["capacity"] = read_capacity(copy, self.facts)

        readers = {
            runs.NAME: read_all_runs,
            capacity.NAME: read_all_capacity,
            SHARES.name: lambda: read_shares(copy, found["capacity"]) if "capacity" in found else None,
            OTHER.name: lambda: read_other_costs(copy, names, rates),
            PHASES.name: lambda: PHASES.read(copy),
            staff.NAME: lambda: read_role_columns(copy, names),
            experts.NAME: lambda: read_answer_columns([copy], names),
        }
        return [(key, reader) for key, reader in readers.items() if key in tables]

    def not_compared(self, known):
        """The sheet of samples, where it says by itself that the inputs are others now."""
        sheet = known.get(uncertainty.NAME)
        new = {fold(text) for text in spellings(uncertainty.NEW)}
        is_new = self.is_read and sheet is not None and fold(str(sheet.value(3, 1))) in new
        return () if is_new else (uncertainty.NAME,)
