"""The Calendar sheet: fiscal years, currency and rates, how costs are charged and booked, the ledger's accounts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from openpyxl.utils import column_index_from_string, get_column_letter

from .. import equations
from ..budget.columns import LINES
from ..budget.settings import (
    ACCOUNTS,
    CENTERS,
    CHARGINGS,
    CURRENCY,
    DEPRECIATIONS,
    LABELS,
    LIST_END,
    NO,
    RATES,
    UNITS,
    YES,
)
from ..budget.settings_sheets import CALENDAR_SHEET
from ..budget.tables import LAGS, LONGEST_LAG
from ..date_parts import month, month_start, year
from ..dates import END_OF_TIME
from ..equations.parameters import MONTHS_PER_YEAR
from ..formula import SHEET, Term, sheet_prefix
from ..lookup import as_text, is_blank, match, match_last, number_in, take, text_in
from ..references import Range

NAME = CALENDAR_SHEET
YEAR_LETTERS = "BCDEF"
NOTE = "G"
SCALE = 60
"""Percent at most."""
COMPANY = "Company, in the budget currency"
SPARE_CURRENCIES, SPARE_ACCOUNTS, SPARE_CENTERS = 3, 4, 4
FIRST_PERIOD = 5
CUMULATED = "before", "after"
DOLLARS = 1.0
"""Place of US dollars in the list of currencies."""


class Period(NamedTuple):
    """A month of the budget, one ahead of it, or all time before or after.

    Terms: `start`, `end` (serial numbers of days), `start_month`, `end_month` (months since the year 0), `number` and
    `fiscal_year` (from 1), `prices` and `wages` (over those of the first month). `rates` is a Range: units of the
    budget's currency for one of each currency.
    """

    kind: str
    start: Term
    end: Term
    start_month: Term
    end_month: Term
    number: Term
    fiscal_year: Term
    prices: Term
    wages: Term
    rates: Range

    @property
    def dollar(self):
        """Units of the budget's currency for a US dollar."""
        return take(self.rates, DOLLARS)

    def holds(self, month):
        """1 where a month, counted from the year 0, lies in it."""
        return np.where((month >= self.start_month) & (month < self.end_month), 1.0, 0.0)


def write_calendar(book, sheet, settings, currencies, accounts, centers, drivers, departments):
    """Fill the sheet.

    Parameters
    ----------
    settings : BudgetSettings
        Decided.
    currencies, accounts, centers : list of str
        Those that the tables name, beside the usual ones.
    drivers : types.SimpleNamespace
    departments : Range

    Returns
    -------
    types.SimpleNamespace
        The settings as terms; periods (list of `Period`), accounts, centers, currencies (Ranges), rates and first_rates
        (units for 1 USD: of each year, of the first), by_currency (the same as a Block, a currency a row), places (of
        the currencies, beside each other); functions of a day and a currency's number: units_on (of it for 1 USD),
        rate_on (of the budget's currency for one of it);
        account_of (terms by `LINES`), revenue and research_budget (lists of terms).
    """
    sheet.widths(
        {"A": 44, **dict.fromkeys(YEAR_LETTERS, 15), "B": 38, NOTE: 66, "H": 3, **dict.fromkeys("IJKLMNOPQ", 13)}
    )
    sheet.put("A1", "Calendar", style="title")
    sheet.put(
        "A2",
        "Fiscal years, currency and exchange rates, and how costs are charged and booked. All amounts exclude tax.",
        style="subtitle",
    )
    found = SimpleNamespace()
    row = _settings(sheet, 4, settings, found, departments)
    row = _years(sheet, row, settings, currencies, found)
    row = _accounts(sheet, row + 1, settings, accounts, found)
    _centers(sheet, row + 1, centers, found)
    _periods(sheet, settings, found, drivers)
    book.name("budget_currency", found.currency)
    sheet.freeze("B4")
    sheet.print_setup(
        title_rows="1:3",
        fit_width=False,
        scale=SCALE,
        areas=[f"A1:{NOTE}{sheet.height_of_cells()}"],
        keep_sections=True,
    )
    return found


def _heading(sheet, row, text, others=()):
    sheet.put(f"A{row}", text, style="heading")
    for letter, other in zip(YEAR_LETTERS + NOTE, (*others, *[""] * 6)):
        sheet.put(f"{letter}{row}", other, style="heading" if letter == NOTE else "heading_right")
    return row + 1


