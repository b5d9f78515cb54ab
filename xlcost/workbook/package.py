"""The file around the cells: openpyxl writes everything but the rows, which are streamed in. Same bytes each time."""

from __future__ import annotations

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
from openpyxl.xml.constants import ARC_STYLE, SHEET_MAIN_NS

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
    with _Archive(target, created) as archive:
        _Writer(workbook, archive, sheets).write_data()


class _Archive(ZipFile):
    """A zip file whose entries carry one fixed date."""

    def __init__(self, target, created):
        super().__init__(target, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=COMPRESSION)
        self.created = created

    def entry(self, name):
        info = ZipInfo(name, (self.created.year, self.created.month, self.created.day, 0, 0, 0))
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        info._compresslevel = COMPRESSION
        return info

    def writestr(self, name, data):
        super().writestr(self.entry(name), _schema_order(data) if name == ARC_STYLE else data)


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
