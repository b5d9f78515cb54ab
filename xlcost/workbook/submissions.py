"""Sheets on what departments have sent: files and departments, every row that was read, and people's comments."""

from __future__ import annotations

import numpy as np

from ..budget.exchange import in_dollars, months_in_years
from ..comparison import fold
from ..date_parts import month, year
from ..dates import to_serial
from ..equations.parameters import MONTHS_PER_YEAR
from ..exchange.consolidation.as_sent import Foreign
from ..exchange.consolidation.company import ADJUSTMENT, PARTLY, TAKEN
from ..exchange.consolidation.kinds import RUNS
from ..exchange.consolidation.submission import LONG_AGO
from ..lookup import blank_if, number_in, take
from ..sentences import said
from ..totals import count_by_numbers, count_filled, count_numbers, count_where, total, total_by_number, total_where
from .style import heading_style

NAME, RECEIVED, CURRENCIES, COMMENTS = "Submissions", "Received", "Other currencies", "Comments"
SHEETS = NAME, RECEIVED, CURRENCIES, COMMENTS
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
    "sent": ("Runs at the file's prices [USD]", "ledger", 17),
    "repriced": ("Runs at these prices [USD]", "ledger", 17),
    "effect": ("Effect of the prices [USD]", "ledger", 17),
    "comments": ("Comments", "place", 10),
    "why": ("Why, and what was noticed", "text", 70),
    "foreign_sent": ("Other currencies at the file's rates [USD]", "ledger", 17),
    "exchanged": ("Other currencies at these rates [USD]", "ledger", 17),
    "exchange_effect": ("Effect of the rates [USD]", "ledger", 17),
}
SUMMED = ("read", "taken", "rejected", "missing", "sent", "repriced", "effect", "comments")
SUMMED += ("foreign_sent", "exchanged", "exchange_effect")
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

