"""When the capacity on Capacity months is paid: at once, upfront or some months after its cost."""

from __future__ import annotations

import numpy as np

from ..budget.tables import LONGEST_LAG


def put_payments(months):
    """Put what is paid of each capacity in each period.

    Parameters
    ----------
    months : xlcost.workbook.capacity_months.CapacityMonths
    """
    of, at = months.of, months.at
    months.put(
        "cash",
        lambda number, period: (
            at("hosting", number)
            + at("operations", number)
            + at("upkeep", number)
            + at("energy", number)
            + of("rental_of_hour") * at("available", number) * (1 - months.upfront_of_hours()) * at("exchange", number)
        ),
    )

    def payments(number, period):
        if period.kind == "ahead":
            return np.zeros(months.capacity.size)
        lag = of("payment_lag")
        lag = np.where(np.isnan(lag), 0.0, lag)
        of_period = _with_months_ahead(months, period)
        due = months.bought() + of("contract") * of("start_rate")
        first = due * months.upfront() * of_period.holds(of("first_month"))
        rest = months.bought() * (1 - months.upfront()) * of_period.holds(of("first_month") + lag)
        sold = months.received() * of_period.holds(of("last_month") + lag)
        return _late(months, number, period, lag) + first + rest - sold

    months.put("payments", payments)


def _with_months_ahead(months, period):
    """All time before the budget as one."""
    if period.kind != "before":
        return period
    return period._replace(end_month=months.axis.periods[LONGEST_LAG + 1].start_month)


def _late(months, number, period, lag):
    """Running costs that fall due in a period; what is not yet paid at the end comes after it."""
    at, of_budget = months.at, months.axis.months

    def where_lag(least, of):
        return np.where(lag >= float(least), at("cash", of), 0.0)

    if period.kind == "before":
        paid = at("cash", 0)
        for position in range(1, LONGEST_LAG + 1):
            # The later a month ahead, the sooner its payment slips into the budget.
            paid = paid + (at("cash", position) - where_lag(LONGEST_LAG + 1 - position, position))
        return paid
    if period.kind == "after":
        due = at("cash", number)
        for least in range(1, LONGEST_LAG + 1):
            due = due + where_lag(least, of_budget[-least])
        return due
    due = 0.0
    for months_late in range(LONGEST_LAG, -1, -1):
        due = np.where(lag == float(months_late), at("cash", number - months_late), due)
    return due
