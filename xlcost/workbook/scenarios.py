"""The Scenarios sheet: named sets of factors on what drives the budget, one in force, all of them side by side."""

from __future__ import annotations

import datetime
import functools
import operator
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from openpyxl.chart import Reference

from ..budget.components import COMPONENT_LABELS, COMPONENTS, CONTINGENCY
from ..budget.settings import DRIVERS as DRIVER_LABELS
from ..budget.settings import SCENARIOS
from ..budget.settings_sheets import DRIVERS_HEADING, IN_FORCE, SCENARIO, SCENARIOS_SHEET, TOLD
from ..cost_interval import PRICE, QUANTITY
from ..dates import to_serial
from ..equations.parameters import COTTIER, ENERGY_PRICE_FACTOR
from ..formula import Term, sheet_prefix
from ..lookup import match, take, text_in
from ..references import Range
from ..totals import total
from .charts import COLORS, bar, paint
from .exposure import in_other_currencies
from .widths import widen

NAME = SCENARIOS_SHEET
BASE, LOW, HIGH, *_ = NAMES = SCENARIOS
LETTERS, FOREIGN = "DEFGH", "I"
"""Columns of the scenarios, and of what in force is in other currencies than the budget's."""
HEADING, FIRST = 6, 10
OWN_RANGE = 0.9, 1.1
_OWN, _PAPER = "assumption: set your own", f"90% range, {COTTIER}"


class Driver(NamedTuple):
    """What moves a budget: a factor on prices or amounts, 1 in the base case."""

    label: str
    low: float
    high: float
    source: str


RANGES = {
    "hardware": (PRICE["other"].low, PRICE["other"].high, _PAPER),
    "energy": (ENERGY_PRICE_FACTOR.low, ENERGY_PRICE_FACTOR.high, _PAPER),
    "compute": (QUANTITY.low, QUANTITY.high, _PAPER),
}
DRIVERS = {name: Driver(label, *RANGES.get(name, (*OWN_RANGE, _OWN))) for name, label in DRIVER_LABELS.items()}


