"""What a budget looks like on paper, and what its empty rows show."""

import datetime
import itertools
import re
import subprocess
import unicodedata
import zipfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.workbook.cut_texts import cut_on_paper, cut_texts, squeezed
from xlcost.budget.plan import Tables, plan_of
from xlcost.budget.settings import settings_from
from xlcost.columns import STEP_GROUPS
from xlcost.examples import CAPACITY, EXPERTS, MAPPING, OTHER_COSTS, PORTFOLIO, SPEND, STAFF
from xlcost.exchange.actuals.spend import actuals_of
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook.budget import SHEETS, WITH_ACTUALS, write_budget, write_plan
from xlcost.workbook.printing import FEW
from xlcost.workbook.style import ROLES

A4, LETTER = b"9", b"1"
AT_MOST = {
    **dict.fromkeys(("Cover", "Summary", "Scenarios", "Outlook", "Other costs", "Phases", "Shares"), 1),
    "Budget by run": 1,
    **dict.fromkeys(("Staff", "Experts", "Price steps", "Versions", "Mapping", "Spend"), 1),
    **dict.fromkeys(("Runs", "Capacity", "Development", "Calendar", "Checks"), 2),
    **dict.fromkeys(("Approaches", "Uncertainty", "Inputs", "Sources"), 3),
    **{"Trend": 5, "Buy or rent": 6, "Costs": 10, "Prices": 32},
}
OF_YEARS = {
    # For each fiscal year, or half of one: Japanese books have four years and English ones three.
    "en": {"Actuals": 7, "Budget": 12, "Budget months": 9, "Lines": 12, "Capacity months": 21},
    "ja": {"Actuals": 8, "Budget": 20, "Budget months": 20, "Lines": 24, "Capacity months": 35},
}
"""Pages of a sheet; no column is cut off on a page of its own."""
SMALLEST = {"en": 5.5, "ja": 5.3}
"""Of what most of a sheet's text is printed in, which is read to a third of a point. [point]"""
OF_SHEETS = {
    "en": {"Staff": 6.6, "Experts": 6.3, "Spend": 7.0},
    "ja": {"Buy or rent": 5.0, "Spend": 5.7},
}
"""Where it is another one."""
ZOOM = 3
"""Sizes in the PDF file are read to a third of a point."""
HEADINGS = "Model", "Up to the close", "The paper's term", "Training run", "Department, or training run"
"""Of tables that are further down, over their first column."""
TOTALS_BELOW = ("Budget", "Budget months")


class Pages(NamedTuple):
    """Printed pages by sheet: lines of text, and the size of most of them."""

    language: str
    lines: dict
    sizes: dict
    pdf: Path

    def said(self, text):
        return language_of(self.language).text(text)


@pytest.fixture(scope="module", params=["en", "ja"])
def book(request, tmp_path_factory):
    """The budget of the example, with what was spent, and its language."""
    path = tmp_path_factory.mktemp("printed") / "budget.xlsx"
    tables = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
    plan = plan_of(read_runs(PORTFOLIO), tables=tables, language=request.param)
    write_plan(path, replace(plan, actuals=actuals_of(plan, [SPEND], MAPPING)))
    return path, request.param


@pytest.fixture(scope="module", params=[A4, LETTER], ids=["A4", "Letter"])
def pages(request, book, libreoffice, tmp_path_factory):
    path, language = book
    return printed(libreoffice, on_paper(path, request.param, tmp_path_factory.mktemp("paper") / "b.xlsx"), language)


def on_paper(workbook, paper, path):
    """A copy of a workbook that is printed on another paper."""
    with zipfile.ZipFile(workbook) as given, zipfile.ZipFile(path, "w") as copy:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb'paperSize="\d+"', b'paperSize="' + paper + b'"', part)
            copy.writestr(name, part)
    return path


