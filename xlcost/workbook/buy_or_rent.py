"""The sheet Buy or rent: own, commit, rent on demand or not train at all, and whether it pays."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..budget.analysis import BENEFITS as EXPECTED
from ..budget.analysis import BUY_OR_RENT
from ..date_parts import date_text
from ..formula import Term
from ..lookup import blank_if, take
from ..totals import count_numbers, position_of, smallest, total
from .buy_or_rent_answer import NEVER, UNKNOWN, checks_of, owning_of, sentence_of, write_figures
from .buy_or_rent_charts import put_bridge, put_uses
from .buy_or_rent_inputs import row_of, write_benefits, write_settings
from .buy_or_rent_steps import (
    COMMITMENTS,
    LINES,
    ON_DEMAND,
    RENTED,
    WAYS,
    Workings,
    headings,
    write_amounts,
    write_dues,
    write_flows,
    write_lines,
    write_prices,
    write_workings,
)

NAME = BUY_OR_RENT.sheet
RESULTS, FIGURES, CHARTS = 5, 12, 24
"""Rows of the headings over the ways and over the key figures, and where the charts begin."""
PAGE = 44
"""The last row of the page that decides."""
BENEFITS, LINE_BY_LINE, WORKINGS = PAGE + 1, PAGE + 14, PAGE + 40
SCALE = 59
"""Percent: the columns go on a page, and the table of months with its headings, on Letter too."""
LOWER = 12.7
"""Of a row of a month or of a step, which holds nothing but figures. [point]"""
USES = np.arange(21) / 20
FIGURES_BELOW = 14
"""Rows under the bridge as drawn: room for the figures before the table of months."""
BEYOND = -1.0
"""A coordinate that a chart does not show."""
FIRST_YEAR = 13
"""The start and twelve months."""

NOTES = (
    "A commitment is paid for all hours, used or not, to the end of its term, and renewed at the same price while the "
    "plan goes on.",
    "What is left of its term when the plan ends is paid then, in one sum. Owned hardware is sold at the end.",
    "Benefits count for the years planned, the same whichever way is taken. Prices and wages stay as they are over the "
    "plan: the growth set on Calendar is not applied.",
    "The scenario in force changes the prices of hardware (so maintenance, insurance, loan and sale too), cloud "
    "computing, electricity and hosting, and wages. Use, installation, benefits and the external model are as entered "
    "here.",
)


def write_buy_or_rent(sheet, inputs, facts, drivers, price_list, told):
    """Fill the sheet.

    Parameters
    ----------
    inputs : types.SimpleNamespace
        As `xlcost.workbook.inputs.write_inputs` gives it.
    facts : types.SimpleNamespace
        What `xlcost.model.CostSteps` looks up.
    drivers : types.SimpleNamespace
        Factors of a scenario on prices, as terms: hardware, cloud, energy, wages, others.
    price_list : Catalog
    told : dict
        What settings say of the sheet; see `xlcost.budget.analysis.BUY_OR_RENT`.

    Returns
    -------
    types.SimpleNamespace
        sentence, owning, discount_rate, due and dated (terms), ways (net present cost by way, as terms), break_even,
        irr and payback (terms of a number or of a word), checks (label, found, expected, advice).
    """
    sheet.widths({"A": 40, "B": 19, **dict.fromkeys("CDE", 18), "F": 17, "G": 16, "H": 15, "I": 25, "J": 17, "K": 17})
    sheet.put("A1", NAME, style="title")
    given = write_settings(sheet, RESULTS, facts, told, price_list)
    benefits = write_benefits(sheet, BENEFITS, told.get(EXPECTED.name, []))
    put = Workings(sheet)
    put.begin(WORKINGS, "Workings")
    base = write_workings(put, given, benefits, inputs, drivers)
    steps, row = write_prices(sheet, put.row + 1, given, facts, inputs)
    for lower in range(put.row + 3, row):
        sheet.height(lower, LOWER)
    amounts_row = row + 1
    put.begin(amounts_row, "Amounts")
    amounts = write_amounts(put, steps, given, inputs, base)
    first = headings(
        sheet,
        LINE_BY_LINE,
        "Why owning costs more or less than the cheapest way of renting, USD",
        ("", "At once", "Each month", "At the end", "Net present cost"),
    )
    lines = write_lines(sheet, first, amounts.lines, base)
    dues, row = write_dues(sheet, put.row + 1, lines, amounts, given, base)
    ways = _ways(sheet, dues)
    put.begin(row + 1, "Comparison")
    place = _places(sheet, put, ways)
    even = _break_even(put, ways, lines, amounts, base)
    bridge = _bridge(sheet, put, first + len(LINES), lines, ways, dues, place, base)
    flows = write_flows(sheet, bridge.last + FIGURES_BELOW, dues, place.best, benefits, given, base)
    _cash(sheet, ways, place, flows)
    _uses(sheet, LINE_BY_LINE, ways, even)
    put.begin(bridge.last + 2, "What the benefits make of it")
    key = write_figures(sheet, FIGURES, put, place, flows, benefits, even, base)
    sentence = sheet.put("A3", sentence_of(sheet, given, place, base), style="verdict")
    owning = sheet.put("A4", owning_of(sheet, even, key), style="remark")
    dated = sheet.put(f"A{_notes(sheet)}", _dates_of_prices(sheet, steps), style="note")
    months = f"A{flows.heading + 1}:K{flows.last}"
    for row in range(flows.heading + 1, flows.last + 1):
        sheet.height(row, LOWER)
    sheet.conditional(months, f"$A{flows.heading + 1}>{base.months.text.rpartition('!')[2]}", "unfilled")
    sheet.freeze("A5")
    sheet.print_setup(
        title_rows="1:1",
        fit_width=False,
        scale=SCALE,
        breaks=(PAGE, WORKINGS - 1, amounts_row - 1, bridge.first - 3, flows.heading - 2),
    )
    return SimpleNamespace(
        sentence=sentence,
        owning=owning,
        discount_rate=base.discount_rate,
        due=given.timing,
        dated=dated,
        ways=ways,
        break_even=key.break_even,
        irr=key.irr,
        payback=key.payback,
        checks=checks_of(sheet, base, ways, flows, bridge, key),
    )


def _ways(sheet, dues):
    """The ways and their net present costs, on top of the sheet."""
    texts = ("Way", "Net present cost [USD]", "More than the cheapest [USD]", "Paid in the first year [USD]")
    for letter, text in zip("ABCDE", (*texts, "Paid in all [USD]")):
        sheet.put(f"{letter}{RESULTS}", text, style="heading" if letter == "A" else "heading_right")
    sheet.height(RESULTS, 32)
    ways = {}
    for row, (way, label) in enumerate(WAYS.items(), start=RESULTS + 1):
        sheet.put(f"A{row}", label, style="label")
        ways[way] = sheet.put(f"B{row}", dues.cost[way], style="result", format="money")
    return ways


def _cash(sheet, ways, place, flows):
    """What each way costs more than the cheapest, and when it is paid."""
    for row, way in enumerate(WAYS, start=RESULTS + 1):
        paid = getattr(flows, way)
        is_lacking = np.isnan(ways[way])
        for letter, value in (
            ("C", ways[way] - place.cost),
            ("D", blank_if(is_lacking, total(paid.part(0, FIRST_YEAR)))),
            ("E", blank_if(is_lacking, total(paid))),
        ):
            sheet.put(f"{letter}{row}", value, style="number", format="money")


def _places(sheet, put, ways):
    """Which way is the cheapest, which comes next, and which way of renting is the cheapest."""
    first, last = RESULTS + 1, RESULTS + len(WAYS)
    costs, names = sheet.range("B", first, last), sheet.range("A", first, last)
    rented = sheet.range("B", first + 1, first + len(RENTED))
    end = costs.cell(-1)._text
    known = put("Ways whose price is known", count_numbers(costs), "count", "")
    cost = put("Cost of the cheapest", blank_if(known < 1, smallest(costs, 1)))
    best = put("The cheapest, by number", position_of(cost, costs, end), "count", "")
    next_cost = put("Cost of the next", blank_if(known < 2, smallest(costs, 2)))
    second = put("The next, by number", position_of(next_cost, costs, end, (cost, best)), "count", "")
    rent = put("Cost of the cheapest way of renting", blank_if(count_numbers(rented) < 1, smallest(rented, 1)))
    way_of_renting = put("The same, by number", position_of(rent, rented, rented.cell(-1)._text), "count", "")
    return SimpleNamespace(
        **dict(known=known, cost=cost, best=best, next_cost=next_cost, second=second),
        **dict(rent=rent, way_of_renting=way_of_renting, names=names, name_of_rent=take(names, way_of_renting + 1)),
    )


def _break_even(put, ways, lines, amounts, base):
    """The use above which owning costs less than renting on demand, and both over any use."""
    energy = put("Energy of all available hours, today", amounts.all_energy * base.worth)
    idle = put("Owning without any use, today", ways["own"] - lines["energy"][-1])
    full = put("On demand for all available hours, today", amounts.rent[ON_DEMAND] * base.worth)
    saved = put("Saved by owning at full use", full - energy)
    share = blank_if(saved <= 0, equations.break_even_use(idle, saved))
    share = put("Break-even use", share, "share", "empty: no use is enough")
    never, unknown = map(put.sheet.sentence, (NEVER, UNKNOWN))
    shown = np.where(np.isnan(share), never, np.where(share <= 1, share, never))
    shown = np.where(np.isnan(idle) | np.isnan(full), unknown, shown)
    return SimpleNamespace(
        **dict(energy=energy, idle=idle, full=full, share=share, shown=shown),
        commitment=_against_commitments(put, ways, idle, energy),
    )


def _against_commitments(put, ways, idle, energy):
    """The use up to which owning costs less than the cheaper commitment, whose cost is the same at any use."""
    first = RESULTS + 1 + list(WAYS).index(COMMITMENTS[0])
    costs = put.sheet.range("B", first, first + len(COMMITMENTS) - 1)
    cost = put("Cost of the cheaper commitment", blank_if(count_numbers(costs) < 1, smallest(costs, 1)))
    share = blank_if(np.isnan(cost) | np.isnan(idle) | (energy <= 0), equations.highest_use_to_own(cost, idle, energy))
    share = put("Owning costs less than it up to this use", share, "share", "above 100%: at any use")
    return SimpleNamespace(share=share, is_longest=cost == ways[COMMITMENTS[0]])


def _bridge(sheet, put, row, lines, ways, dues, place, base):
    """From renting to owning: the lines of owning less what renting costs are the difference."""
    first = row - len(LINES)
    sheet.put(f"A{row}", WAYS["own"], style="total_label")
    for letter, due in zip("BCD", (dues.at_once, dues.each_month, dues.at_end)):
        sheet.put(f"{letter}{row}", due["own"], style="total", format="place")
    whole = blank_if(np.isnan(ways["own"]), total(sheet.range("E", first, row - 1)))
    whole = sheet.put(f"E{row}", whole, style="total", format="money")
    sheet.put(f"A{row + 1}", place.name_of_rent, style="label")
    monthly, at_end = (
        sheet.put(f"{letter}{row + 1}", take(row_of([due[way] for way in RENTED]), place.way_of_renting), **how)
        for letter, due, how in (
            ("C", dues.each_month, dict(style="number", format="money")),
            ("D", dues.at_end, dict(style="number", format="place")),
        )
    )
    rent = monthly * base.worth + at_end * base.at_end
    rent = sheet.put(f"E{row + 1}", rent, style="number", format="money")
    sheet.put(f"A{row + 2}", "Difference", style="total_label")
    for letter in "BCD":
        sheet.put(f"{letter}{row + 2}", "", style="total_label")
    gap = sheet.put(f"E{row + 2}", whole - rent, style="total", format="money")
    note = "Each month of the loan: see Financing; it is in no sum of months"
    sheet.put(f"A{row + 3}", note, style="note")
    expected = put("Owning less the cheapest way of renting", ways["own"] - place.rent)
    last = _drawn(sheet, put.row + 1, sheet.range("A", first, row + 2), sheet.range("E", first, row + 2))
    first = last - len(LINES) - 2
    put_bridge(sheet, f"F{CHARTS}", first, last)
    return SimpleNamespace(gap=gap, expected=expected, first=first, last=last)


def _drawn(sheet, row, labels, amounts):
    """The bridge as it is drawn: where a column begins, and how far it goes; returns the last row."""
    texts = ("", "Drawn from", "More", "Less", "Sum", "Summed up")
    row = headings(sheet, row, "The bridge as it is drawn, USD", texts)
    before = None
    for position in range(len(labels)):
        sheet.put(f"A{row}", labels.cell(position), style="label")
        amount = _perhaps_empty(amounts.cell(position))
        drawn = dict.fromkeys("BCD", 0.0)
        if position < len(LINES):
            after = sheet.put(f"F{row}", amount if before is None else before + amount, style="number", format="money")
            start = 0.0 if before is None else np.minimum(before, after)
            drawn = {"B": start, "C": np.maximum(amount, 0.0), "D": np.maximum(-amount, 0.0)}
            before = after
        for letter, value in {**drawn, "E": amount if position >= len(LINES) else 0.0}.items():
            sheet.put(f"{letter}{row}", value, style="number", format="money")
        row += 1
    return row - 1


def _perhaps_empty(cell):
    """A cell that can be empty though its reference does not say so."""
    return Term(cell._text, cell.value, may_miss=[cell._text])


def _uses(sheet, row, ways, even):
    """Net present costs over the use, and the point where owning and renting on demand cost the same."""
    for letter, text in zip("FGHIJK", ("Net present cost over use, USD", "", "", "", "", "")):
        sheet.put(f"{letter}{row}", text, style="section" if text else "text")
    texts = ("Use", *(WAYS[way] for way in ("own", *RENTED)), "Same cost")
    for letter, text in zip("FGHIJK", texts):
        sheet.put(f"{letter}{row + 1}", text, style="heading_right")
    first = row + 2
    use = sheet.column("F", first, USES, style="number", format="share").cell
    lines = {
        "own": even.idle + even.energy * use,
        **{way: ways[way] + 0 * use for way in RENTED},
        ON_DEMAND: even.full * use,
    }
    for letter, (way, cost) in zip("GHIJ", lines.items()):
        shown = np.where(np.isnan(ways[way]), BEYOND, cost)
        sheet.column(letter, first, shown, style="number", format="money")
    last = first + len(USES) - 1
    point = np.where(np.isnan(even.share), BEYOND, np.where(even.share <= 1, even.share, BEYOND))
    point = sheet.put(f"F{last + 1}", point, style="number", format="share")
    sheet.put(f"K{last + 1}", np.where(point < 0, BEYOND, even.full * point), style="number", format="money")
    sheet.put(f"G{last + 1}", "The break-even use; −1 where a price or a crossing is not there", style="note")
    put_uses(sheet, f"A{CHARTS}", first, last)


def _notes(sheet):
    """What holds for all ways; returns the row below."""
    sheet.put(
        "A2",
        "Net present costs in nominal USD without tax: what all payments are worth today. Discount rate, hosting, "
        "staff, maintenance, insurance and haircut are set on Inputs.",
        style="subtitle",
    )
    row = FIGURES + 6
    for text in NOTES:
        sheet.put(f"A{row}", text, style="note")
        row += 1
    return row


def _dates_of_prices(sheet, steps):
    """How old the prices are that all else rests on."""
    dates = {
        "bought": steps["own"].chip_price_date,
        "by_the_hour": steps[ON_DEMAND].cloud_price_date,
        "committed": steps[COMMITMENTS[0]].cloud_price_date,
    }
    said = {
        name: np.where(np.isnan(date), sheet.sentence("no date"), date_text(date, sheet.language))
        for name, date in dates.items()
    }
    return sheet.sentence(
        "Prices are of {bought} (hardware), {by_the_hour} (on demand) and {committed} (3-year commitment).", **said
    )
