"""Run xlwings' COM server on Linux: ``python -m tests.engines.excel_com_bridge``, driven by `tests.engines.excel_com`.

Requests come over stdin and answers go over stdout, pickled.
"""

import contextlib
import datetime
import decimal
import io
import os
import pickle
import sys
import time
import traceback
import types
import unittest.mock

from .cells import CellError
from .excel_com import ERROR_CODES, OMITTED, Range

MISSING = -2147352572
"""DISP_E_PARAMNOTFOUND, which stands for an argument that a formula leaves out."""
FIRST_ERROR = -2146828288
"""An error with the number 2042 in VBA is this plus 2042 in COM."""
RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
COM_SCALARS = (str, float, int, bool, datetime.datetime, decimal.Decimal, type(None))
"""What pywin32 makes a VARIANT of, among what a function may return."""


class Utc(datetime.tzinfo):
    """pywin32 marks every date as UTC, whatever the zone."""

    def utcoffset(self, moment):
        return datetime.timedelta(0)

    dst = utcoffset

    def tzname(self, moment):
        return "UTC"


class ComTime(datetime.datetime):
    """pywintypes' own kind of datetime."""


class PyIDispatch:
    """A pointer to an object of Excel's, as pywin32 hands it to a server."""

    def __init__(self, kind, iid="", **properties):
        self.kind, self.iid, self.properties = kind, iid, properties

    def GetTypeInfo(self):  # noqa: N802
        return self

    def GetTypeAttr(self):  # noqa: N802
        return self

    def GetDocumentation(self, member):  # noqa: N802
        return (self.kind, None, 0, None)


class CDispatch:
    """An object of Excel's, whose properties and items can be read."""

    def __init__(self, pointer):
        self._oleobj_ = pointer
        self.__dict__.update(pointer.properties)

    def __iter__(self):
        return iter(self.items)


def dispatch(what, **options):
    return CDispatch(what) if isinstance(what, PyIDispatch) else what


def install_stand_ins():
    """Put modules in pywin32's place, with as much in them as xlwings' UDFs touch."""
    import ctypes

    def module(name, **content):
        made = types.ModuleType(name)
        made.__dict__.update(content)
        sys.modules[name] = made
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, made)

    class Never:
        """A class of pywin32 that nothing here is an instance of."""

    def unwrap(what):
        raise TypeError("not an object of this server")

    module("pywintypes", IID=str, com_error=type("com_error", (Exception,), {}), TimeType=ComTime)
    module(
        "pythoncom",
        __file__="pythoncom.dll",
        CoInitialize=lambda: None,
        IID_IDispatch="IDispatch",
        IID_IEnumVARIANT="IEnumVARIANT",
        TypeIIDs={"IDispatch": PyIDispatch},
    )
    for name in ("win32api", "win32con", "win32gui", "win32event"):
        module(name)
    module("win32process", GetWindowThreadProcessId=lambda window: (1, os.getpid()))
    module("win32timezone", TimeZoneInfo=type("TimeZoneInfo", (), {"utc": staticmethod(Utc)}))
    module("win32com")
    module(
        "win32com.client",
        CDispatch=CDispatch,
        CoClassBaseClass=Never,
        DispatchBaseClass=Never,
        Dispatch=dispatch,
        DispatchEx=dispatch,
    )
    module("win32com.server")
    module("win32com.server.dispatcher")
    module("win32com.server.policy")
    module("win32com.server.util", unwrap=unwrap, wrap=lambda what, **options: what)
    # Windows' own libraries, which xlwings opens when it is imported and calls only to look for a running Excel.
    ctypes.PyDLL = lambda *arguments, **options: unittest.mock.MagicMock()
    ctypes.oledll = ctypes.windll = unittest.mock.MagicMock()


def import_xlwings():
    """xlwings as it is on Windows."""
    # Modules that themselves ask for the platform come first, so that only xlwings gets the false answer.
    import asyncio  # noqa: F401
    import concurrent.futures  # noqa: F401
    import logging  # noqa: F401
    import multiprocessing  # noqa: F401
    import platform  # noqa: F401
    import tempfile  # noqa: F401
    import uuid  # noqa: F401
    import zoneinfo  # noqa: F401

    import numpy  # noqa: F401
    import pandas  # noqa: F401

    with contextlib.suppress(ImportError):
        from PIL import ImageGrab  # noqa: F401
    install_stand_ins()
    real = sys.platform
    sys.platform = "win32"
    try:
        import xlwings.com_server
    finally:
        sys.platform = real
    return xlwings.com_server


