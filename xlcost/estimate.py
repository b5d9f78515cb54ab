"""Runs in, costs out: a whole table at a time."""

from __future__ import annotations

from numbers import Real
from types import SimpleNamespace

import numpy as np
import pandas as pd

from . import catalog as catalogs
from . import equations
from .columns import COST_COLUMNS, RUN_COLUMNS
from .dates import by_day, from_serial
from .equations.parameters import ASSUMPTIONS
from .errors import XlcostError
from .facts import facts_of
from .lookup import Coded
from .model import METHODS, CostSteps
from .notes import Note, notes_of, texts_of
from .runs import DATES, LABELS, check_runs

STEP_OF = {"acquired": "acquired_used", "chip_hours": "chip_hours_used"}
"""Cost columns that a run's own column may have given: the step that says what was used."""

BLOCK = 65_536
"""Runs computed at once."""

SUMMED_WITH_BASE = (
    "accelerator_chips",
    "server_components",
    "interconnect",
    "energy",
    "amortized_cost",
    "acquisition_cost",
    "cloud_cost",
)
"""Costs of a fine-tuned model that include those of its base model."""


def estimate(runs, edition=None, prices=None, method=METHODS[0], assumptions=None, source=None, progress=None):
    """Costs of training runs.

    Parameters
    ----------
    runs : pandas.DataFrame
        One run a row; columns as in `xlcost.columns.RUN_COLUMNS`. Only `run` and `chip` are always required, and then
        `chip_hours`, or `chips` and `hours`, or `training_flop`.
    edition : str or Catalog, optional
        For example "2026-11"; the newest by default.
    prices : path-like, optional
        A user's own price book, which is asked first.
    method : {"market", "market_exact", "straight_line"}
        How hardware is amortized to a run; the first is the paper's [1]_.
    assumptions : mapping, optional
        Assumptions to change, by the names in `xlcost.equations.parameters.ASSUMPTIONS`.
    source : str, optional
        The file that the runs come from, for error messages.
    progress : callable, optional
        Called with the number of runs done and their total.

    Returns
    -------
    pandas.DataFrame
        The runs' own columns, the cost columns (`xlcost.columns.COST_COLUMNS`) in nominal USD, and `note`. `chip_hours`
        and `acquired` are filled in where a run did not give them.

    Raises
    ------
    XlcostError
        Runs that cannot be used (every cell of them in one go), an unknown edition, method or assumption.

    Examples
    --------
    >>> runs = pd.DataFrame({"run": ["demo"], "chip": ["H100"], "chips": [5000], "hours": [1440]})
    >>> runs["start"] = "2026-03-01"
    >>> costs = estimate(runs, "2026-11")
    >>> round(costs["budget_cost"].item() / 1e6, 1)
    5.9

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    facts = edition if isinstance(edition, catalogs.Catalog) else catalogs.load(edition, prices)
    checked, chip_notes = check_runs(runs, facts, source)
    wanted = [STEP_OF.get(name, name) for name in COST_COLUMNS if name not in ("amortized_cost_real", "note")]
    steps, notes = run_steps(checked, facts, wanted, method, assumptions, chip_notes, progress)
    result = {}
    for name in runs.columns:
        name = name if name in RUN_COLUMNS else LABELS[str(name).casefold()]
        used = steps[STEP_OF[name]] if name in STEP_OF else checked[name]
        result[name] = from_serial(used) if name in DATES else used.texts_of_rows() if isinstance(used, Coded) else used
    published = np.where(np.isnan(checked["published"]), steps["training_start"], checked["published"])
    for name in COST_COLUMNS:
        if name in result:
            continue
        if name == "amortized_cost_real":
            result[name] = real(steps["amortized_cost"], published, facts)
        elif name == "note":
            result[name] = notes
        else:
            used = steps[STEP_OF.get(name, name)]
            result[name] = from_serial(used) if COST_COLUMNS[name].format == "date" else used
    return _frame(result, runs.index)


def _frame(columns, index):
    """Columns side by side as they are: pandas would copy numbers into one block and look through every text."""
    return pd.DataFrame(
        {name: pd.Series(column, index=index, dtype=column.dtype, copy=False) for name, column in columns.items()},
        copy=False,
    )


def estimate_models(edition=None):
    """Costs of the public models of an edition, by the rules of the paper [1]_.

    A fine-tuned model has its base model's cost in it, component by component; a model that names several chips, or
    none, has no estimate. The training time and the start are assumed where they are unknown.

    Parameters
    ----------
    edition : str or Catalog, optional

    Returns
    -------
    pandas.DataFrame
        model, published, the cost columns and note; `amortized_cost_real` is in the prices of the edition's
        `real_prices_of`.

    Examples
    --------
    The dearest model of the paper's data, in millions of USD:

    >>> costs = estimate_models("2024-05")
    >>> float(round(costs["amortized_cost"].max() / 1e6, 2))
    40.16

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    facts = edition if isinstance(edition, catalogs.Catalog) else catalogs.load(edition)
    models = facts.models
    several, none = models["chip"].str.contains(",").to_numpy(), (models["chip"] == "").to_numpy()
    blank = {name: np.nan if column.format not in ("text",) else "" for name, column in RUN_COLUMNS.items()}
    runs = pd.DataFrame({name: models[name] if name in models else blank[name] for name in RUN_COLUMNS})
    runs["start"], runs["chip"] = models["training_start_known"], models["chip"].where(~several, "")
    wanted = [name for name in COST_COLUMNS if name not in ("note", "amortized_cost_real", "budget_cost")]
    columns = {
        name: Coded.of(runs[name]) if runs[name].dtype == object else runs[name].to_numpy() for name in RUN_COLUMNS
    }
    steps, notes = run_steps(columns, facts, [STEP_OF.get(name, name) for name in wanted])
    costs = pd.DataFrame({name: steps[STEP_OF.get(name, name)] for name in wanted})
    notes = np.where(
        several,
        "No estimate: several chips in one run, and no split between them.",
        np.where(none, "No estimate: the chip is unknown.", notes),
    )
    costs, notes = _with_base(costs, notes, models)
    for name in ("training_start", "acquired"):
        costs[name] = from_serial(costs[name])
    in_real_prices = real(costs["amortized_cost"].to_numpy(), models["published"].to_numpy(), facts)
    costs.insert(costs.columns.get_loc("amortized_cost") + 1, "amortized_cost_real", in_real_prices)
    return pd.concat(
        [
            models["model"],
            pd.Series(from_serial(models["published"]), name="published"),
            costs,
            models[["organization", "chip"]],
            pd.Series(notes, name="note"),
        ],
        axis=1,
    )[["model", "published", *costs.columns, "note", "organization", "chip"]]


