"""Workbooks that people fill with our functions."""

import itertools

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.hosts.libreoffice_calls import SETTING


@pytest.fixture
def book(tmp_path):
    """Writes a workbook from {address: content} and, where wanted, its setting; gives its path."""
    numbers = itertools.count()

    def write(cells, setting=None, epoch=None):
        workbook = Workbook()
        if epoch is not None:
            workbook.epoch = epoch
        sheet = workbook.active
        sheet.title = "Sheet1"
        for address, content in cells.items():
            sheet[address] = content
        if setting is not None:
            sheet["ZZ1"] = setting
            workbook.defined_names[SETTING] = DefinedName(SETTING, attr_text="Sheet1!$ZZ$1")
        path = tmp_path / f"book{next(numbers)}.xlsx"
        workbook.save(path)
        return path

    return write
