"""Cost of renting the chips of a training run."""


def price_at_commitment(usd_per_chip_hour, discount_wanted, discount_found):
    """Price at one commitment from a price that was found at another.

    Parameters
    ----------
    usd_per_chip_hour : numeric
        The price found. [USD/chip-hour]
    discount_wanted, discount_found : numeric
        Discounts on the vendor's on-demand price at the commitment wanted and at that of the price found;
        0 on demand. [-]

    Returns
    -------
    numeric
        [USD/chip-hour]

    Examples
    --------
    An on-demand price of $4.10 at a 3-year commitment with 64% off:

    >>> round(price_at_commitment(4.10, 0.64, 0.0), 3)
    1.476
    """
    return usd_per_chip_hour * ((1.0 - discount_wanted) / (1.0 - discount_found))


def cloud_cost(usd_per_chip_hour, chip_hours):
    """Cost of a training run on rented chips: the second approach of the paper [1]_.

    Parameters
    ----------
    usd_per_chip_hour : numeric
        [USD/chip-hour]
    chip_hours : numeric
        [chip-hour]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    57 million chip-hours at $1.36:

    >>> round(cloud_cost(1.36, 57e6))
    77520000

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return usd_per_chip_hour * chip_hours