def run_steps(runs, facts, wanted, method=METHODS[0], assumptions=None, chip_notes=None, progress=None):
    """Steps of checked runs as arrays, and their notes.

    Parameters
    ----------
    runs : dict of str to column
        As `xlcost.runs.check_runs` gives them.
    facts : Catalog
    wanted : list of str
        Names of steps (`xlcost.model.STEPS`).
    method, assumptions, progress
        As in `estimate`.
    chip_notes : Coded, optional
        What to say first of each run.

    Returns
    -------
    steps : dict of str to ndarray
    notes : ndarray of str

    Raises
    ------
    XlcostError
        An unknown method or assumption.
    """
    if method not in METHODS:
        raise XlcostError(f"there is no method {method!r}; there are {', '.join(METHODS)}")
    assume = dict(ASSUMPTIONS)
    for name, value in (assumptions or {}).items():
        if name not in assume:
            raise XlcostError(f"there is no assumption {name!r}; there are {', '.join(assume)}")
        most = ASSUMPTIONS[name].at_most
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value <= most or value == np.inf:
            allowed = "of 0 or more" if most == np.inf else f"from 0 to {most:g}"
            raise XlcostError(f"assumption {name} is {value!r}; it must be a number {allowed}")
        assume[name] = float(value)
    tables, count = facts_of(facts, assume), len(runs["run"])
    kept, notes = {}, np.empty(count, dtype=object)
    # A block at a time, so that memory does not grow with the number of steps.
    for begin in range(0, count, BLOCK):
        block = slice(begin, begin + BLOCK)
        run = SimpleNamespace(**{name: column[block] for name, column in runs.items()})
        steps = CostSteps(run, tables, assume, method)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            found = {name: getattr(steps, name) for name in wanted}
            said = notes_of(steps)
        if chip_notes is not None:
            said.insert(0, Note(~(chip_notes[block] == ""), "{note}.", {"note": chip_notes[block]}))
        notes[block] = texts_of(said, len(run.chip))
        for name, values in found.items():
            if name not in kept:
                kept[name] = np.empty(count, dtype=values.dtype)
            kept[name][block] = values
        if progress:
            progress(min(begin + BLOCK, count), count)
    return kept, notes


def real(cost, serial, facts):
    """Nominal costs in the prices of the edition's `real_prices_of`; NaN where the index does not reach.

    Parameters
    ----------
    cost : array
        [USD of the dates]
    serial : array
        Dates as serial numbers.
    facts : Catalog

    Returns
    -------
    array
        [USD of that month]
    """
    index, target = facts.price_index, facts.real_prices_of
    values = pd.Series(index["producer_price_index"].to_numpy(), index["month"].to_numpy(dtype="datetime64[M]"))
    then = by_day(lambda days: values.reindex(days.astype("datetime64[M]")).to_numpy(), serial)
    return equations.real_cost(cost, then, values[np.datetime64(target, "M")])


def _with_base(costs, notes, models):
    """Costs of fine-tuned models with those of their base models in them, however long the chain."""
    costs, notes = costs.copy(), notes.copy()
    position = {name.casefold(): row for row, name in enumerate(models["model"])}
    base = np.array([position.get(name.casefold(), -1) if name else -1 for name in models["base_model"]])
    tuned = (models["base_model"] != "").to_numpy()
    own = costs[list(SUMMED_WITH_BASE)].to_numpy(dtype=float)
    total, ancestor = own.copy(), base.copy()
    known = tuned & (base >= 0)
    total[tuned & ~known] = np.nan
    while known.any():
        # One generation at a time: the base's own cost, then its base's.
        total[known] += own[ancestor[known]]
        lost = known & tuned[ancestor] & (base[ancestor] < 0)
        total[lost] = np.nan
        ancestor = np.where(known, base[ancestor], -1)
        known = ancestor >= 0
    costs[list(SUMMED_WITH_BASE)] = total
    amount = list(SUMMED_WITH_BASE).index("amortized_cost")
    for row in np.flatnonzero(tuned):
        name = models["base_model"].iloc[row]
        said = (
            f"Includes the cost of its base model {name}."
            if total[row, amount] == total[row, amount]
            else f"No cost: its base model {name} has none."
            if own[row, amount] == own[row, amount]
            else ""
        )
        notes[row] = f"{notes[row]} {said}".strip()
    return costs, notes
