"""What the Cover says in sentences: how much, when, for whom, for what, whether to buy, how sure."""

from __future__ import annotations

import numpy as np

from ..budget.settings import CURRENCY, ENTITLED
from ..lookup import as_text, rounded
from ..totals import share_of
from .development import range_in_words
from .report import CLOSING, OPENING
from .wording import in_millions, in_percent

TOP = 3
"""How many departments and costs are named."""
LEAST_SHOWN = 50_000.0
"""What is less is 0.0 in millions."""


def sentences(sheet, summary, ledger, dates, bought, ahead, developed):
    """Questions of a board and their answers, as terms that follow the numbers.

    Parameters
    ----------
    sheet : Sheet
    summary : types.SimpleNamespace
        As `xlcost.workbook.summary.write_summary` gives it.
    ledger, dates : types.SimpleNamespace
    bought : types.SimpleNamespace
        As `xlcost.workbook.buy_or_rent.write_buy_or_rent` gives it.
    ahead : types.SimpleNamespace
        As `xlcost.workbook.outlook.write_outlook` gives it.
    developed : types.SimpleNamespace
        Range of the development cost.

    Yields
    ------
    (str, Term)
    """
    say, report, scenarios, currency = sheet.sentence, ledger.report, ledger.scenarios, dates.currency_shown
    yield (
        "How much",
        say(
            "The budget is {total} million {currency} of costs, without tax: {years}.",
            total=in_millions(summary.total),
            currency=currency,
            years=_by_year(sheet, dates, report.years),
        ),
    )
    yield (
        "What is paid",
        say(
            "{paid} million {currency} in these years: {years}.",
            paid=in_millions(summary.payments),
            currency=currency,
            years=_by_year(sheet, dates, report.paid),
        ),
    )
    opening, left = (report.row_of("books", name)[0] for name in (OPENING, CLOSING))
    at_first = say(", less {opening} at the beginning", opening=in_millions(opening))
    bridge = say(
        "They are the costs, plus {left} million USD of hardware still in the books at the end{at_first}{elsewhere}.",
        left=in_millions(left),
        at_first=np.where(np.abs(opening) < LEAST_SHOWN, "", at_first),
        elsewhere=_paid_elsewhere(sheet, summary.total + left - opening - summary.payments),
    )
    # In another currency the difference would hold the rates of several years.
    books = say(
        "Hardware in the books: {opening} million USD at the beginning, {left} at the end.",
        opening=in_millions(opening),
        left=in_millions(left),
    )
    yield "", np.where(dates.currency == CURRENCY, bridge, books)
    later = say("{lag} months", lag=as_text(dates.payment_lag))
    terms = say(
        "Hardware becomes cost over its life, in these years or later. People are paid at once, other bills {lag} "
        "later, hardware and commitments as the sheet Capacity says.",
        lag=np.where(dates.payment_lag == 1, say("1 month"), later),
    )
    at_once = say(
        "Hardware becomes cost over its life, in these years or later. People and other bills are paid at once, "
        "hardware and commitments as the sheet Capacity says."
    )
    yield "", np.where(dates.payment_lag == 0, at_once, terms)
    for question, view in (("For whom", "department"), ("For what", "component")):
        ranks = summary.ranked[view]
        # Where no more than these cost anything, they are all.
        largest = np.where(np.isnan(ranks[TOP].amount), "", say("Largest: "))
        ranked = _ranked(sheet, ranks)
        yield question, say("{largest}{ranked}; shares of the budget.", largest=largest, ranked=ranked)
    used = in_percent(np.where(np.isnan(summary.use), 0.0, summary.use))
    idle = say(
        "{use}% of the available hours, owned and committed, are used; the idle ones cost {idle} million {currency}, "
        "{share}% of the budget, which is in the costs above and {charged}.",
        use=used,
        charged=np.where(
            dates.charging == ENTITLED,
            say("charged by entitled shares"),
            say("charged to the owning department"),
        ),
        idle=in_millions(summary.idle),
        currency=currency,
        share=in_percent(share_of(summary.idle, summary.total)),
    )
    yield "Capacity", np.where(np.isnan(summary.use), say("No capacity of our own, and no commitment."), idle)
    yield "Buy or rent", say("An example: {answer}", answer=bought.sentence)
    yield "", bought.owning
    yield (
        "",
        say(
            "Discounted at {rate}% a year, with flows at {due}. {dated} The example is in no total and says nothing of "
            "the capacity above.",
            rate=as_text(rounded(100 * bought.discount_rate, 1)),
            due=bought.due,
            dated=bought.dated,
        ),
    )
    low, high = (scenarios.totals[name] for name in ("Low", "High"))
    yield (
        "How sure",
        say(
            "The budget is {low} million {currency} in scenario Low and {high} million {currency} in High, where "
            "all prices, wages and compute are at one end at once: extremes, not forecasts.",
            low=in_millions(low),
            high=in_millions(high),
            currency=currency,
        ),
    )
    largest = scenarios.largest
    yield (
        "",
        say(
            "What moves it most: {driver}. If it is {least} times that of the base case, the budget changes by {less} "
            "million {currency}; if {most} times, by {more} million {currency}, all else as it is.",
            driver=largest.name,
            least=as_text(rounded(largest.factors[0], 2)),
            most=as_text(rounded(largest.factors[1], 2)),
            less=_with_sign(sheet, largest.changes[0]),
            more=_with_sign(sheet, largest.changes[1]),
            currency=currency,
        ),
    )
    yield (
        "Range of development",
        say(
            "Development on the Summary (all models, in any year, no idle hours): {range}, a {level}% range; the "
            "budget has no such range.",
            range=range_in_words(sheet, developed),
            level=as_text(rounded(100 * developed.level, 1)),
        ),
    )
    yield "If the trend goes on", ahead.sentence


def _paid_elsewhere(sheet, amount):
    """What costs of the budget are paid in other years, less what costs of other years are paid in it."""
    less = sheet.sentence(", less {amount} million of costs that are paid in other years", amount=in_millions(amount))
    more = sheet.sentence(", plus {amount} million that is paid for costs of other years", amount=in_millions(-amount))
    return np.where(np.abs(amount) < LEAST_SHOWN, "", np.where(amount < 0, more, less))


def _with_sign(sheet, change):
    """A change in millions, with its sign where it is one."""
    more = sheet.sentence("+{amount}", amount=in_millions(change))
    less = sheet.sentence("−{amount}", amount=in_millions(-change))
    return np.where(change > 0, more, np.where(change < 0, less, in_millions(change)))


def _by_year(sheet, dates, amounts):
    """Amounts in millions by fiscal year, one after the other."""
    words = None
    for label, amount in zip(dates.years_shown, amounts):
        one = sheet.sentence("{amount} in {label}", amount=in_millions(amount), label=label)
        words = one if words is None else sheet.sentence("{before}, {one}", before=words, one=one)
    return words


def _ranked(sheet, ranks):
    """The largest of a table, with their amounts and shares."""
    words = None
    for rank in ranks[:TOP]:
        amount, share = (np.where(np.isnan(cell), 0.0, cell) for cell in (rank.amount, rank.share))
        one = sheet.sentence(
            "{name} {amount} million ({share}%)",
            name=rank.name,
            amount=in_millions(amount),
            share=in_percent(share),
        )
        if words is None:
            words = one
        else:
            joined = sheet.sentence("{before}, {one}", before=words, one=one)
            words = np.where(np.isnan(rank.amount), words, joined)
    return words
