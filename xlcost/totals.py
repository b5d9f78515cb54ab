"""Sums, counts and ranks over the columns of a sheet, as terms.

They use functions that every spreadsheet has; text and empty cells in a column of numbers count as nothing, an error
stays an error. Criteria are compared with "=" and not by SUMIFS, which would take a department called ">5" or "A*" for
a condition.
"""

from __future__ import annotations

import numpy as np

from .formula import COMPARISON, Term, as_term
from .lookup import folded
from .references import Range

HALF_A_CENT, ROUNDING = 0.005, 1e-12


def total(numbers):
    """``SUM`` of a range."""
    # An empty text among numbers counts as nothing.
    amounts = np.where(numbers.values == "", 0.0, numbers.values) if numbers.values.dtype == object else numbers.values
    return Term(f"SUM({numbers._text})", float(np.nansum(amounts.astype(float))))


def to_the_cent(amount):
    """``ROUND`` to two places, so that what is left of a difference of large sums counts as nothing."""
    return Term(f"ROUND({amount._text},2)", float(np.round(amount.value, 2)) + 0.0, may_miss=amount.may_miss)


def gap(left, right):
    """What two sums differ by: nothing where it is less than half a cent, or than rounding leaves of huge amounts."""
    return np.where(np.abs(left - right) < slack(np.abs(right)), 0.0, left - right)


def slack(size):
    """By how much two sums of a size may differ and still agree."""
    return HALF_A_CENT + size * ROUNDING


def share_of(part, whole):
    """What share a part is of a whole; 0 where there is no whole."""
    # The divisor only has to be no 0 then.
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


def total_of_products(*numbers):
    """Sum over all rows of the product of several ranges; ``SUMPRODUCT``."""
    value = np.nansum(np.prod([column.values.astype(float) for column in numbers], axis=0))
    return Term(f"SUMPRODUCT({','.join(column._text for column in numbers)})", float(value))


def total_where(numbers, keys, key):
    """Sum of a range over the rows in which another one equals the key, which may be a column's."""
    key = as_term(key)
    text = f"SUMPRODUCT(({keys._text}={key._text})*1,{numbers._text})"
    if np.ndim(key.value):
        by_key = {}
        for name, number in zip(map(folded, keys.values.tolist()), np.nan_to_num(numbers.values.astype(float))):
            by_key[name] = by_key.get(name, 0.0) + number
        return Term(text, np.array([by_key.get(folded(name), 0.0) for name in key.value.tolist()]))
    hit = folded(keys.values) == folded(key.value)
    return Term(text, float(np.nansum(np.where(hit, numbers.values.astype(float), 0.0))))


def total_by_number(numbers, keys, key):
    """Sum of a range over the rows in which another one holds a number; ``SUMIF``. The number may be a column's."""
    key = as_term(key)
    found, place = np.unique(keys.values.astype(float), return_inverse=True)
    summed = np.bincount(place, np.nan_to_num(numbers.values.astype(float)))
    sought = np.asarray(key.value, dtype=float)
    at = np.minimum(np.searchsorted(found, sought), len(found) - 1)
    value = np.where(found[at] == sought, summed[at], 0.0)
    return Term(f"SUMIF({keys._text},{key._text},{numbers._text})", value if value.ndim else float(value))


def total_by_text(numbers, keys, key):
    """Sum of a range over the rows in which another one has a text of ours; ``SUMIF``, which knows wildcards."""
    key = as_term(key)
    hit = folded(keys.values) == folded(key.value)
    value = float(np.nansum(np.where(hit, numbers.values.astype(float), 0.0)))
    return Term(f"SUMIF({keys._text},{key._text},{numbers._text})", value)


def total_unless(numbers, keys, key):
    """Sum of a range over the rows in which another one is not a number, or a text of ours; ``SUMIF``."""
    key = as_term(key)
    other = folded(keys.values) != folded(key.value)
    value = float(np.nansum(np.where(other, numbers.values.astype(float), 0.0)))
    return Term(f'SUMIF({keys._text},"<>"&{key._text},{numbers._text})', value)


def total_by_numbers(numbers, *conditions):
    """Sum of a range over the rows in which several others each hold a number; ``SUMIFS``.

    Parameters
    ----------
    numbers : Range
    *conditions : (Range, Term)
        Keys, and the number that they are to hold, which may be a column's.
    """
    amounts = np.nan_to_num(numbers.values.astype(float))
    sought = np.broadcast_arrays(*(np.asarray(as_term(key).value, dtype=float) for _, key in conditions))
    summed = {}
    for keys, amount in zip(zip(*(listed.values.tolist() for listed, _ in conditions)), amounts):
        summed[keys] = summed.get(keys, 0.0) + amount
    value = np.array([summed.get(keys, 0.0) for keys in zip(*(np.atleast_1d(each).tolist() for each in sought))])
    text = ",".join(f"{keys._text},{as_term(key)._text}" for keys, key in conditions)
    return Term(f"SUMIFS({numbers._text},{text})", value if np.ndim(sought[0]) else float(value[0]))


