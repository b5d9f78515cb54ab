"""The process that computes for an office, and the extension's parts: without an office."""

import ast
import io
import math
import os
import pathlib
import random
import struct
import sys
import threading
import time
import zipfile
from xml.etree import ElementTree

import pytest

from xlcost.errors import XlcostError
from xlcost.functions import FUNCTIONS
from xlcost.hosts import libreoffice
from xlcost.hosts.cells import call
from xlcost.hosts.libreoffice import extension, installation, worker

OFFICE = pathlib.Path(libreoffice.__file__).with_name("office")
ROOT = OFFICE.parents[3]
IDL_WORDS = {
    *("any", "attribute", "boolean", "bound", "byte", "char", "const", "constants", "constrained", "double", "enum"),
    *("exception", "FALSE", "float", "get", "hyper", "in", "inout", "interface", "long", "maybeambiguous"),
    *("maybedefault", "maybevoid", "module", "optional", "out", "property", "published", "raises"),
    *("readonly", "removable", "sequence", "service", "set", "short", "singleton", "string", "struct", "transient"),
    *("TRUE", "type", "typedef", "union", "unsigned", "void"),
}


@pytest.fixture
def modules(monkeypatch):
    """The modules that run inside an office, but for the one that needs its uno."""
    monkeypatch.syspath_prepend(str(OFFICE))
    import xlcost_ahead
    import xlcost_connection

    return xlcost_connection, xlcost_ahead


@pytest.fixture
def connect(modules, tmp_path):
    """Makes connections to a Python module that is given as text, or to xlcost; ends them all."""
    made = []

    def make(source=None, interpreter=sys.executable):
        module = extension.WORKER
        if source is not None:
            module = "a_worker"
            (tmp_path / f"{module}.py").write_text(f"from xlcost.hosts.libreoffice.worker import *\n{source}")
        folder = os.pathsep.join([str(tmp_path), str(ROOT)])
        made.append(modules[0].Connection(interpreter, module, folder, "do this"))
        return made[-1]

    yield make
    for connection in made:
        connection.close()


ECHO = """
requests, replies = io.FileIO(0, "rb"), io.FileIO(os.dup(1), "wb")
write(replies, packed(PROTOCOL))
while True:
    request = receive(requests)
    %s
    write(replies, packed(request))
"""


def test_numbers_and_texts_pass_to_the_last_bit(connect):
    numbers = [-0.0, 5e-324, 1e308, 0.1 + 0.2, math.inf, 2.0**53 + 1]
    numbers += [struct.unpack("<d", random.Random(seed).randbytes(8))[0] for seed in range(1000)]
    texts = ["", "é中\U0001f600", "a" * 70_000, "\ud800", "#N/A\n\0"]
    back = connect(ECHO % "").ask((numbers, texts, None, ((1.0, "x"),)))
    assert [struct.pack("<d", number) for number in back[0]] == [struct.pack("<d", number) for number in numbers]
    assert back[1:] == (texts, None, ((1.0, "x"),))


def test_a_request_of_many_megabytes_passes_both_ways(connect):
    rows = [(float(number), str(number)) for number in range(300_000)]
    assert connect(ECHO % "").ask(rows) == rows


def test_the_worker_computes_what_python_computes(connect):
    connection = connect()
    # Rows of cells, as LibreOffice hands them over.
    calls = [
        (name, [(value,) if isinstance(value, tuple) else ((value,),) for value in function.example])
        for name, function in FUNCTIONS.items()
    ]
    for name, arguments in calls:
        expected = call(name, list(FUNCTIONS[name].example))
        expected = expected if isinstance(expected, list) else [[expected]]
        assert connection.ask((name, [arguments], "", 0)) == [expected]


def test_many_calls_at_once_give_what_each_gives_alone():
    chance = random.Random(5)
    calls = [
        (
            ((chance.choice(["H100", "a100", "H1000", 0.0, 3.0]),),),
            ((chance.choice([8.0, "16", 0.0, -1.0, "some"]),),),
            ((chance.uniform(1, 3000),),),
            chance.choice([None, 0.0, 46082.0, "2025-01-01", "March", 1.0]),
            chance.choice([None, "OpenAI", 0.0, "Google"]),
            chance.choice([None, "market", "some", 0.0]),
            chance.choice([None, 0.0, "0", 0.05, -1.0]),
        )
        for _ in range(500)
    ]
    together = worker.answers("AMORTIZED_COST", calls, "2025-07", 0)
    for arguments, ((cell,),) in zip(calls, together, strict=True):
        ((alone,),) = worker.answer("AMORTIZED_COST", arguments, "2025-07", 0)
        assert cell == (pytest.approx(alone, rel=1e-12) if isinstance(alone, float) else alone)
    assert {cell for ((cell,),) in together if isinstance(cell, str)} == {"", "#N/A", "#NUM!", "#VALUE!"}
    required = [arguments[:3] for arguments in calls]
    assert worker.answers("AMORTIZED_COST", required) == worker.answers(
        "AMORTIZED_COST", [(*arguments, None, None, None, None) for arguments in required]
    )


