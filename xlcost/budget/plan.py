"""All that a budget is made of: runs, people, capacity, other costs and settings, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from .. import catalog as catalogs
from ..comparison import fold
from ..dates import from_serial, to_serial
from ..equations import geometric_middle
from ..equations.parameters import ASSUMPTIONS, DAYS_PER_YEAR, DEFAULT_TRAINING_DAYS, HOURS_PER_DAY
from ..errors import XlcostError
from ..estimate import estimate
from ..experts import experts_of, read_answer_columns
from ..languages import Language, language_of
from ..runs import check_runs
from ..staffing import read_role_columns, staff_of
from .actuals import Actuals, actuals_of_workbook
from .analysis import BUY_OR_RENT, RANGES, quantity_of
from .settings import MOST_YEARS, START, YES, BudgetSettings, settings_from
from .settings_sheets import settings_of_workbook, versions_of_workbook
from .tables import CAPACITY, OTHER, PHASES, SHARES, read_capacity, read_other_costs, read_shares

ONE_SECOND = 1 / 86_400
"""By which the last moment of a run lies before its end. [day]"""


@dataclass(frozen=True)
class Tables:
    """Files of a budget beside its runs; of those left out the runs' workbook may have a sheet.

    Parameters
    ----------
    staff, capacity, shares, others, phases : path-like, optional
    experts : sequence of path-like
    prices : path-like, optional
        A user's own price book.
    """

    staff: Path | None = None
    experts: tuple = ()
    capacity: Path | None = None
    shares: Path | None = None
    others: Path | None = None
    phases: Path | None = None
    prices: Path | None = None


NO_TABLES = Tables()


@dataclass(frozen=True)
class Plan:
    """What a budget workbook is written from.

    `facts` is a Catalog, `estimated` what `xlcost.estimate.estimate` gives; the tables are columns by name. `company`
    is what departments have sent, where they did (`xlcost.exchange.consolidation.company.Company`). `actuals` is None
    where nothing is known of what was spent.
    """

    facts: object
    runs: dict
    estimated: pd.DataFrame
    roles: dict
    answers: dict
    capacity: dict
    shares: dict
    others: dict
    phases: dict
    versions: dict
    settings: BudgetSettings
    language: Language
    actuals: Actuals | None = None
    company: object = None

    @property
    def level(self):
        """What share of all cases the ranges hold that come out."""
        return float(self.settings.ranges.get("level", RANGES.input("level").usual))

    @property
    def pooling(self):
        """How experts' answers are put together."""
        return self.settings.ranges.get("pooling", RANGES.input("pooling").usual)

    def quantity(self, name, middle=None):
        """A range of Inputs as it is drawn, around another middle where one is given."""
        found = quantity_of(name, self.settings.ranges)
        if middle is None:
            return found
        return found.around(middle) if hasattr(found, "around") else middle

    @property
    def departments(self):
        """Departments that some table or setting names, each once, as it is first spelled."""
        return _named(
            self.runs["department"].texts_of_rows(),
            self.capacity["owner"],
            *(table["department"] for table in (self.shares, self.others)),
            [self.settings.contingency_department],
            self.settings.departments,
            *([self.actuals.departments] if self.actuals else ()),
        )

    @property
    def centers(self):
        return _named(
            self.runs["cost_center"].texts_of_rows(),
            self.capacity["cost_center"],
            self.others["cost_center"],
            self.settings.cost_centers,
        )

    @property
    def accounts(self):
        return _named(self.runs["account"].texts_of_rows(), self.others["account"], self.settings.other_accounts)

    @property
    def currencies(self):
        spent = [self.actuals.spend] if self.actuals else []
        return _named(*(table["currency"] for table in (self.others, self.roles, self.capacity, *spent)))


def _named(*columns):
    """Texts of some columns, each once."""
    first = {}
    for text in np.concatenate([np.asarray(column, dtype=object) for column in columns]):
        if text:
            first.setdefault(fold(text), text)
    return list(first.values())


