"""The workings of the sheet Buy or rent: prices found, what falls due when, line by line, and month by month."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .. import equations
from ..budget.analysis import YEARS
from ..catalog.vendors import TERM_YEARS
from ..columns import RUN_COLUMNS, STEP_GROUPS
from ..equations.parameters import MONTHS_PER_YEAR
from ..flows import cumulated
from ..lookup import blank_if, take
from ..model import CostSteps
from ..totals import total
from .buy_or_rent_inputs import EMPTY, count_refused, is_bad_loan, is_usable, loan_months

WAYS = {
    "own": "Own hardware",
    "cloud_3y": "3-year commitment",
    "cloud_1y": "1-year commitment",
    "cloud_on_demand": "On demand",
    "external": "External model",
}
LETTERS = dict(zip(WAYS, "BCDEF"))
ON_DEMAND = "cloud_on_demand"
RENTED = [way for way in WAYS if way.startswith("cloud")]
COMMITMENTS = [way for way in RENTED if way != ON_DEMAND]
MONTHS = int(YEARS * MONTHS_PER_YEAR)
COLUMNS = {column.name: column for _, columns in STEP_GROUPS for column in columns}

OF_OWNING = "chip_price_date", "acquisition_cost", "power_capacity_kw", "average_power_share", "usd_per_kwh_used"
OF_RENTING = "usd_per_chip_hour", "cloud_price_date"
"""Steps of the cost model that the ways are computed from, and all those before them."""

LINES = {
    "purchase": "Purchase",
    "installation": "Installation",
    "hosting": "Hosting",
    "staff": "Staff",
    "maintenance": "Maintenance",
    "insurance": "Insurance",
    "energy": "Energy",
    "sale": "Sale at the end",
    "loan": "Financing",
}
"""What owning costs, in the order in which it is shown."""
DUES = {
    "at_once": "At once",
    "each_month": "Each month",
    "of_loan": "Each month of the loan",
    "at_end": "At the end",
    "cost": "Net present cost",
}


def headings(sheet, row, title, texts, words=()):
    """A section's title and the headings of its columns; returns the row below."""
    sheet.put(f"A{row}", title, style="section")
    for letter, text in zip("ABCDEFGHIJK", texts):
        sheet.put(f"{letter}{row + 1}", text, style="heading" if text in words else "heading_right")
    sheet.height(row + 1, 32)
    return row + 2


class Workings:
    """Rows of figures that the others are computed from: a label, the figure, what it is.

    Parameters
    ----------
    sheet : Sheet
    """

    def __init__(self, sheet):
        self.sheet, self.row = sheet, 0

    def begin(self, row, title):
        """A section of its own."""
        self.sheet.put(f"A{row}", title, style="section")
        self.row = row + 1

    def __call__(self, label, value, number_format="money", unit="USD", style="number"):
        self.sheet.put(f"A{self.row}", label, style="label")
        cell = self.sheet.put(f"B{self.row}", value, style=style, format=number_format)
        self.sheet.put(f"C{self.row}", unit, style="unit")
        self.row += 1
        return cell


