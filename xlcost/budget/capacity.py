"""What a capacity costs, step by step: purchase or rent, energy, hosting, staff, upkeep, and its place in the books."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..date_parts import day, month, month_start, year
from ..dates import END_OF_TIME
from ..equations.parameters import DAYS_PER_YEAR, MONTHS_PER_YEAR
from ..formula import where
from ..functions.described import Model
from ..lookup import blank_if
from ..model import CostSteps, step
from .columns import COMMITTED_YEARS, KINDS
from .settings import DRIVERS

ONE_HOUR = 1.0
PRICES = {
    "server_price_per_chip": "server_price_per_chip",
    "usd_per_chip_hour": "price_per_chip_hour",
    "usd_per_kwh": "electricity_price",
    "hosting": "hosting",
}
"""Columns of a capacity that are amounts, by what a run in US dollars calls them."""
BASE = SimpleNamespace(**dict.fromkeys(DRIVERS, 1.0))
"""Factors of a scenario that changes nothing."""


def sourcing_of(kind):
    """Sourcing of the runs that use capacity of a kind; "" where there is no such kind."""
    sourcing = ""
    for of, text in reversed(KINDS.items()):
        sourcing = np.where(kind == of, text, sourcing)
    return sourcing


def prices_in_dollars(given, units_per_usd):
    """A capacity's own prices as a run has them, by their names there, from those in the row's currency."""
    return {name: given[column] / units_per_usd for name, column in PRICES.items()}


def as_run(given, sourcing, prices):
    """Capacity as `CapacitySteps` takes it.

    Its columns, and those of a run that is bought or rented with it, at `prices` as `prices_in_dollars` gives them.
    """
    first = given["in_service"]
    of_run = {"start": first, "acquired": first, "sourcing": sourcing, "capacity": ""}
    return SimpleNamespace(**{**Model.blank, **given, **of_run, **prices})


def cost_to_have(purchase, contract):
    """What it costs to have capacity, used or not; nothing of what is paid by the hour alone. [USD]"""
    return blank_if(purchase + contract == 0, purchase + contract)


class CapacitySteps(CostSteps):
    """Every step from a row of Capacity to its costs, each an attribute.

    Parameters
    ----------
    run : object
        Columns of a run, of which a capacity has chip, chips, start (its first day), acquired (the same), sourcing and
        prices; and those of a capacity under their own names.
    facts, assume, keep
        See `xlcost.model.CostSteps`.
    drivers : object
        Factors of the scenario in force.
    pay : numeric
        Cost of one of the operations staff in a full year. [USD/year]
    """

    def __init__(self, run, facts, assume, drivers, pay, keep=None):
        super().__init__(run, facts, assume, keep=keep)
        self.drivers, self.pay = drivers, pay

    def _of_owned(self, value):
        return where(self.run.kind == "owned", value, 0.0)

    def _usual(self, name, usual):
        own = getattr(self.run, name)
        return where(np.isnan(own), usual, own)

    @property
    def acquired_used(self):
        """It is bought when it goes into service."""
        return self.run.start

    @property
    def vendor_first(self):
        """A capacity belongs to no organization whose cloud would be asked first."""
        return 0.0

    @step
    def pue(self):
        return self._usual("pue", self.assume["pue.other"])

    # --- how long it is there

    @step
    def life_years(self):
        return self._usual("useful_life", self.useful_life)

    @step
    def service_end(self):
        """The first moment after its last day: the end of its life in the books, or of the commitment's years."""
        run = self.run

        def after(months):
            return month_start(year(run.start), month(run.start) + months) + (day(run.start) - 1)

        end = after(self.life_months)
        for kind, years in COMMITTED_YEARS.items():
            end = where(run.kind == kind, after(years * MONTHS_PER_YEAR), end)
        return where(np.isnan(run.until), where(run.kind == "on_demand", END_OF_TIME, end), run.until)

    @step
    def from_months(self):
        """Months since the year 0, with the share of the last one."""
        return _months_up_to(self.run.start)

    @step
    def until_months(self):
        return _months_up_to(self.service_end)

    @step
    def first_month(self):
        """Months since the year 0."""
        return year(self.run.start) * MONTHS_PER_YEAR + month(self.run.start)

    @step
    def last_month(self):
        """The month in which it is given away."""
        return year(self.service_end) * MONTHS_PER_YEAR + month(self.service_end)

    # --- owned

    @step
    def purchase(self):
        return self._of_owned(self.acquisition_cost * self.drivers.hardware)

    @step
    def life_months(self):
        return np.maximum(np.floor(self.life_years * MONTHS_PER_YEAR + 0.5), 1.0)

    @step
    def residual(self):
        return self.purchase * self._usual("residual_value", 0.0)

    @step
    def depreciable(self):
        return self.purchase - self.residual

    @step
    def months_until_disposal(self):
        return self.last_month - self.first_month

    @step
    def proceeds(self):
        """What a sale before the end of its life brings; at that end its residual value, so that nothing is gained."""
        years = (self.service_end - self.run.start) / DAYS_PER_YEAR
        value = equations.value_at_start(self.purchase, years, self.assume["depreciation_rate"])
        sold = equations.disposal_proceeds(value, self.assume["haircut"])
        return where(np.isnan(self.run.until), self.residual, sold)

    @step
    def hosting_of_month(self):
        price = self._usual("hosting", self.assume["hosting"])
        return self._of_owned(equations.hosting_of_month(self.power_capacity_kw, price) * self.drivers.others)

    @step
    def operations_staff(self):
        return self._usual("operations", self.assume["operations"] * self.run.chips)

    @step
    def operations_of_month(self):
        return self._of_owned(self.operations_staff * self.pay / MONTHS_PER_YEAR * self.drivers.wages)

    @step
    def upkeep_share(self):
        maintenance = self._usual("maintenance", self.assume["maintenance"])
        return maintenance + self._usual("insurance", self.assume["insurance"])

    @step
    def upkeep_of_month(self):
        return equations.share_of_purchase(self.purchase, self.upkeep_share) / MONTHS_PER_YEAR

    @step
    def energy_of_hour(self):
        kwh = equations.energy_kwh(self.tdp_w, self.server_power_factor, self.average_power_share, self.pue, ONE_HOUR)
        return self._of_owned(equations.energy_cost(kwh, self.usd_per_kwh_used) * self.drivers.energy)

    # --- rented

    @step
    def price_of_hour(self):
        return self._usual("usd_per_chip_hour", self.usd_per_chip_hour)

    @step
    def rental_of_hour(self):
        return where(self.run.kind == "owned", 0.0, self.price_of_hour * self.drivers.cloud)

    @step
    def contract(self):
        """What a commitment comes to over its whole time."""
        hours = equations.available_chip_hours(self.run.chips, self.service_end - self.run.start)
        is_committed = (self.run.kind == "committed_1y") | (self.run.kind == "committed_3y")
        return where(is_committed, self.rental_of_hour * hours, 0.0)

    @step
    def cost_known(self):
        """What it costs to have it; nothing where no price is known."""
        return where(self.run.kind == "owned", self.purchase, self.rental_of_hour)


def _months_up_to(moment):
    begin = month_start(year(moment), month(moment))
    days = month_start(year(moment), month(moment) + 1) - begin
    return equations.months_up_to(year(moment) * MONTHS_PER_YEAR + month(moment), moment - begin + 1, days)


OF_CAPACITY = tuple(name for name, value in vars(CapacitySteps).items() if isinstance(value, step) and name != "pue")
"""Names of the steps that only a capacity has, in their order."""
