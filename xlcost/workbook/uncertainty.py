"""The Uncertainty sheet: how sure the costs are, by sampling, beside what the workbook computes live."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from openpyxl.chart import Reference

from ..cost_interval import cost_interval, figures_of
from ..development import COMPONENTS, TOTAL
from ..formula import Term
from ..languages import Language
from ..lookup import match, take
from ..portfolio import shares_by_cost
from ..uncertainty import Interval
from .charts import COLORS, bar, paint
from .development import LABELS
from .wording import in_words

NAME = "Uncertainty"
HEADING, CHART_ROWS = 6, 18
RUNS = 12
"""Runs whose own intervals are shown, the largest."""
DRIVERS = 10
SCALE = 62
"""Percent: a printed page holds the distribution and what drives it."""
OLD, NEW = "Inputs changed: run again", "Sampled from the inputs as they are"
AGREEMENT = 1e-9
NOTHING = "No run has a known cost on own hardware."
ENDS = ("low", "median", "high")


HISTOGRAM = "How often the development cost of all runs lies where"
DRIVEN, RUNS_TITLE = "What drives the spread", "Cost on own hardware of the largest runs (at most {n}), USD"
STATISTICS, COMPUTED = "For statisticians", "What the workbook computed when it was sampled, USD"
"""Headings below which a reader looks for what was sampled."""


class RunInterval(NamedTuple):
    """A run's cost on own hardware, and its interval; USD."""

    run: str
    cost: float
    interval: Interval


class Samples(NamedTuple):
    """What the sheet keeps of the sampling, which no formula gives.

    Parameters
    ----------
    parts : dict of str to Interval
        By component, and the total. [USD]
    shares : list of (float, float, float)
        From, to [USD], and the share of cases between.
    drivers : list of (str, float)
        What drives the spread, in words, and its share of it.
    others : (str, float) or None
        All further ones together.
    runs : list of RunInterval
    samples, seed, level : float
    edition : str
        Of the prices when it was sampled.
    then : dict of str to dict, optional
        What the workbook computed at that time, by component and end; what it computes now without.
    """

    parts: dict
    shares: list
    drivers: list
    others: tuple | None
    runs: list
    samples: float
    seed: float
    level: float
    edition: str
    then: dict | None = None


def samples_of(sampled, runs, edition, language=None):
    """What the sheet keeps of a sampling that was just done.

    Parameters
    ----------
    sampled : xlcost.portfolio.Sampled
    runs : list of RunInterval
    edition : str
    language : Language, optional
    """
    outcome, language = sampled.outcome, language or Language()
    ranked = [(driver.in_words(language), share) for driver, share in sampled.drivers.items()]
    others = None
    if len(ranked) > DRIVERS:
        rest = sum(sampled.drivers.values()) - sum(share for _, share in ranked[:DRIVERS])
        others = language.sentence("{n} others", n=str(len(ranked) - DRIVERS)), rest
    return Samples(
        {**outcome.parts, TOTAL: outcome.total},
        shares_by_cost(outcome),
        ranked[:DRIVERS],
        others,
        runs,
        float(outcome.samples),
        float(outcome.seed),
        outcome.level,
        edition,
    )


def intervals_of_runs(costs, from_compute, facts, level, energy_price_factor):
    """Sampled intervals of the largest runs' amortized cost.

    Parameters
    ----------
    costs : pandas.DataFrame
        As `xlcost.estimate.estimate` gives it.
    from_compute : array of bool
    facts : Catalog
    level : float
        What share of all cases an interval holds.
    energy_price_factor : float or Range
        With a median of 1: the costs have the price of electricity already.

    Returns
    -------
    list of RunInterval
    """
    largest = costs.assign(from_compute=from_compute).dropna(subset=["amortized_cost"]).nlargest(RUNS, "amortized_cost")
    figures = figures_of(largest, largest["from_compute"], facts, energy_price_factor=energy_price_factor)
    return [
        RunInterval(name, float(cost), cost_interval(run, level).total)
        for name, cost, run in zip(largest["run"], largest["amortized_cost"], figures)
    ]


