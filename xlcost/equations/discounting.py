"""Amounts of later months and years in the money of today, and a loan's payments.

Amounts fall due at the end of each month and are discounted by the month. A present value of costs is called a net
present cost: the smaller, the better.
"""

import numpy as np

from .parameters import MONTHS_PER_YEAR


def monthly_rate(discount_rate):
    """Rate of a month that comes to a rate of a year.

    Parameters
    ----------
    discount_rate : numeric
        [1/year]

    Returns
    -------
    numeric
        [1/month]

    Examples
    --------
    >>> round(float(monthly_rate(0.1)), 6)
    0.007974
    """
    return np.exp(np.log(1 + discount_rate) / MONTHS_PER_YEAR) - 1


def yearly_rate(monthly_rate):
    """Rate of a year that a rate of a month comes to.

    Parameters
    ----------
    monthly_rate : numeric
        [1/month]

    Returns
    -------
    numeric
        [1/year]

    Examples
    --------
    >>> round(float(yearly_rate(0.01)), 6)
    0.126825
    """
    return (1 + monthly_rate) ** MONTHS_PER_YEAR - 1


def present_value(amount, months, monthly_rate):
    """Value today of an amount that falls due after some months.

    Parameters
    ----------
    amount : numeric
        [USD]
    months : numeric
        [month]
    monthly_rate : numeric
        [1/month]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(float(present_value(110.0, 12, monthly_rate(0.1))), 2)
    100.0
    """
    return amount * (1 + monthly_rate) ** -months


def present_value_of_months(amount, months, monthly_rate):
    """Value today of an amount that falls due at the end of each of some months.

    Parameters
    ----------
    amount : numeric
        Of one month. [USD]
    months : numeric
        [month]
    monthly_rate : numeric
        [1/month]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(float(present_value_of_months(100.0, 36, 0.01)), 2), float(present_value_of_months(100.0, 36, 0.0))
    (3010.75, 3600.0)
    """
    # A rate of 0 discounts nothing; the divisor only has to be no 0 then.
    divisor = np.where(monthly_rate == 0, 1.0, monthly_rate)
    return amount * np.where(monthly_rate == 0, months, (1 - (1 + monthly_rate) ** -months) / divisor)


def present_value_of_years(amount, years, discount_rate):
    """Value today of an amount that falls due at the end of each of some years.

    Parameters
    ----------
    amount : numeric
        Of one year. [USD]
    years : numeric
        [year]
    discount_rate : numeric
        [1/year]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(float(present_value_of_years(1_000.0, 3, 0.1)), 2)
    2486.85
    """
    return present_value_of_months(amount, years, discount_rate)


def mid_year_factor(discount_rate):
    """How much more an amount is worth today that falls due in the middle of a year instead of at its end.

    Parameters
    ----------
    discount_rate : numeric
        [1/year]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(float(mid_year_factor(0.1)), 6)
    1.048809
    """
    return np.sqrt(1 + discount_rate)


def loan_payment(amount, months, monthly_rate):
    """What a loan costs at the end of each month, interest and repayment together always the same.

    Parameters
    ----------
    amount : numeric
        That is lent. [USD]
    months : numeric
        After which it is paid back. [month]
    monthly_rate : numeric
        Interest. [1/month]

    Returns
    -------
    numeric
        [USD/month]

    Examples
    --------
    >>> round(float(loan_payment(1_000_000, 36, 0.01)), 2)
    33214.31
    """
    return amount / present_value_of_months(1.0, months, monthly_rate)
