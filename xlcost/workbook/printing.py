"""Printed pages: paper, repeated headings, footers, and how far a sheet is printed."""

from __future__ import annotations

from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.worksheet.pagebreak import Break, ColBreak

from ..languages import DIGIT_WIDTH
from .wording import wide

A4 = 9
CENTIMETRES_PER_CHARACTER = 0.19
USUAL_WIDTH = 9.0
"""Of a column whose width is not said. [character]"""
CENTIMETRES_PER_POINT = 2.54 / 72
HAIR = 0.01
"""[cm]"""
MARGINS = {"top": 0.5, "bottom": 0.75}
"""There is nothing above the title, and one line under the page. [inch]"""
POINTS_OF_PAGE = 0.98 * (21.0 / CENTIMETRES_PER_POINT - 72 * sum(MARGINS.values()))
"""Height of what goes on a landscape page of A4, which is less high than Letter, with what programs round up."""
TITLES = ("section", "heading")
"""Styles of what stands above a section."""
CHARACTERS_OF_PAGE = 131.0
"""Widths of a digit on a landscape page of Letter, which is narrower than A4, as LibreOffice draws them."""
FEW = 6
"""Rows that are no page."""
LEGIBLE = 50
"""Scale at which text of 11 points is still read, 5.5 points high. [percent]"""
NEARLY = 47
"""The same where a page would else hold half as many months, for 5.2 points. [percent]"""
BOLD = 1.1
"""Width of bold letters over that of others."""
TALLER_TITLE, TALLER_SECTION = 12.0, 3.0
"""What their larger fonts need beyond a row of text. [point]"""


def set_up(
    sheet,
    title_rows=None,
    title_cols=None,
    landscape=True,
    fit_width=True,
    one_page=False,
    scale=None,
    breaks=(),
    column_breaks=(),
    areas=(),
    keep_sections=False,
    tables=(),
):
    """A4 pages with repeated headings, the sheet's name and page numbers.

    Parameters
    ----------
    sheet : xlcost.workbook.sheet.Sheet
    title_rows, title_cols : str, optional
        Such as "1:4" and "A:B".
    scale : int, optional
        Percent at most, instead of what fits: with pages that fit, Excel does not heed breaks. Less where the columns
        of an area, up to a break, would not go on a page; without areas, less in a wider font.
    breaks : iterable of int
        Rows that are the last ones of their page.
    column_breaks : iterable of int, or list of lists of int
        Columns, counted from 1, that are the last ones of their page; of several lists the first whose pages can be
        read, or the last one.
    areas : iterable of str
        The cells that are printed, such as "A1:F30", each on pages of its own, and with what the charts in it need
        beyond it; see `limit` where left out.
    keep_sections : bool, default False
        Whether what has a title or headings in column A begins a page where it would else be cut; with a scale only.
    tables : iterable of int
        Rows of tables that begin side by side under the repeated rows; none of them is to leave but a few for its last
        page.
    """
    worksheet, language = sheet.worksheet, sheet.language
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.orientation = "landscape" if landscape else "portrait"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = int(fit_width), int(one_page)
    worksheet.sheet_properties.pageSetUpPr.fitToPage = fit_width
    # The title is on every page: it says what the figures assume. Where all is on one page, or all columns are,
    # nothing has to be repeated, for which LibreOffice would lay out all sheets of the workbook once more.
    if title_rows and not one_page and not _is_low(sheet):
        first, _, last = title_rows.partition(":")
        # Further down, they are those of a table that has its own title.
        begin = sheet.placed.get((int(first), 1))
        worksheet.print_title_rows = title_rows if begin and begin.style == "title" else f"1:{last}"
    if title_cols and not fit_width:
        worksheet.print_title_cols = title_cols
    worksheet.oddFooter.left.text, worksheet.oddFooter.right.text = "&A", language.text("Page &P of &N")
    margins = worksheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = MARGINS.values()
    margins.header = margins.footer = 0.3
    narrower = DIGIT_WIDTH / language.digit_width
    areas = [_with_charts(sheet, area) for area in areas]
    if scale and areas:
        choices = column_breaks if column_breaks and isinstance(column_breaks[0], list) else [column_breaks]
        for column_breaks in choices:
            fitting = narrower * min(_fitting(worksheet, area, column_breaks, title_cols) for area in areas)
            if fitting >= NEARLY:
                break
        worksheet.page_setup.scale = int(min(scale, fitting))
    elif scale or (narrower != 1 and not fit_width):
        # Beside repeated columns there may be as many as fit; else all of them go on a page.
        worksheet.page_setup.scale = int(max((scale or 100) * narrower, LEGIBLE if title_cols else 0))
    if title_cols and not areas and not fit_width:
        column_breaks = _full_pages(sheet, title_cols, CHARACTERS_OF_PAGE * narrower)
        _name_groups(sheet, column_breaks)
    if keep_sections:
        _, first, _, last = range_boundaries(areas[0])
        breaks = [*breaks, *_ends_of_pages(sheet, title_rows, first, last, worksheet.page_setup.scale)]
    if tables:
        breaks = [*breaks, *_even_pages(sheet, title_rows, tables, worksheet.page_setup.scale)]
    for row in breaks:
        worksheet.row_breaks.append(Break(id=row))
    worksheet.col_breaks = ColBreak(brk=[Break(id=column) for column in column_breaks])
    if areas:
        worksheet.print_area = " ".join(areas)


def _is_low(sheet):
    """Whether all rows go on one page."""
    rows = range(1, sheet.height_of_cells() + 1)
    return sum(map(sheet.height_of, rows)) <= POINTS_OF_PAGE


