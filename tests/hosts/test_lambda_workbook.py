"""The workbook of LAMBDA names: IronCalc judges it as shipped, CellRune the same bodies with all arguments given."""

import random

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.engines.cells import CellError
from tests.strategies import ORGANIZATIONS
from xlcost import catalog
from xlcost.formula import Term
from xlcost.functions.arguments import CHIP_FIELDS, COMMITMENTS, PRICE_KINDS
from xlcost.hosts.cells import call
from xlcost.hosts.lambda_workbook import AS_LAMBDA, lambda_book, lambda_formulas
from xlcost.model import METHODS
from xlcost.workbook.lint import lint

ROWS, SEEDS = 30, range(4)
SHEET = "Tried"
ROOM, BLANK_CELL = 15, "ZZ1"
SLOPE_OF_IRONCALC = 1e-4
"""How well its lines agree: it squares the years themselves, which costs half the digits, and projecting costs more."""
COLUMNS = "CDEFGHIJ"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lambda")


@pytest.fixture(scope="module")
def shipped(folder):
    path = folder / "xlcost-lambda.xlsx"
    lambda_book().save(path)
    return path


FACTS = catalog.load()
CHIPS = [*FACTS.names.by_key, *FACTS.chips["chip"], "H100", " h100 ", "nvidia-a100 SXM4 80gb", "no such chip", "h*"]


FUNCTIONS = {function.name: function for function in AS_LAMBDA}
JUNK = (None, "", " ", True, "many", -1.0, 0.0, 1e30, "2026-13-01")
EARLIEST, LATEST = 32874, 51500  # 1990 to 2040
CELLS = {
    "chip": lambda chance: chance.choice(CHIPS),
    "chips": lambda chance: chance.choice([float(chance.randint(1, 100_000)), "5000"]),
    "hours": lambda chance: chance.uniform(10, 8_000),
    "start": lambda chance: chance.choice([float(chance.randint(EARLIEST, LATEST)), "2026-03-01"]),
    "on_date": lambda chance: float(chance.randint(EARLIEST, LATEST)),
    "acquired": lambda chance: float(chance.randint(EARLIEST, LATEST)),
    "organization": lambda chance: chance.choice(ORGANIZATIONS),
    "method": lambda chance: chance.choice([*METHODS, "Market"]),
    "usd_per_kwh": lambda chance: chance.random(),
    "commitment": lambda chance: chance.choice(COMMITMENTS),
    "vendor": lambda chance: chance.choice(["AWS", "Google Cloud", "azure", "Lambda", "nobody"]),
    "year": lambda chance: chance.choice([float(chance.randint(2000, 2040)), "2025", 44686.0]),
    "people": lambda chance: float(chance.randint(1, 2_000)),
    "fte": lambda chance: chance.choice([chance.uniform(0.01, 1.5), "0.5"]),
    "years": lambda chance: chance.uniform(0.1, 5),
    "salary": lambda chance: chance.uniform(1e4, 1e6),
    "equity": lambda chance: chance.choice([0.0, chance.uniform(1e4, 1e6)]),
    "overhead": lambda chance: chance.uniform(1, 2),
    "experiment_factor": lambda chance: chance.uniform(1, 5),
    "staff_cost": lambda chance: chance.uniform(0, 1e8),
    "training_flop": lambda chance: 10 ** chance.uniform(20, 28),
    "mfu": lambda chance: chance.uniform(0.01, 1),
    "parameters": lambda chance: 10 ** chance.uniform(6, 14),
    "tokens": lambda chance: 10 ** chance.uniform(6, 15),
    "price": lambda chance: 10 ** chance.uniform(0, 9),
    "depreciation_rate": lambda chance: chance.random(),
    "field": lambda chance: chance.choice(CHIP_FIELDS),
    "cost": lambda chance: chance.uniform(-1e9, 1e9),
    "from_month": lambda chance: chance.choice([45000.5, 44000.0, "2023-03", "2024-12-31", "1999-01"]),
    "to_month": lambda chance: chance.choice([45000.0, 44000.0, "2023-03", "2024-12-31"]),
    "kind": lambda chance: chance.choice(PRICE_KINDS),
    "use": lambda chance: chance.choice([chance.random(), 1.0]),
    "discount_rate": lambda chance: chance.choice([0.0, chance.random()]),
    "in_service": lambda chance: float(chance.randint(EARLIEST, 45000)),
    "life": lambda chance: chance.choice([3.0, 5.0, chance.uniform(1, 10)]),
    "residual": lambda chance: chance.choice([0.0, chance.uniform(0, 1e6)]),
    "month": lambda chance: chance.choice(["2026-03", float(chance.randint(EARLIEST, LATEST))]),
    "edition": lambda chance: chance.choice([FACTS.edition, "2019-01"]),
}
"""What people put into the cell of an argument."""


