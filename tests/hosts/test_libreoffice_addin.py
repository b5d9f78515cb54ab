"""The functions in a real LibreOffice: typed into cells and loaded from files, against what Python computes."""

import datetime
import itertools
import os
import pathlib
import random
import signal
import sys
import tempfile
import time
from contextlib import contextmanager

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from tests.conftest import engine
from tests.engines.cells import CellError, EngineMissing, plain
from tests.engines.libreoffice import LibreOffice, unopkg_for, with_addin
from tests.strategies import ORGANIZATIONS
from tests.workbook.compare import differences
from xlcost.catalog import edition_names, load, newest_edition
from xlcost.errors import XlcostError
from xlcost.functions import FUNCTIONS
from xlcost.hosts.cells import call
from xlcost.hosts.libreoffice import build, install, installation, status, uninstall
from xlcost.hosts.meaning import ERRORS

WORKER = "xlcost.hosts.libreoffice.worker"
SETTING = "xlcost_setting_edition"
START = datetime.date(2026, 3, 1)


def written(value, separator=","):
    """A value as it stands in a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"{str(value).upper()}()"
    if isinstance(value, datetime.date):
        return separator.join([f"DATE({value.year}", f"{value.month}", f"{value.day})"])
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)


OF_CELLS = [name for name, function in FUNCTIONS.items() if not function.takes_ranges]


def formula(name, arguments, separator=","):
    return f"={name}({separator.join(written(value, separator) for value in arguments)})"


def calls_of_every_function():
    """Function and arguments: options given, left out at the end and in the middle, and mistakes of each kind."""
    chance, facts = random.Random(3), load()
    chips, vendors = list(facts.chips["chip"]), list(facts.vendors)
    values = {
        "chip": lambda _: chance.choice([*chips, "h100 ", "H1000"]),
        "text": lambda _: chance.choice([name for name in ORGANIZATIONS if name]),
        "vendor": lambda _: chance.choice([*vendors, "No Such Cloud"]),
        "choice": lambda argument: chance.choice([*argument.choices, "some"]),
        "edition": lambda _: chance.choice(edition_names()),
        "flag": lambda _: chance.choice([True, False, "false"]),
        "date": lambda _: chance.choice([START, datetime.date(2024, 2, 29), "2025-07-04", "March"]),
        "month": lambda _: chance.choice([datetime.date(2023, 5, 1), "2024-12", "2023-05-17"]),
        "year": lambda _: float(chance.randint(2010, 2030)),
        "number": lambda argument: chance.choice(
            [chance.uniform(1e-3, argument.limits["at_most"] ** 0.5), " 12.5 ", "0.25", -1e19, 1e300, "some"]
        ),
    }
    for function in map(FUNCTIONS.get, OF_CELLS):
        yield function.name, function.example
        required = [argument for argument in function.arguments if not argument.optional]
        for count in range(len(required), len(function.arguments) + 1):
            for _ in range(12):
                yield (
                    function.name,
                    [
                        None if argument.optional and chance.random() < 0.3 else values[argument.kind](argument)
                        for argument in function.arguments[:count]
                    ],
                )


CALLS = [(name, arguments) for name, arguments in calls_of_every_function()]


def same(shown, expected):
    """Whether a cell shows what Python computed: numbers to 1e-12 of themselves, an error as an error."""
    if isinstance(expected, float):
        return isinstance(shown, float) and shown == pytest.approx(expected, rel=1e-12, abs=0)
    return shown == (CellError(expected) if expected in ERRORS else expected)


def first_cell(result):
    """What one cell shows of a table."""
    return result[0][0] if isinstance(result, list) else result


@pytest.fixture
def book(tmp_path):
    """Writes a workbook from {address: content} and, where wanted, its setting; gives its path."""
    numbers = itertools.count()

    def write(cells, setting=None, epoch=None):
        workbook = Workbook()
        if epoch is not None:
            workbook.epoch = epoch
        sheet = workbook.active
        sheet.title = "Sheet1"
        for address, content in cells.items():
            sheet[address] = content
        if setting is not None:
            sheet["ZZ1"] = setting
            workbook.defined_names[SETTING] = DefinedName(SETTING, attr_text="Sheet1!$ZZ$1")
        path = tmp_path / f"book{next(numbers)}.xlsx"
        workbook.save(path)
        return path

    return write


def values(document, *addresses):
    return document.get([("Sheet1", address) for address in addresses])


def workers(libreoffice):
    """Ids of the processes that compute for a LibreOffice."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command, state = (folder / "cmdline").read_bytes(), (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if WORKER.encode() in command and int(state[2]) == libreoffice.group:
            found.append(int(folder.name))
    return found


