"""A module added to a VBA project, read back by programs that know the format: olevba and olefile."""

import io
import zipfile
from pathlib import Path

import olefile
import pytest
import xlwings
from hypothesis import given, settings
from hypothesis import strategies as st
from oletools.olevba import VBA_Parser, decompress_stream

from xlcost.errors import XlcostError
from xlcost.hosts.compound_file import write_compound_file
from xlcost.hosts.vba_project import add_module, compress, decompress

STOCK = Path(xlwings.__file__).with_name("quickstart_standalone.xlsm")
CHARACTERS = st.characters(codec="cp1252", exclude_categories=["Cc"])
LINES = st.lists(st.text(CHARACTERS, max_size=60), max_size=40)


@pytest.fixture(scope="module")
def project():
    with zipfile.ZipFile(STOCK) as file:
        return file.read("xl/vbaProject.bin")


def modules(project):
    """Source of each module by its name, as olevba reads it."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    try:
        return {name.rpartition(".")[0]: source for *_, name, source in parser.extract_macros()}
    finally:
        parser.close()


@settings(max_examples=20)
@given(lines=LINES, times=st.integers(1, 12))
def test_a_module_is_read_back_exactly_and_the_others_are_as_they_were(project, lines, times):
    source = "\n".join(lines * times)
    found = modules(add_module(project, "Added", source))
    assert found.pop("Added") == f'Attribute VB_Name = "Added"\n{source}'.replace("\n", "\r\n")
    assert found == modules(project)


def test_a_module_takes_the_place_of_another(project):
    found = modules(add_module(project, "Added", "' one", instead_of="Module1"))
    assert "Added" in found and set(modules(project)) - set(found) == {"Module1"}
    with olefile.OleFileIO(io.BytesIO(add_module(project, "Added", "' one", instead_of="Module1"))) as file:
        assert file.parsing_issues == [] and b"Module1" not in file.openstream("PROJECT").read()
    assert add_module(project, "Added", "' one", instead_of="Not there") == add_module(project, "Added", "' one")


def test_the_file_has_no_fault_that_olefile_knows(project):
    with olefile.OleFileIO(io.BytesIO(add_module(project, "Added", "' " + "x" * 50_000))) as file:
        assert file.parsing_issues == []
        assert file.exists("VBA/Added") and file.exists("PROJECT")


@given(st.binary(max_size=9_000) | st.builds(bytes.__mul__, st.binary(min_size=1, max_size=40), st.integers(1, 600)))
def test_what_is_compressed_is_read_back_by_us_and_by_olevba(data):
    packed = compress(data)
    assert decompress(packed) == data
    if data:
        assert decompress_stream(bytearray(packed)) == data


@given(
    st.dictionaries(
        st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=1, max_size=12),
        st.binary(max_size=200) | st.integers(4_000, 9_000).map(bytes),
        max_size=20,
    )
)
def test_every_stream_of_a_compound_file_is_found_again(streams):
    with olefile.OleFileIO(io.BytesIO(write_compound_file({"FOLDER0": streams, "A": b"x"}))) as file:
        assert file.parsing_issues == []
        for name, data in streams.items():
            assert file.openstream(f"FOLDER0/{name}").read() == data


def test_the_same_module_gives_the_same_bytes(project):
    assert add_module(project, "Added", "' one") == add_module(project, "Added", "' one")


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [("xlwings", "", "already"), ("1st", "", "cannot name"), ("Added", "日本", "Windows-1252")],
)
def test_what_vba_cannot_hold_is_refused(project, name, source, said):
    with pytest.raises(XlcostError, match=said):
        add_module(project, name, source)


def test_a_project_that_does_not_fit_is_refused():
    with pytest.raises(XlcostError, match="too large"):
        write_compound_file({"A": bytes(8_000_000)})
