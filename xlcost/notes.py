"""Why a figure is missing or assumed: said once, for a table of runs in Python and for the rows of a sheet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .catalog import PRICE_BOOK
from .date_parts import date_text, iso_date
from .formula import Term, given
from .languages import pieces
from .lookup import join, take, trimmed
from .model import METHODS


class Note(NamedTuple):
    """What to say where a condition holds: a sentence, whose parts are text columns and dates, or other notes."""

    condition: np.ndarray | Term | bool
    sentence: str = ""
    parts: dict = {}
    notes: tuple[Note, ...] = ()


def _note(condition, sentence, **parts):
    return Note(condition, sentence, parts)


def _where(condition, *notes):
    """Notes that need be thought of only where something holds: a cell's formula asks for it once."""
    return Note(condition, notes=notes)


def notes_of(steps):
    """Conditions and what to say where they hold.

    Parameters
    ----------
    steps : CostSteps

    Returns
    -------
    list of Note
    """
    run, facts, method = steps.run, steps.facts, steps.method
    missing = np.isnan
    chip_row = steps.chip_row
    return [
        _where(
            ~missing(chip_row),
            _notes_of_hours(steps),
            _note(
                missing(steps.acquisition_price_per_chip),
                "No purchase price is known: no amortized cost; your own price completes it.",
            ),
            _note(
                missing(steps.tdp_w),
                "Chip power (TDP) is unknown: no energy and no amortized cost; your own figure completes it.",
            ),
            _note(missing(steps.cloud_price_row), "No cloud price is known."),
            _note(missing(run.chips), "Number of chips unknown: no purchase price of the cluster."),
            _where(
                missing(run.start),
                _note(missing(run.published), "Start not given: the edition's month counts."),
                _note(~missing(run.published) & missing(run.hours), "Training time assumed for the start."),
            ),
            _note(
                ~missing(run.server_price_per_chip) & missing(run.acquired),
                "Own hardware price without a date: acquired at the start.",
            ),
            _note(_is_marked(facts.tdp_estimate, chip_row), "Chip power (TDP) is an estimate."),
            _note(_is_marked(facts.tdp_own, chip_row), f"Chip power (TDP) from {PRICE_BOOK}."),
            _notes_of_purchase(steps),
            _notes_of_cloud(steps),
            _where(
                missing(run.usd_per_kwh),
                _note(steps.energy_price_year > facts.last_energy_year, "Energy price of the last year known."),
                _note(steps.energy_price_year < facts.first_energy_year, "Energy price of the first year known."),
            ),
            _note(steps.kind == "other", "Neither GPU nor TPU: overheads as for GPUs."),
            _note(
                (method == METHODS[0]) & (run.hours > facts.hours_per_year),
                "Over a year long: the market method charges too much, market_exact does not.",
            ),
            _note(
                (method == METHODS[1]) & (missing(run.chips) | missing(run.hours)),
                "No market_exact cost: it needs chips and hours.",
            ),
            *_notes_of_straight_line(steps),
        )
    ]


def _notes_of_hours(steps):
    """How chip-hours follow from training compute, where nothing better is given."""
    run, facts, chip_row = steps.run, steps.facts, steps.chip_row
    missing = np.isnan
    no_rate, peak_format = missing(steps.peak_flops), take(facts.peak_format, chip_row)
    return _where(
        missing(run.chip_hours) & (missing(run.chips) | missing(run.hours)),
        _note(
            missing(run.training_flop),
            "No cost: neither chip-hours, nor chips and hours, nor training compute is known.",
        ),
        _where(
            ~missing(run.training_flop),
            _note(no_rate, "No cost from training compute: the chip's peak FLOP/s is unknown."),
            _where(
                ~no_rate,
                _note(missing(run.mfu), "Compute efficiency (MFU) assumed."),
                _note(~(peak_format == "BF16/FP16"), "Peak rate of the chip is that of {format}.", format=peak_format),
            ),
            _note(_is_marked(facts.peak_own, chip_row), f"Peak rate of the chip from {PRICE_BOOK}."),
        ),
    )