def printed(libreoffice, workbook, language):
    """The pages of a workbook, which all begin with their sheet's title."""
    pdf, lines, sizes, fonts = workbook.with_suffix(".pdf"), defaultdict(list), defaultdict(Counter), {}
    with libreoffice.open(workbook) as document:
        names = {language_of(language).text(name): name for name in (*SHEETS, *WITH_ACTUALS)}
        titles = {squeezed(document.grid(sheet, "A1")[0][0]): names[sheet] for sheet in document.sheets()}
        document.print_to(pdf)
    text = output("pdftotext", "-layout", pdf, "-")
    marked = output("pdftohtml", "-xml", "-i", "-hidden", "-stdout", "-zoom", str(ZOOM), pdf).split("<page ")[1:]
    for page, with_sizes in zip(text.split("\f"), marked):
        written = [line.strip() for line in page.splitlines() if line.strip()]
        (sheet,) = {name for title, name in titles.items() if squeezed(written[0]).startswith(title)}
        lines[sheet].append(written)
        fonts |= dict(re.findall(r'<fontspec id="(\d+)" size="(\d+)"', with_sizes))
        for number, said in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', with_sizes):
            sizes[sheet][int(fonts[number]) / ZOOM] += len(re.sub("<[^>]*>", "", said))
    most = {sheet: size.most_common(1)[0][0] for sheet, size in sizes.items()}
    return Pages(language, lines, most, pdf)


def output(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def test_every_sheet_fits_its_pages(pages):
    at_most = AT_MOST | OF_YEARS[pages.language]
    assert set(at_most) == {*SHEETS, *WITH_ACTUALS}
    counts = {sheet: len(found) for sheet, found in pages.lines.items()}
    assert {name: counts.get(name) for name in at_most if not 1 <= counts.get(name, 0) <= at_most[name]} == {}
    if pages.language == "en":
        assert pages.lines["Shares"][0][2].endswith("the owner pays the rest.")


def test_what_is_printed_can_be_read(pages):
    least = dict.fromkeys(pages.sizes, SMALLEST[pages.language]) | OF_SHEETS[pages.language]
    assert {sheet: size for sheet, size in pages.sizes.items() if size < least[sheet] - 0.1} == {}


def test_no_text_is_cut_on_paper_but_where_prices_come_from(book, pages):
    path, language = book
    assert cut_texts(pages.pdf, path, language) == set()


@pytest.mark.parametrize(("language", "years"), [("en", 5), ("ja", 1)])
def test_no_text_is_cut_either_where_there_are_more_fiscal_years_or_fewer(language, years, libreoffice, tmp_path):
    settings = settings_from(first_fiscal_year=2023, years=years)
    tables = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=tables, settings=settings, language=language)
    letter = on_paper(path, LETTER, tmp_path / "letter.xlsx")
    assert cut_on_paper(libreoffice, letter, language, tmp_path / "letter.pdf") == set()


def test_no_number_is_too_wide_for_its_column(pages):
    lines = {sheet: itertools.chain(*found) for sheet, found in pages.lines.items()}
    assert {sheet for sheet, found in lines.items() if any("##" in line for line in found)} == set()


def test_no_amount_in_yen_is_too_wide_in_the_dearest_scenario(libreoffice, tmp_path):
    settings = settings_from(currency="JPY", rates={"JPY": [150.0]})
    tables = Tables(staff=STAFF, capacity=CAPACITY, others=OTHER_COSTS)
    write_budget(tmp_path / "yen.xlsx", read_runs(PORTFOLIO), tables=tables, settings=settings, language="ja")
    with libreoffice.open(tmp_path / "yen.xlsx") as document:
        document.set({("シナリオ", "B4"): "高位"})
        document.print_to(tmp_path / "yen.pdf")
    text = output("pdftotext", "-layout", tmp_path / "yen.pdf", "-")
    assert "高位" in text
    assert [line for line in text.splitlines() if "##" in line] == []


def test_titles_beside_repeated_labels_fit_above_them(book, libreoffice):
    path, _ = book
    cut, sheets = {}, set()
    with libreoffice.open(path) as document:
        for worksheet in filter(repeats_columns, load_workbook(path)):
            sheets.add(worksheet.title)
            last = re.findall("[A-Z]+", worksheet.print_title_cols)[-1]
            letters = map(get_column_letter, range(1, column_index_from_string(last) + 1))
            room = sum(worksheet.column_dimensions[letter].width for letter in letters)
            for said, size in zip((row[0] for row in document.grid(worksheet.title, "A1:A3")), (20, 11, 11)):
                wide = sum(map(width_of, said or ""))
                cut |= {worksheet.title: said} if wide * size / 11 > room else {}
    assert cut == {}
    assert len(sheets) == 8


def test_every_answer_on_the_cover_fits_the_page(book):
    path, language = book
    cover = load_workbook(path, data_only=True)[language_of(language).text("Cover")]
    room = sum(cover.column_dimensions[letter].width for letter in "BC")
    answers = [row[1] for row in cover.iter_rows(max_row=25, values_only=True) if isinstance(row[1], str)]
    assert len(answers) > 10
    assert [said for said in answers if sum(map(width_of, said)) > room] == []


