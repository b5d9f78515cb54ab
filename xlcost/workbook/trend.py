"""The Trend sheet: how fast the cost of the largest public models grows, where that leads, and our own runs beside."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations, regression
from ..budget.analysis import CHIP_KINDS, TREND, UTMOST
from ..budget.settings_sheets import usual_of
from ..date_parts import day, month, year
from ..formula import Term, as_term
from ..lookup import blank_if, take
from ..trend import known_models
from .settable import is_chosen, put_input
from .trend_chart import put_chart
from .trend_sentence import headline

NAME = TREND.sheet
SETTINGS, RESULTS = 5, 13
"""Rows of the headings over what can be chosen, and over what comes of it."""
SCALE = 58
"""Percent at most."""
TABLES = 34
"""Row under the chart, where the tables begin."""
LINE = 22
"""Rows for statisticians."""
YEARS_AHEAD = 6
OTHER = "{label}: change it to see another trend"
NEVER = "cannot be told"
REACHED = "already reached"
UNSEEN = 1.0
"""A cost below the chart's scale. [USD]"""


def write_trend(sheet, facts, costs, runs, largest, told):
    """Fill the sheet.

    Parameters
    ----------
    facts : Catalog
    costs, runs : types.SimpleNamespace
    largest : Range
        Places of the largest runs on Costs.
    told : dict
        What settings say of the sheet; see `xlcost.budget.analysis.TREND`.

    Returns
    -------
    types.SimpleNamespace
        What can be chosen, as terms: level and others; growth (per year, its low and its high end: terms of cells that
        may hold a text) and sentence.
    """
    sheet.widths({"A": 48, **dict.fromkeys("DEFGHIJK", 15.6), "B": 14, "C": 28.5})
    sheet.put("A1", "Trend", style="title")
    table = known_models(facts)
    chosen = _settings(sheet, told, facts)
    first = TABLES + 3
    years = np.arange(table["year"].min(), table["year"].max() + YEARS_AHEAD + 1)
    own_first = first + len(years) + 4
    line_first = own_first + len(largest) + 2
    # The longest table is the last one: its headings are repeated, and nothing comes after them that they do not fit.
    models_first = line_first + LINE + 4
    models = _models(sheet, models_first, table, chosen, facts)
    line = _line(sheet, line_first, models, chosen)
    chosen.growth, chosen.sentence = _results(sheet, line, chosen, facts)
    _projection(sheet, first, years, line, chosen)
    _own_runs(sheet, own_first, costs, runs, largest, [sheet.range("A", first, first).cell(0), as_term(UNSEEN)])
    put_chart(
        sheet,
        f"E{SETTINGS}",
        models=("I", "J", models_first, models_first + len(table["model"]) - 1),
        own=("G", "H", own_first, own_first + len(largest) - 1),
        projection=(first, first + len(years) - 1),
    )
    sheet.freeze("A4")
    starts = (TABLES, line_first - 1, models_first - 3)
    for start in starts:
        sheet.put_title_again(start)
    areas = sheet.areas((1, *starts), "K")
    sheet.print_setup(title_rows=f"{starts[-1]}:{models_first - 1}", fit_width=False, scale=SCALE, areas=areas)
    return chosen


def _settings(sheet, told, facts):
    """What can be chosen."""
    for letter, text in zip("ABC", (TREND.heading, "Value", "")):
        sheet.put(f"{letter}{SETTINGS}", text, style="heading_right" if letter == "B" else "heading")
    found, usual = {}, TREND.usual(**usual_of(TREND, facts))
    for row, each in enumerate(TREND.inputs, start=SETTINGS + 1):
        text = sheet.sentence(OTHER, label=sheet.text(each.label))
        found[each.name] = put_input(sheet, TREND, row, each, told, usual, text=text)
        sheet.put(f"C{row}", each.unit, style="unit")
    return SimpleNamespace(**found)


def _headings(sheet, row, title, headings, texts=()):
    sheet.put(f"A{row}", title, style="section")
    for letter, text in zip("ABCDEFGHIJK", headings):
        sheet.put(f"{letter}{row + 1}", text, style="heading" if text in texts else "heading_right")
    sheet.height(row + 1, 32)
    return row + 2


