from itertools import pairwise

from xlcost.workbook.charts import COLORS

RED, GREEN, BLUE = 0.299, 0.587, 0.114
"""How light each primary color looks, as a printer in grey and a television of old take it (ITU-R BT.601)."""


def test_colors_of_charts_differ_when_they_are_printed_in_grey():
    primaries = [[int(color[at : at + 2], 16) for at in (0, 2, 4)] for color in COLORS]
    greys = sorted(RED * red + GREEN * green + BLUE * blue for red, green, blue in primaries)
    # Of 255: white and black paper stay apart from them too.
    assert all(lighter - darker > 30 for darker, lighter in pairwise([0, *greys, 255]))
