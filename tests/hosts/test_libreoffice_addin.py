"""The add-in in a real LibreOffice: when it computes, with which edition, and what becomes of its processes."""

import datetime
import os
import pathlib
import signal
import sys
import tempfile
import time
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook

from tests.conftest import engine
from tests.engines.cells import CellError, EngineMissing
from tests.engines.libreoffice import LibreOffice, unopkg_for, with_addin
from tests.hosts.libreoffice_calls import same, values, workers
from tests.processes import is_alive, on_posix
from xlcost.catalog import edition_names, newest_edition
from xlcost.errors import XlcostError
from xlcost.hosts.cells import call
from xlcost.hosts.libreoffice import build, install, installation, status, uninstall

# --- when it computes


def test_an_edit_recalculates_what_depends_on_it(libreoffice, book):
    cells = {"A1": "H100", "B1": 8, "C1": 100, "D1": "=AMORTIZED_COST(A1,B1,C1)", "E1": "=D1*2"}
    with libreoffice.open(book(cells)) as document:
        document.set({("Sheet1", "A1"): "A100", ("Sheet1", "B1"): 9})
        cost = call("AMORTIZED_COST", ["A100", 9, 100])
        assert all(map(same, values(document, "D1", "E1"), [cost, cost * 2]))


@on_posix
def test_an_edit_elsewhere_computes_nothing(libreoffice, book):
    with libreoffice.open(book({"A1": '=CHIP_PRICE("H100")', "B1": 1, "C1": "=B1+1"})) as document:
        for process in workers(libreoffice):
            os.kill(process, signal.SIGKILL)
        document.set({("Sheet1", "B1"): 5})
        assert values(document, "C1", "A1") == [6.0, call("CHIP_PRICE", ["H100"])]
        assert not workers(libreoffice)
        document.type({("Sheet1", "A2"): '=CHIP_PRICE("A100")'})
        assert values(document, "A2") == [call("CHIP_PRICE", ["A100"])]
        assert len(workers(libreoffice)) == 1


# --- the workbook's setting


def test_a_workbook_computes_with_its_own_edition(libreoffice, book):
    gpt_4 = '=AMORTIZED_COST("NVIDIA A100 SXM4 40 GB",25000,2280,DATE(2022,5,12),"OpenAI",,0.0806)'
    with libreoffice.open(book({"A1": gpt_4, "A2": "=XLCOST_EDITION()"}, setting="2024-05")) as document:
        cost, edition = values(document, "A1", "A2")
    assert edition == "2024-05"
    assert round(cost / 1e6, 2) == 40.16


def test_another_setting_computes_all_of_its_workbook_anew_and_no_other(libreoffice, book):
    cells = {"A1": '=CHIP_PRICE("H100")', "A2": "=XLCOST_EDITION()", "A3": "=A1*2"}
    first, second = book(cells, setting="2024-05"), book(cells, setting="2025-07")
    with libreoffice.open(first) as one, libreoffice.open(second) as other, libreoffice.open(book(cells)) as plainly:
        prices = {edition: call("CHIP_PRICE", ["H100"], edition) for edition in edition_names()}
        newest = newest_edition()
        for edition in ("2024-05", "2026-11", "2025-07", "2024-05"):
            one.set({("Sheet1", "ZZ1"): edition})
            assert values(one, "A1", "A2", "A3") == [prices[edition], edition, prices[edition] * 2]
            assert values(other, "A1", "A2") == [prices["2025-07"], "2025-07"]
            assert values(plainly, "A1", "A2") == [prices[newest], newest]
        one.set({("Sheet1", "ZZ1"): None})
        assert values(one, "A2") == [newest]
        one.set({("Sheet1", "ZZ1"): "2019-01"})
        assert values(one, "A1") == [CellError("#N/A")]


def test_an_edition_that_became_a_date_when_it_was_typed_is_the_edition(libreoffice, book):
    with libreoffice.open(book({"A1": "=XLCOST_EDITION()"}, setting=datetime.date(2025, 7, 1))) as document:
        assert values(document, "A1") == ["2025-07"]


def test_a_setting_that_is_a_formula_is_followed(libreoffice, book):
    cells = {"A1": "=XLCOST_EDITION()", "B1": "2024"}
    with libreoffice.open(book(cells, setting='=B1&"-05"')) as document:
        assert eventually(document, "A1", "2024-05")
        # Typed, with automatic calculation on: while it is off, a formula's new text is not known.
        document.type({("Sheet1", "B1"): "2023"})
        assert eventually(document, "A1", CellError("#N/A"))


