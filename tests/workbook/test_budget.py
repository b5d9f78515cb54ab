"""The budget workbook against real spreadsheets and against `estimate`."""

import datetime
import random
import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests.workbook.compare import agree, differences
from xlcost import catalog
from xlcost.columns import RUN_COLUMNS, STEP_GROUPS
from xlcost.dates import to_serial
from xlcost.errors import XlcostError
from xlcost.estimate import estimate
from xlcost.examples import PORTFOLIO
from xlcost.references import Range
from xlcost.runs import read_runs
from xlcost.workbook import costs, inputs, runs
from xlcost.workbook.book import Book
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

RUN_LETTERS = runs.letters()
STEP_LETTERS = {}
for _, group in STEP_GROUPS:
    for step_column in group:
        number = len(STEP_LETTERS)
        STEP_LETTERS[step_column.name] = (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)

ODD_NAMES = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    ">5",
    "A*",
    "a?c~",
    "100",
    "x\ty",
    " two  blanks",
    "日本語",
    "<b>&amp;</b>",
    "_x000D_",
]


@pytest.fixture(scope="session")
def budget(tmp_path_factory):
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO))
    return path


def written(folder, table, **options):
    path = folder / "written.xlsx"
    write_budget(path, pd.DataFrame(table), **options)
    return path


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """A portfolio with every chip of the edition, odd names and gaps."""
    facts, chance = catalog.load(), random.Random(7)
    table = []
    for number, chip in enumerate(facts.chips["chip"]):
        run = {
            "run": f"run {number}",
            "chip": chip,
            "start": datetime.date(2018 + number % 14, 1 + number % 12, 1 + number % 28),
            "department": ODD_NAMES[number % len(ODD_NAMES)],
            "sourcing": chance.choice(["own", "cloud_1y", "cloud_3y", None]),
            "organization": chance.choice(["Google, Mila", "OpenAI", "Metaphor", "", None]),
            "vendor": chance.choice([None, None, *facts.vendors]),
            "capacity": chance.choice([None, "A*", "=x", "c"]),
        }
        run |= chance.choice(
            [
                {"chips": 8 + number, "hours": 100.5},
                {"chip_hours": 5e5},
                {"training_flop": 3e22, "mfu": 0.4},
                {"chips": 1000, "hours": 10_000},
            ]
        )
        table.append(run)
    for number, name in enumerate(ODD_NAMES):
        table.append(
            {
                "run": name,
                "chip": "H100",
                "chips": 8,
                "hours": 5.0,
                "department": name,
                "capacity": name,
                "organization": name,
                "server_price_per_chip": 30_000 + number if number % 2 else None,
            }
        )
    path = tmp_path_factory.mktemp("mixed") / "mixed.xlsx"
    write_budget(path, pd.DataFrame(table))
    return path


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
@pytest.mark.parametrize("book", ["budget", "mixed"])
def test_every_stored_value_is_what_a_spreadsheet_computes(engine, book, request):
    path = request.getfixturevalue(book)
    with request.getfixturevalue(engine).open(path) as document:
        document.recalculate()
        assert differences(path, document) == []


def test_the_master_check_of_the_shipped_portfolio_is_ok(budget):
    cover = load_workbook(budget, data_only=True)["Cover"]
    assert {row[0]: row[1] for row in cover.iter_rows(values_only=True)}["Master check"] == "OK"


def test_microsofts_validator_finds_nothing(budget, mixed, ooxml_validator):
    assert ooxml_validator(budget) == [] and ooxml_validator(mixed) == []


def test_two_workbooks_of_the_same_runs_have_the_same_bytes(budget, tmp_path):
    again = tmp_path / "again.xlsx"
    write_budget(again, read_runs(PORTFOLIO))
    assert again.read_bytes() == budget.read_bytes()


def test_pandas_reads_the_stored_values(budget):
    frame = pd.read_excel(
        budget, sheet_name="Costs", engine="openpyxl", header=costs.HEADING - 1, skiprows=[costs.TERM - 1]
    )
    expected = estimate(read_runs(PORTFOLIO))
    np.testing.assert_allclose(
        frame["Budget cost"].head(len(expected)).astype(float), expected["budget_cost"], rtol=1e-12
    )


def test_the_workbook_carries_no_macro_and_no_link_to_another_file(budget):
    with zipfile.ZipFile(budget) as package:
        assert not [name for name in package.namelist() if "vba" in name.lower() or "externalLink" in name]


def test_a_run_and_a_department_called_like_a_formula_stay_text(mixed):
    book = load_workbook(mixed)
    names = {row[0].value: row[0].data_type for row in book["Runs"].iter_rows(min_row=runs.FIRST)}
    assert {name: names[name] for name in ("=1+1", "+1", "-1", "@SUM(A1)")} == dict.fromkeys(
        ("=1+1", "+1", "-1", "@SUM(A1)"), "s"
    )


