"""Formulas against real spreadsheets: every operator, every function, every equation."""

import inspect
import operator

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engines.cells import CellError
from tests.strategies import EQUATION_RANGES
from xlcost import equations
from xlcost.date_parts import iso_date, year
from xlcost.formula import ROW, Term, lambda_formula, literal
from xlcost.lookup import blank_if, join, largest_of_words, match, match_last, take, words
from xlcost.references import Range, reference

ENGINES = ["libreoffice", "cellrune"]
CELLS = {"A1": 3.0, "A2": -2.0, "A3": 0.5, "A4": 7.25}
LEAVES = st.sampled_from([*CELLS, 2.0, -1.5, 10.0, 0.25])

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow}
FUNCTIONS = [np.exp, np.sqrt, np.abs, np.floor, np.log, np.log10, np.negative]


def cell(address):
    return Term(f"Sheet1!{address}", CELLS[address])


def as_operand(leaf):
    return cell(leaf) if isinstance(leaf, str) else leaf


def expressions():
    """Terms of all shapes, built by the same Python operators that equations use."""

    def grown(children):
        return st.one_of(
            st.tuples(st.sampled_from(list(OPERATORS)), children, children),
            st.tuples(st.sampled_from(["min", "max", "where<", "where="]), children, children),
            st.tuples(st.sampled_from(FUNCTIONS), children),
        )

    return st.recursive(LEAVES, grown, max_leaves=9)


def built(tree):
    """The term of a tree; None where a part of it has no value, which a spreadsheet would call an error."""
    if not isinstance(tree, tuple):
        return as_operand(tree)
    operands = [built(part) for part in tree[1:]]
    term = None if any(operand is None for operand in operands) else combined(tree[0], operands)
    return term if isinstance(term, Term) and is_ordinary(term.value, tree[0]) else None


def is_ordinary(value, operation):
    """Whether spreadsheets agree on this number: beyond 1e308 there is none, and some call what vanishes an error."""
    vanished = value == 0 and operation == "^"
    return np.isfinite(value) and not vanished and (value == 0 or 1e-100 < abs(value) < 1e100)


def combined(first, operands):
    if not any(isinstance(operand, Term) for operand in operands):
        operands[0] = operands[0] + cell("A1")
    if first in OPERATORS:
        return OPERATORS[first](*operands)
    if first in ("min", "max"):
        return {"min": np.minimum, "max": np.maximum}[first](*operands)
    if first == "where<":
        return np.where(operands[0] < operands[1], operands[0], operands[1])
    if first == "where=":
        return np.where(operands[0] == operands[1], 1.0, operands[1] - operands[0])
    return first(*operands)


def same(computed, value):
    return not isinstance(computed, CellError) and abs(computed - value) <= 1e-9 * max(abs(computed), abs(value), 1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(trees=st.lists(expressions(), min_size=60, max_size=60))
def test_any_expression_binds_in_a_spreadsheet_as_in_python(engine, trees, request):
    terms = [term for term in map(built, trees) if isinstance(term, Term)]
    computed = request.getfixturevalue(engine).evaluate(["=" + term.text for term in terms], CELLS)
    wrong = [(term.text, term.value, result) for term, result in zip(terms, computed) if not same(result, term.value)]
    assert not wrong


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (-(cell("A1") ** 2), "-(Sheet1!A1^2)"),
        ((-cell("A1")) ** 2, "(-Sheet1!A1)^2"),
        (2 - (3 - cell("A1")), "2-(3-Sheet1!A1)"),
        (2 ** (3 ** cell("A1")), "2^(3^Sheet1!A1)"),
        ((2 ** cell("A1")) ** 3, "2^Sheet1!A1^3"),
        (cell("A1") * (cell("A2") + 1) / 2, "Sheet1!A1*(Sheet1!A2+1)/2"),
        (cell("A1") - -cell("A2"), "Sheet1!A1-(-Sheet1!A2)"),
    ],
)
def test_brackets_stand_where_excel_needs_them(term, text):
    assert term.text == text


EQUATIONS = {name: getattr(equations, name) for name in equations.__all__}


