"""What was spent, beside a budget: figures by hand, and every row's money in some line."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import as_csv
from tests.exchange.spending import BILL, MAPPED, Sheet, spent
from tests.workbook.compare import MASTER
from tests.workbook.ledger import InMemory
from xlcost.budget.components import COMPONENTS, IN_THE_LEDGER
from xlcost.dates import to_serial
from xlcost.exchange.actuals.spend import month_of_close


def test_a_run_has_budget_actual_and_both_forecasts(rented, tmp_path):
    row = Sheet.of(rented, spent(rented, tmp_path, BILL)).table("By training run")["R"]
    # 2 USD for each of 10 chips' hours: 31 days of January and 28 of February, of 60.
    assert row["Budget to date"] == pytest.approx(2 * 10 * 24 * 59)
    # Bills of 15,000 and 12,000, a credit of 500, no tax.
    assert row["Actual to date"] == pytest.approx(26_500)
    assert row["Variance from the budget"] == pytest.approx(26_500 - 28_320)
    assert row["as a share of the budget"] == pytest.approx(-1_820 / 28_320)
    # One day of March is left of the budget: 480 USD.
    assert row["Full-year forecast"] == pytest.approx(26_500 + 480)
    # 14,160 of 14,400 hours were used, at 26,500 USD: the other 240 cost as much each.
    assert (row["Chip-hours planned"], row["Chip-hours used"]) == pytest.approx((14_400, 14_160))
    assert row["Project forecast"] == pytest.approx(26_500 + 240 * 26_500 / 14_160)


def test_a_departments_project_forecast_is_that_of_its_runs_and_what_is_left_of_the_rest(owned, tmp_path):
    bills = [
        {"month": "2026-01", "amount": 7_000, "run": "R", "component": "rental", "hours": 1_000},
        {"month": "2026-01", "amount": 100, "department": "Products", "component": "others"},
    ]
    sheet = Sheet.of(owned, spent(owned, tmp_path, bills, close=float(to_serial("2026-01-01"))))
    runs, departments = sheet.table("By training run"), sheet.table("By department")
    name = "Forecast over the remaining budget"
    for row in (*runs.values(), *departments.values()):
        remaining = row["Budget of all years"] - row["Budget to date"]
        assert row["Project forecast"] == pytest.approx(row["Actual to date"] + remaining + row[name])
    # 7 USD for each of the hours that are left, where 2 were planned.
    row = runs["R"]
    left = row["Chip-hours planned"] - 1_000
    assert row["Project forecast"] == pytest.approx(7_000 + 7 * left)
    assert {label for label, each in departments.items() if each[name]} == {"Research", "Total"}
    assert departments["Total"]["Project forecast"] == pytest.approx(runs["Total"]["Project forecast"])


def test_months_are_actual_up_to_the_close_and_budget_after_it(rented, tmp_path):
    sheet = Sheet.of(rented, spent(rented, tmp_path, BILL, close=float(to_serial("2026-01-01"))))
    assert sheet.by_month("Actual")[:4] == pytest.approx([14_500, 0, 0, 0])
    assert sheet.by_month("Forecast: the budget of open months")[:4] == pytest.approx([0, 13_440, 480, 0])
    assert sheet.by_month("Variance from the budget")[:4] == pytest.approx([14_500 - 14_880, 0, 0, 0])
    # February's bill is there all the same, with its tax left out.
    assert sheet.amount("After the close") == pytest.approx(12_000)


def test_tax_counts_gross_and_not_net(rented, tmp_path):
    of = {
        tax: Sheet.of(rented, spent(rented, tmp_path, BILL, tax=tax)).table("By component") for tax in ("net", "gross")
    }
    assert of["net"]["Rental by the hour"]["Actual to date"] == pytest.approx(26_500)
    assert of["gross"]["Rental by the hour"]["Actual to date"] == pytest.approx(27_500)


def test_credits_and_accruals_have_rows_of_their_own(rented, tmp_path):
    accruals = as_csv(tmp_path / "accruals.csv", [{"month": "2026-02", "amount": 300, **MAPPED}])
    sheet = Sheet.of(rented, spent(rented, tmp_path, BILL, accruals=accruals))
    assert sheet.by_month("of which credits on bills")[:3] == pytest.approx([-500, 0, 0])
    assert sheet.by_month("of which accruals")[:3] == pytest.approx([0, 300, 0])
    assert sheet.by_month("Tax on bills")[:3] == pytest.approx([0, 1_000, 0])
    assert sheet.by_month("Actual")[:3] == pytest.approx([14_500, 12_300, 0])


def test_a_bill_in_another_currency_counts_at_the_budgets_rate(rented, tmp_path):
    # Half a euro for a dollar: 100 EUR are 200 USD.
    sheet = Sheet.of(
        rented, spent(rented, tmp_path, [{"month": "2026-01", "amount": 100, "currency": "eur", **MAPPED}])
    )
    assert sheet.by_month("Actual")[0] == pytest.approx(200)


def test_nobody_bills_depreciation_so_that_it_comes_from_the_asset_ledger(owned, tmp_path):
    sheet = Sheet.of(owned, spent(owned, tmp_path, [{"month": "2026-02", "amount": 5, "component": "hosting"}]))
    # Chips with their servers are 81% of the cluster, the network is the rest; 10% are left after 48 months.
    month = 10 * 40_000 / 0.81 * 0.9 / 48
    component = sheet.table("By component")
    assert component["Depreciation of capacity"]["Actual to date"] == pytest.approx(2 * month)
    assert component["Hosting"]["Actual to date"] == pytest.approx(5)
    run, department = (sheet.table(f"By {each}") for each in ("training run", "department"))
    # 372 of the 744 hours of January, and 336 of the 672 of February; what is idle is the owner's.
    assert run["first"]["Actual to date"] == pytest.approx(month / 2)
    assert run["second"]["Actual to date"] == pytest.approx(month / 2)
    assert department["Owners"]["Actual to date"] == pytest.approx(month)
    assert department["Products"]["Actual to date"] == pytest.approx(month / 2)


def test_an_invoice_of_what_is_in_the_ledger_is_shown_and_does_not_count_twice(owned, tmp_path):
    bill = [{"month": "2026-01", "amount": 400_000, "component": "depreciation", "service": "Servers"}]
    sheet = Sheet.of(owned, spent(owned, tmp_path, bill))
    assert sheet.amount("Mapped to a component that is in the asset ledger already") == pytest.approx(400_000)
    assert sheet.by_month("Bills and accruals")[0] == 0


def test_components_of_the_ledger_are_the_first_ones():
    # The sheets tell them by their place in the list.
    assert tuple(COMPONENTS)[: len(IN_THE_LEDGER)] == IN_THE_LEDGER


@settings(max_examples=8)
@given(
    bill=st.lists(
        st.fixed_dictionaries(
            {
                "month": st.sampled_from(["2025-12", "2026-01", "2026-04", "2026-12", "2027-03"]),
                "amount": st.integers(-10_000, 10_000),
                "charge": st.sampled_from(["Usage", "Tax", "Credit"]),
                "currency": st.sampled_from(["USD", "EUR"]),
                "run": st.sampled_from(["", "first", "second", "R"]),
                "department": st.sampled_from(["", "Owners", "New one"]),
                "component": st.sampled_from(["", "rental", "depreciation", "energy"]),
                "service": st.sampled_from(["", "A*", "=1"]),
            }
        ),
        min_size=1,
        max_size=15,
    ),
    close=st.sampled_from(["2025-11", "2026-02", "2026-12", "2027-05"]),
    tax=st.sampled_from(["net", "gross"]),
)
def test_every_rows_money_is_in_some_line_and_all_sums_tie(owned, tmp_path_factory, bill, close, tax):
    actuals = spent(owned, tmp_path_factory.mktemp("any"), bill, close=month_of_close(close), tax=tax)
    document = InMemory(replace(owned, actuals=actuals))
    sheet = Sheet(document.grid("Actuals"))
    worth = {"USD": 1, "EUR": 2}
    whole = sum(row["amount"] * worth[row["currency"]] for row in bill)
    shown = sum(sheet.by_month("Bills and accruals")) + sum(
        sheet.amount(label)
        for label in (
            "Before the budget's first month",
            "After the close",
            "Mapped to a component that is in the asset ledger already",
            "Tax on bills, where the setting says net",
        )
    )
    assert shown == pytest.approx(whole, abs=1e-6)
    wrong = [row[0] for row in document.grid("Checks") if len(row) > 4 and row[4] == "CHECK"]
    assert wrong == [] and document.get([MASTER]) == ["OK"]
