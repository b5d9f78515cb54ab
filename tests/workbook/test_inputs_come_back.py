"""Inputs on sheets of results and ranges: whoever changes them and hands the workbook in finds them in the new one.

Cells are found by the labels beside them, as a reader finds them, and not by what the package says of them.
"""

import datetime
import math

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.workbook.compare import MASTER, differences
from xlcost.budget.plan import Tables
from xlcost.budget.settings import settings_from
from xlcost.budget.settings_sheets import settings_of_workbook
from xlcost.errors import XlcostError
from xlcost.examples import CAPACITY, EXPERTS, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

ALL = Tables(staff=STAFF, experts=(EXPERTS,), capacity=CAPACITY, others=OTHER_COSTS)
PEOPLE = Tables(staff=STAFF, experts=(EXPERTS,))
SAYS = language_of("ja").text
DAY = datetime.datetime(2025, 5, 1)
EDITS = {
    # sheet: column of the labels, and by label what is put into which columns
    "Buy or rent": (
        "G",
        {
            "Chip": {"I": "NVIDIA B200"},
            "Chips": {"I": 64},
            "Organization": {"I": "Google"},
            "Start": {"I": datetime.datetime(2026, 3, 1)},
            "Years planned": {"I": 4},
            "Expected use": {"I": 0.45},
            "Costs and benefits fall due at": {"I": "mid-year"},
            "Installation, once": {"I": 1e4},
            "Share that is borrowed": {"I": 0.5},
            "Interest on the loan": {"I": 0.08},
            "Term of the loan": {"I": 2.5},
            "External model: price": {"I": 3.5},
            "External model: amount": {"I": 2000},
            "External model: fine-tuning": {"I": 5000},
        },
    ),
    "Trend": (
        "A",
        {
            "Among so many largest by compute when published": {"B": 5},
            "Published from the year": {"B": 2016},
            "Published up to the year": {"B": 2024},
            "Kind of chip": {"B": "GPU"},
            "Ranges hold": {"B": 0.8},
            "Cost that is to be reached": {"B": 5e9},
        },
    ),
    "Outlook": (
        "A",
        {
            "Growth of the frontier's cost": {"B": 2.2},
            "Fall in the price of hardware": {"B": 0.1},
            "Computing needed halves in": {"B": 12},
            "Base year": {"B": "FY2023"},
        },
    ),
    "Inputs": (
        "G",
        {
            "experiment_factor": {"D": 1.5, "E": 3},
            "salary": {"D": 1e5, "E": 2e5},
            "equity": {"D": 5e4, "E": 5e4},
            "employment_overhead": {"D": 1.2, "E": 1.5},
            "energy_price_factor": {"B": 1.1, "D": 0.7, "E": 1.5},
        },
    ),
}
OF_RANGES = {
    "Start of a run that names none": DAY,
    "Ranges that come out hold": 0.8,
    "Experts' answers are put together by": "mixture",
}
BENEFITS = {
    # row under the heading: what is put into which columns
    1: {"A": "Fewer calls", "B": 1e6, "D": 3e6, "G": "CFO"},
    3: {"A": "@new", "C": 0, "E": 2e8, "F": 2e8},
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    path = tmp_path_factory.mktemp("usual") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=ALL)
    return path


def cells_of(path, say=str):
    """Cells that are edited, and what is put into them, by sheet and address."""
    sheets, found = load_workbook(path, data_only=True), {}
    for name, (letter, by_label) in EDITS.items():
        sheet = sheets[say(name)]
        rows = {str(cell.value): cell.row for cell in reversed(sheet[letter])}
        for label, values in by_label.items():
            for column, value in values.items():
                # Names that assumptions go by are the same in every language.
                found[say(name), f"{column}{rows[label if name == 'Inputs' else say(label)]}"] = value
    rows = {cell.value: cell.row for cell in reversed(sheets[say("Inputs")]["A"])}
    found |= {(say("Inputs"), f"B{rows[say(label)]}"): value for label, value in OF_RANGES.items()}
    first = {cell.value: cell.row for cell in reversed(sheets[say("Buy or rent")]["A"])}[say("Benefit")]
    for row, values in BENEFITS.items():
        found |= {(say("Buy or rent"), f"{column}{first + row}"): value for column, value in values.items()}
    return found


def edit(source, target, cells):
    """A workbook with other values in some cells, saved as another program saves it."""
    book = load_workbook(source)
    for (sheet, address), value in cells.items():
        book[sheet][address] = value
    book.save(target)


