"""The Outlook sheet: what the trend means for our budget, and what cheaper hardware and better algorithms give back."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from openpyxl.utils import get_column_letter

from .. import equations
from ..budget.analysis import OUTLOOK, TOO_WIDE
from ..budget.components import CONTINGENCY
from ..date_parts import year
from ..equations.parameters import COTTIER, DEPRECIATION_RATE, HALVING_TIME
from ..formula import NOTHING, SUM, Term
from ..lookup import as_text, blank_if, number_in, take
from ..references import Range
from ..totals import largest, position_of, to_the_cent
from .outlook_chart import UNSEEN, put_chart
from .outlook_sentence import headlines
from .settable import put_input
from .widths import narrow, widen

NAME = OUTLOOK.sheet
ANSWER, YEARS = 6, 28
"""Rows of the headings over what comes of it, and over the fiscal years."""
HEADING_HEIGHT = 47
OF_YEARS = "EFGH"
"""Columns of the base year and of the years on."""
TIMES, SOURCE = "I", "K"
COMPUTING = (
    *("own_hardware", "depreciation", "disposal", "upkeep", "hosting", "operations"),
    *("energy", "commitments", "rental"),
)
"""Components that fall with the amount of computing."""
HARDWARE = "own_hardware", "depreciation", "upkeep", "commitments", "rental"
"""Those of them that fall with the price of hardware too."""
NOT_GIVEN, NOTHING_GIVEN = "Not given on Calendar", "Not above 0 on Calendar"
NOTES = (
    "The frontier's growth is one of cost in constant prices: cheaper hardware is in it already, inflation is not.",
    "Only the computing in the budget falls, by its share in all fiscal years together: people, data and all other "
    "costs stay, and the contingency follows.",
    "Cheaper hardware counts for what is bought or rented anew. Each measure stands by itself: both together give back "
    "less than their sum.",
)


def write_outlook(sheet, report, views, calendar, trend, inputs, told):
    """Fill the sheet.

    Parameters
    ----------
    report : types.SimpleNamespace
        As `xlcost.workbook.report.write_report` gives it.
    views : xlcost.workbook.views.Views
    calendar, trend, inputs : types.SimpleNamespace
        As their sheets give them.
    told : dict
        What settings say of the sheet; see `xlcost.budget.analysis.OUTLOOK`.

    Returns
    -------
    types.SimpleNamespace
        sentence (a term for the Cover), checks (lines for Checks: label, found, expected, advice).
    """
    sheet.widths({"J": 3, SOURCE: 16})
    sheet.put("A1", "Outlook", style="title")
    budgets = _budgets(sheet, report, calendar)
    assumed = _assumptions(sheet, budgets.last + 2, views, trend, inputs, budgets, told)
    _pace(sheet, budgets, assumed)
    becomes = _answer(sheet, calendar, assumed)
    first, second = headlines(sheet.language, assumed, becomes, calendar.currency_shown)
    sentence = sheet.put("A2", first, style="subtitle")
    sheet.put("A3", second, style="subtitle")
    said = sheet.sentence("Amounts in {money}, without tax.", money=calendar.money)
    sheet.put("A4", said, style="remark")
    _chart(sheet, assumed.last + 2, assumed, becomes)
    for cells in (
        f"E{ANSWER + 2}:H{becomes.last_amount}",
        assumed.amounts,
        *(f"{letter}{YEARS + 1}:{letter}{budgets.last}" for letter in "BDFH"),
    ):
        sheet.in_units(cells, calendar.units)
    sheet.freeze("A5")
    widen(sheet, "BCD", 13)
    widen(sheet, "EFGHI", 13, apart=1.5)
    narrow(sheet, {"A": 44})
    # With what the sources need beyond their column, and without what the chart is drawn from.
    sheet.print_setup(title_rows="1:4", one_page=True, areas=[f"A1:P{assumed.last}"])
    return SimpleNamespace(sentence=sentence, checks=[*_checks(calendar)])


def _headings(sheet, row, headings, texts="A"):
    """Put headings, to the left over the columns of texts; None where a cell has one already."""
    for number, heading in enumerate(headings, start=1):
        letter = get_column_letter(number)
        if heading is not None:
            sheet.put(f"{letter}{row}", heading, style="heading" if letter in texts else "heading_right")
    sheet.height(row, HEADING_HEIGHT)


def _whatever(cell):
    """A cell that may hold a number, a text or nothing, where the formula asks which by itself."""
    return Term(cell._text, cell.value)


# --- by fiscal year


def _budgets(sheet, report, calendar):
    """Our budget year by year, and what it is of revenue and of the budget for research and development."""
    headings = ("By fiscal year", "Budget", "Times the year before", "Frontier's pace from our first year")
    headings += (
        "Budget as a share of that pace",
        "Revenue",
        "Share of revenue",
        "R&D budget",
        "Share of the R&D budget",
    )
    _headings(sheet, YEARS, headings)
    found = SimpleNamespace(cells=[], last=YEARS + len(report.years))
    for row, (label, budget, revenue, research) in enumerate(
        zip(calendar.years_shown, report.years, calendar.revenue, calendar.research_budget), start=YEARS + 1
    ):
        sheet.put(f"A{row}", label, style="link_label")
        # What is left of a difference of large sums is no budget.
        amount = sheet.put(f"B{row}", to_the_cent(budget), style="link", format="ledger")
        if found.cells:
            before = found.cells[-1]
            sheet.put(f"C{row}", blank_if(before <= 0, amount / before), style="number", format="growth")
        for letter, given in (("F", revenue), ("H", research)):
            shown = sheet.put(f"{letter}{row}", _number_of(given), style="link", format="ledger")
            share = get_column_letter(ord(letter) - ord("A") + 2)
            sheet.put(f"{share}{row}", blank_if(shown <= 0, amount / shown), style="number", format="share")
        found.cells.append(amount)
    found.labels, found.budget, found.revenue, found.research = (
        sheet.range(letter, YEARS + 1, found.last) for letter in "ABFH"
    )
    # Empty ones can be given later, and given ones be cleared.
    found.revenue.may_miss = found.research.may_miss = True
    return found


def _number_of(given):
    """The number of a cell, or nothing where it is empty or holds a text, of which Checks tell."""
    number = float(given.value) if isinstance(given.value, float) else np.nan
    return Term(f"IF(ISNUMBER({given._text}),{given._text},{NOTHING})", number, guarded=True)


def _checks(calendar):
    """What must hold of the company's figures: label, found, expected, advice."""
    cells = [_side_by_side(given)._text for given in (calendar.revenue, calendar.research_budget)]
    wrong = "+".join(f'SUMPRODUCT(({given}<>"")*(1-ISNUMBER({given})*({given}>=0)))' for given in cells)
    yield (
        "Revenue and R&D budgets that are below 0 or a text",
        Term(wrong, 0.0, SUM),
        0.0,
        "On Calendar, give amounts of 0 or more, or leave the cells empty",
    )


