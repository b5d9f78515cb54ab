"""Pictures of a workbook, to look at: ``python -m tests.engines.pictures WORKBOOK FOLDER [--pages]``.

Every sheet becomes one picture, hidden sheets too, named by its place and name. With ``--pages``, every page that the
workbook's own print setup gives becomes one.
"""

import argparse
import pathlib
import re
import subprocess
import tempfile

from .libreoffice import LibreOffice

DOTS_PER_INCH = 80


def draw(workbook, folder, pages=False) -> list[pathlib.Path]:
    """Draw a workbook into PNG files in a folder, which is made where there is none, and return their paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xlcost-pictures-") as scratch:
        pdf = pathlib.Path(scratch, "workbook.pdf")
        with LibreOffice() as libreoffice, libreoffice.open(workbook) as document:
            document.print_to(pdf, a_page_a_sheet=not pages)
            sheets = document.sheets()
        subprocess.run(["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", pdf, pathlib.Path(scratch, "page")], check=True)
        drawn = sorted(pathlib.Path(scratch).glob("page-*.png"), key=lambda path: int(path.stem.split("-")[1]))
        if pages:
            names = [f"page {number:02d}" for number in range(1, len(drawn) + 1)]
        else:
            names = [f"{number:02d} {re.sub(r'[^\\w .-]', '_', sheet)}" for number, sheet in enumerate(sheets, 1)]
        # Moved by content, as the scratch folder may be on another disk.
        return [save(folder / f"{name}.png", path.read_bytes()) for name, path in zip(names, drawn, strict=True)]


def save(path, content):
    """Write a file and return its path."""
    path.write_bytes(content)
    return path


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.engines.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("workbook")
    parser.add_argument("folder")
    parser.add_argument("--pages", action="store_true", help="the pages as printed, not one picture a sheet")
    options = parser.parse_args()
    for path in draw(options.workbook, options.folder, options.pages):
        print(path)


if __name__ == "__main__":
    main()
