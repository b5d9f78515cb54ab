"""The functions as xlwings gives them to Excel on Windows: the module that a workbook's wrappers name.

Everything about them is in `xlcost.functions.FUNCTIONS`; here each becomes a Python function that xlwings registers.
Where xlwings has no Excel to serve (Linux, macOS), they are plain functions.
"""

from __future__ import annotations

import datetime
import os
from inspect import Parameter, Signature

import xlwings as xw

from ..functions import FUNCTIONS
from .cells import call
from .wrappers import CATEGORY
from .wrappers import SETTING as SETTING_NAME

__all__ = list(FUNCTIONS)

CELLS = {"ndim": 2, "err_to_str": True}
"""How arguments arrive: always as rows of cells, so that a row is not taken for a column, and errors as their texts."""

SETTING = "workbook_edition"
"""The last argument, which people don't see: wrappers hand over what the workbook's setting holds."""
SETTING_IN_VBA = f'Application.Caller.Worksheet.Evaluate("{SETTING_NAME}")'
"""The setting of the workbook that asks, where xlwings writes the wrappers; #NAME? where there is none."""

# Excel's errors arrive as numbers, from 2000 on as in CVErr(2042). xlwings knows the seven oldest.
FIRST_ERROR, LAST_ERROR = -2146828288, -2146828288 + 0xFFFF
NEWER_ERRORS = {
    FIRST_ERROR + 2043: "#GETTING_DATA",
    FIRST_ERROR + 2045: "#SPILL!",
    FIRST_ERROR + 2047: "#BLOCKED!",
    FIRST_ERROR + 2049: "#FIELD!",
    FIRST_ERROR + 2050: "#CALC!",
}
OTHER_ERROR = "#VALUE!"
LONGEST_IN_ARRAY = 255
"""Characters of a text in an array that a macro hands to Excel."""


def excel_function(function):
    """A function of `FUNCTIONS` as Python's, with a parameter for each argument and the setting after them.

    Parameters
    ----------
    function : xlcost.functions.Function

    Returns
    -------
    callable
        Takes and gives what `xlcost.hosts.cells.call` does.

    Examples
    --------
    >>> excel_function(FUNCTIONS["TRAINING_FLOP"])(175e9, tokens=300e9)
    3.15e+23
    """
    parameters = [
        Parameter(
            argument.name, Parameter.POSITIONAL_OR_KEYWORD, default=None if argument.optional else Parameter.empty
        )
        for argument in function.arguments
    ]
    if not _in_browser():
        # A required argument can't follow an optional one, and this one is left out in Python.
        parameters.append(Parameter(SETTING, Parameter.POSITIONAL_OR_KEYWORD, default=None))
    name, signature = function.name, Signature(parameters)
    count, complete = len(function.arguments), len(parameters)

    def computed(*given, **named):
        if named or len(given) != complete:
            bound = signature.bind(*given, **named)
            bound.apply_defaults()
            given = bound.args
        arguments = [_with_errors_named(argument) for argument in given[:count]]
        result = call(name, arguments, _edition(given[count]) if complete > count else None)
        return _with_short_texts(result) if isinstance(result, list) and not function.unit else result

    computed.__name__ = computed.__qualname__ = name
    computed.__doc__, computed.__signature__ = function.text, signature
    return computed


def registered(computed, function):
    """A Python function as xlwings registers it: all that depends on xlwings' decorators is here."""
    for argument in function.arguments:
        computed = xw.arg(argument.name, doc=argument.text, **CELLS)(computed)
    if not _in_browser():
        computed = xw.arg(SETTING, vba=SETTING_IN_VBA, **CELLS)(computed)
    return xw.func(category=CATEGORY)(computed)


def _in_browser():
    """Whether xlwings' decorators are those of Office.js, which know no VBA and hide no argument."""
    return os.environ.get("XLWINGS_ON_SERVER") == "true"


def _with_errors_named(argument):
    """Rows in which newer errors have their names too: as numbers they would be computed with."""
    if isinstance(argument, list) and any(cell.__class__ is int for row in argument for cell in row):
        return [[_error_named(cell) for cell in row] for row in argument]
    return argument


def _error_named(cell):
    is_error = cell.__class__ is int and FIRST_ERROR <= cell <= LAST_ERROR
    return NEWER_ERRORS.get(cell, OTHER_ERROR) if is_error else cell


def _with_short_texts(rows):
    """Rows whose texts Excel takes from a macro: a longer one in an array would be #VALUE!."""
    return [
        [
            f"{cell[: LONGEST_IN_ARRAY - 1]}…" if isinstance(cell, str) and len(cell) > LONGEST_IN_ARRAY else cell
            for cell in row
        ]
        for row in rows
    ]


def _edition(setting):
    """The text of the workbook's setting; Excel makes a date of a typed 2026-11."""
    while isinstance(setting, (list, tuple)):
        setting = setting[0]
    return f"{setting:%Y-%m}" if isinstance(setting, datetime.date) else _error_named(setting)


globals().update({name: registered(excel_function(function), function) for name, function in FUNCTIONS.items()})