def _pace(sheet, budgets, assumed):
    """What our first budget would have become at the frontier's pace, and how our budget stands to that."""
    before = None
    for row, amount in enumerate(budgets.cells, start=YEARS + 1):
        begun = blank_if(amount <= 0, amount)
        pace = begun if before is None else np.where(np.isnan(before), begun, before * assumed.growth)
        before = sheet.put(f"D{row}", pace, style="number", format="ledger")
        sheet.put(f"E{row}", amount / before, style="number", format="share")


# --- what is assumed


class Rate(NamedTuple):
    """A rate that is published, and may be a reader's own: between what it can be, and what it comes to in a year."""

    source: str
    least: float
    times_a_year: Callable


RATES = {
    # by the names of `OUTLOOK`
    "growth": Rate(
        "Trend, where models can be chosen; Cottier et al. (2024): 2.4, 95% range 2.0 to 3.1",
        *(0.01, lambda growth: blank_if(growth >= TOO_WIDE, growth)),
    ),
    "hardware": Rate(f"Inputs; {COTTIER} (90% range)", 0.0, equations.growth_per_year),
    "algorithms": Rate(HALVING_TIME.source, 1.0, equations.efficiency_per_year),
}


def _assumptions(sheet, row, views, trend, inputs, budgets, told):
    """Rates with their sources, the base year, and how much of the budget is computing."""
    usual = OUTLOOK.usual()
    headings = (OUTLOOK.heading, "Yours; empty: as published", "As published", "Low", "High", "Used here")
    _headings(sheet, row, (*headings, "Times a year", "Unit", "", "", "Source", *[""] * 4), texts="AHK")
    published = {
        "growth": trend.growth,
        "hardware": (inputs.assume["depreciation_rate"], DEPRECIATION_RATE.low, DEPRECIATION_RATE.high),
        "algorithms": (float(HALVING_TIME), HALVING_TIME.low, HALVING_TIME.high),
    }
    found = SimpleNamespace(ends={})
    for name, rate in RATES.items():
        row += 1
        each = OUTLOOK.input(name)
        own = put_input(sheet, OUTLOOK, row, each, told, usual)
        given, *ends = (
            _whatever(
                sheet.put(
                    f"{letter}{row}",
                    _whatever(figure) if isinstance(figure, Term) else figure,
                    style="value_link" if isinstance(figure, Term) else "value",
                    format=each.format,
                )
            )
            for letter, figure in zip("CDE", published[name])
        )
        can_be = np.where((own >= rate.least) & (own <= each.most), own, given)
        in_force = sheet.put(f"F{row}", np.where(np.isnan(own), given, can_be), style="result", format=each.format)
        times = rate.times_a_year(_whatever(in_force))
        times = sheet.put(f"G{row}", times, style="value", format="growth")
        setattr(found, name, times)
        # A rate of one's own has no range.
        found.ends[name] = [np.where(np.isnan(own), rate.times_a_year(end), times) for end in ends]
        sheet.put(f"H{row}", each.unit, style="unit")
        sheet.put(f"{SOURCE}{row}", rate.source, style="note")
    _base_year(sheet, row + 1, budgets, found, told)
    _shares(sheet, row + 6, views, found)
    found.last = row + 7 + len(NOTES)
    for number, note in enumerate(NOTES, start=row + 8):
        sheet.put(f"A{number}", note, style="note")
    return found