def eventually(document, address, expected):
    """Whether a cell shows a value soon: what depends on a setting by formula is computed when Calc is idle."""
    for _ in range(50):
        if values(document, address) == [expected]:
            return True
        time.sleep(0.1)
    return False


# --- files, processes, installation


def test_a_file_that_libreoffice_saves_keeps_the_functions_names(libreoffice, book, tmp_path):
    with libreoffice.open(book({"A1": '=AMORTIZED_COST("H100",8,100,,,"market")'})) as document:
        document.save_as(tmp_path / "saved.xlsx")
    assert "AMORTIZED_COST(" in str(load_workbook(tmp_path / "saved.xlsx")["Sheet1"]["A1"].value).upper()
    with libreoffice.open(tmp_path / "saved.xlsx") as document:
        assert values(document, "A1") == [call("AMORTIZED_COST", ["H100", 8, 100])]


@on_posix
def test_a_worker_that_is_killed_is_started_again_and_the_cell_shows_its_value(libreoffice, book):
    with libreoffice.open(book({"A1": 8, "B1": '=AMORTIZED_COST("H100",A1,100)'})) as document:
        (before,) = workers(libreoffice)
        for signal_number in (signal.SIGKILL, signal.SIGTERM):
            os.kill(before, signal_number)
            document.set({("Sheet1", "A1"): 9})
            assert same(*values(document, "B1"), call("AMORTIZED_COST", ["H100", 9, 100]))
            (after,) = workers(libreoffice)
            assert after != before
            before = after


@contextmanager
def another_office(prepare):
    with engine(lambda: LibreOffice(prepare)) as office:
        yield office


@on_posix
def test_no_process_remains_when_the_office_ends_or_is_killed(book):
    path = book({"A1": '=CHIP_PRICE("H100")'})
    with another_office(with_addin) as office:
        with office.open(path) as document:
            assert values(document, "A1") == [call("CHIP_PRICE", ["H100"])]
        (process,) = workers(office)
    for _ in range(50):
        if not is_alive(process):
            break
        time.sleep(0.1)
    assert not is_alive(process)


@pytest.mark.parametrize(
    "interpreter, reason",
    [("/no/such/python", "cannot be started (No such file or directory)"), ("/bin/false", "could not load xlcost")],
)
def test_without_its_python_a_cell_shows_an_error_and_one_function_says_why(tmp_path, book, interpreter, reason):
    def prepare(profile):
        package = profile.with_name("xlcost.oxt")
        build(package, interpreter)
        installation.run_unopkg(_tool(profile), ["add"], profile, False, [str(package)])

    cells = {f"A{row}": f'=CHIP_PRICE("H100",{row})' for row in range(1, 200)} | {"B1": "=XLCOST_EDITION()"}
    with another_office(prepare) as office:
        begun = time.monotonic()
        with office.open(book(cells)) as document:
            assert {str(*row) for row in document.grid("Sheet1", "A1:A199")} == {"#NAME?"}
            (why,) = values(document, "B1")
        assert time.monotonic() - begun < 10
    assert reason in why and interpreter in why and "xlcost addin install --libreoffice" in why


def test_installing_twice_asking_and_removing_say_what_is_so():
    # Not below pytest's own folder, which only its owner may enter, and the tool may have to work for another user.
    with tempfile.TemporaryDirectory(prefix="xlcost-profile-") as folder:
        profile = pathlib.Path(folder, "a profile")
        tool = engine(lambda: _tool(profile))
        assert "is not installed" in status(profile, unopkg=tool)
        assert "nothing was done" in uninstall(profile, unopkg=tool)
        for _ in range(2):
            assert sys.executable in install(profile, unopkg=tool)
            assert status(profile, unopkg=tool).endswith(f"computed by {sys.executable}.")
        # What LibreOffice itself leaves while it runs.
        lock = profile / ".lock"
        lock.write_text("[Lockdata]\nUser=\nHost=elsewhere\nStamp=AAAA\nTime=x\nIPCServer=true\n")
        with pytest.raises(XlcostError, match="LibreOffice is running"):
            uninstall(profile, unopkg=tool)
        lock.unlink()
        assert "no longer" in uninstall(profile, unopkg=tool)
        assert "is not installed" in status(profile, unopkg=tool)


def _tool(profile):
    """The tool for a profile, on a machine that has it."""
    try:
        return unopkg_for(profile) or installation.find_unopkg()
    except XlcostError as missing:
        raise EngineMissing(str(missing)) from None
