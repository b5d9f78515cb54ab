"""What of each component of the budget is in other currencies than its own, so that exchange rates move it."""

from __future__ import annotations

import numpy as np

from ..budget.settings import CURRENCY
from ..formula import Term
from ..lookup import number_in
from ..totals import total_of_products, total_unless
from .lines import OF_RUNS

OF_CAPACITY = {"depreciation": "depreciation", "disposal": "loss", "upkeep": "upkeep", "hosting": "hosting"}
OF_CAPACITY |= {"operations": "operations", "energy": "energy"}
"""Components, and the blocks of Capacity months that they come from."""
OF_RUN = {"own_hardware": "hardware_share", "energy": "energy_share", "rental": "cloud_share"}
"""Components of runs that are charged by themselves, and what share of a run they are."""


def in_other_currencies(views, calendar):
    """Amounts over the budget's months.

    Parameters
    ----------
    views : xlcost.workbook.views.Views
    calendar : types.SimpleNamespace

    Returns
    -------
    dict of str to Term
        By `xlcost.budget.components.COMPONENTS`; those that are all in the budget's currency are left out. [budget
        currency]
    """
    lines, months, capacity = views.lines, views.months, views.ledger.capacity
    own, currency = number_in(calendar.currency, calendar.currencies), capacity.ranges["currency_number"]
    found = {name: total_unless(months.totals[block], currency, own) for name, block in OF_CAPACITY.items()}
    rental, kinds = months.totals["rental"], capacity.ranges["kind"]
    is_by_hour, is_foreign = kinds.values == "on_demand", currency.values != own.value
    for name, sign, is_so in (("rental", "=", is_by_hour), ("commitments", "<>", ~is_by_hour)):
        text = f'SUMPRODUCT(({kinds._text}{sign}"on_demand")*({currency._text}<>{own._text})*{rental._text})'
        found[name] = Term(text, float(np.sum(np.where(is_so & is_foreign, rental.values.astype(float), 0.0))))
    amounts = lines.in_year(-1, *OF_RUNS)
    for name, share in OF_RUN.items():
        # Charged run by run is what has its price in US dollars.
        of_runs = total_of_products(lines.range(share, *OF_RUNS), amounts)
        of_runs = np.where(calendar.currency != CURRENCY, of_runs, 0.0)
        found[name] = found[name] + of_runs if name in found else of_runs
    for name in ("employees", "contractors"):
        found[name] = total_unless(lines.in_year(-1, name), lines.range("currency_number", name), own)
    return found | {"others_foreign": views.components["others_foreign"]}
