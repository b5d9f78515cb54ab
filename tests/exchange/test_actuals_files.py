"""Files of spend: tables that people make, and exports in FOCUS with columns of any kind."""

import datetime
import gzip
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from openpyxl import Workbook

from tests.exchange.conftest import as_csv
from xlcost.budget.actuals import SPEND_COLUMNS
from xlcost.dates import to_serial
from xlcost.errors import XlcostError
from xlcost.exchange.actuals.spend import actuals_of, month_of_close, months_without_spend


def test_spend_comes_from_csv_xlsx_and_focus_alike(rented, tmp_path):
    plain = [{"month": "2026-01", "amount": 12.5, "currency": "EUR", "service": "S3", "account": "ml", "hours": 3}]
    book = Workbook()
    book.active.append(list(plain[0]))
    book.active.append([datetime.date(2026, 1, 31), *list(plain[0].values())[1:]])
    book.save(tmp_path / "spend.xlsx")
    focus = {
        "EffectiveCost": "12.5",
        "BilledCost": "99",
        "BillingCurrency": "EUR",
        "ChargeCategory": "Usage",
        "ChargePeriodStart": "2026-01-31T23:00:00Z",
        "ServiceName": "S3",
        "SubAccountName": "ml",
        "ConsumedQuantity": "3",
        "ConsumedUnit": "Hours",
        "Tags": '{"k": "v"}',
        "x_more": "1",
    }
    as_csv(tmp_path / "focus.csv", [focus])
    typed = pd.DataFrame([focus]).assign(
        EffectiveCost=12.5,
        BilledCost=99.0,
        ConsumedQuantity=3.0,
        ChargePeriodStart=pd.to_datetime(["2026-01-31T23:00:00Z"]),
        Tags=[{"k": "v"}],
    )
    typed.to_parquet(tmp_path / "focus.parquet")
    found = [
        actuals_of(rented, [path]).spend
        for path in (
            as_csv(tmp_path / "spend.csv", plain),
            *(tmp_path / n for n in ("spend.xlsx", "focus.csv", "focus.parquet")),
        )
    ]
    for other in found[1:]:
        assert {name: list(other[name]) for name in SPEND_COLUMNS} == {
            name: list(found[0][name]) for name in SPEND_COLUMNS
        }


def test_binary_and_decimal_money_are_added_without_rounding(rented, tmp_path):
    for name, amounts_ in (
        ("binary", pa.array([0.1] * 1_000_000)),
        ("decimal", pa.array([Decimal("0.1")] * 1_000_000, pa.decimal128(20, 10))),
    ):
        table = pa.table(
            {
                "EffectiveCost": amounts_,
                "BillingCurrency": pa.array(["USD"] * 1_000_000),
                "ChargeCategory": pa.array(["Usage"] * 1_000_000),
                "ChargePeriodStart": pa.array(["2026-01-05"] * 1_000_000),
            }
        )
        parquet.write_table(table, tmp_path / f"{name}.parquet")
        # A million binary tenths added one by one are 100000.00000133288.
        assert actuals_of(rented, [tmp_path / f"{name}.parquet"]).spend["amount"].tolist() == [100_000.0]


@pytest.mark.parametrize(
    ("months", "close", "sentence"),
    [
        (["2026-01", "2026-02"], "2026-02", None),
        (["2026-01", "2026-03"], "2026-03", "2026-02"),
        (["2026-02"], "2026-04", "3 months from 2026-01 to 2026-04"),
        # Of the budget's months only; what lies around them stands on the sheet.
        (["2025-12", "2027-01"], "2027-01", "12 months from 2026-01 to 2026-12"),
    ],
)
def test_closed_months_without_any_spend_are_named(rented, tmp_path, months, close, sentence):
    bill = as_csv(tmp_path / "spend.csv", [{"month": month, "amount": 1} for month in months])
    said = months_without_spend(rented, actuals_of(rented, [bill], close=month_of_close(close)))
    whole = f"there is no spend in {sentence}: as closed months they count as nothing spent"
    assert said == (whole if sentence else None)


# --- columns of any kind


