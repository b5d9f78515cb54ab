"""The sheets Mapping and Spend: how bills belong to the budget, and what they came to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.utils import get_column_letter

from ..budget.actuals import (
    ENTRIES,
    GROSS,
    MAPPING,
    MAPPING_COLUMNS,
    MAPPING_STEPS,
    SPEND,
    SPEND_COLUMNS,
    SPEND_STEPS,
)
from ..budget.components import COMPONENT_LABELS, IN_THE_LEDGER
from ..date_parts import month, year
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import Term
from ..lookup import number_in
from .calendar import number_of
from .filled import Filled, number_validation
from .line_sources import there

HEADING, FIRST = 4, 5
SPARE = {MAPPING.name: 25, SPEND.name: 10}
WIDTHS = {
    "column": 20,
    "pattern": 28,
    "run": 22,
    "department": 22,
    "component": 18,
    "comment": 30,
    "amount": 16,
    "credits": 14,
    "source": 44,
}


def _filled(sheet, kind, columns, values, subtitle, note):
    sheet.put("A1", kind.name, style="title")
    sheet.put("A2", subtitle, style="subtitle")
    sheet.put("A3", note, style="remark")
    filled = Filled(sheet, columns, values, HEADING, SPARE[kind.name], WIDTHS)
    sheet.height(HEADING, 48)
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(title_rows=f"1:{HEADING}")
    return filled


def write_mapping(sheet, actuals, runs, inputs):
    """Rules by which bills belong to runs, departments and components, and the list of components.

    Returns
    -------
    types.SimpleNamespace
        components (Range), beyond.
    """
    filled = _filled(
        sheet,
        MAPPING,
        MAPPING_COLUMNS,
        actuals.mapping,
        "Which charges of a bill belong to which run, department and component: the first rule that fits counts.",
        "The rules count when xlcost actuals reads the bills again. A charge that says run, department or component "
        "itself (x_run, x_department, x_component) needs none.",
    )
    at = len(MAPPING_COLUMNS) + 2
    code, meaning = get_column_letter(at), get_column_letter(at + 1)
    for letter, column in zip((code, meaning), MAPPING_STEPS[0][1]):
        sheet.put(f"{letter}{HEADING}", column.heading_in(sheet.language), style="heading")
    for row, (name, label) in enumerate(COMPONENT_LABELS.items(), start=FIRST):
        sheet.put(f"{code}{row}", name, style="label", as_is=True)
        sheet.put(f"{meaning}{row}", label, style="note")
    sheet.widths({get_column_letter(at - 1): 3, code: 18, meaning: 34})
    components = sheet.range(code, FIRST, FIRST + len(COMPONENT_LABELS) - 1)
    lists = {"run": runs.ranges["run"], "department": inputs.departments, "component": components}
    for name in MAPPING_COLUMNS:
        if name == "chips_per_hour":
            filled.validate(name, *number_validation(MAPPING.limits[name]))
        else:
            filled.validate(name, lists.get(name, "any"), strict=name not in ("run", "department"))
    return SimpleNamespace(components=components, beyond=filled.beyond)


def write_spend(sheet, actuals, closed, calendar, inputs, runs, components):
    """What bills and accruals came to, a row a month, run, department and component.

    Parameters
    ----------
    closed : types.SimpleNamespace
        Terms: months (that are closed), fiscal_year (number), tax.
    components : Range

    Returns
    -------
    types.SimpleNamespace
        ranges (of inputs and steps by name), beyond.
    """
    filled = _filled(
        sheet,
        SPEND,
        SPEND_COLUMNS,
        actuals.spend,
        "What bills and accruals came to, added up by month, run, department and component; each in its own currency.",
        "Written by xlcost actuals, which replaces all of it when it reads the bills again.",
    )
    lists = {
        "run": runs.ranges["run"],
        "department": inputs.departments,
        "component": components,
        "currency": calendar.currencies,
        "entry": list(ENTRIES),
        "month": "date",
        "hours": "not negative",
    }
    for name in SPEND_COLUMNS:
        filled.validate(name, lists.get(name, "any"), strict=name not in ("run", "department"))
    steps, begin = {}, len(SPEND_COLUMNS) + 2
    places = {column.name: (get_column_letter(begin + at), column) for at, column in enumerate(SPEND_STEPS[0][1])}

    def put(name, term):
        letter, column = places[name]
        sheet.put(f"{letter}{HEADING}", column.heading_in(sheet.language), style="heading_right")
        written = sheet.column(letter, FIRST, term, style="number", format=column.format)
        steps[name] = written.range
        return written.cell

    given = filled.terms
    month_there = ~np.isnan(given["month"])
    first = calendar.periods[_first_month(calendar)].start_month
    counted = year(given["month"]) * MONTHS_PER_YEAR + month(given["month"]) - first + 1
    place = put("place", np.where(np.isnan(given["month"]), 0.0, counted))
    put("run_number", number_in(given["run"], runs.ranges["run"]))
    put("department_number", number_in(given["department"], inputs.departments))
    component = put("component_number", number_in(given["component"], components))
    rate = put("rate", np.where(month_there, _rate(given["currency"], place, calendar), 0.0))
    tax = np.where(closed.tax == GROSS, there(given["tax"]), 0.0)
    cost = put("cost", (there(given["amount"]) + there(given["credits"]) + tax) * rate)
    is_closed = (place >= 1) & (place <= closed.months)
    # Numbers of the components whose actuals are the asset ledger's come first in the list.
    is_elsewhere = (component >= 1) & (component <= float(len(IN_THE_LEDGER)))
    counts = put("counts", np.where(is_closed & ~is_elsewhere, cost, 0.0))
    in_year = place > (closed.fiscal_year - 1) * MONTHS_PER_YEAR
    put("counts_year", np.where(in_year, counts, 0.0))
    put("hours_counted", np.where(is_closed, there(given["hours"]), 0.0))
    sheet.widths({get_column_letter(begin - 1): 3, **{letter: 17 for letter, _ in places.values()}})
    # What was read, and not what is looked up for each row.
    sheet.worksheet.print_area = f"A1:{get_column_letter(len(SPEND_COLUMNS))}{filled.last}"
    return SimpleNamespace(ranges={**filled.ranges, **steps}, beyond=filled.beyond)


def _first_month(calendar):
    return next(number for number, period in enumerate(calendar.periods) if period.kind == "month")


def _rate(currency, place, calendar):
    """Units of the budget's currency for one of a bill's, at the rate of the fiscal year; no scenario moves it."""
    years = len(calendar.rates)
    number = number_of(currency, calendar.currencies)
    fiscal = np.maximum(np.minimum(np.floor((place - 1) / MONTHS_PER_YEAR) + 1, float(years)), 1.0)
    own = number_in(calendar.currency, calendar.currencies)
    one, other = (calendar.by_currency.at(of, fiscal) for of in (number, own))
    is_known = (number.value > 0) & (one.value > 0)
    return Term(
        f"IF({number._text}=0,0,IF(N({one._text})=0,0,{other._text}/{one._text}))",
        np.where(is_known, other.value / np.where(is_known, one.value, 1.0), 0.0),
    )
