"""What a reader changes in a budget inside LibreOffice, from scenario to share: after each, all is as the rules say."""

import datetime
import random

import pytest
from openpyxl.utils import get_column_letter

from tests.budget_oracle import Oracle
from tests.engines.cells import CellError
from tests.workbook.budget_cells import SHEETS, rows_of_settings, saved
from tests.workbook.compare import MASTER
from tests.workbook.ledger import (
    CHIPS,
    DRIVERS,
    FACTS,
    SCENARIOS,
    near,
)
from xlcost.budget.settings import BudgetSettings
from xlcost.dates import to_serial

DAY = datetime.date
EDITS = 50
LISTED = [FACTS.names.find(chip)[0] for chip in CHIPS]
"""Chips as the list on Prices has them."""


class Reader:
    """Somebody who changes cells, and keeps a record of what they now say."""

    def __init__(self, document, plan, tables, seed):
        self.document, self.chance = document, random.Random(seed)
        self.settings, self.year = dict(vars(plan.settings)), plan.settings.first_fiscal_year
        self.tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
        self.departments = plan.departments
        self.rows = rows_of_settings(document)

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
                "currency": lambda: pick([None, "USD", "EUR", "JPY"]),
                "price_per_chip_hour": lambda: pick([None, between(1, 5)]),
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
            key = name if name in shown.departments else "none, or not listed"
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
