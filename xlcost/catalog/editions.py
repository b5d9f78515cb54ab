"""Reading an edition: CSV tables, later layers over earlier ones, missing numbers as NaN and missing text as ""."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from ..dates import to_serial
from ..errors import XlcostError

FOLDER = Path(__file__).with_name("editions")

DATES = ("release_date", "date", "published", "training_start_known", "started_low", "started_high")
TEXTS = (
    "chip",
    "manufacturer",
    "kind",
    "family",
    "family_default",
    "aliases",
    "estimate",
    "source",
    "note",
    "sold_as",
    "vendor",
    "location",
    "us",
    "commitment",
    "month",
    "model",
    "organization",
    "base_model",
    "domain",
    "own",
    "role",
    "units_kind",
)

PEAK_FORMATS = {"dense_bf16_flops": "BF16/FP16", "dense_tf32_flops": "TF32", "dense_fp32_flops": "FP32"}
"""Columns asked in turn for the rate that training reaches at most, and the number format that each is for."""


@cache
def edition_names():
    """The editions that are shipped, oldest first."""
    return tuple(sorted(entry.name for entry in FOLDER.iterdir() if entry.is_dir()))


def settings(edition):
    """What an edition's own file says: title, tables' layers, rules that differ.

    Raises
    ------
    XlcostError
        There is no such edition; the text lists those that there are.
    """
    import tomllib

    if edition not in edition_names():
        raise XlcostError(f"there is no edition {edition!r}; there are {', '.join(edition_names())}")
    return tomllib.loads((FOLDER / edition / "edition.toml").read_text(encoding="utf-8"))


@cache
def read_table(edition, table):
    """One table of an edition, with its layers put together.

    A layer of prices adds rows. A layer of chips changes, column by column, what it gives; the figure that loses goes
    into the row's note. Treat the frame as fixed: it is kept for the next caller.
    """
    import pandas as pd

    layers = settings(edition).get("tables", {}).get(table, [edition])
    frames = [
        _typed(pd.read_csv(FOLDER / layer / f"{table}.csv", dtype=str, keep_default_na=False)) for layer in layers
    ]
    if table != "chips":
        return pd.concat(frames, ignore_index=True)
    chips = frames[0]
    for earlier, layer in zip(layers, frames[1:]):
        chips = overlay(chips, layer, earlier)
    return with_peak(chips)


def _typed(frame):
    """Text as it is, dates as serial numbers, everything else as numbers."""
    import pandas as pd

    columns = {}
    for name in frame:
        if name in DATES:
            columns[name] = to_serial(pd.to_datetime(frame[name].replace("", None), format="ISO8601").to_numpy())
        elif name in TEXTS:
            columns[name] = frame[name].astype(object)
        else:
            columns[name] = pd.to_numeric(frame[name].replace("", None)).astype(float)
    return pd.DataFrame(columns)


def overlay(chips, layer, earlier):
    """Chips with the figures of a later layer, which wins column by column where it is not blank.

    Parameters
    ----------
    chips, layer : pandas.DataFrame
    earlier : str
        What to call the figures that lose, in the note.
    """
    chips = chips.copy()
    row_of = {name: row for row, name in enumerate(chips["chip"])}
    for new in layer.to_dict("records"):
        if new["chip"] not in row_of:
            row_of[new["chip"]] = len(chips)
            blank = {column: "" if column in TEXTS else np.nan for column in chips}
            chips.loc[len(chips)] = blank | new
            continue
        row = row_of[new.pop("chip")]
        notes = [chips.at[row, "note"], new.pop("note", "")]
        old_source = chips.at[row, "source"]
        for column, value in new.items():
            if value == "" or value != value:
                continue
            old = chips.at[row, column]
            if column not in TEXTS and column not in DATES and old == old and old != value:
                notes.append(f"{column} {old:g} in {earlier} ({old_source})")
            chips.at[row, column] = value
        if new.get("tdp_w", np.nan) == new.get("tdp_w", np.nan) and not new.get("estimate"):
            chips.at[row, "estimate"] = ""
        chips.at[row, "note"] = "; ".join(filter(None, notes))
    return chips


def with_peak(chips):
    """Chips with `peak_flops`, the dense rate that counts for training, and the number format it is for."""
    peak, number_format = np.full(len(chips), np.nan), np.full(len(chips), "", dtype=object)
    is_tpu = (chips["kind"] == "TPU").to_numpy()
    candidates = [(chips[column].to_numpy(), name) for column, name in PEAK_FORMATS.items()]
    # The first TPU computes in INT8 alone.
    candidates.append((np.where(is_tpu, chips["dense_int8_ops"], np.nan), "INT8"))
    for rates, name in candidates:
        here = np.isnan(peak) & ~np.isnan(rates)
        peak[here], number_format[here] = rates[here], name
    return chips.assign(peak_flops=peak, peak_format=number_format)
