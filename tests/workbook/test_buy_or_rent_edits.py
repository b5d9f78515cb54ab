"""The sheet Buy or rent as it is edited: what Python computes, the same in both spreadsheets, and back as it was."""

import random

import numpy as np
import pytest

from tests.workbook.compare import agree, differences
from tests.workbook.fleet_months import ASSUME, FACTORS, SET_ON_INPUTS, assert_same, usual
from xlcost import catalog
from xlcost.hosts.cells import call
from xlcost.workbook.buy_or_rent import NAME


@pytest.fixture
def calc(fleet_sheets):
    yield fleet_sheets["libreoffice"]
    fleet_sheets["libreoffice"].restore()


@pytest.mark.parametrize("seed", range(2))
def test_forty_edits_inside_libreoffice_give_what_python_computes(calc, seed):
    chance, chosen, facts = random.Random(seed), usual(), catalog.load()
    sold = [name for name in facts.chips["chip"] if call("BREAK_EVEN_USE", [name, 8, 3]) != "#N/A"]
    values = {
        "chip": lambda: chance.choice(sold),
        "chips": lambda: float(chance.randrange(1, 200_000)),
        "organization": lambda: chance.choice(["Google/DeepMind", "OpenAI", "=1+1", None]),
        "start": lambda: float(chance.randrange(45_000, 47_500)),
        "years": lambda: float(chance.randrange(1, 6)),
        "use": lambda: chance.choice([0.0, 1.0, chance.random()]),
        "timing": lambda: chance.choice(["month end", "mid-year", "end of year"]),
        "installation": lambda: chance.uniform(0, 1e7),
        "borrowed": lambda: chance.choice([0.0, 1.0, chance.random()]),
        "interest": lambda: chance.choice([0.0, chance.uniform(0, 0.3)]),
        "term": lambda: chance.choice([0.5, 2.0, 5.0, chance.uniform(0.1, 12)]),
        "price": lambda: chance.choice([None, chance.uniform(0.1, 50)]),
        "tokens": lambda: chance.choice([None, chance.uniform(1, 1e6)]),
        "fine_tuning": lambda: chance.choice([None, chance.uniform(0, 1e7)]),
        "benefits": lambda: tuple(10 ** chance.uniform(4, 9) for _ in range(5)),
        **{name: (lambda: chance.choice([0.5, 1.0, 1.7])) for name in FACTORS},
        **{
            name: (lambda name=name: ASSUME[name] * chance.uniform(0, 2) if ASSUME[name] else chance.uniform(0, 0.1))
            for name in SET_ON_INPUTS
        },
    }
    for number in range(40):
        name = chance.choice(list(values))
        value = values[name]()
        calc.change(**{name: value})
        if name in SET_ON_INPUTS:
            chosen.assume[name] = value
        else:
            setattr(chosen, name, np.array(value) if name == "benefits" else value)
        try:
            assert_same(calc, chosen)
        except AssertionError as failed:
            raise AssertionError(f"edit {number}, {name} = {value}: {vars(chosen)}") from failed


@pytest.mark.parametrize(
    "edits",
    [
        dict(years=5.0, use=0.35, timing="mid-year", borrowed=0.4, price=3.0, tokens=9e5, benefits=(9e6,) * 5),
        dict(use=1.0, timing="end of year", discount_rate=0.0, installation=2e6, hardware=1.7),
        dict(chip=None, borrowed=0.5, interest=None),
    ],
    ids=str,
)
def test_an_edited_sheet_computes_the_same_in_both_spreadsheets(fleet_sheets, edits):
    for each in fleet_sheets.values():
        each.change(**edits)
    left, right = (each.document.grid(NAME, "A1:K270") for each in fleet_sheets.values())
    for each in fleet_sheets.values():
        each.restore()
    different = [
        (row, column)
        for row, (one, two) in enumerate(zip(left, right), 1)
        for column, (first, second) in enumerate(zip(one, two), 1)
        if not agree(first, second)
    ]
    assert len(left) == 270 and different == []


def test_what_was_changed_and_put_back_leaves_every_figure_as_it_was(fleet_sheets):
    for each in fleet_sheets.values():
        before = each.document.grid(NAME, "A1:K300")
        each.change(chip="NVIDIA B200", use=0.2, benefits=(1e6, 2e6, None, None, None), discount_rate=0.05)
        assert each.document.grid(NAME, "A1:K300") != before
        each.restore()
        assert each.document.grid(NAME, "A1:K300") == before


def test_every_stored_value_of_the_sheet_is_what_spreadsheets_compute(fleet_budget, libreoffice, cellrune):
    for engine in (libreoffice, cellrune):
        with engine.open(fleet_budget) as document:
            document.recalculate()
            assert [line for line in differences(fleet_budget, document) if line.startswith(NAME)] == []
