"""A department's workbook: runs, people and other costs to fill, with what they cost beside them at once."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter

from .. import catalog as catalogs
from ..budget.columns import OTHER_COLUMNS
from ..budget.tables import OTHER
from ..columns import RUN_COLUMNS
from ..errors import XlcostError
from ..formula import ROW, Term
from ..languages import language_of
from ..lookup import is_blank, text_in
from ..overview import PREVIEW
from ..project_columns import ROLE_COLUMNS
from ..totals import count_filled, count_inverted, count_outside, count_text, count_where
from . import checks, costs, inputs, other_costs, overview, prices, runs, staff, steps
from .book import Book
from .style import heading_style

SHEETS = (
    *(overview.NAME, runs.NAME, staff.NAME, OTHER.name),
    *(costs.NAME, inputs.NAME, prices.NAME, steps.NAME, checks.NAME),
)
"""Sheets in the order in which they are read."""
FIXED = inputs.NAME, prices.NAME
"""Sheets whose figures are the same for all departments."""
FREE = {overview.NAME: 5, runs.NAME: 28, staff.NAME: 69, OTHER.name: 19}
"""Numbers of the columns from which on there is room for notes."""
RUNS, MOST_RUNS = 40, 5_000
PEOPLE, OTHERS = 30, 30
"""Rows of Staff and of Other costs."""
CURRENCIES = ["USD", "EUR", "GBP", "JPY", "CNY", "KRW", "INR", "CAD", "CHF", "AED"]
DOLLARS_ALONE = SimpleNamespace(currencies=CURRENCIES, first_rates=None)
"""Currencies of a workbook that has no exchange rates: they come with the budget."""
MORE = "All {n} rows compute as soon as they are filled; who sent this workbook can send one with more."
COMPLETE = "complete"
HELPS = {
    "department": "Only where another department pays; yours, as on Overview, where empty",
    "account": "Of the ledger, where you know it",
    "phase": "Stage of a release, where there are such",
    "currency": "USD where empty",
}
"""What the help of a column says here, where it leads to a sheet of the budget elsewhere."""
LEFT = 2
"""Columns of the preview to the left of what is filled in, where they stay in sight."""


def write_department(path, department="", language=None, runs=RUNS, edition=None, replace=False):
    """Write a workbook for a department to fill.

    Parameters
    ----------
    path : path-like
        The .xlsx file to write.
    department : str
        Its name; "" where the department writes it.
    language : str, optional
        One of `xlcost.languages.language_codes`; English by default.
    runs : int
        Rows for runs.
    edition : str, optional
        The newest by default.
    replace : bool, default False
        Whether an existing file may be replaced.

    Raises
    ------
    XlcostError
        There is no such language or edition, the number of rows cannot be, or the file cannot be written.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise XlcostError(f"a template has 1 to {MOST_RUNS:,} rows for runs, not {runs}")
    book(catalogs.load(edition), department, language_of(language or "en"), runs).save(path, replace)


def book(facts, department, language, size, given=None):
    """The workbook before it is written.

    Parameters
    ----------
    facts : Catalog
    department : str
    language : Language
    size : int
        Rows for runs.
    given : xlcost.exchange.given.Given, optional
        What a file holds that came back.
    """
    edition = datetime.date(*map(int, facts.edition.split("-")), 1)
    made = Book("AI training costs of a department", edition, language, given)
    sheet = {name: made.sheet(name) for name in SHEETS}
    for name in SHEETS:
        sheet[name].is_fixed = name in FIXED
        sheet[name].protect()
    for name, column in FREE.items():
        sheet[name].leave_free(column)
    whose = overview.write_identity(sheet[overview.NAME], department, facts)
    given = inputs.write_inputs(made, sheet[inputs.NAME], facts, whose.departments)
    priced = prices.write_prices(made, sheet[prices.NAME], facts, given)
    inputs.write_estimates(sheet[inputs.NAME], given.next_row, priced.estimates)
    stepped = steps.write_steps(sheet[steps.NAME], facts)
    filled = runs.write_runs(
        sheet[runs.NAME], _nothing(RUN_COLUMNS), given, priced, stepped, _told(RUN_COLUMNS), size, LEFT + 1, MORE
    )
    own = filled.columns.department
    filled.columns.department = np.where(is_blank(own), text_in(whose.department), own)
    people = staff.write_staff(sheet[staff.NAME], _nothing(ROLE_COLUMNS), filled, given, DOLLARS_ALONE, spare=PEOPLE)
    others = other_costs.write_other_costs(
        sheet[OTHER.name], _nothing(OTHER_COLUMNS), given, filled, CURRENCIES, _told(OTHER_COLUMNS), OTHERS
    )
    looked_up = costs.looked_up(given, priced, stepped)
    computed = costs.write_costs(sheet[costs.NAME], filled, looked_up, given, any_department=True)
    shown = _preview(sheet[runs.NAME], filled, computed)
    lines = [*_lines(sheet[checks.NAME], whose, filled, computed, people, others, shown)]
    master = checks.put_lines(made, sheet[checks.NAME], lines, [False] * len(lines), see="Shown on Overview")
    overview.write_state(sheet[overview.NAME], whose, filled, shown, people, others, master)
    return made


def _nothing(columns):
    """A table without a row."""
    return {name: np.zeros(0, dtype=object if column.format == "text" else float) for name, column in columns.items()}


