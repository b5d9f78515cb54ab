"""The Capacity sheet: what is owned, committed or rented, and what each costs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from openpyxl.utils import column_index_from_string

from .. import equations
from ..budget.capacity import OF_CAPACITY, CapacitySteps, as_run, prices_in_dollars, sourcing_of
from ..budget.columns import CAPACITY_COLUMNS, CAPACITY_STEPS, KINDS
from ..budget.tables import CAPACITY, LAGS
from ..formula import Term
from ..lookup import blank_if, is_blank
from ..totals import share_of
from .calculation import Calculation
from .calendar import DOLLARS, number_of
from .filled import Filled, number_validation

NAME = CAPACITY.name
GROUP, HEADING, FIRST = 4, 5, 6
SCALE = 55
"""Percent at most: what is filled in and what is made of it go on two pages, with room for the title on the second."""
SPARE = 6
"""Empty rows that count as soon as they are filled."""
WIDTHS = {"capacity": 20, "kind": 14, "owner": 17, "cost_center": 10, "currency": 9.5, "chip": 22, "vendor": 13}
WIDTHS |= {"chips": 11, "useful_life": 12, "payment_lag": 11}


def write_capacity(sheet, table, inputs, facts, steps_sheet, drivers, dates):
    """Fill the sheet, but for what the runs use of it.

    A row is in one currency: what it doesn't give is looked up in US dollars, at the exchange rate of its first day.

    Parameters
    ----------
    table : dict of str to array
        As `xlcost.budget.tables.read_capacity` gives it.
    inputs, facts, steps_sheet, drivers, dates : types.SimpleNamespace

    Returns
    -------
    types.SimpleNamespace
        ranges (of inputs and steps by name), steps (the Calculation, which takes `available` and others later), first,
        last (rows), size, beyond.
    """
    sheet.put("A1", "Capacity", style="title")
    sheet.put(
        "D2",
        "What is owned, committed or rented by the hour. It is paid once, however many runs use it; owned and "
        "committed hours cost whether they are used or not, and the owner pays for idle ones.",
        style="subtitle",
    )
    sheet.put(
        "D3",
        "A run draws on a capacity by giving its name under Cluster on Runs. A run that names none is costed by "
        "itself, as it is sourced.",
        style="remark",
    )
    filled = Filled(sheet, CAPACITY_COLUMNS, table, HEADING, SPARE, WIDTHS)
    _validate(filled, inputs, facts, steps_sheet, dates)
    steps = Calculation(sheet, CAPACITY_STEPS, FIRST, begin=len(CAPACITY_COLUMNS) + 1, styles={"cost": "result"})
    steps.headings(GROUP, HEADING)
    _compute(filled, steps, inputs, facts, drivers, dates)
    printed = [column.name for column in CAPACITY_STEPS[0][1]]
    sheet.widths(
        steps.widths({**dict.fromkeys(printed, 14.5), "cost": 17, "idle_cost": 17, "use": 9, "short": 11, "number": 10})
    )
    sheet.height(HEADING, 64)
    sheet.freeze(f"B{FIRST}")
    # What is filled in, and what is made of it; not the workings.
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        title_cols="A:C",
        fit_width=False,
        scale=SCALE,
        column_breaks=[column_index_from_string(filled.letters["payment_lag"])],
        areas=[f"A1:{steps.letters['short']}{filled.last}"],
    )
    return SimpleNamespace(
        ranges={**steps.ranges, **filled.ranges},
        steps=steps,
        first=FIRST,
        last=filled.last,
        size=filled.last - FIRST + 1,
        beyond=filled.beyond,
    )


def _validate(filled, inputs, facts, steps_sheet, dates):
    lists = {
        "kind": list(KINDS),
        "owner": inputs.departments,
        "currency": dates.currencies,
        "chip": facts.chip,
        "vendor": steps_sheet.vendors,
        "payment_lag": LAGS,
    }
    for name, column in CAPACITY_COLUMNS.items():
        limits = CAPACITY.limits.get(name, {})
        if name in lists:
            filled.validate(name, lists[name], strict=name != "owner")
        elif column.format == "date":
            filled.validate(name, "date", "a date from 1990 to 2099")
        elif limits.get("at_most") == 1:
            filled.validate(name, "share or 0", "from 0 to 1 (100%)")
        elif limits:
            filled.validate(name, *number_validation(limits))
        else:
            filled.validate(name, "any")


def _compute(filled, steps, inputs, facts, drivers, dates):
    given = filled.terms
    name = given["capacity"]
    is_there = ~is_blank(name)
    position = np.where(is_there, Term(f"ROW()-{FIRST - 1}", np.arange(1.0, len(name.value) + 1)), 0.0)
    steps("number", position)
    units = _exchange_rates(given, steps, dates)
    prices = {
        price: steps(f"own_{price}", blank_if(units == 0, value))
        for price, value in prices_in_dollars(given, units).items()
    }
    run = as_run(given, steps("sourcing", sourcing_of(given["kind"])), prices)
    pay = equations.yearly_pay(*(inputs.project[of].median for of in ("salary", "equity", "employment_overhead")))
    model = CapacitySteps(run, facts, inputs.assume, drivers, pay, steps)
    for of in OF_CAPACITY:
        getattr(model, of)
    # At the end of its life it brings what it is worth in the books.
    at_end = _rate_on(dates, steps.get("service_end"), steps.get("currency_number"), units)
    steps("end_rate", np.where(np.isnan(given["until"]), steps.get("start_rate"), at_end))
    cells = f"{steps.letters['currency_number']}{FIRST}:{steps.letters['end_rate']}{filled.last}"
    steps.sheet.conditional(cells, f'$A{FIRST}=""', "unfilled")


def _exchange_rates(given, steps, dates):
    """Put those of the day on which a capacity begins; gives the units of its currency for a US dollar."""
    number = steps("currency_number", number_of(given["currency"], dates.currencies))
    first = given["in_service"]
    # Without a scenario's factor: prices stay what the row says.
    units = steps("units_per_usd", np.where(number == 0, 0.0, dates.units_on(first, number)))
    steps("start_rate", _rate_on(dates, first, number, units))
    return units


def _rate_on(dates, day, number, units):
    """Units of the budget's currency on a day for a dollar of a capacity's prices."""
    return np.where(units == 0, dates.rate_on(day, DOLLARS), dates.rate_on(day, number) * units)


def put_use(capacity, months):
    """What the runs use of each capacity in the budget's years, from Capacity months."""
    steps, offset = capacity.steps, months.first["available"] - FIRST
    taken = {
        name: months.totals[name].row(offset + months.first[name] - months.first["available"])
        for name in ("available", "used", "cost", "idle_cost", "short")
    }
    for name in ("available", "used"):
        steps(name, taken[name])
    available = steps.get("available")
    steps("use", blank_if(available == 0, share_of(steps.get("used"), available)))
    for name in ("cost", "idle_cost", "short"):
        steps(name, taken[name])
    of_years = [steps.letters[column.name] for column in CAPACITY_STEPS[0][1]]
    steps.sheet.conditional(f"{of_years[0]}{FIRST}:{of_years[-1]}{capacity.last}", f'$A{FIRST}=""', "unfilled")
