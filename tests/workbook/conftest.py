"""Budget workbooks that several tests look at."""

import datetime
import random

import pandas as pd
import pytest

from tests.strategies import ODD_NAMES
from tests.workbook.fleet_months import Sheet
from xlcost import catalog
from xlcost.examples import PORTFOLIO
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget


@pytest.fixture(scope="session")
def budget(tmp_path_factory):
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO))
    return path


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """A portfolio with every chip of the edition, odd names and gaps."""
    facts, chance = catalog.load(), random.Random(7)
    table = []
    for number, chip in enumerate(facts.chips["chip"]):
        run = {
            "run": f"run {number}",
            "chip": chip,
            "start": datetime.date(2018 + number % 14, 1 + number % 12, 1 + number % 28),
            "department": ODD_NAMES[number % len(ODD_NAMES)],
            "sourcing": chance.choice(["own", "cloud_1y", "cloud_3y", None]),
            "organization": chance.choice(["Google, Mila", "OpenAI", "Metaphor", "", None]),
            "vendor": chance.choice([None, None, *facts.vendors]),
            "capacity": chance.choice([None, "A*", "=x", "c"]),
        }
        run |= chance.choice(
            [
                {"chips": 8 + number, "hours": 100.5},
                {"chip_hours": 5e5},
                {"training_flop": 3e22, "mfu": 0.4},
                {"chips": 1000, "hours": 10_000},
            ]
        )
        table.append(run)
    for number, name in enumerate(ODD_NAMES):
        table.append(
            {
                "run": name,
                "chip": "H100",
                "chips": 8,
                "hours": 5.0,
                "department": name,
                "capacity": name,
                "organization": name,
                "server_price_per_chip": 30_000 + number if number % 2 else None,
            }
        )
    path = tmp_path_factory.mktemp("mixed") / "mixed.xlsx"
    write_budget(path, pd.DataFrame(table))
    return path


@pytest.fixture(scope="session")
def fleet_budget(tmp_path_factory):
    """A budget of one run: what Buy or rent says does not depend on them."""
    path = tmp_path_factory.mktemp("fleet") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO)[:1])
    return path


@pytest.fixture(scope="module")
def fleet_sheets(fleet_budget, libreoffice, cellrune):
    """The sheet Buy or rent, open in each spreadsheet."""
    with libreoffice.open(fleet_budget) as one, cellrune.open(fleet_budget) as other:
        yield {"libreoffice": Sheet(one), "cellrune": Sheet(other)}
