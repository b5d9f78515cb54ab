"""The half of the LibreOffice engine that speaks UNO.

Run by a Python that can ``import uno``, which need not be the one that runs the tests, so nothing else is imported but
the standard library. It starts LibreOffice, then answers requests until its input ends: one line of JSON each way.

A request is ``[name, arguments]``. The answer is ``["done", result]``, ``["refused", message]``, or, when there will be
no more answers, ``["ended", message]``. The first answer, to no request, is LibreOffice's version. An error in a cell
is ``{"error": "#N/A"}``, and nothing else is a JSON object. Doubles survive, as Python writes them to JSON by `repr`.

Whoever starts this file must make it the leader of a process group, which it ends as a whole: ``soffice`` is only the
launcher of the real program, which outlives it when it is killed.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.document.MacroExecMode import NEVER_EXECUTE
from com.sun.star.lang import DisposedException
from com.sun.star.sheet.AddressConvention import XL_OOX
from com.sun.star.sheet.FormulaResult import STRING
from com.sun.star.uno import RuntimeException

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>en-US</value></prop></item>
</oor:items>
"""
# Mode 0: every formula is computed on load. Otherwise LibreOffice would show the values stored in the file.
# No locking: a LibreOffice that crashed would leave a lock file beside the workbook, and the next would not open it.


def property_values(**values):
    """Named values as UNO takes them."""
    properties = []
    for name, value in values.items():
        item = PropertyValue()
        item.Name, item.Value = name, value
        properties.append(item)
    return tuple(properties)


def start(soffice, folder, seconds):
    """Start LibreOffice with the profile in `folder` and return its process and its component context."""
    user = pathlib.Path(folder, "profile", "user")
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    # A pipe has a name of our own, where a port might be taken between choosing and using it.
    channel = f"pipe,name=xlcost{os.getpid()};urp;StarOffice.ComponentContext"
    log = pathlib.Path(folder, "soffice.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                soffice,
                f"-env:UserInstallation={user.parent.as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"--accept={channel}",
            ],
            # Without a UTF-8 locale, LibreOffice can't open a file with an accent in its name.
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return process, resolver.resolve(f"uno:{channel}")
        except NoConnectException:
            if process.poll() is not None:
                why = f"it ended with status {process.returncode}"
            elif time.monotonic() > deadline:
                why = f"it did not answer within {seconds:g} seconds"
            else:
                time.sleep(0.05)
                continue
        said = log.read_text(errors="replace").strip()[-500:] or "nothing"
        raise RuntimeError(f"LibreOffice ({soffice}) did not start: {why}; it said: {said}")


