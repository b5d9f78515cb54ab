"""The Outlook sheet's chart: what the budget becomes, as times the budget of the base year, on a logarithmic scale."""

from __future__ import annotations

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from .charts import COLORS, GRID, titled

UNSEEN = 1e-6
"""Times the budget: below the chart's scale."""
LOOKS = (("solid", "diamond", COLORS[0], "t"), ("dash", "square", COLORS[4], "t"), ("sysDot", "circle", COLORS[1], "t"))
"""Dashes, marker, color and where the label of the last point stands: told apart in grey too."""
TIMES = '0.00"×"'


def put_chart(sheet, anchor, letters, heading, first, last):
    """Place the chart over rows whose column A names the years."""
    worksheet, chart = sheet.worksheet, LineChart()
    chart.title = titled("What the budget becomes")
    column = ord(letters[0]) - ord("A") + 1
    chart.add_data(
        Reference(worksheet, min_col=column, max_col=column + len(letters) - 1, min_row=heading, max_row=last),
        titles_from_data=True,
    )
    chart.set_categories(Reference(worksheet, min_col=1, min_row=first, max_row=last))
    for series, (dash, symbol, color, position) in zip(chart.series, LOOKS):
        series.smooth = False
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=color, prstDash=dash, w=25400))
        series.marker = Marker(symbol=symbol, size=8)
        series.marker.graphicalProperties = GraphicalProperties(
            solidFill=color, ln=LineProperties(solidFill=color, w=6350)
        )
        label = DataLabel(idx=last - first, numFmt=TIMES, dLblPos=position, showVal=True)
        label.showSerName = label.showCatName = label.showLegendKey = label.showPercent = False
        series.dLbls = DataLabelList(dLbl=[label])
        series.dLbls.showVal = series.dLbls.showSerName = series.dLbls.showCatName = False
        series.dLbls.showLegendKey = series.dLbls.showPercent = False
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    y.title = "Times the base year, logarithmic scale"
    y.scaling.logBase, y.scaling.min = 10, 0.01
    y.number_format, y.numFmt.sourceLinked = "General", False
    x.crosses = y.crosses = "min"
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    chart.legend.position = "b"
    sheet.chart(chart, anchor, 14, 9.5)
