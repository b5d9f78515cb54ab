"""Inputs on sheets of results and ranges: whoever changes them and hands the workbook in finds them in the new one.

Cells are found by the labels beside them, as a reader finds them, and not by what the package says of them.
"""

import datetime
import math

import pytest
from openpyxl import load_workbook

from tests.workbook.compare import MASTER, differences
from xlcost.budget.plan import Tables
from xlcost.budget.settings import settings_from
from xlcost.budget.settings_sheets import settings_of_workbook
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

ALL = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
SAYS = language_of("ja").text
DAY = datetime.datetime(2025, 5, 1)
EDITS = {
    # sheet: column of the labels, and by label what is put into which columns
    "Buy or rent": (
        "G",
        {
            "Chip": {"I": "NVIDIA B200"},
            "Chips": {"I": 64},
            "Organization": {"I": "Google"},
            "Start": {"I": datetime.datetime(2026, 3, 1)},
            "Years planned": {"I": 4},
            "Expected use": {"I": 0.45},
            "Costs and benefits fall due at": {"I": "mid-year"},
            "Installation, once": {"I": 1e4},
            "Share that is borrowed": {"I": 0.5},
            "Interest on the loan": {"I": 0.08},
            "Term of the loan": {"I": 2.5},
            "External model: price": {"I": 3.5},
            "External model: amount": {"I": 2000},
            "External model: fine-tuning": {"I": 5000},
        },
    ),
    "Trend": (
        "A",
        {
            "Among so many largest by compute when published": {"B": 5},
            "Published from the year": {"B": 2016},
            "Published up to the year": {"B": 2024},
            "Kind of chip": {"B": "GPU"},
            "Ranges hold": {"B": 0.8},
            "Cost that is to be reached": {"B": 5e9},
        },
    ),
    "Outlook": (
        "A",
        {
            "Growth of the frontier's cost": {"B": 2.2},
            "Fall in the price of hardware": {"B": 0.1},
            "Computing needed halves in": {"B": 12},
            "Base year": {"B": "FY2023"},
        },
    ),
    "Inputs": (
        "G",
        {
            "experiment_factor": {"D": 1.5, "E": 3},
            "salary": {"D": 1e5, "E": 2e5},
            "equity": {"D": 5e4, "E": 5e4},
            "employment_overhead": {"D": 1.2, "E": 1.5},
            "energy_price_factor": {"B": 1.1, "D": 0.7, "E": 1.5},
        },
    ),
}
OF_RANGES = {
    "Start of a run that names none": DAY,
    "Ranges that come out hold": 0.8,
    "Experts' answers are put together by": "mixture",
}
BENEFITS = {
    # row under the heading: what is put into which columns
    1: {"A": "Fewer calls", "B": 1e6, "D": 3e6, "G": "CFO"},
    3: {"A": "@new", "C": 0, "E": 2e8, "F": 2e8},
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    path = tmp_path_factory.mktemp("usual") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=ALL)
    return path


def cells_of(path, say=str):
    """Cells that are edited, and what is put into them, by sheet and address."""
    sheets, found = load_workbook(path, data_only=True), {}
    for name, (letter, by_label) in EDITS.items():
        sheet = sheets[say(name)]
        rows = {str(cell.value): cell.row for cell in reversed(sheet[letter])}
        for label, values in by_label.items():
            for column, value in values.items():
                # Names that assumptions go by are the same in every language.
                found[say(name), f"{column}{rows[label if name == 'Inputs' else say(label)]}"] = value
    rows = {cell.value: cell.row for cell in reversed(sheets[say("Inputs")]["A"])}
    found |= {(say("Inputs"), f"B{rows[say(label)]}"): value for label, value in OF_RANGES.items()}
    first = {cell.value: cell.row for cell in reversed(sheets[say("Buy or rent")]["A"])}[say("Benefit")]
    for row, values in BENEFITS.items():
        found |= {(say("Buy or rent"), f"{column}{first + row}"): value for column, value in values.items()}
    return found


def edit(source, target, cells):
    """A workbook with other values in some cells, saved as another program saves it."""
    book = load_workbook(source)
    for (sheet, address), value in cells.items():
        book[sheet][address] = value
    book.save(target)


def rewrite(source, target, code):
    """Write a budget again from what its workbook holds, as the command line does."""
    settings = settings_from(**settings_of_workbook(source))
    write_budget(target, read_runs(source), str(source), settings=settings, language=code, replace=True)
    return target


@pytest.fixture(scope="module")
def edited(usual, tmp_path_factory):
    """A workbook in which every such input was changed."""
    path = tmp_path_factory.mktemp("edited") / "edited.xlsx"
    edit(usual, path, cells_of(usual))
    return path


@pytest.fixture(scope="module")
def again(edited, tmp_path_factory):
    """What comes of handing it in, in English and in Japanese."""
    folder = tmp_path_factory.mktemp("again")
    return {code: rewrite(edited, folder / f"{code}.xlsx", code) for code in ("en", "ja")}


def same(one, other):
    return math.isclose(one, other) if isinstance(one, (int, float)) and one != other else one == other


def test_no_input_of_these_sheets_is_forgotten_here(usual):
    changed = cells_of(usual)
    for name in ("Buy or rent", "Trend", "Outlook"):
        sheet = load_workbook(usual)[name]
        unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        left = {address for address in unlocked if (name, address) not in changed}
        # The other rows of benefits.
        assert all(address[0] in "ABCDEFG" and name == "Buy or rent" for address in left), left


def test_every_input_that_was_changed_comes_back(again):
    shown = load_workbook(again["en"], data_only=True)
    for (sheet, address), value in cells_of(again["en"]).items():
        assert same(shown[sheet][address].value, value), (sheet, address)


def test_every_input_that_was_changed_comes_back_in_japanese(again):
    shown = load_workbook(again["ja"], data_only=True)
    in_japanese = {"mid-year": "年央", "FY2023": "2023年度"}
    for (sheet, address), value in cells_of(again["ja"], SAYS).items():
        assert same(shown[sheet][address].value, in_japanese.get(value, value)), (sheet, address)


@pytest.mark.parametrize("code", ["en", "ja"])
def test_stored_values_follow_what_was_changed(again, code, libreoffice):
    with libreoffice.open(again[code]) as document:
        document.recalculate()
        assert differences(again[code], document) == []
        cover, cell = MASTER
        assert document.get([(cover if code == "en" else SAYS(cover), cell)]) == ["OK"]
    assert lint(again[code]) == []


def test_a_workbook_that_came_back_is_written_byte_by_byte_again(again, tmp_path):
    for code, path in again.items():
        assert rewrite(path, tmp_path / "same.xlsx", code).read_bytes() == path.read_bytes()
        other = "ja" if code == "en" else "en"
        there = rewrite(path, tmp_path / "there.xlsx", other)
        assert there.read_bytes() == again[other].read_bytes()
        assert rewrite(there, tmp_path / "back.xlsx", code).read_bytes() == path.read_bytes()
