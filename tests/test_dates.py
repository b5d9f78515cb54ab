"""Serial numbers of dates, against Python's own calendar."""

import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from xlcost.date_parts import year
from xlcost.dates import by_day, from_serial, to_serial
from xlcost.lookup import match_last

MOMENTS = st.datetimes(datetime.datetime(1901, 1, 1), datetime.datetime(2400, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(st.lists(MOMENTS | st.none(), min_size=1))
def test_a_date_comes_back_from_its_serial_number_to_the_second(moments):
    assert_array_equal(from_serial(to_serial(moments)), np.array(moments, dtype="datetime64[s]"))


@given(st.lists(MOMENTS | st.none(), min_size=1))
def test_years_are_those_of_the_calendar_whether_few_days_or_many(moments):
    expected = [np.nan if moment is None else moment.year for moment in moments]
    assert_array_equal(year(to_serial(moments)), expected)
    assert_array_equal(year(np.tile(to_serial(moments), 2_000)), np.tile(expected, 2_000))


def test_a_function_of_days_is_called_once_for_each_day_however_long_the_column():
    asked = []
    by_day(lambda days: asked.extend(days) or np.zeros(len(days)), np.repeat([45000.2, 45001.9, np.nan], 1_000))
    assert asked == [np.datetime64("2023-03-15"), np.datetime64("2023-03-16")]


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=30, unique=True).map(sorted),
    st.lists(st.floats(-12, 12) | st.just(np.nan), min_size=1, max_size=60),
)
def test_the_last_entry_not_above_a_value_is_found_for_a_column_and_for_one(ascending, values):
    expected = [
        max((place for place, entry in enumerate(ascending, 1) if entry <= value), default=np.nan) for value in values
    ]
    assert_array_equal(match_last(np.array(values), np.array(ascending)), expected)
    assert_array_equal([match_last(value, np.array(ascending)) for value in values], expected)