def rewrite(source, target, code):
    """Write a budget again from what its workbook holds, as the command line does."""
    settings = settings_from(**settings_of_workbook(source))
    write_budget(target, read_runs(source), str(source), settings=settings, language=code, replace=True)
    return target


@pytest.fixture(scope="module")
def edited(usual, tmp_path_factory):
    """A workbook in which every such input was changed."""
    path = tmp_path_factory.mktemp("edited") / "edited.xlsx"
    edit(usual, path, cells_of(usual))
    return path


@pytest.fixture(scope="module")
def again(edited, tmp_path_factory):
    """What comes of handing it in, in English and in Japanese."""
    folder = tmp_path_factory.mktemp("again")
    return {code: rewrite(edited, folder / f"{code}.xlsx", code) for code in ("en", "ja")}


def same(one, other):
    return math.isclose(one, other) if isinstance(one, (int, float)) and one != other else one == other


def test_no_input_of_these_sheets_is_forgotten_here(usual):
    changed = cells_of(usual)
    for name in ("Buy or rent", "Trend", "Outlook"):
        sheet = load_workbook(usual)[name]
        unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        left = {address for address in unlocked if (name, address) not in changed}
        # The other rows of benefits.
        assert all(address[0] in "ABCDEFG" and name == "Buy or rent" for address in left), left


def test_every_input_that_was_changed_comes_back(again):
    shown = load_workbook(again["en"], data_only=True)
    for (sheet, address), value in cells_of(again["en"]).items():
        assert same(shown[sheet][address].value, value), (sheet, address)


def test_every_input_that_was_changed_comes_back_in_japanese(again):
    shown = load_workbook(again["ja"], data_only=True)
    in_japanese = {"mid-year": "年央", "FY2023": "2023年度"}
    for (sheet, address), value in cells_of(again["ja"], SAYS).items():
        assert same(shown[sheet][address].value, in_japanese.get(value, value)), (sheet, address)


@pytest.mark.parametrize("code", ["en", "ja"])
def test_stored_values_follow_what_was_changed(again, code, libreoffice):
    with libreoffice.open(again[code]) as document:
        document.recalculate()
        assert differences(again[code], document) == []
        cover, cell = MASTER
        assert document.get([(cover if code == "en" else SAYS(cover), cell)]) == ["OK"]
    assert lint(again[code]) == []


def test_a_workbook_that_came_back_is_written_byte_by_byte_again(again, tmp_path):
    for code, path in again.items():
        assert rewrite(path, tmp_path / "same.xlsx", code).read_bytes() == path.read_bytes()
        other = "ja" if code == "en" else "en"
        there = rewrite(path, tmp_path / "there.xlsx", other)
        assert there.read_bytes() == again[other].read_bytes()
        assert rewrite(there, tmp_path / "back.xlsx", code).read_bytes() == path.read_bytes()


ODD = [
    # What leaves words, or nothing, in place of figures.
    {"trend": {"first_year": 2030}, "outlook": {"base_year": 2040}},
    {"trend": {"first_year": 2016, "last_year": 2016, "level": 0.9999}, "outlook": {"growth": 2.0}},
    {"trend": {"first_year": 2015, "last_year": 2016}},
    {"trend": {"largest": 1, "first_year": 2023, "kind": "other"}},
    {"trend": {"threshold": 5e6, "kind": "TPU"}, "outlook": {"algorithms": 1, "hardware": 0}},
    {"buy_or_rent": {"chip": "Huawei Ascend 910C"}, "trend": {"threshold": 1e20}},
    {"buy_or_rent": {"chip": "Huawei Ascend 910C", "price": 3, "tokens": 1e5, "start": ""}},
    {"buy_or_rent": {"use": 0.0, "years": 1, "benefits": [{"year_1": 1e9}], "timing": "mid-year"}},
    {"buy_or_rent": {"price": 0, "tokens": 0, "fine_tuning": 5e5, "benefits": [{"year_4": 1e9}]}},
    {"buy_or_rent": {"use": 1.0, "years": 5, "benefits": [{"year_1": 1e5}], "borrowed": 1.0, "interest": 0.0}},
    {
        "buy_or_rent": {
            **{"use": 0.05, "timing": "end of year", "installation": 2e6, "borrowed": 0.3, "term": 0.01},
            "benefits": [{"year_1": 6e6}, {}, {"year_3": 12e6}],
        }
    },
    {"ranges": {"experiment_factor": [1.0, 1.0], "equity": [1.0, 1e9], "level": 0.5}, "language": "ja"},
    {"ranges": {"energy_price_factor": [2.0, 2.0, 2.0], "pooling": "mixture"}, "trend": {"level": 0.01}},
]


