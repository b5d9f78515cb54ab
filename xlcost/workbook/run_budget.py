"""The Budget by run sheet: what each training run comes to in each fiscal year, with its people and other costs."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from ..budget.tables import SHARES
from ..formula import Term
from ..lookup import is_blank, text_in
from ..totals import share_of, total, total_by_number
from .line_sources import SHARES_OF_LOSS

NAME = "Budget by run"
HEADING, TOTAL, REST, FIRST = 4, 5, 6, 7
TEXTS = {"department": "Department", "center": "Cost center", "capacity": "Capacity"}
"""Columns of a run's line that are shown beside its name."""
NAMED_BY = "employees", "contractors", "others"
OF_NONE = "idle", "disposal", SHARES.name, SHARES_OF_LOSS
"""Blocks of lines that may name a run, and those that never do, beside the contingency."""
WIDTHS = {"A": 50, "B": 24, "C": 14, "D": 20}
AMOUNTS, SHARE = 17, 21


def write_run_budget(sheet, lines, runs, dates):
    """Fill the sheet.

    Parameters
    ----------
    lines : xlcost.workbook.lines.Lines
    runs, dates : types.SimpleNamespace

    Returns
    -------
    Term
        All runs and what belongs to none of them, over all years.
    """
    sheet.put("A1", "Budget by training run", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "In {money}, without tax. People and other costs count with the run that they name.", money=dates.money
        ),
        style="subtitle",
    )
    letters = [get_column_letter(len(WIDTHS) + 1 + number) for number in range(len(dates.years_shown) + 2)]
    *letters, share_letter = letters
    for letter, text in zip(WIDTHS, ("Training run", *TEXTS.values())):
        sheet.put(f"{letter}{HEADING}", text, style="heading")
    for letter, text in zip((*letters, share_letter), ("All years", *dates.years_shown, "Share of the budget")):
        sheet.put(f"{letter}{HEADING}", text, style="heading_right")
    for letter, text in zip(WIDTHS, ("Budget", *[""] * len(TEXTS))):
        sheet.put(f"{letter}{TOTAL}", text, style="total_label" if text else "total")
    sheet.put(f"A{REST}", "No run: idle hours, disposal, contingency, and what names none", style="label")
    name = sheet.column("A", FIRST, text_in(runs.ranges["run"].row(runs.first - FIRST)), style="link_label").cell
    for letter, column in zip(list(WIDTHS)[1:], TEXTS):
        shown = lines.of(column, "runs", FIRST - lines.blocks["runs"].first)
        sheet.column(letter, FIRST, text_in(shown), style="link_label")
    columns = [_amounts(sheet, letter, lines, name, number) for number, letter in enumerate(letters, start=-1)]
    whole, rest, of_runs = columns[0]
    for row, part, style in ((TOTAL, whole, "total"), (REST, rest, "number")):
        sheet.put(f"{share_letter}{row}", share_of(part, whole), style=style, format="share")
    share = np.where(is_blank(name), "", share_of(of_runs, whole))
    last = FIRST + sheet.column(share_letter, FIRST, share, style="number", format="share").range.values.size - 1
    sheet.widths({**WIDTHS, **dict.fromkeys(letters, AMOUNTS), share_letter: SHARE})
    sheet.in_units(f"{letters[0]}{TOTAL}:{letters[-1]}{last}", dates.units)
    sheet.freeze(f"B{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return whole


def _amounts(sheet, letter, lines, name, number):
    """A fiscal year, or all of them where the number is below 0: the whole, what belongs to no run, and each run."""

    def amounts(*blocks):
        return lines.in_year(number, *blocks)

    def of_each(block):
        term = amounts(block).row(lines.blocks[block].first - FIRST)
        return Term(term._text, term.value)

    keys, named = lines.range("run_number", *NAMED_BY), amounts(*NAMED_BY)
    position = Term(f"ROW()-{FIRST - 1}", np.arange(1.0, lines.blocks["runs"].size + 1))
    amount = of_each("runs") + of_each("trials") + total_by_number(named, keys, position)
    written = sheet.column(letter, FIRST, np.where(is_blank(name), "", amount), style="number", format="ledger")
    rest = total(amounts(*OF_NONE)) + total(amounts("contingency")) + total_by_number(named, keys, 0.0)
    rest = sheet.put(f"{letter}{REST}", rest, style="number", format="ledger")
    whole = sheet.put(f"{letter}{TOTAL}", total(written.range) + rest, style="total", format="ledger")
    return whole, rest, Term(written.cell._text, np.nan_to_num(np.asarray(amount.value, dtype=float)))
