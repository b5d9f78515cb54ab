"""What runs, capacity and other costs came to where they were sent from: at their file's prices, settings and rates."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ... import catalog as catalogs
from ...budget.capacity import BASE, CapacitySteps, as_run, cost_to_have, prices_in_dollars, sourcing_of
from ...budget.exchange import in_dollars, months_in_years
from ...budget.settings import CURRENCY, START, BudgetSettings, settings_from
from ...columns import COST_COLUMNS, labels_of
from ...date_parts import month, year
from ...equations.parameters import ASSUMPTIONS, MONTHS_PER_YEAR, PURCHASE_ASSUMPTIONS
from ...errors import XlcostError
from ...estimate import estimate
from ...facts import facts_of
from ...languages import language_of
from ...sentences import Sentence
from ...xlsx_input import read_sheet
from .kinds import CAPACITIES, RUNS, Known, usable

COSTS, BUDGET_COST = "Costs", COST_COLUMNS["budget_cost"]
"""Where a budget says what its runs cost."""
RELATIVE = 1e-9
"""By which two costs that are the same may differ."""


class Foreign(NamedTuple):
    """A cost in another currency than US dollars.

    `amount` is that of a month, `start` the serial number of a day in the first of `months` months; `usd_as_sent` what
    all of them come to at the rates of the file, NaN where it has none.
    """

    currency: str
    amount: float
    start: float
    months: float
    usd_as_sent: float


class CapacitySent(NamedTuple):
    """Capacity that is owned, committed or rented.

    `usd_as_sent` is what it costs to have it, used or not, at the prices and settings of the file; NaN where that is
    not known, or it is paid by the hour.
    """

    kind: str
    chips: float
    usd_as_sent: float


def settings_of(sent):
    """The settings that a file carries, and what is to be said of it.

    Parameters
    ----------
    sent : Submission

    Returns
    -------
    settings : BudgetSettings or None
        None where nothing can be said of its costs as sent: it names no price list that there is, or its settings
        cannot be used.
    remark : Sentence or None
    """
    if sent.edition and sent.edition not in catalogs.edition_names():
        about = dict(edition=sent.edition)
        return None, Sentence("there is no price list {edition}; what its runs cost as sent is not known", **about)
    try:
        return settings_from(**sent.settings), None
    except XlcostError:
        return None, Sentence(
            "settings on its sheets cannot be used, as xlcost check says; what it costs as sent is not known"
        )


def stored_costs(path):
    """What the sheet Costs of a budget says of its runs.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of int to float
        By the row of a run, which is the same on Runs. [USD]
    """
    headings = set(labels_of({BUDGET_COST.name: BUDGET_COST}))
    found, column = {}, None
    for number, row in read_sheet(path, COSTS):
        if column is None:
            texts = [cell.casefold() if isinstance(cell, str) else "" for cell in row]
            column = next((at for at, text in enumerate(texts) if text in headings), None)
        elif column < len(row) and isinstance(row[column], float):
            found[number] = row[column]
    return found


def differs(row, stored):
    """Whether a run costs something else at its file's prices and settings than is stored in the file."""
    return row.row in stored and not np.isclose(row.cost_as_sent, stored[row.row], rtol=RELATIVE, atol=0.0)


def costs_of_runs(runs, by_file, facts, place_of):
    """What runs cost at the price list and with the settings of the files that they came in.

    Parameters
    ----------
    runs : pandas.DataFrame
        Their index numbers the rows among all that were received.
    by_file : list of (Submission, BudgetSettings or None, list of int)
        Each with the numbers of its rows.
    facts : Catalog
        The company's.
    place_of : callable

    Yields
    ------
    number : int
    cost : float
        [USD]
    """
    alike = {}
    for sent, settings, numbers in by_file:
        # Files without settings of their own are computed together.
        if settings is not None and sent.edition and numbers:
            key = (sent.edition, sent.name if sent.settings else None)
            alike.setdefault(key, (sent, settings, []))[2].extend(numbers)
    for sent, settings, numbers in alike.values():
        prices = _facts(sent, settings, facts)
        # A price list may not know the chip yet.
        known, _, _ = usable(runs.loc[numbers], RUNS, Known(prices, {}, [], {}), place_of)
        if len(known):
            of_costs = {name: value for name, value in settings.assumptions.items() if name in ASSUMPTIONS}
            costs = estimate(known, prices, method=settings.method, assumptions=of_costs)["budget_cost"]
            yield from zip(known.index, map(float, costs))


def _facts(sent, settings, facts):
    """A file's price list, with its own start of runs that name none."""
    prices = _price_list(sent, facts)
    if settings.start is None:
        return prices
    return replace(prices, start=START.in_cell(settings.start, language_of(settings.language)))