@pytest.mark.parametrize("told", ODD, ids=str)
def test_stored_values_are_what_a_spreadsheet_computes_whatever_is_set(told, tmp_path, libreoffice):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), tables=PEOPLE, settings=settings_from(**told))
    with libreoffice.open(path) as document:
        document.recalculate()
        assert differences(path, document) == []
    again = rewrite(path, tmp_path / "again.xlsx", told.get("language", "en"))
    assert again.read_bytes() == path.read_bytes()


def sampled_and_live(path):
    """Low end, median and high end of each component on Uncertainty, as they were sampled and as they are computed."""
    rows = load_workbook(path, data_only=True)["Uncertainty"]["B8:G13"]
    return [([cell.value for cell in row[:3]], [cell.value for cell in row[3:]]) for row in rows]


@pytest.mark.parametrize(
    "told",
    [
        {"experiment_factor": [1.0, 1.0], "energy_price_factor": [2.0, 3.0, 4.0]},
        {"experiment_factor": [5.0, 6.0], "energy_price_factor": [0.2, 0.2, 0.2], "level": 0.5},
        {"salary": [1e5, 1.1e5], "equity": [1e3, 2e3], "employment_overhead": [2.0, 2.0]},
    ],
    ids=str,
)
def test_ranges_are_sampled_as_they_are_set(told, tmp_path):
    paths = tmp_path / "usual.xlsx", tmp_path / "own.xlsx"
    for path, ranges in zip(paths, ({}, told)):
        settings = settings_from(ranges=ranges)
        write_budget(path, read_runs(PORTFOLIO), tables=Tables(staff=STAFF), settings=settings)
    usual, own = map(sampled_and_live, paths)
    for sampled, live in own:
        # The live ends are those of a lognormal quantity with the same moments.
        assert sampled == pytest.approx(live, rel=0.1)
    moved = [one[0][1] / other[0][1] for one, other in zip(own, usual)]
    assert max(abs(ratio - 1) for ratio in moved) > 0.3


def test_a_run_that_names_no_start_begins_when_it_was_set(tmp_path, libreoffice):
    runs = pd.DataFrame({"run": ["a"], "chip": "H100", "chips": 8, "hours": 10.0})
    costs = write_budget(tmp_path / "own.xlsx", runs, settings=settings_from(start=DAY.date()))
    assert costs["training_start"].tolist() == [DAY]
    with libreoffice.open(tmp_path / "own.xlsx") as document:
        document.recalculate()
        assert differences(tmp_path / "own.xlsx", document) == []
    again = rewrite(tmp_path / "own.xlsx", tmp_path / "again.xlsx", "en")
    assert again.read_bytes() == (tmp_path / "own.xlsx").read_bytes()


def test_what_was_added_to_a_list_of_names_stays_in_it(usual, tmp_path):
    book = load_workbook(usual)
    inputs, calendar = book["Inputs"], book["Calendar"]
    end = "The list ends here."
    ends = [next(cell.row for cell in sheet["A"] if cell.value == end) for sheet in (inputs, calendar)]
    accounts = next(cell.row for cell in calendar["A"] if cell.value == "Other account that runs or costs name")
    new = {("Inputs", f"A{ends[0] - 2}"): "Robotics", ("Calendar", f"A{ends[1] - 1}"): 4711}
    edit(usual, tmp_path / "edited.xlsx", new | {("Calendar", f"B{accounts + 1}"): "6000"})
    again = rewrite(tmp_path / "edited.xlsx", tmp_path / "again.xlsx", "ja")
    shown = load_workbook(again)
    assert "Robotics" in [cell.value for cell in shown[SAYS("Inputs")]["A"]]
    assert "4711" in [cell.value for cell in shown[SAYS("Calendar")]["A"]]
    assert "6000" in [cell.value for cell in shown[SAYS("Calendar")]["B"]]
    there = rewrite(again, tmp_path / "en.xlsx", "en")
    assert rewrite(there, tmp_path / "back.xlsx", "ja").read_bytes() == again.read_bytes()


# --- what cannot be

