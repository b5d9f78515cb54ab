"""Whatever stops the writing of a file, the old one or the new one is there, whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from xlcost.files import replacing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL, limits of file sizes and links are POSIX's")

RUNS = "run,chip,chips,hours\n"
WRITE = [sys.executable, "-m", "xlcost", "budget"]


def is_whole(path):
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None and b"</workbook>" in archive.read("xl/workbook.xml")


def budget_of(folder, name, count):
    (folder / f"{name}.csv").write_text(RUNS + "".join(f"{name}{number},H100,8,10\n" for number in range(count)))
    subprocess.run([*WRITE, f"{name}.csv", "-o", f"{name}.xlsx"], cwd=folder, check=True, capture_output=True)
    return (folder / f"{name}.xlsx").read_bytes()


def test_a_process_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path):
    old, new = budget_of(tmp_path, "old", 3), budget_of(tmp_path, "new", 30)
    target, chance, kinds = tmp_path / "budget.xlsx", random.Random(5), set()
    started = time.monotonic()
    subprocess.run([*WRITE, "new.csv", "-o", "timed.xlsx"], cwd=tmp_path, check=True, capture_output=True)
    takes = time.monotonic() - started
    for _ in range(12):
        shutil.copy(tmp_path / "old.xlsx", target)
        process = subprocess.Popen(
            [*WRITE, "new.csv", "-o", "budget.xlsx", "--force"], cwd=tmp_path, stdout=subprocess.PIPE
        )
        # Most of the moments are in the second half, in which it is written.
        time.sleep(takes * chance.uniform(0.4, 1.1))
        process.kill()
        process.communicate()
        found = target.read_bytes()
        assert found in (old, new)
        kinds.add((found == new, process.returncode == -signal.SIGKILL))
    assert (False, True) in kinds


@pytest.mark.parametrize("moment", ["written", "synced", "replaced"])
def test_a_process_that_is_killed_at_the_worst_moments_leaves_a_whole_file(tmp_path, moment):
    target = tmp_path / "out.txt"
    target.write_text("old")
    script = f"""
import os, signal
from xlcost.files import replacing
kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sync, replace = os.fsync, os.replace
if {moment!r} == "synced":
    os.replace = kill
if {moment!r} == "replaced":
    os.replace = lambda *paths: (replace(*paths), kill())
with replacing({str(target)!r}, True) as temporary:
    temporary.write_text("new" * 100_000)
    if {moment!r} == "written":
        kill()
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    assert target.read_text() == ("new" * 100_000 if moment == "replaced" else "old")


def test_of_two_processes_that_write_one_file_one_stays_whole(tmp_path):
    contents = {budget_of(tmp_path, "one", 3), budget_of(tmp_path, "two", 30)}
    for _ in range(3):
        processes = [
            subprocess.Popen(
                [*WRITE, f"{name}.csv", "-o", "budget.xlsx", "--force"], cwd=tmp_path, stdout=subprocess.PIPE
            )
            for name in ("one", "two")
        ]
        assert [process.communicate() and process.returncode for process in processes] == [0, 0]
        assert (tmp_path / "budget.xlsx").read_bytes() in contents
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_of_two_processes_that_write_a_new_file_one_is_told_that_it_is_there(tmp_path):
    budget_of(tmp_path, "one", 3)
    commands = [
        subprocess.Popen(
            [*WRITE, "one.csv", "-o", "budget.xlsx"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1].decode() for process in commands]
    assert sorted(process.returncode for process in commands) == [0, 2]
    assert any("the file exists; --force replaces it" in text for text in said) and is_whole(tmp_path / "budget.xlsx")


@pytest.mark.parametrize("words", [("budget", "-o", "out.xlsx", "--force"), ("models", "--csv", "out.csv")])
def test_a_full_disk_leaves_the_old_file(tmp_path, words):
    (tmp_path / words[2]).write_text("old")
    # A limit on the size of files stands in for a disk that fills.
    script = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)); from xlcost.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 2 and done.stderr == f"xlcost: {words[2]}: could not be written (File too large)\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(words[2], "old")]


def test_what_fails_while_it_is_written_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "out.txt").write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "out.txt", True) as temporary:
        temporary.write_text("new")
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == ["out.txt"] and (tmp_path / "out.txt").read_text() == "old"
