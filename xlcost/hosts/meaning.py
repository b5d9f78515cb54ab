"""What a cell means in place of an argument, by its kind; what it cannot mean is the error that stands there."""

from __future__ import annotations

import datetime

import numpy as np

from ..catalog import edition_names
from ..comparison import fold
from ..date_parts import year
from ..dates import EARLIEST, LATEST, to_serial
from ..reading import date_of, number_of, text_of

NOT_AVAILABLE, BAD_NUMBER, BAD_VALUE = "#N/A", "#NUM!", "#VALUE!"
ERRORS = frozenset(
    (
        NOT_AVAILABLE,
        BAD_NUMBER,
        BAD_VALUE,
        *("#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"),
    )
)
"""Texts that are a cell's error."""

FIRST_DAY, LAST_DAY = float(to_serial(EARLIEST)), float(to_serial(LATEST))
FIRST_YEAR, LAST_YEAR = EARLIEST.item().year, LATEST.item().year
BLANK = ""
WORDS_FOR_TRUTH = {"true": True, "false": False}


class CellProblem(Exception):
    """What one cell shows instead of a result."""

    def __init__(self, error):
        super().__init__(error)
        self.error = error


def _is_blank(cell):
    if cell is None:
        return True
    if isinstance(cell, str):
        if cell in ERRORS:
            raise CellProblem(cell)
        return not cell or cell.isspace()
    return isinstance(cell, float) and cell != cell


def is_within(number, limits):
    """Whether a number keeps its bounds."""
    return (
        (number > limits.get("above", -np.inf))
        & (number >= limits.get("at_least", -np.inf))
        & (number <= limits.get("at_most", np.inf))
        & (number < limits.get("below", np.inf))
    )


def _number(cell, argument, model):
    if cell.__class__ is not float and _is_blank(cell):
        return np.float64("nan")
    number, bad = number_of(cell)
    if bad:
        raise CellProblem(BAD_VALUE)
    if number == number and not is_within(number, argument.limits):
        raise CellProblem(BAD_NUMBER)
    return np.float64(number)


def _date(cell, argument, model):
    if _is_blank(cell):
        return np.float64("nan")
    return _serial(cell)


def _serial(cell):
    serial, bad = date_of(cell)
    if bad:
        # A date without a date's format is a number.
        serial, bad = number_of(cell)
    if bad:
        raise CellProblem(BAD_VALUE)
    if not FIRST_DAY <= serial < LAST_DAY + 1:
        raise CellProblem(BAD_NUMBER)
    return np.float64(serial)


def _month(cell, argument, model):
    if _is_blank(cell):
        return np.float64("nan")
    if isinstance(cell, str) and len(cell.strip()) == len("2026-03"):
        cell = f"{cell.strip()}-01"
    return _serial(cell)


def _year(cell, argument, model):
    if _is_blank(cell):
        return np.float64("nan")
    if isinstance(cell, datetime.date):
        cell = cell.year
    number, bad = number_of(cell)
    if bad:
        raise CellProblem(BAD_VALUE)
    if FIRST_DAY <= number < LAST_DAY + 1:
        # No year is as large as the number of a day: a date in a cell without a date's format.
        number = year(number)
    if not FIRST_YEAR <= number <= LAST_YEAR or number != int(number):
        raise CellProblem(BAD_NUMBER)
    return np.float64(number)


def _text(cell, argument, model):
    if _is_blank(cell):
        return BLANK
    if isinstance(cell, (bool, datetime.date)):
        raise CellProblem(BAD_VALUE)
    return text_of(cell)


def _chip(cell, argument, model):
    text = _text(cell, argument, model)
    if not text:
        return BLANK
    if not isinstance(cell, str):
        raise CellProblem(BAD_VALUE)
    try:
        return model.find_chip(text)[0]
    except LookupError:
        raise CellProblem(NOT_AVAILABLE) from None


def _vendor(cell, argument, model):
    text = _text(cell, argument, model)
    if text and fold(text) not in model.vendor_spellings:
        raise CellProblem(NOT_AVAILABLE)
    return model.vendor_spellings[fold(text)] if text else BLANK


def _choice(cell, argument, model):
    text = _text(cell, argument, model).casefold()
    if not text:
        return argument.choices[0] if argument.optional else BLANK
    if text not in argument.choices:
        raise CellProblem(BAD_VALUE)
    return text


def _flag(cell, argument, model):
    if _is_blank(cell):
        return True
    if isinstance(cell, str):
        cell = WORDS_FOR_TRUTH.get(cell.strip().casefold())
    if cell not in (0, 1):
        raise CellProblem(BAD_VALUE)
    return bool(cell)


def _edition(cell, argument, model):
    text = _text(cell, argument, model)
    if text and text not in edition_names():
        raise CellProblem(NOT_AVAILABLE)
    return text


NUMERIC = ("number", "date", "month", "year")
READERS = {
    "number": _number,
    "date": _date,
    "month": _month,
    "year": _year,
    "text": _text,
    "chip": _chip,
    "vendor": _vendor,
    "choice": _choice,
    "flag": _flag,
    "edition": _edition,
}
"""How a cell is read, by the kind of argument; an unusable one raises `CellProblem`."""
