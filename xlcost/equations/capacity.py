"""Capacity that is owned, committed or rented: hours, charges, and the value in the books, period by period."""

import numpy as np

from .parameters import HOURS_PER_DAY, MONTHS_PER_YEAR


def time_within(start, end, period_start, period_end):
    """How much of the time from a start to an end lies within a period.

    Parameters
    ----------
    start, end, period_start, period_end : numeric
        In one unit, such as days or months; an end is the first moment after.

    Returns
    -------
    numeric
        In the same unit.

    Examples
    --------
    >>> float(time_within(100.0, 110.0, 104.0, 135.0)), float(time_within(100.0, 110.0, 120.0, 135.0))
    (6.0, 0.0)
    """
    return np.maximum(np.minimum(end, period_end) - np.maximum(start, period_start), 0.0)


def share_within(start, duration, period_start, period_end):
    """Share of a duration that lies within a period; none of a duration of 0.

    Parameters
    ----------
    start, duration, period_start, period_end : numeric
        In one unit.

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> float(share_within(100.0, 10.0, 104.0, 135.0)), float(share_within(100.0, 0.0, 90.0, 135.0))
    (0.6, 0.0)
    """
    return _each(time_within(start, start + duration, period_start, period_end), duration)


def _each(amount, time):
    """An amount over the time that it takes; where it takes none, the divisor only has to be no 0."""
    return amount / np.where(time > 0, time, 1.0)


def amount_a_day(amount, days):
    """What falls on each day of a time; all of it on one day where it takes none.

    Parameters
    ----------
    amount : numeric
    days : numeric
        [day]

    Returns
    -------
    numeric
        In the amount's unit. [1/day]

    Examples
    --------
    >>> float(amount_a_day(600.0, 30.0)), float(amount_a_day(600.0, 0.0))
    (20.0, 600.0)
    """
    return _each(amount, days)


def available_chip_hours(chips, days):
    """Chip-hours that there are, used or not.

    Parameters
    ----------
    chips : numeric
        [chip]
    days : numeric
        In service. [day]

    Returns
    -------
    numeric
        [chip-hour]

    Examples
    --------
    >>> available_chip_hours(8.0, 30.0)
    5760.0
    """
    return chips * days * HOURS_PER_DAY


def months_up_to(month, day, days):
    """Months up to the beginning of a day, as hosting and upkeep are paid by: each month whole, however long it is.

    Parameters
    ----------
    month : numeric
        In which the day lies, counted from any month. [month]
    day : numeric
        Of the month, from 1.
    days : numeric
        That the month has. [day]

    Returns
    -------
    numeric
        [month]

    Examples
    --------
    From 15 February to 1 April of a year with 28 days in February:

    >>> months_up_to(4.0, 1.0, 30.0) - months_up_to(2.0, 15.0, 28.0)
    1.5
    """
    return month + (day - 1) / days


def cost_of_available_hour(cost, available):
    """What an available chip-hour costs; nothing where there is none.

    Parameters
    ----------
    cost : numeric
        Of the capacity in a period, whether used or not. [USD]
    available : numeric
        [chip-hour]

    Returns
    -------
    numeric
        [USD/chip-hour]

    Examples
    --------
    >>> float(cost_of_available_hour(11_520.0, 5_760.0)), float(cost_of_available_hour(0.0, 0.0))
    (2.0, 0.0)
    """
    return np.where(available > 0, cost / np.where(available > 0, available, 1.0), 0.0)


def growth_index(rate, months):
    """Prices some months on over those of now.

    Parameters
    ----------
    rate : numeric
        [1/year]
    months : numeric
        [month]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(float(growth_index(0.03, 24.0)), 4)
    1.0609
    """
    return (1 + rate) ** (months / MONTHS_PER_YEAR)
