"""What the rows of a budget in FOCUS are made of: its figures, its rates, and what every row has."""

from __future__ import annotations

import json

import pandas as pd

from ...budget.components import COMPONENT_LABELS
from ...dates import from_serial
from ...equations.parameters import MONTHS_PER_YEAR
from ...estimate import estimate
from ...workbook.budget import figures_of
from ...workbook.calendar import DOLLARS
from .focus_columns import COLUMNS, IN_PRICING_CURRENCY
from .sources import CHIP_HOURS

ORGANISATION, CLOUD = "Own organisation", "Cloud vendor"
FORECAST, BUDGET, DEPARTMENT = "forecast", "Budget", "Department"
MONTHS = "Months"
"""Unit of what has no hours: it is there for a month."""
USAGE, PURCHASE = "Usage", "Purchase"


class Figures:
    """A budget as its workbook computes it.

    Attributes
    ----------
    plan : xlcost.budget.plan.Plan
    lines, months, views : of xlcost.workbook
        The sheets Lines, Capacity months and Budget months, with their values.
    capacity : dict of str to array
        Columns of Capacity, what is filled in and what is computed.
    first_month, last_month : int
        Of the budget, counted as 12 times the year and its number.
    """

    def __init__(self, plan):
        self.plan, figures = plan, figures_of(plan)
        ledger = figures.ledger
        self.lines, self.months, self.views = ledger.lines, ledger.months, ledger.views
        self.calendar, self.costs, self.drivers = figures.calendar, figures.costs, figures.scenario.drivers
        self.currency = str(figures.calendar.currency.value)
        self.capacity = {name: cells.values for name, cells in ledger.capacity.ranges.items()}
        self.run_names = [str(text) for text in figures.runs.ranges["run"].values.tolist()]
        self.axis = self.lines.axis
        first, last = (self.axis.periods[self.axis.months[side]] for side in (0, -1))
        self.first_month, self.last_month = int(first.start_month.value), int(last.start_month.value)
        self.common = {
            "BillingAccountId": BUDGET,
            "BillingAccountName": BUDGET,
            "BillingAccountType": BUDGET,
            "BillingCurrency": self.currency,
            "PricingCurrency": self.currency,
            "x_forecast": FORECAST,
            "x_scenario": str(figures.scenario.name.value),
            "x_method": plan.settings.method,
            "x_edition": plan.facts.edition,
        }
        self.list_price_of_run, self.list_price_of_capacity = self._list_prices()

    def _list_prices(self):
        """On demand, of an hour of each run's chip and of each capacity's. [USD/chip-hour]"""
        plan, capacity = self.plan, self.plan.capacity
        starts = plan.estimated["training_start"].tolist()
        rows = [
            {"run": f"run {number}", "chip": chip, "start": start, "vendor": vendor or None}
            for number, (chip, vendor, start) in enumerate(
                zip(plan.runs["chip"].texts_of_rows(), plan.runs["vendor"].texts_of_rows(), starts)
            )
        ]
        rows += [
            {
                "run": f"capacity {number}",
                "chip": chip,
                "start": from_serial(day).astype("datetime64[D]").item(),
                "vendor": vendor or None,
            }
            for number, (chip, vendor, day) in enumerate(
                zip(capacity["chip"], capacity["vendor"], capacity["in_service"])
            )
        ]
        table = pd.DataFrame(rows).assign(chips=1.0, hours=1.0, sourcing="cloud_on_demand")
        prices = estimate(table, plan.facts)["cloud_cost"].to_numpy(dtype=float) * float(self.drivers.cloud.value)
        return prices[: len(starts)], prices[len(starts) :]

    # --- months

    def numbers(self, *kinds):
        """Places on the axis of the periods of some kinds."""
        return [number for number, period in enumerate(self.axis.periods) if period.kind in kinds]

    def month_of(self, number):
        """The month of a place on the axis."""
        return self.first_month + number - self.axis.months[0]

    def dollars(self, month):
        """Units of the budget's currency for a dollar; before and after the budget those of its ends."""
        place = month - self.first_month + self.axis.months[0]
        place = min(max(place, 0), len(self.axis.periods) - 1)
        return float(self.axis.periods[place].rates.values[int(DOLLARS) - 1])

    def is_in_budget(self, month):
        return self.first_month <= month <= self.last_month

    # --- parts of rows

    def row(self, month, later, charged, sku):
        """A row: its month, that in which it is paid, what it costs, and what is sold.

        Parameters
        ----------
        month, later : int
        charged : dict
            As `charged` gives it.
        sku : tuple of (str, str or None)
            Component and chip.
        """
        component, chip = sku
        sold = f"{component}: {chip}" if chip else component
        row = dict.fromkeys(COLUMNS) | self.common | charged
        row |= {
            "ChargePeriodStart": day(month),
            "ChargePeriodEnd": day(month + 1),
            "BillingPeriodStart": day(month + later),
            "BillingPeriodEnd": day(month + later + 1),
            "SkuId": sold,
            "SkuPriceId": sold,
            "SkuMeter": COMPONENT_LABELS[component],
            "x_component": component,
            "x_chip": chip,
        }
        return row | {name: row[of] for name, of in IN_PRICING_CURRENCY.items()}

    def whose(self, department, run="", center="", account=""):
        told = {"run": run, "department": department, "cost_center": center, "account": account}
        return {
            "SubAccountId": department or None,
            "SubAccountName": department or None,
            "SubAccountType": DEPARTMENT if department else None,
            "Tags": json.dumps({name: text for name, text in told.items() if text}, ensure_ascii=False),
            "x_run": run or None,
            "x_department": department or None,
        }

    def sold_by(self, who):
        return {"ProviderName": who, "PublisherName": who, "InvoiceIssuerName": who}

    def cloud_of(self, place):
        """Who sells a capacity that is rented."""
        return str(self.capacity["vendor"][place]) or CLOUD

    def resource(self, name, kind):
        return {"ResourceId": name, "ResourceName": name, "ResourceType": kind if name else None}

    def commitment(self, place, hours, status=None):
        """What says that a row is of a commitment, and of how many of its hours."""
        name = str(self.capacity["capacity"][place])
        return {
            "CommitmentDiscountId": name,
            "CommitmentDiscountName": name,
            "CommitmentDiscountCategory": "Usage",
            "CommitmentDiscountType": str(self.capacity["kind"][place]),
            "CommitmentDiscountStatus": status,
            "CommitmentDiscountQuantity": hours,
            "CommitmentDiscountUnit": CHIP_HOURS,
        }


def charged(paid, cost, listed, contracted, quantity=None, unit=CHIP_HOURS):
    """Costs of a row, with a quantity and prices that come to them; a month at its cost where there are no hours."""
    if not quantity:
        quantity, unit = (-1.0 if min(contracted, listed) < 0 else 1.0), MONTHS
    return {
        "BilledCost": paid,
        "EffectiveCost": cost,
        "ListCost": listed,
        "ContractedCost": contracted,
        "PricingQuantity": quantity,
        "PricingUnit": unit,
        "ListUnitPrice": listed / quantity,
        "ContractedUnitPrice": contracted / quantity,
    }


def number_or_zero(number):
    return 0.0 if number in (None, "") or number != number else float(number)


def day(month):
    """First day of a month, as FOCUS writes moments."""
    year, of_year = divmod(month - 1, int(MONTHS_PER_YEAR))
    return f"{year:04d}-{of_year + 1:02d}-01T00:00:00Z"
