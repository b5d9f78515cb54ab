"""What a budget comes to by its rules, a month and an hour at a time: slow, plain, and apart from the workbook's code.

Takes the same tables as the workbook, as rows, and the same settings. Of the package it asks `estimate` alone: what a
run costs by itself, and what chips cost to buy, to power and to rent. Times are exact fractions of an hour.
"""

import datetime
import functools
import math
from fractions import Fraction
from statistics import NormalDist
from types import SimpleNamespace

import pandas as pd

from xlcost import catalog
from xlcost.estimate import estimate

EPOCH = datetime.datetime(1980, 1, 1)
HOURS_OF_YEAR, HOURS_OF_MONTH = 8766, Fraction(8766, 12)
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
COMPONENTS = (
    *("own_hardware", "depreciation", "disposal", "upkeep", "hosting", "operations", "energy", "commitments"),
    *("rental", "employees", "contractors", "others", "others_foreign", "contingency"),
)


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
        "usd_per_kwh": own(row, "usd_per_kwh", None),
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
            self.end = None if years is None else self.start + Fraction(years) * HOURS_OF_YEAR
            if owned:
                self.end = hour_of(months_after(row["in_service"], max(math.floor(life * 12 + 0.5), 1)))
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
        price = own(row, "usd_per_chip_hour", figures["cloud_cost"])
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
        self.proceeds = self.purchase * 10 ** (-VALUE_LOSS * years) * (1 - RESALE_LOSS) if owned else 0.0
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

    def loss(self, month):
        return self.disposal(month) - self.proceeds if self.kind == "owned" and month == self.last_month else 0.0

    def parts(self, month, prices, wages):
        """Cost of a month by component. [USD]"""
        months = float(self.service(month) / HOURS_OF_MONTH)
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


# --- the budget


class Line:
    """One cost of one department: an amount a month, in the budget's currency."""

    def __init__(self, department, lag, component=None):
        self.department, self.lag, self.component = department or "", lag, component
        self.amounts = {}


