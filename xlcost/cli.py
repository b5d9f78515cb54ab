"""The command line: budgets, estimates, public models, prices, and the functions that people type.

Everything heavy is imported by the command that needs it, so that ``xlcost --help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .hosts.commands import addin, template

app = typer.Typer(
    help="The cost of training AI: budget workbooks of live formulas, estimates, and the prices behind them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Boxes around the help would take as long to import as all the rest.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(template, name="template")
app.add_typer(addin, name="addin")


def _edition(name: str | None):
    """The edition named, else the one in force for the functions too."""
    from .settings import edition_in_force

    return edition_in_force(name)


Edition = Annotated[
    str | None,
    typer.Option(
        help="Edition of the facts, such as 2026-11.", show_default="yours, else the newest", callback=_edition
    ),
]
Prices = Annotated[Path | None, typer.Option(help="Your own price book (.csv or .xlsx), asked before the catalog.")]
Csv = Annotated[
    str | None,
    typer.Option(metavar="FILE|-", help="Write the table as CSV; - for standard output, as a pipe has it anyway."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]
Method = Annotated[str, typer.Option(help="How hardware is amortized: market, market_exact or straight_line.")]

SHOWN = 20
"""Rows of a table on the terminal; a CSV file has them all."""


@app.command()
def budget(
    runs: Annotated[
        Path | None, typer.Argument(help="Your runs (.csv or .xlsx); without it, a shipped example.")
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The workbook to write.")] = Path(
        "budget.xlsx"
    ),
    edition: Edition = None,
    prices: Prices = None,
    force: Force = False,
):
    """Write a budget workbook of live formulas."""
    from .workbook.budget import write_budget

    with _progress("Writing the workbook") as advance:
        costs = write_budget(output, *_runs(runs), edition=edition, prices=prices, replace=force, progress=advance)
    _show_costs(costs)
    typer.echo(str(output))


@app.command()
def estimate(
    runs: Annotated[Path, typer.Argument(help="Your runs (.csv or .xlsx).")],
    csv: Csv = None,
    edition: Edition = None,
    prices: Prices = None,
    method: Method = "market",
):
    """Estimate what training runs cost."""
    from .errors import XlcostError
    from .estimate import estimate as estimate_runs

    if csv not in (None, "-") and Path(csv).resolve() == runs.resolve():
        raise XlcostError(f"{csv}: the runs are in this file; the costs need another")
    table, source = _runs(runs)
    with _progress("Estimating") as advance:
        costs = estimate_runs(table, edition, prices, method, source=source, progress=advance)
    _deliver(costs, csv, lambda: _show_costs(costs))


@app.command()
def models(edition: Edition = None, csv: Csv = None):
    """Costs of an edition's public models."""
    from .estimate import estimate_models

    costs = estimate_models(edition)
    columns = ["model", "published", "amortized_cost", "cloud_cost", "acquisition_cost", "note"]
    _deliver(costs, csv, lambda: _show(costs[columns], f"{len(costs)} public models, USD"))


@app.command()
def prices(
    chip: Annotated[str | None, typer.Argument(help="A chip, such as H100; without it, all.")] = None,
    edition: Edition = None,
    csv: Csv = None,
):
    """Prices of a chip, each with its source."""
    from .catalog import load
    from .catalog.listing import price_list

    table = price_list(load(edition), chip)
    columns = ["chip", "kind", "date", "vendor", "usd", "estimate", "source"]
    _deliver(table, csv, lambda: _show(table[columns], f"{len(table)} prices, USD"))


def _runs(path):
    """The table of runs and what to call it in messages."""
    from .examples import PORTFOLIO
    from .runs import read_runs

    path = path or PORTFOLIO
    return read_runs(path), str(path)


def _deliver(table, csv, show):
    """A table as CSV where that is wanted, else on the terminal; a pipe gets CSV."""
    if csv is None and sys.stdout.isatty():
        show()
        return
    csv = csv or "-"
    from .exchange.csv_file import write_csv

    write_csv(table, sys.stdout if csv == "-" else Path(csv))
    if csv != "-":
        typer.echo(csv)


def _show_costs(costs):
    columns = ["run", "department", "chip", "sourcing", "amortized_cost", "cloud_cost", "budget_cost"]
    total = costs["budget_cost"].sum()
    _show(costs[[name for name in columns if name in costs]], f"{len(costs)} runs, budget {total:,.0f} USD")


def _show(table, title):
    """The first rows of a table, on a terminal only."""
    if not sys.stdout.isatty():
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from .columns import COST_COLUMNS, RUN_COLUMNS

    labels = RUN_COLUMNS | COST_COLUMNS
    shown = Table(title=Text(title), caption=f"and {len(table) - SHOWN} more rows" if len(table) > SHOWN else None)
    numeric = {name: table[name].dtype.kind == "f" for name in table}
    for name in table:
        label = labels[name].label if name in labels else name.replace("_", " ").capitalize()
        shown.add_column(label, justify="right" if numeric[name] else "left")
    for row in table.head(SHOWN).to_dict("records"):
        shown.add_row(*(Text(_cell(row[name], numeric[name])) for name in table))
    Console().print(shown)


def _cell(value, numeric):
    if value != value or value is None:
        return ""
    if numeric:
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return _plain(str(value).removesuffix(" 00:00:00"))


def _plain(text):
    """Text without characters that steer a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


class _progress:
    """A progress bar on the terminal, once the work has taken more than a second."""

    def __init__(self, title):
        self.title, self.bar = title, None

    def __enter__(self):
        from time import monotonic

        self.clock, self.begun = monotonic, monotonic()
        return self.advance

    def advance(self, done, total):
        if not sys.stderr.isatty() or self.clock() - self.begun < 1:
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.title)
        self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *error):
        if self.bar is not None:
            self.bar.stop()


def main():
    """Run the command line; an error is one clear sentence a problem, and exit status 2."""
    from .errors import XlcostError

    try:
        app()
    except XlcostError as error:
        sys.exit(_fail(str(error)))
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain once more when it closes standard output.
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        sys.exit(_fail(f"{error.filename or 'The file'}: {error.strerror}"))


def _fail(text):
    for line in text.split("\n"):
        print(f"xlcost: {_plain(line)}", file=sys.stderr)
    return 2
