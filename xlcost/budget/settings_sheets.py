"""Settings of a budget on the sheets of a workbook that comes back: Calendar, Scenarios, Inputs, Versions."""

from __future__ import annotations

import datetime
from pathlib import Path

from ..comparison import fold
from ..dates import to_serial
from ..equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..languages import spellings
from ..reading import text_of
from ..xlsx_input import NoValue, has_sheet, read_sheet
from .columns import LINES
from .settings import ACCOUNTS, CHOICES, CURRENCY, DRIVERS, LABELS, RATES, TEXTS_OF_SCENARIO, VERSIONS, WHOLE
from .settings import SCENARIOS as NAMES

CALENDAR_SHEET, SCENARIOS_SHEET, INPUTS_SHEET, VERSIONS_SHEET = "Calendar", "Scenarios", "Inputs", "Versions"
"""Sheets whose settings come back."""
METHOD = "Amortization method"
SCENARIO = "scenario"
"""What tells the names of scenarios apart from other texts that are the same in English."""
IN_FORCE, DRIVERS_HEADING = "Scenario in force", "What moves the budget"
TOLD = {name: label for name, label in TEXTS_OF_SCENARIO.items() if label}
KEY = "Key"
SIGNATURES = {
    "prepared_by": "Prepared by",
    "prepared": "Prepared on",
    "reviewed_by": "Reviewed by",
    "reviewed": "Reviewed on",
    "approved_by": "Approved by",
    "approved": "Approved on",
}
"""Who stands for a version, and since when."""


def settings_of_workbook(path):
    """What the sheets of a workbook say, by the names of `xlcost.budget.settings.BudgetSettings`.

    Parameters
    ----------
    path : path-like or None

    Returns
    -------
    dict
        Empty where the file is no workbook of ours.
    """
    if path is None or not has_sheet(path, CALENDAR_SHEET):
        return {}
    found = _calendar(_rows(path, CALENDAR_SHEET))
    if has_sheet(path, SCENARIOS_SHEET):
        found |= _scenarios(_rows(path, SCENARIOS_SHEET))
    if has_sheet(path, INPUTS_SHEET):
        found |= _inputs(_rows(path, INPUTS_SHEET))
    return found


def versions_of_workbook(path):
    """The versions that a workbook keeps.

    Returns
    -------
    dict of str to dict
        By version: amounts by key, and signatures by the names of `SIGNATURES`.
    """
    if path is None or not has_sheet(path, VERSIONS_SHEET):
        return {}
    found = {name: {} for name in VERSIONS}
    labels = _spelled(SIGNATURES)
    columns = {}
    for row in _rows(path, VERSIONS_SHEET):
        if not columns and fold(str(_cell(row, 1) or "")) in map(fold, spellings(KEY)):
            names = _spelled({name: name for name in VERSIONS})
            for at, cell in enumerate(row):
                # What is chosen to be compared stands further to the right.
                columns.setdefault(names.get(fold(str(cell))), at)
            columns.pop(None, None)
            continue
        key = _cell(row, 1) or labels.get(fold(str(_cell(row, 0) or "")))
        for name, at in columns.items():
            value = _cell(row, at)
            if key and value is not None:
                found[name][str(key)] = _day(value) if key in SIGNATURES else value
    return {name: kept for name, kept in found.items() if kept}


def _rows(path, sheet):
    return [row for _, row in read_sheet(Path(path), sheet)]


def _cell(row, at):
    """A cell's value, None where it has none."""
    value = row[at] if at < len(row) else None
    return None if isinstance(value, NoValue) else value


def _day(value):
    """The serial number of a date; anything else as it is."""
    return float(to_serial(value)) if isinstance(value, datetime.date) else value


def _spelled(labels):
    """Labels in every language, in lower case, and what they name."""
    return {fold(text): name for name, label in labels.items() for text in spellings(label)}


def _calendar(rows):
    labels = _spelled(LABELS)
    sections = _spelled({name: name for name in (RATES, ACCOUNTS)})
    lines, section, found = _spelled(LINES), None, {}
    rates, accounts = {}, {}
    for row in rows:
        label = _cell(row, 0)
        named = fold(str(label)) if label is not None else ""
        numbers = [value for value in row[1:6] if isinstance(value, (int, float)) and not isinstance(value, bool)]
        if named in sections:
            section = sections[named]
        elif section == ACCOUNTS and named in lines:
            own = text_of(_cell(row, 1)) if _cell(row, 1) is not None else ""
            if own and own not in spellings(LINES[lines[named]]):
                accounts[lines[named]] = own
        elif named in labels:
            section, name = None if section == RATES else section, labels[named]
            value = _cell(row, 1)
            if name in ("revenue", "research_budget"):
                found[name] = tuple(map(float, numbers))
            elif value is not None:
                is_whole = isinstance(value, float) and value.is_integer()
                found[name] = int(value) if name in WHOLE and is_whole else value
        elif section == RATES and label is not None and numbers:
            rates[str(label)] = [float(number) for number in numbers]
    rates.pop(CURRENCY, None)
    return {**found, "rates": rates, "accounts": accounts}


def _scenarios(rows):
    found = {name: {} for name in NAMES}
    told, drivers = _spelled(TOLD), _spelled(DRIVERS)
    in_force, heading = (set(map(fold, spellings(text))) for text in (IN_FORCE, DRIVERS_HEADING))
    chosen, names, is_open = None, None, True
    for row in rows:
        label = fold(str(_cell(row, 0) or ""))
        cells = {name: _cell(row, at) for at, name in enumerate(NAMES, start=3)}
        if label in in_force:
            chosen = _cell(row, 1)
        elif label in heading and names is None:
            names = cells
        elif names is not None and is_open and (label in told or label in drivers):
            name = told.get(label) or drivers[label]
            for slot, value in cells.items():
                if value is not None:
                    found[slot][name] = _day(value) if name == "date" else value
            # The same labels come again below, in the sensitivity.
            is_open = name != list(DRIVERS)[-1]
    usual = {slot: spellings(slot, SCENARIO) for slot in NAMES}
    for slot, name in (names or {}).items():
        if name is not None and name not in usual[slot]:
            found[slot]["name"] = str(name)
        if chosen is not None and chosen == name:
            chosen = slot
    kept = {
        slot: {name: value for name, value in each.items() if slot != NAMES[0] or name in ("name", *TOLD)}
        for slot, each in found.items()
    }
    return {"scenarios": {slot: each for slot, each in kept.items() if each}} | ({"scenario": chosen} if chosen else {})


def _inputs(rows):
    usual, methods = {**ASSUMPTIONS, **PURCHASE_ASSUMPTIONS}, set(map(fold, spellings(METHOD)))
    assumptions, found = {}, {}
    for row in rows:
        name, value = _cell(row, 6), _cell(row, 1)
        if name in usual and isinstance(value, (int, float)) and value != float(usual[name]):
            assumptions[name] = float(value)
        if fold(str(_cell(row, 0) or "")) in methods and value in CHOICES["method"]:
            found["method"] = value
    return {**found, "assumptions": assumptions}
