"""A budget as rows in FOCUS: sums that tie to the budget, what rows say, what lies outside of its months."""

import csv
import json

import numpy as np
import pandas as pd
import pytest

from tests.exchange.conftest import RENTED, SETTINGS, as_csv, prices
from tests.exchange.spending import Sheet
from tests.workbook.ledger import plan_for, random_budget
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import BudgetSettings
from xlcost.examples import CAPACITY, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.exchange.actuals.focus import forecast_of, write_focus
from xlcost.exchange.actuals.focus_columns import COLUMNS, NUMBERS
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.runs import read_runs
from xlcost.workbook.budget import figures_of


def focus_rows(plan):
    return forecast_of(plan).rows


@pytest.fixture(scope="module")
def rows(owned):
    return focus_rows(owned)


def test_a_rented_runs_rows_are_its_months(rented):
    rows = focus_rows(rented)
    # 2 USD for each of 10 chips' hours, on 31, 28 and 1 days.
    assert rows["EffectiveCost"].tolist() == pytest.approx([14_880, 13_440, 480])
    assert rows["ConsumedQuantity"].tolist() == pytest.approx([7_440, 6_720, 240])
    assert rows["ListUnitPrice"].tolist() == pytest.approx([2, 2, 2])
    assert rows["ChargePeriodStart"].tolist() == [f"2026-0{month}-01T00:00:00Z" for month in (1, 2, 3)]
    # Paid a month later.
    assert rows["BillingPeriodStart"].tolist() == [f"2026-0{month}-01T00:00:00Z" for month in (2, 3, 4)]
    assert set(rows["ConsumedUnit"]) == {"Chip-Hours"} and set(rows["x_forecast"]) == {"forecast"}
    assert set(rows["x_component"]) == {"rental"} and set(rows["ProviderName"]) == {"Our cloud"}


def test_a_cluster_is_purchased_once_and_its_use_costs_without_being_billed(rows):
    cluster = rows[(rows["ResourceId"] == "C") & (rows["ChargeCategory"] == "Purchase")]
    price = 10 * 40_000 / 0.81
    assert cluster["BilledCost"].tolist() == pytest.approx([0.3 * price, 0.7 * price])
    assert cluster["EffectiveCost"].tolist() == [0, 0]
    # 30% when it comes, the rest a month later.
    assert cluster["BillingPeriodStart"].tolist() == ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    used = rows[(rows["x_component"] == "depreciation") & (rows["ChargeCategory"] == "Usage")]
    assert used["BilledCost"].abs().sum() == 0
    assert used["EffectiveCost"].sum() == pytest.approx(12 * price * 0.9 / 48)


def test_a_commitment_is_paid_by_its_contract_and_said_to_be_one(rows):
    contract = rows[rows["CommitmentDiscountId"] == "D"]
    paid = contract[contract["ChargeCategory"] == "Purchase"]
    # A year of 4 chips at 1.50 USD, a fifth of it at once; then the rest of each month, from March on.
    at_once, monthly = (paid[paid["ChargeFrequency"] == each] for each in ("One-Time", "Recurring"))
    assert at_once["BilledCost"].tolist() == pytest.approx([0.2 * 4 * 1.5 * 24 * 365])
    assert at_once["CommitmentDiscountQuantity"].tolist() == pytest.approx([4 * 24 * 365])
    assert monthly["BilledCost"].tolist()[:2] == pytest.approx([0.8 * 4 * 1.5 * 24 * days for days in (31, 30)])
    assert len(monthly) == 10 and set(paid["EffectiveCost"]) == {0}
    use = contract[contract["ChargeCategory"] == "Usage"]
    assert set(use["BilledCost"]) == {0} and use["EffectiveCost"].tolist()[0] == pytest.approx(4 * 1.5 * 24 * 31)
    assert set(use["CommitmentDiscountStatus"]) == {"Unused"} and set(use["PricingCategory"]) == {"Committed"}
    # What is not used is not consumed.
    assert use["ConsumedQuantity"].isna().all() and use["CommitmentDiscountQuantity"].tolist()[0] == 4 * 24 * 31


