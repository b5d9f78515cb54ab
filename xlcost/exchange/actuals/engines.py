"""Where bills are added up: DuckDB in this process, or the Spark where a company keeps them; both through Ibis."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager

from ...errors import XlcostError

DUCKDB, SPARK = ENGINES = ("duckdb", "spark")
EXTRAS = {DUCKDB: "actuals", SPARK: "scale"}
SAID_BY = {DUCKDB: ("duckdb", "_duckdb"), SPARK: ("pyspark", "py4j")}
"""Packages whose errors are an engine's own."""
MEMORY = "1GB"
"""What DuckDB keeps in memory before it goes on in a temporary folder."""


@contextmanager
def connected(engine=DUCKDB):
    """An Ibis connection to an engine.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.

    Raises
    ------
    XlcostError
        There is no such engine, or what it needs is not installed.
    """
    if engine not in ENGINES:
        raise XlcostError(f"--engine {engine}: there are {', '.join(ENGINES)}")
    try:
        import ibis

        start = {DUCKDB: _duckdb, SPARK: _spark}[engine]
        with start(ibis) as connection:
            yield connection
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in ("ibis", "duckdb", "pyspark", "pyarrow"):
            raise
        raise XlcostError(
            f"adding up bills on {engine} needs the Python package {package}, which is not installed: "
            f"pip install 'xlcost[{EXTRAS[engine]}]'"
        ) from None


@contextmanager
def reading(paths, engine=DUCKDB):
    """What an engine says of files that it cannot read, as a sentence."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in SAID_BY[engine]:
            raise
        lines = str(error).strip().split("\n")
        said = [line.strip() for line in lines if line.startswith("Expected")]
        where = ", ".join(map(str, paths))
        raise XlcostError(f"{where}: {engine} cannot read this: {'; '.join([lines[0], *said])}") from None


@contextmanager
def _duckdb(ibis):
    with tempfile.TemporaryDirectory(prefix="xlcost-") as folder:
        connection = ibis.duckdb.connect(temp_directory=folder, memory_limit=MEMORY)
        try:
            # A charge at midnight belongs to the month that the bill says, wherever this machine stands.
            connection.raw_sql("SET TimeZone = 'UTC'")
            # Ibis shows DuckDB's own bar, on standard output, even where that is a file.
            connection.raw_sql("SET enable_progress_bar = false")
            # The order of rows does not matter to sums, and keeping it takes memory.
            connection.raw_sql("SET preserve_insertion_order = false")
            yield connection
        finally:
            connection.disconnect()


@contextmanager
def _spark(ibis):
    from pyspark.sql import SparkSession

    # A session that is there, with the company's own settings, is taken as it is.
    given = SparkSession.getActiveSession()
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    session = given or SparkSession.builder.appName("xlcost").config(map=quiet).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    zone = session.conf.get("spark.sql.session.timeZone")
    session.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        yield ibis.pyspark.connect(session)
    finally:
        if given is None:
            session.stop()
        else:
            session.conf.set("spark.sql.session.timeZone", zone)
