"""What becomes a line of the budget: runs, their trials, idle capacity, people, other costs, contingency."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..budget.columns import CATEGORIES, LINES
from ..budget.settings import YES
from ..budget.tables import SHARES
from ..date_parts import month, year
from ..equations.parameters import DAYS_PER_YEAR, HOURS_PER_DAY, MONTHS_PER_YEAR
from ..formula import Term
from ..lookup import is_blank, number_in, take, text_in
from ..totals import share_of
from .calendar import DOLLARS, number_of

SHARES_OF_LOSS = "Shares of losses"
"""Block of lines beside that of shares, which bears the name of their table."""
LOSSES = "disposal", SHARES_OF_LOSS
ON_CAPACITY = -1.0
"""Payment lag of what is paid with its capacity."""


def there(number):
    """A number, 0 where there is none."""
    return np.where(np.isnan(number), 0.0, number)


class Sources:
    """Puts the blocks of lines: what they are; their months come once those of the capacities are known.

    Parameters
    ----------
    lines : xlcost.workbook.lines.Lines
    calendar, inputs, scenario, capacity, runs, costs, staff, others, shares, phases : types.SimpleNamespace
        Sheets as they were written.
    """

    def __init__(self, lines, **sheets):
        self.lines = lines
        self.__dict__.update(sheets)

    # --- what the lines are

    def _by_day(self, block):
        """Columns of lines that cost the same each day, at a price of the month: of a capacity, or of a currency."""

        def own(name):
            return self.lines.of(name, block)

        def on_capacity(yes, no):
            return np.where(own("capacity_number") > 0, yes, no)

        return dict(
            until=lambda: own("start") + own("days"),
            daily=lambda: equations.amount_a_day(on_capacity(own("hours"), own("amount")), own("days")),
            price_number=lambda: on_capacity(
                self.calendar.currencies.count() + own("capacity_number"), own("currency_number")
            ),
        )

    def describe(self):
        """All blocks, in their order."""
        self._runs()
        self._trials()
        self._of_capacity("idle")
        self._of_capacity("disposal")
        self._shares(SHARES.name, "idle")
        self._shares(SHARES_OF_LOSS, "disposal")
        self._people("employees")
        self._people("contractors")
        self._others()
        self._contingency()

    def _kind(self, name):
        """A kind of cost: what it is called, its place among all, its account."""
        place = list(LINES).index(name)
        return self.calendar.kinds.cell(place), place + 1.0, self.calendar.account_of[name]

    def _of_kind(self, block, name, is_there):
        """Columns of lines that are all of one kind."""
        label, place, account = self._kind(name)
        return dict(
            kinds=(name,),
            kind=np.where(is_there, label, ""),
            kind_number=np.where(is_there, place, 0.0),
            account=np.where(is_there, account, ""),
            account_number=lambda: number_in(self.lines.of("account", block), self.calendar.accounts),
        )

    def _numbers(self, block):
        """Places of a line's texts in the lists that the budget is shown by."""
        lists = {
            "department": self.inputs.departments,
            "center": self.calendar.centers,
            "account": self.calendar.accounts,
            "phase": self.phases.ranges["phase"],
        }
        return {
            f"{name}_number": lambda name=name, listed=listed: number_in(self.lines.of(name, block), listed)
            for name, listed in lists.items()
        }

    def _runs(self):
        lines, runs, costs, drivers = self.lines, self.runs, self.costs, self.scenario.drivers
        offset = runs.first - lines.row
        given = {name: cells.row(offset) for name, cells in runs.ranges.items()}
        cost = {name: cells.row(offset) for name, cells in costs.ranges.items()}
        run, size = text_in(given["run"]), runs.last - runs.first + 1

        def own(name):
            return lines.of(name, "runs")

        def on_capacity(yes, no):
            return np.where(own("capacity_number") > 0, yes, no)

        kinds = "capacity", "own", "rented"

        def by_kind(part, nothing):
            of_kind = {name: self._kind(name)[part] for name in kinds}
            alone = np.where(own("sourcing") == "own", of_kind["own"], of_kind["rented"])
            return np.where(is_blank(own("what")), nothing, on_capacity(of_kind["capacity"], alone))

        parts = {
            "hardware": there(cost["own_chips"]) + there(cost["own_servers"]) + there(cost["own_network"]),
            "energy": there(cost["own_energy"]),
            "cloud": there(cost["cloud_rental"]),
        }
        parts = {name: part * getattr(drivers, name) * drivers.compute for name, part in parts.items()}

        def share(part):
            return share_of(parts[part], own("amount"))

        lines.block(
            "runs",
            size,
            kinds,
            what=run,
            run_number=np.where(is_blank(run), 0.0, Term(f"ROW()-{lines.row - 1}", np.arange(1.0, size + 1))),
            capacity=text_in(given["capacity"]),
            capacity_number=number_in(given["capacity"], self.capacity.ranges["capacity"]),
            sourcing=lambda: on_capacity(
                take(self.capacity.ranges["sourcing"], own("capacity_number")), text_in(cost["sourcing_used"])
            ),
            department=text_in(given["department"]),
            center=text_in(given["cost_center"]),
            kind=lambda: by_kind(0, ""),
            kind_number=lambda: by_kind(1, 0.0),
            account=lambda: np.where(is_blank(given["account"]), by_kind(2, ""), given["account"]),
            **{name: text_in(given[name]) for name in ("treatment", "scope", "phase")},
            **self._numbers("runs"),
            currency_number=lambda: on_capacity(
                take(self.capacity.ranges["currency_number"], own("capacity_number")), DOLLARS
            ),
            lag=lambda: on_capacity(ON_CAPACITY, self.calendar.payment_lag),
            start=there(cost["training_start"]),
            days=there(cost["hours_assumed"]) / HOURS_PER_DAY,
            hours=lambda: on_capacity(there(cost["chip_hours_used"]) * drivers.compute, 0.0),
            amount=lambda: on_capacity(0.0, parts["hardware"] + parts["energy"] + parts["cloud"]),
            **{f"{part}_share": lambda part=part: share(part) for part in parts},
            **self._by_day("runs"),
        )

    def _trials(self):
        """Compute beside the final run, as the experiment factor has it: just before it, on the same chips."""
        lines, runs = self.lines, self.runs
        size = runs.last - runs.first + 1

        def of_run(name):
            return lines.of(name, "runs", size)

        given = runs.ranges["experiment_factor"].row(runs.first - lines.row)
        is_there = ~is_blank(of_run("what"))
        factor = np.where(np.isnan(given), self.calendar.trial_factor, given)
        extra = np.where(is_there, factor - 1, 0.0)
        same = ("what", "run_number", "department", "center", "sourcing", "capacity", "treatment", "scope", "phase")
        same += ("department_number", "center_number", "phase_number", "capacity_number", "currency_number", "lag")
        same += ("hardware_share", "energy_share", "cloud_share")
        lines.block(
            "trials",
            size,
            times=extra,
            **self._of_kind("trials", "trials", is_there),
            **{name: of_run(name) for name in same},
            days=lambda: of_run("days") * lines.of("times", "trials"),
            start=lambda: of_run("start") - lines.of("days", "trials"),
            hours=lambda: of_run("hours") * lines.of("times", "trials"),
            amount=lambda: of_run("amount") * lines.of("times", "trials"),
            **self._by_day("trials"),
        )

    def _of_capacity(self, name):
        """A line a capacity: its idle hours, or what its disposal brings or costs."""
        lines, capacity = self.lines, self.capacity
        offset = capacity.first - lines.row
        columns = ("capacity", "owner", "cost_center", "sourcing", "number", "currency_number")
        names, owner, center, sourcing, number, currency = (capacity.ranges[of].row(offset) for of in columns)
        lines.block(
            name,
            capacity.size,
            what=text_in(names),
            **self._of_kind(name, name, ~is_blank(names)),
            department=text_in(owner),
            department_number=lambda: number_in(lines.of("department", name), self.inputs.departments),
            center=text_in(center),
            center_number=lambda: number_in(lines.of("center", name), self.calendar.centers),
            sourcing=text_in(sourcing),
            capacity=text_in(names),
            capacity_number=there(number),
            currency_number=np.where(is_blank(names), 0.0, currency),
            lag=ON_CAPACITY,
        )

    def _shares(self, name, kind):
        """What a department pays for its share of a capacity, beyond used hours; and its share of what a sale loses."""
        lines, shares = self.lines, self.shares
        given = {of: cells.row(shares.first - lines.row) for of, cells in shares.ranges.items()}

        def of_capacity(column, nothing=""):
            at = lines.of("capacity_number", name)
            return np.where(at > 0, take(lines.range(column, "idle"), at), nothing)

        lines.block(
            name,
            shares.size,
            what=text_in(given["capacity"]),
            **self._of_kind(name, kind, ~is_blank(given["capacity"])),
            department=text_in(given["department"]),
            department_number=lambda: number_in(lines.of("department", name), self.inputs.departments),
            capacity=text_in(given["capacity"]),
            capacity_number=number_in(given["capacity"], self.capacity.ranges["capacity"]),
            sourcing=lambda: of_capacity("sourcing"),
            center=lambda: of_capacity("center"),
            center_number=lambda: number_in(lines.of("center", name), self.calendar.centers),
            currency_number=lambda: of_capacity("currency_number", 0.0),
            lag=ON_CAPACITY,
            times=there(given["share"]),
        )

    def _people(self, name):
        """Employees, or contractors, of each row of Staff: until the end of their run."""
        lines, staff = self.lines, self.staff
        given = {of: cells.row(staff.first - lines.row) for of, cells in staff.ranges.items()}
        is_there = ~np.isnan(given[f"{name}_mean"])
        mean = there(given[f"{name}_mean"]) * there(given["units_per_usd"])
        years = there(given["years_median"]) if name == "employees" else 1.0

        def of_run(column, nothing):
            at = lines.of("run_number", name)
            return np.where(at > 0, take(lines.range(column, "runs"), at), nothing)

        texts = ("department", "center", "treatment", "scope", "phase")
        lines.block(
            name,
            staff.size,
            run_number=np.where(is_there, number_in(given["run"], self.runs.ranges["run"]), 0.0),
            what=np.where(is_there, given["role"], ""),
            **self._of_kind(name, name, is_there),
            currency_number=there(given["currency_number"]),
            **{of: lambda of=of: of_run(of, "") for of in texts},
            **{of: lambda of=of: of_run(of, 0.0) for of in ("department_number", "center_number", "phase_number")},
            days=years * DAYS_PER_YEAR,
            start=lambda: of_run("start", 0.0) + of_run("days", 0.0) - lines.of("days", name),
            amount=np.where(self.calendar.staff == YES, mean * self.scenario.drivers.wages, 0.0),
        )

    def _others(self):
        """Other costs: once, or each month from one to another."""
        lines, others = self.lines, self.others
        given = {name: cells.row(others.first - lines.row) for name, cells in others.ranges.items()}
        is_there = ~is_blank(given["item"])
        place = there(others.category_place.row(others.first - lines.row))

        def month_of(name):
            return year(given[name]) * MONTHS_PER_YEAR + month(given[name])

        run = number_in(given["run"], self.runs.ranges["run"])

        def of_run(column, own):
            at = lines.of("run_number", "others")
            return np.where(is_blank(own) & (at > 0), take(lines.range(column, "runs"), at), text_in(own))

        def mark_of_run(column):
            at = lines.of("run_number", "others")
            return np.where(at > 0, take(lines.range(column, "runs"), at), "")

        def of_category(listed, nothing):
            at = lines.of("kind_number", "others")
            return np.where(at > 0, take(listed, at), nothing)

        lines.block(
            "others",
            others.size,
            tuple(CATEGORIES),
            what=text_in(given["item"]),
            run_number=run,
            department=lambda: of_run("department", given["department"]),
            center=lambda: of_run("center", given["cost_center"]),
            **{of: lambda of=of: mark_of_run(of) for of in ("treatment", "scope", "phase")},
            kind_number=np.where(is_there, place, 0.0),
            kind=lambda: of_category(self.calendar.kinds, ""),
            account=lambda: np.where(
                is_blank(given["account"]), of_category(self.calendar.line_accounts, ""), text_in(given["account"])
            ),
            **self._numbers("others"),
            currency_number=np.where(is_there, number_of(given["currency"], self.calendar.currencies), 0.0),
            lag=self.calendar.payment_lag,
            first_month=np.where(np.isnan(given["start"]), 0.0, month_of("start")),
            month_count=np.where(
                np.isnan(given["start"]),
                0.0,
                np.where(np.isnan(given["end"]), 1.0, month_of("end") - month_of("start") + 1),
            ),
            times=np.where(given["timing"] == "monthly", 1.0, 0.0),
            amount=there(given["amount"]) * self.scenario.drivers.others,
        )

    def _contingency(self):
        lines, calendar = self.lines, self.calendar
        lines.block(
            "contingency",
            1,
            what=calendar.kinds.cell(list(LINES).index("contingency")),
            **self._of_kind("contingency", "contingency", calendar.contingency > 0),
            department=text_in(calendar.contingency_department),
            department_number=lambda: number_in(lines.of("department", "contingency"), self.inputs.departments),
            currency_number=number_in(calendar.currency, calendar.currencies),
            lag=calendar.payment_lag,
            times=calendar.contingency,
        )
