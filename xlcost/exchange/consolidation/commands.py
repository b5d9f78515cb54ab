"""The command that makes one budget of many files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...errors import XlcostError
from ...terminal import Progress, say, warn

OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
"""Files that stand in folders by themselves."""
HEADQUARTERS = "Headquarters"


def consolidate(
    files: Annotated[list[Path], typer.Argument(help="Files of departments, folders of them, or patterns.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The company's workbook to write.")],
    departments: Annotated[Path | None, typer.Option(help="Departments that should send: a name a line.")] = None,
    adjustments: Annotated[
        list[Path] | None, typer.Option(help="Rows of headquarters, in a table as Other costs is.")
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="The price list that counts for all; the newest by default.")
    ] = None,
    prices: Annotated[Path | None, typer.Option(help="Your own price book, which is asked first.")] = None,
    settings: Annotated[Path | None, typer.Option(help="A TOML file with fiscal years, currency, rates …")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the workbook: en or ja.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
):
    """Bring the files of departments together into one budget, every row accounted for."""
    from ... import catalog as catalogs
    from ...budget.settings import settings_from
    from ...languages import language_of
    from ...workbook.budget import write_budget
    from .company import consolidated
    from .reading import read_submissions
    from .submission import read_adjustments

    if output.suffix.lower() != ".xlsx":
        raise XlcostError(f"{output}: the name of a workbook must end in .xlsx")
    own = [output, departments, prices, settings, *(adjustments or ())]
    paths = [path for path in _found(files) if not any(path.samefile(each) for each in own if each and each.exists())]
    if not paths:
        raise XlcostError(f"there is no file of a department in {', '.join(map(str, files))}")
    names = _names([*paths, *(adjustments or ())])
    with Progress("Reading the files") as advance:
        sent = read_submissions([(path, names[path]) for path in paths], advance)
    decided = settings_from(settings)
    headquarters = language_of(language or decided.language).text(HEADQUARTERS)
    company = consolidated(
        sent,
        catalogs.load(edition, prices),
        decided.rates,
        expected=_listed(departments),
        adjustments=[read_adjustments(path, names[path], headquarters) for path in adjustments or ()],
    )
    if not len(company.runs()):
        raise XlcostError("; ".join(["no file has a run that can be used", *_unread(company)]))
    said = []
    with Progress("Writing the workbook") as advance:
        write_budget(
            output,
            company.runs(),
            edition=edition,
            tables=company.beside(prices),
            settings=decided,
            language=language,
            replace=force,
            progress=advance,
            company=company,
            tell=said.append,
        )
    _tell(company)
    for sentence in said:
        warn(sentence)
    say(output)


def _found(files):
    """Files, all of those in folders, and those of patterns that the shell has not resolved; each once.

    A file in a folder that is no table, such as an old .xls workbook, may be all that a department has sent.
    """
    found = {}
    for file in files:
        paths = [file] if file.exists() else _of_pattern(file)
        for path in paths:
            within = sorted(path.rglob("*")) if path.is_dir() else [path]
            found |= {each.resolve(): each for each in within if each.is_file() and not _is_of_a_program(each, path)}
    return list(found.values())


def _of_pattern(file):
    root = Path(file.anchor)
    paths = list(root.glob(str(file.relative_to(root)))) if any(sign in str(file) for sign in "*?[") else []
    if not paths:
        raise XlcostError(f"{file}: there is no such file")
    return paths


def _is_of_a_program(path, given):
    """Whether nobody has put it there: what a spreadsheet program keeps beside an open workbook, hidden files."""
    parts = path.relative_to(given).parts or (path.name,)
    return path.name.lower() in OF_THE_SYSTEM or any(part.startswith(("~$", ".")) for part in parts)


def _names(paths):
    """What files are called: by their names, and as much of their folders as tells them apart."""
    parts = {path: path.resolve().parts for path in paths}
    for depth in range(1, max(map(len, parts.values())) + 1):
        names = {path: "/".join(each[-depth:]) for path, each in parts.items()}
        if len(set(names.values())) == len(set(parts.values())):
            break
    return names


def _listed(path):
    """Names of departments, one a line of a text file."""
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise XlcostError(f"{path}: not a text file in UTF-8; save the names as text, one a line") from None
    return list(dict.fromkeys(filter(None, map(str.strip, lines))))


def _unread(company):
    return [f"{name}: {reason}" for name, reason in company.reason.items()]


def _tell(company):
    """What was read, and what needs somebody's eye."""
    from ...comparison import fold

    taken = sum(not row.reason for row in company.received)
    files = len(company.submissions)
    warn(f"{files} files, {len(company.received)} rows read, {taken} taken, {len(company.received) - taken} not taken")
    for line in [*_unread(company), *company.overlaps]:
        warn(line)
    have_sent = {fold(sent.department) for sent in company.submissions}
    for name in company.expected:
        if fold(name) not in have_sent:
            warn(f"{name} has not sent a file")