def _models(sheet, first, table, chosen, facts):
    """The public models, and which of them count."""
    headings = (
        "Model",
        "Published",
        "Chip",
        "Kind",
        "Rank by compute",
        sheet.sentence("Cost\n[USD of {month}]", month=facts.real_prices_of),
        "Counts",
    )
    headings += ("Logarithm of the cost", "Chart: year", "Chart: cost [USD]", "Year, where it counts")
    _headings(sheet, first - 2, "Public models whose cost is known", headings, ("Model", "Chip", "Kind"))
    kinds = {code: TREND.input("kind").chosen(code, sheet.language) for code in CHIP_KINDS}
    shown = {**table, "kind": np.array([kinds[code] for code in table["kind"]], dtype=object)}
    column = {
        name: sheet.column(
            letter, first, shown[name], style="text" if number_format == "text" else "number", format=number_format
        ).cell
        for letter, name, number_format in (
            *(("A", "model", "text"), ("B", "published", "date"), ("C", "chip", "text"), ("D", "kind", "text")),
            *(("E", "rank", "count"), ("F", "cost", "money")),
        )
    }
    published, kind = column["published"], TREND.input("kind")
    counts = (
        (column["rank"] <= chosen.largest)
        & (year(published) >= chosen.first_year)
        & (year(published) <= chosen.last_year)
        & (is_chosen(sheet, kind, chosen.kind, CHIP_KINDS[0]) | (column["kind"] == chosen.kind))
    )
    counts = sheet.column("G", first, np.where(counts, 1.0, 0.0), style="number", format="count")
    when = equations.decimal_year(year(published), month(published), day(published))
    left_out = counts.cell == 0
    logs = sheet.column("H", first, blank_if(left_out, np.log10(column["cost"])), style="number", format="factor")
    years = sheet.column("K", first, blank_if(left_out, when), style="number", format="factor")
    # A text among its dates would spoil the whole chart, so what does not count lies on the first one that does.
    place = f"MATCH(1,{counts.range._text},0)"
    counting = np.flatnonzero(counts.range.values == 1)
    shown = {}
    for letter, of, found, number_format in (("I", when, years.range, "factor"), ("J", column["cost"], None, "money")):
        listed = found or sheet.range("F", first, first + len(table["model"]) - 1)
        other = f"IF(COUNTIF({counts.range._text},1)>0,INDEX({listed._text},{place}),{of._text})"
        elsewhere = listed.values.astype(float)[counting[0]] if len(counting) else of.value
        value = np.where(counts.range.values == 1, of.value, elsewhere)
        chart = Term(f"IF({counts.cell._text}=1,{of._text},{other})", value)
        shown[letter] = sheet.column(letter, first, chart, style="number", format=number_format).range
    return SimpleNamespace(logs=logs.range, years=years.range, chart_years=shown["I"], chart_costs=shown["J"])


