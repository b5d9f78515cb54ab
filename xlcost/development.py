"""What it costs to develop a model: experiments and the final run, and the people, as an interval.

The paper's third approach. A project's ranges come from the catalog, for the public models of an edition, or from a
company's own people and runs; the same calculation serves both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from . import equations
from .equations.parameters import (
    DAYS_PER_YEAR,
    EMPLOYMENT_OVERHEAD,
    ENERGY_PRICE_FACTOR,
    EQUITY,
    EXPERIMENT_FACTOR,
    MONTHS_PER_YEAR,
    SALARY,
)
from .errors import XlcostError
from .uncertainty import CHUNK, LEVEL, SAMPLES, SEED, Drawn, Points, Range, simulate, sum_of_copies

HARDWARE = ("accelerator_chips", "server_components", "interconnect")
COMPONENTS = (*HARDWARE, "energy", "staff")
"""Parts of a development cost, named as in an estimate."""
TOTAL = "development_cost"


def range_of(parameter):
    """A parameter's 90% range.

    >>> range_of(EMPLOYMENT_OVERHEAD).middle == EMPLOYMENT_OVERHEAD
    True
    """
    return Range(parameter.low, parameter.high)


@dataclass(frozen=True)
class Role:
    """People of a project who are alike, each with a salary and a share of time of their own.

    Parameters
    ----------
    name : str
    people : int
    fte : float or Range
        Share of a full-time position that each gives to the project. [-]
    salary, equity : float or Range
        In a full year. [USD/year]
    employment_overhead : float or Range
        Salary with benefits and payroll tax over salary. [-]
    years : float or Range, optional
        Time that these people are on the project; the project's own by default. [year]
    """

    name: str
    people: int
    fte: float | Range
    salary: float | Range = range_of(SALARY)
    equity: float | Range = range_of(EQUITY)
    employment_overhead: float | Range = range_of(EMPLOYMENT_OVERHEAD)
    years: float | Range | None = None

    def usd_per_year(self, seed=SEED):
        """What all of them cost in a year of the project, as one quantity. [USD/year]"""
        each = {name: getattr(self, name) for name in ("fte", "salary", "equity", "employment_overhead")}
        return sum_of_copies(
            lambda fte, **pay: equations.staff_cost(people=1, fte=fte, years=1.0, **pay), each, self.people, seed
        )


@dataclass(frozen=True)
class Contractors:
    """People who are paid by the month.

    Parameters
    ----------
    person_months : float or Range
        [person-month]
    usd_per_person_month : float or Range
        [USD/person-month]
    """

    person_months: float | Range
    usd_per_person_month: float | Range


@dataclass(frozen=True)
class Project:
    """The development of one model.

    Parameters
    ----------
    name : str
    hardware : dict of str to float
        Amortized cost of the final run by component (`HARDWARE`). [USD]
    energy : tuple of (float or Range)
        Factors of the final run's energy cost, such as kW, chips, hours and USD/kWh; their product is in USD.
    roles : tuple of Role
    years : float, Range or Drawn
        Time that the project takes. [year]
    contractors : tuple of Contractors
    experiment_factor : float or Range
        Compute of the whole project over the final run's. [-]
    energy_price_factor : float or Range
        Price of electricity at the site over the one in `energy`. [-]
    price_index_factor : float
        From the money of the costs above to that of the result. [-]
    """

    name: str
    hardware: dict
    energy: tuple
    roles: tuple = ()
    years: float | Range | Drawn = 1.0
    contractors: tuple = ()
    experiment_factor: float | Range = range_of(EXPERIMENT_FACTOR)
    energy_price_factor: float | Range = range_of(ENERGY_PRICE_FACTOR).around(1.0)
    price_index_factor: float = 1.0


def development(project, level=LEVEL, samples=SAMPLES, seed=SEED, progress=None):
    """Cost of a project as an interval, whole and by component [1]_.

    Parameters
    ----------
    project : Project
    level, samples, seed, progress
        As in `xlcost.uncertainty.simulate`.

    Returns
    -------
    xlcost.uncertainty.Outcome
        Its parts are `COMPONENTS`. [USD]

    Examples
    --------
    A run of $10 million, and ten people for a year:

    >>> hardware = {"accelerator_chips": 5e6, "server_components": 3e6, "interconnect": 1.5e6}
    >>> project = Project("ours", hardware, energy=(0.5e6,), roles=(Role("engineers", 10, 0.5),))
    >>> outcome = development(project)
    >>> [round(end / 1e6) for end in (outcome.total.low, outcome.total.median, outcome.total.high)]
    [14, 24, 42]

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    quantities = quantities_of(project, seed)
    return simulate(lambda **drawn: amounts_of(project, drawn), quantities, samples, seed, level, progress)


