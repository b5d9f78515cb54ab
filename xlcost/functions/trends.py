"""Functions of growth: how fast costs grow, what that projects, and when an amount is reached."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations, regression
from ..date_parts import day, month, year
from ..formula import where
from ..regression import LEVEL
from .arguments import Argument, level_argument
from .described import Function

DATES = Argument(
    "dates", "Dates of the costs, a column or a row of cells; where either is blank, both are left out", "dates"
)
COSTS = Argument(
    "costs", "Costs above 0, as many cells as dates", "numbers", unit="USD", limits={"above": 0, "at_most": 1e18}
)
LEVEL_OF_RANGE = level_argument(LEVEL)
EXAMPLE_DATES = ("2020-05-28", "2021-10-11", "2022-04-04", "2023-03-15", "2024-07-23")
EXAMPLE_COSTS = (2e6, 4e6, 3e6, 40e6, 53e6)
"""Five large models, roughly."""
CALENDAR = 1900, 10000
"""The years of a spreadsheet's dates: from the first until the last has ended."""


def _years(dates):
    return equations.decimal_year(year(dates), month(dates), day(dates))


def _line(given, model):
    """The line through the decimal logarithms of the costs, each of its figures a step."""
    years = model.keep("when", _years(given.dates))
    heights = model.keep("heights", np.log10(given.costs))
    return SimpleNamespace(
        years=years,
        heights=heights,
        slope=model.keep("steepness", regression.slope(heights, years)),
        intercept=model.keep("height_at_zero", regression.intercept(heights, years)),
    )


def _with_errors(given, model):
    """The line, and what tells how sure it is."""
    line = _line(given, model)
    line.n = model.keep("points", regression.count(line.years))
    line.scatter = model.keep("scatter", regression.scatter(line.heights, line.years))
    line.squares = model.keep("squares", regression.squares(line.years))
    level = model.keep("share", where(np.isnan(given.level), LEVEL, given.level))
    line.t = model.keep("quantile", regression.student_t(level, line.n))
    return line


def _no_line(given, model):
    """Fewer than three costs, or all of one day."""
    # Of days that are not all the same, the squares are at least 2/3; of the same ones, 0 but for rounding.
    return (regression.count(given.dates) < 3) | (regression.squares(np.floor(given.dates)) < 0.5)


def _never(given, model):
    """No line, or one so flat that it does not come to the amount."""

    def beyond():
        line, height = _line(given, model), model.keep("height", np.log10(given.threshold))
        first, last = (height - (line.intercept + line.slope * year) for year in CALENDAR)
        return first * last >= 0

    return where(_no_line(given, model), True, beyond)


def _growth(given, model):
    line = _with_errors(given, model)
    reach = model.keep("reach", line.t * equations.slope_error(line.scatter, line.squares))
    return [[equations.growth_per_year(slope) for slope in (line.slope, line.slope - reach, line.slope + reach)]]


def _projection(given, model):
    line = _with_errors(given, model)
    when = model.keep("then", _years(given.on_date))
    distance = model.keep("distance", when - regression.middle(line.years))
    row = [equations.trend_cost(when, line.slope, line.intercept)]
    for name, error in (("of_line", equations.line_error), ("of_cost", equations.prediction_error)):
        reach = model.keep(name, line.t * error(line.scatter, line.n, distance, line.squares))
        row += [equations.trend_cost(when, line.slope, line.intercept + side) for side in (-reach, reach)]
    return [row]


def _year_reached(given, model):
    line = _line(given, model)
    return model.keep("reached", equations.year_reached(given.threshold, line.slope, line.intercept))


FUNCTIONS = (
    Function(
        "COST_GROWTH",
        "How many times as much costs are after a year, by their trend: growth, low end and high end of its range.",
        "factor/year",
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
        "Year, with its fraction, in which the trend of costs comes to an amount, growing or falling; a past one where "
        "it has been there. #NUM! for a trend so flat that this is no year of a calendar.",
        "calendar year",
        (
            DATES,
            COSTS,
            Argument("threshold", "Amount to be reached", unit="USD", limits={"above": 0, "at_most": 1e18}),
        ),
        (EXAMPLE_DATES, EXAMPLE_COSTS, 1e9),
        _year_reached,
        refuses=_never,
    ),
)
