"""What a budget workbook says of its months, read off its sheets by their headings; and a random budget to write."""

import csv
import datetime
import random

import pandas as pd
from openpyxl.utils import coordinate_to_tuple

from tests.budget_oracle import COMPONENTS, Oracle
from tests.workbook.compare import MASTER
from xlcost import catalog
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import BudgetSettings
from xlcost.dates import to_serial
from xlcost.workbook.budget import _book

HALF_A_CENT = 0.005
LABELS = {
    "own_hardware": "Own hardware, charged run by run",
    "depreciation": "Depreciation of capacity",
    "disposal": "Loss on disposal (gain below 0)",
    "upkeep": "Maintenance and insurance",
    "hosting": "Hosting",
    "operations": "Operations staff",
    "energy": "Energy",
    "commitments": "Commitments to cloud capacity",
    "rental": "Rental by the hour",
    "employees": "Employees",
    "contractors": "Contractors",
    "others": "Other costs in the budget currency",
    "others_foreign": "Other costs in other currencies",
    "contingency": "Contingency",
}
OF_CAPACITY = {
    "used": "Used hours",
    "available": "Available hours",
    "idle": "Idle hours; below 0 where there is too little",
    "cost": "Cost of the capacity",
    "depreciation": "Depreciation",
    "additions": "Books: additions",
    "disposals": "Books: disposals, at book value",
    "closing": "Books: closing value",
}


def near(found, expected):
    """Two amounts agree within 1e-9 of the larger, or within half a cent where large ones cancel out."""
    return abs(found - expected) <= max(1e-9 * max(abs(found), abs(expected)), HALF_A_CENT)