class Oracle:
    """A budget.

    Parameters
    ----------
    runs, capacity, shares, others, staff : list of dict
        Rows of the tables; what is empty is left out. Dates are dates.
    settings : BudgetSettings
        With a period.
    drivers : dict of str to float
        Factors of the scenario in force.

    Attributes
    ----------
    months : list of int
        Of the budget, since the year 0.
    by_department : dict of str to list of float
        One amount a month, in the budget's currency; names in lower case.
    by_component : dict of str to list of float
    paid_capacity, paid_others : list of float
    capacity : dict of str to SimpleNamespace of lists
        used, available, idle, cost, idle_cost, closing, depreciation; chip-hours and USD.
    is_short : set of str
        Capacity of which more is used than there is, in some month.
    """

    def __init__(self, runs, settings, capacity=(), shares=(), others=(), staff=(), drivers=BASE, facts=None):
        self.facts, self.settings, self.drivers = facts or catalog.load(), settings, {**BASE, **drivers}
        begin = settings.first_fiscal_year * 12 + settings.fiscal_year_start - 1
        self.months = [begin + number for number in range(12 * settings.years)]
        self.all_months = [begin - number for number in range(LONGEST_LAG, 0, -1)] + self.months
        self.rows = {"runs": runs, "shares": shares, "others": others, "staff": staff}
        self.pools = [Capacity(row, self.facts, settings, self.drivers) for row in capacity]
        self.lines = []
        self._runs()
        self._capacity()
        self._staff()
        self._others()
        self._contingency()
        self._add_up()

    # --- what counts in a month

    def year_of(self, month):
        return min(max((month - self.months[0]) // 12, 0), self.settings.years - 1)

    def level(self, rate, month):
        return (1 + rate) ** (max(month - self.months[0], 0) / 12)

    def prices(self, month):
        return self.level(self.settings.price_growth, month)

    def wages(self, month):
        return self.level(self.settings.wage_growth, month)

    def rate(self, month, currency="USD"):
        """Of an amount in another currency to the budget's."""
        if currency == self.settings.currency:
            return 1.0
        units = {"USD": [1.0], **self.settings.rates}
        ours, theirs = (
            units[name][min(self.year_of(month), len(units[name]) - 1)] for name in (self.settings.currency, currency)
        )
        return ours / theirs * self.drivers["foreign"]

    def pool_of(self, name):
        return next((pool for pool in self.pools if name and same(pool.name, name)), None)

    def line(self, department, lag, component, make):
        line = Line(department, lag, component)
        line.amounts = {month: make(month) for month in self.all_months}
        self.lines.append(line)
        return line

    # --- runs, and trials before them

    def _runs(self):
        drivers, self.ends = self.drivers, {}
        self.charged = []
        costs = estimate(pd.DataFrame(self.rows["runs"]), self.facts)
        for row, cost in zip(self.rows["runs"], costs.to_dict("records")):
            duration = Fraction(own(row, "hours", USUAL_TRAINING_HOURS))
            start = hour_of(cost["training_start"].to_pydatetime())
            self.ends[row["run"].casefold()] = start + duration, row
            factor = own(row, "experiment_factor", self.settings.trial_factor)
            pool, cloud = self.pool_of(row.get("capacity")), own(row, "sourcing", "own") != "own"
            extra = Fraction(factor) - 1
            for times, begin, length in ((1, start, duration), (extra, start - duration * extra, duration * extra)):
                if not times:
                    continue
                if pool is not None:
                    hours = cost["chip_hours"] * drivers["compute"] * float(times)
                    pool.used_by.append((begin, begin + length, hours))
                    self.charged.append((pool, row.get("department") or "", begin, begin + length, hours))
                    continue
                hardware = cost["accelerator_chips"] + cost["server_components"] + cost["interconnect"]
                parts = {
                    "own_hardware": 0.0 if cloud else hardware * drivers["hardware"],
                    "energy": 0.0 if cloud else cost["energy"] * drivers["energy"],
                    "rental": cost["cloud_cost"] * drivers["cloud"] if cloud else 0.0,
                }
                for name, amount in parts.items():
                    amount = amount * drivers["compute"] * float(times)
                    self.line(
                        row.get("department"),
                        self.settings.payment_lag,
                        name,
                        lambda month, amount=amount, begin=begin, length=length: (
                            amount * float(overlap(begin, begin + length, month) / length) * self.rate(month)
                        ),
                    )

    # --- capacity: who pays

    def _capacity(self):
        self.of_capacity = {name: dict.fromkeys(self.all_months, 0.0) for name in COMPONENTS}
        for pool in self.pools:
            to_runs, to_shares = {}, dict.fromkeys(self.all_months, 0.0)
            for month in self.all_months:
                prices = self.prices(month)
                parts = pool.parts(month, prices, self.wages(month))
                for name, amount in parts.items():
                    self.of_capacity[name][month] += amount * self.rate(month)
                self.of_capacity["disposal"][month] += pool.loss(month) * self.rate(month)
                available = pool.available(month)
                without_energy = sum(parts.values()) - parts["energy"]
                of_hour = without_energy / available if available else 0.0
                for of_pool, department, start, end, hours in self.charged:
                    if of_pool is pool:
                        used = float(overlap(start, end, month) / (end - start)) * hours
                        key = department.casefold(), month
                        amount = used * (of_hour + pool.energy_of_hour * prices) * self.rate(month)
                        to_runs[key] = to_runs.get(key, 0.0) + amount
            for department in {key[0] for key in to_runs}:
                self.line(department, None, None, lambda month, to=department, of=to_runs: of.get((to, month), 0.0))
            if self.settings.charging == "entitled":
                for row in self.rows["shares"]:
                    if same(row["capacity"], pool.name):
                        of_row = self.line(
                            row["department"],
                            None,
                            None,
                            lambda month, row=row, pool=pool, of=to_runs: (
                                row["share"] * self.cost(pool, month)
                                - of.get((row["department"].casefold(), month), 0.0)
                            ),
                        )
                        for month, amount in of_row.amounts.items():
                            to_shares[month] += amount
            self.line(
                pool.owner,
                None,
                None,
                lambda month, pool=pool, of=to_runs, shares=to_shares: (
                    self.cost(pool, month)
                    - sum(amount for (_, when), amount in of.items() if when == month)
                    - shares[month]
                ),
            )
            self.line(pool.owner, None, None, lambda month, pool=pool: pool.loss(month) * self.rate(month))

    def cost(self, pool, month):
        """Of a capacity, in the budget's currency."""
        return sum(pool.parts(month, self.prices(month), self.wages(month)).values()) * self.rate(month)

    # --- people and other costs

    def _staff(self):
        if self.settings.staff != "yes":
            return
        for row in self.rows["staff"]:
            end, run = self.ends[row["run"].casefold()]
            if is_given(row, "people"):
                years = ends(row, "years")
                pay = mean_of(*ends(row, "salary", SALARY)) * mean_of(*ends(row, "employment_overhead", OVERHEAD))
                pay += mean_of(*ends(row, "equity", EQUITY))
                amount = row["people"] * mean_of(*ends(row, "fte")) * pay * mean_of(*years)
                median = years[0] if years[1] is None else middle(*years)
                self._people("employees", run, end, amount, median)
            if is_given(row, "person_months_low"):
                amount = mean_of(*ends(row, "person_months")) * mean_of(*ends(row, "usd_per_person_month"))
                self._people("contractors", run, end, amount, 1)

    def _people(self, name, run, end, amount, years):
        length = Fraction(years) * HOURS_OF_YEAR
        self.line(
            run.get("department"),
            0,
            name,
            lambda month: (
                amount
                * float(overlap(end - length, end, month) / length)
                * self.wages(month)
                * self.drivers["wages"]
                * self.rate(month)
            ),
        )

    def _others(self):
        for row in self.rows["others"]:
            currency = own(row, "currency", "USD")
            first = month_of(hour_of(row["start"]))
            last = month_of(hour_of(row["end"])) if is_given(row, "end") else first
            if own(row, "timing", "once") == "once":
                last = first
            department = row.get("department")
            if not department and is_given(row, "run"):
                department = self.ends[row["run"].casefold()][1].get("department")

            def of(month, row=row, first=first, last=last, currency=currency):
                if not first <= month <= last:
                    return 0.0
                return row["amount"] * self.prices(month) * self.drivers["others"] * self.rate(month, currency)

            name = "others" if currency == self.settings.currency else "others_foreign"
            self.line(department, self.settings.payment_lag, name, of)

    def _contingency(self):
        before = list(self.lines)
        self.line(
            self.settings.contingency_department,
            self.settings.payment_lag,
            "contingency",
            lambda month: self.settings.contingency * sum(line.amounts[month] for line in before),
        )

    # --- sums

    def _add_up(self):
        self.by_department = {}
        self.by_component = {name: [self.of_capacity[name][month] for month in self.months] for name in COMPONENTS}
        for line in self.lines:
            of = self.by_department.setdefault(line.department.casefold(), [0.0] * len(self.months))
            for position, month in enumerate(self.months):
                of[position] += line.amounts[month]
                if line.component:
                    self.by_component[line.component][position] += line.amounts[month]
        self.total = [sum(line.amounts[month] for line in self.lines) for month in self.months]
        self.paid_others = [
            sum(line.amounts[month - line.lag] for line in self.lines if line.lag is not None) for month in self.months
        ]
        self.paid_capacity = [sum(self._paid(pool, month) for pool in self.pools) for month in self.months]
        self.capacity, self.is_short = {}, set()
        for pool in self.pools:
            found = SimpleNamespace(
                used=[pool.used(month) for month in self.months],
                available=[pool.available(month) for month in self.months],
                cost=[sum(pool.parts(month, self.prices(month), self.wages(month)).values()) for month in self.months],
                closing=[pool.closing(month) for month in self.months],
                depreciation=[pool.depreciation(month) for month in self.months],
                disposals=[pool.disposal(month) for month in self.months],
                additions=[pool.purchase if month == pool.first_month else 0.0 for month in self.months],
            )
            found.idle = [there - used for there, used in zip(found.available, found.used)]
            self.capacity[pool.name] = found
            if min(found.idle) < -0.5:
                self.is_short.add(pool.name)

    def _paid(self, pool, month):
        paid = pool.running(month - pool.lag, self.prices(month - pool.lag), self.wages(month - pool.lag))
        if month == pool.first_month:
            paid += pool.upfront * (pool.purchase + pool.contract())
        if month == pool.first_month + pool.lag:
            paid += (1 - pool.upfront) * pool.purchase
        if pool.last_month is not None and month == pool.last_month + pool.lag:
            paid -= pool.proceeds
        return paid * self.rate(month)

    def by_year(self):
        """Total of each fiscal year."""
        return [sum(self.total[12 * year : 12 * year + 12]) for year in range(self.settings.years)]
