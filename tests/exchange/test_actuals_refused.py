"""Spend that cannot be used: everything wrong is said at once, and nothing is written."""

import csv
import gzip
import io

import pytest

from tests.exchange.conftest import RENTED, as_csv
from tests.exchange.spending import refused


@pytest.fixture
def runs_file(tmp_path):
    row = {name: value for name, value in RENTED.items() if name != "vendor"}
    return as_csv(tmp_path / "runs.csv", [row])


def test_everything_wrong_with_tables_is_said_at_once(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-13", "amount": "much", "hours": -1, "run": "nobody"}])
    as_csv(tmp_path / "mapping.csv", [{"column": "service", "pattern": "*", "run": "unknown", "component": "chips"}])
    as_csv(tmp_path / "accruals.csv", [{"month": "soon", "amount": 1}])
    said = refused(
        xlcost,
        tmp_path,
        runs_file,
        "spend.csv",
        "missing.csv",
        "--mapping",
        "mapping.csv",
        "--accruals",
        "accruals.csv",
    )
    for sentence in (
        "spend.csv: row 2: month is '2026-13'; it must be a month such as 2026-03",
        "spend.csv: row 2: amount is 'much'; it must be a number",
        "spend.csv: row 2: hours is -1; it must be a number at least 0",
        "spend.csv: row 2: run is 'nobody'; it must be one of: R",
        "mapping.csv: row 2: run is 'unknown'; it must be one of: R",
        "mapping.csv: row 2: component is 'chips'; it must be one of: own_hardware",
        "accruals.csv: row 2: month is 'soon'",
        "missing.csv: there is no such file",
    ):
        assert sentence in said.replace("'-1'", "-1")


def test_unknown_columns_of_a_table_are_named(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1, "colour": "red"}])
    assert "spend.csv: column 'colour' is not known; allowed are month, amount" in refused(
        xlcost, tmp_path, runs_file, "spend.csv"
    )


def test_everything_wrong_with_an_export_is_said_at_once(xlcost, tmp_path, runs_file):
    good = {
        "BilledCost": "1",
        "BillingCurrency": "USD",
        "ChargePeriodStart": "2026-01-01T00:00:00Z",
        "ChargeCategory": "Usage",
    }
    rows = [
        good | {"ConsumedQuantity": "1", "ConsumedUnit": "Hours", "ChargeClass": ""},
        good | {"ChargePeriodStart": "2026-13-01T00:00:00Z"},
        good | {"BilledCost": "abc"},
        good | {"BilledCost": ""},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "Hours"},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "GB"},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "Hours", "ChargeClass": "Correction"},
        good | {"ConsumedQuantity": "few", "ConsumedUnit": "Hours"},
        good | {"BillingCurrency": ""},
    ]
    as_csv(tmp_path / "focus.csv", rows)
    said = refused(xlcost, tmp_path, runs_file, "focus.csv").splitlines()
    assert said == [
        "xlcost: focus.csv: ChargePeriodStart is '2026-13-01T00:00:00Z' in 1 rows; it must be a date such as "
        "2026-03-01",
        "xlcost: focus.csv: the cost is 'abc', empty in 2 rows; it must be a number",
        "xlcost: focus.csv: ConsumedQuantity is 'few' in 1 rows; it must be a number",
        "xlcost: focus.csv: ConsumedQuantity is '-2' in 1 rows; hours are 0 or more, except in a charge of class "
        "Correction",
        "xlcost: focus.csv: BillingCurrency is empty in 1 rows; it must be a code such as USD",
    ]


def test_currencies_without_a_rate_and_unknown_names_in_an_export_are_said_at_once(xlcost, tmp_path, runs_file):
    good = {"BilledCost": "1", "ChargePeriodStart": "2026-01-01", "ChargeCategory": "Usage"}
    as_csv(
        tmp_path / "focus.csv",
        [good | {"BillingCurrency": "JPY", "x_run": "gone"}, good | {"BillingCurrency": "CHF", "x_component": "air"}],
    )
    said = refused(xlcost, tmp_path, runs_file, "focus.csv")
    for text in (
        "run of spend is 'gone'",
        "component of spend is 'air'",
        "spend is 'CHF'",
        "spend is 'JPY'; it has no rate",
    ):
        assert text in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--close", "2026-13"), "--close 2026-13: it must be a month such as 2026-06"),
        (("--close", ""), "--close : it must be a month such as 2026-06"),
        (("--tax", "some"), "--tax some: it must be net or gross"),
        (("--engine", "abacus"), "--engine abacus: there are duckdb, spark"),
        (("--mapping", "rules.csv"), "rule 1: column 'Colour' is in none of the files; they have"),
    ],
)
def test_options_that_cannot_be_are_said(xlcost, tmp_path, runs_file, words, sentence):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}])
    as_csv(tmp_path / "rules.csv", [{"column": "Colour", "pattern": "*", "run": "R"}])
    assert sentence in refused(xlcost, tmp_path, runs_file, "spend.csv", *words)


