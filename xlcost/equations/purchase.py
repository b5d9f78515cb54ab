"""Buy or rent: what a fleet costs in a month or at once, and the use at which ways of having it cost the same."""

import numpy as np

from .discounting import present_value, present_value_of_months
from .parameters import HAIRCUT, HOSTING, HOURS_PER_YEAR, INSURANCE, MAINTENANCE, MONTHS_PER_YEAR, OPERATIONS

LEAST_BEGUN = 1e-9
"""A smaller part of a term comes of rounding: it is none that was begun."""


def external_of_month(usd_per_million_tokens, million_tokens):
    """What the use of somebody else's model costs in a month.

    Parameters
    ----------
    usd_per_million_tokens : numeric
        [USD/million tokens]
    million_tokens : numeric
        [million tokens/month]

    Returns
    -------
    numeric
        [USD/month]

    Examples
    --------
    >>> external_of_month(3.0, 50_000)
    150000.0
    """
    return usd_per_million_tokens * million_tokens


def rental_of_month(usd_per_chip_hour, chips, use=1.0, hours_per_year=HOURS_PER_YEAR):
    """What rented chips cost in a month: used hours on demand, all hours under a commitment.

    Parameters
    ----------
    usd_per_chip_hour : numeric
        [USD/chip-hour]
    chips : numeric
        [chip]
    use : numeric, default 1
        Share of available hours that are paid. [-]
    hours_per_year : numeric, default 8766
        [hour/year]

    Returns
    -------
    numeric
        [USD/month]

    Examples
    --------
    >>> rental_of_month(2.0, 8)
    11688.0
    """
    return usd_per_chip_hour * chips * use * hours_per_year / MONTHS_PER_YEAR


def commitment_left(months, term_months):
    """Months of a commitment that are still to be paid when a plan ends.

    A commitment once begun is paid to the end of its term, and renewed while the plan goes on.

    Parameters
    ----------
    months : numeric
        That are planned. [month]
    term_months : numeric
        [month]

    Returns
    -------
    numeric
        [month]

    Examples
    --------
    A term of 36 months in a plan of 12, of 36 and of 48 months:

    >>> [float(commitment_left(months, 36)) for months in (12, 36, 48)]
    [24.0, 0.0, 24.0]
    """
    begun = np.floor(months / term_months + (1 - LEAST_BEGUN))
    return np.maximum(begun * term_months - months, 0.0)


def commitment_cost(of_month, months, term_months, monthly_rate):
    """Net present cost of a commitment: its months, and what is left of its term, in one sum when the plan ends.

    Parameters
    ----------
    of_month : numeric
        [USD/month]
    months : numeric
        That are planned. [month]
    term_months : numeric
        [month]
    monthly_rate : numeric
        [1/month]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(float(commitment_cost(100.0, 12, 36, 0.01)), 2), float(commitment_cost(100.0, 12, 36, 0.0))
    (3255.39, 3600.0)
    """
    left = of_month * commitment_left(months, term_months)
    return present_value_of_months(of_month, months, monthly_rate) + present_value(left, months, monthly_rate)


def hosting_of_month(power_capacity_kw, hosting=HOSTING):
    """What a place for owned hardware costs in a month.

    Parameters
    ----------
    power_capacity_kw : numeric
        [kW]
    hosting : numeric, default 184
        [USD/kW and month]

    Returns
    -------
    numeric
        [USD/month]

    Examples
    --------
    >>> float(hosting_of_month(1_000))
    184000.0
    """
    return hosting * power_capacity_kw


def share_of_purchase(acquisition_cost, share):
    """What maintenance or insurance costs in a year.

    Parameters
    ----------
    acquisition_cost : numeric
        Purchase price of the cluster. [USD]
    share : numeric
        Of the purchase price. [1/year]

    Returns
    -------
    numeric
        [USD/year]

    Examples
    --------
    >>> float(share_of_purchase(12_000_000, 0.05))
    600000.0
    """
    return share * acquisition_cost


