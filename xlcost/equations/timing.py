"""Dates of a training run, as serial numbers of days.

A serial number counts the days since 1899-12-30, as spreadsheets do, and the hours as a fraction of a day.
"""

import numpy as np

from .parameters import (
    DAYS_PER_YEAR,
    DEFAULT_TRAINING_DAYS,
    DELIVERY_LAG,
    EVALUATION_LAG,
    HOURS_PER_DAY,
    PROCUREMENT_LAG,
)


def training_start(published, hours, evaluation_lag=EVALUATION_LAG, default_training_days=DEFAULT_TRAINING_DAYS):
    """Start of training, counted back from the publication [1]_.

    Parameters
    ----------
    published : numeric
        Publication date. [day, serial number]
    hours : numeric
        Training time, counted in whole hours; NaN where it is unknown. [hour]
    evaluation_lag : numeric, default 60
        From the end of training to publication. [day]
    default_training_days : numeric, default 793.5/24
        Training time where it is unknown. [day]

    Returns
    -------
    numeric
        [day, serial number]

    Examples
    --------
    Published on 2022-05-02 (44683) after 793.5 hours of training, so begun on 2022-01-28 at 23:00:

    >>> round(float(training_start(44683, 793.5)), 4)
    44589.9583

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return (
        published - evaluation_lag - np.where(np.isnan(hours), default_training_days, np.floor(hours) / HOURS_PER_DAY)
    )


def acquisition_date(price_date, release_date, delivery_lag=DELIVERY_LAG):
    """Date on which hardware of a dated price was acquired: not before it could be delivered.

    Parameters
    ----------
    price_date : numeric
        [day, serial number]
    release_date : numeric
        Release of the chip. [day, serial number]
    delivery_lag : numeric, default 90
        From the release to the first large purchase. [day]

    Returns
    -------
    numeric
        [day, serial number]

    Examples
    --------
    H100: priced on 2022-09-29 (44833), released on 2022-09-20 (44824), so acquired on 2022-12-19 (44914).

    >>> int(acquisition_date(44833, 44824))
    44914
    """
    return np.maximum(price_date, release_date + delivery_lag)


def years_owned(training_start, acquired):
    """Years from acquisition to the start of training, in whole days.

    Parameters
    ----------
    training_start, acquired : numeric
        [day, serial number]

    Returns
    -------
    numeric
        Negative where training came first. [year]

    Examples
    --------
    Acquired on 2020-08-12 (44055), training from 2022-05-12 (44693):

    >>> round(float(years_owned(44693, 44055)), 4)
    1.7467
    """
    return np.floor(training_start - acquired) / DAYS_PER_YEAR


def cloud_price_date(training_start, procurement_lag=PROCUREMENT_LAG):
    """Date whose cloud price counts: the contract is signed some time before training starts.

    Parameters
    ----------
    training_start : numeric
        [day, serial number]
    procurement_lag : numeric, default 60
        [day]

    Returns
    -------
    numeric
        [day, serial number]

    Examples
    --------
    >>> int(cloud_price_date(44693))
    44633
    """
    return training_start - procurement_lag
