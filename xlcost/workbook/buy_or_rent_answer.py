"""What the sheet Buy or rent answers: key figures, the sentence for the Cover, and what must hold."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..flows import discounted, internal_rate, paid_back, recoveries, reversals
from ..lookup import as_text, blank_if, fixed, rounded
from ..references import Range
from ..totals import count_below, count_errors, to_the_cent, total
from .wording import in_dollars

NEVER = "never"
UNKNOWN = "no price"
NO_BENEFITS = "no benefits are given"
LATER = "benefits come later"
AT_ONCE = "from the start"
NOT_WITHIN = "not within the plan"
NO_OUTLAY = "nothing is laid out"
UNCLEAR = "not clear: see flows"
NO_PRICE = "No way can be told: there is neither a price of this chip at this date nor one of an external model."
NOT_SET = (
    "Nothing can be told: set a chip, whole chips, 1 to 5 whole years, a use from 0% to 100%, and when amounts are due."
)
IN_WORDS = ("owning", "a 3-year commitment", "a 1-year commitment", "renting on demand", "an external model")


def write_figures(sheet, heading, put, place, flows, benefits, even, base):
    """Break-even use, and what the benefits make of the cheapest way, under a heading in a row.

    Returns
    -------
    types.SimpleNamespace
        Cells: break_even, worth, net, payback, irr and discounted_net.
    """
    say, is_lacking = sheet.sentence, np.isnan(place.best)
    are_none = total(benefits.of_years) == 0
    without = np.where(are_none, say(NO_BENEFITS), say(LATER))
    worth = put("Benefits, today", blank_if(np.isnan(base.months), discounted(flows.benefits, base.rate)))
    net = put("Benefits less costs, today", worth - place.cost)
    discounted_net = blank_if(is_lacking, discounted(flows.net, base.rate))
    discounted_net = put("Benefits less costs, from the flows", discounted_net)
    spent = put("Months after which more is paid than won", count_below(flows.cumulated, 0.0), "count", "months")
    back = put("Month after the last of them", paid_back(flows.cumulated, flows.months), "count", "")
    rises = put("Times it is paid back", recoveries(flows.cumulated), "count", "")
    falls = put("Times it ceases to be", reversals(flows.cumulated), "count", "")
    is_unclear = ~((rises == 1) & (falls == 0))
    has_none = is_unclear | (back > base.months) | is_lacking
    # Months that costs take to be won back are close to one over the rate, or more.
    monthly = blank_if(has_none, internal_rate(flows.net, 1 / back))
    monthly = put("Internal rate of return by month", monthly, "precise", "a month")
    yearly = put("Internal rate of return", equations.yearly_rate(monthly), "share", "a year")

    def told(number, at_once, not_within):
        said = np.where(spent == 0, say(at_once), np.where(back > base.months, say(not_within), number))
        return np.where(is_lacking, say(UNKNOWN), np.where(worth == 0, without, said))

    unit = np.where(are_none | (worth > 0), "USD", say("USD; all that are given fall after the plan"))
    rows = (
        (
            "break_even",
            "Break-even use",
            even.shown,
            "share",
            "Of all hours: owning costs less than on demand above it",
        ),
        ("worth", "Present value of the benefits", worth, "money", unit),
        ("net", "Benefits less costs, the cheapest way", net, "money", "USD, net present value"),
        (
            "payback",
            "Payback",
            told(back, AT_ONCE, NOT_WITHIN),
            "count",
            "Month from which on benefits cover all costs",
        ),
        (
            *(
                "irr",
                "Internal rate of return",
                told(np.where(is_unclear, say(UNCLEAR), yearly), NO_OUTLAY, NOT_WITHIN),
            ),
            *("share", "A year, of the cheapest way"),
        ),
    )
    for letter, text in zip("ABCDE", ("What comes of it", "Value", "", "", "")):
        sheet.put(f"{letter}{heading}", text, style="heading_right" if letter == "B" else "heading")
    found = {}
    for row, (name, label, value, number_format, note) in enumerate(rows, start=heading + 1):
        sheet.put(f"A{row}", label, style="label")
        found[name] = sheet.put(f"B{row}", value, style="result", format=number_format)
        sheet.put(f"C{row}", note, style="note")
    return SimpleNamespace(**found, discounted_net=discounted_net)


def owning_of(sheet, even, key):
    """From which use on owning pays, and up to which against a commitment."""
    say = sheet.sentence
    above = say(
        "Above {share}% use, owning costs less than renting on demand.", share=as_text(rounded(even.share * 100, 1))
    )
    told = np.where(key.break_even == say(NEVER), say("Owning never costs less than renting on demand."), above)
    told = np.where(key.break_even == say(UNKNOWN), say("Owning and renting on demand cannot be compared."), told)
    against = even.commitment
    which = np.where(against.is_longest, *map(say, IN_WORDS[1:3]))
    some = say(
        "Against {commitment}, owning costs less up to {share}% use.",
        commitment=which,
        share=as_text(rounded(against.share * 100, 1)),
    )
    always = say(
        "Owning costs less than {commitment} at any use; both are paid for whether they are used or not.",
        commitment=which,
    )
    never = say("Against {commitment}, owning never costs less.", commitment=which)
    committed = np.where(against.share >= 1, always, np.where(against.share <= 0, never, some))
    both = say("{on_demand} {committed}", on_demand=told, committed=committed)
    return np.where(np.isnan(against.share), told, both)


def sentence_of(sheet, given, place, base):
    """Which way is the cheapest, and by how much."""
    say = sheet.sentence

    def way(number):
        *others, last = map(say, IN_WORDS)
        for position, words in reversed(list(enumerate(others, start=1))):
            last = np.where(number == position, words, last)
        return last

    years = np.where(given.years == 1, say("1 year"), say("{years} years", years=as_text(given.years)))
    parts = dict(
        fleet=say("{chips} × {chip}", chips=fixed(given.chips, 0, grouped=True), chip=given.chip),
        use=as_text(rounded(given.use * 100, 1)),
        years=years,
        best=way(place.best),
        cost=in_dollars(say, place.cost),
    )
    alone = say(
        "{fleet} at {use}% use over {years}: {best} has a net present cost of {cost}; no other way has a price.",
        **parts,
    )
    compared = say(
        "{fleet} at {use}% use over {years}: {best} is the cheapest, with a net present cost of {cost}, {gap} "
        "less than {second}.",
        **parts,
        gap=in_dollars(say, place.next_cost - place.cost),
        second=way(place.second),
    )
    told = np.where(place.known == 0, say(NO_PRICE), np.where(place.known == 1, alone, compared))
    return np.where(base.usable == 0, say(NOT_SET), told)


def checks_of(sheet, base, ways, flows, bridge, key):
    """What must hold: label, found, expected, advice."""

    def known(cell):
        return np.where(np.isnan(cell), 0.0, cell)

    gaps = [
        np.where(np.isnan(cost), 0.0, np.abs(to_the_cent(discounted(getattr(flows, way), base.rate) - cost)))
        for way, cost in ways.items()
    ]
    wrong = gaps[0]
    for gap in gaps[1:]:
        wrong = wrong + gap
    everything = Range(f"{sheet.range('A', 1, 1)._text.partition(':')[0]}:$K${flows.last}", [])
    return [
        (
            "Buy or rent: the bridge adds up to the difference",
            known(bridge.gap),
            known(bridge.expected),
            "See Buy or rent, owning line by line",
        ),
        (
            "Buy or rent: the flows of each way discount to its net present cost",
            wrong,
            0.0,
            "See Buy or rent, month by month",
        ),
        (
            "Buy or rent: the flows of the cheapest way discount to benefits less costs",
            known(key.discounted_net),
            known(key.net),
            "See Buy or rent, month by month",
        ),
        (
            "Buy or rent: settings that cannot be",
            1 - base.usable + base.bad_loan + base.refused,
            0.0,
            "Set chip, whole chips, 1 to 5 whole years, use and timing; a loan has an interest and a term; figures are "
            "numbers, none is below 0, shares are at most 100%",
        ),
        (
            "Buy or rent: cells that show an error",
            count_errors(everything),
            0.0,
            "Look for #N/A and other errors there",
        ),
    ]
