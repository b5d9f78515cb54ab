"""Sheets on what departments have sent: files and departments, every row that was read, and people's comments."""

from __future__ import annotations

import numpy as np

from ..dates import to_serial
from ..exchange.consolidation.company import ADJUSTMENT, PARTLY, TAKEN
from ..exchange.consolidation.kinds import RUNS
from ..exchange.consolidation.submission import LONG_AGO
from ..lookup import blank_if, number_in, take
from ..totals import count_by_numbers, count_filled, count_numbers, count_where, total, total_by_number, total_where
from .style import heading_style

NAME, RECEIVED, COMMENTS = "Submissions", "Received", "Comments"
SHEETS = NAME, RECEIVED, COMMENTS
HEADING, FIRST = 4, 5

FILES = {
    "number": ("No.", "place", 6),
    "file": ("File", "text", 34),
    "department": ("Department", "text", 24),
    "contact": ("Contact", "text", 22),
    "saved": ("Saved on", "date", 12),
    "edition": ("Price list version", "text", 11),
    "version": ("Template version", "text", 10),
    "status": ("What became of it", "text", 15),
    "counts": ("Counts", "place", 8),
    "read": ("Rows read", "place", 9),
    "taken": ("Taken", "place", 9),
    "rejected": ("Not taken", "place", 9),
    "missing": ("Unaccounted for", "place", 12),
    "sent": ("Runs at the file's prices [USD]", "count", 17),
    "repriced": ("Runs at these prices [USD]", "count", 17),
    "effect": ("Effect of the prices [USD]", "count", 17),
    "comments": ("Comments", "place", 10),
    "why": ("Why, and what was noticed", "text", 70),
}
ROWS = {
    "number": ("File, number", "place", 8),
    "file": ("File", "text", 34),
    "sheet": ("Sheet", "text", 14),
    "row": ("Row", "place", 7),
    "what": ("What", "text", 34),
    "department": ("Department", "text", 24),
    "taken": ("Taken", "place", 8),
    "sent": ("Run at the file's prices [USD]", "count", 17),
    "place": ("Training run, number", "place", 10),
    "repriced": ("Run at these prices [USD]", "count", 17),
    "effect": ("Effect of the prices [USD]", "count", 17),
    "why": ("Why it was not taken", "text", 80),
}


NOTES = (("File", 34), ("Sheet", 16), ("Cell", 8), ("By", 24), ("Comment", 100))


def _letters(columns):
    return {name: chr(ord("A") + at) for at, name in enumerate(columns)}


def _headings(sheet, columns):
    letters = _letters(columns)
    for name, (label, number_format, _) in columns.items():
        sheet.put(f"{letters[name]}{HEADING}", label, style=heading_style(number_format))
    sheet.widths({letters[name]: width for name, (_, _, width) in columns.items()})
    sheet.height(HEADING, 48)
    return letters


def _texts(values):
    return np.array(list(values), dtype=object)


