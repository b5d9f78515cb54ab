"""Steps about uncertain quantities: means and variances, and back to a range."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..closed_form import Moments, ends_of
from ..lookup import blank_if


def put_moments(steps, name, moments):
    """Put mean and variance into their columns."""
    return Moments(steps(f"{name}_mean", moments.mean), steps(f"{name}_variance", moments.variance))


def put_uncertain(steps, name, median, log_spread):
    """Put a lognormal quantity's median and spread, its mean and variance into their columns."""
    median, log_spread = steps(f"{name}_median", median), steps(f"{name}_log_spread", log_spread)
    mean = steps(f"{name}_mean", equations.lognormal_mean(median, log_spread))
    return Moments(mean, steps(f"{name}_variance", equations.lognormal_variance(mean, log_spread)))


def put_asked(steps, name, known, pool, run, role, is_missing):
    """Put an uncertain quantity into its columns: as experts say, else as it is known.

    Parameters
    ----------
    steps : xlcost.workbook.calculation.Calculation
    name : str
        Also of the question.
    known : tuple of Term
        Median and spread where nobody has answered.
    pool : xlcost.workbook.experts.Pool or None
        None for a workbook that asks no experts.
    run, role : Term or None
        Who is asked about; None for all roles.
    is_missing : Term
        Where the row has no such quantity.

    Returns
    -------
    Moments
    """
    if pool is None:
        steps(f"{name}_answer", blank_if(is_missing, 0.0))
        return put_uncertain(steps, name, *(blank_if(is_missing, value) for value in known))
    answer = steps(f"{name}_answer", blank_if(is_missing, pool.answer(name, run, role)))
    is_answered = answer > 0
    return put_uncertain(
        steps,
        name,
        *(
            blank_if(is_missing, np.where(is_answered, pool.take(f"pooled_{figure}", answer), value))
            for figure, value in zip(("median", "log_spread"), known)
        ),
    )


def put_range(steps, name, moments, z):
    """Put low end, median and high end into their columns."""
    for end, amount in zip(("low", "median", "high"), ends_of(moments, z)):
        steps(f"{name}_{end}", amount)


def sum_of_those(first, second):
    """The sum of two cells of which either or both may be empty: of those that are there."""
    return np.where(np.isnan(first), second, np.where(np.isnan(second), first, first + second))