def _told(columns):
    """Columns with the help that leads nowhere else."""
    return {name: column._replace(help=HELPS[name]) if name in HELPS else column for name, column in columns.items()}


def _preview(sheet, filled, computed):
    """What each run costs and what it lacks, beside its row; gives the columns by name, and which rows are begun."""
    begun, state = _state(sheet, filled, computed)
    cost, note = (computed.ranges[name].row()._text for name in ("budget_cost", "note"))
    values = {name: computed.ranges[name].values for name in ("budget_cost", "note")}
    terms = {
        "state": state,
        "cost": Term(f'IF(ISNUMBER({cost}),{cost},"")', values["budget_cost"], guarded=True),
        "note": Term(f'IF(ISERROR({note}),"",{note})', values["note"]),
    }
    letters = {"state": "A", "cost": "B", "note": _after(filled)}
    shown = {}
    for column in PREVIEW:
        letter = letters[column.name]
        sheet.put(f"{letter}{runs.HEADING}", column.heading_in(sheet.language), style=heading_style(column.format))
        style = {"cost": "result", "note": "note_wrapped"}.get(column.name, "check_left")
        written = sheet.column(letter, runs.FIRST, terms[column.name], style=style, format=column.format)
        shown[column.name] = written.range
    shown["begun"] = begun
    sheet.widths({"A": 26, "B": 14, letters["note"]: 140})
    cells = f"A{runs.FIRST}:A{filled.last}"
    first, complete = f"$A{runs.FIRST}", sheet.text(COMPLETE)
    sheet.conditional(cells, f'{first}="{complete}"', "ok")
    sheet.conditional(cells, f'AND({first}<>"",{first}<>"{complete}")', "wrong")
    return shown


def _after(filled):
    """Letter of the column to the right of a table."""
    return get_column_letter(column_index_from_string(list(filled.filled.letters.values())[-1]) + 1)


def _state(sheet, filled, computed):
    """Number of rows with anything in them, and what each row lacks."""
    letters = list(filled.filled.letters.values())
    anything = np.any([_is_filled(cells.values) for cells in filled.ranges.values()], axis=0)
    name, chip = (filled.columns.__dict__[column] for column in ("run", "chip"))
    found, hours, cost = (computed.ranges[step].row()._text for step in ("chip_row", "chip_hours_used", "budget_cost"))
    lacks = (
        (f"COUNTA({letters[0]}{ROW}:{letters[-1]}{ROW})=0", ~anything, ""),
        (f'{name._text}=""', name.value == "", "name missing"),
        (f'{chip._text}=""', chip.value == "", "chip missing"),
        (f"ISERROR({found})", np.isnan(computed.ranges["chip_row"].values), "chip not in the list"),
        (f'{hours}=""', np.isnan(computed.ranges["chip_hours_used"].values), "chips and hours missing"),
        (f"NOT(ISNUMBER({cost}))", np.isnan(computed.ranges["budget_cost"].values), "no price or power: see the note"),
    )
    text, said = f'"{sheet.text(COMPLETE)}"', np.full(len(anything), sheet.text(COMPLETE), dtype=object)
    for condition, holds, english in reversed(lacks):
        what = sheet.text(english) if english else ""
        text, said = f'IF({condition},"{what}",{text})', np.where(holds, what, said)
    rows = "+".join(f'({cells._text}<>"")' for cells in filled.ranges.values())
    return Term(f"SUMPRODUCT((({rows})>0)*1)", float(anything.sum())), Term(text, said)


def _is_filled(values):
    return values != "" if values.dtype.kind in "OUT" else ~np.isnan(values)


def _lines(sheet, whose, filled, computed, people, others, shown):
    """What must hold before the workbook is sent back: label, found, expected, advice."""
    none, rows = 0.0, others.ranges
    for label, cells in (
        ("The department is named", whose.departments),
        ("Somebody can be asked about the figures", whose.contacts),
    ):
        yield label, count_filled(cells), 1.0, "Write it into the blue cell on Overview"
    complete = count_where(shown["state"], sheet.text(COMPLETE))
    yield "Every row of Runs is complete", complete, shown["begun"], "State, to the left of the run, says what it lacks"
    yield from checks.of_runs(computed, filled)
    yield from checks.of_staff(people.ranges, has_rates=False)
    yield (
        "Rows of Staff whose run is not on Runs",
        count_where(people.ranges["run_found"], 0.0),
        none,
        "On Staff, choose the run from the list",
    )
    yield (
        "Rows of Other costs without an item, an amount or a first month",
        _lacking(rows, "item", "amount") + _lacking(rows, "item", "start") + _lacking(rows, "amount", "item"),
        none,
        "On Other costs, each has an item, an amount and the month in which it begins",
    )
    yield (
        "Numbers and dates on Other costs that cannot be",
        count_outside(rows["amount"], **OTHER.limits["amount"])
        + count_inverted(rows["start"], rows["end"])
        + count_text(rows["amount"])
        + count_text(rows["start"])
        + count_text(rows["end"]),
        none,
        "Type amounts and dates as such, without units; the last month is not before the first",
    )
    yield from checks.of_rows_under(sheet, {staff.NAME: people.beyond, OTHER.name: others.beyond})


def _lacking(rows, given, lacking):
    """Number of rows that have the one and lack the other."""
    one, other = rows[given], rows[lacking]
    value = float((_is_filled(one.values) & ~_is_filled(other.values)).sum())
    return Term(f'SUMPRODUCT(({one._text}<>"")*({other._text}=""))', value)