FOREIGN = {
    "number": ("File, number", "place", 8),
    "file": ("File", "text", 34),
    "row": ("Row", "place", 7),
    "what": ("What", "text", 34),
    "department": ("Department", "text", 24),
    "currency": ("Currency", "text", 10),
    "amount": ("Amount, of a month where it is monthly", "count", 17),
    "start": ("From", "day", 12),
    "months": ("Months", "place", 9),
    "foreign_sent": ("At the file's rates [USD]", "count", 17),
    "exchanged": ("At these rates [USD]", "count", 17),
    "exchange_effect": ("Effect of the rates [USD]", "count", 17),
    "place": ("Currency, number", "place", 10),
    "month": ("First month, counted from year 0", "place", 12),
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


class _Table:
    """Columns of a sheet under their headings, by name."""

    def __init__(self, sheet, columns):
        self.sheet, self.columns, self.letters = sheet, columns, _headings(sheet, columns)
        self.cells, self.ranges = {}, {}

    def put(self, name, value):
        _, number_format, _ = self.columns[name]
        style = "text" if number_format == "text" else "number"
        self.cells[name], self.ranges[name] = self.sheet.column(
            self.letters[name], FIRST, value, style=style, format=number_format
        )


def write_company(sheets, company, runs, costs, calendar):
    """Fill the sheets on what was sent; returns their checks."""
    received = write_received(sheets[RECEIVED], company, runs, costs)
    foreign = write_currencies(sheets[CURRENCIES], company, calendar)
    files = write_submissions(sheets[NAME], company, received, foreign)
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
        "it was written with, with its own settings.",
        style="subtitle",
    )
    table, numbers, rows = _Table(sheet, ROWS), _numbers(company), company.received
    values = {
        "number": np.array([numbers[row.file] for row in rows]),
        "file": _texts(row.file for row in rows),
        "sheet": _texts(sheet.text(row.sheet) for row in rows),
        "row": np.array([float(row.row) for row in rows]),
        "what": _texts(row.what for row in rows),
        "department": _texts(row.department for row in rows),
        "taken": np.array([0.0 if row.reason else 1.0 for row in rows]),
        "sent": np.array([row.cost_as_sent for row in rows]),
        "why": _texts(said(row.reason, sheet.language) for row in rows),
    }
    for name, value in values.items():
        table.put(name, value)
    cells = table.cells
    is_run = (cells["sheet"] == sheet.text(RUNS.sheet)) & (cells["taken"] > 0)
    table.put("place", np.where(is_run, number_in(cells["what"], runs.ranges["run"]), 0.0))
    table.put("repriced", blank_if(cells["place"] == 0, take(costs.ranges["budget_cost"], cells["place"])))
    table.put("effect", cells["repriced"] - cells["sent"])
    sheet.freeze(f"F{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return table.ranges


def _numbers(company):
    """Numbers of the files, as Submissions has them."""
    return {sent.name: float(number) for number, sent in enumerate(company.submissions, start=1)}


def write_currencies(sheet, company, calendar):
    """What costs in other currencies than US dollars come to, at the rates of their files and at the company's.

    Returns
    -------
    dict of str to Range
        By `FOREIGN`.
    """
    sheet.put("A1", "Costs in other currencies", style="title")
    sheet.put(
        "A2",
        "Rows of Other costs that are taken and not in US dollars: at the rates of the file, where it is a budget that "
        "has some, and at those of Calendar. Without growth of prices.",
        style="subtitle",
    )
    within, rates = (
        {
            f"{name} {number}": (sheet.sentence(heading, year=shown), number_format, 11)
            for number, shown in enumerate(calendar.years_shown)
        }
        for name, heading, number_format in (
            ("months", "Months in {year}", "place"),
            ("rate", "Units for 1 USD in {year}", "precise"),
        )
    )
    table, numbers = _Table(sheet, FOREIGN | within | rates), _numbers(company)
    rows = [row for row in company.received if row.foreign is not None]
    of = [row.foreign for row in rows] or [Foreign("", 0.0, 0.0, 0.0, np.nan)]
    values = {
        "number": [numbers[row.file] for row in rows] or [0.0],
        "file": _texts([row.file for row in rows] or [sheet.text("none")]),
        "row": [float(row.row) for row in rows] or [0.0],
        "what": _texts([row.what for row in rows] or [""]),
        "department": _texts([row.department for row in rows] or [""]),
        "currency": _texts(each.currency for each in of),
        "amount": [each.amount for each in of],
        "start": [each.start for each in of],
        "months": [each.months for each in of],
        "foreign_sent": [each.usd_as_sent for each in of],
    }
    for name, value in values.items():
        table.put(name, np.asarray(value))
    cells = table.cells
    table.put("place", number_in(cells["currency"], calendar.currencies))
    start = cells["start"]
    table.put("month", np.where(start > 0, year(start) * MONTHS_PER_YEAR + month(start), 0.0))
    for name, months in zip(within, months_in_years(cells["month"], cells["months"], calendar.year_months)):
        table.put(name, months)
    for name, listed in zip(rates, calendar.rates):
        table.put(name, np.where(cells["place"] > 0, take(listed, cells["place"]), 0.0))
    table.put("exchanged", in_dollars(cells["amount"], *([cells[name] for name in each] for each in (within, rates))))
    table.put("exchange_effect", cells["exchanged"] - cells["foreign_sent"])
    last = FIRST + len(of)
    sheet.put(f"A{last}", "All files", style="total_label")
    for name, letter in table.letters.items():
        if name in ("foreign_sent", "exchanged", "exchange_effect"):
            sheet.put(f"{letter}{last}", total(table.ranges[name]), style="total", format="count")
        elif name != "number":
            sheet.put(f"{letter}{last}", "", style="total")
    sheet.freeze(f"C{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return table.ranges


def write_submissions(sheet, company, received, foreign):
    """The files, and the departments that should send.

    Parameters
    ----------
    sheet : Sheet
    company : xlcost.exchange.consolidation.company.Company
    received, foreign : dict of str to Range
        Of the sheets Received and Other currencies.

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
    table, files = _Table(sheet, FILES), company.submissions
    values = {
        "number": np.arange(1.0, len(files) + 1),
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
        "why": _texts(said(company.told(sent.name), sheet.language) for sent in files),
    }
    for name, value in values.items():
        table.put(name, value)
    cells, ranges, number = table.cells, table.ranges, table.cells["number"]
    for name, taken in (("taken", 1.0), ("rejected", 0.0)):
        table.put(name, count_by_numbers((received["number"], number), (received["taken"], taken)))
    table.put("missing", cells["read"] - cells["taken"] - cells["rejected"])
    for name in ("sent", "repriced", "effect"):
        table.put(name, total_by_number(received[name], received["number"], number))
    for name in ("foreign_sent", "exchanged", "exchange_effect"):
        table.put(name, total_by_number(foreign[name], foreign["number"], number))
    last = FIRST + len(files)
    sheet.put(f"A{last}", "All files", style="total_label")
    for name, letter in table.letters.items():
        if name in SUMMED:
            sheet.put(f"{letter}{last}", total(ranges[name]), style="total", format=FILES[name][1])
        elif name != "number":
            sheet.put(f"{letter}{last}", "", style="total")
    row = _departments(sheet, last + 2, company, ranges, received)
    _overlaps(sheet, row, company)
    sheet.conditional(f"H{FIRST}:H{last - 1}", f"$I{FIRST}=0", "wrong")
    sheet.freeze(f"C{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
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
        shown = sheet.column("B", first, _texts(names), style="text").cell
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
