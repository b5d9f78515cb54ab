"""What a budget becomes: at the pace of the frontier, and for one and the same ambition while computing gets cheaper.

Computing gets cheaper in two ways: hardware of the same performance costs less each year [1]_, and the same capability
takes less computing [2]_.

References
----------
.. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
.. [2] Ho et al. (2024), Algorithmic progress in language models, arXiv:2403.05812.
"""

from .parameters import HALVING_TIME, MONTHS_PER_YEAR


def efficiency_per_year(halving_time=HALVING_TIME):
    """How many times less computing the same capability takes after a year [1]_.

    Parameters
    ----------
    halving_time : numeric, default 8
        In which the computing for one and the same capability halves. [months]

    Returns
    -------
    numeric
        [-]

    Examples
    --------
    >>> round(efficiency_per_year(8.0), 2)
    2.83

    References
    ----------
    .. [1] Ho et al. (2024), Algorithmic progress in language models, arXiv:2403.05812.
    """
    return 2.0 ** (MONTHS_PER_YEAR / halving_time)


def grown_cost(cost, growth, years):
    """Cost after some years in which it grows by a factor each year.

    Parameters
    ----------
    cost : numeric
        [currency]
    growth : numeric
        Times as much after a year. [-]
    years : numeric
        [year]

    Returns
    -------
    numeric
        [currency]

    Examples
    --------
    >>> round(grown_cost(100.0, 2.4, 2.0))
    576
    """
    return cost * growth**years


def same_ambition_cost(cost, years, computing_share, hardware_share, price_performance, efficiency):
    """Cost of one and the same ambition some years on: of computing alone, as much less as prices and algorithms give.

    Parameters
    ----------
    cost : numeric
        Today. [currency]
    years : numeric
        [year]
    computing_share : numeric
        Part of the cost that falls with the amount of computing. [-]
    hardware_share : numeric
        Part of the cost, within `computing_share`, that falls with the price of hardware too. [-]
    price_performance : numeric
        Times as cheap as a year before is hardware of the same performance; 1 where it stays as dear. [-]
    efficiency : numeric
        Times less computing than a year before for the same capability; 1 where it stays as much. [-]

    Returns
    -------
    numeric
        [currency]

    Examples
    --------
    Of 100, of which 80 are computing and 60 hardware, with hardware half as dear and half as much computing:

    >>> round(same_ambition_cost(100.0, 1.0, 0.8, 0.6, 2.0, 2.0), 6)
    45.0
    """
    others = 1 - computing_share
    return cost * (
        others + (computing_share - hardware_share + hardware_share / price_performance**years) / efficiency**years
    )
