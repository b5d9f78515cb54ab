"""The Scenarios sheet: named sets of factors on what drives the budget, one in force, all of them side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from ..cost_interval import PRICE, QUANTITY
from ..equations.parameters import COTTIER, ENERGY_PRICE_FACTOR
from ..formula import sheet_prefix
from ..lookup import match, take
from ..references import Range

NAME = "Scenarios"
BASE, LOW, HIGH, *OWN = NAMES = ("Base", "Low", "High", "Own 1", "Own 2")
LETTERS = "DEFGH"
HEADING, FIRST = 6, 10
OWN_RANGE = 0.9, 1.1
_OWN = "assumption: set your own"


class Driver(NamedTuple):
    """What moves a budget: a factor on prices or amounts, 1 in the base case."""

    label: str
    low: float
    high: float
    source: str


DRIVERS = {
    "hardware": Driver("Price of hardware", PRICE["other"].low, PRICE["other"].high, f"90% range, {COTTIER}"),
    "cloud": Driver("Price of rented chips", *OWN_RANGE, _OWN),
    "energy": Driver(
        "Price of electricity", ENERGY_PRICE_FACTOR.low, ENERGY_PRICE_FACTOR.high, f"90% range, {COTTIER}"
    ),
    "wages": Driver("Wages", *OWN_RANGE, _OWN),
    "compute": Driver("Amount of compute", QUANTITY.low, QUANTITY.high, f"90% range, {COTTIER}"),
    "others": Driver("Prices of all else", *OWN_RANGE, _OWN),
    "foreign": Driver("Price of foreign currencies", *OWN_RANGE, _OWN),
}


def write_scenarios(book, sheet, settings):
    """Fill the upper part of the sheet: the switch and the factors.

    Returns
    -------
    types.SimpleNamespace
        name (the one in force, a term), names (a Range), drivers (a namespace of terms in force, by `DRIVERS`),
        factors (terms by driver and by name), next_row.
    """
    sheet.widths({"A": 34, "B": 16, "C": 3, **dict.fromkeys(LETTERS, 15), "I": 44})
    language = book.language
    names = [language.text(name) for name in NAMES]
    chosen = language.text(settings.scenario) if settings.scenario in NAMES else settings.scenario
    sheet.put("A4", "Scenario in force", style="total_label")
    in_force = sheet.put("B4", chosen, style="input_text")
    sheet.put("D4", "Choose here: every sheet follows, and says so on every printed page.", style="note")
    for letter, text in zip("AB", ("What moves the budget", "In force")):
        sheet.put(f"{letter}{HEADING}", text, style="heading" if letter == "A" else "heading_right")
    for letter, name in zip(LETTERS, names):
        sheet.put(f"{letter}{HEADING}", name, style="input_text")
        sheet.validate(f"{letter}{HEADING}", "any", title="Name of a scenario", text="Each has a name of its own")
    sheet.put(f"I{HEADING}", "Low and high from", style="heading")
    listed = _across(sheet, HEADING, names)
    sheet.validate("B4", listed, title="Scenario in force", text="One of the names below")
    for row, label in enumerate(("Owner", "Date", "What it assumes"), start=HEADING + 1):
        sheet.put(f"A{row}", label, style="label")
        is_date = label == "Date"
        for letter in LETTERS:
            sheet.put(
                f"{letter}{row}",
                float("nan") if is_date else "",
                style="input" if is_date else "input_text",
                format="date" if is_date else "text",
            )
            sheet.validate(f"{letter}{row}", "date" if is_date else "any", title=label, text=label)
    place = match(in_force, listed)
    drivers, factors = {}, {}
    for row, (name, driver) in enumerate(DRIVERS.items(), start=FIRST):
        sheet.put(f"A{row}", driver.label, style="label")
        values = {BASE: 1.0, LOW: driver.low, HIGH: driver.high}
        factors[name] = {
            of: sheet.put(
                f"{letter}{row}",
                values.get(of, 1.0),
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
        "Low and High move everything at once, which is rarer than each by itself: see the sensitivity below.",
        style="note",
    )
    book.name("scenario", in_force)
    return SimpleNamespace(
        name=in_force,
        names=listed,
        drivers=SimpleNamespace(**drivers),
        factors=factors,
        next_row=FIRST + len(DRIVERS) + 2,
    )


def _across(sheet, row, values):
    """The cells of all scenarios in a row."""
    text = f"{sheet_prefix(sheet.name)}${LETTERS[0]}${row}:${LETTERS[-1]}${row}"
    is_text = isinstance(values[0], str)
    return Range(text, np.array(values, dtype=object if is_text else float))
