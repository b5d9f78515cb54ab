"""Texts on the pages of a PDF file that LibreOffice wrote, and which of them are cut by what is beside them.

A text that does not go into its cell is written whole, inside a rectangle beyond which nothing is drawn.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pypdf import PdfReader
from pypdf.generic import ContentStream

HAIR = 0.5
"""What programs round. [point]"""
ABOVE, BELOW = 0.75, 0.1
"""How far letters reach above and below their line. [share of the size]"""


class Text(NamedTuple):
    """What one cell, or a line of it, says.

    Attributes
    ----------
    page : int
        From 1 on.
    """

    page: int
    text: str
    is_cut: bool


class _Font:
    """Widths and letters of the bytes with which a page is written."""

    def __init__(self, described):
        first, widths = described["/FirstChar"], described["/Widths"].get_object()
        self.widths = dict(enumerate(map(float, widths), start=first))
        given = described["/ToUnicode"].get_object().get_data().decode("latin-1")
        pairs = re.findall(r"<(\w\w)> *<(\w+)>\s", "".join(re.findall(r"beginbfchar(.*?)endbfchar", given, re.S)))
        self.letters = {int(code, 16): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}

    def read(self, operand):
        """The width of some letters, in thousandths of their size, and the letters."""
        width, letters = 0.0, ""
        for part in operand if isinstance(operand, list) else [operand]:
            if not hasattr(part, "original_bytes"):
                width -= float(part)
                continue
            width += sum(self.widths.get(code, 0) for code in part.original_bytes)
            letters += "".join(self.letters.get(code, "?") for code in part.original_bytes)
        return width, letters


def texts_of(pdf) -> Iterator[Text]:
    """All texts, page by page, in the order in which they are drawn."""
    reader = PdfReader(pdf)
    for number, page in enumerate(reader.pages, start=1):
        fonts = {name: _Font(font.get_object()) for name, font in page["/Resources"]["/Font"].get_object().items()}
        for letters, is_cut in _of_page(ContentStream(page.get_contents(), reader), fonts):
            yield Text(number, letters, is_cut)


def _of_page(stream, fonts):
    shown, kept, rectangle = None, [], None
    for operands, operator in stream.operations:
        match operator:
            case b"q":
                kept.append(shown)
            case b"Q":
                shown = kept.pop()
            case b"re":
                left, bottom, width, height = map(float, operands)
                rectangle = left, bottom, left + width, bottom + height
            case b"W*":
                shown = _common(shown, rectangle) if shown else rectangle
            case b"BT":
                left, line, parts = 0.0, 0.0, []
            case b"Td":
                left, line = left + float(operands[0]), line + float(operands[1])
            case b"Tm":
                left, line = map(float, operands[4:])
            case b"Tf":
                font, size = fonts[operands[0]], float(operands[1])
            case b"Tj" | b"TJ":
                width, letters = font.read(operands[0])
                parts.append((left, line - BELOW * size, left + width * size / 1000, line + ABOVE * size, letters))
            case b"ET" if parts:
                lefts, bottoms, rights, tops, letters = zip(*parts)
                reaches = min(lefts), min(bottoms), max(rights), max(tops)
                yield "".join(letters), bool(shown) and _is_beyond(reaches, shown)


def _common(one, other):
    return *map(max, one[:2], other[:2]), *map(min, one[2:], other[2:])


def _is_beyond(reaches, shown):
    begin = any(at < limit - HAIR for at, limit in zip(reaches[:2], shown[:2]))
    return begin or any(at > limit + HAIR for at, limit in zip(reaches[2:], shown[2:]))
