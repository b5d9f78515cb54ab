"""Commands about the places where the functions live: ``xlcost template`` and ``xlcost addin``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SETTINGS = dict(no_args_is_help=True, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})
template = typer.Typer(help="Workbooks with the functions in them.", **SETTINGS)
addin = typer.Typer(help="The functions in every workbook of Excel or LibreOffice.", **SETTINGS)

InLibreOffice = Annotated[bool, typer.Option("--libreoffice", help="LibreOffice Calc instead of Excel.")]


@template.command("copy")
def copy_template(
    name: Annotated[str, typer.Argument(help="xlcost (Excel on Windows) or xlcost-lambda (Excel 365, no Python).")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Write your own copy of a template."""
    from .templates import copy

    typer.echo(str(copy(name, output, force)))


@template.command("experts")
def experts(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="A .xlsx or .csv file.")] = Path(
        "experts.xlsx"
    ),
    staff: Annotated[
        Path | None, typer.Option(help="Who works on which run (.csv or .xlsx): asks about each role.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the questionnaire, such as ja.")] = "en",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Write a questionnaire for experts, to be handed out and read by --experts."""
    from ..staffing import read_role_columns
    from ..workbook.questionnaire import write_questionnaire

    write_questionnaire(output, read_role_columns(staff) if staff is not None else None, force, language)
    typer.echo(str(output))


@template.command("settings")
def settings(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")] = Path(
        "budget.toml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Write a file of all settings of a budget, to be changed and read by --settings."""
    from ..budget.settings_file import write_settings

    write_settings(output, force)
    typer.echo(str(output))


@template.command("build")
def build_templates(
    folder: Annotated[Path, typer.Option("--folder", help="Where they are written.")] = Path("templates"),
):
    """Write all templates anew, for those who work on xlcost."""
    from .templates import build

    for path in build(folder):
        typer.echo(str(path))


@addin.command()
def install(libreoffice: InLibreOffice = False):
    """Install the functions for the current user."""
    typer.echo(_home(libreoffice).install())


@addin.command()
def status(libreoffice: InLibreOffice = False):
    """Say whether they are installed, and where."""
    typer.echo(_home(libreoffice).status())


@addin.command()
def uninstall(libreoffice: InLibreOffice = False):
    """Take them out again."""
    typer.echo(_home(libreoffice).uninstall())


def _home(libreoffice):
    if libreoffice:
        from . import libreoffice as home
    else:
        from . import windows_addin as home
    return home
