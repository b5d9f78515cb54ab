"""A budget as rows of a bill in FOCUS, marked as a forecast: what it costs, what is paid, and the list price of it.

Every line of the budget is a row a month and component: its effective cost is the budget's cost, its billed cost what
is paid for it, in the billing period in which it is paid. What is paid for a cluster or a commitment at once is a
purchase, which costs nothing by itself: its use does. Chip-hours, and their price on demand, stand in one row of each
line.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from ... import equations
from ...budget.columns import LINES
from ...budget.components import CONTINGENCY
from ...budget.tables import SHARES
from ...dates import from_serial
from ...equations.parameters import MONTHS_PER_YEAR
from ...errors import XlcostError
from ...estimate import estimate
from ...files import replacing
from ...workbook.budget import figures_of
from ...workbook.calendar import DOLLARS
from ..csv_file import write_csv
from .focus_columns import ALSO_CALLED, COLUMNS, NUMBERS
from .sources import CHIP_HOURS

ORGANISATION, CLOUD = "Own organisation", "Cloud vendor"
FORECAST, ACCOUNT = "forecast", "Budget"
ON_CAPACITY = ("runs", "trials", "idle", SHARES.name)
COMPUTE = ("runs", "trials", "idle")
"""Blocks of lines that may be charges for capacity, and those with chip-hours."""
FREQUENCY = dict.fromkeys(("idle", SHARES.name, "employees", "contractors"), "Recurring") | {"disposal": "One-Time"}
CATEGORY_OF_SERVICE = {"Storage": "Storage", "Network and data transfer": "Networking"}
OF_COST = ("depreciation", "hosting", "operations", "upkeep", "rental")
"""What the hours of a capacity cost beside their energy."""


def write_focus(path, plan, replace=False):
    """Write a budget as a FOCUS file.

    Parameters
    ----------
    path : path-like
        Ending in .csv or .parquet.
    plan : xlcost.budget.plan.Plan
    replace : bool
        Whether an existing file may be replaced.

    Returns
    -------
    pandas.DataFrame
        The rows, in the budget's currency.

    Raises
    ------
    XlcostError
        The file cannot be written; an existing one is then as it was.
    """
    rows = focus_rows(plan)
    if path.suffix.lower() == ".csv":
        if path.exists() and not replace:
            raise XlcostError(f"{path}: the file exists; --force replaces it")
        write_csv(rows, path)
        return rows
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        missing = "Parquet needs the Python package pyarrow, which is not installed: pip install 'xlcost[actuals]'"
        raise XlcostError(f"{path}: {missing}") from None
    schema = pyarrow.schema(
        [(name, pyarrow.float64() if name in NUMBERS else pyarrow.string()) for name in rows.columns]
    )
    table = pyarrow.Table.from_pandas(rows, schema=schema, preserve_index=False)
    with replacing(path, replace) as temporary:
        # Of the schema alone: the versions of what made the file would be in it.
        pyarrow.parquet.write_table(table.replace_schema_metadata(None), temporary)
    return rows


def focus_rows(plan):
    """A budget's rows, by the names of `xlcost.exchange.actuals.focus_columns`."""
    budget = _Budget(plan)
    parts = [*budget.lines(), *budget.purchases()]
    rows = pd.DataFrame([row for part in parts for row in part], columns=list(COLUMNS))
    for name, of in ALSO_CALLED.items():
        rows[name] = rows[of]
    for name in NUMBERS:
        rows[name] = rows[name].astype(float)
    return rows


