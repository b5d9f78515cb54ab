"""Files of spend as Ibis tables: exports in FOCUS where they lie, tables that people made through memory."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from ...budget.actuals import SPEND_FILE
from ...budget.settings import CURRENCY
from ...comparison import fold
from ...dates import from_serial
from ...errors import InputError, XlcostError

PARQUET, CSV = ".parquet", (".csv", ".csv.gz")
SUFFIXES = (PARQUET, *CSV, ".xlsx")
MONTH, CHARGE, BILLING_CURRENCY = "ChargePeriodStart", "ChargeCategory", "BillingCurrency"
COSTS = ("EffectiveCost", "BilledCost")
"""Columns of a FOCUS export that hold its cost; the first that is there counts."""
REQUIRED = (MONTH, CHARGE, BILLING_CURRENCY)
FOCUS_OF = {
    "month": MONTH,
    "amount": COSTS[0],
    "currency": BILLING_CURRENCY,
    "charge": CHARGE,
    "service": "ServiceName",
    "account": "SubAccountName",
    "description": "ChargeDescription",
    "hours": "ConsumedQuantity",
    "run": "x_run",
    "department": "x_department",
    "component": "x_component",
}
"""What FOCUS calls the columns of `xlcost.budget.actuals.BILL_COLUMNS`; names with x_ are of our own."""
CHIP_HOURS = "Chip-Hours"


@dataclass(frozen=True)
class Source:
    """A file of spend.

    Parameters
    ----------
    path : Path
    columns : dict of str to str
        The names of its columns by FOCUS's own names, in lower case.
    rows : pyarrow.Table or None
        What is in it, where it has been read; an export is left where it lies.
    """

    path: Path
    columns: dict
    rows: object = None

    def table(self, connection):
        """It as an Ibis table of a connection; every column of a CSV file is text."""
        import ibis

        if self.rows is not None:
            return ibis.memtable(self.rows)
        if self.path.name.lower().endswith(PARQUET):
            table = connection.read_parquet(str(self.path))
            self._check_kinds(table)
            return table if connection.name == "pyspark" else _in_utc(table, self.columns[fold(MONTH)])
        how = dict(header=True, quote='"', escape='"')
        if connection.name == "pyspark":
            return connection.read_csv(str(self.path), inferSchema=False, multiLine=True, mode="FAILFAST", **how)
        # Nothing is guessed: a row with other cells than the heading has is no row of that table.
        kinds = dict.fromkeys(self.columns.values(), "VARCHAR")
        return connection.read_csv(str(self.path), auto_detect=False, columns=kinds, delim=",", **how)

    def _check_kinds(self, table):
        """That columns hold what can be read as a date or a number."""
        problems = []
        for name, is_one, what in (
            (MONTH, _is_date, "dates"),
            *((cost, _is_number, "numbers") for cost in COSTS),
            ("ConsumedQuantity", _is_number, "numbers"),
        ):
            column = self.columns.get(fold(name))
            kind = None if column is None else table[column].type()
            if kind is not None and not is_one(kind):
                problems.append(f"column {column} is of the type {kind}; it must hold {what}")
        if problems:
            raise InputError(problems, self.path)


def _is_date(kind):
    return kind.is_string() or kind.is_temporal() and not kind.is_time() or _is_zoned_nanoseconds(kind)


def _is_number(kind):
    return kind.is_string() or kind.is_numeric() and not kind.is_boolean()


def _is_zoned_nanoseconds(kind):
    """Whether DuckDB has a moment of nanoseconds with a time zone, which Ibis does not know."""
    return kind.is_unknown() and "TIMESTAMPTZ" in str(kind)


def _in_utc(table, name):
    """A DuckDB table with moments in a column that have lost their time zone, which is UTC here.

    What DuckDB does with a time zone goes through its calendars, row by row, and takes as long as adding up.
    """
    import ibis

    @ibis.udf.scalar.builtin(signature=(("timestamp",), "int64"))
    def epoch_us(moment): ...

    @ibis.udf.scalar.builtin(signature=(("int64",), "timestamp"))
    def make_timestamp(microseconds): ...

    moment = table[name]
    if _is_zoned_nanoseconds(moment.type()):
        moment = moment.cast("timestamp('UTC')")
    elif not (moment.type().is_timestamp() and moment.type().timezone):
        return table
    return table.mutate(**{name: make_timestamp(epoch_us(moment))})


def sources_of(paths, runs):
    """The files of spend, those that people made read and checked.

    Parameters
    ----------
    paths : iterable of path-like
    runs : list of str
        Names of the runs that there are.

    Raises
    ------
    XlcostError
        A sentence for everything in any of the files that cannot be used.
    """
    by_place = {}
    for path in map(Path, paths):
        by_place.setdefault(path.resolve(), []).append(path)
    found = []
    problems = [f"{same[0]}: it is named more than once" for same in by_place.values() if len(same) > 1]
    for path, *_ in by_place.values():
        try:
            found.append(_source(path, runs))
        except XlcostError as error:
            problems += str(error).split("\n")
    if problems:
        raise InputError(problems)
    return found


def _source(path, runs):
    name = path.name.lower()
    if not name.endswith(SUFFIXES):
        raise XlcostError(f"{path}: spend is read from files called {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise XlcostError(f"{path}: there is no such file")
    if name.endswith(PARQUET):
        return _export(path, _parquet_columns(path))
    if name.endswith(CSV):
        columns = _csv_columns(path)
        _refuse_other_separators(path, columns)
        if fold(MONTH) in map(fold, columns) or name.endswith(".gz"):
            return _export(path, columns)
    return _made_by_people(path, runs)


def _refuse_other_separators(path, columns):
    """Say of an export whose columns no comma separates why none of them is there."""
    for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        parts = ",".join(columns).split(separator)
        if len(parts) > 1 and fold(MONTH) in (fold(part.strip('" ')) for part in parts):
            raise XlcostError(f"{path}: {name} separate its columns; an export in FOCUS has commas between them")


def _export(path, columns):
    by_name = {fold(name): name for name in columns}
    again = sorted(name for name, times in Counter(map(fold, columns)).items() if times > 1)
    if again:
        raise InputError([f"column {by_name[name]!r} is there more than once" for name in again], path)
    missing = [name for name in REQUIRED if fold(name) not in by_name]
    if not any(fold(name) in by_name for name in COSTS):
        missing.append(" or ".join(COSTS))
    if missing:
        raise InputError([f"column {name} is missing; an export in FOCUS has it" for name in missing], path)
    return Source(path, by_name)


def _parquet_columns(path):
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise XlcostError(
            f"{path}: Parquet needs pyarrow, which is not installed: pip install 'xlcost[actuals]'"
        ) from None
    try:
        # A column of no type has no value: as if it were not there.
        return [field.name for field in pyarrow.parquet.read_schema(path) if not pyarrow.types.is_null(field.type)]
    except (pyarrow.ArrowException, OSError) as error:
        raise XlcostError(f"{path}: not a Parquet file that can be read ({error})") from None


def _csv_columns(path):
    open_it = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with open_it(path, "rt", encoding="utf-8-sig", newline="") as file:
            # A column without a name is called as Spark calls it.
            return [name or f"_c{number}" for number, name in enumerate(next(csv.reader(file), []))]
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise XlcostError(f"{path}: not a CSV file in UTF-8 that can be read ({error})") from None


def _made_by_people(path, runs):
    """A table of monthly spend, under FOCUS's names."""
    import pyarrow

    found = SPEND_FILE.read(path, run=runs)
    found["currency"] = np.array([text.upper() or CURRENCY for text in found["currency"]], dtype=object)
    found["charge"] = np.array([text or "Usage" for text in found["charge"]], dtype=object)
    months = [str(from_serial(day).astype("datetime64[D]")) for day in found["month"]]
    columns = {}
    for name, focus in FOCUS_OF.items():
        if name == "month":
            columns[focus] = pyarrow.array(months, pyarrow.string())
        elif found[name].dtype == object:
            columns[focus] = pyarrow.array(found[name].tolist(), pyarrow.string())
        else:
            # A number as people wrote it, to the last digit that a bill has.
            exact = [round(Decimal(repr(float(number))), 10) for number in np.nan_to_num(found[name])]
            columns[focus] = pyarrow.array(exact, pyarrow.decimal128(28, 10))
    columns["ConsumedUnit"] = pyarrow.array([CHIP_HOURS] * len(months), pyarrow.string())
    names = {fold(name): name for name in columns}
    # A rule may also call a column as its heading does.
    return Source(path, names | FOCUS_OF, pyarrow.table(columns))
