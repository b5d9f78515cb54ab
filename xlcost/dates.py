"""Dates as serial numbers: days since 1899-12-30, as spreadsheets count them."""

import numpy as np

EPOCH = np.datetime64("1899-12-30", "s")
DAY = np.timedelta64(1, "D") / np.timedelta64(1, "s")

EARLIEST, LATEST = np.datetime64("1990-01-01", "s"), np.datetime64("2099-12-31", "s")
"""Dates outside this range are taken for slips of the pen."""
END_OF_TIME = 109_574.0
"""A day after everything, as a serial number: the end of 2199."""


def to_serial(dates):
    """Serial number of a date or of an array of dates; NaN for a missing one.

    >>> float(to_serial("2026-03-01"))
    46082.0
    """
    dates = np.asarray(dates, dtype="datetime64[s]")
    return np.where(np.isnat(dates), np.nan, (dates - EPOCH).astype("timedelta64[s]").astype(float) / DAY)


def from_serial(serials):
    """Date and time, to the second, of a serial number or of an array of them.

    >>> str(from_serial(44589.5))
    '2022-01-28T12:00:00'
    """
    # NumPy makes NaT of NaN.
    return EPOCH + np.rint(np.asarray(serials, dtype=float) * DAY).astype("timedelta64[s]")


def by_day(function, serials):
    """A function of calendar days for serial numbers, called once for each day and not for each number; NaN stays NaN.

    Parameters
    ----------
    function : callable
        Takes an array of datetime64[D] and gives an array of float.
    serials : array of float

    Examples
    --------
    >>> by_day(lambda days: days.astype("datetime64[Y]").astype(float) + 1970, np.array([44693.5, np.nan]))
    array([2022.,   nan])
    """
    missing = np.isnan(serials)
    if missing.all():
        return np.full(len(serials), np.nan)
    whole = np.floor(np.where(missing, np.nanmin(serials), serials)).astype(np.int64)
    first, last = whole.min(), whole.max()
    epoch = EPOCH.astype("datetime64[D]")
    if last - first < 2 * len(serials):
        values = function(epoch + np.arange(first, last + 1))[whole - first]
    else:
        values = function(epoch + whole)
    return np.where(missing, np.nan, values)
