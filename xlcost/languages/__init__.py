"""Languages of workbooks: one file each, with texts, fonts and formats; English is what the code says.

A file ``ja.toml`` beside this one makes the language "ja": a further language is one more file.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from string import Formatter

from ..errors import XlcostError
from ..lookup import join

ENGLISH = "en"
FONT = "Calibri"
MILLION = 1_000_000.0


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

    Examples
    --------
    >>> french = Language("fr", {"{n} runs of {name}": "{name} : {n} calculs"})
    >>> french.sentence("{n} runs of {name}", n="3", name="Research"), french.text("Runs")
    ('Research : 3 calculs', 'Runs')
    """

    def __init__(self, code=ENGLISH, texts=None, font=FONT, formats=None, fiscal_year_start=1):
        self.code, self.texts, self.font = code, texts or {}, font
        self.formats, self.fiscal_year_start = formats or {}, fiscal_year_start

    def text(self, english):
        """A text in this language."""
        return self.texts.get(english, english)

    def sentence(self, english, **parts):
        """A sentence whose ``{parts}`` are texts or terms: a text, or a term that follows the numbers.

        The language puts the parts where it wants them.
        """
        said = []
        for literal, name, _, _ in Formatter().parse(self.text(english)):
            said += [literal] if literal else []
            said += [parts[name]] if name is not None else []
        return join(*said) if said else ""


def language_codes():
    """The languages that there are."""
    files = resources.files(__package__).iterdir()
    return [ENGLISH, *sorted(path.name.removesuffix(".toml") for path in files if path.name.endswith(".toml"))]


@lru_cache
def language_of(code=ENGLISH):
    """A language by its code.

    Raises
    ------
    XlcostError
        There is no such language.
    """
    if code == ENGLISH:
        return Language()
    if code not in language_codes():
        raise XlcostError(f"there is no language {code!r}; there are {', '.join(language_codes())}")
    told = tomllib.loads((resources.files(__package__) / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(code, told["texts"], told["font"], told["formats"], told["fiscal_year_start"])


def spellings(english):
    """A text in every language that there is: what a table that comes back may call a sheet or a column."""
    return list(dict.fromkeys(language_of(code).text(english) for code in language_codes()))
