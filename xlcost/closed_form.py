"""Development costs without sampling: means and variances, and the lognormal quantity that has them.

What is lognormal (computing and its parts) comes out exactly; a sum is taken for lognormal, which is near as long as
experts do not contradict each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import equations
from .development import COMPONENTS, HARDWARE, TOTAL
from .uncertainty import LEVEL, Interval, Range

POINTS = 1 << 14
"""Quantiles from which the moments of a quantity that is no lognormal one are taken."""


class Moments(NamedTuple):
    """Mean and variance of a quantity."""

    mean: float
    variance: float

    def __mul__(self, other):
        """Of the product of independent quantities."""
        return Moments(self.mean * other.mean, equations.product_variance(*self, *other))

    def __add__(self, other):
        """Of the sum of independent quantities."""
        return Moments(self.mean + other.mean, self.variance + other.variance)

    def times(self, number):
        return Moments(self.mean * number, self.variance * number * number)


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
    staff = sum((_team(role) for role in project.roles if role.years is None), NOTHING) * moments_of(project.years)
    for role in project.roles:
        if role.years is not None:
            staff = staff + _team(role) * moments_of(role.years)
    for hired in project.contractors:
        staff = staff + moments_of(hired.person_months) * moments_of(hired.usd_per_person_month)
    hardware = {name: Moments(project.hardware[name], 0.0) for name in HARDWARE}
    final_run = sum(hardware.values(), energy)
    found = {name: factor * each for name, each in {**hardware, "energy": energy}.items()} | {"staff": staff}
    # One factor multiplies all parts of the computing, so that these do not vary independently.
    found[TOTAL] = factor * final_run + staff
    return {name: each.times(project.price_index_factor) for name, each in found.items()}


def _team(role):
    """What the people of a role cost in a year of the project."""
    salary, equity, overhead, fte = map(moments_of, (role.salary, role.equity, role.employment_overhead, role.fte))
    pay = Moments(
        equations.yearly_pay(salary.mean, equity.mean, overhead.mean), (salary * overhead).variance + equity.variance
    )
    one = pay * fte
    return Moments(one.mean * role.people, one.variance * role.people)


def total_moments(projects):
    """Moments of several projects together, which vary independently of each other; see `development_moments`."""
    whole = dict.fromkeys((*COMPONENTS, TOTAL), NOTHING)
    for project in projects:
        for name, each in development_moments(project).items():
            whole[name] = whole[name] + each
    return whole


def interval_of(moments, level=LEVEL):
    """The interval of the lognormal quantity with these moments.

    >>> interval = interval_of(Moments(2.343, 0.787))
    >>> round(interval.low, 2), round(interval.median, 2), round(interval.high, 2)
    (1.2, 2.19, 4.0)
    """
    from .regression import normal_quantile

    if not moments.mean:
        return Interval(0.0, 0.0, 0.0, 0.0)
    median, spread, z = (
        equations.median_of_moments(*moments),
        equations.log_spread_of_moments(*moments),
        normal_quantile(level),
    )
    low, high = (float(equations.range_end(median, spread, end)) for end in (-z, z))
    return Interval(low, float(median), high, moments.mean)
