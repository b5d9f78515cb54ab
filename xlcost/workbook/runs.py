"""The Runs sheet: the table that a reader fills, with drop-downs and spare rows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..columns import RUN_COLUMNS
from ..formula import ROW
from ..lookup import Coded
from ..references import reference
from ..runs import LIMITS, NAME
from .style import heading_style

HEADING, FIRST = 5, 6
SPARE = 25
"""Empty rows under the runs that compute as soon as they are filled."""
LAST_ROW = 1_048_576
"""Of a sheet; in the rows under the spare ones a run is not computed, and a check looks at them."""

WIDTHS = {
    "run": 30,
    "department": 22,
    "cost_center": 13,
    "organization": 28,
    "chip": 28,
    "training_flop": 14,
    "sourcing": 17,
    "vendor": 22,
    "capacity": 18,
    "server_price_per_chip": 17,
    "usd_per_kwh": 17,
}


def letters():
    """The sheet's columns, one a column of a run."""
    return {name: chr(ord("A") + position) for position, name in enumerate(RUN_COLUMNS)}


def write_runs(sheet, checked, inputs, facts, steps):
    """Fill the sheet.

    Returns
    -------
    types.SimpleNamespace
        columns (what `xlcost.model.CostSteps` takes: a term for the same row of another sheet, by column), ranges (by
        column), first and last row, beyond (text of the cells under the spare rows).
    """
    columns, last = letters(), FIRST + len(checked["run"]) + SPARE - 1
    sheet.put("A1", "Training runs", style="title")
    sheet.put(
        "A2",
        "One run a row. Fill the blue cells: a name, a chip, and chips with hours (or chip-hours, or training "
        "compute). Everything else is looked up.",
        style="subtitle",
    )
    sheet.put(
        "A3",
        f"The {SPARE} empty rows at the end compute as soon as they are filled; for more, write the workbook "
        "again with xlcost budget.",
        style="note",
    )
    terms, ranges = {}, {}
    for name, column in RUN_COLUMNS.items():
        letter, is_text = columns[name], column.format == "text"
        sheet.put(f"{letter}{HEADING}", column.heading, style=heading_style(column.format))
        values = checked[name].texts_of_rows() if isinstance(checked[name], Coded) else checked[name]
        blank = np.full(SPARE, "" if is_text else np.nan, dtype=object if is_text else float)
        written = sheet.column(
            letter,
            FIRST,
            np.concatenate([values, blank]),
            style="input_text" if is_text else "input",
            format=column.format,
        )
        terms[name] = reference(NAME, f"{letter}{ROW}", written.range.values, may_miss=not is_text)
        ranges[name] = written.range
    sheet.widths({columns[name]: WIDTHS.get(name, 13) for name in RUN_COLUMNS})
    sheet.height(HEADING, 64)
    sheet.table("Runs_table", f"A{HEADING}:{columns['experiment_factor']}{last}")
    _validations(sheet, columns, last, inputs, facts, steps)
    sheet.freeze(f"B{FIRST}")
    sheet.print_setup(title_rows=f"{HEADING}:{HEADING}", title_cols="A:A")
    beyond = f"{NAME}!$A${last + 1}:${columns['experiment_factor']}${LAST_ROW}"
    return SimpleNamespace(columns=SimpleNamespace(**terms), ranges=ranges, first=FIRST, last=last, beyond=beyond)


def _validations(sheet, columns, last, inputs, facts, steps):
    """Drop-downs for names, limits for numbers, each with a sentence."""
    lists = {"department": inputs.departments, "chip": facts.chip, "sourcing": inputs.sourcing, "vendor": steps.vendors}
    for name, column in RUN_COLUMNS.items():
        cells = f"{columns[name]}{FIRST}:{columns[name]}{last}"
        title, text = column.label[:32], column.help[:255]
        if name in lists:
            # Only a list of departments may be left: such a run counts as "not listed".
            sheet.validate(cells, lists[name], title=title, text=text, strict=name != "department")
        elif name == "mfu":
            sheet.validate(cells, "share", title=title, text=f"{text}: above 0, at most 1")
        elif name in LIMITS:
            at_least = LIMITS[name].get("at_least")
            kind = {None: "positive", 0: "not negative", 1: "at least 1"}[at_least]
            bound = "above 0" if at_least is None else f"of {at_least} or more"
            sheet.validate(cells, kind, title=title, text=f"{text}: a number {bound}")
        elif column.format == "date":
            sheet.validate(cells, "date", title=title, text=f"{text}: a date from 1990 to 2099")
        else:
            sheet.validate(cells, "any", title=title, text=text)