def _line(sheet, row, models, chosen):
    """The line through the models, for statisticians."""
    sheet.put(f"A{row}", "For statisticians", style="section")
    sheet.put(
        f"A{row + 1}",
        "Ordinary least squares of the decimal logarithm of cost on the date as year + (month − 1)/12 + (day − 1)/365.",
        style="note",
    )
    found, row = {}, row + 1

    def put(name, label, value, number_format="factor"):
        nonlocal row
        row += 1
        sheet.put(f"A{row}", label, style="label")
        found[name] = sheet.put(f"B{row}", value, style="number", format=number_format)
        return found[name]

    n = put("n", "Models", regression.count(models.years), "count")
    squares = regression.squares(models.years)
    squares = put("squares", "Squared distances of the dates [year²]", np.where(n > 0, squares, 0.0))
    enough = put("enough", "Enough of them", np.where((n > 2) & (squares > 0), 1.0, 0.0), "count")
    lacking = enough == 0
    most = put("most", "Orders of magnitude beyond which nothing is shown", UTMOST, "count")
    # A text counts as more than any number.
    has_level = np.where((chosen.level > 0) & (chosen.level < 1), 1.0, 0.0)
    has_level = put("has_level", "There is a share of cases that ranges hold", has_level, "count")
    has_cost = np.where((chosen.threshold > 0) & (chosen.threshold <= 10.0**most), 1.0, 0.0)
    has_cost = put("has_cost", "There is a cost to be reached", has_cost, "count")
    of_line = (
        ("slope", "Slope [orders of magnitude/year]", regression.slope, "precise"),
        ("intercept", "Intercept", regression.intercept, "factor"),
        ("r2", "R²", regression.r_squared, "factor"),
        ("scatter", "Standard error of the points [orders of magnitude]", regression.scatter, "factor"),
    )
    for name, label, function, number_format in of_line:
        put(name, label, blank_if(lacking, function(models.logs, models.years)), number_format)
    put("middle", "Mean date", blank_if(lacking, regression.middle(models.years)))
    put("t", "Student's t", blank_if(lacking | (has_level == 0), regression.student_t(chosen.level, n)))
    error = equations.slope_error(found["scatter"], squares)
    put("slope_error", "Standard error of the slope", error, "precise")
    put(
        "steepness",
        "Squared slope less that of its range's half",
        equations.sure_steepness(found["slope"], found["slope_error"], found["t"]),
        "precise",
    )
    put("reach", "t times the standard error of the points", found["t"] * found["scatter"])
    slope = found["slope"]
    reached = equations.year_reached(chosen.threshold, slope, found["intercept"])
    crosses = put(
        "crosses", "Year in which the trend is at the cost", blank_if((has_cost == 0) | (slope <= 0), reached)
    )
    for name, label, side in (
        ("first", "First year in which its range is", -found["reach"]),
        ("last", "Last year in which its range is", found["reach"]),
    ):
        end = equations.year_reached_end(crosses, found["middle"], slope, n, squares, side, found["steepness"])
        put(name, label, blank_if(found["steepness"] <= 0, end))
    costs, dates = models.chart_costs, models.chart_years
    dearest = int(np.argmax(costs.values))
    put("dearest", "Cost of the dearest model [USD]", Term(f"MAX({costs._text})", costs.values[dearest]), "projected")
    place = f"MATCH({found['dearest']._text},{costs._text},0)"
    put("dearest_year", "Date of that", Term(f"INDEX({dates._text},{place})", dates.values[dearest]))
    return SimpleNamespace(**found)


def _results(sheet, line, chosen, facts):
    """What comes of it, and the sentence that says it."""
    for letter, text in zip("ABCD", ("What comes of it", "Value", "Low", "High")):
        sheet.put(f"{letter}{RESULTS}", text, style="heading" if letter == "A" else "heading_right")
    reach, never = line.t * line.slope_error, sheet.text(NEVER)
    row = RESULTS + 1
    sheet.put(f"A{row}", "Growth: times as much each year", style="total_label")
    growth = [
        sheet.put(
            f"{letter}{row}",
            np.where(np.abs(slope) <= line.most, equations.growth_per_year(slope), never),
            style="total",
            format="growth",
        )
        for letter, slope in zip("BCD", (line.slope, line.slope - reach, line.slope + reach))
    ]
    sheet.put(f"A{row + 1}", "Year in which the cost is reached", style="label")
    for letter, when, is_known in (
        ("B", line.crosses, line.slope > 0),
        ("C", line.first, (line.slope > 0) & (line.steepness > 0)),
        ("D", line.last, (line.slope > 0) & (line.steepness > 0)),
    ):
        sheet.put(f"{letter}{row + 1}", np.where(is_known, when, never), style="value", format="decimal_year")
    sheet.put(f"A{row + 2}", "The same, from the dearest model on", style="label")
    from_dearest = [
        sheet.put(f"{letter}{row + 2}", _from_dearest(sheet, line, chosen, slope), style="value", format="decimal_year")
        for letter, slope in zip("BCD", (line.slope, line.slope + reach, line.slope - reach))
    ]
    sheet.put(f"A{row + 3}", "Models that count", style="label")
    sheet.put(f"B{row + 3}", line.n, style="number", format="count")
    sheet.put(f"A{row + 4}", "Share of the variance that the trend explains (R²)", style="label")
    sheet.put(f"B{row + 4}", line.r2, style="number", format="factor")
    sentence = sheet.put("A2", headline(sheet.language, line, chosen, growth, from_dearest[0]), style="subtitle")
    sheet.put(
        "A3",
        sheet.sentence(
            "Public models of edition {edition}, amortized cost in prices of {month}; Epoch AI, CC BY 4.0. Our own "
            "runs are in nominal USD, at base prices and compute whatever the scenario, and not in the trend.",
            edition=facts.edition,
            month=facts.real_prices_of,
        ),
        style="remark",
    )
    return growth, sentence


