"""Which price counts from which date on: tables of steps, resolved once and looked up by one approximate match.

A step's code packs what is asked (chip, vendor, commitment) and the first day on which the step holds into one
ascending number, so that the last code not above "what is asked, on this day" is the step that holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .vendors import ASKED_IN_ORDER, COMMITMENTS, FIRST_VENDORS, ONLY_VENDOR

PER_DATE = 100_000.0
PER_COMMITMENT = 10.0
PER_REQUEST = 1_000.0
"""Room in a code for a date, a commitment and a request, so that none runs into its neighbour."""


class Steps(NamedTuple):
    """Ascending `code`, and for each the `row` of the price that counts (from 1; NaN where there is none)."""

    code: np.ndarray
    row: np.ndarray


def purchase_steps(chips, prices):
    """Steps of the purchase price: code = chip × 100,000 + first day.

    Among prices of the same family in order of date (on one date the lower price first) the first one that is a DGX
    system's counts, else the first. A user's own prices come before: the chip's, else the family's, the last one not
    after the day, else the first.
    """
    family_of = dict(zip(chips["chip"], chips["family"]))
    ordered = prices.assign(row=np.arange(1.0, len(prices) + 1), family=prices["chip"].map(family_of)).sort_values(
        ["date", "usd_per_chip"], kind="stable"
    )
    own, published = ordered[ordered["own"]], ordered[~ordered["own"]]
    own_of_chip, own_of_family = own.groupby("chip"), own.groupby("family")
    first = (
        published.assign(later=published["sold_as"] != "DGX")
        .sort_values("later", kind="stable")
        .groupby("family")
        .first()
    )
    codes, rows = [0.0], [np.nan]
    for number, (chip, family) in enumerate(zip(chips["chip"], chips["family"]), start=1):
        if chip in own_of_chip.groups or family in own_of_family.groups:
            mine = own_of_chip.get_group(chip) if chip in own_of_chip.groups else own_of_family.get_group(family)
            mine = mine.drop_duplicates("date", keep="first")
            starts, found = [0.0, *mine["date"].to_numpy()[1:]], list(mine["row"])
        else:
            starts, found = [0.0], [first["row"].get(family, np.nan)]
        codes += [purchase_code(number, start) for start in starts]
        rows += found
    return Steps(np.array(codes), np.array(rows))


def requests(vendors):
    """What a run can ask for: a vendor first and then the others, or one vendor only."""
    return [f"{vendor} first" for vendor in FIRST_VENDORS] + [f"{vendor} only" for vendor in vendors]


def purchase_code(chip, date, per_date=PER_DATE):
    """The code of a chip's purchase price on a day; the chip counts from 1, the day from 1899-12-30."""
    return chip * per_date + date


def cloud_code(
    chip, request, commitment, date, per_request=PER_REQUEST, per_commitment=PER_COMMITMENT, per_date=PER_DATE
):
    """The code of what is asked on a day: chip, request and commitment count from 1, the day from 1899-12-30."""
    return ((chip * per_request + request) * per_commitment + commitment) * per_date + date


def cloud_steps(chips, prices, vendors, other_vendors):
    """Steps of the cloud price, for every chip, request and commitment that finds one.

    Parameters
    ----------
    chips, prices : pandas.DataFrame
    vendors : list of str
        In the order of `requests`.
    other_vendors : bool
        Whether vendors beyond the usual four are asked, by name.

    Notes
    -----
    For one vendor the rows are those of the exact chip, else of the first of its family, by `family_order`, that has
    any. Among them the closest date not after the wanted one counts, else the closest after; of that day's rows one at
    the wanted commitment, in the US before others, then by the order of the source. If the day has none, the next
    vendor is asked; after all vendors, the next shorter commitment. A user's own prices are asked first for all of it.
    """
    offers = {}
    table = zip(
        prices["chip"],
        prices["vendor"],
        prices["own"],
        prices["date"],
        prices["commitment"],
        prices["us"] != "yes",
        range(1, len(prices) + 1),
    )
    for chip, vendor, own, date, commitment, abroad, row in table:
        days = offers.setdefault((own, chip), {}).setdefault(vendor, {})
        best = days.setdefault(date, {}).setdefault(commitment, (abroad, row))
        days[date][commitment] = min(best, (abroad, row))
    relatives = {
        family: list(group.sort_values("family_order", kind="stable")["chip"])
        for family, group in chips[chips["family_order"].notna()].groupby("family")
    }
    any_vendor = ASKED_IN_ORDER + tuple(sorted(set(vendors) - set(ASKED_IN_ORDER), key=str.casefold))
    usual = any_vendor if other_vendors else ASKED_IN_ORDER

    codes, rows = [0.0], [np.nan]
    for number, (chip, family, kind) in enumerate(zip(chips["chip"], chips["family"], chips["kind"]), start=1):
        names = [chip, *(name for name in relatives.get(family, ()) if name != chip)]
        sold = [
            {vendor: days for name in reversed(names) for vendor, days in offers.get((own, name), {}).items()}
            for own in (True, False)
        ]
        if kind in ONLY_VENDOR:
            sold[1] = {vendor: days for vendor, days in sold[1].items() if vendor == ONLY_VENDOR[kind]}
        for request, first in enumerate(FIRST_VENDORS, start=1):
            asked = [[first, *(vendor for vendor in order if vendor != first)] for order in (any_vendor, usual)]
            _add_steps(codes, rows, number, request, asked, sold)
        for request, vendor in enumerate(vendors, start=len(FIRST_VENDORS) + 1):
            if vendor in sold[0] or vendor in sold[1]:
                _add_steps(codes, rows, number, request, [[vendor], [vendor]], sold)
    return Steps(np.array(codes), np.array(rows))


def _add_steps(codes, rows, chip, request, asked, sold):
    """Append the steps of one chip and request, at each commitment."""
    columns = [
        (days, commitment)
        for vendors, offers in zip(asked, sold)
        for commitment in COMMITMENTS
        for vendor in vendors
        if (days := offers.get(vendor))
    ]
    if not columns:
        return
    starts = sorted({date for days, _ in columns for date in days})
    starts[0] = 0.0
    resolved = [(commitment, _row_by_day(days, commitment, starts)) for days, commitment in columns]
    boundary = sum(1 for vendor in asked[0] if vendor in sold[0]) * len(COMMITMENTS)
    for number in range(1, len(COMMITMENTS) + 1):
        # From the wanted commitment to shorter ones; first through the user's own prices, then through the catalog.
        chain = [
            found
            for part in (resolved[:boundary], resolved[boundary:])
            for commitment in reversed(COMMITMENTS[:number])
            for offered, found in part
            if offered == commitment
        ]
        result = np.full(len(starts), np.nan)
        for found in chain:
            result = np.where(np.isnan(result), found, result)
        changed = np.r_[True, (result[1:] != result[:-1]) & ~(np.isnan(result[1:]) & np.isnan(result[:-1]))]
        base = cloud_code(chip, request, number, 0.0)
        if not np.isnan(result).all():
            codes += [base + start for start, new in zip(starts, changed) if new]
            rows += [row for row, new in zip(result, changed) if new]


def _row_by_day(days, commitment, starts):
    """The row of the price at each start: of the closest day not after it, else of the first day."""
    dates = sorted(days)
    rows = np.array([days[date].get(commitment, (None, np.nan))[1] for date in dates])
    return rows[np.maximum(np.searchsorted(dates, starts, side="right") - 1, 0)]
