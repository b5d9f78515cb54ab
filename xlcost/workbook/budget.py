"""The budget workbook: live formulas for a portfolio of training runs, with every value stored."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import numpy as np

from .. import catalog as catalogs
from ..comparison import fold
from ..development import TOTAL, project_of_run
from ..estimate import estimate
from ..experts import experts_of, pooled_of, read_answer_columns, with_experts
from ..formula import as_term
from ..portfolio import portfolio
from ..runs import check_runs
from ..staffing import people_of, read_role_columns, staff_of
from ..totals import count_filled
from . import (
    buy_or_rent,
    checks,
    costs,
    cover,
    development,
    experts,
    inputs,
    prices,
    runs,
    sources,
    staff,
    steps,
    summary,
    trend,
    uncertainty,
)
from .book import Book

SHEETS = (
    *(cover, summary, inputs, runs, staff, experts),
    *(costs, development, uncertainty, buy_or_rent, trend, prices, steps, checks, sources),
)


def write_budget(
    path, table, source=None, edition=None, prices=None, replace=False, progress=None, staff=None, experts=()
):
    """Write a budget workbook.

    Parameters
    ----------
    path : path-like
        The .xlsx file to write.
    table : pandas.DataFrame
        Runs, as `xlcost.estimate.estimate` takes them.
    source : str, optional
        The file that the runs come from, for error messages.
    edition : str, optional
        The newest by default.
    prices : path-like, optional
        A user's own price book.
    replace : bool, default False
        Whether an existing file may be replaced.
    progress : callable, optional
        Called with the number of rows written and their total.
    staff : path-like, optional
        A table of the people; where `source` is a workbook that has a sheet of them, that.
    experts : sequence of path-like
        Tables of experts' answers; the same.

    Returns
    -------
    pandas.DataFrame
        What `estimate` says of the runs.

    Raises
    ------
    XlcostError
        Runs that cannot be used, or a file that cannot be written; an existing file is then as it was.
    """
    facts = catalogs.load(edition, prices)
    estimated = estimate(table, facts, source=source)
    checked, _ = check_runs(table, facts, source)
    names = checked["run"].tolist()
    answers = read_answer_columns(experts_of(source, experts), names)
    roles = read_role_columns(staff_of(source, staff), names)
    _book(facts, checked, estimated, roles, answers).save(path, replace, progress)
    return estimated


def _book(facts, checked, estimated, roles, answers):
    """The workbook before it is written."""
    year, month = map(int, facts.edition.split("-"))
    book = Book("AI training budget", datetime.date(year, month, 1))
    sheet = {module: book.sheet(module.NAME) for module in SHEETS}
    spelled = {fold(name): name for name in reversed(checked["department"].texts_of_rows())}
    departments = [name for folded, name in reversed(spelled.items()) if folded not in ("", costs.NOT_LISTED)]
    given = inputs.write_inputs(book, sheet[inputs], facts, departments)
    priced = prices.write_prices(book, sheet[prices], facts, given)
    inputs.write_estimates(sheet[inputs], given.next_row, priced.estimates)
    stepped = steps.write_steps(sheet[steps], facts)
    filled = runs.write_runs(sheet[runs], checked, given, priced, stepped)
    looked_up = SimpleNamespace(
        **{
            **vars(given),
            **vars(priced),
            **vars(stepped),
            "hours_per_year": given.assume["hours_per_year"],
            "price_age_warning": given.assume["price_age_warning"],
            "first_energy_year": priced.energy_year.cell(0),
            "last_energy_year": priced.energy_year.cell(-1),
        }
    )
    pool = experts.write_experts(sheet[experts], answers, filled, given)
    people = staff.write_staff(sheet[staff], roles, filled, given, pool)
    computed = costs.write_costs(sheet[costs], filled, looked_up, given)
    developed = development.write_development(sheet[development], computed, filled, people.ranges, given, pool)
    state = uncertainty.write_uncertainty(
        sheet[uncertainty],
        developed,
        computed,
        portfolio(_projects(estimated, roles, answers)),
        uncertainty.intervals_of_runs(estimated, _from_compute(checked), facts),
        facts,
    )
    key = summary.write_summary(sheet[summary], computed, filled, given, facts, developed.parts[TOTAL])
    chosen = trend.write_trend(sheet[trend], facts, computed, filled, key.largest)
    usual = SimpleNamespace(**dict.fromkeys(("hardware", "cloud", "energy", "wages"), as_term(1.0)))
    bought = buy_or_rent.write_buy_or_rent(sheet[buy_or_rent], given, looked_up, usual)
    levels = (given.ranges.level, chosen.level)
    master = checks.write_checks(
        book, sheet[checks], key, computed, filled, given, people, pool, developed, levels, bought.checks
    )
    book.name("budget_cost", key.total)
    book.name("development_cost", developed.parts[TOTAL].median)
    named = count_filled(filled.ranges["run"])
    cover.write_cover(sheet[cover], key, master, facts, given, named, developed, state)
    sources.write_sources(sheet[sources], facts)
    return book


def _projects(costs, roles, answers):
    """The developments around the runs whose cost on own hardware is known, as the sheets have them."""
    people, pooled = people_of(roles, costs["run"].tolist()), pooled_of(answers)
    known = costs[costs["amortized_cost"].notna()].to_dict("records")
    return [with_experts(project_of_run(cost, *people[cost["run"]]), pooled) for cost in known]


def _from_compute(runs):
    """Whether a run's chip-hours come from its training compute."""
    return np.isnan(runs["chip_hours"]) & (np.isnan(runs["chips"]) | np.isnan(runs["hours"]))
