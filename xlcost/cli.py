"""The command line: budgets, estimates, public models, prices, and the functions that people type.

Everything heavy is imported by the command that needs it, so that ``xlcost --help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import options
from .errors import XlcostError
from .exchange import commands as exchange
from .exchange.actuals import commands as actuals_commands
from .exchange.consolidation.commands import consolidate
from .exchange.report.commands import report
from .hosts.commands import addin, template
from .terminal import ROWS, Progress, deliver, fail, prepare, say, show, warn

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
app.command()(consolidate)
exchange.register(app, template)
actuals_commands.add_to(app)
app.command()(report)


def _edition(name: str | None):
    """The edition named, else the one in force for the functions too."""
    from .settings import edition_in_force

    return edition_in_force(name)


NUMBER = "NUMBER"
"""How the help calls what is read as a number."""
Edition = Annotated[
    str | None,
    typer.Option(
        help="Edition of the facts, such as 2026-11.", show_default="yours, else the newest", callback=_edition
    ),
]
Prices = Annotated[Path | None, typer.Option(help="Your own price book (.csv or .xlsx), asked before the catalog.")]
Csv = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        help="Write the table as CSV over what is there; - for standard output, as a pipe has it anyway.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]
Method = Annotated[str, typer.Option(help="How hardware is amortized: market, market_exact or straight_line.")]

Staff = Annotated[
    Path | None,
    typer.Option(help="Who works on which run (.csv or .xlsx); without it, the sheet Staff of the runs' workbook."),
]
Experts = Annotated[
    list[Path] | None,
    typer.Option(
        help="Experts' ranges (.csv or .xlsx), once a file; without it, the sheet Experts of the runs' workbook."
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        callback=options.language,
        help="Language of the workbook, such as ja.",
        show_default="that of the one handed in, else en",
    ),
]
Level = Annotated[
    str | None,
    typer.Option(metavar=NUMBER, callback=options.number, help="What share of all cases a range holds, such as 0.9."),
]


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
    staff: Staff = None,
    experts: Experts = None,
    capacity: Annotated[Path | None, typer.Option(help="What is owned, committed or rented (.csv or .xlsx).")] = None,
    shares: Annotated[Path | None, typer.Option(help="Departments' shares in a capacity.")] = None,
    other_costs: Annotated[Path | None, typer.Option(help="Storage, data, licences and other costs.")] = None,
    phases: Annotated[Path | None, typer.Option(help="Phases in which money is released.")] = None,
    settings: Annotated[Path | None, typer.Option(help="A TOML file with these settings and others.")] = None,
    fiscal_year_start: Annotated[
        str | None,
        typer.Option(metavar=NUMBER, callback=options.setting, help="Month in which a fiscal year begins, 1 to 12."),
    ] = None,
    first_fiscal_year: Annotated[
        str | None, typer.Option(metavar=NUMBER, callback=options.setting, help="Year in which the first one begins.")
    ] = None,
    years: Annotated[
        str | None, typer.Option(metavar=NUMBER, callback=options.setting, help="Fiscal years, 1 to 5.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(callback=options.currency, help="Currency of the budget, such as EUR.")
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            metavar=NUMBER,
            callback=options.rate,
            help="Units of the currency for 1 USD, once or for each year.",
        ),
    ] = None,
    units: Annotated[
        str | None, typer.Option(callback=options.setting, help="Amounts are shown in ones, thousands or millions.")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="Scenario in force: Base, Low, High, Own 1, Own 2, or as the sheet Scenarios calls it."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            callback=options.setting, help="Keep the budget as Original, Revised or Forecast, to compare with it later."
        ),
    ] = None,
    language: Language = None,
    force: Force = False,
):
    """Write a budget workbook of live formulas."""
    from .budget.plan import Tables
    from .budget.settings import settings_from
    from .budget.settings_sheets import settings_of_workbook
    from .examples import CAPACITY, EXPERTS, OTHER_COSTS, STAFF
    from .workbook.budget import write_budget

    if output.suffix.lower() != ".xlsx":
        raise XlcostError(f"{output}: the name of a workbook must end in .xlsx")
    own = Tables(staff, tuple(experts or ()), capacity, shares, other_costs, phases, prices)
    example = Tables(
        staff or STAFF,
        own.experts or (EXPERTS,),
        capacity or CAPACITY,
        shares,
        other_costs or OTHER_COSTS,
        phases,
        prices,
    )
    given = dict(
        fiscal_year_start=fiscal_year_start,
        first_fiscal_year=first_fiscal_year,
        years=years,
        currency=currency,
        units=units,
        scenario=scenario,
        version=version,
        language=language,
    )
    said = []
    with Progress("Writing the workbook") as advance:
        costs = write_budget(
            output,
            *_runs(runs),
            edition=edition,
            tables=example if runs is None else own,
            settings=options.settings_of(settings, settings_from(**settings_of_workbook(runs)), rate, **given),
            replace=force,
            progress=advance,
            tell=said.append,
        )
    _show_costs(costs)
    for sentence in said:
        warn(sentence)
    say(output)


@app.command()
def estimate(
    runs: Annotated[Path, typer.Argument(help="Your runs (.csv or .xlsx).")],
    csv: Csv = None,
    edition: Edition = None,
    prices: Prices = None,
    method: Method = "market",
):
    """Estimate what training runs cost."""
    from .estimate import estimate as estimate_runs

    for what, path in (("runs", runs), ("prices", prices)):
        if csv not in (None, "-") and path is not None and Path(csv).resolve() == path.resolve():
            raise XlcostError(f"{csv}: the {what} are in this file; the costs need another")
    table, source = _runs(runs)
    with Progress("Estimating") as advance:
        costs = estimate_runs(table, edition, prices, method, source=source, progress=advance)
    deliver(costs, csv, lambda: _show_costs(costs))


@app.command()
def models(edition: Edition = None, csv: Csv = None):
    """Costs of an edition's public models."""
    from .estimate import estimate_models

    costs = estimate_models(edition)
    columns = ["model", "published", "amortized_cost", "cloud_cost", "acquisition_cost", "note"]
    deliver(costs, csv, lambda: show(costs[columns], f"{len(costs)} public models, USD"))


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
    deliver(table, csv, lambda: show(table[columns], f"{len(table)} prices, USD"))


