"""Text files that somebody sent: tables as CSV, settings as TOML, documents as JSON."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from ..errors import InputError, XlcostError
from ..sentences import Sentence
from . import limits
from .package import COMPOUND, ZIP
from .refused import Refused

_LONG_KEY = re.compile(rf"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{limits.KEYS}}}""")
"""A key of so many keys, for whose every beginning tomllib keeps a record."""


def text_in(path):
    """The text of a CSV file.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    str

    Raises
    ------
    XlcostError
        It is too large, a workbook, or no text in UTF-8 or in UTF-16 with a byte order mark.
    OSError
        It cannot be opened.
    """
    try:
        return _decoded(path, limits.TEXT_FILE, "CSV")
    except Refused as refused:
        raise InputError(refused.sentences, path) from None


def toml_in(path, what="settings"):
    """The tables of a TOML file.

    Parameters
    ----------
    path : path-like
    what : str
        What the file holds, for the sentences.

    Returns
    -------
    dict

    Raises
    ------
    XlcostError
        It is missing, or no such file.
    """

    def parse(text):
        if long := _LONG_KEY.search(text):
            raise Refused(Sentence("{key} … is a key of more than {most}", key=repr(long[0][:20]), most=limits.KEYS))
        return tomllib.loads(text)

    return _parsed(path, limits.SETTINGS_FILE, "TOML", what, parse)


def json_in(path, what="document"):
    """The content of a JSON file.

    Parameters
    ----------
    path : path-like
    what : str
        What the file holds, for the sentences.

    Raises
    ------
    XlcostError
        It is missing, or no such file; what JSON does not know, such as NaN, and a name that is there twice are
        refused.
    """

    def once(pairs):
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Refused(Sentence("a name is there twice in one object"))
        return found

    def refuse(constant):
        raise Refused(Sentence("{constant} is no number in JSON", constant=constant))

    def parse(text):
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)

    return _parsed(path, limits.DOCUMENT, "JSON", what, parse)


def _parsed(path, most, kind, what, parse):
    """What `parse` makes of a file's text; what it cannot take is one sentence."""
    try:
        return parse(_decoded(path, most, kind))
    except FileNotFoundError:
        raise XlcostError(f"{path}: there is no such file") from None
    except RecursionError:
        raise XlcostError(f"{path}: the {what} cannot be read (too many lists or tables in each other)") from None
    except (OSError, ValueError, Refused) as error:
        # A number of thousands of digits is a ValueError of Python's own.
        raise XlcostError(f"{path}: the {what} cannot be read ({error})") from None


def _decoded(path, most, kind):
    with Path(path).open("rb") as file:
        content = file.read(most + 1)
    if content.startswith((ZIP, COMPOUND)):
        raise Refused(Sentence("this is a workbook, not a {kind} file; name it .xlsx", kind=kind))
    if len(content) > most:
        about = dict(kind=kind, most=f"{most / 1e6:g}")
        raise Refused(Sentence("the file is too large; a {kind} file may have {most} MB", **about))
    # A TOML file is in UTF-8; spreadsheets also export tables in UTF-16.
    is_utf_16 = kind == "CSV" and content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        about = dict(number=error.start + 1, kind=kind)
        raise Refused(Sentence("not a text file in UTF-8 (byte {number}); save it as {kind} UTF-8", **about)) from None
    if "\0" in text:
        raise Refused(Sentence("not a text file: it has a NUL character"))
    return text
