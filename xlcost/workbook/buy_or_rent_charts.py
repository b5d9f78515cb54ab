"""Charts of the sheet Buy or rent: costs over the use with their crossing, and the bridge from line to line."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from .charts import COLORS, GRID, paint, striped, titled

MILLIONS = '#,##0.0,," M"'
INK, RED = "1F2933", "B42318"
WIDTH, HEIGHT = 20.0, 10.8

USES = (
    # color, dash, width, marker
    (COLORS[0], "solid", 28575, "circle"),
    (COLORS[1], "dash", 19050, "square"),
    (COLORS[3], "sysDot", 22225, "triangle"),
    (COLORS[4], "lgDashDot", 19050, "diamond"),
)


def put_uses(sheet, anchor, first, last):
    """Place the chart of net present costs over the use.

    Parameters
    ----------
    sheet : Sheet
    anchor : str
    first, last : int
        Rows of the table: uses in F, costs in G to J under their headings; the crossing, in F and K, is the row below.
    """
    chart, say = ScatterChart(), sheet.language.text
    chart.style, chart.scatterStyle = 13, "lineMarker"
    chart.title = titled(say("Net present cost over the use of the hours"))
    for letter, (color, dash, width, symbol) in zip("GHIJ", USES):
        series = _series(sheet, letter, first, last, sheet.range(letter, first - 1, first - 1).values[0])
        series.marker = Marker(symbol=symbol, size=6)
        series.marker.graphicalProperties = GraphicalProperties(solidFill=color, ln=LineProperties(solidFill=color))
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=color, prstDash=dash, w=width))
        series.smooth = False
        chart.series.append(series)
    crossing = _series(sheet, "K", last + 1, last + 1, say("Break-even use"))
    crossing.marker = Marker(symbol="circle", size=13)
    crossing.marker.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(solidFill=RED, w=28575))
    crossing.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series.append(crossing)
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    x.title, y.title = say("Share of all hours that is used"), "USD"
    x.scaling.min, x.scaling.max, x.majorUnit, x.number_format = 0, 1, 0.1, "0%"
    # What is not there has a cost below this.
    y.scaling.min, y.number_format = 0, MILLIONS
    x.numFmt.sourceLinked = y.numFmt.sourceLinked = False
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    x.majorGridlines = None
    chart.legend.position = "b"
    sheet.chart(chart, anchor, WIDTH, HEIGHT)


def put_bridge(sheet, anchor, first, last):
    """Place the bridge: bars that begin where the one above has ended.

    Parameters
    ----------
    sheet : Sheet
    anchor : str
    first, last : int
        Rows of the table: labels in A, where a bar begins in B, more in C, less in D, sums in E.
    """
    chart, say = BarChart(), sheet.language.text
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 40
    chart.title = titled(say("Why owning costs more or less: line by line (striped: comes back)"))
    cells = Reference(sheet.worksheet, min_col=2, max_col=5, min_row=first - 1, max_row=last)
    chart.add_data(cells, titles_from_data=True)
    chart.set_categories(Reference(sheet.worksheet, min_col=1, min_row=first, max_row=last))
    start, more, less, whole = chart.series
    for series in chart.series:
        # Excel would draw what is negative in white.
        series.invertIfNegative = False
    start.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    paint(more, COLORS[1])
    less.graphicalProperties = striped(INK)
    paint(whole, COLORS[0])
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    # The first line on top, and the axis of amounts below all the same; names beside the bars that go to the left too.
    x.scaling.orientation, y.crosses, x.tickLblPos = "maxMin", "max", "low"
    y.title, y.number_format = say("USD, net present cost"), MILLIONS
    y.numFmt.sourceLinked = False
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    chart.legend = None
    sheet.chart(chart, anchor, WIDTH, HEIGHT)


def _series(sheet, letter, first, last, title):
    columns = (ord(each) - ord("A") + 1 for each in (letter, "F"))
    cells = [Reference(sheet.worksheet, min_col=column, min_row=first, max_row=last) for column in columns]
    return Series(*cells, title=title)
