"""Terms: numbers that know the spreadsheet formula they come from.

An equation called with terms instead of floats returns a term, whose text is the formula and whose value is the number,
so that a cell's formula and its stored value come from one call, and an equation becomes the body of a LAMBDA by being
called with the names of its parameters.

>>> from xlcost.equations import value_at_start
>>> value = value_at_start(Term("Inputs!B2", 24875.0), Term("Inputs!B3", 1.75), Term("rate", 0.14))
>>> value.text, round(float(value.value), 2)
('Inputs!B2*10^(-rate*Inputs!B3)', 14150.22)

A missing number is NaN in an array and an empty cell (or the text "") on a sheet. Arithmetic with a missing number is
missing, so a formula that goes into a cell is guarded: ``IF(F8="","",F8*2)``. An error in a cell stays an error.

Text and value must say the same in every spreadsheet, so the operators bind as Excel binds them (a sign before a power,
everything from the left), and a constant that Excel would cut to 15 digits is refused.
"""

from __future__ import annotations

import copy

import numpy as np

from . import excel_limits
from .comparison import equal, is_text, of_cells, unequal

__all__ = [
    "NOTHING",
    "OFFSET",
    "ROW",
    "SHEET",
    "Term",
    "as_term",
    "given",
    "guard",
    "lambda_formula",
    "literal",
    "sheet_prefix",
    "where",
]

ROW = "\ue000"
"""Stands for the row's number in the text of a column's term, until the cell is written."""
OFFSET = "\ue002"
"""Stands after `ROW` and a signed number where another row is meant, that many rows further down."""
SHEET = "\ue001"
"""Stands before a sheet's name in a reference, so that a cell of the same sheet can leave the name out."""
NOTHING = "\ue003"
"""Stands where an expression gives nothing: "" in a cell, NA() within a LAMBDA."""


def sheet_prefix(sheet):
    """A sheet's name as a reference begins with it: ``Runs!`` or ``'Price steps'!``."""
    # Q1 and 2026 would read as a cell and as a number.
    return (
        f"{sheet}!" if sheet.isalpha() and sheet.isascii() and len(sheet) > 3 else "'" + sheet.replace("'", "''") + "'!"
    )


# How tightly an operator binds in Excel, loosest first. A call or a reference needs no brackets anywhere.
COMPARISON, JOIN, SUM, PRODUCT, POWER, SIGN, ATOM = range(7)

_NONE = frozenset()