def write_scenarios(book, sheet, settings):
    """Fill the upper part of the sheet: the switch and the factors.

    Returns
    -------
    types.SimpleNamespace
        name (the one in force, a term), place (its number), labels (terms of all names), drivers (a namespace of terms
        in force, by `DRIVERS`), factors (terms by driver and by name), next_row.
    """
    sheet.widths({"A": 31, "C": 3, FOREIGN: 42})
    language = book.language
    told = {name: settings.scenarios.get(name, {}) for name in NAMES}
    names = [told[name].get("name", language.apart(name, SCENARIO)) for name in NAMES]
    chosen = dict(zip(NAMES, names)).get(settings.scenario, settings.scenario)
    in_force = book.stamp = sheet.put("B4", chosen, style="input_text")
    sheet.put("A1", "Scenarios", style="title")
    sheet.put(
        "A2",
        "Sets of factors on prices and amounts, one of them in force; below, what each comes to and what moves most.",
        style="subtitle",
    )
    sheet.put("A4", IN_FORCE, style="total_label")
    sheet.put("D4", "Choose here: the budget and all that comes of it follow; every page says so.", style="note")
    sheet.put(
        f"D{HEADING - 1}",
        "Runs by themselves stay at base prices and compute: Costs, Approaches, Development, Uncertainty and Trend.",
        style="note",
    )
    for letter, text in zip("AB", (DRIVERS_HEADING, "In force")):
        sheet.put(f"{letter}{HEADING}", text, style="heading" if letter == "A" else "heading_right")
    labels = []
    for letter, name in zip(LETTERS, names):
        labels.append(sheet.put(f"{letter}{HEADING}", name, style="input_text"))
        sheet.validate(f"{letter}{HEADING}", "any", title="Name of a scenario", text="Each has a name of its own")
    sheet.put(f"I{HEADING}", "Low and high from", style="heading")
    listed = _across(sheet, HEADING, names)
    sheet.validate("B4", listed, title=IN_FORCE, text="One of the names below")
    for row, (name, label) in enumerate(TOLD.items(), start=HEADING + 1):
        sheet.put(f"A{row}", label, style="label")
        is_date = name == "date"
        for letter, of in zip(LETTERS, NAMES):
            value = told[of].get(name, float("nan") if is_date else "")
            value = to_serial(value).item() if isinstance(value, datetime.date) else value
            style, number_format = ("input", "date") if is_date else ("input_text", "text")
            sheet.put(f"{letter}{row}", value, style=style, format=number_format)
            sheet.validate(f"{letter}{row}", "date" if is_date else "any", title=label, text=label)
    place = match(in_force, listed)
    # Without a name in force nothing can be computed, and all that follows is an error.
    place = Term(place._text, place.value)
    drivers, factors = {}, {}
    for row, (name, driver) in enumerate(DRIVERS.items(), start=FIRST):
        sheet.put(f"A{row}", driver.label, style="label")
        values = {BASE: 1.0, LOW: driver.low, HIGH: driver.high}
        factors[name] = {
            of: sheet.put(
                f"{letter}{row}",
                float(told[of].get(name, values.get(of, 1.0))),
                style="value" if of == BASE else "input",
                format="factor",
            )
            for letter, of in zip(LETTERS, NAMES)
        }
        sheet.validate(
            f"E{row}:H{row}", "positive", title=driver.label, text="A factor above 0; 1 leaves things as they are"
        )
        values = np.array([factors[name][of].value for of in NAMES])
        drivers[name] = sheet.put(f"B{row}", take(_across(sheet, row, values), place), style="result", format="factor")
        sheet.put(f"I{row}", driver.source, style="note")
    sheet.put(
        f"A{FIRST + len(DRIVERS)}",
        sheet.sentence(
            "{low} and {high} move everything at once, which is rarer than each by itself: see the sensitivity below.",
            **_ends(labels),
        ),
        style="note",
    )
    book.name("scenario", in_force)
    return SimpleNamespace(
        name=in_force,
        labels=labels,
        place=place,
        drivers=SimpleNamespace(**drivers),
        factors=factors,
        next_row=FIRST + len(DRIVERS) + 2,
    )


def _across(sheet, row, values):
    """The cells of all scenarios in a row."""
    text = f"{sheet_prefix(sheet.name)}${LETTERS[0]}${row}:${LETTERS[-1]}${row}"
    is_text = isinstance(values[0], str)
    return Range(text, np.array(values, dtype=object if is_text else float))


