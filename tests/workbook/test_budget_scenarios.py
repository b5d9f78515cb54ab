"""What a reader changes in a budget inside LibreOffice, from scenario to share: after each, all is as the rules say."""

import datetime
import random
import re

import pytest
from openpyxl.utils import get_column_letter

from tests.budget_oracle import Oracle
from tests.engines.cells import CellError
from tests.workbook.compare import MASTER
from tests.workbook.ledger import (
    CHIPS,
    DRIVERS,
    FACTS,
    SCENARIOS,
    near,
    plan_for,
    random_budget,
)
from xlcost.budget_columns import CAPACITY_COLUMNS, OTHER_COLUMNS, SHARE_COLUMNS
from xlcost.budget_settings import BudgetSettings
from xlcost.columns import RUN_COLUMNS
from xlcost.dates import to_serial
from xlcost.workbook.budget import _book

SHEETS = {
    # table: its sheet, its columns, the row of its first entry
    "runs": ("Runs", RUN_COLUMNS, 6),
    "capacity": ("Capacity", CAPACITY_COLUMNS, 6),
    "shares": ("Shares", SHARE_COLUMNS, 5),
    "others": ("Other costs", OTHER_COLUMNS, 5),
}
SETTINGS = {
    "fiscal_year_start": "Fiscal year begins in month",
    "first_fiscal_year": "First fiscal year begins in",
    "currency": "Budget currency",
    "units": "Amounts shown in",
    "depreciation": "Depreciation in the books",
    "charging": "Capacity is charged to departments by",
    "staff": "People on Staff are in the budget",
    "trial_factor": "Experiment factor of runs that name none",
    "contingency": "Contingency",
    "contingency_department": "Department of the contingency",
    "price_growth": "Growth of prices a year",
    "wage_growth": "Growth of wages a year",
    "payment_lag": "Months from a cost to its payment",
}
DAY = datetime.date
EDITS = 50
LISTED = [FACTS.names.find(chip)[0] for chip in CHIPS]
"""Chips as the list on Prices has them."""


def saved(folder, seed_or_budget):
    """A workbook of a random budget of two years, and what it was made of."""
    settings, tables = random_budget(seed_or_budget) if isinstance(seed_or_budget, int) else seed_or_budget
    settings = BudgetSettings(**{**vars(settings), "years": 2, "scenario": "Base"})
    plan, path = plan_for(folder, settings=settings, **tables), folder / "budget.xlsx"
    _book(plan).save(path)
    return path, plan, tables