class Term:
    """A spreadsheet expression and its value.

    Parameters
    ----------
    text : str
        The expression without "=", for example ``"Inputs!B2"`` or ``"B2*2"`` (then with `binding`).
    value : float, str, bool or ndarray
        The number, or a column of numbers (one a row; the text then has `ROW` in place of the row's number).
    binding : int, default ATOM
        How tightly the outermost operator of `text` binds.
    may_miss : iterable of str
        References within `text` that may be empty; the expression is then empty as well.
    """

    __slots__ = (
        "_text",
        "value",
        "binding",
        "may_miss",
        "guarded",
        "missing_if_true",
        "missing_if_false",
        "unknown",
        "within_lambda",
        "is_there",
    )
    __array_priority__ = 1000
    __hash__ = None

    def __init__(
        self, text, value, binding=ATOM, may_miss=(), guarded=False, missing_if_true=_NONE, missing_if_false=_NONE
    ):
        self._text, self.value, self.binding = text, value, binding
        self.may_miss = dict.fromkeys(may_miss)
        # An expression that can already give "" by itself: arithmetic with it would be an error in a cell.
        self.guarded = guarded
        # What a condition says of missing numbers: references that are surely there when it is false or true.
        self.missing_if_true, self.missing_if_false = missing_if_true, missing_if_false
        # Where a condition compares with a missing number, so that the cell is empty and neither branch counts.
        self.unknown = False
        # Within a LAMBDA what is missing is #N/A, which no guard has to pass on. Whether it is certain to be there.
        self.within_lambda = self.is_there = False

    # --- text

    @property
    def text(self):
        """The expression, with every reference's sheet named."""
        return self._text.replace(SHEET, "").replace(NOTHING, '""')

    def formula(self, sheet=None):
        """The text for a cell: guarded, with "=", with `ROW` still in it; references to `sheet` lose its name."""
        text = guard(self._text, self.may_miss)
        if sheet is not None:
            text = text.replace(f"{SHEET}{sheet_prefix(sheet)}", "")
        return "=" + text.replace(SHEET, "").replace(NOTHING, '""')

    def within_formula(self, nothing):
        """The text within a longer formula, where `nothing` stands for what is missing."""
        return guard(self._text, self.may_miss).replace(SHEET, "").replace(NOTHING, nothing)

    @property
    def may_be_empty(self):
        """Whether the cell of this expression can be empty."""
        return bool(self.may_miss) or self.guarded

    def __repr__(self):
        return f"Term({self.text!r}, {self.value!r})"

    def __bool__(self):
        raise TypeError(f"the formula {self.text} has no truth value while it is built: use np.where, & and |")

    # --- operators

    def __add__(self, other):
        return _operate("+", SUM, np.add, self, other)

    def __radd__(self, other):
        return _operate("+", SUM, np.add, other, self)

    def __sub__(self, other):
        return _operate("-", SUM, np.subtract, self, other)

    def __rsub__(self, other):
        return _operate("-", SUM, np.subtract, other, self)

    def __mul__(self, other):
        return _operate("*", PRODUCT, np.multiply, self, other)

    def __rmul__(self, other):
        return _operate("*", PRODUCT, np.multiply, other, self)

    def __truediv__(self, other):
        return _operate("/", PRODUCT, np.true_divide, self, other)

    def __rtruediv__(self, other):
        return _operate("/", PRODUCT, np.true_divide, other, self)

    def __pow__(self, other):
        return _operate("^", POWER, np.power, self, other)

    def __rpow__(self, other):
        return _operate("^", POWER, np.power, other, self)

    def __neg__(self):
        return _negative(self)

    def __pos__(self):
        return self

    def __abs__(self):
        return _call("ABS", np.abs, self)

    def __eq__(self, other):
        return _operate("=", COMPARISON, equal, self, other)

    def __ne__(self, other):
        return _operate("<>", COMPARISON, unequal, self, other)

    def __lt__(self, other):
        return _operate("<", COMPARISON, np.less, self, other)

    def __le__(self, other):
        return _operate("<=", COMPARISON, np.less_equal, self, other)

    def __gt__(self, other):
        return _operate(">", COMPARISON, np.greater, self, other)

    def __ge__(self, other):
        return _operate(">=", COMPARISON, np.greater_equal, self, other)

    def __and__(self, other):
        if isinstance(other, (bool, np.bool_)):
            return self if other else other
        term = _call("AND", np.logical_and, self, other)
        term.missing_if_false = self.missing_if_false | as_term(other).missing_if_false
        return term

    def __or__(self, other):
        if isinstance(other, (bool, np.bool_)):
            return other if other else self
        term = _call("OR", np.logical_or, self, other)
        term.missing_if_true = self.missing_if_true | as_term(other).missing_if_true
        return term

    __rand__, __ror__ = __and__, __or__

    def __invert__(self):
        term = _call("NOT", np.logical_not, self)
        term.missing_if_true, term.missing_if_false = self.missing_if_false, self.missing_if_true
        return term

    # --- NumPy's functions

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or options or ufunc not in _UFUNCS:
            return NotImplemented
        return _UFUNCS[ufunc](*inputs)

    def __array_function__(self, function, types, arguments, options):
        if function is np.where and len(arguments) == 3 and not options:
            return where(*arguments)
        return NotImplemented


# --- constants


def literal(value):
    """A Python constant as a spreadsheet writes it.

    Parameters
    ----------
    value : bool, str or number

    Raises
    ------
    ValueError
        Excel would not keep it: a number that is not finite or has more than 15 digits, a text of more than 255
        characters.

    Examples
    --------
    >>> [literal(value) for value in (0.5, 'a "no" now', True, 1e25)]
    ['0.5', '"a ""no"" now"', 'TRUE', '1E+25']
    """
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        if len(value) > excel_limits.TEXT_IN_FORMULA:
            raise ValueError(
                f"a text of {len(value)} characters ({value[:30]!r} …) in a formula: Excel takes "
                f"{excel_limits.TEXT_IN_FORMULA}; put it into a cell of its own"
            )
        return '"' + value.replace('"', '""') + '"'
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"{number} cannot stand in a formula")
    text = f"{number:.15G}"
    if float(text) != number:
        raise ValueError(f"{number!r} has more than the 15 digits that Excel keeps: put it into a cell of its own")
    return text


