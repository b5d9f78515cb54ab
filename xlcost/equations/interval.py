"""Ranges: a lognormal quantity from the two ends of its range, and products of such quantities in closed form.

`z` is the standard normal quantile of a range's upper end, 1.645 for a range of 90%. A product of independent lognormal
quantities is lognormal: its median is the product of the medians, and its log's variance the sum of theirs.
"""

import numpy as np


def geometric_middle(low, high):
    """Median of a lognormal quantity from the ends of its range.

    Parameters
    ----------
    low, high : numeric
        Ends of the range, above 0. [any unit]

    Returns
    -------
    numeric
        [the same unit]

    Examples
    --------
    >>> float(geometric_middle(1.2, 4.0))
    2.1908902300206643
    """
    return np.sqrt(low * high)


def log_spread(low, high, z):
    """Standard deviation of a lognormal quantity's natural logarithm, from the ends of its range.

    Parameters
    ----------
    low, high : numeric
        Ends of the range, above 0. [any unit]
    z : numeric
        Standard normal quantile of the upper end. [-]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(float(log_spread(1.2, 4.0, 1.6448536269514722)), 4)
    0.366
    """
    return np.log(high / low) / (2.0 * z)


def range_end(median, log_spread, z):
    """End of a lognormal quantity's range: the lower one where `z` is negative.

    Parameters
    ----------
    median : numeric
        [any unit]
    log_spread : numeric
        Standard deviation of the natural logarithm. [-]
    z : numeric
        Standard normal quantile of the end. [-]

    Returns
    -------
    numeric
        [the unit of the median]

    Examples
    --------
    >>> round(float(range_end(2.1908902300206643, 0.366, 1.6448536269514722)), 2)
    4.0
    """
    return median * np.exp(log_spread * z)
