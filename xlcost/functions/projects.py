"""Functions of a whole development: people, experiments and the final run."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..columns import LIMITS
from ..formula import where
from ..uncertainty import LEVEL
from .arguments import CHIP, CHIPS, HOURS, METHOD, START, Argument, level_argument
from .described import Function


def _staff_cost(given, model):
    return equations.staff_cost(
        given.people,
        given.fte,
        given.years,
        model.usual("salary", given.salary),
        model.usual("equity", given.equity),
        model.usual("employment_overhead", given.overhead),
    )


def _development_cost(given, model):
    # Kept by itself: where nobody is named, there is nobody to pay.
    staff = model.keep("staff", where(np.isnan(given.staff_cost), 0.0, given.staff_cost))
    factor = model.keep("factor", model.usual("experiment_factor", given.experiment_factor))
    return equations.development_cost(model.steps(given).amortized_cost, staff, factor)


def _cost_interval(given, model):
    """Low, median and high in one row."""
    # Only this function draws samples, and what it needs for that is imported with its first call.
    from ..cost_interval import RunFigures, cost_interval

    steps = model.steps(given, given.method)
    cost = steps.amortized_cost
    if cost != cost:
        return [[cost] * 3]
    run = RunFigures(
        steps.kind,
        *(float(figure) for figure in (steps.acquisition_price_per_chip, steps.years_owned, steps.chip_hours_used)),
        float(steps.energy),
        method=given.method,
        chips=float(given.chips),
        hours=float(given.hours),
        useful_life=float(steps.useful_life),
    )
    total = cost_interval(run, LEVEL if np.isnan(given.level) else float(given.level)).total
    return [[total.low, total.median, total.high]]


FUNCTIONS = (
    Function(
        "STAFF_COST",
        "Cost of people who work on a project for a share of their time: salary with its overhead, and equity.",
        "USD",
        (
            Argument("people", "Number of people", unit="person", limits={"above": 0, "at_most": 1e6}),
            Argument(
                "fte",
                "Share of a full-time position that each gives, above 0 and at most 1.5",
                unit="share",
                limits={"above": 0, "at_most": 1.5},
            ),
            Argument("years", "Time that they work on it, in years", unit="year", limits={"above": 0, "at_most": 50}),
            Argument(
                "salary",
                "Salary of one person in a full year; the middle of the paper's range where left out",
                unit="USD",
                optional=True,
                limits={"at_least": 0, "at_most": 1e8},
            ),
            Argument(
                "equity",
                "Shares given to one person in a full year; the middle of the paper's range where left out",
                unit="USD",
                optional=True,
                limits={"at_least": 0, "at_most": 1e10},
            ),
            Argument(
                "overhead",
                "Salary with benefits and payroll tax over salary; the middle of the paper's range where left out",
                optional=True,
                limits={"at_least": 1, "at_most": 5},
            ),
        ),
        (25, 0.2, 1.5, 200_000, 100_000),
        _staff_cost,
    ),
    Function(
        "DEVELOPMENT_COST",
        "Cost of developing a model on own hardware: the run's cost times an experiment factor, plus staff.",
        "USD",
        (
            CHIP,
            CHIPS,
            HOURS,
            START,
            Argument(
                "experiment_factor",
                "Compute of the whole project over the final run's; the middle of the paper's range where left out",
                optional=True,
                limits=LIMITS["experiment_factor"],
            ),
            Argument(
                "staff_cost",
                "Cost of the people, such as a STAFF_COST; none where left out",
                unit="USD",
                optional=True,
                limits={"at_least": 0, "at_most": 1e12},
            ),
        ),
        ("H100", 5000, 1440, "2026-03-01", 2.5, 4_000_000),
        _development_cost,
    ),
    Function(
        "COST_INTERVAL",
        "How sure the cost of a run on own hardware is: low end, median and high end, by the ranges of the paper.",
        "USD",
        (
            CHIP,
            CHIPS,
            HOURS,
            START,
            level_argument(LEVEL),
            METHOD,
        ),
        ("H100", 5000, 1440, "2026-03-01", 0.9),
        _cost_interval,
        spills=("money", "money", "money"),
        needs_python=True,
    ),
)