def _price_list(sent, facts):
    """The price list that a file names, with prices of its own, if any, in front; not with the company's."""
    if sent.prices is None and sent.edition == facts.edition and not facts.has_own:
        return facts
    return catalogs.load(sent.edition, sent.prices)


def capacity_sent(capacity, columns, by_file, facts, place_of):
    """Capacity, and what it costs to have it at the price list and with the settings of the file that it came in.

    Parameters
    ----------
    capacity : pandas.DataFrame
        Its index numbers the rows among all that were received.
    columns : dict of str to array
        The same as it was checked.
    by_file, facts, place_of
        As for `costs_of_runs`.

    Yields
    ------
    number : int
    sent : CapacitySent
    """
    costs = dict(_costs_to_have(capacity, by_file, facts, place_of))
    for row, number in enumerate(capacity.index):
        yield number, CapacitySent(columns["kind"][row], float(columns["chips"][row]), costs.get(number, np.nan))


def _costs_to_have(capacity, by_file, facts, place_of):
    alike, lists, settings_of_row = {}, {}, {}
    for sent, settings, numbers in by_file:
        # Nothing else in the settings moves what it costs to have capacity.
        if settings is not None and sent.edition and numbers:
            whose = sent.edition, sent.name if sent.prices is not None else None
            alike.setdefault((whose, tuple(sorted(settings.assumptions.items()))), []).extend(numbers)
            settings_of_row |= dict.fromkeys(numbers, settings)
            # The first look into a price list takes long, all others don't.
            if whose not in lists:
                lists[whose] = _price_list(sent, facts)
    for (whose, assumptions), numbers in alike.items():
        prices = lists[whose]
        rows = capacity.loc[numbers]
        currencies = {str(text).upper(): 1.0 for text in rows["currency"]}
        # A price list may not know the chip yet.
        known, columns, _ = usable(rows, CAPACITIES, Known(prices, currencies, [], {}), place_of)
        if len(known):
            assume = {**ASSUMPTIONS, **PURCHASE_ASSUMPTIONS, **dict(assumptions)}
            settings = map(settings_of_row.get, known.index)
            rates = np.array(list(map(_rate_on, settings, columns["currency"], columns["in_service"])))
            run = as_run(columns, sourcing_of(columns["kind"]), prices_in_dollars(columns, rates))
            steps = CapacitySteps(run, facts_of(prices, assume), assume, BASE, pay=np.nan)
            costs = np.where(np.isnan(rates), np.nan, cost_to_have(steps.purchase, steps.contract))
            yield from zip(known.index, map(float, costs))


def foreign_costs(numbers, others, settings_of_row):
    """Costs in other currencies than US dollars, and what they come to at their file's rates.

    Parameters
    ----------
    numbers : sequence of int
        Of the rows, among all that were received.
    others : dict of str to array, or None
        Columns of Other costs; None where there are no rows.
    settings_of_row : callable
        The `BudgetSettings` of the file, by a row's number, or None.

    Yields
    ------
    number : int
    foreign : Foreign
    """
    if others is None:
        return
    first = year(others["start"]) * MONTHS_PER_YEAR + month(others["start"])
    last = year(others["end"]) * MONTHS_PER_YEAR + month(others["end"])
    is_monthly = (others["timing"] == "monthly") & ~np.isnan(last)
    months = np.where(is_monthly, last - first + 1, 1.0)
    for row, number in enumerate(numbers):
        currency = others["currency"][row]
        if currency not in ("", CURRENCY):
            amount, start = float(others["amount"][row]), float(others["start"][row])
            rates, begins = _rates(settings_of_row(number), currency)
            within = months_in_years(float(first[row]), float(months[row]), begins)
            usd = float(in_dollars(amount, within, rates)) if rates else np.nan
            yield number, Foreign(currency, amount, start, float(months[row]), usd)


def _rates(settings, currency):
    """Rates of a currency by fiscal year, and the months in which these begin; none where they are not known."""
    rates = list((settings or BudgetSettings()).rates.get(currency, ()))
    if len(set(rates)) <= 1:
        return rates[:1], [0.0]
    if settings.first_fiscal_year is None or settings.fiscal_year_start is None:
        return [], []
    begins = settings.first_fiscal_year * MONTHS_PER_YEAR + settings.fiscal_year_start
    return rates, [begins + MONTHS_PER_YEAR * number for number in range(len(rates))]


def _rate_on(settings, currency, day):
    """Units of a currency for 1 USD on a day; NaN where that is not known."""
    if currency in ("", CURRENCY):
        return 1.0
    rates, begins = _rates(settings, currency)
    if not rates:
        return np.nan
    # The first year's rate counts before it too.
    later = sum(begin <= year(day) * MONTHS_PER_YEAR + month(day) for begin in begins[1:])
    return rates[later]
