"""Parts of dates, for arrays of serial numbers and for the terms of a sheet alike."""

from __future__ import annotations

import numpy as np

from .dates import EPOCH, by_day, from_serial
from .formula import ATOM, JOIN, Term, as_term
from .lookup import join

EPOCH_DATE = EPOCH.astype("datetime64[D]").item()


def year(serial):
    """Calendar year of a date's serial number; ``YEAR``.

    >>> year(np.array([44693.5, np.nan]))
    array([2022.,   nan])
    """
    return _of_date("year", serial, lambda days: days.astype("datetime64[Y]").astype(np.int64) + 1970.0)


def month(serial):
    """Month of a date's serial number, from 1; ``MONTH``.

    >>> month(np.array([44693.0, np.nan]))
    array([ 5., nan])
    """
    return _of_date("month", serial, lambda days: days.astype("datetime64[M]").astype(np.int64) % 12 + 1.0)


def day(serial):
    """Day of the month of a date's serial number, from 1; ``DAY``.

    >>> day(np.array([44693.0, np.nan]))
    array([12., nan])
    """
    return _of_date("day", serial, lambda days: (days - days.astype("datetime64[M]")).astype(np.int64) + 1.0)


def month_start(year, month):
    """Serial number of a month's first day; ``DATE``. A month above 12 is one of a later year.

    >>> month_start(2026.0, 14.0), month_start(np.array([2026.0, 2027.0]), 3.0).tolist()
    (46419.0, [46082.0, 46447.0])
    """
    if isinstance(year, Term) or isinstance(month, Term):
        year, month = as_term(year), as_term(month)
        may_miss = {**year.may_miss, **month.may_miss}
        return Term(f"DATE({year._text},{month._text},1)", month_start(year.value, month.value), ATOM, may_miss)
    count = (np.asarray(year, dtype=float) - 1970) * 12 + np.asarray(month, dtype=float) - 1
    missing = np.isnan(count)
    months = np.where(missing, 0, count).astype(np.int64).astype("datetime64[M]").astype("datetime64[D]")
    serial = np.where(missing, np.nan, (months - EPOCH.astype("datetime64[D]")).astype(float))
    return serial if serial.ndim else float(serial)


def _of_date(part, serial, of_days):
    if isinstance(serial, Term):
        value = _of_date(part, serial.value, of_days)
        return Term(f"{part.upper()}({serial._text})", value, ATOM, serial.may_miss)
    if not np.ndim(serial):
        # Faster than NumPy for one date.
        date = EPOCH_DATE.fromordinal(EPOCH_DATE.toordinal() + int(serial)) if serial == serial else None
        return float(getattr(date, part)) if date else np.nan
    return by_day(of_days, serial)


def iso_date(serial):
    """A date's serial number as text, 2026-03-01; without TEXT, whose format letters depend on the language of Excel.

    >>> iso_date(46082.0)
    '2026-03-01'
    """
    if isinstance(serial, Term):
        year, month, day = date_parts(serial)
        return Term(join(year, "-", month, "-", day)._text, iso_date(serial.value), JOIN)
    if isinstance(serial, np.ndarray):
        distinct, position = np.unique(serial, return_inverse=True)
        return np.array([iso_date(one) for one in distinct], dtype=object)[position]
    return "" if np.isnan(serial) else str(from_serial(serial).astype("datetime64[D]"))


def date_parts(serial):
    """Year, month and day of a date's term, as texts of four and two digits."""
    name = serial._text
    texts = f"YEAR({name})", f'RIGHT("0"&MONTH({name}),2)', f'RIGHT("0"&DAY({name}),2)'
    values = _by_place(iso_date(serial.value), (slice(0, 4), slice(5, 7), slice(8, 10)))
    return [Term(text, value) for text, value in zip(texts, values)]


def date_text(serial, language):
    """A date's term as a text of a language."""
    return language.sentence("{year}-{month}-{day}", **dict(zip(("year", "month", "day"), date_parts(serial))))


def _by_place(text, places):
    """Pieces of a text, or of each of an array, by their places."""
    if isinstance(text, str):
        return [text[place] for place in places]
    return [np.array([one[place] for one in text], dtype=object) for place in places]
