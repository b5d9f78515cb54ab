"""Budgets that keep more than inputs: what was spent, what departments have sent, prices of one's own, samples."""

import datetime
import functools
import random
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from tests.exchange import changed
from tests.exchange.changed import number, put, saved_by, text
from tests.exchange.conftest import as_csv
from tests.exchange.test_check_budget import with_formula, with_formulas
from tests.exchange.test_check_harmless import renamed
from tests.exchange.test_consolidate import FACTS, MORNING, run, sent
from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.exchange.check import check
from xlcost.exchange.consolidation.comments import Comment
from xlcost.exchange.consolidation.company import consolidated
from xlcost.exchange.consolidation.of_workbook import company_of_workbook
from xlcost.exchange.own_prices import own_prices_of_workbook
from xlcost.exchange.package import read_package
from xlcost.languages import language_of
from xlcost.workbook import submissions
from xlcost.workbook.budget import WITH_ACTUALS, write_budget, write_plan

BILLS = [
    {"month": "2026-01", "amount": 9000, "run": "first", "component": "energy"},
    {"month": "2026-01", "amount": 500, "service": "Compute"},
    {"month": "2026-02", "amount": 7000, "currency": "EUR", "service": "Storage", "hours": 90},
    {"month": "2026-02", "amount": 100, "charge": "Tax", "service": "Storage"},
    {"month": "2026-04", "amount": 12, "department": "Research", "component": "others"},
]
RULES = [{"column": "service", "pattern": "Comp*", "run": "R", "component": "rental"}]
BOOK = [
    {"chip": "A100", "tdp_w": 410, "dense_bf16_flops": 3e14},
    {"chip": "TPU v5e", "release_date": "2023-09-01"},
    {
        "chip": "Wafer 9",
        "kind": "other",
        "tdp_w": 900,
        "usd_per_chip": 90_000,
        "sold_as": "single unit",
        "date": "2026-01-01",
        "note": "by telephone",
    },
    {
        "chip": "H100",
        "vendor": "Our cloud",
        "location": "Oslo",
        "commitment": "on_demand",
        "usd_per_chip_hour": 2,
        "date": "2025-01-01",
    },
    {
        "chip": "H100",
        "usd_per_chip": 40_000,
        "usd_low": 3e4,
        "usd_high": 5e4,
        "sold_as": "server",
        "date": "2025-01-01",
    },
]


def write_spent(folder, code, owned):
    """A budget with its own prices and what was spent."""
    bills, rules = as_csv(folder / "spend.csv", BILLS), as_csv(folder / "mapping.csv", RULES)
    plan = replace(owned, language=language_of(code))
    write_plan(folder / "spent.xlsx", replace(plan, actuals=actuals_of(plan, [bills], rules)))
    return folder / "spent.xlsx"


def write_company(folder, code, _):
    """A company's budget: rows taken and not, files replaced, the same name twice, capacity, currencies, comments."""
    later = MORNING + datetime.timedelta(hours=3, minutes=7)
    cluster = {"kind": "owned", "chip": "H100", "chips": 64, "in_service": "2026-01-01"}
    capacity = [
        {"capacity": "Cluster", "owner": "Research", **cluster},
        {"capacity": "Rented", **cluster, "kind": "on_demand"},
        {"capacity": "None such", **cluster, "chips": 0},
        {"capacity": "Three years", **cluster, "kind": "committed_3y"},
    ]
    abroad = [
        {"item": "Network", "amount": 90.0, "currency": "EUR", "start": "2026-02-10"},
        {"item": "Rooms", "amount": 7.0, "currency": "EUR", "timing": "monthly", "start": "2026-02-01"},
    ]
    files = [
        sent("r.xlsx", "Research", [run("A"), run("B", chips=-1)], capacity=capacity, edition="2025-07"),
        sent("old.xlsx", "Sales", [run("A")]),
        sent("s.xlsx", "Sales", [run("A"), run("C")], others=abroad, saved=later),
        sent("nothing.xlsx", ""),
    ]
    files[-1].problems.append("there is no sheet 'Runs' in it")
    files[0].comments.append(Comment("Runs", "C6", "Ana", "Is that\nall?"))
    settings, path = BudgetSettings(rates={"EUR": [0.9, 0.8]}), folder / "company.xlsx"
    sent_in = consolidated(files, FACTS, settings.rates, expected=["Research", "Legal"])
    tables = sent_in.beside()
    write_budget(path, sent_in.runs(), tables=tables, settings=settings, company=sent_in, language=code)
    return path


