"""One sheet of a workbook: cells with formulas and stored values, and what is around them.

A cell that is put returns a term that refers to it, so that the next formula is composed of cells. A column keeps its
formula once, as a template, beside the array of its values.
"""

from __future__ import annotations

import datetime
import math
from typing import NamedTuple
from xml.sax.saxutils import escape

import numpy as np
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Protection
from openpyxl.utils import column_index_from_string, coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

from .. import excel_limits
from ..dates import to_serial
from ..errors import XlcostError
from ..formula import ROW, SHEET, Term, sheet_prefix
from ..languages import ROW_HEIGHT
from ..references import Block, Range, reference
from . import charts, printing
from .cell_xml import READ_AS_SOMETHING_ELSE, Column, result
from .cell_xml import cell as cell_xml
from .cell_xml import number as number_xml
from .style import SIGNALS, UNIT_FORMATS
from .validation import validation_of

ROWS_AT_ONCE = 500

NOT_TO_CHANGE = {"input": "number", "input_text": "value"}
"""How inputs look on a sheet on which they are fixed."""


class Placed(NamedTuple):
    """A cell: how it looks, its formula without "=" or None, its value."""

    style: str
    formula: str | None
    value: object


class Written(NamedTuple):
    """A column on a sheet: a row's cell, and all of them."""

    cell: Term
    range: Range