def test_departments_with_odd_names_are_counted_one_by_one(mixed):
    summary = load_workbook(mixed, data_only=True)["Summary"]
    rows = [(unescape(str(row[0])), row[1]) for row in summary.iter_rows(values_only=True)]
    titles = [row[0] for row in rows]
    counted = dict(rows[titles.index("By department") : titles.index("Every run")])
    facts = catalog.load()
    expected = [
        sum(number % len(ODD_NAMES) == which for number in range(len(facts.chips))) + 1
        for which in range(len(ODD_NAMES))
    ]
    assert [counted[name.strip()] for name in ODD_NAMES] == expected


def test_a_department_counts_once_however_it_is_written(tmp_path, libreoffice):
    names = ["Research", "research", "Ops", "École", "école", "not listed", "Not Listed", "Straße", "strasse"]
    path = written(tmp_path, {"run": list("abcdefghi"), "department": names, "chip": "H100", "chips": 8, "hours": 10.0})
    with libreoffice.open(path) as document:
        document.recalculate()
        assert differences(path, document) == []
        rows = document.grid("Summary", "A1:B120")
        counted = dict(rows[[row[0] for row in rows].index("By department") :])
        assert {name: counted[name] for name in ("Total", "not listed", "Research", "Ops", "École", "Straße")} == {
            "Total": 9,
            "not listed": 2,
            "Research": 2,
            "Ops": 1,
            "École": 2,
            "Straße": 1,
        }
        assert document.get([("Cover", "B9")]) == ["OK"]


def test_a_department_that_a_reader_lists_twice_counts_once(budget, libreoffice):
    with libreoffice.open(budget) as document:
        listed = [row[0] for row in document.grid("Inputs", "A1:A200")]
        total = document.get([("Cover", "B4")])
        free = listed.index("Research") + 2
        for name in ("RESEARCH", "not listed"):
            document.set({("Inputs", f"A{free}"): name})
            assert document.get([("Cover", "B4"), ("Cover", "B9")]) == [*total, "OK"]


def test_a_cluster_that_several_runs_share_is_bought_once_at_its_largest(tmp_path):
    runs_of_two = {
        "run": ["a", "b", "c"],
        "chip": "H100",
        "chips": [100, 300, 300],
        "hours": 10.0,
        "capacity": ["X", "x", "X"],
    }
    path = written(tmp_path, runs_of_two)
    summary = load_workbook(path, data_only=True)["Summary"]
    found = {row[0]: row[1] for row in summary.iter_rows(values_only=True)}["Purchase price of the clusters"]
    assert found == pytest.approx(300 * 44_489.88 / 0.81)


def test_an_existing_file_is_replaced_only_on_request(budget, tmp_path):
    path = tmp_path / "kept.xlsx"
    path.write_text("mine")
    with pytest.raises(XlcostError, match="kept.xlsx: the file exists; --force replaces it"):
        write_budget(path, read_runs(PORTFOLIO))
    assert path.read_text() == "mine"
    write_budget(path, read_runs(PORTFOLIO), replace=True)
    assert path.read_bytes() == budget.read_bytes()


def test_a_disk_that_fills_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "kept.xlsx"
    path.write_text("mine")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(XlcostError, match="kept.xlsx: could not be written .No space left"):
        write_budget(path, read_runs(PORTFOLIO), replace=True)
    assert path.read_text() == "mine" and [entry.name for entry in tmp_path.iterdir()] == ["kept.xlsx"]


# --- edits inside a spreadsheet


COMPARED = (
    "chip_hours_used",
    "acquisition_price_per_chip",
    "value_at_start_per_chip",
    "accelerator_chips",
    "server_components",
    "interconnect",
    "energy",
    "amortized_cost",
    "acquisition_cost",
    "cloud_cost",
    "power_capacity_kw",
    "budget_cost",
)


