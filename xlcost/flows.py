"""Flows month by month: what they are worth today, what they earn, and when they have paid back.

Each takes an array, or cells of a sheet (`xlcost.references.Range`), month 0 first, and gives a number, or the term of
``NPV``, ``IRR`` and their like.
"""

from __future__ import annotations

import numpy as np

from .formula import ROW, Term
from .references import Range


def discounted(flows, monthly_rate):
    """Value today of flows; ``NPV`` of all but the first, which falls due today.

    >>> round(float(discounted(np.array([-100.0, 0.0, 242.0]), 0.1)), 9)
    100.0
    """
    if isinstance(flows, Range):
        value = discounted(_numbers(flows), monthly_rate.value)
        text = f"NPV({monthly_rate._text},{flows.part(1)._text})"
        return flows.cell(0) + Term(text, value - _numbers(flows)[0], may_miss=monthly_rate.may_miss)
    return flows @ (1 + monthly_rate) ** -np.arange(len(flows), dtype=float)


def internal_rate(flows, guess):
    """Rate of a month at which flows are worth nothing today; ``IRR``. NaN where they never turn from less to more.

    Parameters
    ----------
    flows : array or Range
        They turn once, from money laid out to money earned, and the latter is the more.
    guess : float or Term
        Where a spreadsheet begins to look.

    Examples
    --------
    >>> round(internal_rate(np.array([-100.0, 60.0, 60.0]), 0.1), 6)
    0.130662
    """
    if isinstance(flows, Range):
        return Term(f"IRR({flows._text},{guess._text})", internal_rate(_numbers(flows), guess.value))
    from scipy.optimize import brentq

    def worth(rate):
        return discounted(flows, rate)

    if flows.sum() < 0 or not (flows < 0).any():
        return np.nan
    high = 1.0
    # The first amount is what counts at a rate beyond all measure.
    while worth(high) > 0 and high < 1e12:
        high *= 2
    return float(brentq(worth, 0.0, high, xtol=1e-15, rtol=1e-14)) if worth(high) <= 0 else np.nan


def cumulated(flows):
    """The sum of a column of a sheet down to each row, to the cent.

    Parameters
    ----------
    flows : xlcost.workbook.book.Written
    """
    first = flows.range.cell(0)._text
    column = first.rstrip("0123456789").rstrip("$").replace("$", "")
    return Term(f"ROUND(SUM({first}:{column}{ROW}),2)", np.round(np.cumsum(_numbers(flows.range)), 2) + 0.0)


def paid_back(cumulated, months):
    """Month after the last one in which cumulated flows are below 0; 1 where they never are.

    >>> float(paid_back(np.array([-9.0, -4.0, 1.0, 6.0]), np.arange(4.0)))
    2.0
    """
    if isinstance(cumulated, Range):
        text = f"SUMPRODUCT(MAX(({cumulated._text}<0)*{months._text}))"
        return Term(text, float(np.max((_numbers(cumulated) < 0) * months.values))) + 1
    return np.max((cumulated < 0) * months) + 1


def recoveries(cumulated):
    """How often cumulated flows rise from below 0 to 0 or more.

    >>> float(recoveries(np.array([-9.0, 1.0, -1.0, 6.0])))
    2.0
    """
    return _turns(cumulated, "<0", ">=0", lambda before, after: (before < 0) & (after >= 0))


def reversals(cumulated):
    """How often cumulated flows fall from above 0 to 0 or less.

    >>> float(reversals(np.array([-9.0, 1.0, -1.0, 6.0])))
    1.0
    """
    return _turns(cumulated, ">0", "<=0", lambda before, after: (before > 0) & (after <= 0))


def _turns(cumulated, before, after, turns):
    if isinstance(cumulated, Range):
        first, second = cumulated.part(0, -1), cumulated.part(1)
        text = f"SUMPRODUCT(({first._text}{before})*({second._text}{after}))"
        return Term(text, float(np.sum(turns(_numbers(first), _numbers(second)))))
    return np.sum(turns(cumulated[:-1], cumulated[1:]))


def _numbers(cells):
    """Values of a range, 0 where there is none, as spreadsheets take them."""
    return np.nan_to_num(cells.values.astype(float))
