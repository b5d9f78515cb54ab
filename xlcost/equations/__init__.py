"""The cost model of Cottier et al. (2024), arXiv:2405.21015: one plain function an equation, over floats or arrays.

Every equation uses only arithmetic, comparisons and a few NumPy functions, so that the same function also builds the
text of a spreadsheet formula when it is called with the terms of `xlcost.formula`.
"""

from .cloud import cloud_cost, price_at_commitment
from .compute import chip_hours_from_cluster, chip_hours_from_compute, training_flop
from .energy import energy_cost, energy_kwh, power_capacity_kw
from .hardware import (
    accelerator_chips,
    acquisition_cost,
    amortized_cost,
    hardware_market,
    hardware_market_exact,
    hardware_straight_line,
    interconnect,
    server_components,
    server_price,
    useful_life,
    value_at_start,
)
from .inflation import real_cost
from .timing import acquisition_date, cloud_price_date, training_start, years_owned

__all__ = [
    "accelerator_chips",
    "acquisition_cost",
    "acquisition_date",
    "amortized_cost",
    "chip_hours_from_cluster",
    "chip_hours_from_compute",
    "cloud_cost",
    "cloud_price_date",
    "energy_cost",
    "energy_kwh",
    "hardware_market",
    "hardware_market_exact",
    "hardware_straight_line",
    "interconnect",
    "power_capacity_kw",
    "price_at_commitment",
    "real_cost",
    "server_components",
    "server_price",
    "training_flop",
    "training_start",
    "useful_life",
    "value_at_start",
    "years_owned",
]