def _settings(sheet, row, settings, found, departments):
    """One row a setting."""
    growth = "A share, such as 5%: {of}"
    months = [str(number) for number in range(1, int(MONTHS_PER_YEAR) + 1)]
    say = sheet.sentence
    sections = (
        (
            "Budget period and currency",
            (
                ("fiscal_year_start", "count", months, ""),
                ("first_fiscal_year", "year", "positive", "Calendar year"),
                ("years", "count", None, "Fixed when the workbook was written"),
                ("currency", "text", None, "From the exchange rates below"),
                ("units", "text", list(UNITS), "Figures keep all their digits underneath"),
            ),
        ),
        (
            "How costs are charged and booked",
            (
                ("depreciation", "text", list(DEPRECIATIONS), ", ".join(DEPRECIATIONS)),
                ("declining_factor", "factor", "positive", "2: double"),
                (
                    "charging",
                    "text",
                    list(CHARGINGS),
                    "used: hours used, the owner pays for idle ones; entitled: shares on Shares",
                ),
                ("staff", "text", [YES, NO], "At the mean of their range"),
                (
                    "trial_factor",
                    "factor",
                    "at least 1",
                    "1: no trials. The paper's middle is on Inputs, under Development of a model",
                ),
                ("contingency", "share", "share or 0", "Of all other costs"),
                ("contingency_department", "text", departments, ""),
                ("price_growth", "share", "any", say(growth, of=sheet.text("hosting, energy, other costs"))),
                ("wage_growth", "share", "any", say(growth, of=sheet.text("people and operations staff"))),
                ("payment_lag", "count", LAGS, "Of all that is not on Capacity; staff is paid at once"),
            ),
        ),
    )
    for title, rows in sections:
        row = _heading(sheet, row, title)
        for name, number_format, kind, note in rows:
            value, label = getattr(settings, name), LABELS[name]
            value = value if isinstance(value, str) else float(value)
            sheet.put(f"A{row}", label, style="label")
            style = "value" if name == "years" else "input_text" if isinstance(value, str) else "input"
            setattr(found, name, sheet.put(f"B{row}", value, style=style, format=number_format))
            if kind is not None:
                sheet.validate(f"B{row}", kind, title=label, text=note or label)
            if name == "currency":
                found.currency_cell = f"B{row}"
            sheet.put(f"{NOTE}{row}", note, style="note")
            row += 1
            if name == "units":
                sheet.put(f"A{row}", "Said on the sheets as", style="label")
                found.money = sheet.put(f"B{row}", _money(sheet, found), style="value")
                row += 1
        row += 1
    return row


def _money(sheet, found):
    """Currency and unit in words: some languages have words of their own for both."""
    say, own = sheet.sentence, sheet.text("JPY")
    currency = found.currency if own == "JPY" else np.where(found.currency == "JPY", own, found.currency)
    found.currency_shown = currency
    words = np.where(found.units == "millions", say("millions of {currency}", currency=currency), currency)
    return np.where(found.units == "thousands", say("thousands of {currency}", currency=currency), words)


