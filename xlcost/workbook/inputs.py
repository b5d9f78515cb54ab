"""The Inputs sheet: everything that a reader may change, with its unit, range and source."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from ..budget.analysis import AROUND, HIGH, LOW, MIDDLE, RANGES, UNCERTAIN, ends_of
from ..budget.settings import DEPARTMENTS, LIST_END, START
from ..budget.settings_sheets import EDITION, INPUTS_SHEET, METHOD
from ..catalog.vendors import FIRST_VENDORS, ORGANIZATION_WORDS, SOURCINGS
from ..equations import geometric_middle, log_spread
from ..equations.parameters import ASSUMPTIONS, PROJECT_ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..experts import MEANINGS, POOLINGS, QUESTIONS
from ..formula import Term, sheet_prefix
from ..model import METHODS
from ..project_columns import ROLE_COLUMNS
from ..references import Range
from ..regression import normal_quantile
from ..uncertainty import LEVEL as GIVEN_LEVEL
from .settable import put_input

NAME = INPUTS_SHEET
FIRST = 5
CHANGE = "Change the blue figures on a light fill; every sheet follows. Ranges are 90% ranges."
GIVEN = "The same for all departments, and not to be changed here. Ranges are 90% ranges."
SPARE_DEPARTMENTS = 8

METHOD_MEANINGS = {
    "market": "market: the rate of value loss at the start, as in the paper",
    "market_exact": "market_exact: the value lost from start to end",
    "straight_line": "straight_line: over the useful life",
}

ONLY_OF_TABLES = ("default_training_days", "evaluation_lag", "price_age_warning")
"""Assumptions for what a row of a table leaves out; a function has no use for them."""

RIGHT = ("Value", "Low", "High", "Hyperscaler", "Its number")
"""Headings over numbers."""

SECTIONS = {
    # first part of an assumption's name: heading over it
    "depreciation_rate": "Model",
    "experiment_factor": "Development of a model, beside the final run",
    "discount_rate": "Owning hardware: every figure an assumption for you to set",
    "server_overhead": "Server cost over chip cost, by chip family",
    "average_power_share": "Power draw while training",
    "server_power_factor": "Server power over chip power, by chip family",
    "pue": "Data centre efficiency (PUE)",
    "discount_1y": "Committed-use discounts on the on-demand price",
    "useful_life": "Useful life for straight-line amortization",
}

SOURCING_MEANINGS = {
    "own": "Own hardware; the cloud cost beside it is at a 3-year commitment",
    "cloud_on_demand": "Rented by the hour, without a commitment",
    "cloud_1y": "Rented with a 1-year commitment",
    "cloud_3y": "Rented with a 3-year commitment",
}


POOLING_MEANINGS = {
    "geometric": "geometric: the mean of low ends and of high ends",
    "mixture": "mixture: each is equally likely to be right",
}


class Uncertain(NamedTuple):
    """A range on the sheet: its ends, its median and the spread of its logarithm, as terms."""

    low: Term
    high: Term
    median: Term
    log_spread: Term


def write_inputs(book, sheet, facts, departments=None, settings=None):
    """Fill the sheet.

    Parameters
    ----------
    departments : list of str or Range, optional
        A Range where they are listed elsewhere. None for a workbook without runs, which has neither departments nor
        one method for all.
    settings : BudgetSettings, optional
        Whose method, assumptions and ranges count.

    Returns
    -------
    types.SimpleNamespace
        assume (assumptions by name, as terms), assumption_name and assumption (Ranges of the same), edition and
        edition_month (terms), organization_word, is_hyperscaler, organization_asks, sourcing and sourcing_commitment
        (Ranges), next_row (the first that is free). Where there are runs, also method (a term), departments (a Range),
        ranges (terms: level, given_z and z, the standard normal quantiles of ranges that are given and that come out,
        pooling) and project (an `Uncertain` a name).
    """
    sheet.widths({"A": 74, "B": 14, "C": 28.5, "D": 11, "E": 11, "F": 77, "G": 30})
    sheet.put("A1", "Inputs", style="title")
    sheet.put("A2", GIVEN if sheet.is_fixed else CHANGE, style="subtitle")
    row = _headings(sheet, 4, "Setting")
    of_runs = {}
    if departments is not None:
        of_runs["method"] = _method(sheet, row, settings.method if settings else METHODS[0])
        row += 1
    month, edition = _edition(sheet, row, facts)
    row, assume, listed = _assumptions(
        sheet, row + 4, _shown(departments is not None, sheet.is_fixed), settings.assumptions if settings else {}
    )
    if departments is not None:
        told = settings.ranges if settings else {}
        row, of_runs["ranges"] = _ranges(sheet, row + 1, told)
        row, of_runs["project"] = _project(sheet, row + 1, of_runs["ranges"].given_z, told)
    row, organizations = _organizations(sheet, row + 1)
    row, sourcings = _sourcings(sheet, row + 1)
    if departments is not None:
        if isinstance(departments, Range):
            of_runs["departments"] = departments
        else:
            row, of_runs["departments"] = _departments(sheet, row + 1, departments)
        book.name("amortization_method", of_runs["method"])
        book.name("depreciation_rate", assume["depreciation_rate"])
    sheet.freeze("A5")
    return SimpleNamespace(
        assume=assume,
        edition=edition,
        edition_month=month,
        next_row=row + 1,
        **of_runs,
        **listed,
        **organizations,
        **sourcings,
    )


def _headings(sheet, row, first, others=("Value", "Unit", "Low", "High", "Source", "Name")):
    for column, text in zip("ABCDEFG", (first, *others)):
        sheet.put(f"{column}{row}", text, style="heading_right" if text in RIGHT else "heading")
    return row + 1


def _method(sheet, row, chosen):
    sheet.put(f"A{row}", METHOD, style="label")
    method = sheet.put(f"B{row}", chosen, style="input_text")
    sheet.put(f"C{row}", "; ".join(map(sheet.text, METHOD_MEANINGS.values())), style="note")
    sheet.validate(f"B{row}", list(METHODS), title=METHOD, text="market, market_exact or straight_line")
    return method


def _edition(sheet, row, facts):
    sheet.put(f"A{row}", START.label, style="label")
    month = sheet.put(f"B{row}", facts.month, style="input", format="date")
    sheet.put(f"C{row}", "date", style="unit")
    sheet.put(f"F{row}", "Month of the price list version (edition)", style="text")
    sheet.put(f"A{row + 1}", EDITION, style="label")
    edition = sheet.put(f"B{row + 1}", facts.edition, style="value")
    fixed = sheet.sentence("{title}; fixed when the workbook was written", title=sheet.text(facts.title))
    sheet.put(f"F{row + 1}", fixed, style="text")
    return month, edition


def _shown(with_runs, is_fixed):
    """Assumptions that something in the workbook uses: a table of runs, capacity beside it, or functions."""
    if with_runs:
        return ASSUMPTIONS | ({} if is_fixed else PURCHASE_ASSUMPTIONS)
    return (
        {name: each for name, each in ASSUMPTIONS.items() if name not in ONLY_OF_TABLES}
        | PROJECT_ASSUMPTIONS
        | PURCHASE_ASSUMPTIONS
    )


def _assumptions(sheet, row, shown, own):
    """One row an assumption; some are a user's own."""
    assume, first = {}, row
    for name, parameter in shown.items():
        group, _, of = name.partition(".")
        if group in SECTIONS and not any(key.partition(".")[0] == group for key in assume):
            row = _headings(sheet, row + bool(assume), SECTIONS[group])
        number_format = _format(parameter)
        label = (
            parameter.meaning
            if group in ("discount_1y", "discount_3y", "useful_life", "pue") or not of
            else sheet.sentence(
                "{part}: {meaning}",
                part=sheet.text(_of(of)),
                meaning=sheet.text(parameter.meaning.partition(":")[2].strip() or parameter.meaning),
            )
        )
        assume[name] = sheet.put(f"B{row}", own.get(name, float(parameter)), style="input", format=number_format)
        _describe(sheet, row, label, name, parameter)
        is_share = parameter.at_most == 1
        kind, text = (
            ("share or 0", "A number from 0 to 1 (100%), in {unit}")
            if is_share
            else ("not negative", "A number of 0 or more, in {unit}")
        )
        sheet.validate(f"B{row}", kind, title=label, text=sheet.sentence(text, unit=sheet.text(parameter.unit)))
        row += 1
        if name == "depreciation_rate":
            # In the words of finance, beside the paper's.
            sheet.put(f"A{row}", "Market value lost in a year", style="label")
            sheet.put(f"B{row}", 1.0 - 10.0 ** (-assume[name]), style="number", format="share")
            sheet.put(f"C{row}", "share of market value", style="unit")
            sheet.put(f"F{row}", "From the row above", style="text")
            row += 1
    # Between them stand headings, which no name leads to.
    numbers = np.full(row - first, np.nan)
    for term in assume.values():
        numbers[int(term.text.rpartition("$")[2]) - first] = term.value
    values = Range(f"{sheet_prefix(sheet.name)}$B${first}:$B${row - 1}", numbers)
    listed = dict(assumption_name=sheet.range("G", first, row - 1), assumption=values)
    others = {name: float(each) for name, each in ASSUMPTIONS.items() if name not in shown}
    return row, {**others, **assume}, listed