def count_by_numbers(*conditions):
    """Number of rows in which several ranges each hold a number; ``COUNTIFS``. See `total_by_numbers`."""
    first, _ = conditions[0]
    ones = Range("", np.ones(len(first)))
    text = ",".join(f"{keys._text},{as_term(key)._text}" for keys, key in conditions)
    return Term(f"COUNTIFS({text})", total_by_numbers(ones, *conditions).value)


def count_where(keys, key):
    """Number of rows in which a range equals the key."""
    key = as_term(key)
    hit = folded(keys.values) == folded(key.value)
    return Term(f"SUMPRODUCT(({keys._text}={key._text})*1)", float(np.sum(hit)))


def count_filled(cells):
    """Number of cells that show something."""
    values = cells.values
    filled = values != "" if values.dtype.kind in "OUT" else ~np.isnan(values)
    return Term(f'SUMPRODUCT(({cells._text}<>"")*1)', float(np.sum(filled)))


def count_numbers(numbers):
    """``COUNT`` of a range."""
    return Term(f"COUNT({numbers._text})", float(np.sum(~np.isnan(numbers.values.astype(float)))))


def count_errors(cells):
    """Number of cells that show an error; a book is written without any."""
    return Term(f"SUMPRODUCT(ISERROR({cells._text})*1)", 0.0)


def count_below(numbers, limit, may_equal=False):
    """Number of numbers under a limit, or not above it."""
    limit = as_term(limit)
    values = numbers.values.astype(float)
    with np.errstate(invalid="ignore"):
        hit = values <= limit.value if may_equal else values < limit.value
    sign = "<=" if may_equal else "<"
    return Term(f"SUMPRODUCT(ISNUMBER({numbers._text})*({numbers._text}{sign}{limit._text}))", float(np.sum(hit)))


def count_outside(numbers, above=None, at_least=None, at_most=None):
    """Number of numbers that do not keep their bounds."""
    lower = count_below(numbers, at_least) if above is None else count_below(numbers, above, may_equal=True)
    return lower + (count_numbers(numbers) - count_below(numbers, at_most, may_equal=True))


def count_inverted(low, high):
    """Number of rows in which the high end of a range is below its low end."""
    with np.errstate(invalid="ignore"):
        hit = high.values.astype(float) < low.values.astype(float)
    return Term(
        f"SUMPRODUCT(ISNUMBER({low._text})*ISNUMBER({high._text})*({high._text}<{low._text}))", float(np.sum(hit))
    )


def count_text(cells):
    """Number of cells with a text in them; of a column of numbers, the cells that are none."""
    return Term(f'SUMPRODUCT(ISTEXT({cells._text})*({cells._text}<>""))', 0.0)


def is_listed(text, listed):
    """Whether a text that is not empty is in a list; without regard to case, and without wildcards."""
    text = as_term(text)
    names = set(map(folded, listed.values.tolist())) - {""}
    value = np.array([folded(one) in names for one in np.atleast_1d(text.value).tolist()])
    formula = f'({text._text}<>"")*SUMPRODUCT(({listed._text}={text._text})*1)'
    return Term(f"{formula}>0", value if np.ndim(text.value) else bool(value[0]), COMPARISON)


def is_listed_before(listed, position):
    """Whether the entry at a position of a list, from 0, stands further up in it too."""
    first, here = listed.cell(0), listed.cell(position)
    sheet, _, cell = here._text.rpartition("!")
    above = f"{first._text}:{cell}"
    keys = list(map(folded, listed.values.tolist()))
    value = bool(keys[position]) and keys[position] in keys[:position]
    return Term(f"SUMPRODUCT(({above}={here._text})*1)>1", value, COMPARISON)


def largest(numbers, rank):
    """The rank-th largest number of a range; ``LARGE``. Where there are fewer, put `blank_if` around it."""
    rank = as_term(rank)
    found = np.sort(numbers.values.astype(float)[~np.isnan(numbers.values.astype(float))])[::-1]
    value = float(found[int(rank.value) - 1]) if rank.value <= len(found) else np.nan
    return Term(f"LARGE({numbers._text},{rank._text})", value)


def smallest(numbers, rank):
    """The rank-th smallest number of a range; ``SMALL``. Where there are fewer, put `blank_if` around it."""
    rank = as_term(rank)
    found = np.sort(numbers.values.astype(float)[~np.isnan(numbers.values.astype(float))])
    value = float(found[int(rank.value) - 1]) if rank.value <= len(found) else np.nan
    return Term(f"SMALL({numbers._text},{rank._text})", value)


def position_of(number, numbers, last, previous=None):
    """Where a number stands in a range; of equal numbers each once, in their order.

    Parameters
    ----------
    number : Term
    numbers : Range
    last : str
        Text of the range's last cell.
    previous : (Term, Term), optional
        Number and position that were listed before it.
    """
    values = numbers.values.astype(float)
    anywhere = f"MATCH({number._text},{numbers._text},0)"
    start, text = 0, anywhere
    if previous is not None:
        before, position = previous
        after = f"MATCH({number._text},INDEX({numbers._text},{position._text}+1):{last},0)+{position._text}"
        text = f"IF({number._text}={before._text},{after},{anywhere})"
        start = int(position.value) if before.value == number.value else 0
    found = np.flatnonzero(values[start:] == number.value)
    return Term(text, float(found[0] + 1 + start) if len(found) else np.nan, may_miss=number.may_miss)
