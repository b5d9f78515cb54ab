"""Workbooks, broken in thousands of ways: what is read of one is right or one clear error, never a traceback.

``XLCOST_FUZZ=20000 pytest tests/exchange/test_fuzz.py`` tries more of each kind; a case is made from its number.
"""

import functools
import io
import os
import random
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pytest

from tests.exchange.filled import SENT
from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.budget.settings_sheets import settings_of_workbook, versions_of_workbook
from xlcost.budget.tables import CAPACITY, OTHER
from xlcost.catalog import load
from xlcost.errors import XlcostError
from xlcost.examples import CAPACITY as CAPACITY_FILE
from xlcost.exchange.check import check
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.exchange.package import read_package
from xlcost.guard import package
from xlcost.overview import TEMPLATE_VERSION
from xlcost.runs import check_runs, read_runs
from xlcost.workbook.budget import write_budget

CASES = int(os.environ.get("XLCOST_FUZZ", 500))
CASES_AT_ONCE = 20
COMMON = r"workbook\.xml|Content_Types|_rels/|styles|sharedStrings"
ODD = [
    *(
        b"",
        b"0",
        b"-1",
        b"1e999",
        b"99999999999999999999",
        b"nan",
        b"x",
        b" ",
        b"true",
        b"&#0;",
        b"&amp;",
        b"&unknown;",
    ),
    *(
        b"A0",
        b"XFE1",
        b"ZZZZ9",
        b"A1048577",
        b"A1:B2",
        b"$A$1",
        b"1",
        b"\xff\xfe",
        b"\xe6\x97\xa5",
        b"'",
        b"../../x",
        b"s",
    ),
    *(b"inlineStr", b"e", b"b", b"d", b"str", b"n", b"2026-13-45", b"xl/worksheets/sheet1.xml", b"a" * 400),
]


@dataclass(frozen=True)
class Whole:
    """A workbook before it is broken.

    `read` is a pattern of the parts that are read; `read_all` reads a file and returns what is wrong with it.
    """

    content: bytes
    parts: list
    read: re.Pattern
    read_all: Callable


@pytest.fixture(scope="module", params=["budget", "department"])
def whole(request, tmp_path_factory):
    return {"budget": a_budget, "department": a_department}[request.param](tmp_path_factory.mktemp("fuzz"))


def a_budget(folder):
    """A budget of two runs."""
    path = folder / "budget.xlsx"
    runs = {"run": ["a", "b"], "chip": "H100", "chips": [8, 16], "hours": [10, 20], "start": "2026-11-01"}
    write_budget(
        *(path, pd.DataFrame(runs)),
        tables=Tables(capacity=CAPACITY_FILE),
        settings=BudgetSettings(years=1, version="Original"),
    )
    read = re.compile(rf"worksheets/sheet(?:5|7|8|9|10|11|13|15|16)\.xml$|{COMMON}")
    # What is not read, and large, only takes time to look through.
    parts = [
        (name, part if read.search(name) else re.sub(rb"(?s)<row .*</row>", b"", part)) for name, part in parts_of(path)
    ]
    package_of(parts, path)
    return Whole(path.read_bytes(), parts, read, read_budget)


def a_department(folder):
    """A department's workbook that was filled and saved in LibreOffice; `check` reads all of it."""
    read = re.compile(rf"worksheets/sheet\d+\.xml$|docProps/|{COMMON}")
    path = SENT[TEMPLATE_VERSION]
    return Whole(path.read_bytes(), parts_of(path), read, read_department)


