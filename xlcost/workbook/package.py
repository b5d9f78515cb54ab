"""The file around the cells: openpyxl writes everything but the rows, which are streamed in. Same bytes each time."""

from __future__ import annotations

import posixpath
import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import Relationship
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.hyperlink import HyperlinkList
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import (
    ARC_CONTENT_TYPES,
    ARC_STYLE,
    ARC_WORKBOOK,
    ARC_WORKBOOK_RELS,
    PKG_REL_NS,
    SHEET_MAIN_NS,
)

COMPRESSION = 4
"""A third of the time of the usual 6 for files a few percent larger."""

FONT_ORDER = (
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)

METADATA = "metadata.xml"
DYNAMIC_METADATA = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<metadata xmlns="{SHEET_MAIN_NS}" '
    'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"><metadataTypes count="1">'
    '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
    'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
    '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext>'
    '</extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)
"""What a cell with ``cm="1"`` is: the head of a dynamic array."""
DYNAMIC_ARRAYS = {
    ARC_CONTENT_TYPES: (
        "{http://schemas.openxmlformats.org/package/2006/content-types}Override",
        {
            "PartName": f"/xl/{METADATA}",
            "ContentType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml",
        },
    ),
    ARC_WORKBOOK_RELS: (
        f"{{{PKG_REL_NS}}}Relationship",
        {
            "Id": "rIdMetadata",
            "Type": "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata",
            "Target": METADATA,
        },
    ),
}
"""Where the metadata is declared: part, and what is added to it."""


def write_package(workbook, sheets, target, created):
    """Write the workbook's file.

    Parameters
    ----------
    workbook : openpyxl.Workbook
        Sheets without cells, with everything else.
    sheets : list of Sheet
        In the workbook's order; they give the rows.
    target : path-like
    created : datetime.date
        Every date in the file.
    """
    with _Archive(target, created, spills=any(sheet.spills for sheet in sheets)) as archive:
        _Writer(workbook, archive, sheets).write_data()


class _Archive(ZipFile):
    """A zip file whose entries carry one fixed date; with what openpyxl leaves out or gets wrong."""

    def __init__(self, target, created, spills):
        super().__init__(target, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=COMPRESSION)
        self.created, self.spills = created, spills

    def entry(self, name):
        info = ZipInfo(name, (self.created.year, self.created.month, self.created.day, 0, 0, 0))
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        info._compresslevel = COMPRESSION
        return info

    def writestr(self, name, data):
        if name == ARC_STYLE:
            data = _schema_order(data)
        elif name == ARC_WORKBOOK:
            data = _areas_first(data)
        elif self.spills and name in DYNAMIC_ARRAYS:
            data = _with_child(data, *DYNAMIC_ARRAYS[name])
            if name == ARC_CONTENT_TYPES:
                super().writestr(self.entry(f"xl/{METADATA}"), DYNAMIC_METADATA)
        if name.endswith(".rels"):
            data = _seen_from(name, data)
        super().writestr(self.entry(name), data)


def _with_child(part, tag, attributes):
    tree = etree.fromstring(part)
    etree.SubElement(tree, tag, attributes)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _seen_from(name, relations):
    """A part's relations with places as they are seen from it: some libraries look for no others, such as ExcelJS."""
    tree = etree.fromstring(relations)
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in tree:
        if relation.get("TargetMode") != "External" and relation.get("Target").startswith("/"):
            relation.set("Target", posixpath.relpath(relation.get("Target"), f"/{folder}"))
    return etree.tostring(tree)


def _areas_first(workbook):
    """A workbook's part with its names in their order, as Excel has them: each sheet's print area before its headings.

    LibreOffice then looks for the pages of the area, and not of all rows that a sheet can have.
    """
    tree = etree.fromstring(workbook)
    for names in tree.iter(f"{{{SHEET_MAIN_NS}}}definedNames"):
        names[:] = sorted(names, key=lambda name: (name.get("name").lower(), int(name.get("localSheetId", -1))))
    return etree.tostring(tree)


def _schema_order(styles):
    """Styles with the parts of each font in the order that the standard asks for; openpyxl has another."""
    tree = etree.fromstring(styles)
    for font in tree.iter(f"{{{SHEET_MAIN_NS}}}font"):
        font[:] = sorted(font, key=lambda part: FONT_ORDER.index(etree.QName(part).localname))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


class _Writer(ExcelWriter):
    def __init__(self, workbook, archive, sheets):
        super().__init__(workbook, archive)
        self._sheets = {sheet.worksheet.title: sheet for sheet in sheets}

    def write_worksheet(self, ws):
        sheet = self._sheets[ws.title]
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _Frame(sheet)
        writer.write()
        head, _, tail = re.split(rb"(<sheetData\s*/>|<sheetData>\s*</sheetData>)", writer.out.getvalue(), maxsplit=1)
        with self._archive.open(self._archive.entry(ws.path[1:]), "w") as part:
            part.write(head + b"<sheetData>")
            for rows in sheet.rows():
                part.write(rows.encode())
            part.write(b"</sheetData>" + tail)
        ws._rels = writer._rels
        self.manifest.append(ws)


class _Frame(WorksheetWriter):
    """A worksheet without its rows."""

    def __init__(self, sheet):
        super().__init__(sheet.worksheet, BytesIO())
        self.sheet = sheet
        self.ws._hyperlinks = list(sheet.links)

    def write_dimensions(self):
        self.xf.send(SheetDimension(self.sheet.dimension()).to_tree())

    def write_rows(self):
        stream = self.xf.send(True)
        with stream.element("sheetData"):
            pass
        self.xf.send(None)

    def write_hyperlinks(self):
        # One relation an address, however many cells link there.
        relations = {}
        for link in self.ws._hyperlinks:
            if link.target:
                if link.target not in relations:
                    relation = Relationship(type="hyperlink", TargetMode="External", Target=link.target)
                    self._rels.append(relation)
                    relations[link.target] = relation.id
                link.id = relations[link.target]
        if self.ws._hyperlinks:
            self.xf.send(HyperlinkList(self.ws._hyperlinks).to_tree())
