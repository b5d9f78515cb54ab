"""The development costs of many runs together: their sum as an interval, and which quantities drive its spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .closed_form import TOTAL, development_moments, interval_of, sum_of_moments
from .development import COMPONENTS, amounts_of, quantities_of
from .languages import Language
from .uncertainty import LEVEL, SAMPLES, SEED, Outcome, Range, simulate

LARGEST = 50
"""Projects that are drawn one by one; all smaller ones together are drawn as one lognormal quantity."""
BINS = 24
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

WORDS = {
    "experiment_factor": "{owner}: experiments",
    "energy_price_factor": "{owner}: electricity price",
    "energy": "{owner}: energy",
    "years": "{owner}: time on the project",
    "usd_per_year": "{owner}: pay and shares of time",
    "person_months": "{owner}: person-months",
    "usd_per_person_month": "{owner}: monthly rate",
}
"""What drives the spread, in words."""
CONTRACTORS, SMALLER = "{run}, contractors", "all smaller runs"


class Driver(NamedTuple):
    """An uncertain figure of a run, or of its people; of no run where it stands for all smaller ones.

    Parameters
    ----------
    quantity : str
        One of `WORDS`.
    run, role : str
        The role is "" where the figure is of no role.
    is_of_contractors : bool
    """

    quantity: str = ""
    run: str = ""
    role: str = ""
    is_of_contractors: bool = False

    def in_words(self, language=None):
        """What people call it.

        >>> Driver("years", "GPT-4", "Engineers").in_words()
        'GPT-4, Engineers: time on the project'
        """
        language = language or Language()
        if not self.run:
            return language.text(SMALLER)
        owner = f"{self.run}, {self.role}" if self.role else self.run
        if self.is_of_contractors:
            owner = language.sentence(CONTRACTORS, run=self.run)
        return language.sentence(WORDS[self.quantity], owner=owner)


@dataclass(frozen=True)
class Sampled:
    """What sampling says of all projects together.

    Parameters
    ----------
    outcome : Outcome
        Its parts are the components. [USD]
    drivers : dict of Driver to float
        Share of the spread by quantity, the largest first.
    """

    outcome: Outcome
    drivers: Mapping[str, float]


def portfolio(projects, level=LEVEL, samples=SAMPLES, seed=SEED, progress=None):
    """Cost of several projects together, each varying by itself.

    Parameters
    ----------
    projects : list of Project
    level, samples, seed, progress
        As in `xlcost.uncertainty.simulate`.

    Returns
    -------
    Sampled

    Examples
    --------
    Two projects that cost the same: their sum is less uncertain than either.

    >>> from xlcost.development import Project
    >>> hardware = {"accelerator_chips": 5e6, "server_components": 3e6, "interconnect": 1.5e6}
    >>> ours = [Project(name, hardware, energy=(0.5e6,)) for name in ("one", "two")]
    >>> one, both = (portfolio(some).outcome.total for some in (ours[:1], ours))
    >>> both.high / both.median < one.high / one.median
    True
    """
    moments = [development_moments(project) for project in projects]
    by_size = sorted(range(len(projects)), key=lambda place: -moments[place][TOTAL].mean)
    drawn, rest = [projects[place] for place in by_size[:LARGEST]], by_size[LARGEST:]
    quantities, labels = {}, {}
    for number, project in enumerate(drawn):
        for name, quantity in quantities_of(project, seed).items():
            key = f"{number} {name}"
            quantities[key], labels[key] = quantity, _driver(project, name)
    shares = {}
    if rest:
        together = sum_of_moments(moments[place] for place in rest)
        interval = interval_of(together[TOTAL])
        quantities["rest"], labels["rest"] = Range(interval.low, interval.high), Driver()
        shares = {name: together[name].mean / together[TOTAL].mean for name in COMPONENTS}

    def amounts(**values):
        parts = {name: values["rest"] * shares[name] if rest else 0.0 for name in COMPONENTS}
        for number, project in enumerate(drawn):
            prefix = f"{number} "
            of_it = {name[len(prefix) :]: value for name, value in values.items() if name.startswith(prefix)}
            for name, amount in amounts_of(project, of_it).items():
                parts[name] = parts[name] + amount
        return parts

    outcome = simulate(amounts, quantities, samples, seed, level, progress)
    ranked = sorted(outcome.variance_share.items(), key=lambda item: -item[1])
    return Sampled(outcome, {labels[key]: share for key, share in ranked})


def _driver(project, name):
    """A quantity of a project that drives the spread."""
    kind, _, place = name.partition(" ")
    if kind in ("usd_per_year", "years") and place:
        return Driver(kind, project.name, project.roles[int(place)].name)
    return Driver(kind, project.name, is_of_contractors=bool(place) and kind != "energy")


def shares_by_cost(outcome, bins=BINS):
    """Shares of all cases by the whole cost.

    Parameters
    ----------
    outcome : Outcome
    bins : int
        About as many, with round ends; the first holds all that is less, the last all that is more.

    Returns
    -------
    list of (float, float, float)
        From, to [USD], and the share of cases between.
    """
    low, high = outcome.quantile(0.005), outcome.quantile(0.99)
    rough = (high - low) / bins
    if not rough > 0:
        return [(low, high, 1.0)]
    unit = 10.0 ** np.floor(np.log10(rough))
    step = unit * next(each for each in ROUND_STEPS if each * unit >= rough * (1 - 1e-9))
    edges = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    below = np.array([outcome.share_below(edge) for edge in edges])
    below[0], below[-1] = 0.0, 1.0
    return [(float(a), float(b), float(share)) for a, b, share in zip(edges, edges[1:], np.diff(below))]
