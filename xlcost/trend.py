"""How fast costs grow: a trend over public models, its projection, and the day on which it reaches an amount."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import equations, regression
from .date_parts import day, month, year
from .dates import LATEST, from_serial, to_serial
from .errors import XlcostError
from .estimate import estimate_models, real
from .reading import date_of
from .regression import LEVEL
from .uncertainty import check_level

BILLION = 1e9
"""The cost whose date people ask for. [USD]"""
LARGEST = 10
"""Models count that were among so many by training compute when they were published."""
COSTS = {
    "amortized": "amortized_cost",
    "cloud": "cloud_cost",
    "acquisition": "acquisition_cost",
    "power": "power_capacity_kw",
}
"""What a trend can be fitted to: its name on the command line, and the column of `estimate_models`."""
NOMINAL = ("power",)
"""Figures that are no money."""


@dataclass(frozen=True)
class Trend:
    """A straight line through the decimal logarithms of costs, by ordinary least squares.

    Parameters
    ----------
    n : int
        Points.
    slope, intercept : float
        [orders of magnitude/year], [-]
    r2 : float
        Share of the variance that the line explains.
    scatter : float
        Standard error of the points around the line. [orders of magnitude]
    middle : float
        Mean of the dates. [year]
    squares : float
        Sum of squared distances of the dates from it. [year²]
    level : float
        What share of cases the ranges hold.
    """

    n: int
    slope: float
    intercept: float
    r2: float
    scatter: float
    middle: float
    squares: float
    level: float

    @property
    def growth(self):
        """How many times as much after a year."""
        return float(equations.growth_per_year(self.slope))

    @property
    def slope_error(self):
        """Standard error of the slope. [orders of magnitude/year]"""
        return float(equations.slope_error(self.scatter, self.squares))

    @property
    def growth_range(self):
        """Low and high end of the growth."""
        reach = self._t * self.slope_error
        return tuple(float(equations.growth_per_year(self.slope + sign * reach)) for sign in (-1, 1))

    @property
    def _t(self):
        return regression.student_t(self.level, self.n)

    def projection(self, dates):
        """What the trend gives for dates.

        Parameters
        ----------
        dates : array of datetime64

        Returns
        -------
        pandas.DataFrame
            date, cost, the range of the line (confidence_low, confidence_high) and of a single model
            (prediction_low, prediction_high).
        """
        dates = np.asarray(dates, dtype="datetime64[D]")
        years = years_of(dates)
        found = {"date": dates, "cost": equations.trend_cost(years, self.slope, self.intercept)}
        for name, error in (("confidence", equations.line_error), ("prediction", equations.prediction_error)):
            reach = self._t * error(self.scatter, self.n, years - self.middle, self.squares)
            for end, sign in (("low", -1), ("high", 1)):
                found[f"{name}_{end}"] = equations.trend_cost(years, self.slope, self.intercept + sign * reach)
        return pd.DataFrame(found)

    def reaches(self, cost):
        """When the trend reaches a cost, and the range in which the line's range does.

        Parameters
        ----------
        cost : float
            [USD]

        Returns
        -------
        tuple of float
            Year, its low and its high end. [year] An end is infinite where the growth could be none at all.

        Raises
        ------
        XlcostError
            The cost is not above 0.
        """
        if not 0 < cost < math.inf:
            raise XlcostError(f"a trend cannot reach {cost:g}; it must be a number above 0")
        with np.errstate(divide="ignore"):
            year = float(equations.year_reached(cost, self.slope, self.intercept))
        steepness = equations.sure_steepness(self.slope, self.slope_error, self._t)
        if steepness <= 0:
            return year, -math.inf, math.inf
        of_line = self.middle, self.slope, self.n, self.squares
        return year, *(
            float(equations.year_reached_end(year, *of_line, sign * self._t * self.scatter, steepness))
            for sign in (-1, 1)
        )

    def reaches_from(self, cost, date, known):
        """When a model that costs as much as is known reaches a cost, if it grows as the trend does.

        Parameters
        ----------
        cost : float
            [USD]
        date : datetime64
        known : float
            Cost on that date. [USD]

        Returns
        -------
        tuple of float
            Year, its low and its high end. [year] The high end is infinite where the growth could be none at all.
        """
        start = float(years_of(np.asarray([date], dtype="datetime64[D]"))[0])
        reach = self._t * self.slope_error

        def when(slope):
            found = equations.year_reached(cost, slope, np.log10(known) - slope * start) if slope > 0 else math.inf
            return float(found)

        # A cost below the known one lies further back the slower it grows.
        return when(self.slope), *sorted((when(self.slope - reach), when(self.slope + reach)))


def fit(dates, costs, level=LEVEL):
    """The trend of costs over time.

    Parameters
    ----------
    dates : array of datetime64
    costs : array of float
        Above 0; a missing one leaves its point out. [USD]
    level : float, default 0.95
        What share of cases its ranges hold.

    Returns
    -------
    Trend

    Raises
    ------
    XlcostError
        There are fewer than three points or all are of one date, a cost is not above 0, or the level is none.

    Examples
    --------
    >>> trend = fit(["2020-01-01", "2021-01-01", "2022-01-01"], [1e6, 3e6, 9e6])
    >>> round(trend.growth, 3), round(trend.reaches(27e6)[0], 3)
    (3.0, 2023.0)
    """
    check_level(level)
    dates, costs = np.asarray(dates, dtype="datetime64[D]"), np.asarray(costs, dtype=float)
    known = ~np.isnan(costs) & ~np.isnat(dates)
    dates, costs = dates[known], costs[known]
    wrong = np.flatnonzero(~((costs > 0) & np.isfinite(costs)))
    if len(wrong):
        raise XlcostError(f"the cost of {dates[wrong[0]]} is {costs[wrong[0]]:g}; a trend needs costs above 0")
    if len(costs) < 3 or (dates == dates[:1]).all():
        raise XlcostError(f"{len(costs)} costs of {len(set(dates))} dates; a trend needs 3 costs, of different dates")
    years, logs = years_of(dates), np.log10(costs)
    line = regression.line(years, logs)
    return Trend(len(costs), line.slope, line.intercept, line.r2, line.scatter, line.middle, line.squares, level)


def years_of(dates):
    """Dates as years with their fractions."""
    serials = to_serial(dates)
    return equations.decimal_year(year(serials), month(serials), day(serials))


def compare(first, second):
    """Whether two trends grow at different rates.

    Parameters
    ----------
    first, second : Trend

    Returns
    -------
    ratio : float
        Growth of the first over that of the second.
    probability : float
        Of a difference as large as this, or larger, between trends that grow alike (Welch's test).
    """
    from scipy.stats import t

    errors = first.slope_error**2, second.slope_error**2
    freedom = sum(errors) ** 2 / sum(error**2 / (trend.n - 2) for error, trend in zip(errors, (first, second)))
    distance = (first.slope - second.slope) / math.sqrt(sum(errors))
    return first.growth / second.growth, float(2 * t.sf(abs(distance), freedom))


def selected(facts, cost="amortized", largest=LARGEST, kind=None, first_year=None, last_year=None):
    """Public models whose costs a trend is fitted to.

    Parameters
    ----------
    facts : Catalog
    cost : {"amortized", "cloud", "acquisition", "power"}
    largest : int, default 10
        Those among so many by training compute when published.
    kind : {"GPU", "TPU", "other"}, optional
    first_year, last_year : int, optional
        Of publication.

    Returns
    -------
    pandas.DataFrame
        model, published, cost (real; kW for power), one row a model that has one.

    Raises
    ------
    XlcostError
        There is no such cost.
    """
    if cost not in COSTS:
        raise XlcostError(f"there is no trend of {cost!r}; there are {', '.join(COSTS)}")
    estimated, models = estimate_models(facts), facts.models
    amounts = estimated[COSTS[cost]].to_numpy(dtype=float)
    if cost not in NOMINAL:
        amounts = real(amounts, models["published"].to_numpy(), facts)
    year = estimated["published"].dt.year.to_numpy()
    keep = ~np.isnan(amounts) & (models["compute_rank_when_published"] <= largest).to_numpy()
    if kind:
        kinds = dict(zip(facts.chips["chip"], facts.chips["kind"]))
        keep &= (models["chip"].map(kinds) == kind).to_numpy()
    if first_year is not None:
        keep &= year >= first_year
    if last_year is not None:
        keep &= year <= last_year
    return pd.DataFrame({"model": models["model"], "published": estimated["published"], "cost": amounts})[keep]


def known_models(facts):
    """Public models whose amortized cost is known, as columns by name: cost is real, year that of publication."""
    estimated, models = estimate_models(facts), facts.models
    amounts = real(estimated["amortized_cost"].to_numpy(), models["published"].to_numpy(), facts)
    known = ~np.isnan(amounts)
    kinds = dict(zip(facts.chips["chip"], facts.chips["kind"]))
    return {
        "model": models["model"].to_numpy(dtype=object)[known],
        "published": models["published"].to_numpy(dtype=float)[known],
        "chip": models["chip"].to_numpy(dtype=object)[known],
        "kind": models["chip"].map(kinds).fillna("other").to_numpy(dtype=object)[known],
        "rank": models["compute_rank_when_published"].to_numpy(dtype=float)[known],
        "cost": amounts[known],
        "year": estimated["published"].dt.year.to_numpy()[known],
    }


def years_of_models(facts):
    """The first and the last year in which such a model was published."""
    years = known_models(facts)["year"]
    return int(years.min()), int(years.max())


def projected(trend, facts, until=None):
    """A trend and its projection as a table, a row for the first day of each year.

    Parameters
    ----------
    trend : Trend
    facts : Catalog
        Of whose models it is; the projection begins after them.
    until : str, optional
        The last day, as 2030-01-01; five years on by default.

    Returns
    -------
    pandas.DataFrame
        n, slope, growth, growth_low, growth_high and r2 in every row, and what `Trend.projection` gives.

    Raises
    ------
    XlcostError
        The last day is no date, or none of these days.
    """
    first = int(from_serial(facts.models["published"].max()).astype("datetime64[Y]").astype(int)) + 1970 + 1
    serial, bad = (np.nan, False) if until is None else date_of(until)
    last = first + 4 if until is None or bad else int(year(serial))
    if bad or last < first or last > LATEST.item().year:
        raise XlcostError(f"--until is {until!r}; it must be a date from {first}-01-01 to {LATEST.item():%Y-%m-%d}")
    days = [f"{number}-01-01" for number in range(first, last + 1)]
    low, high = trend.growth_range
    fitted = dict(n=trend.n, slope=trend.slope, growth=trend.growth, growth_low=low, growth_high=high, r2=trend.r2)
    return pd.concat([pd.DataFrame(fitted, index=range(len(days))), trend.projection(days)], axis=1)
