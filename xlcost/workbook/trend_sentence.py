"""The sentence on top of the Trend sheet: what its figures say, or what has to be chosen before they say something."""

from __future__ import annotations

import numpy as np

from ..budget.analysis import TOO_WIDE
from ..lookup import as_text, fixed, rounded
from .wording import MILLION

TOO_FEW = "Fewer than three models of different dates are left: choose more of them."
NO_LEVEL = "No ranges can be told: what they hold must be above 0% and below 100% of all cases."
NO_COST = "No year can be told: the cost that is to be reached must be an amount above 0."


def headline(language, line, chosen, growth, from_dearest):
    """The sentence.

    Parameters
    ----------
    language : Language
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
    say, text = language.sentence, language.text
    amount = np.where(
        chosen.threshold >= language.large_amount,
        say("${amount} billion", amount=as_text(rounded(chosen.threshold / language.large_amount, 3))),
        say("${amount} million", amount=as_text(rounded(chosen.threshold / MILLION, 3))),
    )
    # Text where it cannot be told, which counts as more than any number.
    grows = np.where(
        growth[2] < TOO_WIDE,
        say(
            "grows {growth} times a year ({range} {low} to {high})",
            range=say("{level}% range", level=as_text(rounded(chosen.level * 100, 2))),
            **{name: fixed(each, 1) for name, each in zip(("growth", "low", "high"), growth)},
        ),
        text("grows, but too few models count to tell how fast"),
    )
    years = np.where(
        line.steepness > 0,
        say(" ({first} to {last})", first=_year(line.first), last=_year(line.last)),
        text(" (its range cannot be told)"),
    )
    on = np.where(
        line.dearest >= chosen.threshold,
        text(", and the dearest model has cost as much already."),
        say(", and in {year} from the dearest model on.", year=_year(from_dearest)),
    )
    growing = say(
        "The cost of the largest training runs {grows}. If that goes on, it reaches {amount} in {year}{years} by the "
        "trend of all{on}",
        grows=grows,
        amount=amount,
        year=_year(line.crosses),
        years=years,
        on=on,
    )
    falling = say(
        "The cost of the models that count does not grow: no year can be told in which it reaches {amount}.",
        amount=amount,
    )
    told = np.where(line.slope > 0, growing, falling)
    told = np.where(line.has_cost > 0, told, text(NO_COST))
    return np.where(line.enough > 0, np.where(line.has_level > 0, told, text(NO_LEVEL)), text(TOO_FEW))


def _year(when):
    return as_text(np.floor(when))