def plan_of(table, source=None, edition=None, tables=NO_TABLES, settings=None, language=None):
    """Read and check everything that a budget is made of.

    Parameters
    ----------
    table : pandas.DataFrame
        Runs, as `xlcost.estimate.estimate` takes them.
    source : str, optional
        The file that they come from.
    edition : str, optional
    tables : Tables
    settings : BudgetSettings, optional
        Those of the source, where it is a workbook that has them.
    language : str, optional
        Of the workbook, in place of that of the settings.

    Raises
    ------
    XlcostError
        A sentence for everything that cannot be used.
    """
    if settings is None:
        settings = settings_from(**settings_of_workbook(source))
    language = language_of(language or settings.language)
    facts = catalogs.load(edition, tables.prices)
    if settings.start is not None:
        facts = replace(facts, start=START.in_cell(settings.start, language))
    settings = with_chip(settings, facts)
    of_costs = {name: value for name, value in settings.assumptions.items() if name in ASSUMPTIONS}
    estimated = estimate(table, facts, method=settings.method, assumptions=of_costs, source=source)
    runs, _ = check_runs(table, facts, source)
    names = runs["run"].tolist()
    capacity = read_capacity(CAPACITY.of(source, tables.capacity), facts, settings.rates)
    shares = read_shares(SHARES.of(source, tables.shares), capacity)
    roles = read_role_columns(staff_of(source, tables.staff), names, settings.rates)
    others = read_other_costs(OTHER.of(source, tables.others), names, settings.rates)
    return Plan(
        facts=facts,
        runs=runs,
        estimated=estimated,
        roles=roles,
        answers=read_answer_columns(experts_of(source, tables.experts), names),
        capacity=capacity,
        shares=shares,
        others=others,
        phases=PHASES.read(PHASES.of(source, tables.phases)),
        versions=versions_of_workbook(source),
        settings=decided(
            settings, _days(estimated, runs, roles, capacity, others, settings), language.fiscal_year_start
        ),
        language=language,
        actuals=actuals_of_workbook(source),
    )


def decided(settings, days, fiscal_year_start):
    """Settings with a period that holds the days on which costs begin and end, as far as five years do.

    Parameters
    ----------
    settings : BudgetSettings
    days : array of float
        Serial numbers; NaN does not count.
    fiscal_year_start : int
        Where the settings don't say.
    """
    start = settings.fiscal_year_start or fiscal_year_start
    months = (from_serial(days[~np.isnan(days)]).astype("datetime64[M]").astype(int)) + 1970 * 12
    fiscal = (months - (start - 1)) // 12
    first = settings.first_fiscal_year or int(fiscal.min())
    needed = int(fiscal.max()) - first + 1
    years = settings.years or min(max(needed, 1), MOST_YEARS)
    return replace(settings, fiscal_year_start=start, first_fiscal_year=first, years=years)


def with_chip(settings, facts):
    """Settings whose chip on Buy or rent has the name that the price list gives it."""
    chip = settings.buy_or_rent.get("chip")
    if not chip:
        return settings
    try:
        name = facts.names.find(chip)[0]
    except LookupError as error:
        place = settings.places.get((BUY_OR_RENT.setting, "chip"), BUY_OR_RENT.setting)
        raise XlcostError(f"{place}: chip: {error}") from None
    return replace(settings, buy_or_rent={**settings.buy_or_rent, "chip": name})


def _days(estimated, runs, roles, capacity, others, settings):
    """First and last days of costs, of trials and people before the runs too."""
    starts = np.asarray(to_serial(estimated["training_start"].to_numpy()), dtype=float)
    hours = runs["hours"]
    days = np.where(np.isnan(hours), DEFAULT_TRAINING_DAYS, hours / HOURS_PER_DAY)
    factor = np.where(np.isnan(runs["experiment_factor"]), settings.trial_factor, runs["experiment_factor"])
    ends = starts + days
    found = [starts - days * (factor - 1), ends - ONE_SECOND, capacity["in_service"], others["start"], others["end"]]
    if settings.staff == YES:
        end_of = dict(zip(runs["run"].tolist(), ends))
        until = np.array([end_of.get(name, np.nan) for name in roles["run"]], dtype=float)
        low, high = roles["years_low"], roles["years_high"]
        hired = np.where(np.isnan(roles["person_months_low"]), np.nan, 1.0)
        for years in (np.where(np.isnan(high), low, geometric_middle(low, high)), hired):
            found.append(until - years * DAYS_PER_YEAR)
    return np.concatenate(found)
