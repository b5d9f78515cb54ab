"""The Approaches sheet: what the runs cost on own hardware and in the cloud, side by side, as the paper has it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.chart import Reference

from ..catalog.vendors import SOURCINGS
from ..formula import Term, as_term
from ..lookup import as_text, blank_if, is_blank, join, rounded, take
from ..totals import (
    count_numbers,
    count_where,
    is_listed_before,
    largest,
    position_of,
    share_of,
    total,
    total_where,
)
from .charts import COLORS, bar, paint, paint_stack
from .costs import COMPONENTS, NOT_LISTED
from .development import range_in_words
from .inputs import SOURCING_MEANINGS

NAME = "Approaches"
LARGEST = 12
"""Runs in the charts."""
CHARTS, CHART_ROWS = 11, 17
"""Where the charts stand: under the headline, over the tables."""

LISTED = (
    *("Department, or training run", "Runs, or department", "Budget cost [USD]", "Share of all runs"),
    *("Own hardware [USD]", "Cloud [USD]", "Cloud minus own [USD]", "Cheaper", "Sourcing"),
)
"""Headings over departments and over every run."""
WORDS = (*LISTED[:2], "Sourcing", "Meaning", "Component", "Paper's term", "Training run", "Cheaper")
"""Headings over texts."""
OWN_COLOR, CLOUD_COLOR = COLORS[0], COLORS[3]
SCALE = 61
"""Percent: a printed page holds all columns, on Letter too, and the runs with their empty rows."""


def write_approaches(sheet, costs, runs, inputs, facts, developed):
    """Fill the sheet.

    Returns
    -------
    types.SimpleNamespace
        total, own, cloud, runs, cluster_purchase, by_department, by_sourcing, by_component (terms), and
        largest (a Range: places of the largest runs on Costs).
    """
    ranges = costs.ranges
    sheet.widths({"A": 35, "B": 22, "C": 18, "D": 18, "E": 18, "F": 18, "G": 20, "H": 17, "I": 17, "J": 12})
    sheet.put("A1", NAME, style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "Each training run by itself, in nominal USD, at base prices and compute whatever the scenario; the budget "
            "has a run's share of its capacity instead, idle hours, people and other costs. Price list version "
            "{edition}; amortization method: {method}.",
            edition=as_term(facts.edition),
            method=inputs.method,
        ),
        style="subtitle",
    )
    key = _headline(sheet, ranges, inputs, developed)
    row, by_sourcing = _sourcings(sheet, CHARTS + CHART_ROWS + 1, ranges, key)
    row, by_component = _components(sheet, row + 2, ranges, key)
    largest_row = row + 2
    row, places = _largest(sheet, largest_row, ranges)
    # The longest tables are the last ones: their headings, which they have in common, are repeated.
    listed_row = row + 1
    for title in (largest_row - 1, listed_row):
        sheet.put_title_again(title)
    _headings(sheet, listed_row + 1, LISTED)
    row, by_department = _departments(sheet, listed_row + 2, ranges, inputs, key)
    _every_run(sheet, row + 1, ranges, runs, key)
    sheet.freeze("A4")
    areas = sheet.areas((1, largest_row - 1, listed_row), "K")
    sheet.print_setup(title_rows=f"{listed_row}:{listed_row + 1}", fit_width=False, scale=SCALE, areas=areas)
    return SimpleNamespace(
        **key, by_department=by_department, by_sourcing=by_sourcing, by_component=by_component, largest=places
    )


def _headline(sheet, ranges, inputs, developed):
    """The figures that a board asks for."""
    rows = (
        (
            "total",
            "Budget cost of all runs",
            total(ranges["budget_cost"]),
            "money_total",
            "Own hardware or cloud, as each run is sourced",
        ),
        ("runs", "Runs with a budget cost", count_numbers(ranges["budget_cost"]), "count", ""),
        (
            "own",
            "All runs on own hardware",
            total(ranges["amortized_cost"]),
            "money",
            "Hardware amortized to the runs, plus energy",
        ),
        (
            "cloud",
            "All runs in the cloud",
            total(ranges["cloud_cost"]),
            "money",
            "At the commitment of each run; 3 years where it is on own hardware",
        ),
        (
            "cluster_purchase",
            "Purchase price of the clusters",
            total(ranges["cluster_purchase"]),
            "money",
            "No cost of the period and in no total: what all clusters would cost to buy, each once",
        ),
        (
            "development",
            "Development cost of all runs, median",
            developed.median,
            "link",
            sheet.sentence(
                "With experiments and people, and in no total; {range} in {level}% of cases",
                range=range_in_words(sheet, developed),
                level=as_text(rounded(100 * inputs.ranges.level, 1)),
            ),
        ),
    )
    key = {}
    for row, (name, label, value, number_format, note) in enumerate(rows, start=4):
        sheet.put(f"A{row}", label, style="label" if name != "total" else "total_label")
        key[name] = sheet.put(
            f"B{row}",
            value,
            style={"total": "total", "development": "link"}.get(name, "number"),
            format="count" if number_format == "count" else "money",
        )
        sheet.put(f"C{row}", "runs" if name == "runs" else "USD", style="unit")
        sheet.put(f"D{row}", note, style="note")
    return key


def _table(sheet, row, title, headings):
    sheet.put(f"A{row}", title, style="section")
    _headings(sheet, row + 1, headings)
    return row + 2


def _headings(sheet, row, headings):
    for letter, heading in zip("ABCDEFGHIJK", headings):
        sheet.put(f"{letter}{row}", heading, style="heading" if heading in WORDS else "heading_right")


def _departments(sheet, row, ranges, inputs, key):
    sheet.put(f"A{row}", "By department", style="section")
    # The total stands first, since the list of departments ends in empty rows.
    size = len(inputs.departments) + 1
    totals, row = row + 1, row + 2
    first = row
    for position in range(-1, size - 1):
        if position >= 0:
            # A department that is listed twice, or as what the others are called, counts once.
            listed = inputs.departments.cell(position)
            again = is_listed_before(inputs.departments, position) | (listed == sheet.text(NOT_LISTED))
            # An empty cell joined to nothing is the empty text, not 0.
            name = sheet.put(f"A{row}", np.where(again, "", join(listed, "")), style="link_label")
        else:
            name = sheet.put(f"A{row}", NOT_LISTED, style="label")
        figures = (
            count_where(ranges["department_used"], name),
            *(
                total_where(ranges[figure], ranges["department_used"], name)
                for figure in ("budget_cost", "amortized_cost", "cloud_cost")
            ),
        )
        count, budget, own, cloud = (blank_if(is_blank(name), figure) for figure in figures)
        sheet.put(f"B{row}", count, style="number", format="count")
        cost = sheet.put(f"C{row}", budget, style="number", format="money")
        sheet.put(f"D{row}", share_of(cost, key["total"]), style="number", format="share")
        sheet.put(f"E{row}", own, style="number", format="money")
        sheet.put(f"F{row}", cloud, style="number", format="money")
        row += 1
    return row, _sums(sheet, totals, first, row - 1, "BCDEF")


def _sums(sheet, row, first, last, letters):
    sheet.put(f"A{row}", "Total", style="total_label")
    formats = {"B": "count", "D": "share"}
    return {
        letter: sheet.put(
            f"{letter}{row}",
            total(sheet.range(letter, first, last)),
            style="total",
            format=formats.get(letter, "money"),
        )
        for letter in letters
    }


def _sourcings(sheet, row, ranges, key):
    row = _table(sheet, row, "By sourcing", ("Sourcing", "Runs", "Budget cost [USD]", "Share of all runs", "Meaning"))
    first = row
    for sourcing in SOURCINGS:
        name = sheet.put(f"A{row}", sourcing, style="label")
        # A spare row has no cost, so that only rows of runs are counted.
        sheet.put(f"B{row}", _runs_with_cost(ranges, name), style="number", format="count")
        cost = sheet.put(
            f"C{row}", total_where(ranges["budget_cost"], ranges["sourcing_used"], name), style="number", format="money"
        )
        sheet.put(f"D{row}", share_of(cost, key["total"]), style="number", format="share")
        sheet.put(f"E{row}", SOURCING_MEANINGS[sourcing], style="note")
        row += 1
    return row, _sums(sheet, row, first, row - 1, "BCD")["C"]


def _runs_with_cost(ranges, name):
    """Runs of a sourcing that have a cost."""
    costs, keys = ranges["budget_cost"], ranges["sourcing_used"]
    hit = (keys.values == name.value) & ~np.isnan(costs.values.astype(float))
    return Term(f"SUMPRODUCT(({keys._text}={name._text})*ISNUMBER({costs._text}))", float(hit.sum()))


def _components(sheet, row, ranges, key):
    row = _table(sheet, row, "By component", ("Component", "Paper's term", "Budget cost [USD]", "Share of all runs"))
    first = row
    for name, label, term in COMPONENTS:
        sheet.put(f"A{row}", label, style="label")
        sheet.put(f"B{row}", term, style="unit", as_is=True)
        cost = sheet.put(f"C{row}", total(ranges[name]), style="number", format="money")
        sheet.put(f"D{row}", share_of(cost, key["total"]), style="number", format="share")
        row += 1
    sheet.put(f"B{row}", "", style="total_label")
    return row, _sums(sheet, row, first, row - 1, "CD")["C"]


def _largest(sheet, row, ranges):
    """The largest runs, live, and the charts of them."""
    row = _table(
        sheet,
        row,
        sheet.sentence("The {n} largest runs, USD", n=str(LARGEST)),
        (
            "Training run",
            "Budget cost",
            "Own hardware",
            "Cloud",
            *(label for _, label, _ in COMPONENTS),
            "Number on Costs",
            "Rank",
        ),
    )
    heading, previous = row - 1, None
    last = ranges["budget_cost"].cell(-1).text
    for rank in range(1, LARGEST + 1):
        place = sheet.put(f"K{row}", float(rank), style="number", format="count")
        cost = sheet.put(
            f"B{row}",
            blank_if(count_numbers(ranges["budget_cost"]) < place, largest(ranges["budget_cost"], place)),
            style="number",
            format="money",
        )
        position = sheet.put(
            f"J{row}", position_of(cost, ranges["budget_cost"], last, previous), style="number", format="count"
        )
        sheet.put(f"A{row}", take(ranges["run"], position), style="label")
        for letter, name in zip("CDEFGHI", ("amortized_cost", "cloud_cost", *(name for name, _, _ in COMPONENTS))):
            sheet.put(f"{letter}{row}", take(ranges[name], position), style="number", format="money")
        previous = cost, position
        row += 1
    sheet.conditional(f"K{heading + 1}:K{row - 1}", f'$A{heading + 1}=""', "unfilled")
    _charts(sheet, heading, row - 1)
    return row, sheet.range("J", heading + 1, row - 1)


def _charts(sheet, heading, last):
    names = Reference(sheet.worksheet, min_col=1, min_row=heading + 1, max_row=last)
    stacked = bar("Budget cost by component, largest runs", "USD")
    stacked.grouping, stacked.overlap = "stacked", 100
    stacked.add_data(
        Reference(sheet.worksheet, min_col=5, max_col=9, min_row=heading, max_row=last), titles_from_data=True
    )
    stacked.set_categories(names)
    paint_stack(stacked)
    sheet.chart(stacked, f"A{CHARTS}", 19.5, 8.8)
    both = bar("Own hardware against cloud, largest runs", "USD")
    both.add_data(
        Reference(sheet.worksheet, min_col=3, max_col=4, min_row=heading, max_row=last), titles_from_data=True
    )
    both.set_categories(names)
    for series, color in zip(both.series, (OWN_COLOR, CLOUD_COLOR)):
        paint(series, color)
    sheet.chart(both, f"F{CHARTS}", 18.5, 8.8)


def _every_run(sheet, row, ranges, runs, key):
    """Every run with its costs on own hardware and in the cloud side by side."""
    sheet.put(f"A{row}", "Every run", style="section")
    row += 1
    terms = {}
    for letter, name, style, number_format in (
        ("A", "run", "link_label", "text"),
        ("B", "department_used", "link_label", "text"),
        ("C", "budget_cost", "link", "money"),
        ("E", "amortized_cost", "link", "money"),
        ("F", "cloud_cost", "link", "money"),
        ("I", "sourcing_used", "link_label", "text"),
    ):
        terms[name] = sheet.column(
            letter, row, ranges[name].row(runs.first - row), style=style, format=number_format
        ).cell
    cost = terms["budget_cost"]
    share = blank_if(np.isnan(cost), share_of(cost, key["total"]))
    sheet.column("D", row, share, style="number", format="share")
    difference = sheet.column(
        "G", row, terms["cloud_cost"] - terms["amortized_cost"], style="number", format="money"
    ).cell
    sheet.column("H", row, np.where(difference > 0, sheet.text("own hardware"), sheet.text("cloud")), style="text")
