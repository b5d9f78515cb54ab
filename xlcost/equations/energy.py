"""Energy of a training run and the power that its cluster needs."""

from .parameters import WATTS_PER_KILOWATT


def energy_kwh(tdp_w, server_power_factor, average_power_share, pue, chip_hours):
    """Energy that a training run draws from the grid [1]_.

    Parameters
    ----------
    tdp_w : numeric
        Thermal design power of one chip. [W]
    server_power_factor : numeric
        Rated power of the server, per chip, over the chip's own. [-]
    average_power_share : numeric
        Average draw while training as a share of the rated power. [-]
    pue : numeric
        Power usage effectiveness: power of the whole data centre over its servers'. [-]
    chip_hours : numeric
        [chip-hour]

    Returns
    -------
    numeric
        [kWh]

    Examples
    --------
    57 million chip-hours on A100s of 400 W, in servers of 6.5 kW for eight:

    >>> round(energy_kwh(400, 6.5 / 8 / 0.4, 0.75, 1.25, 57e6))
    43417969

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return tdp_w / WATTS_PER_KILOWATT * server_power_factor * average_power_share * pue * chip_hours


def energy_cost(energy_kwh, usd_per_kwh):
    """Cost of the energy of a training run.

    Parameters
    ----------
    energy_kwh : numeric
        [kWh]
    usd_per_kwh : numeric
        Price of electricity. [USD/kWh]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> round(energy_cost(43_417_968.75, 0.0806))
    3499488
    """
    return energy_kwh * usd_per_kwh


def power_capacity_kw(tdp_w, server_power_factor, pue, chips):
    """Power that a cluster needs at its rated load.

    Parameters
    ----------
    tdp_w : numeric
        Thermal design power of one chip. [W]
    server_power_factor : numeric
        Rated power of the server, per chip, over the chip's own. [-]
    pue : numeric
        Power usage effectiveness. [-]
    chips : numeric
        [chip]

    Returns
    -------
    numeric
        [kW]

    Examples
    --------
    >>> round(power_capacity_kw(400, 6.5 / 8 / 0.4, 1.25, 25_000))
    25391
    """
    return tdp_w / WATTS_PER_KILOWATT * server_power_factor * pue * chips
