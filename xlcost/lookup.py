"""Look-ups and small text functions that work on arrays and on the terms of a sheet alike.

With arrays they compute; with a `Range` and terms they also build the formula, so that a table of runs and a sheet look
things up by one and the same rule. Positions count from 1, as ``MATCH`` and ``INDEX`` do; NaN is "not there".
"""

from __future__ import annotations

import functools
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from .comparison import fold, is_text
from .formula import ATOM, COMPARISON, JOIN, NOTHING, Term, as_term, guard
from .references import Range


class Coded:
    """A column of texts as distinct texts and, for each row, the number of its own.

    Comparing, looking up and joining then happen once for each distinct text, however long the column.

    >>> column = Coded(np.array([0, 1, 0]), np.array(["own", ""], dtype=object))
    >>> (column == "own").tolist(), np.where(column == "", "cloud", column).texts_of_rows().tolist()
    ([True, False, True], ['own', 'cloud', 'own'])
    """

    __slots__ = ("codes", "texts")
    __hash__ = None

    def __init__(self, codes, texts):
        self.codes, self.texts = codes, texts

    @classmethod
    def of(cls, texts):
        """A column of text, coded."""
        codes, distinct = _coded(texts)
        return cls(codes, np.array(distinct, dtype=object))

    def __len__(self):
        return len(self.codes)

    def __getitem__(self, rows):
        return Coded(self.codes[rows], self.texts)

    def __eq__(self, other):
        if isinstance(other, Coded):
            other = other.texts_of_rows()
            return np.equal(self.texts_of_rows(), other).astype(bool)
        return np.equal(self.texts, other).astype(bool)[self.codes]

    def texts_of_rows(self):
        return self.texts[self.codes]

    def by_text(self, function):
        """A function of an array of texts, for each row."""
        return function(self.texts)[self.codes]

    def __array_function__(self, function, types, arguments, options):
        if function is not np.where or len(arguments) != 3:
            return NotImplemented
        condition, *branches = arguments
        codes, texts = [], np.empty(0, dtype=object)
        for branch in branches:
            own, names = (
                (branch.codes, branch.texts) if isinstance(branch, Coded) else (0, np.array([branch], dtype=object))
            )
            codes.append(own + len(texts))
            texts = np.concatenate([texts, names])
        return Coded(np.where(condition, *codes), texts)


WORD_SEPARATORS = ",;/()&-."
"""Characters that end a word in an organization's name, besides the blank."""


class Listed:
    """A list that is looked through again and again: texts without regard to case, or numbers; the first one counts.

    Parameters
    ----------
    entries : array
    """

    def __init__(self, entries):
        self.entries, self._positions = np.asarray(entries), {}
        for position, entry in enumerate(self.entries.tolist(), start=1):
            self._positions.setdefault(folded(entry), float(position))

    def position(self, value):
        """Position of one value, from 1; NaN where it is not in the list."""
        return self._positions.get(folded(value), np.nan)

    def positions(self, values):
        """Position of each value of an array."""
        return _by_distinct(values, self.position).astype(float)


def match(value, among):
    """Position of each value in a list, without regard to case; ``MATCH(value, among, 0)``.

    >>> match(np.array(["b", "x"], dtype=object), np.array(["a", "B"], dtype=object))
    array([ 2., nan])
    """
    if isinstance(among, Range):
        value = as_term(value)
        # An empty cell is nothing to look for.
        may_miss = [value._text] if value.binding == ATOM and not value.within_lambda else value.may_miss
        term = Term(f"MATCH({value._text},{among._text},0)", match(value.value, among.values), ATOM, may_miss)
        term.is_there = value.is_there
        return term
    if isinstance(value, Coded):
        return value.by_text(lambda texts: match(texts, among))
    listed = among if isinstance(among, Listed) else Listed(among)
    return listed.positions(value) if np.ndim(value) else listed.position(value)


def number_in(value, among):
    """Position of a text in a list, 0 where it is not in it; without regard to case, and without wildcards.

    >>> number_in(np.array(["b", "x", ""], dtype=object), np.array(["a", "B", ""], dtype=object)).tolist()
    [2.0, 0.0, 0.0]
    """
    if isinstance(among, Range):
        value = as_term(value)
        text = escaped(value._text)
        return Term(
            f'IF({value._text}="",0,IFERROR(MATCH({text},{among._text},0),0))', number_in(value.value, among.values)
        )
    found = np.nan_to_num(match(value, among))
    return np.where(value == "", 0.0, found) if np.ndim(value) else 0.0 if value == "" else float(found)


def escaped(text):
    """A formula's text with what MATCH would take for wildcards escaped."""
    for character in "~*?":
        text = f'SUBSTITUTE({text},"{character}","~{character}")'
    return text


