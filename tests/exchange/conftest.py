"""A department's workbook, empty and filled."""

import pytest

from tests.exchange.filled import ROWS, typed
from xlcost.workbook.department import write_department


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """An empty template, as it was written."""
    path = tmp_path_factory.mktemp("written") / "department.xlsx"
    write_department(path, "Research", runs=ROWS)
    return path


@pytest.fixture(scope="session")
def filled(written, libreoffice, tmp_path_factory):
    """The same, filled in LibreOffice and saved by it."""
    path = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    with libreoffice.open(written) as document:
        document.set(typed())
        document.save_as(path)
    return path
