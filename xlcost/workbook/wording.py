"""Amounts and shares in sentences."""

from __future__ import annotations

from ..lookup import fixed

MILLION = 1_000_000.0


def in_millions(amount):
    """An amount in millions with one decimal, as a sentence has it.

    >>> in_millions(1_234_567_890.0)
    '1234.6'
    """
    return fixed(amount / MILLION, 1)


def in_percent(share):
    """A share as a sentence has it, without the sign.

    >>> in_percent(0.0704)
    '7.0'
    """
    return fixed(share * 100, 1)
