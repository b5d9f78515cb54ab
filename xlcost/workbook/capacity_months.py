"""The Capacity months sheet: hours, costs, books and payments of each capacity, month by month."""

from __future__ import annotations

import numpy as np

from .. import equations
from ..depreciation import declining_balance
from ..formula import NOTHING, OFFSET, ROW, Term, guard
from ..lookup import rounded, take, text_in
from ..totals import total
from .axis import SCALE, Axis
from .capacity_payments import put_payments
from .widths import narrow, room_for_title

NAME = "Capacity months"
HEADING, FIRST = 4, 6
BEGIN = 3
LABELS, UNITS = 52, 12.5
"""Widths, of labels at most."""

MONEY, MONEY_AN_HOUR, MONEY_A_DOLLAR = "{currency}", "{currency}/chip-hour", "{currency}/USD"
"""Units in the budget's currency, which a reader may change."""

BLOCKS = {
    # name: heading, unit, number format
    "used_so_far": ("Hours used up to the end of the month", "chip-hours", "filled_count"),
    "available": ("Available hours", "chip-hours", "filled_count"),
    "used": ("Used hours", "chip-hours", "filled_count"),
    "idle": ("Idle hours; below 0 where there is too little", "chip-hours", "filled_count"),
    "months": ("Months in service", "months", "filled_factor"),
    "exchange": ("Exchange rate of its prices", MONEY_A_DOLLAR, "filled_hourly"),
    "booked": ("Months booked up to the end of the month", "months", "filled_count"),
    "depreciated": ("Depreciation booked up to the end of the month", MONEY, "filled_count"),
    "depreciation": ("Depreciation", MONEY, "filled_count"),
    "hosting": ("Hosting", MONEY, "filled_count"),
    "operations": ("Operations staff", MONEY, "filled_count"),
    "upkeep": ("Maintenance and insurance", MONEY, "filled_count"),
    "rental": ("Rental and commitments", MONEY, "filled_count"),
    "energy": ("Energy of used hours", MONEY, "filled_count"),
    "cost": ("Cost of the capacity", MONEY, "filled_count"),
    "hour_cost": ("Cost of an available hour, without energy", MONEY_AN_HOUR, "filled_hourly"),
    "rate": ("Charge for a used hour", MONEY_AN_HOUR, "filled_hourly"),
    "charged": ("Charged to runs", MONEY, "filled_count"),
    "idle_cost": ("Cost of idle hours", MONEY, "filled_count"),
    "additions": ("Books: additions", MONEY, "filled_count"),
    "disposals": ("Books: disposals, at book value", MONEY, "filled_count"),
    "closing": ("Books: closing value", MONEY, "filled_count"),
    "loss": ("Loss on disposal; a gain is below 0", MONEY, "filled_count"),
    "market_value": ("Market value at month's end, for comparison", MONEY, "filled_count"),
    "cash": ("Running costs that are paid", MONEY, "filled_count"),
    "payments": ("Payments", MONEY, "filled_count"),
    "ledger_of_used": ("Share of depreciation in the charge for used hours", "share", "filled_factor"),
    "ledger_of_idle": ("Share of depreciation in the cost without energy", "share", "filled_factor"),
}
LEDGER_SHARES = ("ledger_of_used", "ledger_of_idle")
RATES = ("hour_cost", "rate", *LEDGER_SHARES)
NOT_ADDED = (*RATES, "months", "booked", "exchange")
"""Blocks whose capacities do not add up."""
STOCKS = ("used_so_far", "booked", "depreciated", "exchange", *RATES, "closing", "market_value")
"""Blocks whose months do not add up."""


