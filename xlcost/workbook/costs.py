"""The Costs sheet: one run a row, every step of the calculation a column of its own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..columns import STEP_GROUPS
from ..comparison import fold
from ..formula import Term
from ..lookup import blank_if, escaped, is_blank, text_in
from ..model import STEPS, CostSteps
from ..notes import notes_of, term_of
from ..totals import is_listed
from . import runs as runs_sheet
from .calculation import Calculation

NAME = "Costs"
GROUP, HEADING, TERM, FIRST = 3, 4, 5, runs_sheet.FIRST
"""The rows of runs stand in the same rows as on Runs, so that a formula can be followed across."""

NOT_LISTED = "not listed"
FROM_RUNS = (
    "Every step from a run's inputs to its cost, left to right. Nothing is typed in here. The paper's term stands "
    "under each heading."
)
BY_ITSELF = (
    "Every step of a run's cost by itself, at base prices and compute whatever the scenario; of a run on Capacity, the "
    "budget has its share of that instead. Nothing is typed in here. The paper's term is under each heading."
)
STYLES = {"run": "link_label", "budget_cost": "result", "note": "prose"}
SCALE = 57
"""Percent: nine steps go on a printed page, on Letter too, beside the runs with their empty rows."""
WIDTHS = {
    "run": 26,
    "department_used": 22,
    "note": 130,
    "organization_words": 34,
    "cloud_vendor": 22,
}
COMPONENTS = (
    ("own_chips", "Chips", "accelerator_chips"),
    ("own_servers", "Server components", "server_components"),
    ("own_network", "Cluster network", "interconnect"),
    ("own_energy", "Energy", "energy"),
    ("cloud_rental", "Cloud rental", "cloud_cost"),
)
"""What a budget cost is made of: step, label, the paper's term. The last is rented, the others are own hardware."""


def looked_up(inputs, prices, steps):
    """What a run's cost looks up on other sheets: their columns and terms, by the names of `CostSteps`."""
    return SimpleNamespace(
        **{
            **vars(inputs),
            **vars(prices),
            **vars(steps),
            "hours_per_year": inputs.assume["hours_per_year"],
            "price_age_warning": inputs.assume["price_age_warning"],
            "first_energy_year": prices.energy_year.cell(0),
            "last_energy_year": prices.energy_year.cell(-1),
        }
    )


def write_costs(sheet, runs, facts, inputs, any_department=False):
    """Fill the sheet.

    Parameters
    ----------
    runs : types.SimpleNamespace
        As `xlcost.workbook.runs.write_runs` gives it.
    facts, inputs : types.SimpleNamespace
        Ranges and terms that the calculation looks up.
    any_department : bool, default False
        Whether a department counts that is not on the list of them.

    Returns
    -------
    types.SimpleNamespace
        ranges (by step), first and last row, letters (by step).
    """
    steps = Calculation(sheet, STEP_GROUPS, FIRST, styles=STYLES)
    sheet.put("A1", "Costs", style="title")
    sheet.put("C2", FROM_RUNS if any_department else BY_ITSELF, style="subtitle")
    steps.headings(GROUP, HEADING, TERM)
    run = runs.columns
    steps("run", text_in(run.run))
    department = run.department
    if not any_department:
        department = np.where(is_listed(department, inputs.departments), department, sheet.text(NOT_LISTED))
    steps("department_used", np.where(is_blank(run.run), "", department))
    steps("name_taken", _name_taken(runs))
    model = CostSteps(run, facts, inputs.assume, inputs.method, steps)
    for name in STEPS:
        getattr(model, name)
    sourcing = steps.get("sourcing_used")
    *own, rental = COMPONENTS
    parts = {name: np.where(sourcing == "own", steps.get(term), 0.0) for name, _, term in own}
    parts[rental[0]] = np.where(sourcing == "own", 0.0, steps.get(rental[2]))
    for name, part in parts.items():
        # Of a run without a budget cost, say because its energy is unknown, no part is in the budget.
        steps(name, blank_if(np.isnan(steps.get("budget_cost")), part))
    steps("cluster_purchase", _cluster_purchase(runs, steps.get("acquisition_cost")))
    steps("note", term_of(notes_of(model), sheet.language))
    sheet.widths(steps.widths(WIDTHS))
    sheet.height(HEADING, 48)
    sheet.height(TERM, 30)
    sheet.freeze(f"C{FIRST}")
    sheet.print_setup(title_rows=f"{GROUP}:{TERM}", title_cols="A:B", fit_width=False, scale=SCALE)
    return SimpleNamespace(ranges=steps.ranges, first=FIRST, last=runs.last, letters=steps.letters)


def _name_taken(runs):
    """1 where a run above has the same name, without regard to case."""
    name, names = runs.columns.run, runs.ranges["run"]
    sought = escaped(name._text)
    folded = [fold(str(text)) for text in names.values]
    first = {text: row for row, text in reversed(list(enumerate(folded)))}
    taken = np.array([float(first[text] != row) if text else np.nan for row, text in enumerate(folded)])
    return Term(f"IF(MATCH({sought},{names._text},0)=ROW()-{runs.first - 1},0,1)", taken, may_miss=[name._text])


def _cluster_purchase(runs, acquisition):
    """What the run's cluster costs to buy, in the first of the rows that give it its largest number of chips."""
    cluster, chips = runs.columns.capacity, runs.columns.chips
    shared, sizes = runs.ranges["capacity"], runs.ranges["chips"]
    names = np.array([fold(str(name)) for name in shared.values], dtype=object)
    numbers = np.nan_to_num(sizes.values)
    counts = np.ones(len(names), dtype=bool)
    seen = {}
    for row, (name, size) in enumerate(zip(names, numbers)):
        if name:
            best = seen.get(name)
            if best is None or size > numbers[best]:
                if best is not None:
                    counts[best] = False
                seen[name] = row
            else:
                counts[row] = False
    first = f"${shared._text.split('$')[1]}${runs.first}"
    prefix = shared._text.rpartition("!")[0] + "!"
    size_first = f"${sizes._text.split('$')[1]}${runs.first}"
    above = f"{prefix}{first}:{cluster._text.rpartition('!')[2]}"
    sizes_above = f"{prefix}{size_first}:{chips._text.rpartition('!')[2]}"
    largest = f"SUMPRODUCT(MAX(({shared._text}={cluster._text})*{sizes._text}))"
    earlier = f"SUMPRODUCT(({above}={cluster._text})*({sizes_above}={chips._text}))"
    text = (
        f'IF({cluster._text}="",{acquisition._text},IF(AND({chips._text}={largest},{earlier}=1),{acquisition._text},0))'
    )
    return Term(
        text,
        np.where(counts, acquisition.value, np.where(np.isnan(acquisition.value), np.nan, 0.0)),
        may_miss=acquisition.may_miss,
    )
