"""Training runs that people hand in: read, checked whole, and made ready to compute with."""

from __future__ import annotations

import numpy as np

from . import tables
from .catalog.vendors import SOURCINGS
from .columns import CHOICES, LIMITS, RUN_COLUMNS, labels_of
from .comparison import fold
from .errors import InputError
from .guard import limits
from .headings import missing_column
from .lookup import Coded
from .overview import PREVIEW, with_department
from .sentences import Sentence

NAME = "Runs"
"""The sheet of a workbook that holds them."""
REQUIRED = {"run", "chip"}
DATES = ("start", "published", "acquired")
LABELS = labels_of(RUN_COLUMNS)
"""What the columns are called on a sheet, in lower case."""
COMPUTED = frozenset(labels_of({column.name: column for column in PREVIEW}))
"""What the columns that a sheet computes are called."""


def read_runs(path, beside=None):
    """Runs of a .csv or .xlsx file, as they stand in it; columns may be called by their names or their labels.

    In a department's workbook a run that names no department is of the one on Overview. `beside` is that of
    `xlcost.tables.read`.
    """
    frame = tables.read(path, NAME, REQUIRED, LABELS, COMPUTED, beside)
    if "department" in frame:
        frame["department"] = with_department(frame["department"].to_numpy(), path)
    return frame


def check_runs(frame, catalog, source=None):
    """Runs as the model computes with them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of `RUN_COLUMNS`, any of them but `run` and `chip` left out; its index names the rows.
    catalog : Catalog
    source : str, optional
        The file, for the sentences.

    Returns
    -------
    runs : dict of str to column
        All columns of `RUN_COLUMNS`: text ("" where empty; `Coded`, but for the names of the runs), numbers (NaN where
        empty), dates as serial numbers; chips and vendors by the catalog's names.
    chip_notes : Coded
        Where a family's name was taken for its default variant.

    Raises
    ------
    InputError
        A sentence for every column and cell that cannot be used.
    """
    frame = frame.rename(columns=lambda name: LABELS.get(str(name).casefold(), str(name)))
    unknown = [name for name in frame if name not in RUN_COLUMNS]
    problems = [missing_column(name) for name in sorted(REQUIRED - set(frame))]
    problems += [f"column {name!r} is not known; allowed are {', '.join(RUN_COLUMNS)}" for name in unknown]
    if not problems and not len(frame):
        problems = ["there are no runs in it"]
    if problems:
        raise InputError(problems, source)

    problems, columns = tables.Problems(frame.index, RUN_COLUMNS), {}
    spellings = {"sourcing": {name: name for name in SOURCINGS}, "vendor": catalog.vendor_spellings}
    spellings |= {name: {choice: choice for choice in choices} for name, choices in CHOICES.items()}
    for name in RUN_COLUMNS:
        if name not in frame:
            is_number = name in LIMITS or name in DATES
            columns[name] = (
                np.full(len(frame), np.nan)
                if is_number
                else Coded(np.zeros(len(frame), dtype=np.intp), np.array([""], dtype=object))
            )
        elif name == "run":
            columns[name] = tables.names(frame[name], name, problems)
        elif name in LIMITS:
            columns[name] = tables.numbers(frame[name], name, problems, **LIMITS[name])
        elif name in DATES:
            columns[name] = tables.dates(frame[name], name, problems)
        else:
            columns[name] = tables.texts(frame[name], name, problems, spellings.get(name))
    _check_names(columns["run"], problems)
    columns["chip"], chip_notes = _resolved_chips(columns["chip"], catalog.names, problems)
    given = {
        name: frame[name].notna().to_numpy() if name in frame else np.zeros(len(frame), dtype=bool) for name in LIMITS
    }
    problems.add(
        ~(given["chip_hours"] | given["training_flop"] | (given["chips"] & given["hours"])),
        Sentence("the amount of compute"),
        np.full(len(frame), None),
        "give chip_hours, or chips and hours, or training_flop",
    )
    problems.raise_if_any(source)
    return columns, chip_notes


def _check_names(names, problems):
    problems.add(names == "", "run", names, "every run needs a name")
    folded = fold("\n".join(names.tolist())).split("\n")
    if len(folded) != len(names):
        folded = list(map(fold, names.tolist()))
    # Names with different hashes are different, and numbers are sorted faster than names are compared.
    hashes = np.sort(np.fromiter(map(hash, folded), dtype=np.int64, count=len(folded)))
    if (hashes[1:] != hashes[:-1]).all():
        return
    first = {}
    for row, name in enumerate(folded):
        earlier = first.setdefault(name, row)
        if earlier != row and name:
            problems.say(
                row,
                "run {name} is named already in row {row}; each run needs a name of its own",
                name=repr(names[row]),
                row=problems.index[earlier],
            )


def _resolved_chips(chips, names, problems):
    """The catalog's names, and a note where the family's default was taken."""
    found, notes, wrong = [], [], {}
    for number, text in enumerate(chips.texts):
        try:
            name, note = names.find(text, len(wrong) < limits.SENTENCES) if text else ("", "")
            if not text:
                wrong[number] = Sentence("chip is empty; every run needs one")
        except LookupError as error:
            name, note, wrong[number] = "", "", Sentence("chip: {problem}", problem=error.args[0])
        found.append(name)
        notes.append(note)
    for row in np.flatnonzero(np.isin(chips.codes, list(wrong))) if wrong else ():
        problems.append((row, wrong[chips.codes[row]]))
    return Coded(chips.codes, np.array(found, dtype=object)), Coded(chips.codes, np.array(notes, dtype=object))
