"""What a budget comes to by its rules, a month and an hour at a time: slow, plain, and apart from the workbook's code.

Takes the same tables as the workbook, as rows, and the same settings. Of the package it asks `estimate` alone: what a
run costs by itself, and what chips cost to buy, to power and to rent. Times are exact fractions of an hour.
"""

from fractions import Fraction
from types import SimpleNamespace

import pandas as pd

from tests.capacity_oracle import (
    BASE,
    EQUITY,
    HOURS_OF_YEAR,
    LONGEST_LAG,
    OVERHEAD,
    SALARY,
    USUAL_TRAINING_HOURS,
    Capacity,
    ends,
    hour_of,
    is_given,
    mean_of,
    middle,
    month_of,
    overlap,
    own,
    same,
)
from xlcost import catalog
from xlcost.estimate import estimate

COMPONENTS = (
    *("own_hardware", "depreciation", "disposal", "upkeep", "hosting", "operations", "energy", "commitments"),
    *("rental", "employees", "contractors", "others", "others_foreign", "contingency"),
)


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
        used, available, idle, cost, idle_cost, closing, depreciation; chip-hours and the budget's currency.
    is_short : set of str
        Capacity of which more is used than there is, in some month.
    is_drawn_on_wrongly : bool
        Whether more chips of some capacity are used at one time than there are, or on days when it is not there.
    """

    def __init__(self, runs, settings, capacity=(), shares=(), others=(), staff=(), drivers=BASE, facts=None):
        self.facts, self.settings, self.drivers = facts or catalog.load(), settings, {**BASE, **drivers}
        begin = settings.first_fiscal_year * 12 + settings.fiscal_year_start - 1
        self.months = [begin + number for number in range(12 * settings.years)]
        self.all_months = [begin - number for number in range(LONGEST_LAG, 0, -1)] + self.months
        self.rows = {"runs": runs, "shares": shares, "others": others, "staff": staff}
        self.pools = [Capacity(self.in_dollars(row), self.facts, settings, self.drivers) for row in capacity]
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
        return self.units(month, self.settings.currency) / self.units(month, currency) * self.drivers["foreign"]

    def units(self, month, currency):
        """For a US dollar."""
        rates = {"USD": [1.0], **self.settings.rates}[currency]
        return rates[min(self.year_of(month), len(rates) - 1)]

    def in_dollars(self, row):
        """A capacity at the exchange rate of its first day, which its own prices keep."""
        units = self.units(month_of(hour_of(row["in_service"])), own(row, "currency", "USD"))
        prices = ("server_price_per_chip", "price_per_chip_hour", "electricity_price", "hosting")
        return row | {name: row[name] / units for name in prices if is_given(row, name)}

    def exchange(self, pool, month):
        """Of what a capacity costs in a month, in dollars of its first day, to the budget's currency."""
        currency = own(pool.row, "currency", "USD")
        return self.rate(month, currency) * self.units(pool.first_month, currency)

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
                parts = self.parts(pool, month)
                for name, amount in parts.items():
                    self.of_capacity[name][month] += amount
                self.of_capacity["disposal"][month] += self.loss(pool, month)
                available = pool.available(month)
                without_energy = sum(parts.values()) - parts["energy"]
                of_hour = without_energy / available if available else 0.0
                for of_pool, department, start, end, hours in self.charged:
                    if of_pool is pool:
                        used = float(overlap(start, end, month) / (end - start)) * hours
                        key = department.casefold(), month
                        amount = used * (of_hour + pool.energy_of_hour * prices * self.exchange(pool, month))
                        to_runs[key] = to_runs.get(key, 0.0) + amount
            lost_by_shares = 0.0
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
                        lost_by_shares += row["share"]
                        self.line(
                            row["department"],
                            None,
                            None,
                            lambda month, row=row, pool=pool: row["share"] * self.loss(pool, month),
                        )
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
            self.line(
                pool.owner,
                None,
                None,
                lambda month, pool=pool, rest=1 - lost_by_shares: rest * self.loss(pool, month),
            )

    def parts(self, pool, month):
        """Of a capacity's month by component, in the budget's currency."""
        parts = pool.parts(month, self.prices(month), self.wages(month))
        return pool.worth(month, parts, lambda month: self.exchange(pool, month))

    def cost(self, pool, month):
        return sum(self.parts(pool, month).values())

    def loss(self, pool, month):
        """What its disposal loses: its value in the books at the rate of its purchase, less what is received."""
        if pool.kind != "owned" or month != pool.last_month or not is_given(pool.row, "until"):
            return 0.0
        return pool.disposal(month) * self.exchange(pool, pool.first_month) - pool.proceeds * self.exchange(pool, month)

    # --- people and other costs

    def _staff(self):
        if self.settings.staff != "yes":
            return
        for row in self.rows["staff"]:
            end, run = self.ends[row["run"].casefold()]
            currency = own(row, "currency", "USD")
            # What a row leaves open is known in dollars, and changed at the rate of the first fiscal year.
            units = self.settings.rates.get(currency, [1.0])[0]
            usual = {name: [end * units for end in ends] for name, ends in (("salary", SALARY), ("equity", EQUITY))}
            if is_given(row, "people"):
                years = ends(row, "years")
                salary, equity = (mean_of(*ends(row, name, usual[name])) for name in ("salary", "equity"))
                pay = salary * mean_of(*ends(row, "employment_overhead", OVERHEAD)) + equity
                amount = row["people"] * mean_of(*ends(row, "fte")) * pay * mean_of(*years)
                median = years[0] if years[1] is None else middle(*years)
                self._people("employees", run, end, amount, median, currency)
            if is_given(row, "person_months_low"):
                amount = mean_of(*ends(row, "person_months")) * mean_of(*ends(row, "monthly_rate"))
                self._people("contractors", run, end, amount, 1, currency)

    def _people(self, name, run, end, amount, years, currency):
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
                * self.rate(month, currency)
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
            then = self.exchange(pool, pool.first_month)
            found = SimpleNamespace(
                used=[pool.used(month) for month in self.months],
                available=[pool.available(month) for month in self.months],
                cost=[self.cost(pool, month) for month in self.months],
                closing=[pool.closing(month) * then for month in self.months],
                depreciation=[pool.depreciation(month) * then for month in self.months],
                disposals=[pool.disposal(month) * then for month in self.months],
                additions=[pool.purchase * then if month == pool.first_month else 0.0 for month in self.months],
            )
            found.idle = [there - used for there, used in zip(found.available, found.used)]
            self.capacity[pool.name] = found
            if min(found.idle) < -0.5:
                self.is_short.add(pool.name)
        self.is_drawn_on_wrongly = any(pool.is_drawn_on_wrongly() for pool in self.pools)

    def _paid(self, pool, month):
        """What is paid keeps the rate of the month in which it became a cost, was bought or was sold."""
        due, then = month - pool.lag, self.exchange(pool, pool.first_month)
        paid = pool.running(due, self.prices(due), self.wages(due)) * self.exchange(pool, due)
        if month == pool.first_month:
            paid += pool.upfront * (pool.purchase + pool.contract()) * then
        if month == pool.first_month + pool.lag:
            paid += (1 - pool.upfront) * pool.purchase * then
        if pool.last_month is not None and month == pool.last_month + pool.lag:
            paid -= pool.proceeds * (self.exchange(pool, pool.last_month) if is_given(pool.row, "until") else then)
        return paid

    def by_year(self):
        """Total of each fiscal year."""
        return [sum(self.total[12 * year : 12 * year + 12]) for year in range(self.settings.years)]
