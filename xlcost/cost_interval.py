"""How sure one estimate is: the interval of a run's cost from the ranges of everything that it rests on [1]_.

References
----------
.. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import equations
from .catalog.vendors import ORGANIZATION_WORDS
from .dates import to_serial
from .equations.parameters import (
    AVERAGE_POWER_SHARE,
    DAYS_PER_YEAR,
    DEPRECIATION_RATE,
    ENERGY_PRICE_FACTOR,
    INTERCONNECT_SHARE,
    PUE,
    SERVER_OVERHEAD,
)
from .lookup import largest_of_words, words
from .model import METHODS
from .uncertainty import LEVEL, SEED, Range, simulate

SAMPLES = 1 << 14
QUANTITY = Range(0.8, 1.25)
PRICE = {"TPU": Range(0.25, 4.0), "other": Range(0.5, 2.0)}
ACQUISITION_DAYS = Range(-120.0, 120.0, "normal")
TRAINING_TIME, TRAINING_FLOP, PEAK_FLOPS = Range(0.5, 2.0), Range(1 / 3, 3.0), Range(0.5, 2.0)
UTILIZATION = Range(0.1, 0.65, "normal", least=0.01, most=0.99)
"""Ranges of the paper that are factors around whatever a run's figure is."""


def _factor(parameter):
    """A parameter's range as a factor around 1."""
    return Range(parameter.low, parameter.high).around(1.0)


@dataclass(frozen=True)
class RunFigures:
    """What the interval of a run's amortized cost rests on.

    Parameters
    ----------
    kind : str
        GPU, TPU or other.
    server_price : float
        Price of one chip with its share of the server. [USD/chip]
    years_owned : float
        [year]
    chip_hours : float
        [chip-hour]
    energy : float
        [USD]
    hyperscaler : bool
    from_compute : bool
        Whether the chip-hours come from training compute and are not given.
    depreciation_rate, interconnect_share : float
    method : str
        How hardware is amortized, one of `xlcost.model.METHODS`.
    chips, hours : float
        For the methods that do not only ask for their product. [chip], [hour]
    useful_life : float
        For straight_line. [year]
    energy_price_factor : float or Range
        Price of electricity at the site over the one in `energy`, with a median of 1. [-]
    """

    kind: str
    server_price: float
    years_owned: float
    chip_hours: float
    energy: float
    hyperscaler: bool = False
    from_compute: bool = False
    depreciation_rate: float = float(DEPRECIATION_RATE)
    interconnect_share: float = float(INTERCONNECT_SHARE)
    method: str = METHODS[0]
    chips: float = math.nan
    hours: float = math.nan
    useful_life: float = math.nan
    energy_price_factor: float | Range = _factor(ENERGY_PRICE_FACTOR)


def ranges_of(run):
    """Uncertain quantities of a run: those that are drawn, and those that multiply all of it.

    Parameters
    ----------
    run : RunFigures

    Returns
    -------
    drawn, scale : dict of str to Range
    """
    price, overhead = PRICE.get(run.kind, PRICE["other"]), _factor(SERVER_OVERHEAD["other"])
    share = AVERAGE_POWER_SHARE.get(run.kind, AVERAGE_POWER_SHARE["GPU"])
    pue = PUE["hyperscaler" if run.hyperscaler else "other"]
    rate = Range(DEPRECIATION_RATE.low, DEPRECIATION_RATE.high, "normal")
    network = Range(*(1 / (1 - end) for end in (INTERCONNECT_SHARE.low, INTERCONNECT_SHARE.high)))
    drawn = {
        # Prices of chips and of what stands around them multiply each other: one quantity in closed form.
        "hardware price": product_of(price, overhead),
        "network overhead": network.around(1 / (1 - run.interconnect_share)),
        "depreciation rate": rate.around(run.depreciation_rate),
        "acquisition date": ACQUISITION_DAYS,
        "energy": product_of(*_uncertain(run.energy_price_factor), _factor(share), _factor(pue)),
    }
    scale = {"number of chips": QUANTITY}
    if run.method != METHODS[0]:
        # How long training takes counts here in more than one place.
        return {**drawn, "training time": TRAINING_TIME}, scale
    if not run.from_compute:
        return drawn, {**scale, "training time": TRAINING_TIME}
    drawn["utilization"] = UTILIZATION.around(1.0)
    return drawn, {**scale, "training compute": TRAINING_FLOP, "peak rate": PEAK_FLOPS}


