"""What a reader changes in a budget, inside LibreOffice: as `estimate` says, or the master check is red."""

import datetime
import random

import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from tests.workbook.compare import MASTER, agree
from xlcost import catalog
from xlcost.columns import RUN_COLUMNS, STEP_GROUPS
from xlcost.dates import to_serial
from xlcost.equations.parameters import ASSUMPTIONS
from xlcost.estimate import estimate
from xlcost.examples import PORTFOLIO
from xlcost.excel_limits import ROWS
from xlcost.runs import read_runs
from xlcost.workbook import inputs, runs
from xlcost.workbook.book import Book

RUN_LETTERS = runs.letters()
STEP_LETTERS = {
    column.name: get_column_letter(number)
    for number, column in enumerate((column for _, columns in STEP_GROUPS for column in columns), start=1)
}
COMPARED = (
    "chip_hours_used",
    "acquisition_price_per_chip",
    "value_at_start_per_chip",
    "accelerator_chips",
    "server_components",
    "interconnect",
    "energy",
    "amortized_cost",
    "acquisition_cost",
    "cloud_cost",
    "power_capacity_kw",
    "budget_cost",
)


class Reader:
    """Somebody who changes cells, and keeps a record of what the workbook now says."""

    def __init__(self, document, seed):
        self.document, self.chance, self.facts = document, random.Random(seed), catalog.load()
        table = read_runs(PORTFOLIO).reset_index(drop=True)
        self.rows = {
            number: {name: value for name, value in run.items() if value is not None}
            for number, run in enumerate(table.to_dict("records"))
        }
        for run in self.rows.values():
            run["chip"] = self.facts.names.find(run["chip"])[0]
        self.assumptions = {}
        book = Book("addresses", datetime.date(2026, 11, 1))
        self.given = inputs.write_inputs(book, book.sheet("Inputs"), self.facts, ["one", "two", "three"])
        self.method = "market"

    def edit(self):
        kind = self.chance.random()
        if kind < 0.12:
            self.edit_assumption()
        elif kind < 0.17:
            self.method = self.chance.choice(["market", "market_exact", "straight_line"])
            self.document.set({self.address(self.given.method): self.method})
        else:
            self.edit_run()

    def edit_assumption(self):
        name = self.chance.choice(list(ASSUMPTIONS))
        value = float(self.given.assume[name].value) * self.chance.uniform(0.7, 1.2)
        if name == "hours_per_year":
            value = self.chance.choice([8760.0, 8766.0, 8784.0])
        self.assumptions[name] = value
        self.document.set({self.address(self.given.assume[name]): value})

    def edit_run(self):
        number = self.chance.randrange(len(self.rows) + 1) if len(self.rows) < 20 else self.chance.randrange(20)
        if number not in self.rows:
            self.rows[number] = {"run": f"new {number}"}
            self.change(number, {"run": f"new {number}", "chip": self.value("chip"), "chips": 64.0, "hours": 48.0})
            return
        name = self.chance.choice(
            [
                "chips",
                "hours",
                "chip",
                "chip",
                "start",
                "start",
                "sourcing",
                "sourcing",
                "vendor",
                "vendor",
                "organization",
                "chip_hours",
                "training_flop",
                "mfu",
                "published",
                "acquired",
                "server_price_per_chip",
                "department",
                "capacity",
            ]
        )
        optional = name not in ("chips", "hours", "chip")
        self.change(number, {name: None if optional and self.chance.random() < 0.3 else self.value(name)})

    def value(self, name):
        chance = self.chance
        return {
            "chips": lambda: float(chance.randrange(1, 50_000)),
            "hours": lambda: chance.choice([1.0, 793.5, 2_142.0, 9_000.0]),
            "chip": lambda: chance.choice(list(self.facts.chips["chip"])),
            "start": lambda: datetime.date(
                chance.randrange(2015, 2030), chance.randrange(1, 13), chance.randrange(1, 29)
            ),
            "sourcing": lambda: chance.choice(["own", "cloud_on_demand", "cloud_1y", "cloud_3y"]),
            "vendor": lambda: chance.choice(self.facts.vendors),
            "organization": lambda: chance.choice(
                ["Google/DeepMind", "OpenAI", "Meta AI", "Anthropic", "x (Microsoft)", "=1+1"]
            ),
            "chip_hours": lambda: chance.uniform(1e3, 1e7),
            "training_flop": lambda: 10 ** chance.uniform(20, 26),
            "mfu": lambda: chance.uniform(0.05, 0.9),
            "server_price_per_chip": lambda: chance.uniform(1e3, 9e4),
            "department": lambda: chance.choice(["Research", "research", "Unheard of", ">0"]),
            "capacity": lambda: chance.choice(["Cluster West", "*", "small"]),
        }.get(name, lambda: datetime.date(chance.randrange(2018, 2029), chance.randrange(1, 13), 1))()

    def change(self, number, cells):
        self.rows[number].update(cells)
        self.document.set(
            {
                ("Runs", f"{RUN_LETTERS[name]}{runs.FIRST + number}"): float(to_serial(value))
                if isinstance(value, datetime.date)
                else value
                for name, value in cells.items()
            }
        )

    def address(self, term):
        sheet, _, cell = term.text.partition("!")
        return sheet, cell.replace("$", "")

    def expected(self):
        table = pd.DataFrame(
            [self.rows[number] for number in sorted(self.rows)], columns=list(RUN_COLUMNS), dtype=object
        )
        return estimate(table, self.facts, method=self.method, assumptions=self.assumptions)

    def shown(self):
        last = runs.FIRST + len(self.rows) - 1
        found = {}
        for name in (*COMPARED, "note"):
            letter = STEP_LETTERS[name]
            found[name] = [row[0] for row in self.document.grid("Costs", f"{letter}{runs.FIRST}:{letter}{last}")]
        return found


