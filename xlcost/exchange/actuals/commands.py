"""Commands about what was spent and what will be: ``xlcost actuals`` and ``xlcost focus``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...errors import XlcostError

Budget = Annotated[Path, typer.Argument(help="The budget's workbook, or its runs (.xlsx or .csv).")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]
Edition = Annotated[
    str | None, typer.Option(help="Edition of the facts, such as 2026-11.", show_default="yours, else the newest")
]
Prices = Annotated[Path | None, typer.Option(help="Your own price book (.csv or .xlsx), asked before the catalog.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]


def actuals(
    budget: Budget,
    spend: Annotated[
        list[Path], typer.Argument(help="Monthly spend (.csv, .xlsx) or exports in FOCUS (.csv, .csv.gz, .parquet).")
    ],
    output: Output,
    mapping: Annotated[
        Path | None,
        typer.Option(help="Rules: charges to runs, departments, components (.csv, .xlsx); else the sheet Mapping."),
    ] = None,
    accruals: Annotated[Path | None, typer.Option(help="Costs that are not billed yet (.csv or .xlsx).")] = None,
    close: Annotated[
        str | None,
        typer.Option(metavar="MONTH", help="Last month of actuals, such as 2026-06.", show_default="that of the bills"),
    ] = None,
    tax: Annotated[str, typer.Option(help="net: tax on bills does not count; gross: it does.")] = "net",
    engine: Annotated[str, typer.Option(help="Where bills are added up: duckdb or spark.")] = "duckdb",
    edition: Edition = None,
    prices: Prices = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the workbook, such as ja.", show_default="that of the budget")
    ] = None,
    force: Force = False,
):
    """Put what was spent beside a budget: a workbook, or the mapped spend as CSV."""
    from dataclasses import replace

    from ...terminal import Progress, say, warn
    from ...workbook.budget import write_plan
    from ..consolidation.of_workbook import company_of_workbook
    from ..csv_file import write_csv
    from .spend import actuals_of, as_table, month_of_close, months_without_spend

    is_workbook = _wanted(output, (".xlsx", ".csv")) == ".xlsx"
    inputs = [*spend, *(path for path in (mapping, accruals) if path is not None)]
    if any(path.resolve() == output.resolve() for path in inputs):
        raise XlcostError(f"{output}: this is one of the files that are read; what is written needs another")
    if not is_workbook and output.exists() and not force:
        raise XlcostError(f"{output}: the file exists; --force replaces it")
    day = None if close is None else month_of_close(close)
    said = []
    with Progress("Adding up the bills") as advance:
        plan = _plan(budget, edition, prices, language)
        found = actuals_of(plan, spend, mapping, accruals, day, tax, engine, budget)
        if is_workbook:
            plan_now = replace(plan, actuals=found, company=company_of_workbook(budget))
            write_plan(output, plan_now, force, advance, said.append)
        else:
            write_csv(as_table(found), output)
    if is_workbook and (sentence := months_without_spend(plan, found)):
        said.insert(0, sentence)
    for sentence in said:
        warn(sentence)
    say(output)


def focus(
    budget: Budget,
    output: Output,
    edition: Edition = None,
    prices: Prices = None,
    force: Force = False,
):
    """Write a budget as rows in FOCUS, marked as a forecast (.csv or .parquet)."""
    from ...terminal import say, warn
    from .focus import write_focus

    _wanted(output, (".csv", ".parquet"))
    forecast = write_focus(output, _plan(budget, edition, prices), force)
    for sentence in forecast.left_out:
        warn(sentence)
    say(output)


def _wanted(output, suffixes):
    suffix = output.suffix.lower()
    if suffix not in suffixes:
        raise XlcostError(f"{output}: the name of the file must end in {' or '.join(suffixes)}")
    return suffix


def _plan(path, edition, prices, language=None):
    """A budget as ``xlcost budget`` reads it."""
    from ...budget.plan import Tables, plan_of
    from ...runs import read_runs
    from ...settings import edition_in_force

    return plan_of(read_runs(path), str(path), edition_in_force(edition), Tables(prices=prices), language=language)


def add_to(app):
    """Give a command line these commands."""
    app.command()(actuals)
    app.command()(focus)