processes_can_be_found = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


# --- values


def test_every_function_loaded_from_a_file_gives_what_python_computes(libreoffice):
    shown = libreoffice.evaluate([formula(name, arguments) for name, arguments in CALLS])
    expected = [first_cell(call(name, list(arguments))) for name, arguments in CALLS]
    assert [
        (name, arguments, left, right)
        for (name, arguments), left, right in zip(CALLS, shown, expected, strict=True)
        if not same(left, right)
    ] == []
    assert {name for (name, _), value in zip(CALLS, shown) if isinstance(value, (float, str))} == set(OF_CELLS)
    assert {value for value in shown if isinstance(value, CellError)} == {
        CellError(code) for code in ("#N/A", "#NUM!", "#VALUE!")
    }


def test_every_function_typed_into_a_cell_gives_what_python_computes(libreoffice, book):
    calls = [(name, list(FUNCTIONS[name].example)) for name in OF_CELLS]
    with libreoffice.open(book({})) as document:
        document.type(
            {("Sheet1", f"A{row}"): formula(name, arguments, ";") for row, (name, arguments) in enumerate(calls, 1)}
        )
        shown = values(document, *(f"A{row}" for row, _ in enumerate(calls, 1)))
    assert [
        name for (name, arguments), value in zip(calls, shown) if not same(value, first_cell(call(name, arguments)))
    ] == []


def test_cells_referred_to_are_read_as_values_are(libreoffice):
    chances = [(name, arguments) for name, arguments in CALLS if all(value is not None for value in arguments)]
    cells, formulas = {}, []
    for row, (name, arguments) in enumerate(chances, 1):
        addresses = [f"{'ABCDEFG'[column]}{row}" for column, _ in enumerate(arguments)]
        cells.update(zip(addresses, arguments))
        formulas.append(f"={name}({','.join(addresses)})")
    shown = libreoffice.evaluate(formulas, cells)
    expected = [first_cell(call(name, list(arguments))) for name, arguments in chances]
    assert [pair for *pair, left, right in zip(chances, shown, expected, strict=True) if not same(left, right)] == []


def test_a_range_in_gives_a_range_out_with_each_error_in_its_own_row(libreoffice, book):
    rows = [
        ["H100", 5000, 1440, "2026-03-01"],
        ["H1000", 5000, 1440, "2026-03-01"],
        ["A100", "8", " 100 ", None],
        [None, None, None, None],
        ["H100", None, 100, None],
        ["H100", -5, 100, None],
        ["H100", "some", 100, None],
        ["nvidia h100 sxm5 80 gb ", 8, 100, "2025-01-15"],
    ]
    cells = {f"{'ABCD'[column]}{row}": value for row, line in enumerate(rows, 1) for column, value in enumerate(line)}
    with libreoffice.open(book(cells)) as document:
        document.type({("Sheet1", "F1:F8"): "=AMORTIZED_COST(A1:A8;B1:B8;C1:C8;D1:D8)"})
        shown = [row[0] for row in document.grid("Sheet1", "F1:F8")]
    columns = [[[line[column]] for line in rows] for column in range(4)]
    expected = [row[0] for row in call("AMORTIZED_COST", columns)]
    assert expected[1] == "#N/A" and expected[3:7] == ["", "", "#NUM!", "#VALUE!"]
    assert [(left, right) for left, right in zip(shown, expected, strict=True) if not same(left, right)] == []


