"""The macro workbook: a Cost sheet to fill in, examples of every function, and the VBA that asks Python."""

from __future__ import annotations

import datetime
import io

import numpy as np

from .. import catalog as catalogs
from ..formula import ROW, Term
from ..functions import FUNCTIONS
from ..workbook.book import Book
from . import cells, examples
from .excel_package import settings, with_vba
from .wrappers import SETTING

COST, CHIPS, CONFIGURATION = "Cost", "Chips", "xlwings.conf"
INTERPRETER = "python"
"""The Python of a workbook that is not made for one user: whatever the search path finds."""

# Inputs of the Cost sheet: argument, what it is called, unit, value, how it is shown.
INPUTS = (
    ("chip", "Chip", "full name, part of it, or family", "H100", "text"),
    ("chips", "Number of chips", "chips", 5000, "count"),
    ("hours", "Training time", "hours", 1440, "count"),
    ("start", "First day of training", "date", datetime.date(2026, 3, 1), "date"),
    ("organization", "Who trains", "a hyperscaler's data centre is more efficient", None, "text"),
    ("method", "How hardware is amortized", "market where empty", "market", "text"),
    ("usd_per_kwh", "Own electricity price", "USD/kWh; of the start's year where empty", None, "rate"),
    ("commitment", "Rental contract", "3y where empty", "3y", "text"),
    ("vendor", "Cloud vendor", "the usual order of vendors where empty", None, "text"),
)
# Results: what it is called, the function, how it is shown.
RESULTS = (
    ("Run cost on own hardware", "AMORTIZED_COST", "money"),
    ("Run cost in the cloud", "CLOUD_COST", "money"),
    ("Purchase price of the cluster, no cost of one run", "ACQUISITION_COST", "money"),
    ("Electricity used", "ENERGY_KWH", "count"),
    ("Power of the cluster", "POWER_CAPACITY", "count"),
    ("Purchase price per chip, with its share of the server", "CHIP_PRICE", "price"),
    ("Rental price per chip-hour", "CLOUD_PRICE", "hourly"),
    ("Where the purchase price comes from", "PRICE_SOURCE", "text"),
)
SAME = {"on_date": "start"}
"""Arguments that another input gives."""
RUNS = (
    ("Language model", "H100", 2048, 720, datetime.date(2026, 2, 1)),
    ("Vision model", "A100", 512, 400, datetime.date(2026, 4, 1)),
    ("Speech model", "MI300X", 256, 300, datetime.date(2026, 5, 1)),
)
ROOM = 12
"""Rows of the table of runs."""
FIRST_INPUT, FIRST_RESULT = 6, 18


def excel_workbook(interpreter=INTERPRETER, edition=None):
    """The macro workbook, from the xlwings that is installed.

    Parameters
    ----------
    interpreter : str, optional
        The Python in which xlcost is installed.
    edition : str, optional
        The price edition that the workbook names; the newest by default.

    Returns
    -------
    bytes
        An .xlsm.
    """
    edition = edition or catalogs.newest_edition()
    year, month = map(int, edition.split("-"))
    book = Book("Cost of training AI", datetime.date(year, month, 1))
    cost, listed, shown, told = (book.sheet(name) for name in (COST, CHIPS, examples.NAME, CONFIGURATION))
    # The sheets that xlwings' file has; each has a VBA module of its own.
    book.code_names("ThisWorkbook", **{COST: "Sheet1", CONFIGURATION: "Sheet2"})
    book.keep_values()
    chips = _write_chips(listed, edition)
    _write_cost(book, cost, chips, edition)
    examples.write_examples(
        shown,
        "Examples",
        "Every function with its arguments and a live example. Change the blue cells and watch the results.",
        edition,
        FUNCTIONS.values(),
    )
    told.widths({"A": 34, "B": 70})
    for row, (key, value) in enumerate(settings(interpreter).items(), start=1):
        told.put(f"A{row}", key, style="text")
        told.put(f"B{row}", value, style="text")
    target = io.BytesIO()
    book.write(target)
    return with_vba(target.getvalue())