@pytest.mark.parametrize("name", EQUATIONS)
@settings(max_examples=4, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_every_equation_as_a_formula_gives_its_number(libreoffice, cellrune, name, data):
    function, rows = EQUATIONS[name], 40
    parameters = list(inspect.signature(function).parameters)
    columns = {}
    for parameter in parameters:
        low, high = EQUATION_RANGES.get(parameter, (0.001, 1e6))
        # In thousandths: spreadsheets take a number for an integer when it differs from one in the 16th digit alone.
        scale = 1 if parameter == "acquired_year" else 1000
        numbers = st.integers(round(low * scale), round(high * scale)).map(lambda number, scale=scale: number / scale)
        columns[parameter] = np.array(data.draw(st.lists(numbers, min_size=rows, max_size=rows), label=parameter))
    letters = dict(zip(parameters, "ABCDEFGHIJ"))
    terms = {parameter: Term(f"Sheet1!{letters[parameter]}{ROW}", column) for parameter, column in columns.items()}
    formula = function(**terms)
    numbers = np.broadcast_to(function(**columns), rows)
    np.testing.assert_array_equal(np.broadcast_to(formula.value, rows), numbers)
    cells = {
        f"{letters[parameter]}{row + 1}": float(column[row])
        for parameter, column in columns.items()
        for row in range(rows)
    }
    formulas = ["=" + formula.text.replace(ROW, str(row + 1)) for row in range(rows)]
    for engine in (libreoffice, cellrune):
        np.testing.assert_allclose(engine.evaluate(formulas, cells), numbers, rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_number_makes_an_empty_cell_and_the_branch_not_taken_does_not_matter(engine, request):
    def row(letter, value):
        return Term(f"Sheet1!{letter}1", np.array([value]), may_miss=[f"Sheet1!{letter}1"])

    there, missing = row("A", 2.0), row("B", np.nan)
    for term, expected in (
        (there * missing, None),
        (np.where(np.isnan(missing), there, missing), 2.0),
        (np.where(there > 1, there + 1, missing), 3.0),
        (np.where(there < 1, there, missing), None),
        (np.where(missing > 1, 1.0, 2.0), None),
        (blank_if(there > 1, there), None),
        (blank_if(there < 1, there), 2.0),
        (np.where(np.isnan(there) | np.isnan(missing), 5.0, there * missing), 5.0),
    ):
        value = float(np.asarray(term.value).item())
        assert np.isnan(value) if expected is None else value == expected, term
        computed = request.getfixturevalue(engine).evaluate([term.formula()], {"A1": 2.0})
        assert computed == [expected] or (expected is None and computed == [""]), term


@pytest.mark.parametrize("engine", ENGINES)
def test_look_ups_find_in_a_spreadsheet_what_they_find_in_arrays(engine, request):
    names, numbers = np.array(["one", "Two", "three"], dtype=object), np.array([1.0, 5.0, 9.0])
    cells = {f"A{row + 1}": name for row, name in enumerate(names)} | {
        f"B{row + 1}": x for row, x in enumerate(numbers)
    }
    listed, ascending = Range("Sheet1!$A$1:$A$3", names), Range("Sheet1!$B$1:$B$3", numbers)
    cells |= {"C1": "tWO", "C2": 5.5, "C3": "Google-Brain,Mila", "C4": 46082.5}
    text, number = Term("Sheet1!C1", "tWO"), Term("Sheet1!C2", 5.5)
    organization, day = Term("Sheet1!C3", "Google-Brain,Mila"), Term("Sheet1!C4", 46082.5)
    found = [
        (match(text, listed), 2.0),
        (take(ascending, match(text, listed)), 5.0),
        (match_last(number, ascending), 2.0),
        (take(listed, match_last(number, ascending)), "Two"),
        (join(text, " & ", "more"), "tWO & more"),
        (words(organization), " Google Brain Mila "),
        (year(day), 2026.0),
        (iso_date(day), "2026-03-01"),
        (largest_of_words(words(join("TWO,", organization)), listed, ascending), 5.0),
    ]
    computed = request.getfixturevalue(engine).evaluate([term.formula() for term, _ in found], cells)
    assert [term.value for term, _ in found] == [expected for _, expected in found] == computed


def test_a_term_cannot_be_asked_whether_it_is_true():
    with pytest.raises(TypeError, match="np.where"):
        bool(cell("A1") > 2)


def test_what_may_be_empty_by_itself_must_have_a_cell_before_it_is_computed_with():
    inner = np.where(cell("A1") > 2, Term("Sheet1!B1", np.nan, may_miss=["Sheet1!B1"]), 1.0)
    with pytest.raises(TypeError, match="column of its own"):
        inner * 2


@pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 2.302585092994046])
def test_a_constant_of_more_digits_than_excel_keeps_is_refused(number):
    with pytest.raises(ValueError, match="15 digits"):
        literal(number)


def test_a_text_of_more_characters_than_excel_takes_in_a_formula_is_refused():
    assert len(literal("x" * 255)) == 257
    with pytest.raises(ValueError, match="a text of 256 characters .* in a formula: Excel takes 255"):
        literal("x" * 256)


def test_a_reference_within_its_own_sheet_goes_without_the_sheets_name():
    term = reference("Price steps", "$B$2", 1.0) + reference("Runs", "$B$2", 2.0)
    assert term.formula("Price steps") == "=$B$2+Runs!$B$2"
    assert term.formula("Runs") == "='Price steps'!$B$2+$B$2"


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_equation_is_a_lambda_that_cellrune_computes(cellrune, name, tmp_path):
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    function = EQUATIONS[name]
    values = {
        parameter: sum(EQUATION_RANGES.get(parameter, (2.0, 8.0))) / 2
        for parameter in inspect.signature(function).parameters
    }
    book = Workbook()
    book.defined_names["TRIED"] = DefinedName("TRIED", attr_text=lambda_formula(function, **values))
    book.active["A1"] = f"=TRIED({','.join(repr(value) for value in values.values())})"
    path = tmp_path / "lambda.xlsx"
    book.save(path)
    with cellrune.open(path) as document:
        np.testing.assert_allclose(document.get([("Sheet", "A1")])[0], float(function(**values)), rtol=1e-12)
