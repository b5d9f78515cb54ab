"""Amounts of other currencies in US dollars, at the rates of the fiscal years in which they fall."""

from __future__ import annotations

from ..equations import time_within
from ..totals import share_of


def months_in_years(first_month, months, year_months):
    """How many of some months are paid at the rate of each fiscal year.

    The first year's rate counts before it too, the last year's after it.

    Parameters
    ----------
    first_month : numeric
        [months since the year 0]
    months : numeric
        How many there are.
    year_months : sequence of numeric
        In which each fiscal year begins. [months since the year 0]

    Returns
    -------
    list of numeric
        One a fiscal year.

    Examples
    --------
    Four months from March 2026 on, where fiscal years begin in April:

    >>> april = 2026.0 * 12 + 4
    >>> [float(within) for within in months_in_years(april - 1, 4.0, [april - 12, april])]
    [1.0, 3.0]
    """
    end = first_month + months
    begins, ends = [first_month, *year_months[1:]], [*year_months[1:], end]
    return [time_within(first_month, end, begin, until) for begin, until in zip(begins, ends)]


def in_dollars(amount, months, rates):
    """What an amount that is due in each of some months comes to in US dollars.

    Parameters
    ----------
    amount : numeric
        Of a month. [currency]
    months : sequence of numeric
        In each fiscal year, as `months_in_years` gives them.
    rates : sequence of numeric
        One a fiscal year; an amount without a rate, or at one of 0, comes to nothing. [currency/USD]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    100 a month, one month at 0.5 and three at 0.8:

    >>> float(in_dollars(100.0, [1.0, 3.0], [0.5, 0.8]))
    575.0
    """
    units = [share_of(within, rate) for within, rate in zip(months, rates)]
    return amount * sum(units[1:], start=units[0])