@pytest.mark.parametrize(
    ("name", "content"), [("bill.parquet", b"PAR1 no"), ("bill.csv", b"\xff\xfe\x00"), ("bill.pdf", b"")]
)
def test_a_file_that_is_no_bill_is_refused(xlcost, tmp_path, runs_file, name, content):
    (tmp_path / name).write_bytes(content)
    assert f"{name}: " in refused(xlcost, tmp_path, runs_file, name)


def test_an_export_without_its_columns_is_refused(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "focus.csv", [{"ChargePeriodStart": "2026-01-01"}])
    said = refused(xlcost, tmp_path, runs_file, "focus.csv")
    for name in ("ChargeCategory", "BillingCurrency", "EffectiveCost or BilledCost"):
        assert f"focus.csv: column {name} is missing" in said


HEADING = "ChargePeriodStart,EffectiveCost,BillingCurrency,ChargeCategory\n"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "bill.csv",
            HEADING + "2026-01-01,5,USD,Usage\n2026-01-01,5,USD\n",
            "Line: 3; Expected Number of Columns: 4 Found: 3",
        ),
        ("bill.csv", HEADING + "2026-01-01,5,USD,Usage,more\n", "Line: 2; Expected Number of Columns: 4 Found: 5"),
        ("bill.csv", HEADING + '2026-01-01,5,USD,"Usage\n', "CSV Error on Line: 2"),
        ("bill.csv", HEADING.replace("E", "BillingCurrency,E", 1), "column 'BillingCurrency' is there more than once"),
        ("bill.csv", HEADING, "bill.csv: there is no spend in it"),
        ("bill.csv", HEADING.replace(",", ";"), "semicolons separate its columns; an export in FOCUS has commas"),
        ("bill.csv", '"' + HEADING.strip().replace(",", '"\t"') + '"\n', "tabs separate its columns"),
        ("bill.csv.gz", gzip.compress(HEADING.encode() * 9999, mtime=0)[:100], "bill.csv.gz: "),
        ("bill.parquet", b"", "bill.parquet: not a Parquet file that can be read"),
        ("spend.csv", "month,amount\n", "spend.csv: there are no rows of Spend in it"),
        ("spend.csv", "", "spend.csv: the file is empty"),
        ("spend.csv", "month,amount\n2026-01,1\n,2\n", "spend.csv: row 3: month is empty; every row needs one"),
    ],
)
def test_a_file_with_rows_that_are_none_is_refused(xlcost, tmp_path, runs_file, name, content, sentence):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    said = refused(xlcost, tmp_path, runs_file, name)
    assert sentence in said and said.startswith(f"xlcost: {name}: ") and said.count("\n") == 1


def test_a_file_that_is_named_twice_is_refused(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}])
    said = refused(xlcost, tmp_path, runs_file, "spend.csv", "./spend.csv", str(tmp_path / "spend.csv"))
    assert said == "xlcost: spend.csv: it is named more than once\n"


def test_a_rule_that_stands_there_already_is_refused(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1, "service": "a"}])
    rules = [{"column": "service", "pattern": "A*", "run": "R"}, {"column": "ServiceName", "pattern": "b*", "run": "R"}]
    rules.append({"column": "ServiceName", "pattern": "a*", "department": "Ops"})
    as_csv(tmp_path / "mapping.csv", rules)
    assert refused(xlcost, tmp_path, runs_file, "spend.csv", "--mapping", "mapping.csv") == (
        "xlcost: mapping.csv: rule 3: column 'ServiceName' and pattern 'a*' are those of rule 1, which counts wherever "
        "this one would\n"
    )


def test_what_is_not_installed_is_named_with_how_to_install_it(xlcost, tmp_path, runs_file, monkeypatch):
    import sys

    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}])
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "pip install 'xlcost[scale]'" in refused(xlcost, tmp_path, runs_file, "spend.csv", "--engine", "spark")
    monkeypatch.setitem(sys.modules, "ibis", None)
    assert "pip install 'xlcost[actuals]'" in refused(xlcost, tmp_path, runs_file, "spend.csv")


def test_a_name_like_a_formula_stays_text_in_the_mapped_spend(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": -1, "service": "=1+1", "department": "@x"}])
    assert xlcost("actuals", runs_file, "spend.csv", "-o", "mapped.csv")[0] == 0
    (row,) = csv.DictReader(io.StringIO((tmp_path / "mapped.csv").read_text()))
    assert (row["department"], row["amount"]) == ("'@x", "-1.0")


def test_importing_the_commands_loads_no_engine():
    import subprocess
    import sys

    script = "import sys, xlcost.cli; print({'ibis', 'duckdb', 'pyarrow', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_bill_is_not_written_over(xlcost, tmp_path, runs_file):
    bill = as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}]).read_bytes()
    status, _, said = xlcost("actuals", runs_file, "spend.csv", "-o", "./spend.csv", "--force")
    assert status == 2 and "this is one of the files that are read" in said
    assert (tmp_path / "spend.csv").read_bytes() == bill
