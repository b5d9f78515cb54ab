"""What a department's workbook is made of, for a check: its inputs, its sizes, and the workbook that has them."""

from __future__ import annotations

from .. import catalog as catalogs
from ..budget.columns import OTHER_COLUMNS
from ..budget.currencies import is_code
from ..budget.tables import OTHER, read_other_costs
from ..columns import RUN_COLUMNS
from ..overview import TEMPLATE_VERSION
from ..project_columns import ROLE_COLUMNS
from ..runs import check_runs, read_runs
from ..staffing import read_role_columns
from ..workbook import costs, runs, staff
from ..workbook.department import SHEETS, book
from .source import Source, computed_rows, referred_rows


class DepartmentSource(Source):
    """A department's workbook that came back."""

    SHEETS = SHEETS
    TABLES = {runs.NAME: RUN_COLUMNS, staff.NAME: ROLE_COLUMNS, OTHER.name: OTHER_COLUMNS}
    VERSION, VERSION_LABEL = TEMPLATE_VERSION, "version"

    def __init__(self, *file):
        super().__init__(*file)
        self.facts = catalogs.load(self.edition)

    def rows(self):
        computed = computed_rows(self.sheets.get(costs.NAME), runs.FIRST)
        return {runs.NAME: computed or referred_rows(self.sheets, runs.NAME) or 1}

    def book(self):
        return book(self.facts, "", self.language, self.given.rows[runs.NAME], self.given)

    def readers(self, copy, tables):
        names = []

        def read_all_runs():
            frame = read_runs(copy)
            names.extend(str(name).strip() for name in frame["run"] if name is not None)
            if len(frame):
                check_runs(frame, self.facts)

        if runs.NAME in tables:
            yield runs.NAME, read_all_runs
        if staff.NAME in tables:
            known_of_staff = names if runs.NAME in tables else None
            yield staff.NAME, lambda: read_role_columns(copy, known_of_staff, _currencies(tables[staff.NAME]))
        if OTHER.name in tables:
            known = names if runs.NAME in tables else []
            yield OTHER.name, lambda: read_other_costs(copy, known, _currencies(tables[OTHER.name]))


def _currencies(table):
    """All that can be currencies: headquarters have the rates."""
    texts = {str(values.get("currency", "")).strip().upper() for _, values in table.cells()}
    return set(filter(is_code, texts))
