"""The command line, as people type it."""

import contextlib
import csv
import io
import os
import stat
import struct
import subprocess
import sys

import pytest
from openpyxl import Workbook, load_workbook

from xlcost.examples import PORTFOLIO
from xlcost.hosts import windows_addin
from xlcost.workbook import checks

GOOD = "run,chip,chips,hours\na,H100,8,10\n"


def test_budget_without_runs_writes_the_shipped_portfolio(xlcost, tmp_path):
    assert xlcost("budget") == (0, "budget.xlsx\n", "")
    names = [row[0].value for row in load_workbook(tmp_path / "budget.xlsx")["Runs"]["A6:A13"]]
    assert names == [row["run"] for row in csv.DictReader(PORTFOLIO.open())]


def test_a_budget_reads_the_runs_of_a_budget(xlcost, tmp_path):
    xlcost("budget", "-o", "first.xlsx")
    assert xlcost("budget", "first.xlsx", "-o", "second.xlsx")[0] == 0
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_checks_that_need_a_look_are_named_when_a_budget_is_written(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours,start,capacity\na,H100,8,10,2026-03-01,Nowhere\n")
    (tmp_path / "pool.csv").write_text("capacity,kind,owner,chip,chips,in_service\nPool,owned,IT,H100,8,2026-01-01\n")
    status, out, err = xlcost("budget", "runs.csv", "--capacity", "pool.csv")
    assert (status, out) == (0, "budget.xlsx\n")
    assert err == "xlcost: 1 check needs a look: Runs whose cluster is not on Capacity; see the sheet Checks\n"
    # A chip without a price: the lines are those of the sheet, in its order.
    (tmp_path / "pool.csv").write_text("capacity,kind,owner,chip,chips,in_service\nPool,owned,IT,B300,8,2026-01-01\n")
    err = xlcost("budget", "runs.csv", "--capacity", "pool.csv", "--force")[2]
    sheet = load_workbook(tmp_path / "budget.xlsx", data_only=True)["Checks"]
    red = [
        row[0].value for row in sheet.iter_rows(min_row=5) if row[4].value == "CHECK" and row[0].value != "Master check"
    ]
    assert len(red) == 3 and "Capacity without a cost" in red
    assert err == f"xlcost: 3 checks need a look: {'; '.join(red)}; see the sheet Checks\n"


def test_a_long_list_of_checks_is_cut_and_says_so_in_the_words_of_the_sheet(xlcost, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "NAMED", 1)
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours,capacity\na,H100,8,10,Nowhere\nb,B300,8,10,\n")
    (tmp_path / "pool.csv").write_text("capacity,kind,owner,chip,chips,in_service\nPool,owned,IT,H100,8,2026-01-01\n")
    status, _, err = xlcost("budget", "runs.csv", "--capacity", "pool.csv", "--language", "ja")
    assert (status, err) == (0, "xlcost: 2 checks need a look: 全案件に予算額がある; …; see the sheet 検算\n")


def test_an_existing_workbook_is_replaced_only_with_force(xlcost, tmp_path):
    (tmp_path / "budget.xlsx").write_text("mine")
    status, out, err = xlcost("budget")
    assert (status, out) == (2, "") and err == "xlcost: budget.xlsx: the file exists; --force replaces it\n"
    assert (tmp_path / "budget.xlsx").read_text() == "mine"
    assert xlcost("budget", "--force")[0] == 0


def test_estimates_go_to_standard_output_as_csv(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(GOOD)
    status, out, err = xlcost("estimate", "runs.csv", "--edition", "2026-11", "--csv", "-")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (status, err) == (0, "") and row["chip"] == "NVIDIA H100 SXM5 80GB" and float(row["chip_hours"]) == 80


def test_a_csv_file_is_written_anew_each_time_but_never_over_the_runs(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(GOOD)
    assert xlcost("estimate", "runs.csv", "--csv", "costs.csv") == (0, "costs.csv\n", "")
    first = (tmp_path / "costs.csv").read_text()
    assert (
        xlcost("estimate", "runs.csv", "--csv", "costs.csv")[0] == 0 and (tmp_path / "costs.csv").read_text() == first
    )
    status, _, err = xlcost("estimate", "runs.csv", "--csv", "./runs.csv")
    assert status == 2 and "the runs are in this file" in err and (tmp_path / "runs.csv").read_text() == GOOD
    status, _, err = xlcost("estimate", "runs.csv", "--prices", "prices.csv", "--csv", "prices.csv")
    assert status == 2 and "the prices are in this file" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("budget", "-o", "b.pdf"), "b.pdf: the name of a workbook must end in .xlsx"),
        (("models", "--csv", "m.xlsx"), "m.xlsx: a CSV file must not be called like a workbook"),
    ],
)
def test_a_file_is_called_what_it_is(xlcost, tmp_path, words, said):
    status, out, err = xlcost(*words)
    assert (status, out, list(tmp_path.iterdir())) == (2, "", []) and said in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes in folders nor links for everybody")