class Reader:
    """Somebody who changes cells, and keeps a record of what the workbook now says."""

    def __init__(self, document, seed):
        self.document, self.chance, self.facts = document, random.Random(seed), catalog.load()
        table = read_runs(PORTFOLIO).reset_index(drop=True)
        self.rows = {
            number: {name: value for name, value in run.items() if value is not None}
            for number, run in enumerate(table.to_dict("records"))
        }
        for run in self.rows.values():
            run["chip"] = self.facts.names.find(run["chip"])[0]
        self.assumptions = {}
        book = Book("addresses", datetime.date(2026, 11, 1))
        self.given = inputs.write_inputs(book, book.sheet("Inputs"), self.facts, ["one", "two", "three"])
        self.method = "market"

    def edit(self):
        kind = self.chance.random()
        if kind < 0.12:
            self.edit_assumption()
        elif kind < 0.17:
            self.method = self.chance.choice(["market", "market_exact", "straight_line"])
            self.document.set({self.address(self.given.method): self.method})
        else:
            self.edit_run()

    def edit_assumption(self):
        name = self.chance.choice(list(self.given.assume))
        value = float(self.given.assume[name].value) * self.chance.uniform(0.7, 1.2)
        if name == "hours_per_year":
            value = self.chance.choice([8760.0, 8766.0, 8784.0])
        self.assumptions[name] = value
        self.document.set({self.address(self.given.assume[name]): value})

    def edit_run(self):
        number = self.chance.randrange(len(self.rows) + 1) if len(self.rows) < 20 else self.chance.randrange(20)
        if number not in self.rows:
            self.rows[number] = {"run": f"new {number}"}
            self.change(number, {"run": f"new {number}", "chip": self.value("chip"), "chips": 64.0, "hours": 48.0})
            return
        name = self.chance.choice(
            [
                "chips",
                "hours",
                "chip",
                "chip",
                "start",
                "start",
                "sourcing",
                "sourcing",
                "vendor",
                "vendor",
                "organization",
                "chip_hours",
                "training_flop",
                "mfu",
                "published",
                "acquired",
                "server_price_per_chip",
                "department",
                "capacity",
            ]
        )
        optional = name not in ("chips", "hours", "chip")
        self.change(number, {name: None if optional and self.chance.random() < 0.3 else self.value(name)})

    def value(self, name):
        chance = self.chance
        return {
            "chips": lambda: float(chance.randrange(1, 50_000)),
            "hours": lambda: chance.choice([1.0, 793.5, 2_142.0, 9_000.0]),
            "chip": lambda: chance.choice(list(self.facts.chips["chip"])),
            "start": lambda: datetime.date(
                chance.randrange(2015, 2030), chance.randrange(1, 13), chance.randrange(1, 29)
            ),
            "sourcing": lambda: chance.choice(["own", "cloud_on_demand", "cloud_1y", "cloud_3y"]),
            "vendor": lambda: chance.choice(self.facts.vendors),
            "organization": lambda: chance.choice(
                ["Google/DeepMind", "OpenAI", "Meta AI", "Anthropic", "x (Microsoft)", "=1+1"]
            ),
            "chip_hours": lambda: chance.uniform(1e3, 1e7),
            "training_flop": lambda: 10 ** chance.uniform(20, 26),
            "mfu": lambda: chance.uniform(0.05, 0.9),
            "server_price_per_chip": lambda: chance.uniform(1e3, 9e4),
            "department": lambda: chance.choice(["Research", "research", "Unheard of", ">0"]),
            "capacity": lambda: chance.choice(["Cluster West", "*", "small"]),
        }.get(name, lambda: datetime.date(chance.randrange(2018, 2029), chance.randrange(1, 13), 1))()

    def change(self, number, cells):
        self.rows[number].update(cells)
        self.document.set(
            {
                ("Runs", f"{RUN_LETTERS[name]}{runs.FIRST + number}"): float(to_serial(value))
                if isinstance(value, datetime.date)
                else value
                for name, value in cells.items()
            }
        )

    def address(self, term):
        sheet, _, cell = term.text.partition("!")
        return sheet, cell.replace("$", "")

    def expected(self):
        table = pd.DataFrame(
            [self.rows[number] for number in sorted(self.rows)], columns=list(RUN_COLUMNS), dtype=object
        )
        return estimate(table, self.facts, method=self.method, assumptions=self.assumptions)

    def shown(self):
        last = runs.FIRST + len(self.rows) - 1
        found = {}
        for name in (*COMPARED, "note"):
            letter = STEP_LETTERS[name]
            found[name] = [row[0] for row in self.document.grid("Costs", f"{letter}{runs.FIRST}:{letter}{last}")]
        return found


@pytest.mark.parametrize("seed", range(4))
def test_edits_inside_libreoffice_give_what_estimate_gives(budget, libreoffice, seed):
    with libreoffice.open(budget) as document:
        reader = Reader(document, seed)
        for number in range(55):
            reader.edit()
            expected, shown = reader.expected(), reader.shown()
            for name in COMPARED:
                wanted = expected["chip_hours" if name == "chip_hours_used" else name]
                wrong = [
                    (row, want, have)
                    for row, (want, have) in enumerate(zip(wanted, shown[name]))
                    if not agree(None if want != want else want, have)
                ]
                assert not wrong, f"edit {number}, {name}: {wrong}; runs {reader.rows}"
            assert [note or None for note in expected["note"]] == [note or None for note in shown["note"]]


