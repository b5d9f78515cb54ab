"""Amounts in sentences."""

from __future__ import annotations

from ..lookup import as_text, rounded

MILLION = 1_000_000.0


def in_millions(amount):
    """An amount in millions with one decimal, as a sentence has it.

    >>> in_millions(1_234_567_890.0)
    '1234.6'
    """
    return as_text(rounded(amount / MILLION, 1))
