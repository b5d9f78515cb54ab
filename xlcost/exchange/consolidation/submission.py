"""One department's file: what it says of itself, its tables as they stand in it, and why it cannot be used."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from ...errors import XlcostError
from ...guard.package import opened
from ...guard.refused import Refused
from ...languages import spellings
from ...overview import NAME as OVERVIEW
from ...overview import read_overview
from ...runs import NAME as RUNS_SHEET
from ...xlsx_input import read_ahead
from .comments import comments_of
from .kinds import KINDS, OTHERS, RUNS

PROPERTIES = "docProps/core.xml"
LONG_AGO = datetime.datetime(1, 1, 1)


@dataclass(eq=False)
class Submission:
    """A file that was sent.

    Attributes
    ----------
    path : Path
    name : str
        What it is called in the company's workbook.
    digest : str
        Of its bytes: files with the same one are the same.
    department, contact, edition, version, language : str
        As it says of itself; "" where it does not.
    saved : datetime.datetime
        When it was last saved in universal time, as it says, else as its folder says.
    cells : dict of str to pandas.DataFrame
        Its tables as they stand in it, by the sheet's name.
    problems : list of str
        Why it, or one of its tables, cannot be read.
    remarks : list of str
        What was noticed and does no harm.
    comments : list of Comment
    """

    path: Path
    name: str
    digest: str = ""
    department: str = ""
    contact: str = ""
    edition: str = ""
    version: str = ""
    language: str = ""
    saved: datetime.datetime = LONG_AGO
    cells: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    comments: list = field(default_factory=list)

    @property
    def rows(self):
        """Number of rows read."""
        return sum(map(len, self.cells.values()))

    @property
    def order(self):
        """By department, then by when it was saved; files that say the same are told apart by their bytes."""
        return self.department.casefold(), self.saved, self.name, self.digest


def read_submission(path, name):
    """Read a file that was sent; what is wrong with it is said in its `problems`, and never stops the others.

    Parameters
    ----------
    path : Path
    name : str
        What to call it.

    Returns
    -------
    Submission
    """
    found = Submission(path, name)
    try:
        with path.open("rb") as file:
            found.digest = hashlib.file_digest(file, "sha256").hexdigest()
        found.saved = _universal(datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC))
        if path.suffix.lower() == ".xlsx":
            _read_workbook(found)
        else:
            _take(found, RUNS)
    except XlcostError as error:
        found.problems.append(_about(error, path))
    except OSError as error:
        found.problems.append(f"cannot be read ({error.strerror})")
    if not found.department and found.cells:
        found.department = _only_department(found) or path.stem
        found.remarks.append(f"the file names no department; {found.department} is taken")
    return found


def read_adjustments(path, name):
    """Rows of headquarters: a table as Other costs is."""
    found = Submission(path, name, department="Headquarters")
    with path.open("rb") as file:
        found.digest = hashlib.file_digest(file, "sha256").hexdigest()
    _take(found, OTHERS)
    return found


def _read_workbook(found):
    path = found.path
    sheets = {name for name, _ in opened(path).sheets}
    if sheets.isdisjoint(spellings(RUNS_SHEET)):
        raise XlcostError(f"there is no sheet {RUNS_SHEET!r} in it")
    read_ahead(path, [OVERVIEW, *(kind.sheet for kind in KINDS)])
    for name, text in read_overview(path).items():
        setattr(found, name, text)
    found.saved = _saved(opened(path)) or found.saved
    for kind in KINDS:
        if not sheets.isdisjoint(spellings(kind.sheet)):
            try:
                _take(found, kind)
            except XlcostError as error:
                found.problems.append(_about(error, path))
    found.comments = comments_of(path)


def _take(found, kind):
    """Take a table with the kind's columns; others are of the department's own making."""
    beside = []
    cells = kind.cells(found.path, beside)
    others = [name for name in cells if name not in kind.columns]
    filled = [name for name in others if cells[name].notna().any()]
    filled += [f"column {get_column_letter(place + 1)}" for place in beside]
    if filled:
        found.remarks.append(f"{kind.sheet}: columns of your own are left out: {', '.join(filled)}")
    found.cells[kind.sheet] = cells.drop(columns=others) if others else cells


def _only_department(found):
    cells = found.cells.get(RUNS.sheet)
    names = set() if cells is None or "department" not in cells else set(cells["department"].dropna().astype(str))
    return names.pop() if len(names) == 1 else ""


def _saved(package):
    """When the workbook was last saved, in universal time; None where it does not say."""
    try:
        moment = datetime.datetime.fromisoformat(package.tree(PROPERTIES).findtext("{*}modified", "").strip())
    except (Refused, ValueError):
        return None
    return _universal(moment)


def _universal(moment):
    moment = moment if moment.tzinfo is None else moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0)


def _about(error, path):
    """What an error says of a file that is named beside it."""
    return "; ".join(line.removeprefix(f"{path}: ") for line in str(error).split("\n"))