@pytest.fixture(scope="module")
def book(owned, tmp_path_factory):
    """A budget of a kind in a language, written once, and what its language says."""

    @functools.cache
    def of(write, code):
        return write(tmp_path_factory.mktemp("kept"), code, owned), language_of(code).text

    return of


@pytest.fixture(params=["en", "ja"])
def spent(request, book):
    return book(write_spent, request.param)


@pytest.fixture(params=["en", "ja"])
def company(request, book):
    return book(write_company, request.param)


@pytest.fixture(params=["en", "ja"])
def language(request):
    return request.param


@pytest.fixture(params=[write_spent, write_company])
def kept(request, book, language):
    return book(request.param, language)


@pytest.fixture(scope="module")
def priced(tmp_path_factory):
    """A budget with a price book of all kinds of rows."""
    folder = tmp_path_factory.mktemp("priced")
    runs = pd.DataFrame([run("A"), run("W", chip="Wafer 9"), run("C", sourcing="cloud_on_demand", vendor="Our cloud")])
    write_budget(folder / "priced.xlsx", runs, tables=Tables(prices=as_csv(folder / "prices.csv", BOOK)))
    return folder / "priced.xlsx"


def said(path):
    return [str(finding) for finding in check(path).findings]


def places(path):
    return [(found.sheet, found.cell, found.kind) for found in check(path).findings]


def place(path, sheet, label, right=0):
    """Address of a cell beside the first one with a text."""
    found = next(each for each in read_package(path) if each.name == sheet)
    cells = [
        (column, row)
        for column, of in found.columns.items()
        for row, value in zip(of.rows, of.values)
        if value == label
    ]
    column, row = min(cells)
    return f"{get_column_letter(column + right)}{row}"


# --- as they were written


def test_what_was_spent_is_as_it_was_written(spent, libreoffice, tmp_path):
    assert said(spent[0]) == []
    assert said(saved_by(libreoffice, spent[0], tmp_path)) == []


def test_what_departments_have_sent_is_as_it_was_written(company, libreoffice, tmp_path):
    assert said(company[0]) == []
    assert said(saved_by(libreoffice, company[0], tmp_path)) == []


def test_prices_of_ones_own_are_as_they_were_written(priced, libreoffice, tmp_path):
    assert said(priced) == []
    assert said(saved_by(libreoffice, priced, tmp_path)) == []


def test_a_price_book_is_read_back_as_it_was_handed_in(priced, tmp_path):
    table = own_prices_of_workbook(priced, "2026-11").frame
    chips = table.dropna(subset=["tdp_w"]).set_index("chip")
    assert chips["tdp_w"].to_dict() == {"NVIDIA A100": 410.0, "Wafer 9": 900.0}
    assert table.loc[table["release_date"].notna(), "chip"].tolist() == ["Google TPU v5e"]
    rented = table.dropna(subset=["usd_per_chip_hour"]).iloc[0]
    assert (rented["vendor"], rented["location"], rented["usd_per_chip_hour"]) == ("Our cloud", "Oslo", 2.0)


# --- other inputs, saved by LibreOffice


def test_more_spend_and_another_rate_do_no_harm(spent, libreoffice, tmp_path):
    path, say = spent

    def change(document):
        sheet = say("Spend")
        rows = [row[0] for row in document.grid(sheet, "A1:A60")]
        free = next(at for at in range(5, 60) if rows[at - 1] in (None, "") and at > 5)
        document.set({(sheet, f"A{free}"): datetime.date(2026, 2, 1), (sheet, f"F{free}"): 4000.0})
        document.set({(sheet, f"K{free}"): "Somebody new"})
        document.set({(say("Calendar"), place(path, say("Calendar"), "EUR", right=1)): 0.005})
        document.set({(say("Actuals"), "B4"): datetime.date(2026, 1, 15), (say("Actuals"), "B5"): "gross"})

    assert said(saved_by(libreoffice, path, tmp_path, change)) == []


