"""Adding a module to a VBA project (vbaProject.bin), without Excel.

The project is a compound file [1]_ whose streams hold compressed source [2]_. A module is added as source only: the
compiled form that a project also carries is dropped for all modules, and Excel compiles them when the file is opened.

References
----------
.. [1] MS-CFB: Compound File Binary File Format.
.. [2] MS-OVBA: Office VBA File Format Structure; 2.3.4.2 dir stream, 2.4.1 compression.
"""

from __future__ import annotations

import io
import re
import struct

from ..errors import XlcostError
from .compound_file import write_compound_file

CODE_PAGE = "cp1252"
CHUNK = 4096
"""Bytes that are compressed at once."""

# Records of the dir stream (MS-OVBA 2.3.4.2).
PROJECT_VERSION, PROJECT_MODULES, MODULES_END = 0x0009, 0x000F, 0x0010
MODULE_NAME, MODULE_END = 0x0019, 0x002B
NO_PERFORMANCE_CACHE = bytes.fromhex("cc61ffff000000")
"""The _VBA_PROJECT stream of a project without compiled code (MS-OVBA 2.3.4.1)."""


def add_module(project, name, source, instead_of=None):
    """A VBA project with one standard module more, or with it in the place of another.

    Parameters
    ----------
    project : bytes
        An existing vbaProject.bin.
    name : str
        Of the module; letters, digits and underscores.
    source : str
        VBA text without the ``Attribute VB_Name`` line.
    instead_of : str, optional
        A standard module that is taken out if it is there.

    Returns
    -------
    bytes

    Raises
    ------
    XlcostError
        The name is taken or no VBA name, or the source has characters that VBA cannot hold.
    """
    streams = _streams(project)
    if not re.fullmatch(r"[A-Za-z]\w{0,30}", name, re.ASCII):
        raise XlcostError(f"{name!r} cannot name a VBA module: letters, digits and underscores, at most 31")
    code = streams["VBA"]
    if name.casefold() in (stream.casefold() for stream in code):
        raise XlcostError(f"the VBA project has a module {name!r} already")
    lines = f'Attribute VB_Name = "{name}"\n{source}'.replace("\r\n", "\n").replace("\n", "\r\n")
    try:
        code[name] = compress(lines.encode(CODE_PAGE))
    except UnicodeEncodeError as error:
        raise XlcostError(
            f"VBA source cannot hold the character {error.object[error.start]!r}: it is written in Windows-1252"
        ) from None
    # Another xlwings may ship without it.
    instead_of = instead_of if instead_of in code else None
    code.pop(instead_of, None)
    code["dir"] = compress(_with_module(decompress(code["dir"]), name, instead_of))
    code["_VBA_PROJECT"] = NO_PERFORMANCE_CACHE
    for cache in [stream for stream in code if stream.startswith("__SRP_")]:
        del code[cache]
    streams["PROJECT"] = _listed(streams["PROJECT"].decode(CODE_PAGE), name, instead_of).encode(CODE_PAGE)
    if "PROJECTwm" in streams:
        names = streams["PROJECTwm"][:-2]
        if instead_of is not None:
            names = names.replace(_in_both_alphabets(instead_of), b"")
        streams["PROJECTwm"] = names + _in_both_alphabets(name) + b"\0\0"
    return write_compound_file(streams)


def _in_both_alphabets(name):
    """A module's name in the PROJECTwm stream."""
    return name.encode(CODE_PAGE) + b"\0" + name.encode("utf-16-le") + b"\0\0"


def _streams(project):
    """Streams of a compound file by name; a folder is a dictionary of its own."""
    import olefile

    tree = {}
    with olefile.OleFileIO(io.BytesIO(project)) as file:
        for path in file.listdir():
            folder = tree
            for part in path[:-1]:
                folder = folder.setdefault(part, {})
            folder[path[-1]] = file.openstream(path).read()
    return tree


def _with_module(directory, name, without):
    """The dir stream with the records of one module more, behind the others, and perhaps without those of another."""
    found, position, is_out = bytearray(), 0, False
    while position < len(directory):
        kind, size = struct.unpack_from("<HI", directory, position)
        # The version's size says 4 and means the major number alone.
        length = 6 + (6 if kind == PROJECT_VERSION else size)
        record = directory[position : position + length]
        if kind == PROJECT_MODULES:
            (count,) = struct.unpack_from("<H", record, 6)
            record = _record(kind, struct.pack("<H", count + (without is None)))
        elif kind == MODULE_NAME:
            is_out = without is not None and record[6:] == without.encode(CODE_PAGE)
        elif kind == MODULES_END:
            found += _module_records(name)
        found += b"" if is_out else record
        is_out = is_out and kind != MODULE_END
        position += length
    return bytes(found)


