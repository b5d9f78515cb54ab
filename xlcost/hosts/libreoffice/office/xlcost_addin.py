"""The add-in as LibreOffice Calc sees it: a method for each function, which asks the Python that has xlcost.

`xlcost_addin.json`, written beside this file when the extension is built, says which Python that is and which functions
there are. Every function returns rows of cells, as only so errors, texts and numbers can stand side by side; Calc shows
the first cell of them where a formula stands in one cell.
"""

import atexit
import json
import os
import re
import struct
from datetime import date, timedelta

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.lang import XServiceInfo
from com.sun.star.uno import Exception as UnoException
from com.sun.star.util import XModifyListener
from org.xlcost import XXlCost
from xlcost_ahead import Ahead
from xlcost_connection import Connection, Unavailable

IMPLEMENTATION, SERVICE = "org.xlcost.XlCostImpl", "org.xlcost.XlCost"
SETTING = "xlcost_setting_edition"
"""A workbook's defined name, which refers to a cell with an edition."""
EDITION = re.compile(r"\d{4}-\d{2}")
NOT_YET_COMPUTED = "..."
"""What Calc says of a formula that waits until another one is computed."""
TELLS_WHY = "XLCOST_EDITION"
"""The one function that shows, in place of its text, why nothing is computed."""
DAY_ZERO = date(1899, 12, 30)


def error(code):
    """A number that Calc shows as one of its errors."""
    return struct.unpack("<d", struct.pack("<II", code, 0x7FF80000))[0]


ERRORS = {
    "#NULL!": error(521),
    "#DIV/0!": error(532),
    "#VALUE!": error(519),
    "#REF!": error(524),
    "#NAME?": error(525),
    "#NUM!": error(503),
    "#N/A": error(32767),
}
NO_ANSWER = ERRORS["#NAME?"]
"""What Calc shows for a function that no one computes."""

with open(os.path.join(os.path.dirname(__file__), "xlcost_addin.json"), encoding="utf-8") as described:
    DESCRIPTION = json.load(described)

# One for the whole office. It starts when Calc meets the first of our functions, mostly while a file is being read.
CONNECTION = Connection(DESCRIPTION["interpreter"], DESCRIPTION["module"], DESCRIPTION["folder"], DESCRIPTION["advice"])
CONNECTION.start()
atexit.register(CONNECTION.close)

WATCHED = {}
"""Settings of open workbooks, by the office's own name of each workbook."""

LATEST = None, None
"""The workbook last computed for and its names."""


class Setting(unohelper.Base, XModifyListener, XCallback):
    """The cell with a workbook's setting: when it changes, all of the workbook is computed anew."""

    def __init__(self, workbook, key, content, cells):
        self.workbook, self.key, self.content, self.cells = workbook, key, content, cells
        # Until it is known, formulas show #N/A, as with every edition that is not there.
        self.text, self.used = NOT_YET_COMPUTED, set()
        cells.addModifyListener(self)

    def modified(self, event):
        self.follow()
        # Once more when Calc has finished what it does: while it loads a file it does not calculate on request, and a
        # formula's old result may still stand.
        queue = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.awt.AsyncCallback")
        queue.addCallback(self, None)

    def notify(self, data):
        if self.key in WATCHED:
            self.follow()

    def follow(self):
        """Compute all anew if anything was computed with another text."""
        # A formula in the cell is then computed anew too, and that must not begin all over again.
        if self.used - {self.read()}:
            before, self.used = self.used, set()
            self.workbook.calculateAll()
            self.used = self.used or before

    def read(self):
        """The text now; the last one known while Calc computes the cell."""
        text = text_in(self.workbook, self.cells)
        if text != NOT_YET_COMPUTED:
            self.text = text
        return self.text

    def use(self):
        """The text to compute a formula with."""
        text = self.read()
        self.used.add(text)
        return text

    def disposing(self, event):
        WATCHED.pop(self.key, None)


def setting_of(workbook):
    """The text of a workbook's setting, "" where it has none.

    It is looked up for every formula, which takes 4 microseconds in a workbook without a setting and 40 in one with.
    """
    global LATEST
    try:
        if workbook != LATEST[0]:
            LATEST = workbook, workbook.NamedRanges
        names = LATEST[1]
        if not names.hasByName(SETTING):
            return ""
        name, key = names.getByName(SETTING), workbook.RuntimeUID
        content, watched = name.Content, WATCHED.get(key)
        if watched is None or watched.content != content:
            if watched is not None:
                watched.cells.removeModifyListener(watched)
            watched = WATCHED[key] = Setting(workbook, key, content, name.getReferredCells())
        return watched.use()
    except (AttributeError, UnoException):
        # A formula that is tried out in a dialog has no workbook, and a name may stand for something else than a cell.
        return ""


def text_in(workbook, cells):
    """The edition in the first of some cells."""
    cell = cells.getCellByPosition(0, 0)
    text = cell.String.strip()
    if text and cell.Value and not EDITION.fullmatch(text):
        # Typed into a cell, an edition may have become the first day of its month.
        text = (DAY_ZERO + timedelta(cell.Value + days_to_zero(workbook))).strftime("%Y-%m")
    return text


def days_to_zero(workbook):
    """Days from 1899-12-30 to the day that is the number 0 in a workbook."""
    zero = workbook.NullDate
    year = zero.Year
    return 0 if year == 1899 else (date(year, zero.Month, zero.Day) - DAY_ZERO).days


def ask(*request):
    """What `xlcost.hosts.libreoffice.worker.answers` says, as Calc takes it."""
    return [tuple([tuple(map(shown, row)) for row in rows]) for rows in CONNECTION.ask(request)]


def shown(cell):
    """A cell as Calc takes it."""
    return ERRORS.get(cell, cell) if cell.__class__ is str else cell


AHEAD = Ahead(
    ask,
    CONNECTION.is_ready,
    f"{SERVICE.upper()}.",
    {
        method.upper(): (function, count, required)
        for function, (method, count, required) in DESCRIPTION["functions"].items()
    },
)


def result_of(function, workbook, arguments):
    """Rows of cells for Calc."""
    try:
        return AHEAD.answer(workbook, function, arguments, setting_of(workbook), days_to_zero(workbook))
    except Unavailable as why:
        return ((str(why) if function == TELLS_WHY else NO_ANSWER,),)


class XlCost(unohelper.Base, XXlCost, XServiceInfo):
    """All functions, each a method of `XXlCost`; the methods are made below."""

    def __init__(self, context):
        pass

    def getImplementationName(self):
        return IMPLEMENTATION

    def supportsService(self, name):
        return name == SERVICE

    def getSupportedServiceNames(self):
        return (SERVICE,)


def method(function):
    """The method of a function."""

    def compute(self, workbook, *arguments):
        return result_of(function, workbook, arguments)

    return compute


for function_name, (method_name, _, _) in DESCRIPTION["functions"].items():
    setattr(XlCost, method_name, method(function_name))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(XlCost, IMPLEMENTATION, (SERVICE,))
