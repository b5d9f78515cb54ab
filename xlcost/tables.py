"""Tables that people hand in: read whole, with every cell's problem named by row and column.

`read` gives the cells as they stand in the file; `numbers`, `dates` and `texts` turn a column into what the model
computes with and collect a sentence for each cell that cannot be used.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from . import excel_limits
from .comparison import fold
from .dates import EARLIEST, LATEST, from_serial, to_serial
from .errors import InputError, XlcostError
from .guard import limits
from .guard.lookalikes import warn_of_lookalikes
from .guard.texts import text_in
from .headings import of_row, under_headings
from .lookup import Coded
from .reading import date_of, number_of, text_of
from .sentences import ColumnName, Sentence
from .xlsx_input import NoValue, has_sheet, read_cells

LONGEST_SHOWN = 80
"""Characters of a cell that a sentence shows."""
PROSE = ("note", "source", "comment")
"""Columns of sentences, in which nobody looks for a name."""
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")


class Held:
    """A table that has been read before, in place of a file.

    Parameters
    ----------
    frame : pandas.DataFrame
        Cells as `read` gives them.
    name : str
        What it is called in sentences.
    """

    def __init__(self, frame, name):
        self.frame, self.name = frame, name

    def __str__(self):
        return self.name


def may_be_empty(path, sheet):
    """Whether a table may wait to be filled: on a sheet of its own in a workbook, but not in a file named for it."""
    return isinstance(path, Held) or has_sheet(path, sheet)


def read(path, sheet, required, labels=None, computed=frozenset(), beside=None):
    """Cells of a .csv or .xlsx file under their headings.

    Parameters
    ----------
    path : path-like or Held
    sheet : str
        The sheet of a workbook, where it has one of this name in any language, else the first.
    required : set of str
        Headings that must be there; they also tell where the table of a sheet begins.
    labels : dict of str to str, optional
        Other headings that are taken, in lower case, and what they mean.
    computed : set of str, optional
        Headings, in lower case, of columns that our workbooks compute from the others; they are left out.
    beside : list, optional
        Takes the places, from 0, of columns that have cells and no heading, such as notes; these are left out then. By
        default there may be none.

    Returns
    -------
    pandas.DataFrame
        Cells as objects (None where empty), one row a table row, with the file's row numbers as the index.

    Raises
    ------
    XlcostError
        The file is missing, empty, or not what its name says.
    """
    if isinstance(path, Held):
        return path.frame
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise XlcostError(Sentence("a table must be a .csv or .xlsx file"), path)
    try:
        cells = read_cells(path, sheet) if kind == ".xlsx" else None
        rows = _read_csv(path) if cells is None else cells.rows
    except FileNotFoundError:
        raise XlcostError(Sentence("there is no such file"), path) from None
    except IsADirectoryError:
        raise XlcostError(Sentence("this is a folder, not a file"), path) from None
    except PermissionError:
        raise XlcostError(Sentence("the file may not be read"), path) from None
    try:
        table = under_headings(rows, required, labels or {}, computed, path, beside)
    except XlcostError:
        # What fetches its value from outside may be why it is no table.
        if cells is not None:
            cells.package.refuse_calls()
        raise
    if cells is not None:
        cells.refuse_calls(table.places, range(table.header, excel_limits.ROWS + 1))
    return table.frame


def _read_csv(path):
    text = text_in(path)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = text.count("\n") + text.count("\r") - text.count("\r\n")
    if rows > limits.TEXT_ROWS or rows + text.count(delimiter) > limits.TEXT_CELLS:
        most = dict(rows=f"{limits.TEXT_ROWS:,}", cells=f"{limits.TEXT_CELLS:,}")
        raise XlcostError(Sentence("more than {rows} rows or {cells} cells; send it in several files", **most), path)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        # The rows as a spreadsheet numbers them: a cell may hold several lines.
        return [(number, [cell if cell.strip() else None for cell in row]) for number, row in enumerate(lines, 1)]
    except csv.Error:
        said = Sentence(
            "line {number} is not CSV: a quotation mark is left open or stands among other characters, or a cell is "
            "too long",
            number=lines.line_num,
        )
        raise XlcostError(said, path) from None


def with_all_columns(frame, allowed, path, what=None):
    """A table with every column that it may have, in their order.

    Parameters
    ----------
    frame : pandas.DataFrame
    allowed : iterable of str
    path : path-like
        The file, for the sentences.
    what : str, optional
        What the rows are, where there must be one.

    Raises
    ------
    InputError
        There is another column, or no row where there must be one.
    """
    allowed = list(allowed)
    problems = [
        f"column {name!r} is not known; allowed are {', '.join(allowed)}" for name in frame if name not in allowed
    ]
    if not problems and what and not len(frame):
        problems = [f"there are no {what} in it"]
    if problems:
        raise InputError(problems, path)
    return frame.reindex(columns=allowed)


class Problems(list):
    """Sentences about the cells of one table, each with its row's place, in the order of its rows.

    Parameters
    ----------
    index : pandas.Index
        What the rows are called: "row" and this label.
    columns : dict of str to Column, optional
        Of the table, by their names.
    """

    def __init__(self, index, columns=None):
        super().__init__()
        self.index, self.columns = index, columns or {}

    def called(self, column):
        """What sentences call a column."""
        return ColumnName(self.columns[column]) if column in self.columns else column

    def add(self, rows, column, values, allowed, **parts):
        """A sentence for every row where `rows` is true.

        `allowed` says what may stand there: a sentence, or the template of one with its parts.
        """
        allowed = allowed if isinstance(allowed, Sentence) else Sentence(allowed, **parts)
        column = self.called(column)
        for position in np.flatnonzero(rows):
            value = _shown(values[position])
            said = Sentence("{column} is {value}; {allowed}", column=column, value=value, allowed=allowed)
            self.append((position, said))

    def say(self, position, template, **parts):
        """A sentence about a row, from its template and parts."""
        self.append((position, Sentence(template, **parts)))

    def raise_if_any(self, source=None):
        if not self:
            return
        ordered, of_rows = sorted(self, key=lambda item: item[0]), {}
        for position, sentence in ordered:
            of_rows.setdefault(int(position), []).append(sentence)
        raise InputError([of_row(self.index[position], text) for position, text in ordered], source, of_rows)


def _shown(value):
    if value is None or value == "" or value != value:
        return Sentence("empty")
    if isinstance(value, NoValue) and isinstance(value.shown, Sentence):
        return value.shown
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]} …"


def numbers(column, name, problems, above=None, at_least=None, at_most=None):
    """A column of numbers, NaN where it is empty.

    Text that reads as a number counts as one; a truth value does not.
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        values = column.to_numpy(dtype=float)
        bad = np.isinf(values)
    else:
        cells = column.to_numpy(dtype=object)
        codes, distinct = pd.factorize(cells, use_na_sentinel=True)
        parsed = np.array([number_of(cell) for cell in distinct] + [(np.nan, False)], dtype=float).reshape(-1, 2)[codes]
        values, bad = parsed[:, 0], parsed[:, 1] == 1
        # factorize takes True for 1 and False for 0.
        if np.isin(values, (0.0, 1.0)).any():
            bad |= np.fromiter((isinstance(cell, (bool, np.bool_)) for cell in cells), dtype=bool, count=len(cells))
    with np.errstate(invalid="ignore"):
        limits = []
        if above is not None:
            bad, limits = bad | (values <= above), [Sentence("above {limit}", limit=f"{above:g}")]
        if at_least is not None:
            bad, limits = bad | (values < at_least), [Sentence("at least {limit}", limit=f"{at_least:g}")]
        if at_most is not None:
            bad, limits = bad | (values > at_most), [*limits, Sentence("at most {limit}", limit=_plainly(at_most))]
    if bad.any():
        problems.add(bad, name, column.to_numpy(dtype=object), _a_number(*limits))
    return np.where(bad, np.nan, values)


