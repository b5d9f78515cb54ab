"""The budget workbook against real spreadsheets and against `estimate`."""

import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from xlcost import catalog
from xlcost.errors import XlcostError
from xlcost.estimate import estimate
from xlcost.examples import PORTFOLIO
from xlcost.references import Range
from xlcost.runs import read_runs
from xlcost.workbook import costs, runs
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

RUN_LETTERS = runs.letters()


def written(folder, table, **options):
    path = folder / "written.xlsx"
    write_budget(path, pd.DataFrame(table), **options)
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
    approaches = load_workbook(mixed, data_only=True)["Approaches"]
    rows = [(unescape(str(row[0])), row[1]) for row in approaches.iter_rows(values_only=True)]
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
        rows = document.grid("Approaches", "A1:B120")
        counted = dict(rows[[row[0] for row in rows].index("By department") :])
        assert {name: counted[name] for name in ("Total", "not listed", "Research", "Ops", "École", "Straße")} == {
            "Total": 9,
            "not listed": 2,
            "Research": 2,
            "Ops": 1,
            "École": 2,
            "Straße": 1,
        }
        assert document.get([MASTER]) == ["OK"]


def test_a_department_that_a_reader_lists_twice_counts_once(budget, libreoffice):
    with libreoffice.open(budget) as document:
        listed = [row[0] for row in document.grid("Inputs", "A1:A200")]
        total = document.get([("Cover", "B4")])
        free = listed.index("Research") + 2
        for name in ("RESEARCH", "not listed"):
            document.set({("Inputs", f"A{free}"): name})
            assert document.get([("Cover", "B4"), MASTER]) == [*total, "OK"]


def test_a_cluster_that_several_runs_share_is_bought_once_at_its_largest(tmp_path):
    runs_of_two = {
        "run": ["a", "b", "c"],
        "chip": "H100",
        "chips": [100, 300, 300],
        "hours": 10.0,
        "capacity": ["X", "x", "X"],
    }
    path = written(tmp_path, runs_of_two)
    approaches = load_workbook(path, data_only=True)["Approaches"]
    found = {row[0]: row[1] for row in approaches.iter_rows(values_only=True)}["Purchase price of the clusters"]
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
        assert document.get([MASTER]) == ["OK"]
