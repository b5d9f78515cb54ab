"""Tables that people fill in beside the runs: what a column may hold, said once, and a reader for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from . import tables
from .columns import labels_of
from .comparison import fold
from .xlsx_input import has_sheet


@dataclass(frozen=True)
class TableKind:
    """A table of inputs.

    Parameters
    ----------
    name : str
        Of its sheet.
    columns : dict of str to Column
    required : tuple of str
        Columns that every row fills.
    limits : dict of str to dict
        What numbers may be; a column of numbers that is not in it takes any.
    choices : dict of str to tuple of str
        Texts of which a column takes one.
    key : str, optional
        A column whose texts are all different.
    computed : frozenset of str
        Headings, in lower case, of columns that a workbook computes.
    """

    name: str
    columns: dict
    required: tuple
    limits: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    key: str | None = None
    computed: frozenset = frozenset()

    def empty(self):
        """The table without a row."""
        return {name: np.zeros(0, dtype=object if column.format == "text" else float) for name, column in self._items()}

    def _items(self):
        return self.columns.items()

    def of(self, source, path=None):
        """The file that holds it: the one that is named, else a workbook of runs that has its sheet, else None."""
        return source if path is None and source is not None and has_sheet(source, self.name) else path

    def cells(self, path, beside=None):
        """Cells of the table under their headings, as `xlcost.tables.read` gives them."""
        # A step may be called as a column of the inputs is: "Hosting", whose price is the column `hosting`.
        computed = self.computed - set(self.columns)
        return tables.read(path, self.name, set(self.required), labels_of(self.columns), computed, beside)

    def read(self, path, also=None, **known):
        """The table of a .csv or .xlsx file, checked whole.

        Parameters
        ----------
        path : path-like or None
            None for no rows.
        also : callable, optional
            Checks more than `check` does, as it does.
        **known : iterable of str
            Texts that a column may name, by column.

        Returns
        -------
        dict of str to array
            Texts, "" where empty; numbers and dates as serial numbers, NaN where empty.

        Raises
        ------
        XlcostError
            A sentence for every cell that cannot be used.
        """
        if path is None:
            return self.empty()
        frame = self.cells(path)
        waits = tables.may_be_empty(path, self.name)
        frame = tables.with_all_columns(frame, self.columns, path, None if waits else f"rows of {self.name}")
        problems, found = tables.Problems(frame.index, self.columns), {}
        spelled = {name: {fold(text): text for text in texts} for name, texts in {**self.choices, **known}.items()}
        for name, column in self._items():
            if column.format == "text":
                found[name] = tables.texts(frame[name], name, problems, spelled.get(name)).texts_of_rows()
            elif column.format == "date":
                found[name] = tables.dates(frame[name], name, problems)
            elif column.format == "month":
                found[name] = tables.months(frame[name], name, problems)
            else:
                found[name] = tables.numbers(frame[name], name, problems, **self.limits.get(name, {}))
            if name in self.required:
                nothing = np.full(len(frame), None)
                problems.add(frame[name].isna().to_numpy(), name, nothing, "every row needs one")
        if self.key:
            self._check_key(found[self.key], problems)
        self.check(found, problems)
        if also is not None:
            also(found, problems)
        problems.raise_if_any(path)
        return found

    def _check_key(self, names, problems):
        first = {}
        for row, name in enumerate(map(fold, names.tolist())):
            earlier = first.setdefault(name, row)
            if name and earlier != row:
                problems.say(
                    row,
                    "{column} {name} is named already in row {row}; each needs a name of its own",
                    column=problems.called(self.key),
                    name=repr(names[row]),
                    row=problems.index[earlier],
                )

    def check(self, found, problems):
        """What the columns of a row must be together; nothing by itself."""
