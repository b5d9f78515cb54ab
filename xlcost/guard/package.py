"""A workbook that somebody sent, as a package of parts: each is looked through before anything in it is read.

A part is unpacked piece by piece, so that its size is counted and not believed, and its checksum compared. Sheets are
most of a workbook, and are looked through when they are read; all else is when the workbook is opened. The file is held
in memory, so that nobody can change it in between, and other programs are handed those parts alone that were looked
through: what else lies in the file cannot reach them.
"""

from __future__ import annotations

import functools
import io
import os
import posixpath
import re
import zipfile
import zlib

from ..errors import InputError
from . import calls, limits
from .parts import END_OF_TEXT, SHARED_TEXTS, XML_NAMES, Found, look_through
from .refused import Refused

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ARCHIVES = (ZIP, b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
"""How archives begin: zip (and one without entries), gzip, bzip2, xz, 7z, rar, zstandard."""
END_OF_LIST, TAIL = b"PK\x05\x06", 65_557
"""The record behind a zip file's list of entries, and the bytes at the end of a file in which programs look for it."""
LONGEST_SHOWN = 60
TYPES = "[Content_Types].xml"
SHARED = ("sharedStrings", "styles")
"""Kinds of parts that say what cells of all sheets hold."""
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


def opened(path):
    """A workbook that may be read.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Package

    Raises
    ------
    XlcostError
        One sentence: it is no .xlsx workbook, is damaged, protected, too large, or made to do harm.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> opened("xlcost/examples/portfolio.csv")
    Traceback (most recent call last):
    xlcost.errors.InputError: xlcost/examples/portfolio.csv: not an .xlsx workbook, whatever its name says
    """
    package = _opened(*_version_of(path))
    if isinstance(package, list):
        raise InputError(package, path)
    return package


def is_archive(path):
    """Whether there is a file that begins as workbooks do."""
    try:
        return _begins(*_version_of(path))
    except OSError:
        return False


def _version_of(path):
    found = os.stat(path)
    return os.fspath(path), found.st_ino, found.st_size, found.st_mtime_ns


@functools.lru_cache(maxsize=16)
def _begins(path, *version):
    with open(path, "rb") as file:
        return file.read(len(ZIP)) == ZIP


@functools.lru_cache(maxsize=1)
def _opened(path, *version):
    """The last workbook is kept, or why it is refused: its sheets are asked for one after the other."""
    with open(path, "rb") as file:
        content = file.read(limits.FILE + 1)
    try:
        return Package(path, content)
    except Refused as refused:
        return str(refused).split("\n")


class Package:
    """The parts of a workbook.

    Parameters
    ----------
    path : str
        For the sentences.
    content : bytes
        The whole file.

    Attributes
    ----------
    sheets : list of (str, str)
        Names of the worksheets and their parts, in order.
    types : dict of str to str
        Content types by part, with a "/" in front and in lower case, and by suffix.
    ahead : dict
        Sheets that have been read ahead, by name; see `xlcost.xlsx_input.read_ahead`.
    """

    def __init__(self, path, content):
        self.path, self.content, self.ahead = path, content, {}
        self._found, self._relations, self._calls, self._of_sheets = {}, {}, {}, frozenset()
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
        except DAMAGES as error:
            raise Refused(_damaged(error)) from None
        self._check_kind()
        self.sheets = self._sheets()
        if not self.sheets:
            raise Refused("there is no sheet in it")
        if sum(self.size(name) for name in self._shared_texts()) > limits.SHARED_TEXTS:
            raise Refused(f"its texts have more than {limits.SHARED_TEXTS / 1e6:,.0f} MB")
        self._of_sheets = {each for _, part in self.sheets for each in (part, _relations_of(part))}
        for part in self.entries:
            if part not in self._of_sheets:
                self._look_through(part)

    def refuse_calls(self, in_sheets=True):
        """Refuse a workbook with formulas that fetch their values from outside of it.

        Parameters
        ----------
        in_sheets : bool
            Whether sheets are looked at too, or only names, and links to other programs.

        Raises
        ------
        InputError
            A sentence for each of them.
        """
        if in_sheets not in self._calls:
            self._calls[in_sheets] = []
            try:
                calls.check(self, in_sheets)
            except Refused as refused:
                self._calls[in_sheets] = str(refused).split("\n")
        if self._calls[in_sheets]:
            raise InputError(self._calls[in_sheets], self.path)

    def pieces(self, part):
        """A part's content, piece by piece, each of which has been looked through.

        Raises
        ------
        Refused
            It would do harm, is damaged, or is not there.
        """
        entry, found = self._entry(part), Found()
        try:
            with self.archive.open(entry) as stream:
                yield from look_through(stream, part, self._is_xml(part), found, lambda: self.archive.open(entry))
        except DAMAGES as error:
            raise Refused(_damaged(error)) from None
        if found.size != entry.file_size:
            raise Refused(f"{part} unpacks to {found.size:,} bytes and claims {entry.file_size:,}")
        if found.head.startswith(ARCHIVES):
            raise Refused(f"it holds an archive of its own ({part}); take out what was embedded")
        self._found[part] = found

    def stream(self, part):
        """A part as a binary file, once it has been looked through.

        Raises
        ------
        Refused
            It would do harm, is damaged, or is not there.
        """
        self._look_through(part)
        return self.archive.open(self.entries[part])

    def _look_through(self, part):
        if part not in self._found:
            for _ in self.pieces(part):
                pass
        return self._found[part]

    def is_plain(self, part):
        """Whether a part is spelled as spreadsheets spell XML."""
        return self._look_through(part).is_plain

    def with_sheets(self, takes):
        """A workbook with some of the sheets and what all sheets share, and nothing else.

        Parameters
        ----------
        takes : dict of str to callable
            By the sheets' parts; each is given the sheet's content, piece by piece.

        Returns
        -------
        binary file
        """
        shared = [TYPES, _relations_of(""), self.main, _relations_of(self.main)]
        shared += [target for kind, _, target, _ in self.relations(self.main) if kind in SHARED]
        shared = [part for part in dict.fromkeys(shared) if part in self.entries]
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", compresslevel=1) as archive:
            for part in (*shared, *takes):
                take, info = takes.get(part), zipfile.ZipInfo(part)
                # Large parts are packed again, quickly, as they are held twice.
                info.compress_type = zipfile.ZIP_DEFLATED if self.size(part) > limits.SMALL_PART else zipfile.ZIP_STORED
                with archive.open(info, "w") as target:
                    for piece in self.pieces(part):
                        target.write(piece)
                        if take is not None:
                            take(piece)
        file.seek(0)
        return file

    def size(self, part):
        """Bytes of a part, unpacked."""
        return self._entry(part).file_size

    def _entry(self, part):
        if part not in self.entries:
            raise Refused(f"not an .xlsx workbook that can be read: {part} is missing")
        return self.entries[part]

    def tree(self, part):
        """A small part as a tree."""
        from lxml import etree

        if part in self.entries and not self._is_xml(part):
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
        if part not in self._relations:
            self._relations[part] = list(self._read_relations(part))
        return self._relations[part]

    def _read_relations(self, part):
        folder = posixpath.dirname(part)
        for node in self.tree(_relations_of(part)).iterfind("{*}Relationship"):
            target, is_outside = node.get("Target", ""), node.get("TargetMode") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield node.get("Type", "").rpartition("/")[2], node.get("Id"), target, is_outside

    @functools.cached_property
    def main(self):
        """The part that lists the sheets."""
        targets = (target for kind, _, target, _ in self.relations("") if kind == "officeDocument")
        return next(targets, "xl/workbook.xml")

    def _is_xml(self, part):
        return part.lower().endswith(XML_NAMES) or part in self._of_sheets

    def _shared_texts(self):
        return [name for name in self.entries if name.lower().endswith(SHARED_TEXTS)]

    @property
    def longest_text(self):
        """Bytes of the longest text that sheets share."""
        return max((self._look_through(part).longest for part in self._shared_texts()), default=0)

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
        self.types = types = {
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
    if total > max(limits.RATIO_FROM, limits.RATIO * len(content)):
        raise Refused(
            f"it unpacks to {total / len(content):,.0f} times its size; a workbook to less than {limits.RATIO}"
        )


def _relations_of(part):
    """The part that says what another one leads to; "" is the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _damaged(error):
    # What zipfile says may have a name of any length in it.
    why = str(error)[:200] or type(error).__name__
    return f"not an .xlsx workbook that can be read: it is damaged ({why})"
