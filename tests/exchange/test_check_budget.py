"""Budgets that come back: edited, saved by LibreOffice, and damaged."""

import datetime
import functools
import random
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.exchange import changed
from tests.exchange.changed import number, put, text
from tests.exchange.filled import ROWS
from tests.workbook.ledger import plan_for, random_budget
from tests.workbook.test_inputs_come_back import rewrite
from xlcost.budget.plan import Tables
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.exchange.check import check
from xlcost.exchange.package import read_package
from xlcost.languages import language_of
from xlcost.overview import BUDGET_VERSION
from xlcost.runs import read_runs
from xlcost.workbook.budget import _book, write_budget

H100 = "NVIDIA H100 SXM5 80GB"
KEPT = {path.stem.split("-")[-1]: path for path in Path(__file__).parents[1].joinpath("data").glob("budget-*.xlsx")}
"""Of each version one; each was written by the xlcost of its time, never to be written anew."""
SHIPPED = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)


@pytest.fixture(scope="module", params=["en", "ja"])
def shipped(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=SHIPPED, language=request.param)
    return path, language_of(request.param).text


@pytest.fixture(scope="module")
def edited(shipped, libreoffice, tmp_path_factory):
    """The shipped budget with inputs changed on all kinds of sheets, in LibreOffice."""
    path, say = shipped
    target = tmp_path_factory.mktemp("edited") / "edited.xlsx"
    day = datetime.date(2026, 12, 1)
    with libreoffice.open(path) as document:
        labels = {name: [row[0] for row in document.grid(say(name), "A1:A200")] for name in ("Inputs", "Calendar")}
        listed = labels["Inputs"].index(say("The list ends here."))
        cells = {
            ("Runs", "A14"): "New one",
            ("Runs", "B14"): "New department",
            ("Runs", "E14"): H100,
            ("Runs", "F14"): 100,
            ("Runs", "G14"): 500,
            ("Runs", "K14"): day,
            ("Runs", "F7"): 5000,
            ("Inputs", f"A{listed}"): "New department",
            ("Inputs", f"B{labels['Inputs'].index(say('Hours in a year')) + 1}"): 8760,
            ("Scenarios", "B5"): say("High"),
            ("Calendar", f"B{labels['Calendar'].index(say('Contingency')) + 1}"): 0.07,
            ("Other costs", "A9"): "More",
            ("Other costs", "G9"): 1234.5,
            ("Other costs", "J9"): day,
            ("Staff", "A16"): "New one",
            ("Staff", "B16"): "Research",
            ("Staff", "D16"): 3,
            ("Staff", "E16"): 0.5,
            ("Staff", "G16"): 1,
        }
        document.set({(say(sheet), cell): value for (sheet, cell), value in cells.items()})
        document.recalculate()
        document.save_as(target)
    return target, say


def said(path):
    return [str(finding) for finding in check(path).findings]


def test_a_budget_is_as_it_was_written(shipped):
    report = check(shipped[0])
    assert (report.kind, report.department, report.findings) == ("budget", "", [])


def test_a_budget_with_other_inputs_that_libreoffice_has_saved_is_sound(edited):
    assert said(edited[0]) == []


DAMAGE = [
    ("Lines", 500, {"f": None, **number(5)}, "overwritten"),
    ("Budget", 90, {"f": None, "v": None, "t": None}, "deleted"),
    ("Summary", 20, {"f": "1+1"}, "changed"),
    ("Scenarios", 30, {"f": None}, "overwritten"),
    ("Capacity months", 300, {"f": None, **number(7)}, "overwritten"),
    ("Trend", 15, {"f": "5*5"}, "changed"),
    ("Buy or rent", 40, {"f": None, **number(8)}, "overwritten"),
    ("Costs", "BI6", number(1), "value"),
]
INPUTS = [
    ("Runs", "F6", number(-3), "input"),
    ("Capacity", "B6", text("bought"), "input"),
    ("Other costs", "G5", text("much"), "input"),
    ("Staff", "E6", number(9), "input"),
]


@pytest.mark.parametrize("damage", [DAMAGE, INPUTS], ids=["formulas", "inputs"])
def test_damage_to_a_budget_is_named_with_its_cell(edited, tmp_path, damage):
    source, say = edited
    path, expected = changed.copied(source, tmp_path), set()
    for sheet, which, given, kind in damage:
        cell = which if isinstance(which, str) else with_formula(source, say(sheet), which)
        put(path, say(sheet), {cell: given})
        expected.add((say(sheet), cell, kind))
    assert expected <= {(each.sheet, each.cell, each.kind) for each in check(path).findings}


