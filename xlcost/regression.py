"""Straight lines through points, and quantiles: statistics as numbers, and as a spreadsheet's functions.

Each takes an array, or cells of a sheet (`xlcost.references.Range`, or a `Term` of an array), and gives a number, or
the term of ``SLOPE``, ``STEYX`` and their like. A point of which either coordinate is missing counts as none; on a
sheet both are to be empty then.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from .formula import Term

LEVEL = 0.95
"""What share of cases a trend's range holds where nothing else is said."""


class Line(NamedTuple):
    """A least-squares line and what is known of its points; see `xlcost.trend.Trend`."""

    slope: float
    intercept: float
    r2: float
    scatter: float
    middle: float
    squares: float


def line(x, y):
    """The least-squares line through points of at least two places, as numbers; all NaN where there are fewer.

    >>> float(line(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])).slope)
    2.0
    """
    from scipy.stats import linregress

    if len(x) < 2 or np.ptp(x) == 0:
        return Line(*[np.nan] * len(Line._fields))
    found = linregress(x, y)
    across, up = x - x.mean(), y - y.mean()
    # SciPy has no standard error for points of one height.
    beside = up - found.slope * across
    scatter = np.sqrt(beside @ beside / (len(x) - 2)) if len(x) > 2 else np.nan
    return Line(found.slope, found.intercept, found.rvalue**2, scatter, x.mean(), across @ across)


def count(x):
    """Number of points; ``COUNT``, or ``ROWS`` of a column within a LAMBDA, which has no gaps."""
    return _of_points("ROWS" if getattr(x, "within_lambda", False) else "COUNT", lambda x: float(len(x)), x)


def slope(y, x):
    """``SLOPE``."""
    return _of_points("SLOPE", lambda y, x: line(x, y).slope, y, x)


def intercept(y, x):
    """``INTERCEPT``."""
    return _of_points("INTERCEPT", lambda y, x: line(x, y).intercept, y, x)


def r_squared(y, x):
    """Share of the variance that the line explains; ``RSQ``."""
    return _of_points("RSQ", lambda y, x: line(x, y).r2, y, x)


def scatter(y, x):
    """Standard error of the points around the line; ``STEYX``."""
    return _of_points("STEYX", lambda y, x: line(x, y).scatter, y, x)


def middle(x):
    """``AVERAGE``."""
    return _of_points("AVERAGE", lambda x: float(x.mean()) if len(x) else np.nan, x)


def squares(x):
    """Sum of squared distances from the mean; ``DEVSQ``."""
    return _of_points("DEVSQ", lambda x: float(((x - x.mean()) ** 2).sum()) if len(x) else np.nan, x)


def student_t(level, n):
    """Quantile of Student's distribution for the upper end of a line's range; ``TINV``.

    Parameters
    ----------
    level : float or Term
        What share of cases the range holds.
    n : float or Term
        Points.

    Examples
    --------
    >>> round(student_t(0.95, 45), 3)
    2.017
    """
    if isinstance(level, Term) or isinstance(n, Term):
        outside, freedom = 1 - level, n - 2
        values = (each.value if isinstance(each, Term) else each for each in (level, n))
        return Term(f"TINV({_text(outside)},{_text(freedom)})", student_t(*values))
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, n - 2)) if n > 2 else np.nan


def normal_quantile(level):
    """Standard normal quantile of the upper end of a range that holds some share of cases; ``NORMSINV``.

    >>> round(normal_quantile(0.9), 3)
    1.645
    """
    if isinstance(level, Term):
        return Term(f"NORMSINV((1+{level._text})/2)", normal_quantile(level.value))
    return NormalDist().inv_cdf((1 + level) / 2)


def _text(value):
    return value._text if isinstance(value, Term) else f"{value:g}"


def _of_points(name, function, *coordinates):
    """A statistic of points: a term where they are cells."""
    values = [np.asarray(_values(each), dtype=float) for each in coordinates]
    known = np.logical_and.reduce([~np.isnan(each) for each in values])
    found = function(*(each[known] for each in values))
    if not any(hasattr(each, "_text") for each in coordinates):
        return found
    return Term(f"{name}({','.join(each._text for each in coordinates)})", found)


def _values(points):
    return points.value if isinstance(points, Term) else getattr(points, "values", points)
