"""The Overview sheet of a department's workbook: what to do, whose it is, what it costs so far, what is missing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..overview import LABELS, NAME, TEMPLATE_VERSION
from ..totals import count_filled, total
from . import checks

__all__ = ["NAME", "write_identity", "write_state"]

HOW = (
    "1. Write your department, and who can be asked about the figures, into the two cells on a light fill below.",
    "2. On Runs, fill a row for each training run: a name, a chip, and chips with hours. What it costs stands beside "
    "it at once.",
    "3. On Staff, say who works on which run; on Other costs, what is paid beside computing and people. Both may stay "
    "empty.",
    "4. Look below at what is missing. Then save this workbook and send it back to whoever sent it to you.",
    "Only cells on a light fill can be changed. To the right of the tables there is room for notes; there are no "
    "macros and no password.",
)
FIRST = 12


def write_identity(sheet, department, facts):
    """What to do, and whose the workbook is.

    Returns
    -------
    types.SimpleNamespace
        department (a term), departments and contacts (Ranges of that one cell, and of the one below), row (the next).
    """
    sheet.widths({"A": 38, "B": 34, "C": 96})
    sheet.put("A1", "AI training costs of a department", style="title")
    sheet.put("A2", "What training AI will cost you: a few figures to fill, and their cost at once.", style="subtitle")
    sheet.put("A4", "What to do", style="section")
    for row, text in enumerate(HOW, start=5):
        sheet.put(f"A{row}", text, style="text")
    sheet.put(f"A{FIRST - 1}", "Whose figures these are", style="section")
    rows = {
        "department": (department, "input_text", "Counts for every row that names no other"),
        "contact": ("", "input_text", "Name, and how to reach him or her"),
        "edition": (facts.edition, "text", facts.title),
        "version": (float(TEMPLATE_VERSION), "text", ""),
        "language": (sheet.language.code, "text", ""),
    }
    cells, at = {}, {}
    for row, (name, (value, style, note)) in enumerate(rows.items(), start=FIRST):
        sheet.put(f"A{row}", LABELS[name], style="label")
        cells[name] = sheet.put(f"B{row}", value, style=style, as_is=True)
        sheet.put(f"C{row}", note, style="note")
        at[name] = row
        if style == "input_text":
            sheet.validate(f"B{row}", "any", title=LABELS[name], text=note)
    departments, contacts = (sheet.range("B", at[name], at[name]) for name in ("department", "contact"))
    return SimpleNamespace(
        department=cells["department"], departments=departments, contacts=contacts, row=FIRST + len(rows) + 1
    )


def write_state(sheet, whose, runs, shown, people, others, master):
    """What it costs so far, and whether anything is missing.

    Parameters
    ----------
    whose : types.SimpleNamespace
        As `write_identity` gives it.
    runs, people, others : types.SimpleNamespace
        As the sheets' modules give them.
    shown : dict of str to Range
        The preview on Runs.
    master : Term
    """
    row = whose.row
    sheet.put(f"A{row}", "What it costs so far", style="section")
    for label, value, number_format, note in (
        ("Training runs", count_filled(runs.ranges["run"]), "count", "With a name on Runs"),
        ("Cost of the runs [USD]", total(shown["cost"]), "money", "Of all that are complete; each stands on Runs"),
        ("People on Staff", total(people.ranges["people"]), "count", "Without those who are paid by the month"),
        ("Cost of people [USD]", total(people.ranges["cost_mean"]), "money", "Without those paid in another currency"),
        ("Other costs, rows", count_filled(others.ranges["item"]), "count", "With an item on Other costs"),
    ):
        row += 1
        sheet.put(f"A{row}", label, style="label")
        sheet.put(f"B{row}", value, style="link", format=number_format)
        sheet.put(f"C{row}", note, style="note")
    row += 2
    sheet.put(f"A{row}", "Is anything missing?", style="section")
    row += 1
    sheet.put(f"A{row}", "Master check", style="total_label")
    last = sheet.put(f"B{row}", master, style="check_total")
    see = sheet.text("Not yet: the sheet Checks says what to do beside each line that is red")
    ready = sheet.text("Nothing is missing: the workbook can be sent back")
    sheet.put(f"C{row}", np.where(last == checks.OK, ready, see), style="note")
    sheet.conditional(f"B{row}", f'B{row}="{checks.OK}"', "ok")
    sheet.conditional(f"B{row}", f'B{row}<>"{checks.OK}"', "wrong")
    sheet.print_setup(one_page=True)
