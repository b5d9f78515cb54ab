"""Draws the README's picture from the shipped example: ``python -m tests.readme_picture``."""

import subprocess
import tempfile
from pathlib import Path

from tests.engines.libreoffice import LibreOffice
from xlcost.examples import PORTFOLIO
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget

PICTURE = Path(__file__).parent.parent / "templates" / "pictures" / "summary"
WIDTH, HEIGHT, DOTS_PER_INCH = 1290, 745, 80


def main():
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, LibreOffice() as libreoffice:
        workbook, pdf = Path(folder, "budget.xlsx"), Path(folder, "budget.pdf")
        write_budget(workbook, read_runs(PORTFOLIO))
        with libreoffice.open(workbook) as document:
            page = str(document.sheets().index("Summary") + 1)
            document.print_to(pdf, a_page_a_sheet=True)
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                str(DOTS_PER_INCH),
                "-f",
                page,
                "-l",
                page,
                "-x",
                "0",
                "-y",
                "0",
                "-W",
                str(WIDTH),
                "-H",
                str(HEIGHT),
                "-png",
                "-singlefile",
                pdf,
                PICTURE,
            ],
            check=True,
        )


if __name__ == "__main__":
    main()
