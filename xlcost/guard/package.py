"""A workbook that somebody sent, as a package of parts: looked through whole before anything in it is read.

Every entry is unpacked once, piece by piece, so that its size is counted and not believed, and its checksum compared.
What was looked at is held in memory, and only that is read afterwards: nobody can change it in between.
"""

from __future__ import annotations

import functools
import io
import os
import posixpath
import re
import zipfile
import zlib
from pathlib import Path

from ..errors import InputError
from . import calls, limits
from .parts import END_OF_TEXT, SHARED_TEXTS, look_through
from .refused import Refused

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ARCHIVES = (ZIP, b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
"""How archives begin: zip (and one without entries), gzip, bzip2, xz, 7z, rar, zstandard."""
END_OF_LIST, TAIL = b"PK\x05\x06", 65_557
"""The record behind a zip file's list of entries, and the bytes at the end of a file in which programs look for it."""
LONGEST_SHOWN = 60
TYPES = "[Content_Types].xml"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OTHERS = {
    "macroEnabled": "it is a workbook for macros, which are never run here; save it as a plain .xlsx",
    "wordprocessingml": "this is a Word document, not a workbook",
    "presentationml": "this is a PowerPoint presentation, not a workbook",
    "sheet.binary": "this is a binary workbook (.xlsb); save it as .xlsx",
    "template.main": "this is a template (.xltx); save it as .xlsx",
}
"""What else a package may be, by a part of its content type."""
CODE = re.compile(r"vbaProject|(?:^|/)(?:macrosheets|activeX)/", re.IGNORECASE)
"""Parts that can run: macros, sheets of Excel 4.0 macros, controls."""
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(KeyError, IndexError, ValueError, OverflowError),
)
"""What zipfile raises where an archive is not as it should be."""


def opened(path, may_call=False):
    """A workbook whose every part has been looked through.

    Parameters
    ----------
    path : path-like
    may_call : bool
        Whether formulas may fetch their values from outside: where these are looked at and not used.

    Returns
    -------
    Package

    Raises
    ------
    XlcostError
        One sentence: it is no .xlsx workbook, is damaged, protected, too large, or made to do harm; or one for each
        cell whose formula fetches its value from outside the workbook.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> opened("xlcost/examples/portfolio.csv")
    Traceback (most recent call last):
    xlcost.errors.InputError: xlcost/examples/portfolio.csv: not an .xlsx workbook, whatever its name says
    """
    path = Path(path)
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
    package = _opened(path, found.st_ino, found.st_size, found.st_mtime_ns)
    if isinstance(package, list):
        raise InputError(package, path)
    if not may_call and package.calls:
        raise InputError(package.calls, path)
    return package


@functools.lru_cache(maxsize=1)
def _opened(path, *version):
    """The last workbook is kept, or why it is refused: its sheets are asked for one after the other."""
    with path.open("rb") as file:
        content = file.read(limits.FILE + 1)
    try:
        return Package(path, content)
    except Refused as refused:
        return str(refused).split("\n")


