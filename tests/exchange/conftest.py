"""What several tests of this folder look at: budgets with actuals, a department's workbook."""

import csv
import datetime

import pandas as pd
import pytest

from tests.exchange.filled import ROWS, typed
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import BudgetSettings
from xlcost.workbook.budget import write_plan
from xlcost.workbook.department import write_department

RENTED = {
    "run": "R",
    "chip": "H100",
    "chips": 10,
    "hours": 1440.0,
    "start": datetime.date(2026, 1, 1),
    "sourcing": "cloud_on_demand",
    "vendor": "Our cloud",
    "department": "Research",
}
"""60 days from January on, 14,400 chip-hours."""
SETTINGS = BudgetSettings(fiscal_year_start=1, first_fiscal_year=2026, years=1, staff="no", rates={"EUR": [0.5]})


def as_csv(path, rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def prices(folder):
    """2 USD an hour on demand, and a server for 40,000 USD a chip."""
    return as_csv(
        folder / "prices.csv",
        [
            {
                "chip": "H100",
                "vendor": "Our cloud",
                "date": "2025-01-01",
                "commitment": "on_demand",
                "usd_per_chip_hour": 2,
            },
            {"chip": "H100", "date": "2025-01-01", "usd_per_chip": 40_000, "sold_as": "server"},
        ],
    )


@pytest.fixture(scope="session")
def rented(tmp_path_factory):
    """A budget of one rented run: 14,880 USD in January, 13,440 in February, 480 in March."""
    folder = tmp_path_factory.mktemp("rented")
    plan = plan_of(pd.DataFrame([RENTED]), tables=Tables(prices=prices(folder)), settings=SETTINGS)
    write_plan(folder / "budget.xlsx", plan)
    return plan


@pytest.fixture(scope="session")
def owned(tmp_path_factory):
    """A budget of two runs on a cluster of 10 chips, half used in January, and of one that is rented."""
    folder = tmp_path_factory.mktemp("owned")
    runs = [
        {**RENTED, "run": "first", "hours": 372.0, "sourcing": "own", "capacity": "C"},
        {
            **RENTED,
            "run": "second",
            "hours": 336.0,
            "sourcing": "own",
            "capacity": "C",
            "department": "Products",
            "start": datetime.date(2026, 2, 1),
        },
        RENTED,
    ]
    capacity = as_csv(
        folder / "capacity.csv",
        [
            {
                "capacity": "C",
                "kind": "owned",
                "owner": "Owners",
                "chip": "H100",
                "chips": 10,
                "in_service": "2026-01-01",
                "useful_life": 4,
                "residual_value": 0.1,
                "upfront_share": 0.3,
                "payment_lag": 1,
            },
            {
                "capacity": "D",
                "kind": "committed_1y",
                "owner": "Owners",
                "chip": "H100",
                "chips": 4,
                "in_service": "2026-03-01",
                "price_per_chip_hour": 1.5,
                "upfront_share": 0.2,
                "payment_lag": 2,
            },
        ],
    )
    others = as_csv(
        folder / "others.csv",
        [
            {
                "item": "Storage",
                "category": "storage",
                "department": "Research",
                "amount": 103,
                "timing": "monthly",
                "start": "2026-01-01",
                "end": "2026-06-30",
            },
            {
                "item": "Texts",
                "category": "data",
                "run": "second",
                "amount": 70,
                "currency": "EUR",
                "start": "2026-02-01",
            },
        ],
    )
    staff = as_csv(
        folder / "staff.csv", [{"run": "first", "role": "Engineers", "people": 2, "fte_low": 0.5, "years_low": 0.02}]
    )
    tables = Tables(prices=prices(folder), capacity=capacity, others=others, staff=staff)
    settings = BudgetSettings(**{**vars(SETTINGS), "staff": "yes", "contingency": 0.05})
    return plan_of(pd.DataFrame(runs), tables=tables, settings=settings)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """An empty template, as it was written."""
    path = tmp_path_factory.mktemp("written") / "department.xlsx"
    write_department(path, "Research", runs=ROWS)
    return path


@pytest.fixture(scope="session")
def filled(written, libreoffice, tmp_path_factory):
    """The same, filled in LibreOffice and saved by it."""
    path = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    with libreoffice.open(written) as document:
        document.set(typed())
        document.save_as(path)
    return path
