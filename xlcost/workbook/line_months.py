"""The months of the budget's lines: when each falls, at which price, and who bears what of capacity."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..budget.settings import ENTITLED
from ..budget.tables import SHARES
from ..lookup import take
from ..totals import total, total_by_number, total_by_numbers
from .line_sources import SHARES_OF_LOSS
from .lines import OF_RUNS


def spread(lines, calendar, months):
    """Put the months of all blocks of lines.

    Parameters
    ----------
    lines : xlcost.workbook.lines.Lines
    calendar : types.SimpleNamespace
    months : xlcost.workbook.capacity_months.CapacityMonths
    """
    entitled = calendar.charging == ENTITLED

    def of(block):
        return lambda name: lines.of(name, block)

    def of_runs(block):
        own = of(block)

        def make(number, period):
            days = equations.time_within(own("start"), own("until"), period.start, period.end)
            return days * own("daily") * take(months.prices[number], own("price_number"))

        return make

    for block in OF_RUNS:
        lines.months(block, of_runs(block))

    def of_share(number, period):
        own = of(SHARES.name)
        cost = take(months.cells["cost"][number], own("capacity_number"))
        paid = total_by_numbers(
            lines.amounts_of(number, *OF_RUNS),
            (lines.range("capacity_number", *OF_RUNS), own("capacity_number")),
            (lines.range("department_number", *OF_RUNS), own("department_number")),
        )
        due = own("times") * cost - paid
        return np.where(entitled & (own("capacity_number") > 0), due, 0.0)

    def of_idle(number, period):
        own = of("idle")
        idle = months.beside("idle_cost", number, lines.blocks["idle"].first)
        by_shares = total_by_number(
            lines.amounts_of(number, SHARES.name),
            lines.range("capacity_number", SHARES.name),
            own("capacity_number"),
        )
        return idle - by_shares

    def of_share_of_loss(number, period):
        own = of(SHARES_OF_LOSS)
        loss = take(months.cells["loss"][number], own("capacity_number"))
        return np.where(entitled & (own("capacity_number") > 0), own("times") * loss, 0.0)

    def of_disposal(number, period):
        by_shares = total_by_number(
            lines.amounts_of(number, SHARES_OF_LOSS),
            lines.range("capacity_number", SHARES_OF_LOSS),
            lines.of("capacity_number", "disposal"),
        )
        return months.beside("loss", number, lines.blocks["disposal"].first) - by_shares

    def rate_of(own, period):
        return np.where(own("currency_number") > 0, take(period.rates, own("currency_number")), 0.0)

    def of_people(block):
        own = of(block)
        return lambda number, period: (
            equations.share_within(own("start"), own("days"), period.start, period.end)
            * own("amount")
            * period.wages
            * rate_of(own, period)
        )

    def of_others(number, period):
        own = of("others")
        within = equations.time_within(
            own("first_month"), own("first_month") + own("month_count"), period.start_month, period.end_month
        )
        times = np.where(own("times") > 0, within, period.holds(own("first_month")))
        return times * own("amount") * period.prices * rate_of(own, period)

    def of_contingency(number, period):
        blocks = [name for name in lines.blocks if name != "contingency"]
        return of("contingency")("times") * total(lines.amounts_of(number, *blocks))

    makers = {SHARES.name: of_share, SHARES_OF_LOSS: of_share_of_loss, "idle": of_idle, "disposal": of_disposal}
    makers |= {"employees": of_people("employees"), "contractors": of_people("contractors")}
    makers |= {"others": of_others, "contingency": of_contingency}
    for block, make in makers.items():
        lines.months(block, make)
    lines.close()