class Bridge:
    """Requests, each a method whose name is the request's."""

    def __init__(self, context):
        self._desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        provider = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.configuration.ConfigurationProvider", context
        )
        product = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", property_values(nodepath="/org.openoffice.Setup/Product")
        )
        self.version = product.ooSetupVersionAboutBox
        self._documents = {}

    def open(self, number, url):
        # UpdateDocMode 0: links to other files are left alone.
        document = self._desktop.loadComponentFromURL(
            url, "_blank", 0, property_values(Hidden=True, MacroExecutionMode=NEVER_EXECUTE, UpdateDocMode=0)
        )
        if document is None:
            raise ValueError("LibreOffice could not open it")
        if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            document.close(True)
            raise ValueError("it is not a spreadsheet")
        document.enableAutomaticCalculation(True)
        self._documents[number] = document

    def close(self, number):
        self._documents.pop(number).close(True)

    def sheets(self, number):
        return list(self._documents[number].Sheets.ElementNames)

    def grid(self, number, name, area):
        sheet = self._sheet(number, name)
        if area is None:
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            end = cursor.RangeAddress
            cells = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        else:
            cells = sheet.getCellRangeByName(area)
        return read(sheet, cells)

    def get(self, number, addresses):
        places = [(name, *position(address)) for name, address in addresses]
        values = {}
        for sheet, (name, column, top), cells in self._column_runs(number, dict.fromkeys(places)):
            area = sheet.getCellRangeByPosition(column, top, column, top + len(cells) - 1)
            for row, (value,) in enumerate(read(sheet, area), top):
                values[name, column, row] = value
        return [values[place] for place in places]

    def set(self, number, cells):
        document = self._documents[number]
        document.addActionLock()  # no row is measured anew for its new content
        document.enableAutomaticCalculation(False)
        try:
            values_by_place = {(name, *position(address)): value for name, address, value in cells}
            for sheet, (_, column, top), values in self._column_runs(number, values_by_place):
                area = sheet.getCellRangeByPosition(column, top, column, top + len(values) - 1)
                area.setDataArray(tuple((array_item(value),) for value in values))
                for row, value in enumerate(values):
                    if isinstance(value, bool):
                        area.getCellByPosition(0, row).setFormula("=TRUE()" if value else "=FALSE()")
        finally:
            document.enableAutomaticCalculation(True)
            document.removeActionLock()

    def type(self, number, formulas):
        for name, area, formula in formulas:
            cells = self._sheet(number, name).getCellRangeByName(area)
            if ":" in area:
                cells.setArrayFormula(formula)
            else:
                cells.getCellByPosition(0, 0).setFormula(formula)

    def insert(self, number, name, what, at, count):
        sheet = self._sheet(number, name)
        lines = {"rows": sheet.Rows, "columns": sheet.Columns}[what]
        lines.insertByIndex(at, count)

    def delete(self, number, name, what, at, count):
        sheet = self._sheet(number, name)
        lines = {"rows": sheet.Rows, "columns": sheet.Columns}[what]
        lines.removeByIndex(at, count)

    def move(self, number, name, area, to):
        sheet = self._sheet(number, name)
        target = sheet.getCellRangeByName(to).getCellByPosition(0, 0).getCellAddress()
        sheet.moveRange(target, sheet.getCellRangeByName(area).getRangeAddress())

    def unprotect(self, number):
        for sheet in self._documents[number].Sheets:
            sheet.unprotect("")

    def recalculate(self, number):
        self._documents[number].calculateAll()

    def formula(self, number, name, address):
        cell = self._sheet(number, name).getCellRangeByName(address)
        if cell.getType().value != "FORMULA":
            return None
        printer = self._documents[number].createInstance("com.sun.star.sheet.FormulaParser")
        printer.FormulaConvention, printer.CompileEnglish = XL_OOX, True
        return "=" + printer.printFormula(cell.getTokens(), cell.CellAddress)

    def save_as(self, number, url):
        self._documents[number].storeToURL(url, property_values(FilterName="Calc MS Excel 2007 XML"))

    def print_to(self, number, url, a_page_a_sheet):
        options = uno.Any("[]com.sun.star.beans.PropertyValue", property_values(SinglePageSheets=a_page_a_sheet))
        self._documents[number].storeToURL(url, property_values(FilterName="calc_pdf_Export", FilterData=options))

    def charts(self, number):
        """Of each chart: its sheet, its frame, and the frames of what is printed of the sheet; hundredths of a mm."""
        found = []
        for sheet in self._documents[number].Sheets:
            printed = [sheet.getCellRangeByPosition(*corners(area)) for area in sheet.getPrintAreas()]
            for shape in sheet.DrawPage:
                if shape.supportsService("com.sun.star.drawing.OLE2Shape"):
                    found.append([sheet.Name, frame(shape), [frame(area) for area in printed]])
        return found

    def _column_runs(self, number, values):
        """Values by (sheet, column, row) in runs of cells that lie one below another.

        Together, because every call to LibreOffice costs up to a millisecond. Yields a sheet, the run's first place,
        and its values.
        """
        sheets = {name: self._sheet(number, name) for name in {name for name, _, _ in values}}
        places = sorted(values)
        starts = [
            index
            for index, (name, column, row) in enumerate(places)
            if index == 0 or places[index - 1] != (name, column, row - 1)
        ]
        for start, end in zip(starts, starts[1:] + [len(places)]):
            run = places[start:end]
            yield sheets[run[0][0]], run[0], [values[place] for place in run]

    def _sheet(self, number, name):
        sheets = self._documents[number].Sheets
        if not sheets.hasByName(name):
            raise ValueError(f"there is no sheet {name!r}, but {', '.join(map(repr, sheets.ElementNames))}")
        return sheets.getByName(name)

    def alive(self):
        """Whether LibreOffice answers: the error of a call to one that has crashed can be of several kinds."""
        try:
            self._desktop.getFrames()
        except RuntimeException:
            return False
        return True

    def terminate(self):
        for document in self._documents.values():
            document.close(True)
        # It may end before its answer comes, as it was told to.
        with contextlib.suppress(DisposedException):
            self._desktop.terminate()


def read(sheet, cells):
    """Rows of values of a range of cells."""
    rows = [list(row) for row in cells.getDataArray()]
    if not any(value is None or value == "" for row in rows for value in row):
        return rows
    origin = cells.RangeAddress
    # In LibreOffice's array an empty cell is '', and so is a formula's empty text. Only the latter is text.
    formula_text = {
        (row - origin.StartRow, column - origin.StartColumn)
        for area in cells.queryFormulaCells(STRING).RangeAddresses
        for row in range(area.StartRow, area.EndRow + 1)
        for column in range(area.StartColumn, area.EndColumn + 1)
    }
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value is None:  # an error, whose name has to be asked of the cell itself
                cell = sheet.getCellByPosition(origin.StartColumn + x, origin.StartRow + y)
                row[x] = {"error": cell.getString()}
            elif value == "" and (y, x) not in formula_text:
                row[x] = None
    return rows


def array_item(value):
    """A value as an array of cells takes it: without truth values, and with '' for an empty cell."""
    if value is None:
        return ""
    return float(value) if isinstance(value, bool) else value


def corners(area):
    return area.StartColumn, area.StartRow, area.EndColumn, area.EndRow


def frame(thing):
    """Left, top, right and bottom."""
    at, size = thing.Position, thing.Size
    return [at.X, at.Y, at.X + size.Width, at.Y + size.Height]


def position(address):
    """Column and row, counted from 0, of an address such as "AB8" or "$AB$8"."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]*)", address)
    if match is None:
        raise ValueError(f"{address!r} is not the address of a cell")
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(match.group(2)) - 1


def answer(requests, bridge):
    """Answer every request until there are no more."""
    for line in requests:
        name, arguments = json.loads(line)
        try:
            say("done", getattr(bridge, name)(*arguments))
        except Exception as error:  # of whatever kind, it is the caller's to report
            if not bridge.alive():
                say("ended", f"LibreOffice ended unexpectedly at {name!r}")
                return
            say("refused", getattr(error, "Message", "") or str(error))
    bridge.terminate()


def say(how, what):
    """One line to whoever started this file."""
    sys.stdout.write(json.dumps([how, what]) + "\n")
    sys.stdout.flush()


def main():
    soffice, folder, seconds = sys.argv[1:]
    try:
        process, context = start(soffice, folder, float(seconds))
        bridge = Bridge(context)
        say("done", bridge.version)
        answer(sys.stdin, bridge)
        process.wait(20)
    except Exception as error:
        say("ended", str(error))
    finally:
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
