"""Functions that do nothing, so that what a call of them takes is xlwings' own."""

import inspect

import xlwings as xw

from xlcost.functions import FUNCTIONS
from xlcost.hosts.excel_udfs import CELLS, SETTING, SETTING_IN_VBA, excel_function

NAME = "AMORTIZED_COST"


def _registered(function):
    function.__signature__ = inspect.signature(excel_function(FUNCTIONS[NAME]))
    for argument in FUNCTIONS[NAME].arguments:
        function = xw.arg(argument.name, **CELLS)(function)
    return xw.func(xw.arg(SETTING, vba=SETTING_IN_VBA, **CELLS)(function))


def empty(*cells):
    """Returns a constant."""
    return 0.0


def same(*cells):
    """Returns its third argument, of AMORTIZED_COST the hours, as it came."""
    return cells[2]


empty, same = _registered(empty), _registered(same)
