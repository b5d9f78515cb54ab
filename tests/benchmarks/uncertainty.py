"""Intervals to the same accuracy, against squigglepy and against drawing every person; memory of ten million samples.

Run alone: ``python -m tests.benchmarks.uncertainty``. squigglepy comes with ``pip install '.[benchmarks]'``.
"""

import math
import time

import numpy as np

from .memory import peak_of

ACCURACY, SEEDS = 0.002, 20
"""Root mean square error of the median and of both ends of the 90% range, over so many seeds."""
LEVELS = (0.05, 0.5, 0.95)
MANY = 10_000_000


def ends_of(interval):
    return np.array([interval.low, interval.median, interval.high])


def time_to_accuracy(ends, reference, powers):
    """Seconds that a method takes with the fewest samples that are accurate enough, and how many those are.

    Parameters
    ----------
    ends : callable
        ``ends(samples, seed)`` gives low, median and high.
    """
    for power in powers:
        errors = np.array([ends(1 << power, seed) / reference - 1 for seed in range(SEEDS)])
        if np.sqrt((errors**2).mean(axis=0)).max() <= ACCURACY:
            times = []
            for seed in range(5):
                begun = time.perf_counter()
                ends(1 << power, seed)
                times.append(time.perf_counter() - begun)
            return min(times), 1 << power
    raise AssertionError("no number of samples is accurate enough")


def one_run():
    """One run's amortized cost: against squigglepy drawing the same ranges."""
    try:
        import squigglepy
    except ImportError:
        print("intervals of a run / squigglepy: not measured, as it is not installed (pip install '.[benchmarks]')")
        return
    from xlcost.cost_interval import RunFigures, cost_interval, ranges_of

    run = RunFigures("GPU", 24_875, 638 / 365.25, 57e6, 3_499_488)
    drawn, scale = ranges_of(run)

    def theirs(samples, seed):
        squigglepy.set_seed(seed)
        kinds = {"lognormal": squigglepy.lognorm, "normal": squigglepy.norm}
        x = {
            name: squigglepy.sample(kinds[each.kind](each.low, each.high), n=samples)
            for name, each in {**drawn, **scale}.items()
        }
        years = run.years_owned + x["acquisition date"] / 365.25
        value = run.server_price * x["hardware price"] * 10 ** (-x["depreciation rate"] * years)
        hardware = value * np.log(10) * x["depreciation rate"] / 8766 * run.chip_hours * x["network overhead"]
        total = (hardware + run.energy * x["energy"]) * math.prod(x[name] for name in scale)
        return np.quantile(total, LEVELS)

    reference = ends_of(cost_interval(run, samples=1 << 20, seed=77).total)
    ours = time_to_accuracy(
        lambda samples, seed: ends_of(cost_interval(run, samples=samples, seed=seed).total), reference, range(6, 20)
    )
    other = time_to_accuracy(theirs, reference, range(14, 25))
    _print("squigglepy / interval of a run's amortized cost", ours, other)


def many_people():
    """GPT-4's staff and experiments: against drawing each of its 284 people."""
    from xlcost.catalog import load
    from xlcost.development import development, public_project
    from xlcost.equations import staff_cost

    project = public_project(load("2024-05"), "GPT-4")
    (role,) = project.roles
    hardware, energy = sum(project.hardware.values()), math.prod(project.energy)

    def each_person(samples, seed):
        chance = np.random.default_rng(seed)
        staff = np.zeros(samples)
        for _ in range(role.people):
            drawn = {
                name: getattr(role, name).quantile(chance.random(samples))
                for name in ("fte", "salary", "equity", "employment_overhead")
            }
            staff += staff_cost(1, years=1.0, **drawn)
        of_project = {
            name: getattr(project, name).quantile(chance.random(samples))
            for name in ("experiment_factor", "energy_price_factor", "years")
        }
        computing = of_project["experiment_factor"] * (hardware + energy * of_project["energy_price_factor"])
        return np.quantile((computing + staff * of_project["years"]) * project.price_index_factor, LEVELS)

    reference = ends_of(development(project, samples=1 << 21, seed=77).total)
    ours = time_to_accuracy(
        lambda samples, seed: ends_of(development(project, samples=samples, seed=seed).total), reference, range(8, 20)
    )
    other = time_to_accuracy(each_person, reference, range(13, 20))
    _print("drawing each of 284 people / development cost of GPT-4", ours, other)


def _said(measured):
    seconds, samples = measured
    return f"{seconds * 1e3:.1f} ms with {samples:,} samples"


def _print(what, ours, other):
    print(f"{what}, to 0.2%: {other[0] / ours[0]:.1f} ({_said(other)} / {_said(ours)}, aim: at least 10)")


def ten_million():
    code = f"""
from xlcost.catalog import load
from xlcost.development import development, public_project
development(public_project(load("2024-05"), "Gemini 1.0 Ultra"), samples={MANY})
"""
    print(f"{MANY:,} samples of 941 people, memory of the process: {peak_of(code)} MB (aim: under 500)")


BENCHMARKS = (one_run, many_people, ten_million)

if __name__ == "__main__":
    for benchmark in BENCHMARKS:
        benchmark()
