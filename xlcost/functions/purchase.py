"""Functions of owning: rent or buy, the use above which buying pays, a run's cost by month, the value in the books."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..catalog.vendors import TERM_YEARS
from ..date_parts import day, month, year
from ..equations.parameters import HOURS_PER_DAY, MONTHS_PER_YEAR
from ..formula import where
from .arguments import CHIP, CHIPS, START, Argument
from .described import Function, Model

YEARS = Argument("years", "Years that are planned for", unit="year", limits={"above": 0, "at_most": 20})
DISCOUNT = Argument(
    "discount_rate",
    "What money costs, as a share a year; 10% where left out",
    unit="share",
    optional=True,
    limits={"at_least": 0, "at_most": 1},
)
LONGEST_MONTH = 31.0

RENTALS = {"three_years": ("3-year commitment", "cloud_3y"), "one_year": ("1-year commitment", "cloud_1y")}
ON_DEMAND = "on_demand"


def _fleet(given, model):
    """Net present costs of owning: what is paid whether it is used or not, and the energy of all available hours."""
    keep, assume, steps = model.keep, model.assume, model.steps(given)
    months = keep("months", given.years * MONTHS_PER_YEAR)
    rate = keep("rate", equations.monthly_rate(model.usual("discount_rate", given.discount_rate)))
    annuity = keep("annuity", equations.present_value_of_months(1.0, months, rate))
    acquisition = keep("acquisition", steps.acquisition_cost)
    pay = keep("pay", equations.yearly_pay(*(assume[name] for name in ("salary", "equity", "employment_overhead"))))
    upkeep = equations.upkeep_of_month(
        acquisition,
        steps.power_capacity_kw,
        given.chips,
        pay,
        *(assume[name] for name in ("hosting", "maintenance", "operations", "insurance")),
    )
    then = equations.value_at_start(acquisition, given.years, assume["depreciation_rate"])
    proceeds = equations.present_value(equations.disposal_proceeds(then, assume["haircut"]), months, rate)
    kwh = equations.energy_kwh(
        steps.tdp_w,
        steps.server_power_factor,
        steps.average_power_share,
        steps.pue,
        equations.chip_hours_from_cluster(given.chips, assume["hours_per_year"]),
    )
    energy = equations.energy_cost(kwh, steps.usd_per_kwh_used) / MONTHS_PER_YEAR
    return SimpleNamespace(
        months=months,
        rate=rate,
        annuity=annuity,
        whether_used=keep("whether_used", acquisition + annuity * keep("upkeep", upkeep) - proceeds),
        energy=keep("energy_at_full_use", annuity * energy),
    )


def _rent_of_month(given, model, name, sourcing):
    """What all available hours cost in a month."""
    # Steps of several contracts side by side.
    apart = Model(model.facts, model.assume, lambda step, value: model.keep(f"{name}_{step}", value))
    price = apart.steps(given, sourcing=sourcing).usd_per_chip_hour
    return equations.rental_of_month(price, given.chips, 1.0, model.assume["hours_per_year"])


def _on_demand(given, model, fleet):
    """Net present cost of renting all available hours on demand."""
    return model.keep(f"{ON_DEMAND}_cost", fleet.annuity * _rent_of_month(given, model, ON_DEMAND, "cloud_on_demand"))


def _committed(given, model, name, sourcing, fleet):
    """Net present cost of a commitment, to the end of its last term."""
    of_month, term = _rent_of_month(given, model, name, sourcing), TERM_YEARS[sourcing] * MONTHS_PER_YEAR
    return model.keep(f"{name}_cost", equations.commitment_cost(of_month, fleet.months, term, fleet.rate))


def _rent_or_buy(given, model):
    fleet = _fleet(given, model)
    rows = [["Own hardware", fleet.whether_used + fleet.energy * given.use]]
    rows += [[label, _committed(given, model, name, sourcing, fleet)] for name, (label, sourcing) in RENTALS.items()]
    on_demand = _on_demand(given, model, fleet)
    return [["Way", "Net present cost"], *rows, ["On demand", on_demand * given.use]]


def _break_even_use(given, model):
    fleet = _fleet(given, model)
    on_demand = _on_demand(given, model, fleet)
    return equations.break_even_use(fleet.whether_used, model.keep("saved", on_demand - fleet.energy))


def _monthly_cost(given, model):
    first = model.keep("first", np.floor(given.month) - day(given.month) + 1)
    later = model.keep("later", first + LONGEST_MONTH)
    share = equations.share_within(given.start, given.hours / HOURS_PER_DAY, first, later - day(later) + 1)
    return given.cost * share


def _months(serial):
    """Months since the year 0."""
    return year(serial) * MONTHS_PER_YEAR + month(serial)


def _book_value(given, model):
    # A month is booked at its end, the first one as a whole.
    after = model.keep("after", given.on_date + 1)
    booked = model.keep("booked", _months(after) - _months(given.in_service))
    residual = model.keep("left", where(np.isnan(given.residual), 0.0, given.residual))
    return equations.book_value(given.cost, booked, given.life * MONTHS_PER_YEAR, residual)


FLEET = ("H100", 1000, 3)

FUNCTIONS = (
    Function(
        "RENT_OR_BUY",
        "What a fleet costs over some years in today's money: owned, under a 3-year or 1-year commitment (paid to the "
        "end of its term, used or not), and on demand. Owned: purchase, hosting, staff, maintenance, energy, less its "
        "sale.",
        "USD",
        (
            CHIP,
            CHIPS,
            YEARS,
            Argument(
                "use", "Share of the available hours that is used, from 0 to 1", limits={"at_least": 0, "at_most": 1}
            ),
            START,
            DISCOUNT,
            Argument("headers", "TRUE (where left out) for a row of headings, FALSE for none", "flag", optional=True),
        ),
        (*FLEET, 0.6, "2026-03-01"),
        _rent_or_buy,
        spills=("text", "money"),
        needs_python=True,
    ),
    Function(
        "BREAK_EVEN_USE",
        "Share of the available hours above which owning a fleet is cheaper than renting it on demand; above 1 it "
        "never is.",
        "share",
        (CHIP, CHIPS, YEARS, START, DISCOUNT),
        (*FLEET, "2026-03-01"),
        _break_even_use,
    ),
    Function(
        "MONTHLY_COST",
        "The part of a run's cost that falls into a month, by its hours in it; all months add up to the cost.",
        "USD",
        (
            Argument("cost", "Cost of the whole run", unit="USD", limits={"at_least": -1e18, "at_most": 1e18}),
            Argument("start", "Day, or moment, when it starts", "date"),
            Argument("hours", "How long it takes", unit="hour", limits={"above": 0, "at_most": 1e6}),
            Argument("month", "Any day of the month, or text such as 2026-03", "month"),
        ),
        (5_000_000, "2026-03-20", 1440, "2026-04-01"),
        _monthly_cost,
    ),
    Function(
        "BOOK_VALUE",
        "Value of a purchase in the accounting book: straight line by months, the first one as a whole.",
        "USD",
        (
            Argument("cost", "Purchase price", unit="USD", limits={"at_least": 0, "at_most": 1e15}),
            Argument("in_service", "Day on which it is put into service", "date"),
            Argument("life", "Useful life in years", unit="year", limits={"above": 0, "at_most": 50}),
            Argument("on_date", "Day on which the value is wanted, not before it is in service", "date"),
            Argument(
                "residual",
                "What is left at the end of its life; nothing where left out",
                unit="USD",
                optional=True,
                limits={"at_least": 0, "at_most": 1e15},
            ),
        ),
        (60_000_000, "2026-01-15", 5, "2027-03-31", 3_000_000),
        _book_value,
        refuses=lambda given, model: (
            (given.on_date < given.in_service) | (where(np.isnan(given.residual), 0.0, given.residual) > given.cost)
        ),
    ),
)
