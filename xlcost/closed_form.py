"""Development costs without sampling: means and variances, and the lognormal quantity that has them.

The same steps give the numbers here and the formulas of the sheets Staff and Development (`keep` puts each into cells).

What is lognormal (computing and its parts) comes out exactly; a sum is taken for lognormal, which is near as long as
experts do not contradict each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import equations
from .development import COMPONENTS, HARDWARE, TOTAL
from .regression import normal_quantile
from .uncertainty import LEVEL, Interval, Range

POINTS = 1 << 14
"""Quantiles from which the moments of a quantity that is no lognormal one are taken."""


class Moments(NamedTuple):
    """Mean and variance of a quantity: numbers, or terms of a sheet."""

    mean: float
    variance: float

    def __mul__(self, other):
        """Of the product of independent quantities."""
        return Moments(self.mean * other.mean, equations.product_variance(*self, *other))

    def __add__(self, other):
        """Of the sum of independent quantities."""
        return Moments(self.mean + other.mean, self.variance + other.variance)

    def times(self, number):
        """Of as many times the quantity."""
        return Moments(self.mean * number, self.variance * number * number)

    def plus(self, number):
        """Of the quantity and a certain amount."""
        return Moments(self.mean + number, self.variance)

    def of_copies(self, count):
        """Of the sum of independent copies."""
        return Moments(self.mean * count, self.variance * count)


NOTHING = Moments(0.0, 0.0)


def moments_of(quantity):
    """Mean and variance of a number, a `Range` or a `Drawn`.

    >>> moments_of(2.0)
    Moments(mean=2.0, variance=0.0)
    """
    if not hasattr(quantity, "quantile"):
        return Moments(float(quantity), 0.0)
    if (
        isinstance(quantity, Range)
        and quantity.kind == "lognormal"
        and not np.isfinite([quantity.least, quantity.most]).any()
    ):
        mean = equations.lognormal_mean(quantity.middle, quantity.log_spread)
        return Moments(float(mean), float(equations.lognormal_variance(mean, quantity.log_spread)))
    values = quantity.quantile((np.arange(POINTS) + 0.5) / POINTS)
    return Moments(float(values.mean()), float(values.var()))


def development_moments(project):
    """Moments of a project's cost, in the money of its result.

    Parameters
    ----------
    project : xlcost.development.Project

    Returns
    -------
    dict of str to Moments
        By component (`COMPONENTS`), and of the whole (`TOTAL`).
    """
    factor, energy = moments_of(project.experiment_factor), moments_of(project.energy_price_factor)
    for each in project.energy:
        energy = energy * moments_of(each)
    # People without years of their own are on the project as long as it takes, all of them alike.
    teams = [(team_of(role.people, *map(moments_of, _pay_of(role))), role.years) for role in project.roles]
    staff = sum((team for team, years in teams if years is None), NOTHING) * moments_of(project.years)
    staff = sum((team * moments_of(years) for team, years in teams if years is not None), staff)
    for hired in project.contractors:
        staff = staff + moments_of(hired.person_months) * moments_of(hired.usd_per_person_month)
    found = {name: factor.times(project.hardware[name]) for name in HARDWARE}
    found |= {"energy": factor * energy, "staff": staff}
    found[TOTAL] = computing_of(sum(project.hardware[name] for name in HARDWARE), energy, factor) + staff
    return {name: each.times(project.price_index_factor) for name, each in found.items()}


def _pay_of(role):
    return role.fte, role.salary, role.equity, role.employment_overhead


def team_of(people, fte, salary, equity, overhead, keep=lambda name, moments: moments):
    """Moments of what several people cost in a year of a project, each with pay and a share of time of their own."""
    mean = equations.yearly_pay(salary.mean, equity.mean, overhead.mean)
    pay = keep("pay", Moments(mean, (salary * overhead).variance + equity.variance))
    return keep("person_year", pay * fte).of_copies(people)


def computing_of(hardware, energy, factor):
    """Moments of all computing: one factor multiplies all its parts, so that these do not vary independently."""
    return factor * energy.plus(hardware)


def sum_of_moments(moments):
    """Moments of several projects together, which vary independently of each other.

    Parameters
    ----------
    moments : iterable of dict
        As `development_moments` gives them.
    """
    whole = dict.fromkeys((*COMPONENTS, TOTAL), NOTHING)
    for of_project in moments:
        for name, each in of_project.items():
            whole[name] = whole[name] + each
    return whole


def ends_of(moments, z):
    """Low end, median and high end of the lognormal quantity with these moments."""
    median, log_spread = equations.median_of_moments(*moments), equations.log_spread_of_moments(*moments)
    return equations.range_end(median, log_spread, -z), median, equations.range_end(median, log_spread, z)


def interval_of(moments, level=LEVEL):
    """The interval of the lognormal quantity with these moments.

    >>> interval = interval_of(Moments(2.343, 0.787))
    >>> round(interval.low, 2), round(interval.median, 2), round(interval.high, 2)
    (1.2, 2.19, 4.0)
    """
    if not moments.mean:
        return Interval(0.0, 0.0, 0.0, 0.0)
    return Interval(*map(float, ends_of(moments, normal_quantile(level))), moments.mean)
