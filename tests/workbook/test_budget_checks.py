"""What a reader breaks in a budget, inside LibreOffice: the master check turns red, whatever it is."""

import datetime
import re

import pytest
from openpyxl.utils import get_column_letter

from tests.workbook.budget_cells import SHEETS, rows_of_settings, saved
from tests.workbook.compare import MASTER
from tests.workbook.ledger import (
    random_budget,
)
from xlcost.budget.settings import BudgetSettings

DAY = datetime.date


def find(rows, title, label, column):
    """The address of a view's row: `label` is the first one under `title`."""
    begin = next(number for number, row in enumerate(rows) if row[0] == title)
    return f"{column}{next(number for number in range(begin, len(rows)) if rows[number][0] == label) + 1}"


def as_typed(formula):
    """A formula as LibreOffice takes it that is written as a file has it."""
    return re.sub(r"('[^']+'|[A-Za-z]+)!", r"$\1.", formula).replace(",", ";")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A workbook in which all checks are OK, with capacity that is used, shares, people and other costs."""
    settings, tables = random_budget(412)
    settings = BudgetSettings(**{**vars(settings), "charging": "entitled", "contingency": 0.1})
    return saved(tmp_path_factory.mktemp("whole"), (settings, tables))


BROKEN = {
    "Lines": [
        ("All lines", "All lines", "AK"),
        ("Employees", "Employees", "AK"),
        ("Idle capacity", "Idle capacity", "AK"),
        ("Loss on disposal (gain below 0)", "Loss on disposal (gain below 0)", "AK"),
        ("Trials and failed runs", "Trials and failed runs", "AK"),
    ],
    "Capacity months": [
        ("Used hours", "Pool 1", "K"),
        ("Available hours", "Pool 1", "K"),
        ("Depreciation", "Pool 1", "K"),
        ("Hosting", "Total", "K"),
        ("Cost of the capacity", "Pool 1", "K"),
        ("Cost of idle hours", "Pool 1", "K"),
        ("Books: closing value", "Total", "K"),
        ("Payments", "Pool 1", "K"),
    ],
    "Budget months": [
        ("By component", "Energy", "K"),
        ("By department", "None, or not listed", "K"),
        ("By department", "Total", "K"),
        ("By kind of cost", "Licences", "K"),
        ("By account", "Total", "AA"),
        ("By sourcing", "Own hardware", "K"),
        ("By treatment", "Expensed", "K"),
        ("Core or generic", "Total", "D"),
        ("By phase", "None, or not listed", "K"),
        ("Payments", "All else", "K"),
        ("Capacity in the books", "Opening value", "K"),
        ("Capacity in the books", "Closing value", "K"),
        ("Hours of capacity", "Idle chip-hours", "K"),
    ],
    "Budget": [
        ("By component", "Energy", "C"),
        ("By component", "Total", "F"),
        ("By department", "None, or not listed", "D"),
        ("By department", "Total", "B"),
        ("By kind of cost", "Licences", "E"),
        ("By cost center", "Total", "C"),
        ("Payments", "Capacity", "C"),
        ("Capacity in the books", "Depreciation", "C"),
        ("Capacity in the books", "Closing value", "F"),
    ],
    "Scenarios": [
        ("Component", "Energy", "B"),
        ("Component", "Energy", "D"),
        ("Component", "Contingency", "D"),
        ("Component", "Total", "B"),
        ("Component", "Total", "D"),
        # Of scenarios that are not in force.
        ("Component", "Energy", "F"),
        ("Component", "Other costs in other currencies", "G"),
        ("Component", "Contingency", "H"),
        ("Component", "Total", "E"),
    ],
}


@pytest.mark.parametrize("sheet", BROKEN)
def test_a_figure_that_is_overwritten_turns_the_master_check_red(whole, libreoffice, sheet):
    with libreoffice.open(whole[0]) as document:
        assert document.get([MASTER]) == ["OK"]
        rows, unseen = document.grid(sheet), []
        for title, label, column in BROKEN[sheet]:
            cell = sheet, find(rows, title, label, column)
            formula = document.formula(*cell)
            assert formula and formula.startswith("="), cell
            document.set({cell: float(document.get([cell])[0] or 0.0) + 1234.5})
            if document.get([MASTER]) != ["CHECK"]:
                unseen.append((title, label, cell[1]))
            document.type({cell: as_typed(formula)})
            assert document.get([MASTER]) == ["OK"], (cell, formula)
        assert unseen == []


def test_shares_that_are_more_than_all_or_named_twice_turn_the_master_check_red(whole, libreoffice):
    path, _, tables = whole
    name = tables["shares"][0]["capacity"]
    last = 5 + len(tables["shares"])
    with libreoffice.open(path) as document:
        for department, share in (("Ops & Co", 0.97), (tables["shares"][0]["department"], 0.001)):
            assert document.get([MASTER]) == ["OK"]
            new = {("Shares", f"A{last}"): name, ("Shares", f"B{last}"): department, ("Shares", f"C{last}"): share}
            document.set(new)
            assert document.get([MASTER]) == ["CHECK"], department
            document.set(dict.fromkeys(new))


BAD_SETTINGS = {
    "fiscal_year_start": [0.0, 13.0, 1.5, "x", None],
    "first_fiscal_year": [1800.0, 2023.5, "x", None],
    "currency": ["CHF", None],
    "units": ["k", None],
    "depreciation": ["fast", None],
    "charging": ["free", None],
    "staff": ["maybe", None],
    "trial_factor": [0.5, "x", None],
    "contingency": [-0.1, 1.5, "x", None],
    "price_growth": [-2.0, "x", None],
    "wage_growth": [1.5, "x"],
    "payment_lag": [4.0, 1.5, -1.0, "x", None],
}
BAD_CELLS = {
    # table: columns with what cannot stand in them, in a row that is filled
    "capacity": {
        "kind": ["rented", None],
        "chip": ["H1000", None],
        "chips": [0.0, -4.0, "x", None],
        "in_service": ["soon", None],
        "until": ["x", 100.0],
        "price_per_chip_hour": [-1.0, 0.0, "x"],
        "useful_life": [0.0, 60.0, "x"],
        "residual_value": [2.0, "x"],
        "upfront_share": [-1.0, 2.0],
        "payment_lag": [4.0, "x"],
        "pue": [0.5],
        "hosting": [-1.0, "x"],
        "vendor": ["Nobody"],
        "currency": ["XXX"],
    },
    "shares": {"capacity": ["Pol", None], "department": ["Nobody", None], "share": [0.0, 2.0, -1.0, "x", None]},
    "others": {
        "item": [None],
        "category": ["food"],
        "run": ["nobody"],
        "amount": ["x", None],
        "currency": ["CHF"],
        "timing": ["weekly"],
        "start": ["x", None],
        "end": ["x", 5.0],
    },
}


def test_what_cannot_be_set_turns_the_master_check_red(whole, libreoffice):
    path, plan, _ = whole
    with libreoffice.open(path) as document:
        rows, unseen = rows_of_settings(document), []
        cells = [("Calendar", f"B{rows[name]}", value) for name, values in BAD_SETTINGS.items() for value in values]
        for table, columns in BAD_CELLS.items():
            sheet, known, first = SHEETS[table]
            for name, values in columns.items():
                cells += [(sheet, f"{get_column_letter(list(known).index(name) + 1)}{first}", bad) for bad in values]
        # Rates of each listed currency but the dollar, in both years, and factors of scenarios that are not in force.
        listed = [row[0] for row in document.grid("Calendar", "A1:A60")]
        for code in plan.settings.rates:
            row = listed.index(code) + 1
            cells += [("Calendar", f"{letter}{row}", bad) for letter in "BC" for bad in (None, 0.0, -1.0, "x")]
        cells += [("Scenarios", cell, bad) for cell in ("E10", "G16") for bad in (None, 0.0, -1.0, "x")]
        cells += [("Scenarios", "E6", "Base"), ("Scenarios", "D10", 1.5), ("Scenarios", "D16", 0.9)]
        for sheet, cell, bad in cells:
            before = document.get([(sheet, cell)])[0]
            document.set({(sheet, cell): bad})
            if document.get([MASTER]) == ["OK"]:
                unseen.append((sheet, cell, bad))
            document.set({(sheet, cell): before})
        assert unseen == []
        assert document.get([MASTER]) == ["OK"]
