"""Files that would do harm: each command says in one sentence why it reads none of them, soon, in little memory."""

import re
import subprocess
import sys
import time

import pytest

from xlcost.guard.calls import calls_out

from . import hostile_files as hostile
from . import hostile_parts as parts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from Linux's /proc")

MOST_MEMORY, MOST_SECONDS = 500, 20
RUNS = "run,chip,chips,hours\na,H100,8,10\n"


IN_A_PROCESS = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))  # a test that fails must not take the machine with it
from xlcost.cli import main
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:")).split()[1]
    pathlib.Path("../used").write_text(f"{int(peak) / 1e3} {used.ru_utime + used.ru_stime}")
"""


def typed(folder, *words):
    """Type a command in a process of its own; exit status, output, error, peak memory [MB], processor time [s]."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (folder.parent / "used").exists(), (done.returncode, done.stderr[-2000:])
    return done.returncode, done.stdout, done.stderr, *map(float, (folder.parent / "used").read_text().split())


def assert_refused(folder, said, *words):
    before = sorted(folder.iterdir())
    status, out, err, memory, seconds = typed(folder, *words)
    assert status in (1, 2) and out == "", (status, out[-500:], err[-2000:])
    assert err.startswith("xlcost: ") and len(err.splitlines()) == 1 and "Traceback" not in err, err[-2000:]
    assert re.search(said, err) and len(err) < 1000, err
    assert memory < MOST_MEMORY and seconds < MOST_SECONDS, (memory, seconds)
    assert sorted(folder.iterdir()) == before


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.mark.parametrize("name", hostile.WORKBOOKS)
def test_a_hostile_workbook_is_refused(folder, name):
    make, said = hostile.WORKBOOKS[name]
    make(folder / "runs.xlsx")
    assert_refused(folder, said, "budget", "runs.xlsx", "-o", "budget.xlsx")


@pytest.mark.parametrize("name", hostile.TABLES)
def test_a_hostile_csv_file_is_refused(folder, name):
    content, said = hostile.TABLES[name]
    (folder / "runs.csv").write_bytes(hostile.content_of(content))
    assert_refused(folder, said, "budget", "runs.csv", "-o", "budget.xlsx")


@pytest.mark.parametrize("name", hostile.SETTINGS)
def test_a_hostile_file_of_settings_is_refused(folder, name):
    content, said = hostile.SETTINGS[name]
    (folder / "runs.csv").write_text(RUNS)
    (folder / "budget.toml").write_bytes(hostile.content_of(content))
    assert_refused(folder, said, "budget", "runs.csv", "--settings", "budget.toml", "-o", "budget.xlsx")


TABLES_OF_A_BUDGET = ("--prices", "--staff", "--experts", "--capacity", "--shares", "--other-costs", "--phases")
WAYS_IN = [
    *(("budget", "runs.csv", "-o", "budget.xlsx", option) for option in TABLES_OF_A_BUDGET),
    ("estimate", "--csv", "costs.csv"),
    ("estimate", "runs.csv", "--csv", "costs.csv", "--prices"),
    ("development", "--csv", "development.csv"),
    ("development", "runs.csv", "--csv", "development.csv", "--staff"),
]


@pytest.mark.parametrize("words", WAYS_IN, ids=" ".join)
@pytest.mark.parametrize("name", [f"an entity bomb in {parts.SHEET}", "a formula that asks the web"])
def test_every_door_is_guarded(folder, words, name):
    make, said = hostile.WORKBOOKS[name]
    (folder / "runs.csv").write_text(RUNS)
    make(folder / "sent.xlsx")
    assert_refused(folder, said, *words, "sent.xlsx")


@pytest.mark.parametrize("words", WAYS_IN, ids=" ".join)
def test_every_door_is_guarded_against_csv_files(folder, words):
    content, said = hostile.TABLES["60 MB"]
    (folder / "runs.csv").write_text(RUNS)
    (folder / "sent.csv").write_bytes(hostile.content_of(content))
    assert_refused(folder, said, *words, "sent.csv")