def random_calls(seed):
    """Rows of arguments for every function of cells that fills one: usual ones, a third of the options left out."""
    chance = random.Random(seed)

    def cell(argument):
        if chance.random() < 0.06:
            return chance.choice(JUNK)
        return None if argument.optional and chance.random() < 0.35 else CELLS[argument.name](chance)

    return {
        name: [[cell(argument) for argument in function.arguments] for _ in range(ROWS)]
        for name, function in FUNCTIONS.items()
        if not function.spills and not function.takes_ranges
    }


def same(found, expected, digits=1e-12):
    found = str(found) if isinstance(found, CellError) else found
    if isinstance(expected, float):
        return isinstance(found, (int, float)) and found == pytest.approx(expected, rel=digits, abs=1e-300)
    return (found or "") == expected


def put_rows(book, rows, formula_of):
    """A sheet with the arguments of one call a row, and its formula before them; returns each function's first row."""
    sheet, first, begun = book.sheet(SHEET), 1, {}
    for name, calls in rows.items():
        begun[name] = first
        for row, cells in enumerate(calls, start=first):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.put(f"{COLUMNS[column]}{row}", cell)
            sheet.spill(f"A{row}", formula_of(name, row, cells), "", ["text"], ["text"])
        first += len(calls)
    return begun


def differences(area, rows, begun):
    found = []
    for name, calls in rows.items():
        for row, cells in enumerate(calls, start=begun[name]):
            computed, expected = area[row - 1][0], call(name, cells, catalog.newest_edition())
            if not same(computed, expected):
                found.append(f"{name}{cells}: {computed!r} instead of {expected!r}")
    return found


def as_shipped(name, row, cells):
    """Arguments at the end are left out, and blank ones between."""
    used = len(cells) - next((n for n, cell in enumerate(reversed(cells)) if cell is not None), len(cells))
    required = sum(not argument.optional for argument in FUNCTIONS[name].arguments)
    given = [
        "" if cell is None and n >= required else f"{COLUMNS[n]}{row}"
        for n, cell in enumerate(cells[: max(used, required)])
    ]
    return f"{name}({','.join(given)})"


def with_all(name, row, cells):
    return f"{name}({','.join(f'{COLUMNS[n]}{row}' for n in range(len(cells)))})"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_function_as_shipped_computes_what_python_does(ironcalc, folder, seed):
    rows = random_calls(seed)
    book = lambda_book()
    begun = put_rows(book, rows, as_shipped)
    book.save(folder / "shipped.xlsx", replace=True)
    with ironcalc.open(folder / "shipped.xlsx") as document:
        area = document.area(SHEET, 1, 1, max(begun.values()) + ROWS, 1)
    assert differences(area, rows, begun) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_body_computes_what_python_does(cellrune, folder, seed):
    rows = random_calls(seed)
    book = lambda_book(optional=False)
    begun = put_rows(book, rows, with_all)
    book.save(folder / "bodies.xlsx", replace=True)
    with cellrune.open(folder / "bodies.xlsx") as document:
        area = document.grid(SHEET, f"A1:A{max(begun.values()) + ROWS}")
    assert differences(area, rows, begun) == []