def _a_number(lower=None, upper=None):
    """What a number must be."""
    if upper is not None:
        return Sentence("it must be a number {lower} and {upper}", lower=lower, upper=upper)
    return Sentence("it must be a number {limit}", limit=lower) if lower else Sentence("it must be a number")


def _plainly(number):
    return f"{number:,.0f}" if 1 < number < 1e12 and number == int(number) else f"{number:g}"


def months(column, name, problems):
    """A column of months as serial numbers of their first days, NaN where it is empty.

    A month is written 2026-03, or as any day of it.
    """
    cells = column.to_numpy(dtype=object)
    days = [
        f"{cell.strip()}-01" if isinstance(cell, str) and _MONTH.fullmatch(cell.strip()) else cell for cell in cells
    ]
    found = Problems(column.index)
    values = dates(pd.Series(days, index=column.index, dtype=object), name, found)
    bad = np.zeros(len(cells), dtype=bool)
    bad[[row for row, _ in found]] = True
    problems.add(bad, name, cells, "it must be a month such as 2026-03, from 1990 to 2099")
    return np.where(np.isnan(values), np.nan, to_serial(from_serial(values).astype("datetime64[M]")))


def dates(column, name, problems):
    """A column of dates as serial numbers, NaN where it is empty."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
        values, bad = to_serial(column.to_numpy()), np.zeros(len(column), dtype=bool)
    else:
        codes, distinct = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=True)
        parsed = np.array([date_of(cell) for cell in distinct] + [(np.nan, False)], dtype=float).reshape(-1, 2)[codes]
        values, bad = parsed[:, 0], parsed[:, 1] == 1
    earliest, latest = float(to_serial(EARLIEST)), float(to_serial(LATEST))
    with np.errstate(invalid="ignore"):
        bad = bad | (values < earliest) | (values >= latest + 1)
    if bad.any():
        problems.add(
            bad, name, column.to_numpy(dtype=object), "it must be a date such as 2026-03-01, from 1990 to 2099"
        )
    return np.where(bad, np.nan, values)


def texts(column, name, problems, allowed=None):
    """A column of text, "" where it is empty; a number in it is taken as people see it.

    Parameters
    ----------
    allowed : dict of str to str, optional
        Accepted spellings, in lower case, and what they mean.

    Returns
    -------
    Coded
    """
    cells = column.to_numpy(dtype=object)
    codes, distinct = pd.factorize(cells, use_na_sentinel=True)
    clean = _clean(distinct)
    bad = {
        number: why for number, cell in enumerate(distinct) if (why := _no_text(cell, clean[number], excel_limits.TEXT))
    }
    for row in np.flatnonzero(np.isin(codes, list(bad))) if bad else ():
        _say_no_text(problems, row, name, bad[codes[row]])
    if bad and allowed is not None:
        codes = np.where(np.isin(codes, list(bad)), -1, codes)
    if allowed is not None:
        unknown = np.array([bool(text) and fold(text) not in allowed for text in clean] + [False])[codes]
        if unknown.any():
            choices = ", ".join(dict.fromkeys(allowed.values()))
            problems.add(unknown, name, cells, "it must be one of: {choices}", choices=choices)
        clean = [allowed.get(fold(text), "") for text in clean]
    elif name not in PROSE:
        _warn_of_lookalikes(clean, codes, name, problems)
    return Coded(np.where(codes < 0, len(clean), codes), np.array([*clean, ""], dtype=object))


def names(column, name, problems):
    """A column of texts that are all different, as an array; "" where it is empty."""
    cells = column.to_numpy(dtype=object)
    if column.isna().any():
        cells = np.where(column.isna(), "", cells)
    clean = _clean(cells)
    if max(map(len, clean), default=0) > limits.NAME or not _are_texts(cells):
        for row, (cell, text) in enumerate(zip(cells, clean)):
            if why := _no_text(cell, text, limits.NAME):
                _say_no_text(problems, row, name, why)
    _warn_of_lookalikes(clean, np.arange(len(clean)), name, problems)
    return np.array(clean, dtype=object)


def _warn_of_lookalikes(clean, codes, name, problems):
    """Warn of texts that look alike, each with the first row that has it; `codes` is the text's number by row."""
    if all(map(str.isascii, clean)):
        return
    known, first = np.unique(codes, return_index=True)
    told = [
        (clean[code], problems.index[row])
        for code, row in sorted(zip(known, first), key=lambda pair: pair[1])
        if code >= 0
    ]
    warn_of_lookalikes([text for text, _ in told], [row for _, row in told], name)


def _say_no_text(problems, row, name, why):
    problems.say(row, "{column} {why}", column=problems.called(name), why=why)


def _no_text(cell, text, longest):
    """Why a cell's text cannot be taken; "" where it can."""
    if isinstance(cell, NoValue):
        return Sentence("is {value}; it must be a text", value=cell.shown)
    if len(text) <= longest:
        return ""
    return Sentence("has {count} characters; it may have {most}", count=f"{len(text):,}", most=f"{longest:,}")


def _are_texts(cells):
    return pd.api.types.infer_dtype(cells, skipna=False) == "string"


def _clean(cells):
    return list(map(str.strip, cells.tolist())) if _are_texts(cells) else [text_of(cell) for cell in cells]