class CapacityMonths:
    """Puts blocks of months on the sheet, one row a capacity in each.

    Attributes
    ----------
    first : dict of str to int
        A block's first row.
    cells : dict of str to list of Range
        A block's cells, one range a period.
    sums : dict of str to list of Term
        A block's total over all capacities, one a period.
    totals : dict of str to Range
        A block's sum over the budget's months, one a capacity.
    prices : list of Range
        Of a line's amount, one range a period; see `line_prices`.
    """

    def __init__(self, sheet, capacity, calendar, inputs, lines):
        self.sheet, self.capacity, self.calendar = sheet, capacity, calendar
        self.assume, self.lines = inputs.assume, lines
        self.axis = Axis(sheet, calendar.periods, BEGIN)
        self.first, self.cells, self.sums, self.totals = {}, {}, {}, {}
        self.prices = []
        self.row = FIRST

    # --- terms for a row of the block that is being put

    def of(self, name):
        """A figure of the Capacity sheet."""
        return self.capacity.ranges[name].row(self.capacity.first - self.row - 1)

    def at(self, name, number):
        """Another block's cell of a period."""
        return self.beside(name, number, self.row + 1)

    def beside(self, name, number, first):
        """A block's cell of a period, for rows of capacities that begin in the row `first`."""
        cell = self.cells[name][number].row(self.first[name] - first)
        return Term(cell._text, cell.value)

    def bought(self):
        """The books keep what it was worth in the budget's currency when it was bought."""
        return self.of("purchase") * self.of("start_rate")

    def received(self):
        """For what is given away, in the budget's currency."""
        return self.of("proceeds") * self.of("end_rate")

    def upfront(self):
        """Share of a purchase or a commitment."""
        share = self.of("upfront_share")
        return np.where(np.isnan(share), 0.0, share)

    def upfront_of_hours(self):
        """What is paid upfront of each hour's rental: nothing of capacity on demand."""
        return np.where(self.of("kind") == "on_demand", 0.0, self.upfront())

    def change(self, name, number):
        """What a block grows by in a period."""
        return self.at(name, number) - self.at(name, number - 1) if number else self.at(name, number)

    def put(self, name, make):
        """Put a block; `make(number, period)` gives the term of a period."""
        heading, unit, number_format = BLOCKS[name]
        sheet, size = self.sheet, self.capacity.size
        sheet.put(f"A{self.row}", heading, style="section")
        if unit == MONEY:
            unit = self.calendar.currency
        elif unit == MONEY_AN_HOUR:
            unit = sheet.sentence("{currency}/chip-hour", currency=self.calendar.currency)
        elif unit == MONEY_A_DOLLAR:
            unit = sheet.sentence("{currency}/USD", currency=self.calendar.currency)
        sheet.put(f"B{self.row}", unit, style="unit")
        first = self.first[name] = self.row + 1
        names = self.capacity.ranges["capacity"].row(self.capacity.first - first)
        sheet.column("A", first, text_in(names), style="link_label")
        self.cells[name], self.sums[name] = [], []
        for number, (letter, period) in enumerate(zip(self.axis.letters, self.axis.periods)):
            written = sheet.column(letter, first, _or_zero(make(number, period)), style="number", format=number_format)
            self.cells[name].append(written.range)
        last = first + size
        if name not in NOT_ADDED:
            sheet.put(f"A{last}", "Total", style="total_label")
            sheet.put(f"B{last}", "", style="total")
            for letter, cells in zip(self.axis.letters, self.cells[name]):
                self.sums[name].append(sheet.put(f"{letter}{last}", total(cells), style="total", format=number_format))
        if name not in STOCKS:
            letter = self.axis.total_letter
            of_rows = self.axis.of_months(None, [cells.values for cells in self.cells[name]])
            written = sheet.column(letter, first, of_rows, style="number", format=number_format)
            self.totals[name] = written.range
            if name not in NOT_ADDED:
                sheet.put(f"{letter}{last}", total(written.range), style="total", format=number_format)
        self.row = last + 2

    # --- the blocks, in the order in which they need each other

    def hours(self):
        of, at, kind = self.of, self.at, "kind"
        self.put("used_so_far", lambda number, period: self.lines.used_until(of("number"), period.end))
        self.put("used", lambda number, period: self.change("used_so_far", number))

        def days(period):
            return equations.time_within(of("in_service"), of("service_end"), period.start, period.end)

        self.put(
            "available",
            lambda number, period: np.where(
                of(kind) == "on_demand",
                at("used", number),
                equations.available_chip_hours(of("chips"), days(period)),
            ),
        )
        # Hours that fit exactly leave nothing, where subtracting would leave a billionth.
        self.put("idle", lambda number, period: rounded(at("available", number) - at("used", number), 6))
        self.put(
            "months",
            lambda number, period: equations.time_within(
                of("from_months"), of("until_months"), period.start_month, period.end_month
            ),
        )

    def books(self):
        of, at, calendar = self.of, self.at, self.calendar

        def exchange(number, period):
            own = take(period.rates, of("currency_number")) * of("units_per_usd")
            return np.where(of("units_per_usd") == 0, period.dollar, own)

        def booked(number, period):
            most = np.minimum(of("life_months"), of("months_until_disposal"))
            return np.maximum(np.minimum(period.end_month - of("first_month"), most), 0.0)

        def depreciated(number, period):
            cost, residual, life = of("purchase"), of("residual"), of("life_months")
            straight = cost - equations.book_value(cost, at("booked", number), life, residual)
            declining = declining_balance(cost, residual, life, at("booked", number), calendar.declining_factor)
            depreciated = np.where(calendar.depreciation == "declining_balance", declining, straight)
            return depreciated * of("start_rate")

        self.put("exchange", exchange)
        self.put("booked", booked)
        self.put("depreciated", depreciated)
        self.put("depreciation", lambda number, period: self.change("depreciated", number))
        self.put("additions", lambda number, period: self.bought() * period.holds(of("first_month")))
        self.put(
            "disposals",
            lambda number, period: (self.bought() - at("depreciated", number)) * period.holds(of("last_month")),
        )
        self.put(
            "closing",
            lambda number, period: np.where(
                (of("first_month") < period.end_month) & (of("last_month") >= period.end_month),
                self.bought() - at("depreciated", number),
                0.0,
            ),
        )
        self.put(
            "loss",
            lambda number, period: np.where(
                np.isnan(of("until")),
                0.0,
                at("disposals", number) - self.received() * period.holds(of("last_month")),
            ),
        )
        self.put(
            "market_value",
            lambda number, period: np.where(
                (of("first_month") < period.end_month) & (of("last_month") >= period.end_month),
                equations.value_at_start(
                    of("purchase"),
                    equations.years_owned(period.end, of("in_service")),
                    self.assume["depreciation_rate"],
                )
                * at("exchange", number),
                0.0,
            ),
        )

    def costs(self):
        of, at = self.of, self.at
        for name, figure, level in (
            ("hosting", "hosting_of_month", "prices"),
            ("operations", "operations_of_month", "wages"),
        ):
            self.put(
                name,
                lambda number, period, figure=figure, level=level: (
                    of(figure) * at("months", number) * getattr(period, level) * at("exchange", number)
                ),
            )
        self.put("upkeep", lambda number, period: of("upkeep_of_month") * at("months", number) * at("exchange", number))
        self.put(
            "rental",
            lambda number, period: of("rental_of_hour") * at("available", number) * self._rate_of_rental(number),
        )
        self.put("energy", lambda number, period: at("used", number) * self._energy_of_hour(number, period))

        def cost(number, period):
            parts = ("depreciation", "hosting", "operations", "upkeep", "rental", "energy")
            whole = at(parts[0], number)
            for part in parts[1:]:
                whole = whole + at(part, number)
            return whole

        self.put("cost", cost)

        def whether_used(number):
            return at("cost", number) - at("energy", number)

        def idle_cost(number, period):
            # What costs while nothing is available, such as the months around its service, is idle as a whole.
            idle = at("idle", number) * at("hour_cost", number)
            return np.where(at("available", number) > 0, idle, whether_used(number))

        self.put(
            "hour_cost",
            lambda number, period: equations.cost_of_available_hour(whether_used(number), at("available", number)),
        )
        self.put("rate", lambda number, period: at("hour_cost", number) + self._energy_of_hour(number, period))
        self.put("charged", lambda number, period: at("used", number) * at("rate", number))
        self.put("idle_cost", idle_cost)

    def line_prices(self):
        """What a line's amount is worth in a month: the currencies' rates, and below them the capacities' charges.

        One column of prices, so that a line looks its own up once.
        """
        sheet, currencies, size = self.sheet, self.calendar.currencies, self.capacity.size
        sheet.put(f"A{self.row}", "Prices of lines: currencies, then used hours", style="section")
        sheet.put(f"B{self.row}", self.calendar.currency, style="unit")
        first = self.row + 1
        below = first + len(currencies)
        last = below + size - 1
        place = Term(f"ROW()-{first - 1}", np.arange(1.0, len(currencies) + 1))
        sheet.column("A", first, text_in(take(currencies, place)), style="link_label")
        names = self.capacity.ranges["capacity"].row(self.capacity.first - below)
        sheet.column("A", below, text_in(names), style="link_label")
        for number, (letter, period) in enumerate(zip(self.axis.letters, self.axis.periods)):
            sheet.column(letter, first, take(period.rates, place), style="number", format="filled_hourly")
            charge = self.beside("rate", number, below)
            sheet.column(letter, below, charge, style="number", format="filled_hourly")
            self.prices.append(sheet.range(letter, first, last))
        self.row = last + 2

    def _energy_of_hour(self, number, period):
        return self.of("energy_of_hour") * period.prices * self.at("exchange", number)

    def _rate_of_rental(self, number):
        """What was paid upfront keeps the exchange rate at which it was paid."""
        early = self.upfront_of_hours()
        return early * self.of("start_rate") + (1 - early) * self.at("exchange", number)


