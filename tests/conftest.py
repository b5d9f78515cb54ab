"""What all tests share: spreadsheet engines, and how many examples Hypothesis tries."""

import functools
import os
import sys

import hypothesis
import pytest

from xlcost import cli

from .engines import exceljs, ooxml, pictures
from .engines.cellrune_engine import Cellrune
from .engines.cells import EngineMissing
from .engines.excel_com import ExcelCom
from .engines.ironcalc_engine import Ironcalc
from .engines.libreoffice import LibreOffice, with_addin

IN_CI = os.environ.get("CI") == "true"
ENGINES_REQUIRED = IN_CI or os.environ.get("XLCOST_REQUIRE_ENGINES") == "1"

# Run by another Python, which has LibreOffice's uno; this one can't import it to look for examples in docstrings.
collect_ignore = ["engines/libreoffice_bridge.py"]

# No deadline: the first example of a test waits for an engine to start.
hypothesis.settings.register_profile("default", deadline=None, max_examples=100)
# In CI the same examples every time, so that a failure there is one of the change and not of chance.
hypothesis.settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if IN_CI else "default")


def engine(start):
    """What `start` returns, or, where the engine is not installed, the test skipped (failed where it is required)."""
    try:
        return start()
    except EngineMissing as missing:
        if ENGINES_REQUIRED:
            pytest.fail(f"{missing} (required, because CI=true or XLCOST_REQUIRE_ENGINES=1)", pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def libreoffice():
    """LibreOffice, one for the whole session: ``libreoffice.open(path)``, ``libreoffice.evaluate(formulas)``.

    Our add-in is installed in it, which takes most of a second, and starts nothing until one of its functions is used.
    """
    with engine(lambda: LibreOffice(with_addin)) as running:
        yield running


@pytest.fixture(scope="session")
def cellrune():
    """CellRune, with LibreOffice's interface."""
    return engine(Cellrune)


@pytest.fixture(scope="session")
def ironcalc():
    """IronCalc: ``ironcalc.open(path)``."""
    return engine(Ironcalc)


@pytest.fixture(scope="session")
def excel_com():
    """xlwings' own code for Excel on Windows: ``excel_com.call("AMORTIZED_COST", "H100", 5000, 1440)``."""
    with ExcelCom() as running:
        yield running


@pytest.fixture(scope="session")
def ooxml_validator():
    """Microsoft's check of a file: ``ooxml_validator(path)`` gives its faults, one line each."""
    engine(ooxml.find_validator)
    return ooxml.validate


@pytest.fixture(scope="session")
def node_library():
    """ExcelJS: ``node_library.type_and_save(source, target, values)``."""
    engine(exceljs.find_modules)
    return exceljs


@pytest.fixture(scope="session")
def draw(libreoffice):
    """Pictures of a workbook: ``draw(path, folder)`` makes one PNG a sheet and gives their paths."""
    engine(pictures.find_pdftoppm)
    return functools.partial(pictures.draw, libreoffice)


@pytest.fixture
def xlcost(capsys, monkeypatch, tmp_path):
    """Type a command in an empty folder; gives exit status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def typed(*words):
        monkeypatch.setattr(sys, "argv", ["xlcost", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return typed
