"""What the Cover says in sentences: how much, when, for whom, for what, whether to buy, how sure."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..budget.settings import ENTITLED
from ..budget.tables import LONGEST_LAG
from ..formula import as_term
from ..lookup import as_text, rounded
from ..totals import share_of
from .development import range_in_words
from .report import CLOSING, OPENING
from .scenarios import HIGH, LOW
from .wording import in_percent, in_words, rounds_to_nothing

TOP = 3
"""How many departments and costs are named."""


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

    def words(amount):
        return in_words(sheet.language, amount)

    yield (
        "How much",
        say(
            "The budget is {total} {currency} of costs, without tax: {years}.",
            total=words(summary.total),
            currency=currency,
            years=_by_year(sheet, dates, report.years),
        ),
    )
    yield "", _outside(sheet, ledger.lines.sums, summary.total, currency)
    yield (
        "What is paid",
        say(
            "{paid} {currency} in these years: {years}.",
            paid=words(summary.payments),
            currency=currency,
            years=_by_year(sheet, dates, report.paid),
        ),
    )
    opening, left = (report.row_of("books", name)[0] for name in (OPENING, CLOSING))
    yield "", _bridge(sheet, summary.total, opening, left, summary.payments, currency)
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
        ranked = say("{largest}{ranked}. Shares are of the budget.", largest=largest, ranked=_ranked(sheet, ranks))
        yield question, np.where(np.isnan(ranks[0].amount), say("No costs fall in these years."), ranked)
    used = in_percent(np.where(np.isnan(summary.use), 0.0, summary.use))
    idle = say(
        "{use}% of the available hours, owned and committed, are used; the idle ones cost {idle} {currency}, {share}% "
        "of the budget, which is in the costs above and {charged}.",
        use=used,
        charged=np.where(
            dates.charging == ENTITLED,
            say("charged by entitled shares"),
            say("charged to the owning department"),
        ),
        idle=words(summary.idle),
        currency=currency,
        share=in_percent(share_of(summary.idle, summary.total)),
    )
    yield "Capacity", np.where(np.isnan(summary.use), say("No capacity of our own, and no commitment."), idle)
    yield "Buy or rent", say("An example: {answer}", answer=bought.sentence)
    yield "", bought.owning
    yield (
        "",
        say(
            "Discounted at {rate}% a year, with flows at {due}. {dated}",
            rate=as_text(rounded(100 * bought.discount_rate, 1)),
            due=bought.due,
            dated=bought.dated,
        ),
    )
    yield "", as_term(say("The example is in no total and says nothing of the capacity above."))
    extremes = say(", where all prices, wages and compute are at one end at once: extremes, not forecasts")
    low, high = (SimpleNamespace(name=scenarios.called[of], total=scenarios.totals[of]) for of in (LOW, HIGH))
    yield (
        "How sure",
        say(
            "The budget is {low} {currency} in scenario {low_name} and {high} {currency} in {high_name}{extremes}.",
            low=words(low.total),
            high=words(high.total),
            low_name=low.name,
            high_name=high.name,
            # Where all factors are 1, both are the budget of the base case.
            extremes=np.where(low.total == high.total, "", extremes),
            currency=currency,
        ),
    )
    yield "", _driver(sheet, scenarios.largest, low.name, high.name, currency)
    yield (
        "Range of development",
        say(
            "Development on the Summary: {range} ({level}% range); the budget has no such range.",
            range=range_in_words(sheet, developed),
            level=as_text(rounded(100 * developed.level, 1)),
        ),
    )
    whole = say(
        "It is of all models, in any year, without idle hours, at base prices and compute whatever the scenario."
    )
    yield "", as_term(whole)
    yield "If the trend goes on", ahead.sentence


def _outside(sheet, sums, total, currency):
    """Costs that fall before the budget's years and after them, without what rounds to nothing."""
    say, before = sheet.sentence, sums[0]
    for ahead in sums[1 : LONGEST_LAG + 1]:
        before = before + ahead
    after = sums[-1]
    words = {
        name: say(text, amount=in_words(sheet.language, amount), currency=currency)
        for name, text, amount in (
            ("before", "in earlier years {amount} {currency}", before),
            ("after", "in later years {amount} {currency}", after),
        )
    }
    is_none = {name: rounds_to_nothing(amount, total) for name, amount in (("before", before), ("after", after))}
    both = say("{before}; {one}", before=words["before"], one=words["after"])
    which = np.where(is_none["before"], words["after"], np.where(is_none["after"], words["before"], both))
    some = say("Not in it are costs of the same runs, capacity and people: {which}.", which=which)
    nothing = say("No cost of these runs, capacity and people falls in other years.")
    return np.where(is_none["before"], np.where(is_none["after"], nothing, some), some)


