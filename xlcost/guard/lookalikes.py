"""Names that look alike and are not the same, or hold what nobody sees: a sum by department would split them."""

from __future__ import annotations

import functools
import unicodedata
import warnings

from ..comparison import fold
from ..errors import NameWarning
from . import limits

TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of reading."""
JOINERS = set("\u200c\u200d")
"""Invisible characters that some languages, and emoji, need; they make a name no other one for the eye."""
BLANKS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Characters that show nothing and that Unicode does not call invisible."""


def warn_of_lookalikes(texts, rows, column):
    """Warn of names in a column that look alike, or that hold characters which are not seen.

    Parameters
    ----------
    texts : iterable of str
        All different, in the order of rows; "" is no name.
    rows : sequence
        What the row is called in which each of them stands first.
    column : str

    Warns
    -----
    NameWarning
        A sentence for each pair, with both names and their rows.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as found:
    ...     warnings.simplefilter("always")
    ...     warn_of_lookalikes(["Research", "Rese\\u0430rch"], [2, 5], "department")
    >>> print(found[0].message)
    row 5: department 'Rese\\u0430rch' looks like 'Research' in row 2 and is another (CYRILLIC SMALL LETTER A)
    """
    texts = list(texts)
    if all(map(str.isascii, texts)):
        return
    sentences, first = [], {}
    for text, row in zip(texts, rows):
        if not text:
            continue
        earlier, earlier_row = first.setdefault(looks(text), (text, row))
        if fold(earlier) != fold(text) and not (earlier.isascii() and text.isascii()):
            other = _named(set(text) ^ set(earlier))
            sentences.append(
                f"row {row}: {column} {shown(text)} looks like {shown(earlier)} in row {earlier_row} and is another"
                + (f" ({other})" if other else "")
            )
        elif unseen := {character for character in text if is_unseen(character)} - JOINERS:
            sentences.append(f"row {row}: {column} {shown(text)} has a character that is not seen ({_named(unseen)})")
    for sentence in sentences[: limits.SENTENCES]:
        warnings.warn(sentence, NameWarning, stacklevel=2)
    if len(sentences) > limits.SENTENCES:
        more = len(sentences) - limits.SENTENCES
        warnings.warn(f"{column}: {more:,} more names look alike or have unseen characters", NameWarning, stacklevel=2)


def looks(text):
    """What a text looks like: the same for texts that the eye takes for one.

    >>> looks("Rese\\u0430rch") == looks("Ｒｅｓｅａｒｃｈ") == looks("Re\\u200bsearch")
    True
    """
    text = "".join(character for character in text if not is_unseen(character))
    text = unicodedata.normalize("NFKC", text)
    return fold(" ".join(text.translate(_prototypes()).split()))


def is_unseen(character):
    """Whether a character shows nothing by itself."""
    return character in BLANKS or unicodedata.category(character) == "Cf"


def shown(text):
    """A text in quotes, unseen characters and what steers a terminal spelled out."""
    spelled = "".join(
        character.encode("unicode_escape").decode()
        if is_unseen(character) or not character.isprintable()
        else character
        for character in text
    )
    return f"'{spelled}'"


def _named(characters):
    """Names of the characters beyond ASCII, a few of them."""
    beyond = sorted(character for character in characters if not character.isascii())
    return ", ".join(unicodedata.name(character, f"U+{ord(character):04X}") for character in beyond[:3])


@functools.cache
def _prototypes():
    """For each character that looks like others, the one that stands for them, from Unicode's table."""
    from confusable_homoglyphs.confusables import confusables_data

    alike = {
        character: [each["c"] for each in others if len(each["c"]) == 1]
        for character, others in confusables_data.items()
        if len(character) == 1
    }
    # The table lists for a prototype all that looks like it, and for any other its prototype alone.
    return {
        ord(character): others[0] if len(alike.get(others[0], ())) > 1 else min(character, others[0])
        for character, others in alike.items()
        if len(others) == 1
    }
