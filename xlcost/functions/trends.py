"""Functions of growth: how fast costs grow, what that projects, and when an amount is reached."""

from __future__ import annotations

import numpy as np

from .. import equations, regression
from ..formula import where
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
SAME_DAY = 0.5
"""Squared distances of the dates below which all of them are of one day. [day²]"""


def _years(dates):
    return equations.decimal_year(year(dates), month(dates), day(dates))


class _Line:
    """The line through the points that were given, and the ranges around it."""

    def __init__(self, given, model):
        years = model.keep("years", _years(given.dates))
        logs = model.keep("logs", np.log10(given.costs))
        for name in ("slope", "intercept", "scatter"):
            setattr(self, name, model.keep(name, getattr(regression, name)(logs, years)))
        self.n = model.keep("points", regression.count(years))
        self.middle = model.keep("middle", regression.middle(years))
        self.squares = model.keep("squares", regression.squares(years))

    def student_t(self, given, model):
        level = model.keep("level_used", where(np.isnan(given.level), LEVEL, given.level))
        return model.keep("student_t", regression.student_t(level, self.n))


def _no_line(given):
    """Fewer than three costs, or all of one date."""
    return (regression.count(given.dates) < 3) | (regression.squares(given.dates) < SAME_DAY)


def _growth(given, model):
    line = _Line(given, model)
    reach = model.keep("reach", line.student_t(given, model) * equations.slope_error(line.scatter, line.squares))
    return [[equations.growth_per_year(slope) for slope in (line.slope, line.slope - reach, line.slope + reach)]]


def _projection(given, model):
    line, when = _Line(given, model), model.keep("when", _years(given.on_date))
    t, distance = line.student_t(given, model), model.keep("distance", when - line.middle)
    row = [equations.trend_cost(when, line.slope, line.intercept)]
    for name, error in (("trend", equations.line_error), ("single", equations.prediction_error)):
        reach = model.keep(f"{name}_reach", t * error(line.scatter, line.n, distance, line.squares))
        row += [equations.trend_cost(when, line.slope, end) for end in (line.intercept - reach, line.intercept + reach)]
    return [row]


def _year_reached(given, model):
    line = _Line(given, model)
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
    ),
)
