"""Uncertain quantities: ranges in, an interval of a result out.

A quantity is a number or a `Range`. `simulate` draws all quantities of a calculation together, by randomised
quasi-random points, which fill the space more evenly than independent ones; a chunk at a time, so that memory does not
grow with the number of samples. A sum over many people is drawn as one quantity (`sum_of_copies`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .equations import geometric_middle, log_spread, range_end
from .errors import XlcostError
from .histogram import Histogram
from .regression import normal_quantile

KINDS = ("lognormal", "normal", "uniform")
LEVEL = 0.9
"""How much a range holds where nothing else is said."""
SAMPLES, SEED, CHUNK = 1 << 14, 20_240_531, 1 << 16


@dataclass(frozen=True)
class Range:
    """An uncertain quantity, from the ends of its range.

    Parameters
    ----------
    low, high : float
        What the quantity is between, in `level` of all cases; half of the others lie below and half above.
    kind : {"lognormal", "normal", "uniform"}
        A uniform quantity never lies outside of its range.
    level : float, default 0.9
    least, most : float, optional
        What the quantity is never below or above: a draw beyond counts as this.

    Raises
    ------
    XlcostError
        The ends are in the wrong order or no numbers, or a lognormal range is not above 0.

    Examples
    --------
    >>> factor = Range(1.2, 4.0)
    >>> [round(float(factor.quantile(p)), 3) for p in (0.05, 0.5, 0.95)]
    [1.2, 2.191, 4.0]
    """

    low: float
    high: float
    kind: str = "lognormal"
    level: float = LEVEL
    least: float = -math.inf
    most: float = math.inf

    def __post_init__(self):
        span = f"the range {self.low:g} to {self.high:g}"
        if self.kind not in KINDS:
            raise XlcostError(f"there is no kind of range {self.kind!r}; there are {', '.join(KINDS)}")
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise XlcostError(f"{span} has no two ends; both must be numbers")
        if self.low > self.high:
            raise XlcostError(f"{span} is the wrong way round; the low end comes first")
        if self.kind == "lognormal" and self.low <= 0:
            raise XlcostError(f"{span} reaches 0 or below; a lognormal range must be above 0")
        check_level(self.level)

    @property
    def middle(self):
        """The median: geometric for a lognormal range, else arithmetic."""
        lognormal = self.kind == "lognormal"
        return float(geometric_middle(self.low, self.high)) if lognormal else (self.low + self.high) / 2

    @property
    def log_spread(self):
        """Standard deviation of the natural logarithm of a lognormal quantity."""
        return float(log_spread(self.low, self.high, normal_quantile(self.level)))

    def quantile(self, probability):
        """The value that the quantity stays below with a probability, a number or an array of them."""
        return np.clip(self._quantile(probability), self.least, self.most)

    def _quantile(self, probability):
        from scipy.special import ndtri

        if self.kind == "uniform":
            return self.low + (self.high - self.low) * probability
        z = ndtri(probability)
        if self.kind == "normal":
            return self.middle + (self.high - self.low) / 2 * z / normal_quantile(self.level)
        return range_end(self.middle, self.log_spread, z)

    def around(self, center):
        """The range as a factor around another middle, so that its median is that number.

        >>> round(float(Range(1.3, 2.1).around(1.66).quantile(0.5)), 2)
        1.66
        """
        ratio = center / self.middle
        limits = {name: getattr(self, name) * ratio for name in ("low", "high", "least", "most")}
        return Range(kind=self.kind, level=self.level, **limits)


class Drawn:
    """A quantity known by evenly probable values of it.

    Parameters
    ----------
    values : array
        In ascending order.
    below : array, optional
        Probability that the quantity is below each value; evenly from 0 to 1 by default.
    """

    def __init__(self, values, below=None):
        self.values = np.asarray(values, dtype=float)
        self.below = (np.arange(len(self.values)) + 0.5) / len(self.values) if below is None else below

    def quantile(self, probability):
        return np.interp(probability, self.below, self.values)


class Points:
    """Sobol's points, which fill a cube evenly, each shifted by the same random vector.

    They are the same for a seed in every version of SciPy, which its own randomisation does not promise.

    Parameters
    ----------
    dimensions, seed : int
    """

    def __init__(self, dimensions, seed):
        from scipy.stats.qmc import Sobol

        self._points = Sobol(max(dimensions, 1), scramble=False)
        self._shift = np.random.default_rng(seed).random(max(dimensions, 1))

    def random(self, count):
        """The next points, an array of one row a point."""
        points = self._points.random(count)
        # In their place: they may be the largest array of all.
        points += self._shift
        points %= 1.0
        return points


@dataclass(frozen=True)
class Interval:
    """An amount with its uncertainty."""

    low: float
    median: float
    high: float
    mean: float


@dataclass(frozen=True)
class Outcome:
    """What `simulate` finds.

    Parameters
    ----------
    parts : dict of str to Interval
    total : Interval
    rank_correlation : dict of str to float
        Of each range with the total: how far it drives the spread, from −1 to 1.
    samples, seed, level
        As they were used.
    counted : Histogram
        The total's.
    """

    parts: dict
    total: Interval
    rank_correlation: dict
    samples: int
    seed: int
    level: float
    counted: Histogram = field(compare=False)

    def quantile(self, probability):
        """What the total stays below with a probability."""
        return self.counted.quantile(probability)

    def share_below(self, amount):
        """The probability with which the total stays below an amount."""
        return self.counted.share_below(amount)

    @cached_property
    def shares(self):
        """Each part's median over the sum of all parts' medians, as the paper has them; they add up to 1."""
        whole = sum(part.median for part in self.parts.values()) or 1.0
        return {name: part.median / whole for name, part in self.parts.items()}

    @cached_property
    def variance_share(self):
        """Squared rank correlations as shares of their sum; they add up to 1."""
        squared = {name: correlation**2 for name, correlation in self.rank_correlation.items()}
        return {name: value / (sum(squared.values()) or 1.0) for name, value in squared.items()}


def simulate(calculation, quantities, samples=SAMPLES, seed=SEED, level=LEVEL, progress=None, scale=None):
    """Interval of a calculation over uncertain quantities.

    Parameters
    ----------
    calculation : callable
        ``calculation(**quantities)`` with an array, or a number, for each; returns amounts by part, a dict of arrays.
    quantities : dict of str to Range, Drawn or float
        All drawn independently of each other.
    samples : int, default 16,384
        At least as many; a power of 2 or a multiple of 65,536 is used.
    seed : int
        The same seed gives the same result.
    level : float, default 0.9
        What share of all cases the interval holds.
    progress : callable, optional
        Called with the number of samples done and their total.
    scale : dict of str to Range, optional
        Lognormal quantities by which every amount is multiplied, each with a median of 1. Their product is taken into
        account in closed form, which makes the rest smooth, so that fewer samples do.

    Returns
    -------
    Outcome

    Raises
    ------
    XlcostError
        The level is not between 0 and 1, or there are to be no samples.

    Examples
    --------
    >>> ranges = {"compute": Range(0.5, 2.0), "price": 3.0}
    >>> outcome = simulate(lambda compute, price: {"cost": compute * price}, ranges)
    >>> abs(outcome.total.high / 6.0 - 1) < 0.005
    True
    """
    check_level(level)
    if samples < 1:
        raise XlcostError(f"{samples} samples; there must be at least 1")
    uncertain = {name: quantity for name, quantity in quantities.items() if hasattr(quantity, "quantile")}
    certain = {name: quantity for name, quantity in quantities.items() if name not in uncertain}
    chunk = min(1 << (samples - 1).bit_length(), CHUNK)
    chunks = -(-samples // chunk)
    scale = scale or {}
    points = Points(len(uncertain) + len(scale), seed)
    parts, total, correlation = {}, Histogram(), {}
    for number in range(chunks):
        drawn = points.random(chunk)
        values = {name: quantity.quantile(drawn[:, place]) for place, (name, quantity) in enumerate(uncertain.items())}
        amounts = {name: np.broadcast_to(amount, chunk) for name, amount in calculation(**certain, **values).items()}
        whole = sum(amounts.values())
        for name, amount in amounts.items():
            parts.setdefault(name, Histogram()).add(amount)
        total.add(whole)
        if not number:
            # Ranks of a quantity are those of its probabilities; one chunk is enough for two digits.
            scaled = whole * math.prod(
                (each.quantile(drawn[:, place]) for place, each in enumerate(scale.values(), len(uncertain))), start=1.0
            )
            correlation = dict(zip([*uncertain, *scale], _rank_correlations(drawn, scaled)))
        if progress:
            progress((number + 1) * chunk, chunks * chunk)
    spread = math.hypot(*(each.log_spread for each in scale.values()))
    tail, found = (1 - level) / 2, {}
    counted = {name: each.times(spread) if spread else each for name, each in {**parts, None: total}.items()}
    for name, each in counted.items():
        found[name] = Interval(*(each.quantile(p) for p in (tail, 0.5, 1 - tail)), each.mean)
    whole = found.pop(None)
    return Outcome(found, whole, correlation, chunks * chunk, seed, level, counted[None])


def _rank_correlations(columns, amounts):
    """Of each column with the amounts (Spearman's)."""
    # One after the other: the ranks of all together would be held several times.
    of_amounts, found = _ranks(amounts), []
    for column in columns.T:
        ranks = _ranks(column)
        # Not by `@`, whose threads wait for each other longer than they compute.
        squares = (ranks**2).sum() * (of_amounts**2).sum()
        found.append(float((ranks * of_amounts).sum() / np.sqrt(squares)))
    return found


def _ranks(values):
    """By how much the rank of each value is above the mean rank."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values)] = np.arange(len(values))
    return ranks - (len(values) - 1) / 2


def sum_of_copies(calculation, quantities, count, seed=SEED):
    """The sum of many independent draws of a calculation, as one quantity.

    Each copy draws all quantities anew: people with salaries of their own, say. The distribution of one copy is put on
    an even grid and folded with itself by a Fourier transform, which takes as long for a thousand copies as for ten.

    Parameters
    ----------
    calculation : callable
        ``calculation(**quantities)`` gives an array of amounts of 0 and more.
    quantities : dict of str to Range or float
    count : int
        Of copies.
    seed : int

    Returns
    -------
    Drawn

    Examples
    --------
    The sum of 12 lengths between 0 and 1 is 6, give or take 1.64 in 90% of all cases:

    >>> total = sum_of_copies(lambda length: length, {"length": Range(0.0, 1.0, "uniform")}, 12)
    >>> [round(float(total.quantile(p)), 2) for p in (0.05, 0.5, 0.95)]
    [4.35, 6.0, 7.65]
    """
    from scipy.fft import irfft, rfft

    uncertain = {name: quantity for name, quantity in quantities.items() if hasattr(quantity, "quantile")}
    drawn = Points(len(uncertain), seed).random(CHUNK)
    values = {name: quantity.quantile(drawn[:, place]) for place, (name, quantity) in enumerate(uncertain.items())}
    one = np.broadcast_to(calculation(**{**quantities, **values}), CHUNK)
    if count == 1:
        return Drawn(np.sort(one))
    # Wide enough that no more than a trillionth of the sum lies beyond, where it would come in again from below.
    reach = count * one.mean() + 8 * math.sqrt(count) * one.std() + one.max()
    cells = 4 * CHUNK if count < 8 else CHUNK
    place = one / reach * (cells - 1)
    lower = place.astype(np.int64)
    # To the two cells around it, so that the mean stays what it is.
    mass = np.bincount(lower, 1 - (place - lower), cells) + np.bincount(lower + 1, place - lower, cells)[:cells]
    folded = irfft(rfft(mass / CHUNK) ** count, cells)
    below = np.cumsum(np.maximum(folded, 0.0))
    below /= below[-1]
    edges = (np.arange(cells) + 0.5) * reach / (cells - 1)
    rising = np.flatnonzero(np.diff(below, prepend=0.0) > 0)
    return Drawn(edges[rising], below[rising])


def check_level(level):
    """Raise `XlcostError` unless a level is between 0 and 1."""
    if not 0 < level < 1:
        raise XlcostError(f"the level is {level:g}; it must be above 0 and below 1, such as 0.9")
