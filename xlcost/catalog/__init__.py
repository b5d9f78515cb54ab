"""Facts by edition: chips, prices, energy, index and public models, each row with its source and date.

Data of Epoch AI (CC BY 4.0), of the paper, of EIA and BLS, and of vendors; see the source column of each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..comparison import fold
from ..dates import to_serial
from ..equations.parameters import AVERAGE_POWER_SHARE, SERVER_OVERHEAD, SERVER_POWER_FACTOR
from .editions import edition_names, overlay, read_table, settings, with_peak
from .names import ChipNames
from .steps import cloud_steps, purchase_steps, requests
from .vendors import ALIASES, PRICE_BOOK, discount_group

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PRICE_BOOK", "Catalog", "edition_names", "load", "newest_edition"]

CREDIT = "Data: Epoch AI (CC BY 4.0), epoch.ai; Cottier et al. (2024); EIA; BLS. Each row names its source."


@dataclass(frozen=True)
class Catalog:
    """The facts that one estimate uses: an edition, with a user's own prices in front.

    Tables are pandas frames: missing numbers are NaN, missing text is "", dates are serial numbers (`xlcost.dates`).
    Price tables have a column `own`, true for the rows of the user's price book; a chip's names the figures from it.
    """

    edition: str
    title: str
    other_vendors: bool
    chips: pd.DataFrame
    purchase_prices: pd.DataFrame
    cloud_prices: pd.DataFrame
    energy_prices: pd.DataFrame
    price_index: pd.DataFrame
    models: pd.DataFrame
    projects: pd.DataFrame
    project_roles: pd.DataFrame
    real_prices_of: str
    """Month whose prices real costs are in."""
    start: float | None = None
    """What counts as the start of a run without one, where that is not the edition's month. [serial number]"""

    credit = CREDIT

    @property
    def month(self):
        """First day of the edition's month, or `start`; counts as the start of a run without one. [serial number]"""
        return float(to_serial(f"{self.edition}-01")) if self.start is None else self.start

    @property
    def has_own(self):
        """Whether prices or figures of a price book are among the facts."""
        return bool(
            self.purchase_prices["own"].any() or self.cloud_prices["own"].any() or (self.chips["own"] != "").any()
        )

    @cached_property
    def names(self):
        return ChipNames(self.chips)

    @cached_property
    def vendors(self):
        """Vendors of the cloud prices, in the order of their names."""
        return sorted(self.cloud_prices["vendor"].unique(), key=str.casefold)

    @cached_property
    def vendor_spellings(self):
        """What a vendor may be called, in lower case, and its full name."""
        short = {alias: vendor for alias, vendor in ALIASES.items() if vendor in self.vendors}
        return short | {fold(vendor): vendor for vendor in self.vendors}

    @cached_property
    def requests(self):
        return requests(self.vendors)

    @cached_property
    def purchase_steps(self):
        return purchase_steps(self.chips, self.purchase_prices)

    @cached_property
    def cloud_steps(self):
        return cloud_steps(self.chips, self.cloud_prices, self.vendors, self.other_vendors)

    @cached_property
    def chip_marks(self):
        """Whose figures are estimates or the user's own: column -> "yes" or "", one a chip."""
        marks = {
            "tdp_estimate": ("estimate", "tdp_w"),
            "tdp_own": ("own", "tdp_w"),
            "peak_own": ("own", "dense_bf16_flops"),
        }
        return {
            mark: np.where(self.chips[column].str.contains(name), "yes", "").astype(object)
            for mark, (column, name) in marks.items()
        }

    @cached_property
    def assumption_names(self):
        """Which assumption counts for each chip and each cloud price: column -> names, one a row."""
        family, is_tpu = self.chips["family"], (self.chips["kind"] == "TPU").to_numpy()
        groups = self.cloud_prices["vendor"].map(discount_group)
        power = np.where(is_tpu, "later TPU", "other")
        return {
            "server_overhead": "server_overhead." + family.where(family.isin(SERVER_OVERHEAD), "other"),
            "server_power_factor": "server_power_factor." + family.where(family.isin(SERVER_POWER_FACTOR), power),
            "average_power_share": "average_power_share."
            + self.chips["kind"].where(self.chips["kind"].isin(AVERAGE_POWER_SHARE), "GPU"),
            "discount_1y": "discount_1y." + groups,
            "discount_3y": "discount_3y." + groups,
        }


def newest_edition():
    return edition_names()[-1]


def load(edition=None, prices=None):
    """The catalog of an edition.

    Parameters
    ----------
    edition : str, optional
        For example "2026-11"; the newest by default.
    prices : path-like, optional
        A user's price book; see `xlcost.catalog.price_book.read_price_book`.

    Returns
    -------
    Catalog

    Raises
    ------
    XlcostError
        An unknown edition, or a price book that cannot be used.

    Examples
    --------
    >>> load("2024-05").names.find("h100")
    ('NVIDIA H100 SXM5', 'H100 taken as NVIDIA H100 SXM5')
    """
    edition = edition or newest_edition()
    rules = settings(edition)
    chips, purchase, cloud = (read_table(edition, name) for name in ("chips", "purchase_prices", "cloud_prices"))
    chips, purchase, cloud = chips.assign(own=""), purchase.assign(own=False), cloud.assign(own=False)
    if prices is not None:
        from .price_book import chip_layer, read_price_book

        book = read_price_book(prices, chips)
        chips = with_peak(_with_new_families(overlay(chips, chip_layer(book, chips), f"edition {edition}")))
        purchase = _with_rows(purchase, book[book["usd_per_chip"].notna()])
        cloud = _with_rows(cloud, book[book["usd_per_chip_hour"].notna()])
    index = read_table(edition, "price_index")
    return Catalog(
        edition,
        rules["title"],
        rules["other_vendors"],
        chips,
        purchase,
        cloud,
        read_table(edition, "energy_prices"),
        index,
        read_table(edition, "models"),
        read_table(edition, "projects"),
        read_table(edition, "project_roles"),
        rules.get("real_prices_of", index["month"].iloc[-1]),
    )


def _with_rows(prices, rows):
    """Prices with those of the price book in front."""
    import pandas as pd

    own = rows.assign(own=True).reindex(columns=prices.columns)
    texts = [column for column in own if column not in rows and prices[column].dtype == object]
    own[texts] = ""
    return pd.concat([own, prices], ignore_index=True).astype({"own": bool})


def _with_new_families(chips):
    """A chip of the price book's own is a family of its own where none was given."""
    family = chips["family"].where(chips["family"] != "", chips["chip"])
    return chips.assign(family=family)