def operations_pay(chips, yearly_pay, operations=OPERATIONS):
    """What the staff who run owned hardware cost in a year.

    Parameters
    ----------
    chips : numeric
        [chip]
    yearly_pay : numeric
        Cost of one of the staff in a full year. [USD/year]
    operations : numeric, default 0.001
        Full-time positions a chip. [FTE/chip]

    Returns
    -------
    numeric
        [USD/year]

    Examples
    --------
    >>> float(operations_pay(1_000, 240_000))
    240000.0
    """
    return operations * chips * yearly_pay


def upkeep_of_month(
    acquisition_cost,
    power_capacity_kw,
    chips,
    yearly_pay,
    hosting=HOSTING,
    maintenance=MAINTENANCE,
    operations=OPERATIONS,
    insurance=INSURANCE,
):
    """What owned hardware costs in a month whether it is used or not: hosting, upkeep and those who run it.

    Parameters
    ----------
    acquisition_cost : numeric
        Purchase price of the cluster. [USD]
    power_capacity_kw : numeric
        [kW]
    chips : numeric
        [chip]
    yearly_pay : numeric
        Cost of one of the staff in a full year. [USD/year]
    hosting : numeric, default 184
        [USD/kW and month]
    maintenance : numeric, default 0.05
        Share of the purchase price in a year. [1/year]
    operations : numeric, default 0.001
        Full-time positions a chip. [FTE/chip]
    insurance : numeric, default 0
        Share of the purchase price in a year. [1/year]

    Returns
    -------
    numeric
        [USD/month]

    Examples
    --------
    >>> round(upkeep_of_month(12_000_000, 1_000, 1_000, 240_000))
    254000
    """
    yearly = share_of_purchase(acquisition_cost, maintenance + insurance) + operations_pay(
        chips, yearly_pay, operations
    )
    return hosting_of_month(power_capacity_kw, hosting) + yearly / MONTHS_PER_YEAR


def disposal_proceeds(market_value, haircut=HAIRCUT):
    """What used hardware brings when it is sold.

    Parameters
    ----------
    market_value : numeric
        [USD]
    haircut : numeric, default 0.3
        Share of it that a sale costs. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> disposal_proceeds(1_000_000)
    700000.0
    """
    return market_value * (1 - haircut)


def break_even_use(owned_whether_used, saved_at_full_use):
    """Share of the available hours above which owning is cheaper than renting on demand; above 1 it never is.

    Parameters
    ----------
    owned_whether_used : numeric
        Net present cost of owning without any use. [USD]
    saved_at_full_use : numeric
        Net present cost of renting all available hours, less that of their energy. [USD]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> break_even_use(6e6, 11e6 - 1e6)
    0.6
    """
    return owned_whether_used / saved_at_full_use


def highest_use_to_own(commitment, owned_whether_used, energy_at_full_use):
    """Share of the available hours up to which owning is cheaper than a commitment, which costs the same at any use.

    Parameters
    ----------
    commitment : numeric
        Net present cost of the commitment. [USD]
    owned_whether_used : numeric
        Net present cost of owning without any use. [USD]
    energy_at_full_use : numeric
        Net present cost of the energy of all available hours; above 0. [USD]

    Returns
    -------
    numeric
        [-]; 1 or more where owning is cheaper at any use, below 0 where it never is.

    Examples
    --------
    >>> highest_use_to_own(6.5e6, 6e6, 1e6)
    0.5
    """
    return (commitment - owned_whether_used) / energy_at_full_use


def book_value(cost, months, life_months, residual=0.0):
    """Value in the accounting book: straight line over the life, down to what is left.

    Parameters
    ----------
    cost : numeric
        [USD]
    months : numeric
        Months of depreciation that are booked. [month]
    life_months : numeric
        [month]
    residual : numeric, default 0
        What is left at the end. [USD]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> float(book_value(60_000, 15, 60)), float(book_value(60_000, 99, 60, 6_000))
    (45000.0, 6000.0)
    """
    return cost - (cost - residual) * np.minimum(months, life_months) / life_months
