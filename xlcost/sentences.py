"""Sentences that are said in the reader's language: a template, and the parts that it names.

A `Sentence` is English text wherever a text is wanted; on a sheet in another language it is said anew from its
template, which languages/*.toml translate, and from its parts.
"""

from __future__ import annotations

from functools import reduce


class Sentence(str):
    """A sentence in English that other languages can say too.

    Parameters
    ----------
    template : str
        English, with parts as ``{name}``.
    **parts : object
        Texts and numbers as they are shown, sentences, and whatever has a method `said` of its own.

    Examples
    --------
    >>> from xlcost.languages import Language
    >>> german = Language("de", {"{name} is {state}": "{name} ist {state}", "empty": "leer"})
    >>> sentence = Sentence("{name} is {state}", name="chips", state=Sentence("empty"))
    >>> sentence, sentence.said(german)
    ('chips is empty', 'chips ist leer')
    """

    def __new__(cls, template, **parts):
        sentence = super().__new__(cls, template.format(**parts))
        sentence.template, sentence.parts = template, parts
        return sentence

    def __getnewargs_ex__(self):
        return (self.template,), self.parts

    def said(self, language):
        """The sentence in a language."""
        parts = {name: said(part, language) for name, part in self.parts.items()}
        return language.text(self.template).format(**parts)


class SheetName(str):
    """A sheet, by its English name."""

    def said(self, language):
        return language.text(str(self))


class ColumnName(str):
    """A column as files name it, which a sheet in another language calls by its heading."""

    def __new__(cls, column):
        name = super().__new__(cls, column.name)
        name.column = column
        return name

    def __getnewargs__(self):
        return (self.column,)

    def said(self, language):
        """The column's name in English, its label in another language."""
        return str(self) if language.is_english else self.column.label_in(language)


def said(part, language):
    """A part of a sentence, or a sentence, in a language; a text that has no other language stays as it is."""
    return part.said(language) if hasattr(part, "said") else part


def listed(names):
    """Names one after the other.

    >>> listed(["people", "fte"])
    'people, fte'
    """
    return reduce(lambda first, second: Sentence("{first}, {second}", first=first, second=second), names)


def together(sentences):
    """Several sentences as one.

    >>> together([Sentence("one"), Sentence("two")]), together([])
    ('one; two', '')
    """
    sentences = list(sentences)
    return reduce(lambda first, second: Sentence("{first}; {second}", first=first, second=second), sentences or [""])