class Reader:
    """Somebody who changes cells, and keeps a record of what they now say."""

    def __init__(self, document, plan, tables, seed):
        self.document, self.chance = document, random.Random(seed)
        self.settings, self.year = dict(vars(plan.settings)), plan.settings.first_fiscal_year
        self.tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
        self.departments = plan.departments
        labels = [row[0] for row in document.grid("Calendar", "A1:A60")]
        self.rows = {name: labels.index(label) + 1 for name, label in SETTINGS.items()}

    def edit(self):
        """Change something at random; gives it in words."""
        table = self.chance.choice(["settings"] * 4 + ["runs"] * 4 + ["capacity"] * 3 + ["others"] * 2 + ["shares"])
        if table == "settings" or not self.tables[table]:
            return self.change_setting()
        return self.change_row(table)

    def change_setting(self):
        pick = self.chance.choice
        values = {
            "scenario": lambda: pick(list(SCENARIOS)),
            "fiscal_year_start": lambda: pick([1, 4, 7, 10]),
            "first_fiscal_year": lambda: self.year + pick([-1, 0, 1]),
            "currency": lambda: pick(["USD", "EUR", "JPY"]),
            "units": lambda: pick(["ones", "thousands", "millions"]),
            "depreciation": lambda: pick(["straight_line", "declining_balance"]),
            "charging": lambda: pick(["used", "entitled"]),
            "staff": lambda: pick(["yes", "no"]),
            "trial_factor": lambda: pick([1.0, 1.4, 2.0]),
            "contingency": lambda: pick([0.0, 0.1, 0.25]),
            "contingency_department": lambda: pick(["", *self.departments]),
            "price_growth": lambda: pick([0.0, 0.05]),
            "wage_growth": lambda: pick([0.0, 0.03]),
            "payment_lag": lambda: pick([0, 1, 2, 3]),
        }
        name = pick(["scenario", "scenario", *values])
        value = self.settings[name] = values[name]()
        cell = ("Scenarios", "B4") if name == "scenario" else ("Calendar", f"B{self.rows[name]}")
        self.document.set({cell: float(value) if isinstance(value, int) else value or None})
        return f"{name} is {value!r}"

    def day(self):
        return DAY(self.year, 1, 1) + datetime.timedelta(self.chance.randrange(-300, 900))

    def change_row(self, table):
        pick, between = self.chance.choice, self.chance.uniform
        number = self.chance.randrange(len(self.tables[table]))
        row = self.tables[table][number]
        pools = [pool["capacity"] for pool in self.tables["capacity"]]
        values = {
            "runs": {
                "chips": lambda: float(self.chance.randrange(1, 4000)),
                "hours": lambda: pick([1.0, 500.0, 3000.5, 12_000.0]),
                "chip": lambda: pick(LISTED),
                "start": self.day,
                "capacity": lambda: pick([None, *pools]),
                "sourcing": lambda: pick([None, "own", "cloud_on_demand", "cloud_1y", "cloud_3y"]),
                "department": lambda: pick([None, *self.departments]),
                "experiment_factor": lambda: pick([None, 1.0, 1.5]),
            },
            "capacity": {
                "kind": lambda: pick(["owned", "committed_1y", "committed_3y", "on_demand"]),
                "chip": lambda: pick(LISTED),
                "chips": lambda: float(self.chance.randrange(8, 6000)),
                "in_service": lambda: pick([self.day(), DAY(self.year, 1, 31), DAY(self.year, 4, 1)]),
                "until": lambda: pick([None, row["in_service"] + datetime.timedelta(self.chance.randrange(1, 1500))]),
                "owner": lambda: pick([None, *self.departments]),
                "useful_life": lambda: pick([None, 1.0, 4.0]),
                "residual_value": lambda: pick([None, 0.2]),
                "upfront_share": lambda: pick([None, 0.5]),
                "server_price_per_chip": lambda: pick([None, between(5_000, 40_000)]),
                "usd_per_chip_hour": lambda: pick([None, between(1, 5)]),
                "hosting": lambda: pick([None, between(0, 300)]),
            },
            "others": {
                "amount": lambda: between(-1e5, 1e6),
                "currency": lambda: pick([None, "USD", "EUR", "JPY"]),
                "timing": lambda: pick([None, "once", "monthly"]),
                "start": self.day,
                "end": lambda: pick([None, row["start"] + datetime.timedelta(self.chance.randrange(500))]),
                "department": lambda: pick([None, *self.departments]),
            },
            "shares": {"share": lambda: pick([0.05, 0.2, 0.25])},
        }[table]
        name = pick(list(values))
        value = values[name]()
        cells = {name: value}
        # Dates that others are counted from take them along.
        for first, last in (("in_service", "until"), ("start", "end")):
            if name == first and row.get(last):
                cells[last] = value + (row[last] - row[first])
        sheet, columns, begin = SHEETS[table]
        written = {}
        for each, cell in cells.items():
            row.pop(each, None)
            if cell is not None:
                row[each] = cell
            address = f"{get_column_letter(list(columns).index(each) + 1)}{begin + number}"
            written[sheet, address] = float(to_serial(cell)) if isinstance(cell, datetime.date) else cell
        self.document.set(written)
        return f"{table} {number + 1}: {cells}"

    def oracle(self, scenario=None):
        settings = BudgetSettings(**{**self.settings, "scenario": scenario or self.settings["scenario"]})
        return Oracle(settings=settings, drivers=SCENARIOS[settings.scenario], facts=FACTS, **self.tables)

    def differences(self):
        """What Budget and Scenarios say otherwise than the oracle."""
        oracle, shown, found = self.oracle(), Shown(self.document), []

        def compare(what, one, other):
            if isinstance(one, CellError) or not near(float(one or 0.0), other):
                found.append(f"{what}: shown {one!r}, expected {other!r}")

        expected = {}
        for name, months in oracle.by_department.items():
            key = name if name in shown.departments else "not listed"
            of = expected.setdefault(key, [0.0, 0.0])
            of[0] += sum(months[:12])
            of[1] += sum(months[12:])
        for name in {*shown.departments, *expected}:
            for year, amount in enumerate(expected.get(name, [0.0, 0.0])):
                compare(f"{name}, year {year + 1}", shown.departments.get(name, [0.0, 0.0])[year], amount)
        for year, amount in enumerate(oracle.by_year()):
            compare(f"total of year {year + 1}", shown.totals[year], amount)
        paid = [one + other for one, other in zip(oracle.paid_capacity, oracle.paid_others)]
        for year in range(2):
            compare(f"payments of year {year + 1}", shown.payments[year], sum(paid[12 * year : 12 * year + 12]))
        compare("the scenario in force, side by side", shown.side_by_side(self.settings["scenario"]), sum(oracle.total))
        return found


