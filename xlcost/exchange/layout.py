"""Where the rows and columns of a sheet are, once people have put others between them, and which sheet is which."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict

from .. import excel_limits

FARTHEST = 60
"""Rows or columns by which something is looked for elsewhere."""
CONFIRMED = 3
"""Further lines that must lie at the new place too, as far as there are so many."""
BEHIND = " · "
"""What stands between a title and the scenario in force."""
LARGEST = 2_000
"""Rows of a column of texts beyond which it says nothing of where a sheet's rows are."""


class Layout:
    """Where rows and columns are that a sheet was written with.

    Parameters
    ----------
    rows, columns : list of (int, int)
        From which row, or column, on they lie so far further down, or to the right.
    """

    def __init__(self, rows, columns):
        self._rows, self._columns = rows, columns
        self.is_identity = all(shift == 0 for _, shift in (*rows, *columns))

    def is_same(self, other):
        return (self._rows, self._columns) == (other._rows, other._columns)

    def row(self, row):
        return min(row + _shift(self._rows, row), excel_limits.ROWS)

    def column(self, column):
        return min(column + _shift(self._columns, column), excel_limits.COLUMNS)

    def place(self, row, column):
        return self.row(row), self.column(column)


def _shift(steps, position):
    at = bisect_right(steps, position, key=lambda step: step[0])
    return steps[at - 1][1] if at else 0


def layout_of(written, found):
    """Where the rows and columns of a written sheet are in the one that came back.

    Parameters
    ----------
    written : xlcost.workbook.sheet.Sheet
    found : FoundSheet
    """
    texts = texts_written(written)
    by_row = defaultdict(set)
    for (row, _), text in texts.items():
        by_row[row].add(text)
    found_rows, found_columns = defaultdict(set), defaultdict(set)
    for column, cells in found.columns.items():
        for row, value, formula in zip(cells.rows, cells.values, cells.formulas):
            if formula is None and isinstance(value, str):
                found_rows[row].add(value)
                found_columns[column].add((row, value))
    rows = _steps(by_row, found_rows)
    by_column = defaultdict(set)
    for (row, column), text in texts.items():
        by_column[column].add((row + _shift(rows, row), text))
    return Layout(rows, _steps(by_column, found_columns))


def texts_written(sheet):
    """Texts of a sheet that nobody may change, by row and column."""
    texts = {
        where: cell.value
        for where, cell in sheet.placed.items()
        if cell.formula is None and isinstance(cell.value, str) and cell.value and not _is_input(sheet, cell.style)
    }
    for block in sheet.columns:
        if block.formula is None and len(block.values) <= LARGEST and not _is_input(sheet, block.role):
            texts |= {
                (row, block.column): text
                for row, text in enumerate(block.values.tolist(), block.first)
                if isinstance(text, str) and text
            }
    return texts


def _is_input(sheet, style):
    return style.startswith("input") and not sheet.is_fixed


def _steps(written, found):
    """By how much lines have moved, from the first one on; found lines are those that hold half of what was written."""

    def holds(line, shift):
        there = found.get(line + shift)
        return there is not None and 2 * len(written[line] & there) >= len(written[line])

    lines, shift, steps = sorted(written), 0, [(0, 0)]
    for at, line in enumerate(lines):
        if holds(line, shift):
            continue
        following = lines[at : at + 1 + CONFIRMED]
        here = sum(holds(each, shift) for each in following)
        for distance in range(1, FARTHEST):
            better = next(
                (
                    other
                    for other in (shift + distance, shift - distance)
                    if holds(line, other) and sum(holds(each, other) for each in following) > here
                ),
                None,
            )
            if better is not None:
                # Lines without a text of their own stay with the one above them.
                steps.append((line if at else 0, better))
                shift = better
                break
    return steps


def matched(names, sheets, texts=None):
    """Which sheet is which: by its name, else its title, else by the texts that are on it.

    Parameters
    ----------
    names : dict of str to str
        The sheets' names as they were written, by their English ones.
    sheets : list of FoundSheet
    texts : dict of str to set of str, optional
        Texts of the written sheets, by their English names.

    Returns
    -------
    dict of str to FoundSheet
        By English names; those that are missing are left out.
    """
    found = {sheet.name.lower(): sheet for sheet in sheets}
    known = {key: found[name.lower()] for key, name in names.items() if name.lower() in found}
    others = [sheet for sheet in sheets if sheet not in known.values()]
    titles = [title_of(sheet) for sheet in others]
    for key in names:
        if key in known or not others:
            continue
        if texts is not None and texts.get(key):
            scores = Counter({at: len(texts[key] & _texts(sheet)) for at, sheet in enumerate(others)})
            ((best, score),) = scores.most_common(1)
            is_it = 2 * score >= len(texts[key])
        else:
            best = titles.index(names[key]) if names[key] in titles else 0
            is_it = names[key] in titles
        if is_it:
            known[key] = others.pop(best)
            titles.pop(best)
    return known


def title_of(sheet):
    """The first text in the first row of a sheet, without the scenario that a budget says behind it."""
    for column in sorted(sheet.columns):
        value = sheet.value(1, column)
        if isinstance(value, str) and value:
            return value.split(BEHIND)[0]
    return ""


def _texts(sheet):
    return {
        value
        for cells in sheet.columns.values()
        for value, formula in zip(cells.values, cells.formulas)
        if formula is None and isinstance(value, str)
    }
