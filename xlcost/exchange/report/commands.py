"""``xlcost report``: write one run's cost report, or check one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ...errors import XlcostError
from ...files import replacing
from ...terminal import say, warn

DIFFERS = 1
"""Exit status where a report is one, and its figures are not those of its inputs."""


def report(
    run: Annotated[str | None, typer.Argument(help="Name of the run in the table of runs.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The report to write (.json).")
    ] = None,
    runs: Annotated[Path | None, typer.Option(help="Your runs (.csv or .xlsx); without it, a shipped example.")] = None,
    model: Annotated[str | None, typer.Option(help="A public model, such as GPT-4, in place of a run.")] = None,
    edition: Annotated[
        str | None, typer.Option(help="Edition of the facts, such as 2026-11.", show_default="yours, else the newest")
    ] = None,
    prices: Annotated[Path | None, typer.Option(help="Your own price book, asked before the catalog.")] = None,
    method: Annotated[str, typer.Option(help="market, market_exact or straight_line.")] = "market",
    level: Annotated[float, typer.Option(help="What share of all cases the interval holds.")] = 0.9,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check this report: is it one, and are its figures right?")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Write one training run's cost as a report that others can compute again, or check one."""
    if check is not None:
        if not (run is model is runs is output is edition is None):
            raise XlcostError("--check takes run and edition from the report; give nothing beside it but --prices")
        _check(check, prices)
        return
    if (run is None) == (model is None):
        raise XlcostError("give either the name of a run or --model with the name of a public model")
    if output is None or output.suffix.lower() != ".json":
        raise XlcostError("give the report to write with -o; its name must end in .json")
    from ...catalog import load
    from ...settings import edition_in_force
    from .content import report_of, run_of_model

    facts = load(edition_in_force(edition), prices)
    row = run_of_model(facts, model) if model is not None else _row(run, runs)
    text = json.dumps(report_of(row, facts, method, level), indent=2, ensure_ascii=False, allow_nan=False)
    with replacing(output, force) as temporary:
        temporary.write_bytes(f"{text}\n".encode())
    say(output)


def _row(name, path):
    """The run of this name."""
    from ...comparison import fold
    from ...examples import PORTFOLIO
    from ...runs import LABELS, read_runs

    path = path or PORTFOLIO
    table = read_runs(path).rename(columns=lambda column: LABELS.get(str(column).casefold(), str(column)))
    named = [fold(str(found).strip()) == fold(name.strip()) for found in table["run"]]
    if not any(named):
        there = ", ".join(str(found) for found in table["run"].head(10))
        raise XlcostError(f"{path}: there is no run {name!r}; there are {there}{', …' if len(table) > 10 else ''}")
    if sum(named) > 1:
        raise XlcostError(f"{path}: run {name!r} is there {sum(named)} times; each run needs a name of its own")
    return table[named]


def _check(path, prices):
    from .check import differences, read_report, sentence

    report = read_report(path)
    try:
        found = differences(report, prices)
    except XlcostError as error:
        raise XlcostError(f"{path}: {error}") from None
    for each in found:
        warn(f"{path}: {sentence(*each)}")
    if found:
        raise typer.Exit(DIFFERS)
    say(f"{path}: all figures of {report['run']} are those that its inputs and edition {report['edition']} give")