def budgets(owned, tmp_path_factory):
    yield owned
    for seed in (412, 7, 23):
        settings, tables = random_budget(seed)
        yield plan_for(tmp_path_factory.mktemp(f"{seed}"), settings=settings, **tables)


def test_effective_cost_is_the_budget_by_component_month_and_department(owned, tmp_path_factory):
    for plan in budgets(owned, tmp_path_factory):
        rows, views = focus_rows(plan), figures_of(plan).ledger.views
        slack = 1e-9 * rows["EffectiveCost"].abs().sum() + 1e-6
        found = rows.groupby("x_component")["EffectiveCost"].sum()
        for name, whole in views.components.items():
            if name in found.index or abs(whole.value) > slack:
                assert found.get(name, 0.0) == pytest.approx(whole.value, abs=slack), name
            if name == "contingency":
                break
        by_month = rows.groupby("ChargePeriodStart")["EffectiveCost"].sum()
        row = views.sections["component"].total
        for number in views.axis.months:
            letter, period = views.axis.letters[number], views.axis.periods[number]
            year, month = divmod(int(period.start_month.value) - 1, 12)
            expected = views.sheet.values(letter, row, row)[0]
            assert by_month.get(f"{year:04}-{month + 1:02}-01T00:00:00Z", 0.0) == pytest.approx(expected, abs=slack)


def months_of(plan):
    """First days of the budget's months as FOCUS writes them, and what it pays in each."""
    views = figures_of(plan).ledger.views
    for number in views.axis.months:
        year, month = divmod(int(views.axis.periods[number].start_month.value) - 1, 12)
        paid = sum(views.checked[name][number].value for name in ("paid_capacity", "paid_others"))
        yield f"{year:04}-{month + 1:02}-01T00:00:00Z", float(paid)


def test_billed_cost_is_what_the_budget_pays_in_each_billing_period(owned, bought_before, tmp_path_factory):
    for plan in (*budgets(owned, tmp_path_factory), bought_before):
        rows = focus_rows(plan)
        paid = rows.groupby("BillingPeriodStart")["BilledCost"].sum()
        slack = 1e-9 * rows["BilledCost"].abs().sum() + 1e-6
        for month, expected in months_of(plan):
            assert paid.get(month, 0.0) == pytest.approx(expected, abs=slack), month


# --- what lies before the first month and after the last


@pytest.fixture(scope="module")
def bought_before(tmp_path_factory):
    """A cluster and a commitment of November 2025, paid two months later, in a budget from January on; in euros.

    10 chips for 40,000 USD each with their servers, which are 81% of the cluster; half a euro for a dollar.
    """
    folder = tmp_path_factory.mktemp("before")
    common = {"chip": "H100", "in_service": "2025-11-01", "upfront_share": 0.25, "payment_lag": 2, "owner": "Owners"}
    capacity = [
        {**common, "capacity": "C", "kind": "owned", "chips": 10, "useful_life": 4, "hosting": 100},
        {**common, "capacity": "D", "kind": "committed_1y", "chips": 4, "price_per_chip_hour": 1.5},
    ]
    for each, zero in ((each, name) for each in capacity for name in ("operations", "maintenance", "insurance")):
        each[zero] = 0
    tables = Tables(prices=prices(folder), capacity=as_csv(folder / "capacity.csv", capacity))
    settings = BudgetSettings(**{**vars(SETTINGS), "currency": "EUR"})
    return plan_of(pd.DataFrame([RENTED]), tables=tables, settings=settings)


