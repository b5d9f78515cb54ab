"""Calls of every function as formulas of LibreOffice, and what its cells show of them."""

import datetime
import random

import pytest

from tests.engines.cells import CellError
from tests.processes import in_group
from tests.strategies import ORGANIZATIONS
from xlcost.catalog import edition_names, load
from xlcost.functions import FUNCTIONS
from xlcost.hosts.meaning import ERRORS

WORKER = "xlcost.hosts.libreoffice.worker"
SETTING = "xlcost_setting_edition"
START = datetime.date(2026, 3, 1)


def written(value, separator=","):
    """A value as it stands in a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"{str(value).upper()}()"
    if isinstance(value, datetime.date):
        return separator.join([f"DATE({value.year}", f"{value.month}", f"{value.day})"])
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)


OF_CELLS = [name for name, function in FUNCTIONS.items() if not function.takes_ranges]


def formula(name, arguments, separator=","):
    return f"={name}({separator.join(written(value, separator) for value in arguments)})"


def highest(argument):
    """What a number may be at most, or must stay below."""
    return argument.limits.get("at_most") or argument.limits["below"]


def calls_of_every_function():
    """Function and arguments: options given, left out at the end and in the middle, and mistakes of each kind."""
    chance, facts = random.Random(3), load()
    chips, vendors = list(facts.chips["chip"]), list(facts.vendors)
    values = {
        "chip": lambda _: chance.choice([*chips, "h100 ", "H1000"]),
        "text": lambda _: chance.choice([name for name in ORGANIZATIONS if name]),
        "vendor": lambda _: chance.choice([*vendors, "No Such Cloud"]),
        "choice": lambda argument: chance.choice([*argument.choices, "some"]),
        "edition": lambda _: chance.choice(edition_names()),
        "flag": lambda _: chance.choice([True, False, "false"]),
        "date": lambda _: chance.choice([START, datetime.date(2024, 2, 29), "2025-07-04", "March"]),
        "month": lambda _: chance.choice([datetime.date(2023, 5, 1), "2024-12", "2023-05-17"]),
        "year": lambda _: float(chance.randint(2010, 2030)),
        "number": lambda argument: chance.choice(
            [chance.uniform(1e-3, highest(argument) ** 0.5), " 12.5 ", "0.25", -1e19, 1e300, "some"]
        ),
    }
    for function in map(FUNCTIONS.get, OF_CELLS):
        yield function.name, function.example
        required = [argument for argument in function.arguments if not argument.optional]
        for count in range(len(required), len(function.arguments) + 1):
            for _ in range(12):
                yield (
                    function.name,
                    [
                        None if argument.optional and chance.random() < 0.3 else values[argument.kind](argument)
                        for argument in function.arguments[:count]
                    ],
                )


CALLS = [(name, arguments) for name, arguments in calls_of_every_function()]


def same(shown, expected):
    """Whether a cell shows what Python computed: numbers to 1e-12 of themselves, an error as an error."""
    if isinstance(expected, float):
        return isinstance(shown, float) and shown == pytest.approx(expected, rel=1e-12, abs=0)
    return shown == (CellError(expected) if expected in ERRORS else expected)


def first_cell(result):
    """What one cell shows of a table."""
    return result[0][0] if isinstance(result, list) else result


def values(document, *addresses):
    return document.get([("Sheet1", address) for address in addresses])


def workers(libreoffice):
    """Ids of the processes that compute for a LibreOffice."""
    return in_group(libreoffice.group, WORKER)