def write_comparison(sheet, scenario, views, calendar):
    """Fill the lower part of the sheet: all scenarios side by side, and what each driver moves by itself, live.

    Every component is proportional to its drivers, and what of it is in other currencies to their price, so that the
    budget in another scenario follows from the one in force without computing it anew.

    Parameters
    ----------
    scenario : types.SimpleNamespace
        As `write_scenarios` gives it.
    views : xlcost.workbook.views.Views
    calendar : types.SimpleNamespace

    Returns
    -------
    types.SimpleNamespace
        totals and called (by name of `NAMES`), checked (the total of the scenario in force among them), largest (of
        the driver that moves most: name, changes of the budget and factors at its low and high end), whole (total of
        the components), name_cells and factor_cells (texts), sheet, driver_rows and component_rows (by name),
        contingency_row and total_row.
    """
    row = scenario.next_row
    sheet.put(
        f"A{row}",
        sheet.sentence("Budget in each scenario, {currency}", currency=calendar.currency_shown),
        style="section",
    )
    row += 1
    foreign_heading = "In force: of which in foreign currencies"
    for letter, text in (("A", "Component"), ("B", "In force"), (FOREIGN, foreign_heading)):
        sheet.put(f"{letter}{row}", text, style="heading" if letter == "A" else "heading_right")
    for letter, name in zip(LETTERS, scenario.labels):
        sheet.put(f"{letter}{row}", text_in(name), style="heading_right")
    row += 1
    first, rows, elsewhere = row, {}, in_other_currencies(views, calendar)
    active = vars(scenario.drivers)
    for name, component in COMPONENTS.items():
        rows[name] = row
        sheet.put(f"A{row}", component.label, style="label")
        amount = sheet.put(f"B{row}", views.components[name], style="link", format="ledger")
        foreign = sheet.put(f"{FOREIGN}{row}", elsewhere.get(name, 0.0), style="link", format="ledger")
        for letter, of in zip(LETTERS, NAMES):
            change = {driver: scenario.factors[driver][of] / active[driver] for driver in DRIVERS}
            there = amount + foreign * (change["foreign"] - 1)
            there = functools.reduce(operator.mul, (change[driver] for driver in component.drivers), there)
            sheet.put(f"{letter}{row}", there, style="number", format="ledger")
        row += 1
    last = row - 1
    sheet.put(f"A{row}", COMPONENT_LABELS[CONTINGENCY], style="label")
    for letter in "B" + LETTERS + FOREIGN:
        all_else = total(sheet.range(letter, first, last))
        sheet.put(f"{letter}{row}", calendar.contingency * all_else, style="number", format="ledger")
    row += 1
    sheet.put(f"A{row}", "Total", style="total_label")
    sums = {
        letter: sheet.put(f"{letter}{row}", total(sheet.range(letter, first, row - 1)), style="total", format="ledger")
        for letter in "B" + LETTERS + FOREIGN
    }
    sheet.put(f"C{row}", "", style="total")
    row += 1
    for label, style, figure in (
        ("Against the base case", "ledger", lambda letter: sums[letter] - sums["D"]),
        ("as a share of it", "share", lambda letter: np.where(sums["D"] > 0, sums[letter] / sums["D"] - 1, 0.0)),
    ):
        sheet.put(f"A{row}", label, style="label")
        for letter in LETTERS:
            sheet.put(f"{letter}{row}", figure(letter), style="number", format=style)
        row += 1
    in_force = take(_across(sheet, last + 2, np.array([sums[letter].value for letter in LETTERS])), scenario.place)
    amounts = {name: [sheet.range(letter, at, at).cell(0) for letter in ("B", FOREIGN)] for name, at in rows.items()}
    ranked = _sensitivity(sheet, row + 1, scenario, amounts, calendar, sums["B"])
    sheet.freeze("B5")
    widen(sheet, LETTERS, 14)
    widen(sheet, "B", 14.5)
    sheet.print_setup(title_rows="1:4", landscape=False, one_page=True)
    return SimpleNamespace(
        totals=dict(zip(NAMES, (sums[letter] for letter in LETTERS))),
        called=dict(zip(NAMES, map(text_in, scenario.labels))),
        checked=in_force,
        **_cells(sheet),
        **ranked,
        sheet=sheet,
        driver_rows={name: FIRST + number for number, name in enumerate(DRIVERS)},
        component_rows=rows,
        contingency_row=last + 1,
        total_row=last + 2,
    )


def _cells(sheet):
    """Text of the cells that hold the names and the factors of all scenarios."""
    place, (first, *_, last) = sheet_prefix(sheet.name), LETTERS
    return {
        "name_cells": f"{place}${first}${HEADING}:${last}${HEADING}",
        "factor_cells": f"{place}${first}${FIRST}:${last}${FIRST + len(DRIVERS) - 1}",
    }


def _ends(labels):
    """Names of the low and of the high scenario, as the reader calls them."""
    return {"low": text_in(labels[NAMES.index(LOW)]), "high": text_in(labels[NAMES.index(HIGH)])}


