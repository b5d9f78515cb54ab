"""Bills added up by month, run, department and component: one Ibis expression, the same on every engine.

Rows are added up as they stand first, so that rules look at each kind of row once and not at every row. Money is added
as decimals, so that engines which add in another order still come to the same digit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import reduce

import ibis

from ...budget.actuals import CREDIT, TAX
from ...comparison import fold
from .sources import BILLING_CURRENCY, CHARGE, COSTS, MONTH

MONEY, QUANTITY = "decimal(28,10)", "decimal(24,8)"
PARTS_OF_ONE = 100_000_000
"""To which part of one a binary number is taken."""
LARGEST = 1e10
"""What a binary number must be below, so that its parts are added without rounding."""
HOUR_UNITS = ("hours", "hour", "hrs", "chip-hours", "gpu-hours", "tpu-hours", "accelerator-hours", "instance-hours")
"""Units of what a bill counts as hours used, in lower case."""
LENGTH_OF_DAY = len("2026-03-01")
TEXTS = {
    "charge": CHARGE,
    "currency": BILLING_CURRENCY,
    "service": "ServiceName",
    "account_name": "SubAccountName",
    "account": "SubAccountId",
    "unit": "ConsumedUnit",
    "class_": "ChargeClass",
}
"""Columns of text that count, by their names in FOCUS."""
KEYS = ("month", "run", "department", "component", "currency", "source")
SUMS = ("amount", "credits", "tax", "hours")
TARGETS = ("run", "department", "component")
_SPECIAL = re.compile(r"([.^$|?+(){}\[\]\\-])")


def added_up(sources, connection, rules):
    """The expression.

    Parameters
    ----------
    sources : list of Source
    connection : ibis.BaseBackend
    rules : list of dict
        Of the mapping, in order: column, pattern, and the run, department, component and chips_per_hour.

    Returns
    -------
    ibis.Table
        Columns `KEYS` and `SUMS`, and `is_wrong` where something in the rows cannot be used.
    """
    kinds = (_added_as_they_stand(source, source.table(connection), rules) for source in sources)
    seen = _added_as_seen(reduce(lambda one, other: one.union(other), kinds), rules)
    return _added_as_mapped(_mapped(seen, rules))


# --- rows as they stand


def plain_rows(source, table, rules):
    """The columns of a file that count, under one name, whatever the file; nothing that takes time for every row."""

    def column(name):
        found = source.columns.get(fold(name))
        return table[found] if found is not None else None

    def text(place):
        name, key = place or (None, None)
        found = ibis.literal("") if name is None else table[name]
        if key is not None:
            found = found.get(key) if found.type().is_map() else found[key]
        return found.cast("string")

    cost, used = next(each for each in map(column, COSTS) if each is not None), column("ConsumedQuantity")
    moment = column(MONTH)
    return table.select(
        # The month of a text is looked at once for each text.
        month=moment.substr(0, LENGTH_OF_DAY) if moment.type().is_string() else moment.cast("date").truncate("M"),
        **{name: text(place) for name, place in places_of(source, table, rules).items()},
        amount=_exact(cost),
        hours=ibis.null("decimal(18,0)") if used is None else _exact(used),
        hours_are_given=ibis.literal(False) if used is None or not used.type().is_string() else used.strip() != "",
        shown_month=moment.cast("string"),
        shown_amount=cost.cast("string"),
        shown_hours=ibis.literal("") if used is None else used.cast("string"),
    )


def places_of(source, table, rules):
    """Where each text is that counts: a column, and a key in it where it is no text; None where a file has it not."""
    names = TEXTS | {f"own_{name}": f"x_{name}" for name in TARGETS} | asked_of(rules)
    return {ours: _place(source, table, name) for ours, name in names.items()}


def _place(source, table, name):
    found = source.columns.get(fold(name))
    if found is not None:
        return found, None
    tags, _, key = name.partition(".")
    found = source.columns.get(fold(tags)) if key else None
    if found is None:
        return None
    kind = table[found].type()
    return found, key if kind.is_map() or (kind.is_struct() and key in kind.names) else None


def asked_of(rules):
    """What rules look at, each once: names of columns, or of keys of the tags, by ours."""
    return {f"asked_{number}": name for number, name in enumerate(dict.fromkeys(rule["column"] for rule in rules))}


def _exact(number):
    """A number as a decimal that is added without rounding; none where it cannot be one."""
    kind = number.type()
    if kind.is_string():
        return number.strip().try_cast(MONEY)
    if kind.is_floating():
        number = ibis.ifelse(number.isnan() | (number.abs() >= LARGEST), ibis.null("float64"), number)
        # Engines differ in how they make decimals of binary numbers; this is the same arithmetic in all. It is tried,
        # as DuckDB takes from a Parquet file's statistics, wrongly, that a column has nothing that is no number.
        return _floor(number * float(PARTS_OF_ONE) + 0.5).try_cast("int64").cast("decimal(18,0)")
    return number if kind.is_decimal() else number.cast("decimal(28,1)")


@ibis.udf.scalar.builtin(name="floor", signature=(("float64",), "float64"))
def _floor(number):
    """As the engines have it; Ibis's own casts to an integer at once."""