def test_the_shipped_template_shows_what_is_stored_in_it(libreoffice):
    """Its arguments stand in the columns of its formulas: none may be computed for another one's sake."""
    path = pathlib.Path(__file__).parents[2] / "templates" / "xlcost.xlsm"
    with libreoffice.open(path) as document:
        assert differences(path, document) == []
        document.recalculate()
        assert differences(path, document) == []


def test_a_whole_range_makes_a_trend(libreoffice, book):
    dates = [datetime.date(2019, 3, 1), datetime.date(2020, 6, 15), None, datetime.date(2021, 1, 1), "2023-07-04"]
    costs = [1e5, 2e6, 5.0, 9e5, 4e7]
    columns = [[[cell] for cell in column] for column in (dates, costs)]
    cells = {
        f"{'AB'[place]}{row}": cell for place, column in enumerate((dates, costs)) for row, cell in enumerate(column, 1)
    }
    expected = {
        "D1:F1": ("COST_GROWTH(A1:A5;B1:B5)", call("COST_GROWTH", columns)),
        "D2:F2": ("COST_GROWTH(A1:A5;B1:B5;0.5)", call("COST_GROWTH", [*columns, 0.5])),
        "D3:H3": ("COST_PROJECTION(A1:A5;B1:B5;A4)", call("COST_PROJECTION", [*columns, dates[3]])),
        "D4:D4": ("YEAR_COST_REACHES(A1:A5;B1:B5;1000000000)", [[call("YEAR_COST_REACHES", [*columns, 1e9])]]),
        "D5:D5": ("COST_GROWTH(A1:A2;B1:B2)", [["#NUM!"]]),
        "D6:D6": ("COST_GROWTH(A1:A5;B1:B4)", [["#N/A"]]),
        "D7:D7": ("COST_GROWTH(C1:C5;B1:B5)", [[""]]),
        "D8:D8": ("COST_PROJECTION(A1:A5;B1:B5;C1)", [[""]]),
        "D9:D9": ("COST_GROWTH(A1:A5;B1:B5;1)", [["#NUM!"]]),
        "D10:F10": (
            "YEAR_COST_REACHES(A1:A5;B1:B5;A12:C12)",
            call("YEAR_COST_REACHES", [*columns, [[1e8, None, 1e9]]]),
        ),
    }
    cells |= {"A12": 1e8, "C12": 1e9}
    with libreoffice.open(book(cells)) as document:
        document.type({("Sheet1", area): f"={text}" for area, (text, _) in expected.items()})
        for area, (_, result) in expected.items():
            assert all(same(*pair) for pair in zip(document.grid("Sheet1", area)[0], result[0], strict=True)), area


def test_a_column_of_growths_is_of_the_points_of_each_and_not_of_all(libreoffice, book):
    cells = {
        "A1": START,
        "A2": datetime.date(2027, 3, 1),
        "A3": datetime.date(2028, 3, 1),
        "B1": 1,
        "B2": 10,
        "B3": 100,
    }
    cells |= {f"C{row}": f"=YEAR_COST_REACHES(A{row},B{row},1000)" for row in range(1, 12)}
    cells |= {f"D{row}": f"=YEAR_COST_REACHES($A$1:$A$3,$B$1:$B$3,{10**row})" for row in range(1, 12)}
    with libreoffice.open(book(cells)) as document:
        alone, together = document.grid("Sheet1", "C1:C11"), document.grid("Sheet1", "D1:D11")
    # One point is no trend, also where many such formulas are asked for in one go.
    assert alone == [[CellError("#NUM!")]] * 3 + [[""]] * 8
    assert [year for (year,) in together] == pytest.approx([2026 + 2 / 12 + row for row in range(1, 12)], abs=1e-9)


def test_a_row_and_a_column_and_one_value_go_along_with_a_block(libreoffice, book):
    cells = {"A2": "H100", "A3": "A100", "B1": 8, "C1": 16, "D1": 24}
    with libreoffice.open(book(cells)) as document:
        document.type({("Sheet1", "B2:D3"): "=CLOUD_COST(A2:A3;B1:D1;100;DATE(2026;3;1))"})
        shown = document.grid("Sheet1", "B2:D3")
    expected = call("CLOUD_COST", [[["H100"], ["A100"]], [[8, 16, 24]], 100, START])
    assert all(same(left, right) for pair in zip(shown, expected) for left, right in zip(*pair))