def test_what_is_paid_in_the_budget_for_earlier_months_keeps_its_own_month_and_costs_nothing(bought_before):
    rows = focus_rows(bought_before)
    early = rows[rows["ChargePeriodStart"] < "2026"]
    assert set(early["ChargeCategory"]) == {"Purchase"} and set(early["EffectiveCost"]) == {0}
    assert early["BillingPeriodStart"].min() == "2026-01-01T00:00:00Z"
    # The quarter that was paid when it came is no payment of this budget.
    cluster = early[(early["x_component"] == "depreciation")]
    assert cluster["ChargeDescription"].tolist() == ["C: paid on delivery"]
    assert cluster["BilledCost"].tolist() == pytest.approx([0.75 * 10 * 40_000 / 0.81 / 2])
    contract = early[early["x_component"] == "commitments"]
    # November's hours are paid in January, December's in February: at half a euro for a dollar.
    assert contract["BillingPeriodStart"].tolist() == ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    assert contract["BilledCost"].tolist() == pytest.approx([0.75 * 4 * 1.5 * 24 * days / 2 for days in (30, 31)])
    assert len(early[early["x_component"] == "hosting"]) == 2


def test_what_is_left_out_is_said_with_its_amount(bought_before):
    before, after = forecast_of(bought_before).left_out
    cluster = 10 * 40_000 / 0.81
    views = figures_of(bought_before).ledger.views
    total = views.sections["component"].total
    costs = sum(views.sheet.values(views.axis.letters[number], total, total)[0] for number in range(4))
    # A quarter of the cluster, and of a year of 4 chips at 1.50 USD.
    paid = 0.25 * (cluster + 4 * 1.5 * 24 * 365) / 2
    assert before == (
        f"costs of {costs:,.2f} EUR and payments of {paid:,.2f} EUR before 2026-01 lie outside of the budget's months "
        "and are not in the file"
    )
    assert costs > 2 * cluster / 48 / 2 and after.startswith("costs of ") and "EUR after 2026-12 lie" in after


def test_the_example_ties_where_its_capacity_was_bought_before_the_first_month():
    tables = Tables(capacity=CAPACITY, others=OTHER_COSTS, staff=STAFF)
    settings = BudgetSettings(fiscal_year_start=1, first_fiscal_year=2024, years=1)
    plan = plan_of(read_runs(PORTFOLIO), tables=tables, settings=settings)
    rows, views = focus_rows(plan), figures_of(plan).ledger.views
    total, letter = views.sections["component"].total, views.axis.total_letter
    assert rows["EffectiveCost"].sum() == pytest.approx(views.sheet.values(letter, total, total)[0], rel=1e-12)
    is_paid = rows["BillingPeriodStart"].between("2024", "2025")
    assert rows["BilledCost"][is_paid].sum() == pytest.approx(sum(paid for _, paid in months_of(plan)), rel=1e-12)
    west = rows[rows["ChargeDescription"] == "Cluster West: paid on delivery"]
    assert west["ChargePeriodStart"].tolist() == ["2023-12-01T00:00:00Z"] and west["BilledCost"].iloc[0] > 4e8


def test_payments_after_the_last_month_are_in_the_file_or_said_to_be_left_out(owned):
    forecast, views = forecast_of(owned), figures_of(owned).ledger.views
    late = forecast.rows["BilledCost"][forecast.rows["BillingPeriodStart"] >= "2027"].sum()
    whole = sum(float(views.checked[name][-1].value) for name in ("paid_capacity", "paid_others"))
    (after,) = forecast.left_out
    assert late > 0 and f"payments of {whole - late:,.2f} USD after 2026-12" in after


def test_the_command_says_what_is_left_out_on_standard_error(xlcost, tmp_path):
    as_csv(tmp_path / "runs.csv", [{"run": "a", "chip": "H100", "chips": 8, "hours": 10, "start": "2026-03-01"}])
    assert xlcost("focus", "runs.csv", "-o", "focus.csv") == (0, "focus.csv\n", "")
    xlcost("budget", "-o", "budget.xlsx")
    status, out, said = xlcost("focus", "budget.xlsx", "-o", "example.csv")
    assert (status, out) == (0, "example.csv\n")
    assert said.startswith("xlcost: costs of 8,954,450,175.60 USD and payments of ") and "after 2024-12" in said


