"""A department's workbook: written, filled in LibreOffice, and read again."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.exchange.filled import OTHERS, ROLES, RUNS, typed
from tests.workbook.compare import differences
from tests.workbook.cut_texts import cut_on_paper
from xlcost import catalog
from xlcost.budget.tables import read_other_costs
from xlcost.estimate import estimate
from xlcost.languages import language_of
from xlcost.overview import NAME as OVERVIEW
from xlcost.overview import PREVIEW, TEMPLATE_VERSION, read_overview
from xlcost.runs import COMPUTED, LABELS, read_runs
from xlcost.staffing import read_role_columns
from xlcost.workbook import checks, overview, runs
from xlcost.workbook.budget import write_budget
from xlcost.workbook.department import SHEETS, write_department
from xlcost.workbook.lint import lint

LANGUAGES = ["en", "ja"]


@pytest.fixture(scope="module", params=LANGUAGES)
def template(request, tmp_path_factory):
    """An empty one, and its language."""
    path = tmp_path_factory.mktemp("department") / "department.xlsx"
    write_department(path, "Research", request.param, runs=12)
    return path, language_of(request.param)


@pytest.fixture(scope="module")
def filled(template, libreoffice, tmp_path_factory):
    """As a person has filled it and LibreOffice has saved it; what its formulas gave; its language."""
    empty, language = template
    path = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    with libreoffice.open(empty) as document:
        document.set(typed(language.code))
        grids = {name: document.grid(language.text(name)) for name in SHEETS}
        document.save_as(path)
    return path, grids, language


def test_every_formula_of_an_empty_one_gives_what_is_stored(template, libreoffice, cellrune):
    for engine in (libreoffice, cellrune):
        with engine.open(template[0]) as document:
            assert differences(template[0], document) == []


def test_an_empty_one_is_sound_and_the_same_each_time(template, tmp_path, ooxml_validator):
    path, language = template
    assert ooxml_validator(path) == [] and lint(path) == []
    write_department(tmp_path / "again.xlsx", "Research", language.code, runs=12)
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_no_text_of_a_filled_one_is_cut_on_paper(filled, libreoffice, tmp_path):
    path, _, language = filled
    assert cut_on_paper(libreoffice, path, language.code, tmp_path / "filled.pdf") == set()


def test_only_what_a_department_fills_can_be_changed(template):
    path, language = template
    book, may_be_filled = load_workbook(path), {}
    for sheet in book:
        protection = sheet.protection
        assert protection.sheet and not protection.password
        assert not (protection.sort or protection.autoFilter or protection.formatCells)
        may_be_filled[sheet.title] = sum(not cell.protection.locked for row in sheet for cell in row)
    by_name = [may_be_filled[language.text(name)] for name in SHEETS]
    # 23 columns of 12 runs, 18 of 30 people, 12 of 30 other costs.
    assert by_name == [2, 276, 540, 360, 0, 0, 0, 0, 0]


def test_what_a_run_costs_stands_beside_it_as_it_is_typed(filled):
    _, grids, language = filled
    costs = estimate(read_runs(filled[0]))["budget_cost"]
    rows = grids["Runs"][runs.FIRST - 1 :]
    assert [row[0] for row in rows[:4]] == [*[language.text("complete")] * 3, ""]
    assert [row[1] for row in rows[:3]] == pytest.approx(list(costs), rel=1e-12)
    shown = {row[0]: row[1] for row in grids[OVERVIEW] if len(row) > 1}
    assert shown[language.text("Cost of the runs [USD]")] == pytest.approx(costs.sum(), rel=1e-12)
    assert shown[language.text("Training runs")] == 3 and shown[language.text("People on Staff")] == 5
    assert shown[language.text("Master check")] == checks.OK


def test_the_existing_readers_read_what_was_typed(filled):
    path, _, language = filled
    found = read_runs(path)
    assert found["run"].tolist() == [run["run"] for run in RUNS]
    # Who names no department is of the one on Overview.
    assert found["department"].tolist() == ["Research", "Product", "Research"]
    assert found["phase"].tolist() == [None, None, "=1+1"]
    assert read_role_columns(path, ["Alpha", "Beta"])["role"].tolist() == [role["role"] for role in ROLES]
    others = read_other_costs(path, ["Alpha", "Beta"], {})
    assert others["item"].tolist() == [other["item"] for other in OTHERS]
    assert others["department"].tolist() == ["Research", "Product"]
    assert read_overview(path) == {
        "department": "Research",
        "contact": "Ana",
        "edition": catalog.newest_edition(),
        "version": TEMPLATE_VERSION,
        "language": language.code,
    }


def test_a_budget_is_written_from_it(filled, xlcost):
    status, said, wrong = xlcost("budget", filled[0], "-o", "budget.xlsx")
    assert (status, said.strip(), wrong) == (0, "budget.xlsx", "")


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"chip": "Google TPU v5e"}, "name missing"),
        ({"run": "Alpha"}, "chip missing"),
        ({"run": "Alpha", "chip": "H1000", "chips": 1, "hours": 1}, "chip not in the list"),
        ({"run": "Alpha", "chip": "Google TPU v5e", "hours": 1}, "chips and hours missing"),
        ({"run": "Alpha", "chip": "Huawei Ascend 910C", "chips": 1, "hours": 1}, "no price or power: see the note"),
        ({"run": "Alpha", "chip": "Google TPU v5e", "chips": 1, "hours": 1}, "complete"),
    ],
)
def test_a_row_says_what_it_lacks(template, libreoffice, given, state):
    path, language = template
    with libreoffice.open(path) as document:
        document.set(typed(language.code, {"Runs": [given]}))
        ((found, cost),) = document.grid(language.text("Runs"), f"A{runs.FIRST}:B{runs.FIRST}")
        shown = {row[0]: row[1] for row in document.grid(language.text(OVERVIEW)) if len(row) > 1}
    assert found == language.text(state)
    is_complete = state == "complete"
    assert (cost != "") == is_complete and (shown[language.text("Master check")] == checks.OK) == is_complete


def test_people_paid_in_another_currency_cost_nothing_yet_and_are_in_the_budget_at_its_rate(
    template, libreoffice, tmp_path, xlcost
):
    path, language = template
    in_yen = {"run": "Alpha", "role": "Engineers", "currency": "JPY", "people": 2, "fte_low": 1, "years_low": 1}
    in_yen |= {"salary_low": 9_000_000, "equity_low": 0, "employment_overhead_low": 1.2}
    hired = {"run": "Beta", "role": "Labelling", "currency": "USD", "person_months_low": 20, "monthly_rate_low": 9000}
    with libreoffice.open(path) as document:
        document.set(typed(language.code, {"Runs": RUNS, "Staff": [in_yen, hired]}))
        shown = {row[0]: row[1] for row in document.grid(language.text(OVERVIEW)) if len(row) > 1}
        document.save_as(tmp_path / "sent.xlsx")
    assert shown[language.text("Cost of people [USD]")] == 180_000
    assert shown[language.text("Master check")] == checks.OK
    assert xlcost("check", "sent.xlsx")[0] == 0
    status, _, wrong = xlcost("budget", "sent.xlsx", "-o", "budget.xlsx")
    assert status == 2 and "JPY" in wrong
    assert xlcost("budget", "sent.xlsx", "-o", "budget.xlsx", "--currency", "JPY", "--rate", 150)[0] == 0
    staff = load_workbook("budget.xlsx", data_only=True)[language.text("Staff")]
    at = next(cell.column for cell in staff[5] if cell.value == f"{language.text('Cost, mean')} [USD]")
    costs = [staff.cell(row, at).value for row in (6, 7)]
    assert costs == pytest.approx([2 * 9_000_000 * 1.2 / 150, 180_000])


def test_a_department_of_any_name_is_text(tmp_path):
    write_department(tmp_path / "odd.xlsx", "=1+1", runs=1)
    assert read_overview(tmp_path / "odd.xlsx")["department"] == "=1+1"
    assert load_workbook(tmp_path / "odd.xlsx")[OVERVIEW][f"B{overview.FIRST}"].data_type == "s"


def test_a_budget_of_a_departments_workbook_is_in_its_language(filled, tmp_path):
    path, _, language = filled
    write_budget(tmp_path / "budget.xlsx", read_runs(path), source=str(path))
    assert load_workbook(tmp_path / "budget.xlsx", read_only=True).sheetnames[0] == language.text("Cover")


@pytest.fixture(scope="module")
def budget_of_one(tmp_path_factory):
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    write_budget(path, pd.DataFrame([{"run": "a", "chip": "H100", "chips": 8, "hours": 10}]))
    return path


def test_a_workbook_of_another_kind_is_none_of_a_department(budget_of_one):
    assert read_overview(budget_of_one) == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_preview_is_no_column_that_is_read(code):
    headings = {column.heading_in(language_of(code)).casefold() for column in PREVIEW}
    assert headings <= COMPUTED and not headings & set(LABELS)


def test_the_command_writes_it_and_says_what_cannot_be(xlcost):
    assert xlcost("template", "department", "--department", "R&D", "--runs", 3)[:2] == (0, "department.xlsx\n")
    status, _, wrong = xlcost("template", "department")
    assert status == 2 and "department.xlsx: the file exists; --force replaces it" in wrong
    for words, sentence in (
        (("-o", "a.csv"), "a.csv: the name of a workbook must end in .xlsx"),
        (("-o", "a.xlsx", "--runs", 0), "a template has 1 to 5,000 rows for runs, not 0"),
        (("-o", "a.xlsx", "--language", "xx"), "there is no language 'xx'; there are en, ja"),
        (("-o", "a.xlsx", "--edition", "1999-01"), "there is no price edition '1999-01'"),
    ):
        status, _, wrong = xlcost("template", "department", *words)
        assert status == 2 and sentence in wrong
