"""Buy or rent worked out month by month, with none of the sheet's formulas; and the sheet as somebody who reads it."""

from types import SimpleNamespace

import numpy as np
import numpy_financial as npf
import pytest
from scipy.optimize import brentq

from tests.workbook.compare import MASTER
from xlcost import catalog
from xlcost.equations.parameters import ASSUMPTIONS, PROJECT_ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from xlcost.facts import facts_of
from xlcost.functions.described import Model
from xlcost.workbook import buy_or_rent
from xlcost.workbook.buy_or_rent_answer import NEVER, UNKNOWN

NAME = buy_or_rent.NAME
WAYS = ("Own hardware", "3-year commitment", "1-year commitment", "On demand", "External model")
SOURCINGS = dict(zip(WAYS[1:4], ("cloud_3y", "cloud_1y", "cloud_on_demand")))
TERMS = {"3-year commitment": 36, "1-year commitment": 12}
"""Months that each commitment runs."""
ASSUME = {name: float(value) for name, value in (ASSUMPTIONS | PROJECT_ASSUMPTIONS | PURCHASE_ASSUMPTIONS).items()}
SET_HERE = {
    "chip": "Chip",
    "chips": "Chips",
    "organization": "Organization",
    "start": "Start",
    "years": "Years planned",
    "use": "Expected use",
    "timing": "Costs and benefits fall due at",
    "installation": "Installation, once",
    "borrowed": "Share that is borrowed",
    "interest": "Interest on the loan",
    "term": "Term of the loan",
    "price": "External model: price",
    "tokens": "External model: amount",
    "fine_tuning": "External model: fine-tuning",
}
SET_ON_INPUTS = ("discount_rate", "hosting", "maintenance", "insurance", "operations", "haircut", "depreciation_rate")
FACTORS = {
    "hardware": "Factor on the price of hardware",
    "cloud": "Factor on the price of cloud computing",
    "energy": "Factor on the price of electricity",
    "wages": "Factor on the price of work",
    "others": "Factor on the price of all else",
}
FACTS = facts_of(catalog.load(), ASSUME)


def usual(facts=None):
    """What the sheet holds when it is written."""
    facts = facts or catalog.load()
    return SimpleNamespace(
        **dict(chip=facts.names.find("H100")[0], chips=1000.0, organization="", start=float(facts.month), years=3.0),
        **dict(use=0.6, timing="month end", installation=0.0, borrowed=0.0, interest=0.1, term=3.0),
        **dict(price=None, tokens=None, fine_tuning=None, benefits=np.zeros(5), assume=dict(ASSUME)),
        **dict(hardware=1.0, cloud=1.0, energy=1.0, wages=1.0, others=1.0),
    )


def priced(chosen):
    """Purchase, kWh and USD/kWh, kW, and USD/chip-hour by way of renting; NaN where there is none."""
    model = Model(FACTS, chosen.assume)
    run = SimpleNamespace(
        chip=chosen.chip, chips=chosen.chips, organization=chosen.organization or "", start=chosen.start
    )
    own = model.steps(run)
    hours = chosen.chips * chosen.assume["hours_per_year"]
    rents = {way: model.steps(run, sourcing=sourcing).usd_per_chip_hour for way, sourcing in SOURCINGS.items()}
    kwh = own.tdp_w / 1000 * own.server_power_factor * own.average_power_share * own.pue * hours
    return SimpleNamespace(
        purchase=own.acquisition_cost * chosen.hardware,
        energy=kwh * own.usd_per_kwh_used * chosen.energy,
        power=own.power_capacity_kw,
        rent={way: price * chosen.cloud * hours / 12 for way, price in rents.items()},
    )