def _notes_of_purchase(steps):
    """Of a purchase price that was looked up."""
    facts, row, bought = steps.facts, steps.purchase_price_row, steps.chip_price_date
    return _where(
        np.isnan(steps.run.server_price_per_chip) & ~np.isnan(row),
        _note(_is_marked(facts.purchase_estimate, row), "Purchase price is an estimate."),
        _note(_is_marked(facts.purchase_own, row), f"Purchase price from {PRICE_BOOK}."),
        _note(
            bought < steps.training_start - facts.price_age_warning,
            "Purchase price is old at the start: of {date}.",
            date=_date(bought),
        ),
    )


def _notes_of_cloud(steps):
    """Of a cloud price."""
    facts, wanted, listed = steps.facts, steps.cloud_price_wanted, steps.cloud_price_date
    return _where(
        ~np.isnan(steps.cloud_price_row),
        _note(_is_marked(facts.cloud_own, steps.cloud_price_row), f"Cloud price from {PRICE_BOOK}."),
        _note(
            ~(steps.commitment_found == steps.commitment_wanted),
            "Cloud price at {wanted} scaled from {found}.",
            wanted=steps.commitment_wanted,
            found=steps.commitment_found,
        ),
        _note(listed < wanted - facts.price_age_warning, "Cloud price is old: of {date}.", date=_date(listed)),
        _note(
            listed > wanted,
            "Cloud price is of a later date, as there is none before: of {date}.",
            date=_date(listed),
        ),
    )


def _is_marked(marks, row):
    """Whether the fact in a row is marked; in a list without a mark nothing is looked up."""
    if isinstance(marks, np.ndarray) and not (marks == "yes").any():
        return np.False_
    return take(marks, row) == "yes"


def _notes_of_straight_line(steps):
    """What only this method needs is not computed for another, unless a cell may choose it at any time."""
    if isinstance(steps.method, str) and steps.method != METHODS[2]:
        return []
    return [
        _where(
            steps.method == METHODS[2],
            _note(
                steps.years_owned >= steps.useful_life,
                "Past its useful life at the start: straight line charges nothing for the hardware.",
            ),
            _note(np.isnan(steps.run.hours), "Training time assumed for the end of the useful life."),
        )
    ]


class _date:
    """A part of a sentence that is a date."""

    def __init__(self, serial):
        self.serial = serial


def texts_of(notes, size):
    """One text a row, a sentence for each note."""
    import pandas as pd

    combined, spoken = np.zeros(size, dtype=np.int64), [""]
    for condition, sentence, parts, _ in _sentences(notes):
        rows = np.flatnonzero(np.broadcast_to(condition, size))
        if not len(rows):
            continue
        codes, distinct = np.zeros(len(rows), dtype=np.int64), [""]
        for part in pieces(sentence, parts):
            codes, distinct = _extended(codes, distinct, part, rows)
        both, pairs = pd.factorize(combined[rows] * len(distinct) + codes)
        before = len(spoken)
        spoken += [f"{spoken[pair // len(distinct)]} {distinct[pair % len(distinct)]}".lstrip() for pair in pairs]
        combined[rows] = both + before
    return np.array(spoken, dtype=object)[combined]


def _sentences(notes, outer=np.True_):
    """Notes that are a sentence, each with all that must hold."""
    for note in notes:
        condition = outer & note.condition
        if note.notes:
            yield from _sentences(note.notes, condition)
        else:
            yield note._replace(condition=condition)


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


def term_of(notes, language):
    """The formula of a row's note, in a language."""
    return trimmed(_all_of(notes, language))


def _all_of(notes, language, *outer):
    """All sentences, where some conditions already hold."""
    said = []
    for condition, sentence, parts, inner in notes:
        if inner:
            text = _all_of(inner, language, *outer, condition)
        else:
            # A blank stands between the sentences, and TRIM takes the last one away.
            values = {name: given(_said(part, language), *outer, condition) for name, part in parts.items()}
            text = join(*pieces(f"{language.text(sentence)} ", values))
        said.append(given(np.where(condition, text, ""), *outer))
    return join(*said)


def _said(part, language):
    if not isinstance(part, _date):
        return part
    return date_text(part.serial, language)
