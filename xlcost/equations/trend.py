"""Growth over time: a straight line through the decimal logarithms of costs, and how sure it is.

A line is known by its slope and intercept; how sure it is follows from the number of points `n`, the scatter of the
points around it (their standard error, Excel's ``STEYX``), and the squares of their dates (the sum of squared distances
from the mean date, ``DEVSQ``). `t` is the quantile of Student's distribution with n - 2 degrees of freedom for the
upper end of a range [1]_.

References
----------
.. [1] Draper, Smith (1998), Applied Regression Analysis, chapters 1 and 3; for the dates at which a range reaches a
   height, Fieller (1954), Some Problems in Interval Estimation.
"""

import numpy as np


def decimal_year(year, month, day):
    """A date as a year with its fraction, as the paper counts [1]_.

    Parameters
    ----------
    year, month, day : numeric
        [calendar year, month from 1, day from 1]

    Returns
    -------
    numeric
        [year]

    Examples
    --------
    >>> decimal_year(2023, 7, 1)
    2023.5

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return year + (month - 1) / 12 + (day - 1) / 365


def growth_per_year(slope):
    """How many times as much a cost is after a year.

    Parameters
    ----------
    slope : numeric
        Of the line through the decimal logarithms. [orders of magnitude/year]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(growth_per_year(0.3888), 2)
    2.45
    """
    return 10.0**slope


def trend_cost(decimal_year, slope, intercept):
    """Cost that a trend gives for a date.

    Parameters
    ----------
    decimal_year : numeric
        [year]
    slope : numeric
        [orders of magnitude/year]
    intercept : numeric
        Decimal logarithm of the cost in the year 0. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> trend_cost(2025.0, 0.5, -1004.5)
    100000000.0
    """
    return 10.0 ** (intercept + slope * decimal_year)


def year_reached(cost, slope, intercept):
    """Date on which a trend reaches a cost.

    Parameters
    ----------
    cost : numeric
        [USD]
    slope : numeric
        [orders of magnitude/year]
    intercept : numeric
        Decimal logarithm of the cost in the year 0. [-]

    Returns
    -------
    numeric
        [year]

    Examples
    --------
    >>> float(year_reached(1e8, 0.5, -1004.5))
    2025.0
    """
    return (np.log10(cost) - intercept) / slope


def slope_error(scatter, squares):
    """Standard error of a trend's slope.

    Parameters
    ----------
    scatter : numeric
        Standard error of the points around the line. [orders of magnitude]
    squares : numeric
        Of the dates. [year²]

    Returns
    -------
    numeric
        [orders of magnitude/year]

    Examples
    --------
    >>> float(slope_error(0.5, 25.0))
    0.1
    """
    return scatter / np.sqrt(squares)


def line_error(scatter, n, distance, squares):
    """Standard error of a trend's line at a date.

    Parameters
    ----------
    scatter : numeric
        [orders of magnitude]
    n : numeric
        Points.
    distance : numeric
        From the mean date to the date. [year]
    squares : numeric
        Of the dates. [year²]

    Returns
    -------
    numeric
        [orders of magnitude]

    Examples
    --------
    At the mean date, of 25 points:

    >>> float(line_error(0.5, 25, 0.0, 40.0))
    0.1
    """
    return scatter * np.sqrt(1 / n + distance * distance / squares)


def prediction_error(scatter, n, distance, squares):
    """Standard error of a single cost at a date, around a trend's line.

    Parameters
    ----------
    scatter, n, distance, squares
        As for `line_error`.

    Returns
    -------
    numeric
        [orders of magnitude]

    Examples
    --------
    >>> round(float(prediction_error(0.5, 25, 0.0, 40.0)), 4)
    0.5099
    """
    return scatter * np.sqrt(1 + 1 / n + distance * distance / squares)


def sure_steepness(slope, slope_error, t):
    """Squared slope less the square of its range's half: above 0 where the range holds no slope of 0.

    Parameters
    ----------
    slope, slope_error : numeric
        [orders of magnitude/year]
    t : numeric
        [-]

    Returns
    -------
    numeric
        [(orders of magnitude/year)²]

    Examples
    --------
    >>> sure_steepness(0.5, 0.1, 2.0) > 0 > sure_steepness(0.5, 0.3, 2.0)
    True
    """
    return slope * slope - t * slope_error * (t * slope_error)


def year_reached_end(year_reached, middle, slope, n, squares, reach, steepness):
    """First or last date at which the range of a trend's line reaches a cost.

    Parameters
    ----------
    year_reached : numeric
        Date at which the line itself reaches it. [year]
    middle : numeric
        Mean date of the points. [year]
    slope : numeric
        [orders of magnitude/year]
    n : numeric
        Points.
    squares : numeric
        Of the dates. [year²]
    reach : numeric
        `t` times the scatter; below 0 for the first date, above 0 for the last. [orders of magnitude]
    steepness : numeric
        See `sure_steepness`, above 0. [(orders of magnitude/year)²]

    Returns
    -------
    numeric
        [year]

    Examples
    --------
    >>> round(float(year_reached_end(2027.0, 2020.0, 0.5, 25, 40.0, 1.0, 0.5**2 - 1.0**2 / 40.0)), 2)
    2030.27
    """
    height = slope * (year_reached - middle)
    half = reach * np.sqrt(steepness / n + height * height / squares)
    return middle + (slope * height + half) / steepness
