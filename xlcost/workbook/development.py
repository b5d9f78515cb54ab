"""The Development sheet: what the models cost with all experiments and the people, as ranges, live."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.chart import Reference

from .. import equations
from ..closed_form import Moments, computing_of, ends_of
from ..columns import COST_COLUMNS
from ..development import COMPONENTS, HARDWARE, TOTAL
from ..lookup import blank_if
from ..project_columns import DEVELOPMENT_STEPS
from ..totals import count_numbers, total, total_of_products, total_where
from .calculation import Calculation
from .charts import COLORS, bar, paint
from .moments import put_asked, put_moments, put_range
from .wording import in_words

NAME = "Development"
HEADLINE, HEADING, FIRST = 5, 36, 37
SECTION = HEADING - 3
SCALE = 74
"""Percent: a printed page holds the example's runs with their empty rows."""
LABELS = {name: COST_COLUMNS[name].label for name in COMPONENTS if name in COST_COLUMNS}
LABELS |= {"staff": "Staff, with contractors", TOTAL: "Development cost"}


def write_development(sheet, costs, runs, staff, inputs, pool):
    """Fill the sheet.

    Parameters
    ----------
    costs, runs, inputs : types.SimpleNamespace
    staff : dict of str to Range
        As `xlcost.workbook.staff.write_staff` gives it.
    pool : xlcost.workbook.experts.Pool

    Returns
    -------
    types.SimpleNamespace
        parts (by component and `TOTAL`: low, median, high and Moments, as terms) and ranges (by step).
    """
    steps = Calculation(sheet, DEVELOPMENT_STEPS, FIRST, styles={"run": "link_label", "development_median": "result"})
    _every_run(steps, costs, runs, staff, inputs, pool)
    sheet.put("A1", "Development of models", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "What the models cost with all experiments and failed runs, and with the people: the paper's third "
            "approach. Nominal USD; amortization method: {method}.",
            method=inputs.method,
        ),
        style="subtitle",
    )
    sheet.put("A3", "At base prices and compute, whatever the scenario", style="remark")
    parts = _headline(sheet, costs, steps.ranges, inputs)
    sheet.put(f"A{SECTION}", "Every run", style="section")
    sheet.put(
        f"A{HEADING - 2}",
        "A lognormal quantity with the same mean and variance stands for a sum; Uncertainty shows how near that comes.",
        style="note",
    )
    steps.headings(HEADING - 1, HEADING)
    ends = ("development_low", "development_median", "development_high")
    sheet.widths(steps.widths({"run": 30, **dict.fromkeys(ends, 23)}))
    sheet.height(HEADING, 48)
    sheet.freeze(f"B{HEADLINE}")
    # The headings of the runs are repeated.
    last, end = steps.letters["staff_share"], FIRST + len(steps.ranges["run"]) - 1
    sheet.put_title_again(SECTION - 1)
    sheet.print_setup(
        title_rows=f"{SECTION - 1}:{HEADING}",
        fit_width=False,
        scale=SCALE,
        areas=(f"A1:{last}{SECTION - 2}", f"A{SECTION - 1}:{last}{end}"),
    )
    return SimpleNamespace(parts=parts, ranges=steps.ranges)


def range_in_words(sheet, part):
    """A range of `write_development` for a sentence."""
    low, high = (in_words(sheet.language, end) for end in (part.low, part.high))
    return sheet.sentence("from ${low} to ${high}", low=low, high=high)


def _every_run(steps, costs, runs, staff, inputs, pool):
    """Each run's moments and its range."""
    offset = runs.first - FIRST
    taken = {name: costs.ranges[name].row(offset) for name in ("run", *HARDWARE, "energy")}
    steps("run", taken["run"])
    chips, servers, network = (taken[name] for name in HARDWARE)
    hardware = steps("hardware_and_network", chips + servers + network)
    energy = steps("run_energy", taken["energy"])
    run = steps.get("run")
    own_factor = runs.ranges["experiment_factor"].row(offset)
    known = {
        "experiment_factor": (
            np.where(np.isnan(own_factor), inputs.project["experiment_factor"].median, own_factor),
            np.where(np.isnan(own_factor), inputs.project["experiment_factor"].log_spread, 0.0),
        ),
        "energy_price_factor": inputs.project["energy_price_factor"][2:],
    }
    factor, price = (
        put_asked(steps, name, figures, pool, run, None, is_missing=np.isnan(hardware))
        for name, figures in known.items()
    )
    of_run = price.times(energy)
    put_moments(steps, "energy", factor * of_run)
    computing = put_moments(steps, "computing", computing_of(hardware, of_run, factor))
    of_staff = (total_where(staff[f"cost_{moment}"], staff["run"], run) for moment in Moments._fields)
    people = put_moments(steps, "staff", Moments(*(blank_if(np.isnan(computing.mean), each) for each in of_staff)))
    development = put_moments(steps, "development", computing + people)
    put_range(steps, "development", development, inputs.ranges.z)
    steps("computing_median", equations.median_of_moments(*computing))
    steps("staff_median", np.where(people.mean > 0, equations.median_of_moments(*people), 0.0))
    computing, people = steps.get("computing_median"), steps.get("staff_median")
    steps("staff_share", people / (computing + people))