def test_a_process_that_dies_is_started_again_once_for_a_request(connect, tmp_path):
    count = tmp_path / "count"
    dies = f"open({str(count)!r}, 'a').write('x')\n    if request == 'die': os._exit(3)"
    connection = connect(ECHO % dies)
    assert connection.ask("a") == "a"
    with pytest.raises(Exception, match="ended twice while it computed .*; do this"):
        connection.ask("die")
    assert count.read_text() == "xxx"
    assert connection.ask("b") == "b"


def test_thousands_of_cells_do_not_each_wait_for_a_python_without_xlcost(connect, modules):
    connection = connect("raise ImportError('No module named numpy')")
    begun = time.monotonic()
    for _ in range(5000):
        with pytest.raises(modules[0].Unavailable, match="could not load xlcost .*No module named numpy.*; do this"):
            connection.ask("a")
    assert time.monotonic() - begun < 5


def test_a_python_that_is_missing_is_named(connect, modules):
    connection = connect(interpreter="/no/such/python")
    connection.start()
    with pytest.raises(modules[0].Unavailable, match="/no/such/python cannot be started"):
        connection.ask("a")


def test_a_process_of_another_version_is_refused(connect, modules):
    source = 'write(io.FileIO(1, "wb"), packed(PROTOCOL + 1))\nimport time; time.sleep(60)'
    with pytest.raises(modules[0].Unavailable, match="of different versions"):
        connect(source).ask("a")


