"""A written workbook, broken in thousands of ways: what is read of it is right or one clear error, never a traceback.

``XLCOST_FUZZ=20000 pytest tests/exchange/test_fuzz.py`` tries more of them; each case is made from its number.
"""

import functools
import io
import os
import random
import re
import warnings
import zipfile

import pandas as pd
import pytest

from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.budget.settings_sheets import settings_of_workbook, versions_of_workbook
from xlcost.budget.tables import CAPACITY, OTHER
from xlcost.catalog import load
from xlcost.errors import XlcostError
from xlcost.examples import CAPACITY as CAPACITY_FILE
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.exchange.package import read_package
from xlcost.guard import package
from xlcost.runs import check_runs, read_runs
from xlcost.workbook.budget import write_budget

CASES = int(os.environ.get("XLCOST_FUZZ", 500))
PARTS_AT_ONCE = 100
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


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Parts of a budget, in their order."""
    path = tmp_path_factory.mktemp("fuzz") / "budget.xlsx"
    runs = {"run": ["a", "b"], "chip": "H100", "chips": [8, 16], "hours": [10, 20], "start": "2026-11-01"}
    write_budget(
        *(path, pd.DataFrame(runs)),
        tables=Tables(capacity=CAPACITY_FILE),
        settings=BudgetSettings(years=1, version="Original"),
    )
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    # What is not read, and large, only takes time to look through.
    parts = [(name, part if READ.search(name) else re.sub(rb"(?s)<row .*</row>", b"", part)) for name, part in parts]
    package_of(parts, path)
    return path.read_bytes(), parts


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


def broken(content, parts, number):
    """The case of a number: bytes of a workbook."""
    chance = random.Random(number)
    if chance.random() < 0.2:
        return chance.choice((flip, flip, cut))(content, chance)
    parts = list(parts)
    # What is read comes up as often as all the rest.
    read = [at for at, (name, _) in enumerate(parts) if READ.search(name)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.choice(read) if chance.random() < 0.7 else chance.randrange(len(parts))
        what = chance.random()
        if what < 0.05:
            parts.pop(at)
            read = [at for at, (name, _) in enumerate(parts) if READ.search(name)]
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


READ = re.compile(
    r"worksheets/sheet(?:5|7|8|9|10|11|13|15|16)\.xml$|workbook\.xml|Content_Types|_rels/|styles|sharedStrings"
)


@functools.cache
def catalog():
    return load()


def read_all(path):
    """Everything that is read of a workbook that comes back; what is wrong with it, if anything."""
    said = []
    for read in (
        lambda: check_runs(read_runs(path), catalog(), path),
        lambda: CAPACITY.read(CAPACITY.of(path)),
        lambda: OTHER.read(OTHER.of(path)),
        lambda: settings_of_workbook(path),
        lambda: versions_of_workbook(path),
        lambda: read_package(path),
    ):
        try:
            read()
        except XlcostError as error:
            said.append(str(error))
    return said + list(map(str, read_submission(path, path.name).problems))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("first", range(0, CASES, PARTS_AT_ONCE))
def test_a_broken_workbook_is_read_or_refused_in_clear_words(written, tmp_path, first, capfd):
    refused = 0
    for number in range(first, min(first + PARTS_AT_ONCE, CASES)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(broken(*written, number))
        try:
            said = read_all(path)
        except BaseException as error:  # a panic of a Rust library is no Exception
            pytest.fail(f"case {number}: {type(error).__name__}: {error}")
        assert all(text and len(line) < 2000 for text in said for line in text.splitlines()), (number, said)
        refused += bool(said)
        path.unlink()
    # The rest of the damage is to what nobody reads.
    assert refused > 20
    assert capfd.readouterr().err == ""
    package._opened.cache_clear()