def _format(parameter):
    if parameter.unit.startswith("USD"):
        return "money"
    share = "share" in parameter.unit and parameter < 1
    return "share" if share else "count" if float(parameter).is_integer() else "factor"


def _describe(sheet, row, label, name, parameter):
    """What stands around an assumption's value."""
    sheet.put(f"A{row}", label, style="label")
    sheet.put(f"C{row}", parameter.unit, style="unit")
    for column, bound in (("D", parameter.low), ("E", parameter.high)):
        if bound is not None:
            sheet.put(f"{column}{row}", bound, style="number", format=_format(parameter))
    sheet.put(f"F{row}", parameter.source, style="text")
    sheet.put(f"G{row}", name, style="unit", as_is=True)


def _ranges(sheet, row, told):
    """What the ranges of the workbook hold."""
    row = _headings(sheet, row, RANGES.heading)
    sheet.put(f"A{row}", "Ranges that are given hold", style="label")
    given = sheet.put(f"B{row}", GIVEN_LEVEL, style="value", format="share")
    sheet.put(f"C{row}", RANGES.input("level").unit, style="unit")
    sheet.put(
        f"F{row}", "Every low and high on Inputs, Staff and Experts: as many cases lie below as above", style="text"
    )
    one_or_other = sheet.sentence("{one} or {other}", one=POOLINGS[0], other=POOLINGS[1])
    wider = "" if sheet.is_fixed else "Change it to see wider or narrower ones"
    said = {
        "level": (wider, "Ranges", None),
        "pooling": ("; ".join(map(sheet.text, POOLING_MEANINGS.values())), "Experts' answers", one_or_other),
    }
    # Where nothing may be changed no expert is asked.
    found = {"pooling": None} if sheet.is_fixed else {}
    for each in RANGES.inputs:
        if each.name in found:
            continue
        row += 1
        source, title, text = said[each.name]
        found[each.name] = put_input(sheet, RANGES, row, each, told, RANGES.usual(), title=title, text=text)
        sheet.put(f"C{row}", each.unit, style="unit")
        sheet.put(f"F{row}", source, style="text")
    row += 1
    quantiles = {}
    for name, label, of in (
        ("given_z", "Standard deviations from the middle to an end of a range given", given),
        ("z", "Standard deviations from the middle to an end of a range that comes out", found["level"]),
    ):
        sheet.put(f"A{row}", label, style="label")
        quantiles[name] = sheet.put(f"B{row}", normal_quantile(of), style="number", format="factor")
        row += 1
    return row, SimpleNamespace(**found, **quantiles)


