"""The sheets of smaller tables that are filled in: other costs, shares in a capacity, phases of a release."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..budget.columns import CATEGORIES, LINES, OTHER_COLUMNS, PHASE_COLUMNS, PHASE_STEPS, SHARE_COLUMNS, TIMINGS
from ..budget.tables import OTHER, PHASES, SHARES
from ..formula import Term
from ..lookup import blank_if, is_blank, number_in
from ..totals import total_by_number
from .filled import Filled, number_validation

HEADING, FIRST = 4, 5
SPARE = {OTHER.name: 15, SHARES.name: 6, PHASES.name: 8}
WIDTHS = {
    "item": 28,
    "category": 14,
    "department": 18,
    "run": 20,
    "account": 20,
    "amount": 16,
    "capacity": 22,
    "phase": 22,
    "comment": 26,
    "released": 18,
}


def _table(sheet, kind, columns, table, title, texts, spare=None):
    sheet.put("A1", title, style="title")
    for row, text in enumerate(texts, start=2):
        sheet.put(f"A{row}", text, style="subtitle" if row == 2 else "remark")
    filled = Filled(sheet, columns, table, HEADING, SPARE[kind.name] if spare is None else spare, WIDTHS)
    sheet.height(HEADING, 34)
    sheet.freeze(f"B{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}", title_cols="A:A")
    return filled


def _written(filled, **others):
    return SimpleNamespace(
        ranges=filled.ranges,
        first=FIRST,
        last=filled.last,
        size=filled.last - FIRST + 1,
        beyond=filled.beyond,
        filled=filled,
        **others,
    )


def write_other_costs(sheet, table, inputs, runs, currencies, columns=OTHER_COLUMNS, spare=None):
    """What is paid beside computing and people; columns where their help says something else."""
    filled = _table(
        sheet,
        OTHER,
        columns,
        table,
        "Other costs",
        (
            "Storage, network, data, licences, fees for external models: once, or each month from one to another. "
            "Without tax.",
            "Inference, the use of a model by customers, is no training cost and does not belong here.",
        ),
        spare,
    )
    lists = {
        "category": list(CATEGORIES),
        "department": inputs.departments,
        "run": runs.ranges["run"],
        "currency": currencies,
        "timing": list(TIMINGS),
    }
    for name, column in columns.items():
        kind = lists.get(name, "date" if column.format == "date" else "any")
        filled.validate(name, kind, strict=name not in ("department", "run"))
    sheet.worksheet.print_area = f"A1:{filled.letters[list(OTHER_COLUMNS)[-1]]}{filled.last}"
    # The list of categories, with their places among all kinds of cost.
    sheet.put(f"P{HEADING}", "Categories", style="heading")
    sheet.put(f"Q{HEADING}", "Meaning", style="heading")
    for row, (name, label) in enumerate(CATEGORIES.items(), start=FIRST):
        sheet.put(f"P{row}", name, style="label")
        sheet.put(f"Q{row}", label, style="note")
    sheet.widths({"M": 3, "N": 14, "O": 3, "P": 14, "Q": 34})
    codes = sheet.range("P", FIRST, FIRST + len(CATEGORIES) - 1)
    sheet.put(f"N{HEADING}", "Kind of cost, number", style="heading_right")
    found = number_in(filled.terms["category"], codes)
    before = list(LINES).index(next(iter(CATEGORIES)))
    place = np.where(
        is_blank(filled.terms["item"]), 0.0, np.where(found > 0, found, float(len(CATEGORIES))) + float(before)
    )
    written = sheet.column("N", FIRST, place, style="number", format="place")
    return _written(filled, category_place=written.range)


def write_shares(sheet, table, inputs, capacity):
    """Who is entitled to how much of a capacity."""
    filled = _table(
        sheet,
        SHARES,
        SHARE_COLUMNS,
        table,
        "Shares",
        (
            "Who is entitled to which share of a capacity: departments, or companies that own it together.",
            'They count where Calendar charges capacity by "entitled": each pays its share of the whole cost, whatever '
            "it uses; the owner pays the rest.",
        ),
    )
    filled.validate("capacity", capacity.ranges["capacity"])
    filled.validate("department", inputs.departments)
    filled.validate("share", "share", "above 0, at most 1 (100%)")
    # The texts above are longer than the table is wide.
    sheet.worksheet.print_area = f"A1:K{filled.last}"
    return _written(filled)


def write_phases(sheet, table):
    """Stages of a release; what is still to be released is added by `put_phases`."""
    filled = _table(
        sheet,
        PHASES,
        PHASE_COLUMNS,
        table,
        "Phases",
        ("Stages in which money is released: runs name their phase, and here stands what has been released.",),
    )
    filled.validate("phase", "any")
    filled.validate("released", *number_validation(PHASES.limits["released"]))
    filled.validate("date", "date")
    filled.validate("comment", "any")
    return _written(filled)


def put_phases(sheet, phases, lines):
    """What each phase costs in the budget's years, and what is still to be released."""
    number = Term(f"ROW()-{FIRST - 1}", np.arange(1.0, phases.size + 1))
    name, released = phases.filled.terms["phase"], phases.filled.terms["released"]
    begin = len(PHASE_COLUMNS)
    letters = [chr(ord("A") + begin + position) for position in range(3)]
    for letter, column in zip(letters, PHASE_STEPS[0][1]):
        sheet.put(f"{letter}{HEADING}", column.heading_in(sheet.language), style="heading_right")
    number = sheet.column(letters[0], FIRST, np.where(is_blank(name), 0.0, number), style="number", format="place").cell
    budget = blank_if(is_blank(name), total_by_number(lines.totals, lines.range("phase_number"), number))
    budget = sheet.column(letters[1], FIRST, budget, style="number", format="money").cell
    left = blank_if(is_blank(name), budget - np.where(np.isnan(released), 0.0, released))
    sheet.column(letters[2], FIRST, left, style="result", format="money")
    sheet.widths(dict(zip(letters, (10, 20, 20))))