def test_other_prices_of_ones_own_do_no_harm(priced, libreoffice, tmp_path):
    def change(document):
        document.set({("Prices", place(priced, "Prices", "Our cloud", right=5)): 2.5})
        document.set({("Prices", place(priced, "Prices", "Wafer 9", right=5)): 800})

    assert said(saved_by(libreoffice, priced, tmp_path, change)) == []


def test_a_run_that_came_in_no_file_is_no_damage(company, libreoffice, tmp_path):
    path, say = company

    def change(document):
        document.set({(say("Runs"), "A9"): "typed", (say("Runs"), "E9"): "NVIDIA H100 SXM5 80GB"})
        document.set({(say("Runs"), "F9"): 8, (say("Runs"), "G9"): 10})

    assert said(saved_by(libreoffice, path, tmp_path, change)) == []


# --- damage


DAMAGE = [
    # Pasted as values, typed over, deleted, another formula.
    ({"f": None}, "overwritten"),
    ({"f": None, **number(5)}, "overwritten"),
    ({"f": None, "v": None, "t": None}, "deleted"),
    ({"f": "1+1"}, "changed"),
]
FORMULAS = ["Actuals", "Spend", "Submissions", "Received", "Other currencies", "Capacity received"]


def damaged(source, folder, sheet, cell, given):
    path = changed.copied(source, folder)
    put(path, sheet, {cell: given})
    return places(path)


def damaged_formulas(source, folder, sheet, which):
    """What is said of formulas of a sheet that are damaged, each in its way, and what is to be said."""
    cells = {with_formula(source, sheet, at): damage for at, damage in zip(which, DAMAGE, strict=True)}
    path = changed.copied(source, folder)
    put(path, sheet, {cell: given for cell, (given, _) in cells.items()})
    return sorted(places(path)), sorted((sheet, cell, kind) for cell, (_, kind) in cells.items())


def test_damage_to_formulas_is_named_with_their_cells(kept, tmp_path):
    path, say = kept
    for sheet in [say(name) for name in FORMULAS if say(name) in with_formulas(path)]:
        cells, chance = with_formulas(path)[sheet], random.Random(7)
        found, expected = damaged_formulas(path, tmp_path, sheet, chance.sample(range(len(cells)), len(DAMAGE)))
        assert found == expected
        cell = chance.choice(cells)
        assert damaged(path, tmp_path, sheet, cell, number(1234.5)) == [(sheet, cell, "value")]


@pytest.mark.parametrize(
    ("sheet", "cell", "given"),
    [
        ("Spend", "A6", text("in spring")),
        ("Spend", "F5", text("much")),
        ("Spend", "J7", text("guess")),
        ("Mapping", "E5", text("luck")),
        ("Mapping", "B5", {"v": None, "t": None}),
        ("Mapping", "F5", number(-1)),
    ],
)
def test_spend_and_rules_that_cannot_be_are_named_with_their_cell(spent, tmp_path, sheet, cell, given):
    path, say = spent
    assert damaged(path, tmp_path, say(sheet), cell, given) == [(say(sheet), cell, "input")]


def test_a_row_received_that_is_no_longer_what_it_was_shows_in_what_counts_it(company, tmp_path):
    path, say = company
    cell = place(path, say("Received"), "C", right=2)
    (first, *_) = damaged(path, tmp_path, say("Received"), cell, number(0))
    assert first == (say("Received"), cell, "figure")


@pytest.mark.parametrize(
    ("label", "right", "given"),
    [
        ("Our cloud", 0, text("AWS")),
        ("Our cloud", 0, text("")),
        ("Our cloud", 2, text("")),
        ("Oslo", 3, text("1y")),
        ("Oslo", 3, text("for ever")),
        ("by telephone", -7, text("")),
    ],
)
def test_whose_price_of_what_it_is_is_held_against_price_steps(priced, tmp_path, label, right, given):
    cell = place(priced, "Prices", label, right=right)
    assert damaged(priced, tmp_path, "Prices", cell, given) == [("Prices", cell, "text")]


def test_a_sheet_of_what_was_spent_or_sent_that_is_gone_is_named(kept, tmp_path):
    source, say = kept
    with_sheets = [say(name) for name in (*WITH_ACTUALS, *submissions.SHEETS)]
    for sheet in [sheet.name for sheet in read_package(source) if sheet.name in with_sheets]:
        path = changed.copied(source, tmp_path)
        with changed.openpyxl(path) as book:
            del book[sheet]
        assert (sheet, "", "missing") in places(path)


