"""Writing a compound file, the container of a VBA project: MS-CFB, version 3, sectors of 512 bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ..errors import XlcostError

SECTOR, MINI_SECTOR, SMALL = 512, 64, 4096
"""Bytes of a sector and of a part of one, and the length below which a stream is kept in such parts."""
FREE, END_OF_CHAIN, TABLE_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
RED, BLACK = 0, 1
IN_HEADER = 109
"""Sectors of the allocation table that the header can name."""


@dataclass
class _Entry:
    """One entry of the directory."""

    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    color: int = BLACK
    start: int = 0
    size: int = 0


def write_compound_file(tree):
    """A compound file.

    Parameters
    ----------
    tree : dict of str to bytes or dict
        Streams by name; a dictionary is a storage with streams of its own.

    Returns
    -------
    bytes

    Raises
    ------
    XlcostError
        There is more in it than this writer can hold, about 7 MB.
    """
    entries = [_Entry("Root Entry", ROOT)]
    _add_children(entries, 0, tree)
    file = _Sectors()
    small, small_table = bytearray(), []
    for entry in entries:
        if entry.kind != STREAM:
            continue
        entry.size = len(entry.data)
        if not entry.data:
            entry.start = END_OF_CHAIN
        elif entry.size < SMALL:
            entry.start = len(small_table)
            count = -(-entry.size // MINI_SECTOR)
            small_table += [*range(entry.start + 1, entry.start + count), END_OF_CHAIN]
            small += entry.data.ljust(count * MINI_SECTOR, b"\0")
        else:
            entry.start = file.add(entry.data)
    entries[0].start, entries[0].size = file.add(bytes(small)), len(small)
    table = b"".join(struct.pack("<I", number) for number in small_table)
    small_sectors = -(-len(table) // SECTOR)
    small_start = file.add(table.ljust(small_sectors * SECTOR, b"\xff"))
    directory = b"".join(map(_entry_bytes, entries))
    unused = _entry_bytes(_Entry("", 0, color=RED))
    directory += unused * (-len(entries) % (SECTOR // len(unused)))
    directory_start = file.add(directory)
    return file.bytes(directory_start, small_start, small_sectors)


class _Sectors:
    """Sectors one after the other, and the table that chains them."""

    def __init__(self):
        self.content, self.table = bytearray(), []

    def add(self, data):
        """Append data; returns its first sector."""
        if not data:
            return END_OF_CHAIN
        first, count = len(self.table), -(-len(data) // SECTOR)
        self.content += data.ljust(count * SECTOR, b"\0")
        self.table += [*range(first + 1, first + count), END_OF_CHAIN]
        return first

    def bytes(self, directory_start, small_start, small_sectors):
        """The file: header, sectors, allocation table."""
        per_sector, first = SECTOR // 4, len(self.table)
        count = 1
        while -(-(first + count) // per_sector) > count:
            count += 1
        if count > IN_HEADER:
            raise XlcostError("the VBA project is too large to be written (over 7 MB)")
        table = [*self.table, *[TABLE_SECTOR] * count]
        table += [FREE] * (count * per_sector - len(table))
        named = [first + number for number in range(count)] + [FREE] * (IN_HEADER - count)
        header = struct.pack(
            "<8s16sHHHHHHIIIIIIIIII",
            bytes.fromhex("d0cf11e0a1b11ae1"),
            bytes(16),
            0x3E,  # minor version
            3,  # major version
            0xFFFE,  # little-endian
            9,  # sectors of 2**9 bytes
            6,  # small sectors of 2**6 bytes
            0,
            0,
            0,
            count,
            directory_start,
            0,
            SMALL,
            small_start,
            small_sectors,
            END_OF_CHAIN,  # no further sectors that name table sectors
            0,
        )
        return header + struct.pack(f"<{IN_HEADER}I", *named) + self.content + struct.pack(f"<{len(table)}I", *table)


def _add_children(entries, parent, tree):
    """Append a storage's entries, and those below them, and order them as a search tree."""
    numbers = []
    for name, content in tree.items():
        numbers.append((name, len(entries)))
        is_storage = isinstance(content, dict)
        entries.append(_Entry(name, STORAGE if is_storage else STREAM, b"" if is_storage else content))
    # Shorter names come first, then in the order of their capitals (MS-CFB 2.6.4).
    numbers.sort(key=lambda item: (len(item[0].encode("utf-16-le")), item[0].upper()))
    ordered = [number for _, number in numbers]
    deepest = len(ordered).bit_length() - 1
    is_full = 2 ** (deepest + 1) - 1 == len(ordered)

    def root_of(begin, end, depth):
        if begin >= end:
            return NONE
        middle = (begin + end) // 2
        entry = entries[ordered[middle]]
        entry.left, entry.right = root_of(begin, middle, depth + 1), root_of(middle + 1, end, depth + 1)
        # Red in the last row where it is not full, so that every way down passes as many black entries.
        entry.color = RED if depth == deepest and depth and not is_full else BLACK
        return ordered[middle]

    entries[parent].child = root_of(0, len(ordered), 0)
    for name, number in numbers:
        if isinstance(tree[name], dict):
            _add_children(entries, number, tree[name])


def _entry_bytes(entry):
    name = entry.name.encode("utf-16-le") + b"\0\0" if entry.name else b""
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name,
        len(name),
        entry.kind,
        entry.color,
        entry.left,
        entry.right,
        entry.child,
        bytes(16),
        0,
        0,
        0,
        entry.start,
        entry.size,
    )
