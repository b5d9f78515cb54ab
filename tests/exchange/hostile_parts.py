"""What makes a workbook that would do harm from one that is well, a small function for each kind of harm."""

from __future__ import annotations

import functools
import io
import random
import struct
import warnings
import zipfile
import zlib

from openpyxl import Workbook

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
MAIN, TYPES, RELATIONS = "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels"
MIB = 1 << 20

ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "lol">{ENTITIES}]>'.encode()
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@functools.lru_cache(maxsize=1)
def well():
    """Parts of a workbook of one run, by name."""
    book = Workbook()
    book.active.title = "Runs"
    for row in (["run", "chip", "chips", "hours"], ["a", "H100", 8, 10]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)


def changed(part, change, **more):
    """A workbook with a part changed, and parts added whose names are spelled with __ for /."""
    return lambda path: write(path, {**well(), **({part: change(well()[part])} if part else {}), **more})


def added(name, content):
    return lambda path: write(path, {**well(), name: content})


def before_root(part, what, inside=b""):
    """Something between a part's declaration and its root, and something inside the root."""

    def change(content):
        declaration, root = b"", content
        if content.startswith(b"<?xml"):
            declaration, _, root = content.partition(b"?>")
            declaration += b"?>"
        end = root.index(b">") + 1
        return declaration + what + root[:end] + inside + root[end:]

    return changed(part, change)


def rows(cells, **more):
    """Rows behind those of the sheet."""
    return changed(SHEET, lambda sheet: sheet.replace(b"</sheetData>", cells + b"</sheetData>"), **more)


def with_noise(make):
    """What `make` writes, with a picture beside it, so that it is not told by how well it packs."""

    def made(path):
        make(path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/media/image2.png", random.Random(1).randbytes(5_000_000))

    return made


def formula(text, value=b"8"):
    """The number of chips from a formula."""
    cell = b'<c r="C2" t="n"><f>' + text + b"</f><v>" + value + b"</v></c>"
    return changed(SHEET, lambda sheet: sheet.replace(b'<c r="C2" t="n"><v>8</v></c>', cell))


def cut(share):
    def make(path):
        write(path, well())
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return make


def flipped(part):
    """One bit of a part's packed content turned."""

    def make(path):
        write(path, well())
        content = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(part)
        content[entry.header_offset + 30 + len(part) + entry.compress_size // 2] ^= 16
        path.write_bytes(content)

    return make


def large(name, size, filling=b" "):
    """A part of one character."""

    def make(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part, content in well().items():
                archive.writestr(part, content)
            with archive.open(name, "w", force_zip64=True) as part:
                for _ in range(size // MIB):
                    part.write(filling * MIB)

    return make


def claimed(size):
    """A part that says it unpacks to less than it does."""

    def make(path):
        large("xl/media/image1.png", 50 * MIB)(path)
        content = path.read_bytes()
        begin = content.rindex(b"PK\x01\x02")
        path.write_bytes(content[: begin + 24] + struct.pack("<I", size) + content[begin + 28 :])

    return make


def overlapping(path):
    """A thousand names for one packed part of 10 MB: 10 GB in a small file, none of them of an odd ratio."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b" " * (10 * MIB)
    packed, checksum = compressor.compress(plain) + compressor.flush(), zlib.crc32(plain)
    write(path, well())
    with zipfile.ZipFile(path) as archive:
        start, count = archive.start_dir, len(archive.infolist())
    content = path.read_bytes()
    sizes = struct.pack("<III", checksum, len(packed), len(plain))
    local = (
        b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", 5, 0) + b"a0000" + packed
    )
    entries = b"".join(
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, start)
        + b"a%04d" % number
        for number in range(1000)
    )
    old = content[start : content.rindex(b"PK\x05\x06")]
    end = b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, count + 1000, count + 1000, len(old) + len(entries), start + len(local), 0
    )
    path.write_bytes(content[:start] + local + old + entries + end)


def encrypted(path):
    """Entries with the mark of a zip file's own password."""
    write(path, well())
    content = path.read_bytes()
    content = content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
    path.write_bytes(content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"))


def of_kind(old, new, **parts):
    """Another kind of document by its content type."""
    return changed(TYPES, lambda types: types.replace(old, new), **parts)


def linked(link):
    """A link to somewhere outside, with its part, its relation and a cell that uses it."""
    main = b"xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    relation = (
        b'<Relationship Id="rIdX" Type="' + kind + b'" Target="/xl/externalLinks/externalLink1.xml"/></Relationships>'
    )
    parts = {**well(), "xl/externalLinks/externalLink1.xml": link}
    parts[main.decode()] = parts[main.decode()].replace(b"</Relationships>", relation)
    return lambda path: write(path, parts)


def queried(through=""):
    """A sheet that a query fills, by itself or through a table."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

    def leading(what, target):
        return b'<Relationships><Relationship Id="rId1" Type="%s%s" Target="/%s"/></Relationships>' % (
            kind,
            what,
            target,
        )

    query, table = b"xl/queryTables/queryTable1.xml", b"xl/tables/table1.xml"
    sheet, of_table = "xl/worksheets/_rels/sheet1.xml.rels", "xl/tables/_rels/table1.xml.rels"
    more = {query.decode(): b"<queryTable/>", sheet: leading(b"queryTable", query)}
    if through == "table":
        more |= {table.decode(): b"<table/>", sheet: leading(b"table", table), of_table: leading(b"queryTable", query)}
    override = b'<Override PartName="/%s" ContentType="application/x.queryTable+xml"/></Types>' % query
    parts = {**well(), **more}
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override)
    return lambda path: write(path, parts)


def bytes_of(content):
    return lambda path: path.write_bytes(content)


def nested(part, depth, path):
    """Elements in each other."""
    before_root(part, b"", b"<x>" * depth + b"</x>" * depth)(path)


REST = b'<c r="B3" t="inlineStr"><is><t>H100</t></is></c><c r="C3"><v>1</v></c><c r="D3"><v>1</v></c></row>'
"""The cells of a run behind its name."""
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHARED = (
    b'<?xml version="1.0"?><sst '
    + NAMESPACE
    + b">"
    + b"".join(b"<si><t>" + text + b"</t></si>" for text in (*b"0 1 2 3 4 5 6 7 8".split(), b"a" * 30_000))
    + b"</sst>"
)
DDE = (
    b'<?xml version="1.0"?><externalLink '
    + NAMESPACE
    + b'><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
)
