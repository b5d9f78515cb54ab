"""What runs and other costs came to where they were sent from, beside what they come to in the company's budget."""

import datetime

import openpyxl
import pandas as pd
import pytest

from tests.workbook.compare import differences
from xlcost import catalog
from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.estimate import estimate
from xlcost.examples import PORTFOLIO
from xlcost.exchange.consolidation.company import consolidated
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget
from xlcost.workbook.other_currencies import FOREIGN
from xlcost.workbook.received_tables import FIRST, letters_of

FACTS = catalog.load("2026-11")
RATES = {"EUR": [0.8, 0.5], "JPY": [100.0, 160.0]}
"""Of the company, in fiscal years that begin in January 2026."""
COMPANY = BudgetSettings(fiscal_year_start=1, first_fiscal_year=2026, years=2, rates=RATES, staff="no")
OWN = BudgetSettings(
    fiscal_year_start=4,
    first_fiscal_year=2025,
    years=2,
    rates={"EUR": [0.9, 0.75], "GBP": [0.7]},
    staff="no",
    method="straight_line",
    start=datetime.date(2025, 2, 1),
    assumptions={"depreciation_rate": 0.2, "pue.other": 1.5},
)
OTHERS = pd.DataFrame(
    [
        {"item": "Network", "amount": 90.0, "currency": "EUR", "start": "2026-02-10"},
        {
            "item": "Storage",
            "amount": 30.0,
            "currency": "EUR",
            "timing": "monthly",
            "start": "2026-02-01",
            "end": "2027-01-31",
        },
        {"item": "Data", "amount": 7.0, "currency": "USD", "start": "2026-02-01"},
    ]
)


def total_in(path):
    """The budget cost of all runs, as it is stored in a workbook."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet, cell = book.defined_names["budget_cost"].attr_text.split("!")
    return book[sheet.strip("'")][cell.replace("$", "")].value


def amounts_in(path):
    """Totals of the lines of other costs, as they are stored in a workbook, by item."""
    rows = list(openpyxl.load_workbook(path, data_only=True)["Lines"].iter_rows(min_row=4, values_only=True))
    what, all_time = rows[0].index("What"), rows[0].index("Budget total")
    items = set(OTHERS["item"])
    return {row[what]: row[all_time] for row in rows[1:] if row[what] in items}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A budget of a department with settings of its own, in both languages, and the company's workbooks of each."""
    folder = tmp_path_factory.mktemp("as sent")
    OTHERS.to_csv(folder / "others.csv", index=False)
    runs = read_runs(PORTFOLIO)
    runs.loc[runs.index[:3], "start"] = None
    found = {}
    for language in ("en", "ja"):
        path, target = folder / f"budget-{language}.xlsx", folder / f"company-{language}.xlsx"
        tables = Tables(others=folder / "others.csv")
        write_budget(path, runs, edition="2025-07", tables=tables, settings=OWN, language=language)
        company = consolidated([read_submission(path, path.name)], FACTS, RATES)
        write_budget(target, company.runs(), tables=company.beside(), settings=COMPANY, company=company)
        found[language] = path, target, company
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_runs_at_the_files_prices_and_settings_add_up_to_the_total_in_the_file(handed_in, language):
    path, target, company = handed_in[language]
    as_sent = [row.cost_as_sent for row in company.received if row.sheet == "Runs"]
    assert sum(as_sent) == pytest.approx(total_in(path), rel=1e-9)
    sheet = openpyxl.load_workbook(target, data_only=True)["Submissions"]
    sent, repriced, effect = (sheet[f"{letter}{FIRST}"].value for letter in "NOP")
    assert sent == pytest.approx(total_in(path), rel=1e-9)
    assert repriced == pytest.approx(total_in(target), rel=1e-9)
    assert effect == pytest.approx(repriced - sent)
    # Or else the settings say nothing.
    assert abs(effect) > 1e6


def test_costs_in_other_currencies_are_shown_at_the_rates_of_the_file_and_at_the_companys(handed_in):
    path, target, _ = handed_in["en"]
    letters = letters_of(FOREIGN)
    sheet = openpyxl.load_workbook(target, data_only=True)["Other currencies"]
    names = ("what", "amount", "months", "foreign_sent", "exchanged", "exchange_effect")
    rows = [[sheet[f"{letters[name]}{row}"].value for name in names] for row in (FIRST, FIRST + 1)]
    # Before April 2026 at 0.9 and then at 0.75; the company's at 0.8 in 2026 and at 0.5 in January 2027.
    storage = 30 * (2 / 0.9 + 10 / 0.75), 30 * (11 / 0.8 + 1 / 0.5)
    assert rows[0] == ["Network", 90, 1, pytest.approx(100), pytest.approx(112.5), pytest.approx(12.5)]
    assert rows[1] == ["Storage", 30, 12, *map(pytest.approx, (*storage, storage[1] - storage[0]))]
    assert sheet[f"A{FIRST + 2}"].value == "All files"
    assert sheet[f"{letters['exchanged']}{FIRST + 2}"].value == pytest.approx(112.5 + storage[1])
    # They are what the files' own lines come to.
    assert amounts_in(path) == pytest.approx({"Network": 100, "Storage": storage[0], "Data": 7})
    assert amounts_in(target) == pytest.approx({"Network": 112.5, "Storage": storage[1], "Data": 7})
    of_file = openpyxl.load_workbook(target, data_only=True)["Submissions"]
    assert [of_file[f"{letter}{FIRST}"].value for letter in "TUV"] == pytest.approx(
        [100 + storage[0], 112.5 + storage[1], 12.5 + storage[1] - storage[0]]
    )


