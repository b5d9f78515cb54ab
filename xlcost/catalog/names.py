"""Finding a chip by what people call it."""

from __future__ import annotations

import re

from ..guard import limits
from ..sentences import Sentence


class ChipNames:
    """Chips by full name, alias, family, or a part of the name that only one chip has.

    Parameters
    ----------
    chips : pandas.DataFrame
        With the columns chip, family, family_default and aliases.
    """

    def __init__(self, chips):
        self.names = list(chips["chip"])
        self._words = [_words(name) for name in self.names]
        self._exact = {}
        family_of_default = {}
        for name, aliases, family, default in zip(
            self.names, chips["aliases"], chips["family"], chips["family_default"]
        ):
            for alias in filter(None, aliases.split(";")):
                self._exact[_joined(alias)] = (name, "")
            if default == "yes":
                family_of_default[_joined(family)] = (name, family)
        for key, (name, family) in family_of_default.items():
            plain = _joined(name).endswith(key)
            self._exact[key] = (name, "" if plain else f"{family} taken as {name}")
        self._exact |= {_joined(name): (name, "") for name in self.names}

    def find(self, text, with_nearest=True):
        """The catalog's name for a chip, and a note where the family's default variant was taken.

        Parameters
        ----------
        text : str
        with_nearest : bool
            Whether an error lists the nearest names, which takes longer than finding one.

        Returns
        -------
        name, note : str

        Raises
        ------
        LookupError
            Unknown or ambiguous; the text lists the nearest names.
        """
        if len(text) > limits.NAME:
            raise LookupError(Sentence("no chip has a name of {count} characters", count=f"{len(text):,}"))
        if found := self._exact.get(_joined(text)):
            return found
        wanted = _words(text)
        matching = [name for name, words in zip(self.names, self._words) if wanted and _is_part(wanted, words)]
        if len(matching) == 1:
            return matching[0], ""
        if matching:
            could_be = ", ".join(matching[:8])
            raise LookupError(Sentence("{name} could be any of: {names}", name=repr(text), names=could_be))
        if with_nearest:
            nearest = ", ".join(self.nearest(text))
            raise LookupError(Sentence("no chip is called {name}; nearest: {names}", name=repr(text), names=nearest))
        raise LookupError(Sentence("no chip is called {name}", name=repr(text)))

    @property
    def by_key(self):
        """Every full name, alias and family, in small letters without blanks and hyphens, and the chip meant."""
        return {key: name for key, (name, _) in sorted(self._exact.items())}

    def nearest(self, text, count=4):
        """Names most like a text, best first."""
        import difflib

        keys = {_joined(name): name for name in self.names}
        for key, (name, _) in self._exact.items():
            keys.setdefault(key, name)
        close = difflib.get_close_matches(_joined(text), keys, n=count * 3, cutoff=0.0)
        return list(dict.fromkeys(keys[key] for key in close))[:count]


def _joined(text):
    return re.sub(r"[\s_-]+", "", text).casefold()


def _words(text):
    # "80 GB" and "80GB" are one word.
    return re.sub(r"(\d)\s+(gb)\b", r"\1\2", text.casefold()).replace("-", " ").split()


def _is_part(wanted, words):
    """Whether every wanted word begins a word of its own."""
    left = list(words)
    for word in wanted:
        for candidate in left:
            if candidate.startswith(word):
                left.remove(candidate)
                break
        else:
            return False
    return True
