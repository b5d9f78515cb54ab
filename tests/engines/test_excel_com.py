"""xlwings' code for Windows does what its users have seen it do, and the stand-ins let nothing else pass."""

import datetime
from decimal import Decimal

import pytest

from .cells import CellError, EngineError
from .excel_com import OMITTED, ExcelCom, Range, UdfError

SAMPLE = "tests.engines.excel_com_sample"


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (5, "float 5.0"),
        (True, "bool True"),
        ("H100", "str 'H100'"),
        ("", "NoneType None"),
        (None, "NoneType None"),
        (Decimal("1.2345"), "Decimal Decimal('1.2345')"),
        (datetime.date(2026, 3, 1), "datetime datetime.datetime(2026, 3, 1, 0, 0)"),
        (CellError("#N/A"), "str '#N/A'"),
        # xlwings has no name of an error that Excel got after 2010.
        (CellError("#SPILL!"), "int -2146826243"),
    ],
)
def test_python_gets_a_cell_as_xlwings_documents(excel_com, cell, seen):
    for given in (cell, Range(cell), [[cell]], Range([[cell]])):
        assert excel_com.call("arrived", given, module=SAMPLE) == [[seen], ["'the default'"]]


def test_rows_columns_and_arrays_keep_their_shape(excel_com):
    def seen(cells):
        return excel_com.call("arrived", cells, module=SAMPLE)[:-1]

    row, column = [["float 1.0", "float 2.0"]], [["float 1.0"], ["float 2.0"]]
    assert seen(Range([[1, 2]])) == seen([[1, 2]]) == seen([1, 2]) == row
    assert seen(Range([[1], [2]])) == seen([[1], [2]]) == column


def test_an_omitted_argument_is_its_default_and_an_empty_cell_is_not(excel_com):
    assert excel_com.call("arrived", 1, OMITTED, module=SAMPLE)[1] == ["'the default'"]
    assert excel_com.call("arrived", 1, Range(None), module=SAMPLE)[1] == ["None"]


def test_texts_of_errors_become_errors_and_nothing_becomes_empty_text(excel_com):
    assert excel_com.call_raw("returned", "an error", module=SAMPLE) == "#N/A"
    assert excel_com.call("returned", "an error", module=SAMPLE) == CellError("#N/A")
    assert (
        excel_com.call("returned", "nothing", module=SAMPLE) == excel_com.call("returned", "a nan", module=SAMPLE) == ""
    )


def test_what_com_can_t_carry_and_what_raises_is_told(excel_com):
    with pytest.raises(UdfError, match="'set' cannot be converted to a COM VARIANT"):
        excel_com.call("returned", "a set", module=SAMPLE)
    with pytest.raises(UdfError, match="this text would stand in the cell"):
        excel_com.call("returned", "a failure", module=SAMPLE)


def test_each_call_is_timed(excel_com):
    assert len(excel_com.time("arrived", [(1,), (Range(2),)], SAMPLE)) == 2


def test_a_server_that_has_ended_says_so():
    with ExcelCom() as server:
        server._server.kill()
        with pytest.raises(EngineError, match="ended unexpectedly"):
            server.call("arrived", 1, module=SAMPLE)