def parts_of(path):
    """Parts of a package, in their order."""
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def package_of(parts, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, part in parts:
            archive.writestr(name, part)


def flip(content, chance):
    """Some bits turned."""
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut(content, chance):
    """The end, the beginning, or a piece of the middle gone."""
    begin, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice((content[:begin], content[end:], content[:begin] + content[end:]))


def without_an_element(content, chance):
    elements = list(re.finditer(rb"<([\w:]+)[^>]*/>|<([\w:]+)[^>]*>[^<]*</\2>", content))
    if not elements:
        return content
    found = chance.choice(elements)
    return content[: found.start()] + content[found.end() :]


def with_an_element_twice(content, chance):
    elements = list(re.finditer(rb"<([\w:]+)[^>]*/>|<([\w:]+)[^>]*>[^<]*</\2>", content))
    if not elements:
        return content
    found, other = chance.choice(elements), chance.choice(elements)
    return content[: other.start()] + found[0] * chance.choice((1, 1, 50)) + content[other.start() :]


def with_an_odd_attribute(content, chance):
    attributes = list(re.finditer(rb'(?<=")[^"<>]*(?=")', content))
    if not attributes:
        return content
    found = chance.choice(attributes)
    return content[: found.start()] + chance.choice(ODD) + content[found.end() :]


def without_an_attribute(content, chance):
    attributes = list(re.finditer(rb' [\w:]+="[^"<>]*"', content))
    if not attributes:
        return content
    found = chance.choice(attributes)
    return content[: found.start()] + content[found.end() :]


def with_an_odd_text(content, chance):
    texts = list(re.finditer(rb"(?<=>)[^<>]+(?=<)", content))
    if not texts:
        return content
    found = chance.choice(texts)
    return content[: found.start()] + chance.choice(ODD) + content[found.end() :]


def with_an_odd_cell(content, chance):
    """A cell of a kind and place of its own, before another one."""
    cells = list(re.finditer(rb"<c ", content))
    if not cells:
        return content
    kind, value, place = (
        chance.choice((b"s", b"n", b"e", b"b", b"d", b"str", b"x")),
        chance.choice(ODD),
        chance.choice(ODD),
    )
    cell = b'<c r="%s" t="%s"><f>%s</f><v>%s</v></c>' % (place, kind, chance.choice((b"", b"A1", b"[1]x!A1")), value)
    at = chance.choice(cells).start()
    return content[:at] + cell + content[at:]


IN_PARTS = (
    *(flip, cut, without_an_element, with_an_element_twice, with_an_odd_attribute, without_an_attribute),
    *(with_an_odd_text, with_an_odd_cell, with_an_odd_cell),
)


def broken(whole, number):
    """The case of a number: bytes of a workbook."""
    chance = random.Random(number)
    if chance.random() < 0.2:
        return chance.choice((flip, flip, cut))(whole.content, chance)
    parts = list(whole.parts)
    # What is read comes up as often as all the rest.
    read = [at for at, (name, _) in enumerate(parts) if whole.read.search(name)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.choice(read) if chance.random() < 0.7 else chance.randrange(len(parts))
        what = chance.random()
        if what < 0.05:
            parts.pop(at)
            read = [at for at, (name, _) in enumerate(parts) if whole.read.search(name)]
        elif what < 0.1:
            other = chance.randrange(len(parts))
            (one, first), (two, second) = parts[at], parts[other]
            parts[at], parts[other] = (one, second), (two, first)
        elif what < 0.13:
            parts.append(parts[at])
        else:
            parts[at] = (parts[at][0], chance.choice(IN_PARTS)(parts[at][1], chance) if parts[at][1] else b"")
    file = io.BytesIO()
    package_of(parts, file)
    return file.getvalue()


@functools.cache
def catalog():
    return load()


def read_budget(path):
    refused = refusals(
        lambda: check_runs(read_runs(path), catalog(), path),
        lambda: CAPACITY.read(CAPACITY.of(path)),
        lambda: OTHER.read(OTHER.of(path)),
        lambda: settings_of_workbook(path),
        lambda: versions_of_workbook(path),
        lambda: read_package(path),
    )
    return [*refused, *map(str, read_submission(path, path.name).problems)]


def read_department(path):
    found = []
    refused = refusals(lambda: found.extend(check(path).findings))
    return [*refused, *map(str, found), *map(str, read_submission(path, path.name).problems)]


def refusals(*readers):
    """Why readers refuse a file."""
    said = []
    for read in readers:
        try:
            read()
        except XlcostError as error:
            said.append(str(error))
    return said


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("first", range(0, CASES, CASES_AT_ONCE))
def test_a_broken_workbook_is_read_or_refused_in_clear_words(whole, tmp_path, first, capfd):
    refused = 0
    for number in range(first, min(first + CASES_AT_ONCE, CASES)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(broken(whole, number))
        try:
            said = whole.read_all(path)
        except BaseException as error:  # a panic of a Rust library is no Exception
            pytest.fail(f"case {number}: {type(error).__name__}: {error}")
        assert all(text and len(line) < 2000 for text in said for line in text.splitlines()), (number, said)
        refused += bool(said)
        path.unlink()
    # The rest of the damage is to what nobody reads.
    assert refused > CASES_AT_ONCE / 5
    assert capfd.readouterr().err == ""
    package._opened.cache_clear()