def test_a_pipe_is_written_to_and_a_link_is_followed(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True)
    assert xlcost("estimate", "runs.csv", "--csv", "pipe")[0] == 0
    assert reader.communicate()[0].startswith("run,chip,") and stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "pipe.xlsx: this is a device or a pipe" in xlcost("budget", "-o", "pipe.xlsx", "--force")[2]
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert xlcost("estimate", "runs.csv", "--csv", "link.csv")[0] == 0
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "real.csv").read_text().startswith("run,chip,")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such rights with a file")
def test_a_workbook_that_is_replaced_keeps_who_may_read_it(xlcost, tmp_path):
    xlcost("budget")
    (tmp_path / "budget.xlsx").chmod(0o600)
    assert xlcost("budget", "--force")[0] == 0
    assert stat.S_IMODE((tmp_path / "budget.xlsx").stat().st_mode) == 0o600


def in_a_process(folder, *words, **options):
    return subprocess.run(
        [sys.executable, "-m", "xlcost", *words], cwd=folder, capture_output=True, check=False, **options
    )


def test_names_of_all_alphabets_pass_through_a_pipe_of_any_encoding(tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours\n日本 Σ,H100,8,10\n", encoding="utf-8")
    for encoding in ("cp1252", "ascii"):
        done = in_a_process(tmp_path, "estimate", "runs.csv", env={**os.environ, "PYTHONIOENCODING": encoding})
        assert done.returncode == 0 and "日本 Σ" in done.stdout.decode()
        done = in_a_process(
            tmp_path, "budget", "-o", "研.xlsx", "--force", env={**os.environ, "PYTHONIOENCODING": encoding}
        )
        assert done.returncode == 0 and (tmp_path / "研.xlsx").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes standard output")
def test_a_closed_standard_output_is_one_clear_sentence(tmp_path):
    command = f"{sys.executable} -m xlcost"
    done = subprocess.run(f"{command} models >&-", shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr == "xlcost: standard output is closed; --csv writes to a file\n"
    done = subprocess.run(f"{command} budget >&-", shell=True, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 0 and (tmp_path / "budget.xlsx").exists()


def on_a_terminal(folder, *words, columns=80):
    """What a person sees who types a command on a terminal of this width."""
    import fcntl
    import pty
    import termios

    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment["TERM"] = "xterm"
    command = [sys.executable, "-m", "xlcost", *words]
    with subprocess.Popen(command, stdout=other, stderr=other, stdin=other, cwd=folder, env=environment) as process:
        os.close(other)
        seen = b""
        with contextlib.suppress(OSError):  # which is how the end of it is told
            while part := os.read(main, 4096):
                seen += part
        process.wait()
    os.close(main)
    return seen.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal of this kind")
@pytest.mark.parametrize("columns", [80, 200])
def test_a_narrow_terminal_shows_every_amount_whole(tmp_path, columns):
    seen = on_a_terminal(tmp_path, "budget", columns=columns)
    for amount in ("301,454,771", "1,166,400,000", "51,260,340", "8,808,038"):
        assert amount in seen
    assert ("Frontier models" in seen) == (columns == 200)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal of this kind")
def test_a_run_without_a_cost_is_named_with_the_reason(tmp_path):
    (tmp_path / "runs.csv").write_text(GOOD + "b,B300,8,10\n")
    seen = on_a_terminal(tmp_path, "estimate", "runs.csv", columns=200)
    assert "1 without a cost" in seen
    assert "No purchase price is known" in seen.rpartition("b: ")[2]


def test_a_pipe_gets_csv_without_asking(xlcost):
    assert xlcost("prices", "H200")[1] == xlcost("prices", "H200", "--csv", "-")[1]


def test_models_lists_45_amortized_costs_of_the_paper(xlcost):
    rows = list(csv.DictReader(io.StringIO(xlcost("models", "--edition", "2024-05", "--csv", "-")[1])))
    assert sum(row["amortized_cost"] != "" for row in rows) == 45
    assert list(rows[0])[:17] == [
        "model",
        "published",
        "training_start",
        "acquired",
        "chip_hours",
        "acquisition_price_per_chip",
        "value_at_start_per_chip",
        "accelerator_chips",
        "server_components",
        "interconnect",
        "energy",
        "amortized_cost",
        "amortized_cost_real",
        "acquisition_cost",
        "cloud_cost",
        "power_capacity_kw",
        "note",
    ]


def test_prices_of_a_chip_carry_date_and_source(xlcost):
    rows = list(csv.DictReader(io.StringIO(xlcost("prices", "B200", "--csv", "-")[1])))
    assert rows[0]["kind"] == "purchase" and float(rows[0]["usd"]) == 47_409.13
    assert all(row["date"] and row["source"] for row in rows)


def test_a_csv_file_does_not_hold_formulas_from_outside(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours,department\n=1+1,H100,8,10,@x\n")
    (row,) = csv.DictReader(io.StringIO(xlcost("estimate", "runs.csv", "--csv", "-")[1]))
    assert (row["run"], row["department"]) == ("'=1+1", "'@x")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("runs.csv", "", "runs.csv: the file is empty"),
        ("runs.csv", "\n\n", "runs.csv: the file is empty"),
        ("runs.csv", "run,chip,chips,hours\n", "there are no runs in it"),
        ("runs.csv", "run,chips,hours\na,1,1\n", "runs.csv: column 'chip' is missing"),
        ("runs.csv", "run,chip,chips,hours,colour\na,H100,1,1,red\n", "column 'colour' is not known; allowed are run,"),
        ("runs.csv", "run,chip,chip\na,H100,H100\n", "column 'chip' is there twice"),
        ("runs.csv", "run,chip,chips,hours\na,H100,1,1,9\n", "row 2: more cells than there are headings"),
        (
            "runs.csv",
            "run,chip,chips,hours\na,H100,-1,1\nb,?,1,x\n",
            "row 2: chips is '-1'; it must be a number above 0 and at most 1,000,000,000\n",
        ),
        ("runs.csv", "run,chip,chips,hours\na,H100,1,nan\n", "row 2: hours is 'nan'"),
        (
            "runs.csv",
            "run,chip,chips,hours,start\na,H100,1,1,2026-13-01\n",
            "row 2: start is '2026-13-01'; it must be a date",
        ),
        ("runs.csv", "run,chip,chips,hours\na,H100,1,1\nA,H100,1,1\n", "row 3: run 'A' is named already in row 2"),
        (
            "runs.csv",
            'run,chip,chips,hours\n"a\nb",H100,1,1\n"A\nB",H100,1,1\n',
            "row 3: run 'A\\nB' is named already in row 2",
        ),
        ("runs.csv", b"PK\x03\x04rest", "this is a workbook, not a CSV file"),
        ("runs.csv", b"run,chip\n\xff\xfe\xfa,x\n", "not a text file in UTF-8 (byte 10)"),
        ("runs.csv", b"run,chip\na\0b,x\n", "it has a NUL character"),
        ("runs.csv", 'run,chip\n"a,x\n', "is not CSV"),
        ("runs.xlsx", "run,chip\n", "runs.xlsx: not an .xlsx workbook, whatever its name says"),
        ("runs.xlsx", b"PK\x03\x04garbage", "not an .xlsx workbook that can be read"),
        ("runs.xlsx", b"\xd0\xcf\x11\xe0", "this is protected by a password, or an old .xls workbook"),
        ("runs.csv", f"run,chip,chips,hours\n{'a' * 256},H100,1,1\n", "row 2: run has 256 characters; it may have 255"),
        (
            "runs.csv",
            f"run,chip,chips,hours,department\na,H100,1,1,{'b' * 32_768}\n",
            "row 2: department has 32,768 characters; it may have 32,767",
        ),
        ("runs.ods", "x", "a table must be a .csv or .xlsx file"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_sentence_and_nothing_is_written(xlcost, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = xlcost("budget", name)
    assert status == 2 and out == "" and said in err and "Traceback" not in err
    assert all(line.startswith("xlcost: ") for line in err.splitlines())
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_every_bad_row_of_a_file_is_reported_in_one_go(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours\na,H100,-1,1\nb,?,1,x\n,H100,1,1\n")
    lines = xlcost("budget", "runs.csv")[2].splitlines()
    assert [line.split(": ")[2] for line in lines] == ["row 2", "row 3", "row 3", "row 4"]


def test_a_missing_file_and_a_folder_are_named(xlcost, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    assert xlcost("budget", "none.csv")[2] == "xlcost: none.csv: there is no such file\n"
    assert xlcost("budget", "folder.csv")[2] == "xlcost: folder.csv: this is a folder, not a file\n"


def test_an_output_folder_that_cannot_be_written_is_named(xlcost, tmp_path):
    status, _, err = xlcost("budget", "-o", "nowhere/budget.xlsx")
    assert status == 2 and "nowhere/budget.xlsx: cannot be written in this folder (No such file or directory)" in err
    (tmp_path / "taken.xlsx").mkdir()
    assert "taken.xlsx: this is a folder" in xlcost("budget", "-o", "taken.xlsx")[2]


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no limit on the size of a file to stand in for a full disk"
)
def test_a_full_disk_is_one_clear_sentence(xlcost, tmp_path, monkeypatch):
    (tmp_path / "costs.csv").write_text("mine")
    # A limit on the size of files stands in for a disk that fills: writing fails in the midst of it.
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); from xlcost.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "budget", "-o", "budget.xlsx"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2 and done.stderr == "xlcost: budget.xlsx: could not be written (File too large)\n"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["costs.csv"]


def test_an_unknown_edition_lists_those_that_there_are(xlcost):
    assert "there are 2024-05, 2025-07, 2026-11" in xlcost("models", "--edition", "2020-01")[2]


def test_commands_use_the_edition_that_functions_use(xlcost, monkeypatch):
    monkeypatch.setenv("XLCOST_EDITION", "2024-05")
    of_the_paper = xlcost("models")[1]
    assert of_the_paper == xlcost("models", "--edition", "2024-05")[1]
    assert of_the_paper != xlcost("models", "--edition", "2026-11")[1]
    monkeypatch.setenv("XLCOST_EDITION", "2019-01")
    assert "there is no price edition '2019-01'" in xlcost("models")[2]


def test_a_template_is_copied_to_where_one_says_and_over_nothing(xlcost, tmp_path):
    assert xlcost("template", "copy", "xlcost") == (0, "xlcost.xlsm\n", "")
    assert xlcost("template", "copy", "xlcost-lambda", "-o", "ours.xlsx") == (0, "ours.xlsx\n", "")
    assert sys.executable in [row[1].value for row in load_workbook(tmp_path / "xlcost.xlsm")["xlwings.conf"]["A1:B9"]]
    before = (tmp_path / "ours.xlsx").read_bytes()
    status, _, err = xlcost("template", "copy", "xlcost", "-o", "ours.xlsx")
    assert status == 2 and err == "xlcost: ours.xlsx: the name of this template's file must end in .xlsm\n"
    status, _, err = xlcost("template", "copy", "xlcost-lambda", "-o", "ours.xlsx")
    assert status == 2 and err == "xlcost: ours.xlsx: the file exists; --force replaces it\n"
    assert (tmp_path / "ours.xlsx").read_bytes() == before
    status, _, err = xlcost("template", "copy", "budget")
    assert status == 2 and "there is no template 'budget'; there are xlcost, xlcost-lambda" in err


@pytest.mark.skipif(sys.platform == "win32", reason="there the add-in is installed")
@pytest.mark.parametrize("command", ["install", "status", "uninstall"])
def test_the_excel_addin_off_windows_says_what_to_do_instead(xlcost, command):
    status, out, err = xlcost("addin", command)
    assert (status, out) == (2, "") and err == f"xlcost: {windows_addin.INSTEAD}\n"


def test_an_unknown_chip_lists_the_nearest(xlcost):
    status, _, err = xlcost("prices", "H20O")
    assert status == 2 and "nearest: " in err and "H200" in err


def test_control_characters_do_not_reach_the_terminal(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours\na,\x1b[31mH,1,1\n")
    assert "\x1b" not in xlcost("budget", "runs.csv")[2]


def test_a_workbook_with_a_runs_sheet_below_a_title_is_read(xlcost, tmp_path):
    book = Workbook()
    book.active.append(["not this sheet"])
    sheet = book.create_sheet("Runs")
    for row in ([], ["Our runs"], [None, "Run", "Chip", "Chips", "Hours"], [None, "a", "H100", 8, 10], []):
        sheet.append(row)
    book.save(tmp_path / "runs.xlsx")
    (row,) = csv.DictReader(io.StringIO(xlcost("estimate", "runs.xlsx", "--csv", "-")[1]))
    assert row["run"] == "a" and float(row["chip_hours"]) == 80


def test_help_imports_neither_pandas_nor_openpyxl():
    script = "import sys; from xlcost import cli; print({'pandas', 'numpy', 'openpyxl'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
