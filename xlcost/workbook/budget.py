"""The budget workbook: live formulas for a portfolio of training runs, with every value stored."""

from __future__ import annotations

import datetime
from dataclasses import replace as replaced
from types import SimpleNamespace

import numpy as np

from ..budget.actuals import MAPPING, SPEND
from ..budget.analysis import UNCERTAIN
from ..budget.plan import NO_TABLES, plan_of
from ..budget.tables import OTHER, PHASES, SHARES
from ..development import TOTAL, project_of_run
from ..exchange.consolidation.of_workbook import company_of_workbook
from ..experts import pooled_of, with_experts
from ..portfolio import portfolio
from ..staffing import USUAL, people_of
from ..totals import count_filled
from . import (
    actuals,
    approaches,
    buy_or_rent,
    calendar,
    capacity,
    capacity_months,
    checks,
    costs,
    cover,
    development,
    experts,
    inputs,
    ledger_checks,
    lines,
    other_costs,
    outlook,
    prices,
    report,
    run_budget,
    runs,
    scenario_checks,
    scenarios,
    sources,
    spend,
    staff,
    steps,
    submissions,
    summary,
    to_date,
    trend,
    uncertainty,
    versions,
    views,
)
from .book import Book
from .cover_sentences import sentences
from .line_capacity import put_lacks
from .line_months import spread
from .line_sources import Sources

SHEETS = (
    *(cover.NAME, summary.NAME, report.NAME, views.NAME, run_budget.NAME),
    *(scenarios.NAME, buy_or_rent.NAME, versions.NAME),
    *(calendar.NAME, inputs.NAME, runs.NAME, capacity.NAME, SHARES.name, OTHER.name, PHASES.name),
    *(staff.NAME, experts.NAME),
    *(costs.NAME, lines.NAME, capacity_months.NAME, approaches.NAME, development.NAME, uncertainty.NAME),
    *(trend.NAME, outlook.NAME),
    *(prices.NAME, steps.NAME, checks.NAME, sources.NAME),
)
"""Sheets in the order in which they are read."""
WITH_ACTUALS = {actuals.NAME: versions.NAME, MAPPING.name: PHASES.name, SPEND.name: lines.NAME}
"""Sheets of a budget that knows what was spent, and the one that each stands behind."""


def write_budget(
    path,
    table,
    source=None,
    edition=None,
    tables=NO_TABLES,
    settings=None,
    language=None,
    replace=False,
    progress=None,
    company=None,
    tell=None,
):
    """Write a budget workbook.

    Parameters
    ----------
    path : path-like
        The .xlsx file to write.
    table : pandas.DataFrame
        Runs, as `xlcost.estimate.estimate` takes them.
    source : str, optional
        The file that the runs come from: for error messages, and for other tables where it is a workbook that has them.
    edition : str, optional
        The newest by default.
    tables : Tables
        Files with people, experts' answers, capacity, other costs and own prices.
    settings : BudgetSettings, optional
        Fiscal years, currency, how costs are charged; those of the source where it is a workbook that has them.
    language : str, optional
        Of the workbook, such as "ja", in place of that of the settings.
    replace : bool, default False
        Whether an existing file may be replaced.
    progress : callable, optional
        Called with the number of rows written and their total.
    company : xlcost.exchange.consolidation.company.Company, optional
        What departments have sent, where the tables come from it; else what the source keeps of that, where it is a
        company's workbook.
    tell : callable, optional
        Called with a sentence when the workbook is written and a line of its sheet Checks is not OK.

    Returns
    -------
    pandas.DataFrame
        What `estimate` says of the runs.

    Raises
    ------
    XlcostError
        Runs that cannot be used, a language that there is not, or a file that cannot be written; an existing file is
        then as it was.
    """
    plan = plan_of(table, source, edition, tables, settings, language)
    write_plan(path, replaced(plan, company=company or company_of_workbook(source)), replace, progress, tell)
    return plan.estimated


def write_plan(path, plan, replace=False, progress=None, tell=None):
    """Write the workbook of a budget that has been read, as `write_budget` does."""
    book = _book(plan)
    book.save(path, replace, progress)
    if tell and book.figures.need_a_look:
        tell(book.figures.need_a_look)


