"""Who works on which run: a table of roles that people hand in, read and checked whole."""

from __future__ import annotations

import numpy as np

from . import tables
from .budget.currencies import CURRENCY, currency_codes
from .columns import labels_of
from .comparison import fold
from .development import Contractors, Role, project_of_run, range_of
from .equations.parameters import EMPLOYMENT_OVERHEAD, EQUITY, SALARY
from .errors import InputError
from .estimate import estimate
from .model import METHODS
from .project_columns import ROLE_COLUMNS, STAFF_STEPS, headings_of
from .sentences import Sentence, listed
from .uncertainty import Range
from .xlsx_input import has_sheet

NAME = "Staff"
"""The sheet of a workbook that holds them."""
REQUIRED = {"run", "role"}
USUAL = {"salary": SALARY, "equity": EQUITY, "employment_overhead": EMPLOYMENT_OVERHEAD}
"""Ranges that count where a row gives none."""
LIMITS = {
    "fte": {"above": 0, "at_most": 1.5},
    "years": {"above": 0, "at_most": 50},
    "salary": {"above": 0, "at_most": 1e11},
    "equity": {"at_least": 0, "at_most": 1e13},
    "employment_overhead": {"at_least": 1, "at_most": 5},
    "person_months": {"above": 0, "at_most": 1e6},
    "monthly_rate": {"above": 0, "at_most": 1e9},
}
"""What a quantity may be; each has two columns, `_low` and `_high`, and is a number where the high one is empty."""
PEOPLE = {"above": 0, "at_most": 100_000}
EMPLOYEES, HIRED = ("people", "fte_low", "years_low"), ("person_months_low", "monthly_rate_low")
"""Columns that go together; of a range the low end, the one that must be there."""

AMOUNTS = "salary", "equity", "monthly_rate"
"""Quantities in the row's currency."""

LABELS, COMPUTED = labels_of(ROLE_COLUMNS), headings_of(STAFF_STEPS)
"""What the columns are called on a sheet, in lower case, and those that it computes."""


def projects_of_runs(table, source, facts, staff=None, method=METHODS[0], rates=None):
    """The developments around training runs of one's own.

    Parameters
    ----------
    table : pandas.DataFrame
        Runs, as `xlcost.estimate.estimate` takes them.
    source : str
        The file that they come from; where it is a workbook with a sheet "Staff", the people stand there.
    facts : Catalog
    staff : path-like, optional
        Another table of the people.
    method : str
        How hardware is amortized.
    rates : dict of str to float, optional
        Units for 1 USD of each other currency in which people are paid.

    Returns
    -------
    list of Project

    Raises
    ------
    XlcostError
        Runs or people that cannot be used, or a run whose amortized cost is not known.
    """
    costs = estimate(table, facts, method=method, source=source)
    unknown = costs[costs["amortized_cost"].isna()]
    if len(unknown):
        raise InputError(
            [
                f"row {row}: run {cost['run']!r} has no amortized cost. {cost['note']}"
                for row, cost in unknown.iterrows()
            ],
            source,
        )
    staff = staff_of(source, staff)
    people = read_roles(staff, list(costs["run"]), rates) if staff is not None else {}
    return [project_of_run(cost, *people.get(cost["run"], ())) for cost in costs.to_dict("records")]


def staff_of(source, staff=None):
    """The file with the people: the one that is named, else a workbook of runs that has a sheet of them, else None."""
    return source if staff is None and source is not None and has_sheet(source, NAME) else staff


def read_roles(path, runs, rates=None):
    """Roles of a .csv or .xlsx file by run.

    Parameters
    ----------
    path : path-like
    runs : list of str
        Names of the runs that there are.
    rates : dict of str to float, optional
        Units for 1 USD of each other currency.

    Returns
    -------
    dict of str to (tuple of Role, tuple of Contractors)
        By the runs' names; a run without a row has no people.

    Raises
    ------
    XlcostError
        A sentence for every cell that cannot be used.
    """
    return people_of(read_role_columns(path, runs, rates or ()), runs, rates=rates)


