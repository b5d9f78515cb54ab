"""Excel files with our VBA: the macro workbook and the add-in, made from the files that xlwings ships.

xlwings' own VBA belongs to exactly one version of its library, so both are made on the user's machine from the xlwings
installed there. Nothing is needed in Excel but that macros are enabled: no import, no reference, no trusted access.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from ..functions import FUNCTIONS
from . import wrappers

STOCK_WORKBOOK, STOCK_ADDIN = "quickstart_standalone.xlsm", "quickstart_addin.xlam"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORKBOOK, CONTENT_TYPES, WORKBOOK_RELATIONSHIPS = "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
VBA_PROJECT = "xl/vbaProject.bin"
STOCK_SAMPLE = "Module1"
"""A module of xlwings' files with a sample macro, which would stand in the user's list of macros."""
MACRO_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DESCRIPTIONS = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
"""Extension of a workbook that holds the texts of arguments."""
BUILT_IN_CATEGORIES = 19
LONGEST_TEXT = 255
BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""Parts of a workbook that stand before the names of cells."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def settings(interpreter):
    """What xlwings is told on a sheet of settings, every key that it would look for elsewhere.

    A key that is not there would be looked for in the folder of the workbook, which xlwings cannot find on OneDrive,
    and in the user's own settings, which are for other workbooks.

    Parameters
    ----------
    interpreter : str
        The Python in which xlcost is installed.

    Returns
    -------
    dict of str to str or bool
    """
    return {
        "INTERPRETER_WIN": interpreter,
        "UDF MODULES": wrappers.PYTHON_MODULE,
        "ADD_WORKBOOK_TO_PYTHONPATH": False,
        "PYTHONPATH": "",
        "ONEDRIVE_CONSUMER_WIN": "",
        "ONEDRIVE_COMMERCIAL_WIN": "",
        "SHAREPOINT_WIN": "",
        "CONDA PATH": "",
        "CONDA ENV": "",
        "LICENSE_KEY": "",
        "DEBUG UDFS": False,
        "SHOW CONSOLE": False,
    }


def with_vba(workbook):
    """A workbook as one with macros: with xlwings' VBA and our functions.

    Parameters
    ----------
    workbook : bytes
        An .xlsx whose `ThisWorkbook`, `Sheet1` and `Sheet2` are named as code names.

    Returns
    -------
    bytes
    """
    from lxml import etree

    parts = _parts(workbook)
    types, relationships = etree.fromstring(parts[CONTENT_TYPES]), etree.fromstring(parts[WORKBOOK_RELATIONSHIPS])
    for override in types.iter(f"{{{TYPES}}}Override"):
        if override.get("PartName") == f"/{WORKBOOK}":
            override.set("ContentType", MACRO_WORKBOOK)
    etree.SubElement(
        types,
        f"{{{TYPES}}}Override",
        {"PartName": f"/{VBA_PROJECT}", "ContentType": "application/vnd.ms-office.vbaProject"},
    )
    etree.SubElement(
        relationships,
        f"{{{RELATIONSHIPS}}}Relationship",
        {
            "Id": "rIdVbaProject",
            "Type": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
            "Target": "vbaProject.bin",
        },
    )
    parts[CONTENT_TYPES], parts[WORKBOOK_RELATIONSHIPS] = _xml(types), _xml(relationships)
    return _with_functions(parts, _parts(_stock(STOCK_WORKBOOK))[VBA_PROJECT], in_addin=False)


def addin(interpreter):
    """The add-in: its functions work in every workbook.

    Parameters
    ----------
    interpreter : str
        The Python in which xlcost is installed.

    Returns
    -------
    bytes
        An .xlam.
    """
    from lxml import etree

    parts = _parts(_stock(STOCK_ADDIN))
    workbook = etree.fromstring(parts[WORKBOOK])
    (sheet,) = workbook.iter(f"{{{MAIN}}}sheet")
    # With the underscore xlwings takes the sheet for switched off.
    sheet.set("name", sheet.get("name").removeprefix("_"))
    # The folder in which xlwings' developers keep the file, and an extension that Microsoft's own validator refuses.
    for unwanted in workbook.xpath("//*[local-name()='AlternateContent'] | //*[local-name()='extLst']"):
        unwanted.getparent().remove(unwanted)
    parts[WORKBOOK] = _xml(workbook)
    part = "xl/worksheets/sheet1.xml"
    cells = etree.fromstring(parts[part])
    data = cells.find(f"{{{MAIN}}}sheetData")
    for row in list(data):
        data.remove(row)
    for number, (key, value) in enumerate(settings(interpreter).items(), start=1):
        row = etree.SubElement(data, f"{{{MAIN}}}row", {"r": str(number)})
        for column, content in (("A", key), ("B", value)):
            _put(row, f"{column}{number}", content)
    cells.find(f"{{{MAIN}}}dimension").set("ref", f"A1:B{len(settings(interpreter))}")
    parts[part] = _xml(cells)
    return _with_functions(parts, parts[VBA_PROJECT], in_addin=True)


def _put(row, address, content):
    from lxml import etree

    if isinstance(content, bool):
        cell = etree.SubElement(row, f"{{{MAIN}}}c", {"r": address, "t": "b"})
        etree.SubElement(cell, f"{{{MAIN}}}v").text = str(int(content))
    elif content:
        cell = etree.SubElement(row, f"{{{MAIN}}}c", {"r": address, "t": "inlineStr"})
        etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = content


def _with_functions(parts, project, in_addin):
    from .vba_project import add_module

    parts[VBA_PROJECT] = add_module(project, wrappers.MODULE, wrappers.wrapper_source(in_addin), STOCK_SAMPLE)
    parts[WORKBOOK] = _described(parts[WORKBOOK])
    return _package(parts)


def _described(workbook):
    """A workbook with the functions' category and the texts of their arguments for the function wizard."""
    from lxml import etree

    tree = etree.fromstring(workbook)
    groups = tree.find(f"{{{MAIN}}}functionGroups")
    if groups is None:
        groups = etree.Element(f"{{{MAIN}}}functionGroups", {"builtInGroupCount": str(BUILT_IN_CATEGORIES)})
        before = [part for part in tree if etree.QName(part).localname in BEFORE_NAMES]
        before[-1].addnext(groups)
    etree.SubElement(groups, f"{{{MAIN}}}functionGroup", {"name": wrappers.CATEGORY})
    extensions = tree.find(f"{{{MAIN}}}extLst")
    if extensions is None:
        extensions = etree.SubElement(tree, f"{{{MAIN}}}extLst")
    extension = etree.SubElement(extensions, f"{{{MAIN}}}ext", {"uri": DESCRIPTIONS}, nsmap={"x14": X14})
    names = etree.SubElement(extension, f"{{{X14}}}definedNames")
    for function in FUNCTIONS.values():
        name = etree.SubElement(names, f"{{{X14}}}definedName", {"name": function.name})
        texts = etree.SubElement(name, f"{{{X14}}}argumentDescriptions", {"count": str(len(function.arguments))})
        for index, argument in enumerate(function.arguments):
            text = etree.SubElement(texts, f"{{{X14}}}argumentDescription", {"index": str(index)})
            text.text = argument.text[:LONGEST_TEXT]
    return _xml(tree)


def _stock(name):
    import xlwings

    return Path(xlwings.__file__).with_name(name).read_bytes()


def _parts(package):
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _package(parts):
    target = io.BytesIO()
    # The content types come first, where programs look for what a file is.
    ordered = sorted(parts, key=lambda name: name != CONTENT_TYPES)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ordered:
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            file.writestr(entry, parts[name])
    return target.getvalue()


def _xml(tree):
    from lxml import etree

    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