class Sheet:
    """One sheet of a book; `Book.sheet` makes it.

    Attributes
    ----------
    key : str
        The sheet's name in English.
    is_fixed : bool
        Whether what is an input elsewhere may not be changed here.
    placed : dict of (int, int) to Placed
        Cells that were put one by one, by row and column.
    """

    def __init__(self, worksheet, book, key):
        self.worksheet, self.book, self.styles, self.language = worksheet, book, book.styles, book.language
        self.key, self.placed = key, {}
        self.name, self.links, self.advance = worksheet.title, [], None
        self._cells, self._values, self._columns, self._heights = {}, {}, [], {}
        self.spills = self.is_fixed = False
        if self.language.row_height != ROW_HEIGHT:
            worksheet.sheet_format.defaultRowHeight = self.language.row_height
        worksheet.sheet_view.showGridLines = False

    # --- cells

    def put(self, address, value, style="text", format="text", url=None, to=None, as_is=False):
        """Put a constant or a term into a cell; returns the term that refers to it.

        Parameters
        ----------
        address : str
            Such as "B5".
        value : float, str, datetime.date or Term
            A text is put in the book's language, unless the cell is an input or the text `as_is`.
        style, format : str
            Of `xlcost.workbook.style`.
        url, to : str, optional
            An address on the web, or a cell of this workbook, that the cell links to.
        as_is : bool, default False
            Whether a text is somebody's name, or a term of the field, which has no language.
        """
        row, column = coordinate_to_tuple(address)
        if isinstance(value, str) and not (as_is or style.startswith("input")):
            value = self.language.text(value)
            if style == "title" and self.book.stamp is not None:
                value = self.sentence("{title} · scenario {scenario}", title=value, scenario=self.book.stamp)
        term = value if isinstance(value, Term) else None
        stored = term.value if term is not None else value
        if isinstance(stored, np.ndarray) and stored.ndim == 0:
            stored = stored.item()
        if isinstance(stored, datetime.date):
            stored = float(to_serial(stored))
        if term is None and self._is_given(style):
            stored = self.book.given.cell(self.key, row, column, isinstance(stored, str))
        formula = self._formula(term) if term is not None else None
        quoted = formula is None and isinstance(stored, str) and stored.startswith(READ_AS_SOMETHING_ELSE)
        number = self._style(style, format, quoted)
        self._cells.setdefault(row, {})[column] = cell_xml(address, number, formula, stored)
        self._values[row, column] = stored
        self.placed[row, column] = Placed(style, formula, stored)
        if url or to:
            self.links.append(Hyperlink(ref=address, target=url, location=to))
        letter = get_column_letter(column)
        return reference(self.name, f"${letter}${row}", stored, may_miss=term is not None and term.may_be_empty)

    def put_title_again(self, row, letter="A"):
        """Put the title once more, above what is printed on pages of its own."""
        self.put(f"{letter}{row}", self.range("A", 1, 1).cell(0), style="title")

    def areas(self, starts, last):
        """What is printed of parts that lie one below the other, each on pages of its own: from their rows on, up to a
        column."""
        ends = [*(start - 1 for start in starts[1:]), self.height_of_cells()]
        return [f"A{start}:{last}{end}" for start, end in zip(starts, ends)]

    def text(self, english):
        """A text in the book's language, where it is part of a formula or of a longer text."""
        return self.language.text(english)

    def sentence(self, english, **parts):
        """A term for a sentence in the book's language; see `xlcost.languages.Language.sentence`."""
        return self.language.sentence(english, **parts)

    def spill(self, address, formula, values, styles, formats):
        """Put a formula that fills several cells: a dynamic array, as Excel stores what people type.

        Parameters
        ----------
        address : str
            The first cell.
        formula : str
            Without "=".
        values : float, str or list of list
            What it gives; "" is a blank cell, an error its text.
        styles, formats : list of str
            One a column of the result.
        """
        rows = values if isinstance(values, list) else [[values]]
        top, first = coordinate_to_tuple(address)
        area = f"{address}:{get_column_letter(first + len(rows[0]) - 1)}{top + len(rows) - 1}"
        for row, cells in enumerate(rows, start=top):
            for column, (value, style, format) in enumerate(zip(cells, styles, formats), start=first):
                number = self.styles.number(style, format)
                where = f"{get_column_letter(column)}{row}"
                if (row, column) == (top, first):
                    cell = f'<c r="{where}" s="{number}" cm="1"{result(escape(formula), value, area)}</c>'
                else:
                    cell = cell_xml(where, number, None, value)
                self._cells.setdefault(row, {})[column] = cell
                self._values[row, column] = value
        self.spills = True

    def column(self, letter, first, value, style="text", format="text", urls=None):
        """Put an array of constants, or a term for any row, down a column.

        Parameters
        ----------
        letter : str
        first : int
            Row of the first cell.
        value : ndarray or Term
            One number or text a row; NaN and "" are empty.
        urls : list of str or None, optional
            One a row.

        Returns
        -------
        Written

        Raises
        ------
        XlcostError
            A sheet has not so many rows.
        """
        term = value if isinstance(value, Term) else None
        values = np.asarray(term.value if term is not None else value)
        if (last := first + len(values) - 1) > excel_limits.ROWS:
            raise XlcostError(
                f"sheet {self.name} would reach row {last:,}, and a sheet ends at row {excel_limits.ROWS:,}; make "
                "several workbooks, each of some of the runs and of what else is listed"
            )
        if term is None and self._is_given(style):
            is_text = values.dtype.kind in "OUT"
            values = self.book.given.column(self.key, column_index_from_string(letter), first, len(values), is_text)
        number = self._style(style, format)
        formula = self._formula(term) if term is not None else None
        quoted = self._style(style, format, True) if values.dtype.kind in "OUT" and formula is None else number
        self._columns.append(
            Column(column_index_from_string(letter), letter, first, values, formula, number, quoted, style)
        )
        for row, url in enumerate(urls or (), start=first):
            if url:
                self.links.append(Hyperlink(ref=f"{letter}{row}", target=url))
        may_miss = values.dtype.kind == "f" and (
            term.may_be_empty if term is not None else bool(np.isnan(values).any())
        )
        text = f"{SHEET}{sheet_prefix(self.name)}${letter}${first}:${letter}${last}"
        whole = Range(text, values, may_miss=may_miss)
        return Written(reference(self.name, f"{letter}{ROW}", values, may_miss), whole)

    def range(self, letter, first, last):
        """The cells of a column that were put one by one, or as one column."""
        values = self.values(letter, first, last)
        is_text = any(isinstance(value, str) for value in values)
        array = np.array(values, dtype=object if is_text else float)
        text = f"{SHEET}{sheet_prefix(self.name)}${letter}${first}:${letter}${last}"
        return Range(text, array, may_miss=not is_text and bool(np.isnan(array).any()))

    def block(self, letters, first, last):
        """The cells of columns beside each other."""
        columns = [self.values(letter, first, last) for letter in letters]
        text = f"{SHEET}{sheet_prefix(self.name)}${letters[0]}${first}:${letters[-1]}${last}"
        return Block(text, np.array(columns, dtype=float).T)

    def values(self, letter, first, last):
        """What the cells of a column hold, however they were put; None where nothing was."""
        column = column_index_from_string(letter)
        values = [self._values.get((row, column)) for row in range(first, last + 1)]
        for block in self._columns:
            if block.column == column and block.first <= last and first < block.first + len(block.values):
                begin, end = max(first, block.first), min(last + 1, block.first + len(block.values))
                values[begin - first : end - first] = block.values[begin - block.first : end - block.first]
        return values

    def largest(self, letters, styles=None):
        """The number in some columns, of some styles, that is farthest from 0; 0 where there is none."""
        columns = {column_index_from_string(letter) for letter in letters}
        cells, largest = [], 0.0
        for (_, column), placed in self.placed.items():
            if column in columns and (styles is None or placed.style in styles):
                cells.append(placed.value)
        for block in self._columns:
            if styles is not None and block.role not in styles:
                continue
            if block.column in columns and block.values.dtype.kind == "f":
                largest = max(largest, np.nan_to_num(np.abs(block.values)).max(initial=0.0))
            elif block.column in columns:
                cells += block.values.tolist()
        return max([largest, *(abs(cell) for cell in cells if isinstance(cell, (int, float)) and not math.isnan(cell))])

    def leave_free(self, column, count=10):
        """Let some columns without cells of ours be written into on a protected sheet."""
        for number in range(column, column + count):
            self.worksheet.column_dimensions[get_column_letter(number)].protection = Protection(locked=False)

    def _is_given(self, style):
        # What stood on a sheet that is gone nobody knows.
        has_it = self.book.given is not None and self.key in self.book.given.sheets
        return has_it and style.startswith("input") and not self.is_fixed

    @property
    def columns(self):
        """Columns that were put as a whole."""
        return self._columns

    def rows_of(self, what, usual):
        """How many rows a table has: as many as in the file that came back, else as many as usual.

        Parameters
        ----------
        what : str
            The table's name.
        usual : int
        """
        return usual if self.book.given is None else self.book.given.rows.get(what, usual)

    def recorded(self, address, value):
        """What a cell says of the time at which the workbook was written: that of the file that came back, or a text.

        Parameters
        ----------
        address : str
        value : str
            What it says now.
        """
        given = self.book.given
        if given is None or self.key not in given.sheets:
            return value
        return given.cell(self.key, *coordinate_to_tuple(address), is_text=True)

    def _style(self, style, format, quoted=False):
        return self.styles.number(NOT_TO_CHANGE.get(style, style) if self.is_fixed else style, format, quoted)

    def _formula(self, term):
        text = term.formula(self.name)
        if len(text) > excel_limits.FORMULA:
            raise ValueError(f"a formula of {len(text)} characters on {self.name}: Excel takes {excel_limits.FORMULA}")
        return text[1:]

    # --- what is around the cells

    def protect(self):
        """Let only inputs be changed: no password, and what does no harm is allowed."""
        protection = self.worksheet.protection
        protection.sheet = True
        for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
            setattr(protection, allowed, False)

    def widths(self, widths):
        for letter, width in widths.items():
            self.worksheet.column_dimensions[letter].width = width

    def height(self, row, points):
        """Height of a row; points where a row of text has `xlcost.languages.ROW_HEIGHT`, more in a taller font."""
        self._heights[row] = points

    def height_of(self, row):
        """Height of a row. [point]"""
        return self._heights.get(row, ROW_HEIGHT) * self.language.row_height / ROW_HEIGHT

    def freeze(self, address):
        self.worksheet.freeze_panes = address

    def table(self, name, cells):
        """A real table over cells whose first row holds the headings."""
        table = Table(displayName=name, name=name, ref=cells)
        table._initialise_columns()
        first, last = cells.split(":")
        row, begin = coordinate_to_tuple(first)
        for position, column in enumerate(table.tableColumns):
            column.name = self._values[row, begin + position]
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        self.worksheet.add_table(table)

    def validate(self, cells, kind, title="", text="", strict=True):
        """Limit what may be typed, and say so when the cell is chosen.

        Parameters
        ----------
        cells : str
        kind : str, list of str, or Range
            One of "positive", "not negative", "at least 1", "whole", "share", "share or 0", "level", "date" and "any";
            a list is offered as a drop-down.
        strict : bool
            Whether anything else is refused, or only warned of.
        """
        if self.is_fixed:
            return
        validation = validation_of(kind, self.language.text(title), self.language.text(text), strict)
        validation.add(cells)
        self.worksheet.add_data_validation(validation)

    def conditional(self, cells, formula, signal):
        """Color cells where a formula, written for the first of them, holds."""
        self.worksheet.conditional_formatting.add(
            cells, Rule(type="expression", formula=[formula], dxf=SIGNALS[signal])
        )

    def in_units(self, cells, chosen):
        """Show amounts in thousands or millions where a cell says so.

        Parameters
        ----------
        cells : str
        chosen : Term
            "ones", "thousands" or "millions".
        """
        for unit in UNIT_FORMATS:
            text = (chosen == unit).formula(self.name)[1:]
            self.conditional(cells, text, unit)

    def chart(self, chart, anchor, width, height):
        """Place a chart; centimetres. Its texts are put in the book's language."""
        charts.translate(chart, self.language)
        chart.width, chart.height = width, height
        self.worksheet.add_chart(chart, anchor)

    def print_setup(self, **how):
        """Printed pages; see `xlcost.workbook.printing.set_up`."""
        printing.set_up(self, **how)

    # --- the rows of the file

    def height_of_cells(self):
        """Number of the last row."""
        return max([*self._cells, *(block.first + len(block.values) - 1 for block in self._columns)], default=1)

    def width_of_cells(self):
        """Number of the last column."""
        return max(
            [*(column for row in self._cells.values() for column in row), *(block.column for block in self._columns)],
            default=1,
        )

    def dimension(self):
        return f"A1:{get_column_letter(self.width_of_cells())}{self.height_of_cells()}"

    def rows(self):
        """The rows as XML text, some at a time."""
        columns = sorted(self._columns, key=lambda block: block.column)
        for begin in range(1, self.height_of_cells() + 1, ROWS_AT_ONCE):
            end = min(begin + ROWS_AT_ONCE, self.height_of_cells() + 1)
            rows = {row: list(self._cells[row].items()) for row in range(begin, end) if row in self._cells}
            mixed = set(rows)
            for block in columns:
                for row, cell in block.cells(begin, end):
                    rows.setdefault(row, []).append((block.column, cell))
            text = []
            for row in sorted(rows):
                cells = sorted(rows[row]) if row in mixed else rows[row]
                height = f' ht="{number_xml(self.height_of(row))}" customHeight="1"' if row in self._heights else ""
                text.append(f'<row r="{row}"{height}>{"".join([cell for _, cell in cells])}</row>')
            if self.advance:
                self.advance(end - begin)
            yield "".join(text)