def figures_of(plan):
    """What a budget comes to, as its workbook computes it: terms and ranges with their values.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    types.SimpleNamespace
        ledger (lines, months, capacity, views), calendar, costs, runs, scenario, total, need_a_look (a sentence about
        checks that are not OK).
    """
    return _book(plan).figures


def _book(plan, known=None):
    """The workbook before it is written; as a file should be that came back, where what that holds is known."""
    facts = plan.facts
    year, month = map(int, facts.edition.split("-"))
    book = Book("AI training budget", datetime.date(year, month, 1), plan.language, known)
    sheet = {name: book.sheet(name) for name in _sheets_of(plan)}
    scenario = scenarios.write_scenarios(book, sheet[scenarios.NAME], plan.settings)
    given = inputs.write_inputs(book, sheet[inputs.NAME], facts, plan.departments, plan.settings)
    priced = prices.write_prices(book, sheet[prices.NAME], facts, given)
    inputs.write_estimates(sheet[inputs.NAME], given.next_row, priced.estimates)
    stepped = steps.write_steps(sheet[steps.NAME], facts)
    dates = calendar.write_calendar(
        book,
        sheet[calendar.NAME],
        plan.settings,
        *(plan.currencies, plan.accounts, plan.centers),
        scenario.drivers,
        given.departments,
    )
    filled = runs.write_runs(sheet[runs.NAME], plan.runs, given, priced, stepped)
    looked_up = costs.looked_up(given, priced, stepped)
    pool = experts.write_experts(sheet[experts.NAME], plan.answers, filled, given)
    people = staff.write_staff(sheet[staff.NAME], plan.roles, filled, given, dates, pool)
    computed = costs.write_costs(sheet[costs.NAME], filled, looked_up, given)
    ledger = _ledger(sheet, plan, scenario, given, looked_up, stepped, dates, filled, computed, people)
    spent = _actuals(sheet, plan, scenario, given, dates, filled, computed, ledger) if plan.actuals else ()
    developed = development.write_development(sheet[development.NAME], computed, filled, people.ranges, given, pool)
    is_sampled = known is not None and known.samples is not None
    if is_sampled and known.can_sample:
        # Samples of these very inputs can be drawn again.
        is_sampled = not uncertainty.is_of_now(known.samples, developed, computed)
    sampled = known.samples if is_sampled else _sampled(plan)
    state = uncertainty.write_uncertainty(sheet[uncertainty.NAME], developed, computed, sampled)
    key = approaches.write_approaches(sheet[approaches.NAME], computed, filled, given, facts, developed.parts[TOTAL])
    chosen = trend.write_trend(sheet[trend.NAME], facts, computed, filled, key.largest, plan.settings.trend)
    ahead = outlook.write_outlook(
        sheet[outlook.NAME], ledger.report, ledger.views, dates, chosen, given, plan.settings.outlook
    )
    bought = buy_or_rent.write_buy_or_rent(
        sheet[buy_or_rent.NAME], given, looked_up, scenario.drivers, facts, plan.settings.buy_or_rent
    )
    levels = (given.ranges.level, chosen.level)
    others = (
        *ledger_checks.ledger_checks(ledger, dates, filled, computed),
        *scenario_checks.scenario_checks(ledger, dates),
        *bought.checks,
        *ahead.checks,
        *spent,
    )
    if plan.company is not None:
        others += submissions.write_company(
            sheet, plan.company, filled, computed, dates, ledger.capacity, scenario.drivers
        )
    master = checks.write_checks(
        book, sheet[checks.NAME], key, computed, filled, given, people, pool, developed, levels, others
    )
    book.name("budget_total", ledger.report.total)
    book.name("budget_cost", key.total)
    book.name("development_cost", developed.parts[TOTAL].median)
    named = count_filled(filled.ranges["run"])
    range_of_all = SimpleNamespace(**vars(developed.parts[TOTAL]), level=given.ranges.level)
    board = summary.write_summary(sheet[summary.NAME], ledger, dates, key, range_of_all, master)
    said = sentences(sheet[cover.NAME], board, ledger, dates, bought, ahead, range_of_all)
    cover.write_cover(sheet[cover.NAME], said, master, facts, given, named, state, scenario.name, dates)
    sources.write_sources(sheet[sources.NAME], facts)
    book.figures = SimpleNamespace(
        ledger=ledger,
        calendar=dates,
        costs=computed,
        runs=filled,
        scenario=scenario,
        total=ledger.report.total,
        need_a_look=checks.need_a_look(sheet[checks.NAME]),
    )
    return book


