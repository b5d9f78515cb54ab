"""What must hold of capacity: that it is described, has an owner and is enough, and how it is shared."""

from __future__ import annotations

import numpy as np

from ..budget.columns import COMMITTED_YEARS, KINDS
from ..budget.tables import SHARES
from ..formula import Term
from ..totals import count_filled, count_numbers, total
from .line_capacity import HARDLY
from .lines import OF_RUNS

COSTS_UNUSED = "owned", *COMMITTED_YEARS
"""Kinds of capacity whose hours cost whether they are used or not."""


def lacking(names, numbers):
    """Number of rows with a name and no number."""
    return Term(f'SUMPRODUCT(({names._text}<>"")*(1-ISNUMBER({numbers._text})))', 0.0)


def unknown(names, cells, choices):
    """Number of rows with a name whose text is none of some."""
    other = "*".join(f'({cells._text}<>"{choice}")' for choice in choices)
    return Term(f'SUMPRODUCT(({names._text}<>"")*{other})', 0.0)


def capacity_checks(ledger, runs, costs):
    """What must hold of capacity, of the runs that use it, and of shares in it: label, found, expected, advice."""
    none, capacity, lines = 0.0, ledger.capacity, ledger.lines
    given = capacity.ranges
    yield (
        "Months in which runs need more of a capacity than there is",
        total(ledger.months.totals["short"]),
        none,
        "Capacity names it, and Capacity months the month; add chips, move runs, or let one rent",
    )
    yield (
        "Runs and trials that begin when their capacity has too few chips",
        _count_above(lines.range("missing", *OF_RUNS), HARDLY),
        none,
        "Lines marks them: other runs have its chips then; move a run, add chips, or let one rent",
    )
    yield (
        "Runs and trials outside of the days of their capacity",
        _count_above(lines.range("outside", *OF_RUNS), HARDLY),
        none,
        "Lines marks them: compare their days with In service from and until on Capacity",
    )
    yield (
        "Capacity without a cost",
        count_filled(given["capacity"]) - count_numbers(given["cost_known"]),
        none,
        "On Capacity, give kind, chip, chips, first day, and your own price where the catalog has none",
    )
    names = given["capacity"]
    yield (
        "Capacity without chips or a first day, or whose kind is not listed",
        lacking(names, given["chips"]) + lacking(names, given["in_service"]) + unknown(names, given["kind"], KINDS),
        none,
        f"On Capacity, give each of them; kinds are {', '.join(KINDS)}",
    )
    currency = given["currency"]
    yield (
        "Capacity whose currency is not listed",
        Term(
            f'SUMPRODUCT(({currency._text}<>"")*({given["currency_number"]._text}=0))',
            float(np.sum((currency.values != "") & (given["currency_number"].values == 0))),
        ),
        none,
        "On Capacity, choose a currency of the list on Calendar; until then its own prices don't count",
    )
    kinds = "+".join(f'({given["kind"]._text}="{kind}")' for kind in COSTS_UNUSED)
    owner = given["owner"]
    yield (
        "Owned or committed capacity without an owner",
        Term(
            f'SUMPRODUCT(({names._text}<>"")*({kinds})*({owner._text}=""))',
            float(np.sum((names.values != "") & np.isin(given["kind"].values, COSTS_UNUSED) & (owner.values == ""))),
        ),
        none,
        "On Capacity, name the department that pays for idle hours",
    )
    depreciated, depreciable, rate = ledger.months.cells["depreciated"][-1], given["depreciable"], given["start_rate"]
    yield (
        "Capacity depreciated below its residual value",
        Term(
            f"SUMPRODUCT(ISNUMBER({depreciable._text})*({depreciated._text}-0.005>{depreciable._text}*{rate._text}))",
            float(np.nansum(depreciated.values - 0.005 > depreciable.values * rate.values)),
        ),
        none,
        "See Capacity months",
    )
    numbers = lines.range("capacity_number", "runs")
    clusters = runs.ranges["capacity"]
    yield (
        "Runs whose cluster is not on Capacity",
        Term(
            f'IF({count_filled(given["capacity"])._text}=0,0,SUMPRODUCT(({clusters._text}<>"")*({numbers._text}=0)))',
            float(
                np.sum((clusters.values != "") & (numbers.values == 0)) if (given["capacity"].values != "").any() else 0
            ),
        ),
        none,
        "Spell the cluster on Runs as on Capacity, or add it there; until then such a run is costed by itself",
    )
    own_chip, chip = costs.ranges["chip_row"], given["chip_row"]
    listed = np.concatenate([[np.nan], np.asarray(chip.values, dtype=float)])
    is_other = np.asarray(own_chip.values, dtype=float) != listed[numbers.values.astype(int)]
    yield (
        "Runs whose chip is not that of their capacity",
        Term(
            f"SUMPRODUCT(({numbers._text}>0)"
            f"*({own_chip._text}<>SUMIF({given['number']._text},{numbers._text},{chip._text})))",
            float(np.sum((numbers.values > 0) & is_other)),
        ),
        none,
        "On Runs and Capacity, name the same chip; a run is charged its capacity's price for an hour",
    )
    shares, of_share = ledger.shares.ranges["capacity"], ledger.shares.ranges
    of_shares = lines.range("capacity_number", SHARES.name), lines.range("department_number", SHARES.name)
    yield (
        "Shares in a capacity, or of a department, that is not listed",
        Term(
            f'SUMPRODUCT((({shares._text}<>"")+({of_share["department"]._text}<>"")+({of_share["share"]._text}<>"")>0)'
            f"*(1-({of_shares[0]._text}>0)*({of_shares[1]._text}>0)*ISNUMBER({of_share['share']._text})))",
            float(np.sum((shares.values != "") & ~((of_shares[0].values > 0) & (of_shares[1].values > 0)))),
        ),
        none,
        "On Shares, name a capacity of Capacity and a department of Inputs",
    )
    yield (
        "Shares that are twice those of a department, or more than all of a capacity",
        _too_many(*of_shares, lines.range("times", SHARES.name)),
        none,
        "On Shares, each department has one share in a capacity, and together they are at most 1 (100%)",
    )


def _count_above(numbers, limit):
    return Term(f'COUNTIF({numbers._text},">{limit}")', float(np.sum(numbers.values.astype(float) > limit)))


def _too_many(capacity, department, share):
    """Number of shares of which another row has the same department, or whose capacity is given away more than once."""
    keys = list(zip(capacity.values.tolist(), department.values.tolist()))
    whole = {}
    for (number, _), part in zip(keys, share.values.tolist()):
        whole[number] = whole.get(number, 0.0) + part
    wrong = [key[0] > 0 and (keys.count(key) > 1 or whole[key[0]] > 1 + 1e-9) for key in keys]
    one, other, parts = capacity._text, department._text, share._text
    twice = f"COUNTIFS({one},{one},{other},{other})>1"
    return Term(f"SUMPRODUCT(({one}>0)*((({twice})+(SUMIF({one},{one},{parts})>1+1/10^9))>0))", float(sum(wrong)))