def write_company(sheets, company, runs, costs):
    """Fill the sheets on what was sent; returns their checks."""
    received = write_received(sheets[RECEIVED], company, runs, costs)
    files = write_submissions(sheets[NAME], company, received)
    write_comments(sheets[COMMENTS], company)
    return tuple(submission_checks(files, received, runs, costs))


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
        "it was written with.",
        style="subtitle",
    )
    letters = _headings(sheet, ROWS)
    numbers = {sent.name: float(number) for number, sent in enumerate(company.submissions, start=1)}
    rows = company.received
    values = {
        "number": np.array([numbers[row.file] for row in rows]),
        "file": _texts(row.file for row in rows),
        "sheet": _texts(sheet.text(row.sheet) for row in rows),
        "row": np.array([float(row.row) for row in rows]),
        "what": _texts(row.what for row in rows),
        "department": _texts(row.department for row in rows),
        "taken": np.array([0.0 if row.reason else 1.0 for row in rows]),
        "sent": np.array([row.cost_as_sent for row in rows]),
        "why": _texts(row.reason for row in rows),
    }
    cells, ranges = {}, {}

    def put(name, value):
        is_text = ROWS[name][1] == "text"
        style = "text" if is_text else "number"
        cells[name], ranges[name] = sheet.column(letters[name], FIRST, value, style=style, format=ROWS[name][1])

    for name, value in values.items():
        put(name, value)
    is_run = (cells["sheet"] == sheet.text(RUNS.sheet)) & (cells["taken"] > 0)
    put("place", np.where(is_run, number_in(cells["what"], runs.ranges["run"]), 0.0))
    put("repriced", blank_if(cells["place"] == 0, take(costs.ranges["budget_cost"], cells["place"])))
    put("effect", cells["repriced"] - cells["sent"])
    sheet.freeze(f"F{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return ranges


def write_submissions(sheet, company, received):
    """The files, and the departments that should send.

    Parameters
    ----------
    sheet : Sheet
    company : xlcost.exchange.consolidation.company.Company
    received : dict of str to Range
        Of the sheet Received.

    Returns
    -------
    dict of str to Range
        By `FILES`.
    """
    sheet.put("A1", "Submissions", style="title")
    sheet.put(
        "A2",
        "What departments have sent, and what became of it. Of two files of a department the one saved last counts.",
        style="subtitle",
    )
    letters = _headings(sheet, FILES)
    files = company.submissions
    numbers = np.arange(1.0, len(files) + 1)
    told = {sent.name: [company.reason.get(sent.name, ""), *sent.remarks] for sent in files}
    values = {
        "number": numbers,
        "file": _texts(sent.name for sent in files),
        "department": _texts(sent.department for sent in files),
        "contact": _texts(sent.contact for sent in files),
        "saved": np.array([np.nan if sent.saved == LONG_AGO else float(to_serial(sent.saved)) for sent in files]),
        "edition": _texts(sent.edition for sent in files),
        "version": _texts(str(sent.version or "") for sent in files),
        "status": _texts(sheet.text(company.status[sent.name]) for sent in files),
        "counts": np.array([float(company.status[sent.name] in (TAKEN, PARTLY, ADJUSTMENT)) for sent in files]),
        "read": np.array([float(sent.rows) for sent in files]),
        "comments": np.array([float(len(sent.comments)) for sent in files]),
        "why": _texts("; ".join(filter(None, told[sent.name])) for sent in files),
    }
    cells, ranges = {}, {}

    def put(name, value):
        style = "text" if FILES[name][1] == "text" else "number"
        cells[name], ranges[name] = sheet.column(letters[name], FIRST, value, style=style, format=FILES[name][1])

    for name, value in values.items():
        put(name, value)
    number = cells["number"]
    for name, taken in (("taken", 1.0), ("rejected", 0.0)):
        put(name, count_by_numbers((received["number"], number), (received["taken"], taken)))
    put("missing", cells["read"] - cells["taken"] - cells["rejected"])
    for name in ("sent", "repriced", "effect"):
        put(name, total_by_number(received[name], received["number"], number))
    last = FIRST + len(files)
    sheet.put(f"A{last}", "All files", style="total_label")
    for name, letter in letters.items():
        if name in ("read", "taken", "rejected", "missing", "sent", "repriced", "effect", "comments"):
            sheet.put(f"{letter}{last}", total(ranges[name]), style="total", format=FILES[name][1])
        elif name != "number":
            sheet.put(f"{letter}{last}", "", style="total")
    row = _departments(sheet, last + 2, company, ranges)
    _overlaps(sheet, row, company)
    sheet.conditional(f"H{FIRST}:H{last - 1}", f"$I{FIRST}=0", "wrong")
    sheet.freeze(f"C{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return ranges


def _departments(sheet, row, company, files):
    sheet.put(f"A{row}", "Departments", style="section")
    for letter, heading in zip("BC", ("Department", "Sent")):
        sheet.put(f"{letter}{row + 1}", heading, style="heading")
    sent = [each.department for each in company.submissions if company.status[each.name] != ADJUSTMENT]
    sent = list(filter(None, sent))
    names = list({name.casefold(): name for name in (*reversed(sent), *reversed(company.expected))}.values())
    first = row + 2
    for at, name in enumerate(sorted(names, key=str.casefold), start=first):
        shown = sheet.put(f"B{at}", name, style="text", as_is=True)
        counted = total_where(files["counts"], files["department"], shown)
        sheet.put(f"C{at}", np.where(counted > 0, sheet.text("yes"), sheet.text("not yet")), style="text")
    sheet.conditional(f"C{first}:C{first + len(names) - 1}", f'$C{first}="{sheet.text("not yet")}"', "wrong")
    return first + len(names) + 1


def _overlaps(sheet, row, company):
    if not company.overlaps:
        return
    sheet.put(f"A{row}", "In several files", style="section")
    for at, overlap in enumerate(company.overlaps, start=row + 1):
        sheet.put(f"B{at}", sheet.sentence(overlap.sentence, **overlap._asdict()), style="note")


def write_comments(sheet, company):
    """What people have noted on cells of their files."""
    sheet.put("A1", "Comments", style="title")
    sheet.put(
        "A2", "What people have noted on cells of the files that they sent, in their own words.", style="subtitle"
    )
    rows = [(sent.name, *comment) for sent in company.submissions for comment in sent.comments]
    for (heading, width), letter, values in zip(NOTES, "ABCDE", zip(*rows) if rows else ((),) * len(NOTES)):
        sheet.put(f"{letter}{HEADING}", heading, style="heading")
        sheet.widths({letter: width})
        if rows:
            sheet.column(letter, FIRST, _texts(values), style="text")
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