def width_of(letter):
    """In widths of a digit, which most letters are less wide than."""
    return 1.75 if unicodedata.east_asian_width(letter) in "WF" else 0.85


def repeats_columns(worksheet):
    return worksheet.print_title_cols and not worksheet.sheet_properties.pageSetUpPr.fitToPage


def test_no_page_begins_with_the_total_of_the_one_before(pages):
    total, first = pages.said("Total"), pages.said("By component")
    for sheet in TOTALS_BELOW:
        body = [lines[3:-1] for lines in pages.lines[sheet]]
        assert body[0][0] == first or sheet == "Budget"
        assert not [lines[0] for lines in body if lines[0].startswith(total)]


def test_no_title_or_heading_is_the_last_line_of_a_page_that_goes_on(book, pages):
    path, language = book
    said = language_of(language).text
    workbook = load_workbook(path, data_only=True)
    for sheet, found in pages.lines.items():
        (cells,) = workbook[said(sheet)].iter_cols(max_col=1)
        titles = {squeezed(cell.value) for cell in cells if cell.value and is_title(cell)}
        last = [re.split(r"\s{2,}", lines[-2])[0] for lines in found[:-1]]
        assert titles and not titles & set(map(squeezed, last))


def is_title(cell):
    """Whether a cell is the title of a section, or a heading."""
    return cell.font.sz == ROLES["section"]["font"].sz or cell.fill == ROLES["heading"]["fill"]


def test_each_year_of_the_budget_begins_with_its_components_and_the_chart_is_above_the_first(pages):
    places = [
        lines.index(pages.said("By component"))
        for lines in pages.lines["Budget"]
        if pages.said("By component") in lines
    ]
    assert places[0] > 3
    assert places[1:] == {"en": [3, 3], "ja": [3, 3, 3]}[pages.language]


def test_every_page_of_a_long_table_says_what_its_columns_are(pages):
    tables = [pages.said(heading) for heading in ("Chip", "Chip, continued", "Chip bought", "Chip rented")]
    tables += [pages.said(heading) for heading in ("Year", "Month")]
    for lines in pages.lines["Prices"]:
        assert any(squeezed(line).startswith(tuple(map(squeezed, tables))) for line in lines[2:10])
    models = [lines for lines in pages.lines["Trend"] if pages.said("Public models whose cost is known") in lines]
    assert len(models) == 2
    assert all(any(line.startswith(pages.said("Model")) for line in lines[2:5]) for lines in models)


def test_headings_that_are_further_down_have_the_title_above_them_and_no_other_headings_below(book):
    path, language = book
    said = language_of(language).text
    workbook, found = load_workbook(path), set()
    for worksheet in workbook:
        first, *_, last = re.findall(r"\d+", worksheet.print_title_rows or "1:1")
        if int(first) == 1:
            continue
        found.add(worksheet.title)
        assert worksheet[f"A{first}"].value.replace("$", "") == "=A1"
        assert first in [re.findall(r"\d+", area)[0] for area in worksheet.print_area.split(",")]
        below = [cell.value for cell in worksheet["A"][int(last) :]]
        headings = {said(text) for text in HEADINGS}
        assert worksheet[f"A{last}"].value in headings and not headings & set(below)
    assert found == {said(name) for name in ("Actuals", "Approaches", "Development", "Trend", "Sources")}


def test_a_page_of_prices_has_dates_and_not_chips_alone(pages):
    assert all(re.search(r"\d{4}[-/]\d\d[-/]\d\d", " ".join(lines)) for lines in pages.lines["Prices"])


def test_no_table_of_prices_leaves_a_few_rows_for_its_last_page(pages):
    # A title, what it says, the table's name and its headings, and the foot.
    assert min(len(lines) for lines in pages.lines["Prices"]) >= 5 + FEW


def test_every_page_of_costs_names_the_groups_of_its_columns(pages):
    _, *groups = (squeezed(pages.said(title)) for title, _ in STEP_GROUPS)
    for lines in pages.lines["Costs"]:
        band = squeezed("".join(lines[1:4]))
        assert any(group in band for group in groups), lines[:4]