def _headline(sheet, costs, ranges, inputs):
    """All runs together: by component and in total, and the chart of it."""
    for letter, text in zip(
        "ABCDEFGH",
        (
            "Component",
            "Paper's term",
            "Low [USD]",
            "Median [USD]",
            "High [USD]",
            "Share of medians",
            "Mean [USD]",
            "Variance",
        ),
    ):
        sheet.put(f"{letter}{HEADLINE}", text, style="heading" if letter in "AB" else "heading_right")
    factor = Moments(ranges["experiment_factor_mean"], ranges["experiment_factor_variance"])
    moments = {
        name: Moments(
            total_of_products(costs.ranges[name], factor.mean),
            total_of_products(costs.ranges[name], costs.ranges[name], factor.variance),
        )
        for name in HARDWARE
    }
    for name, step in (("energy", "energy"), ("staff", "staff"), (TOTAL, "development")):
        moments[name] = Moments(*(total(ranges[f"{step}_{moment}"]) for moment in Moments._fields))
    found, last = {}, HEADLINE + len(moments)
    for row, (name, each) in enumerate(moments.items(), start=HEADLINE + 1):
        is_total = name == TOTAL
        style = "total" if is_total else "number"
        sheet.put(f"A{row}", LABELS[name], style="total_label" if is_total else "label")
        sheet.put(f"B{row}", name, style="total_label" if is_total else "unit", as_is=True)
        put = Moments(
            sheet.put(f"G{row}", each.mean, style=style, format="money"),
            sheet.put(f"H{row}", each.variance, style=style, format="scientific"),
        )
        ends = (np.where(put.mean > 0, end, 0.0) for end in ends_of(put, inputs.ranges.z))
        terms = [sheet.put(f"{letter}{row}", end, style=style, format="money") for letter, end in zip("CDE", ends)]
        found[name] = SimpleNamespace(low=terms[0], median=terms[1], high=terms[2], moments=put)
    sheet.put(f"A{last + 1}", "Runs with a development cost", style="label")
    sheet.put(f"C{last + 1}", count_numbers(ranges["development_mean"]), style="number", format="count")
    sheet.put(
        f"D{last + 1}", "of a chip whose cost on own hardware is known, whatever the run's sourcing is", style="note"
    )
    sheet.put(f"A{last + 2}", "Ranges hold", style="label")
    sheet.put(f"C{last + 2}", inputs.ranges.level, style="link", format="share")
    sheet.put(
        f"D{last + 2}",
        "of cases; runs and people vary independently of each other. Means add up, medians and ends of ranges do not",
        style="note",
    )
    medians = sheet.range("D", HEADLINE + 1, last - 1)
    whole = total(medians)
    for row in range(HEADLINE + 1, last):
        share = np.where(whole > 0, medians.cell(row - HEADLINE - 1) / whole, 0.0)
        sheet.put(f"F{row}", share, style="number", format="share")
    sheet.put(f"F{last}", total(sheet.range("F", HEADLINE + 1, last - 1)), style="total", format="share")
    _chart(sheet, last)
    return found


def _chart(sheet, last):
    chart = bar("Development cost by component, all runs, median", "USD")
    chart.add_data(Reference(sheet.worksheet, min_col=4, min_row=HEADLINE + 1, max_row=last - 1))
    chart.set_categories(Reference(sheet.worksheet, min_col=1, min_row=HEADLINE + 1, max_row=last - 1))
    paint(chart.series[0], COLORS[0])
    chart.legend = None
    sheet.chart(chart, f"A{last + 4}", 20, 8.4)