def _years(sheet, row, settings, currencies, found):
    """What is given for each fiscal year."""
    size = settings.years
    start = found.fiscal_year_start
    row = _heading(sheet, row, "By fiscal year")
    firsts, labels = [], []
    for number, letter in enumerate(YEAR_LETTERS[:size]):
        first = sheet.put(
            f"{letter}{row}",
            month_start(found.first_fiscal_year + float(number), start),
            style="number",
            format="date",
        )
        firsts.append(first)
        labels.append(
            sheet.put(
                f"{letter}{row - 1}", sheet.sentence("FY{year}", year=as_text(year(first))), style="heading_right"
            )
        )
    sheet.put(f"A{row}", "First day", style="label")
    found.year_starts, found.years_shown = firsts, labels
    found.year_months = [year(first) * MONTHS_PER_YEAR + month(first) for first in firsts]
    row = _heading(sheet, row + 2, RATES)
    names = list(dict.fromkeys([CURRENCY, *settings.rates, *currencies]))
    first = row
    blank = [""] * (sheet.rows_of(RATES, len(names) + SPARE_CURRENCIES) - len(names))
    for name in [*names, *blank]:
        is_dollar = name == CURRENCY
        sheet.put(f"A{row}", name, style="label" if is_dollar else "input_text")
        if is_dollar:
            sheet.put(f"{NOTE}{row}", "Of the fiscal year of a cost, also where it is paid later", style="note")
            sheet.put(
                f"{NOTE}{row + 1}", "Hardware, and what is paid upfront, keep that of their first day", style="note"
            )
        rates = list(settings.rates.get(name, [1.0] if is_dollar else []))
        for number, letter in enumerate(YEAR_LETTERS[:size]):
            rate = float(rates[min(number, len(rates) - 1)]) if rates else np.nan
            sheet.put(f"{letter}{row}", rate, style="value" if is_dollar else "input", format="precise")
        row += 1
    found.currencies = sheet.range("A", first, row - 1)
    by_year = [sheet.range(letter, first, row - 1) for letter in YEAR_LETTERS[:size]]
    found.rates = [Range(each._text, each.values) for each in by_year]
    found.by_currency = sheet.block(YEAR_LETTERS[:size], first, row - 1)
    found.units_on = lambda day, number: found.by_currency.at(number, _year_of(_or_before(day), found.year_starts))
    found.first_rates = Range(by_year[0]._text, by_year[0].values, may_miss=True)
    cells = f"B{first + 1}:{YEAR_LETTERS[size - 1]}{row - 1}"
    sheet.validate(cells, "positive", title="Exchange rate", text="Units of the currency for 1 USD, above 0")
    sheet.validate(found.currency_cell, found.currencies, title="Budget currency", text="From the exchange rates")
    row = _heading(sheet, row + 1, COMPANY, ())
    for name in ("revenue", "research_budget"):
        label = LABELS[name]
        sheet.put(f"A{row}", label, style="label")
        given = list(getattr(settings, name))
        cells = []
        for number, letter in enumerate(YEAR_LETTERS[:size]):
            amount = float(given[number]) if number < len(given) else np.nan
            cells.append(sheet.put(f"{letter}{row}", amount, style="input", format="money"))
        setattr(found, name, cells)
        amounts = f"B{row}:{YEAR_LETTERS[size - 1]}{row}"
        sheet.validate(amounts, "not negative", title=label, text="An amount of 0 or more")
        sheet.put(f"{NOTE}{row}", "For shares on Outlook; may stay empty", style="note")
        row += 1
    return row


def _accounts(sheet, row, settings, accounts, found):
    """An account for each kind of cost, and those that runs and other costs name."""
    row = _heading(sheet, row, ACCOUNTS)
    first, found.account_of = row, {}
    for name, label in LINES.items():
        sheet.put(f"A{row}", label, style="label")
        text = str(settings.accounts.get(name, sheet.language.text(label)))
        found.account_of[name] = sheet.put(f"B{row}", text, style="input_text")
        row += 1
    found.kinds, found.line_accounts = (sheet.range(letter, first, row - 1) for letter in "AB")
    usual = {str(term.value).casefold() for term in found.account_of.values()}
    others = [name for name in accounts if name.casefold() not in usual]
    spare = sheet.rows_of(ACCOUNTS, len(others) + SPARE_ACCOUNTS) - len(others)
    for name in [*others, *[""] * spare]:
        sheet.put(f"A{row}", "Other account that runs or costs name", style="label")
        sheet.put(f"B{row}", name, style="input_text")
        row += 1
    found.accounts = sheet.range("B", first, row - 1)
    return row


def _centers(sheet, row, centers, found):
    """The list of cost centers; each row says what it is, since a long list goes on overleaf."""
    row = _heading(sheet, row, CENTERS, ())
    first = row
    spare = sheet.rows_of(CENTERS, len(centers) + SPARE_CENTERS) - len(centers)
    for name in [*centers, *[""] * spare]:
        sheet.put(f"A{row}", name, style="input_text")
        sheet.put(f"B{row}", "cost center", style="unit")
        row += 1
    found.centers = sheet.range("A", first, row - 1)
    # LibreOffice cannot compare with a list that lies below everything that is filled in on its sheet.
    sheet.put(f"A{row}", LIST_END, style="note")


