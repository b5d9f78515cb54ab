"""Capacity by the plain rules of a budget, month by month; no code of the product."""

import datetime
import functools
import math
from fractions import Fraction
from statistics import NormalDist

import pandas as pd

from xlcost.estimate import estimate

EPOCH = datetime.datetime(1980, 1, 1)
HOURS_OF_YEAR = 8766
COMMITTED = {"committed_1y": 1, "committed_3y": 3}
SOURCING = {"committed_1y": "cloud_1y", "committed_3y": "cloud_3y", "on_demand": "cloud_on_demand", "owned": "own"}
USUAL_TRAINING_HOURS = 793.5
LONGEST_LAG = 3
RESALE_LOSS, VALUE_LOSS = 0.3, 0.14
"""What a sale costs of the market value, and the orders of magnitude that hardware loses in a year."""
HOSTING, MAINTENANCE, INSURANCE, STAFF_OF_A_CHIP, USUAL_PUE = 184.0, 0.05, 0.0, 0.001, 1.25
SALARY = (148_000 * 132_000) ** 0.5, (335_000 * 210_000) ** 0.5
EQUITY = (34_000 * 37_000) ** 0.5, (760_000 * 331_250) ** 0.5
OVERHEAD = 1.25, 1.4
BASE = dict.fromkeys(("hardware", "cloud", "energy", "wages", "compute", "others", "foreign"), 1.0)


def hour_of(moment):
    """Hours since the epoch of a date, or of a time to the second."""
    if not isinstance(moment, datetime.datetime):
        moment = datetime.datetime.combine(moment, datetime.time())
    return Fraction(round((moment - EPOCH).total_seconds()), 3600)


def moment_of(hour):
    return EPOCH + datetime.timedelta(hours=float(hour))


def month_of(hour):
    moment = moment_of(hour)
    return moment.year * 12 + moment.month - 1