def write_workings(put, given, benefits, inputs, drivers):
    """What holds for all ways: months, rates, and what an amount is worth today that falls due in them."""
    usable = put("Fleet, years, use and timing are set", np.where(is_usable(given), 1.0, 0.0), "count", "1: yes")
    bad_loan = put("A loan lacks interest or a term", np.where(is_bad_loan(given), 1.0, 0.0), "count", "1: yes")
    refused = put("Figures that cannot be", count_refused(given, benefits), "count", "cells")
    months = put("Months planned", blank_if(usable == 0, given.years * MONTHS_PER_YEAR), "count", "months")
    discount_rate = put("What money costs", inputs.assume["discount_rate"], "share", "a year", "link")
    rate = put("What money costs by month", equations.monthly_rate(discount_rate), "precise", "a month")
    # Years may be anything where the months are empty.
    by_month = equations.present_value_of_months(1.0, months, rate)
    by_year = equations.present_value_of_years(float(MONTHS_PER_YEAR), months / MONTHS_PER_YEAR, discount_rate)
    by_year = put("Worth of 1 USD a month, paid yearly", by_year, "factor", "USD")
    in_middle = equations.mid_year_factor(discount_rate) * by_year
    worth = np.where(given.month_end, by_month, np.where(given.mid_year, in_middle, by_year))
    worth = put("Worth of 1 USD a month, as chosen", worth, "factor", "USD")
    at_end = put("Worth of 1 USD at the end", equations.present_value(1.0, months, rate), "factor", "USD")
    interest = put("Interest on the loan by month", equations.monthly_rate(given.interest), "precise", "a month")
    term = put("Months of the loan", loan_months(given), "count", "months")
    paid = put("Months of the loan within the plan", np.minimum(term, months), "count", "months")
    loan_worth = equations.present_value_of_months(1.0, paid, rate)
    loan_worth = put("Worth of 1 USD a month of the loan", loan_worth, "factor", "USD")
    left = {
        way: put(
            f"{WAYS[way]}: months left at the end",
            equations.commitment_left(months, TERM_YEARS[way] * MONTHS_PER_YEAR),
            "count",
            "months",
        )
        for way in COMMITMENTS
    }
    due = np.where(given.mid_year, MONTHS_PER_YEAR / 2, 0.0)
    due = put("Month of a year in which it is paid for", due, "count", "0: the last")
    factors = {
        name: put(f"Factor on the price of {label}", getattr(drivers, name), "factor", "of the scenario", "link")
        for name, label in (
            *(("hardware", "hardware"), ("cloud", "cloud computing")),
            *(("energy", "electricity"), ("wages", "work"), ("others", "all else")),
        )
    }
    return SimpleNamespace(
        usable=usable,
        bad_loan=bad_loan,
        refused=refused,
        months=months,
        discount_rate=discount_rate,
        rate=rate,
        worth=worth,
        at_end=at_end,
        interest=interest,
        term=term,
        paid=paid,
        loan_worth=loan_worth,
        left=left,
        due=due,
        factor=SimpleNamespace(**factors),
    )


def write_prices(sheet, row, given, facts, inputs):
    """The cost model's steps, one a row, own hardware and each way of renting side by side.

    Returns
    -------
    (dict of str to CostSteps, int)
        By way, and the row below.
    """
    first = headings(
        sheet,
        row,
        "Prices and power, step by step",
        ("Step", *(WAYS[way] for way in ("own", *RENTED)), "Unit"),
        ("Step", "Unit"),
    )
    rows = {}

    def keeper(way):
        def keep(name, value):
            column = COLUMNS[name]
            if name not in rows:
                rows[name] = first + len(rows)
                sheet.put(f"A{rows[name]}", column.label, style="label")
                sheet.put(f"F{rows[name]}", column.unit, style="unit")
            style = "value" if column.format == "text" else "number"
            return sheet.put(f"{LETTERS[way]}{rows[name]}", value, style=style, format=column.format)

        return keep

    blank = {name: "" if column.format == "text" else EMPTY for name, column in RUN_COLUMNS.items()}
    set_here = {name: getattr(given, name) for name in ("chip", "chips", "organization", "start")}
    steps = {
        way: CostSteps(
            SimpleNamespace(**{**blank, **set_here, "sourcing": way}), facts, inputs.assume, keep=keeper(way)
        )
        for way in ("own", *RENTED)
    }
    wanted = {"own": OF_OWNING, **dict.fromkeys(RENTED, OF_RENTING)}
    for way, names in wanted.items():
        for name in names:
            getattr(steps[way], name)
    return steps, first + len(rows)


