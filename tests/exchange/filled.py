"""A department's workbook as a person fills it, in LibreOffice."""

import datetime
from pathlib import Path

from openpyxl.utils import get_column_letter

from xlcost.budget.columns import OTHER_COLUMNS
from xlcost.columns import RUN_COLUMNS
from xlcost.languages import language_of
from xlcost.overview import NAME as OVERVIEW
from xlcost.project_columns import ROLE_COLUMNS
from xlcost.workbook import other_costs, overview, runs, staff
from xlcost.workbook.department import LEFT

ROWS = 12
"""Of runs, in the template."""
DAY = datetime.date(2026, 12, 1)
RUNS = (
    {"run": "Alpha", "chip": "NVIDIA H100 SXM5 80GB", "chips": 512, "hours": 720, "start": DAY},
    {"run": "Beta", "department": "Product", "chip": "Google TPU v5e", "chips": 64, "hours": 1000},
    {"run": "Gamma", "chip": "NVIDIA H100 SXM5 80GB", "chip_hours": 90_000, "sourcing": "cloud_3y", "phase": "=1+1"},
)
ROLES = (
    {"run": "Alpha", "role": "Research", "people": 5, "fte_low": 0.5, "fte_high": 0.9, "years_low": 1},
    {"run": "Beta", "role": "Labelling", "person_months_low": 20, "monthly_rate_low": 9000},
)
OTHERS = (
    {"item": "Storage", "amount": 1000, "start": DAY, "timing": "monthly", "end": datetime.date(2027, 3, 1)},
    {"item": "Data", "department": "Product", "category": "data", "amount": 5e4, "currency": "USD", "start": DAY},
)
TABLES = {
    # sheet: columns, number of the first one, first row
    runs.NAME: (RUN_COLUMNS, LEFT + 1, runs.FIRST),
    staff.NAME: (ROLE_COLUMNS, 1, staff.FIRST),
    "Other costs": (OTHER_COLUMNS, 1, other_costs.FIRST),
}
CONTACT = f"B{overview.FIRST + 1}"
SENT = {path.stem.split("-")[-1]: path for path in Path(__file__).parents[1].joinpath("data").glob("department-*.xlsx")}
"""Of every version of the template one; each was written by the xlcost of its time, never to be written anew."""


def address(sheet, row, name):
    """Cell of a column of a table, in its row, counted from 0."""
    columns, begin, first = TABLES[sheet]
    return f"{get_column_letter(begin + list(columns).index(name))}{first + row}"


def typed(language="en", tables=None):
    """What a person types: values by sheet and cell."""
    text = language_of(language).text
    rows = tables or {runs.NAME: RUNS, staff.NAME: ROLES, "Other costs": OTHERS}
    cells = {
        (text(sheet), address(sheet, row, name)): value
        for sheet, filled in rows.items()
        for row, given in enumerate(filled)
        for name, value in given.items()
    }
    return {**cells, (text(OVERVIEW), CONTACT): "Ana"}