def paid(chosen, yearly):
    """A year's amounts, by month from 0 to 60, as they fall due; `yearly` is one amount, or one a year."""
    flows, months = np.zeros(61), int(chosen.years) * 12
    for month in range(1, months + 1):
        amount = np.broadcast_to(yearly, 5)[(month - 1) // 12]
        if chosen.timing == "month end":
            flows[month] = amount / 12
        elif month % 12 == {"mid-year": 6, "end of year": 0}[chosen.timing]:
            flows[month] = amount
    return flows


def flows_of(chosen):
    """Costs of each way by month; NaN where a price is missing."""
    facts, assume, months = priced(chosen), chosen.assume, int(chosen.years) * 12
    pay = (assume["salary"] * assume["employment_overhead"] + assume["equity"]) * chosen.wages
    upkeep = (
        12 * assume["hosting"] * facts.power * chosen.others
        + assume["operations"] * chosen.chips * pay
        + (assume["maintenance"] + assume["insurance"]) * facts.purchase
    )
    own = paid(chosen, upkeep + facts.energy * chosen.use)
    own[0] += facts.purchase + (chosen.installation or 0)
    market = facts.purchase * 10 ** (-assume["depreciation_rate"] * chosen.years)
    own[months] -= market * (1 - assume["haircut"])
    if chosen.borrowed:
        lent, interest = chosen.borrowed * facts.purchase, (1 + chosen.interest) ** (1 / 12) - 1
        term = max(1, int(chosen.term * 12 + 0.5))
        payment, owed = -npf.pmt(interest, term, lent), lent
        own[0] -= lent
        for month in range(1, min(term, months) + 1):
            own[month] += payment
            owed = owed * (1 + interest) - payment
        own[months] += owed
    found = {"Own hardware": own}
    for way, rent in facts.rent.items():
        found[way] = paid(chosen, 12 * rent * (chosen.use if way == "On demand" else 1))
        if way in TERMS:
            # Terms begin one after the other until one of them reaches beyond the plan.
            left = next(end for end in range(TERMS[way], 100, TERMS[way]) if end >= months) - months
            found[way][months] += rent * left
    price, tokens = (np.nan if each is None else each for each in (chosen.price, chosen.tokens))
    is_tuned_alone = chosen.price is None and chosen.tokens is None and chosen.fine_tuning is not None
    external = paid(chosen, 0.0 if is_tuned_alone else 12 * price * tokens)
    external[0] += chosen.fine_tuning or 0
    found["External model"] = external
    return found


def expected(chosen):
    """Net present costs by way, the cheapest one's benefits less costs, and break-even use."""
    rate = (1 + chosen.assume["discount_rate"]) ** (1 / 12) - 1
    flows = flows_of(chosen)
    costs = {way: npf.npv(rate, each) for way, each in flows.items()}
    best = min((way for way in WAYS if costs[way] == costs[way]), key=costs.get)
    net = paid(chosen, chosen.benefits) - flows[best]

    def dearer_to_own(use):
        there = flows_of(SimpleNamespace(**{**vars(chosen), "use": use}))
        return npf.npv(rate, there["Own hardware"] - there["On demand"])

    even = UNKNOWN
    if costs["Own hardware"] == costs["Own hardware"] and costs["On demand"] == costs["On demand"]:
        even = brentq(dearer_to_own, 0, 1, xtol=1e-14, rtol=1e-13) if dearer_to_own(1) < 0 else NEVER
    return SimpleNamespace(costs=costs, best=best, net=net, worth=npf.npv(rate, net), even=even)


def rate_of(net):
    """Internal rate of return of a month, where flows turn once from laid out to won; None elsewhere."""
    summed = np.cumsum(net)
    summed[abs(summed) < 0.005] = 0
    below = np.flatnonzero(summed < 0)
    if not len(below) or summed[-1] < 0 or (summed[: below[0]] > 0).any() or len(below) != below[-1] - below[0] + 1:
        return None
    return brentq(lambda rate: npf.npv(rate, net), 0, 1e6, xtol=1e-16, rtol=1e-14)


class Sheet:
    """The sheet, opened in a spreadsheet."""

    def __init__(self, document):
        self.document, self.before = document, {}
        self.rows = document.grid(NAME, "A1:K300")
        self.addresses = {row[6]: f"I{number}" for number, row in enumerate(self.rows, 1) if row[6]}
        self.addresses |= {row[0]: f"B{number}" for number, row in reversed(list(enumerate(self.rows, 1))) if row[0]}
        names = [row[6] for row in document.grid("Inputs", "A1:G120")]
        self.inputs = {name: f"B{number}" for number, name in enumerate(names, 1) if name}

    def change(self, **cells):
        """Put what is set by its name: settings, benefits of the years, assumptions, factors."""
        put = {}
        for name, value in cells.items():
            if name == "benefits":
                row = buy_or_rent.BENEFITS + 2
                put |= {(NAME, f"{letter}{row}"): one for letter, one in zip("BCDEF", value)}
            elif name in SET_ON_INPUTS:
                put["Inputs", self.inputs[name]] = value
            else:
                put[NAME, self.addresses[SET_HERE.get(name) or FACTORS[name]]] = value
        new = [place for place in put if place not in self.before]
        self.before |= dict(zip(new, self.document.get(new)))
        self.document.set(put)

    def restore(self):
        """Put all inputs back to what they were when the workbook was opened."""
        if self.before:
            self.document.set(self.before)
            self.before = {}

    def figure(self, label):
        return self.document.get([(NAME, self.addresses[label])])[0]

    def costs(self):
        return dict(zip(WAYS, (row[0] for row in self.document.grid(NAME, "B6:B10"))))

    def sentence(self):
        return self.document.get([(NAME, "A3")])[0]

    def owning(self):
        return self.document.get([(NAME, "A4")])[0]

    def flows(self):
        """Costs of each way, benefits less costs of the cheapest and these summed up, by month as they stand."""
        first = next(number for number, row in enumerate(self.rows, 1) if row[0] == "Month") + 1
        columns = zip(*self.document.grid(NAME, f"B{first}:J{first + 60}"))
        numbers = [np.array([cell if isinstance(cell, float) else np.nan for cell in column]) for column in columns]
        return dict(zip(WAYS, numbers)), numbers[7], numbers[8]

    def errors(self):
        cells = [cell for row in self.document.grid(NAME, "A1:K300") for cell in row]
        return [cell for cell in cells if cell is not None and not isinstance(cell, (str, float))]


def assert_same(sheet, chosen):
    """The sheet says what is computed month by month."""
    wanted, shown = expected(chosen), sheet.costs()
    for way, cost in wanted.costs.items():
        assert shown[way] in (None, "") if cost != cost else shown[way] == pytest.approx(cost, rel=1e-9, abs=1e-6), way
    even = sheet.figure("Break-even use")
    assert even == (wanted.even if isinstance(wanted.even, str) else pytest.approx(wanted.even, rel=1e-9))
    worth = sheet.figure("Benefits less costs, the cheapest way")
    assert worth == pytest.approx(wanted.worth, rel=1e-9, abs=1e-9 * max(abs(wanted.net)))
    monthly = rate_of(wanted.net)
    if monthly is not None:
        shown = sheet.figure("Internal rate of return")
        assert shown == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-9, abs=1e-9)
    assert sheet.errors() == [] and sheet.document.get([MASTER]) == ["OK"]
