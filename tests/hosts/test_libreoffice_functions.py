"""What our functions show in LibreOffice: as Python computes, whatever form their arguments have."""

import datetime
import pathlib

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.engines.cells import CellError, plain
from tests.hosts.libreoffice_calls import CALLS, OF_CELLS, START, first_cell, formula, same, values
from tests.workbook.compare import differences
from xlcost.catalog import newest_edition
from xlcost.functions import FUNCTIONS
from xlcost.hosts.cells import call

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
