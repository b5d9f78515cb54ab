"""The sentences on top of the Outlook sheet: what its figures say, or why they say nothing."""

from __future__ import annotations

import numpy as np

from ..budget.analysis import TOO_WIDE
from ..formula import Term
from ..lookup import as_text, fixed, rounded
from .wording import in_words

MANY = 100.0
"""From so many billions on, they are told without places."""
UNKNOWN = "How fast the frontier grows cannot be told: choose other models on Trend, or a growth of your own below."


def headlines(language, assumed, becomes, currency):
    """What keeping pace costs, and what the same ambition does.

    Parameters
    ----------
    language : Language
    assumed, becomes : types.SimpleNamespace
        Of the sheet.
    currency : Term

    Returns
    -------
    (Term, Term)
        The second one is empty where there is nothing to say.
    """
    say = language.sentence

    def amount(cell):
        return _amount(language, currency, Term(cell._text, cell.value))

    growth = Term(assumed.growth._text, assumed.growth.value)
    pace = say(
        "If we keep pace with the frontier (about {growth} times a year), the budget of {year} of {budget} "
        "becomes {one} in a year and {three} in three years.",
        growth=fixed(growth, 2),
        year=assumed.year,
        budget=amount(assumed.budget),
        one=amount(becomes.pace[1]),
        three=amount(becomes.pace[3]),
    )
    ambition = say(
        "The same ambition costs {both} in three years with cheaper hardware and better algorithms ({cautious} where "
        "both are slow): by then cheaper hardware by itself gives back {hardware} a year, better algorithms by "
        "themselves {algorithms}.",
        both=amount(becomes.both[3]),
        cautious=amount(becomes.cautious[3]),
        **{name: amount(becomes.given_back[name][3]) for name in ("hardware", "algorithms")},
    )
    nothing = say("{year} has no budget to start from: choose another base year below.", year=assumed.year)
    has_budget = assumed.budget > 0
    # A text counts as more than any number.
    first = np.where(has_budget, np.where(growth < TOO_WIDE, pace, language.text(UNKNOWN)), nothing)
    return first, np.where(has_budget, ambition, "")


def _amount(language, currency, amount):
    """An amount in words, in billions too."""
    say, number = language.sentence, amount / language.large_amount
    number = np.where(number < MANY, as_text(rounded(number, 2)), fixed(number, 0, grouped=True))
    billions = say("{currency} {amount} billion", currency=currency, amount=number)
    smaller = say("{currency} {amount}", currency=currency, amount=in_words(language, amount))
    return np.where(amount >= language.large_amount, billions, smaller)
