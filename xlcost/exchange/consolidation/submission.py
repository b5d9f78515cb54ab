"""One department's file: what it says of itself, its tables as they stand in it, and why it cannot be used."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from ...budget.settings_sheets import edition_of_workbook, has_settings, settings_of_workbook
from ...catalog import edition_names, load
from ...errors import XlcostError
from ...guard import limits
from ...guard.package import opened
from ...guard.refused import Refused
from ...overview import NAME as OVERVIEW
from ...overview import TEMPLATE_VERSION, read_overview
from ...runs import NAME as RUNS_SHEET
from ...sentences import Sentence, SheetName, listed
from ...tables import Held
from ...xlsx_input import has_sheet, read_ahead
from .as_sent import COSTS, stored_costs
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
    settings : dict
        Those on its sheets, where it is a budget.
    stored_costs : dict of int to float
        What it says itself that its runs cost, by row, where it is a budget.
    prices : xlcost.tables.Held or None
        A price book of its own, where it is a budget that has one.
    problems : list of Sentence
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
    settings: dict = field(default_factory=dict)
    stored_costs: dict = field(default_factory=dict)
    prices: Held | None = None
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
        found.digest = _digest(path)
        found.saved = _universal(datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC))
        if path.suffix.lower() == ".xlsx":
            _read_workbook(found)
        else:
            _take(found, RUNS)
    except XlcostError as error:
        found.problems += error.sentences
    except OSError as error:
        found.problems.append(Sentence("cannot be read ({why})", why=error.strerror))
    if not found.department and found.cells:
        found.department = _only_department(found) or path.stem
        about = dict(department=found.department)
        found.remarks.append(Sentence("the file names no department; {department} is taken", **about))
    return found


def read_adjustments(path, name, department):
    """Rows of headquarters: a table as Other costs is; `department` is theirs, where a row names none."""
    found = Submission(path, name, department=department)
    found.digest = _digest(path)
    _take(found, OTHERS)
    return found


def _digest(path):
    """Of a file's bytes, piece by piece; hashlib.file_digest takes twice as long."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(limits.PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _read_workbook(found):
    path = found.path
    package = opened(path)
    if not has_sheet(path, RUNS_SHEET):
        raise XlcostError(Sentence("there is no sheet {name} in it", name=SheetName(RUNS_SHEET)))
    read_ahead(path, [OVERVIEW, *(kind.sheet for kind in KINDS)])
    for name, text in read_overview(path).items():
        setattr(found, name, text)
    if found.version not in ("", TEMPLATE_VERSION):
        about = dict(version=found.version, ours=TEMPLATE_VERSION)
        found.remarks.append(Sentence("template version {version}, not {ours}: known headings are read", **about))
    found.saved = _saved(package) or found.saved
    for kind in KINDS:
        if has_sheet(path, kind.sheet):
            try:
                _take(found, kind)
            except XlcostError as error:
                found.problems += error.sentences
    found.comments = comments_of(path)
    found.edition = found.edition or edition_of_workbook(path)
    if has_settings(path):
        found.settings = settings_of_workbook(path)
        _take_prices(found)


def _take_prices(found):
    """Take what a budget's own sheets say of prices, and of what its runs cost at them."""
    path = found.path
    if has_sheet(path, COSTS):
        found.stored_costs = stored_costs(path)
    if found.edition in edition_names():
        from ..own_prices import own_prices_of_workbook

        found.prices = own_prices_of_workbook(path, found.edition)
        try:
            if found.prices is not None:
                load(found.edition, found.prices)
        except XlcostError:
            found.prices = None
            found.remarks.append(
                Sentence(
                    "prices of its own cannot be used, as xlcost check says; as sent, it costs what its price list says"
                )
            )


def _take(found, kind):
    """Take a table with the kind's columns; others are of the department's own making."""
    beside = []
    cells = kind.cells(found.path, beside)
    others = [name for name in cells if name not in kind.columns]
    filled = [name for name in others if cells[name].notna().any()]
    filled += [Sentence("column {letter}", letter=get_column_letter(place + 1)) for place in beside]
    if filled:
        about = dict(table=SheetName(kind.sheet), names=listed(filled))
        found.remarks.append(Sentence("{table}: columns of your own are left out: {names}", **about))
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
