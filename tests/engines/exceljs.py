"""ExcelJS, a spreadsheet library of another language: opens a workbook, types into it and saves it again."""

import functools
import json
import os
import pathlib
import shutil
import subprocess

from .cells import EngineError, EngineMissing
from .ooxml import PLACE

SCRIPT = """
const ExcelJS = require('exceljs');
const [source, target, cells] = process.argv.slice(1);
const book = new ExcelJS.Workbook();
book.xlsx.readFile(source).then(() => {
  for (const [sheet, address, value] of JSON.parse(cells)) book.getWorksheet(sheet).getCell(address).value = value;
  return book.xlsx.writeFile(target);
}).catch(error => { console.error(error); process.exit(1); });
"""


@functools.cache
def find_modules() -> str:
    """The folder of npm packages that holds it: beside the Open XML validator, else npm's global one."""
    folders = []
    if PLACE in os.environ:
        folders.append(pathlib.Path(os.environ[PLACE]).parent.parent)
    if npm := shutil.which("npm"):
        root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
        folders.append(pathlib.Path(root))
    found = next((folder for folder in folders if (folder / "exceljs").is_dir()), None)
    if found is None or shutil.which("node") is None:
        raise EngineMissing("ExcelJS is not installed: npm install -g exceljs")
    return str(found)


def type_and_save(source, target, values) -> None:
    """Save a workbook again with numbers and texts in some cells, by (sheet, address)."""
    cells = json.dumps([[*place, value] for place, value in values.items()])
    finished = subprocess.run(
        ["node", "-e", SCRIPT, str(source), str(target), cells],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NODE_PATH": find_modules()},
    )
    if finished.returncode:
        raise EngineError(f"ExcelJS failed on {source}: {finished.stderr.strip()}")
