"""One run's cost, step by step: written once, for a table of runs, a typed function, and the rows of a sheet.

A step is computed when it is asked for, from the steps that it needs: `CostSteps` takes columns that are arrays,
numbers or terms, looks the facts up, and calls the equations. Each step is handed to `keep`, which leaves an array as
it is, or puts a term into a column of a sheet, or binds it to a name of a LAMBDA, and returns what later steps refer
to. So a sheet shows every step of the calculation, and no step can differ between a sheet, a script and a function.
"""

from __future__ import annotations

import numpy as np

from . import equations
from .catalog.steps import cloud_code, purchase_code
from .date_parts import year
from .equations.parameters import HOURS_PER_DAY
from .formula import where
from .lookup import blank_if, is_blank, join, largest_of_words, match, match_last, take, words

METHODS = ("market", "market_exact", "straight_line")
"""How hardware is amortized to a run; the first is the paper's."""


class step:
    """A method whose value is computed once, and handed to `keep` under its name."""

    def __init__(self, function):
        self.function, self.name, self.__doc__ = function, function.__name__, function.__doc__

    def __get__(self, steps, owner=None):
        if steps is None:
            return self
        value = steps.__dict__[self.name] = steps.keep(self.name, self.function(steps))
        return value


class CostSteps:
    """Every step from a run's inputs to its costs, each an attribute.

    Parameters
    ----------
    run : object
        Columns of the runs as attributes (`xlcost.columns.RUN_COLUMNS`): text, numbers, dates as serial numbers.
    facts : object
        Columns of the catalog as attributes; see `xlcost.facts.facts_of`.
    assume : mapping
        Assumptions by name; see `xlcost.equations.parameters.ASSUMPTIONS`.
    method : str or term
        One of `METHODS`.
    keep : callable, optional
        ``keep(name, value)`` stores a step and returns what later steps refer to.
    """

    def __init__(self, run, facts, assume, method=METHODS[0], keep=None):
        self.run, self.facts, self.assume, self.method = run, facts, assume, method
        self.keep = keep or (lambda name, value: value)

    def _of_known_chip(self, value):
        return blank_if(np.isnan(self.chip_row), value)

    # --- the run

    @step
    def chip_row(self):
        return match(self.run.chip, self.facts.chip)

    @step
    def kind(self):
        return take(self.facts.kind, self.chip_row)

    @step
    def sourcing_used(self):
        run = self.run
        return where(is_blank(run.chip), "", where(is_blank(run.sourcing), "own", run.sourcing))

    @step
    def training_start(self):
        run, assume = self.run, self.assume

        def from_publication():
            return equations.training_start(
                run.published, run.hours, assume["evaluation_lag"], assume["default_training_days"]
            )

        def not_given():
            return where(np.isnan(run.published), self.facts.edition_month, from_publication)

        return self._of_known_chip(where(np.isnan(run.start), not_given, run.start))

    # --- the amount of compute

    @step
    def peak_flops(self):
        return take(self.facts.peak_flops, self.chip_row)

    @step
    def mfu_used(self):
        return self._of_known_chip(where(np.isnan(self.run.mfu), self.assume["default_mfu"], self.run.mfu))

    @step
    def chip_hours_used(self):
        run = self.run

        def from_compute():
            return equations.chip_hours_from_compute(run.training_flop, self.peak_flops, self.mfu_used)

        def from_cluster():
            return equations.chip_hours_from_cluster(run.chips, run.hours)

        def not_given():
            return where(np.isnan(run.chips) | np.isnan(run.hours), from_compute, from_cluster)

        return where(np.isnan(run.chip_hours), not_given, run.chip_hours)

    # --- what the hardware cost, when it was acquired, and how old it is at the start

    @step
    def purchase_step(self):
        code = purchase_code(self.chip_row, self.training_start, self.facts.per_date)
        return match_last(code, self.facts.purchase_code)

    @step
    def purchase_price_row(self):
        return take(self.facts.purchase_row, self.purchase_step)

    @step
    def chip_price(self):
        return take(self.facts.usd_per_chip, self.purchase_price_row)

    @step
    def chip_price_date(self):
        return take(self.facts.purchase_date, self.purchase_price_row)

    @step
    def sold_as(self):
        return take(self.facts.sold_as, self.purchase_price_row)

    @step
    def server_overhead(self):
        return take(self.facts.server_overhead, self.chip_row)

    @step
    def release_date(self):
        return take(self.facts.release_date, self.chip_row)

    @step
    def catalog_server_price(self):
        price = self.chip_price
        return where(self.sold_as == "single unit", equations.server_price(price, self.server_overhead), price)

    @step
    def acquisition_price_per_chip(self):
        own = self.run.server_price_per_chip
        return where(np.isnan(own), lambda: self.catalog_server_price, own)

    @step
    def catalog_acquired(self):
        price_date, release = self.chip_price_date, self.release_date
        delivered = where(
            np.isnan(release),
            price_date,
            equations.acquisition_date(price_date, release, self.assume["delivery_lag"]),
        )
        return blank_if(np.isnan(self.purchase_price_row), where(self.kind == "TPU", release, delivered))

    @step
    def acquired_used(self):
        run = self.run

        def not_given():
            # A price of the user's own without a date: bought for this run.
            return where(np.isnan(run.server_price_per_chip), lambda: self.catalog_acquired, self.training_start)

        return where(np.isnan(run.acquired), not_given, run.acquired)

    @step
    def years_owned(self):
        age = equations.years_owned(self.training_start, self.acquired_used)
        # Only a TPU is used by its maker before it is released.
        return where(self.kind == "TPU", age, np.maximum(age, 0.0))

    # --- hardware used up by the run

    @step
    def value_at_start_per_chip(self):
        return equations.value_at_start(
            self.acquisition_price_per_chip, self.years_owned, self.assume["depreciation_rate"]
        )

    @step
    def hardware_market(self):
        return equations.hardware_market(
            self.value_at_start_per_chip,
            self.chip_hours_used,
            self.assume["depreciation_rate"],
            self.assume["hours_per_year"],
        )

    @step
    def hardware_market_exact(self):
        return equations.hardware_market_exact(
            self.value_at_start_per_chip,
            self.run.chips,
            self.run.hours,
            self.assume["depreciation_rate"],
            self.assume["hours_per_year"],
        )

    @step
    def useful_life(self):
        return equations.useful_life(
            year(self.acquired_used),
            self.assume["useful_life.to_2020"],
            self.assume["useful_life.from_2021_to_2022"],
            self.assume["useful_life.from_2023"],
        )

    @step
    def hours_assumed(self):
        hours, days = self.run.hours, self.assume["default_training_days"]
        return self._of_known_chip(where(np.isnan(hours), lambda: days * HOURS_PER_DAY, hours))

    @step
    def hardware_straight_line(self):
        return equations.hardware_straight_line(
            self.acquisition_price_per_chip,
            self.useful_life,
            self.years_owned,
            self.hours_assumed,
            self.chip_hours_used,
            self.assume["hours_per_year"],
        )

    @step
    def hardware(self):
        """By the method chosen."""
        market, exact, straight = (lambda name=name: getattr(self, f"hardware_{name}") for name in METHODS)
        return where(self.method == METHODS[0], market, lambda: where(self.method == METHODS[1], exact, straight))

    @step
    def accelerator_chips(self):
        return equations.accelerator_chips(self.hardware, self.server_overhead)

    @step
    def server_components(self):
        return equations.server_components(self.hardware, self.accelerator_chips)

    @step
    def interconnect(self):
        return equations.interconnect(self.hardware, self.assume["interconnect_share"])

    # --- energy

    @step
    def organization_words(self):
        return words(self.run.organization)

    @step
    def hyperscaler(self):
        facts = self.facts
        return self._of_known_chip(
            largest_of_words(self.organization_words, facts.organization_word, facts.is_hyperscaler)
        )

    @step
    def pue(self):
        return where(self.hyperscaler > 0, self.assume["pue.hyperscaler"], self.assume["pue.other"])

    @step
    def tdp_w(self):
        return take(self.facts.tdp_w, self.chip_row)

    @step
    def server_power_factor(self):
        return take(self.facts.server_power_factor, self.chip_row)

    @step
    def average_power_share(self):
        return take(self.facts.average_power_share, self.chip_row)

    @step
    def energy_kwh(self):
        return equations.energy_kwh(
            self.tdp_w, self.server_power_factor, self.average_power_share, self.pue, self.chip_hours_used
        )

    @step
    def energy_price_year(self):
        published = self.run.published
        return where(np.isnan(published), year(self.training_start), lambda: year(published))

    @step
    def energy_price_row(self):
        return energy_price_row(self.energy_price_year, self.facts)

    @step
    def usd_per_kwh_used(self):
        own = self.run.usd_per_kwh
        return where(np.isnan(own), lambda: take(self.facts.energy_price, self.energy_price_row), own)

    @step
    def power_capacity_kw(self):
        return equations.power_capacity_kw(self.tdp_w, self.server_power_factor, self.pue, self.run.chips)

    @step
    def energy(self):
        return equations.energy_cost(self.energy_kwh, self.usd_per_kwh_used)

    # --- on own hardware

    @step
    def amortized_cost(self):
        return equations.amortized_cost(self.hardware, self.interconnect, self.energy)

    @step
    def acquisition_cost(self):
        return equations.acquisition_cost(
            self.acquisition_price_per_chip, self.run.chips, self.assume["interconnect_share"]
        )

    # --- in the cloud, at the commitment of the run's sourcing

    @step
    def commitment_wanted(self):
        return take(self.facts.sourcing_commitment, match(self.sourcing_used, self.facts.sourcing))

    @step
    def vendor_first(self):
        facts = self.facts
        return self._of_known_chip(
            largest_of_words(self.organization_words, facts.organization_word, facts.organization_asks)
        )

    @step
    def price_request(self):
        vendor = self.run.vendor
        return where(
            is_blank(vendor),
            lambda: np.maximum(self.vendor_first, 1.0),
            lambda: match(join(vendor, " only"), self.facts.request),
        )

    @step
    def cloud_price_wanted(self):
        return equations.cloud_price_date(self.training_start, self.assume["procurement_lag"])

    @step
    def cloud_code(self):
        facts = self.facts
        return cloud_code(
            self.chip_row,
            self.price_request,
            match(self.commitment_wanted, facts.commitment),
            0.0,
            facts.per_request,
            facts.per_commitment,
            facts.per_date,
        )

    @step
    def cloud_step(self):
        return match_last(self.cloud_code + self.cloud_price_wanted, self.facts.cloud_code)

    @step
    def cloud_price_row(self):
        # The step found belongs to something else where nothing was found for this.
        found = self.cloud_step
        return blank_if(take(self.facts.cloud_code, found) < self.cloud_code, take(self.facts.cloud_row, found))

    @step
    def cloud_list_price(self):
        return take(self.facts.usd_per_chip_hour, self.cloud_price_row)

    @step
    def commitment_found(self):
        return take(self.facts.cloud_commitment, self.cloud_price_row)

    @step
    def discount_wanted(self):
        return self._discount(self.commitment_wanted)

    @step
    def discount_found(self):
        return self._discount(self.commitment_found)

    def _discount(self, commitment):
        row = self.cloud_price_row
        one_year, three_years = take(self.facts.discount_1y, row), take(self.facts.discount_3y, row)
        return blank_if(np.isnan(row), where(commitment == "3y", three_years, where(commitment == "1y", one_year, 0.0)))

    @step
    def usd_per_chip_hour(self):
        return equations.price_at_commitment(self.cloud_list_price, self.discount_wanted, self.discount_found)

    @step
    def cloud_vendor(self):
        return take(self.facts.cloud_vendor, self.cloud_price_row)

    @step
    def cloud_price_date(self):
        return take(self.facts.cloud_date, self.cloud_price_row)

    @step
    def cloud_cost(self):
        return equations.cloud_cost(self.usd_per_chip_hour, self.chip_hours_used)

    # --- the result

    @step
    def budget_cost(self):
        return where(self.sourcing_used == "own", lambda: self.amortized_cost, lambda: self.cloud_cost)


STEPS = tuple(name for name, value in vars(CostSteps).items() if isinstance(value, step))
"""Names of all steps, in the order of the calculation."""


def energy_price_row(price_year, facts):
    """Position of a year's electricity price; beyond the table its first or last year counts."""
    return match_last(np.maximum(price_year, facts.first_energy_year), facts.energy_year)
