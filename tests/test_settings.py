"""Which edition is in force, of those that a workbook, the environment and the user name."""

import pytest

from xlcost import settings
from xlcost.catalog import newest_edition
from xlcost.errors import XlcostError
from xlcost.hosts.cells import call


@pytest.fixture
def configuration(tmp_path, monkeypatch):
    """The place of the user's configuration, which is not there yet."""
    monkeypatch.delenv(settings.VARIABLE, raising=False)
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path)
    settings.edition_of_user.cache_clear()
    yield tmp_path / settings.FILE_NAME
    settings.edition_of_user.cache_clear()


def test_the_first_that_names_one_counts_workbook_environment_user_newest(configuration, monkeypatch):
    configuration.write_text('edition = "2025-07"\n')
    assert settings.edition_in_force() == "2025-07"
    monkeypatch.setenv(settings.VARIABLE, " 2024-05 ")
    assert settings.edition_in_force() == "2024-05"
    assert settings.edition_in_force("2026-11") == "2026-11"
    monkeypatch.setenv(settings.VARIABLE, "")
    assert settings.edition_in_force("") == "2025-07"


@pytest.mark.parametrize("content", [None, "", "other = 1\n"])
def test_without_any_it_is_the_newest(configuration, content):
    if content is not None:
        configuration.write_text(content)
    assert settings.edition_in_force() == newest_edition()


def test_a_configuration_may_begin_with_a_byte_order_mark(configuration):
    configuration.write_bytes(b'\xef\xbb\xbfedition = "2025-07"\n')
    assert settings.edition_in_force() == "2025-07"


@pytest.mark.parametrize("content", [b"edition = 2025-07 or so", b"\xff\xfe", b"["])
def test_a_configuration_that_cannot_be_read_is_named_and_a_cell_shows_no_price(configuration, content):
    configuration.write_bytes(content)
    with pytest.raises(XlcostError, match=f"{settings.FILE_NAME}: the configuration cannot be read"):
        settings.edition_in_force()
    assert call("CHIP_PRICE", ["H100"]) == "#N/A"
    assert call("CHIP_PRICE", ["H100"], "2026-11") == 44489.88


def test_an_edition_that_is_not_there_is_refused_with_those_that_are(configuration):
    configuration.write_text('edition = "2019-01"\n')
    with pytest.raises(XlcostError, match="no price edition '2019-01'; there are 2024-05, 2025-07, 2026-11"):
        settings.edition_in_force()