def export(path, **columns):
    """Two charges of 1 USD in January, with some columns changed."""
    table = {
        "EffectiveCost": pa.array([1.0, 1.0]),
        "BillingCurrency": ["USD"] * 2,
        "ChargeCategory": ["Usage"] * 2,
        "ChargePeriodStart": pa.array([datetime.datetime(2026, 1, 31, 23, 30)] * 2),
    }
    parquet.write_table(pa.table(table | columns), path)
    return path


def moments(kind):
    return pa.array([datetime.datetime(2026, 1, 31, 23, 30)] * 2, kind)


@pytest.mark.parametrize(
    "columns",
    [
        *({"ChargePeriodStart": moments(pa.timestamp(unit))} for unit in ("ms", "us", "ns")),
        *({"ChargePeriodStart": moments(pa.timestamp(unit, "America/New_York"))} for unit in ("ms", "us", "ns")),
        {"ChargePeriodStart": pa.array([datetime.date(2026, 1, 31)] * 2)},
        {"ChargePeriodStart": ["2026-01-31"] * 2},
        {"EffectiveCost": ["1", " 1.0 "]},
        {"EffectiveCost": pa.array([1, 1])},
        {"EffectiveCost": pa.array([1, 1], pa.float32())},
        {"EffectiveCost": pa.array([Decimal(1)] * 2, pa.decimal128(38, 18))},
        {"ServiceName": pa.array(["S3", "S3"]).dictionary_encode()},
        # What pandas writes of columns without any value.
        {"ConsumedQuantity": pa.nulls(2), "ServiceName": pa.nulls(2), "x_run": pa.nulls(2)},
    ],
)
def test_an_exports_columns_may_be_of_any_kind_that_has_its_values(rented, tmp_path, columns):
    found = actuals_of(rented, [export(tmp_path / "bill.parquet", **columns)]).spend
    assert (found["month"].tolist(), found["amount"].tolist()) == ([float(to_serial("2026-01-01"))], [2.0])


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"EffectiveCost": pa.array([1.0, float("nan")])}, "the cost is 'nan' in 1 rows; it must be a number"),
        ({"EffectiveCost": pa.array([1.0, float("-inf")])}, "the cost is '-inf' in 1 rows; it must be a number"),
        ({"EffectiveCost": pa.array([1.0, 1e10])}, "the cost is '10000000000.0' in 1 rows; it must be a number"),
        ({"EffectiveCost": pa.array([1.0, None])}, "the cost is empty in 1 rows; it must be a number"),
        ({"EffectiveCost": [True, False]}, "column EffectiveCost is of the type boolean; it must hold numbers"),
        ({"EffectiveCost": pa.nulls(2)}, "column EffectiveCost or BilledCost is missing"),
        ({"ChargePeriodStart": [202601] * 2}, "column ChargePeriodStart is of the type int64; it must hold dates"),
        (
            {"ChargePeriodStart": [datetime.time(1)] * 2},
            "column ChargePeriodStart is of the type time; it must hold dates",
        ),
        ({"ChargePeriodStart": pa.nulls(2, pa.timestamp("us"))}, "ChargePeriodStart is empty in 2 rows"),
        ({"ConsumedQuantity": [True] * 2}, "column ConsumedQuantity is of the type boolean; it must hold numbers"),
    ],
)
def test_an_exports_columns_without_such_values_are_named(rented, tmp_path, columns, sentence):
    path = export(tmp_path / "bill.parquet", **columns)
    with pytest.raises(XlcostError) as said:
        actuals_of(rented, [path])
    assert str(said.value).startswith(f"{path}: {sentence}")


def test_an_export_as_csv_may_have_a_mark_odd_line_ends_and_columns_without_a_name(rented, tmp_path):
    rows = ["2026-01-01T00:00:00Z,5,USD,Usage,", "", '2026-01-01T00:00:00Z,"1.5",USD,"Usage",with a name', ""]
    heading = "ChargePeriodStart,EffectiveCost,BillingCurrency,ChargeCategory,"
    text = "\ufeff" + "\r\n".join([heading, *rows])
    (tmp_path / "bill.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "bill.csv.gz").write_bytes(gzip.compress((tmp_path / "bill.csv").read_bytes()))
    for name in ("bill.csv", "bill.csv.gz"):
        assert actuals_of(rented, [tmp_path / name]).spend["amount"].tolist() == [6.5]
