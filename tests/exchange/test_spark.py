"""Bills added up on Spark, with more than one core, come to DuckDB's figures to the last digit."""

import csv
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.benchmarks.actuals import added_up, write_export
from tests.conftest import engine
from tests.engines.cells import EngineMissing
from tests.exchange.conftest import RENTED, as_csv
from tests.exchange.environments import python_with

ROOT = Path(__file__).parent.parent.parent
CORES = "local[2]"


def requirements():
    """What xlcost needs, and Spark: as the extra `scale` has it."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return (*project["dependencies"], *project["optional-dependencies"]["scale"])


def find_java():
    if shutil.which("java") is None:
        raise EngineMissing("java is not installed (on Debian, openjdk-17-jre-headless)")


@pytest.fixture(scope="session")
def on_spark():
    """Run a Python program where Spark is."""
    engine(find_java)
    python = engine(lambda: python_with(*requirements()))

    def run(*words, folder):
        done = subprocess.run(
            [python, *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYSPARK_PYTHON": str(python),
                "SPARK_LOCAL_IP": "127.0.0.1",
                "PYSPARK_SUBMIT_ARGS": f"--master {CORES} pyspark-shell",
            },
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run


@pytest.mark.parametrize("money", ["double", "decimal"])
def test_an_export_comes_to_the_same_figures_on_spark(on_spark, tmp_path, money):
    path = tmp_path / "bill.parquet"
    write_export(path, rows=100_000, money=money)
    found = json.loads(on_spark("-m", "tests.benchmarks.actuals", path, "spark", folder=tmp_path))
    expected = added_up(path)[0]
    assert len(expected) > 100 and found == expected


def test_numbers_between_two_digits_and_what_is_no_number_are_the_same_on_spark(on_spark, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    # Between two of the digits that are kept, which no binary number is exactly.
    used = [(37 * number + 0.5) / 1_000_000 for number in range(2000)]
    rows = len(used)

    def export(name, cost):
        table = pa.table(
            {
                "EffectiveCost": pa.array(cost, pa.float64()),
                "BillingCurrency": ["USD"] * rows,
                "ChargeCategory": ["Usage"] * rows,
                "ChargePeriodStart": pa.array([1_772_323_200_000_000] * rows, pa.timestamp("us", tz="UTC")),
                "ConsumedQuantity": used,
                "ConsumedUnit": ["Hours"] * rows,
                "ServiceName": [f"Service {number}" for number in range(rows)],
                "Tags": ['{"project": "p1"}'] * rows,
            }
        )
        parquet.write_table(table, tmp_path / name)
        return tmp_path / name

    good = export("good.parquet", [-number * 0.1 for number in used])
    bad = export("bad.parquet", [float("nan"), float("inf"), 1e10, *used[3:]])
    found = {
        path: json.loads(on_spark("-m", "tests.benchmarks.actuals", path, "spark", folder=tmp_path))
        for path in (good, bad)
    }
    assert found == {path: added_up(path)[0] for path in (good, bad)}
    assert [[row[-1] for row in rows].count("True") for rows in found.values()] == [0, 1]


def test_the_command_writes_the_same_bytes_with_either_engine(on_spark, xlcost, tmp_path):
    runs = [{name: value for name, value in RENTED.items() if name != "vendor"}]
    as_csv(tmp_path / "runs.csv", runs)
    rules = [
        {"column": "Tags.project", "pattern": 'A "b" \\c', "run": "R", "chips_per_hour": 8},
        {"column": "ServiceName", "pattern": "100%_*.x*", "department": "it's", "component": "others"},
    ]
    as_csv(tmp_path / "mapping.csv", rules)
    good = {"BilledCost": "0.1", "BillingCurrency": "USD", "ChargePeriodStart": "2026-01-31T23:30:00Z"}
    good |= {"ChargeCategory": "Usage", "ServiceName": "", "ConsumedQuantity": "0.3", "ConsumedUnit": "Hours"}
    rows = [
        good | {"Tags": json.dumps({"project": 'a "B" \\C', "x": "1"})},
        good | {"ServiceName": "100%_y.xz", "ChargeCategory": "Credit", "BilledCost": "-1e-7"},
        good | {"ServiceName": "100ab.x", "Tags": ""},
        good | {"ServiceName": 'with "quotes", and\nlines', "ChargeCategory": "Tax"},
    ]
    as_csv(tmp_path / "bill.csv", rows)
    as_csv(tmp_path / "more.csv", [{"month": "2026-02", "amount": 12.345, "run": "R", "hours": 3}])
    typed = ("actuals", "runs.csv", "bill.csv", "more.csv", "--mapping", "mapping.csv")
    assert xlcost(*typed, "-o", "duckdb.csv")[0] == 0
    on_spark("-m", "xlcost", *typed, "--engine", "spark", "-o", "spark.csv", folder=tmp_path)
    text = (tmp_path / "duckdb.csv").read_text()
    assert (tmp_path / "spark.csv").read_text() == text and len(list(csv.reader(io.StringIO(text)))) == 6