def test_what_was_written_as_this_version_is_as_it_was_written():
    """Who changes budgets gives them a new version, and adds a workbook: those that are out would seem damaged."""
    assert check(KEPT[BUDGET_VERSION]).findings == []


@pytest.mark.parametrize("version", sorted(KEPT.keys() - {BUDGET_VERSION}))
def test_a_budget_of_an_older_version_can_be_written_again_and_has_the_same_total(version, tmp_path):
    assert [each.kind for each in check(KEPT[version]).findings] == ["version"]
    again = rewrite(KEPT[version], tmp_path / "again.xlsx", "en")
    assert check(again).findings == []
    assert total_of(again) == pytest.approx(total_of(KEPT[version]), rel=1e-12)


def total_of(path):
    """The whole budget, as it is stored."""
    book = load_workbook(path, data_only=True)
    ((sheet, cell),) = book.defined_names["budget_total"].destinations
    return book[sheet][cell].value


def test_of_a_budget_of_another_version_inputs_are_checked_and_formulas_are_not_accused(edited, tmp_path):
    source, say = edited
    path = changed.copied(source, tmp_path)
    (cover,) = (sheet for sheet in read_package(source) if sheet.name == say("Cover"))
    (row,) = (row for row in range(1, 60) if cover.value(row, 1) == say("Workbook version"))
    put(path, say("Cover"), {f"B{row}": number(0)})
    put(path, say("Lines"), {with_formula(source, say("Lines"), 500): {"f": "1+1"}})
    put(path, say("Runs"), {"F6": number(-3)})
    found = [(each.sheet, each.cell, each.kind) for each in check(path).findings]
    assert found == [(say("Cover"), f"B{row}", "version"), (say("Runs"), "F6", "input")]


@functools.lru_cache(maxsize=4)
def with_formulas(path):
    """Addresses of the formulas whose values are numbers, row by row, by sheet."""
    return {
        sheet.name: [
            f"{get_column_letter(column)}{row}"
            for row, column in sorted(
                (row, column)
                for column, cells in sheet.columns.items()
                for row, formula, value in zip(cells.rows, cells.formulas, cells.values)
                if formula is not None and isinstance(value, float)
            )
        ]
        for sheet in read_package(path)
    }


def with_formula(path, sheet, which):
    """Address of one of a sheet's formulas whose value is a number, by its place among them."""
    return with_formulas(path)[sheet][which]


def test_random_budgets_are_as_they_were_written(tmp_path):
    for seed in range(4):
        settings, tables = random_budget(seed)
        path = tmp_path / f"{seed}.xlsx"
        _book(plan_for(tmp_path, settings=settings, **tables)).save(path)
        assert said(path) == [], seed


@pytest.mark.parametrize("edition", ["2024-05", "2025-07"])
def test_a_budget_of_another_edition_and_one_run(tmp_path, edition):
    path = tmp_path / "budget.xlsx"
    run = {"run": "a", "chip": "A100", "chips": 8, "hours": 10}
    write_budget(path, pd.DataFrame([run]), edition=edition)
    report = check(path)
    assert (report.edition, report.findings) == (edition, [])


def test_every_formula_that_is_typed_over_is_named(filled, tmp_path):
    path = changed.copied(filled, tmp_path)
    chance, cells = random.Random(5), {}
    for sheet in read_package(path):
        places = [
            (row, column)
            for column, found in sheet.columns.items()
            for row, formula in zip(found.rows, found.formulas)
            if formula is not None
        ]
        cells[sheet.name] = chance.sample(places, min(12, len(places)))
    for sheet, places in cells.items():
        put(path, sheet, {f"{get_column_letter(column)}{row}": {"f": None, **number(4321)} for row, column in places})
    named = set()
    for finding in check(path).findings:
        first, _, last = finding.cell.partition(":")
        letters = first.rstrip("0123456789")
        end = int((last or first)[len(letters) :])
        named |= {(finding.sheet, f"{letters}{row}") for row in range(int(first[len(letters) :]), end + 1)}
    assert sum(map(len, cells.values())) > 5 * ROWS
    assert {
        (sheet, f"{get_column_letter(column)}{row}") for sheet, places in cells.items() for row, column in places
    } <= named
