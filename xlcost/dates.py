"""Dates as serial numbers: days since 1899-12-30, as spreadsheets count them."""

import numpy as np

EPOCH = np.datetime64("1899-12-30", "s")
DAY = np.timedelta64(1, "D") / np.timedelta64(1, "s")

EARLIEST, LATEST = np.datetime64("1990-01-01", "s"), np.datetime64("2099-12-31", "s")
"""Dates outside this range are taken for slips of the pen."""


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
    serials = np.asarray(serials, dtype=float)
    missing = np.isnan(serials)
    seconds = np.rint(np.where(missing, 0, serials) * DAY).astype("timedelta64[s]")
    return np.where(missing, np.datetime64("NaT", "s"), EPOCH + seconds)[()]
