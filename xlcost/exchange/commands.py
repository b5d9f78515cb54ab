"""Commands about what people send to each other: a department's workbook, and whether one that comes back is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..options import whole


def register(app, template):
    """Add the commands.

    Parameters
    ----------
    app, template : typer.Typer
        The command line, and its group of templates.
    """
    template.command("department")(department)
    app.command("check")(check_files)


def department(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The workbook to write.")] = Path(
        "department.xlsx"
    ),
    name: Annotated[str, typer.Option("--department", help="Its name; without it the department writes it.")] = "",
    language: Annotated[str, typer.Option(help="Language of the workbook, such as ja.")] = "en",
    runs: Annotated[str, typer.Option(metavar="NUMBER", callback=whole, help="Rows for runs.")] = "40",
    edition: Annotated[
        str | None, typer.Option(help="Edition of the facts, such as 2026-11.", show_default="yours, else the newest")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Write a workbook for a department to fill in and send back."""
    from ..errors import XlcostError
    from ..settings import edition_in_force
    from ..terminal import say
    from ..workbook.department import write_department

    if output.suffix.lower() != ".xlsx":
        raise XlcostError(f"{output}: the name of a workbook must end in .xlsx")
    write_department(output, name, language, runs, edition_in_force(edition), force)
    say(output)


def check_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Departments' workbooks, or budgets.")],
    as_json: Annotated[bool, typer.Option("--json", help="Say it as JSON, for scripts.")] = False,
):
    """Say whether workbooks are as they were written: formulas, stored values, fixed figures, inputs.

    Exit status 0: all are. 1: something is not, and each finding names sheet, cell, what was found and what was
    expected. 2: a file cannot be read; the others are checked all the same. No file is changed.

    --json says {"files": [...]}: of each file its name (file) with its kind, department, edition, language and
    findings (kind, sheet, cell, found, expected), or with an error where it cannot be read.
    """
    from ..errors import XlcostError
    from ..terminal import Progress, plain, say, warn
    from .check import as_json as in_json
    from .check import check

    reports, unreadable = [], {}
    with Progress("Checking") as advance:
        for number, path in enumerate(files, start=1):
            try:
                reports.append(check(path))
            except XlcostError as error:
                unreadable[str(path)] = str(error)
            advance(number, len(files))
    if as_json:
        say(in_json(reports, unreadable))
    else:
        for report in reports:
            for finding in report.findings:
                say(plain(f"{report.file}: {finding}"))
            if not report.findings:
                say(plain(f"{report.file}: as it was written"))
        for sentence in unreadable.values():
            warn(sentence)
    if unreadable or any(report.findings for report in reports):
        raise typer.Exit(2 if unreadable else 1)
