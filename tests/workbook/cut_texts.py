"""What a printed workbook does not say whole: texts that are cut, and those of rows that are too low."""

import itertools
import re
from collections import defaultdict

from openpyxl import load_workbook

from tests.engines.pdf_texts import texts_of
from xlcost.languages import language_of
from xlcost.workbook.prices import CHIPS, CLOUD, HEADING, PURCHASE

PRICES = "Prices"
FROM_WHERE = {column.heading for column in (*CHIPS, *PURCHASE, *CLOUD) if column.name in ("source", "note")}
"""Where prices come from: on the screen these are whole, and sources are links."""


def squeezed(text):
    return re.sub(r"\s", "", text)


def cut_on_paper(libreoffice, workbook, language, pdf):
    """The same as `cut_texts` says, of a workbook that is printed first."""
    with libreoffice.open(workbook) as document:
        document.print_to(pdf)
    return cut_texts(pdf, workbook, language)


def cut_texts(pdf, workbook, language):
    """Sheets, and what they do not say whole on paper, other than where prices come from.

    Parameters
    ----------
    pdf : path
        The workbook as LibreOffice printed it.
    workbook : path
    language : str

    Returns
    -------
    set of tuple of str
    """
    said = language_of(language).text
    book = load_workbook(workbook, data_only=True)
    shown = {sheet.title: sheet for sheet in book if sheet.sheet_state == "visible"}
    from_where = {
        squeezed(cell.value)
        for heading, *column in shown[said(PRICES)].iter_cols(min_row=HEADING)
        if heading.value in map(said, FROM_WHERE)
        for cell in column
        if cell.value
    }
    found, printed = set(), defaultdict(str)
    for _, page in itertools.groupby(texts_of(pdf), key=lambda text: text.page):
        texts = list(page)
        # A page is written from its foot on, which begins with the sheet's name.
        written = squeezed("".join(text.text for text in texts))
        sheet = max((name for name in shown if written.startswith(squeezed(name))), key=len)
        found |= {(sheet, squeezed(text.text)) for text in texts if text.is_cut}
        printed[sheet] += written
    lost = {(sheet, text) for sheet, text in _texts(shown) if text not in printed[sheet]}
    return {
        (sheet, text)
        for sheet, text in found | lost
        if sheet != said(PRICES) or not any(whole.startswith(text) for whole in from_where)
    }


def _texts(sheets):
    """Texts of the cells that are printed."""
    for name, sheet in sheets.items():
        for area in sheet.print_area.split(","):
            for cell in itertools.chain(*sheet[area.rpartition("!")[2].replace("$", "")]):
                if isinstance(cell.value, str):
                    yield name, squeezed(cell.value)
