"""The prices of an edition as one list, to read or to pass on."""

from __future__ import annotations

import pandas as pd

from ..dates import from_serial
from ..errors import XlcostError

COLUMNS = ["chip", "kind", "date", "vendor", "location", "usd", "unit", "estimate", "source", "note"]


def price_list(catalog, chip=None):
    """Purchase and cloud prices, newest last.

    Parameters
    ----------
    catalog : Catalog
    chip : str, optional
        As people call it; all chips without it.

    Returns
    -------
    pandas.DataFrame
        `kind` is purchase, on_demand, 1y or 3y; `usd` is per chip or per chip-hour, as `unit` says.

    Raises
    ------
    XlcostError
        The chip is unknown or ambiguous.

    Examples
    --------
    >>> from xlcost.catalog import load
    >>> price_list(load("2026-11"), "GB200")[["kind", "usd", "estimate"]].values.tolist()
    [['purchase', 34722.0, 'yes'], ['on_demand', 10.5, '']]
    """
    bought = catalog.purchase_prices.rename(columns={"usd_per_chip": "usd", "sold_as": "location"})
    bought = bought.assign(kind="purchase", unit="USD/chip, " + bought["location"], location="")
    rented = catalog.cloud_prices.rename(columns={"usd_per_chip_hour": "usd", "commitment": "kind"})
    table = pd.concat([bought[COLUMNS], rented.assign(unit="USD/chip-hour")[COLUMNS]], ignore_index=True)
    if chip is not None:
        try:
            name, _ = catalog.names.find(chip)
        except LookupError as error:
            raise XlcostError(str(error)) from None
        table = table[table["chip"] == name]
    order = {"purchase": 0}
    table = table.sort_values(["chip", "date"], kind="stable").assign(date=lambda frame: from_serial(frame["date"]))
    table = table.iloc[table["kind"].map(lambda kind: order.get(kind, 1)).argsort(kind="stable")] if chip else table
    return table.reset_index(drop=True)
