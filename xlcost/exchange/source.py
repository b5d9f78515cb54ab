"""What a workbook that came back is made of, for a check: the shape that each kind of workbook fills."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter

from .given import Given
from .inputs_of_file import check_tables, tables_of


class Source(ABC):
    """A workbook that came back.

    Parameters
    ----------
    path : path-like
        Its sheets have the names that they were written with.
    edition : str
        One that there is.
    language : Language
    sheets : dict of str to FoundSheet
        By English names.
    layouts : dict of str to Layout
        Where rows and columns are now; where they were, for sheets that it has none of.

    Attributes
    ----------
    given : Given
    is_read : bool
        Whether its tables could all be read as they stand: then there is nothing to say of them.
    """

    SHEETS = ()
    """Sheets that such a workbook may have, in English."""
    TABLES = {}
    """Columns of those that are tables of inputs, by sheet."""
    VERSION, VERSION_LABEL = "", ""
    """What is written now, and the name of the label, among those of `xlcost.overview`, beside which a file says it."""

    def __init__(self, path, edition, language, sheets, layouts):
        self.path, self.edition, self.language, self.sheets = path, edition, language, sheets
        self.given = Given(sheets, layouts, {name: rows for name, rows in self.rows().items() if rows is not None})
        self.is_read = False

    @abstractmethod
    def rows(self):
        """How many rows tables and lists have that may have any number, by name; None where the file does not say."""

    @abstractmethod
    def book(self):
        """The workbook as it should be."""

    @abstractmethod
    def readers(self, copy, tables):
        """What reads each table of a workbook that has nothing but these: pairs of an English name and a callable."""

    def inputs(self, made, layouts):
        """What is wrong with the inputs; see `xlcost.exchange.inputs_of_file.check_tables`."""
        tables = tables_of(made, self.TABLES, self.given, layouts)
        return check_tables(tables.values(), None if self.is_read else lambda copy: self.readers(copy, tables))


def computed_rows(sheet, first=None):
    """How many rows of formulas a sheet's table has: as many as most of its formulas stand in columns of.

    `first` is the first row of one that has formulas alone: where all are pasted as values, as far as these reach. None
    where there is no such sheet.
    """
    if sheet is None:
        return None
    counts = Counter()
    for column in sheet.columns.values():
        count = sum(formula is not None for formula in column.formulas)
        counts[count] += count
    counts.pop(0, None)
    if counts:
        return counts.most_common(1)[0][0]
    return 1 if first is None else max(sheet.last_row() - first + 1, 1)


def referred_rows(known, key):
    """How many rows of a sheet formulas of others refer to; None where there is no such sheet, or none does."""
    if key not in known:
        return None
    name = known[key].name
    area = re.compile(rf"(?<!\w){re.escape(name)}'?!\$[A-Z]+\$([0-9]+):\$[A-Z]+\$([0-9]+)")
    encoded = name.encode()
    for sheet in known.values():
        for column in sheet.columns.values():
            for formula in dict.fromkeys(column.formulas):
                if formula is not None and encoded in formula:
                    found = area.search(formula.decode("utf-8", "replace"))
                    if found:
                        return int(found[2]) - int(found[1]) + 1
    return None
