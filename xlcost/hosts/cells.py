"""A typed function's way from cells to cells: what each cell means, what shape comes back, which error stands where.

Every host calls `call` with what its spreadsheet hands over, and shows what comes back. Nothing that people put into
cells raises: what cannot be used becomes the error that a spreadsheet shows, in its own row only.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from ..equations.parameters import ASSUMPTIONS, PROJECT_ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..errors import XlcostError
from ..functions import FUNCTIONS, Model
from ..lookup import Coded
from ..settings import edition_in_force
from .meaning import BAD_NUMBER, BAD_VALUE, BLANK, ERRORS, NOT_AVAILABLE, NUMERIC, READERS, CellProblem, is_within
from .stored_facts import stored_facts


def call(name, arguments, edition=None):
    """The result of a function for cells.

    Parameters
    ----------
    name : str
        One of `xlcost.functions.FUNCTIONS`.
    arguments : list
        In their order; optional ones at the end may be missing. Each is a cell or a list of rows of cells. A cell is
        None where it is empty or left out, a truth value, a number, a text, a date, or an error as its text.
    edition : str, optional
        The workbook's setting.

    Returns
    -------
    float or str, or list of list
        One cell where every argument is one cell, else as many rows and columns as the largest argument: a row or a
        column goes along with all, and beyond an argument that is too short stands #N/A, as everywhere in Excel. An
        argument that takes a whole range counts as one cell. A blank cell is "", an error is its text.

    Examples
    --------
    >>> call("TRAINING_FLOP", [175e9, [[300e9], ["some"], [None]]])
    [[3.15e+23], ['#VALUE!'], ['']]
    >>> call("CHIP_SPEC", [" h100 ", "tdp_w"]), call("CHIP_SPEC", ["H1000", "tdp_w"])
    (700.0, '#N/A')
    """
    function = FUNCTIONS[name]
    try:
        model = model_of(edition_in_force(edition))
    except XlcostError:
        return NOT_AVAILABLE
    arguments = [*map(_one_cell, arguments), *[None] * (len(function.arguments) - len(arguments))]
    given = SimpleNamespace()
    if function.takes_ranges:
        try:
            vars(given).update(points(function, arguments, model))
        except CellProblem as found:
            return found.error
    single = [(argument, cell) for argument, cell in zip(function.arguments, arguments) if not argument.is_range]
    if any(isinstance(cell, list) for _, cell in single):
        return BAD_VALUE if function.spills else _for_range(function, single, given, model)
    return _for_one(function, single, given, model)


class FunctionModel(Model):
    """What functions compute with, and what their texts may be."""

    def __init__(self, edition):
        facts, names, self.vendor_spellings = stored_facts(edition)
        super().__init__(facts, ASSUMPTIONS | PROJECT_ASSUMPTIONS | PURCHASE_ASSUMPTIONS)
        # As many as there are names in use; a column of other texts does not fill the memory.
        self.find_chip = lru_cache(maxsize=10_000)(names.find)


@lru_cache(maxsize=4)
def model_of(edition):
    """What functions compute with in an edition, loaded once."""
    return FunctionModel(edition)


def _one_cell(argument):
    """A range of one cell is that cell."""
    if isinstance(argument, (list, tuple)) and len(argument) == 1:
        row = argument[0]
        if not isinstance(row, (list, tuple)):
            return row
        if len(row) == 1:
            return row[0]
    return argument


# --- whole ranges


def points(function, arguments, model):
    """What whole ranges hold: of each its values, in those places where none of them is blank.

    Parameters
    ----------
    function : xlcost.functions.Function
    arguments : list
        As `call` takes them.
    model : FunctionModel

    Returns
    -------
    dict of str to ndarray
        By the name of the argument.

    Raises
    ------
    CellProblem
        A cell cannot be used, the ranges are of different sizes, or there is nothing in them.
    """
    columns = {
        argument.name: _whole(cell, argument.of_a_cell(), model)
        for argument, cell in zip(function.arguments, arguments)
        if argument.is_range
    }
    filled = [~np.isnan(values) for values in columns.values()]
    if not all(each.any() for each in filled):
        raise CellProblem(BLANK)
    if len(set(map(len, filled))) > 1:
        raise CellProblem(NOT_AVAILABLE)
    known = np.logical_and.reduce(filled)
    if not known.any():
        raise CellProblem(BLANK)
    return {name: values[known] for name, values in columns.items()}


def _whole(cell, argument, model):
    """Values of a range's cells, row by row, NaN where one is blank; the first mistake counts."""
    rows = cell if isinstance(cell, (list, tuple)) else [cell]
    values, wrong = _column(
        [one for row in rows for one in (row if isinstance(row, (list, tuple)) else [row])], argument, model
    )
    for error in wrong[~np.equal(wrong, None)]:
        raise CellProblem(error)
    return values


# --- one cell each