def test_the_workbook_that_hostile_ones_are_made_of_is_well(folder):
    parts.write(folder / "runs.xlsx", parts.well())
    assert typed(folder, "budget", "runs.xlsx", "-o", "budget.xlsx")[:3] == (0, "budget.xlsx\n", "")


RUN = (
    b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>r%d</t></is></c><c r="B%d" t="inlineStr"><is><t>H100</t></is></c>'
    b'<c r="C%d"><f>4+4</f><v>8</v></c><c r="D%d"><f>5+5</f><v>10</v></c></row>'
)
HARMLESS = {
    "10,000 formulas, and one long text that sheets share": parts.changed(
        parts.SHEET,
        lambda sheet: sheet.replace(
            b"</sheetData>", b"".join(RUN % ((n,) * 6) for n in range(3, 10_003)) + b"</sheetData>"
        ),
        **{parts.STRINGS: parts.SHARED},
    ),
    "a comment and a bare >": parts.before_root(parts.SHEET, b"<!-- a > b -->"),
    "a text that looks like a call": parts.rows(
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>WEBSERVICE(cmd|\'x\'!A0) [1]x!</t></is></c>'
        b'<c r="B3" t="inlineStr"><is><t>H100</t></is></c><c r="C3"><v>1</v></c><c r="D3"><v>1</v></c></row>'
    ),
    "a formula with a text that looks like a call": parts.formula(b'IF("[1]a!"="",1,8)'),
    "a function of our add-in": parts.formula(b"[1]!TRAINING_FLOP(2,2)"),
    "a formula with tables": parts.formula(b"SUM(Runs[[#This Row],[1]:[2]])+Runs!$C$1"),
    "a drawing of old Excel, which is no XML": parts.added("xl/drawings/vmlDrawing1.vml", b"<xml><br></xml>"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_hostile_is_read(folder, name):
    HARMLESS[name](folder / "runs.xlsx")
    status, _, err, memory, seconds = typed(folder, "estimate", "runs.xlsx", "--csv", "costs.csv")
    assert (status, err) == (0, "") and memory < MOST_MEMORY and seconds < MOST_SECONDS


def test_macros_are_named_where_the_name_of_the_file_has_them(folder):
    parts.write(folder / "runs.xlsm", parts.well())
    assert_refused(folder, "a table must be a .csv or .xlsx file", "budget", "runs.xlsm", "-o", "budget.xlsx")


def test_each_cell_that_calls_out_has_a_sentence_and_many_are_counted(folder):
    cells = b"".join(b'<row r="%d"><c r="C%d"><f>[1]P!A1</f><v>1</v></c></row>' % (n, n) for n in range(3, 103))
    parts.rows(cells)(folder / "runs.xlsx")
    status, _, err, *_ = typed(folder, "budget", "runs.xlsx", "-o", "budget.xlsx")
    lines = err.splitlines()
    assert status == 2 and len(lines) == 21 and "cell C3: " in lines[0] and "cell C22: " in lines[19]
    assert lines[20].endswith("and 80 more such formulas")


@pytest.mark.parametrize(
    ("formula", "is_call"),
    [
        ("SUM('[1]2026'!A1:A9)", True),
        ("[1]!OTHER_FUNCTION(1)", True),
        ("IF(A1,'file:///C:/x.xlsx'#$Sheet1.A1,0)", False),
        ("IMPORTRANGE(A1,B1)", True),
        ("MY.RTD(1)", False),
        ("RECALL(1)", False),
        ("soffice|'c:\\x.ods'!'A1'", True),
        ("Runs!A1:Runs!B2", False),
        ("Table1[1]+Runs!A1", False),
    ],
)
def test_a_formula_calls_out_or_not(formula, is_call):
    assert calls_out(formula) == is_call


def test_a_workbook_that_is_changed_after_it_was_looked_through_is_looked_through_again(tmp_path):
    from xlcost.errors import XlcostError
    from xlcost.xlsx_input import read_sheet

    path = tmp_path / "runs.xlsx"
    parts.write(path, parts.well())
    assert len(read_sheet(path, "Runs")) == 2
    time.sleep(0.01)
    hostile.WORKBOOKS["macros"][0](path)
    with pytest.raises(XlcostError, match="holds macros"):
        read_sheet(path, "Runs")
