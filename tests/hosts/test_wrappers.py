"""The VBA that Excel runs: held by its text, as no test here can run it."""

import re

import pytest

from tests.engines.excel_com import ExcelCom
from xlcost.functions import FUNCTIONS
from xlcost.hosts.meaning import ERRORS as CELL_ERRORS
from xlcost.hosts.wrappers import ERRORS, SETTING, wrapper_source

RESERVED = set(
    """abs access addressof alias and any append array as base binary boolean byref byte byval call case cbool cbyte
    ccur cdate cdbl cdec cint circle clng close compare const csng cstr currency cvar cverr date debug decimal declare
    defbool defbyte defcur defdate defdbl defint deflng defobj defsng defstr defvar dim do doevents double each else
    elseif empty end endif enum eqv erase error event exit explicit false fix for friend function get global gosub goto
    if imp implements in input int integer is lbound len let lib like line lock long longlong longptr loop lset me mod
    module name new next not nothing null object on open option optional or output paramarray preserve print private
    property pset public put raiseevent random read redim rem resume return rset scale seek select set sgn shared single
    spc static step stop string sub tab text then to true type typeof ubound unlock until variant wend while width with
    withevents write xor""".split()  # noqa: SIM905 - to be read
)
SOURCES = pytest.mark.parametrize("source", [wrapper_source(), wrapper_source(in_addin=True)], ids=["xlsm", "xlam"])


def wrappers(source):
    """Declared arguments and body of each public function."""
    found = re.findall(r"^Function (\w+)\(([^)]*)\)\n(.*?)^End Function", source, re.MULTILINE | re.DOTALL)
    return {name: (declared.split(", ") if declared else [], body) for name, declared, body in found}


@SOURCES
def test_there_is_one_wrapper_for_each_function(source):
    assert list(wrappers(source)) == list(FUNCTIONS)


@SOURCES
def test_arguments_stand_in_their_order_and_the_setting_after_them(source):
    for name, (declared, body) in wrappers(source).items():
        arguments = FUNCTIONS[name].arguments
        assert declared == [f"Optional {a.name}" if a.optional else a.name for a in arguments]
        handed = re.search(rf'XLPy\.CallUDF\("xlcost\.hosts\.excel_udfs", "{name}", Array\((.*)\), \w+, ', body)[1]
        assert handed.split(", ") == [*(a.name for a in arguments), "InForce()"]


@SOURCES
def test_a_failure_is_an_error_of_excel_and_never_its_text(source):
    assert "Err.Description" not in source
    for name, (_, body) in wrappers(source).items():
        lines = [line.strip() for line in body.splitlines()]
        assert "On Error GoTo Failed" in lines
        assert lines[lines.index("Failed:") + 1] == f"{name} = CVErr(xlErrValue)"
        assert any(line.startswith(f"{name} = Shown(XLPy.CallUDF(") for line in lines)


@SOURCES
def test_every_error_that_a_function_can_give_becomes_excels_own_number(source):
    cases = dict(re.findall(r'Case "(#.+)": AsError = CVErr\((\d+)\)', source))
    assert set(cases) == set(CELL_ERRORS) == set(ERRORS)
    # xlErrNull, xlErrDiv0, xlErrValue, xlErrRef, xlErrName, xlErrNum and xlErrNA, as Excel documents them.
    old = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]
    assert [int(cases[error]) for error in old] == [2000, 2007, 2015, 2023, 2029, 2036, 2042]


@SOURCES
def test_arrays_of_one_and_of_two_dimensions_are_looked_through(source):
    shown = source.partition("Private Function Shown")[2].partition("End Function")[0]
    assert "Result(Row) = AsError(Result(Row))" in shown
    assert "Result(Row, Column) = AsError(Result(Row, Column))" in shown


@SOURCES
def test_a_wrapper_never_ends_without_a_result(source):
    """One that is left before Python has answered gives 0, and a total takes that for a cost."""
    assert "Volatile" not in source
    for name, (_, body) in wrappers(source).items():
        statements = [line.strip() for line in body.splitlines() if line.strip() and "Attribute" not in line]
        assert statements[0] == "On Error GoTo Failed"
        assert statements[1].startswith(f"{name} = Shown(XLPy.CallUDF(")
        assert statements[2:5] == ["Exit Function", "Failed:", f"{name} = CVErr(xlErrValue)"]


@SOURCES
def test_the_setting_is_that_of_the_workbook_whose_cell_calls(source):
    assert f'Application.Caller.Worksheet.Evaluate("{SETTING}").Value' in source


def test_an_addin_serves_the_active_workbook_and_a_workbook_itself():
    assert "ActiveWorkbook" not in wrapper_source() and "ThisWorkbook" not in wrapper_source(in_addin=True)


@SOURCES
def test_texts_and_lines_are_as_long_as_vba_allows(source):
    assert max(map(len, source.splitlines())) < 1_023
    descriptions = re.findall(r'VB_Description = "(.*)"', source)
    assert len(descriptions) == len(FUNCTIONS) and max(map(len, descriptions)) < 256
    assert all(len(a.text) < 256 for function in FUNCTIONS.values() for a in function.arguments)
    source.encode("cp1252")


def test_no_argument_is_a_word_that_vba_reserves():
    names = {argument.name for function in FUNCTIONS.values() for argument in function.arguments}
    assert not names & RESERVED and not {name.lower() for name in FUNCTIONS} & RESERVED
    assert all(re.fullmatch(r"[a-z]\w*", name) for name in names)


def test_the_wrappers_declare_what_xlwings_would(excel_com: ExcelCom):
    """xlwings' own generator is the judge of which arguments are optional, and in which order they stand."""
    theirs = dict(re.findall(r"^Function (\w+)\((.*)\)$", excel_com.vba(), re.MULTILINE))
    for name, (declared, _) in wrappers(wrapper_source()).items():
        assert theirs[name].split(", ") == (declared or [""])