# --- handed in again


def test_a_companys_budget_that_is_handed_in_again_keeps_what_was_sent(xlcost, company, tmp_path):
    path, again = company[0], tmp_path / "again.xlsx"
    assert xlcost("budget", path, "-o", again)[0] == 0
    was, now = company_of_workbook(path), company_of_workbook(again)
    assert was.received and was.overlaps and was.expected and any(sent.comments for sent in was.submissions)
    assert [row.what for row in was.received if row.foreign] == ["Network", "Rooms"]
    assert [row.what for row in was.received if row.capacity] == ["Cluster", "Rented", "Three years"]
    assert now.received == was.received or repr(now.received) == repr(was.received)
    assert (now.status, now.reason, now.expected, now.overlaps) == (was.status, was.reason, was.expected, was.overlaps)
    before, after = ({sheet.name: cells_of(sheet) for sheet in read_package(each)} for each in (path, again))
    assert after == before


def test_actuals_beside_a_companys_budget_leave_what_was_sent_in_it(xlcost, company, tmp_path):
    spend = as_csv(tmp_path / "spend.csv", [{"month": "2026-03", "amount": 5, "run": "C", "component": "energy"}])
    assert xlcost("actuals", company[0], spend, "-o", tmp_path / "both.xlsx")[0] == 0
    assert said(tmp_path / "both.xlsx") == []
    assert len(company_of_workbook(tmp_path / "both.xlsx").received) == len(company_of_workbook(company[0]).received)


def cells_of(sheet):
    return {
        (row, column): (formula, value)
        for column, of in sheet.columns.items()
        for row, formula, value in zip(of.rows, of.formulas, of.values)
    }


# --- samples


@pytest.fixture(scope="module")
def resampled(priced, libreoffice, tmp_path_factory):
    """A budget whose runs are others than those that were sampled, saved by LibreOffice."""

    def change(document):
        document.set({("Runs", "A10"): "new", ("Runs", "E10"): "NVIDIA H100 SXM5 80GB", ("Runs", "F10"): 4000})
        document.set({("Runs", "G10"): 900})

    return saved_by(libreoffice, priced, tmp_path_factory.mktemp("resampled"), change)


def test_samples_of_other_inputs_say_so_and_are_no_damage(resampled):
    assert said(resampled) == []


@pytest.mark.parametrize("first", [0, 5, 20])
def test_formulas_beside_samples_of_other_inputs_are_compared(resampled, tmp_path, first):
    found, expected = damaged_formulas(resampled, tmp_path, "Uncertainty", range(first, first + len(DAMAGE)))
    assert found == expected
    cell = with_formula(resampled, "Uncertainty", first)
    assert damaged(resampled, tmp_path, "Uncertainty", cell, number(1234.5)) == [("Uncertainty", cell, "value")]


def test_samples_of_these_inputs_are_drawn_again(priced, tmp_path):
    cell = place(priced, "Uncertainty", "Energy", right=1)
    assert damaged(priced, tmp_path, "Uncertainty", cell, number(1)) == [("Uncertainty", cell, "figure")]


# --- names, settings


def test_a_budget_may_call_its_sheets_otherwise(kept, tmp_path):
    path = changed.copied(kept[0], tmp_path)
    names = [sheet.name for sheet in read_package(path)]
    renamed({name: f"Our {number}" for number, name in enumerate(names)})(path)
    assert said(path) == []


@pytest.mark.parametrize(
    ("sheet", "label", "right", "given"),
    [
        ("Calendar", "Contingency", 1, number(7)),
        ("Calendar", "Depreciation in the books", 1, text("by feel")),
        ("Inputs", "Hours in a year", 1, text("many")),
        ("Buy or rent", "Chip", 2, text("H9000")),
    ],
)
def test_settings_that_cannot_be_are_named_with_their_cell(priced, tmp_path, sheet, label, right, given):
    cell = place(priced, sheet, label, right=right)
    first, *others = damaged(priced, tmp_path, sheet, cell, given)
    # Nothing has been computed anew, so that stored values may be those of another setting.
    assert first == (sheet, cell, "input") and {kind for _, _, kind in others} <= {"value"}
