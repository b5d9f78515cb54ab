"""Bills and accruals as the actuals of a budget: mapped, added up and checked whole."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import numpy as np
import pandas as pd

from ...budget.actuals import (
    ACCRUAL,
    ACCRUALS,
    BILL,
    MAPPING,
    NET,
    SPEND_COLUMNS,
    TAXES,
    Actuals,
    last_month,
)
from ...budget.components import COMPONENT_LABELS
from ...budget.settings import CURRENCY
from ...comparison import fold
from ...dates import EARLIEST, LATEST, from_serial, to_serial
from ...errors import InputError, XlcostError
from ...tables import Problems, months
from ...xlsx_input import has_sheet
from .engines import DUCKDB, connected, reading
from .sources import FOCUS_OF, sources_of

MONTHS = 12
SOURCES = 20
"""Of what is not mapped the largest are named; the others are put together."""
OTHER_SOURCES, NO_SOURCE = "All other sources", "Charges that name no service and no account"
SAMPLES = 3
"""Cells of an export that cannot be used, of which the text is shown."""
CANNOT_BE = {
    "no_month": ("ChargePeriodStart", "month", "it must be a date such as 2026-03-01"),
    "no_amount": ("the cost", "amount", "it must be a number"),
    "no_hours": ("ConsumedQuantity", "hours", "it must be a number"),
    "negative_hours": ("ConsumedQuantity", "hours", "hours are 0 or more, except in a charge of class Correction"),
    "no_currency": ("BillingCurrency", None, "it must be a code such as USD"),
}
"""What may be wrong in rows of an export: the column, what is shown of it, and what is allowed."""


def actuals_of(plan, spend, mapping=None, accruals=None, close=None, tax=NET, engine=DUCKDB, source=None):
    """What was spent, mapped to a budget.

    Parameters
    ----------
    plan : xlcost.budget.plan.Plan
        The budget.
    spend : sequence of path-like
        Files: tables of monthly spend (.csv, .xlsx) and exports in FOCUS (.csv, .parquet).
    mapping : path-like, optional
        Rules in order; those of the budget's workbook by default.
    accruals : path-like, optional
        What belongs to a month and is not billed yet.
    close : float, optional
        First day of the last month of actuals; the last month of the bills by default. [day, serial number]
    tax : str
        "net" or "gross".
    engine : str
        Where the bills are added up, one of `xlcost.exchange.actuals.engines.ENGINES`.
    source : path-like, optional
        The budget's workbook.

    Returns
    -------
    Actuals

    Raises
    ------
    XlcostError
        A sentence for everything that cannot be used, in whichever file.
    """
    if tax not in TAXES:
        raise XlcostError(f"--tax {tax}: it must be {' or '.join(TAXES)}")
    if not spend:
        raise XlcostError("name at least one file of spend")
    runs, problems = plan.runs["run"].tolist(), []

    def tried(function, *arguments, **options):
        try:
            return function(*arguments, **options)
        except XlcostError as error:
            problems.extend(str(error).split("\n"))
            return None

    if mapping is None and source is not None and has_sheet(source, MAPPING.name):
        mapping = source
    rules = tried(MAPPING.read, mapping, run=runs)
    accrued = tried(ACCRUALS.read, accruals, run=runs)
    sources = tried(sources_of, spend, runs)
    if rules is not None and sources is not None:
        problems += [*_unknown_columns(rules, sources, mapping), *_rules_again(rules, mapping)]
    if problems:
        raise InputError(problems)
    rows = _rows_of_bills(sources, _in_order(rules), engine)
    others = map(plan.language.text, (OTHER_SOURCES, NO_SOURCE))
    rows = [*_named(rows, *others), *_rows_of_accruals(accrued)]
    if not rows:
        raise XlcostError(f"{', '.join(map(str, spend))}: there is no spend in it")
    problems = [*_problems_of(rows, plan), *_outside(rows)]
    if problems:
        raise InputError(problems)
    found = _columns(_with_departments(rows, plan))
    return Actuals(found, rules, last_month(found) if close is None else close, tax)


def months_without_spend(plan, actuals):
    """Closed months of a budget in which nothing was spent, a sentence; they may be bills that nobody handed in."""
    settings = plan.settings
    begin = int(settings.first_fiscal_year) * MONTHS + int(settings.fiscal_year_start) - 1
    last = _month_number(actuals.close)
    there = set(map(_month_number, actuals.spend["month"]))
    missing = [
        month for month in range(begin, min(last + 1, begin + int(settings.years) * MONTHS)) if month not in there
    ]
    if not missing:
        return None
    first, final = (str(from_serial(_first_day(missing[side])).astype("datetime64[M]")) for side in (0, -1))
    which = first if len(missing) == 1 else f"{len(missing)} months from {first} to {final}"
    return f"there is no spend in {which}: as closed months they count as nothing spent"


def _month_number(day):
    """Months since the year 0, of a serial number."""
    return int(from_serial(day).astype("datetime64[M]").astype(int)) + 1970 * MONTHS


def month_of_close(text):
    """First day of a month such as 2026-06, as a serial number.

    >>> month_of_close("2026-06")
    46174.0
    """
    days, problems = pd.Series([text], dtype=object), Problems(pd.Index(["--close"]))
    found = months(days, "month", problems)
    if problems or np.isnan(found[0]):
        raise XlcostError(f"--close {text}: it must be a month such as 2026-06, from 1990 to 2099")
    return float(found[0])


def as_table(actuals):
    """The spend of a budget as a table for a file; months as dates."""
    days = [str(from_serial(day).astype("datetime64[D]")) for day in actuals.spend["month"]]
    return pd.DataFrame(actuals.spend).assign(month=days)


# --- rules


def _in_order(rules):
    """Rules as the expression takes them."""
    names = list(rules)
    of_rows = [dict(zip(names, row)) for row in zip(*(rules[name] for name in names))]
    for rule in of_rows:
        chips = rule["chips_per_hour"]
        rule["chips_per_hour"] = None if np.isnan(chips) else Decimal(repr(float(chips)))
    return of_rows


def _unknown_columns(rules, sources, mapping):
    """A sentence for each rule about a column that no file has."""
    known = {name for source in sources for name in source.columns}
    for position, column in enumerate(rules["column"], start=1):
        tags = column.partition(".")[0]
        if fold(column) not in known and fold(tags) not in known:
            listed = ", ".join(sorted({name for source in sources for name in source.columns.values()}))
            yield f"{mapping}: rule {position}: column {column!r} is in none of the files; they have {listed}"


def _rules_again(rules, mapping):
    """A sentence for each rule that never counts, as an earlier one fits wherever it would."""
    first = {}
    for position, (column, pattern) in enumerate(zip(rules["column"], rules["pattern"]), start=1):
        key = fold(FOCUS_OF.get(fold(column), column)), fold(pattern)
        if first.setdefault(key, position) != position:
            yield (
                f"{mapping}: rule {position}: column {column!r} and pattern {pattern!r} are those of rule "
                f"{first[key]}, which counts wherever this one would"
            )


# --- rows


def _rows_of_bills(sources, rules, engine):
    """What the engine comes to, as rows."""
    with connected(engine) as connection, reading([source.path for source in sources], engine):
        from .expression import added_up

        rows = connection.to_pyarrow(added_up(sources, connection, rules)).to_pylist()
        if any(row["is_wrong"] for row in rows):
            raise InputError([sentence for source in sources for sentence in _what_is_wrong(source, connection)])
    return rows


def _what_is_wrong(source, connection):
    """A sentence for each kind of cell in a file that cannot be used, with some of them."""
    from .expression import counts_hours, is_correction, month_of, plain_rows

    plain = plain_rows(source, source.table(connection), [])
    counts = counts_hours(plain.unit.fill_null(""))
    wrong = {
        "no_month": month_of(plain.month).isnull(),
        "no_amount": plain.amount.isnull(),
        "no_hours": counts & plain.hours_are_given & plain.hours.isnull(),
        "negative_hours": counts & ~is_correction(plain.class_) & (plain.hours < 0),
        "no_currency": plain.currency.fill_null("") == "",
    }
    for name, is_wrong in wrong.items():
        column, shown, allowed = CANNOT_BE[name]
        rows = plain.filter(is_wrong)
        number = int(connection.to_pyarrow(rows.count()).as_py())
        if not number:
            continue
        texts = [None]
        if shown is not None:
            shown = f"shown_{shown}"
            samples = rows.select(shown).distinct().order_by(shown).limit(SAMPLES)
            texts = [row[shown] for row in connection.to_pyarrow(samples).to_pylist()]
        said = ", ".join(repr(text) if text else "empty" for text in texts)
        yield f"{source.path}: {column} is {said} in {number:,} rows; {allowed}"


def _named(rows, other_sources, no_source):
    """Rows of bills by the columns of Spend; of what is not mapped only the largest sources by name."""
    weight = Counter()
    for row in rows:
        if not any(row[name] for name in ("run", "department", "component", "source")):
            row["source"] = no_source
        weight[row["source"]] += abs(row["amount"]) + abs(row["credits"]) + abs(row["tax"])
    weight.pop("", None)
    # The same ones in any order of the rows.
    largest = set(sorted(weight, key=lambda name: (-weight[name], name))[:SOURCES])
    added = {}
    for row in rows:
        source = row["source"] if row["source"] in largest or not row["source"] else other_sources
        key = (row["month"], *(row[name] for name in ("run", "department", "component", "currency")), source)
        whole = added.setdefault(key, [Decimal(0)] * 4)
        added[key] = [one + row[name] for one, name in zip(whole, ("amount", "credits", "tax", "hours"))]
    for (month, run, department, component, currency, source), sums in added.items():
        yield dict(
            month=_first_day(month),
            run=run,
            department=department,
            component=component,
            currency=currency,
            **dict(zip(("amount", "credits", "tax", "hours"), map(float, sums))),
            entry=BILL,
            source=source,
        )


def _first_day(month):
    """Serial number of the first day of a month that is counted from the year 0."""
    return float(to_serial(f"{month // 12:04d}-{month % 12 + 1:02d}-01"))


def _rows_of_accruals(accrued):
    for number in range(len(accrued["month"])):
        row = {name: accrued[name][number] for name in ("month", "run", "department", "component", "currency")}
        amount = float(accrued["amount"][number])
        row["currency"] = row["currency"].upper() or CURRENCY
        yield row | dict(amount=amount, credits=0.0, tax=0.0, hours=0.0, entry=ACCRUAL, source="")


def _problems_of(rows, plan):
    """A sentence for everything that rows name and the budget does not have."""
    runs = set(map(fold, plan.runs["run"].tolist()))
    rates = {CURRENCY, *plan.settings.rates}
    components = set(map(fold, COMPONENT_LABELS))
    known = (
        ("run", lambda text: fold(text) in runs, "there is no such run in the budget"),
        ("component", lambda text: fold(text) in components, f"it must be one of: {', '.join(COMPONENT_LABELS)}"),
        (
            "currency",
            lambda text: text in rates,
            "it has no rate in the budget: give its units for 1 USD",
        ),
    )
    for name, is_known, allowed in known:
        unknown = sorted({row[name] for row in rows if row[name] and not is_known(row[name])})
        for text in unknown:
            yield f"{name} of spend is {text!r}; {allowed}"


def _outside(rows):
    first, last = float(to_serial(EARLIEST)), float(to_serial(LATEST))
    if any(not first <= row["month"] <= last for row in rows):
        yield "a month of spend lies before 1990 or after 2099"


def _with_departments(rows, plan):
    """Rows in a fixed order; what names a run and no department is of the run's department."""
    texts = plan.runs["department"].texts_of_rows()
    department_of = {fold(run): text for run, text in zip(plan.runs["run"].tolist(), texts)}
    run_of = {fold(run): run for run in plan.runs["run"].tolist()}
    for row in rows:
        row["run"] = run_of.get(fold(row["run"]), row["run"])
        row["component"] = fold(row["component"])
        row["department"] = row["department"] or department_of.get(fold(row["run"]), "")
    # Bills before accruals within a month, and what is not mapped behind all that is.
    texts = ("run", "department", "component", "currency", "source", "amount")

    def place(row):
        return row["month"], row["entry"] == ACCRUAL, bool(row["source"]), *map(row.get, texts)

    return sorted(rows, key=place)


def _columns(rows):
    """Rows as columns of Spend."""
    return {
        name: np.array([row[name] for row in rows], dtype=object if column.format == "text" else float)
        for name, column in SPEND_COLUMNS.items()
    }