@pytest.mark.parametrize("seed", range(4))
def test_edits_inside_libreoffice_give_what_estimate_gives(budget, libreoffice, seed):
    with libreoffice.open(budget) as document:
        reader = Reader(document, seed)
        for number in range(55):
            reader.edit()
            expected, shown = reader.expected(), reader.shown()
            for name in COMPARED:
                wanted = expected["chip_hours" if name == "chip_hours_used" else name]
                wrong = [
                    (row, want, have)
                    for row, (want, have) in enumerate(zip(wanted, shown[name]))
                    if not agree(None if want != want else want, have)
                ]
                assert not wrong, f"edit {number}, {name}: {wrong}; runs {reader.rows}"
            assert [note or None for note in expected["note"]] == [note or None for note in shown["note"]]


def test_a_row_under_the_spare_ones_turns_the_master_check_red(budget, libreoffice):
    last = runs.FIRST + len(read_runs(PORTFOLIO)) + runs.SPARE
    with libreoffice.open(budget) as document:
        for row in (last, last + 700, ROWS):
            assert document.get([MASTER]) == ["OK"]
            document.set({("Runs", f"A{row}"): "one too many"})
            assert document.get([MASTER]) == ["CHECK"]
            document.set({("Runs", f"A{row}"): None})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("E6", "no such chip"),
        ("F6", -1.0),
        ("F6", "many"),
        ("A7", "grok-3"),
        ("J6", 1.5),
        ("K6", "soon"),
        ("K6", -100.0),
        ("R6", -5.0),
        ("S6", 0.5),
        ("G6", 1e7),
    ],
)
def test_an_input_that_cannot_be_right_turns_the_master_check_red(budget, libreoffice, cell, value):
    with libreoffice.open(budget) as document:
        document.set({("Runs", cell): value})
        assert document.get([MASTER]) == ["CHECK"]
        document.set({("Runs", cell): None})


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("depreciation_rate", -0.1),
        ("interconnect_share", 1.2),
        ("default_mfu", 5.0),
        ("discount_3y.other", 1.5),
        ("hours_per_year", "many"),
        ("Amortization method", "foo"),
        ("Start of a run that names none", "soon"),
    ],
)
def test_an_assumption_that_cannot_be_right_turns_the_master_check_red(budget, libreoffice, label, value):
    with libreoffice.open(budget) as document:
        rows = document.grid("Inputs", "A1:G100")
        row = next(number for number, cells in enumerate(rows, 1) if label in (cells[0], cells[6]))
        before = document.get([("Inputs", f"B{row}")])[0]
        document.set({("Inputs", f"B{row}"): value})
        assert document.get([MASTER]) == ["CHECK"]
        document.set({("Inputs", f"B{row}"): before})
        assert document.get([MASTER]) == ["OK"]


def test_a_department_that_is_not_listed_has_a_row_of_its_own_and_the_totals_hold(budget, libreoffice):
    with libreoffice.open(budget) as document:
        rows = [row[0] for row in document.grid("Approaches", "A1:A120")]
        row = rows.index("not listed") + 1
        total = document.get([("Approaches", f"C{row - 1}")])
        document.set({("Runs", "B6"): "Unheard of"})
        shown = document.get(
            [("Approaches", f"B{row}"), ("Approaches", f"C{row}"), ("Approaches", f"C{row - 1}"), MASTER]
        )
        cost = document.get([("Costs", f"{STEP_LETTERS['budget_cost']}6")])
        assert shown == [1.0, cost[0], total[0], "OK"]


def test_an_overwritten_total_turns_the_master_check_red(budget, libreoffice):
    with libreoffice.open(budget) as document:
        document.set({("Costs", f"{STEP_LETTERS['own_energy']}{runs.FIRST}"): 5.0})
        assert document.get([MASTER]) == ["CHECK"]
