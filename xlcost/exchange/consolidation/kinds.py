"""The tables that are gathered from files, in the order in which one may name rows of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ... import experts, runs, staffing, tables
from ...budget import tables as budget_tables
from ...budget.tables import CAPACITY, OTHER, PHASES, SHARES
from ...columns import RUN_COLUMNS
from ...errors import InputError
from ...project_columns import ANSWER_COLUMNS, ROLE_COLUMNS
from ...sentences import together


@dataclass(frozen=True)
class Kind:
    """A table.

    Parameters
    ----------
    sheet : str
    columns : dict of str to Column
    cells : callable
        Its cells in a file; takes the columns of notes beside it, which are left out.
    check : callable
        Checks a `xlcost.tables.Held` table, given what is known of the others: `Known`; gives its columns.
    called : str
        The column that says what a row is.
    key, department : str or None
        The column that gives a row a name of its own, by which columns of the same name in other tables mean it; and
        the one that names a department.
    """

    sheet: str
    columns: dict
    cells: Callable
    check: Callable
    called: str
    key: str | None = None
    department: str | None = None

    @cached_property
    def names(self):
        """Of the columns, as objects: pandas takes longer to look up texts of its own kind."""
        return pd.Index(self.columns, dtype=object)


@dataclass
class Known:
    """What rows may name: the catalog's chips, currencies with a rate, and the runs and capacity taken so far."""

    facts: object
    rates: dict
    runs: list
    capacity: dict


def _answered(path, beside=None):
    """Answers only: a questionnaire also names what nobody has answered."""
    cells = experts.answer_cells(path, beside)
    return cells[cells.reindex(columns=experts.GIVEN).notna().any(axis=1)]


def _check_runs(table, known):
    columns, _ = runs.check_runs(table.frame, known.facts, table.name)
    known.runs = columns["run"].tolist()
    return columns


def _check_capacity(table, known):
    known.capacity = budget_tables.read_capacity(table, known.facts, known.rates)
    return known.capacity


KINDS = (
    Kind(runs.NAME, RUN_COLUMNS, runs.read_runs, _check_runs, "run", "run", "department"),
    Kind(CAPACITY.name, CAPACITY.columns, CAPACITY.cells, _check_capacity, "capacity", "capacity", "owner"),
    Kind(
        SHARES.name,
        SHARES.columns,
        SHARES.cells,
        lambda table, known: budget_tables.read_shares(table, known.capacity),
        "capacity",
        department="department",
    ),
    Kind(
        staffing.NAME,
        ROLE_COLUMNS,
        staffing.role_cells,
        lambda table, known: staffing.read_role_columns(table, known.runs, known.rates),
        "role",
    ),
    Kind(
        OTHER.name,
        OTHER.columns,
        OTHER.cells,
        lambda table, known: budget_tables.read_other_costs(table, known.runs, known.rates),
        "item",
        department="department",
    ),
    Kind(PHASES.name, PHASES.columns, PHASES.cells, lambda table, known: PHASES.read(table), "phase", "phase"),
    Kind(
        experts.NAME,
        ANSWER_COLUMNS,
        _answered,
        lambda table, known: experts.read_answer_columns([table], known.runs),
        "question",
    ),
)
RUNS, CAPACITIES, OTHERS = KINDS[0], KINDS[1], KINDS[4]


def empty(kind):
    """The kind's table without a row."""
    return pd.DataFrame(columns=kind.names, dtype=object)


def usable(frame, kind, known, place_of):
    """A table without the rows that cannot be used.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its index numbers the rows among all that were received.
    kind : Kind
    known : Known
    place_of : callable
        What sentences call a row, by its number.

    Returns
    -------
    frame : pandas.DataFrame
    columns : dict of str to array, or None
        As the kind's check gives them; None where no row is left.
    rejected : dict of int to Sentence
        What is wrong with the other rows, by their number.
    """
    rejected = {}
    while len(frame):
        named = frame.set_axis(pd.Index(list(map(place_of, frame.index)), dtype=object))
        try:
            return frame, kind.check(tables.Held(named, kind.sheet), known), rejected
        except InputError as error:
            if not error.of_rows:
                raise
            numbers = frame.index[list(error.of_rows)]
            rejected |= zip(numbers, map(together, error.of_rows.values()))
            frame = frame.drop(index=numbers)
    return frame, None, rejected
