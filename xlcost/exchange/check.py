"""Whether a workbook is as we wrote it, whoever has filled it and whatever program has saved it.

A workbook is a function of its inputs, its price list and its language. So the inputs of a file are read, the workbook
that has them is built anew in memory, and every formula and stored value of the file is compared with that. The file
itself is never changed.
"""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from .. import catalog as catalogs
from ..comparison import fold
from ..errors import XlcostError
from ..languages import language_codes, language_of, spellings
from ..overview import LABELS
from ..overview import NAME as OVERVIEW
from ..reading import text_of
from .comparison import Comparison
from .findings import Finding, shown
from .layout import layout_of, matched, texts_written, title_of
from .package import read_package
from .renamed import under_names

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
    source = _sources()[kind]
    names = {key: language.text(key) for key in source.SHEETS}
    known = matched(names, sheets)
    first = [known[key] for key in (OVERVIEW, COVER) if key in known]
    whose = _labelled(first or sheets, LABELS)
    edition, findings = _edition(whose)
    department = whose["department"].text if kind == DEPARTMENT and "department" in whose else ""
    report = Report(str(path), kind, department, edition, language.code, findings)
    said, ours = whose.get(source.VERSION_LABEL), source.VERSION
    findings += _version(said, ours, (first or sheets)[0].name)
    if kind == DEPARTMENT:
        findings += _language(whose, language)
    if edition not in catalogs.edition_names():
        front = OVERVIEW if kind == DEPARTMENT else COVER
        if front not in known and not edition:
            findings.insert(0, Finding("missing", names[front], "", "", ""))
        return report
    # What another version had written is not known: of such a workbook only inputs are checked.
    is_ours = said is None or said.text == ours
    findings += _compared(path, source, edition, language, names, known, sheets, is_ours)
    return report


def _sources():
    """What each kind of workbook is made of."""
    from .of_budget import BudgetSource
    from .of_department import DepartmentSource

    return {DEPARTMENT: DepartmentSource, BUDGET: BudgetSource}


def _compared(path, source_of, edition, language, names, known, sheets, is_ours):
    """What is wrong with inputs and, where it is known what was written, with formulas and values."""
    layouts = {}
    # Where something has moved, or a sheet is called otherwise, that is seen by the workbook that is expected; its
    # inputs are then read anew, from where they are.
    for _ in range(2):
        with under_names(path, {sheet.name: names[key] for key, sheet in known.items()}) as named:
            source = source_of(named, edition, language, known, layouts)
        book = source.book()
        written = {sheet.key: sheet for sheet in book.sheets}
        texts = {key: set(texts_written(sheet).values()) for key, sheet in written.items()}
        found = matched({key: names[key] for key in written}, sheets, texts)
        seen = {key: layout_of(written[key], sheet) for key, sheet in found.items()}
        is_known = found == known and all(
            layouts[key].is_same(layout) if key in layouts else layout.is_identity for key, layout in seen.items()
        )
        known, layouts = found, seen
        if is_known:
            break
    inputs = source.inputs(book, layouts)
    if not is_ours:
        return inputs.findings
    missing = [Finding("missing", names[key], "", "", "") for key in written if key not in known]
    compared = Comparison(book, known, layouts, [*source.given.odd, *inputs.cells])
    return [*missing, *inputs.findings, *compared.findings()]


# --- what kind of workbook it is, and whose


def _kind_of(sheets, path):
    """The kind of workbook and its language: those to which most of its sheets belong, by their names, else labels."""
    sources, found = _sources(), Counter()
    names = {name for sheet in sheets for name in (sheet.name, title_of(sheet))}
    for code in language_codes():
        language = language_of(code)
        every = {kind: {language.text(key) for key in source.SHEETS} for kind, source in sources.items()}
        of_any = names & set.union(*every.values())
        for kind, of_kind in every.items():
            # A budget has most sheets of a department's workbook too: what is no sheet of a kind speaks against it.
            found[kind, code] = len(names & of_kind) / len(of_kind | of_any)
    whose = _labelled(sheets, LABELS)
    is_department = "version" in whose and len(whose) > 1
    if is_department:
        return DEPARTMENT, _spoken(whose)
    (best, share), *_ = found.most_common(1)
    if share < 0.2:
        raise XlcostError(f"{path}: neither a department's workbook nor a budget that xlcost writes")
    kind, code = best
    return kind, language_of(code)


def _spoken(whose):
    """The language of labels; of two that spell them alike, the one that is said."""
    said = whose["language"].text if "language" in whose else ""

    def agrees(code):
        texts = {name: fold(language_of(code).text(label)) for name, label in LABELS.items()}
        return sum(fold(each.label) == texts[name] for name, each in whose.items()), code == said

    return language_of(max(language_codes(), key=agrees))


@dataclass(frozen=True)
class Labelled:
    """A cell beside its label: sheet, address of the value, its text, and how the label is spelled."""

    sheet: str
    cell: str
    text: str
    label: str


def _places(sheet, labels):
    """Rows of labels, in any language, by their names, and the column in which most of them stand."""
    wanted = {fold(text): name for name, label in labels.items() for text in spellings(label)}
    best, at = {}, 0
    for column in sorted(sheet.columns):
        cells, found = sheet.columns[column], {}
        for row, value, formula in zip(cells.rows[:LABELS_WITHIN], cells.values, cells.formulas):
            name = wanted.get(fold(value)) if formula is None and isinstance(value, str) else None
            if name is not None:
                found.setdefault(name, row)
        if len(found) > len(best):
            best, at = found, column
    return best, at


def _labelled(sheets, labels):
    """The cells beside labels, by name, on the first sheet that has most of them."""
    placed = [(*_places(sheet, labels), sheet) for sheet in sheets]
    places, column, sheet = max(placed, key=lambda each: len(each[0]))
    beside = Counter(
        next((other for other in sorted(sheet.columns) if other > column and sheet.value(row, other)), column + 1)
        for row in places.values()
    )
    if not places:
        return {}
    # An empty cell is empty, whatever stands to the right of it.
    ((at, _),) = beside.most_common(1)
    found = {}
    for name, row in places.items():
        value = sheet.value(row, at)
        text = "" if value is None else text_of(value)
        found[name] = Labelled(sheet.name, f"{get_column_letter(at)}{row}", text, sheet.value(row, column))
    return found


def _edition(whose):
    """The price list's version, and what is wrong with it."""
    said, known = whose.get("edition"), f"one of {', '.join(catalogs.edition_names())}"
    if said is None:
        return "", [Finding("edition", "", "", "nothing", known)]
    if said.text not in catalogs.edition_names():
        return said.text, [Finding("edition", said.sheet, said.cell, shown(said.text), known)]
    return said.text, []


def _version(said, ours, sheet):
    expected = f"{shown(ours)} (of others only inputs are checked)"
    if said is None:
        return [Finding("version", sheet, "", "nothing", expected)]
    if said.text == ours:
        return []
    return [Finding("version", said.sheet, said.cell, shown(said.text), expected)]


def _language(whose, language):
    said = whose.get("language")
    if said is not None and said.text != language.code:
        yield Finding("text", said.sheet, said.cell, shown(said.text), shown(language.code))


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
    text = json.dumps({"files": files}, ensure_ascii=False, indent=2)
    # Half of a pair of code units is no character that could be written.
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
