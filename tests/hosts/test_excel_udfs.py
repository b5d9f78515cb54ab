"""Functions as Excel on Windows calls them through xlwings' own code: what cells show for what cells hold."""

import datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from tests.engines.cells import CellError
from tests.engines.excel_com import ERROR_CODES, OMITTED, Range
from tests.hosts.excel_cases import CASES, CHIPS, DAYS_BEFORE_1970, EDITION, HOURS, POINTS, START, costs
from xlcost import catalog
from xlcost.functions import FUNCTIONS

ERRORS = [CellError(code) for code in ERROR_CODES]


def same(found, expected):
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, str):
        return isinstance(found, str) and found.startswith(expected)
    # 1e-9 and not the last digit, as a sum may be taken in another order.
    return type(found) is float and found == pytest.approx(expected, rel=1e-9)


def serial(day):
    return (day - datetime.date(1970, 1, 1)).days + DAYS_BEFORE_1970


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def as_number(value):
    return float(serial(value)) if isinstance(value, datetime.date) else value


def as_text(value):
    if isinstance(value, datetime.date):
        return f" {value.isoformat()} "
    return f" {value!r} " if is_number(value) else value


def as_currency(value):
    # Excel hands over currency with four decimals, and no amounts above 922 trillion.
    return Decimal(value).quantize(Decimal("0.0001")) if is_number(value) and abs(value) < 9e14 else value


def as_loose_text(value):
    return f"  {value.upper()} " if isinstance(value, str) else value


FORMS = {
    "a constant": lambda value: value,
    "a cell": Range,
    "an unformatted cell": lambda value: Range(as_number(value)),
    "a date with a time": lambda value: (
        Range(datetime.datetime(value.year, value.month, value.day)) if isinstance(value, datetime.date) else value
    ),
    "text": lambda value: Range(as_text(value)),
    "currency": lambda value: Range(as_currency(value)),
    "other letters and spaces": lambda value: Range(as_loose_text(value)),
    "an array of one": lambda value: [[value]],
}


def test_gpt_4_costs_40_16_million(excel_com):
    run = dict(chip="NVIDIA A100 SXM4 40 GB", chips=25000, hours=2280, start=datetime.date(2022, 5, 12))
    arguments = (*run.values(), "OpenAI", OMITTED, 0.0806)
    found = excel_com.call("AMORTIZED_COST", *arguments, setting=Range("2024-05"))
    assert round(found / 1e6, 2) == 40.16
    assert same(found, costs("2024-05", **run, organization="OpenAI", usd_per_kwh=0.0806)["amortized_cost"])


def test_every_function_has_a_case_with_all_its_arguments():
    assert {name: len(case[0]) for name, case in CASES.items()} == {
        name: len(function.arguments) for name, function in FUNCTIONS.items()
    }


OF_CELLS = [name for name, function in FUNCTIONS.items() if not function.takes_ranges]


OF_RANGES = [name for name in FUNCTIONS if name not in OF_CELLS]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "an array of one"])
@pytest.mark.parametrize("name", OF_RANGES)
def test_a_whole_range_makes_a_trend_whatever_form_its_cells_have(excel_com, name, form):
    (dates, costs, *others), expected = CASES[name]

    def formed(cell):
        found = FORMS[form](cell)
        return found.value if isinstance(found, Range) else found

    columns = [[formed(cell) for (cell,) in points.value] for points in (dates, costs)]
    for filled in ([Range([[cell] for cell in column]) for column in columns], columns):
        found = excel_com.call(name, *filled, *map(FORMS[form], others), setting=EDITION)
        assert same(found[0] if name != "YEAR_COST_REACHES" else [found], np.atleast_1d(expected()).tolist())


@pytest.mark.parametrize("name", OF_RANGES)
def test_a_blank_cell_of_a_range_leaves_its_pair_out_and_a_bad_one_fails_all(excel_com, name):
    (dates, costs, *others), _ = CASES[name]
    usual = excel_com.call(name, dates, costs, *others)
    for blank in (None, "", " "):
        longer = Range([*dates.value, [START], [blank]]), Range([*costs.value, [blank], [5.0]])
        assert excel_com.call(name, *longer, *others) == usual
    bad = Range([*dates.value, [None]]), Range([*costs.value, [CellError("#REF!")]])
    assert excel_com.call(name, *bad, *others) == CellError("#REF!")
    assert excel_com.call(name, dates, Range(costs.value[1:]), *others) == CellError("#N/A")