def _for_one(function, single, given, model):
    problem, blank = {}, False
    for argument, cell in single:
        try:
            value = READERS[argument.kind](cell, argument, model)
        except CellProblem as found:
            problem.setdefault(argument.optional, found.error)
            continue
        if value is BLANK or value != value:
            blank = blank or not argument.optional
        setattr(given, argument.name, value)
    if problem or blank:
        return problem.get(False) or (BLANK if blank else problem[True])
    with np.errstate(all="ignore"):
        if function.refuses and function.refuses(given, model):
            return BAD_NUMBER
        result = function.compute(given, model)
    if function.spills:
        rows = [[_shown(cell) for cell in row] for row in (result if getattr(given, "headers", True) else result[1:])]
        errors = [cell for row in rows for cell in row if cell in ERRORS]
        return errors[0] if errors else rows
    return _shown(result)


def _shown(result):
    """What a cell shows: nothing found is #N/A, an overflow #NUM!."""
    if isinstance(result, str):
        return str(result) or NOT_AVAILABLE
    result = float(result)
    if result != result:
        return NOT_AVAILABLE
    return result if abs(result) < np.inf else BAD_NUMBER


# --- a result for each cell of ranges


def _for_range(function, single, given, model):
    grids = [cell if isinstance(cell, list) else [[cell]] for _, cell in single]
    grids = [[row if isinstance(row, (list, tuple)) else [row] for row in grid] for grid in grids]
    shapes = [(len(grid), max(map(len, grid), default=0)) for grid in grids]
    shape = tuple(max(sizes) for sizes in zip(*shapes))
    if not all(shape):
        return ""
    size = shape[0] * shape[1]
    blank = np.zeros(size, dtype=bool)
    # By whether the argument is optional: a mistake in an option does not matter in a row that is not filled in.
    problems = {optional: np.full(size, None, dtype=object) for optional in (False, True)}
    for (argument, _), grid, (rows, columns) in zip(single, grids, shapes):
        cells = [cell for row in grid for cell in (*row, *[None] * (columns - len(row)))]
        values, wrong = _column(cells, argument, model)
        earlier = problems[argument.optional]
        if len(cells) == 1:
            values = values[0] if isinstance(values, np.ndarray) else values.texts[values.codes[0]]
            empty = wrong[0] is None and (values is BLANK or values != values)
        else:
            places, beyond = _places((rows, columns), shape)
            values, wrong = values[places], wrong[places]
            wrong[beyond] = NOT_AVAILABLE
            empty = np.isnan(values) if isinstance(values, np.ndarray) else values == BLANK
        problems[argument.optional] = np.where(np.equal(earlier, None), wrong, earlier)
        if not argument.optional:
            blank |= empty
        setattr(given, argument.name, values)
    if function.refuses:
        with np.errstate(all="ignore"):
            refused = np.broadcast_to(function.refuses(given, model), size)
        problems[True][refused & np.equal(problems[True], None)] = BAD_NUMBER
    with np.errstate(all="ignore"):
        result = function.compute(given, model)
    shown = _shown_column(result, size)
    shown = np.where(np.equal(problems[True], None), shown, problems[True])
    shown = np.where(blank, BLANK, shown)
    shown = np.where(np.equal(problems[False], None), shown, problems[False])
    return shown.reshape(shape).tolist()


def _column(cells, argument, model):
    """Values of cells and, for each, its error or None."""
    reader, is_number = READERS[argument.kind], argument.kind in NUMERIC
    wrong = np.full(len(cells), None, dtype=object)
    if argument.kind == "number" and set(map(type, cells)) == {float}:
        values = np.array(cells)
        with np.errstate(invalid="ignore"):
            wrong[~is_within(values, argument.limits)] = BAD_NUMBER
        wrong[np.isnan(values)], wrong[np.isinf(values)] = None, BAD_VALUE
        return values, wrong
    nothing = np.nan if is_number else BLANK
    values, known = [], {}
    for place, cell in enumerate(cells):
        key = (cell.__class__, cell)
        try:
            if key not in known:
                known[key] = reader(cell, argument, model)
            values.append(known[key])
        except CellProblem as problem:
            wrong[place] = problem.error
            values.append(nothing)
    if is_number:
        return np.array(values, dtype=float), wrong
    return Coded.of(np.array(values, dtype=object)), wrong


def _places(shape, whole):
    """Where each cell of the whole is in a grid that goes along, and which lie beyond it."""
    (rows, columns), (all_rows, all_columns) = shape, whole
    down, right = np.arange(all_rows), np.arange(all_columns)
    beyond = (down[:, None] >= max(rows, all_rows * (rows == 1))) | (
        right >= max(columns, all_columns * (columns == 1))
    )
    places = np.minimum(down, rows - 1)[:, None] * columns + np.minimum(right, columns - 1)
    return places.ravel(), beyond.ravel()


def _shown_column(result, size):
    if isinstance(result, Coded):
        result = result.texts_of_rows()
    result = np.broadcast_to(np.asarray(result), size)
    if result.dtype.kind == "f":
        shown = result.astype(object)
        shown[np.isnan(result)] = NOT_AVAILABLE
        shown[np.isinf(result)] = BAD_NUMBER
        return shown
    return np.array([_shown(cell) for cell in result.tolist()], dtype=object)