class Shown:
    """Figures of Budget and Scenarios by fiscal year (columns C and D)."""

    def __init__(self, document):
        self.rows, self.scenarios = document.grid("Budget", "A1:D250"), document.grid("Scenarios", "A1:H60")
        self.departments = {
            str(row[0]).casefold(): [row[2], row[3]] for row in self.of("By department") if row[0] not in (None, "")
        }
        self.totals = self.departments.pop("total")
        self.payments = self.of("Payments")[-1][2:4]

    def of(self, title):
        begin = next(number for number, row in enumerate(self.rows) if row[0] == title) + 1
        end = next(number for number in range(begin, len(self.rows)) if self.rows[number][0] == "Total")
        return self.rows[begin : end + 1]

    def side_by_side(self, scenario):
        names = next(row for row in self.scenarios if "Low" in row and "High" in row)
        total = next(row for row in self.scenarios if row[0] == "Total")
        return total[names.index(scenario)]


@pytest.mark.parametrize("seed", [3, 12, 21, 30])
def test_after_each_edit_the_budget_is_as_the_rules_say(tmp_path, libreoffice, seed):
    path, plan, tables = saved(tmp_path, seed)
    with libreoffice.open(path) as document:
        reader, done = Reader(document, plan, tables, seed), []
        for _ in range(EDITS):
            done.append(reader.edit())
            assert reader.differences() == [], "; ".join(done[-3:])


def test_each_scenario_side_by_side_is_what_the_budget_becomes_when_switched(tmp_path, libreoffice):
    path, plan, tables = saved(tmp_path, 40)
    own = dict(zip(DRIVERS, (0.7, 1.3, 2.0, 1.05, 1.1, 0.95, 1.2)))
    with libreoffice.open(path) as document:
        # The factors of a scenario of one's own stand in the fourth column, from row 10 on.
        document.set({("Scenarios", f"G{row}"): factor for row, factor in enumerate(own.values(), start=10)})
        document.set({("Calendar", f"B{Reader(document, plan, tables, 0).rows['currency']}"): "EUR"})
        settings = BudgetSettings(**{**vars(plan.settings), "currency": "EUR"})
        promised = {name: Shown(document).side_by_side(name) for name in ("Base", "Low", "High", "Own 1", "Own 2")}
        for name, amount in promised.items():
            document.set({("Scenarios", "B4"): name})
            drivers = {**SCENARIOS, "Own 1": own, "Own 2": {}}[name]
            oracle = Oracle(settings=settings, drivers=drivers, facts=FACTS, **tables)
            shown = Shown(document)
            assert sum(shown.totals) == pytest.approx(amount, rel=1e-9), name
            assert sum(shown.totals) == pytest.approx(sum(oracle.total), rel=1e-9), name
            # From any of them, every other one is still the same.
            for other, before in promised.items():
                assert shown.side_by_side(other) == pytest.approx(before, rel=1e-9), (name, other)


