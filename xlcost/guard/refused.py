"""Why a file is not read."""

from __future__ import annotations

from ..sentences import Sentence


class Refused(Exception):
    """What is wrong with a file, without its name; whoever knows the name puts it in front.

    Parameters
    ----------
    *sentences : Sentence

    Attributes
    ----------
    sentences : list of Sentence
    """

    def __init__(self, *sentences):
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


def unreadable(why):
    """Of a file that begins as workbooks do, and cannot be read as one: a sentence says why."""
    return Refused(Sentence("not an .xlsx workbook that can be read: {why}", why=why))


def damaged(error):
    """A zip file that cannot be unpacked, and what Python says of it."""
    # That may have a name of any length in it.
    why = str(error)[:200] or type(error).__name__
    return unreadable(Sentence("it is damaged ({why})", why=why))
