"""Bills of ten million rows, added up: time beside DuckDB's bare aggregation, memory, and Spark's figures."""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROWS, CHUNKS = 10_000_000, 20
PROJECTS, ACCOUNTS, SERVICES = 25, 40, 30
RULES = [
    *({"column": "Tags.project", "pattern": f"p{number}", "run": f"run {number}"} for number in range(20)),
    {"column": "ServiceName", "pattern": "Service 1*", "department": "Research", "component": "others"},
]
BARE = """
SELECT date_trunc('month', ChargePeriodStart), ServiceName, SubAccountName, Tags, ChargeCategory, BillingCurrency,
  ConsumedUnit, sum(EffectiveCost), sum(ConsumedQuantity)
FROM '{path}' GROUP BY ALL
"""
ADD_UP = """
from pathlib import Path
from tests.benchmarks.actuals import added_up
added_up(Path({path!r}))
"""


def write_export(path, rows=ROWS, money="double"):
    """A year's bill in FOCUS, in chunks: one project and two environments an account, most rows usage."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    chance, writer = np.random.default_rng(7), None
    begin, size = np.datetime64("2026-01-01", "us"), rows // CHUNKS
    for _ in range(CHUNKS):
        account, service = chance.integers(0, ACCOUNTS, size), chance.integers(0, SERVICES, size)
        environment = chance.integers(0, 2, size)
        charge = np.searchsorted([0.95, 0.97, 0.98, 0.99], chance.random(size))
        cost, used = chance.gamma(1.0, 3.0, size) * np.where(charge == 3, -1.0, 1.0), chance.random(size)
        hours = chance.integers(0, 365 * 24, size).astype("timedelta64[h]").astype("timedelta64[us]")

        def one_of(codes, texts):
            return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(texts)).cast(pa.string())

        tags = [
            json.dumps({"project": f"p{number % PROJECTS}", "environment": name})
            for number in range(ACCOUNTS)
            for name in ("test", "production")
        ]
        amount = pa.array(cost)
        if money == "decimal":
            amount = pa.array(np.round(cost * 1e6) / 1e6).cast(pa.decimal128(28, 10))
        table = pa.table(
            {
                "BilledCost": amount,
                "EffectiveCost": amount,
                "BillingCurrency": one_of(np.zeros(size), ["USD"]),
                "ChargePeriodStart": pa.array(begin + hours, pa.timestamp("us", tz="UTC")),
                "ChargeCategory": one_of(charge, ["Usage", "Purchase", "Tax", "Credit", "Adjustment"]),
                "ServiceName": one_of(service, [f"Service {number}" for number in range(SERVICES)]),
                "SubAccountName": one_of(account, [f"team {number}" for number in range(ACCOUNTS)]),
                "Tags": one_of(account * 2 + environment, tags),
                "ConsumedQuantity": pa.array(used),
                "ConsumedUnit": one_of(service % 3, ["Hours", "GB", "Requests"]),
                "ResourceId": pa.array([f"i-{number:08x}" for number in chance.integers(0, 1 << 30, size)]),
            }
        )
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def added_up(path, engine="duckdb"):
    """What a bill comes to, as rows in a fixed order, and the seconds that the engine took."""
    from xlcost.exchange.actuals.engines import connected
    from xlcost.exchange.actuals.expression import added_up as expression
    from xlcost.exchange.actuals.sources import sources_of

    rules = [dict.fromkeys(("run", "department", "component")) | {"chips_per_hour": None} | rule for rule in RULES]
    with connected(engine) as connection:
        whole = expression(sources_of([path], []), connection, rules)
        begun = time.perf_counter()
        rows = connection.to_pyarrow(whole).to_pylist()
        seconds = time.perf_counter() - begun
    return sorted([str(value) for value in row.values()] for row in rows), seconds


def bare(path):
    """Seconds that DuckDB takes to add the same rows up as they stand."""
    import duckdb

    with duckdb.connect() as connection:
        begun = time.perf_counter()
        connection.sql(BARE.format(path=path)).to_arrow_table()
        return time.perf_counter() - begun


def actuals():
    from .memory import peak_of  # psutil is not in the environment with Spark

    with tempfile.TemporaryDirectory() as folder:
        for money in ("double", "decimal"):
            path = Path(folder, f"{money}.parquet")
            write_export(path, money=money)
            # By turns, so that what else the machine does falls on both.
            pairs = [(added_up(path)[1], bare(path)) for _ in range(5)]
            ours, own = (min(each) for each in zip(*pairs))
            print(
                f"10,000,000 rows of FOCUS ({path.stat().st_size / 1e6:,.0f} MB of Parquet, money as {money}): "
                f"{ours:.1f} s / DuckDB's bare aggregation {own:.1f} s: {ours / own:.2f} (aim: at most 1.5)"
            )
            print(f"  memory of the process: {peak_of(ADD_UP.format(path=str(path))):,} MB")
            path.unlink()


if __name__ == "__main__":
    # In an environment with Spark: the rows of a file that is there, to be compared.
    print(json.dumps(added_up(Path(sys.argv[1]), sys.argv[2])[0]))