def test_a_range_of_amounts_gives_the_year_of_each(excel_com):
    years = excel_com.call("YEAR_COST_REACHES", *POINTS, Range([[1e8], [None], [-1.0], [1e9]]), setting=EDITION)
    alone = [excel_com.call("YEAR_COST_REACHES", *POINTS, amount) for amount in (1e8, 1e9)]
    assert years == [[alone[0]], [""], [CellError("#NUM!")], [alone[1]]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", OF_CELLS)
def test_a_function_gives_what_the_estimate_says_whatever_form_its_cells_have(excel_com, name, form):
    arguments, expected = CASES[name]
    found = excel_com.call(name, *map(FORMS[form], arguments), setting=EDITION)
    assert same(found, expected())


@pytest.mark.parametrize("edition", strategies.EDITIONS)
@given(data=st.data())
def test_any_run_costs_what_its_estimate_says(excel_com, edition, data):
    run = data.draw(strategies.runs(edition))
    method = data.draw(st.sampled_from(["market", "market_exact", "straight_line"]))
    own = costs(edition, method, **{**run, "vendor": "", "sourcing": "own"})["amortized_cost"]
    arguments = (Range(run["chip"]), run["chips"], Range(run["hours"]), run["start"], run["organization"], method)
    found = excel_com.call("AMORTIZED_COST", *arguments, setting=Range(edition))
    assert same(found, own) if own == own else found == CellError("#N/A")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_option_left_out_skipped_or_empty_is_its_default(excel_com, name):
    required = [cell for cell, argument in zip(CASES[name][0], FUNCTIONS[name].arguments) if not argument.optional]
    options = len(FUNCTIONS[name].arguments) - len(required)
    short = excel_com.call(name, *required)
    assert short != "" and not isinstance(short, CellError)
    for left_out in (OMITTED, None, Range(None), Range("")):
        assert excel_com.call(name, *required, *[left_out] * options) == short


def test_defaults_are_those_of_an_estimate(excel_com):
    run = dict(chip="H100", chips=CHIPS, hours=HOURS)
    own, rented = costs(**run), costs(**run, sourcing="cloud_3y")
    for name, expected in (
        ("AMORTIZED_COST", own["amortized_cost"]),
        ("ENERGY_COST", own["energy"]),
        ("CLOUD_COST", rented["cloud_cost"]),
    ):
        assert same(excel_com.call(name, *run.values(), setting=EDITION), expected)


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if not all(a.optional for a in f.arguments)])
def test_an_empty_required_cell_gives_an_empty_cell(excel_com, name):
    arguments = CASES[name][0]
    for place, argument in enumerate(FUNCTIONS[name].arguments):
        if not argument.optional:
            for blank in (Range(None), Range("  "), None):
                assert excel_com.call(name, *arguments[:place], blank, *arguments[place + 1 :]) == ""


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_error_in_a_cell_is_an_error_in_the_result(excel_com, name, error):
    arguments = CASES[name][0]
    # xlwings and ours have no names of these two, which come of services that Excel is connected to.
    expected = CellError("#VALUE!") if error.code in ("#CONNECT!", "#UNKNOWN!") else error
    for place in range(len(arguments)):
        for cell in (error, Range(error)):
            assert excel_com.call(name, *arguments[:place], cell, *arguments[place + 1 :]) == expected


@pytest.mark.parametrize("name", [name for name in OF_CELLS if not FUNCTIONS[name].spills])
def test_ranges_keep_their_shape_and_only_bad_cells_fail(excel_com, name):
    arguments, bad = CASES[name][0], CellError("#REF!")
    usual = CASES[name][1]()

    for place, good in enumerate(arguments):

        def call(cells, place=place):
            return excel_com.call(name, *arguments[:place], cells, *arguments[place + 1 :], setting=EDITION)

        blank = call(None)
        for column in (Range([[good], [bad], [None]]), [[good], [bad], [None]]):
            (first,), second, third = call(column)
            assert same(first, usual) and (second, third) == ([bad], [blank])
        for row in (Range([[bad, good]]), [bad, good]):
            ((first, second),) = call(row)
            assert first == bad and same(second, usual)
        (left, right), below = call(Range([[good, bad], [bad, bad]]))
        assert same(left, usual) and [right, *below] == [bad] * 3


def test_a_column_and_a_row_make_a_block(excel_com):
    chips, counts = ["H100", "A100", "TPU v4"], [1.0, 8.0, 512.0, 5000.0]
    block = excel_com.call("ACQUISITION_COST", Range([[chip] for chip in chips]), Range([counts]), setting=EDITION)
    expected = [[costs(chip=chip, chips=n, hours=1)["acquisition_cost"] for n in counts] for chip in chips]
    assert same(block, expected)


def test_beyond_a_range_that_is_too_short_stands_not_available(excel_com):
    one, two = (excel_com.call("ACQUISITION_COST", "H100", n, setting=EDITION) for n in (1, 2))
    missing = CellError("#N/A")
    column, counts = Range([["H100"], ["H100"], ["H100"]]), Range([[1], [2]])
    assert excel_com.call("ACQUISITION_COST", column, counts, setting=EDITION) == [[one], [two], [missing]]
    block = Range([[1, 2], [2, 1], [1, 1]])
    pairs = Range([["H100", "H100"], ["H100", "H100"]])
    assert excel_com.call("ACQUISITION_COST", pairs, block, setting=EDITION) == [
        [one, two],
        [two, one],
        [missing, missing],
    ]
    wide = excel_com.call("ACQUISITION_COST", Range([["H100", "H100"]]), Range([[1, 2, 1]]), setting=EDITION)
    assert wide == [[one, two, missing]]