def test_a_row_under_the_spare_ones_turns_the_master_check_red(budget, libreoffice):
    last = runs.FIRST + len(read_runs(PORTFOLIO)) + runs.SPARE
    with libreoffice.open(budget) as document:
        for row in (last, last + 700, runs.LAST_ROW):
            assert document.get([("Cover", "B9")]) == ["OK"]
            document.set({("Runs", f"A{row}"): "one too many"})
            assert document.get([("Cover", "B9")]) == ["CHECK"]
            document.set({("Runs", f"A{row}"): None})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("E6", "no such chip"),
        ("F6", -1.0),
        ("F6", "many"),
        ("A7", "grok-3"),
        ("J6", 1.5),
        ("K6", "soon"),
        ("K6", -100.0),
        ("R6", -5.0),
        ("S6", 0.5),
        ("G6", 1e7),
    ],
)
def test_an_input_that_cannot_be_right_turns_the_master_check_red(budget, libreoffice, cell, value):
    with libreoffice.open(budget) as document:
        document.set({("Runs", cell): value})
        assert document.get([("Cover", "B9")]) == ["CHECK"]
        document.set({("Runs", cell): None})


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("depreciation_rate", -0.1),
        ("interconnect_share", 1.2),
        ("default_mfu", 5.0),
        ("discount_3y.other", 1.5),
        ("hours_per_year", "many"),
        ("Amortization method", "foo"),
        ("Start of a run that names none", "soon"),
    ],
)
def test_an_assumption_that_cannot_be_right_turns_the_master_check_red(budget, libreoffice, label, value):
    with libreoffice.open(budget) as document:
        rows = document.grid("Inputs", "A1:G100")
        row = next(number for number, cells in enumerate(rows, 1) if label in (cells[0], cells[6]))
        before = document.get([("Inputs", f"B{row}")])[0]
        document.set({("Inputs", f"B{row}"): value})
        assert document.get([("Cover", "B9")]) == ["CHECK"]
        document.set({("Inputs", f"B{row}"): before})
        assert document.get([("Cover", "B9")]) == ["OK"]


def test_a_department_that_is_not_listed_has_a_row_of_its_own_and_the_totals_hold(budget, libreoffice):
    with libreoffice.open(budget) as document:
        rows = [row[0] for row in document.grid("Summary", "A1:A120")]
        row = rows.index("not listed") + 1
        total = document.get([("Summary", f"C{row - 1}")])
        document.set({("Runs", "B6"): "Unheard of"})
        shown = document.get(
            [("Summary", f"B{row}"), ("Summary", f"C{row}"), ("Summary", f"C{row - 1}"), ("Cover", "B9")]
        )
        cost = document.get([("Costs", f"{STEP_LETTERS['budget_cost']}6")])
        assert shown == [1.0, cost[0], total[0], "OK"]


def test_an_overwritten_total_turns_the_master_check_red(budget, libreoffice):
    with libreoffice.open(budget) as document:
        document.set({("Costs", f"{STEP_LETTERS['own_energy']}{runs.FIRST}"): 5.0})
        assert document.get([("Cover", "B9")]) == ["CHECK"]


def test_every_list_offered_is_the_list_that_is_looked_up(budget):
    book = load_workbook(budget)
    offered = {}
    for validation in book["Runs"].data_validations.dataValidation:
        if validation.type == "list":
            offered[str(validation.sqref)[0]] = validation.formula1.lstrip("=")
    facts = catalog.load()
    for name, expected in (
        ("chip", list(facts.chips["chip"])),
        ("vendor", facts.vendors),
        ("sourcing", ["own", "cloud_on_demand", "cloud_1y", "cloud_3y"]),
    ):
        sheet, _, cells = offered[RUN_LETTERS[name]].partition("!")
        assert [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]] == expected


def test_a_range_gives_its_cells_by_position():
    assert Range("Inputs!$A$5:$A$7", np.array([1.0, 2.0, 3.0])).cell(-1).text == "Inputs!$A$7"


def test_our_own_lint_finds_nothing(budget, mixed):
    assert lint(budget) == [] and lint(mixed) == []


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
def test_runs_without_a_department_compute_in_a_spreadsheet(engine, tmp_path, request):
    path = written(tmp_path, {"run": ["a", "b"], "chip": "H100", "chips": 8, "hours": 10.0})
    with request.getfixturevalue(engine).open(path) as document:
        document.recalculate()
        assert differences(path, document) == []


@pytest.mark.parametrize("edition", catalog.edition_names())
def test_every_edition_makes_a_workbook_that_computes(edition, tmp_path, libreoffice):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), edition=edition)
    with libreoffice.open(path) as document:
        document.recalculate()
        assert differences(path, document) == []
        assert document.get([("Cover", "B9")]) == ["OK"]
