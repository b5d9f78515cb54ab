"""The Trend sheet's chart: models, the line through them with its ranges, and our own runs, on a logarithmic scale."""

from __future__ import annotations

from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from .charts import COLORS, GRID, titled

DOLLARS = '[>=1000000000]$#,##0,,," B";[>=1000000]$0,," M";$#,##0'
INK, OWN, RED = "1F2933", "E0A030", "B42318"


def put_chart(sheet, anchor, models, own, projection):
    """Place the chart.

    Parameters
    ----------
    sheet : Sheet
    anchor : str
    models, own : tuple of (str, str, int, int)
        Columns of dates and of costs, first and last row.
    projection : tuple of (int, int)
        First and last row of the table of years, whose columns are A (year) to G.
    """
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    chart.title = titled("Cost of the largest training runs on own hardware")
    first, last = projection
    lines = (
        ("G", "Cost to be reached", RED, "lgDash", 22225),
        ("E", "Range of single models", COLORS[4], "sysDash", 12700),
        ("F", "Range of single models, high", COLORS[4], "sysDash", 12700),
        ("C", "Range of the trend", COLORS[1], "dash", 15875),
        ("D", "Range of the trend, high", COLORS[1], "dash", 15875),
        ("B", "Trend", COLORS[0], "solid", 28575),
    )
    for letter, title, color, dash, width in lines:
        series = _series(sheet, ("A", letter, first, last), title)
        series.marker = Marker(symbol="none")
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=color, prstDash=dash, w=width))
        series.smooth = False
        chart.series.append(series)
    for place, title, symbol, color, size in (
        (models, "Public models", "circle", INK, 5),
        (own, "Our own runs", "diamond", OWN, 11),
    ):
        series = _series(sheet, place, title)
        series.marker = Marker(symbol=symbol, size=size)
        series.marker.graphicalProperties = GraphicalProperties(
            solidFill=color, ln=LineProperties(solidFill=INK, w=6350)
        )
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        chart.series.append(series)
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    x.title, y.title = "Date of publication", "USD, logarithmic scale"
    x.number_format, x.majorUnit = "0", 2
    x.scaling.min, x.scaling.max = (float(sheet.range("A", row, row).values[0]) for row in projection)
    y.scaling.logBase, y.scaling.min, y.majorUnit = 10, 100, 10
    y.number_format, y.numFmt.sourceLinked = DOLLARS, False
    y.crosses, x.crosses = "min", "min"
    for axis in (x, y):
        axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    x.majorGridlines = None
    chart.legend.position = "b"
    # One entry for both ends of a range.
    chart.legend.legendEntry = [
        LegendEntry(idx=number, delete=True) for number, line in enumerate(lines) if line[1].endswith(", high")
    ]
    sheet.chart(chart, anchor, 20.5, 14)


def _series(sheet, place, title):
    x, y, first, last = place
    columns = (ord(letter) - ord("A") + 1 for letter in (y, x))
    cells = [Reference(sheet.worksheet, min_col=column, min_row=first, max_row=last) for column in columns]
    return Series(*cells, title=title)
