"""Settings of a budget on the sheets of a workbook that comes back: all that is filled in but for its tables."""

from __future__ import annotations

import datetime
from pathlib import Path

from .. import catalog as catalogs
from ..comparison import fold
from ..dates import to_serial
from ..equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..languages import code_of, spellings
from ..overview import NAME as OVERVIEW
from ..overview import read_overview
from ..reading import text_of
from ..trend import years_of_models
from ..xlsx_input import NoValue, has_sheet, name_of_sheet, read_sheet
from .analysis import AROUND, BENEFITS, BUY_OR_RENT, HIGH, LOW, MIDDLE, NAME, OUTLOOK, RANGES, TREND, UNCERTAIN, ends_of
from .columns import LINES
from .scenario_names import SCENARIO
from .scenario_names import SCENARIOS as NAMES
from .settings import (
    ACCOUNTS,
    CENTERS,
    CURRENCY,
    DEPARTMENTS,
    DRIVERS,
    LABELS,
    LIST_END,
    RATES,
    START,
    TEXTS_OF_SCENARIO,
    VERSIONS,
    WHOLE,
)
from .sheet_inputs import cell_of, is_usual

CALENDAR_SHEET, SCENARIOS_SHEET, INPUTS_SHEET, VERSIONS_SHEET = "Calendar", "Scenarios", "Inputs", "Versions"
"""Sheets whose settings come back."""
METHOD, EDITION = "Amortization method", "Price list version (edition)"
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
OF_VERSION = {"currency": "Currency", **SIGNATURES}
"""What is said of a version beside its figures."""


def has_settings(path):
    """Whether a file is a workbook with settings of a budget."""
    return has_sheet(path, CALENDAR_SHEET)


def settings_of_workbook(path):
    """What the sheets of a workbook say, by the names of `xlcost.budget.settings.BudgetSettings`.

    Parameters
    ----------
    path : path-like or None

    Returns
    -------
    dict
        Only the language of a department's workbook; empty where the file is no workbook of ours.
    """
    if path is None or not has_settings(path):
        return {"language": code_of(name_of_sheet(path, OVERVIEW), OVERVIEW)} if read_overview(path) else {}
    places, language = {}, code_of(name_of_sheet(path, CALENDAR_SHEET), CALENDAR_SHEET)
    found = _calendar(*_numbered(path, CALENDAR_SHEET), places)
    if has_sheet(path, SCENARIOS_SHEET):
        found |= _scenarios(*_numbered(path, SCENARIOS_SHEET), places)
    if has_sheet(path, INPUTS_SHEET):
        found |= _inputs(*_numbered(path, INPUTS_SHEET), places)
    return {**found, **_analysis(path, found.get("start"), places), "language": language, "places": places}


def _analysis(path, start, places):
    """What is set on sheets of results, and the ranges on Inputs."""
    facts, found = _facts_of(path), {}
    for block in (RANGES, BUY_OR_RENT, TREND, OUTLOOK):
        title = name_of_sheet(path, block.sheet)
        if title is None:
            continue
        rows = read_sheet(Path(path), block.sheet)
        told = block.read(rows, block.usual(**usual_of(block, facts, start)))
        found[block.setting] = {name: value for name, (value, _) in told.items()}
        cells = {name: cell for name, (_, cell) in told.items()}
        if block is BUY_OR_RENT:
            benefits, of_benefits = BENEFITS.read(rows)
            if benefits:
                found[block.setting][BENEFITS.name] = benefits
            cells |= {(BENEFITS.name, place): cell for place, cell in of_benefits.items()}
        if block is RANGES:
            for name, (value, cell) in _ends(rows).items():
                found[block.setting][name], cells[name] = value, cell
        for name, cell in cells.items():
            key = (block.setting, *name) if isinstance(name, tuple) else (block.setting, name)
            places[key] = f"{path}: {title}!{cell}"
    return found


def usual_of(block, facts, start=None):
    """What counts on a sheet where nobody says anything, as far as it depends on the price list.

    Parameters
    ----------
    block : xlcost.budget.sheet_inputs.Block
    facts : Catalog or None
        None where it is not known, and every value counts as somebody's own.
    start : date or float, optional
        Of runs that name none.
    """
    if facts is None:
        return {}
    if block is BUY_OR_RENT:
        names = facts.chips["chip"].tolist()
        # What most fleets are made of today; any other is a choice away.
        chip = next((name for name in names if "H100 SXM" in name), names[0])
        return {"chip": chip, "start": facts.month if start is None else START.of_cell(start)}
    if block is TREND:
        first, last = years_of_models(facts)
        return {"first_year": float(first), "last_year": float(last)}
    return {}


def edition_of_workbook(path):
    """The price list that a workbook says it was written with, "" where it says nothing."""
    labels = set(map(fold, spellings(EDITION)))
    rows = _rows(path, INPUTS_SHEET) if has_sheet(path, INPUTS_SHEET) else []
    edition = next((_cell(row, 1) for row in rows if fold(str(_cell(row, 0) or "")) in labels), None)
    return "" if edition is None else text_of(edition)


def _facts_of(path):
    """The price list that a workbook was written with, without prices of its owner's; None where there is no such."""
    edition = edition_of_workbook(path)
    return catalogs.load(edition) if edition in catalogs.edition_names() else None


def _ends(rows):
    """Ranges that are not as published, with the cell of the low end."""
    found = {}
    for number, row in rows:
        name = cell_of(row, NAME)
        if name not in UNCERTAIN or name in found:
            continue
        low, middle, high = (cell_of(row, letter) for letter in (LOW, MIDDLE, HIGH))
        own = [low, middle, high] if name in AROUND else [low, high]
        usual = ends_of(name, {})
        usual = [usual[0], usual[2], usual[1]] if name in AROUND else usual[:2]
        if not all(map(is_usual, own, usual)):
            found[name] = own, f"{LOW}{number}"
    return found


