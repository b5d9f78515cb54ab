"""A workbook whose sheets are called otherwise, for readers that look for them by the names that they were given."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from ..guard.package import opened

FAST = 1
"""Least work of the compression: the copy is read once."""


@contextmanager
def under_names(path, names):
    """The path of a workbook with other names of its sheets; that of the workbook itself where none is another.

    What formulas call the sheets stays as it is: who reads the copy reads values.

    Parameters
    ----------
    path : path-like
        A workbook that may be opened (`xlcost.guard`).
    names : dict of str to str
        What sheets are called there, and are to be called.
    """
    if all(name == wanted for name, wanted in names.items()):
        yield path
        return
    main = opened(path).main
    with tempfile.TemporaryDirectory(prefix="xlcost-") as folder:
        copy = Path(folder, "renamed.xlsx")
        with (
            zipfile.ZipFile(path) as source,
            zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as target,
        ):
            for name in source.namelist():
                with source.open(name) as part, target.open(name, "w", force_zip64=True) as written:
                    if name == main:
                        written.write(_renamed(part, names))
                    else:
                        while piece := part.read(1 << 20):
                            written.write(piece)
        yield copy


def _renamed(part, names):
    tree = etree.parse(part, etree.XMLParser(resolve_entities=False, no_network=True))
    sheets = tree.findall("{*}sheets/{*}sheet")
    # A sheet of somebody's own may have taken a name: it gets one that nobody looks for.
    for number, sheet in enumerate(sheets):
        name = sheet.get("name")
        is_taken = name not in names and name in names.values()
        sheet.set("name", f"other {number}" if is_taken else names.get(name, name))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
