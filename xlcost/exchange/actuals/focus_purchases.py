"""Purchases of a budget in FOCUS: clusters and commitments, which cost nothing by themselves, as their use does."""

from __future__ import annotations

import numpy as np

from ...budget.columns import COMMITTED_YEARS, LINES
from .focus_figures import ORGANISATION, PURCHASE, charged, number_or_zero


def purchases(figures):
    """A list of rows for each capacity: what is paid at once or month by month, and received when it is sold."""
    for place in np.flatnonzero(figures.capacity["capacity"] != ""):
        rows = [*_at_once(figures, int(place)), *_month_by_month(figures, int(place))]
        yield [
            row
            for month, later, row in rows
            if row["BilledCost"] and (figures.is_in_budget(month) or figures.is_in_budget(month + later))
        ]


def _at_once(figures, place):
    def of(name):
        return number_or_zero(figures.capacity[name][place])

    upfront, lag = of("upfront_share"), int(of("payment_lag"))
    begin, end = int(of("first_month")), int(of("last_month"))
    is_committed = figures.capacity["kind"][place] in COMMITTED_YEARS
    hours = of("contract") / of("rental_of_hour") if is_committed and of("rental_of_hour") else 0.0
    for what, month, later, dollars, component in (
        ("paid upfront", begin, 0, of("contract") * upfront, "commitments"),
        ("paid upfront", begin, 0, of("purchase") * upfront, "depreciation"),
        ("paid on delivery", begin, lag, of("purchase") * (1 - upfront), "depreciation"),
        ("sold", end, lag, -of("proceeds"), "disposal"),
    ):
        paid = dollars * of("start_rate" if month == begin else "end_rate")
        yield month, later, _purchase(figures, place, what, month, later, paid, component, hours, "One-Time")


def _month_by_month(figures, place):
    """What a commitment takes each month, whether its hours are used or not."""
    if figures.capacity["kind"][place] not in COMMITTED_YEARS:
        return
    rest = 1.0 - number_or_zero(figures.capacity["upfront_share"][place])
    lag = int(number_or_zero(figures.capacity["payment_lag"][place]))
    for number in figures.numbers("ahead", "month"):
        month, hours = figures.month_of(number), float(figures.months.cells["available"][number].values[place])
        rental = hours * number_or_zero(figures.capacity["rental_of_hour"][place])
        paid = rental * rest * float(figures.months.cells["exchange"][number].values[place])
        row = _purchase(figures, place, "paid monthly", month, lag, paid, "commitments", hours, "Recurring")
        yield month, lag, row


def _purchase(figures, place, what, month, later, paid, component, hours, frequency):
    """A row of a payment, in the budget's currency."""
    name, chip = str(figures.capacity["capacity"][place]), str(figures.capacity["chip"][place])
    is_commitment = component == "commitments"
    costs = charged(paid, 0.0, paid, paid, hours if is_commitment else None)
    return (
        figures.row(month, later, costs, (component, chip))
        | {
            "ChargeCategory": PURCHASE,
            "ChargeDescription": f"{name}: {what}",
            "ChargeFrequency": frequency,
            "PricingCategory": "Committed" if is_commitment else "Standard",
            "ServiceCategory": "Compute",
            "ServiceSubcategory": "Other (Compute)",
            "ServiceName": LINES["capacity"],
        }
        | figures.whose(str(figures.capacity["owner"][place]), center=str(figures.capacity["cost_center"][place]))
        | figures.sold_by(figures.cloud_of(place) if is_commitment else ORGANISATION)
        | figures.resource(name, "Cluster")
        | (figures.commitment(place, hours) if is_commitment else {})
    )