def test_there_and_back_again_every_figure_is_the_same_bit_for_bit(tmp_path, libreoffice):
    path, plan, tables = saved(tmp_path, 40)
    sheets = ("Lines", "Capacity months", "Budget months", "Budget", "Scenarios", "Cover")
    with libreoffice.open(path) as document:
        document.set({("Scenarios", "B4"): "Low"})
        document.set({("Scenarios", "B4"): "Base"})
        before = {name: document.grid(name) for name in sheets}
        document.set({("Scenarios", "B4"): "Low"})
        low = document.grid("Budget")
        document.set({("Scenarios", "B4"): "Base"})
        assert low != before["Budget"]
        assert {name: document.grid(name) for name in sheets} == before
        # And so it is for January, April and January.
        row = Reader(document, plan, tables, 0).rows["fiscal_year_start"]
        first = document.get([("Calendar", f"B{row}")])[0]
        document.set({("Calendar", f"B{row}"): first % 12 + 1})
        assert document.grid("Budget") != before["Budget"]
        document.set({("Calendar", f"B{row}"): first})
        assert {name: document.grid(name) for name in sheets} == before


def test_an_unknown_scenario_turns_the_master_check_red(tmp_path, libreoffice):
    path, _, _ = saved(tmp_path, 40)
    with libreoffice.open(path) as document:
        document.set({("Scenarios", "B4"): "Lwo"})
        assert document.get([MASTER]) != ["OK"]


# --- figures that somebody overwrites


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
        ("All lines", "All lines", "AH"),
        ("Employees", "Employees", "AH"),
        ("Idle capacity", "Idle capacity", "AH"),
        ("Gain or loss on disposal", "Gain or loss on disposal", "AH"),
        ("Trials and failed runs", "Trials and failed runs", "AH"),
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
        ("By department", "not listed", "K"),
        ("By department", "Total", "K"),
        ("By kind of cost", "Licences", "K"),
        ("By account", "Total", "AA"),
        ("By sourcing", "own", "K"),
        ("By treatment", "expense", "K"),
        ("Core or generic", "Total", "D"),
        ("By phase", "not listed", "K"),
        ("Payments", "All else", "K"),
        ("Capacity in the books, USD", "Opening value", "K"),
        ("Capacity in the books, USD", "Closing value", "K"),
        ("Hours of capacity", "Idle chip-hours", "K"),
    ],
    "Budget": [
        ("By component", "Energy", "C"),
        ("By component", "Total", "F"),
        ("By department", "not listed", "D"),
        ("By department", "Total", "B"),
        ("By kind of cost", "Licences", "E"),
        ("By cost center", "Total", "C"),
        ("Payments", "Capacity", "C"),
        ("Capacity in the books, USD", "Depreciation", "C"),
        ("Capacity in the books, USD", "Closing value", "F"),
    ],
    "Scenarios": [
        ("Component", "Energy", "B"),
        ("Component", "Energy", "D"),
        ("Component", "Contingency", "D"),
        ("Component", "Total", "B"),
        ("Component", "Total", "D"),
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
        "usd_per_chip_hour": [-1.0, 0.0, "x"],
        "useful_life": [0.0, 60.0, "x"],
        "residual_value": [2.0, "x"],
        "upfront_share": [-1.0, 2.0],
        "payment_lag": [4.0, "x"],
        "pue": [0.5],
        "hosting": [-1.0, "x"],
        "vendor": ["Nobody"],
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
    path, plan, tables = whole
    with libreoffice.open(path) as document:
        rows, unseen = Reader(document, plan, tables, 0).rows, []
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
        cells += [("Scenarios", "E6", "Base")]
        for sheet, cell, bad in cells:
            before = document.get([(sheet, cell)])[0]
            document.set({(sheet, cell): bad})
            if document.get([MASTER]) == ["OK"]:
                unseen.append((sheet, cell, bad))
            document.set({(sheet, cell): before})
        assert unseen == []
        assert document.get([MASTER]) == ["OK"]