class _Budget:
    """The figures of a budget, and rows of them."""

    def __init__(self, plan):
        self.plan, figures = plan, figures_of(plan)
        self.ledger, self.calendar, self.costs = figures.ledger, figures.calendar, figures.costs
        self.sheet, self.months, capacity = figures.ledger.lines, figures.ledger.months, figures.ledger.capacity
        self.drivers = figures.scenario.drivers
        self.currency = str(figures.calendar.currency.value)
        self.capacity = {name: cells.values for name, cells in capacity.ranges.items()}
        self.run_names = [str(text) for text in figures.runs.ranges["run"].values.tolist()]
        self.common = {
            "BillingAccountId": ACCOUNT,
            "BillingAccountName": ACCOUNT,
            "BillingCurrency": self.currency,
            "x_forecast": FORECAST,
            "x_scenario": str(figures.scenario.name.value),
            "x_method": plan.settings.method,
            "x_edition": plan.facts.edition,
        }
        self.list_price_of_run, self.list_price_of_capacity = self._list_prices()
        self.axis = self.sheet.axis
        first = self.axis.periods[self.axis.months[0]]
        self.first_month = int(first.start_month.value)

    def _list_prices(self):
        """On demand, of an hour of each run's chip and of each capacity's. [USD/chip-hour]"""
        plan, capacity = self.plan, self.plan.capacity
        starts = plan.estimated["training_start"].tolist()
        rows = [
            {"run": f"run {number}", "chip": chip, "start": start, "vendor": vendor or None}
            for number, (chip, vendor, start) in enumerate(
                zip(plan.runs["chip"].texts_of_rows(), plan.runs["vendor"].texts_of_rows(), starts)
            )
        ]
        rows += [
            {
                "run": f"capacity {number}",
                "chip": chip,
                "start": from_serial(day).astype("datetime64[D]").item(),
                "vendor": vendor or None,
            }
            for number, (chip, vendor, day) in enumerate(
                zip(capacity["chip"], capacity["vendor"], capacity["in_service"])
            )
        ]
        table = pd.DataFrame(rows).assign(chips=1.0, hours=1.0, sourcing="cloud_on_demand")
        prices = estimate(table, plan.facts)["cloud_cost"].to_numpy(dtype=float) * float(self.drivers.cloud.value)
        return prices[: len(starts)], prices[len(starts) :]

    # --- lines

    def lines(self):
        """Rows of every line, a list a month and block."""
        for number in self.axis.months:
            for name in self.sheet.blocks:
                yield self._block(name, number)

    def _block(self, name, number):
        of = {column: values[list(self.sheet.blocks).index(name)] for column, values in self.sheet.values.items()}
        amounts = np.asarray(self.sheet.monthly[number][name], dtype=float)
        for line in np.flatnonzero(amounts):
            hours, price = self._hours(name, number, line, of)
            parts = self._parts(name, number, line, of, float(amounts[line]))
            for position, (component, amount, paid, later) in enumerate(parts):
                is_first = position == 0 and hours > 0
                yield self._row(name, number, line, of, component, amount, paid, later, is_first, hours, price)

    def _parts(self, name, number, line, of, amount):
        """Components of a line's month: each its cost, what is paid for it, and how many months later."""
        lag, place = int(of["lag"][line]), int(of["capacity_number"][line])
        if name in ON_CAPACITY and place:
            return self._parts_of_capacity(name, number, place - 1, amount)
        if name in ("runs", "trials"):
            shares = {"own_hardware": "hardware_share", "rental": "cloud_share", "energy": "energy_share"}
            parts = [(component, amount * float(of[share][line])) for component, share in shares.items()]
        elif name == "disposal":
            # What is received for it stands in a row of its own.
            return [("disposal", amount, 0.0, 0)]
        elif name == "others":
            is_own = self.calendar.currencies.values[int(of["currency_number"][line]) - 1] == self.currency
            parts = [("others" if is_own else "others_foreign", amount)]
        else:
            parts = [(CONTINGENCY if name == CONTINGENCY else name, amount)]
        return [(component, part, part, max(lag, 0)) for component, part in parts if part]

    def _parts_of_capacity(self, name, number, place, amount):
        def cell(block):
            return float(self.months.cells[block][number].values[place])

        energy, charged = cell("energy"), cell("charged")
        of_energy = amount * energy / charged if name in ("runs", "trials") and charged else 0.0
        whole = sum(cell(block) for block in OF_COST)
        kind, upfront = self.capacity["kind"][place], _or_zero(self.capacity["upfront_share"][place])
        lag = int(_or_zero(self.capacity["payment_lag"][place]))
        is_hourly = kind == "on_demand"
        parts = []
        for block in OF_COST:
            part = (amount - of_energy) * cell(block) / whole if whole else 0.0
            paid = {"depreciation": 0.0, "rental": 1.0 if is_hourly else 1.0 - upfront}.get(block, 1.0)
            component = block if block != "rental" else "rental" if is_hourly else "commitments"
            parts.append((component, part, part * paid, lag))
        parts.append(("energy", of_energy, of_energy, lag))
        # The row of the hours comes first: what they cost most by.
        order = {"commitments": 0, "rental": 0, "depreciation": 0}
        return sorted((part for part in parts if part[1]), key=lambda part: order.get(part[0], 1))

    def _hours(self, name, number, line, of):
        """Chip-hours of a line's month, and their price on demand in the budget's currency."""
        if name not in COMPUTE:
            return 0.0, np.nan
        period, rate = self.axis.periods[number], self._dollars(number)
        if name == "idle":
            hours = float(self.months.cells["idle"][number].values[line])
            prices = self.list_price_of_capacity
            return max(hours, 0.0), (prices[line] if line < len(prices) else np.nan) * rate
        planned = _or_zero(self.costs.ranges["chip_hours_used"].values[line]) * float(self.drivers.compute.value)
        planned *= float(of["times"][line]) if name == "trials" else 1.0
        start, days = float(of["start"][line]), float(of["days"][line])
        share = equations.share_within(start, days, float(period.start.value), float(period.end.value))
        return planned * float(share), self.list_price_of_run[line] * rate

    def _dollars(self, number):
        return float(self.axis.periods[number].rates.values[int(DOLLARS) - 1])

    def _row(self, name, number, line, of, component, amount, paid, later, is_first, hours, price):
        place, kind = int(of["capacity_number"][line]), int(of["kind_number"][line])
        run = int(of["run_number"][line])
        run_name = self.run_names[run - 1] if run else ""
        service = list(LINES.values())[kind - 1]
        is_compute = name in COMPUTE
        # The price of an hour on demand has hosting and energy in it.
        listed = amount if not is_compute or np.isnan(price) else hours * price if is_first else 0.0
        chip = self._chip(name, line, place)
        row = self._plain(number, later) | {
            "ChargeCategory": "Adjustment" if name == "disposal" else "Usage",
            "ChargeDescription": str(of["what"][line]) or service,
            "ChargeFrequency": FREQUENCY.get(name, "Usage-Based"),
            "BilledCost": paid,
            "EffectiveCost": amount,
            "ContractedCost": amount,
            "ListCost": listed,
            "PricingCategory": "Committed" if component == "commitments" else "Standard",
            "ServiceCategory": "Compute" if name in ON_CAPACITY else CATEGORY_OF_SERVICE.get(service, "Other"),
            "ServiceName": service,
            **self._whose(str(of["department"][line]), run_name, str(of["center"][line]), str(of["account"][line])),
            **self._provider(name, line, place, component),
            "ResourceId": run_name or str(of["capacity"][line]) or None,
            "ResourceName": run_name or str(of["capacity"][line]) or None,
            "ResourceType": "Training run" if run_name else "Cluster" if place else None,
            "SkuId": chip or component,
            "SkuPriceId": chip or component,
            "x_component": component,
            "x_chip": chip,
        }
        if is_first:
            row |= {
                "ConsumedQuantity": hours,
                "ConsumedUnit": CHIP_HOURS,
                "PricingQuantity": hours,
                "PricingUnit": CHIP_HOURS,
                "ListUnitPrice": price,
                "ContractedUnitPrice": amount / hours,
            }
        if component == "commitments":
            row |= self._commitment(place - 1) | {"CommitmentDiscountStatus": "Unused" if name == "idle" else "Used"}
        return row

    def _chip(self, name, line, place):
        if name in ("runs", "trials"):
            return str(self.plan.runs["chip"].texts_of_rows()[line])
        return str(self.capacity["chip"][place - 1]) if place else None

    def _provider(self, name, line, place, component):
        """Who sells it."""
        who = ORGANISATION
        if component in ("rental", "commitments"):
            of_run = self.costs.ranges["cloud_vendor"].values[line] if name in ("runs", "trials") else ""
            who = (str(self.capacity["vendor"][place - 1]) if place else str(of_run)) or CLOUD
        return {"ProviderName": who, "PublisherName": who, "InvoiceIssuerName": who}

    def _whose(self, department, run="", center="", account=""):
        told = {"run": run, "department": department, "cost_center": center, "account": account}
        return {
            "SubAccountId": department or None,
            "SubAccountName": department or None,
            "Tags": json.dumps({name: text for name, text in told.items() if text}, ensure_ascii=False),
            "x_run": run or None,
            "x_department": department or None,
        }

    def _commitment(self, place):
        name = str(self.capacity["capacity"][place])
        return {
            "CommitmentDiscountId": name,
            "CommitmentDiscountName": name,
            "CommitmentDiscountCategory": "Usage",
            "CommitmentDiscountType": str(self.capacity["kind"][place]),
        }

    def _plain(self, number, later=0):
        """What every row of a month has, and the month in which it is paid."""
        period = self.axis.periods[number]
        month = int(period.start_month.value)
        return (
            dict.fromkeys(COLUMNS)
            | self.common
            | {
                "ChargePeriodStart": _day(month),
                "ChargePeriodEnd": _day(month + 1),
                "BillingPeriodStart": _day(month + later),
                "BillingPeriodEnd": _day(month + later + 1),
            }
        )

    # --- purchases

    def purchases(self):
        """Rows of what is paid for clusters and commitments at once, and of what is received for sold ones."""
        for place in np.flatnonzero(self.capacity["capacity"] != ""):
            yield list(self._purchases(int(place)))

    def _purchases(self, place):
        def of(name):
            return _or_zero(self.capacity[name][place])

        upfront, lag = of("upfront_share"), int(of("payment_lag"))
        begin, end = int(of("first_month")), int(of("last_month"))
        is_owned = self.capacity["kind"][place] == "owned"
        for what, month, later, amount in (
            ("paid upfront", begin, 0, (of("purchase") + of("contract")) * upfront),
            ("paid on delivery", begin, lag, of("purchase") * (1 - upfront)),
            ("sold", end, lag, -of("proceeds")),
        ):
            number = month - self.first_month
            if not amount or not 0 <= number < len(self.axis.months):
                continue
            number = self.axis.months[number]
            # In the currency's rate of the month of payment, as the budget has it.
            paid_in = min(number + later, self.axis.months[-1])
            paid = amount * self._dollars(paid_in)
            name, chip = str(self.capacity["capacity"][place]), str(self.capacity["chip"][place])
            yield self._plain(number, later) | {
                "ChargeCategory": "Adjustment" if what == "sold" else "Purchase",
                "ChargeDescription": f"{name}: {what}",
                "ChargeFrequency": "One-Time",
                "BilledCost": paid,
                "EffectiveCost": 0.0,
                "ContractedCost": paid,
                "ListCost": paid,
                "PricingCategory": "Standard" if is_owned else "Committed",
                "ServiceCategory": "Compute",
                "ServiceName": LINES["capacity"],
                **self._whose(str(self.capacity["owner"][place])),
                **(
                    {"ProviderName": ORGANISATION, "PublisherName": ORGANISATION, "InvoiceIssuerName": ORGANISATION}
                    if is_owned
                    else self._provider("", 0, place + 1, "commitments") | self._commitment(place)
                ),
                "ResourceId": name,
                "ResourceName": name,
                "ResourceType": "Cluster",
                "SkuId": chip,
                "SkuPriceId": chip,
                "x_component": "disposal" if what == "sold" else "depreciation" if is_owned else "commitments",
                "x_chip": chip,
            }


def _or_zero(number):
    return 0.0 if number in (None, "") or number != number else float(number)


def _day(month):
    """First day of a month, counted as 12 times the year and its number, as FOCUS writes moments."""
    year, of_year = divmod(month - 1, int(MONTHS_PER_YEAR))
    return f"{year:04d}-{of_year + 1:02d}-01T00:00:00Z"