def _bridge(sheet, total, opening, left, payments, currency):
    """What leads from the costs to the payments, without the parts that round to nothing."""
    say = sheet.sentence

    def part(amount, words):
        return np.where(rounds_to_nothing(amount, total), "", words)

    at_end = say(
        ", plus {left} {currency} of hardware still in the books at the end",
        left=in_words(sheet.language, left),
        currency=currency,
    )
    opening_words = in_words(sheet.language, opening)
    # Where nothing is left at the end, it has not been said of what this is.
    at_first = np.where(
        rounds_to_nothing(left, total),
        say(
            ", less {opening} {currency} of hardware in the books at the beginning",
            opening=opening_words,
            currency=currency,
        ),
        say(", less {opening} at the beginning", opening=opening_words),
    )
    elsewhere = total + left - opening - payments
    less, more = (in_words(sheet.language, amount) for amount in (elsewhere, -elsewhere))
    less = say(", less {amount} {currency} of costs that are paid in other years", amount=less, currency=currency)
    more = say(", plus {amount} {currency} that is paid for costs of other years", amount=more, currency=currency)
    return say(
        "They are the costs{at_end}{at_first}{elsewhere}.",
        at_end=part(left, at_end),
        at_first=part(opening, at_first),
        elsewhere=part(elsewhere, np.where(elsewhere < 0, more, less)),
    )


def _driver(sheet, largest, low, high, currency):
    """What moves the budget most between the low and the high scenario, if anything does."""
    say = sheet.sentence
    least, most = (
        np.where(
            factor == 1,
            say("as in the base case"),
            say("at {factor} times the base case", factor=as_text(rounded(factor, 2))),
        )
        for factor in largest.factors
    )
    less, more = (_with_sign(sheet, change) for change in largest.changes)
    moves = say(
        "What moves it most: {driver}; {least} the budget changes by {less} {currency}, {most} by {more} {currency}, "
        "all else as it is.",
        driver=largest.name,
        least=least,
        most=most,
        less=less,
        more=more,
        currency=currency,
    )
    nothing = say("Nothing moves it between {low} and {high}.", low=low, high=high)
    return np.where(largest.changes[0] == largest.changes[1], nothing, moves)


def _with_sign(sheet, change):
    """A change in words, with its sign where it is one."""
    more = sheet.sentence("+{amount}", amount=in_words(sheet.language, change))
    less = sheet.sentence("−{amount}", amount=in_words(sheet.language, -change))
    return np.where(change > 0, more, np.where(change < 0, less, in_words(sheet.language, change)))


def _by_year(sheet, dates, amounts):
    """Amounts by fiscal year, one after the other."""
    words = None
    for label, amount in zip(dates.years_shown, amounts):
        one = sheet.sentence("{amount} in {label}", amount=in_words(sheet.language, amount), label=label)
        words = one if words is None else sheet.sentence("{before}; {one}", before=words, one=one)
    return words


def _ranked(sheet, ranks):
    """The largest of a table, with their amounts and shares."""
    words = None
    for rank in ranks[:TOP]:
        amount, share = (np.where(np.isnan(cell), 0.0, cell) for cell in (rank.amount, rank.share))
        one = sheet.sentence(
            "{name} {amount} ({share}%)",
            name=rank.name,
            amount=in_words(sheet.language, amount),
            share=in_percent(share),
        )
        if words is None:
            words = one
        else:
            joined = sheet.sentence("{before}; {one}", before=words, one=one)
            words = np.where(np.isnan(rank.amount), words, joined)
    return words
