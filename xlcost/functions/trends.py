"""Functions of growth: how fast costs grow, what that projects, and when an amount is reached."""

from __future__ import annotations

import numpy as np

from .. import equations, regression
from ..lookup import day, month, year
from ..regression import LEVEL
from .arguments import Argument
from .described import Function

DATES = Argument(
    "dates", "Dates of the costs, a column or a row of cells; where either is blank, both are left out", "dates"
)
COSTS = Argument(
    "costs", "Costs above 0, as many cells as dates", "numbers", unit="USD", limits={"above": 0, "at_most": 1e18}
)
LEVEL_OF_RANGE = Argument(
    "level",
    f"Share of all cases that a range holds, above 0 and below 1; {LEVEL:g} where left out",
    unit="share",
    optional=True,
    limits={"at_least": 0.01, "at_most": 0.999},
)
EXAMPLE_DATES = ("2020-05-28", "2021-10-11", "2022-04-04", "2023-03-15", "2024-07-23")
EXAMPLE_COSTS = (2e6, 4e6, 3e6, 40e6, 53e6)
"""Five large models, roughly."""


def _years(dates):
    return equations.decimal_year(year(dates), month(dates), day(dates))


def _line(given):
    return regression.line(_years(given.dates), np.log10(given.costs))


def _no_line(given):
    """Fewer than three costs, or all of one date."""
    return len(given.dates) < 3 or (given.dates == given.dates[0]).all()


def _student_t(given):
    return regression.student_t(LEVEL if np.isnan(given.level) else float(given.level), len(given.dates))


def _growth(given, model):
    line = _line(given)
    reach = _student_t(given) * equations.slope_error(line.scatter, line.squares)
    return [[equations.growth_per_year(slope) for slope in (line.slope, line.slope - reach, line.slope + reach)]]


def _projection(given, model):
    line, when = _line(given), _years(given.on_date)
    row = [equations.trend_cost(when, line.slope, line.intercept)]
    for error in (equations.line_error, equations.prediction_error):
        reach = _student_t(given) * error(line.scatter, len(given.dates), when - line.middle, line.squares)
        row += [equations.trend_cost(when, line.slope, line.intercept + side) for side in (-reach, reach)]
    return [row]


def _year_reached(given, model):
    line = _line(given)
    return equations.year_reached(given.threshold, line.slope, line.intercept)


FUNCTIONS = (
    Function(
        "COST_GROWTH",
        "How many times as much costs are after a year, by their trend: growth, low end and high end of its range.",
        "",
        (DATES, COSTS, LEVEL_OF_RANGE),
        (EXAMPLE_DATES, EXAMPLE_COSTS),
        _growth,
        refuses=_no_line,
        spills=("growth", "growth", "growth"),
        needs_python=True,
    ),
    Function(
        "COST_PROJECTION",
        "What the trend of costs gives for a date: cost, low and high end of the trend's range, and of one cost's.",
        "USD",
        (DATES, COSTS, Argument("on_date", "Date that the cost is wanted for", "date"), LEVEL_OF_RANGE),
        (EXAMPLE_DATES, EXAMPLE_COSTS, "2027-01-01"),
        _projection,
        refuses=_no_line,
        spills=("money",) * 5,
        needs_python=True,
    ),
    Function(
        "YEAR_COST_REACHES",
        "Year, with its fraction, in which the trend of costs reaches an amount; a year that is past where it has.",
        "calendar year",
        (
            DATES,
            COSTS,
            Argument("threshold", "Amount to be reached", unit="USD", limits={"above": 0, "at_most": 1e18}),
        ),
        (EXAMPLE_DATES, EXAMPLE_COSTS, 1e9),
        _year_reached,
        refuses=_no_line,
        needs_python=True,
    ),
)