# --- what rows say


def test_a_price_times_a_quantity_is_a_cost(owned, bought_before, tmp_path_factory):
    for plan in (*budgets(owned, tmp_path_factory), bought_before):
        rows = focus_rows(plan)
        assert rows["PricingQuantity"].notna().all() and rows["PricingUnit"].isin(["Chip-Hours", "Months"]).all()
        for price, cost in (("ContractedUnitPrice", "ContractedCost"), ("ListUnitPrice", "ListCost")):
            assert (rows[price] >= 0).all()
            np.testing.assert_allclose(rows[price] * rows["PricingQuantity"], rows[cost], rtol=1e-12)


def test_hours_stand_once_and_what_is_idle_is_not_consumed(rows):
    used = rows[rows["ConsumedUnit"] == "Chip-Hours"]
    assert used.groupby("x_run")["ConsumedQuantity"].sum().to_dict() == pytest.approx(
        {"first": 3_720, "second": 3_360, "R": 14_400}
    )
    assert used["ConsumedQuantity"][used["x_run"].isna()].sum() == 0


def test_a_budget_handed_in_as_what_was_spent_has_no_variance(owned, tmp_path):
    file = tmp_path / "focus.csv"
    write_focus(file, owned)
    actuals = actuals_of(owned, [file], close=float(46357))
    component = Sheet.of(owned, actuals).table("By component")
    for label, row in component.items():
        assert row["Actual to date"] == pytest.approx(row["Budget to date"], abs=1e-4), label


def test_parquet_and_csv_say_the_same(owned, tmp_path):
    for name in ("focus.csv", "focus.parquet"):
        write_focus(tmp_path / name, owned)
    text = {name: str for name in COLUMNS if name not in NUMBERS}
    one, other = pd.read_csv(tmp_path / "focus.csv", dtype=text), pd.read_parquet(tmp_path / "focus.parquet")
    assert list(one) == list(other) == list(COLUMNS) and len(one) == len(other)
    np.testing.assert_array_equal(one["EffectiveCost"], other["EffectiveCost"])
    assert one["x_component"].tolist() == other["x_component"].tolist()
    first = (tmp_path / "focus.parquet").read_bytes()
    write_focus(tmp_path / "focus.parquet", owned, replace=True)
    assert (tmp_path / "focus.parquet").read_bytes() == first


def test_a_name_like_a_formula_is_harmless_in_the_csv_file(xlcost, tmp_path):
    row = {"run": "=1+1", "department": "@x", "chip": "H100", "chips": 8, "hours": 10, "start": "2026-03-01"}
    as_csv(tmp_path / "runs.csv", [row])
    assert xlcost("focus", "runs.csv", "-o", "focus.csv")[0] == 0
    for line in csv.DictReader((tmp_path / "focus.csv").open(encoding="utf-8")):
        for name, text in line.items():
            assert not text.startswith(("=", "+", "@")), name
        assert json.loads(line["Tags"])["run"] == "=1+1"


def test_an_existing_file_is_replaced_only_with_force_and_a_name_must_say_what_it_is(xlcost, tmp_path):
    as_csv(tmp_path / "runs.csv", [{"run": "a", "chip": "H100", "chips": 8, "hours": 10}])
    for name in ("focus.csv", "focus.parquet"):
        (tmp_path / name).write_text("mine")
        status, _, said = xlcost("focus", "runs.csv", "-o", name)
        assert status == 2 and said == f"xlcost: {name}: the file exists; --force replaces it\n"
        assert (tmp_path / name).read_text() == "mine"
        assert xlcost("focus", "runs.csv", "-o", name, "--force")[0] == 0
    status, _, said = xlcost("focus", "runs.csv", "-o", "focus.xlsx")
    assert status == 2 and "must end in .csv or .parquet" in said
