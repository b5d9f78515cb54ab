"""Ranges: a lognormal quantity from the two ends of its range, and products of such quantities in closed form.

`z` is the standard normal quantile of a range's upper end, 1.645 for a range of 90%. A product of independent lognormal
quantities is lognormal: its median is the product of the medians, and its log's variance the sum of theirs. A sum of
independent ones has the sum of their means and variances; a lognormal quantity with the same two stands for it [1]_.

References
----------
.. [1] Fenton (1960), The sum of log-normal probability distributions in scatter transmission systems.
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


def lognormal_mean(median, log_spread):
    """Mean of a lognormal quantity.

    Parameters
    ----------
    median : numeric
        [any unit]
    log_spread : numeric
        Standard deviation of the natural logarithm. [-]

    Returns
    -------
    numeric
        [the unit of the median]

    Examples
    --------
    >>> round(float(lognormal_mean(2.1908902300206643, 0.366)), 3)
    2.343
    """
    return median * np.exp(log_spread * log_spread / 2)


def lognormal_variance(mean, log_spread):
    """Variance of a lognormal quantity.

    Parameters
    ----------
    mean : numeric
        [any unit]
    log_spread : numeric
        [-]

    Returns
    -------
    numeric
        [that unit²]

    Examples
    --------
    >>> round(float(lognormal_variance(2.343, 0.366)), 3)
    0.787
    """
    return mean * mean * (np.exp(log_spread * log_spread) - 1)


def product_variance(first_mean, first_variance, second_mean, second_variance):
    """Variance of the product of two independent quantities, however they are distributed.

    Parameters
    ----------
    first_mean, first_variance, second_mean, second_variance : numeric
        [any unit, that unit²]

    Returns
    -------
    numeric
        [the square of the product's unit]

    Examples
    --------
    >>> product_variance(2.0, 1.0, 3.0, 0.0)
    9.0
    """
    return (
        first_variance * second_variance
        + first_variance * second_mean * second_mean
        + second_variance * first_mean * first_mean
    )


def log_spread_of_moments(mean, variance):
    """Spread of the lognormal quantity that has a mean and a variance.

    Parameters
    ----------
    mean, variance : numeric
        [any unit, that unit²]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(float(log_spread_of_moments(2.343, 0.787)), 3)
    0.366
    """
    return np.sqrt(np.log(1 + variance / (mean * mean)))


def median_of_moments(mean, variance):
    """Median of the lognormal quantity that has a mean and a variance.

    Parameters
    ----------
    mean, variance : numeric
        [any unit, that unit²]

    Returns
    -------
    numeric
        [the unit of the mean]

    Examples
    --------
    >>> round(float(median_of_moments(2.343, 0.787)), 2)
    2.19
    """
    return mean / np.sqrt(1 + variance / (mean * mean))


def mixture_log_spread(mean_square_spread, mean_square_log, mean_log):
    """Spread of a quantity of which each of several lognormal ones is equally likely to be the right one.

    Parameters
    ----------
    mean_square_spread : numeric
        Mean of their squared spreads. [-]
    mean_square_log, mean_log : numeric
        Means of the squared logarithms of their medians, and of the logarithms. [-]

    Returns
    -------
    numeric
        Standard deviation of the mixture's natural logarithm. [-]

    Examples
    --------
    Two that are certain, one at 1 and one at e²:

    >>> float(mixture_log_spread(0.0, (0.0 + 4.0) / 2, (0.0 + 2.0) / 2))
    1.0
    """
    return np.sqrt(mean_square_spread + np.maximum(mean_square_log - mean_log * mean_log, 0))