def _periods(sheet, settings, found, drivers):
    """Months of the budget, those just ahead of it, and all time before and after, one a row."""
    names = found.currencies
    headings = ("Periods", "From", "Until before", "Month", "Fiscal year", "Price level", "Wage level")
    headings += ("First month, from year 0", "Month after, from year 0")
    begin_at = column_index_from_string("I")
    letters = [get_column_letter(begin_at + number) for number in range(len(headings) + len(names))]
    sheet.put("I3", "Periods of the budget, computed", style="section")
    for letter, text in zip(letters, headings):
        sheet.put(f"{letter}4", text, style="heading" if letter == "I" else "heading_right")
    for number, letter in enumerate(letters[len(headings) :]):
        code = names.cell(number)
        sheet.put(f"{letter}3", number + 1.0, style="unit", format="place")
        sheet.put(f"{letter}4", text_in(code), style="heading_right")
        sheet.widths({letter: 13})
    places = f"{SHEET}{sheet_prefix(sheet.name)}${letters[len(headings)]}$3:${letters[-1]}$3"
    found.places = Range(places, np.arange(1.0, len(names) + 1))
    begin = found.year_starts[0]
    months = int(settings.years * MONTHS_PER_YEAR)
    kinds = [CUMULATED[0], *["ahead"] * LONGEST_LAG, *["month"] * months, CUMULATED[1]]
    labels = {"before": "Before", "ahead": "Ahead", "month": "Month", "after": "After"}
    place = match(found.currency, names)
    found.periods, row = [], FIRST_PERIOD
    for index, kind in enumerate(kinds):
        offset = index - 1.0 - LONGEST_LAG
        sheet.put(f"I{row}", labels[kind], style="label")
        first_month = month(begin)
        start = 0.0 if kind == "before" else month_start(year(begin), first_month + offset)
        end = END_OF_TIME if kind == "after" else month_start(year(begin), first_month + (offset + 1.0))
        start = sheet.put(f"J{row}", start, style="number", format="day")
        end = sheet.put(f"K{row}", end, style="number", format="date")
        number = {"month": offset + 1.0, "after": months + 1.0}.get(kind, 0.0)
        number = sheet.put(f"L{row}", number, style="number", format="count")
        of_year = min(max(int(offset // MONTHS_PER_YEAR), 0), settings.years - 1)
        fiscal = sheet.put(f"M{row}", of_year + 1.0 if kind == "month" else 0.0, style="number", format="place")
        levels = []
        for letter, rate, of in (("N", found.price_growth, "prices"), ("O", found.wage_growth, "wages")):
            # Prices grow from the first month to the last, and stay as they are before and after.
            level = equations.growth_index(rate, number - 1) if kind == "month" else 1.0
            level = getattr(found.periods[-1], of) if kind == "after" else level
            levels.append(sheet.put(f"{letter}{row}", level, style="number", format="factor"))
        months_at = [
            sheet.put(
                f"{letter}{row}",
                0.0 if day.value == 0 else year(day) * MONTHS_PER_YEAR + month(day),
                style="number",
                format="place",
            )
            for letter, day in (("P", start), ("Q", end))
        ]
        rates = found.rates[of_year]
        values = []
        for position, letter in enumerate(letters[len(headings) :]):
            given = rates.cell(position)
            own = take(rates, place)
            foreign = np.where(names.cell(position) == found.currency, 1.0, drivers.foreign)
            rate = Term(
                f'IF({given._text}="",0,{own._text}/{given._text}*{foreign._text})',
                0.0 if given.value != given.value else float(own.value / given.value * foreign.value),
            )
            values.append(sheet.put(f"{letter}{row}", rate, style="number", format="precise").value)
        text = f"{sheet_prefix(sheet.name)}${letters[len(headings)]}${row}:${letters[-1]}${row}"
        found.periods.append(
            Period(kind, start, end, *months_at, number, fiscal, *levels, Range(text, np.array(values)))
        )
        row += 1
    starts = sheet.range("J", FIRST_PERIOD, row - 1)
    by_period = sheet.block(letters[len(headings) :], FIRST_PERIOD, row - 1)
    found.rate_on = lambda day, number: by_period.at(match_last(_or_before(day), starts), number)


def number_of(currency, listed):
    """Place of a row's currency among those with rates: of dollars where it names none, 0 where it has none."""
    return np.where(is_blank(currency), DOLLARS, number_in(currency, listed))


def _or_before(day):
    """A day, or one before all others: there is a rate in rows that wait to be filled too, for the checks."""
    return np.where(np.isnan(day), 0.0, day)


def _year_of(day, starts):
    """Number of the fiscal year whose rates count on a day: the first one's before it too."""
    return sum((np.where(day >= start, 1.0, 0.0) for start in starts[1:]), start=1.0)
