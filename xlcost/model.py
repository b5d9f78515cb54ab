"""One run's cost, step by step: written once, for a table of runs in Python and for the rows of a sheet.

`cost_steps` takes columns that are arrays or terms, looks the facts up, and calls the equations. Each step is handed
to `keep`, which records the array, or puts the term into a column of the sheet and returns the cell; so a sheet shows
every step of the calculation, and no step can differ between the two.
"""

from __future__ import annotations

import numpy as np

from . import equations
from .catalog.steps import cloud_code, purchase_code
from .equations.parameters import HOURS_PER_DAY
from .lookup import blank_if, is_blank, join, largest_of_words, match, match_last, take, words, year

METHODS = ("market", "market_exact", "straight_line")
"""How hardware is amortized to a run; the first is the paper's."""


def cost_steps(run, facts, assume, method, keep):
    """Every step from a run's inputs to its costs.

    Parameters
    ----------
    run : object
        Columns of the runs as attributes (`xlcost.runs.RUN_COLUMNS`): text, numbers, dates as serial numbers.
    facts : object
        Columns of the catalog as attributes; see `xlcost.estimate.facts_of`.
    assume : mapping
        Assumptions by name; see `xlcost.equations.parameters.ASSUMPTIONS`.
    method : str or term
        One of `METHODS`.
    keep : callable
        ``keep(name, value)`` stores a step and returns what later steps refer to.
    """
    chip_row = keep("chip_row", match(run.chip, facts.chip))
    kind = keep("kind", take(facts.kind, chip_row))
    sourcing = keep(
        "sourcing_used", np.where(is_blank(run.chip), "", np.where(is_blank(run.sourcing), "own", run.sourcing))
    )
    start = keep(
        "training_start",
        _only_where(
            chip_row,
            np.where(
                np.isnan(run.start),
                np.where(
                    np.isnan(run.published),
                    facts.edition_month,
                    equations.training_start(
                        run.published, run.hours, assume["evaluation_lag"], assume["default_training_days"]
                    ),
                ),
                run.start,
            ),
        ),
    )
    chip_hours = _chip_hours(run, facts, assume, chip_row, keep)
    server_price, years = _hardware_price(run, facts, assume, chip_row, kind, start, keep)
    hardware, overhead = _hardware(run, facts, assume, method, chip_row, server_price, years, chip_hours, keep)

    keep("accelerator_chips", equations.accelerator_chips(hardware, overhead))
    keep("server_components", equations.server_components(hardware, keep.get("accelerator_chips")))
    network = keep("interconnect", equations.interconnect(hardware, assume["interconnect_share"]))
    energy = _energy(run, facts, assume, chip_row, start, chip_hours, keep)
    amortized = keep("amortized_cost", equations.amortized_cost(hardware, network, energy))
    keep("acquisition_cost", equations.acquisition_cost(server_price, run.chips, assume["interconnect_share"]))
    cloud = _cloud(run, facts, assume, chip_row, sourcing, start, chip_hours, keep)
    keep("budget_cost", np.where(sourcing == "own", amortized, cloud))


def _only_where(there, value):
    return blank_if(np.isnan(there), value)


def _chip_hours(run, facts, assume, chip_row, keep):
    peak = keep("peak_flops", take(facts.peak_flops, chip_row))
    mfu = keep("mfu_used", _only_where(chip_row, np.where(np.isnan(run.mfu), assume["default_mfu"], run.mfu)))
    return keep(
        "chip_hours_used",
        np.where(
            np.isnan(run.chip_hours),
            np.where(
                np.isnan(run.chips) | np.isnan(run.hours),
                equations.chip_hours_from_compute(run.training_flop, peak, mfu),
                equations.chip_hours_from_cluster(run.chips, run.hours),
            ),
            run.chip_hours,
        ),
    )


def _hardware_price(run, facts, assume, chip_row, kind, start, keep):
    """What the hardware cost, when it was acquired, and how old it is at the start."""
    step = keep("purchase_step", match_last(purchase_code(chip_row, start, facts.per_date), facts.purchase_code))
    row = keep("purchase_price_row", take(facts.purchase_row, step))
    price = keep("chip_price", take(facts.usd_per_chip, row))
    price_date = keep("chip_price_date", take(facts.purchase_date, row))
    sold_as = keep("sold_as", take(facts.sold_as, row))
    overhead = keep("server_overhead", take(facts.server_overhead, chip_row))
    release = keep("release_date", take(facts.release_date, chip_row))
    catalog_price = keep(
        "catalog_server_price", np.where(sold_as == "single unit", equations.server_price(price, overhead), price)
    )
    server_price = keep(
        "acquisition_price_per_chip",
        np.where(np.isnan(run.server_price_per_chip), catalog_price, run.server_price_per_chip),
    )
    catalog_acquired = keep(
        "catalog_acquired",
        _only_where(
            row,
            np.where(
                kind == "TPU",
                release,
                np.where(
                    np.isnan(release),
                    price_date,
                    equations.acquisition_date(price_date, release, assume["delivery_lag"]),
                ),
            ),
        ),
    )
    # A price of the user's own without a date: bought for this run.
    acquired = keep(
        "acquired_used",
        np.where(
            np.isnan(run.acquired), np.where(np.isnan(run.server_price_per_chip), catalog_acquired, start), run.acquired
        ),
    )
    age = equations.years_owned(start, acquired)
    # Only a TPU is used by its maker before it is released.
    years = keep("years_owned", np.where(kind == "TPU", age, np.maximum(age, 0.0)))
    return server_price, years


