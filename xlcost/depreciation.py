"""Value in the accounting book by a function that every spreadsheet has, for numbers and for the terms of a sheet."""

from __future__ import annotations

import numpy as np

from .formula import ATOM, Term, as_term


def declining_balance(cost, residual, life_months, months, factor):
    """Depreciation booked after some months: a share of what is left, or the straight line once that is more; ``VDB``.

    Parameters
    ----------
    cost, residual : numeric or Term
        [USD]
    life_months, months : numeric or Term
        Whole ones; `months` at most the life. [month]
    factor : numeric or Term
        Times the rate of the straight line; 2 for double declining balance.

    Returns
    -------
    numeric or Term
        [USD]

    Examples
    --------
    >>> round(float(declining_balance(60_000.0, 6_000.0, 60.0, 12.0, 2.0)))
    20054
    >>> declining_balance(9.0, 0.0, 60.0, 60.0, 2.0)
    9.0
    """
    arguments = (cost, residual, life_months, months, factor)
    if not any(isinstance(argument, Term) for argument in arguments):
        return _by_month(*np.broadcast_arrays(*(np.asarray(argument, dtype=float) for argument in arguments)))
    terms = [as_term(argument) for argument in arguments]
    cost, residual, life_months, months, factor = (term._text for term in terms)
    may_miss = {name: None for term in terms for name in term.may_miss}
    value = declining_balance(*(term.value for term in terms))
    return Term(f"VDB({cost},{residual},{life_months},0,{months},{factor})", value, ATOM, may_miss)


def _by_month(cost, residual, life_months, months, factor):
    left = cost.copy()
    for month in range(int(np.nanmax(months, initial=0.0))):
        rate = np.minimum(factor / np.where(life_months > 0, life_months, 1.0), 1.0)
        straight = (left - residual) / np.maximum(life_months - month, 1.0)
        of_month = np.clip(np.maximum(left * rate, straight), 0.0, np.maximum(left - residual, 0.0))
        left = np.where(month < np.floor(months), left - of_month, left)
    booked = np.where(np.isnan(months), np.nan, cost - left)
    return booked if booked.ndim else float(booked)
