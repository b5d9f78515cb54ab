"""A user's own prices: a table with the catalog's columns, asked before the catalog, at any date, and visibly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import tables
from ..sentences import Sentence
from .names import ChipNames
from .vendors import ALIASES, COMMITMENTS, PRICE_BOOK

NUMBERS = {
    "usd_per_chip_hour": 1e6,
    "usd_per_chip": 1e9,
    "usd_low": 1e9,
    "usd_high": 1e9,
    "tdp_w": 1e6,
    "dense_bf16_flops": 1e20,
}
"""Numbers, all above 0, and what they are at most."""
PRICES = ("usd_per_chip_hour", "usd_per_chip")
DATES = ("date", "release_date")
TEXTS = ("chip", "vendor", "location", "commitment", "sold_as", "kind", "family", "source", "note", "estimate")
SPECIFICATIONS = ("tdp_w", "dense_bf16_flops", "release_date")
KINDS = {"gpu": "GPU", "tpu": "TPU", "other": "other"}
SOLD_AS = {"single unit": "single unit", "server": "server", "dgx": "DGX"}


def read_price_book(path, chips):
    """A price book, checked.

    Parameters
    ----------
    path : path-like
        A .csv or .xlsx file (sheet "Prices"). Each row names a chip and gives at least one of: a cloud price
        (`usd_per_chip_hour`, with `vendor`, `commitment`, `date`), a purchase price (`usd_per_chip`, with `date` and
        `sold_as`: "single unit" for the chip alone, "server" for the chip with its share of the server), a
        specification (`tdp_w`, `dense_bf16_flops`, `release_date`). A chip that the catalog does not have needs its
        `kind` (GPU, TPU or other).
    chips : pandas.DataFrame
        Those of the catalog.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    XlcostError
        Every row that cannot be used, in one go.
    """
    names = ChipNames(chips)
    frame = tables.with_all_columns(tables.read(path, "Prices", {"chip"}), (*TEXTS, *DATES, *NUMBERS), path, "prices")
    problems = tables.Problems(frame.index)
    spellings = {"kind": KINDS, "sold_as": SOLD_AS, "commitment": {name: name for name in COMMITMENTS}}
    book = pd.DataFrame(
        {name: tables.texts(frame[name], name, problems, spellings.get(name)).texts_of_rows() for name in TEXTS}
    )
    book["vendor"] = [ALIASES.get(vendor.casefold(), vendor) for vendor in book["vendor"]]
    for name in DATES:
        book[name] = tables.dates(frame[name], name, problems)
    for name, most in NUMBERS.items():
        book[name] = tables.numbers(frame[name], name, problems, above=0, at_most=most)
    book["chip"] = _resolved(book, names, problems)
    _check_against_each_other(book, chips, problems)

    # Where a cell could not be read the reader hears of that cell alone.
    given = {name: book[name].notna().to_numpy() for name in PRICES}
    empty = {name: frame[name].isna().to_numpy() for name in (*TEXTS, *DATES)}
    cloud, purchase = given["usd_per_chip_hour"], given["usd_per_chip"]
    choices = ", ".join(COMMITMENTS)
    needs = [
        ("vendor", cloud & empty["vendor"], Sentence("a cloud price needs its vendor")),
        ("commitment", cloud & empty["commitment"], Sentence("a cloud price needs one of: {choices}", choices=choices)),
        ("date", (cloud | purchase) & empty["date"], Sentence("a price needs its date")),
        (
            "sold_as",
            purchase & empty["sold_as"],
            Sentence(
                "a purchase price needs 'single unit' (the chip alone) or 'server' (with its share of the server)"
            ),
        ),
    ]
    for name, missing, allowed in needs:
        problems.add(missing, name, np.full(len(book), None), allowed)
    any_figure = frame[[*PRICES, *SPECIFICATIONS]].notna().any(axis=1).to_numpy()
    problems.add(
        ~any_figure,
        Sentence("the row's price"),
        np.full(len(book), None),
        "give usd_per_chip_hour, usd_per_chip, tdp_w, dense_bf16_flops or release_date",
    )
    problems.raise_if_any(path)
    book["source"] = np.where(book["source"] == "", PRICE_BOOK, book["source"])
    return book


def _check_against_each_other(book, chips, problems):
    """Rows that contradict the catalog, themselves or each other."""
    problems.add(
        (book["usd_high"] < book["usd_low"]).to_numpy(),
        "usd_high",
        book["usd_high"],
        "it must not be below {other}",
        other="usd_low",
    )
    kinds = book["chip"].map(dict(zip(chips["chip"], chips["kind"])))
    other = ((book["kind"] != "") & kinds.notna() & (book["kind"] != kinds)).to_numpy()
    problems.add(other, "kind", book["kind"], "the catalog's chip is of another kind; leave it empty")
    for name in SPECIFICATIONS:
        first = book.groupby("chip")[name].transform("first")
        differs = (book[name].notna() & (book[name] != first) & (book["chip"] != "")).to_numpy()
        problems.add(differs, name, book[name], "a row above gives this chip another figure")


def _resolved(book, names, problems):
    """The catalog's names of the chips; a new chip keeps its own."""
    resolved, new = [], {}
    for row, (text, kind) in enumerate(zip(book["chip"], book["kind"])):
        name = new.get(text.casefold())
        if name is None:
            try:
                name, _ = names.find(text)
            except LookupError as error:
                wrong = not text or any(character in text for character in "*?~")
                if kind and not wrong:
                    name = new[text.casefold()] = text
                else:
                    add = Sentence("to add a chip, give its kind (GPU, TPU or other)")
                    hint = Sentence("a name without * ? ~") if wrong else add
                    problems.say(row, "{problem}; {hint}", problem=error.args[0], hint=hint)
                    name = ""
        resolved.append(name)
    return resolved


def chip_layer(book, chips):
    """The specifications of a price book as a layer over the catalog's chips, one row a chip.

    Its column `own` names the figures in it. A chip of the catalog keeps its source, which other figures still have.
    """
    named = book[book[[*SPECIFICATIONS]].notna().any(axis=1) | (book["kind"] != "")]
    layer = named[["chip", "kind", "family", *SPECIFICATIONS, "date", "source"]].copy()
    texts = ["kind", "family", "source"]
    # An empty text is none.
    layer[texts] = layer[texts].where(layer[texts] != "", None)
    layer = layer.groupby("chip", sort=False).last().reset_index()
    own = [
        ", ".join(name for name in SPECIFICATIONS if figures[name] == figures[name])
        for figures in layer.to_dict("records")
    ]
    is_known = layer["chip"].isin(chips["chip"])
    layer["own"] = np.array(own, dtype=object)
    layer["note"] = [f"{names} from {PRICE_BOOK}" if names and known else "" for names, known in zip(own, is_known)]
    layer["source"] = layer["source"].where(~is_known, "")
    layer["date"] = layer["date"].where(~is_known)
    layer[texts] = layer[texts].fillna({"kind": "", "family": "", "source": PRICE_BOOK})
    return layer