def _sensitivity(sheet, row, scenario, amounts, calendar, whole):
    """Each driver at its low and at its high end, the others as they are; ranked, with a chart."""
    sheet.put(
        f"A{row}",
        sheet.sentence(
            "Sensitivity: one driver at a time at its low and high end, {currency}", currency=calendar.currency_shown
        ),
        style="section",
    )
    row += 1
    ends = list(_ends(scenario.labels).values())
    headings = (DRIVERS_HEADING, "Exposed", "", *ends, "Swing", "Rank")
    for letter, text in zip("ABCDEFG", headings):
        sheet.put(f"{letter}{row}", text, style="heading" if letter == "A" else "heading_right")
    first = row + 1
    plus = 1 + calendar.contingency
    size = len(DRIVERS)
    swings = Range(f"{sheet_prefix(sheet.name)}$F${first}:$F${first + size - 1}", np.zeros(size))
    for position, (name, driver) in enumerate(DRIVERS.items()):
        row = first + position
        sheet.put(f"A{row}", driver.label, style="label")
        exposed = functools.reduce(
            operator.add,
            (
                foreign if name == "foreign" else amount
                for of, (amount, foreign) in amounts.items()
                if name in ("foreign", *COMPONENTS[of].drivers)
            ),
        )
        exposed = sheet.put(f"B{row}", exposed * plus, style="number", format="ledger")
        active = getattr(scenario.drivers, name)
        low, high = (
            sheet.put(
                f"{letter}{row}",
                exposed * (scenario.factors[name][of] / active - 1),
                style="number",
                format="ledger",
            )
            for letter, of in (("D", LOW), ("E", HIGH))
        )
        # Of two that move as much, the upper one comes first.
        swing = np.abs(high - low) + (size - position) / 2.0**20
        swings.values[position] = sheet.put(f"F{row}", swing, style="number", format="filled_count").value
    for position in range(size):
        row = first + position
        own = swings.cell(position)
        place = Term(f"RANK({own._text},{swings._text})", float(np.sum(swings.values > own.value) + 1))
        sheet.put(f"G{row}", place, style="number", format="count")
    ranks = sheet.range("G", first, first + size - 1)
    labels, lows, highs = (sheet.range(letter, first, first + size - 1) for letter in "ADE")
    row = first + size + 1
    sheet.put(f"A{row}", "Ranked", style="heading")
    for letter, text in zip("BDE", ("Rank", *ends)):
        sheet.put(f"{letter}{row}", text, style="heading_right")
    sheet.put(f"C{row}", "", style="heading_right")
    begin, most = row + 1, None
    for rank in range(1, size + 1):
        row = begin + rank - 1
        number = sheet.put(f"B{row}", float(rank), style="number", format="count")
        place = match(number, ranks)
        name = sheet.put(f"A{row}", take(labels, place), style="label")
        changes = [
            sheet.put(f"{letter}{row}", take(of, place), style="number", format="ledger")
            for letter, of in zip("DE", (lows, highs))
        ]
        most = most or SimpleNamespace(name=name, changes=changes, place=place)
    _draw(sheet, begin, row)
    ends = (sheet.range(LETTERS[NAMES.index(of)], FIRST, FIRST + size - 1) for of in (LOW, HIGH))
    most.factors = [take(of, most.place) for of in ends]
    return dict(largest=most, whole=whole)


def _draw(sheet, first, last):
    """Bars to both sides of the budget as it is, the widest on top."""
    worksheet = sheet.worksheet
    chart = bar(sheet.language.text("Change of the budget, one driver at a time"), "")
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 100, 40
    chart.add_data(Reference(worksheet, min_col=4, max_col=5, min_row=first - 1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(worksheet, min_col=1, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos = "low"
    for series, color in zip(chart.series, (COLORS[2], COLORS[0])):
        paint(series, color)
        series.invertIfNegative = False
    sheet.chart(chart, f"A{last + 2}", 24, 8.5)
