"""Sheets on what departments have sent: files and departments, every row that was read, and people's comments."""

from __future__ import annotations

import numpy as np

from ..comparison import fold
from ..dates import to_serial
from ..exchange.consolidation.company import ADJUSTMENT, PARTLY, TAKEN
from ..exchange.consolidation.kinds import RUNS
from ..exchange.consolidation.submission import LONG_AGO
from ..lookup import blank_if, number_in, take
from ..sentences import said
from ..totals import count_by_numbers, count_filled, count_numbers, count_where, total, total_by_number, total_where
from . import capacity_received, other_currencies
from .received_tables import (
    AMOUNT,
    DEPARTMENT,
    FILE,
    FILE_NUMBER,
    FIRST,
    HEADING,
    ROW,
    WHAT,
    WIDTH_OF_AMOUNT,
    Table,
    origins,
    texts_of,
)

NAME, RECEIVED, COMMENTS = "Submissions", "Received", "Comments"
SHEETS = NAME, RECEIVED, other_currencies.NAME, capacity_received.NAME, COMMENTS
SCALE = 75
"""Percent at most: what became of the files goes on one page, what it costs on two others."""

FILES = {
    "number": ("No.", "place", 6),
    "file": FILE,
    "department": DEPARTMENT,
    "contact": ("Contact", "text", 22),
    "saved": ("Saved on", "date", 12),
    "edition": ("Price list version", "text", 11),
    "version": ("Template version", "text", 10),
    "status": ("What became of it", "text", 15),
    "counts": ("Counts", "place", 8),
    "read": ("Rows read", "place", 9),
    "taken": ("Taken", "place", 9),
    "rejected": ("Not taken", "place", 9),
    "missing": ("Unaccounted for", "place", 13),
    "sent": ("Runs at the file's prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "repriced": ("Runs at these prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "effect": ("Effect of the prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "capacity_sent": ("Capacity at the file's prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "capacity_repriced": ("Capacity at these prices [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "capacity_effect": ("Effect on capacity [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "foreign_sent": ("Other currencies at the file's rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "exchanged": ("Other currencies at these rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "exchange_effect": ("Effect of the rates [USD]", AMOUNT, WIDTH_OF_AMOUNT),
    "comments": ("Comments", "place", 10),
    "why": ("Why, and what was noticed", "text", 44),
}
OF_RUNS = "sent", "repriced", "effect"
SUMMED = (
    *("read", "taken", "rejected", "missing"),
    *(*OF_RUNS, *capacity_received.SUMMED, *other_currencies.SUMMED),
    "comments",
)
ROWS = {
    "number": FILE_NUMBER,
    "file": FILE,
    "sheet": ("Sheet", "text", 14),
    "row": ROW,
    "what": WHAT,
    "department": DEPARTMENT,
    "taken": ("Taken", "place", 8),
    "sent": ("Run at the file's prices [USD]", "count", 15),
    "place": ("Training run, number", "place", 10),
    "repriced": ("Run at these prices [USD]", "count", 15),
    "effect": ("Effect of the prices [USD]", "count", 15),
    "why": ("Why it was not taken", "text", 44),
}

NOTES = {
    "file": FILE,
    "sheet": ("Sheet", "text", 16),
    "cell": ("Cell", "text", 8),
    "author": ("By", "text", 24),
    "comment": ("Comment", "text", 100),
}


def write_company(sheets, company, runs, costs, calendar, capacity, drivers):
    """Fill the sheets on what was sent; returns their checks."""
    received = write_received(sheets[RECEIVED], company, runs, costs)
    foreign = other_currencies.write_currencies(sheets[other_currencies.NAME], company, calendar)
    had = capacity_received.write_capacity_received(sheets[capacity_received.NAME], company, capacity, drivers)
    files = write_submissions(sheets[NAME], company, received, had, foreign)
    write_comments(sheets[COMMENTS], company)
    return (
        *submission_checks(files, received, runs, costs),
        *capacity_received.capacity_checks(had, capacity, drivers),
    )


def write_received(sheet, company, runs, costs):
    """Every row that was read: where it stood, whether it is taken, and what a run costs here.

    Returns
    -------
    dict of str to Range
        By `ROWS`.
    """
    sheet.put("A1", "Rows received", style="title")
    sheet.put(
        "A2",
        "Every row of every file. A row that is not taken says why. The file's prices are those of the price list that "
        "it was written with, with its own settings.",
        style="subtitle",
    )
    table, rows = Table(sheet, ROWS), company.received
    table.put_all(
        {
            **origins(sheet, company, rows),
            "sheet": texts_of(sheet.text(row.sheet) for row in rows),
            "taken": np.array([0.0 if row.reason else 1.0 for row in rows]),
            "sent": np.array([row.cost_as_sent for row in rows]),
            "why": texts_of(said(row.reason, sheet.language) for row in rows),
        }
    )
    cells = table.cells
    is_run = (cells["sheet"] == sheet.text(RUNS.sheet)) & (cells["taken"] > 0)
    table.put("place", np.where(is_run, number_in(cells["what"], runs.ranges["run"]), 0.0))
    table.put("repriced", blank_if(cells["place"] == 0, take(costs.ranges["budget_cost"], cells["place"])))
    table.put("effect", cells["repriced"] - cells["sent"])
    sheet.freeze(f"F{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return table.ranges


def write_submissions(sheet, company, received, had, foreign):
    """The files, and the departments that should send.

    Parameters
    ----------
    sheet : Sheet
    company : xlcost.exchange.consolidation.company.Company
    received, had, foreign : dict of str to Range
        Of the sheets Received, Capacity received and Other currencies.

    Returns
    -------
    dict of str to Range
        By `FILES`.
    """
    sheet.put("A1", "Submissions", style="title")
    sheet.put(
        "A2",
        "What departments have sent, and what became of it.",
        style="subtitle",
    )
    # On printed pages of costs there is no room for more than this beside the names of the files.
    sheet.put("A3", "Of two files of a department the one saved last counts.", style="remark")
    table, files = Table(sheet, FILES), company.submissions
    values = {
        "number": np.arange(1.0, len(files) + 1),
        "file": texts_of(sent.name for sent in files),
        "department": texts_of(sent.department for sent in files),
        "contact": texts_of(sent.contact for sent in files),
        "saved": np.array([np.nan if sent.saved == LONG_AGO else float(to_serial(sent.saved)) for sent in files]),
        "edition": texts_of(sent.edition for sent in files),
        "version": texts_of(str(sent.version or "") for sent in files),
        "status": texts_of(sheet.text(company.status[sent.name]) for sent in files),
        "counts": np.array([float(company.status[sent.name] in (TAKEN, PARTLY, ADJUSTMENT)) for sent in files]),
        "read": np.array([float(sent.rows) for sent in files]),
        "comments": np.array([float(len(sent.comments)) for sent in files]),
        "why": texts_of(said(company.told(sent.name), sheet.language) for sent in files),
    }
    table.put_all(values)
    cells, ranges, number = table.cells, table.ranges, table.cells["number"]
    for name, taken in (("taken", 1.0), ("rejected", 0.0)):
        table.put(name, count_by_numbers((received["number"], number), (received["taken"], taken)))
    table.put("missing", cells["read"] - cells["taken"] - cells["rejected"])
    for names, rows in (
        (OF_RUNS, received),
        (capacity_received.SUMMED, had),
        (other_currencies.SUMMED, foreign),
    ):
        for name in names:
            table.put(name, total_by_number(rows[name], rows["number"], number))
    last = FIRST + len(files)
    table.sum_up(last, SUMMED)
    row = _departments(sheet, last + 2, company, ranges, received)
    _overlaps(sheet, row, company)
    sheet.conditional(f"H{FIRST}:H{last - 1}", f"$I{FIRST}=0", "wrong")
    sheet.freeze(f"C{FIRST}")
    letters, end = table.letters, sheet.height_of_cells()
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        title_cols="A:C",
        fit_width=False,
        scale=SCALE,
        areas=(
            f"A1:{letters['missing']}{end}",
            f"{letters['sent']}1:{letters['capacity_effect']}{last}",
            f"{letters['foreign_sent']}1:{letters['why']}{last}",
        ),
    )
    return ranges


def _departments(sheet, row, company, files, received):
    """Who should send, and who has: a file of its own, or rows in the file of somebody else."""
    sheet.put(f"A{row}", "Departments", style="section")
    for letter, heading in zip("BC", ("Department", "Sent")):
        sheet.put(f"{letter}{row + 1}", heading, style="heading")
    sent = [each.department for each in company.submissions if company.status[each.name] != ADJUSTMENT]
    sent = list(filter(None, sent))
    names = list({fold(name): name for name in (*reversed(sent), *reversed(company.expected))}.values())
    names, first, not_yet = sorted(names, key=fold), row + 2, sheet.text("not yet")
    if names:
        shown = sheet.column("B", first, texts_of(names), style="text").cell
        counted = total_where(files["counts"], files["department"], shown)
        elsewhere = total_where(received["taken"], received["department"], shown)
        state = np.where(elsewhere > 0, sheet.text("in another file"), not_yet)
        sheet.column("C", first, np.where(counted > 0, sheet.text("yes"), state), style="text")
        sheet.conditional(f"C{first}:C{first + len(names) - 1}", f'$C{first}="{not_yet}"', "wrong")
    return first + len(names) + 1


def _overlaps(sheet, row, company):
    if not company.overlaps:
        return
    sheet.put(f"A{row}", "In several files", style="section")
    for at, overlap in enumerate(company.overlaps, start=row + 1):
        sheet.put(f"B{at}", said(overlap, sheet.language), style="note", as_is=True)


def write_comments(sheet, company):
    """What people have noted on cells of their files."""
    sheet.put("A1", "Comments", style="title")
    sheet.put(
        "A2", "What people have noted on cells of the files that they sent, in their own words.", style="subtitle"
    )
    table = Table(sheet, NOTES)
    rows = [(sent.name, *comment) for sent in company.submissions for comment in sent.comments]
    for name, values in zip(NOTES, zip(*rows)):
        table.put(name, texts_of(values))
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")


def submission_checks(files, received, runs, costs):
    """What must hold of the files and the rows of them: label, found, expected, advice.

    Parameters
    ----------
    files, received : dict of str to Range
    runs, costs : types.SimpleNamespace
    """
    yield (
        "Rows of files that are neither taken nor said why not",
        total(files["missing"]),
        0.0,
        "See Submissions and Received",
    )
    yield (
        "All runs come from files",
        count_filled(runs.ranges["run"]),
        count_numbers(received["place"]) - count_where(received["place"], 0.0),
        "See Received; a run that is typed in here came in no file",
    )
    yield (
        "Costs of the runs received add up to those of all runs",
        total(received["repriced"]),
        total(costs.ranges["budget_cost"]),
        "See Received",
    )