def write_uncertainty(sheet, developed, costs, sampled):
    """Fill the sheet.

    Parameters
    ----------
    developed : types.SimpleNamespace
        As `xlcost.workbook.development.write_development` gives it.
    costs : types.SimpleNamespace
    sampled : Samples
    """
    sheet.widths({"A": 50, "B": 19, "C": 19, "D": 19, "E": 19, "F": 19, "G": 19, "H": 22, "I": 19})
    sheet.put("A1", "Uncertainty", style="title")
    sheet.put(
        "A2",
        "How sure the costs are, at base prices and compute whatever the scenario. Many possible cases were drawn from "
        "all ranges at once when the workbook was written; what it computes from the ranges by itself stands beside.",
        style="subtitle",
    )
    last = _development(sheet, sampled, developed)
    histogram_row = last + 3 + CHART_ROWS
    row, listed = _histogram(sheet, histogram_row, sampled.shares)
    row, drivers = _drivers(sheet, row + 2, sampled)
    runs_row = row + 2
    row, of_runs = _runs(sheet, runs_row, sampled.runs, costs)
    agreement, of_parts = _appendix(sheet, row + 2, sampled, developed)
    changes = "+".join(
        f"SUMPRODUCT(1-(ABS({now}-{then})<={agreement._text}*{then}))"
        for now, then, _ in filter(None, (of_parts, of_runs))
    )
    is_old = any(changed for _, _, changed in filter(None, (of_parts, of_runs)))
    new, old = sheet.text(NEW), sheet.text(OLD)
    # An error among the live figures is a change as well.
    state = sheet.put(
        "A3",
        Term(f'IF(ISNUMBER({changes}),IF({changes}=0,"{new}","{old}"),"{old}")', old if is_old else new),
        style="verdict",
    )
    for wanted, signal in ((f'$A$3="{new}"', "ok"), (f'$A$3<>"{new}"', "wrong")):
        sheet.conditional("A3", wanted, signal)
    if sampled.drivers:
        _charts(sheet, last, listed, drivers)
    sheet.freeze("A4")
    sheet.print_setup(title_rows="1:3", fit_width=False, scale=SCALE, breaks=(histogram_row - 1, runs_row - 1))
    return state


def is_same(now, then):
    """Whether a figure is what it was when it was sampled; as the sheet's formula asks.

    >>> is_same(1.0, 1.0), is_same(1.1, 1.0), is_same(float("nan"), 1.0)
    (True, False, False)
    """
    return abs(now - then) <= AGREEMENT * then


def is_of_now(samples, developed, costs):
    """Whether what the workbook computes is what it was when it was sampled."""
    now = dict(zip(costs.ranges["run"].values.tolist(), costs.ranges["amortized_cost"].values.tolist()))
    return all(
        is_same(float(getattr(developed.parts[part], end).value), then)
        for part, ends in samples.then.items()
        for end, then in ends.items()
    ) and all(is_same(now.get(each.run, np.nan), each.cost) for each in samples.runs)


def _development(sheet, sampled, developed):
    """Sampled and live ranges of the development cost, by component."""
    sheet.put("A5", "Development cost of all runs, USD", style="section")
    groups = ("Component", "Sampled", "", "", "Live", "", "", "Median: sampled over live")
    for letter, text in zip("ABCDEFGH", groups):
        sheet.put(f"{letter}{HEADING}", text, style="heading" if letter == "A" else "heading_right")
        below = ("", *("Low", "Median", "High") * 2, "")[ord(letter) - ord("A")]
        sheet.put(f"{letter}{HEADING + 1}", below, style="heading_right")
    sheet.height(HEADING, 32)
    for row, part in enumerate((*COMPONENTS, TOTAL), start=HEADING + 2):
        is_total = part == TOTAL
        interval = sampled.parts[part]
        style = "total" if is_total else "number"
        sheet.put(f"A{row}", LABELS[part], style="total_label" if is_total else "label")
        terms = {}
        for letter, end in zip("BCD", ENDS):
            terms[end] = sheet.put(f"{letter}{row}", getattr(interval, end), style=style, format="money")
        for letter, end in zip("EFG", ENDS):
            live = getattr(developed.parts[part], end)
            link = sheet.put(f"{letter}{row}", live, style="total" if is_total else "link", format="money")
            if end == "median":
                ratio = np.where(link > 0, terms["median"] / link, 1.0)
                sheet.put(f"H{row}", ratio, style=style, format="share")
    sentence = sheet.sentence(
        "{level} of all cases lie between ${low} and ${high}; half of them below ${median}.",
        level=f"{sampled.level:.0%}",
        **{end: in_words(sheet.language, terms[end]) for end in ENDS},
    )
    sheet.put(f"A{row + 1}", sentence if sampled.parts[TOTAL].high else NOTHING, style="note")
    return row


def _histogram(sheet, row, shares):
    sheet.put(f"A{row}", HISTOGRAM, style="section")
    for letter, text in zip("ABC", ("From [USD]", "To [USD]", "Share of all cases")):
        sheet.put(f"{letter}{row + 1}", text, style="heading_right")
    first = row + 2
    for row, (low, high, share) in enumerate(shares, start=first):
        sheet.put(f"A{row}", low, style="number", format="money")
        sheet.put(f"B{row}", high, style="number", format="money")
        sheet.put(f"C{row}", share, style="number", format="share")
    sheet.put(f"A{row + 1}", "The first row holds all lower costs too, the last all higher ones.", style="note")
    return row + 1, (first, row)


def _drivers(sheet, row, sampled):
    sheet.put(f"A{row}", DRIVEN, style="section")
    sheet.put(f"A{row + 1}", "Uncertain figure", style="heading")
    sheet.put(f"B{row + 1}", "Share of the spread", style="heading_right")
    first = row + 2
    rows = [*sampled.drivers, *([sampled.others] if sampled.others else ())]
    for row, (words, share) in enumerate(rows, start=first):
        sheet.put(f"A{row}", words, style="label", as_is=True)
        sheet.put(f"B{row}", share, style="number", format="share")
    return row, (first, first + len(sampled.drivers) - 1)


