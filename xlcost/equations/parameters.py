"""Every constant of the cost model: its value, unit, 90% range, meaning and source, each written once.

A `Parameter` is a float, so that an equation can have it as a default and compute with it, and it knows what a reader
of the Inputs sheet wants to know about it.

References
----------
.. [1] Cottier, Rahman, Fattorini, Maslej, Besiroglu, Owen (2024), The rising costs of training frontier AI models,
   arXiv:2405.21015.
"""

from __future__ import annotations

import math

COTTIER = "Cottier et al. (2024), arXiv:2405.21015"


class Parameter(float):
    """A number of the cost model that knows its unit, its 90% range and its source.

    Parameters
    ----------
    value : float
    unit : str
        As a reader writes it, for example "USD/kWh".
    meaning : str
        One line that a non-engineer understands.
    low, high : float, optional
        Bounds of the 90% range; None where the figure is exact or no range was published.
    source : str, default the paper

    Examples
    --------
    >>> rate = Parameter(0.14, "orders of magnitude/year", "Fall in value of ML hardware", 0.10, 0.18)
    >>> rate * 2, rate.low, rate.unit
    (0.28, 0.1, 'orders of magnitude/year')
    """

    __slots__ = ("unit", "meaning", "low", "high", "source")

    def __new__(cls, value, unit="", meaning="", low=None, high=None, source=COTTIER):
        self = super().__new__(cls, value)
        self.unit, self.meaning, self.low, self.high, self.source = unit, meaning, low, high, source
        return self

    @property
    def at_most(self):
        """What it can be at most: a share of something is no more than all of it."""
        return 1.0 if self.unit.startswith("share") else math.inf

    def __getnewargs__(self):
        return float(self), self.unit, self.meaning, self.low, self.high, self.source


HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12.0
SECONDS_PER_HOUR = 3600.0
WATTS_PER_KILOWATT = 1000.0
FLOP_PER_PARAMETER_AND_TOKEN = 6.0

HOURS_PER_YEAR = Parameter(8766, "hour/year", "Hours in a year", source="24 hours × 365.25 days")
DEPRECIATION_RATE = Parameter(
    0.14, "orders of magnitude/year", "Fall in value of ML hardware, from its price-performance trend", 0.10, 0.18
)
INTERCONNECT_SHARE = Parameter(
    0.19,
    "share of server + interconnect cost",
    "Cluster-level network; the overhead factor is 1/(1 − share) = 1.235 (90% range 1.07–1.32)",
    1 - 1 / 1.07,
    1 - 1 / 1.32,
)
DEFAULT_MFU = Parameter(
    0.375, "share of peak FLOP/s", "Compute efficiency (MFU) when a run's own is unknown: median of known runs"
)
DEFAULT_TRAINING_DAYS = Parameter(
    793.5 / 24, "day", "Training time when a run's own is unknown: median of known runs (793.5 hours)"
)
EVALUATION_LAG = Parameter(60, "day", "From the end of training to publication")
DELIVERY_LAG = Parameter(90, "day", "From the release of a chip to its first large purchase")
PRICE_AGE_WARNING = Parameter(
    365, "day", "A price older than this at the date of use is used with a warning", source="xlcost"
)
PROCUREMENT_LAG = Parameter(60, "day", "From signing a cloud contract to the start of training")

_OVERHEAD = "server USD/chip USD"
_OVERHEAD_MEANING = "Server cost over chip cost: processors, memory, chassis, network inside the node"
SERVER_OVERHEAD = {
    "A100": Parameter(1.66, _OVERHEAD, _OVERHEAD_MEANING, 1.3, 2.1),
    "V100": Parameter(1.69, _OVERHEAD, _OVERHEAD_MEANING, 1.3, 2.1),
    "P100": Parameter(1.54, _OVERHEAD, _OVERHEAD_MEANING, 1.3, 2.1),
    "other": Parameter(1.64, _OVERHEAD, _OVERHEAD_MEANING, 1.3, 2.1),
}

