"""Pictures of a workbook, to look at: ``python -m tests.engines.pictures WORKBOOK FOLDER [--pages]``.

Every sheet becomes one picture, hidden sheets too, named by its place and name. With ``--pages``, every page that the
workbook's own print setup gives becomes one.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import tempfile

from .cells import EngineMissing
from .libreoffice import LibreOffice

DOTS_PER_INCH = 80


def find_pdftoppm() -> str:
    """Path of the program that turns a PDF into pictures. Raises :class:`EngineMissing` if there is none."""
    found = shutil.which("pdftoppm")
    if found is None:
        raise EngineMissing("pdftoppm is not installed (on Debian, it is in the package poppler-utils)")
    return found


def draw(libreoffice: LibreOffice, workbook, folder, pages: bool = False) -> list[pathlib.Path]:
    """Draw a workbook into PNG files in a folder, which is made where there is none, and return their paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xlcost-pictures-") as scratch:
        pdf = pathlib.Path(scratch, "workbook.pdf")
        with libreoffice.open(workbook) as document:
            document.print_to(pdf, a_page_a_sheet=not pages)
            sheets = document.sheets()
        subprocess.run(
            [find_pdftoppm(), "-r", str(DOTS_PER_INCH), "-png", pdf, pathlib.Path(scratch, "page")], check=True
        )
        drawn = sorted(pathlib.Path(scratch).glob("page-*.png"), key=lambda path: int(path.stem.split("-")[1]))
        names = [f"page {number:02d}" for number, _ in enumerate(drawn, 1)] if pages else file_names(sheets)
        return [shutil.move(path, folder / f"{name}.png") for path, name in zip(drawn, names, strict=True)]


def file_names(sheets):
    """Names of sheets as names of files that sort in the sheets' order."""
    return [f"{number:02d} {re.sub(r'[^-.()&, 0-9A-Za-z_]', '_', sheet)}" for number, sheet in enumerate(sheets, 1)]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.engines.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("workbook")
    parser.add_argument("folder")
    parser.add_argument("--pages", action="store_true", help="the pages as printed, not one picture a sheet")
    options = parser.parse_args()
    with LibreOffice() as libreoffice:
        for path in draw(libreoffice, options.workbook, options.folder, options.pages):
            print(path)


if __name__ == "__main__":
    main()