def _project(sheet, row, z, told):
    """What a development takes beside its final run: ranges that can be changed, and their middles."""
    row = _headings(sheet, row, "Development of a model, beside the final run")
    found = {}
    for name, parameter in UNCERTAIN.items():
        number_format = "money" if parameter.unit.startswith("USD") else "factor"
        _describe(sheet, row, parameter.meaning, name, parameter)
        *ends, middle = ends_of(name, told)
        low, high = (
            sheet.put(f"{column}{row}", end, style="input", format=number_format)
            for column, end in zip((LOW, HIGH), ends)
        )
        # The middle of a range, except where that is a factor around a figure of its own.
        is_around = name in AROUND
        value = middle if is_around else geometric_middle(low, high)
        style = "input" if is_around else "number"
        median = sheet.put(f"{MIDDLE}{row}", value, style=style, format=number_format)
        for cells in (f"{LOW}{row}:{HIGH}{row}", *([f"{MIDDLE}{row}"] if is_around else [])):
            text = sheet.sentence("A number above 0, in {unit}", unit=sheet.text(parameter.unit))
            sheet.validate(cells, "positive", title=parameter.meaning, text=text)
        found[name] = Uncertain(low, high, median, log_spread(low, high, z))
        row += 1
    for name in (name for name in QUESTIONS if name not in found):
        sheet.put(f"A{row}", MEANINGS[name], style="label")
        sheet.put(f"C{row}", ROLE_COLUMNS[f"{name}_low"].unit, style="unit")
        sheet.put(f"F{row}", "Given on Staff for each role", style="text")
        sheet.put(f"G{row}", name, style="unit", as_is=True)
        row += 1
    return row, found