def _uncertain(*factors):
    """Those of some factors that are no numbers."""
    return [factor for factor in factors if isinstance(factor, Range)]


def product_of(*factors):
    """The product of independent lognormal factors with ranges of the same level, as one.

    >>> round(product_of(Range(0.5, 2.0), Range(0.5, 2.0)).high, 3)
    2.665
    """
    middle = math.prod(factor.middle for factor in factors)
    ratio = math.exp(math.hypot(*(math.log(factor.high / factor.low) / 2 for factor in factors)))
    return Range(middle / ratio, middle * ratio)


def cost_interval(run, level=LEVEL, samples=SAMPLES, seed=SEED):
    """Interval of a run's amortized cost, whole and by part.

    Its median is the point estimate, or nearly; up to a tenth above where chip-hours come from compute, as the range of
    utilization leans to its low end.

    Parameters
    ----------
    run : RunFigures
    level, samples, seed
        As in `xlcost.uncertainty.simulate`.

    Returns
    -------
    xlcost.uncertainty.Outcome
        Parts hardware, interconnect and energy. [USD]

    Examples
    --------
    GPT-4, whose cost the paper puts at $40 million:

    >>> outcome = cost_interval(RunFigures("GPU", 24_875, 638 / 365.25, 57e6, 3_499_488))
    >>> [round(end / 1e6) for end in (outcome.total.low, outcome.total.median, outcome.total.high)]
    [15, 40, 110]
    """
    drawn, scale = ranges_of(run)

    def amounts(**by_name):
        price, rate = run.server_price * by_name["hardware price"], by_name["depreciation rate"]
        years = run.years_owned + by_name["acquisition date"] / DAYS_PER_YEAR
        time = by_name.get("training time", 1.0) / by_name.get("utilization", 1.0)
        hardware = _hardware(run, price, years, rate, time)
        return {
            "hardware": hardware,
            "interconnect": equations.interconnect(hardware, 1.0 - 1.0 / by_name["network overhead"]),
            "energy": run.energy * time * by_name["energy"],
        }

    return simulate(amounts, drawn, samples, seed, level, scale=scale)


def _hardware(run, price, years, rate, time):
    """Hardware used up, when training takes some factor longer."""
    if run.method == "straight_line":
        hours, chip_hours = run.hours * time, run.chip_hours * time
        return equations.hardware_straight_line(price, run.useful_life, years, hours, chip_hours)
    value = equations.value_at_start(price, years, rate)
    if run.method == "market_exact":
        return equations.hardware_market_exact(value, run.chips, run.hours * time, rate)
    return equations.hardware_market(value, run.chip_hours * time, rate)


def figures_of(costs, from_compute, facts, **of_all):
    """What the intervals of estimated runs rest on, amortized as the paper does.

    Parameters
    ----------
    costs : pandas.DataFrame
        Rows of `xlcost.estimate.estimate` that have an amortized cost.
    from_compute : array of bool
        Of which the chip-hours come from training compute.
    facts : Catalog
    **of_all
        Fields of `RunFigures` that are the same for all.

    Returns
    -------
    list of RunFigures
    """
    kinds = dict(zip(facts.chips["chip"], facts.chips["kind"]))
    listed = list(ORGANIZATION_WORDS)
    is_large = [float(hyperscaler) for _, hyperscaler in ORGANIZATION_WORDS.values()]
    owned = equations.years_owned(*(to_serial(costs[name].to_numpy()) for name in ("training_start", "acquired")))
    organization = costs["organization"] if "organization" in costs else [""] * len(costs)
    return [
        RunFigures(
            kinds[chip],
            price,
            years,
            hours,
            energy,
            bool(largest_of_words(words(who), listed, is_large)),
            bool(compute),
            **of_all,
        )
        for chip, price, years, hours, energy, who, compute in zip(
            costs["chip"],
            costs["acquisition_price_per_chip"],
            owned,
            costs["chip_hours"],
            costs["energy"],
            organization,
            from_compute,
        )
    ]
