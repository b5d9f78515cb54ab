"""What a report says: inputs, facts with their sources, method, components, interval; each computed by `estimate`."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from types import SimpleNamespace

import numpy as np
import pandas as pd

from ...catalog import Catalog
from ...columns import COST_COLUMNS, RUN_COLUMNS
from ...cost_interval import SAMPLES, cost_interval, figures_of
from ...date_parts import iso_date
from ...dates import to_serial
from ...equations.parameters import ASSUMPTIONS, COTTIER
from ...errors import XlcostError
from ...estimate import estimate
from ...facts import facts_of
from ...lookup import Coded, take
from ...model import METHODS, CostSteps
from ...runs import DATES, LABELS, check_runs
from ...uncertainty import LEVEL, SEED

KIND = "xlcost cost report"
VERSION = "1.0"
"""Of the schema: the first number changes where an older reader would misread a report."""
INTERNAL = ("department", "cost_center", "capacity", "account", "treatment", "scope", "phase", "experiment_factor")
"""Columns of a run that do not change its cost and are nobody else's business."""
COMPONENTS = ("accelerator_chips", "server_components", "interconnect", "energy")
"""Parts of the cost on own hardware."""
RESULTS = (
    *("amortized_cost", "amortized_cost_real", "acquisition_cost", "cloud_cost", "chip_hours", "power_capacity_kw"),
    *("acquisition_price_per_chip", "value_at_start_per_chip"),
)
"""Other figures, by their columns of an estimate."""
DESCRIPTIONS = {
    "market": "Hardware loses market value by a constant rate; what it loses while the run uses it is the run's cost.",
    "market_exact": "Hardware loses market value by a constant rate, followed through the run day by day.",
    "straight_line": "Hardware is written off evenly over its useful life, and the run pays for its hours.",
}
_STEPS = (
    *("chip_row", "tdp_w", "peak_flops", "purchase_price_row", "chip_price", "chip_price_date", "sold_as"),
    *("cloud_price_row", "cloud_list_price", "cloud_price_date", "cloud_vendor", "commitment_found"),
    *("energy_price_row", "usd_per_kwh_used", "energy_kwh", "useful_life", "hours_assumed"),
)


def report_of(run, facts, method=METHODS[0], level=LEVEL):
    """A training run's cost, with all that it rests on.

    Parameters
    ----------
    run : pandas.DataFrame
        One row, as `xlcost.estimate.estimate` takes them.
    facts : Catalog
    method : str
        How hardware is amortized.
    level : float
        What share of all cases the interval holds.

    Returns
    -------
    dict
        Texts, numbers, lists and None, as the schema beside this module says.

    Raises
    ------
    XlcostError
        The run cannot be used, or nothing about it has a cost.

    Examples
    --------
    >>> from xlcost.catalog import load
    >>> facts = load("2024-05")
    >>> report = report_of(run_of_model(facts, "GPT-4"), facts)
    >>> round(report["results"]["amortized_cost"]["value"] / 1e6, 2), report["inputs"]["chips"]
    (40.16, {'value': 25000.0, 'unit': 'chips'})
    """
    if not 0 < level < 1:
        raise XlcostError(f"--level is {level}; it must be above 0 and below 1")
    run = run.drop(columns=[name for name in INTERNAL if name in run])
    checked, _ = check_runs(run, facts)
    # By its full name, so that the report itself says which variant of a family was meant.
    run = run.rename(columns=lambda name: LABELS.get(str(name).casefold(), str(name)))
    run = run.assign(chip=checked["chip"].texts_of_rows())
    costs = estimate(run, facts, method=method)
    cost = costs.iloc[0]
    if np.isnan(cost["amortized_cost"]) and np.isnan(cost["cloud_cost"]):
        raise XlcostError(f"{cost['run']}: the run has no cost to report: {cost['note']}")
    steps = _steps(checked, facts, method)
    return {
        "kind": KIND,
        "schema_version": VERSION,
        "xlcost_version": version("xlcost"),
        "edition": facts.edition,
        "run": cost["run"],
        "money": f"USD of the days on which it is spent; real: USD of {facts.real_prices_of}",
        "method": {"name": method, "description": DESCRIPTIONS[method], "source": COTTIER},
        "inputs": _inputs(checked, run),
        "facts": _facts(steps, cost, checked, facts),
        "assumptions": [_assumption(name, parameter) for name, parameter in ASSUMPTIONS.items()],
        "components": _components(cost),
        "results": _results(cost, steps),
        "interval": _interval(costs, checked, steps, facts, method, level),
        "notes": cost["note"],
        "credit": facts.credit,
    }


def _steps(checked, facts, method):
    """Steps of the one run, by name."""
    steps = CostSteps(SimpleNamespace(**checked), facts_of(facts, ASSUMPTIONS), ASSUMPTIONS, method)
    with np.errstate(invalid="ignore"):
        values = {name: getattr(steps, name) for name in _STEPS}
    return {
        name: value.texts_of_rows()[0] if isinstance(value, Coded) else np.atleast_1d(value)[0]
        for name, value in values.items()
    }


