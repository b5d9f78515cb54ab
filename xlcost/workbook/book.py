"""Workbooks: sheets, names and properties, written in one pass."""

from __future__ import annotations

import datetime
import re

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties

from .. import excel_limits
from ..files import replacing
from ..formula import Term
from ..languages import Language
from . import printing
from .package import write_package
from .sheet import Sheet
from .style import Styles, use_font

NEWEST_CALCULATION = 191_029
"""Number of the calculation in Excel 2019 and later; a file with a lower one is computed anew when it is opened."""


class Book:
    """A workbook.

    Parameters
    ----------
    title : str
    created : datetime.date
        Every date in the file's properties, so that the same input gives the same bytes.
    language : Language, optional
        English by default.
    given : xlcost.exchange.given.Given, optional
        What the inputs of a file hold that came back, and how many rows its tables have: the workbook is then what that
        file should be.

    Attributes
    ----------
    stamp : Term or None
        Said in the title of every sheet, and so on every printed page: the scenario in force.
    figures : object
        What the book's maker keeps of it for others.
    """

    def __init__(self, title, created, language=None, given=None):
        self.created, self.language, self.given = created, language or Language(), given
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.active)
        use_font(self.workbook, self.language.font)
        stamp = datetime.datetime.combine(created, datetime.time())
        properties = self.workbook.properties
        properties.title, properties.creator = self.language.text(title), "xlcost"
        properties.created = properties.modified = stamp
        self.sheets, self.styles = [], None
        self.stamp = self.figures = None

    def sheet(self, name):
        """A new sheet behind the others; its name is in the book's language."""
        worksheet = self.workbook.create_sheet(self.language.text(name))
        self.styles = self.styles or Styles(worksheet, self.language)
        self.sheets.append(Sheet(worksheet, self, name))
        return self.sheets[-1]

    def name(self, name, term, comment=None):
        """Give a cell, or a formula, a name.

        Parameters
        ----------
        name : str
        term : Term or str
            What it refers to; a text is a formula without "=".
        comment : str, optional
            What the name manager and Excel's suggestions say of it, at most 255 characters.
        """
        if not re.fullmatch(r"[A-Za-z_][A-Za-z_.]*", name):
            raise ValueError(f"{name!r} cannot name a cell: letters, points and underscores only")
        text = term.text if isinstance(term, Term) else term
        if len(text) > excel_limits.FORMULA:
            raise ValueError(f"the name {name} has {len(text)} characters: Excel takes {excel_limits.FORMULA}")
        self.workbook.defined_names[name] = DefinedName(name, attr_text=text, comment=comment)

    def code_names(self, workbook, **sheets):
        """What macros call the workbook and its sheets, by the sheets' names."""
        self.workbook.code_name = workbook
        for sheet in self.sheets:
            sheet.worksheet.sheet_properties.codeName = sheets.get(sheet.name)

    def keep_values(self):
        """Do not compute anew when the file is opened: the stored values stay until an input changes."""
        self.workbook.calculation = CalcProperties(calcId=NEWEST_CALCULATION, fullCalcOnLoad=False)

    def save(self, path, replace=False, progress=None):
        """Write the file, whole or not at all.

        Raises
        ------
        XlcostError
            The file exists and is not to be replaced, or cannot be written.
        """
        total = sum(sheet.height_of_cells() for sheet in self.sheets)
        done = 0

        def advance(rows):
            nonlocal done
            done += rows
            progress(done, total)

        for sheet in self.sheets:
            sheet.advance = advance if progress else None
        with replacing(path, replace) as temporary:
            self.write(temporary)

    def write(self, target):
        """Write the package to a path or a binary file."""
        for sheet in self.sheets:
            printing.limit(sheet)
        write_package(self.workbook, self.sheets, target, self.created)