def quantities_of(project, seed=SEED):
    """What a project's cost depends on, by name: numbers, and what is drawn."""
    quantities = {
        "experiment_factor": project.experiment_factor,
        "energy_price_factor": project.energy_price_factor,
        "years": project.years,
    }
    quantities |= {f"energy {place}": factor for place, factor in enumerate(project.energy)}
    for place, role in enumerate(project.roles):
        quantities[f"usd_per_year {place}"] = role.usd_per_year(seed)
        if role.years is not None:
            quantities[f"years {place}"] = role.years
    for place, hired in enumerate(project.contractors):
        quantities[f"person_months {place}"] = hired.person_months
        quantities[f"usd_per_person_month {place}"] = hired.usd_per_person_month
    return quantities


def amounts_of(project, drawn):
    """Amounts by component, in the money of the result, from values of `quantities_of`."""

    def all_of_it(computing):
        return equations.development_cost(computing, 0.0, drawn["experiment_factor"]) * project.price_index_factor

    energy = math.prod((drawn[f"energy {place}"] for place in range(len(project.energy))), start=1.0)
    employees = sum(
        drawn[f"usd_per_year {place}"] * drawn.get(f"years {place}", drawn["years"])
        for place in range(len(project.roles))
    )
    hired = sum(
        equations.contractor_cost(drawn[f"person_months {place}"], drawn[f"usd_per_person_month {place}"])
        for place in range(len(project.contractors))
    )
    return {
        **{name: all_of_it(project.hardware[name]) for name in HARDWARE},
        "energy": all_of_it(energy * drawn["energy_price_factor"]),
        "staff": (employees + hired) * project.price_index_factor,
    }


def public_project(facts, name):
    """The development of a public model, in the prices of the edition's `real_prices_of`.

    Parameters
    ----------
    facts : Catalog
    name : str
        Of a model, without regard to case.

    Returns
    -------
    Project

    Raises
    ------
    XlcostError
        The edition has no such project.
    """
    from .estimate import estimate_models

    rows = np.flatnonzero(facts.projects["model"].str.casefold() == name.strip().casefold())
    if not len(rows):
        there = ", ".join(facts.projects["model"])
        raise XlcostError(f"no project of {name!r} is known; there are {there}")
    known = facts.projects.iloc[rows[0]]
    cost = estimate_models(facts).set_index("model").loc[known["model"]]
    factor = cost["amortized_cost_real"] / cost["amortized_cost"]
    roles = facts.project_roles[facts.project_roles["model"] == known["model"]]
    return Project(
        known["model"],
        hardware={part: cost[part] for part in HARDWARE},
        energy=_energy(known, cost["energy"], facts.energy_prices),
        roles=tuple(_role(role) for role in roles.to_dict("records")),
        years=_years(known, float(facts.models.set_index("model").at[known["model"], "published"])),
        price_index_factor=factor,
    )


def _quantity(low, high, kind="lognormal"):
    """A number where both ends are the same, else a range."""
    return low if low == high else Range(low, high, kind)


