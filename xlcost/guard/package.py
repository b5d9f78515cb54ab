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
from ..sentences import Sentence
from . import calls, limits
from .entries import check_entries
from .parts import END_OF_TEXT, SHARED_TEXTS, XML_NAMES, Found, look_through
from .refused import Refused, damaged, unreadable

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ARCHIVES = (ZIP, b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
"""How archives begin: zip (and one without entries), gzip, bzip2, xz, 7z, rar, zstandard."""
TYPES = "[Content_Types].xml"
SHARED = ("sharedStrings", "styles")
"""Kinds of parts that say what cells of all sheets hold."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OTHERS = {
    "macroEnabled": Sentence("it is a workbook for macros, which are never run here; save it as a plain .xlsx"),
    "wordprocessingml": Sentence("this is a Word document, not a workbook"),
    "presentationml": Sentence("this is a PowerPoint presentation, not a workbook"),
    "sheet.binary": Sentence("this is a binary workbook (.xlsb); save it as .xlsx"),
    "template.main": Sentence("this is a template (.xltx); save it as .xlsx"),
}
"""What else a package may be, by a part of its content type."""
CODE = re.compile(r"vbaProject|(?:^|/)(?:macrosheets|activeX)/", re.IGNORECASE)
"""Parts that can run: macros, sheets of Excel 4.0 macros, controls."""
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError),
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
        return refused.sentences


class _Unpacked:
    """A part as a binary file; what zipfile raises on the way says that it is damaged, and nothing else does."""

    def __init__(self, archive, entry):
        try:
            self._stream = archive.open(entry)
        except DAMAGES as error:
            raise damaged(error) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def read(self, size):
        try:
            return self._stream.read(size)
        except DAMAGES as error:
            raise damaged(error) from None


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
            raise Refused(Sentence("this is protected by a password, or an old .xls workbook; save it as plain .xlsx"))
        if not content.startswith(ZIP):
            raise Refused(Sentence("not an .xlsx workbook, whatever its name says"))
        if len(content) > limits.FILE:
            raise Refused(
                Sentence("the file is too large; a workbook may have {most} MB", most=limits.in_mb(limits.FILE))
            )
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
            self.entries = {entry.filename: entry for entry in self.archive.infolist()}
            check_entries(self.archive.infolist(), content)
        except DAMAGES as error:
            raise damaged(error) from None
        self._check_kind()
        self.sheets = self._sheets()
        if not self.sheets:
            raise Refused(Sentence("there is no sheet in it"))
        if sum(self.size(name) for name in self._shared_texts()) > limits.SHARED_TEXTS:
            raise Refused(Sentence("its texts have more than {most} MB", most=limits.in_mb(limits.SHARED_TEXTS)))
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
                self._calls[in_sheets] = refused.sentences
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
        with _Unpacked(self.archive, entry) as stream:
            again = functools.partial(_Unpacked, self.archive, entry)
            yield from look_through(stream, part, self._is_xml(part), found, again)
        if found.size != entry.file_size:
            about = dict(part=part, size=f"{found.size:,}", claim=f"{entry.file_size:,}")
            raise Refused(Sentence("{part} unpacks to {size} bytes and claims {claim}", **about))
        if found.head.startswith(ARCHIVES):
            raise Refused(Sentence("it holds an archive of its own ({part}); take out what was embedded", part=part))
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
                    for piece in self._again(part) if take is None else self.pieces(part):
                        target.write(piece)
                        if take is not None:
                            take(piece)
        file.seek(0)
        return file

    def _again(self, part):
        """A part's content piece by piece; nobody can have changed what was looked through once."""
        if part not in self._found:
            yield from self.pieces(part)
            return
        with self.archive.open(self.entries[part]) as stream:
            while piece := stream.read(limits.PIECE):
                yield piece

    def size(self, part):
        """Bytes of a part, unpacked."""
        return self._entry(part).file_size

    def _entry(self, part):
        if part not in self.entries:
            raise unreadable(Sentence("{part} is missing", part=part))
        return self.entries[part]

    def tree(self, part):
        """A small part as a tree."""
        from lxml import etree

        if part in self.entries and not self._is_xml(part):
            raise unreadable(Sentence("{part} is no XML by its name", part=part))
        is_small = self.size(part) <= limits.SMALL_PART
        # Even of a large one it is said first what is wrong in it.
        content = b"".join(piece for piece in self._again(part) if is_small)
        if not is_small:
            about = dict(part=part, size=limits.in_mb(self.size(part)), most=limits.in_mb(limits.SMALL_PART))
            raise Refused(Sentence("{part} has {size} MB; {most} are allowed", **about))
        try:
            return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            raise unreadable(Sentence("{part} is damaged ({why})", part=part, why=str(error))) from None

    def relations(self, part):
        """Kind, key, target and whether it is outside, of each relation of a part; "" is the package."""
        if part not in self._relations:
            self._relations[part] = list(self._read_relations(part))
        return self._relations[part]

    def has_relations(self, part):
        """Whether a part leads to others."""
        return _relations_of(part) in self.entries

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
            if "mimetype" in self.entries:
                raise Refused(Sentence("this is an OpenDocument file; save it as .xlsx"))
            raise Refused(Sentence("a zip file, but no workbook"))
        self.types = types = {
            (node.get("PartName") or f".{node.get('Extension', '')}").lower(): node.get("ContentType", "")
            for node in self.tree(TYPES)
            if isinstance(node.tag, str)
        }
        main = f"/{self.main}".lower()
        kind = types.get(main, types.get(posixpath.splitext(main)[1], ""))
        if kind != WORKBOOK:
            said = (said for part, said in OTHERS.items() if part in kind)
            raise Refused(next(said, Sentence("a package, but no workbook")))
        if code := next(filter(CODE.search, self.entries), None):
            raise Refused(
                Sentence(
                    "it holds macros or controls ({part}), which are never run here; save it without them", part=code
                )
            )

    def _sheets(self):
        parts = {key: target for kind, key, target, _ in self.relations(self.main) if kind == "worksheet"}
        nodes = self.tree(self.main).iterfind("{*}sheets/{*}sheet")
        named = [
            (node.get("name"), next((value for name, value in node.attrib.items() if name.endswith("}id")), None))
            for node in nodes
        ]
        return [(name, parts[key]) for name, key in named if name is not None and key in parts]


def _relations_of(part):
    """The part that says what another one leads to; "" is the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