@pytest.mark.parametrize("optional", [True, False])
def test_ranges_give_ranges_in_one_shape(ironcalc, cellrune, folder, optional):
    chips, counts = [["H100"], ["no such chip"], [""], ["B200"]], [[1.0, 10.0]]
    book = lambda_book(optional=optional)
    sheet = book.sheet(SHEET)
    for row, (chip,) in enumerate(chips, start=1):
        sheet.put(f"A{row}", chip)
    for column, count in zip("BC", *counts):
        sheet.put(f"{column}6", count)
    for address, second, height, width in (("E1", "B6:C6", 4, 2), ("E6", "5", 4, 1)):
        # IronCalc finds the room to spill into by itself, CellRune wants it to be in the file.
        blank = "" if optional else [[""] * width for _ in range(height)]
        sheet.spill(address, f"ACQUISITION_COST(A1:A4,{second})", blank, ["text"] * width, ["text"] * width)
    path = folder / f"ranges-{optional}.xlsx"
    book.save(path)
    if optional:
        with ironcalc.open(path) as document:
            found = [*document.area(SHEET, 1, 5, 4, 2), *document.area(SHEET, 6, 5, 4, 1)]
    else:
        with cellrune.open(path) as document:
            found = [*document.grid(SHEET, "E1:F4"), *document.grid(SHEET, "E6:E9")]
    expected = [*call("ACQUISITION_COST", [chips, counts]), *call("ACQUISITION_COST", [chips, 5.0])]
    assert all(same(*pair) for rows in zip(found, expected, strict=True) for pair in zip(*rows, strict=True))


POINTS = {
    "usual": ([43525.0, 43997.0, 44197.0, 44530.0, 45111.0], [1e5, 2e6, 9e5, 1.2e7, 4e7]),
    "with gaps": ([43525.0, None, 43997.0, 44197.0, " ", 45111.0], [1e5, 5.0, 2e6, 9e5, 7.0, 4e7]),
    "dates as text": (["2019-03-01", 43997.0, "2021-01-01", 45111.0], [1e5, "2000000", 9e5, 4e7]),
    "falling": ([43525.0, 43997.0, 44197.0], [1e7, 2e6, 9e5]),
    "two": ([43525.0, 43997.0], [1e5, 2e6]),
    "one date": ([43525.0] * 4, [1e5, 2e6, 9e5, 4e7]),
    "nothing": ([None] * 3, [None] * 3),
    "a cost of zero": ([43525.0, 43997.0, 44197.0], [1e5, 0.0, 9e5]),
    "a word": ([43525.0, 43997.0, 44197.0], [1e5, "many", 9e5]),
    "a truth value": ([43525.0, 43997.0, 44197.0], [1e5, True, 9e5]),
    "too early": ([5.0, 43997.0, 44197.0], [1e5, 2e6, 9e5]),
    "a word without a cost": ([43525.0, "soon", 43997.0, 44197.0, 44530.0], [1e5, None, 2e6, 9e5, 1.2e7]),
    "always the same": ([43525.0, 43997.0, 44197.0], [1e6] * 3),
    "hours of a day": ([43525.1, 43525.5, 43525.9], [1e5, 2e6, 9e5]),
    "one cell": ([43525.0], [1e5]),
    "too few costs": ([43525.0, 43997.0, 44197.0, 44530.0], [1e5, 2e6, 9e5]),
}


@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize("engine", ["ironcalc", "cellrune"])
def test_a_trend_over_ranges_is_what_python_fits(engine, points, folder, request):
    dates, costs = POINTS[points]
    # CellRune knows no arguments that may be left out.
    optional = engine == "ironcalc"
    book = lambda_book(optional=optional)
    sheet = book.sheet(SHEET)
    for letter, cells in zip("AB", (dates, costs)):
        for row, cell in enumerate(cells, start=1):
            if cell is not None:
                sheet.put(f"{letter}{row}", cell)
    sheet.put("C1", 46388.0)
    ranges = f"A1:A{len(dates)},B1:B{len(costs)}"
    columns = [[[cell] for cell in cells] for cells in (dates, costs)]
    calls = {
        "COST_GROWTH": ([*columns, 0.9], f"{ranges},0.9"),
        "COST_PROJECTION": ([*columns, 46388.0], f"{ranges},C1" if optional else f"{ranges},C1,Z1"),
        "YEAR_COST_REACHES": ([*columns, 1e9], f"{ranges},1000000000"),
    }
    expected = {}
    for row, (name, (arguments, typed)) in enumerate(calls.items(), start=1):
        result = call(name, arguments, FACTS.edition)
        (expected[name],) = result if isinstance(result, list) else [[result]]
        texts = ["text"] * len(expected[name])
        sheet.spill(f"E{row}", f"{name}({typed})", [[""] * len(texts)], texts, texts)
    path = folder / f"trend-{engine}.xlsx"
    book.save(path, replace=True)
    with request.getfixturevalue(engine).open(path) as document:
        if engine == "ironcalc":
            found = document.area(SHEET, 1, 5, 3, 9)
        else:
            document.recalculate()
            found = document.grid(SHEET, "E1:I3")
    digits = SLOPE_OF_IRONCALC if engine == "ironcalc" else 1e-9
    for row, name in zip(found, calls):
        assert all(same(cell, wanted, digits) for cell, wanted in zip(row, expected[name])), name


