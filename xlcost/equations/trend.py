"""Growth over time: a straight line through the logarithms of costs."""

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