def _fitting(worksheet, area, column_breaks, title_cols):
    """The scale at which all columns up to a break go on a page, beside those that are repeated. [percent]"""
    first, _, last, _ = range_boundaries(area)
    repeated = range_boundaries(title_cols)[2] if title_cols else 0
    ends = [*(end for end in column_breaks if first <= end < last), last]
    starts = [max(first, repeated + 1), *(end + 1 for end in ends)]
    widest = max(_widths(worksheet, start, end) for start, end in zip(starts, ends))
    return 100 * CHARACTERS_OF_PAGE / (_widths(worksheet, 1, repeated) + widest)


def _even_pages(sheet, title_rows, tables, scale):
    """Rows after which a page ends, as many on each, so that no table has but a few on its last one."""
    repeated = int(title_rows.partition(":")[2])
    height = sum(map(sheet.height_of, range(1, repeated + 1))) + TALLER_TITLE
    room = int((POINTS_OF_PAGE * 100 / scale - height) / sheet.height_of(repeated + 1))

    def fewest(rows):
        return min([FEW, *(size % rows or rows for size in tables if size > rows)])

    rows = max(range(room * 9 // 10, room + 1), key=lambda rows: (fewest(rows), rows))
    return range(repeated + rows, repeated + max(tables), rows)


def _full_pages(sheet, title_cols, room):
    """Columns that are the last ones of their page, where each page holds as many as go on it beside repeated ones."""
    worksheet, (_, _, repeated, _) = sheet.worksheet, range_boundaries(title_cols)
    room = room * 100 / (worksheet.page_setup.scale or 100) - _widths(worksheet, 1, repeated)
    ends, taken = [], 0.0
    for column in range(repeated + 1, sheet.width_of_cells() + 1):
        width = _widths(worksheet, column, column)
        if taken and taken + width > room:
            ends.append(column - 1)
            taken = 0.0
        taken += width
    return ends


def _name_groups(sheet, column_breaks):
    """Say a group's name on each page that goes on with its columns, where it has room, not only on the first."""
    named, rest = {}, {}
    for (row, column), cell in sorted(sheet.placed.items()):
        if cell.style != "group":
            continue
        if cell.value:
            named[row] = cell.value
        elif column - 1 in column_breaks:
            rest[row, column] = named[row]
    for (row, column), name in rest.items():
        last = column
        while (row, last + 1) in sheet.placed and not sheet.placed[row, last + 1].value:
            last += 1
        if _widths(sheet.worksheet, column, last) >= BOLD * wide(name):
            sheet.put(f"{get_column_letter(column)}{row}", name, style="group", as_is=True)


def _widths(worksheet, first, last):
    dimensions = worksheet.column_dimensions
    letters = map(get_column_letter, range(first, last + 1))
    return sum(dimensions[letter].width if letter in dimensions else USUAL_WIDTH for letter in letters)


def _ends_of_pages(sheet, title_rows, first, last, scale):
    """Rows after which a page ends, so that no section is cut that goes on one."""
    repeated = int(title_rows.partition(":")[2])
    begin = max(first, repeated + 1)
    titles = [row for (row, column), cell in sheet.placed.items() if column == 1 and cell.style in TITLES]
    starts = sorted({begin, *(row for row in titles if begin + 1 < row <= last)})
    height = sum(map(sheet.height_of, range(1, repeated + 1))) + TALLER_TITLE
    room = POINTS_OF_PAGE * 100 / scale - height
    ends, left = [], room
    for start, next_start in zip(starts, [*starts[1:], last + 1]):
        needed = sum(map(sheet.height_of, range(start, next_start))) + TALLER_SECTION
        if needed > left and left < room:
            ends.append(start - 1)
            left = room
        # A section that is longer than a page ends somewhere on one.
        left = (left - needed) % room
    return ends


def limit(sheet):
    """Print what there is, cells and charts, where nothing else was said.

    Without it LibreOffice looks for the pages of a million rows, once for each sheet with repeated headings.
    """
    worksheet = sheet.worksheet
    if worksheet.print_area:
        return
    begins = [_begin(chart.anchor) for chart in worksheet._charts]
    rows, columns = zip((sheet.height_of_cells(), sheet.width_of_cells()), *begins)
    worksheet.print_area = _with_charts(sheet, f"A1:{get_column_letter(max(columns))}{max(rows)}")


def _with_charts(sheet, area):
    """Some cells, and what the charts that begin in them lie over."""
    first, top, last, bottom = range_boundaries(area)
    for chart in sheet.worksheet._charts:
        row, column = _begin(chart.anchor)
        if top <= row <= bottom and first <= column <= last:
            last = max(last, _last(column, chart.width, lambda number: width_of_column(sheet, number)))
            bottom = max(
                bottom, _last(row, chart.height, lambda number: sheet.height_of(number) * CENTIMETRES_PER_POINT)
            )
    return f"{get_column_letter(first)}{top}:{get_column_letter(last)}{bottom}"


def _begin(anchor):
    """Row and column in which a chart begins."""
    return coordinate_to_tuple(anchor) if isinstance(anchor, str) else (anchor._from.row + 1, anchor._from.col + 1)


def width_of_column(sheet, column):
    """[cm]"""
    per_digit = CENTIMETRES_PER_CHARACTER * sheet.language.digit_width / DIGIT_WIDTH
    return _widths(sheet.worksheet, column, column) * per_digit


def _last(first, length, length_of):
    """Number of the last column, or row, that something of a length lies over by more than a hair."""
    number = first
    while (length := length - length_of(number)) > HAIR:
        number += 1
    return number
