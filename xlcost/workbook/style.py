"""How cells look: one place for fonts, colors and number formats."""

from __future__ import annotations

from copy import copy

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils.indexed_list import IndexedList

from ..languages import FONT

INK, MUTED, DARK, BLUE, GREEN, RED = "1F2933", "6B7280", "1F4E79", "0000FF", "00703C", "B42318"
BAND, INPUT, GOOD, BAD, RULE = "E7EEF5", "FFF9E5", "E3F4E8", "FDE4E1", "9AA5B1"

FORMATS = {
    "text": "General",
    # Stays as it is typed, where a spreadsheet would make a date of it.
    "typed": "@",
    "count": "#,##0",
    "money": "#,##0",
    # Tables with many cells in which there is nothing.
    "ledger": '#,##0;-#,##0;"–";@',
    "filled_count": "#,##0;-#,##0;;@",
    "filled_factor": "0.000;-0.000;;@",
    "filled_hourly": "#,##0.000;-#,##0.000;;@",
    # A place in a list: 0, which is none, is not shown.
    "place": "#,##0;-#,##0;;@",
    # The number of a row, below 0 where the row waits to be filled.
    "number": "0;;0;@",
    "tenths": "#,##0.0",
    "cents": "#,##0.00",
    "price": "#,##0.00",
    "hourly": "#,##0.000",
    "rate": "0.0000",
    "factor": "0.000",
    "precise": "0.0000",
    # What follows from very few points can be of any size.
    "growth": "[>=100000]0.0E+00;0.00",
    "projected": "[>=10000000000000]0.0E+00;#,##0",
    "decimal_year": "0.0",
    # Salaries and factors in one column.
    "figure": "[>=1000]#,##0;0.000",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    # A day, of which 0 is none.
    "day": "yyyy-mm-dd;;;@",
    "month": "mmm yyyy",
    "year": "0",
    "scientific": "0.00E+00",
}


def use_font(workbook, name):
    """Make a font the workbook's own: of cells without a style, and what the widths of columns are counted in."""
    if name != FONT:
        normal = workbook._named_styles["Normal"]
        font = _named(normal.font, name)
        # One of a theme would be the theme's.
        font.scheme = None
        workbook._fonts = IndexedList([font])
        normal.font = font


def _named(font, name):
    """A font by another name."""
    font = copy(font)
    font.name = name
    return font


def heading_style(number_format):
    """A heading stands over its column as the cells below do: text left, numbers right."""
    return "heading" if number_format in ("text", "source") else "heading_right"


def _font(color=INK, size=11, bold=False, italic=False, underline=None):
    return Font(name=FONT, size=size, color=color, bold=bold, italic=italic, underline=underline)


def _fill(color):
    return PatternFill("solid", start_color=color, end_color=color)


_top = Border(top=Side(style="thin", color=RULE))
_box = Border(*(Side(style="hair", color=RULE),) * 4)
# Tells the heading of a number, which ends where its column does, from the one before it.
_gap = Border(left=Side(style="medium", color="FFFFFF"))
_wrapped = Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1)
# Ends on the line of the figures beside it.
_folded = Alignment(horizontal="left", wrap_text=True, indent=1)
_indented = Alignment(horizontal="left", indent=1)