def test_a_process_that_hangs_is_ended(connect, modules, monkeypatch):
    monkeypatch.setattr(modules[0], "SECONDS_TO_ANSWER", 0.5)
    connection = connect(ECHO % "import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(modules[0].Unavailable, match="did not answer in time"):
        connection.ask("a")
    assert time.monotonic() - begun < 10


def test_complaints_without_end_stop_no_one(connect):
    connection = connect(ECHO % "sys.stderr.write('warning ' * 100_000); sys.stderr.flush()")
    for number in range(5):
        assert connection.ask(number) == number


def test_what_the_worker_prints_is_no_answer(connect):
    source = """
def answers(*request):
    print("progress", flush=True)
    return [[[1.0]]]
import xlcost.hosts.libreoffice.worker as original
original.answers = answers
original.main()
"""
    assert connect(source).ask(("CHIP_PRICE", [(((0.0,),),)], "", 0)) == [[[1.0]]]


def test_threads_get_each_its_own_answer(connect):
    connection, wrong = connect(ECHO % ""), []

    def ask(name):
        wrong.extend(number for number in range(300) if connection.ask((name, number)) != (name, number))

    threads = [threading.Thread(target=ask, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_office_without_python_variables_of_its_own_reaches_the_process(connect, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/usr/lib/libreoffice/program")
    monkeypatch.setenv("PYTHONPATH", "/usr/lib/libreoffice/program")
    assert connect(ECHO % "request = os.environ.get('PYTHONHOME')").ask("a") is None


# --- the extension


def parts():
    return zipfile.ZipFile(io.BytesIO(extension.extension("/usr/bin/python3", "/somewhere")))


def test_the_same_installation_gives_the_same_bytes(tmp_path):
    libreoffice.build(tmp_path / "a.oxt", "/usr/bin/python3")
    libreoffice.build(tmp_path / "b.oxt", "/usr/bin/python3")
    libreoffice.build(tmp_path / "c.oxt", "/usr/bin/python3.11")
    first, second, other = ((tmp_path / name).read_bytes() for name in ("a.oxt", "b.oxt", "c.oxt"))
    assert first == second != other


def test_the_function_wizard_has_a_text_for_every_function_and_argument():
    name = "{http://openoffice.org/2001/registry}name"
    root = ElementTree.fromstring(parts().read("CalcAddIns.xcu"))
    functions = root.findall("./node/node/node/node")
    shown = {node.find(f"prop[@{name}='DisplayName']/value").text: node for node in functions}
    assert set(shown) == set(FUNCTIONS)
    for function in FUNCTIONS.values():
        node = shown[function.name]
        assert node.find(f"prop[@{name}='Description']/value").text == function.text
        assert node.find(f"prop[@{name}='CompatibilityName']/value").text == function.name
        arguments = node.findall("node/node")
        assert [argument.find("prop/value").text for argument in arguments] == [a.name for a in function.arguments]
        for argument, described in zip(arguments, function.arguments, strict=True):
            assert argument.find(f"prop[@{name}='Description']/value").text.startswith(described.text)


def test_an_optional_number_that_may_be_zero_says_that_zero_counts_as_left_out():
    assert {
        argument.name
        for function in FUNCTIONS.values()
        for argument in function.arguments
        if extension.ZERO_LEFT_OUT in extension.argument_text(argument)
    } == {"usd_per_kwh", "depreciation_rate", "discount_rate", "salary", "equity", "staff_cost", "residual"}


def test_names_are_no_words_of_the_type_descriptions_language():
    names = {extension.identifier(name) for name in FUNCTIONS}
    names |= {extension.identifier(a.name) for function in FUNCTIONS.values() for a in function.arguments}
    assert not names & IDL_WORDS


def test_what_runs_inside_an_office_is_python_3_8_and_needs_no_package():
    own = {path.stem for path in OFFICE.glob("*.py")}
    for path in OFFICE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        }
        assert imported - set(sys.stdlib_module_names) <= own | {"uno", "unohelper", "com", "org"}


# --- reading ahead


FORMULA = 16
"""LibreOffice's com.sun.star.sheet.CellFlags."""


def test_calls_are_found_in_a_formulas_text_as_calc_hands_their_arguments_over(modules):
    class Cells:
        """As much of a sheet as reading ahead asks for: formulas in D, constants elsewhere but a formula in C2."""

        def __init__(self, rows, formula_rows, column=3, top=0):
            self.rows, self.formula_rows, self.column, self.top = rows, formula_rows, column, top

        def queryContentCells(self, kind):
            found = self.formula_rows if kind == FORMULA else list(self.constants())
            area = [
                type("Area", (), dict(StartColumn=self.column, EndColumn=self.column, StartRow=first, EndRow=last))
                for first, last in found
            ]
            return type("Found", (), dict(RangeAddresses=area))

        def constants(self):
            for row, (value,) in enumerate(self.rows, self.top):
                if value != "" and not any(first <= row <= last for first, last in self.formula_rows):
                    yield row, row

        def getCellRangeByPosition(self, left, top, right, bottom):
            return Cells([row[left : right + 1] for row in self.rows[top : bottom + 1]], [])

        def getCellRangeByName(self, name):
            first, last = name.split(":")
            column = "ABCD".index(first[0])
            top, bottom = int(first[1:]) - 1, int(last[1:])
            formulas = [(1, 1)] if column == 2 else []
            return Cells([[row[column]] for row in self.rows[top:bottom]], formulas, column, top)

        def getFormulaArray(self):
            return self.rows

        def getDataArray(self):
            return self.rows

    sheet = Cells(
        [
            ["H100", 8.0, 100.0, "=X.COST(A1;B1;C1)*2+X.COST(\"say \"\"x\"\"\";1E3;-2.5;;$B$1)"],
            ["A100", "", "=B1", "=X.COST(A2;B2;7)"],
            ["B200", 9.0, 100.0, "=X.COST(A3;B3;C2)+X.COST(Other.A1;1;2)+X.COST(SUM(B1:B2);1;2)+X.OTHER(1)"],
        ],
        [(0, 2)],
    )  # fmt: skip
    ahead = modules[1].Ahead(None, None, "X.", {"COST": ("COST", 5, 3)})
    assert list(ahead._calls(sheet)) == [
        ("COST", ((("H100",),), ((8.0,),), ((100.0,),), None, None)),
        ("COST", ((('say "x"',),), ((1000.0,),), ((-2.5,),), None, 8.0)),
        ("COST", ((("A100",),), ((0.0,),), ((7.0,),), None, None)),
    ]


def test_what_cannot_be_read_ahead_is_asked_for_alone(modules):
    asked = []

    def ask(function, calls, edition, days):
        asked.append(len(calls))
        return [((arguments[0],),) for arguments in calls]

    class Workbook:
        Sheets = ()

    ahead = modules[1].Ahead(ask, lambda: True, "X.", {})
    assert [ahead.answer(Workbook, "COST", (number,), "", 0) for number in range(100)] == [
        ((number,),) for number in range(100)
    ]
    assert asked == [1] * 100


# --- finding LibreOffice


@pytest.mark.parametrize(
    "platform, place",
    [
        ("linux", "bin/unopkg"),
        ("linux", "bin/soffice"),
        ("win32", "Program Files/LibreOffice/program/unopkg.com"),
    ],
)
def test_libreoffices_tool_is_found_on_the_path_or_where_it_is_installed(tmp_path, platform, place):
    if platform == "win32" and sys.platform == "win32":
        pytest.skip("simulates Windows elsewhere")
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    tool = file.with_name("unopkg.com" if platform == "win32" else "unopkg")
    for path in (file, tool):
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    environment = {"PATH": str(tmp_path / "bin"), "ProgramFiles": str(tmp_path / "Program Files")}
    assert installation.find_unopkg(platform, environment) == tool


def test_without_libreoffice_a_sentence_says_so(tmp_path):
    with pytest.raises(XlcostError, match="LibreOffice was not found.*25.2 or later"):
        installation.find_unopkg("win32", {"PATH": str(tmp_path)})


@pytest.mark.parametrize(
    "complaint, sentence",
    [
        ("ERROR: unopkg cannot be started. The lock file indicates it is already running.", "LibreOffice is running"),
        ("ERROR: Cannot run unopkg as root without --shared or --bundled option.", "root"),
        ("ERROR: Extension has unsatisfied dependencies", "refuses .ERROR: Extension has unsatisfied"),
    ],
)
def test_a_refusal_of_libreoffices_tool_is_one_sentence(tmp_path, complaint, sentence):
    tool = tmp_path / "unopkg"
    tool.write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n")
    tool.chmod(0o755)
    with pytest.raises(XlcostError, match=sentence) as raised:
        libreoffice.install(tmp_path, unopkg=tool)
    assert "\n" not in str(raised.value)