def _write_cost(book, sheet, chips, edition):
    sheet.widths({"A": 52, "B": 26, "C": 16, "D": 14, "E": 16, "F": 20})
    sheet.put("A1", "What does a training run cost?", style="title")
    sheet.put("A2", "Fill in the blue cells on a light fill. Everything else is typed as a formula.", style="subtitle")
    sheet.put(
        "A3",
        "Stored values are shown until an input changes; then the Python in which xlcost is installed computes them.",
        style="note",
    )
    for column, text in zip("ABCDEF", ("Inputs", "Value", "Unit", "", "", "")):
        sheet.put(f"{column}{FIRST_INPUT - 1}", text, style="heading")
    given, values, arguments = {}, {}, {a.name: a for f in FUNCTIONS.values() for a in f.arguments}
    for row, (name, label, unit, value, number_format) in enumerate(INPUTS, start=FIRST_INPUT):
        is_text = number_format == "text"
        sheet.put(f"A{row}", label, style="label")
        sheet.put(f"B{row}", value, style="input_text" if is_text else "input", format=number_format)
        sheet.put(f"C{row}", unit, style="unit")
        given[name], values[name] = f"B{row}", value
        if arguments[name].choices:
            sheet.validate(f"B{row}", list(arguments[name].choices), title=label, text=arguments[name].text)
    sheet.validate(
        given["chip"].replace("$", ""),
        chips,
        "Chip",
        "A chip of the list, a part of its name, or a family",
        strict=False,
    )
    row = FIRST_INPUT + len(INPUTS)
    sheet.put(f"A{row}", "Price list version (edition)", style="label")
    setting = sheet.put(f"B{row}", edition, style="input_text", format="typed")
    sheet.put(f"C{row}", "holds for the whole workbook; then recalculate with Ctrl+Alt+F9", style="unit")
    sheet.validate(f"B{row}", list(catalogs.edition_names()), "Edition", "The prices to compute with")
    book.name(SETTING, setting)
    for column, text in zip("ABCDEF", ("Results", "Value", "Unit", "What is typed", "", "")):
        sheet.put(f"{column}{FIRST_RESULT - 1}", text, style="heading_right" if column == "B" else "heading")
    row = FIRST_RESULT
    for label, name, number_format in RESULTS:
        sheet.put(f"A{row}", label, style="label")
        sheet.put(f"C{row}", FUNCTIONS[name].unit, style="unit")
        sheet.put(f"D{row}", f"={_typed(name, given)}", style="note")
        column = "B"
        if number_format == "text":
            # A long text takes the width of the sheet.
            column, row = "A", row + 1
        _call(sheet, f"{column}{row}", name, given, values, edition, [number_format])
        row += 1
    row += 1
    sheet.put(f"A{row}", "What the run cost on own hardware is made of", style="section")
    sheet.put(f"D{row}", f"={_typed('COST_BREAKDOWN', given)}", style="note")
    row = _write_parts(sheet, row + 1, given, values, edition)
    _write_runs(sheet, row + 1, edition)
    sheet.freeze(f"A{FIRST_INPUT - 1}")
    sheet.print_setup()


def _write_parts(sheet, row, given, values, edition):
    """The breakdown; returns the row below."""
    for column, text in zip("ABC", ("Component", "USD", "Share")):
        sheet.put(f"{column}{row}", text, style="heading" if column == "A" else "heading_right")
    given, values = {**given, "headers": "FALSE"}, {**values, "headers": False}
    names = [argument.name for argument in FUNCTIONS["COST_BREAKDOWN"].arguments]
    parts = cells.call("COST_BREAKDOWN", [values.get(name) for name in names], edition)
    formula = _typed("COST_BREAKDOWN", given)
    return examples.put_call(sheet, f"A{row + 1}", formula, parts, ["text", "money", "share"], style="number") + 1