BAD = {
    ("Buy or rent", "Chips", "I"): ("many", "chips is 'many'; it must be a whole number from 1 to 1e+07"),
    ("Buy or rent", "Start", "I"): ("soon", "start is 'soon'; it must be a date from 1990 to 2099"),
    ("Buy or rent", "Years planned", "I"): (2.5, "years is 2.5; it must be one of 1, 2, 3, 4, 5"),
    ("Buy or rent", "Expected use", "I"): (None, "use is empty; it must be a number from 0 to 1"),
    ("Buy or rent", "Costs and benefits fall due at", "I"): (
        "some day",
        "timing is 'some day'; it must be one of month end, mid-year, end of year",
    ),
    ("Buy or rent", "Term of the loan", "I"): (0, "term is 0.0; it must be a number above 0, at most 1e+07"),
    ("Trend", "Kind of chip", "B"): ("CPU", "kind is 'CPU'; it must be one of all, GPU, TPU, other"),
    ("Trend", "Ranges hold", "B"): (1, "level is 1.0; it must be a number from 1e-06 to 0.999999"),
    ("Outlook", "Computing needed halves in", "B"): (0.5, "algorithms is 0.5; it must be a number from 1 to 1000"),
    ("Outlook", "Base year", "B"): ("2023", "base_year is '2023'; it must be a fiscal year"),
    ("Inputs", "salary", "D"): (3e5, "salary is 300000.0 to 265235.744"),
    ("Inputs", "equity", "E"): (None, "to empty; it must be a low and a high end, numbers above 0, the low one first"),
    ("Inputs", "energy_price_factor", "B"): ("x", "energy_price_factor is 0.6 to x to 1.7; it must be a low end, a"),
    ("Inputs", "discount_rate", "B"): ("ten", "discount_rate is 'ten'; it must be a number from 0 to 1"),
}


def test_all_that_cannot_be_is_named_at_once_with_sheet_and_cell(usual, xlcost, tmp_path):
    sheets, cells, expected = load_workbook(usual), {}, {}
    for (sheet, label, column), (value, said) in BAD.items():
        letter = EDITS[sheet][0]
        row = next(cell.row for cell in sheets[sheet][letter] if cell.value == label)
        cells[sheet, f"{column}{row}"] = value
        # A range is named by its low end.
        expected[f"{sheet}!{'D' if sheet == 'Inputs' and label != 'discount_rate' else column}{row}"] = said
    benefits = next(cell.row for cell in sheets["Buy or rent"]["A"] if cell.value == "Benefit")
    cells["Buy or rent", f"C{benefits + 2}"] = -5
    expected[f"Buy or rent!C{benefits + 2}"] = "benefits, row 2: year_2 is -5.0; it must be a number of at least 0"
    cells |= {("Calendar", "B5"): 13, ("Calendar", "B6"): "soon"}
    expected["Calendar!B5"] = "13 is no whole number from 1 to 12"
    expected["Calendar!B6"] = "'soon' is no whole number from 1991 to 2094"
    edit(usual, tmp_path / "bad.xlsx", cells)
    status, printed, complaint = xlcost("budget", "bad.xlsx", "-o", "new.xlsx")
    lines = [line.removeprefix("xlcost: ").removeprefix("bad.xlsx: ") for line in complaint.splitlines()]
    lines = dict(line.split(": ", 1) for line in lines)
    assert (status, printed) == (2, "") and not (tmp_path / "new.xlsx").exists()
    assert set(lines) == set(expected)
    for place, said in expected.items():
        assert said in lines[place], place


def test_a_chip_that_is_on_no_list_is_named_with_its_cell(usual, xlcost, tmp_path):
    edit(usual, tmp_path / "bad.xlsx", {("Buy or rent", "I6"): "H1000"})
    status, printed, complaint = xlcost("budget", "bad.xlsx", "-o", "new.xlsx")
    assert (status, printed) == (2, "") and not (tmp_path / "new.xlsx").exists()
    assert complaint.startswith("xlcost: bad.xlsx: Buy or rent!I6: chip: ") and "H1000" in complaint


def test_a_cell_is_named_by_the_sheets_own_name_whatever_its_language(tmp_path, xlcost):
    write_budget(tmp_path / "ja.xlsx", read_runs(PORTFOLIO), language="ja")
    edit(tmp_path / "ja.xlsx", tmp_path / "bad.xlsx", {(SAYS("Trend"), "B6"): 0})
    status, _, complaint = xlcost("budget", "bad.xlsx", "-o", "new.xlsx")
    assert status == 2 and complaint.startswith(f"xlcost: bad.xlsx: {SAYS('Trend')}!B6: largest is 0.0")


# --- in a file of settings

