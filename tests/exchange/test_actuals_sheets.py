"""The sheets of what was spent in real spreadsheets, and a workbook with them that is handed in again."""

import csv
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from tests.exchange.conftest import as_csv
from tests.exchange.spending import FEBRUARY, Sheet, spent
from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from xlcost.budget.actuals import actuals_of_workbook
from xlcost.dates import to_serial
from xlcost.examples import MAPPING, SPEND
from xlcost.workbook.budget import write_plan
from xlcost.workbook.lint import lint


def written(plan, folder, actuals, name="actuals.xlsx"):
    write_plan(folder / name, replace(plan, actuals=actuals))
    return folder / name


@pytest.fixture(scope="module")
def odd(owned, tmp_path_factory):
    """Actuals with odd names, all entries, two currencies, and months before, in and after the budget."""
    folder = tmp_path_factory.mktemp("odd")
    bill = [
        {
            "month": f"2026-{1 + number % 5:02}",
            "amount": 100 + number,
            "service": name,
            "department": name,
            "currency": "EUR" if number % 2 else "USD",
            "component": ["", "energy", "depreciation"][number % 3],
            "charge": ["Usage", "Tax", "Credit"][number % 3],
            "run": ["", "first", "R"][number % 3],
            "hours": number,
        }
        for number, name in enumerate(ODD_NAMES)
    ]
    bill += [{"month": month, "amount": 7, "service": name} for month, name in (("2025-01", "=x"), ("2028-01", "A*"))]
    accruals = as_csv(folder / "accruals.csv", [{"month": "2026-02", "amount": 300, "run": "second"}])
    rules = as_csv(folder / "mapping.csv", [{"column": "ServiceName", "pattern": "=1*", "run": "second"}])
    return spent(owned, folder, bill, accruals=accruals, mapping=rules, close=FEBRUARY)


@pytest.fixture(scope="module", params=["en", "ja"])
def odd_book(request, owned, odd, tmp_path_factory):
    from xlcost.languages import language_of

    plan = replace(owned, language=language_of(request.param))
    return written(plan, tmp_path_factory.mktemp(request.param), odd)


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
def test_every_stored_value_is_what_a_spreadsheet_computes(engine, odd_book, request):
    with request.getfixturevalue(engine).open(odd_book) as document:
        document.recalculate()
        assert differences(odd_book, document) == []


def test_lint_and_microsofts_validator_find_nothing(odd_book, ooxml_validator):
    assert lint(odd_book) == [] and ooxml_validator(odd_book) == []


def test_another_close_and_tax_typed_in_count_as_if_they_had_been_given(owned, odd, tmp_path, libreoffice):
    path = written(owned, tmp_path, odd)
    expected = written(
        owned, tmp_path, replace(odd, close=float(to_serial("2026-04-01")), tax="gross"), "expected.xlsx"
    )
    with libreoffice.open(path) as document:
        document.set({("Actuals", "B4"): float(to_serial("2026-04-15")), ("Actuals", "B5"): "gross"})
        document.recalculate()
        found = [each for each in differences(expected, document) if "Actuals!B4" not in each]
        assert found == []


def test_a_run_on_spend_that_is_no_longer_on_runs_turns_the_master_check_red(owned, odd, tmp_path, libreoffice):
    with libreoffice.open(written(owned, tmp_path, odd)) as document:
        document.recalculate()
        assert document.get([MASTER]) == ["OK"]
        document.set({("Runs", "A6"): "renamed"})
        document.recalculate()
        assert document.get([MASTER]) == ["CHECK"]


# --- the command, and a workbook that comes back


def test_the_shipped_spend_is_mapped_to_the_shipped_budget(xlcost, tmp_path):
    xlcost("budget")
    typed = ("actuals", "budget.xlsx", SPEND, "--mapping", MAPPING, "--close", "2024-03", "-o")
    said = (
        "xlcost: there is no spend in 24 months from 2022-01 to 2023-12: as closed months they count as nothing spent\n"
    )
    assert xlcost(*typed, "actuals.xlsx") == (0, "actuals.xlsx\n", said)
    sheet = Sheet(list(load_workbook(tmp_path / "actuals.xlsx", data_only=True)["Actuals"].iter_rows(values_only=True)))
    assert sheet.amount("Coffee · kitchen") == pytest.approx(640)
    assert xlcost(*typed, "mapped.csv") == (0, "mapped.csv\n", "")
    rows = list(csv.DictReader((tmp_path / "mapped.csv").open()))
    assert sum(float(row["amount"]) for row in rows if row["run"] == "GPT-4") == 9_850_000


def test_a_budget_without_actuals_has_the_sheets_that_it_had(xlcost, tmp_path):
    xlcost("budget")
    assert not {"Actuals", "Mapping", "Spend"} & set(load_workbook(tmp_path / "budget.xlsx", read_only=True).sheetnames)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_workbook_that_is_handed_in_again_keeps_its_actuals(xlcost, tmp_path, language):
    xlcost("budget", "--language", language)
    xlcost(
        "actuals", "budget.xlsx", SPEND, "--mapping", MAPPING, "--close", "2024-02", "--tax", "gross", "-o", "a.xlsx"
    )
    assert xlcost("budget", "a.xlsx", "-o", "b.xlsx")[0] == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    kept = actuals_of_workbook(tmp_path / "b.xlsx")
    assert ("予算実績" in load_workbook(tmp_path / "b.xlsx", read_only=True).sheetnames) == (language == "ja")
    assert (kept.close, kept.tax) == (float(to_serial("2024-02-01")), "gross")
    # Its rules count when the bills are read again, without naming them.
    assert xlcost("actuals", "b.xlsx", SPEND, "--close", "2024-02", "--tax", "gross", "-o", "c.xlsx")[0] == 0
    assert (tmp_path / "c.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()