def _energy(known, of_the_run, prices):
    """Factors of the energy cost: measured, or power times time, else that of the run's estimate."""
    if np.isnan(known["energy_year"]):
        return (of_the_run,)
    usd_per_kwh = float(prices.set_index("year").at[known["energy_year"], "usd_per_kwh"])
    if not np.isnan(known["energy_kwh"]):
        return known["energy_kwh"], usd_per_kwh
    units = _quantity(known["units_low"], known["units_high"], known["units_kind"] or "lognormal")
    hours = _quantity(known["energy_hours_low"], known["energy_hours_high"])
    return known["kw_per_unit"], units, hours, usd_per_kwh


def _years(known, published):
    """Time that a project takes: known, or a range, or from a range of its start to some time before publication."""
    if not np.isnan(known["days"]):
        return known["days"] / DAYS_PER_YEAR
    if not np.isnan(known["months_low"]):
        return Range(known["months_low"] / MONTHS_PER_YEAR, known["months_high"] / MONTHS_PER_YEAR)
    started = Range(known["started_low"], known["started_high"], "normal")
    delay = _quantity(known["delay_low"], known["delay_high"])
    return _duration(started, delay, published, known["shortest_days"])


def _duration(started, delay, published, shortest):
    """Years between two uncertain days; what is too short is drawn again."""
    points = Points(2, SEED).random(CHUNK)
    late = delay.quantile(points[:, 1]) if isinstance(delay, Range) else delay
    days = published - late - started.quantile(points[:, 0])
    return Drawn(np.sort(days[days >= shortest]) / DAYS_PER_YEAR)


def _role(known):
    pay = {"salary": range_of(SALARY), "equity": range_of(EQUITY)}
    for name, usual in pay.items():
        if not np.isnan(known[f"{name}_low"]):
            pay[name] = Range(known[f"{name}_low"], known[f"{name}_high"])
        elif not np.isnan(known["pay_percentile_low"]):
            pay[name] = Range(*(float(usual.quantile(known[f"pay_percentile_{end}"])) for end in ("low", "high")))
    return Role(known["role"], int(known["people"]), Range(known["fte_low"], known["fte_high"]), **pay)


def project_of_run(cost, roles=(), contractors=(), **ranges):
    """The development around a training run of one's own, in the money of its estimate.

    Parameters
    ----------
    cost : mapping
        A row of `xlcost.estimate.estimate`.
    roles : tuple of Role
        Each with years of its own.
    contractors : tuple of Contractors
    **ranges : float or Range
        experiment_factor of a run that names none, energy_price_factor; those of the paper by default.

    Returns
    -------
    Project
    """
    factor = cost.get("experiment_factor", np.nan)
    if not np.isnan(factor):
        ranges["experiment_factor"] = float(factor)
    return Project(
        cost["run"],
        hardware={part: cost[part] for part in HARDWARE},
        energy=(cost["energy"],),
        roles=roles,
        contractors=contractors,
        **ranges,
    )


def table_of(projects, level=LEVEL, samples=SAMPLES, seed=SEED, progress=None):
    """Development costs as a table.

    Parameters
    ----------
    projects : list of Project
    level, samples, seed, progress
        As in `xlcost.uncertainty.simulate`.

    Returns
    -------
    pandas.DataFrame
        run, component (`COMPONENTS`, then `TOTAL`), low, median and high in USD, and the share of the parts' medians.
    """
    import pandas as pd

    rows = []
    for number, project in enumerate(projects):

        def advance(done, total, before=number):
            if progress:
                progress(before * total + done, len(projects) * total)

        outcome = development(project, level, samples, seed, advance)
        for name, amount in {**outcome.parts, TOTAL: outcome.total}.items():
            rows.append((project.name, name, amount.low, amount.median, amount.high, outcome.shares.get(name, 1.0)))
    return pd.DataFrame(rows, columns=["run", "component", "low", "median", "high", "share"])
