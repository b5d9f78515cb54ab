"""What a budget is written for: fiscal years, currency and rates, how costs are charged; from flags or a TOML file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, fields, replace

import numpy as np

from ..equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..errors import InputError
from ..guard.texts import toml_in
from ..languages import ENGLISH, language_codes, language_of
from ..model import METHODS
from .analysis import BENEFITS, BLOCKS, RANGES, UNCERTAIN, problems_of_range
from .columns import LINES
from .currencies import CURRENCY, NO_CODE, is_code, problems_of_rates
from .scenario_names import SCENARIOS, names_of_scenarios, scenario_called
from .sheet_inputs import Input

UNITS = ("ones", "thousands", "millions")
DEPRECIATIONS = ("straight_line", "declining_balance")
CHARGINGS = ("used", "entitled")
_, ENTITLED = CHARGINGS
DRIVERS = {
    "hardware": "Price of hardware",
    "cloud": "Price of rented chips",
    "energy": "Price of electricity",
    "wages": "Wages",
    "compute": "Amount of compute",
    "others": "Prices of all else",
    "foreign": "Price of foreign currencies",
}
"""What moves a budget, and what it is called on Scenarios."""
TEXTS_OF_SCENARIO = {"name": "", "owner": "Owner", "date": "Date", "assumes": "What it assumes"}
"""What is told of a scenario, and how that is labelled."""
MOST_YEARS = 5
YES, NO = "yes", "no"
VERSIONS = ("Original", "Revised", "Forecast")
"""As which a budget can be kept, to compare with it later."""


LABELS = {
    "fiscal_year_start": "Fiscal year begins in month",
    "first_fiscal_year": "First fiscal year begins in",
    "years": "Fiscal years",
    "currency": "Budget currency",
    "units": "Amounts shown in",
    "depreciation": "Depreciation in the books",
    "declining_factor": "Declining balance: times the straight rate",
    "charging": "Capacity is charged to departments by",
    "staff": "People on Staff are in the budget",
    "trial_factor": "Experiment factor of runs that name none",
    "contingency": "Contingency",
    "contingency_department": "Department of the contingency",
    "price_growth": "Growth of prices a year",
    "wage_growth": "Growth of wages a year",
    "payment_lag": "Months from a cost to its payment",
    "revenue": "Revenue",
    "research_budget": "Budget for research and development",
}
"""What the settings are called on the sheet Calendar."""
DEPARTMENTS, CENTERS = "Departments: the runs of any other count as not listed", "Cost centers"
LIST_END = "The list ends here."
"""Headings of lists that can be added to, on Inputs and on Calendar, and what stands below both."""
LISTS = "departments", "cost_centers", "other_accounts"
RATES, ACCOUNTS = "Exchange rates: units of the currency for 1 USD", "Account of the ledger"
"""Headings there."""


@dataclass(frozen=True)
class BudgetSettings:
    """Settings of a budget; None is decided when it is written.

    Parameters
    ----------
    fiscal_year_start : int, optional
        Month in which a fiscal year begins; the language's custom where it is left out.
    first_fiscal_year : int, optional
        Calendar year in which the first one begins; that of the first cost where it is left out.
    years : int, optional
        From 1 to 5; as many as the costs take where it is left out.
    currency : str
        In which the budget is shown.
    rates : dict of str to list of float
        Units of a currency for 1 USD, one a fiscal year; the last one also counts later.
    units : str
        In which amounts are shown.
    depreciation : str
        In the accounting book.
    charging : str
        Whether departments pay for used hours, or for their entitled share.
    staff : str
        Whether the people on Staff are in the budget, "yes" or "no".
    trial_factor : float
        Experiment factor of runs that name none.
    contingency, price_growth, wage_growth : float
    payment_lag : int
        Months from a cost to its payment, of all that is not on Capacity.
    declining_factor : float
        Times the straight rate.
    scenario : str
        In force, one of `SCENARIOS`.
    scenarios : dict of str to dict
        What is told of each of "Base", "Low", "High", "Own 1" and "Own 2": name, owner, date, assumes, and factors by
        driver.
    revenue, research_budget : sequence of float
        Of the company, one a fiscal year, in the budget's currency.
    accounts : dict of str to str
        Of the ledger, by kind of cost (`xlcost.budget.columns.LINES`).
    contingency_department : str
    method : str
        How hardware is amortized to a run that is on no capacity.
    assumptions : dict of str to float
        Those of Inputs that are not as usual.
    language : str
        Of the workbook, such as "ja".
    version : str
        "Original", "Revised" or "Forecast", where the budget as it is now is kept as one; "" where not.
    buy_or_rent, trend, outlook : dict
        What is set on the sheets of these names and not as usual, by the names of `xlcost.budget.analysis`.
    ranges : dict
        What ranges hold, how answers are pooled, and ranges on Inputs that are not as published: low and high end.
    departments, cost_centers, other_accounts : sequence of str
        That are listed to be chosen from, beside those that the tables name.
    start : date or float, optional
        Of runs that name none, in place of the price list's month.
    places : dict
        Where a setting was read, by its name or by table and name: for messages alone.
    """

    fiscal_year_start: int | None = None
    first_fiscal_year: int | None = None
    years: int | None = None
    currency: str = CURRENCY
    rates: dict = field(default_factory=dict)
    units: str = UNITS[0]
    depreciation: str = DEPRECIATIONS[0]
    charging: str = CHARGINGS[0]
    staff: str = YES
    trial_factor: float = 1.0
    contingency: float = 0.0
    price_growth: float = 0.0
    wage_growth: float = 0.0
    payment_lag: int = 1
    scenario: str = "Base"
    revenue: tuple = ()
    research_budget: tuple = ()
    accounts: dict = field(default_factory=dict)
    contingency_department: str = ""
    declining_factor: float = 2.0
    scenarios: dict = field(default_factory=dict)
    method: str = METHODS[0]
    assumptions: dict = field(default_factory=dict)
    language: str = ENGLISH
    version: str = ""
    buy_or_rent: dict = field(default_factory=dict)
    trend: dict = field(default_factory=dict)
    outlook: dict = field(default_factory=dict)
    ranges: dict = field(default_factory=dict)
    departments: tuple = ()
    cost_centers: tuple = ()
    other_accounts: tuple = ()
    start: datetime.date | float | None = None
    places: dict = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self):
        problems = [self._problem(name, text) for name, text in self._problems()]
        if problems:
            raise InputError(problems)

    @property
    def first_rates(self):
        """Units of each other currency for 1 USD in the first fiscal year."""
        return {currency: float(of_years[0]) for currency, of_years in self.rates.items()}

    def _problem(self, name, text):
        """A sentence about a setting, or about an entry of a table of them, with the place where it was read."""
        return f"{self.places.get(name) or (name[0] if isinstance(name, tuple) else name)}: {text}"

    def _problems(self):
        for name, (least, most) in WHOLE.items():
            value = getattr(self, name)
            if value is not None and not (_is_whole(value) and least <= value <= most):
                yield name, f"{value!r} is no whole number from {least} to {most}"
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                yield name, f"{getattr(self, name)!r} is none of {', '.join(filter(None, choices))}"
        if self.scenario not in SCENARIOS:
            # A workbook's cell offers the names that stand on its sheet.
            language = language_of(self.language if self.language in language_codes() else ENGLISH)
            names = names_of_scenarios(self.scenarios, language)
            yield "scenario", f"{self.scenario!r} is none of {', '.join(names)}"
        for name, (least, most) in NUMBERS.items():
            value = getattr(self, name)
            if not (_is_number(value) and least <= value <= most):
                yield name, f"{value!r} is no number from {least:g} to {most:g}"
        for currency, text in problems_of_rates(self.rates):
            yield ("rates", currency), text
        for name in ("revenue", "research_budget"):
            amounts = getattr(self, name)
            is_list = isinstance(amounts, (list, tuple)) and len(amounts) <= MOST_YEARS
            if not is_list or not all(_is_number(amount) and 0 <= amount < 1e18 for amount in amounts):
                yield name, f"{amounts!r} is no list of amounts of 0 or more, one a fiscal year, such as [1e9, 2e9]"
        if not isinstance(self.accounts, dict):
            yield "accounts", f"{self.accounts!r} is no table of accounts by kind of cost"
        else:
            for kind, account in self.accounts.items():
                if kind not in LINES:
                    yield "accounts", f"{kind!r} is none of {', '.join(LINES)}"
                if not isinstance(account, str) and not _is_whole(account):
                    yield "accounts", f"{account!r} is no account of {kind}: give a text or a whole number"
        yield from self._problems_of_assumptions()
        yield from self._problems_of_analysis()
        if not isinstance(self.contingency_department, str):
            yield "contingency_department", f"{self.contingency_department!r} is no text"
        if not is_code(self.currency):
            yield "currency", f"{self.currency!r} {NO_CODE}"
        elif self.currency != CURRENCY and self.currency not in self.rates:
            yield "currency", f"{self.currency!r} needs a rate: its units for 1 USD"

    def _problems_of_assumptions(self):
        known = {**ASSUMPTIONS, **PURCHASE_ASSUMPTIONS}
        if not isinstance(self.assumptions, dict):
            yield "assumptions", f"{self.assumptions!r} is no table of numbers by assumption"
            return
        for name, value in self.assumptions.items():
            if name not in known:
                yield ("assumptions", name), f"{name!r} is none of {', '.join(known)}"
            elif not (_is_number(value) and 0 <= value <= known[name].at_most):
                most = f" to {known[name].at_most:g}" if np.isfinite(known[name].at_most) else " on"
                yield ("assumptions", name), f"{name} is {value!r}; it must be a number from 0{most}"
        if not isinstance(self.scenarios, dict):
            yield "scenarios", f"{self.scenarios!r} is no table of scenarios"
            return
        for slot, told in self.scenarios.items():
            if slot not in SCENARIOS:
                yield "scenarios", f"{slot!r} is none of {', '.join(SCENARIOS)}"
            elif not isinstance(told, dict):
                yield "scenarios", f"{slot} is {told!r}; give its name, owner, date, assumes, or a factor by driver"
            else:
                yield from self._problems_of_scenario(slot, told)

    def _problems_of_analysis(self):
        for block in BLOCKS:
            told = getattr(self, block.setting)
            if not isinstance(told, dict):
                yield block.setting, f"{told!r} is no table of settings"
                continue
            known = [each.name for each in block.inputs]
            known += [BENEFITS.name] * (block.setting == BENEFITS.setting) + list(UNCERTAIN) * (block is RANGES)
            for name in told:
                if name not in known:
                    yield (block.setting, name), f"{name!r} is none of {', '.join(known)}"
            for name, problem in block.problems(told):
                yield (block.setting, name), problem
        if isinstance(self.buy_or_rent, dict):
            for place, problem in BENEFITS.problems(self.buy_or_rent.get(BENEFITS.name, [])):
                yield (BENEFITS.setting, BENEFITS.name, place), problem
        for name, value in self.ranges.items() if isinstance(self.ranges, dict) else ():
            if name in UNCERTAIN and (problem := problems_of_range(name, value)):
                yield ("ranges", name), problem
        for name in LISTS:
            listed = getattr(self, name)
            if not isinstance(listed, (list, tuple)) or not all(isinstance(each, str) and each for each in listed):
                yield name, f"{listed!r} is no list of texts"
        if self.start is not None and (problem := START.problem(self.start)):
            yield "start", problem

    def _problems_of_scenario(self, slot, told):
        for name, value in told.items():
            if name in TEXTS_OF_SCENARIO:
                continue
            if name not in DRIVERS:
                yield "scenarios", f"{slot}: {name!r} is none of {', '.join((*TEXTS_OF_SCENARIO, *DRIVERS))}"
            elif slot == SCENARIOS[0] and value != 1:
                yield (
                    "scenarios",
                    f"{slot}: {name} is {value!r}; in the base case it is 1: use another scenario",
                )
            elif not (_is_number(value) and 0 < value < 1e6):
                yield "scenarios", f"{slot}: {name} is {value!r}; a factor is a number above 0"


START = Input("start", "Start of a run that names none", None, "date", "date", "date")
"""On Inputs, above the assumptions."""
WHOLE = {
    "fiscal_year_start": (1, 12),
    "first_fiscal_year": (1991, 2094),
    "years": (1, MOST_YEARS),
    "payment_lag": (0, 3),
}
NUMBERS = {
    "trial_factor": (1, 1000),
    "contingency": (0, 1),
    "price_growth": (-0.5, 1),
    "wage_growth": (-0.5, 1),
    "declining_factor": (1, 10),
}
CHOICES = {
    "units": UNITS,
    "depreciation": DEPRECIATIONS,
    "charging": CHARGINGS,
    "staff": (YES, NO),
    "method": METHODS,
    "version": ("", *VERSIONS),
    "language": language_codes(),
}


TABLES = "assumptions", *(block.setting for block in BLOCKS)
"""Settings that are tables of entries by name."""


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


DEFAULTS = BudgetSettings()


def settings_from(path=None, base=None, **given):
    """Settings from a TOML file, with what is given beside it in its place.

    Parameters
    ----------
    path : path-like, optional
        Its keys are the names of the settings; ``[rates]`` has a number or a list of numbers for each currency.
    base : BudgetSettings, optional
        What counts where neither says anything.
    **given
        None is not given.

    Raises
    ------
    XlcostError
        The file cannot be read, or a setting cannot be.
    """
    base = base or DEFAULTS
    told = toml_in(path) if path is not None else {}
    given = {name: value for name, value in given.items() if value is not None}
    places = given.pop("places", {})
    known = {each.name for each in fields(BudgetSettings)} - {"places"}
    unknown = sorted({*told, *given} - known)
    problems = [f"there is no setting {name!r}; there are {', '.join(sorted(known))}" for name in unknown]
    problems += _too_many_rates(told.get("rates"), told.get("years"))
    if not places:
        # A workbook may have more years than are wanted of it.
        problems += _too_many_rates(given.get("rates"), given.get("years", told.get("years", base.years)))
    new = {name: value for name, value in {**told, **given}.items() if name in known}
    told = dict(new)
    if not isinstance(told.get("rates", {}), dict):
        problems.append("rates: give a number, or one a fiscal year, for each currency")
        del told["rates"]
    elif "rates" in told:
        told["rates"] = {**base.rates, **{currency: _listed(rates) for currency, rates in told["rates"].items()}}
    for name in TABLES:
        # What a file says of one entry leaves the others as they are.
        if isinstance(told.get(name), dict) and isinstance(getattr(base, name), dict):
            told[name] = {**getattr(base, name), **told[name]}
    if "scenario" in told:
        told["scenario"] = scenario_called(told["scenario"], told.get("scenarios", base.scenarios))
    try:
        settings = replace(base, **told, places={**_places_left(base.places, new), **places})
    except InputError as error:
        problems += error.sentences
    if problems:
        raise InputError(problems, path)
    return settings


def _listed(rates):
    return list(rates) if isinstance(rates, (list, tuple)) else [rates]


def _too_many_rates(rates, years):
    """Sentences about currencies with more rates than fiscal years, of which there are at most five if nobody says."""
    most = years if _is_whole(years) else MOST_YEARS
    for currency, of_years in rates.items() if isinstance(rates, dict) else ():
        if (count := len(_listed(of_years))) > most:
            yield f"rates: {currency} has {count} for {most} fiscal years; give one, or at most {most}"


def _places_left(places, told):
    """Places of what is not told anew."""

    def is_told(name):
        if not isinstance(name, tuple):
            return name in told
        return isinstance(told.get(name[0]), dict) and name[1] in told[name[0]]

    return {name: place for name, place in places.items() if not is_told(name)}