def run_of_model(facts, name):
    """A public model of the edition as a run.

    Parameters
    ----------
    facts : Catalog
    name : str
        Without regard to case.

    Returns
    -------
    pandas.DataFrame
        One row.

    Raises
    ------
    XlcostError
        There is no such model, or it is more than one run of one chip.
    """
    models = facts.models
    found = models[models["model"].str.casefold() == name.strip().casefold()]
    if found.empty:
        near = ", ".join(sorted(models["model"], key=lambda model: _distance(model, name))[:4])
        raise XlcostError(f"edition {facts.edition} has no model {name!r}; nearest: {near}")
    model = found.iloc[0]
    for wrong, why in (
        (model["base_model"] != "", f"is tuned from {model['base_model']}, whose cost would be another run's"),
        ("," in model["chip"], "was trained on several chips, with no split between them"),
        (model["chip"] == "", "was trained on an unknown chip"),
    ):
        if wrong:
            raise XlcostError(f"{model['model']} {why}: a report is of one run on one chip")
    columns = {column: model[column] for column in RUN_COLUMNS if column in model and column not in INTERNAL}
    columns |= {"run": model["model"], "start": model["training_start_known"]}
    row = {name: value for name, value in columns.items() if value != "" and value == value}
    return pd.DataFrame({name: [_date(value) if name in DATES else value] for name, value in row.items()})


def _distance(one, other):
    import difflib

    return -difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _date(serial):
    return str(iso_date(float(serial)))


def _number(value):
    """A number for JSON: None where there is none."""
    return None if value is None or value != value else float(value)


def _figure(value, unit):
    return {"value": _number(value), "unit": unit}


def _inputs(checked, run):
    """What was given of the run: texts, dates as texts, numbers with their unit."""
    found = {}
    for name in RUN_COLUMNS:
        if name not in run or name in ("run", *INTERNAL):
            continue
        column = checked[name]
        value = column.texts_of_rows()[0] if hasattr(column, "texts_of_rows") else column[0]
        if value == "" or value != value:
            continue
        if name in DATES:
            found[name] = _date(value)
        else:
            found[name] = value if isinstance(value, str) else _figure(value, RUN_COLUMNS[name].unit)
    return found


def _facts(steps, cost, checked, facts: Catalog):
    """Facts that the cost rests on, each with its date and source; none for what the run gives by itself."""
    tables, found = facts_of(facts, ASSUMPTIONS), []

    def add(fact, value, unit, date, vendor, source, note=""):
        if value == value:
            day = _date(date) if date == date else None
            found.append(
                {
                    "fact": fact,
                    **_figure(value, unit),
                    "date": day,
                    "vendor": vendor or None,
                    "source": source,
                    "note": note or None,
                }
            )

    chip = facts.chips.iloc[int(steps["chip_row"]) - 1]
    add(
        "power of the chip (TDP)", steps["tdp_w"], "W", chip["date"], chip["manufacturer"], chip["source"], chip["note"]
    )
    peak_counts = np.isnan(checked["chip_hours"][0]) and np.isnan(checked["hours"][0])
    if peak_counts:
        add("peak rate of the chip", steps["peak_flops"], "FLOP/s", chip["date"], chip["manufacturer"], chip["source"])
    if np.isnan(checked["server_price_per_chip"][0]):
        row = steps["purchase_price_row"]
        add(
            *("purchase price of the chip", steps["chip_price"], "USD/chip", steps["chip_price_date"]),
            *(take(tables.purchase_vendor, row), take(tables.purchase_source, row), steps["sold_as"]),
        )
    row = steps["cloud_price_row"]
    add(
        *("cloud price", steps["cloud_list_price"], "USD/chip-hour", steps["cloud_price_date"], steps["cloud_vendor"]),
        *(take(tables.cloud_source, row), steps["commitment_found"]),
    )
    if np.isnan(checked["usd_per_kwh"][0]) and steps["energy_price_row"] == steps["energy_price_row"]:
        price = facts.energy_prices.iloc[int(steps["energy_price_row"]) - 1]
        add(
            *("electricity price", steps["usd_per_kwh_used"], "USD/kWh", price["date"], ""),
            *(price["source"], f"average of {price['year']:.0f}"),
        )
    return found


def _assumption(name, parameter):
    return {
        "name": name,
        **_figure(parameter, parameter.unit),
        "low": _number(parameter.low),
        "high": _number(parameter.high),
        "meaning": parameter.meaning,
        "source": parameter.source,
    }


def _components(cost):
    """Parts of the cost on own hardware: amount, and share of all of it."""
    return [
        {
            "component": name,
            **_figure(cost[name], "USD"),
            "share": _number(cost[name] / cost["amortized_cost"]),
        }
        for name in COMPONENTS
    ]


def _results(cost, steps):
    found = {name: _figure(cost[name], COST_COLUMNS[name].unit) for name in RESULTS}
    return (
        found
        | {"energy_kwh": _figure(steps["energy_kwh"], "kWh")}
        | {
            name: _date(to_serial(cost[name].to_datetime64())) if cost[name] == cost[name] else None
            for name in ("training_start", "acquired")
        }
    )


def _is_from_compute(checked):
    """Whether the chip-hours come from training compute and are not given."""
    return np.isnan(checked["chip_hours"]) & (np.isnan(checked["chips"]) | np.isnan(checked["hours"]))


def _interval(costs, checked, steps, facts, method, level):
    """How sure the cost on own hardware is; None where it has none."""
    if np.isnan(costs["amortized_cost"].item()):
        return None
    (figures,) = figures_of(costs, _is_from_compute(checked), facts)
    figures = dataclasses.replace(
        figures,
        method=method,
        chips=float(costs["chip_hours"].item() / steps["hours_assumed"]),
        hours=float(steps["hours_assumed"]),
        useful_life=float(steps["useful_life"]),
    )
    total = cost_interval(figures, level, SAMPLES, SEED).total
    return {
        "of": "amortized_cost",
        "level": level,
        "low": _number(total.low),
        "median": _number(total.median),
        "high": _number(total.high),
        "unit": "USD",
        "samples": SAMPLES,
        "seed": SEED,
    }
