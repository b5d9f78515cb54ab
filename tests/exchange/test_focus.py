"""A budget as rows in FOCUS: sums that tie to the budget, what rows say, and the validator's word."""

import csv
import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import engine
from tests.exchange.conftest import as_csv
from tests.exchange.environments import python_with
from tests.workbook.ledger import plan_for, random_budget
from xlcost.exchange.actuals.focus import focus_rows, write_focus
from xlcost.exchange.actuals.focus_columns import ALSO_CALLED, COLUMNS, VALIDATOR, VALIDATOR_NEEDS, VERSION
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.workbook.budget import figures_of


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


def test_a_commitment_is_paid_in_part_at_once_and_said_to_be_one(rows):
    contract = rows[rows["CommitmentDiscountId"] == "D"]
    paid = contract[contract["ChargeCategory"] == "Purchase"]["BilledCost"]
    # A year of 4 chips at 1.50 USD, a fifth of it at once.
    assert paid.tolist() == pytest.approx([0.2 * 4 * 1.5 * 24 * 365.25], rel=1e-3)
    use = contract[contract["ChargeCategory"] == "Usage"]
    assert (use["BilledCost"] / use["EffectiveCost"]).tolist() == pytest.approx([0.8] * len(use))
    assert set(use["CommitmentDiscountStatus"]) == {"Unused"} and set(use["PricingCategory"]) == {"Committed"}


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


def test_billed_cost_is_what_the_budget_pays_in_each_billing_period(owned, rows):
    views = figures_of(owned).ledger.views
    paid = rows.groupby("BillingPeriodStart")["BilledCost"].sum()
    for number in views.axis.months:
        year, month = divmod(int(views.axis.periods[number].start_month.value) - 1, 12)
        expected = sum(views.checked[name][number].value for name in ("paid_capacity", "paid_others"))
        assert paid.get(f"{year:04}-{month + 1:02}-01T00:00:00Z", 0.0) == pytest.approx(expected, abs=1e-6)


def test_a_price_times_a_quantity_is_a_cost(rows):
    priced = rows[rows["PricingQuantity"].notna()]
    assert len(priced) > 5
    for price, cost in (("ContractedUnitPrice", "ContractedCost"), ("ListUnitPrice", "ListCost")):
        np.testing.assert_allclose(priced[price] * priced["PricingQuantity"], priced[cost], rtol=1e-12)
    # Hours stand once: all there are of the runs, and what is idle.
    assert priced.groupby("x_run")["ConsumedQuantity"].sum().to_dict() == pytest.approx(
        {"first": 3_720, "second": 3_360, "R": 14_400}
    )


def test_a_budget_handed_in_as_what_was_spent_has_no_variance(owned, tmp_path):
    from tests.exchange.test_actuals import Sheet

    file = tmp_path / "focus.csv"
    write_focus(file, owned)
    actuals = actuals_of(owned, [file], close=float(46357))
    component = Sheet.of(owned, actuals).table("By component, up to the close")
    for label, row in component.items():
        assert row["Actual to date"] == pytest.approx(row["Budget to date"], abs=1e-4), label


def test_parquet_and_csv_say_the_same(owned, tmp_path):
    for name in ("focus.csv", "focus.parquet"):
        write_focus(tmp_path / name, owned)
    text = {name: str for name in COLUMNS if name.startswith("x_") or name in ALSO_CALLED}
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


# --- the validator


@pytest.fixture(scope="session")
def validated():
    """What the validator says of a file."""
    python = engine(lambda: python_with(VALIDATOR, *VALIDATOR_NEEDS))
    find = "import importlib.util; print(importlib.util.find_spec('focus_validator').submodule_search_locations[0])"
    clean = {"PATH": "/usr/bin:/bin"}
    where = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True, env=clean).stdout.strip()

    def validate(path):
        # It looks for its list of currencies in the folder in which it is started.
        done = subprocess.run(
            [python.parent / "focus-validator", "--data-file", path, "--validate-version", VERSION],
            cwd=Path(where).parent,
            capture_output=True,
            text=True,
            check=False,
            env=clean,
        )
        return done.stdout + done.stderr

    return validate


@pytest.mark.parametrize("name", ["focus.csv", "focus.parquet"])
def test_the_validator_finds_no_violation(owned, tmp_path, validated, name):
    write_focus(tmp_path / name, owned)
    said = validated(tmp_path / name)
    assert "Validation succeeded." in said, said[-2000:]


def test_the_validator_would_find_one(owned, tmp_path, validated):
    write_focus(tmp_path / "focus.csv", owned)
    table = pd.read_csv(tmp_path / "focus.csv").assign(BillingCurrency="Euros", ServiceCategory="Toys")
    table.to_csv(tmp_path / "focus.csv", index=False)
    said = validated(tmp_path / "focus.csv")
    assert "Validation failed!" in said
    assert "BillingCurrency_IsCurrencyCode failed" in said and "ServiceCategory_Enum failed" in said


def test_the_version_is_the_newest_that_the_validator_knows(validated):
    python = python_with(VALIDATOR, *VALIDATOR_NEEDS)
    done = subprocess.run(
        [python.parent / "focus-validator", "--data-file", "none", "--supported-versions"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    known = [line for line in done.stdout.split() if line.replace(".", "").isdigit()]
    assert max(known, key=lambda version: [int(part) for part in version.split(".")]) == VERSION
