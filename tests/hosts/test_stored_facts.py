"""Functions answer from facts kept in the user's cache, and from no others than those of the catalog."""

import os
import subprocess
import sys

import numpy as np
import pytest

from xlcost.catalog import edition_names, load
from xlcost.equations.parameters import ASSUMPTIONS
from xlcost.facts import facts_of
from xlcost.hosts import stored_facts as stored
from xlcost.lookup import Listed


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    folder = tmp_path / "cache"
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: folder)
    return folder


def found(names, text):
    """The chip's name and its note, or why there is none."""
    try:
        return names.find(text)
    except LookupError as refusal:
        return str(refusal)


def assert_is_the_catalog(result, edition):
    facts, names, vendor_spellings = result
    catalog = load(edition)
    expected = vars(facts_of(catalog, ASSUMPTIONS))
    assert vars(facts).keys() == expected.keys()
    for name, value in expected.items():
        ours = getattr(facts, name)
        assert type(ours) is type(value) or np.isscalar(value), name
        if isinstance(value, Listed):
            ours, value = ours.entries, value.entries
        np.testing.assert_array_equal(ours, value, name)
    assert vendor_spellings == catalog.vendor_spellings
    for text in (*catalog.chips["chip"], *catalog.chips["aliases"], *catalog.chips["family"], "h1", "of nobody"):
        assert found(names, text) == found(catalog.names, text)


@pytest.mark.parametrize("edition", edition_names())
def test_what_is_stored_and_what_is_read_again_are_the_facts_of_the_catalog(cache, edition):
    assert_is_the_catalog(stored.stored_facts(edition), edition)
    (file,) = cache.iterdir()
    before = file.stat()
    assert_is_the_catalog(stored.stored_facts(edition), edition)
    assert file.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("harm", [b"", b"{}", b"\xff\xfe", b"0\n{}"])
def test_a_stored_file_that_was_changed_is_made_again(cache, harm):
    stored.stored_facts("2024-05")
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    for content in (harm, whole[: len(whole) // 2], whole.replace(b"40", b"41", 1)):
        file.write_bytes(content)
        assert_is_the_catalog(stored.stored_facts("2024-05"), "2024-05")
        assert file.read_bytes() == whole


def test_other_tables_are_stored_anew_and_what_is_old_is_removed(cache, monkeypatch):
    stored.stored_facts("2024-05")
    stored.stored_facts("2025-07")
    (cache / "of_another").write_text("")
    before = {file.name for file in cache.iterdir()}
    monkeypatch.setattr(stored, "CODE", stored.CODE[:-1])
    stored.stored_facts("2024-05")
    after = {file.name for file in cache.iterdir()}
    assert len(after) == len(before) and len(after - before) == 1
    assert {name[:13] for name in before - after} == {"facts-2024-05"}


def test_functions_compute_where_nothing_can_be_stored(cache):
    cache.write_text("a file in the folder's place")
    assert_is_the_catalog(stored.stored_facts("2024-05"), "2024-05")
    assert cache.read_text() == "a file in the folder's place"


def test_a_function_is_answered_without_pandas_once_the_facts_are_stored(tmp_path):
    program = (
        "import sys; from xlcost.hosts.cells import call; "
        "value = call('AMORTIZED_COST', ['H100', 5000, 1440]); column = call('CHIP_PRICE', [[['H100'], ['A100']]]); "
        "print(value, column, 'pandas' in sys.modules)"
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "HOME": str(tmp_path)}
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ | environment
        ).stdout.split()
        for _ in range(2)
    ]
    assert [said[-1] for said in runs] == ["True", "False"]
    assert runs[0][:-1] == runs[1][:-1]
