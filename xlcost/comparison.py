"""Whether two things are equal as a spreadsheet sees it: texts without regard to case."""

from __future__ import annotations

import numpy as np


def fold(value):
    """A text as a spreadsheet compares it, without regard to case; anything else as it is.

    Not Python's casefold: to a spreadsheet ß is not ss.

    >>> fold("STRASSE") == fold("Strasse"), fold("Straße") == fold("Strasse")
    (True, False)
    """
    return value.lower() if isinstance(value, str) else value


def is_text(value):
    """Whether a value is a text, or a column of them."""
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype.kind in "OUT")


def equal(left, right):
    """Whether values, or columns of them, are equal."""
    if not (is_text(left) or is_text(right)):
        return np.equal(left, right)
    if np.ndim(left) or np.ndim(right):
        return np.equal(_fold(left), _fold(right)).astype(bool)
    return fold(left) == fold(right)


def unequal(left, right):
    """Whether values, or columns of them, are not equal."""
    return np.logical_not(equal(left, right))


_fold = np.frompyfunc(fold, 1, 1)
