"""The process that computes for LibreOffice: ``python -m xlcost.hosts.libreoffice.worker``, started by the add-in.

It answers requests that come on its standard input until that ends. A request is a function's name, the arguments of
one or more calls as LibreOffice hands them over, the workbook's setting of the edition, and how many days lie between
the zero of the workbook's dates and that of all others. An answer is, for each call, rows of cells as
`xlcost.hosts.cells.call` gives them.

What LibreOffice does to arguments, seen in 25.2, and what becomes of it:

- A reference to one blank cell arrives as the number 0. Zero is therefore read as blank wherever it means nothing:
  in place of a text, a date, a month or a year, and where a number must not be zero. For an optional number it is
  read as left out too; who means zero types it as text (``="0"``). Only a required number that may be zero, and a
  flag, take it as zero. In a range, blank cells arrive as such, and ``E2:E2`` is a range.
- Dates arrive as numbers, counted from the workbook's own zero. (One that goes back, a chip's release date, is counted
  from 1899-12-30, the zero of nearly all workbooks.)
- TRUE and FALSE arrive as 1 and 0: a truth value in place of a number can't be refused.
- A cell with an error is never passed on. As one cell, or in array arithmetic, its error becomes the formula's; in a
  range, LibreOffice answers Err:504 for the whole formula by itself.
"""

from __future__ import annotations

import io
import os
import sys
import traceback

from ...functions import FUNCTIONS
from ..cells import call
from ..meaning import BAD_VALUE
from .office.xlcost_pipe import PROTOCOL, packed, receive, write

LAST_YEAR = 9999
DATES = ("date", "month", "dates")
PLAIN = (float, str)


def answer(name, arguments, edition="", days=0):
    """Rows of cells for a function as LibreOffice calls it.

    Parameters
    ----------
    name : str
    arguments : sequence
        One for each argument: None where it is left out, a number, a text, or rows of these. All required ones are
        rows, as LibreOffice passes them.
    edition : str
        The workbook's setting.
    days : int
        From 1899-12-30 to the day that is the number 0 in the workbook.

    Returns
    -------
    list of list

    Examples
    --------
    >>> answer("TRAINING_FLOP", [[[70e9]], [[15e12]]])
    [[6.3e+24]]

    Cells that are blank, as LibreOffice hands them over alone and in a range:

    >>> answer("TRAINING_FLOP", [[[0.0]], [[15e12]]]), answer("TRAINING_FLOP", [[[70e9], [""]], [[15e12]]])
    ([['']], [[6.3e+24], ['']])
    """
    cells = [read(argument, given, days) for argument, given in zip(FUNCTIONS[name].arguments, arguments)]
    result = call(name, cells, edition)
    return _plain_rows(result if isinstance(result, list) else [[result]])


def answers(name, calls, edition="", days=0):
    """The answer to each of several calls, computed together where each is of single cells.

    >>> answers("TRAINING_FLOP", [[[[70e9]], [[15e12]]], [[[0.0]], [[15e12]]]])
    [[[6.3e+24]], [['']]]
    """
    function = FUNCTIONS[name]
    if len(calls) == 1 or function.spills or function.takes_ranges or not function.arguments:
        return [answer(name, arguments, edition, days) for arguments in calls]
    columns = [
        [[read(argument, arguments[place], days)] for arguments in calls]
        for place, argument in enumerate(function.arguments[: len(calls[0])])
    ]
    return [[row] for row in _plain_rows(call(name, columns, edition))]


def read(argument, given, days):
    """An argument as `call` takes it."""
    if given.__class__ is tuple or given.__class__ is list:
        if len(given) > 1 or len(given[0]) > 1:
            if not _counts_days(argument):
                return list(given)
            return [[_dated(argument, cell, days) for cell in row] for row in given]
        given = given[0][0]
    if given == 0 and zero_is_blank(argument):
        return None
    return _dated(argument, given, days) if _counts_days(argument) else given


def zero_is_blank(argument):
    """Whether the number 0 stands for a blank cell in place of this argument."""
    if argument.kind == "flag":
        return False
    return argument.kind != "number" or argument.optional or not zero_is_allowed(argument)


def zero_is_allowed(argument):
    """Whether 0 is within the bounds of a number."""
    limits = argument.limits
    return limits.get("above", -1) < 0 and limits.get("at_least", 0) <= 0 and limits.get("at_most", 0) >= 0


def _counts_days(argument):
    return argument.kind in DATES or argument.kind == "year"


def _dated(argument, cell, days):
    """A number that counts days, as it counts them everywhere."""
    counts = isinstance(cell, float) and (argument.kind in DATES or cell > LAST_YEAR)
    return cell + days if counts else cell


def _plain_rows(rows):
    """Numbers and texts as `marshal` knows them."""
    return [[cell if cell.__class__ in PLAIN else _plain(cell) for cell in row] for row in rows]


def _plain(cell):
    return str(cell) if isinstance(cell, str) else float(cell)


def main():
    """Answer until the office ends."""
    requests, replies = io.FileIO(os.dup(0), "rb"), io.FileIO(os.dup(1), "wb")
    # Whatever else writes to standard output would be taken for an answer.
    os.dup2(2, 1)
    write(replies, packed(PROTOCOL))
    # The facts are read while the office is still opening its file.
    call("XLCOST_EDITION", [])
    try:
        while True:
            request = receive(requests)
            try:
                reply = answers(*request)
            except Exception:
                # A fault of ours is one cell's, and the next may do well.
                traceback.print_exc()
                reply = [[[BAD_VALUE]]] * len(request[1])
            write(replies, packed(reply))
    except (EOFError, OSError):
        # The office has ended, and no one is left to tidy up for.
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
