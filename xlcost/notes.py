"""Why a figure is missing or assumed: said once, for a table of runs in Python and for the rows of a sheet."""

from __future__ import annotations

import numpy as np

from .catalog import PRICE_BOOK
from .lookup import iso_date, join, take, trimmed
from .model import METHODS


def notes_of(steps):
    """Conditions and what to say where they hold.

    Parameters
    ----------
    steps : CostSteps

    Returns
    -------
    list of (condition, tuple of parts)
        The parts of a sentence are constants, text columns, and dates (as columns of serial numbers).
    """
    run, facts, method = steps.run, steps.facts, steps.method
    missing = np.isnan
    chip_row = steps.chip_row
    no_hours = missing(run.chip_hours) & (missing(run.chips) | missing(run.hours))
    from_compute = no_hours & ~missing(run.training_flop)
    no_price = missing(steps.acquisition_price_per_chip)
    looked_up = missing(run.server_price_per_chip) & ~missing(steps.purchase_price_row)
    no_tdp, no_cloud = missing(steps.tdp_w), missing(steps.cloud_price_row)
    start, wanted = steps.training_start, steps.cloud_price_wanted
    bought, listed = steps.chip_price_date, steps.cloud_price_date
    filled = ~missing(chip_row)
    price_row, cloud_row = steps.purchase_price_row, steps.cloud_price_row
    no_tariff = filled & missing(run.usd_per_kwh)
    peak_format = take(facts.peak_format, chip_row)
    return [
        (
            filled & no_hours & missing(run.training_flop),
            ("No cost: neither chip-hours, nor chips and hours, nor training compute is known",),
        ),
        (
            filled & from_compute & missing(steps.peak_flops),
            ("No cost from training compute: the chip's peak FLOP/s is unknown",),
        ),
        (from_compute & missing(run.mfu) & ~missing(steps.peak_flops), ("Compute efficiency (MFU) assumed",)),
        (
            from_compute & ~missing(steps.peak_flops) & ~(peak_format == "BF16/FP16"),
            ("Peak rate of the chip is that of ", peak_format),
        ),
        (filled & no_price, ("No purchase price is known: no amortized cost; your own price completes it",)),
        (
            filled & no_tdp,
            ("Chip power (TDP) is unknown: no energy and no amortized cost; your own figure completes it",),
        ),
        (filled & no_cloud, ("No cloud price is known",)),
        (filled & missing(run.chips), ("Number of chips unknown: no purchase price of the cluster",)),
        (filled & missing(run.start) & missing(run.published), ("Start not given: the edition's month counts",)),
        (
            filled & missing(run.start) & ~missing(run.published) & missing(run.hours),
            ("Training time assumed for the start",),
        ),
        (
            filled & ~missing(run.server_price_per_chip) & missing(run.acquired),
            ("Own hardware price without a date: acquired at the start",),
        ),
        (looked_up & _is_marked(facts.purchase_estimate, price_row), ("Purchase price is an estimate",)),
        (filled & _is_marked(facts.tdp_estimate, chip_row), ("Chip power (TDP) is an estimate",)),
        (filled & _is_marked(facts.tdp_own, chip_row), (f"Chip power (TDP) from {PRICE_BOOK}",)),
        (from_compute & _is_marked(facts.peak_own, chip_row), (f"Peak rate of the chip from {PRICE_BOOK}",)),
        (looked_up & _is_marked(facts.purchase_own, price_row), (f"Purchase price from {PRICE_BOOK}",)),
        (
            looked_up & (bought < start - facts.price_age_warning),
            ("Purchase price is old at the start: of ", _date(bought)),
        ),
        (~no_cloud & _is_marked(facts.cloud_own, cloud_row), (f"Cloud price from {PRICE_BOOK}",)),
        (
            ~no_cloud & ~(steps.commitment_found == steps.commitment_wanted),
            ("Cloud price at ", steps.commitment_wanted, " scaled from ", steps.commitment_found),
        ),
        (
            ~no_cloud & (listed < wanted - facts.price_age_warning),
            ("Cloud price is old: of ", _date(listed)),
        ),
        (
            ~no_cloud & (listed > wanted),
            ("Cloud price is of a later date, as there is none before: of ", _date(listed)),
        ),
        (no_tariff & (steps.energy_price_year > facts.last_energy_year), ("Energy price of the last year known",)),
        (no_tariff & (steps.energy_price_year < facts.first_energy_year), ("Energy price of the first year known",)),
        (filled & (steps.kind == "other"), ("Neither GPU nor TPU: overheads as for GPUs",)),
        (
            (method == METHODS[0]) & (run.hours > facts.hours_per_year),
            ("Over a year long: the market method charges too much, market_exact does not",),
        ),
        (
            filled & (method == METHODS[1]) & (missing(run.chips) | missing(run.hours)),
            ("No market_exact cost: it needs chips and hours",),
        ),
        *_notes_of_straight_line(steps, filled),
    ]


def _is_marked(marks, row):
    """Whether the fact in a row is marked; in a list without a mark nothing is looked up."""
    if isinstance(marks, np.ndarray) and not (marks == "yes").any():
        return np.False_
    return take(marks, row) == "yes"


def _notes_of_straight_line(steps, filled):
    """What only this method needs is not computed for another, unless a cell may choose it at any time."""
    if isinstance(steps.method, str) and steps.method != METHODS[2]:
        return []
    chosen = filled & (steps.method == METHODS[2])
    return [
        (
            chosen & (steps.years_owned >= steps.useful_life),
            ("Past its useful life at the start: straight line charges nothing for the hardware",),
        ),
        (chosen & np.isnan(steps.run.hours), ("Training time assumed for the end of the useful life",)),
    ]


class _date:
    """A part of a sentence that is a date."""

    def __init__(self, serial):
        self.serial = serial


def texts_of(notes, size):
    """One text a row, a sentence for each note."""
    import pandas as pd

    combined, spoken = np.zeros(size, dtype=np.int64), [""]
    for condition, parts in notes:
        rows = np.flatnonzero(np.broadcast_to(condition, size))
        if not len(rows):
            continue
        codes, distinct = np.zeros(len(rows), dtype=np.int64), [""]
        for part in parts:
            codes, distinct = _extended(codes, distinct, part, rows)
        both, pairs = pd.factorize(combined[rows] * len(distinct) + codes)
        before = len(spoken)
        spoken += [f"{spoken[pair // len(distinct)]} {distinct[pair % len(distinct)]}.".lstrip() for pair in pairs]
        combined[rows] = both + before
    return np.array(spoken, dtype=object)[combined]


def _extended(codes, distinct, part, rows):
    """Each sentence so far with one more part."""
    import pandas as pd

    if isinstance(part, str):
        return codes, [sentence + part for sentence in distinct]
    if isinstance(part, _date):
        which, found = pd.factorize(part.serial[rows])
    else:
        which, found = part.codes[rows], part.texts
    shown = [iso_date(float(value)) if isinstance(part, _date) else value for value in found]
    new, pairs = pd.factorize(codes * len(shown) + which)
    return new, [distinct[pair // len(shown)] + shown[pair % len(shown)] for pair in pairs]


def term_of(notes):
    """The formula of a row's note."""
    sentences = []
    for condition, parts in notes:
        said = [iso_date(part.serial) if isinstance(part, _date) else part for part in parts]
        said[-1] = said[-1] + ". " if isinstance(said[-1], str) else join(said[-1], ". ")
        sentences.append(np.where(condition, join(*said) if len(said) > 1 else said[0], ""))
    return trimmed(join(*sentences))