def as_term(value):
    """A term as it is, a constant as a term."""
    if isinstance(value, Term):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not isinstance(value, (bool, int, float, str, np.bool_, np.number)):
        raise TypeError(f"a {type(value).__name__} has no place in a formula: give a term or a number")
    text = literal(value)
    return Term(text, value, SIGN if text.startswith("-") else ATOM)


def lambda_formula(function, **values):
    """The text of a LAMBDA whose parameters are the function's, as a defined name stores it.

    Parameters
    ----------
    function : callable
        An equation, or anything composed of them.
    **values : float or str
        Its parameters' names in order, each with a value to trace with.

    Examples
    --------
    >>> from xlcost.equations import chip_hours_from_cluster
    >>> lambda_formula(chip_hours_from_cluster, chips=1.0, hours=1.0)
    '_xlfn.LAMBDA(_xlpm.chips,_xlpm.hours,_xlpm.chips*_xlpm.hours)'
    """
    names = [f"_xlpm.{name}" for name in values]
    body = as_term(function(**{key: Term(name, value) for name, (key, value) in zip(names, values.items())}))
    return "_xlfn.LAMBDA(" + ",".join([*names, body.formula()[1:]]) + ")"


# --- how expressions are put together


def guard(text, may_miss):
    """The expression, or nothing where one of the references is empty."""
    if not may_miss:
        return text
    tests = [f'{name}=""' for name in may_miss]
    return f"IF({tests[0] if len(tests) == 1 else 'OR(' + ','.join(tests) + ')'},{NOTHING},{text})"


def _operand(term):
    if term.guarded:
        raise TypeError(f'{term.text} can be "": put it into a column of its own before computing with it')
    return term


def _operate(sign, binding, ufunc, left, right):
    left, right = _operand(as_term(left)), _operand(as_term(right))
    # From the left: 2-3-4 needs no brackets, 2-(3-4) does. A sign on the right is bracketed for the reader's sake,
    # and under a power on the left too, though Excel binds the sign first.
    first = left._text if left.binding >= binding and not (sign == "^" and left.binding == SIGN) else f"({left._text})"
    second = right._text if right.binding > binding and right.binding != SIGN else f"({right._text})"
    with np.errstate(all="ignore"):
        value = of_cells(ufunc, left.value, right.value)
    term = Term(f"{first}{sign}{second}", value, binding, {**left.may_miss, **right.may_miss})
    if binding == COMPARISON and term.may_miss:
        term.unknown = _missing(left.value) | _missing(right.value)
    return term


def _missing(value):
    return False if is_text(value) else np.isnan(value)


def _negative(term):
    term = _operand(as_term(term))
    text = term._text if term.binding > SIGN else f"({term._text})"
    return Term(f"-{text}", np.negative(term.value), SIGN, term.may_miss)


def _call(name, function, *arguments):
    terms = [_operand(as_term(argument)) for argument in arguments]
    with np.errstate(all="ignore"):
        value = of_cells(function, *(term.value for term in terms), may_miss=any(term.may_miss for term in terms))
    # AND(AND(a,b),c) says no more than AND(a,b,c).
    texts = [
        term._text[len(name) + 1 : -1]
        if name in ("AND", "OR") and term._text.startswith(f"{name}(") and term.binding == ATOM
        else term._text
        for term in terms
    ]
    result = Term(f"{name}({','.join(texts)})", value, ATOM, {name: None for term in terms for name in term.may_miss})
    for term in terms:
        result.unknown = result.unknown | term.unknown
    return result


def _is_missing(term):
    """NaN in an array, an empty cell on a sheet."""
    term = _operand(as_term(term))
    if term.is_there:
        return np.False_
    if term.within_lambda:
        return Term(f"ISNA({term._text})", np.isnan(term.value))
    if term.binding != ATOM or list(term.may_miss) not in ([term._text], []):
        raise TypeError(f"only a cell can be empty, not {term.text}: put it into a column of its own first")
    missing = term.value == "" if isinstance(term.value, str) else np.isnan(term.value)
    return Term(f'{term._text}=""', missing, COMPARISON, missing_if_true=frozenset([term._text]))