def match_last(value, ascending):
    """Position of the last entry not above each value; ``MATCH(value, ascending, 1)``.

    >>> match_last(np.array([0.5, 2.0, 9.0]), np.array([1.0, 2.0, 3.0]))
    array([nan,  2.,  3.])
    """
    if isinstance(ascending, Range):
        value = as_term(value)
        return Term(
            f"MATCH({value._text},{ascending._text},1)", match_last(value.value, ascending.values), ATOM, value.may_miss
        )
    values = np.asarray(value, dtype=float)
    if not values.ndim:
        position = float(np.searchsorted(ascending, values, side="right"))
        return np.nan if np.isnan(values) or not position else position
    # In the order of their size: jumping about in a long list takes longer than sorting.
    order = np.argsort(values)
    position = np.empty(len(values))
    position[order] = np.searchsorted(ascending, values[order], side="right")
    position[np.isnan(values) | (position == 0)] = np.nan
    return position


def take(column, position):
    """The entry at each position; ``INDEX(column, position)``. NaN or an empty text where the position is NaN.

    >>> take(np.array([10.0, 20.0]), np.array([2.0, np.nan]))
    array([20., nan])
    """
    if isinstance(column, Range):
        position = as_term(position)
        text = f"INDEX({column._text},{position._text})"
        value = take(column.values, position.value)
        value = value.texts_of_rows() if isinstance(value, Coded) else value
        if column.may_miss:
            # INDEX of an empty cell would be 0.
            return Term(f'IF({text}="",{NOTHING},{text})', value, ATOM, position.may_miss, guarded=True)
        return Term(text, value, ATOM, position.may_miss)
    if isinstance(column, Listed):
        column = column.entries
    column, is_text = np.asarray(column), np.asarray(column).dtype.kind in "OUT"
    if not np.ndim(position):
        return column[int(position) - 1] if position == position else "" if is_text else np.nan
    position = np.asarray(position, dtype=float)
    # What stands in the place 0 is taken where there is no position.
    padded = np.concatenate([np.array(["" if is_text else np.nan], dtype=column.dtype), column])
    codes = np.where(np.isnan(position), 0.0, position).astype(np.intp)
    return Coded(codes, padded) if is_text else padded[codes]


def is_blank(text):
    """Whether a text is empty; ``text=""``."""
    if isinstance(text, Term):
        return Term(f'{text._text}=""', is_blank(text.value), COMPARISON)
    return text == ""


def blank_if(condition, value):
    """A number where the condition does not hold, else nothing: NaN, or "" in a cell.

    >>> blank_if(np.array([True, False]), 5.0)
    array([nan,  5.])
    """
    if isinstance(condition, (bool, np.bool_)):
        return np.nan if condition else value
    if not isinstance(condition, Term) and not isinstance(value, Term):
        return np.where(condition, np.nan, value)
    condition, value = as_term(condition), as_term(value)
    known = [
        name for name in value.may_miss if name not in condition.missing_if_true and name not in condition.may_miss
    ]
    text = guard(value._text, known)
    return Term(
        f"IF({condition._text},{NOTHING},{text})",
        _blanked(condition.value, value.value),
        ATOM,
        condition.may_miss,
        guarded=True,
    )


def _blanked(condition, value):
    # In place of a number there may be a text, which says why there is none.
    if not is_text(value):
        return np.where(condition, np.nan, value)
    if np.ndim(condition) or np.ndim(value):
        return np.where(condition, "", np.asarray(value, dtype=object))
    return "" if condition else value


def join(*parts):
    """Texts one after the other; ``&``."""
    if any(isinstance(part, Term) for part in parts):
        terms = [as_term(part) for part in parts]
        texts = [
            guard(term._text, term.may_miss) if term.binding >= JOIN or term.may_miss else f"({term._text})"
            for term in terms
        ]
        return Term("&".join(texts), join(*(term.value for term in terms)), JOIN)
    return functools.reduce(_joined, parts)


def _joined(first, second):
    for one, other, order in ((first, second, 1), (second, first, -1)):
        if isinstance(one, Coded):
            if not isinstance(other, str):
                one, other = one.texts_of_rows(), other.texts_of_rows() if isinstance(other, Coded) else other
                return np.add(*(one, other)[::order], dtype=object)
            return Coded(
                one.codes, np.array([text + other if order > 0 else other + text for text in one.texts], dtype=object)
            )
    return np.add(first, second, dtype=object) if np.ndim(first) or np.ndim(second) else first + second


def trimmed(text):
    """A text without blanks at its ends; ``TRIM``."""
    if isinstance(text, Term):
        return Term(f"TRIM({text._text})", trimmed(text.value), ATOM)
    return _by_distinct(text, str.strip) if isinstance(text, np.ndarray) else text.strip()


def words(text):
    """A text as words between single blanks, so that a whole word can be found in it.

    >>> words("Google DeepMind,Mila (Quebec)")
    ' Google DeepMind Mila  Quebec  '
    """
    if isinstance(text, Term):
        formula = text._text
        for separator in WORD_SEPARATORS:
            formula = f'SUBSTITUTE({formula},"{separator}"," ")'
        return Term(f'" "&{formula}&" "', words(text.value), JOIN)
    if isinstance(text, Coded):
        return Coded(text.codes, words(text.texts))
    if isinstance(text, np.ndarray):
        return _by_distinct(text, words)
    return " " + text.translate(str.maketrans(dict.fromkeys(WORD_SEPARATORS, " "))) + " "