@functools.cache
def start_of(month):
    return hour_of(datetime.date(month // 12, month % 12 + 1, 1))


def overlap(start, end, month):
    """Hours of a time that lie within a month."""
    return max(min(end, start_of(month + 1)) - max(start, start_of(month)), Fraction(0))


def is_given(row, name):
    value = row.get(name)
    return value is not None and value != "" and value == value


def own(row, name, usual):
    return row[name] if is_given(row, name) else usual


def same(one, other):
    return str(one or "").casefold() == str(other or "").casefold()


def middle(low, high):
    return math.sqrt(low * high)


def mean_of(low, high):
    """Mean of the lognormal quantity that lies between two ends in 90% of cases; of a single figure itself."""
    if high is None or low == high:
        return low
    spread = math.log(high / low) / (2 * NormalDist().inv_cdf(0.95))
    return middle(low, high) * math.exp(spread**2 / 2)


def ends(row, name, usual=None):
    if is_given(row, f"{name}_low"):
        return row[f"{name}_low"], own(row, f"{name}_high", None)
    return usual


# --- what chips cost


ASKED = {}
"""What was asked of chips already."""


def of_chip(facts, row, sourcing="own", pue=USUAL_PUE, **cells):
    """What the package says of chips on the first day of a capacity: of one chip-hour, and of all chips."""
    run = {
        "run": "one hour",
        "chip": row["chip"],
        "chips": row["chips"],
        "hours": 1.0,
        "chip_hours": 1.0,
        "start": row["in_service"],
        "acquired": row["in_service"],
        "sourcing": sourcing,
        "vendor": own(row, "vendor", None),
        "server_price_per_chip": own(row, "server_price_per_chip", None),
        "usd_per_kwh": own(row, "electricity_price", None),
        **cells,
    }
    key = tuple(run.items()), float(pue), id(facts)
    if key not in ASKED:
        ASKED[key] = estimate(pd.DataFrame([run]), facts, assumptions={"pue.other": float(pue)}).iloc[0].to_dict()
    return ASKED[key]


def depreciation_by_month(purchase, residual, life_months, method):
    """What each month of a useful life is charged."""
    left, charged = purchase, []
    for number in range(life_months):
        straight = (purchase - residual) / life_months
        if method == "declining_balance":
            rest = (left - residual) / (life_months - number)
            straight = min(max(left * 2 / life_months, rest), left - residual)
        charged.append(straight)
        left -= straight
    return charged


def months_after(date, months):
    """The same day some months later; a day that the month does not have is one of the next."""
    years, month = divmod(date.month - 1 + months, 12)
    return datetime.date(date.year + years, month + 1, 1) + datetime.timedelta(days=date.day - 1)


class Capacity:
    """What is owned, committed or rented; asked month by month (months since the year 0) once all runs are known."""

    def __init__(self, row, facts, settings, drivers):
        self.row, self.kind, self.settings = row, row["kind"], settings
        self.name, self.owner, self.chips = row["capacity"], own(row, "owner", ""), row["chips"]
        self.drivers = drivers
        pue = own(row, "pue", USUAL_PUE)
        self.start = hour_of(row["in_service"])
        owned = self.kind == "owned"
        bought = row["in_service"].year
        life = own(row, "useful_life", 3 if bought <= 2020 else 4 if bought <= 2022 else 5)
        years = life if owned else COMMITTED.get(self.kind)
        if is_given(row, "until"):
            self.end = hour_of(row["until"])
        else:
            months = max(math.floor(life * 12 + 0.5), 1) if owned else None if years is None else 12 * years
            self.end = None if months is None else hour_of(months_after(row["in_service"], months))
        figures = of_chip(facts, row, SOURCING[self.kind], pue)
        self.purchase = figures["acquisition_cost"] * drivers["hardware"] if owned else 0.0
        self.energy_of_hour = figures["energy"] * drivers["energy"] if owned else 0.0
        self.hosting_of_month = own(row, "hosting", HOSTING) * figures["power_capacity_kw"] * drivers["others"]
        pay = middle(*SALARY) * middle(*OVERHEAD) + middle(*EQUITY)
        staff = own(row, "operations", STAFF_OF_A_CHIP * self.chips)
        self.operations_of_month = staff * pay / 12 * drivers["wages"]
        upkeep = own(row, "maintenance", MAINTENANCE) + own(row, "insurance", INSURANCE)
        self.upkeep_of_month = upkeep * self.purchase / 12
        if not owned:
            self.hosting_of_month = self.operations_of_month = self.upkeep_of_month = 0.0
        price = own(row, "price_per_chip_hour", figures["cloud_cost"])
        self.rental_of_hour = 0.0 if owned else price * drivers["cloud"]
        self.first_month = month_of(self.start)
        self.last_month = None if self.end is None else month_of(self.end)
        residual = self.purchase * own(row, "residual_value", 0.0)
        self.by_month = (
            depreciation_by_month(self.purchase, residual, max(math.floor(life * 12 + 0.5), 1), settings.depreciation)
            if owned
            else []
        )
        years = None if self.end is None else float(self.end - self.start) / HOURS_OF_YEAR
        self.proceeds = residual
        if owned and is_given(row, "until"):
            self.proceeds = self.purchase * 10 ** (-VALUE_LOSS * years) * (1 - RESALE_LOSS)
        self.upfront, self.lag = own(row, "upfront_share", 0.0), int(own(row, "payment_lag", 0))
        self.used_by = []
        """Start, end and chip-hours of what draws on it."""
        self.used, self.service = functools.cache(self.used), functools.cache(self.service)

    def used(self, month):
        found = 0.0
        for start, end, hours in self.used_by:
            if end > start:
                found += float(overlap(start, end, month) / (end - start)) * hours
        return found

    def is_drawn_on_wrongly(self):
        """Whether something uses it when it is not there, or more chips than there are."""
        if any(start < self.start or (self.end is not None and end > self.end) for start, end, _ in self.used_by):
            return True
        at_once = (
            sum(hours / float(end - start) for start, end, hours in self.used_by if start <= moment < end)
            for moment, _, _ in self.used_by
        )
        return self.kind != "on_demand" and any(chips > self.chips + 0.001 for chips in at_once)

    def service(self, month):
        """Hours of the month in which it is there."""
        return overlap(self.start, start_of(month + 1) if self.end is None else self.end, month)

    def available(self, month):
        return self.used(month) if self.kind == "on_demand" else self.chips * float(self.service(month))

    def depreciation(self, month):
        number = month - self.first_month
        return self.by_month[number] if 0 <= number < len(self.by_month) and month < self.last_month else 0.0

    def book_value(self, month):
        """At the end of a month before the disposal."""
        booked = sum(self.depreciation(each) for each in range(self.first_month, month + 1))
        return self.purchase - booked

    def closing(self, month):
        there = self.kind == "owned" and self.first_month <= month < self.last_month
        return self.book_value(month) if there else 0.0

    def disposal(self, month):
        return self.book_value(month) if self.kind == "owned" and month == self.last_month else 0.0

    def parts(self, month, prices, wages):
        """Cost of a month by component. [USD]"""
        months = float(self.service(month) / (start_of(month + 1) - start_of(month)))
        rental = self.rental_of_hour * self.available(month)
        return {
            "depreciation": self.depreciation(month),
            "hosting": self.hosting_of_month * months * prices,
            "operations": self.operations_of_month * months * wages,
            "upkeep": self.upkeep_of_month * months,
            "rental" if self.kind == "on_demand" else "commitments": rental,
            "energy": self.energy_of_hour * prices * self.used(month),
        }

    def contract(self):
        return self.rental_of_hour * self.chips * float(self.end - self.start) if self.kind in COMMITTED else 0.0

    def running(self, month, prices, wages):
        """What is paid of a month's cost by and by. [USD]"""
        parts = self.parts(month, prices, wages)
        parts["depreciation"] = 0.0
        if self.kind in COMMITTED:
            parts["commitments"] *= 1 - self.upfront
        return sum(parts.values())

    def worth(self, month, parts, rate):
        """A month's cost by component in the budget's currency: what was bought, or paid upfront, keeps its rate."""
        then, found = rate(self.first_month), {name: amount * rate(month) for name, amount in parts.items()}
        found["depreciation"] = parts["depreciation"] * then
        if self.kind in COMMITTED:
            found["commitments"] = parts["commitments"] * (self.upfront * then + (1 - self.upfront) * rate(month))
        return found


# --- the budget
