"""Draws the README's pictures from what is shipped: ``python -m tests.readme_picture``."""

import subprocess
import tempfile
from pathlib import Path

from tests.engines.libreoffice import LibreOffice, with_addin
from xlcost.budget.plan import Tables
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.hosts import templates
from xlcost.hosts.excel_workbook import COST
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget

FOLDER = Path(__file__).parent.parent / "templates" / "pictures"


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, LibreOffice(with_addin) as libreoffice:
        budget = Path(folder, "budget.xlsx")
        shipped = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
        write_budget(budget, read_runs(PORTFOLIO), tables=shipped)
        draw(libreoffice, budget, "Cover", FOLDER / "cover", size=(1240, 600), dots_per_inch=80)
        draw(libreoffice, budget, "Budget", FOLDER / "budget", size=(1120, 690), dots_per_inch=80)
        draw(libreoffice, budget, "Buy or rent", FOLDER / "buy-or-rent", size=(1350, 715), dots_per_inch=80)
        draw(libreoffice, budget, "Trend", FOLDER / "trend", size=(1480, 520), dots_per_inch=80)
        template = templates.copy("xlcost", Path(folder, "xlcost.xlsm"))
        draw(libreoffice, template, COST, FOLDER / "functions", size=(1000, 615), dots_per_inch=90)


def draw(libreoffice, workbook, sheet, picture, size, dots_per_inch):
    """The upper left of a sheet as a PNG file. The size is in pixels; the name of the picture goes without ending."""
    pages = workbook.with_suffix(".pdf")
    with libreoffice.open(workbook) as document:
        page = str(document.sheets().index(sheet) + 1)
        document.print_to(pages, a_page_a_sheet=True)
    width, height = map(str, size)
    area = ["-x", "0", "-y", "0", "-W", width, "-H", height]
    one_page = ["-f", page, "-l", page, "-r", str(dots_per_inch), "-png", "-singlefile"]
    subprocess.run(["pdftoppm", *one_page, *area, pages, picture], check=True)


if __name__ == "__main__":
    main()