def where(condition, then, otherwise):
    """``IF``: a branch may be empty by itself, without regard to the other; NaN and "" mean the same.

    What the condition has already told apart need not be guarded again: in ``np.where(np.isnan(x), y, x)`` the last x
    is surely there.

    A branch may be a function without arguments. Where the condition is one truth value and no array, only the branch
    that counts is called.

    >>> where(True, 1.0, lambda: 1 / 0), where(np.array([True, False]), lambda: 1.0, np.nan).tolist()
    (1.0, [1.0, nan])
    """
    if isinstance(condition, (bool, np.bool_)):
        return _called(then if condition else otherwise)
    then, otherwise = _called(then), _called(otherwise)
    if not any(isinstance(part, Term) for part in (condition, then, otherwise)):
        return np.where(condition, then, otherwise)
    condition, then, otherwise = _operand(as_term(condition)), as_term(then), as_term(otherwise)
    then_misses = [name for name in then.may_miss if name not in condition.missing_if_false]
    otherwise_misses = [name for name in otherwise.may_miss if name not in condition.missing_if_true]
    common = {name: None for name in then_misses if name in otherwise_misses}
    outer = {**condition.may_miss, **common}
    then_text = guard(then._text, [name for name in then_misses if name not in outer])
    otherwise_text = guard(otherwise._text, [name for name in otherwise_misses if name not in outer])
    value = np.where(condition.value, _as_objects(then.value), _as_objects(otherwise.value))
    if condition.unknown is not False:
        value = np.where(condition.unknown, "" if value.dtype == object else np.nan, value)
    return Term(
        f"IF({condition._text},{then_text},{otherwise_text})",
        value if value.ndim else value.item(),
        ATOM,
        outer,
        guarded=(
            then.guarded or otherwise.guarded or any(name not in outer for name in [*then_misses, *otherwise_misses])
        ),
    )


def given(term, *conditions):
    """A term where some conditions hold: what they have told apart need not be guarded again.

    >>> price = Term("F8", 2.0, may_miss=["F8"]) * 2
    >>> price.formula(), given(price, ~np.isnan(Term("F8", 2.0, may_miss=["F8"]))).formula()
    ('=IF(F8="","",F8*2)', '=F8*2')
    """
    within = copy.copy(term)
    there = frozenset().union(*(as_term(condition).missing_if_false for condition in conditions))
    within.may_miss = {name: None for name in term.may_miss if name not in there}
    return within


def _called(branch):
    return branch() if callable(branch) else branch


def _as_objects(value):
    # Text of one branch would otherwise be cut to the width of the other's.
    return np.asarray(value, dtype=object) if is_text(value) else value


_UFUNCS = {
    np.add: lambda a, b: _operate("+", SUM, np.add, a, b),
    np.subtract: lambda a, b: _operate("-", SUM, np.subtract, a, b),
    np.multiply: lambda a, b: _operate("*", PRODUCT, np.multiply, a, b),
    np.true_divide: lambda a, b: _operate("/", PRODUCT, np.true_divide, a, b),
    np.power: lambda a, b: _operate("^", POWER, np.power, a, b),
    np.float_power: lambda a, b: _operate("^", POWER, np.float_power, a, b),
    np.negative: _negative,
    np.equal: lambda a, b: _operate("=", COMPARISON, equal, a, b),
    np.not_equal: lambda a, b: _operate("<>", COMPARISON, unequal, a, b),
    np.less: lambda a, b: _operate("<", COMPARISON, np.less, a, b),
    np.less_equal: lambda a, b: _operate("<=", COMPARISON, np.less_equal, a, b),
    np.greater: lambda a, b: _operate(">", COMPARISON, np.greater, a, b),
    np.greater_equal: lambda a, b: _operate(">=", COMPARISON, np.greater_equal, a, b),
    np.logical_and: lambda a, b: a & b if isinstance(a, Term) else b & a,
    np.logical_or: lambda a, b: a | b if isinstance(a, Term) else b | a,
    np.bitwise_and: lambda a, b: a & b if isinstance(a, Term) else b & a,
    np.bitwise_or: lambda a, b: a | b if isinstance(a, Term) else b | a,
    np.logical_not: lambda a: ~as_term(a),
    np.exp: lambda a: _call("EXP", np.exp, a),
    np.log: lambda a: _call("LN", np.log, a),
    np.log10: lambda a: _call("LOG10", np.log10, a),
    np.sqrt: lambda a: _call("SQRT", np.sqrt, a),
    np.abs: lambda a: _call("ABS", np.abs, a),
    np.floor: lambda a: _call("INT", np.floor, a),
    np.minimum: lambda a, b: _call("MIN", np.minimum, a, b),
    np.maximum: lambda a, b: _call("MAX", np.maximum, a, b),
    np.isnan: _is_missing,
}
