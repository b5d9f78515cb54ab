"""What a spreadsheet makes of texts: equal without regard to case, more than any number, and no part of a sum."""

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


_COMPARISONS = np.less, np.less_equal, np.greater, np.greater_equal
_ENDS = {np.minimum: np.fmin, np.maximum: np.fmax}
"""``MIN`` and ``MAX``, and what leaves out what is missing."""


def of_cells(function, *values, may_miss=False):
    """What a function of numbers gives for cells, some of which may hold a text or nothing.

    Parameters
    ----------
    function : callable
        A function of NumPy, or `equal` or `unequal`.
    *values
        Of single cells, or of columns of numbers; NaN where there is nothing.
    may_miss : bool, default False
        Whether the formula gives nothing where a cell holds nothing.

    Returns
    -------
    object
        NaN in place of an error.

    Examples
    --------
    >>> of_cells(np.less, 5.0, "never"), of_cells(np.maximum, "never", 5.0), of_cells(np.add, "never", 5.0)
    (True, 5.0, nan)
    """
    texts = [isinstance(value, str) for value in values]
    if function in (equal, unequal):
        return function(*values)
    if function in _ENDS:
        numbers = [value for value, text in zip(values, texts) if not text]
        if len(numbers) < len(values):
            return numbers[0] if numbers else 0.0
        return function(*values) if may_miss else _ENDS[function](*values)
    if any(texts):
        return bool(function(*map(float, texts))) if function in _COMPARISONS else np.nan
    found = function(*values)
    if function in (np.power, np.float_power):
        # To NumPy anything to the power of 0 is 1, even what is missing.
        missing = np.isnan(values[0]) | np.isnan(values[1])
        return np.where(missing, np.nan, found)[()] if np.any(missing) else found
    return found