_SHARE = "share of server TDP"
_SHARE_MEANING = "Average power draw while training"
AVERAGE_POWER_SHARE = {
    "TPU": Parameter(0.43, _SHARE, _SHARE_MEANING, 0.3, 0.62),
    "GPU": Parameter(0.75, _SHARE, _SHARE_MEANING, 0.56, 1.0),
}

_FACTOR = "server W/chip W"
_FACTOR_MEANING = "Rated power of the server, per chip, over the chip's own TDP"
SERVER_POWER_FACTOR = {
    "H100": Parameter(10.2 / 8 / 0.7, _FACTOR, _FACTOR_MEANING + ": DGX H100 10.2 kW, 8 chips of 0.7 kW"),
    "A100": Parameter(6.5 / 8 / 0.4, _FACTOR, _FACTOR_MEANING + ": DGX A100 6.5 kW, 8 chips of 0.4 kW"),
    "V100": Parameter(
        (10 / 16 / 0.3 + 1.5 / 4 / 0.3) / 2,
        _FACTOR,
        _FACTOR_MEANING + ": mean of DGX-2 10 kW, 16 chips and DGX Station 1.5 kW, 4 chips of 0.3 kW",
    ),
    "other": Parameter(1.8, _FACTOR, _FACTOR_MEANING),
    "TPU v1": Parameter(2.93, _FACTOR, _FACTOR_MEANING),
    "TPU v2": Parameter(1.64, _FACTOR, _FACTOR_MEANING),
    "TPU v3": Parameter(1.47, _FACTOR, _FACTOR_MEANING),
    "later TPU": Parameter(1.56, _FACTOR, _FACTOR_MEANING),
}

_PUE = "facility W/server W"
PUE = {
    "hyperscaler": Parameter(
        1.1, _PUE, "Power of the whole data centre over its servers' (PUE), hyperscaler", 1.05, 1.16
    ),
    "other": Parameter(1.25, _PUE, "Power of the whole data centre over its servers' (PUE), anyone else", 1.12, 1.4),
}

_DISCOUNT = "share of the on-demand price"


def _discounts(vendor, one_year, three_years):
    return {
        "1y": Parameter(one_year, _DISCOUNT, f"Discount for a 1-year commitment, {vendor}"),
        "3y": Parameter(three_years, _DISCOUNT, f"Discount for a 3-year commitment, {vendor}"),
    }


COMMITMENT_DISCOUNT = {
    "Amazon Web Services": _discounts("Amazon Web Services", 0.41, 0.64),
    "Google Cloud": _discounts("Google Cloud", 0.37, 0.56),
    "Microsoft Azure": _discounts("Microsoft Azure", 0.25, 0.49),
    "other": _discounts("other vendors (mean of the three)", 0.34, 0.56),
}

_LIFE = "year"
_LIFE_SOURCE = "Useful lives of servers that hyperscalers reported"
USEFUL_LIFE_TO_2020 = Parameter(3, _LIFE, "Useful life of hardware acquired up to 2020", source=_LIFE_SOURCE)
USEFUL_LIFE_2021_2022 = Parameter(4, _LIFE, "Useful life of hardware acquired in 2021 or 2022", source=_LIFE_SOURCE)
USEFUL_LIFE_FROM_2023 = Parameter(5, _LIFE, "Useful life of hardware acquired from 2023 on", source=_LIFE_SOURCE)

_STAFF_SOURCE = f"{COTTIER}, from public salary data"
SALARY_LOW, SALARY_HIGH = (148_000 * 132_000) ** 0.5, (335_000 * 210_000) ** 0.5
EQUITY_LOW, EQUITY_HIGH = (34_000 * 37_000) ** 0.5, (760_000 * 331_250) ** 0.5


def _middle(low, high, *texts, source=COTTIER):
    """A parameter whose value is the geometric middle of its 90% range, as the median of a lognormal is."""
    return Parameter((low * high) ** 0.5, *texts, low, high, source)


