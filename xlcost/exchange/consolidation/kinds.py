"""The tables that are gathered from files, in the order in which one may name rows of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ... import experts, runs, staffing
from ...budget import tables as budget_tables
from ...budget.tables import CAPACITY, OTHER, PHASES, SHARES
from ...columns import RUN_COLUMNS
from ...project_columns import ANSWER_COLUMNS, ROLE_COLUMNS


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
        Checks a `xlcost.tables.Held` table, given what is known of the others: `Known`.
    called : str
        The column that says what a row is.
    run, department : str or None
        Columns that name a run, and a department.
    """

    sheet: str
    columns: dict
    cells: Callable
    check: Callable
    called: str
    run: str | None = None
    department: str | None = None


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


def _check_capacity(table, known):
    known.capacity = budget_tables.read_capacity(table, known.facts)


KINDS = (
    Kind(runs.NAME, RUN_COLUMNS, runs.read_runs, _check_runs, "run", "run", "department"),
    Kind(CAPACITY.name, CAPACITY.columns, CAPACITY.cells, _check_capacity, "capacity", department="owner"),
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
        lambda table, known: staffing.read_role_columns(table, known.runs),
        "role",
        "run",
    ),
    Kind(
        OTHER.name,
        OTHER.columns,
        OTHER.cells,
        lambda table, known: budget_tables.read_other_costs(table, known.runs, known.rates),
        "item",
        "run",
        "department",
    ),
    Kind(PHASES.name, PHASES.columns, PHASES.cells, lambda table, known: PHASES.read(table), "phase"),
    Kind(
        experts.NAME,
        ANSWER_COLUMNS,
        _answered,
        lambda table, known: experts.read_answer_columns([table], known.runs),
        "question",
        "run",
    ),
)
RUNS, OTHERS = KINDS[0], KINDS[4]


def empty(kind):
    """The kind's table without a row."""
    return pd.DataFrame({name: [] for name in kind.columns}, dtype=object)