def test_an_error_in_any_argument_comes_through(ironcalc, folder):
    book = lambda_book()
    sheet = book.sheet(SHEET)
    sheet.put("Z1", Term("1/0", ""))
    expected = []
    for function in FUNCTIONS.values():
        if function.spills or function.takes_ranges:
            continue
        cells = [*function.example, *[None] * (len(function.arguments) - len(function.example))]
        for place, argument in enumerate(function.arguments):
            row = len(expected) + 1
            written = [_typed(cell) for cell in cells]
            written[place] = "Z1"
            while not written[-1]:
                written.pop()
            sheet.spill(f"A{row}", f"{function.name}({','.join(written)})", "", ["text"], ["text"])
            result = call(function.name, [*cells[:place], "#DIV/0!", *cells[place + 1 :]])
            expected.append((f"{function.name}, {argument.name}", result))
    book.save(folder / "errors.xlsx", replace=True)
    with ironcalc.open(folder / "errors.xlsx") as document:
        found = document.area(SHEET, 1, 1, len(expected), 1)
    assert {result for _, result in expected} == {"#DIV/0!"}
    assert [(what, str(value)) for (what, _), (value,) in zip(expected, found)] == expected


def _typed(value):
    return "" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize("headers", [None, True, False])
def test_a_breakdown_spills_with_its_headings_or_without(ironcalc, folder, headers):
    book = lambda_book()
    sheet = book.sheet(SHEET)
    written = {None: "", True: ",,TRUE", False: ",,FALSE"}[headers]
    sheet.spill("A1", f'COST_BREAKDOWN("H100",5000,1440,DATE(2026,3,1){written})', "", ["text"], ["text"])
    book.save(folder / "breakdown.xlsx", replace=True)
    expected = call("COST_BREAKDOWN", ["H100", 5000, 1440, "2026-03-01", None, headers])
    with ironcalc.open(folder / "breakdown.xlsx") as document:
        found = document.area(SHEET, 1, 1, len(expected), 3)
    assert all(same(*pair) for rows in zip(found, expected) for pair in zip(*rows))


def random_points(chance):
    """Rows of a date and a cost: usual ones, and now and then a blank, a text, an error or a number that cannot be."""
    start, growth, count = chance.uniform(4, 7), chance.uniform(-0.3, 0.6), chance.choice([1, 2, 3, 5, 9, 14])
    rows = []
    for _ in range(count):
        day = float(chance.randint(42000, 46500))
        cost = 10 ** (start + growth * (day - 42000) / 365 + chance.gauss(0, 0.3))
        rows.append([chance.choice([day, day + 0.5, None]) if chance.random() < 0.3 else day, cost])
        if chance.random() < 0.1:
            rows[-1][1] = chance.choice([None, "", " ", f" {cost:.2f}"])
    if chance.random() < 0.3:
        rows[-1][chance.randint(0, 1)] = chance.choice(["many", "#DIV/0!", -1.0, 0.0, True, 1e30])
    return rows