# What xlwings asks of the workbook: its sheets, to look for one with Python in it.
WORKBOOK = PyIDispatch("_Workbook", Name="Book1.xlsm", Worksheets=CDispatch(PyIDispatch("Sheets", items=())))
WORKBOOK.properties["Application"] = CDispatch(PyIDispatch("_Application", Hwnd=1))
WORKSHEET = CDispatch(PyIDispatch("_Worksheet", Parent=CDispatch(WORKBOOK)))


def cells_pointer(value):
    """Cells of a sheet that hold a value, or rows of values."""
    rows = value if isinstance(value, tuple) else ((value,),)
    return PyIDispatch(
        "Range",
        RANGE_IID,
        Value=value,
        Worksheet=WORKSHEET,
        Row=1,
        Column=1,
        Rows=CDispatch(PyIDispatch("Range", RANGE_IID, Count=len(rows))),
        Columns=CDispatch(PyIDispatch("Range", RANGE_IID, Count=len(rows[0]))),
    )


class Bridge:
    """Calls functions as the wrappers in VBA do."""

    def __init__(self):
        self._udfs = import_xlwings().XLPython()
        self._caller = cells_pointer(None)

    def call(self, module, name, arguments, setting):
        return checked(self._call(module, name, self._completed(module, name, arguments, setting)))

    def time(self, module, name, calls, setting):
        begun = time.perf_counter()
        self._module(module)
        importing = time.perf_counter() - begun
        seconds = []
        for arguments in calls:
            completed = self._completed(module, name, arguments, setting)
            begun = time.perf_counter()
            self._call(module, name, completed)
            seconds.append(time.perf_counter() - begun)
        # The first call is the one that imports the module, unless an earlier one has.
        seconds[0] += importing
        return seconds

    def vba(self, module):
        import xlwings.udfs

        written = io.StringIO()
        xlwings.udfs.generate_vba_wrapper(module, self._module(module), written, dispatch(WORKBOOK))
        return written.getvalue()

    def described(self, module):
        functions = [getattr(self._module(module), name) for name in dir(self._module(module))]
        return [function.__xlfunc__ for function in functions if hasattr(function, "__xlfunc__")]

    def _call(self, module, name, arguments):
        return self._udfs.CallUDF(module, name, arguments, WORKBOOK, self._caller)

    def _completed(self, module, name, arguments, setting):
        """Arguments as the wrapper's ``Array(…)`` has them: every one, and the setting where it stands."""
        given, completed = list(arguments), []
        for argument in getattr(self._module(module), name).__xlfunc__["args"]:
            if argument["vba"]:
                completed.append(com_value(setting))
            elif given:
                completed.append(com_value(given.pop(0)))
            elif "optional" in argument:
                completed.append(MISSING)
            else:
                raise TypeError(f"Excel takes no formula {name} without {argument['name']}")
        if given:
            raise TypeError(f"Excel takes no formula {name} with {len(arguments)} arguments")
        return tuple(completed)

    def _module(self, name):
        import xlwings.udfs

        return xlwings.udfs.get_udf_module(name, WORKBOOK)


def com_value(value):
    """A value as COM hands it to Python."""
    if value is OMITTED:
        return MISSING
    if isinstance(value, Range):
        return cells_pointer(com_value(value.value))
    if isinstance(value, (list, tuple)) and not isinstance(value[0], (list, tuple)):
        # An array of one row, such as {1,2,3}, has one dimension in VBA.
        return tuple(map(com_value, value))
    if isinstance(value, (list, tuple)):
        rows = tuple(tuple(map(com_value, row)) for row in value)
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
    if isinstance(value, CellError):
        return FIRST_ERROR + ERROR_CODES[value.code]
    if isinstance(value, datetime.date):
        return ComTime(*value.timetuple()[:6], tzinfo=Utc())
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def checked(value):
    """A value that COM can carry to Excel."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        if {len(row) for row in value} != {len(value[0])}:
            raise TypeError("COM carries no rows of different lengths")
        return [[checked(cell) for cell in row] for row in value]
    if isinstance(value, (list, tuple)) and value:
        return [checked(cell) for cell in value]
    if not isinstance(value, COM_SCALARS):
        raise TypeError(f"objects of type {type(value).__name__!r} cannot be converted to a COM VARIANT")
    return value


def answer(requests, answers):
    """Answer every request until there are no more."""
    bridge = Bridge()
    while True:
        try:
            name, *arguments = pickle.load(requests)
        except EOFError:
            return
        try:
            answered = ("done", getattr(bridge, name)(*arguments))
        except Exception:  # of whatever kind, it is the caller's to report
            answered = ("raised", traceback.format_exc())
        pickle.dump(answered, answers)
        answers.flush()


if __name__ == "__main__":
    # What anything prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer(sys.stdin.buffer, answers)
