"""A calculation on a sheet: each step a column, in groups, from left to right."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from .style import heading_style

USUAL_WIDTH = 20


class Calculation:
    """Puts each step into its column and returns the cell of a row.

    Parameters
    ----------
    sheet : Sheet
    groups : tuple
        Headings, each with its columns, as in `xlcost.columns.STEP_GROUPS`.
    first : int
        Row of the first cell.
    begin : int, default 1
        Number of the first column.
    styles : dict of str to str, optional
        Of steps that don't look as their format says.
    """

    def __init__(self, sheet, groups, first, begin=1, styles=None):
        self.sheet, self.groups, self.first, self.styles = sheet, groups, first, styles or {}
        self.kept, self.ranges = {}, {}
        self.columns = {column.name: column for _, columns in groups for column in columns}
        self.letters = {name: get_column_letter(number) for number, name in enumerate(self.columns, start=begin)}

    def __call__(self, name, value):
        column = self.columns[name]
        style = self.styles.get(name, "text" if column.format == "text" else "number")
        written = self.sheet.column(self.letters[name], self.first, value, style=style, format=column.format)
        self.kept[name], self.ranges[name] = written.cell, written.range
        return written.cell

    def get(self, name):
        return self.kept[name]

    def headings(self, group_row, heading_row, term_row=None):
        """The groups' headings, the columns' and, under them, the field's terms with their units."""
        for group, columns in self.groups:
            for number, column in enumerate(columns):
                letter = self.letters[column.name]
                self.sheet.put(f"{letter}{group_row}", group if not number else "", style="group")
                label = column.label_in(self.sheet.language) if term_row else column.heading_in(self.sheet.language)
                self.sheet.put(f"{letter}{heading_row}", label, style=heading_style(column.format))
                if term_row:
                    unit = f" [{column.unit}]" if column.unit else ""
                    self.sheet.put(
                        f"{letter}{term_row}",
                        f"{column.name.removesuffix('_used')}{unit}",
                        style="term" if column.format == "text" else "term_right",
                        as_is=True,
                    )

    def widths(self, wide):
        """Widths of the columns, those of some steps as given."""
        return {letter: wide.get(name, USUAL_WIDTH) for name, letter in self.letters.items()}
