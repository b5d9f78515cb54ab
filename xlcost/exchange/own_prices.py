"""A price book that is part of a workbook: the rows of the sheet Prices that say that they are the user's own.

What the book had of a chip stands there among the catalog's figures and is marked; the figures themselves may be typed
over, as every price may, and count as they stand. Whose price of what it is stands on the sheet Price steps too: what
that says counts, so that a check sees what has been changed on Prices.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..catalog import load
from ..catalog.price_book import KINDS, NUMBERS, SOLD_AS
from ..catalog.steps import requests
from ..catalog.vendors import COMMITMENTS, PRICE_BOOK
from ..columns import by_name, labels_of
from ..dates import EARLIEST, LATEST, from_serial, to_serial
from ..languages import spellings
from ..reading import date_of
from ..tables import Held
from ..workbook import steps
from ..workbook.prices import CHIPS, CLOUD, NAME, PURCHASE
from ..xlsx_input import has_sheet, read_sheet
from .kept_tables import count, rows_below, shown

YES = "yes"
PURCHASE_STEPS = {"Purchase code": "code", "Price in row": "row", "Chip to buy": "chip"}
CLOUD_STEPS = {
    "Cloud code": "code",
    "Cloud price in row": "row",
    "Chip to rent": "chip",
    "Vendor asked": "vendor",
    "Commitment asked": "commitment",
}
"""Headings of Price steps that are read, and what stands below them."""
UNKNOWN = "?"
"""A text of a price that somebody has emptied: the row is there all the same."""


def own_prices_of_workbook(path, edition):
    """The price book that a workbook was written with.

    Parameters
    ----------
    path : path-like
    edition : str
        Of its facts.

    Returns
    -------
    xlcost.tables.Held or None
        As `xlcost.catalog.load` takes it; None where the workbook has no prices of its user's.
    """
    if not has_sheet(path, NAME):
        return None
    rows = read_sheet(Path(path), NAME)
    chips, bought, rented = (rows_below(rows, labels_of(by_name(*block))) for block in (CHIPS, PURCHASE, CLOUD))
    facts = load(edition)
    day = from_serial(facts.month).astype("datetime64[D]").item()
    of_bought, of_rented = _asked(path)
    found = [
        *_of_chips(chips, facts.chips),
        *_bought(_own(bought, facts.purchase_prices), day, of_bought),
        *_rented(_own(rented, facts.cloud_prices), day, of_rented),
    ]
    return Held(pd.DataFrame(found).astype(object).where(lambda frame: frame.notna(), None), NAME) if found else None


def _own(rows, catalog):
    """The rows above those of the catalog: a book's prices are asked first, and marked."""
    first = catalog.iloc[0]
    for number, row in enumerate(rows):
        is_first = row["chip"] == first["chip"] and shown(row["vendor"]) == first["vendor"]
        if row["own"] != YES and (is_first or number >= len(rows) - len(catalog)):
            return rows[:number]
    return rows


def _asked(path):
    """What leads to the purchase prices and to the cloud prices, by their places from 1, as Price steps says.

    A purchase price has the chips that it counts for; a cloud price chip, vendor and commitment of whatever asks for
    that vendor only.
    """
    bought, rented = {}, {}
    rows = read_sheet(Path(path), steps.NAME) if has_sheet(path, steps.NAME) else []
    for row in rows_below(rows, _labels(PURCHASE_STEPS)):
        bought.setdefault(count(row["row"]), []).append(row["chip"])
    only = requests([""])[-1]
    for row in rows_below(rows, _labels(CLOUD_STEPS)):
        vendor = shown(row["vendor"])
        if vendor.endswith(only) and row["commitment"] in COMMITMENTS:
            asked = row["chip"], vendor.removesuffix(only), COMMITMENTS.index(row["commitment"])
            rented.setdefault(count(row["row"]), []).append(asked)
    return bought, rented


def _labels(names):
    return {text: name for label, name in names.items() for text in spellings(label)}


def _of_chips(rows, chips):
    known = dict(zip(chips["chip"], chips["release_date"]))
    for row in rows:
        is_new = row["chip"] not in known
        figures = {
            "tdp_w": _number(row, "tdp_w") if row["tdp_own"] == YES or (is_new and row["tdp_w"] is not None) else None,
            "dense_bf16_flops": _number(row, "peak_flops", "dense_bf16_flops") if row["peak_own"] == YES else None,
        }
        # The note of a chip says which of its figures are from the book.
        if is_new or f"release_date from {PRICE_BOOK}" in shown(row["note"]):
            figures["release_date"] = _day(row["release_date"], None)
        if is_new:
            kind = shown(row["kind"]).casefold()
            texts = {name: shown(row[name]) or None for name in ("family", "source")}
            yield {"chip": shown(row["chip"]), "kind": KINDS.get(kind, "other"), **texts, **figures} | {
                "date": _day(row["date"], None)
            }
        elif any(value is not None for value in figures.values()):
            yield {"chip": row["chip"], **figures}


def _bought(rows, day, asked):
    for place, row in enumerate(rows, start=1):
        sold_as = SOLD_AS.get(shown(row["sold_as"]).casefold(), SOLD_AS["server"])
        texts = {name: shown(row[name]) or None for name in ("vendor", "estimate", "source", "note")}
        ends = {name: _number(row, name) if row[name] is not None else None for name in ("usd_low", "usd_high")}
        price = {"usd_per_chip": _number(row, "usd_per_chip"), "date": _day(row["date"], day)}
        yield {"chip": _one_of(row["chip"], asked.get(place)), "sold_as": sold_as, **texts, **ends, **price}


def _rented(rows, day, asked):
    for place, row in enumerate(rows, start=1):
        told = {"chip": row["chip"], "vendor": shown(row["vendor"]) or UNKNOWN, "commitment": row["commitment"]}
        if place in asked:
            chips, vendors, commitments = zip(*asked[place])
            # Who asks for a longer commitment may get the price of a shorter one.
            told = {
                "chip": _one_of(row["chip"], chips),
                "vendor": vendors[0],
                "commitment": COMMITMENTS[min(commitments)],
            }
        elif row["commitment"] not in COMMITMENTS:
            told["commitment"] = COMMITMENTS[0]
        texts = {name: shown(row[name]) or None for name in ("location", "source", "note")}
        price = {"usd_per_chip_hour": _number(row, "usd_per_chip_hour"), "date": _day(row["date"], day)}
        yield {**told, **texts, **price}


def _one_of(chip, asked):
    """The chip that is said, where its price is asked for; else one that asks for it, if any does."""
    return shown(chip) if not asked or chip in asked else asked[0]


def _number(row, name, called=None):
    """A figure that a price book may have; 1 in place of one that it may not."""
    value = row[name]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value <= NUMBERS[called or name] else 1.0


def _day(value, otherwise):
    number, is_wrong = date_of(value)
    # A day that somebody has formatted as a number.
    number = value if is_wrong and isinstance(value, float) else number
    is_day = float(to_serial(EARLIEST)) <= number < float(to_serial(LATEST)) + 1
    return from_serial(number).astype("datetime64[D]").item() if is_day else otherwise