def people_of(columns, runs, usual=None, rates=None):
    """Roles by run from columns as `read_role_columns` gives them; see `read_roles`.

    `usual` is what counts where a row gives none, by name: numbers or ranges, those of the paper by default. `rates`
    has the units for 1 USD of each other currency.
    """
    usual = usual or {name: range_of(parameter) for name, parameter in USUAL.items()}
    units_per_usd = {"": 1.0, CURRENCY: 1.0, **(rates or {})}

    def quantity(name, row):
        low, high = columns[f"{name}_low"][row], columns[f"{name}_high"][row]
        if np.isnan(low):
            return usual[name]
        if name in AMOUNTS:
            low, high = (end / units_per_usd[columns["currency"][row]] for end in (low, high))
        return float(low) if np.isnan(high) or low == high else Range(float(low), float(high))

    found = {name: ([], []) for name in runs}
    for row, name in enumerate(columns["run"]):
        roles, contractors = found[name]
        if not np.isnan(columns["people"][row]):
            pay = {of: quantity(of, row) for of in ("fte", "years", *USUAL)}
            roles.append(Role(columns["role"][row], int(columns["people"][row]), **pay))
        if not np.isnan(columns["person_months_low"][row]):
            contractors.append(Contractors(*(quantity(of.removesuffix("_low"), row) for of in HIRED)))
    return {name: (tuple(roles), tuple(contractors)) for name, (roles, contractors) in found.items()}


def role_cells(path, beside=None):
    """Cells of the table under their headings, as `xlcost.tables.read` gives them."""
    return tables.read(path, NAME, REQUIRED, LABELS, COMPUTED, beside)


def read_role_columns(path, runs=None, currencies=()):
    """The table of a .csv or .xlsx file, checked whole.

    Parameters
    ----------
    path : path-like or None
        None for no people.
    runs : list of str, optional
        Names of the runs that there are; any by default.
    currencies : iterable of str
        Those that have an exchange rate, beside US dollars.

    Returns
    -------
    dict of str to array
        `ROLE_COLUMNS`: texts, "" where empty, and numbers, NaN where empty.

    Raises
    ------
    XlcostError
        A sentence for every cell that cannot be used.
    """
    if path is None:
        return {
            name: np.zeros(0, dtype=object if column.format == "text" else float)
            for name, column in ROLE_COLUMNS.items()
        }
    frame = role_cells(path)
    frame = tables.with_all_columns(frame, ROLE_COLUMNS, path, None if tables.may_be_empty(path, NAME) else "people")
    problems = tables.Problems(frame.index, ROLE_COLUMNS)
    spelled = None if runs is None else {fold(name): name for name in runs}
    named = tables.texts(frame["run"], "run", problems, spelled).texts_of_rows()
    problems.add(frame["run"].isna().to_numpy(), "run", np.full(len(frame), None), "name the run that they work on")
    role = tables.texts(frame["role"], "role", problems).texts_of_rows()
    currency = tables.texts(frame["currency"], "currency", problems).texts_of_rows()
    currency = currency_codes(currency, currencies, problems)
    people = tables.numbers(frame["people"], "people", problems, **PEOPLE)
    problems.add(people % 1 > 0, "people", people, "it must be a whole number")
    ends = {
        f"{name}_{end}": tables.numbers(frame[f"{name}_{end}"], f"{name}_{end}", problems, **limits)
        for name, limits in LIMITS.items()
        for end in ("low", "high")
    }
    for name in LIMITS:
        low, high = ends[f"{name}_low"], ends[f"{name}_high"]
        problems.add(
            high < low, f"{name}_high", high, "it must not be below {other}", other=problems.called(f"{name}_low")
        )
        given = [frame[f"{name}_{end}"].notna().to_numpy() for end in ("low", "high")]
        problems.add(~given[0] & given[1], f"{name}_low", low, "a range needs its low end too")
        problems.add((low == 0) & (high > 0), f"{name}_low", low, "a range must be above 0")
    employed, hired = ({name: frame[name].notna().to_numpy() for name in names} for names in (EMPLOYEES, HIRED))
    for given in (employed, hired):
        for name in given:
            lacking = np.any([*given.values()], axis=0) & ~given[name]
            together = listed(problems.called(other) for other in given if other != name)
            problems.add(lacking, name, np.full(len(frame), None), "it goes together with {names}", names=together)
    problems.add(
        ~np.any([*employed.values(), *hired.values()], axis=0),
        Sentence("the row"),
        np.full(len(frame), None),
        "give {employees} of employees, or {hired} of contractors",
        employees=listed(map(problems.called, EMPLOYEES)),
        hired=listed(map(problems.called, HIRED)),
    )
    problems.raise_if_any(path)
    return {"run": named, "role": role, "currency": currency, "people": people, **ends}
