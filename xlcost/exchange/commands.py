"""Commands about what people send to each other: a department's workbook, and whether one that comes back is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app, template):
    """Add the commands.

    Parameters
    ----------
    app, template : typer.Typer
        The command line, and its group of templates.
    """
    template.command("department")(department)


def department(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The workbook to write.")] = Path(
        "department.xlsx"
    ),
    name: Annotated[str, typer.Option("--department", help="Its name; without it the department writes it.")] = "",
    language: Annotated[str, typer.Option(help="Language of the workbook, such as ja.")] = "en",
    runs: Annotated[int, typer.Option(help="Rows for runs.")] = 40,
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
