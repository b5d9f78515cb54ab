"""What was sampled when a workbook was written, read back from its sheet Uncertainty: no formula gives it."""

from __future__ import annotations

from ..comparison import fold
from ..development import COMPONENTS, TOTAL
from ..languages import spellings
from ..uncertainty import Interval
from ..workbook.uncertainty import (
    COMPUTED,
    DRIVEN,
    ENDS,
    HEADING,
    HISTOGRAM,
    RUNS,
    RUNS_TITLE,
    STATISTICS,
    RunInterval,
    Samples,
)
from .layout import Layout

LETTERS = {letter: at for at, letter in enumerate("ABCDE", start=1)}


def samples_of_file(sheet, layout=None):
    """What the sheet keeps.

    Parameters
    ----------
    sheet : FoundSheet
    layout : Layout, optional
        Where its rows and columns are now.

    Returns
    -------
    xlcost.workbook.uncertainty.Samples or None
        None where its headings are not found.
    """
    return _Reader(sheet, layout or Layout([], [])).samples()


class _Reader:
    """Reads downwards from headings in the first column."""

    def __init__(self, sheet, layout):
        self.sheet, self.at = sheet, {letter: layout.column(number) for letter, number in LETTERS.items()}
        self.first = layout.row(HEADING + 2)
        cells = sheet.columns.get(self.at["A"])
        texts = zip(cells.rows, cells.values) if cells is not None else ()
        self.rows = {}
        for row, text in texts:
            if isinstance(text, str):
                self.rows.setdefault(fold(text), row)

    def samples(self):
        """None where a heading is not found."""
        places = {}
        for heading in (HISTOGRAM, DRIVEN, RUNS_TITLE, STATISTICS, COMPUTED):
            texts = [fold(text.replace("{n}", str(RUNS))) for text in spellings(heading)]
            place = next((self.rows[text] for text in texts if text in self.rows), None)
            if place is None:
                return None
            places[heading] = place
        names, told = (*COMPONENTS, TOTAL), places[STATISTICS]
        return Samples(
            parts={name: self.interval(row) for row, name in enumerate(names, start=self.first)},
            shares=[tuple(self.number(row, letter) for letter in "ABC") for row in self.below(places[HISTOGRAM], "B")],
            drivers=[(self.text(row), self.number(row, "B")) for row in self.below(places[DRIVEN], "B")],
            others=None,
            runs=[
                RunInterval(self.text(row), self.number(row, "E"), self.interval(row))
                for row in self.below(places[RUNS_TITLE] + 1, "E")
            ],
            samples=self.number(told + 1, "B"),
            seed=self.number(told + 2, "B"),
            edition=self.text(told + 3, "B"),
            level=self.number(told + 4, "B"),
            then={
                name: {end: self.number(row, letter) for end, letter in zip(ENDS, "BCD")}
                for row, name in enumerate(names, start=places[COMPUTED] + 1)
            },
        )

    def below(self, heading, letter):
        """Rows under the heading of a table, as far as there are numbers in a column."""
        row = heading + 2
        while isinstance(self.sheet.value(row, self.at[letter]), float):
            yield row
            row += 1

    def number(self, row, letter):
        value = self.sheet.value(row, self.at[letter])
        return value if type(value) is float else 0.0

    def text(self, row, letter="A"):
        value = self.sheet.value(row, self.at[letter])
        return value if isinstance(value, str) else ""

    def interval(self, row):
        return Interval(*(self.number(row, letter) for letter in "BCD"), mean=0.0)
