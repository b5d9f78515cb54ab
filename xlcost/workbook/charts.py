"""Charts: one look for all of them."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

COLORS = ("12304F", "5C94C8", "CFE2F3", "E8A93A", "5E5E5E")
"""In grey from 17% to 87% of white, 15% or more apart, so that a chart can be read when it is printed so."""
MILLIONS = '#,##0,," M"'
GRID = "D9DEE4"


def bar(title, unit, number_format=MILLIONS):
    """A chart of columns, its legend below."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    chart.title = titled(title)
    chart.y_axis.title, chart.x_axis.delete, chart.y_axis.delete = unit, False, False
    chart.y_axis.numFmt, chart.y_axis.number_format = number_format, number_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    chart.legend.position = "b"
    return chart


def titled(text):
    """A chart's title in the size of a heading, not of a poster."""
    properties = CharacterProperties(sz=1200, b=True, solidFill="1F4E79")
    run = RegularTextRun(rPr=properties, t=text)
    return Title(
        tx=Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[run])])), overlay=False
    )


def paint(series, color):
    """Give a series one color."""
    series.graphicalProperties.solidFill = color
    series.graphicalProperties.line.solidFill = color


def paint_stack(chart):
    """Give each series of a stack its color; the last one stripes of it, as five greys are hard to tell by a legend."""
    for series, color in zip(chart.series, COLORS):
        paint(series, color)
    if len(chart.series) == len(COLORS):
        chart.series[-1].graphicalProperties = striped(COLORS[-1])


def striped(color):
    """A fill of stripes, which differs in grey too. An outline would show where there is nothing to fill."""
    stripes = PatternFillProperties(
        prst="wdUpDiag", fgClr=ColorChoice(srgbClr=color), bgClr=ColorChoice(srgbClr="FFFFFF")
    )
    return GraphicalProperties(pattFill=stripes, ln=LineProperties(noFill=True))


def translate(chart, language):
    """Put a chart's titles, the names of its series and its number formats in a language.

    A format holds a word, such as the M of millions, and is looked up as a text.
    """
    for part in (chart, chart.x_axis, chart.y_axis):
        if part.title is not None:
            for paragraph in part.title.tx.rich.p:
                for run in paragraph.r:
                    run.t = language.text(run.t)
    for axis in (chart.x_axis, chart.y_axis):
        if axis.numFmt is not None:
            axis.numFmt.formatCode = language.text(axis.numFmt.formatCode)
    for series in chart.series:
        if series.tx is not None and series.tx.v is not None:
            series.tx.v = language.text(series.tx.v)
