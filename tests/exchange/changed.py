"""A workbook changed in ways of many programs: on its XML, with openpyxl, in LibreOffice."""

import contextlib
import re
import shutil
import zipfile
from html import unescape
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import load_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts_of(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write_parts(path, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def part_of(parts, sheet):
    """Name of a sheet's part."""
    book = etree.fromstring(parts["xl/workbook.xml"])
    key = next(node.get(f"{{{RELATIONS}}}id") for node in book.iter(f"{{{MAIN}}}sheet") if node.get("name") == sheet)
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    target = next(node.get("Target") for node in relations if node.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


@contextlib.contextmanager
def xml_of(path, sheet):
    """The tree of a sheet's XML, which is written back."""
    parts = parts_of(path)
    name = part_of(parts, sheet)
    tree = etree.fromstring(parts[name])
    yield tree
    parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    write_parts(path, parts)


def cell_of(tree, address):
    return next(cell for cell in tree.iter(f"{{{MAIN}}}c") if cell.get("r") == address)


def put(path, sheet, cells):
    """Change cells in the XML: formula, value and type that are given, by "f", "v" and "t"; None takes them out."""
    with xml_of(path, sheet) as tree:
        for address, given in cells.items():
            cell = _made(tree, address)
            for name in ("f", "v"):
                if name in given:
                    for part in cell.findall(f"{{{MAIN}}}{name}"):
                        cell.remove(part)
                    if given[name] is not None:
                        etree.SubElement(cell, f"{{{MAIN}}}{name}").text = str(given[name])
            if "v" in given:
                for part in cell.findall(f"{{{MAIN}}}is"):
                    cell.remove(part)
            # The formula comes before its value.
            cell[:] = sorted(cell, key=lambda part: part.tag)
            if "t" in given:
                cell.attrib.pop("t", None)
                if given["t"]:
                    cell.set("t", given["t"])


def _made(tree, address):
    """A cell, made where there is none."""
    column, number = re.fullmatch("([A-Z]+)([0-9]+)", address).groups()
    rows = tree.find(f"{{{MAIN}}}sheetData")
    row = next((each for each in rows if each.get("r") == number), None)
    if row is None:
        row = etree.SubElement(rows, f"{{{MAIN}}}row", r=number)
        rows[:] = sorted(rows, key=lambda each: int(each.get("r")))
    cell = next((each for each in row if each.get("r") == address), None)
    if cell is None:
        cell = etree.SubElement(row, f"{{{MAIN}}}c", r=address)
        row[:] = sorted(row, key=lambda each: (len(each.get("r")), each.get("r")))
    return cell


def formula(path, sheet, address):
    with xml_of(path, sheet) as tree:
        return cell_of(tree, address).findtext(f"{{{MAIN}}}f")


def number(value):
    return {"v": value, "t": None}


def text(value):
    return {"v": value, "t": "str"}


def in_parts(path, change):
    """Change the XML of every sheet as text."""
    parts = parts_of(path)
    for name in parts:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            parts[name] = change(parts[name].decode()).encode()
    write_parts(path, parts)


def in_formulas(path, change):
    """Change the text of every formula."""

    def of(part):
        return part[1] + escape(change(unescape(part[2]))) + part[3]

    in_parts(path, lambda xml: re.sub(r"(<f[^>]*>)([^<]+)(</f>)", of, xml))


@contextlib.contextmanager
def openpyxl(path):
    """The workbook in openpyxl, which is saved over it, without stored values."""
    book = load_workbook(path)
    yield book
    book.save(path)


def copied(path, folder):
    return shutil.copy(path, folder / "changed.xlsx")


def saved_by(libreoffice, path, folder, change=lambda document: None):
    """A workbook that was changed in LibreOffice, computed anew and saved by it."""
    with libreoffice.open(path) as document:
        document.unprotect()
        change(document)
        document.recalculate()
        document.save_as(folder / "saved.xlsx")
    return folder / "saved.xlsx"
