"""The Examples sheet: every function with its arguments, a live example and its value."""

from __future__ import annotations

import datetime
import re

from ..formula import Term
from . import cells

NAME = "Examples"
FIRST = 6
FORMATS = {
    "USD": "money",
    "USD/chip": "price",
    "USD/chip-hour": "hourly",
    "USD/kWh": "rate",
    "share": "share",
    "FLOP": "scientific",
    "calendar year": "decimal_year",
}
"""How a result is shown, by its unit; other numbers as counts."""
ARGUMENT_FORMATS = {
    "date": "date",
    "month": "date",
    "year": "year",
    "share": "factor",
    "USD": "price",
    "FLOP": "scientific",
}


def write_examples(sheet, title, subtitle, edition, functions, note="", dynamic=False, all_arguments=False):
    """Fill the sheet: a block of rows for each function, its example's arguments in cells that may be changed.

    Parameters
    ----------
    sheet : Sheet
    title, subtitle : str
    edition : str
        The edition that the stored values are of.
    functions : iterable of Function
    note : str, default ""
        What else the reader should know.
    dynamic : bool, default False
        See `put_call`.
    all_arguments : bool, default False
        Whether the formulas give every argument, blank ones too.

    Returns
    -------
    dict of str to str
        The address of each function's result.
    """
    sheet.widths({"A": 26, "B": 78, "C": 26, "D": 26, "E": 18, "F": 18, "G": 18, "H": 18})
    sheet.put("A1", title, style="title")
    sheet.put("A2", subtitle, style="subtitle")
    said = f"Price list version (edition) {edition}. Arguments in brackets may be left out. {note}"
    sheet.put("A3", said.strip(), style="note")
    row, results = FIRST - 1, {}
    for function in functions:
        results[function.name] = f"D{row + 1}"
        row = _block(sheet, row, function, edition, dynamic, all_arguments) + 2
    sheet.freeze(f"A{FIRST - 1}")
    sheet.print_setup()
    return results


def _block(sheet, row, function, edition, dynamic, all_arguments):
    """One function: what is typed and its result, then its arguments; returns the last row."""
    example = [*function.example, *[None] * (len(function.arguments) - len(function.example))]
    values = [_entered(argument, value) for argument, value in zip(function.arguments, example)]
    result = cells.call(function.name, values, edition)
    height = len(result) if isinstance(result, list) else 1
    sheet.put(f"A{row}", function.name, style="section")
    sheet.put(f"B{row}", function.text, style="note")
    sheet.put(f"A{row + 1}", "Result", style="label")
    sheet.put(f"C{row + 1}", function.unit, style="unit")
    first = row + 1 + height
    used = function.arguments[: None if all_arguments else len(function.example)]
    places = {argument.name: _cells(first + n, values[n]) for n, argument in enumerate(used)}
    sheet.put(f"B{row + 1}", typed(function, places), style="text")
    formula = f"{function.name}({','.join(places.values())})"
    formats = list(function.spills) or [FORMATS.get(function.unit, "count")]
    put_call(sheet, f"D{row + 1}", formula, result, formats, dynamic)
    for place, (argument, value) in enumerate(zip(function.arguments, values), start=first):
        sheet.put(f"A{place}", f"[{argument.name}]" if argument.optional else argument.name, style="label")
        sheet.put(f"B{place}", argument.text, style="text")
        sheet.put(f"C{place}", argument.unit, style="unit")
        if argument in used:
            for across, one in enumerate(value[0] if argument.is_range else [value]):
                _input(
                    sheet,
                    f"{chr(ord('D') + across)}{place}",
                    argument.of_a_cell() if argument.is_range else argument,
                    one,
                )
    return first + len(function.arguments) - 1


def _cells(row, value):
    """Where an argument of the example stands: a cell, or a row of them."""
    return f"$D${row}:${chr(ord('D') + len(value[0]) - 1)}${row}" if isinstance(value, list) else f"$D${row}"


def put_call(sheet, address, formula, result, formats, dynamic=False, style="result"):
    """A function in a cell with its stored value; returns the last row that it fills.

    Parameters
    ----------
    formula : str
        Without "=".
    result : float, str or list of list
    formats : list of str
        One a column of the result.
    dynamic : bool, default False
        Whether it is written as a dynamic array, as Excel 365 writes what is typed there. Some programs compute such a
        cell when the file is opened; the stored values of a table that is not dynamic, a cell each, stay.
    style : str, default "result"
        Of numbers.
    """
    column, row = re.fullmatch(r"([A-Z])(\d+)", address).groups()
    row, is_table = int(row), isinstance(result, list)
    if not is_table:
        formats = ["text" if isinstance(result, str) else formats[0]]
    styles = ["text" if number_format == "text" else style for number_format in formats]
    if dynamic:
        sheet.spill(address, formula, result, styles, formats)
        return row + (len(result) if is_table else 1) - 1
    for down, cells_of_row in enumerate(result if is_table else [[result]]):
        for across, value in enumerate(cells_of_row):
            cell = f"INDEX({formula},{down + 1},{across + 1})" if is_table else formula
            if down or across:
                # A blank or an error is no table: its first cell then says for all what there is.
                cell = f'IF(${column}${row}="","",{cell})'
            place = f"{chr(ord(column) + across)}{row + down}"
            sheet.put(place, Term(cell, value), style=styles[across], format=formats[across])
    return row + (len(result) if is_table else 1) - 1


def _input(sheet, address, argument, value):
    is_text = value is None or isinstance(value, str)
    number_format = ARGUMENT_FORMATS.get(argument.kind) or ARGUMENT_FORMATS.get(argument.unit, "count")
    if isinstance(value, float) and not value.is_integer():
        number_format = "factor"
    sheet.put(
        address,
        "" if value is None else value,
        style="input_text" if is_text else "input",
        format="text" if is_text else number_format,
    )
    if argument.choices:
        sheet.validate(address, list(argument.choices), title=argument.name, text=argument.text)


def _entered(argument, value):
    """An example's value as a cell, or a row of cells, holds it."""
    if argument.is_range:
        return [[_entered(argument.of_a_cell(), one) for one in value]]
    if argument.kind in ("date", "month") and value is not None:
        return datetime.date.fromisoformat(value)
    return value


def typed(function, places):
    """A function's example as people type it; of a whole range, where its cells stand.

    >>> from xlcost.functions import FUNCTIONS
    >>> typed(FUNCTIONS["AMORTIZED_COST"], {})
    '=AMORTIZED_COST("H100",5000,1440,DATE(2026,3,1))'
    >>> typed(FUNCTIONS["YEAR_COST_REACHES"], {"dates": "$D$2:$H$2", "costs": "$D$3:$H$3"})
    '=YEAR_COST_REACHES(D2:H2,D3:H3,1E+09)'
    """
    written = [
        places[argument.name].replace("$", "") if argument.is_range else _written(argument, value)
        for argument, value in zip(function.arguments, function.example)
    ]
    return f"={function.name}({','.join(written)})"


def _written(argument, value):
    if value is None:
        return ""
    if argument.kind in ("date", "month"):
        date = datetime.date.fromisoformat(value)
        return f"DATE({date.year},{date.month},{date.day})"
    return f'"{value}"' if isinstance(value, str) else f"{value:G}" if abs(value) >= 1e9 else f"{value}"