def _base_year(sheet, row, budgets, found, told):
    """Which fiscal year the outlook starts from, and what is given for it."""
    place = row + 1
    own = put_input(sheet, OUTLOOK, row, OUTLOOK.input("base_year"), told, OUTLOOK.usual(), budgets.labels)
    for number, label in enumerate(
        ("Its place among the fiscal years", "Its budget", "Its revenue", "Its budget for R&D"), start=place
    ):
        sheet.put(f"A{number}", label, style="label")
    amounts = sheet.range("B", YEARS + 1, budgets.last)
    # The last one may hold no more than what is paid out after the runs.
    dearest = position_of(largest(amounts, 1.0), amounts, amounts.cell(-1).text)
    dearest = sheet.put(f"C{place}", dearest, style="value", format="place")
    own = sheet.put(f"B{place}", number_in(own, budgets.labels), style="value", format="place")
    found.place = sheet.put(f"F{place}", np.where(own > 0, own, dearest), style="result", format="place")
    sheet.put(f"C{row}", take(budgets.labels, dearest), style="value")
    found.year = sheet.put(f"F{row}", take(budgets.labels, found.place), style="result")
    sheet.put(
        f"{SOURCE}{row}",
        "The one with the largest budget; choose another if that is no whole year",
        style="note",
    )
    found.budget, found.revenue, found.research = (
        sheet.put(f"F{place + number}", take(listed, found.place), style="value", format="ledger")
        for number, listed in enumerate((budgets.budget, budgets.revenue, budgets.research), start=1)
    )
    found.amounts = f"F{place + 1}:F{place + 3}"


def _shares(sheet, row, views, found):
    """How much of the budget falls with the amount of computing, and with the price of hardware."""
    whole = views.totals["component"] - views.components[CONTINGENCY]
    for name, label, members in (
        ("computing", "Computing in the budget, all fiscal years together", COMPUTING),
        ("priced", "of which bought or rented hardware", HARDWARE),
    ):
        part = functools.reduce(operator.add, (views.components[member] for member in members))
        sheet.put(f"A{row}", label, style="label")
        share = np.where(whole > 0, part / whole, 0.0)
        setattr(found, name, sheet.put(f"F{row}", share, style="result", format="share"))
        sheet.put(f"H{row}", "share of the budget", style="unit")
        sheet.put(f"{SOURCE}{row}", "Budget months, without the contingency", style="note")
        row += 1


# --- what comes of it