def plan_for(folder, runs, settings, **tables):
    """What the workbook is written from, the tables read from files as people hand them in."""
    paths = {}
    for name, rows in tables.items():
        if not rows:
            continue
        paths[name] = folder / f"{name}.csv"
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with open(paths[name], "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return plan_of(pd.DataFrame(runs), tables=Tables(**paths), settings=settings)


class InMemory:
    """A workbook that is not written yet, with LibreOffice's interface for reading."""

    def __init__(self, plan):
        self.sheets = {sheet.name: sheet for sheet in _book(plan).sheets}

    def grid(self, name):
        sheet = self.sheets[name]
        last = coordinate_to_tuple(sheet.dimension().partition(":")[2])
        rows = [[None] * last[1] for _ in range(last[0])]
        for (row, column), value in sheet._values.items():
            rows[row - 1][column - 1] = value
        for block in sheet._columns:
            for row, value in enumerate(block.values.tolist(), start=block.first):
                rows[row - 1][block.column - 1] = value
        return rows

    def get(self, addresses):
        return [
            self.grid(name)[coordinate_to_tuple(cell)[0] - 1][coordinate_to_tuple(cell)[1] - 1]
            for name, cell in addresses
        ]


class Ledger:
    """The months of a budget workbook."""

    def __init__(self, document, settings):
        self.document, self.settings = document, settings
        self.views, self.months = document.grid("Budget months"), document.grid("Capacity months")

    def columns(self, rows):
        """Where the budget's months stand: their first days head them."""
        headings = next(row for row in rows if "Before" in row and "After it, in no total" in row)
        begin = self.settings.first_fiscal_year * 12 + self.settings.fiscal_year_start - 1
        days = [
            float(to_serial(datetime.date(month // 12, month % 12 + 1, 1)))
            for month in range(begin, begin + 12 * self.settings.years)
        ]
        return [headings.index(day) for day in days]

    def view(self, title):
        """A view's rows by their labels, and its total under ""."""
        begin = next(number for number, row in enumerate(self.views) if row[0] == title) + 1
        columns, found = self.columns(self.views), {}
        for row in self.views[begin:]:
            label = str(row[0] or "")
            if label == "Total" or (not label and row[columns[0]] in (None, "")):
                if label:
                    found[""] = [row[column] for column in columns]
                    break
                if not any(cell not in (None, "") for cell in row):
                    break
                continue
            found[label] = [row[column] for column in columns]
        return found

    def capacity(self, heading):
        """A block of Capacity months by the capacities' names."""
        begin = next(number for number, row in enumerate(self.months) if row[0] == heading) + 1
        columns, found = self.columns(self.months), {}
        for row in self.months[begin:]:
            if row[0] == "Total":
                break
            if row[0]:
                found[row[0]] = [row[column] for column in columns]
        return found

    def short(self):
        """Capacity that Capacity says is short in some month."""
        rows = self.document.grid("Capacity")
        heading = next(
            row for row in rows if "Capacity" in row and any(str(cell).startswith("Months with") for cell in row)
        )
        at = next(number for number, cell in enumerate(heading) if str(cell).startswith("Months with"))
        return {row[0] for row in rows[rows.index(heading) + 1 :] if row[0] and row[at]}

    def master(self):
        return self.document.get([MASTER])[0]


def differences(ledger, oracle):
    """Months in which the workbook says something else than the oracle, as sentences."""
    found = []

    def compare(what, shown, expected):
        for number, (one, other) in enumerate(zip(shown, expected, strict=True)):
            if not near(float(one or 0.0), other):
                found.append(f"{what}, month {number + 1}: shown {one!r}, expected {other!r}")

    components = ledger.view("By component")
    for name in COMPONENTS:
        compare(f"component {name}", components[LABELS[name]], oracle.by_component[name])
    departments = {}
    for label, amounts in ledger.view("By department").items():
        # What belongs to no department is not listed.
        name = "" if label == "None, or not listed" else "whole" if not label else label.casefold()
        departments[name] = [float(amount or 0.0) for amount in amounts]
    whole = departments.pop("whole")
    for name in {*departments, *oracle.by_department}:
        nothing = [0.0] * len(oracle.months)
        compare(f"department {name}", departments.get(name, nothing), oracle.by_department.get(name, nothing))
    compare("whole budget", whole, oracle.total)
    payments = ledger.view("Payments")
    compare("payments for capacity", payments["Capacity"], oracle.paid_capacity)
    compare("other payments", payments["All else"], oracle.paid_others)
    for name, heading in OF_CAPACITY.items():
        shown = ledger.capacity(heading)
        for capacity, months in oracle.capacity.items():
            compare(f"{capacity}: {name}", shown[capacity], getattr(months, name))
    return found


# --- random budgets

CHIPS = ("NVIDIA H100 SXM", "NVIDIA A100 SXM4 80 GB", "NVIDIA A100 SXM4 40 GB", "Google TPU v4")
DEPARTMENTS = ("Research", "Products", "Infrastructure", "Ops & Co")
DRIVERS = ("hardware", "cloud", "energy", "wages", "compute", "others", "foreign")
SCENARIOS = {
    "Base": {},
    "Low": dict(zip(DRIVERS, (0.5, 0.9, 0.6, 0.9, 0.8, 0.9, 0.9))),
    "High": dict(zip(DRIVERS, (2.0, 1.1, 1.7, 1.1, 1.25, 1.1, 1.1))),
}
"""Factors as the shipped sheet has them: the paper's 90% ranges, and a tenth to both sides where it has none."""


class Chance:
    """Draws the parts of a budget around its period."""

    def __init__(self, seed):
        self.random, self.currencies = random.Random(seed), random.Random(f"currencies {seed}")
        self.year = self.random.randrange(2019, 2027)

    def pick(self, *values):
        return self.random.choice(values)

    def maybe(self, share, make):
        return make() if self.random.random() < share else None

    def number(self, low, high, digits=3):
        return round(self.random.uniform(low, high), digits)

    def day(self, before=1, after=4):
        """A day around the first year; often one on which months, years or February end."""
        day = datetime.date(self.year - before, 1, 1) + datetime.timedelta(
            self.random.randrange(366 * (before + after))
        )
        year = day.year
        ends = (day.replace(day=1), datetime.date(year, 12, 31), datetime.date(year, 4, 1), datetime.date(year, 2, 28))
        return self.pick(day, day, *ends)

    def settings(self):
        years = self.random.randrange(1, 6)
        rates = {
            code: [self.number(low, high, 4) for _ in range(self.random.randrange(1, years + 1))]
            for code, low, high in (("EUR", 0.8, 1.1), ("JPY", 100, 160), ("GBP", 0.7, 0.9))
        }
        return BudgetSettings(
            fiscal_year_start=self.random.randrange(1, 13),
            first_fiscal_year=self.year,
            years=years,
            currency=self.pick("USD", "EUR", "JPY"),
            rates=rates,
            units=self.pick("ones", "thousands", "millions"),
            depreciation=self.pick("straight_line", "declining_balance"),
            charging=self.pick("used", "entitled"),
            staff=self.pick("yes", "yes", "no"),
            trial_factor=self.pick(1.0, 1.0, 1.5, 2.2),
            contingency=self.pick(0.0, 0.05, 0.137),
            contingency_department=self.pick("", *DEPARTMENTS),
            price_growth=self.pick(0.0, 0.03, -0.02),
            wage_growth=self.pick(0.0, 0.045),
            payment_lag=self.random.randrange(4),
            scenario=self.pick("Base", "Base", "Low", "High"),
        )

    def capacity(self, name):
        kind = self.pick("owned", "owned", "committed_1y", "committed_3y", "on_demand")
        start = self.day(before=3, after=3)
        # A commitment may be longer than its years, and hardware be given away at any time.
        least = {"committed_1y": 366, "committed_3y": 1096}.get(kind, 1)
        until = self.maybe(0.5, lambda: start + datetime.timedelta(least + self.random.randrange(1500)))
        return filled(
            capacity=name,
            kind=kind,
            owner=self.pick("", *DEPARTMENTS),
            currency=self.currencies.choice([None, "USD", "EUR", "JPY", "GBP"]),
            chip=self.pick(*CHIPS),
            chips=self.random.randrange(8, 5000),
            in_service=start,
            until=until,
            server_price_per_chip=self.maybe(0.3, lambda: self.number(9_000, 70_000)),
            price_per_chip_hour=self.maybe(0.3, lambda: self.number(0.5, 9)),
            useful_life=self.maybe(0.4, lambda: self.pick(0.5, 1, 3, 4.3, 6)),
            residual_value=self.maybe(0.5, lambda: self.pick(0, 0.1, 0.35, 1)),
            upfront_share=self.maybe(0.5, lambda: self.pick(0.2, 0.5, 1)),
            payment_lag=self.maybe(0.7, lambda: self.random.randrange(4)),
            electricity_price=self.maybe(0.3, lambda: self.number(0.02, 0.3)),
            pue=self.maybe(0.3, lambda: self.pick(1, 1.08, 1.5)),
            hosting=self.maybe(0.3, lambda: self.pick(0, 95.5)),
            operations=self.maybe(0.3, lambda: self.pick(0, 2.5)),
            maintenance=self.maybe(0.3, lambda: self.pick(0, 0.08)),
            insurance=self.maybe(0.3, lambda: self.pick(0.004, 0.02)),
        )

    def run(self, name, pools):
        pool = self.maybe(0.6, lambda: self.pick(*pools)) if pools else None
        run = filled(
            run=name,
            chip=pool["chip"] if pool else self.pick(*CHIPS),
            department=self.pick("", *DEPARTMENTS),
            organization=self.pick("", "OpenAI", "Meta AI", "Google"),
            start=self.day(),
            capacity=self.pick(pool["capacity"], pool["capacity"].upper()) if pool else None,
            sourcing=self.pick(None, "own", "cloud_on_demand", "cloud_1y", "cloud_3y"),
            experiment_factor=self.maybe(0.3, lambda: self.pick(1, 1.25, 3)),
            usd_per_kwh=self.maybe(0.2, lambda: self.number(0.03, 0.2)),
        )
        # Mostly no more than there is; which is more than there is when several do so at once.
        chips = max(1, int(pool["chips"] * self.pick(0.1, 0.25, 0.4, 1))) if pool else self.random.randrange(8, 9000)
        hours = self.pick(1.0, 24.0, 743.5, 2160.0, self.number(1, 9000), 4 * 8766.0)
        run |= self.pick(
            {"chips": chips, "hours": hours},
            {"chips": chips, "hours": hours},
            {"chips": chips, "chip_hours": chips * 500.0},
            {"chips": chips, "hours": hours, "training_flop": 3e22, "mfu": 0.4},
        )
        if self.random.random() < 0.2:
            run["published"] = run.pop("start") + datetime.timedelta(100)
        return run

    def shares(self, pools):
        """Of some capacities, some departments'; together at most all of it."""
        rows = []
        for pool in pools:
            left, departments = 1.0, list(DEPARTMENTS)
            self.random.shuffle(departments)
            for department in departments[: self.random.randrange(4)]:
                share = min(self.pick(0.1, 0.25, 0.5), left)
                if share > 0:
                    rows.append({"capacity": pool["capacity"], "department": department, "share": share})
                left = round(left - share, 9)
        return rows

    def other(self, number, runs):
        start = self.day()
        row = filled(
            item=f"cost {number}",
            category=self.pick(None, "storage", "data", "api_fees", "other"),
            department=self.pick(None, *DEPARTMENTS),
            run=self.pick(None, *(run["run"] for run in runs)),
            amount=self.number(-5_000, 900_000, 2),
            currency=self.pick(None, "USD", "EUR", "JPY", "GBP"),
            timing=self.pick(None, "once", "monthly", "monthly"),
            start=start,
            end=self.maybe(0.6, lambda: start + datetime.timedelta(self.random.randrange(900))),
        )
        if row.get("timing") != "monthly":
            # What comes once may end in the month in which it starts.
            row["end"] = start if "end" in row else None
        return filled(**row)

    def role(self, number, runs):
        row = {"run": self.pick(*runs)["run"], "role": f"role {number}"}
        row |= filled(currency=self.currencies.choice([None, None, "USD", "EUR", "JPY"]))
        if self.random.random() < 0.8:
            row |= {"people": self.random.randrange(1, 90), "fte_low": 0.2, "years_low": self.pick(0.25, 0.8, 1.5)}
            row |= self.pick({}, {"fte_high": 0.9}) | self.pick({}, {"years_high": 2.0})
            row |= self.pick({}, {"salary_low": 90_000, "salary_high": 160_000}, {"salary_low": 110_000})
            row |= self.pick({}, {"equity_low": 0}, {"employment_overhead_low": 1.1, "employment_overhead_high": 1.3})
        if "people" not in row or self.random.random() < 0.3:
            row |= {"person_months_low": 3, "person_months_high": 8, "monthly_rate_low": 9_500}
        return row


def filled(**cells):
    return {name: value for name, value in cells.items() if value is not None and value != ""}


def random_budget(seed):
    """Settings and tables of a budget.

    Returns
    -------
    BudgetSettings, dict of str to list of dict
    """
    chance = Chance(seed)
    settings = chance.settings()
    pools = [chance.capacity(f"Pool {number}") for number in range(chance.random.randrange(5))]
    runs = [chance.run(f"run {number}", pools) for number in range(1, chance.random.randrange(2, 9))]
    return settings, {
        "runs": runs,
        "capacity": pools,
        "shares": chance.shares(pools),
        "others": [chance.other(number, runs) for number in range(chance.random.randrange(6))],
        "staff": [chance.role(number, runs) for number in range(chance.random.randrange(4))],
    }


def oracle_of(settings, tables, facts=None):
    return Oracle(settings=settings, drivers=SCENARIOS[settings.scenario], facts=facts, **tables)


FACTS = catalog.load()


def written_and_expected(folder, settings, tables):
    """What the workbook says, and what the oracle does."""
    plan = plan_for(folder, settings=settings, **tables)
    return Ledger(InMemory(plan), plan.settings), oracle_of(plan.settings, tables, FACTS)
