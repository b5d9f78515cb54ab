"""The Runs sheet: the table that a reader fills, with drop-downs and spare rows."""

from __future__ import annotations

from types import SimpleNamespace

from openpyxl.utils import get_column_letter

from ..columns import CHOICES, RUN_COLUMNS
from ..lookup import Coded
from ..runs import LIMITS, NAME
from .filled import Filled, number_validation

__all__ = ["NAME", "letters", "write_runs"]

HEADING, FIRST = 5, 6
SPARE = 25
"""Empty rows under the runs that compute as soon as they are filled."""
MORE = (
    "The {n} empty rows at the end compute as soon as they are filled; for more, write the workbook again with xlcost "
    "budget."
)

SCALE = 63
"""Percent: a table that can be read goes on two pages, on Letter too."""
WIDTHS = {
    "run": 26,
    "department": 20,
    "cost_center": 13,
    "organization": 29,
    "chip": 26,
    "training_flop": 13,
    "sourcing": 17,
    "vendor": 18,
    "capacity": 18,
    "server_price_per_chip": 14,
    "usd_per_kwh": 14,
}


def letters():
    """The sheet's columns, one a column of a run."""
    return {name: chr(ord("A") + position) for position, name in enumerate(RUN_COLUMNS)}


def write_runs(sheet, checked, inputs, facts, steps, columns=RUN_COLUMNS, spare=SPARE, begin=1, more=MORE):
    """Fill the sheet.

    Parameters
    ----------
    checked : dict of str to column
        As `xlcost.runs.check_runs` gives them.
    inputs, facts, steps : types.SimpleNamespace
        What drop-downs offer.
    columns : dict of str to Column
        Those of a run, where their help says something else.
    spare : int
        Empty rows under the runs.
    begin : int, default 1
        Number of the first column.
    more : str
        How many rows there are, and what to do for more.

    Returns
    -------
    types.SimpleNamespace
        columns (what `xlcost.model.CostSteps` takes: a term for the same row of another sheet, by column), ranges (by
        column), first and last row, beyond (text of the cells under the spare rows), filled (the `Filled`).
    """
    sheet.put("A1", "Training runs", style="title")
    # The name on every page, with what stands beside it; what is said above them is on the first page alone.
    beside = get_column_letter(max(begin, 2))
    said = get_column_letter(max(begin, 2) + 1)
    sheet.put(
        f"{said}2",
        "One run a row. Fill the blue cells: a name, a chip, and chips with hours (or chip-hours, or training "
        "compute). Everything else is looked up.",
        style="subtitle",
    )
    sheet.put(
        f"{said}3",
        sheet.sentence(more, n=str(spare)),
        style="remark",
    )
    values = {name: column.texts_of_rows() if isinstance(column, Coded) else column for name, column in checked.items()}
    filled = Filled(sheet, columns, {name: values[name] for name in columns}, HEADING, spare, WIDTHS, begin)
    last, (first_letter, *_, last_letter) = filled.last, filled.letters.values()
    sheet.height(HEADING, 64)
    sheet.table("Runs_table", f"{first_letter}{HEADING}:{last_letter}{last}")
    _validations(filled, inputs, facts, steps)
    sheet.freeze(f"{get_column_letter(begin + 1)}{FIRST}")
    sheet.print_setup(title_rows=f"{HEADING}:{HEADING}", title_cols=f"A:{beside}", fit_width=False, scale=SCALE)
    return SimpleNamespace(
        columns=SimpleNamespace(**filled.terms),
        ranges=filled.ranges,
        first=FIRST,
        last=last,
        beyond=filled.beyond,
        filled=filled,
    )


def _validations(filled, inputs, facts, steps):
    """Drop-downs for names, limits for numbers, each with a sentence."""
    lists = {name: list(choices) for name, choices in CHOICES.items()}
    lists |= {
        "department": inputs.departments,
        "chip": facts.chip,
        "sourcing": inputs.sourcing,
        "vendor": steps.vendors,
    }
    for name, column in RUN_COLUMNS.items():
        if name in lists:
            # Only a list of departments may be left: such a run counts as "not listed".
            filled.validate(name, lists[name], strict=name != "department")
        elif name == "mfu":
            filled.validate(name, "share", "above 0, at most 1")
        elif name in LIMITS:
            filled.validate(name, *number_validation(LIMITS[name]))
        elif column.format == "date":
            filled.validate(name, "date", "a date from 1990 to 2099")
        else:
            filled.validate(name, "any")
