"""A part of a workbook, looked at piece by piece before anything parses it.

Spreadsheets write XML of one kind: UTF-8, no document type, no bare ">" in a text. Such a part is looked through by
counting tags, ten times faster than a parser reads it; any other is read element by element, and may be no longer than
that is quick.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

import numpy as np

from ..sentences import Sentence
from . import limits
from .refused import Refused, unreadable

BOM = b"\xef\xbb\xbf"
XML_NAMES = (".xml", ".rels")
"""Not .vml, which Excel itself may write as no XML at all, and nothing here reads."""
DECLARED = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
DOCUMENT_TYPES = (b"<!DOCTYPE", b"<!ENTITY")
SHARED_TEXTS, END_OF_TEXT = "sharedstrings.xml", b"</si>"
STYLES = "styles.xml"
STYLE = re.compile(rb"<(?:\w+:)?xf[\s/>]")


@dataclass
class Found:
    """What was seen in a part.

    Parameters
    ----------
    size : int
        Bytes.
    head : bytes
        How it begins.
    longest : int
        Bytes of the longest text that sheets share.
    is_plain : bool
        Whether it is spelled as spreadsheets spell XML.
    """

    size: int = 0
    head: bytes = b""
    longest: int = 0
    is_plain: bool = True


def look_through(stream, name, is_xml, found, again):
    """Look at all of a part, piece by piece.

    Parameters
    ----------
    stream : binary file
    name : str
    is_xml : bool
    found : Found
        What is seen is put down there.
    again : callable
        Opens it once more.

    Yields
    ------
    bytes
        What was looked at so far; pieces of XML end where a tag ends.

    Raises
    ------
    Refused
    """
    look, rest = _Look(name) if is_xml else None, b""
    while piece := stream.read(limits.PIECE):
        found.head = found.head or piece[:16]
        found.size += len(piece)
        if look is None:
            yield piece
            continue
        content = rest + piece
        # Whole tags only.
        end = content.rfind(b">") + 1
        content, rest = content[:end], content[end:]
        if len(rest) > limits.LONGEST_RUN:
            raise Refused(
                Sentence(
                    "{part} has a text or a tag of more than {most} bytes; a cell holds 32,767",
                    part=name,
                    most=f"{limits.LONGEST_RUN:,}",
                )
            )
        look.at(content)
        if name.lower().endswith(SHARED_TEXTS):
            found.longest = max(found.longest, *map(len, content.split(END_OF_TEXT)))
        yield content
    if look is not None and found.size:
        look.end(rest)
        found.is_plain = look.is_plain
        if not look.is_plain:
            with again() as stream:
                _read_elements(stream, name)
        yield rest


class _Look:
    """The pieces of an XML part, one after the other; each ends with a tag's end."""

    def __init__(self, name):
        self.name, self.depth, self.styles, self.is_plain, self.is_begun = name, 0, 0, True, False

    def at(self, content):
        if not self.is_begun:
            self._begin(content)
        if b"\0" in content:
            raise Refused(Sentence("{part} is not in UTF-8", part=self.name))
        # All bytes at once: counting them by bytes.count takes three times as long.
        letters = np.frombuffer(content, np.uint8)
        begins, slashes, closes = (letters == ord(mark) for mark in "</>")
        tags, ends, empty = map(np.count_nonzero, (begins, begins[:-1] & slashes[1:], slashes[:-1] & closes[1:]))
        # Comments and CDATA may hold anything, and a bare ">" may end what it seems to end or not.
        if b"<!" in content or tags != np.count_nonzero(closes):
            self._refuse_declarations(content)
            self.is_plain = False
        instructions = content.count(b"<?") if b"?" in content else 0
        self.depth += tags - instructions - 2 * ends - empty
        if self.is_plain and self.depth > limits.DEPTH:
            raise _too_deep(self.name)
        if self.name.lower().endswith(STYLES):
            self.styles += len(STYLE.findall(content))
            if self.styles > limits.STYLES:
                most = f"{limits.STYLES:,}"
                raise Refused(Sentence("it has more than {most} styles of cells, more than Excel takes", most=most))

    def _refuse_declarations(self, content):
        for mark in DOCUMENT_TYPES:
            if mark in content:
                raise Refused(
                    Sentence(
                        "{part} declares a document type or entities ({mark}), as no workbook does",
                        part=self.name,
                        mark=mark.decode(),
                    )
                )

    def _begin(self, content):
        self.is_begun = True
        declared = DECLARED.match(content.removeprefix(BOM))
        if not content.removeprefix(BOM).lstrip().startswith(b"<") or (
            declared and declared[1].strip().lower() not in ENCODINGS
        ):
            raise Refused(Sentence("{part} is no XML in UTF-8", part=self.name))

    def end(self, rest):
        if not self.is_begun or rest.strip() or (self.is_plain and self.depth):
            raise unreadable(Sentence("{part} is cut off or damaged", part=self.name))


def _too_deep(name):
    about = dict(part=name, most=limits.DEPTH)
    return Refused(Sentence("{part} has more than {most} elements in each other, as no workbook has", **about))


def _read_elements(stream, name):
    """Refuse what is too deep or too long, by a parser that tells of each element."""
    depth = elements = 0

    def begin(*_):
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > limits.DEPTH:
            raise _too_deep(name)
        if elements > limits.ODD_ELEMENTS:
            about = dict(part=name, most=f"{limits.ODD_ELEMENTS:,}")
            raise Refused(Sentence("{part} has more than {most} elements, spelled as no spreadsheet does", **about))

    def end(_):
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        while piece := stream.read(limits.PIECE):
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise unreadable(Sentence("{part} is damaged ({why})", part=name, why=str(error))) from None