class Package:
    """The parts of a workbook.

    Parameters
    ----------
    path : Path
        For the sentences.
    content : bytes
        The whole file.

    Attributes
    ----------
    longest_text : int
        Bytes of the longest text that sheets share.
    sheets : list of (str, str)
        Names of the worksheets and their parts, in order.
    """

    def __init__(self, path, content):
        self.path, self.content = path, content
        if content.startswith(COMPOUND):
            raise Refused("this is protected by a password, or an old .xls workbook; save it as plain .xlsx")
        if not content.startswith(ZIP):
            raise Refused("not an .xlsx workbook, whatever its name says")
        if len(content) > limits.FILE:
            raise Refused(f"the file is too large; a workbook may have {limits.FILE / 1e6:,.0f} MB")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
            self.entries = {entry.filename: entry for entry in self.archive.infolist()}
            _check_entries(self.archive.infolist(), content)
            self.suspicious = self._look_through()
        except DAMAGES as error:
            raise Refused(f"not an .xlsx workbook that can be read: it is damaged ({_why(error)})") from None
        self._check_kind()
        self.sheets = self._sheets()
        if not self.sheets:
            raise Refused("there is no sheet in it")

    @functools.cached_property
    def calls(self):
        """Sentences on formulas that fetch their values from outside the workbook."""
        try:
            calls.check(self, self.suspicious)
        except Refused as refused:
            return str(refused).split("\n")
        return []

    def file(self):
        """The whole file, to be read by another program."""
        return io.BytesIO(self.content)

    def stream(self, part):
        """A part as a binary file.

        Raises
        ------
        Refused
            The workbook names a part that is not there.
        """
        if part not in self.entries:
            raise Refused(f"not an .xlsx workbook that can be read: {part} is missing")
        return self.archive.open(self.entries[part])

    def size(self, part):
        """Bytes of a part, unpacked."""
        return self.entries[part].file_size

    def tree(self, part):
        """A small part as a tree."""
        from lxml import etree

        if part not in self.xml and part in self.entries:
            raise Refused(f"not an .xlsx workbook that can be read: {part} is no XML by its name")
        with self.stream(part) as stream:
            if self.size(part) > limits.SMALL_PART:
                raise Refused(f"{part} has {self.size(part) / 1e6:,.0f} MB; {limits.SMALL_PART / 1e6:,.0f} are allowed")
            try:
                return etree.fromstring(stream.read(), etree.XMLParser(resolve_entities=False, no_network=True))
            except etree.XMLSyntaxError as error:
                raise Refused(f"not an .xlsx workbook that can be read: {part} is damaged ({error})") from None

    def relations(self, part):
        """Kind, key, target and whether it is outside, of each relation of a part; "" is the package."""
        folder, _, name = part.rpartition("/")
        for node in self.tree(posixpath.join(folder, "_rels", f"{name}.rels")).iterfind("{*}Relationship"):
            target, is_outside = node.get("Target", ""), node.get("TargetMode") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield node.get("Type", "").rpartition("/")[2], node.get("Id"), target, is_outside

    @functools.cached_property
    def main(self):
        """The part that lists the sheets."""
        targets = (target for kind, _, target, _ in self.relations("") if kind == "officeDocument")
        return next(targets, "xl/workbook.xml")

    def _look_through(self):
        """Unpack every part once; gives those in which a formula may call out."""
        total, suspicious, self.xml, self.longest_text = 0, [], set(), 0
        for name, entry in self.entries.items():
            with self.archive.open(entry) as stream:
                found = look_through(stream, name, limits.UNPACKED - total, lambda: self.archive.open(entry))  # noqa: B023
            if found.size != entry.file_size:
                raise Refused(f"{name} unpacks to {found.size:,} bytes and claims {entry.file_size:,}")
            total += found.size
            self.longest_text = max(self.longest_text, found.longest)
            if found.is_xml:
                self.xml.add(name)
            if found.may_call:
                suspicious.append(name)
            if found.head.startswith(ARCHIVES):
                raise Refused(f"it holds an archive of its own ({name}); take out what was embedded")
        if total > max(limits.RATIO_FROM, limits.RATIO * len(self.content)):
            raise Refused(
                f"it unpacks to {total / len(self.content):,.0f} times its size; a workbook to less than {limits.RATIO}"
            )
        if sum(self.size(name) for name in self._shared_texts()) > limits.SHARED_TEXTS:
            raise Refused(f"its texts have more than {limits.SHARED_TEXTS / 1e6:,.0f} MB")
        return suspicious

    def _shared_texts(self):
        return [name for name in self.entries if name.lower().endswith(SHARED_TEXTS)]

    def lengths_of_texts(self):
        """Bytes of each text that sheets share, in order."""
        lengths, rest = [], b""
        for name in self._shared_texts():
            with self.stream(name) as stream:
                while piece := stream.read(limits.PIECE):
                    *texts, rest = (rest + piece).split(END_OF_TEXT)
                    lengths += map(len, texts)
        return lengths

    def _check_kind(self):
        if TYPES not in self.entries:
            is_open_document = "mimetype" in self.entries
            raise Refused(
                "this is an OpenDocument file; save it as .xlsx" if is_open_document else "a zip file, but no workbook"
            )
        types = {
            (node.get("PartName") or f".{node.get('Extension', '')}").lower(): node.get("ContentType", "")
            for node in self.tree(TYPES)
            if isinstance(node.tag, str)
        }
        main = f"/{self.main}".lower()
        kind = types.get(main, types.get(posixpath.splitext(main)[1], ""))
        if kind != WORKBOOK:
            raise Refused(next((said for part, said in OTHERS.items() if part in kind), "a package, but no workbook"))
        if code := next(filter(CODE.search, self.entries), None):
            raise Refused(f"it holds macros or controls ({code}), which are never run here; save it without them")

    def _sheets(self):
        parts = {key: target for kind, key, target, _ in self.relations(self.main) if kind == "worksheet"}
        nodes = self.tree(self.main).iterfind("{*}sheets/{*}sheet")
        named = [
            (node.get("name"), next((value for name, value in node.attrib.items() if name.endswith("}id")), None))
            for node in nodes
        ]
        return [(name, parts[key]) for name, key in named if name is not None and key in parts]


def _check_entries(entries, content):
    """What the list of a zip file says of its entries."""
    if len(entries) > limits.ENTRIES:
        raise Refused(f"it has {len(entries):,} parts; a workbook may have {limits.ENTRIES:,}")
    # Programs that look for the list of entries must all find the same one.
    if content.count(END_OF_LIST, max(len(content) - TAIL, 0)) != 1 or sum(e.compress_size for e in entries) > len(
        content
    ):
        raise Refused("not an .xlsx workbook that can be read: its list of parts contradicts itself")
    seen = set()
    for entry in entries:
        name = entry.orig_filename
        if len(name) > limits.NAME:
            raise Refused(f"it has a part whose name has {len(name):,} characters")
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
            raise Refused(f"it has a part that would lie outside of it ({name[:LONGEST_SHOWN]!r})")
        if name.lower() in seen:
            raise Refused(f"it has the part {name[:LONGEST_SHOWN]} twice")
        seen.add(name.lower())
        if entry.flag_bits & 1:
            raise Refused("it is protected by a password; save it without one")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{name} is packed in a way that no spreadsheet uses")
    if (total := sum(entry.file_size for entry in entries)) > limits.UNPACKED:
        raise Refused(f"unpacked it has {total / 1e6:,.0f} MB; a workbook may have {limits.UNPACKED / 1e6:,.0f} MB")


def _why(error):
    """What zipfile says, which may have a name of any length in it."""
    return str(error)[:200] or type(error).__name__