TOML = """
start = 2025-05-01
[buy_or_rent]
chip = "B200"
chips = 64
start = 2026-03-01
timing = "end of year"
[[buy_or_rent.benefits]]
benefit = "Fewer calls"
year_2 = 1e6
[trend]
kind = "TPU"
[outlook]
base_year = 2023
algorithms = 12
[ranges]
level = 0.8
experiment_factor = [1.5, 3]
energy_price_factor = [0.7, 1.1, 1.5]
"""


def test_a_file_of_settings_says_the_same_and_leaves_what_it_does_not_name(edited, tmp_path):
    (tmp_path / "settings.toml").write_text(TOML)
    alone = settings_from(tmp_path / "settings.toml")
    write_budget(tmp_path / "new.xlsx", read_runs(PORTFOLIO), settings=alone)
    told = settings_from(**settings_of_workbook(tmp_path / "new.xlsx"))
    assert told.buy_or_rent == {
        **dict(chip="NVIDIA B200", chips=64.0, start=46082.0, timing="end of year"),
        "benefits": [{"benefit": "Fewer calls", "year_2": 1e6}],
    }
    assert (told.trend, told.outlook) == ({"kind": "TPU"}, {"base_year": 2023, "algorithms": 12.0})
    assert told.ranges == {"level": 0.8, "experiment_factor": [1.5, 3.0], "energy_price_factor": [0.7, 1.1, 1.5]}
    both = settings_from(tmp_path / "settings.toml", settings_from(**settings_of_workbook(edited)))
    assert (both.buy_or_rent["timing"], both.buy_or_rent["use"]) == ("end of year", 0.45)
    assert (both.ranges["salary"], both.ranges["experiment_factor"]) == ([1e5, 2e5], [1.5, 3])


def test_what_is_as_usual_follows_another_price_list(tmp_path):
    write_budget(tmp_path / "old.xlsx", read_runs(PORTFOLIO), edition="2024-05")
    settings = settings_from(**settings_of_workbook(tmp_path / "old.xlsx"))
    assert (settings.buy_or_rent, settings.trend, settings.start) == ({}, {}, None)


def test_what_may_be_empty_stays_so_or_counts_as_nothing(usual, tmp_path):
    sheet, cleared = load_workbook(usual)["Buy or rent"], {}
    for cell in sheet["G"]:
        if cell.value in ("Start", "Organization", "Installation, once", "Share that is borrowed"):
            cleared["Buy or rent", f"I{cell.row}"] = None
    assert len(cleared) == 4
    edit(usual, tmp_path / "cleared.xlsx", cleared)
    again = rewrite(tmp_path / "cleared.xlsx", tmp_path / "again.xlsx", "en")
    shown = load_workbook(again)
    assert all(shown[name][cell].value in (None, 0) for name, cell in cleared)
    assert rewrite(again, tmp_path / "same.xlsx", "en").read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[buy_or_rent]\nchipz = 1", "buy_or_rent: 'chipz' is none of chip, chips, organization"),
        ("[buy_or_rent]\nchips = 0", "buy_or_rent: chips is 0; it must be a whole number from 1 to 1e+07"),
        ("[buy_or_rent]\nchips = 2.5", "buy_or_rent: chips is 2.5; it must be a whole number from 1 to 1e+07"),
        ("[buy_or_rent]\nprice = -1", "buy_or_rent: price is -1; it must be a number of at least 0"),
        ("[buy_or_rent]\nbenefits = 5", "buy_or_rent: benefits is 5; give a list of tables"),
        ("[[buy_or_rent.benefits]]\nyear_6 = 5", "buy_or_rent: benefits: 'year_6' is none of benefit, year_1"),
        ("trend = 5", "trend: 5 is no table of settings"),
        ("[trend]\nlevel = true", "trend: level is True; it must be a number from"),
        (
            '[outlook]\nbase_year = "FY2023"',
            "outlook: base_year is 'FY2023'; it must be a fiscal year",
        ),
        ("[ranges]\nsalary = [2, 1]", "ranges: salary is 2 to 1; it must be a low and a high end, numbers above 0"),
        ("[ranges]\nsalary = [1, 2, 3]", "ranges: salary is 1 to 2 to 3; it must be a low and a high end"),
        ("[ranges]\nsalary = 5", "ranges: salary is 5; it must be a low and a high end"),
        ('[ranges]\npooling = "mean"', "ranges: pooling is 'mean'; it must be one of geometric, mixture"),
        ("start = 5", "start: start is 5; it must be a date from 1990 to 2099"),
        ("[places]", "there is no setting 'places'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_file(tmp_path, text, sentence):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(XlcostError) as refused:
        settings_from(tmp_path / "settings.toml")
    assert f"settings.toml: {sentence}" in str(refused.value)
