"""Hardware: what it costs to buy, what it is worth when training starts, and the part of that which a run uses up."""

import numpy as np

from .parameters import (
    DEPRECIATION_RATE,
    HOURS_PER_YEAR,
    INTERCONNECT_SHARE,
    USEFUL_LIFE_2021_2022,
    USEFUL_LIFE_FROM_2023,
    USEFUL_LIFE_TO_2020,
)


def server_price(chip_price, server_overhead):
    """Price of one chip with its share of the server.

    Parameters
    ----------
    chip_price : numeric
        Price of a single chip. [USD/chip]
    server_overhead : numeric
        Server cost over chip cost. [-]

    Returns
    -------
    numeric
        [USD/chip]

    Examples
    --------
    >>> round(server_price(5_276, 1.64), 2)
    8652.64
    """
    return chip_price * server_overhead


def acquisition_cost(server_price, chips, interconnect_share=INTERCONNECT_SHARE):
    """Purchase price of the whole cluster: chips, servers and the network between them [1]_.

    Parameters
    ----------
    server_price : numeric
        Price of one chip with its share of the server. [USD/chip]
    chips : numeric
        [chip]
    interconnect_share : numeric, default 0.19
        Share of the cluster-level network in the cost of servers and network. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    25,000 A100s:

    >>> round(acquisition_cost(24_875, 25_000))
    767746914

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return server_price * chips / (1.0 - interconnect_share)


def value_at_start(server_price, years, depreciation_rate=DEPRECIATION_RATE):
    """Value of one chip, with its share of the server, when training starts.

    Hardware loses value because newer hardware does the same work for less money [1]_.

    Parameters
    ----------
    server_price : numeric
        Price paid for the chip with its share of the server. [USD/chip]
    years : numeric
        From acquisition to training start; negative where training came first. [year]
    depreciation_rate : numeric, default 0.14
        [orders of magnitude/year]

    Returns
    -------
    numeric
        [USD/chip]

    Examples
    --------
    An A100 bought at $24,875, used for training 638 days later:

    >>> round(value_at_start(24_875, 638 / 365.25))
    14165

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return server_price * 10.0 ** (-depreciation_rate * years)


def hardware_market(value_at_start, chip_hours, depreciation_rate=DEPRECIATION_RATE, hours_per_year=HOURS_PER_YEAR):
    """Market value that a run uses up, at the rate of loss when it starts: the paper's method [1]_.

    The rate takes 32% of the value at start per year, so that a run of more than a year is charged too much;
    `hardware_market_exact` follows the value down.

    Parameters
    ----------
    value_at_start : numeric
        [USD/chip]
    chip_hours : numeric
        [chip-hour]
    depreciation_rate : numeric, default 0.14
        [orders of magnitude/year]
    hours_per_year : numeric, default 8766
        [hour/year]

    Returns
    -------
    numeric
        Chips and servers, without interconnect. [USD]

    Examples
    --------
    57 million chip-hours on A100s worth $14,165.05:

    >>> round(hardware_market(14_165.054738257799, 57e6))
    29691721

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return value_at_start * np.log(10.0**depreciation_rate) / hours_per_year * chip_hours


def hardware_market_exact(
    value_at_start, chips, hours, depreciation_rate=DEPRECIATION_RATE, hours_per_year=HOURS_PER_YEAR
):
    """Market value that a run uses up, followed from its start to its end.

    Parameters
    ----------
    value_at_start : numeric
        [USD/chip]
    chips : numeric
        [chip]
    hours : numeric
        Training time. [hour]
    depreciation_rate : numeric, default 0.14
        [orders of magnitude/year]
    hours_per_year : numeric, default 8766
        [hour/year]

    Returns
    -------
    numeric
        Chips and servers, without interconnect. [USD]

    Examples
    --------
    In one year hardware loses 27.6% of its value:

    >>> round(hardware_market_exact(1_000_000, 1, 8_766))
    275564
    """
    return value_at_start * (1.0 - 10.0 ** (-depreciation_rate * (hours / hours_per_year))) * chips


def useful_life(
    acquired_year, to_2020=USEFUL_LIFE_TO_2020, from_2021_to_2022=USEFUL_LIFE_2021_2022, from_2023=USEFUL_LIFE_FROM_2023
):
    """Useful life of hardware by the year of its acquisition, as hyperscalers reported it.

    Parameters
    ----------
    acquired_year : numeric
        [calendar year]
    to_2020, from_2021_to_2022, from_2023 : numeric, default 3, 4, 5
        [year]

    Returns
    -------
    numeric
        [year]

    Examples
    --------
    >>> float(useful_life(2022))
    4.0
    """
    return np.where(acquired_year <= 2020, to_2020, np.where(acquired_year <= 2022, from_2021_to_2022, from_2023))


def hardware_straight_line(server_price, useful_life, years, hours, chip_hours, hours_per_year=HOURS_PER_YEAR):
    """Straight-line depreciation of the hours that a run takes; nothing after the useful life has ended.

    Parameters
    ----------
    server_price : numeric
        Price of one chip with its share of the server. [USD/chip]
    useful_life : numeric
        [year]
    years : numeric
        From acquisition to training start. [year]
    hours : numeric
        Training time, for the part of it that lies after the end of the useful life. [hour]
    chip_hours : numeric
        [chip-hour]
    hours_per_year : numeric, default 8766
        [hour/year]

    Returns
    -------
    numeric
        Chips and servers, without interconnect. [USD]

    Examples
    --------
    Two years of use that begin a year before the end of a life of three years:

    >>> round(float(hardware_straight_line(30_000, 3, 2, 2 * 8_766, 2 * 8_766)))
    10000
    """
    share_within_life = np.minimum(1.0, np.maximum(0.0, (useful_life - years) * hours_per_year / hours))
    return server_price / (useful_life * hours_per_year) * chip_hours * share_within_life


def accelerator_chips(hardware, server_overhead):
    """The chips' part of the hardware cost.

    Parameters
    ----------
    hardware : numeric
        Chips and servers. [USD]
    server_overhead : numeric
        Server cost over chip cost. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(accelerator_chips(29_691_721, 1.66))
    17886579
    """
    return hardware / server_overhead


def server_components(hardware, accelerator_chips):
    """The servers' part of the hardware cost: everything in them but the chips.

    Parameters
    ----------
    hardware, accelerator_chips : numeric
        [USD]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> server_components(29_691_721, 17_886_579)
    11805142
    """
    return hardware - accelerator_chips


def interconnect(hardware, interconnect_share=INTERCONNECT_SHARE):
    """Cost of the cluster-level network that goes with the hardware cost.

    Parameters
    ----------
    hardware : numeric
        Chips and servers. [USD]
    interconnect_share : numeric, default 0.19
        Share of the network in the cost of servers and network. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(interconnect(29_691_721))
    6964725
    """
    return hardware * interconnect_share / (1.0 - interconnect_share)


def amortized_cost(hardware, interconnect, energy):
    """Cost of a training run on owned hardware: the paper's first and primary approach [1]_.

    Parameters
    ----------
    hardware, interconnect, energy : numeric
        [USD]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    Hardware of $29.7 million, its network, and its energy:

    >>> amortized_cost(29_691_721, 6_964_725, 3_499_488)
    40155934

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return hardware + interconnect + energy
