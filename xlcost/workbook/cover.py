"""The Cover: what this workbook is, what it says, whether it may be trusted, and where to go."""

from __future__ import annotations

import numpy as np

from ..development import TOTAL
from . import (
    buy_or_rent,
    checks,
    costs,
    development,
    experts,
    inputs,
    prices,
    runs,
    sources,
    staff,
    steps,
    summary,
    trend,
    uncertainty,
)

NAME = "Cover"

CONTENTS = (
    (summary.NAME, "Totals by department, sourcing and component; own hardware against cloud"),
    (inputs.NAME, "Method, assumptions with their ranges and sources, list of departments"),
    (runs.NAME, "The training runs: what you fill in"),
    (staff.NAME, "Who works on which run, and what they cost"),
    (experts.NAME, "What experts say of uncertain figures, put together"),
    (costs.NAME, "Every step of the calculation, one run a row"),
    (development.NAME, "What the models cost with experiments and people, as ranges"),
    (uncertainty.NAME, "How sure the costs are, and what drives the spread"),
    (
        buy_or_rent.NAME,
        "Own, commit, rent or not train: net present costs, break-even use, what the benefits make of it",
    ),
    (trend.NAME, "How fast the cost of the largest public models grows, and our own runs beside them"),
    (prices.NAME, "Chips, purchase and cloud prices, electricity, price index, each with its source"),
    (steps.NAME, "Which price counts from which day on"),
    (checks.NAME, "What must hold, and whether it does"),
    (sources.NAME, "Method, equations, data and licences"),
)

LEGEND = (
    ("input", "Blue on a light fill: yours to change"),
    ("number", "Black: a formula"),
    ("link", "Green: taken over from another sheet"),
)

LIMITS = (
    "Amounts are nominal US dollars without tax. A cluster's purchase price is shown apart: it is no cost of a period.",
    "A run on own hardware is charged the value that the hardware loses while it trains, and its energy.",
    "Staff, failed runs and experiments are in the development cost and not in the budget cost; data, storage and "
    "inference are in neither.",
    "Prices of accelerators that are not sold, and some power figures, are estimates; Prices marks them.",
)


def write_cover(sheet, key, master, facts, inputs, count, developed, state):
    """Fill the sheet."""
    sheet.widths({"A": 34, "B": 36, "C": 90})
    sheet.put("A1", "AI training budget", style="title")
    sheet.put(
        "A2", "What training runs cost, by the method of Cottier et al. (2024), arXiv:2405.21015", style="subtitle"
    )
    whole = developed.parts[TOTAL]
    said = sheet.sentence("USD, with experiments and people; {range}", range=development.range_in_words(sheet, whole))
    rows = (
        ("Budget cost of all runs", key.total, "money", "total", "USD; own hardware or cloud, as each run is sourced"),
        ("Training runs", count, "count", "number", "with a name on Runs"),
        ("Price list version (edition)", facts.edition, "text", "value", facts.title),
        ("Development cost, median", whole.median, "money", "link", said),
        (
            "Amortization method",
            inputs.method,
            "text",
            "value_link",
            "How hardware is charged to a run; chosen on Inputs",
        ),
        ("Ranges that come out hold", inputs.ranges.level, "share", "value_link", "of all cases; chosen on Inputs"),
        ("Sampled ranges", state, "text", "value_link", "On Uncertainty"),
        ("Master check", master, "text", "check_total", None),
    )
    for row, (label, value, number_format, style, note) in enumerate(rows, start=4):
        sheet.put(f"A{row}", label, style="total_label" if style == "total" else "label")
        last = sheet.put(f"B{row}", value, style=style, format=number_format)
        if note is not None:
            sheet.put(f"C{row}", note, style="note")
    see = sheet.sentence("See the sheet {sheet}", sheet=sheet.text(checks.NAME))
    sheet.put(f"C{row}", np.where(last == checks.OK, sheet.text("All checks are OK"), see), style="note")
    sheet.conditional(f"B{row}", f'B{row}="{checks.OK}"', "ok")
    sheet.conditional(f"B{row}", f'B{row}<>"{checks.OK}"', "wrong")
    row += 2
    sheet.put(f"A{row}", "Sheets", style="section")
    for name, text in CONTENTS:
        row += 1
        sheet.put(f"A{row}", name, style="link_text", to=f"'{sheet.text(name)}'!A1")
        sheet.put(f"B{row}", text, style="text")
    row += 2
    sheet.put(f"A{row}", "Colors", style="section")
    for style, text in LEGEND:
        row += 1
        sheet.put(f"A{row}", 1234.0, style=style, format="money")
        sheet.put(f"B{row}", text, style="text")
    row += 2
    sheet.put(f"A{row}", "What to know", style="section")
    for text in LIMITS:
        row += 1
        sheet.put(f"A{row}", text, style="text")
    sheet.put(f"A{row + 2}", facts.credit, style="note")
    sheet.print_setup(one_page=True)