def _from_dearest(sheet, line, chosen, slope):
    """Year in which the dearest model's successors reach the cost, if they grow by a slope."""
    start = np.log10(line.dearest) - slope * line.dearest_year
    when = np.where(slope > 0, equations.year_reached(chosen.threshold, slope, start), sheet.text(NEVER))
    return blank_if(
        (line.enough == 0) | (line.has_cost == 0),
        np.where(line.dearest >= chosen.threshold, sheet.text(REACHED), when),
    )


def _projection(sheet, first, years, line, chosen):
    """The line and its ranges at the beginning of each year."""
    headings = (
        "Beginning of the year",
        "Trend [USD]",
        "Trend, low",
        "Trend, high",
        "One model, low",
        "One model, high",
    )
    _headings(sheet, first - 2, "The trend year by year", (*headings, "Cost to be reached"), ())
    when = sheet.column("A", first, years.astype(float), style="number", format="year").cell

    def put(letter, height):
        too_far = np.abs(height + line.slope * when) > line.most
        cost = blank_if(too_far, equations.trend_cost(when, line.slope, height))
        sheet.column(letter, first, cost, style="number", format="projected")

    put("B", line.intercept)
    distance = when - line.middle
    errors = (equations.line_error, equations.line_error, equations.prediction_error, equations.prediction_error)
    for letter, error, sign in zip("CDEF", errors, (-1, 1, -1, 1)):
        reach = line.t * error(line.scatter, line.n, distance, line.squares)
        put(letter, line.intercept - reach if sign < 0 else line.intercept + reach)
    sheet.column(
        "G",
        first,
        Term(chosen.threshold._text, np.full(len(years), float(chosen.threshold.value))),
        style="number",
        format="money",
    )


def _own_runs(sheet, first, costs, runs, largest, start):
    """Our own largest runs, which the chart shows beside the models.

    Parameters
    ----------
    start : (Term, Term)
        Date and cost of a point that the chart does not show.
    """
    headings = ("Training run", "Place on Costs", "Published or started", "Year", "Cost on own hardware [USD]", "")
    headings += ("Chart: year", "Chart: cost [USD]")
    _headings(sheet, first - 2, "Our own largest runs", headings, ("Training run",))
    # A run that there is not lies on the one before, and the first below what the chart shows: see `_models`.
    shown = start
    for number in range(len(largest)):
        row = first + number
        place = _perhaps_empty(sheet.put(f"B{row}", largest.cell(number), style="link", format="count"))
        sheet.put(f"A{row}", take(costs.ranges["run"], place), style="link_label")
        published, begun = (
            take(column, place) for column in (runs.ranges["published"], costs.ranges["training_start"])
        )
        text = f'IF({published._text}<>"",{published._text},{begun._text})'
        known = published.value if published.value == published.value else begun.value
        date = Term(text, known, may_miss=place.may_miss)
        date = _perhaps_empty(sheet.put(f"C{row}", date, style="number", format="date"))
        when = equations.decimal_year(year(date), month(date), day(date))
        when = sheet.put(f"D{row}", when, style="number", format="factor")
        cost = sheet.put(f"E{row}", take(costs.ranges["amortized_cost"], place), style="link", format="money")
        is_there = not np.isnan(when.value + cost.value)
        condition = f"ISNUMBER({when._text})*ISNUMBER({cost._text})"
        shown = [
            sheet.put(
                f"{letter}{row}",
                Term(f"IF({condition},{own._text},{other._text})", own.value if is_there else other.value),
                style="number",
                format=number_format,
            )
            for letter, own, other, number_format in zip("GH", (when, cost), shown, ("factor", "money"))
        ]
    sheet.conditional(f"G{first}:H{first + len(largest) - 1}", f'$A{first}=""', "unfilled")


def _perhaps_empty(cell):
    """A cell that can be empty though its formula does not say so."""
    return Term(cell._text, cell.value, may_miss=[cell._text])
