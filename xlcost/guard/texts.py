"""Text files that somebody sent: tables as CSV, settings as TOML, documents as JSON."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from ..errors import XlcostError
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
        return _decoded(path, limits.TEXT_FILE, "CSV file")
    except Refused as refused:
        raise XlcostError(f"{path}: {refused}") from None


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
            raise Refused(f"{long[0][:20]!r} … is a key of more than {limits.KEYS}")
        return tomllib.loads(text)

    return _parsed(path, limits.SETTINGS_FILE, "TOML file", what, parse)


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
            raise Refused("a name is there twice in one object")
        return found

    def refuse(constant):
        raise Refused(f"{constant} is no number in JSON")

    def parse(text):
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)

    return _parsed(path, limits.DOCUMENT, "JSON file", what, parse)


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


def _decoded(path, most, what):
    with Path(path).open("rb") as file:
        content = file.read(most + 1)
    if content.startswith((ZIP, COMPOUND)):
        raise Refused(f"this is a workbook, not a {what}; name it .xlsx")
    if len(content) > most:
        raise Refused(f"the file is too large; a {what} may have {most / 1e6:g} MB")
    # A TOML file is in UTF-8; spreadsheets also export tables in UTF-16.
    is_utf_16 = what.startswith("CSV") and content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            f"not a text file in UTF-8 (byte {error.start + 1}); save it as {what.split()[0]} UTF-8"
        ) from None
    if "\0" in text:
        raise Refused("not a text file: it has a NUL character")
    return text