def test_a_breakdown_fills_a_table_with_words_numbers_and_shares_that_add_up(libreoffice, book):
    with libreoffice.open(book({})) as document:
        document.type({("Sheet1", "A1:C6"): '=COST_BREAKDOWN("H100";5000;1440;"2026-03-01")'})
        document.type({("Sheet1", "E1"): "=SUM(C2:C5)"})
        shown, (total,) = document.grid("Sheet1", "A1:C6"), values(document, "E1")
    expected = call("COST_BREAKDOWN", ["H100", 5000, 1440, "2026-03-01"])
    assert all(same(left, right) for pair in zip(shown, expected, strict=False) for left, right in zip(*pair))
    assert total == pytest.approx(1)


def test_a_sum_over_results_skips_blank_rows_and_shows_an_error(libreoffice, book):
    cells = {"A1": "H100", "B1": 8, "C1": 100, "A3": "A100", "B3": 8, "C3": 100}
    cells |= {f"D{row}": f"=AMORTIZED_COST(A{row},B{row},C{row})" for row in (1, 2, 3)} | {"E1": "=SUM(D1:D3)"}
    with libreoffice.open(book(cells)) as document:
        first, blank, third, total = values(document, "D1", "D2", "D3", "E1")
        assert blank == "" and total == pytest.approx(first + third)
        document.set({("Sheet1", "A2"): "No such chip", ("Sheet1", "B2"): 1, ("Sheet1", "C2"): 1})
        assert values(document, "D2", "E1") == [CellError("#N/A"), CellError("#N/A")]


# --- what LibreOffice does to arguments


def test_a_blank_cell_is_left_out_where_zero_means_nothing(libreoffice):
    whole, of_zero, blank = '"H100",8,100', call("AMORTIZED_COST", ["H100", 8, 100, None, None, None, 0]), ""
    plainly = call("AMORTIZED_COST", ["H100", 8, 100])
    formulas = {
        f"=AMORTIZED_COST({whole},A1,A1,A1,A1)": plainly,
        f"=AMORTIZED_COST({whole},,,,A1:A1)": plainly,
        f"=AMORTIZED_COST({whole},,,,0)": plainly,
        f'=AMORTIZED_COST({whole},,,,"0")': of_zero,
        "=AMORTIZED_COST(A1,8,100)": blank,
        '=AMORTIZED_COST("H100",A1,100)': blank,
        '=HARDWARE_VALUE(30000,A1,"2026-03-01")': blank,
        '=HARDWARE_VALUE(A1,"2023-06-01","2026-03-01")': 0.0,
        "=ENERGY_PRICE(A1)": blank,
        "=XLCOST_EDITION(A1)": newest_edition(),
    }
    assert of_zero < plainly
    assert libreoffice.evaluate(list(formulas)) == list(formulas.values())


def test_a_date_is_a_year_where_a_year_is_wanted(libreoffice):
    assert libreoffice.evaluate(["=ENERGY_PRICE(DATE(2023,7,1))", "=ENERGY_PRICE(A1)"], {"A1": START}) == [
        call("ENERGY_PRICE", [2023]),
        call("ENERGY_PRICE", [2026]),
    ]


def test_an_error_in_a_cell_comes_through(libreoffice, book):
    errors = {"A1": "=NA()", "A2": "=1/0", "A3": "=1E300*1E300", "A4": '="a"+1'}
    cells = {f"B{row}": f'=AMORTIZED_COST("H100",A{row},100)' for row in (1, 2, 3, 4)}
    with libreoffice.open(book(errors | cells)) as document:
        shown = values(document, "B1", "B2", "B3", "B4")
    assert shown == [CellError(code) for code in ("#N/A", "#DIV/0!", "#NUM!", "#VALUE!")]


