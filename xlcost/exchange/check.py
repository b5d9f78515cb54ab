"""Whether a workbook is as we wrote it, whoever has filled it and whatever program has saved it.

A workbook is a function of its inputs, its price list and its language. So the inputs of a file are read, the workbook
that has them is built anew in memory, and every formula and stored value of the file is compared with that. The file
itself is never changed.
"""

from __future__ import annotations

import gc
import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from .. import catalog as catalogs
from ..comparison import fold
from ..errors import XlcostError
from ..languages import language_codes, language_of, spellings
from ..overview import LABELS, TEMPLATE_VERSION
from ..overview import NAME as OVERVIEW
from ..reading import text_of
from .comparison import Comparison
from .findings import Finding, shown
from .given import Given
from .layout import Layout, layout_of, matched, texts_written
from .package import read_package

COVER = "Cover"
DEPARTMENT, BUDGET = "department", "budget"
"""Kinds of workbooks that can be checked."""
LABELS_WITHIN = 200
"""Cells of a column, from the top, among which labels are looked for."""


@dataclass(frozen=True)
class Report:
    """What a check says of a file.

    `kind` is `DEPARTMENT` or `BUDGET`; `department` its name on Overview, "" where there is none; `findings` is empty
    where everything is as it was written.
    """

    file: str
    kind: str
    department: str
    edition: str
    language: str
    findings: list = field(default_factory=list)

    def as_dict(self):
        return {**vars(self), "findings": [finding.as_dict() for finding in self.findings]}


def check(path):
    """Check a workbook.

    Parameters
    ----------
    path : path-like
        A department's workbook, or a budget.

    Returns
    -------
    Report

    Raises
    ------
    XlcostError
        The file cannot be read, or is no workbook of these kinds.
    """
    with _without_collection():
        return _checked(path)


