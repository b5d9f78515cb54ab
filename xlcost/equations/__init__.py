"""The cost model of Cottier et al. (2024), arXiv:2405.21015: one plain function an equation, over floats or arrays.

Every equation uses only arithmetic, comparisons and a few NumPy functions, so that the same function also builds the
text of a spreadsheet formula when it is called with the terms of `xlcost.formula`.
"""

from .capacity import (
    available_chip_hours,
    cost_of_available_hour,
    growth_index,
    months_of_service,
    share_within,
    time_within,
)
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
from .interval import (
    geometric_middle,
    log_spread,
    log_spread_of_moments,
    lognormal_mean,
    lognormal_variance,
    median_of_moments,
    mixture_log_spread,
    product_variance,
    range_end,
)
from .outlook import efficiency_per_year, grown_cost, same_ambition_cost
from .purchase import (
    book_value,
    break_even_use,
    disposal_proceeds,
    monthly_rate,
    present_value,
    present_value_of_months,
    rental_of_month,
    upkeep_of_month,
)
from .staff import contractor_cost, development_cost, staff_cost, yearly_pay
from .timing import acquisition_date, cloud_price_date, training_start, years_owned
from .trend import (
    decimal_year,
    growth_per_year,
    line_error,
    prediction_error,
    slope_error,
    sure_steepness,
    trend_cost,
    year_reached,
    year_reached_end,
)

__all__ = [
    "accelerator_chips",
    "acquisition_cost",
    "acquisition_date",
    "amortized_cost",
    "available_chip_hours",
    "book_value",
    "break_even_use",
    "chip_hours_from_cluster",
    "chip_hours_from_compute",
    "cloud_cost",
    "cloud_price_date",
    "contractor_cost",
    "cost_of_available_hour",
    "decimal_year",
    "development_cost",
    "disposal_proceeds",
    "efficiency_per_year",
    "energy_cost",
    "energy_kwh",
    "geometric_middle",
    "grown_cost",
    "growth_index",
    "growth_per_year",
    "hardware_market",
    "hardware_market_exact",
    "hardware_straight_line",
    "interconnect",
    "line_error",
    "log_spread",
    "log_spread_of_moments",
    "lognormal_mean",
    "lognormal_variance",
    "median_of_moments",
    "mixture_log_spread",
    "monthly_rate",
    "months_of_service",
    "power_capacity_kw",
    "prediction_error",
    "present_value",
    "present_value_of_months",
    "price_at_commitment",
    "product_variance",
    "range_end",
    "real_cost",
    "rental_of_month",
    "same_ambition_cost",
    "server_components",
    "server_price",
    "share_within",
    "slope_error",
    "staff_cost",
    "sure_steepness",
    "time_within",
    "training_flop",
    "training_start",
    "trend_cost",
    "upkeep_of_month",
    "useful_life",
    "value_at_start",
    "year_reached",
    "year_reached_end",
    "yearly_pay",
    "years_owned",
]