def month_of(month):
    """Months since the year 0, of a text or of a first day; none where it cannot be."""
    if not month.type().is_string():
        return (month.year() * 12 + month.month() - 1).cast("int32")
    number = month.substr(0, 4).try_cast("int32") * 12 + month.substr(5, 2).try_cast("int32") - 1
    is_one = month.re_search(r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\z")
    return ibis.ifelse(is_one, number, ibis.null("int32")).cast("int32")


def counts_hours(unit):
    """Whether a bill counts hours in a unit."""
    return unit.lower().isin(HOUR_UNITS)


def is_correction(class_):
    """Whether a charge takes back another one, so that its hours may be below 0."""
    return class_.fill_null("").lower() == "correction"


# --- added up


def _added_as_they_stand(source, table, rules):
    """Rows by what they say, each column once, however many rules look at it, and only those that the file has."""
    plain, places = plain_rows(source, table, rules), places_of(source, table, rules)
    key_of = {place: name for name, place in reversed(places.items()) if place is not None}
    found = plain.group_by(["month", *key_of.values()]).aggregate(
        amount=plain.amount.sum(),
        hours=plain.hours.sum(),
        least=plain.hours.min(),
        amount_lacks=plain.amount.isnull().any(),
        hours_lack=(plain.hours_are_given & plain.hours.isnull()).any(),
    )
    found = found.mutate(
        month=month_of(found.month),
        **{name: found[key_of[place]].fill_null("") if place else ibis.literal("") for name, place in places.items()},
    )
    counts = counts_hours(found.unit)
    return found.select(
        *("month", *places),
        amount=_whole(found.amount, plain.amount, MONEY),
        hours=ibis.ifelse(counts, _whole(found.hours, plain.hours, QUANTITY), ibis.literal(0).cast(QUANTITY)),
        is_wrong=(
            found.month.isnull()
            | found.amount_lacks
            | (found.currency == "")
            | (counts & found.hours_lack.fill_null(False))
            | (counts & ~is_correction(found.class_) & (found.least.fill_null(0) < 0))
        ),
    )


def _whole(added, single, kind):
    """A sum of exact numbers of any kind as one kind."""
    if single.type().scale == 0:
        # Of parts of a binary number: whole ones, and a rest of so few digits that no engine rounds it.
        whole = (added.cast("float64") / PARTS_OF_ONE).floor().cast("int64").cast("decimal(28,0)")
        rest = (added - whole * PARTS_OF_ONE).cast("int64").cast("float64") / PARTS_OF_ONE
        # Rounded as decimals only: engines differ in how they round binary numbers.
        added = whole.cast(MONEY) + rest.cast(MONEY)
    return added.cast(kind).fill_null(ibis.literal(0).cast(kind))


def _added_as_seen(kinds, rules):
    """Kinds of rows by what rules look at: tags that differ in what no rule asks for are one kind."""
    asked = asked_of(rules)
    found = kinds.select(
        *("month", "service", "amount", "hours", "is_wrong", *(f"own_{name}" for name in TARGETS)),
        charge=kinds.charge.lower(),
        currency=kinds.currency.upper(),
        account=_first(kinds.account_name, kinds.account),
        **{name: _seen(kinds[name], column).lower() for name, column in asked.items()},
    )
    sums = ("amount", "hours", "is_wrong")
    return found.group_by([name for name in found.columns if name not in sums]).aggregate(
        amount=found.amount.sum().cast(MONEY),
        hours=found.hours.sum().cast(QUANTITY),
        is_wrong=found.is_wrong.any(),
    )


def _first(one, other):
    return ibis.ifelse(one == "", other, one)


def _mapped(kinds, rules):
    """Each kind of row with its run, department and component: what it says itself, else by the first rule."""
    asked = {name: asked for asked, name in asked_of(rules).items()}
    hits = [matches(kinds[asked[rule["column"]]], rule["pattern"]) for rule in rules]
    nobody = ibis.literal(-1, "int32")
    numbers = [ibis.literal(number, "int32") for number in range(len(rules))]
    found = kinds.mutate(rule=ibis.cases(*zip(hits, numbers), else_=nobody) if rules else nobody)

    def by_rule(name, nothing, kind):
        given = [(number, rule[name]) for number, rule in enumerate(rules) if rule[name]]
        if not given:
            return ibis.literal(nothing, kind)
        branches = [(found.rule == number, ibis.literal(value, kind)) for number, value in given]
        return ibis.cases(*branches, else_=ibis.literal(nothing, kind))

    found = found.mutate(
        **{name: _first(found[f"own_{name}"], by_rule(name, "", "string")) for name in TARGETS},
        hours=(found.hours * by_rule("chips_per_hour", Decimal(1), "decimal(12,6)")).cast(QUANTITY),
    )
    nothing = reduce(lambda one, other: one & other, (found[name] == "" for name in TARGETS))
    parted = ibis.ifelse((found.service != "") & (found.account != ""), " · ", "")
    return found.mutate(source=ibis.ifelse(nothing, found.service + parted + found.account, ""))


def _seen(text, name):
    """The text of a column, or of the key of its tags, which are JSON."""
    _, _, key = name.partition(".")
    if not key:
        return text
    value = text.re_extract(f'"{_escaped(key)}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"', 1).fill_null("")
    value = value.replace('\\"', '"').replace("\\\\", "\\")
    # Tags that are no JSON have been looked into already.
    return ibis.ifelse(text.strip().startswith("{"), value, text)


def matches(text, pattern):
    """Whether a text in lower case is like a pattern; a regular expression only where it takes one."""
    parts = fold(pattern).split("*")
    if len(parts) == 1:
        return text == parts[0]
    begin, end = parts[0], parts[-1]
    if len(parts) == 2:
        return text.startswith(begin) & text.endswith(end) & (text.length() >= len(begin) + len(end))
    return text.re_search(regular(pattern))


def regular(pattern):
    """A pattern with * as a regular expression that Java and RE2 read alike, for text in lower case.

    >>> regular("Amazon EC2*")
    '(?s)^amazon ec2.*\\\\z'
    """
    return "(?s)^" + ".*".join(map(_escaped, fold(pattern).split("*"))) + r"\z"


def _escaped(text):
    return _SPECIAL.sub(r"\\\1", text)


def _added_as_mapped(mapped):
    charge, zero = mapped.charge, ibis.literal(0).cast(MONEY)
    is_tax, is_credit = charge == fold(TAX), charge == fold(CREDIT)

    def of(condition):
        return ibis.ifelse(condition, mapped.amount, zero).sum().cast(MONEY)

    return (
        mapped.mutate(currency=mapped.currency.upper())
        .group_by(list(KEYS))
        .aggregate(
            amount=of(~is_tax & ~is_credit),
            credits=of(is_credit),
            tax=of(is_tax),
            hours=mapped.hours.sum().cast(QUANTITY),
            is_wrong=mapped.is_wrong.any(),
        )
    )
