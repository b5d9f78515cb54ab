"""Chip-hours of a training run: from its cluster and time, or from its training compute."""

from .parameters import DEFAULT_MFU, FLOP_PER_PARAMETER_AND_TOKEN, SECONDS_PER_HOUR


def chip_hours_from_cluster(chips, hours):
    """Chip-hours of a cluster that trains for some time.

    Parameters
    ----------
    chips : numeric
        Accelerators that train at once. [chip]
    hours : numeric
        Training time. [hour]

    Returns
    -------
    numeric
        [chip-hour]

    Examples
    --------
    25,000 chips for 95 days:

    >>> chip_hours_from_cluster(25_000, 95 * 24)
    57000000
    """
    return chips * hours


def chip_hours_from_compute(training_flop, peak_flops, mfu=DEFAULT_MFU):
    """Chip-hours that a training compute needs at a given efficiency [1]_.

    Parameters
    ----------
    training_flop : numeric
        Training compute. [FLOP]
    peak_flops : numeric
        Peak rate of one chip, dense, at the number format used. [FLOP/s]
    mfu : numeric, default 0.375
        Compute efficiency: share of the peak rate reached. [-]

    Returns
    -------
    numeric
        [chip-hour]

    Examples
    --------
    1e25 FLOP on H100s with a peak of 989e12 FLOP/s:

    >>> round(chip_hours_from_compute(1e25, 989e12))
    7489795

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return training_flop / (peak_flops * mfu) / SECONDS_PER_HOUR


def training_flop(parameters, tokens):
    """Training compute of a dense model: 6 FLOP for each parameter and token [1]_.

    Parameters
    ----------
    parameters : numeric
        [parameter]
    tokens : numeric
        Tokens that the model is trained on, each pass counted. [token]

    Returns
    -------
    numeric
        [FLOP]

    Examples
    --------
    GPT-3: 175 billion parameters, 300 billion tokens:

    >>> training_flop(175e9, 300e9)
    3.15e+23

    References
    ----------
    .. [1] Kaplan et al. (2020), Scaling laws for neural language models, arXiv:2001.08361.
    """
    return FLOP_PER_PARAMETER_AND_TOKEN * parameters * tokens