def test_an_error_inside_a_range_is_an_error_of_the_whole_as_the_docstring_says(libreoffice, book):
    with libreoffice.open(book({"A1": "H100", "A2": "=NA()", "B1": "=SUM(CHIP_PRICE(A1:A2))"})) as document:
        (shown,) = values(document, "B1")
    assert isinstance(shown, CellError)


def test_a_required_argument_that_is_missing_is_an_error(libreoffice):
    shown = libreoffice.evaluate(['=AMORTIZED_COST("H100",8)', '=AMORTIZED_COST("H100",,8)', "=CHIP_PRICE()"])
    assert all(isinstance(value, CellError) for value in shown)


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same_days(libreoffice, book):
    cells = {"A1": START, "B1": '=AMORTIZED_COST("H100",5000,1440,A1)', "C1": "=ENERGY_PRICE(A1)"}
    cells["D1"] = '=SUM(AMORTIZED_COST("H100",5000,1440,A1:A1))'
    with libreoffice.open(book(cells, epoch=CALENDAR_MAC_1904)) as document:
        serial, *shown = values(document, "A1", "B1", "C1", "D1")
    cost = call("AMORTIZED_COST", ["H100", 5000, 1440, START])
    assert serial == plain(START) - 1462
    assert all(map(same, shown, [cost, call("ENERGY_PRICE", [2026]), cost]))


# --- when it computes


def test_an_edit_recalculates_what_depends_on_it(libreoffice, book):
    cells = {"A1": "H100", "B1": 8, "C1": 100, "D1": "=AMORTIZED_COST(A1,B1,C1)", "E1": "=D1*2"}
    with libreoffice.open(book(cells)) as document:
        document.set({("Sheet1", "A1"): "A100", ("Sheet1", "B1"): 9})
        cost = call("AMORTIZED_COST", ["A100", 9, 100])
        assert all(map(same, values(document, "D1", "E1"), [cost, cost * 2]))


@processes_can_be_found
def test_an_edit_elsewhere_computes_nothing(libreoffice, book):
    with libreoffice.open(book({"A1": '=CHIP_PRICE("H100")', "B1": 1, "C1": "=B1+1"})) as document:
        for process in workers(libreoffice):
            os.kill(process, signal.SIGKILL)
        document.set({("Sheet1", "B1"): 5})
        assert values(document, "C1", "A1") == [6.0, call("CHIP_PRICE", ["H100"])]
        assert not running(libreoffice)
        document.type({("Sheet1", "A2"): '=CHIP_PRICE("A100")'})
        assert values(document, "A2") == [call("CHIP_PRICE", ["A100"])]
        assert len(running(libreoffice)) == 1


def running(libreoffice):
    """Workers that have not ended: one that has, and was not yet asked again, is still listed without a command."""
    return [process for process in workers(libreoffice) if alive(process)]


def alive(process):
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


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


@processes_can_be_found
def test_a_worker_that_is_killed_is_started_again_and_the_cell_shows_its_value(libreoffice, book):
    with libreoffice.open(book({"A1": 8, "B1": '=AMORTIZED_COST("H100",A1,100)'})) as document:
        (before,) = running(libreoffice)
        for signal_number in (signal.SIGKILL, signal.SIGTERM):
            os.kill(before, signal_number)
            document.set({("Sheet1", "A1"): 9})
            assert same(*values(document, "B1"), call("AMORTIZED_COST", ["H100", 9, 100]))
            (after,) = running(libreoffice)
            assert after != before
            before = after


@contextmanager
def another_office(prepare):
    with engine(lambda: LibreOffice(prepare)) as office:
        yield office


@processes_can_be_found
def test_no_process_remains_when_the_office_ends_or_is_killed(book):
    path = book({"A1": '=CHIP_PRICE("H100")'})
    with another_office(with_addin) as office:
        with office.open(path) as document:
            assert values(document, "A1") == [call("CHIP_PRICE", ["H100"])]
        (process,) = running(office)
    for _ in range(50):
        if not alive(process):
            break
        time.sleep(0.1)
    assert not alive(process)


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