def write_amounts(put, steps, given, inputs, base):
    """What each way costs in a month, or once."""
    assume, own, factor = inputs.assume, steps["own"], base.factor
    pay = equations.yearly_pay(*(inputs.project[name].median for name in ("salary", "equity", "employment_overhead")))
    purchase = put("Purchase price of the cluster", own.acquisition_cost * factor.hardware)
    pay = put("Pay of one of the staff", pay * factor.wages, unit="USD/year")
    hours = equations.chip_hours_from_cluster(given.chips, assume["hours_per_year"])
    hours = put("Chip-hours available", hours, "count", "chip-hours/year")
    kwh = equations.energy_kwh(own.tdp_w, own.server_power_factor, own.average_power_share, own.pue, hours)
    kwh = put("Energy of all available hours", kwh, "count", "kWh/year")
    all_energy = equations.energy_cost(kwh, own.usd_per_kwh_used * factor.energy) / MONTHS_PER_YEAR
    all_energy = put("Energy of all available hours, cost", all_energy, unit="USD/month")
    later = equations.value_at_start(purchase, given.years, assume["depreciation_rate"])
    later = put("Market value at the end", later)
    lent = put("Amount lent", purchase * given.borrowed)
    payment = put(
        "Payment on the loan", equations.loan_payment(lent, base.term, base.interest), unit="USD/month of the loan"
    )
    owed = equations.present_value_of_months(payment, base.term - base.paid, base.interest)
    owed = put("Still owed at the end of the plan", owed)
    rent = {
        way: put(
            f"{WAYS[way]}, all available hours",
            equations.rental_of_month(
                steps[way].usd_per_chip_hour * factor.cloud, given.chips, 1.0, assume["hours_per_year"]
            ),
            unit="USD/month",
        )
        for way in RENTED
    }
    yearly = {
        "staff": equations.operations_pay(given.chips, pay, assume["operations"]),
        "maintenance": equations.share_of_purchase(purchase, assume["maintenance"]),
        "insurance": equations.share_of_purchase(purchase, assume["insurance"]),
    }
    # At once, each month, at the end.
    lines = {
        "purchase": (purchase, 0.0, 0.0),
        "installation": (given.installation, 0.0, 0.0),
        "hosting": (0.0, equations.hosting_of_month(own.power_capacity_kw, assume["hosting"]) * factor.others, 0.0),
        **{name: (0.0, amount / MONTHS_PER_YEAR, 0.0) for name, amount in yearly.items()},
        "energy": (0.0, all_energy * given.use, 0.0),
        "sale": (0.0, 0.0, -equations.disposal_proceeds(later, assume["haircut"])),
        "loan": (-lent, payment, owed),
    }
    return SimpleNamespace(lines=lines, all_energy=all_energy, rent=rent)


def write_lines(sheet, first, lines, base):
    """Owning line by line: at once, each month, at the end, and what that is worth today, in the columns A to E."""
    written = {}
    for row, (name, label) in enumerate(LINES.items(), start=first):
        sheet.put(f"A{row}", label, style="label")
        cells = [
            sheet.put(f"{letter}{row}", amount, style="number", format="place")
            for letter, amount in zip("BCD", lines[name])
        ]
        worth = base.loan_worth if name == "loan" else base.worth
        today = cells[0] + cells[1] * worth + cells[2] * base.at_end
        written[name] = [*cells, sheet.put(f"E{row}", today, style="number", format="money")]
    return written