def _write_runs(sheet, row, edition):
    """A table of runs, and a total that fails where a run has no cost."""
    sheet.put(f"A{row}", "Several runs", style="section")
    sheet.put(f"D{row}", f"=AMORTIZED_COST(B{row + 2},C{row + 2},D{row + 2},E{row + 2}), and so on", style="note")
    for column, text in zip("ABCDEF", ("Training run", "Chip", "Chips", "Hours", "Start", "Cost, USD")):
        sheet.put(f"{column}{row + 1}", text, style="heading" if column in "AB" else "heading_right")
    first, last, total = row + 2, row + 1 + ROOM, 0.0
    for number, run in enumerate([*RUNS, *[(None,) * len(RUNS[0])] * (ROOM - len(RUNS))], start=first):
        for column, value, number_format in zip("ABCDE", run, ("text", "text", "count", "count", "date")):
            style = "input_text" if number_format == "text" else "input"
            sheet.put(f"{column}{number}", value, style=style, format=number_format)
        cost = cells.call("AMORTIZED_COST", list(run[1:]), edition)
        total += cost or 0.0
        formula = f'IF(B{number}="","",AMORTIZED_COST(B{number},C{number},D{number},E{number}))'
        sheet.put(f"F{number}", Term(formula, cost), style="number", format="money")
    for column in "ABCDE":
        sheet.put(f"{column}{last + 1}", "Total" if column == "A" else "", style="total_label")
    # SUM would pass over a text where a number belongs.
    filled = "+".join(f'({column}{first}:{column}{last}<>"")' for column in "ABCDE")
    not_a_number = f"SUMPRODUCT(({filled}>0)*(1-ISNUMBER(F{first}:F{last})))"
    failing = Term(f"IF({not_a_number}>0,NA(),SUM(F{first}:F{last}))", total)
    sheet.put(f"F{last + 1}", failing, style="total", format="money")
    sheet.put(f"A{last + 2}", "The total is #N/A where a row that is begun has no cost.", style="note")


def _write_chips(sheet, edition):
    """Every chip with its prices; returns the names, to choose from."""
    chips = catalogs.load(edition).chips
    sheet.widths({"A": 42, "B": 20, "C": 14, "D": 18, "E": 18, "F": 18, "G": 18})
    sheet.put("A1", "Chips", style="title")
    sheet.put("A2", "Names to choose from, with what is known of each. Empty where nothing is.", style="subtitle")
    first = 5
    names = sheet.column("A", first, chips["chip"].to_numpy())
    column = [[chip] for chip in chips["chip"]]
    sheet.put("A4", "Chip", style="heading")
    for letter, heading, name, argument, number_format in (
        ("B", "Maker", "CHIP_SPEC", "manufacturer", "text"),
        ("C", "Chip power, W", "CHIP_SPEC", "tdp_w", "count"),
        ("D", "Purchase price, USD/chip", "CHIP_PRICE", None, "price"),
        ("E", "On demand, USD/chip-hour", "CLOUD_PRICE", "on_demand", "hourly"),
        ("F", "1 year, USD/chip-hour", "CLOUD_PRICE", "1y", "hourly"),
        ("G", "3 years, USD/chip-hour", "CLOUD_PRICE", "3y", "hourly"),
    ):
        is_text = number_format == "text"
        sheet.put(f"{letter}4", heading, style="heading" if is_text else "heading_right")
        found = cells.call(name, [column, argument] if argument else [column], edition)
        # A chip without a price is no mistake here.
        known = [cell if cell not in cells.ERRORS else "" if is_text else float("nan") for (cell,) in found]
        written = f'$A{ROW},"{argument}"' if argument else f"$A{ROW}"
        values = np.array(known, dtype=object if is_text else float)
        term = Term(f'IFERROR({name}({written}),"")', values)
        sheet.column(letter, first, term, style="text" if is_text else "number", format=number_format)
    sheet.height(4, 32)
    sheet.freeze(f"B{first}")
    sheet.print_setup(title_rows="4:4")
    return names.range


def _call(sheet, address, name, given, values, edition, formats):
    """A function of the inputs in a cell; returns its last row."""
    names = [SAME.get(argument.name, argument.name) for argument in FUNCTIONS[name].arguments]
    result = cells.call(name, [values.get(name) for name in names], edition)
    return examples.put_call(sheet, address, _typed(name, given), result, formats)


def _typed(name, given):
    """A function with the cells of its arguments, those that no input gives left out."""
    names = [SAME.get(argument.name, argument.name) for argument in FUNCTIONS[name].arguments]
    written = [given.get(name, "") for name in names]
    while written and not written[-1]:
        written.pop()
    return f"{name}({','.join(written)})"