def test_a_rate_that_is_changed_in_the_companys_budget_changes_the_effect(handed_in, libreoffice, cellrune):
    target = handed_in["ja"][1]
    for engine in (libreoffice, cellrune):
        with engine.open(target) as document:
            document.recalculate()
            assert differences(target, document) == []
    with libreoffice.open(target) as document:
        labels = [row[0] for row in document.grid("Calendar", "A1:A60")]
        document.set({("Calendar", f"B{labels.index('EUR') + 1}"): 0.4})
        document.recalculate()
        assert document.get([("Other currencies", f"{letters_of(FOREIGN)['exchanged']}{FIRST}")]) == [
            pytest.approx(225)
        ]


def test_without_rates_of_its_own_a_file_has_no_effect_of_rates(handed_in):
    path, _, _ = handed_in["en"]
    sent = read_submission(path, "a.xlsx")
    sent.settings["rates"].pop("EUR")
    company = consolidated([sent], FACTS, RATES)
    foreign = [row.foreign for row in company.received if row.foreign]
    assert [each.currency for each in foreign] == ["EUR", "EUR"]
    assert all(each.usd_as_sent != each.usd_as_sent for each in foreign)


def test_settings_that_cannot_be_used_leave_the_file_without_costs_as_sent(handed_in):
    path, _, _ = handed_in["en"]
    sent = read_submission(path, "a.xlsx")
    sent.settings["method"] = "guessed"
    company = consolidated([sent], FACTS, RATES)
    assert len(company.runs()) == 8
    assert all(row.cost_as_sent != row.cost_as_sent for row in company.received)
    assert any("settings on its sheets cannot be used" in said for said in company.remarks["a.xlsx"])


PRICES = "chip,date,usd_per_chip,sold_as\nH100,2025-01-01,100000,server\n"


@pytest.mark.parametrize("of_company", [None, PRICES.replace("100000", "1000")])
def test_what_a_budget_costs_as_sent_is_at_prices_of_its_own_and_not_of_the_company(tmp_path, of_company):
    """A capacity and two runs; the chip of one of them and of the capacity has a price in both price books."""
    runs = pd.DataFrame({"run": ["A", "B"], "chip": ["H100", "A100"], "chips": 100, "hours": 100})
    capacity = pd.DataFrame(
        [{"capacity": "C", "kind": "owned", "chip": "H100", "chips": 10, "in_service": "2026-01-01"}]
    )
    capacity.to_csv(tmp_path / "capacity.csv", index=False)
    (tmp_path / "own.csv").write_text(PRICES)
    facts, had = FACTS, {}
    if of_company:
        (tmp_path / "company.csv").write_text(of_company)
        facts = catalog.load(FACTS.edition, tmp_path / "company.csv")
    for name, own in (("plain.xlsx", None), ("own.xlsx", tmp_path / "own.csv")):
        path = tmp_path / name
        write_budget(path, runs, tables=Tables(capacity=tmp_path / "capacity.csv", prices=own))
        company = consolidated([read_submission(path, name)], facts, {})
        as_sent = [row.cost_as_sent for row in company.received if row.sheet == "Runs"]
        assert sum(as_sent) == pytest.approx(total_in(path), rel=1e-9)
        [had[name]] = [row.capacity.usd_as_sent for row in company.received if row.capacity]
        assert [said for said in company.remarks[name] if "another cost" in str(said)] == []
    assert had["own.xlsx"] > 1.2 * had["plain.xlsx"] > 0


def test_prices_of_its_own_that_cannot_be_used_leave_its_price_list(tmp_path):
    (tmp_path / "own.csv").write_text(
        "chip,kind,tdp_w,release_date,date,usd_per_chip,sold_as\n"
        "Our chip,GPU,300,2024-01-01,2025-01-01,5000,server\nH100,,,,2025-01-01,100000,server\n"
    )
    path = tmp_path / "own.xlsx"
    runs = pd.DataFrame({"run": ["A"], "chip": ["H100"], "chips": 100, "hours": 100})
    write_budget(path, runs, tables=Tables(prices=tmp_path / "own.csv"))
    book = openpyxl.load_workbook(path)
    [name] = [cell for cell in book["Prices"]["A"] if cell.value == "Our chip"]
    name.value = "Another chip"
    book.save(path)
    company = consolidated([read_submission(path, "own.xlsx")], FACTS, {})
    assert [said for said in company.remarks["own.xlsx"] if "cannot be used" in said] == [
        "prices of its own cannot be used, as xlcost check says; as sent, it costs what its price list says"
    ]
    [run] = [row for row in company.received if row.sheet == "Runs"]
    assert run.cost_as_sent == pytest.approx(estimate(runs, FACTS)["budget_cost"].sum())


def test_a_cell_of_costs_that_was_changed_is_told_from_what_its_prices_explain(tmp_path):
    path = tmp_path / "changed.xlsx"
    runs = pd.DataFrame({"run": ["A", "B"], "chip": ["H100", "A100"], "chips": 100, "hours": 100})
    write_budget(path, runs)
    sent = read_submission(path, "changed.xlsx")
    sent.stored_costs[min(sent.stored_costs)] += 1.0
    remarks = consolidated([sent], FACTS, {}).remarks["changed.xlsx"]
    assert [said for said in remarks if "another cost" in said] == [
        "runs that its own sheet shows with another cost, by prices or other cells that were changed: 1"
    ]