def trends(seed):
    """Function, rows of points, its other arguments, and what Python says of them."""
    chance, asked = random.Random(seed), []
    for number in range(12):
        rows = [] if number == 0 else random_points(chance)
        rows += [[None, None]] * (ROOM - len(rows))
        for name, others in (
            ("COST_GROWTH", [chance.choice([None, 0.5, 0.99, 1.0, "many"])]),
            ("COST_PROJECTION", [chance.choice([46023.0, 47000.5, None, "soon"]), chance.choice([None, 0.8])]),
            ("YEAR_COST_REACHES", [chance.choice([10 ** chance.uniform(4, 10), None, 0.0, "many"])]),
        ):
            expected = call(name, [*([[row[n]] for row in rows] for n in (0, 1)), *others])
            asked.append((name, rows, others, expected if isinstance(expected, list) else [[expected]]))
    return asked


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("optional", [True, False])
def test_trends_of_whole_ranges_are_what_python_computes(ironcalc, cellrune, folder, seed, optional):
    book, asked = lambda_book(optional=optional), trends(seed)
    sheet = book.sheet(SHEET)
    for place, (name, rows, others, expected) in enumerate(asked):
        columns = [get_column_letter(10 + 2 * place + n) for n in (0, 1)]
        for row, cells in enumerate(rows, start=1):
            for column, cell in zip(columns, cells):
                if cell is not None:
                    sheet.put(f"{column}{row}", Term("1/0", "") if cell == "#DIV/0!" else cell)
        written = [f"{column}1:{column}{ROOM}" for column in columns]
        for cell, argument in zip(others, FUNCTIONS[name].arguments[2:]):
            is_left_out = cell is None and argument.optional and optional
            written += [] if is_left_out else [BLANK_CELL if cell is None else _typed(cell)]
        formula = f"{name}({','.join(written)})"
        width = len(expected[0])
        room = "" if optional or width == 1 else [[""] * width]
        sheet.spill(f"A{place + 1}", formula, room, ["text"] * width, ["text"] * width)
    path = folder / f"trends-{optional}.xlsx"
    book.save(path, replace=True)
    if optional:
        with ironcalc.open(path) as document:
            found = document.area(SHEET, 1, 1, len(asked), 5)
    else:
        with cellrune.open(path) as document:
            found = document.grid(SHEET, f"A1:E{len(asked)}")
    digits = SLOPE_OF_IRONCALC if optional else 1e-9
    wrong = [
        (name, others, shown, expected)
        for (name, _, others, (expected,)), shown in zip(asked, found, strict=True)
        if not all(same(left, right, digits) for left, right in zip(shown, expected))
    ]
    assert wrong == []
    assert {type(row[0]) for *_, (row, *_) in asked} == {float, str}


def test_the_stored_values_of_the_examples_are_what_the_engine_computes(ironcalc, shipped):
    stored = openpyxl.load_workbook(shipped, data_only=True)["Examples"]
    results = [row for row in range(1, stored.max_row + 1) if stored.cell(row, 1).value == "Result"]
    assert len(results) == len(FUNCTIONS)
    with ironcalc.open(shipped) as document:
        for row in results:
            # What a table spills into is filled in the file, which this engine takes for an obstacle.
            if "COST_BREAKDOWN" not in stored.cell(row, 2).value:
                name, expected = stored.cell(row - 1, 1).value, _plain(stored.cell(row, 4).value)
                digits = SLOPE_OF_IRONCALC if FUNCTIONS[name].takes_ranges else 1e-12
                assert same(document.area("Examples", row, 4, 1, 1)[0][0], expected, digits)


def _plain(value):
    return float(value) if isinstance(value, int) else value


def test_the_file_is_one_that_excel_opens(shipped, ooxml_validator):
    assert ooxml_validator(shipped) == [] and lint(shipped) == []


def test_every_name_keeps_excels_bounds(shipped):
    names = openpyxl.load_workbook(shipped).defined_names
    assert set(FUNCTIONS) <= set(names)
    for function in FUNCTIONS.values():
        assert len(names[function.name].attr_text) <= 8_192
        assert len(names[function.name].comment) <= 255


def test_the_values_traced_with_a_name_are_those_of_its_example():
    formulas = lambda_formulas(FACTS)
    for name, function in FUNCTIONS.items():
        expected = call(name, list(function.example))
        value = formulas[name][1]
        if function.spills:
            assert [row[0] for row in value] == [row[0] for row in expected]
        else:
            assert same(value if isinstance(value, str) else float(value), expected)


@pytest.mark.parametrize("edition", catalog.edition_names())
def test_there_is_a_workbook_of_every_edition(ironcalc, folder, edition):
    path = folder / f"{edition}.xlsx"
    book = lambda_book(edition)
    sheet = book.sheet(SHEET)
    formula = 'AMORTIZED_COST("NVIDIA A100 SXM4 40 GB",25000,2280,DATE(2022,5,12),"OpenAI",,0.0806)'
    sheet.spill("A1", formula, "", ["text"], ["text"])
    book.save(path)
    expected = call(
        "AMORTIZED_COST", ["NVIDIA A100 SXM4 40 GB", 25000, 2280, "2022-05-12", "OpenAI", None, 0.0806], edition
    )
    with ironcalc.open(path) as document:
        assert same(document.area(SHEET, 1, 1, 1, 1)[0][0], expected)
