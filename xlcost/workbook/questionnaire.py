"""A questionnaire for experts: what is asked, what is usual, and room for a low and a high end."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np

from ..equations.parameters import ENERGY_PRICE_FACTOR, PROJECT_ASSUMPTIONS
from ..errors import XlcostError
from ..exchange.csv_file import write_csv
from ..experts import MEANINGS, NAME, OF_PROJECT, OF_ROLE
from ..files import replacing
from ..languages import ENGLISH, Language, language_of
from ..project_columns import ANSWER_COLUMNS, QUESTION_COLUMNS, ROLE_COLUMNS
from .book import Book
from .style import heading_style

HEADING, FIRST = 8, 9
WIDTHS = {"run": 24, "role": 26, "question": 22, "meaning": 64, "unit": 22, "expert": 22, "comment": 44}
ORDER = ("run", "role", "question", "meaning", "unit", "usual_low", "usual_high", *("expert", "low", "high"))
HOW = (
    "Who answers writes a name beside every figure that he or she knows something about, and leaves the others empty.",
    "Low and high: the ends between which the figure is in nine of ten cases; it may lie outside once in ten times.",
    "An empty run or role means all of them. The usual ends are the paper's; they are no answer.",
)
WRITTEN = datetime.date(2024, 5, 31)
"""The paper's day: a questionnaire belongs to no edition, and the same one has the same bytes."""


def questions_of(people=None, language=None):
    """What is asked: of the project once; of people once, or for each run and role.

    Parameters
    ----------
    people : dict of str to array, optional
        As `xlcost.staffing.read_role_columns` gives them.
    language : Language, optional
        English by default.

    Returns
    -------
    pandas.DataFrame
        Texts and numbers by column, as `ORDER` has them first and the rest of an answer after them.
    """
    import pandas as pd

    text = (language or Language()).text
    asked = [("", "", question) for question in OF_PROJECT]
    roles = [("", "")]
    if people is not None:
        employed = ~np.isnan(people["people"])
        roles = list(dict.fromkeys(zip(people["run"][employed], people["role"][employed])))
    # Pay is the same question for all roles; how much time they give is not.
    asked += [("", "", question) for question in OF_ROLE if question not in ("fte", "years")]
    asked += [(run, role, question) for run, role in roles for question in ("fte", "years")]
    usual = {**PROJECT_ASSUMPTIONS, "energy_price_factor": ENERGY_PRICE_FACTOR}
    rows = []
    for run, role, question in asked:
        known = usual.get(question)
        unit = known.unit if known is not None else ROLE_COLUMNS[f"{question}_low"].unit
        ends = (known.low, known.high) if known is not None else (np.nan, np.nan)
        rows.append((run, role, question, text(MEANINGS[question]), text(unit), *ends))
    table = pd.DataFrame(rows, columns=ORDER[: len(rows[0])])
    for name in (name for name in (*ORDER, *ANSWER_COLUMNS) if name not in table):
        table[name] = np.nan if ANSWER_COLUMNS[name].format in ("figure", "date") else ""
    return table


def write_questionnaire(path, people=None, replace=False, language=ENGLISH):
    """Write a questionnaire, a .csv or .xlsx file that `xlcost.experts.read_experts` reads when it is filled in.

    Parameters
    ----------
    path : path-like
    people : dict of str to array, optional
        Who is asked about; see `questions_of`.
    replace : bool, default False
        Whether an existing file may be replaced.
    language : str, default "en"
        One of `xlcost.languages.language_codes`.

    Raises
    ------
    XlcostError
        The file is neither, exists and is not to be replaced, or cannot be written; or there is no such language.
    """
    spoken = language_of(language)
    path, table = Path(path), questions_of(people, spoken)
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise XlcostError(f"{path}: a questionnaire must be called .csv or .xlsx")
    if kind == ".csv":
        with replacing(path, replace) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
            write_csv(table, file)
        return
    book = Book("Questions to experts", WRITTEN, spoken)
    _fill(book.sheet(NAME), table)
    book.save(path, replace)


def _fill(sheet, table):
    columns = {name: {**ANSWER_COLUMNS, **QUESTION_COLUMNS}[name] for name in table}
    sheet.put("A1", "Questions to experts", style="title")
    sheet.put("A2", "What a development takes: your range for each figure that you know something about.", "subtitle")
    for row, text in enumerate(HOW, start=4):
        sheet.put(f"A{row}", text, style="note")
    for number, (name, column) in enumerate(columns.items()):
        letter, is_text = chr(ord("A") + number), column.format == "text"
        is_asked = name in ORDER[: ORDER.index("expert")]
        sheet.put(f"{letter}{HEADING}", column.heading_in(sheet.language), style=heading_style(column.format))
        style = ("text" if is_text else "number") if is_asked else ("input_text" if is_text else "input")
        sheet.column(letter, FIRST, table[name].to_numpy(), style=style, format=column.format)
        sheet.widths({letter: WIDTHS.get(name, 12)})
        if not is_asked:
            kind = {"low": "positive", "high": "positive", "date": "date"}.get(name, "any")
            cells = f"{letter}{FIRST}:{letter}{FIRST + len(table) - 1}"
            sheet.validate(cells, kind, title=column.label_in(sheet.language), text=column.help)
    sheet.height(HEADING, 32)
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(title_rows=f"{HEADING}:{HEADING}")
