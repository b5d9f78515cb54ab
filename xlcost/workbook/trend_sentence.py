"""The sentence on top of the Trend sheet: what its figures say, or what has to be chosen before they say something."""

from __future__ import annotations

import numpy as np

from ..lookup import as_text, fixed, join, rounded
from ..trend import BILLION
from .development import MILLION

TOO_WIDE = 1000.0
"""A growth that may be so many times a year is none that is known."""
TOO_FEW = "Fewer than three models of different dates are left: choose more of them."
NO_LEVEL = "No ranges can be told: what they hold must be above 0% and below 100% of all cases."
NO_COST = "No year can be told: the cost that is to be reached must be an amount above 0."


def headline(line, chosen, growth, from_dearest):
    """The sentence.

    Parameters
    ----------
    line, chosen : types.SimpleNamespace
        Statistics of the line, and what is chosen, as terms.
    growth : list of Term
        Growth per year, its low and its high end.
    from_dearest : Term
        Year in which the cost is reached from the dearest model on, or a text.

    Returns
    -------
    Term
    """
    amount = np.where(
        chosen.threshold >= BILLION,
        join("$", as_text(rounded(chosen.threshold / BILLION, 3)), " billion"),
        join("$", as_text(rounded(chosen.threshold / MILLION, 3)), " million"),
    )
    share = join(as_text(rounded(chosen.level * 100, 2)), "% range")
    # Text where it cannot be told, which counts as more than any number.
    grows = np.where(
        growth[2] < TOO_WIDE,
        join(
            "grows ",
            fixed(growth[0], 1),
            " times a year (",
            share,
            " ",
            fixed(growth[1], 1),
            " to ",
            fixed(growth[2], 1),
            ")",
        ),
        "grows, but too few models count to tell how fast",
    )
    years = np.where(
        line.steepness > 0,
        join(" (", _year(line.first), " to ", _year(line.last), ")"),
        " (its range cannot be told)",
    )
    on = np.where(
        line.dearest >= chosen.threshold,
        ", and the dearest model has cost as much already.",
        join(", and in ", _year(from_dearest), " from the dearest model on."),
    )
    growing = join(
        *("The cost of the largest training runs ", grows, ". If that goes on, it reaches ", amount, " in "),
        *(_year(line.crosses), years, " by the trend of all", on),
    )
    falling = join(
        "The cost of the models that count does not grow: no year can be told in which it reaches ", amount, "."
    )
    told = np.where(line.slope > 0, growing, falling)
    told = np.where(line.has_cost > 0, told, NO_COST)
    return np.where(line.enough > 0, np.where(line.has_level > 0, told, NO_LEVEL), TOO_FEW)


def _year(when):
    return as_text(np.floor(when))
