"""Formulas as text, held against openpyxl's tokenizer and translator on every formula that we write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from xlcost import catalog
from xlcost.budget.plan import Tables, plan_of
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.exchange.formula_text import canonical, moved, tokens
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook.budget import _book
from xlcost.workbook.cell_xml import formula_in_row
from xlcost.workbook.department import book


def formulas_of(made):
    found = set()
    for sheet in made.sheets:
        found |= {(sheet.name, cell.formula) for cell in sheet.placed.values() if cell.formula}
        found |= {(sheet.name, formula_in_row(block.formula, 5000)) for block in sheet.columns if block.formula}
    return sorted(found)


def ours():
    tables = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
    plan = plan_of(read_runs(PORTFOLIO), str(PORTFOLIO), tables=tables, language="ja")
    return formulas_of(book(catalog.load(), "R&D", language_of("en"), 5)) + formulas_of(_book(plan))


FORMULAS = ours()


def test_every_formula_is_taken_apart_as_openpyxl_does():
    assert len(FORMULAS) > 2000
    for _, formula in FORMULAS:
        parsed = Tokenizer(f"={formula}").items
        assert "".join(text for _, text in tokens(formula)) == formula
        operands = [token.value for token in parsed if (token.type, token.subtype) == (Token.OPERAND, Token.RANGE)]
        wanted = [cell for text in operands for cell in text.rpartition("!")[2].split(":") if cell]
        assert [text for kind, text in tokens(formula) if kind == "cell"] == wanted


@given(st.sampled_from(FORMULAS), st.integers(0, 900), st.integers(0, 60))
def test_a_shared_formula_reads_in_another_cell_as_openpyxl_translates_it(formula, rows, columns):
    target = f"{get_column_letter(1 + columns)}{1 + rows}"
    assert moved(formula[1], rows, columns) == Translator(f"={formula[1]}", "A1").translate_formula(target)[1:]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("if( A1 = 1 , TRUE() , 0.50)", "IF(A1=1,TRUE,0.5)"),
        ("_xlfn.SUM(Runs!A1:A1)", "SUM('runs'!A1)"),
        ("Costs!A1*1E3", "A1*1000"),
        ('A1&"a  b"', 'A1 & "a  b"'),
        ("'it''s'!B2", "'IT''S'!B2"),
        ("SUM(Runs!$A$1:$B$2)", "sum( runs!$A$1:$B$2 )"),
    ],
)
def test_what_programs_spell_otherwise_is_the_same(one, other):
    assert canonical(one, "Costs") == canonical(other, "Costs")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A1+B1", "A1-B1"),
        ("$A1", "A1"),
        ("A1", "Runs!A1"),
        ('"OK"', '"ok"'),
        ('"a b"', '"ab"'),
        ("SUM(A1:A9)", "SUM(A1:A8)"),
        ("1", "1.0001"),
        ("MIN(A1)", "MAX(A1)"),
        ("A1", "A11"),
    ],
)
def test_what_computes_otherwise_is_not(one, other):
    assert canonical(one, "Costs") != canonical(other, "Costs")
