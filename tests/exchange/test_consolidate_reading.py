"""Many files are read by several processes: the result is that of one process, whatever becomes of the others."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.exchange import hostile_files as hostile
from tests.exchange import hostile_parts as parts
from tests.processes import is_alive, on_posix, started_by
from xlcost import catalog
from xlcost.exchange.consolidation import reading
from xlcost.exchange.consolidation.company import consolidated
from xlcost.exchange.consolidation.reading import read_submissions
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.workbook.budget import write_budget

RUNS = "run,chip,chips,hours,department,start\nA,H100,8,100,{department},2026-05-01\nB,H100,-1,100,,2026-05-01\n"
PATIENCE = 30
"""Until a process that was started must have read something. [s]"""
COMMAND = """
import signal
from xlcost.cli import main
# A shell has what it starts in the background ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@pytest.fixture
def files(tmp_path):
    """Files of every kind, bad ones among them."""
    sent = tmp_path / "sent"
    sent.mkdir()
    makers = {
        "cut": parts.cut(0.5),
        "nobody has computed it": parts.formula(b"4+4", b""),
        "an error": parts.rows(b'<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'),
        "a formula that calls out": parts.formula(b'WEBSERVICE("https://example.com")'),
        "well": lambda path: parts.write(path, parts.well()),
    }
    for number in range(25):
        (sent / f"{number:02} table.csv").write_text(RUNS.format(department=f"Department {number}"))
    for number, (name, make) in enumerate(makers.items()):
        make(sent / f"{5 * number:02} {name}.xlsx")
    (sent / "07 empty.csv").write_text("")
    (sent / "08 old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    return [(path, path.name) for path in [*sorted(sent.iterdir()), sent / "gone.csv"]]


@pytest.fixture
def patient(monkeypatch):
    """This process waits until the first files have been given to another one; gives what it reads itself."""
    next_of_own, own = reading._Work.next_of_own, []

    def wait(work):
        until = time.monotonic() + PATIENCE
        while not own and 0 in work._left and time.monotonic() < until:
            time.sleep(0.01)
        number = next_of_own(work)
        own.extend([number] * (number is not None))
        return number

    monkeypatch.setattr(reading._Work, "next_of_own", wait)
    return own


def written(path, submissions):
    """Bytes of the company's workbook."""
    company = consolidated(submissions, catalog.load("2026-11"), {})
    write_budget(path, company.runs(), tables=company.beside(), company=company, language="ja", replace=True)
    return path.read_bytes()


@pytest.mark.parametrize("processes", [2, 3])
def test_files_that_other_processes_read_come_to_the_same_bytes_in_the_same_order(files, tmp_path, patient, processes):
    alone, seen = [read_submission(*file) for file in files], []
    together = read_submissions(files, lambda *told: seen.append(told), processes)
    assert [sent.name for sent in together] == [name for _, name in files]
    assert [sent.problems for sent in together] == [sent.problems for sent in alone]
    assert sum(bool(sent.problems) for sent in together) == 5
    target = tmp_path / "company.xlsx"
    assert written(target, together) == written(target, alone)
    assert len(patient) < len(files)
    assert seen == sorted(seen) and seen[-1][0] > len(patient) and {total for _, total in seen} == {len(files)}


def test_whatever_is_wrong_with_a_file_can_be_said_by_another_process(tmp_path, patient, capfd):
    for number, make in enumerate(make for make, _ in hostile.WORKBOOKS.values()):
        if number % 6 == 0:
            make(tmp_path / f"{number}.xlsx")
    files = [(path, path.name) for path in sorted(tmp_path.iterdir())]
    together, alone = read_submissions(files, processes=2), [read_submission(*file) for file in files]
    assert [sent.problems for sent in together] == [sent.problems for sent in alone]
    assert all(sent.problems for sent in together) and len(patient) < len(files)
    assert capfd.readouterr() == ("", "")


def opened_for_writing(path):
    """A named pipe, once somebody reads it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            time.sleep(0.01)
    raise TimeoutError(path)


@on_posix
def test_what_a_process_had_in_hand_when_it_was_killed_is_read_all_the_same(files, tmp_path, patient, capfd):
    alone = [read_submission(*file) for file in files]
    # The first file is a pipe: the process to which it is given waits until somebody writes into it.
    first, kept, killed = files[0][0], tmp_path / "kept", []
    first.rename(kept)
    os.mkfifo(first)

    def kill():
        pipe = opened_for_writing(first)
        os.replace(kept, first)
        killed.extend(started_by(os.getpid(), reading.READER))
        os.kill(killed[0], signal.SIGKILL)
        os.close(pipe)

    killer = threading.Thread(target=kill)
    killer.start()
    together = read_submissions(files, processes=2)
    killer.join()
    assert len(killed) == 1
    assert written(tmp_path / "company.xlsx", together) == written(tmp_path / "company.xlsx", alone)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("reader", ["xlcost.nothing", "this"])
def test_where_no_other_process_can_read_this_one_reads_all(files, monkeypatch, reader):
    # "this" imports well, and ends after having said something else.
    monkeypatch.setattr(reading, "READER", reader)
    together = read_submissions(files, lambda *_: time.sleep(0.05), processes=3)
    assert [sent.name for sent in together] == [name for _, name in files]
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    together = read_submissions(files, processes=3)
    assert [sent.name for sent in together] == [name for _, name in files]


@pytest.mark.parametrize(("processors", "count"), [(1, 200), (8, 20)])
def test_on_one_processor_and_for_few_files_no_process_is_started(tmp_path, monkeypatch, processors, count):
    def refuse(*_, **__):
        pytest.fail("a process is started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    path = tmp_path / "sent.csv"
    path.write_text(RUNS)
    assert len(read_submissions([(path, str(number)) for number in range(count)])) == count


def test_nothing_is_run_that_lies_in_the_folder_of_the_files(files, tmp_path, patient, monkeypatch):
    (tmp_path / "pandas.py").write_text("open('harm', 'w')")
    monkeypatch.chdir(tmp_path)
    assert len(read_submissions(files, processes=2)) == len(files) and not Path("harm").exists()


@on_posix
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_interrupted_leaves_no_process_and_no_file(tmp_path, sign):
    sent = tmp_path / "sent"
    sent.mkdir()
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(3, 10_000))
    for number in range(200):
        parts.rows(rows)(sent / f"{number}.xlsx")
    command = [sys.executable, "-P", "-c", COMMAND, "consolidate", "sent", "-o", "company.xlsx"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        until = time.monotonic() + PATIENCE
        while not (readers := started_by(process.pid, reading.READER)) and time.monotonic() < until:
            time.sleep(0.01)
        # As a terminal does for Ctrl-C: to the command, and to all that it has started and not set apart.
        os.killpg(process.pid, sign)
        said = process.communicate(timeout=PATIENCE)[1]
    assert readers and process.returncode != 0 and "Traceback" not in said
    until = time.monotonic() + PATIENCE
    while any(map(is_alive, readers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(is_alive, readers))
    assert not (tmp_path / "company.xlsx").exists()