def _module_records(name):
    """What the dir stream says of a standard module (MS-OVBA 2.3.4.2.3.2)."""
    bytes_, wide = name.encode(CODE_PAGE), name.encode("utf-16-le")
    return b"".join(
        (
            _record(MODULE_NAME, bytes_) + _record(0x0047, wide),
            _record(0x001A, bytes_) + _record(0x0032, wide),  # name of its stream
            _record(0x001C, b"") + _record(0x0048, b""),  # description
            _record(0x0031, bytes(4)),  # the source begins at the stream's first byte
            _record(0x001E, bytes(4)),  # help
            _record(0x002C, b"\xff\xff"),  # cookie
            _record(0x0021, b""),  # a standard module
            _record(MODULE_END, b""),
        )
    )


def _record(kind, data):
    return struct.pack("<HI", kind, len(data)) + data


def _listed(project, name, without):
    """The PROJECT stream's text with the module among the others, and its window closed."""
    lines = project.split("\r\n")
    if without is not None:
        lines = [line for line in lines if line != f"Module={without}" and not line.startswith(f"{without}=")]
    last = max(
        number for number, line in enumerate(lines) if line.startswith(("Module=", "Document=", "Class=", "BaseClass="))
    )
    lines.insert(last + 1, f"Module={name}")
    if "[Workspace]" in lines:
        end = lines.index("[Workspace]") + 1
        while end < len(lines) and lines[end]:
            end += 1
        lines.insert(end, f"{name}=0, 0, 0, 0, C")
    return "\r\n".join(lines)


# --- compression (MS-OVBA 2.4.1): repeated text becomes tokens of offset and length


def compress(data):
    """Bytes as VBA stores them."""
    return b"\x01" + b"".join(_compressed(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def _compressed(chunk):
    body, position, seen = bytearray(), 0, {}
    while position < len(chunk):
        flags_at, flags = len(body), 0
        body.append(0)
        for bit in range(8):
            if position >= len(chunk):
                break
            offset, length = _repetition(chunk, position, seen)
            if length:
                shift = 16 - _offset_bits(position)
                body += struct.pack("<H", (offset - 1) << shift | (length - 3))
                flags |= 1 << bit
            else:
                length = 1
                body.append(chunk[position])
            for passed in range(position, position + length):
                seen.setdefault(chunk[passed : passed + 3], []).append(passed)
            position += length
        body[flags_at] = flags
    if len(chunk) == CHUNK and len(body) >= CHUNK:
        return struct.pack("<H", 0x3000 | CHUNK - 1) + chunk
    return struct.pack("<H", 0xB000 | len(body) - 1) + body


def _repetition(chunk, position, seen):
    """Offset and length of the longest earlier text that is repeated here; 0 and 0 where none of three bytes is."""
    longest = min((1 << 16 - _offset_bits(position)) + 2, len(chunk) - position)
    best_offset = best_length = 0
    if longest < 3:
        return 0, 0
    for earlier in reversed(seen.get(chunk[position : position + 3], ())):
        length = 3
        while length < longest and chunk[earlier + length] == chunk[position + length]:
            length += 1
        if length > best_length:
            best_offset, best_length = position - earlier, length
    return best_offset, best_length


def _offset_bits(position):
    """Bits of a token that hold the offset: as many as the bytes before need, from 4 to 12."""
    return max(4, (position - 1).bit_length()) if position else 4


def decompress(data):
    """Bytes that `compress`, or Office, has compressed."""
    found, position = bytearray(), 1
    while position < len(data):
        (header,) = struct.unpack_from("<H", data, position)
        end = min(position + (header & 0xFFF) + 3, len(data))
        position += 2
        if not header & 0x8000:
            found += data[position:end]
            position = end
            continue
        begun = len(found)
        while position < end:
            flags = data[position]
            position += 1
            for bit in range(8):
                if position >= end:
                    break
                if not flags >> bit & 1:
                    found.append(data[position])
                    position += 1
                    continue
                (token,) = struct.unpack_from("<H", data, position)
                position += 2
                shift = 16 - _offset_bits(len(found) - begun)
                for _ in range((token & (1 << shift) - 1) + 3):
                    found.append(found[-(token >> shift) - 1])
    return bytes(found)
