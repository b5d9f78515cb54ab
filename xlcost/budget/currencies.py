"""How currencies are called and what their rates may be."""

from __future__ import annotations

import re

import numpy as np

CURRENCY = "USD"
"""That of all prices; it needs no rate."""
RATE = 1e-6, 1e9
"""Least and most units of a currency for 1 USD: beyond every currency that there is, and within what sums can hold."""
RATE_IN_WORDS = f"from {RATE[0]:f} to {RATE[1]:,.0f}"
NO_CODE = "is no code of a currency: three capital letters, such as EUR"


def is_code(currency):
    """Whether something is spelled as the code of a currency."""
    return isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) is not None


def is_rate(value):
    """Whether something can be the units of a currency for 1 USD."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and RATE[0] <= value <= RATE[1]


def currency_codes(texts, currencies, problems):
    """A table's column of currencies: codes in capitals, "" where empty.

    Parameters
    ----------
    texts : array of str
    currencies : iterable of str
        Those that have an exchange rate, beside US dollars.
    problems : xlcost.tables.Problems
        Takes a sentence for each of another currency.
    """
    codes = np.array([text.upper() for text in texts], dtype=object)
    known = {"", CURRENCY, *currencies}
    unknown = [code not in known for code in codes]
    problems.add(unknown, "currency", codes, "it has no rate: give its units for 1 USD")
    return codes


def problems_of_rates(rates):
    """What is wrong with lists of rates: the currency, and a sentence.

    >>> list(problems_of_rates({"EUR": [0.92], "USD": [2.0]}))
    [('USD', '1 USD is 1 USD, and needs no rate')]
    """
    for currency, of_years in rates.items():
        if not is_code(currency):
            yield currency, f"{currency!r} {NO_CODE}"
        if not of_years or not all(map(is_rate, of_years)):
            yield currency, f"{currency} needs numbers {RATE_IN_WORDS}: its units for 1 USD, one a fiscal year"
    if any(each != 1 for each in rates.get(CURRENCY, ())):
        yield CURRENCY, "1 USD is 1 USD, and needs no rate"
