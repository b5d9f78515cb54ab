"""Amounts and shares in sentences, and sentences that are longer than their line."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

import numpy as np

from ..formula import where
from ..lookup import fixed

MILLION = 1_000_000.0
LEAST, LEAST_OF_MILLIONS = 0.5, 0.05 * MILLION
"""What is less is 0 in full, and 0.0 in millions."""
MOVE_UP = "Move them up into the empty rows, or get a workbook with more rows"
"""What to do with cells under the last row that is computed."""
WIDE, NARROW = 2.0, 0.92
"""What letters of East Asia take, and what most others take at most. [width of a digit]"""
TITLE_SIZE = 20 / 11
"""Of a title's letters over those of other text."""
CLOSING = "、。)・"
"""What begins no line."""


def in_words(language, amount):
    """An amount as a sentence has it: in millions with one decimal, or in full where it is less than a million.

    >>> from xlcost.languages import Language
    >>> [in_words(Language(), amount) for amount in (1_234_567_890.0, 45_678.4, 0.0)]
    ['1,234.6 million', '45,678', '0']
    """
    millions = language.sentence("{amount} million", amount=fixed(amount / MILLION, 1, grouped=True))
    return where(np.abs(amount) < MILLION, fixed(amount, 0, grouped=True), millions)


def rounds_to_nothing(amount, beside):
    """Whether an amount is 0 in words, or in the millions in which another one is told."""
    return np.abs(amount) < where(np.abs(beside) < MILLION, LEAST, LEAST_OF_MILLIONS)


def in_dollars(say, amount):
    """An amount of dollars as a sentence has it, with three digits that count or more.

    Parameters
    ----------
    say : callable
        Puts a sentence in the language of the workbook.
    amount : Term

    Returns
    -------
    Term
    """
    size, millions = np.abs(amount), amount / MILLION
    number = np.where(size >= 10 * MILLION, fixed(millions, 1, grouped=True), fixed(millions, 2))
    small = np.where(size >= 100, fixed(amount, 0, grouped=True), fixed(amount, 2))
    return np.where(size >= MILLION, say("${amount} million", amount=number), say("${amount}", amount=small))


def in_percent(share):
    """A share as a sentence has it, without the sign.

    >>> in_percent(0.0704)
    '7.0'
    """
    return fixed(share * 100, 1)


def lines_of(text, width):
    """A text on as many lines as it needs; a script without spaces is cut between any two letters.

    Parameters
    ----------
    text : str
    width : float
        Of a line. [width of a digit]

    >>> lines_of("Bills and accruals of these months", 20.0)
    ['Bills and accruals of', 'these months']
    """
    lines = [""]
    for word in re.findall(r"[!-~]+ ?|.", text):
        if lines[-1] and wide(lines[-1] + word.rstrip()) > width and word not in CLOSING:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def wide(text):
    """What a text is as wide as. [width of a digit]"""
    return sum(WIDE if east_asian_width(letter) in "WF" else NARROW for letter in text)
