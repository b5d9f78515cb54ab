"""The Staff sheet: who works on which run, and what they cost as a range, live."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..budget.currencies import CURRENCY
from ..closed_form import Moments, team_of
from ..lookup import blank_if, is_blank, take
from ..project_columns import ROLE_COLUMNS, STAFF_STEPS
from ..staffing import AMOUNTS, LIMITS, NAME, PEOPLE, USUAL
from ..totals import is_listed
from .calculation import Calculation
from .calendar import DOLLARS, number_of
from .filled import Filled, number_validation
from .moments import put_asked, put_moments, put_range, put_uncertain, sum_of_those

__all__ = ["NAME", "write_staff"]

GROUP, HEADING, FIRST = 4, 5, 6
SPARE = 15
"""Empty rows under the people that count as soon as they are filled."""
WIDTH_OF_ENDS = {
    **dict.fromkeys(("fte", "years"), 7.5),
    **dict.fromkeys(AMOUNTS, 10.5),
    **{"employment_overhead": 9.5, "person_months": 8.5},
}
WIDTHS = {
    "run": 16,
    "role": 23,
    "currency": 9.5,
    "people": 6.5,
    **{f"{name}_{end}": width for name, width in WIDTH_OF_ENDS.items() for end in ("low", "high")},
}
"""So narrow that all of them can be read on one printed page, beside what the people cost."""
ASKED = ("fte", "years", *USUAL)
"""Quantities of an employee, which experts may be asked for."""


def write_staff(sheet, roles, runs, inputs, money, pool=None, spare=SPARE):
    """Fill the sheet.

    Parameters
    ----------
    roles : dict of str to array
        As `xlcost.staffing.read_role_columns` gives them.
    runs, inputs : types.SimpleNamespace
    money : types.SimpleNamespace
        currencies (those that can be chosen), first_rates (a Range of their units for 1 USD, or None: where there are
        no exchange rates, people who are paid in another currency have no cost yet).
    pool : xlcost.workbook.experts.Pool, optional
        None for a workbook that asks no experts.
    spare : int
        Empty rows under the people.

    Returns
    -------
    types.SimpleNamespace
        ranges (every column), first (row), size (rows) and beyond (text of the cells under the empty rows).
    """
    sheet.put("A1", "Staff", style="title")
    sheet.put(
        "A2",
        "Who works on which run: employees by number, share of time and years, contractors by months and rate. A low "
        "and a high end make a range; one figure alone counts as it is.",
        style="subtitle",
    )
    sheet.put(
        "A3",
        "Each of several employees has a salary, equity and share of time of their own within the range, so that "
        "together they vary less than one. Costs are in US dollars.",
        style="remark",
    )
    filled = Filled(sheet, ROLE_COLUMNS, roles, HEADING, spare, WIDTHS)
    filled.validate("run", runs.ranges["run"], strict=True)
    filled.validate("role", "any")
    filled.validate("currency", money.currencies)
    filled.validate("people", *number_validation(PEOPLE))
    for name, limits in LIMITS.items():
        for end in ("low", "high"):
            filled.validate(f"{name}_{end}", *number_validation(limits))
    steps = Calculation(sheet, STAFF_STEPS, FIRST, begin=len(ROLE_COLUMNS) + 1, styles={"cost_median": "result"})
    steps.headings(GROUP, HEADING)
    _cost(filled.terms, steps, runs, inputs, money, pool)
    sheet.widths(steps.widths(dict.fromkeys(("cost_low", "cost_median", "cost_high"), 11.5)))
    sheet.height(HEADING, 80)
    sheet.freeze(f"C{FIRST}")
    sheet.print_setup(title_rows=f"{GROUP}:{HEADING}", title_cols="A:B")
    sheet.worksheet.print_area = f"A1:{steps.letters['cost_high']}{filled.last}"
    return SimpleNamespace(
        ranges={**filled.ranges, **steps.ranges},
        beyond=filled.beyond,
        first=FIRST,
        size=filled.last - FIRST + 1,
    )


def _cost(role, steps, runs, inputs, money, pool):
    z, people = inputs.ranges.given_z, role["people"]
    nobody = np.isnan(people)
    number = blank_if(nobody & np.isnan(role["person_months_low"]), _currency_number(role["currency"], money))
    number = steps("currency_number", number)
    units = number if money.first_rates is None else take(money.first_rates, number)
    units = steps("units_per_usd", blank_if(number == 0, units))
    moments = {
        name: put_asked(
            steps,
            name,
            _of_range(role, name, z, units, inputs.project.get(name)),
            pool,
            role["run"],
            role["role"],
            is_missing=nobody | np.isnan(units),
        )
        for name in ASKED
    }
    fte, years, *pay = moments.values()

    def keep(name, moments):
        return put_moments(steps, name, moments)

    employees = keep("employees", team_of(people, fte, *pay, keep=keep) * years)
    months, rate = (
        put_uncertain(steps, name, *_of_range(role, name, z, units)) for name in ("person_months", "monthly_rate")
    )
    contractors = keep("contractors", months * rate)
    cost = keep("cost", Moments(*(sum_of_those(one, other) for one, other in zip(employees, contractors))))
    put_range(steps, "cost", cost, inputs.ranges.z)
    found = is_listed(role["run"], runs.ranges["run"])
    steps("run_found", blank_if(np.isnan(cost.mean), np.where(found, 1.0, 0.0)))


def _currency_number(currency, money):
    """Place of a row's currency among those that have a rate; 0 where it has none."""
    if money.first_rates is None:
        return np.where(is_blank(currency) | (currency == CURRENCY), DOLLARS, 0.0)
    return number_of(currency, money.currencies)


def _of_range(role, name, z, units, usual=None):
    """Median and spread of what a row says: a range, a number, or nothing; of amounts in US dollars."""
    low, high = role[f"{name}_low"], role[f"{name}_high"]
    is_range = high > low
    median = np.where(np.isnan(high), low, equations.geometric_middle(low, high))
    median = median / units if name in AMOUNTS else median
    spread = np.where(np.isnan(high), 0.0, np.where(is_range, equations.log_spread(low, high, z), 0.0))
    if usual is None:
        return median, blank_if(np.isnan(low), spread)
    return np.where(np.isnan(low), usual.median, median), np.where(np.isnan(low), usual.log_spread, spread)