def test_a_text_that_a_macro_cannot_hand_over_in_an_array_is_cut_and_shows_it(excel_com):
    whole = excel_com.call("PRICE_SOURCE", "A100", setting=EDITION)
    ((cut,),) = excel_com.call("PRICE_SOURCE", Range([["A100"], ["H100"]]), setting=EDITION)[:1]
    assert len(whole) > 255 and cut == f"{whole[:254]}…"


def test_a_function_that_makes_a_table_takes_no_ranges(excel_com):
    assert excel_com.call("COST_BREAKDOWN", Range([["H100"], ["A100"]]), CHIPS, HOURS) == CellError("#VALUE!")


@pytest.mark.parametrize("cell", [True, Range(False), Range([[True], [True]])])
def test_a_truth_value_is_no_count(excel_com, cell):
    found = excel_com.call("ACQUISITION_COST", "H100", cell)
    assert found in (CellError("#VALUE!"), [[CellError("#VALUE!")]] * 2)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**9), 10**9),
    st.text(max_size=8),
    st.dates(datetime.date(1900, 3, 1)),
    st.datetimes(datetime.datetime(1900, 3, 1)),
    st.decimals(-(10**14), 10**14, places=4),
    st.sampled_from(ERRORS),
    st.sampled_from(["H100", "a100", "TPU v4", "2026-03-01", "3y", "aws", "tdp_w", "5000", "OpenAI", "2024-05"]),
)


@st.composite
def grids(draw, cells):
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return [draw(st.lists(cells, min_size=width, max_size=width)) for _ in range(height)]


def size(argument):
    rows = argument.value if isinstance(argument, Range) else argument
    if not isinstance(rows, list):
        return 1, 1
    return (len(rows), len(rows[0])) if isinstance(rows[0], list) else (1, len(rows))


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_junk_gives_the_right_shape_and_no_text_where_a_number_belongs(excel_com, name, data):
    function = FUNCTIONS[name]
    arguments = []
    for usual, argument in zip(CASES[name][0], function.arguments):
        if argument.is_range:
            good = st.sampled_from([cell for (cell,) in usual.value])
            arguments.append(data.draw(st.just(usual) | grids(JUNK | good).map(Range)))
            continue
        cells = JUNK | st.just(usual)
        scalars = cells | st.just(OMITTED) if argument.optional else cells
        forms = (
            scalars
            | cells.map(Range)
            | grids(cells).map(Range)
            | grids(cells)
            | st.lists(cells, min_size=2, max_size=4)
        )
        arguments.append(data.draw(forms))
    found = excel_com.call(name, *arguments, setting=data.draw(JUNK | st.just(EDITION)))
    sizes = [size(given) for given, argument in zip(arguments, function.arguments) if not argument.is_range]
    whole = tuple(max(dimension) for dimension in zip(*sizes))
    rows = found if isinstance(found, list) else [[found]]
    if function.spills:
        # Four parts of a cost, or four ways to have a fleet, with headings or without.
        heights = (4, 5) if function.arguments[-1].name == "headers" else (1,)
        shape = len(rows), len(rows[0])
        allowed = [(height, len(function.spills)) for height in heights]
        assert not isinstance(found, list) or (whole == (1, 1) and shape in allowed)
        # Without the headings and the names of the parts.
        texts = function.spills.count("text")
        rows = [row[texts:] for row in rows[-heights[0] :]] if isinstance(found, list) else rows
    elif isinstance(found, list) or not (found == CellError("#N/A") or function.takes_ranges):
        # An edition that is not there is one error, whatever the shape, and so is a whole range that cannot be used.
        assert (len(rows), len(rows[0])) == whole
    for cell in [cell for row in rows for cell in row]:
        allowed = (float, CellError) if function.unit else (float, CellError, str)
        assert isinstance(cell, allowed) or cell == ""
        assert not isinstance(cell, str) or "Traceback" not in cell


@pytest.mark.parametrize("setting", [Range("2024-05"), " 2024-05 ", Range(datetime.date(2024, 5, 1))])
def test_the_workbook_s_setting_decides_the_edition(excel_com, setting):
    assert excel_com.call("XLCOST_EDITION", setting=setting) == "2024-05"
    old, new = (costs(edition, chip="A100", chips=8, hours=1)["amortized_cost"] for edition in ("2024-05", EDITION))
    assert old != new
    assert same(excel_com.call("AMORTIZED_COST", "A100", 8, 1, setting=setting), old)


@pytest.mark.parametrize("setting", [None, "", Range(None), CellError("#NAME?")])
def test_a_workbook_without_a_setting_gets_the_newest_edition(excel_com, setting):
    assert excel_com.call("XLCOST_EDITION", setting=setting) == catalog.newest_edition()


def test_an_edition_that_is_not_there_is_an_error(excel_com):
    assert excel_com.call("TRAINING_FLOP", 1, 1, setting="2019-01") == CellError("#N/A")