@contextmanager
def _without_collection():
    """Millions of cells are kept, among which there are no circles: looking for them would take half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _checked(path):
    sheets = read_package(path)
    kind, language = _kind_of(sheets, path)
    maker = _makers()[kind]
    names = {key: language.text(key) for key in maker.SHEETS}
    # A sheet that is called otherwise may have its name for a title.
    known = matched(names, sheets, lambda key: [names[key]])
    first = [known[key] for key in (OVERVIEW, COVER) if key in known]
    whose = _labelled(first or sheets, LABELS)
    edition, findings = _edition(whose)
    department = whose["department"].text if kind == DEPARTMENT and "department" in whose else ""
    report = Report(str(path), kind, department, edition, language.code, findings)
    if kind == DEPARTMENT:
        findings += _version(whose, sheets)
    if edition not in catalogs.edition_names():
        front = OVERVIEW if kind == DEPARTMENT else COVER
        if front not in known and not edition:
            findings.insert(0, Finding("missing", names[front], "", "", ""))
        return report
    findings += _compared(path, maker, edition, language, names, known, sheets)
    return report


def _makers():
    """What knows each kind of workbook."""
    from . import of_budget, of_department

    return {DEPARTMENT: of_department, BUDGET: of_budget}


def _compared(path, maker, edition, language, names, known, sheets):
    """What is wrong with formulas, values and inputs."""
    facts = catalogs.load(edition)
    source = maker.Source(path, facts, language)
    layouts = {}
    # Where something has moved, or a sheet is called otherwise, that is seen by the workbook that is expected; its
    # inputs are then read anew, from where they are.
    for _ in range(2):
        given = Given(known, layouts, maker.rows_of(known))
        book = source.book(given)
        written = {sheet.key: sheet for sheet in book.sheets}
        found = matched(names, sheets, lambda key, written=written: texts_written(written[key]).values())
        seen = {key: layout_of(written[key], sheet) for key, sheet in found.items()}
        is_known = found == known and all(
            layouts[key].is_same(layout) if key in layouts else layout.is_identity for key, layout in seen.items()
        )
        known, layouts = found, seen
        if is_known:
            break
    missing = [Finding("missing", name, "", "", "") for key, name in names.items() if key not in known]
    inputs = source.inputs(book, given, layouts)
    passed_over = source.not_compared(known)
    layouts |= dict.fromkeys(passed_over, Layout([], []))
    compared = Comparison(book, known, layouts, [*given.odd, *inputs.cells], passed_over)
    return [*missing, *inputs.findings, *compared.findings()]


# --- what kind of workbook it is, and whose


def _kind_of(sheets, path):
    """The kind of workbook and its language: those to which most of its sheets belong, by their names, else labels."""
    found, names = Counter(), {sheet.name for sheet in sheets}
    for kind, maker in _makers().items():
        for code in language_codes():
            language = language_of(code)
            hits = len(names & {language.text(key) for key in maker.SHEETS})
            # Of the sheets that both kinds have none says which it is; those of a department are fewer.
            found[kind, code] = hits / len(maker.SHEETS)
    whose = _labelled(sheets, LABELS)
    is_department = "version" in whose
    if is_department:
        found = Counter({key: share for key, share in found.items() if key[0] == DEPARTMENT})
        if "language" in whose and whose["language"].text in language_codes():
            return DEPARTMENT, language_of(whose["language"].text)
    (best, share), *_ = found.most_common(1)
    if share < 0.2 and not is_department:
        raise XlcostError(f"{path}: neither a department's workbook nor a budget that xlcost writes")
    kind, code = best
    return kind, language_of(code)


@dataclass(frozen=True)
class Labelled:
    """A cell beside its label: sheet, address of the value, and its text."""

    sheet: str
    cell: str
    text: str


def _places(sheet, labels):
    """Rows and columns of labels, in any language, by their names."""
    wanted = {fold(text): name for name, label in labels.items() for text in spellings(label)}
    found = {}
    for column in sorted(sheet.columns):
        cells = sheet.columns[column]
        for row, value, formula in zip(cells.rows[:LABELS_WITHIN], cells.values, cells.formulas):
            name = wanted.get(fold(value)) if formula is None and isinstance(value, str) else None
            if name is not None:
                found.setdefault(name, (row, column))
    return found


def _labelled(sheets, labels):
    """The cells beside labels, by name, on the first sheet that has most of them."""
    places, sheet = max(((_places(sheet, labels), sheet) for sheet in sheets), key=lambda each: len(each[0]))
    beside = Counter(
        next((other for other in sorted(sheet.columns) if other > column and sheet.value(row, other)), column + 1)
        for row, column in places.values()
    )
    if not places:
        return {}
    # An empty cell is empty, whatever stands to the right of it.
    ((at, _),) = beside.most_common(1)
    found = {}
    for name, (row, _) in places.items():
        value = sheet.value(row, at)
        text = "" if value is None else text_of(value)
        found[name] = Labelled(sheet.name, f"{get_column_letter(at)}{row}", text)
    return found


def _edition(whose):
    """The price list's version, and what is wrong with it."""
    said, known = whose.get("edition"), f"one of {', '.join(catalogs.edition_names())}"
    if said is None:
        return "", [Finding("edition", "", "", "nothing", known)]
    if said.text not in catalogs.edition_names():
        return said.text, [Finding("edition", said.sheet, said.cell, shown(said.text), known)]
    return said.text, []


def _version(whose, sheets):
    said = whose.get("version")
    expected = str(TEMPLATE_VERSION)
    if said is None:
        return [Finding("version", sheets[0].name, "", "nothing", expected)]
    return [] if said.text == expected else [Finding("version", said.sheet, said.cell, shown(said.text), expected)]


def as_json(reports, unreadable):
    """Reports as JSON text, the same for the same files.

    Parameters
    ----------
    reports : list of Report
    unreadable : dict of str to str
        Files that could not be read, and why.
    """
    files = [report.as_dict() for report in reports]
    files += [{"file": file, "error": sentence} for file, sentence in unreadable.items()]
    return json.dumps({"files": files}, ensure_ascii=False, indent=2)
