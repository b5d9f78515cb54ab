"""Where a budget workbook has what a reader changes, and a random budget written to a file."""

from tests.workbook.ledger import plan_for, random_budget
from xlcost.budget.columns import CAPACITY_COLUMNS, OTHER_COLUMNS, SHARE_COLUMNS
from xlcost.budget.settings import LABELS, BudgetSettings
from xlcost.columns import RUN_COLUMNS
from xlcost.workbook.budget import _book

SHEETS = {
    # table: its sheet, its columns, the row of its first entry
    "runs": ("Runs", RUN_COLUMNS, 6),
    "capacity": ("Capacity", CAPACITY_COLUMNS, 6),
    "shares": ("Shares", SHARE_COLUMNS, 5),
    "others": ("Other costs", OTHER_COLUMNS, 5),
}
NOT_EDITED = "years", "declining_factor", "revenue", "research_budget"
SETTINGS = {name: label for name, label in LABELS.items() if name not in NOT_EDITED}


def rows_of_settings(document):
    """Rows of Calendar, by the name of the setting."""
    labels = [row[0] for row in document.grid("Calendar", "A1:A60")]
    return {name: labels.index(label) + 1 for name, label in SETTINGS.items()}


def saved(folder, seed_or_budget):
    """A workbook of a random budget of two years, and what it was made of."""
    settings, tables = random_budget(seed_or_budget) if isinstance(seed_or_budget, int) else seed_or_budget
    settings = BudgetSettings(**{**vars(settings), "years": 2, "scenario": "Base"})
    plan, path = plan_for(folder, settings=settings, **tables), folder / "budget.xlsx"
    _book(plan).save(path)
    return path, plan, tables
