"""Excel on Windows as xlwings meets it: its own COM server, run on Linux in a process of its own.

What is real: xlwings' code for Windows, from the decorators to the server's `CallUDF`, with all conversions. What is
played: pywin32, the objects that Excel hands over, and the VBA wrapper around each function
(`tests.engines.excel_com_bridge`). No Excel takes part.
"""

import contextlib
import os
import pathlib
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass

from .cells import CellError, EngineError

ROOT = pathlib.Path(__file__).parents[2]
MODULE = "xlcost.hosts.excel_udfs"
SECONDS_TO_ANSWER = 300
SECONDS_TO_END = 30

ERROR_CODES = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
"""Numbers of Excel's errors in VBA, as in ``CVErr(2042)``."""


@dataclass(frozen=True)
class Range:
    """Cells that a formula refers to: one value, or rows of values."""

    value: object


class _Omitted:
    """An argument that a formula leaves out, as in ``=CHIP_PRICE("H100",)``."""

    def __reduce__(self):
        return "OMITTED"


OMITTED = _Omitted()


class UdfError(EngineError):
    """A function raised; its traceback is the text."""


class ExcelCom:
    """xlwings' COM server, started. Close it, or use it in a ``with`` statement."""

    def __init__(self):
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.excel_com_bridge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            # The edition in force is what a test says, or the newest.
            env={name: value for name, value in os.environ.items() if name != "XLCOST_EDITION"},
        )

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self._server.stdin.close()  # which the server takes for the wish to end
        try:
            self._server.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server.stdout.close()

    def call(self, name, *arguments, setting=None, module=MODULE):
        """What the cells of a formula show, with errors as Excel's own.

        Parameters
        ----------
        name : str
            A function of the module.
        *arguments
            Values as formulas hand them over: numbers, text, truth values, dates, ``Decimal`` for currency,
            :class:`~tests.engines.cells.CellError`, None for an empty value, `OMITTED`, :class:`Range`, or for an array
            rows of values, or a list of values for a single row. Optional ones at the end may be missing.
        setting
            What the wrapper hands over beside them: the value of the workbook's defined name.
        module : str
            The module that the wrapper names.

        Returns
        -------
        float, str, bool, CellError, or list of list
            One value or rows of values.

        Raises
        ------
        UdfError
            The function raised, or returned what COM can't carry.
        """
        return shown(self.call_raw(name, *arguments, setting=setting, module=module))

    def call_raw(self, name, *arguments, setting=None, module=MODULE):
        """What `CallUDF` returns, before the wrapper makes errors of texts; see `call`."""
        return self._ask("call", module, name, arguments, setting)

    def time(self, name, calls, module=MODULE, setting=None):
        """How long each of many calls takes inside the server. [s]

        Parameters
        ----------
        calls : list of tuple
            Arguments of each call.
        """
        return self._ask("time", module, name, calls, setting)

    def vba(self, module=MODULE):
        """The wrappers that xlwings' "Import Functions" would write."""
        return self._ask("vba", module)

    def described(self, module=MODULE):
        """What xlwings knows of each function: name, category, text, and its arguments' names, texts and options."""
        return self._ask("described", module)

    def _ask(self, *request):
        overdue = threading.Event()

        def give_up():
            overdue.set()
            self._server.kill()

        timer = threading.Timer(SECONDS_TO_ANSWER, give_up)
        timer.start()
        try:
            pickle.dump(request, self._server.stdin)
            self._server.stdin.flush()
            how, what = pickle.load(self._server.stdout)
        except (EOFError, BrokenPipeError):
            why = f"did not answer within {SECONDS_TO_ANSWER} seconds" if overdue.is_set() else "ended unexpectedly"
            raise EngineError(f"xlwings' COM server {why} at {request[0]!r}") from None
        finally:
            timer.cancel()
        if how == "raised":
            raise UdfError(what)
        return what


def shown(value):
    """What cells show of a value that `CallUDF` returned: our wrapper makes errors of the texts of errors."""
    if isinstance(value, (list, tuple)):
        # One row comes back without its outer list, which VBA takes for a row too.
        rows = value if isinstance(value[0], (list, tuple)) else [value]
        return [[_error_or(cell) for cell in row] for row in rows]
    return _error_or(value)


def _error_or(cell):
    return CellError(cell) if isinstance(cell, str) and cell in ERROR_CODES else cell