EXPERIMENT_FACTOR = _middle(
    1.2, 4.0, "total compute/final run", "Compute of the whole project over the final run's: failed runs, experiments"
)
SALARY = _middle(SALARY_LOW, SALARY_HIGH, "USD/year", "Salary of one person in a full year", source=_STAFF_SOURCE)
EQUITY = _middle(EQUITY_LOW, EQUITY_HIGH, "USD/year", "Shares given to one person in a full year", source=_STAFF_SOURCE)
EMPLOYMENT_OVERHEAD = _middle(1.25, 1.4, "factor on salary", "Benefits and payroll tax on a salary, not on equity")
ENERGY_PRICE_FACTOR = Parameter(1.0, "factor", "Price of electricity at a site over the average", 0.6, 1.7)

_OWN = "assumption: set your own"
DISCOUNT_RATE = Parameter(
    0.1, "share a year", "What money costs: future amounts count less by this each year", source=_OWN
)
HOSTING = Parameter(
    184, "USD/kW and month", "Hosting of servers", source="North American colocation average of late 2024"
)
MAINTENANCE = Parameter(0.05, "share of purchase price a year", "Maintenance of owned hardware", source=_OWN)
INSURANCE = Parameter(
    0.0, "share of purchase price a year", "Insurance of owned hardware", source=f"{_OWN}; 0 until you do"
)
OPERATIONS = Parameter(0.001, "FTE/chip", "Staff who run owned hardware: one for 1,000 chips", source=_OWN)
HAIRCUT = Parameter(0.3, "share of market value", "What is lost when used hardware is sold", source=_OWN)

HO = "Ho et al. (2024), arXiv:2403.05812"
HALVING_TIME = Parameter(
    8,
    "months",
    "Time in which the computing for the same capability halves: better algorithms",
    5,
    14,
    f"{HO}, 95% range; their NeurIPS edition has a 90% range of 2 to 22",
)

ASSUMPTIONS = {
    "depreciation_rate": DEPRECIATION_RATE,
    "interconnect_share": INTERCONNECT_SHARE,
    "hours_per_year": HOURS_PER_YEAR,
    "default_mfu": DEFAULT_MFU,
    "default_training_days": DEFAULT_TRAINING_DAYS,
    "evaluation_lag": EVALUATION_LAG,
    "delivery_lag": DELIVERY_LAG,
    "procurement_lag": PROCUREMENT_LAG,
    "price_age_warning": PRICE_AGE_WARNING,
    **{f"server_overhead.{family}": value for family, value in SERVER_OVERHEAD.items()},
    **{f"average_power_share.{kind}": value for kind, value in AVERAGE_POWER_SHARE.items()},
    **{f"server_power_factor.{family}": value for family, value in SERVER_POWER_FACTOR.items()},
    **{f"pue.{operator}": value for operator, value in PUE.items()},
    **{
        f"discount_{commitment}.{vendor}": value
        for vendor, discounts in COMMITMENT_DISCOUNT.items()
        for commitment, value in discounts.items()
    },
    "useful_life.to_2020": USEFUL_LIFE_TO_2020,
    "useful_life.from_2021_to_2022": USEFUL_LIFE_2021_2022,
    "useful_life.from_2023": USEFUL_LIFE_FROM_2023,
}
"""Every assumption of a run's cost by name: what a user may set, and what the Inputs sheet shows."""

PROJECT_ASSUMPTIONS = {
    "experiment_factor": EXPERIMENT_FACTOR,
    "salary": SALARY,
    "equity": EQUITY,
    "employment_overhead": EMPLOYMENT_OVERHEAD,
}
"""What a development is assumed to take beside its final run, by name."""

PURCHASE_ASSUMPTIONS = {
    "discount_rate": DISCOUNT_RATE,
    "hosting": HOSTING,
    "maintenance": MAINTENANCE,
    "insurance": INSURANCE,
    "operations": OPERATIONS,
    "haircut": HAIRCUT,
}
"""What a company is assumed to pay for owning hardware, by name; each is its own to set."""
