"""A budget as rows of a bill in FOCUS, marked as a forecast: what it costs, what is paid, and the list price of it.

Every line of the budget is a row a month and component: its effective cost is the budget's cost, its billed cost what
is paid for it, in the billing period in which it is paid. What is paid for a cluster or a commitment at once, or each
month by contract, is a purchase, which costs nothing by itself: its use does. Chip-hours, and their price on demand,
stand in one row of each line.

The rows hold the costs of the budget's months, all that is paid for them, and what the budget pays for months before
it. So effective costs add up to the budget's, and billed costs by billing period to its payments.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ...errors import XlcostError
from ...files import replacing
from ..csv_file import write_csv
from .focus_columns import COLUMNS, NUMBERS
from .focus_figures import Figures, day
from .focus_purchases import purchases
from .focus_usage import usage

LEAST = 0.005
"""Half a cent: less is no amount."""
LENGTH_OF_MONTH = len("2026-03")


class Forecast(NamedTuple):
    """Rows by the names of `xlcost.exchange.actuals.focus_columns`, and sentences about what is in none of them."""

    rows: pd.DataFrame
    left_out: list[str]


def write_focus(path, plan, replace=False):
    """Write a budget as a FOCUS file.

    Parameters
    ----------
    path : path-like
        Ending in .csv or .parquet.
    plan : xlcost.budget.plan.Plan
    replace : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Forecast
        In the budget's currency.

    Raises
    ------
    XlcostError
        The file cannot be written; an existing one is then as it was.
    """
    forecast = forecast_of(plan)
    if path.suffix.lower() == ".csv":
        if path.exists() and not replace:
            raise XlcostError(f"{path}: the file exists; --force replaces it")
        write_csv(forecast.rows, path)
        return forecast
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        missing = "Parquet needs the Python package pyarrow, which is not installed: pip install 'xlcost[actuals]'"
        raise XlcostError(f"{path}: {missing}") from None
    schema = pyarrow.schema([(name, pyarrow.float64() if name in NUMBERS else pyarrow.string()) for name in COLUMNS])
    table = pyarrow.Table.from_pandas(forecast.rows, schema=schema, preserve_index=False)
    with replacing(path, replace) as temporary:
        # Of the schema alone: the versions of what made the file would be in it.
        pyarrow.parquet.write_table(table.replace_schema_metadata(None), temporary)
    return forecast


def forecast_of(plan):
    """A budget's rows, and what is left out of them.

    Returns
    -------
    Forecast
    """
    figures = Figures(plan)
    parts = [*usage(figures), *purchases(figures)]
    rows = pd.DataFrame([row for part in parts for row in part], columns=list(COLUMNS))
    rows = rows.assign(**{name: rows[name].astype(float) for name in NUMBERS})
    return Forecast(rows, list(_left_out(figures, rows)))


def _left_out(figures, rows):
    """A sentence for what lies before the budget's months, and for what lies after them."""
    views = figures.views
    total = views.sections["component"].total
    first, last = day(figures.first_month), day(figures.last_month)
    is_late = rows["BillingPeriodStart"] > last
    for kinds, where, shown in (
        (("before", "ahead"), f"before {first[:LENGTH_OF_MONTH]}", 0.0),
        (("after",), f"after {last[:LENGTH_OF_MONTH]}", float(rows["BilledCost"][is_late].sum())),
    ):
        cost, paid = 0.0, -shown
        for number in figures.numbers(*kinds):
            cost += float(views.sheet.values(views.axis.letters[number], total, total)[0])
            paid += sum(float(views.checked[name][number].value) for name in ("paid_capacity", "paid_others"))
        amounts = [
            f"{what} of {amount:,.2f} {figures.currency}"
            for what, amount in (("costs", cost), ("payments", paid))
            if abs(amount) >= LEAST
        ]
        if amounts:
            yield f"{' and '.join(amounts)} {where} lie outside of the budget's months and are not in the file"