def _sheets_of(plan):
    names = list(SHEETS)
    for name, before in WITH_ACTUALS.items() if plan.actuals else ():
        names.insert(names.index(before) + 1, name)
    if plan.company is not None:
        names[-1:-1] = submissions.SHEETS
    return names


def _actuals(sheet, plan, scenario, given, dates, filled, computed, ledger):
    """What was spent, beside the budget; gives what must hold of it."""
    target = sheet[actuals.NAME]
    closed = actuals.write_settings(target, plan.actuals, dates)
    columns = to_date.write_to_date(ledger, computed, filled, dates, scenario, closed)
    mapped = spend.write_mapping(sheet[MAPPING.name], plan.actuals, filled, given)
    spent = spend.write_spend(sheet[SPEND.name], plan.actuals, closed, dates, given, filled, mapped.components)
    return actuals.write_actuals(target, plan.actuals, closed, spent, columns, ledger, filled, given, dates)


def _ledger(sheet, plan, scenario, given, looked_up, stepped, dates, filled, computed, people):
    """Capacity, other costs and the lines of the budget."""
    owned = capacity.write_capacity(
        sheet[capacity.NAME], plan.capacity, given, looked_up, stepped, scenario.drivers, dates
    )
    shares = other_costs.write_shares(sheet[SHARES.name], plan.shares, given, owned)
    others = other_costs.write_other_costs(sheet[OTHER.name], plan.others, given, filled, dates.currencies)
    phases = other_costs.write_phases(sheet[PHASES.name], plan.phases)
    every_line = lines.Lines(sheet[lines.NAME], dates)
    source = Sources(
        every_line,
        calendar=dates,
        inputs=given,
        scenario=scenario,
        capacity=owned,
        runs=filled,
        costs=computed,
        staff=people,
        others=others,
        shares=shares,
        phases=phases,
    )
    source.describe()
    put_lacks(every_line, owned)
    months = capacity_months.write_capacity_months(sheet[capacity_months.NAME], owned, dates, given, every_line)
    capacity.put_use(owned, months)
    spread(every_line, dates, months)
    other_costs.put_phases(sheet[PHASES.name], phases, every_line)
    ledger = SimpleNamespace(
        lines=every_line, months=months, capacity=owned, phases=phases, others=others, shares=shares
    )
    ledger.views = views.write_views(sheet[views.NAME], ledger, given, dates)
    ledger.scenarios = scenarios.write_comparison(sheet[scenarios.NAME], scenario, ledger.views, dates)
    ledger.report = report.write_report(sheet[report.NAME], ledger.views, dates, plan.settings)
    ledger.by_run = run_budget.write_run_budget(sheet[run_budget.NAME], every_line, filled, dates)
    ledger.versions = versions.write_versions(
        sheet[versions.NAME], plan, ledger.views, ledger.report, dates, given.departments
    )
    return ledger


def _sampled(plan):
    """How sure the costs are, drawn anew."""
    runs = uncertainty.intervals_of_runs(
        plan.estimated,
        _from_compute(plan.runs),
        plan.facts,
        plan.level,
        plan.quantity("energy_price_factor", 1.0),
    )
    drawn = portfolio(_projects(plan), plan.level)
    return uncertainty.samples_of(drawn, runs, plan.facts.edition, plan.language)


def _projects(plan):
    """The developments around the runs whose cost on own hardware is known, as the sheets have them."""
    estimated = plan.estimated
    usual = {name: plan.quantity(name) for name in USUAL}
    people = people_of(plan.roles, estimated["run"].tolist(), usual, plan.settings.first_rates)
    ranges = {name: plan.quantity(name) for name in UNCERTAIN if name not in USUAL}
    pooled = pooled_of(plan.answers, plan.pooling)
    known = estimated[estimated["amortized_cost"].notna()].to_dict("records")
    return [with_experts(project_of_run(cost, *people[cost["run"]], **ranges), pooled) for cost in known]


def _from_compute(runs):
    """Whether a run's chip-hours come from its training compute."""
    return np.isnan(runs["chip_hours"]) & (np.isnan(runs["chips"]) | np.isnan(runs["hours"]))