def _runs(sheet, row, runs, costs):
    """Intervals of the largest runs; returns the cells of their costs now and when they were sampled."""
    title = sheet.sentence(RUNS_TITLE, n=str(RUNS))
    sheet.put(f"A{row}", title, style="section")
    headings = ("Training run", "Low", "Median", "High", "Cost when sampled", "Cost now")
    for letter, text in zip("ABCDEF", headings):
        sheet.put(f"{letter}{row + 1}", text, style="heading" if letter == "A" else "heading_right")
    sheet.put(
        f"A{row + 2}",
        "By the paper's ranges of prices, time, depreciation, network and energy; without experiments and staff.",
        style="note",
    )
    first, changed = row + 3, False
    row = first - 1
    for row, each in enumerate(runs, start=first):
        name = sheet.put(f"A{row}", each.run, style="label", as_is=True)
        for letter, end in zip("BCD", ENDS):
            sheet.put(f"{letter}{row}", getattr(each.interval, end), style="number", format="money")
        sheet.put(f"E{row}", each.cost, style="number", format="money")
        now = take(costs.ranges["amortized_cost"], match(name, costs.ranges["run"]))
        shown = Term(f"IF(ISNUMBER({now._text}),{now._text},0)", float(np.nan_to_num(now.value)))
        sheet.put(f"F{row}", shown, style="link", format="money")
        changed = changed or not is_same(shown.value, each.cost)
    if not runs:
        sheet.put(f"A{first}", NOTHING, style="note")
        return first, None
    return row, (f"$F${first}:$F${row}", f"$E${first}:$E${row}", changed)


def _appendix(sheet, begin, sampled, developed):
    """How it was sampled, and what the workbook computed then: the cells of that now and then."""
    sheet.put(f"A{begin}", STATISTICS, style="section")
    rows = (
        ("Samples", sampled.samples, "count", "Sobol points with a random shift, the same for the same seed"),
        ("Seed", sampled.seed, "year", "Another seed gives another sample"),
        ("Price list version (edition)", sampled.edition, "text", "Of the prices when it was sampled"),
        ("Level of the sampled ranges", sampled.level, "share", "Fixed when it was sampled"),
        ("Figures are the same when they differ by at most", AGREEMENT, "scientific", "As a share of the figure"),
    )
    for row, (label, value, number_format, note) in enumerate(rows, start=begin + 1):
        sheet.put(f"A{row}", label, style="label")
        agreement = sheet.put(f"B{row}", value, style="value", format=number_format)
        sheet.put(f"C{row}", note, style="note")
    for text in (
        "Live ranges: a lognormal quantity with the same mean and variance (Fenton 1960) stands for every sum. Where "
        "experts contradict each other, the sampled ranges count.",
        "Share of the spread: squared rank correlation (Spearman) with the whole cost, over the sum of all.",
        "Each run's factors, and each person's salary, equity and share of time, vary independently of all others.",
    ):
        row += 1
        sheet.put(f"A{row}", text, style="note")
    row += 2
    sheet.put(f"A{row}", COMPUTED, style="heading")
    for letter, end in zip("BCD", ("Low", "Median", "High")):
        sheet.put(f"{letter}{row}", end, style="heading_right")
    first, changed = row + 1, False
    for row, part in enumerate((*COMPONENTS, TOTAL), start=first):
        sheet.put(f"A{row}", LABELS[part], style="label")
        for letter, end in zip("BCD", ENDS):
            now = float(getattr(developed.parts[part], end).value)
            value = now if sampled.then is None else sampled.then[part][end]
            sheet.put(f"{letter}{row}", value, style="number", format="money")
            changed = changed or not is_same(now, value)
    live = f"$E${HEADING + 2}:$G${HEADING + 1 + len(COMPONENTS) + 1}"
    then = f"$B${first}:$D${row}"
    return agreement, (live, then, changed)


def _charts(sheet, last, listed, drivers):
    spread = bar("How often the development cost lies where", "Share of all cases", "0%")
    spread.add_data(Reference(sheet.worksheet, min_col=3, min_row=listed[0], max_row=listed[1]))
    spread.set_categories(Reference(sheet.worksheet, min_col=1, min_row=listed[0], max_row=listed[1]))
    spread.gapWidth = 5
    spread.x_axis.title, spread.x_axis.number_format = "From, millions of USD", "#,##0,,"
    ranked = bar("What drives the spread", "Share of the spread", "0%")
    ranked.type = "bar"
    # The largest on top, and the axis of shares below all the same.
    ranked.x_axis.scaling.orientation, ranked.y_axis.crosses = "maxMin", "max"
    ranked.add_data(Reference(sheet.worksheet, min_col=2, min_row=drivers[0], max_row=drivers[1]))
    ranked.set_categories(Reference(sheet.worksheet, min_col=1, min_row=drivers[0], max_row=drivers[1]))
    for chart, anchor, color in ((spread, "A", COLORS[0]), (ranked, "E", COLORS[1])):
        paint(chart.series[0], color)
        chart.legend = None
        sheet.chart(chart, f"{anchor}{last + 3}", 19, 8.8)