def versions_of_workbook(path):
    """The versions that a workbook keeps.

    Returns
    -------
    dict of str to dict
        By version: amounts by key, and what is said of it by the names of `OF_VERSION`.
    """
    if path is None or not has_sheet(path, VERSIONS_SHEET):
        return {}
    found = {name: {} for name in VERSIONS}
    labels, keys = _spelled(OF_VERSION), {fold(text) for text in spellings(KEY)}
    names = _spelled({name: name for name in VERSIONS})
    rows = _rows(path, VERSIONS_SHEET)
    # What is said of a version stands above the headings.
    heading = next((number for number, row in enumerate(rows) if fold(str(_cell(row, 1) or "")) in keys), None)
    if heading is None:
        return {}
    columns = {}
    for at, cell in enumerate(rows[heading]):
        # What is chosen to be compared stands further to the right.
        columns.setdefault(names.get(fold(str(cell))), at)
    columns.pop(None, None)
    for number, row in enumerate(rows):
        key = labels.get(fold(str(_cell(row, 0) or ""))) if number < heading else _cell(row, 1)
        for name, at in columns.items() if number != heading else ():
            value = _cell(row, at)
            if key and value is not None:
                found[name][str(key)] = _day(value) if key in OF_VERSION else value
    return {name: kept for name, kept in found.items() if kept}


def _numbered(path, sheet):
    """The rows of a sheet with their numbers, and how to name a cell of it."""
    return read_sheet(Path(path), sheet), f"{path}: {name_of_sheet(path, sheet)}!{{}}".format


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


def _calendar(rows, place, places):
    labels = _spelled(LABELS)
    sections = _spelled({name: name for name in (RATES, ACCOUNTS, CENTERS)})
    lines, section, found = _spelled(LINES), None, {}
    rates, accounts, others = {}, {}, []
    for number, row in rows:
        label = _cell(row, 0)
        named = fold(str(label)) if label is not None else ""
        numbers = [value for value in row[1:6] if isinstance(value, (int, float)) and not isinstance(value, bool)]
        if named in sections:
            section = sections[named]
        elif section == ACCOUNTS and named not in lines and _cell(row, 1) is not None:
            others.append(text_of(_cell(row, 1)))
        elif section == ACCOUNTS and named in lines:
            own = text_of(_cell(row, 1)) if _cell(row, 1) is not None else ""
            if own and own not in spellings(LINES[lines[named]]):
                accounts[lines[named]] = own
        elif named in labels:
            section, name = None if section == RATES else section, labels[named]
            places[name] = place(f"B{number}")
            value = _cell(row, 1)
            if name in ("revenue", "research_budget"):
                found[name] = tuple(map(float, numbers))
            elif value is not None:
                is_whole = name in WHOLE and isinstance(value, float) and value.is_integer()
                found[name] = int(value) if is_whole else value
        elif section == RATES and label is not None and numbers:
            rates[str(label)] = [float(each) for each in numbers]
            places["rates", str(label)] = place(f"B{number}")
    rates.pop(CURRENCY, None)
    listed = {"cost_centers": _listed(rows, CENTERS), "other_accounts": tuple(others)}
    return {**found, **listed, "rates": rates, "accounts": accounts}


def _listed(rows, heading):
    """Texts of the first column from a heading on, until the list ends."""
    headings, ends = (set(map(fold, spellings(text))) for text in (heading, LIST_END))
    found, begun = [], False
    for _, row in rows:
        text = text_of(_cell(row, 0)) if _cell(row, 0) is not None else ""
        if begun and fold(text) in ends:
            break
        if begun and text:
            found.append(text)
        begun = begun or fold(text) in headings
    return tuple(found)


def _scenarios(rows, place, places):
    found = {name: {} for name in NAMES}
    told, drivers = _spelled(TOLD), _spelled(DRIVERS)
    in_force, heading = (set(map(fold, spellings(text))) for text in (IN_FORCE, DRIVERS_HEADING))
    chosen, names, is_open = None, None, True
    for number, row in rows:
        label = fold(str(_cell(row, 0) or ""))
        cells = {name: _cell(row, at) for at, name in enumerate(NAMES, start=3)}
        if label in in_force:
            chosen, places["scenario"] = _cell(row, 1), place(f"B{number}")
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


def _inputs(rows, place, places):
    usual = {**ASSUMPTIONS, **PURCHASE_ASSUMPTIONS}
    labels = _spelled({"method": METHOD, "start": START.label, "edition": EDITION})
    assumptions, found = {}, {}
    for number, row in rows:
        name, value = _cell(row, 6), _cell(row, 1)
        if value is None:
            continue
        if name in usual and not is_usual(value, float(usual[name])):
            assumptions[name], places["assumptions", name] = value, place(f"B{number}")
        of = labels.get(fold(str(_cell(row, 0) or "")))
        if of is not None and of not in found:
            found[of], places[of] = value, place(f"B{number}")
    edition, start = found.pop("edition", None), START.of_cell(found.pop("start", None))
    # The price list's own month is nobody's choice.
    own_month = float(to_serial(f"{edition}-01")) if edition in catalogs.edition_names() else None
    if start != "" and not is_usual(start, own_month or ""):
        found["start"] = start
    return {**found, "departments": _listed(rows, DEPARTMENTS), "assumptions": assumptions}