def write_dues(sheet, row, lines, amounts, given, base):
    """What each way costs at once, each month and at the end, and its net present cost.

    Returns
    -------
    (types.SimpleNamespace, int)
        at_once, each_month, of_loan, at_end and cost, each a dict of cells by way; and the row below.
    """
    row = headings(sheet, row, "What falls due, USD", ("", *WAYS.values()))
    is_lacking = np.isnan(lines["purchase"][0]) | np.isnan(lines["hosting"][1]) | np.isnan(lines["energy"][1])
    first, loan = (int(lines[name][0]._text.rpartition("$")[2]) for name in ("purchase", "loan"))
    owned = {
        letter: blank_if(is_lacking, total(sheet.range(letter, first, last)))
        for letter, last in (("B", loan), ("C", loan - 1), ("D", loan))
    }
    none = dict.fromkeys(RENTED, 0.0)
    is_tuned_alone = np.isnan(given.price) & np.isnan(given.tokens) & ~np.isnan(given.fine_tuning)
    dues = {
        "at_once": {
            "own": owned["B"],
            **none,
            "external": np.where(np.isnan(given.fine_tuning), 0.0, given.fine_tuning),
        },
        "each_month": {
            "own": owned["C"],
            # Under a commitment all hours are paid, used or not.
            **{way: rent * given.use if way == ON_DEMAND else rent for way, rent in amounts.rent.items()},
            "external": np.where(is_tuned_alone, 0.0, equations.external_of_month(given.price, given.tokens)),
        },
        "of_loan": {"own": lines["loan"][1], **none, "external": 0.0},
        "at_end": {
            "own": owned["D"],
            **none,
            # A commitment is paid to the end of its term.
            **{way: amounts.rent[way] * left for way, left in base.left.items()},
            "external": 0.0,
        },
    }
    cells = {name: {} for name in (*dues, "cost")}
    for name, label in DUES.items():
        sheet.put(f"A{row}", label, style="label" if name != "cost" else "total_label")
        for way, letter in LETTERS.items():
            if name == "cost":
                at_once, each_month, of_loan, at_end = (cells[other][way] for other in dues)
                value = at_once + each_month * base.worth + of_loan * base.loan_worth + at_end * base.at_end
            else:
                value = dues[name][way]
            style = "total" if name == "cost" else "number"
            cells[name][way] = sheet.put(f"{letter}{row}", value, style=style, format="money")
        row += 1
    return SimpleNamespace(**cells), row


def write_flows(sheet, row, dues, best, benefits, given, base):
    """All amounts month by month, those beyond the years planned being 0.

    Returns
    -------
    types.SimpleNamespace
        months, benefits, net, cumulated, and by way the flows (Ranges); heading (a row) and last (a row).
    """
    texts = ("Month", *WAYS.values(), "The cheapest way", "Benefits", "Benefits less costs", "Summed up")
    first = headings(sheet, row, "Month by month: costs, benefits [USD]", (*texts, "Months paid for"))

    def put(letter, value, number_format="place"):
        return sheet.column(letter, first, value, style="number", format=number_format)

    months = put("A", np.arange(MONTHS + 1.0), "count")
    month = months.cell
    of_year = month - MONTHS_PER_YEAR * np.floor(month / MONTHS_PER_YEAR)
    is_later = (month == 0) | (month > base.months)
    in_year = np.where(of_year == base.due, float(MONTHS_PER_YEAR), 0.0)
    paid = put("K", np.where(is_later, 0.0, np.where(given.month_end, 1.0, in_year)), "place").cell
    flows = {}
    for way, letter in LETTERS.items():
        later = paid * dues.each_month[way] + (month <= base.paid) * dues.of_loan[way]
        later = later + (month == base.months) * dues.at_end[way]
        flows[way] = put(letter, np.where(month == 0, dues.at_once[way] + 0 * dues.each_month[way], later))
    chosen = blank_if(best != len(WAYS), flows["external"].cell)
    for position, way in reversed(list(enumerate(WAYS, start=1))[:-1]):
        chosen = np.where(best == position, flows[way].cell, chosen)
    cost = put("G", chosen).cell
    year = np.floor((np.maximum(month, 1.0) - 1) / MONTHS_PER_YEAR) + 1
    won = put("H", paid * take(benefits.of_years, year) / MONTHS_PER_YEAR)
    net = put("I", won.cell - cost)
    sums = put("J", cumulated(net))
    return SimpleNamespace(
        months=months.range,
        benefits=won.range,
        net=net.range,
        cumulated=sums.range,
        **{way: column.range for way, column in flows.items()},
        heading=first - 1,
        last=first + MONTHS,
    )
