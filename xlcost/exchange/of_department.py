"""What a department's workbook is made of, for a check: its inputs, its sizes, and the workbook that has them."""

from __future__ import annotations

from collections import Counter

from ..budget.columns import OTHER_COLUMNS
from ..budget.tables import OTHER, read_other_costs
from ..columns import RUN_COLUMNS
from ..project_columns import ROLE_COLUMNS
from ..runs import check_runs, read_runs
from ..staffing import read_role_columns
from ..workbook import costs, runs, staff
from ..workbook.department import SHEETS, book
from .inputs_of_file import check_tables, tables_of

__all__ = ["SHEETS", "Source", "rows_of"]

TABLES = {runs.NAME: RUN_COLUMNS, staff.NAME: ROLE_COLUMNS, OTHER.name: OTHER_COLUMNS}


def rows_of(known):
    """How many rows a table has that may have any number."""
    return {runs.NAME: computed_rows(known.get(costs.NAME), 1)}


def computed_rows(sheet, at_least):
    """How many rows of formulas a sheet's table has: as many as most of its formulas stand in columns of."""
    if sheet is None:
        return at_least
    counts = Counter()
    for column in sheet.columns.values():
        count = sum(formula is not None for formula in column.formulas)
        counts[count] += count
    counts.pop(0, None)
    return max(counts.most_common(1)[0][0], at_least) if counts else at_least


class Source:
    """A department's workbook that came back.

    Parameters
    ----------
    path : path-like
    facts : Catalog
    language : Language
    """

    def __init__(self, path, facts, language):
        self.path, self.facts, self.language = path, facts, language

    def book(self, given):
        """The workbook as it should be."""
        return book(self.facts, "", self.language, given.rows[runs.NAME], given)

    def inputs(self, made, given, layouts):
        """What is wrong with the inputs; see `xlcost.exchange.inputs_of_file.check_tables`."""
        tables = tables_of(made, TABLES, given, layouts)
        return check_tables(tables.values(), lambda copy: self._readers(copy, tables))

    def _readers(self, copy, tables):
        names = []

        def read_all_runs():
            frame = read_runs(copy)
            names.extend(str(name).strip() for name in frame["run"] if name is not None)
            if len(frame):
                check_runs(frame, self.facts)

        if runs.NAME in tables:
            yield runs.NAME, read_all_runs
        if staff.NAME in tables:
            yield staff.NAME, lambda: read_role_columns(copy, names if runs.NAME in tables else None)
        if OTHER.name in tables:
            # Headquarters have the rates.
            rates = {text for text in self._currencies(tables[OTHER.name]) if len(text) == 3 and text.isalpha()}
            known = names if runs.NAME in tables else []
            yield OTHER.name, lambda: read_other_costs(copy, known, dict.fromkeys(rates, 1.0))

    @staticmethod
    def _currencies(table):
        return [str(values["currency"]).strip().upper() for _, values in table.cells()]

    @staticmethod
    def not_compared(known):
        """Sheets that say what was at another time."""
        return ()