def test_no_chart_lies_over_repeated_columns(book):
    path, _ = book
    for worksheet in load_workbook(path):
        repeated = worksheet.print_title_cols
        if repeated and not worksheet.sheet_properties.pageSetUpPr.fitToPage:
            last = column_index_from_string(re.findall("[A-Z]+", repeated)[-1])
            assert [chart for chart in worksheet._charts if chart.anchor._from.col < last] == []


def test_every_chart_is_printed_whole(book, libreoffice):
    with libreoffice.open(book[0]) as document:
        charts = document.charts()
    assert len(charts) == 13
    cut = {sheet for sheet, chart, printed in charts if printed and not any(holds(area, chart) for area in printed)}
    assert cut == set()


def holds(area, chart):
    (left, top, right, bottom), (begin, above, end, below) = area, chart
    return left <= begin and top <= above and end <= right and below <= bottom


def test_months_notes_and_tables_of_actuals_are_on_pages_of_their_own(pages):
    titles = [pages.said(title) for title in ("By month", "What the columns say", "Up to the close")]
    for lines in pages.lines["Actuals"]:
        assert len({title for title in titles for line in lines if line.startswith(title)}) == 1


def test_every_page_of_many_departments_and_runs_has_the_headings(libreoffice, tmp_path):
    day = {"start": datetime.date(2026, 1, 1), "hours": 24.0, "chip": "H100", "chips": 8}
    named = [{"run": f"R{number}", "department": f"D{number}", "cost_center": f"C{number}"} for number in range(90)]
    plan = plan_of(pd.DataFrame([{**names, **day} for names in named]))
    bills, workbook = tmp_path / "spend.csv", tmp_path / "budget.xlsx"
    pd.DataFrame([{"month": "2026-01", "amount": 5, "run": "R0"}]).to_csv(bills, index=False)
    write_plan(workbook, replace(plan, actuals=actuals_of(plan, [bills])))
    lines = printed(libreoffice, workbook, "en").lines
    for sheet, name, heading in (
        ("Actuals", "D", "Budget to date"),
        ("Actuals", "R", "Budget to date"),
        ("Approaches", "D", "Cheaper"),
        ("Approaches", r"R\d+ +D", "Cheaper"),
        ("Development", "R", "Every run"),
    ):
        going_on = [page for page in lines[sheet] if any(re.match(rf"{name}\d+ ", line) for line in page)]
        assert len(going_on) > 1
        for page in going_on:
            assert page[0] == lines[sheet][0][0] and heading in " ".join(page[1:7]), (sheet, page[:7])
    # Lists below settings have no headings that could be repeated there: their rows say what they are.
    for sheet, name, what in (("Inputs", "D", "department"), ("Calendar", "C", "cost center")):
        listed = [[line for line in page if re.match(rf"{name}\d+\b", line)] for page in lines[sheet]]
        assert sum(map(bool, listed)) > 1
        assert {line.split(maxsplit=1)[1] for page in listed for line in page} == {what}


def test_every_title_says_the_scenario_in_force_that_of_scenarios_too(budget, libreoffice):
    with libreoffice.open(budget) as document:
        document.set({("Scenarios", "B4"): "High"})
        assert {sheet for sheet in document.sheets() if not document.grid(sheet, "A1")[0][0].endswith("High")} == set()


def test_a_phase_shows_figures_as_soon_as_it_has_a_name(budget, libreoffice):
    with libreoffice.open(budget) as document:
        assert {value for row in document.grid("Phases", "F5:G12") for value in row} <= {"", None}
        document.set({("Phases", "A5"): "Core", ("Phases", "B5"): 100.0})
        # No run is in that phase: nothing of what is released is spent.
        assert document.grid("Phases", "F5:G5")[0] == [0.0, -100.0]


def test_two_versions_are_compared_once_figures_of_both_are_kept(budget, libreoffice):
    with libreoffice.open(budget) as document:
        ((said,), *_, (difference,)) = document.grid("Versions", "J12:J15")
        assert (said, difference) == ("nothing is kept of one of them", "")
        document.set({("Versions", "D15"): 1000.0})
        now, (said, *_, difference) = (
            document.grid("Versions", "C15")[0][0],
            sum(document.grid("Versions", "J12:J15"), []),
        )
        assert (said, difference) == ("", now - 1000.0)
        document.set({("Versions", "D5"): "EUR"})
        (said,), row = document.grid("Versions", "J12")[0], document.grid("Versions", "H15:K15")[0]
        assert said == "they are in different currencies" and row[2:] == ["", ""]
