"""The Cover: what this workbook is, what it says, whether it may be trusted, and where to go."""

from __future__ import annotations

import numpy as np

from ..budget.tables import OTHER, PHASES, SHARES
from ..overview import BUDGET_VERSION, LABELS
from . import (
    approaches,
    buy_or_rent,
    calendar,
    capacity,
    capacity_months,
    checks,
    costs,
    development,
    experts,
    inputs,
    lines,
    outlook,
    prices,
    report,
    run_budget,
    runs,
    scenarios,
    sources,
    staff,
    steps,
    summary,
    trend,
    uncertainty,
    versions,
    views,
)
from .wording import wide

NAME = "Cover"
SENTENCE = 0.99
"""Width of a whole sentence over what its letters take at most."""
ANSWERS, NOTES = 22, 134
"""Widths of the columns in which answers and notes begin; of that of notes at least."""

CONTENTS = (
    (summary.NAME, "The budget on a page: by fiscal year, for whom, for what, and the approaches side by side"),
    (report.NAME, "Every view of the budget by fiscal year, half-year and quarter; costs beside payments"),
    (views.NAME, "The same by month"),
    (run_budget.NAME, "Every training run by fiscal year, with its people and other costs"),
    (scenarios.NAME, "Which scenario is in force, all of them side by side, what moves the budget most"),
    (buy_or_rent.NAME, "Whether to own, commit, rent or not train at all, and whether it pays"),
    (versions.NAME, "The budget as first set, as revised and as it is now; who approved it"),
    (calendar.NAME, "Fiscal years, currency and rates, how costs are charged and booked, accounts"),
    (inputs.NAME, "Method, assumptions with their ranges and sources, list of departments"),
    (runs.NAME, "The training runs: what you fill in"),
    (capacity.NAME, "What is owned, committed or rented by the hour, and how far it is used"),
    (SHARES.name, "Who is entitled to which share of a capacity"),
    (OTHER.name, "Storage, data, licences and other costs"),
    (PHASES.name, "Stages in which money is released"),
    (staff.NAME, "Who works on which run, and what they cost"),
    (experts.NAME, "What experts say of uncertain figures, put together"),
    (costs.NAME, "Every step of a run's cost, one run a row"),
    (lines.NAME, "Every line of the budget by month, from which all views are added up"),
    (capacity_months.NAME, "Hours, costs, books and payments of each capacity by month"),
    (approaches.NAME, "Runs on own hardware against the cloud, by department, sourcing and component"),
    (development.NAME, "What the models cost with experiments and people, as ranges"),
    (uncertainty.NAME, "How sure the costs are, and what drives the spread"),
    (trend.NAME, "How fast the cost of the largest public models grows, and our own runs beside them"),
    (outlook.NAME, "What the trend means for us, and what cheaper hardware and better algorithms give back"),
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

ALL_OK = "All checks are OK: sums tie and inputs can be used; whether assumptions are right is not checked"
LIMITS = (
    "In the budget: computing that is owned, committed or rented, people on Staff, other costs, trials and failed runs "
    "where a factor for them is given, contingency.",
    "Not in it: tax, interest, inference (the use of a model by customers), and costs that are not entered here.",
    "A purchase price is no cost by itself: it becomes one over the hardware's life. Owned and committed hours cost "
    "whether they are used or not; electricity is counted for used hours alone.",
    "Equity given to people is no cash; for simplicity it is in costs and payments when it is granted. A run on own "
    "hardware that is not on Capacity is charged its loss of market value.",
    "Prices of accelerators that are not sold, and some power figures, are estimates; Prices marks them.",
)


def write_cover(sheet, said, master, facts, inputs, count, state, scenario, dates):
    """Fill the sheet.

    Parameters
    ----------
    said : iterable of (str, Term)
        Questions and answers; see `xlcost.workbook.cover_sentences`.
    master, count, state : Term
        The master check, the number of runs, whether the sampled ranges are up to date.
    facts : Catalog
    inputs : types.SimpleNamespace
    scenario : Term
        The name of the one in force.
    dates : types.SimpleNamespace
        The calendar.
    """
    months = [period for period in dates.periods if period.kind == "month"]
    said = list(said)
    # Answers go on over the last column, beyond which nothing is printed.
    longest = SENTENCE * max(wide(answer.value) for _, answer in said)
    sheet.widths({"A": 26, "B": ANSWERS, "C": max(NOTES, round(longest) - ANSWERS)})
    sheet.put("A1", "AI training budget", style="title")
    sheet.put(
        "A2", "What training AI costs, by the method of Cottier et al. (2024), arXiv:2405.21015", style="subtitle"
    )
    row = 4
    last = sheet.put(f"B{row}", master, style="check_total")
    sheet.put(f"A{row}", "Master check", style="total_label")
    see = sheet.sentence("See the sheet {sheet}", sheet=sheet.text(checks.NAME))
    sheet.put(
        f"C{row}",
        np.where(
            last == checks.OK,
            sheet.text(ALL_OK),
            see,
        ),
        style="note",
    )
    sheet.conditional(f"B{row}", f'B{row}="{checks.OK}"', "ok")
    sheet.conditional(f"B{row}", f'B{row}<>"{checks.OK}"', "wrong")
    row += 2
    sheet.put(f"A{row}", "In short", style="section")
    for question, answer in said:
        row += 1
        sheet.put(f"A{row}", question, style="question")
        sheet.put(f"B{row}", answer, style="answer")
        sheet.height(row, 20)
    row += 2
    sheet.put(f"A{row}", "What it rests on", style="section")
    for label, value, number_format, style, note in (
        ("Scenario in force", scenario, "text", "value_link", "Chosen on Scenarios"),
        ("First day of the budget", months[0].start, "date", "value_link", "Chosen on Calendar"),
        ("Last day of the budget", months[-1].end - 1, "date", "value_link", "What falls later is not in the budget"),
        ("Training runs", count, "count", "number", "Named on Runs"),
        (
            "Price list version (edition)",
            facts.edition,
            "text",
            "value",
            sheet.sentence("{title}; a price counts from its own date on", title=sheet.text(facts.title)),
        ),
        (LABELS["budget_version"], float(BUDGET_VERSION), "count", "number", "Of its formulas"),
        (
            "Amortization method",
            inputs.method,
            "text",
            "value_link",
            "For own hardware that is not on Capacity; chosen on Inputs",
        ),
        (
            "Confidence level of ranges",
            inputs.ranges.level,
            "share",
            "value_link",
            "Of the range of development; chosen on Inputs",
        ),
        ("Sampled ranges", state, "text", "link_text_plain", ""),
    ):
        row += 1
        sheet.put(f"A{row}", label, style="label")
        sheet.put(f"B{row}", value, style=style, format=number_format)
        sheet.put(f"C{row}", note, style="note")
    row += 2
    sheet.put(f"A{row}", "What is in it, and what is not", style="section")
    for text in LIMITS:
        row += 1
        sheet.put(f"A{row}", text, style="text")
    end = row
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
    sheet.put(f"A{row + 2}", facts.credit, style="note")
    sheet.print_setup(one_page=True)
    sheet.worksheet.print_area = f"A1:C{end}"
