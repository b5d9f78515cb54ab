"""The Excel add-in on a simulated Windows profile."""

from pathlib import Path

import pytest

from xlcost.errors import XlcostError
from xlcost.hosts import windows_addin
from xlcost.hosts.excel_package import addin

PYTHON = r"C:\Python\python.exe"


@pytest.fixture
def profile(tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    return {"platform": "win32", "environment": {"APPDATA": str(tmp_path)}}


def files(profile):
    folder = Path(profile["environment"]["APPDATA"])
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


ADDIN = str(Path("Microsoft", "Excel", "XLSTART", "xlcost.xlam"))


def test_install_writes_one_file_into_the_start_up_folder(profile):
    said = windows_addin.install(**profile, interpreter=PYTHON)
    assert files(profile) == {"keep.txt", ADDIN}
    path = windows_addin.startup_folder(**profile) / "xlcost.xlam"
    assert path.read_bytes() == addin(PYTHON)
    assert said == f"{path}: written. Start Excel again; its functions use {PYTHON}"


def test_installing_twice_gives_the_same_bytes(profile):
    windows_addin.install(**profile, interpreter=PYTHON)
    first = (windows_addin.startup_folder(**profile) / "xlcost.xlam").read_bytes()
    windows_addin.install(**profile, interpreter=PYTHON)
    assert (windows_addin.startup_folder(**profile) / "xlcost.xlam").read_bytes() == first


def test_status_says_whether_it_is_there_and_whether_it_fits(profile):
    assert "not installed" in windows_addin.status(**profile, interpreter=PYTHON)
    windows_addin.install(**profile, interpreter=PYTHON)
    assert windows_addin.status(**profile, interpreter=PYTHON).endswith(f"installed; its functions use {PYTHON}")
    assert "for another Python" in windows_addin.status(**profile, interpreter=r"D:\other\python.exe")


def test_uninstall_removes_what_was_written_and_nothing_else(profile):
    windows_addin.install(**profile, interpreter=PYTHON)
    neighbour = windows_addin.startup_folder(**profile) / "mine.xlam"
    neighbour.write_text("mine")
    assert "removed" in windows_addin.uninstall(**profile)
    assert files(profile) == {"keep.txt", str(Path(ADDIN).with_name("mine.xlam"))}
    assert "nothing to remove" in windows_addin.uninstall(**profile)


def test_a_running_excel_is_named_and_the_old_file_stays(profile):
    windows_addin.install(**profile, interpreter=PYTHON)
    path = windows_addin.startup_folder(**profile) / "xlcost.xlam"
    before = path.read_bytes()
    path.with_name("~$xlcost.xlam").write_bytes(b"me")
    for action in (
        lambda: windows_addin.install(**profile, interpreter="other"),
        lambda: windows_addin.uninstall(**profile),
    ):
        with pytest.raises(XlcostError, match="Excel has this file open; close Excel and try again"):
            action()
    assert path.read_bytes() == before


def test_a_start_up_folder_that_cannot_be_written_is_named(profile):
    folder = windows_addin.startup_folder(**profile)
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(XlcostError, match="XLSTART: this cannot be changed .File exists.$"):
        windows_addin.install(**profile, interpreter=PYTHON)
    assert folder.read_text() == "a file where the folder should be"


def test_a_file_that_may_not_be_changed_or_read_is_not_taken_for_one_that_is_open(profile, monkeypatch):
    windows_addin.install(**profile, interpreter=PYTHON)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(XlcostError, match="cannot be changed .Permission denied.; if Excel is running, close it"):
        windows_addin.uninstall(**profile)
    with pytest.raises(XlcostError, match="xlcost.xlam: this cannot be read .Permission denied.$"):
        windows_addin.status(**profile, interpreter=PYTHON)


def test_without_windows_the_sentence_says_what_to_do_instead():
    with pytest.raises(XlcostError, match="LibreOffice: xlcost addin install --libreoffice.*xlcost-lambda"):
        windows_addin.install(platform="linux", environment={})


def test_a_windows_that_does_not_say_where_the_folder_is_is_refused():
    with pytest.raises(XlcostError, match="APPDATA"):
        windows_addin.install(platform="win32", environment={})
