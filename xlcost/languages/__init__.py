"""Languages of workbooks: one file each, with texts, fonts and formats; English is what the code says.

A file ``ja.toml`` beside this one makes the language "ja": a further language is one more file.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from inspect import signature
from string import Formatter

from ..errors import XlcostError
from ..lookup import join

ENGLISH = "en"
FONT = "Calibri"
BILLION = 1e9
ROW_HEIGHT = 15.0
"""Of a row of text in `FONT`. [points]"""
DIGIT_WIDTH = 7.0
"""Of a digit in `FONT`, which widths of columns are counted in. [pixels]"""


class Language:
    """What a workbook says, and how it looks, in one language.

    Parameters
    ----------
    code : str
        Such as "ja".
    texts : dict of str to str
        English texts and theirs; a text that is not in it stays English.
    font : str
    formats : dict of str to str
        Number formats, by the names of `xlcost.workbook.style`, that differ from the English ones.
    fiscal_year_start : int
        Month in which a fiscal year begins where nobody says otherwise.
    large_amount : float
        What "{amount} billion" counts in this language.
    row_height : float
        Of a row of text in this font. [points]
    digit_width : float
        Of a digit in this font. [pixels]
    bold_digit : float
        Width of a bold digit over that of another.

    Examples
    --------
    >>> french = Language("fr", {"{n} runs of {name}": "{name} : {n} calculs"})
    >>> french.sentence("{n} runs of {name}", n="3", name="Research"), french.text("Runs")
    ('Research : 3 calculs', 'Runs')
    """

    def __init__(
        self,
        code=ENGLISH,
        texts=None,
        font=FONT,
        formats=None,
        fiscal_year_start=1,
        large_amount=BILLION,
        row_height=ROW_HEIGHT,
        digit_width=DIGIT_WIDTH,
        bold_digit=1.0,
    ):
        self.code, self.texts, self.font = code, texts or {}, font
        self.formats, self.fiscal_year_start, self.large_amount = formats or {}, fiscal_year_start, large_amount
        self.row_height, self.digit_width, self.bold_digit = row_height, digit_width, bold_digit

    @property
    def is_english(self):
        return self.code == ENGLISH

    def text(self, english):
        """A text in this language."""
        return self.texts.get(english, english)

    def apart(self, english, of):
        """A text that this language may tell apart from what English calls alike: chips in USD, and in chips."""
        told_apart = f"{english} ({of})"
        said = self.text(told_apart)
        return said if said != told_apart else self.text(english)

    def sentence(self, english, **parts):
        """A sentence whose ``{parts}`` are texts or terms: a text, or a term that follows the numbers.

        The language puts the parts where it wants them.
        """
        return join(*pieces(self.text(english), parts))


def pieces(sentence, parts):
    """A sentence whose ``{parts}`` have names, piece by piece; what is constant is one piece with its neighbours.

    >>> list(pieces("{n} runs of {name}", {"n": "3", "name": 7.0}))
    ['3 runs of ', 7.0]
    """
    constant = ""
    for literal, name, _, _ in Formatter().parse(sentence):
        constant += literal
        if name is not None and isinstance(parts[name], str):
            constant += parts[name]
        elif name is not None:
            if constant:
                yield constant
            yield parts[name]
            constant = ""
    if constant:
        yield constant


@lru_cache
def language_codes():
    """The languages that there are."""
    files = resources.files(__package__).iterdir()
    return (ENGLISH, *sorted(path.name.removesuffix(".toml") for path in files if path.name.endswith(".toml")))


@lru_cache
def language_of(code=ENGLISH):
    """A language by its code.

    Raises
    ------
    XlcostError
        There is no such language, or its file cannot be used.
    """
    if code == ENGLISH:
        return Language()
    if code not in language_codes():
        raise XlcostError(f"there is no language {code!r}; there are {', '.join(language_codes())}")
    return _told(resources.files(__package__) / f"{code}.toml")


def _told(path):
    """What a file says of its language."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise XlcostError(f"{path}: the language cannot be read ({error})") from None
    known = [name for name in signature(Language).parameters if name != "code"]
    if unknown := [name for name in told if name not in known]:
        raise XlcostError(f"{path}: a language has no {', '.join(map(repr, unknown))}; it has {', '.join(known)}")
    return Language(path.name.removesuffix(".toml"), **told)


def spellings(english, of=""):
    """A text in every language that there is: what a table that comes back may call a sheet or a column.

    `of` says what it belongs to, where languages tell apart what English calls alike.
    """
    languages = map(language_of, language_codes())
    return tuple(dict.fromkeys(language.apart(english, of) if of else language.text(english) for language in languages))


def code_of(text, english):
    """The language in which an English text is called so; English where it is in none."""
    return next((code for code in language_codes() if language_of(code).text(english) == text), ENGLISH)