def largest_of_words(text, listed, numbers):
    """The largest number that goes with a listed word in the text, 0 with none.

    Parameters
    ----------
    text : text or term
        As `words` gives it.
    listed : array of text, or Range
        Its single cells as a list of terms give a formula without array arithmetic, for the body of a LAMBDA.
    numbers : array, or Range
        One a listed word.

    Examples
    --------
    >>> largest_of_words(words("Google, Microsoft"), ["Microsoft", "Google"], [2.0, 3.0])
    3.0
    """
    if isinstance(listed, Range):
        value = largest_of_words(text.value, listed.values, numbers.values)
        return Term(f'SUMPRODUCT(MAX(ISNUMBER(SEARCH(" "&{listed._text}&" ",{text._text}))*{numbers._text}))', value)
    if isinstance(text, Term):
        value = largest_of_words(text.value, [word.value for word in listed], [number.value for number in numbers])
        found = (
            f'ISNUMBER(SEARCH(" "&{word._text}&" ",{text._text}))*{number._text}'
            for word, number in zip(listed, numbers)
        )
        return Term(f"MAX({','.join(found)})", value)
    if isinstance(text, Coded):
        return text.by_text(lambda texts: largest_of_words(texts, listed, numbers))
    if isinstance(text, np.ndarray):
        return _by_distinct(text, lambda one: largest_of_words(one, listed, numbers)).astype(float)
    if text.isspace():
        return 0.0
    whole = fold(text)
    return max((float(number) for word, number in zip(listed, numbers) if f" {fold(word)} " in whole), default=0.0)


def as_text(number):
    """A number as text, as ``&`` of a spreadsheet joins it.

    >>> as_text(24875.0), as_text(np.array([1.5, np.nan])).tolist()
    ('24875', ['1.5', ''])
    """
    if isinstance(number, Term):
        return Term(f'{number._text}&""', as_text(number.value), JOIN, number.may_miss)
    if isinstance(number, np.ndarray):
        return _by_distinct(number, as_text)
    return "" if np.isnan(number) else f"{number:.15G}"


def rounded(number, places):
    """A number to some places; ``ROUND``.

    >>> rounded(0.7139000000000001, 4)
    0.7139
    """
    if isinstance(number, Term):
        return Term(f"ROUND({number._text},{places})", rounded(number.value, places), ATOM, number.may_miss)
    return np.round(number, places) if isinstance(number, np.ndarray) else round(number, places)


def fixed(number, places, grouped=False):
    """A number as text with so many places; ``FIXED``, which takes no format letters and rounds a half up.

    >>> fixed(2.04, 1), fixed(2.5, 0), fixed(-0.04, 1), fixed(1234.56, 1), fixed(1234.56, 1, grouped=True)
    ('2.0', '3', '0.0', '1234.6', '1,234.6')
    """
    if isinstance(number, Term):
        formula = f"FIXED({number._text},{places},{'FALSE' if grouped else 'TRUE'})"
        return Term(formula, fixed(number.value, places, grouped), ATOM, number.may_miss)
    if isinstance(number, str) or np.isnan(number):
        return ""
    # As it is written: 2.675, and not the binary number a little below it; and there is no -0.
    rounded = Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):{',' if grouped else ''}f}"


def as_cells(column):
    """A column whose cells may be numbers and texts."""
    if isinstance(column, Term) and isinstance(column.value, str):
        # INDEX of an empty cell would be 0.
        return Term(f'{column._text}&""', column.value, JOIN, column.may_miss)
    if isinstance(column, Coded):
        return column.texts_of_rows()
    return column.astype(object) if isinstance(column, np.ndarray) else column


def text_in(cell):
    """The text of a cell, or of a column's cells: a reference to an empty one would give 0."""
    return Term(f'{cell._text}&""', cell.value if np.ndim(cell.value) else str(cell.value or ""))


def left(text, length):
    """The first characters of a text; ``LEFT``."""
    if isinstance(text, Term):
        return Term(f"LEFT({text._text},{length})", left(text.value, length), ATOM, text.may_miss)
    if isinstance(text, Coded):
        return Coded(text.codes, left(text.texts, length))
    return _by_distinct(text, lambda one: one[:length]) if isinstance(text, np.ndarray) else text[:length]


def folded(value):
    """A text, or an array of them, without regard to case; numbers as they are."""
    if isinstance(value, np.ndarray) and value.ndim:
        return _by_distinct(value, folded) if value.dtype.kind in "OUT" else value
    value = value.item() if isinstance(value, np.ndarray) else value
    return fold(value)


def _by_distinct(texts, function):
    """A function of a text for a whole column, called once for each distinct text."""
    position, distinct = _coded(texts)
    results = [function(text) for text in distinct]
    return np.array(results, dtype=object if not results or isinstance(results[0], str) else float)[position]


def _coded(column):
    """For each entry the number of its value, and the distinct values."""
    numbers = {}
    codes = [numbers.setdefault(entry, len(numbers)) for entry in np.asarray(column).tolist()]
    return np.array(codes, dtype=np.intp), list(numbers)
