"""Small budgets of 2025, whose figures can be calculated by hand, and capacity for them."""

import datetime

from tests.workbook.ledger import LABELS, InMemory, Ledger, plan_for
from xlcost.budget.settings import BudgetSettings

DAY = datetime.date


def budget(folder, runs=(), capacity=(), settings=None, **tables):
    """A workbook of 2025, with a run that costs nothing worth speaking of where there is none."""
    runs = list(runs) or [run("other", chips=1, hours=1.0, start=DAY(2025, 1, 1))]
    settings = BudgetSettings(**{"fiscal_year_start": 1, "first_fiscal_year": 2025, "years": 1, **(settings or {})})
    plan = plan_for(folder, runs, settings, capacity=capacity, **tables)
    return Ledger(InMemory(plan), plan.settings)


def run(name, **cells):
    return {"run": name, "chip": "NVIDIA H100 SXM", "department": "Users", **cells}


def owned(**cells):
    """100 chips at $81 with their servers, so at 81 / (1 − 19%) = $100 with their network, and nothing else to pay."""
    return {
        **{"capacity": "Pool", "kind": "owned", "owner": "Owner", "chip": "NVIDIA H100 SXM", "chips": 100},
        **{"in_service": DAY(2025, 1, 1), "server_price_per_chip": 81, "useful_life": 5, "electricity_price": 0},
        **{"hosting": 0, "operations": 0, "maintenance": 0, "insurance": 0, "until": DAY(2030, 1, 1)},
        **cells,
    }


def committed(**cells):
    return {
        **{"capacity": "Pool", "kind": "committed_1y", "owner": "Owner", "chip": "NVIDIA H100 SXM", "chips": 100},
        **{"in_service": DAY(2025, 1, 1), "until": DAY(2026, 1, 1), "price_per_chip_hour": 2.0},
        **cells,
    }


def whole(ledger, component):
    return sum(ledger.view("By component")[LABELS[component]])