def _hardware(run, facts, assume, method, chip_row, server_price, years, chip_hours, keep):
    """Hardware cost by the method chosen."""
    rate, hours_per_year = assume["depreciation_rate"], assume["hours_per_year"]
    value = keep("value_at_start_per_chip", equations.value_at_start(server_price, years, rate))

    def market():
        return equations.hardware_market(value, chip_hours, rate, hours_per_year)

    def market_exact():
        return equations.hardware_market_exact(value, run.chips, run.hours, rate, hours_per_year)

    def straight_line():
        life = keep(
            "useful_life",
            equations.useful_life(
                year(keep.get("acquired_used")),
                assume["useful_life.to_2020"],
                assume["useful_life.from_2021_to_2022"],
                assume["useful_life.from_2023"],
            ),
        )
        hours = keep(
            "hours_assumed",
            _only_where(
                chip_row, np.where(np.isnan(run.hours), assume["default_training_days"] * HOURS_PER_DAY, run.hours)
            ),
        )
        return equations.hardware_straight_line(server_price, life, years, hours, chip_hours, hours_per_year)

    by_method = dict(zip(METHODS, (market, market_exact, straight_line)))
    if isinstance(method, str):
        hardware = by_method[method]()
    else:
        # On a sheet a reader sees all methods, and chooses one there.
        first, second, third = (keep(f"hardware_{name}", function()) for name, function in by_method.items())
        hardware = np.where(method == METHODS[0], first, np.where(method == METHODS[1], second, third))
    return keep("hardware", hardware), keep.get("server_overhead")


def _energy(run, facts, assume, chip_row, start, chip_hours, keep):
    organization = keep("organization_words", words(run.organization))
    hyperscaler = keep(
        "hyperscaler",
        _only_where(chip_row, largest_of_words(organization, facts.organization_word, facts.is_hyperscaler)),
    )
    pue = keep("pue", np.where(hyperscaler > 0, assume["pue.hyperscaler"], assume["pue.other"]))
    tdp = keep("tdp_w", take(facts.tdp_w, chip_row))
    factor = keep("server_power_factor", take(facts.server_power_factor, chip_row))
    share = keep("average_power_share", take(facts.average_power_share, chip_row))
    kwh = keep("energy_kwh", equations.energy_kwh(tdp, factor, share, pue, chip_hours))
    price_year = keep("energy_price_year", np.where(np.isnan(run.published), year(start), year(run.published)))
    row = keep("energy_price_row", match_last(np.maximum(price_year, facts.first_energy_year), facts.energy_year))
    price = keep("usd_per_kwh", take(facts.energy_price, row))
    keep("power_capacity_kw", equations.power_capacity_kw(tdp, factor, pue, run.chips))
    return keep("energy", equations.energy_cost(kwh, price))


def _cloud(run, facts, assume, chip_row, sourcing, start, chip_hours, keep):
    """The cloud price that counts for the run, at the commitment of its sourcing, and the cost at it."""
    commitment = keep("commitment_wanted", take(facts.sourcing_commitment, match(sourcing, facts.sourcing)))
    first = keep(
        "vendor_first",
        _only_where(
            chip_row, largest_of_words(keep.get("organization_words"), facts.organization_word, facts.organization_asks)
        ),
    )
    request = keep(
        "price_request",
        np.where(is_blank(run.vendor), np.maximum(first, 1.0), match(join(run.vendor, " only"), facts.request)),
    )
    date = keep("cloud_price_wanted", equations.cloud_price_date(start, assume["procurement_lag"]))
    code = keep(
        "cloud_code",
        cloud_code(
            chip_row,
            request,
            match(commitment, facts.commitment),
            0.0,
            facts.per_request,
            facts.per_commitment,
            facts.per_date,
        ),
    )
    step = keep("cloud_step", match_last(code + date, facts.cloud_code))
    # The step found belongs to something else where nothing was found for this.
    row = keep("cloud_price_row", blank_if(take(facts.cloud_code, step) < code, take(facts.cloud_row, step)))
    listed = keep("cloud_list_price", take(facts.usd_per_chip_hour, row))
    found = keep("commitment_found", take(facts.cloud_commitment, row))
    one_year, three_years = take(facts.discount_1y, row), take(facts.discount_3y, row)
    wanted = keep(
        "discount_wanted",
        _only_where(row, np.where(commitment == "3y", three_years, np.where(commitment == "1y", one_year, 0.0))),
    )
    had = keep(
        "discount_found", _only_where(row, np.where(found == "3y", three_years, np.where(found == "1y", one_year, 0.0)))
    )
    price = keep("usd_per_chip_hour", equations.price_at_commitment(listed, wanted, had))
    keep("cloud_vendor", take(facts.cloud_vendor, row))
    keep("cloud_price_date", take(facts.cloud_date, row))
    return keep("cloud_cost", equations.cloud_cost(price, chip_hours))