@app.command()
def development(
    runs: Annotated[Path | None, typer.Argument(help="Your runs (.csv or .xlsx).")] = None,
    model: Annotated[str | None, typer.Option(help="A public model, such as GPT-4, in place of runs.")] = None,
    staff: Staff = None,
    experts: Experts = None,
    pooling: Annotated[str, typer.Option(help="How experts' ranges are put together: geometric or mixture.")] = (
        "geometric"
    ),
    edition: Edition = None,
    prices: Prices = None,
    method: Method = "market",
    level: Level = None,
    samples: Annotated[
        str | None, typer.Option(metavar=NUMBER, callback=options.whole, help="How many cases are drawn, at least.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar=NUMBER, callback=options.whole, help="Another seed draws other cases.")
    ] = None,
    csv: Csv = None,
):
    """What developing a model costs with experiments and staff, as a range."""
    from .budget.settings import settings_from
    from .budget.settings_sheets import settings_of_workbook
    from .catalog import load
    from .development import public_project, table_of
    from .experts import experts_of, read_experts, with_experts
    from .staffing import projects_of_runs
    from .uncertainty import LEVEL, SAMPLES, SEED

    if (runs is None) == (model is None):
        raise XlcostError("give either a file of runs or --model with the name of a public model")
    if model is not None and staff is not None:
        raise XlcostError("--staff goes with a file of runs; the people of a public model are in the catalog")
    level, samples, seed = (
        usual if given is None else given for given, usual in ((level, LEVEL), (samples, SAMPLES), (seed, SEED))
    )
    facts = load(edition, prices)
    if model is not None:
        projects, money = [public_project(facts, model)], f"USD of {facts.real_prices_of}"
    else:
        # A budget says what people are paid in another currency.
        rates = settings_from(**settings_of_workbook(runs)).first_rates
        projects, money = projects_of_runs(*_runs(runs), facts, staff, method, rates), "USD"
    answers = experts_of(runs, experts or ())
    pooled = read_experts(answers, [project.name for project in projects], pooling) if answers else []
    for each in pooled:
        for sentence in each.contradictions:
            warn(sentence)
    with Progress("Drawing cases") as advance:
        table = table_of([with_experts(each, pooled) for each in projects], level, samples, seed, advance)
    if model is not None:
        table = table.drop(columns="run")
    deliver(table, csv, lambda: show(table, f"Development cost, {money}; ranges hold {level:.0%} of cases"))


@app.command()
def trend(
    edition: Edition = None,
    cost: Annotated[str, typer.Option(help="amortized, cloud, acquisition or power.")] = "amortized",
    level: Level = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day of the projection.")] = None,
    csv: Csv = None,
):
    """How fast the costs of the largest public models grow, and what that projects."""
    from .catalog import load
    from .trend import LEVEL, NOMINAL, fit, projected, selected

    facts, level = load(edition), LEVEL if level is None else level
    models = selected(facts, cost)
    line = fit(models["published"], models["cost"], level)
    table = projected(line, facts, until)
    low, high = line.growth_range
    title = (
        f"{line.growth:.2f} times as much each year ({low:.2f} to {high:.2f}), {line.n} models, R² {line.r2:.2f}; "
        f"{'kW' if cost in NOMINAL else f'USD of {facts.real_prices_of}'}, ranges hold {level:.0%} of cases"
    )
    columns = ["date", "cost", *(f"{band}_{end}" for band in ("confidence", "prediction") for end in ("low", "high"))]
    below = [] if cost in NOMINAL else [_billion(line, models)]
    deliver(
        table, csv, lambda: show(table[columns], title, may_drop=(("prediction_low", "prediction_high"),), below=below)
    )


def _billion(line, models):
    """When a billion dollars is reached, in a sentence."""
    from .trend import BILLION

    dearest = models.loc[models["cost"].idxmax()]
    if line.slope <= 0:
        return "The costs do not grow, and reach no billion dollars."
    first, usual = line.reaches_from(BILLION, dearest["published"], dearest["cost"])[0], line.reaches(BILLION)[0]
    return (
        f"If that goes on, a billion dollars is reached in {int(first)} from the dearest, {dearest['model']}, on, and "
        f"in {int(usual)} by the trend of all."
    )


def _runs(path):
    """The table of runs and what to call it in messages."""
    from .examples import PORTFOLIO
    from .runs import read_runs

    path = path or PORTFOLIO
    return read_runs(path), str(path)


def _show_costs(costs):
    columns = ["run", "department", "chip", "sourcing", "amortized_cost", "cloud_cost", "budget_cost"]
    without = costs[costs["budget_cost"].isna()]
    title = f"{len(costs)} runs, budget {costs['budget_cost'].sum():,.0f} USD"
    title += f"; {len(without)} without a cost" if len(without) else ""
    show(
        costs[[name for name in columns if name in costs]],
        title,
        may_drop=(("department",), ("sourcing",), ("chip",)),
        below=[f"{run}: {note}" for run, note in zip(without["run"].head(ROWS), without["note"])],
    )


def main():
    """Run the command line; an error is one clear sentence a problem, and exit status 2."""
    prepare()
    try:
        app()
    except XlcostError as error:
        sys.exit(fail(str(error)))
    except MemoryError:
        sys.exit(fail("there is not enough memory for so much; give it in parts"))
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain once more when it closes standard output.
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        sys.exit(fail(f"{error.filename or 'standard output'}: {error.strerror}"))
