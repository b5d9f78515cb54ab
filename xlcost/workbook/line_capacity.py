"""What lines of runs lack of the capacity that they draw on: chips at the time, and days on which it is there."""

from __future__ import annotations

import numpy as np

from ..equations.parameters import HOURS_PER_DAY
from ..formula import Term
from .lines import CHECKED, FIRST, OF_RUNS

HARDLY = 0.001
"""Chips, or days, that are none."""
SECONDS_OF_DAY = 86_400
"""Whether something has begun or ended is asked a second later: times of day are not exact."""
PLACES = 6


def put_lacks(lines, capacity):
    """Put what each line lacks when it begins, and mark those that do.

    What is drawn on a capacity at one time only grows when something begins.

    Parameters
    ----------
    lines : xlcost.workbook.lines.Lines
        All blocks are there.
    capacity : types.SimpleNamespace
    """
    of = [lines.range(name, *OF_RUNS) for name in ("capacity_number", "start", "until", "daily")]
    key, starts, ends, daily = (each._text for each in of)
    kind, chips, first, last = (capacity.ranges[name]._text for name in ("kind", "chips", "in_service", "service_end"))
    values = _lacks(*(each.values.astype(float) for each in of), capacity)
    terms = {column: [] for column in CHECKED}
    for name, *parts in zip(OF_RUNS, *(np.split(each, len(OF_RUNS)) for each in values)):
        number, start, until, own = (
            lines.of(column, name)._text for column in ("capacity_number", "start", "until", "daily")
        )
        at = f"{start}+1/{SECONDS_OF_DAY}"
        wanted = f'SUMIFS({daily},{key},{number},{starts},"<="&{at},{ends},">"&{at})/{HOURS_PER_DAY:g}'
        missing = f"ROUND(MAX({wanted}-INDEX({chips},{number}),0),{PLACES})"
        texts = (
            f'IF(INDEX({kind},{number})="on_demand",0,{missing})',
            f"ROUND(MAX(INDEX({first},{number})-{start},0)+MAX({until}-INDEX({last},{number}),0),{PLACES})",
        )
        for column, text, part in zip(CHECKED, texts, parts):
            terms[column].append(Term(f"IF({number}*{own}>0,IFERROR({text},0),0)", part))
    for column in CHECKED:
        lines.put_later(column, terms[column])
    block = lines.blocks[OF_RUNS[-1]]
    lacks = ",".join(f"${lines.letters[column]}{FIRST}>{HARDLY}" for column in CHECKED)
    lines.sheet.conditional(f"B{FIRST}:B{block.first + block.size - 1}", f"OR({lacks})", "wrong")


def _lacks(numbers, starts, ends, daily, capacity):
    """The same as arrays: chips that are missing, and days outside of the service."""
    kinds = capacity.ranges["kind"].values
    chips, first, last = (
        np.asarray(capacity.ranges[name].values, dtype=float) for name in ("chips", "in_service", "service_end")
    )
    missing, outside = np.zeros(len(numbers)), np.zeros(len(numbers))
    for number in set(numbers[numbers > 0].astype(int).tolist()):
        of, place = (numbers == number) & (daily > 0), number - 1
        if kinds[place] != "on_demand":
            at = starts[of] + 1 / SECONDS_OF_DAY
            begun, ended = (_up_to(at, moments[of], daily[of]) for moments in (starts, ends))
            missing[of] = _above_nothing((begun - ended) / HOURS_PER_DAY - chips[place])
        early = np.maximum(np.nan_to_num(first[place]) - starts[of], 0.0)
        outside[of] = _above_nothing(early + np.maximum(ends[of] - last[place], 0.0))
    return missing, outside


def _up_to(at, moments, amounts):
    """Sum of the amounts whose moments are not after each time."""
    order = np.argsort(moments)
    sums = np.concatenate([[0.0], np.cumsum(amounts[order])])
    return sums[np.searchsorted(moments[order], at, side="right")]


def _above_nothing(numbers):
    return np.nan_to_num(np.round(np.maximum(numbers, 0.0), PLACES))