def _or_zero(term):
    """A figure that is 0, and not empty, in the rows that wait to be filled."""
    if not isinstance(term, Term) or not term.may_be_empty:
        return term
    return Term(guard(term._text, term.may_miss).replace(NOTHING, "0"), np.nan_to_num(term.value))


def write_capacity_months(sheet, capacity, calendar, inputs, lines):
    """Fill the sheet.

    Parameters
    ----------
    capacity, calendar, inputs : types.SimpleNamespace
    lines : xlcost.workbook.lines.Lines
        Whose columns say what runs use of each capacity.

    Returns
    -------
    CapacityMonths
    """
    sheet.put("A1", "Capacity by month", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "In {currency}. Idle hours cost too; depreciation is that of the books.", currency=calendar.currency
        ),
        style="subtitle",
    )
    months = CapacityMonths(sheet, capacity, calendar, inputs, lines)
    sheet.put(f"A{HEADING}", "Capacity", style="heading")
    sheet.put(f"B{HEADING}", "Unit", style="heading")
    months.axis.headings(HEADING)
    months.hours()
    months.books()
    months.costs()
    months.line_prices()
    put_payments(months)
    _put_short(months)
    sheet.freeze(f"C{HEADING + 1}")
    months.axis.widen()
    sheet.widths({"B": UNITS})
    narrow(sheet, {"A": LABELS}, room_for_title(sheet, UNITS))
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        title_cols="A:B",
        fit_width=False,
        scale=SCALE,
        column_breaks=months.axis.page_ends,
        areas=[months.axis.on_paper(sheet.height_of_cells())],
        keep_sections=True,
    )
    return months


def _put_short(months):
    """Number of months in which a capacity has less than is used of it."""
    sheet, axis = months.sheet, months.axis
    sheet.put(f"A{months.row}", "Months of the budget with too little", style="section")
    first = months.first["short"] = months.row + 1
    names = months.capacity.ranges["capacity"].row(months.capacity.first - first)
    sheet.column("A", first, text_in(names), style="link_label")
    begin, end = (f"{axis.letters[axis.months[side]]}{ROW}" for side in (0, -1))
    shift = months.first["idle"] - first
    idle = np.nan_to_num(np.array([months.cells["idle"][number].values for number in axis.months], dtype=float))
    begin, end = (f"{cell}{shift:+d}{OFFSET}" for cell in (begin, end))
    # Half an hour is less than what rounding leaves of hours that fit exactly.
    short = Term(f'COUNTIF({begin}:{end},"<-0.5")', (idle < -0.5).sum(axis=0).astype(float))
    written = sheet.column(axis.total_letter, first, short, style="number", format="place")
    months.totals["short"] = written.range
    months.row = first + months.capacity.size + 1