def _answer(sheet, calendar, assumed):
    """What the budget becomes in one to three years, what each measure gives back, and shares of revenue."""
    when = [sheet.put(f"{letter}{ANSWER + 1}", float(on), style="value") for on, letter in enumerate(OF_YEARS)]
    first = year(take(_side_by_side(calendar.year_starts), assumed.place))
    for on, letter in zip(when, OF_YEARS):
        label = sheet.sentence("FY{year}", year=as_text(first + on))
        sheet.put(f"{letter}{ANSWER}", label, style="heading_right")
    headings = ("What the budget becomes", "Growth, times a year", "Hardware cheaper, times a year")
    headings += ("Less computing, times a year", *[None] * len(OF_YEARS), "After three years, times the base year")
    _headings(sheet, ANSWER, headings, texts="A")
    sheet.put(f"A{ANSWER + 1}", "Years from the base year", style="label")
    found = SimpleNamespace(row=ANSWER + 1)

    def row(label, figures, number_format="ledger", against_today=False):
        found.row += 1
        sheet.put(f"A{found.row}", label, style="label")
        values = [
            sheet.put(f"{letter}{found.row}", figure, style="number", format=number_format)
            for letter, figure in zip(OF_YEARS, figures)
        ]
        if against_today:
            times = np.where(assumed.budget > 0, values[-1] / assumed.budget, 0.0)
            sheet.put(f"{TIMES}{found.row}", times, style="number", format="growth")
        return values

    def rate(letter, figure):
        """Put a rate in front of what it leads to; a number is 1 where a measure is left out."""
        return sheet.put(f"{letter}{found.row + 1}", figure, style="value", format="growth")

    for name, label, growth in (
        ("pace", "If we keep pace with the frontier", assumed.growth),
        ("pace_low", "at the low end of its range", assumed.ends["growth"][0]),
        ("pace_high", "at the high end of its range", assumed.ends["growth"][1]),
    ):
        growth = rate("B", growth)
        costs = [equations.grown_cost(assumed.budget, growth, on) for on in when]
        setattr(found, name, row(label, costs, against_today=True))
    for name, label, hardware, algorithms in (
        ("flat", "The same ambition, nothing cheaper or better", 1.0, 1.0),
        ("hardware", "The same ambition, cheaper hardware alone", assumed.hardware, 1.0),
        ("algorithms", "The same ambition, better algorithms alone", 1.0, assumed.algorithms),
        ("both", "The same ambition, both", assumed.hardware, assumed.algorithms),
        (
            "cautious",
            "both at the slow end of their ranges",
            assumed.ends["hardware"][0],
            assumed.ends["algorithms"][1],
        ),
    ):
        measures = assumed.computing, assumed.priced, rate("C", hardware), rate("D", algorithms)
        costs = [equations.same_ambition_cost(assumed.budget, on, *measures) for on in when]
        setattr(found, name, row(label, costs, against_today=True))
    found.row += 2
    sheet.put(f"A{found.row}", "What it gives back each year, against nothing cheaper or better", style="section")
    found.given_back = {
        name: row(
            label,
            [flat - cost for flat, cost in zip(found.flat, costs)],
        )
        for name, label, costs in (
            ("hardware", "Cheaper hardware by itself", found.hardware),
            ("algorithms", "Better algorithms by themselves", found.algorithms),
            ("both", "Both together", found.both),
        )
    }
    found.last_amount = found.row
    found.row += 2
    sheet.put(
        f"A{found.row}",
        sheet.sentence("Shares, if revenue and the R&D budget stay those of {year}", year=assumed.year),
        style="section",
    )
    for label, costs, whole in (
        ("Of revenue, if we keep pace", found.pace, assumed.revenue),
        ("Of revenue, the same ambition with both", found.both, assumed.revenue),
        ("Of the R&D budget, if we keep pace", found.pace, assumed.research),
        ("Of the R&D budget, the same ambition with both", found.both, assumed.research),
    ):
        is_none = np.where(whole <= 0, sheet.text(NOTHING_GIVEN), "")
        sheet.put(f"B{found.row + 1}", np.where(np.isnan(whole), sheet.text(NOT_GIVEN), is_none), style="note")
        row(label, [blank_if(whole <= 0, cost / whole) for cost in costs], number_format="share")
    return found


def _side_by_side(cells):
    """Cells of all fiscal years, side by side on Calendar, as a range."""
    first, last = cells[0]._text, cells[-1]._text.rpartition("!")[2]
    return Range(f"{first}:{last}", np.array([cell.value for cell in cells]))


def _chart(sheet, row, assumed, becomes):
    """The chart, and what it shows: times the budget of the base year."""
    sheet.put(f"A{row}", "Chart: times the budget of the base year", style="section")
    series = {
        "Keeping pace with the frontier": becomes.pace,
        "The same ambition": becomes.flat,
        "The same ambition, with both": becomes.both,
    }
    for letter, text in zip("ABCD", ("Fiscal year", *series)):
        sheet.put(f"{letter}{row + 1}", text, style="heading" if letter == "A" else "heading_right")
    sheet.height(row + 1, HEADING_HEIGHT)
    first, last = row + 2, row + 1 + len(OF_YEARS)
    for number, letter in enumerate(OF_YEARS):
        label = Term(f"{letter}{ANSWER}", sheet.values(letter, ANSWER, ANSWER)[0])
        sheet.put(f"A{first + number}", label, style="label")
        for own, values in zip("BCD", series.values()):
            # MAX takes a text for nothing, where a chart on a logarithmic scale would stumble over it.
            shown = np.maximum(_whatever(values[number]), assumed.budget * UNSEEN) / assumed.budget
            shown = np.where(assumed.budget > 0, shown, UNSEEN)
            sheet.put(f"{own}{first + number}", shown, style="number", format="growth")
    put_chart(sheet, f"{SOURCE}{ANSWER}", "BCD", row + 1, first, last)