ROLES = {
    "title": dict(font=_font(DARK, 20, bold=True)),
    "subtitle": dict(font=_font(MUTED, 11)),
    "section": dict(font=_font(DARK, 13, bold=True)),
    "group": dict(font=_font("FFFFFF", 11, bold=True), fill=_fill(DARK)),
    "heading": dict(
        font=_font(DARK, 11, bold=True),
        fill=_fill(BAND),
        alignment=Alignment(horizontal="left", wrap_text=True, vertical="center", indent=1),
    ),
    "heading_right": dict(
        font=_font(DARK, 11, bold=True),
        fill=_fill(BAND),
        border=_gap,
        alignment=Alignment(horizontal="right", wrap_text=True, vertical="center"),
    ),
    "term": dict(font=_font(MUTED, 9, italic=True), alignment=_wrapped),
    "term_right": dict(
        font=_font(MUTED, 9, italic=True), alignment=Alignment(horizontal="right", wrap_text=True, vertical="top")
    ),
    "label": dict(font=_font(), alignment=_indented),
    "label_wrapped": dict(font=_font(), alignment=_folded),
    "text": dict(font=_font(), alignment=_indented),
    "value": dict(font=_font(), alignment=Alignment(horizontal="right")),
    "value_link": dict(font=_font(GREEN), alignment=Alignment(horizontal="right")),
    "wrapped": dict(font=_font(), alignment=_wrapped),
    "prose": dict(font=_font(), alignment=Alignment(horizontal="left", wrap_text=True, indent=1)),
    "question": dict(font=_font(DARK, bold=True), alignment=_indented),
    "answer": dict(font=_font(size=12), alignment=Alignment(horizontal="left")),
    "link_text_plain": dict(font=_font(GREEN)),
    "note": dict(font=_font(MUTED, 10), alignment=_indented),
    "remark": dict(font=_font(MUTED, 10)),
    "note_wrapped": dict(font=_font(MUTED, 10), alignment=_folded),
    "unit": dict(font=_font(MUTED, 10), alignment=_indented),
    "number": dict(font=_font()),
    "link": dict(font=_font(GREEN)),
    "link_label": dict(font=_font(GREEN), alignment=_indented),
    "link_text": dict(font=_font(DARK, underline="single"), alignment=_indented),
    "input": dict(font=_font(BLUE), fill=_fill(INPUT), border=_box, protection=Protection(locked=False)),
    "input_text": dict(
        font=_font(BLUE), fill=_fill(INPUT), border=_box, protection=Protection(locked=False), alignment=_indented
    ),
    "result": dict(font=_font(bold=True), alignment=Alignment(horizontal="right")),
    "total": dict(font=_font(bold=True), border=_top),
    "total_label": dict(font=_font(bold=True), border=_top, alignment=_indented),
    "check": dict(font=_font(bold=True), alignment=Alignment(horizontal="center")),
    "check_left": dict(font=_font(bold=True), alignment=_indented),
    "verdict": dict(font=_font(bold=True)),
    "check_total": dict(font=_font(bold=True), border=_top, alignment=Alignment(horizontal="center")),
}

UNIT_FORMATS = {
    "thousands": '#,##0,;-#,##0,;"–";@',
    "millions": '#,##0.0,,;-#,##0.0,,;"–";@',
}
"""How amounts are shown in thousands and millions; all their digits stay underneath."""

SIGNALS = {
    "ok": DifferentialStyle(font=Font(color=GREEN), fill=PatternFill(bgColor=GOOD)),
    "wrong": DifferentialStyle(font=Font(color=RED), fill=PatternFill(bgColor=BAD)),
    **{
        unit: DifferentialStyle(numFmt=NumberFormat(numFmtId=200 + number, formatCode=code))
        for number, (unit, code) in enumerate(UNIT_FORMATS.items())
    },
    # Numbers in rows that wait to be filled, or that go beyond what is planned.
    "unfilled": DifferentialStyle(numFmt=NumberFormat(numFmtId=200 + len(UNIT_FORMATS), formatCode=";;;")),
}


class Styles:
    """The workbook's numbers of styles, by role and number format."""

    def __init__(self, worksheet, language):
        self._scratch, self._numbers, self._language = worksheet, {}, language
        self._formats = {**FORMATS, **language.formats}

    def number(self, role, number_format="text", quoted=False):
        """The style's number; `quoted` keeps text that begins like a formula text when it is edited."""
        key = role, number_format, quoted
        if key not in self._numbers:
            cell = Cell(self._scratch, 1, 1)
            for name, value in ROLES[role].items():
                setattr(cell, name, _named(value, self._language.font) if name == "font" else value)
            cell.number_format = self._formats[number_format]
            cell._style.quotePrefix = int(quoted)
            self._numbers[key] = cell.style_id
        return self._numbers[key]