def _of(key):
    return {"other": "All else", "GPU": "GPU and other accelerators"}.get(key, key)


def _organizations(sheet, row):
    row = _headings(
        sheet,
        row,
        "Word in the organization's name",
        ("Hyperscaler", "Cloud asked first", "Its number", "", "Source", ""),
    )
    first = row
    for word, (vendor, hyperscaler) in ORGANIZATION_WORDS.items():
        sheet.put(f"A{row}", word, style="label", as_is=True)
        sheet.put(f"B{row}", float(hyperscaler), style="number", format="count")
        sheet.put(f"C{row}", vendor, style="text")
        sheet.put(f"D{row}", FIRST_VENDORS.index(vendor) + 1.0, style="number", format="count")
        sheet.put(f"F{row}", "Cottier et al. (2024), arXiv:2405.21015", style="text")
        row += 1
    return row, dict(
        organization_word=sheet.range("A", first, row - 1),
        is_hyperscaler=sheet.range("B", first, row - 1),
        organization_asks=sheet.range("D", first, row - 1),
    )


def _sourcings(sheet, row):
    row = _headings(sheet, row, "Sourcing", ("Commitment", "Meaning", "", "", "", ""))
    first = row
    for sourcing, commitment in SOURCINGS.items():
        sheet.put(f"A{row}", sourcing, style="label")
        sheet.put(f"B{row}", commitment, style="text")
        sheet.put(f"C{row}", SOURCING_MEANINGS[sourcing], style="text")
        row += 1
    return row, dict(sourcing=sheet.range("A", first, row - 1), sourcing_commitment=sheet.range("B", first, row - 1))


def _departments(sheet, row, departments):
    """The list of departments, with room for more; each row says what it is, since a long list goes on overleaf."""
    row = _headings(sheet, row, DEPARTMENTS, ("",) * 6)
    count = sheet.rows_of(DEPARTMENTS, len(departments) + SPARE_DEPARTMENTS)
    names = [*departments, *[""] * (count - len(departments))]
    sheet.column("A", row, np.array(names, dtype=object), style="input_text")
    for listed in range(row, row + count):
        sheet.put(f"B{listed}", "department", style="unit")
    # LibreOffice cannot compare with a list that lies below everything that is filled in on its sheet.
    sheet.put(f"A{row + len(names)}", LIST_END, style="note")
    return row + len(names) + 1, sheet.range("A", row, row + len(names) - 1)


def write_estimates(sheet, row, estimates):
    """Close the sheet with what is an estimate of prices and figures, taken over from Prices, to be changed there."""
    row = _headings(
        sheet,
        row,
        "Estimated prices and figures" if sheet.is_fixed else "Estimated prices and figures, to be changed on Prices",
        ("Value", "Unit", "Low", "High", "Source", ""),
    )
    for label, unit, source, number_format, cells in estimates:
        sheet.put(f"A{row}", label, style="label")
        for letter, cell in zip("BDE", cells):
            sheet.put(f"{letter}{row}", cell, style="link", format=number_format)
        sheet.put(f"C{row}", unit, style="unit")
        sheet.put(f"F{row}", source, style="text", as_is=True)
        row += 1
    # Not what scripts call them.
    sheet.print_setup(title_rows="1:3", fit_width=False, scale=100, areas=[f"A1:F{row - 1}"], keep_sections=True)
