"""What a budget looks like on paper, and what its empty rows show."""

import re
import subprocess
import zipfile
from collections import defaultdict

import pytest

A4, LETTER = b"9", b"1"
AT_MOST = {
    **dict.fromkeys(("Cover", "Summary", "Scenarios", "Outlook", "Other costs", "Phases", "Shares"), 1),
    **dict.fromkeys(("Runs", "Capacity", "Development", "Calendar", "Checks", "Sources"), 2),
    **dict.fromkeys(("Approaches", "Uncertainty", "Inputs"), 3),
}
"""Pages of sheets that people fill in or hand around; no column is cut off on a page of its own."""


def on_paper(workbook, paper, path):
    """A copy of a workbook that is printed on another paper."""
    with zipfile.ZipFile(workbook) as given, zipfile.ZipFile(path, "w") as copy:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb'paperSize="\d+"', b'paperSize="' + paper + b'"', part)
            copy.writestr(name, part)
    return path


def printed(libreoffice, workbook):
    """Texts of the printed pages by sheet: the footer of each says its sheet."""
    pdf, pages = workbook.with_suffix(".pdf"), defaultdict(list)
    with libreoffice.open(workbook) as document:
        document.print_to(pdf)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    for page in filter(str.strip, text.split("\f")):
        footer = page.rstrip().splitlines()[-1].strip()
        pages[re.sub(r"\s*Page \d+ of \d+$", "", footer)].append(page)
    return pages


@pytest.mark.parametrize("paper", [A4, LETTER], ids=["A4", "Letter"])
def test_sheets_that_are_handed_around_fit_their_pages(budget, libreoffice, tmp_path, paper):
    pages = printed(libreoffice, on_paper(budget, paper, tmp_path / "printed.xlsx"))
    assert {name: len(pages[name]) for name in AT_MOST if not 1 <= len(pages[name]) <= AT_MOST[name]} == {}
    assert "the owner pays the rest." in pages["Shares"][0]


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
