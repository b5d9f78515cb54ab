"""The list of a zip file's entries: it must be one list, of as much as a workbook may have, and lead nowhere else."""

from __future__ import annotations

import zipfile

from ..sentences import Sentence
from . import limits
from .refused import Refused, unreadable

END_OF_LIST, TAIL = b"PK\x05\x06", 65_557
"""The record behind a zip file's list of entries, and the bytes at the end of a file in which programs look for it."""


def check_entries(entries, content):
    """Refuse a zip file for what its list says of its entries.

    Parameters
    ----------
    entries : list of zipfile.ZipInfo
    content : bytes
        The whole file.

    Raises
    ------
    Refused
    """
    if len(entries) > limits.ENTRIES:
        about = dict(count=f"{len(entries):,}", most=f"{limits.ENTRIES:,}")
        raise Refused(Sentence("it has {count} parts; a workbook may have {most}", **about))
    # Programs that look for the list of entries must all find the same one.
    is_one_list = content.count(END_OF_LIST, max(len(content) - TAIL, 0)) == 1
    if not is_one_list or sum(entry.compress_size for entry in entries) > len(content):
        raise unreadable(Sentence("its list of parts contradicts itself"))
    seen = set()
    for entry in entries:
        _check_entry(entry, seen)
        seen.add(entry.orig_filename.lower())
    total = sum(entry.file_size for entry in entries)
    if total > limits.UNPACKED:
        about = dict(size=limits.in_mb(total), most=limits.in_mb(limits.UNPACKED))
        raise Refused(Sentence("unpacked it has {size} MB; a workbook may have {most} MB", **about))
    if total > max(limits.RATIO_FROM, limits.RATIO * len(content)):
        about = dict(times=f"{total / len(content):,.0f}", most=limits.RATIO)
        raise Refused(Sentence("it unpacks to {times} times its size; a workbook to less than {most}", **about))


def _check_entry(entry, seen):
    """`seen` has the names before it in small letters."""
    name = entry.orig_filename
    if len(name) > limits.NAME:
        raise Refused(Sentence("it has a part whose name has {count} characters", count=f"{len(name):,}"))
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
        shown = repr(name[: limits.SHOWN])
        raise Refused(Sentence("it has a part that would lie outside of it ({part})", part=shown))
    if name.lower() in seen:
        raise Refused(Sentence("it has the part {part} twice", part=name[: limits.SHOWN]))
    if entry.flag_bits & 1:
        raise Refused(Sentence("it is protected by a password; save it without one"))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(Sentence("{part} is packed in a way that no spreadsheet uses", part=name))
