"""Counting amounts in bounded memory."""

from __future__ import annotations

import math

import numpy as np

STEP = math.log(1.001)
"""Width of a histogram's bins on the scale of natural logarithms: a quantile read from it is wrong by at most 0.1%."""
WIDEST = 6.0
"""Standard deviations beyond which a lognormal factor is not followed."""


class Histogram:
    """Amounts of 0 and more, counted in bins of equal ratio: as much memory for a billion of them as for a thousand.

    >>> counted = Histogram()
    >>> counted.add(np.array([90.0, 100.0, 100.0, 120.0]))
    >>> abs(counted.quantile(0.5) / 100 - 1) < 0.001, counted.mean
    (True, 102.5)
    """

    def __init__(self):
        # Bins from the smallest to the largest that anything was counted in; what is 0 has none.
        self._first, self._counts, self._zeros = 0, np.zeros(0), 0.0
        self._sum, self.count = 0.0, 0

    def add(self, amounts):
        """Count some amounts."""
        amounts = np.asarray(amounts, dtype=float)
        positive = amounts[amounts > 0]
        self._zeros += len(amounts) - len(positive)
        self._sum += float(amounts.sum())
        self.count += len(amounts)
        if len(positive):
            place = np.floor(np.log(positive) / STEP).astype(np.int64)
            self._put(int(place.min()), np.bincount(place - place.min()))

    def _put(self, first, counts):
        begin = min(first, self._first) if len(self._counts) else first
        end = max(first + len(counts), self._first + len(self._counts))
        grown = np.zeros(end - begin)
        grown[self._first - begin :][: len(self._counts)] += self._counts
        grown[first - begin :][: len(counts)] += counts
        self._first, self._counts = begin, grown

    @property
    def mean(self):
        return self._sum / self.count

    def times(self, spread):
        """The amounts times an independent lognormal factor with a median of 1: exactly, without drawing it.

        On a logarithmic scale that spreads every bin as a normal distribution.

        Parameters
        ----------
        spread : float
            Standard deviation of the factor's natural logarithm.

        Returns
        -------
        Histogram
        """
        from scipy.signal import fftconvolve

        product = Histogram()
        product.count, product._zeros = self.count, self._zeros
        product._sum = self._sum * math.exp(spread**2 / 2)
        if len(self._counts):
            reach = math.ceil(WIDEST * spread / STEP)
            kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * STEP / spread) ** 2)
            product._put(self._first - reach, np.maximum(fftconvolve(self._counts, kernel / kernel.sum()), 0.0))
        return product

    def quantile(self, probability):
        """The amount below which this share of all lies."""
        below = np.cumsum(self._counts) + self._zeros
        wanted = probability * (below[-1] if len(below) else self._zeros)
        if wanted <= self._zeros:
            return 0.0
        place = int(np.searchsorted(below, wanted))
        within = 1 - (below[place] - wanted) / self._counts[place]
        return math.exp((self._first + place + within) * STEP)

    def share_below(self, amount):
        """The share of all that lies below an amount: the inverse of `quantile`."""
        whole = self._counts.sum() + self._zeros
        if amount <= 0 or not len(self._counts):
            return 0.0 if amount <= 0 else 1.0
        place = math.log(amount) / STEP - self._first
        below = np.concatenate([[0.0], np.cumsum(self._counts)])
        return float((self._zeros + np.interp(place, np.arange(len(below)), below)) / whole)
