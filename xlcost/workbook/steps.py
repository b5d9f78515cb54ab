"""The Price steps sheet: which price counts for what is asked, from which day on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..catalog.steps import PER_COMMITMENT, PER_DATE, PER_REQUEST
from ..catalog.vendors import COMMITMENTS

NAME = "Price steps"
HEADING, FIRST = 11, 12
PRINTED = 40
"""Steps on paper, which are as many as a page holds; there are thousands."""


def write_steps(sheet, facts):
    """Fill the sheet.

    Returns
    -------
    types.SimpleNamespace
        purchase_code, purchase_row, cloud_code, cloud_row, request, commitment, vendors (Ranges) and the bases of the
        codes (terms), by the names that `xlcost.model.CostSteps` looks up.
    """
    sheet.widths(
        {
            "A": 16,
            "B": 9,
            "C": 33,
            "D": 12,
            "E": 2,
            "F": 16,
            "G": 10,
            "H": 33,
            "I": 26,
            "J": 13,
            "K": 12,
            "L": 2,
            "M": 26,
            "N": 2,
            "O": 14,
            "P": 2,
            "Q": 22,
        }
    )
    sheet.put("A1", "Price steps", style="title")
    sheet.put(
        "A2",
        "How the Costs sheet finds a price: it packs what a run asks for into one number (the code) and takes "
        "the last step that is not above it.",
        style="subtitle",
    )
    sheet.put(
        "A3",
        "Resolved when the workbook was written, by the rules of the paper: the run's own vendor first, the "
        "closest date not after the contract, shorter commitments where a longer one has no price.",
        style="remark",
    )
    sheet.put(
        "A4",
        sheet.sentence("On paper are the first {n} steps of each table; all of them stand here.", n=str(PRINTED)),
        style="remark",
    )
    bases = {}
    for row, (name, label, value) in enumerate(
        (
            ("per_date", "Room for a date in a code", PER_DATE),
            ("per_commitment", "Room for a commitment", PER_COMMITMENT),
            ("per_request", "Room for a vendor asked", PER_REQUEST),
        ),
        start=5,
    ):
        sheet.put(f"A{row}", label, style="label")
        bases[name] = sheet.put(f"C{row}", value, style="number", format="count")
    sheet.put(
        "A8",
        "A purchase code is chip × room for a date + day. A cloud code is ((chip × room for a vendor + vendor asked) "
        "× room for a commitment + commitment) × room for a date + day.",
        style="note",
    )
    sheet.put(f"A{HEADING - 1}", "Purchase prices", style="section")
    sheet.put(f"F{HEADING - 1}", "Cloud prices", style="section")
    chips = facts.chips["chip"].to_numpy()
    bought, rented = facts.purchase_steps, facts.cloud_steps
    which, day = np.divmod(bought.code, PER_DATE)
    purchase = _columns(
        sheet,
        "ABCD",
        ("Purchase code", "Price in row", "Chip to buy", "Holds from"),
        (bought.code, bought.row, _named(chips, which), _days(day, which)),
    )
    what, day = np.divmod(rented.code, PER_DATE)
    asked, commitment = np.divmod(what, PER_COMMITMENT)
    which, request = np.divmod(asked, PER_REQUEST)
    cloud = _columns(
        sheet,
        "FGHIJK",
        ("Cloud code", "Cloud price in row", "Chip to rent", "Vendor asked", "Commitment asked", "Holds from day"),
        (
            rented.code,
            rented.row,
            _named(chips, which),
            _named(np.array(facts.requests, dtype=object), request),
            _named(np.array(COMMITMENTS, dtype=object), commitment),
            _days(day, which),
        ),
    )
    lists = [
        _columns(sheet, letter, (heading,), (np.array(values, dtype=object),))[0]
        for letter, heading, values in (
            ("M", "Vendors asked, by number", facts.requests),
            ("O", "Commitments", COMMITMENTS),
            ("Q", "Cloud vendors", facts.vendors),
        )
    ]
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(one_page=True, areas=[f"A1:K{HEADING + PRINTED}"])
    return SimpleNamespace(
        purchase_code=purchase[0],
        purchase_row=purchase[1],
        cloud_code=cloud[0],
        cloud_row=cloud[1],
        request=lists[0],
        commitment=lists[1],
        vendors=lists[2],
        **bases,
    )


def _columns(sheet, letters, headings, columns):
    ranges = []
    for letter, heading, values in zip(letters, headings, columns):
        sheet.put(f"{letter}{HEADING}", heading, style="heading")
        is_text, is_day = values.dtype == object, heading.startswith("Holds from")
        ranges.append(
            sheet.column(
                letter,
                FIRST,
                values,
                style="text" if is_text else "number",
                format="text" if is_text else "date" if is_day else "count",
            ).range
        )
    return ranges


def _named(names, number):
    """Names by their numbers from 1; nothing for 0, the step below all others."""
    return np.array(["", *names], dtype=object)[number.astype(int)]


def _days(day, which):
    """The first day of a step; nothing where it holds from the beginning."""
    return np.where((day == 0) | (which == 0), np.nan, day)
