"""The Trend sheet: the paper's trend, and what it says when somebody chooses another one."""

import pytest
from openpyxl import load_workbook

from tests.workbook.compare import MASTER
from xlcost import catalog
from xlcost.examples import PORTFOLIO
from xlcost.runs import read_runs
from xlcost.trend import fit, selected
from xlcost.workbook import runs, trend, trend_sentence
from xlcost.workbook.budget import write_budget

SETTINGS = ("largest", "first_year", "last_year", "kind", "level", "threshold")
CELLS = {name: ("Trend", f"B{row}") for row, name in enumerate(SETTINGS, start=trend.SETTINGS + 1)}


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    path = tmp_path_factory.mktemp("trend") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), edition="2024-05")
    return path


def shown(document):
    """Growth, the year of the trend and that from the dearest model on, each with its range; models, R²."""
    rows = document.grid("Trend", f"B{trend.RESULTS + 1}:D{trend.RESULTS + 5}")
    return *rows[:3], rows[3][0], rows[4][0]


def errors(document):
    """Cells that hold neither a number nor a text."""
    cells = [cell for row in document.grid("Trend", "A1:K200") for cell in row]
    return [cell for cell in cells if cell is not None and not isinstance(cell, (str, float))]


def statistics(document):
    return {row[0]: row[1] for row in document.grid("Trend", "A60:B180") if row[0]}


def test_the_sheet_says_what_the_paper_says(paper, libreoffice):
    with libreoffice.open(paper) as document:
        growth, _, dearest, n, r2 = shown(document)
        assert [round(figure, 3) for figure in growth] == [2.448, 1.962, 3.054]
        assert (n, round(r2, 3)) == (45, 0.608)
        # More than a billion dollars by 2027, from GPT-4 on.
        assert 2026.5 < dearest[0] < 2027
        assert round(statistics(document)["Slope [orders of magnitude/year]"], 4) == 0.3888
        assert document.get([("Trend", "A2")]) == [
            "The cost of the largest training runs grows 2.4 times a year (95% range 2.0 to 3.1). If that goes on, it "
            "reaches $1 billion in 2029 (2027 to 2032) by the trend of all, and in 2026 from the dearest model on."
        ]


@pytest.mark.parametrize("edition", catalog.edition_names())
def test_every_edition_shows_the_trend_that_python_fits(tmp_path, edition):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), edition=edition)
    sheet = load_workbook(path, data_only=True)["Trend"]
    models = selected(catalog.load(edition))
    expected = fit(models["published"], models["cost"])
    rows = [[cell.value for cell in row] for row in sheet[f"B{trend.RESULTS + 1}:D{trend.RESULTS + 2}"]]
    assert rows[0] == pytest.approx([expected.growth, *expected.growth_range], rel=1e-9)
    assert rows[1] == pytest.approx(expected.reaches(1e9), rel=1e-9)


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
@pytest.mark.parametrize(
    "chosen",
    [
        {"level": 0.8, "threshold": 1e8},
        {"largest": 3.0},
        {"first_year": 2018.0, "last_year": 2022.0},
        {"kind": "TPU", "level": 0.99},
    ],
    ids=str,
)
def test_another_choice_gives_the_trend_that_python_fits(paper, engine, chosen, request):
    facts = catalog.load("2024-05")
    selection = {name: value for name, value in chosen.items() if name not in ("level", "threshold")}
    models = selected(facts, **{name: value if name == "kind" else int(value) for name, value in selection.items()})
    expected = fit(models["published"], models["cost"], chosen.get("level", 0.95))
    with request.getfixturevalue(engine).open(paper) as document:
        document.set({CELLS[name]: value for name, value in chosen.items()})
        document.recalculate()
        growth, when, dearest, n, r2 = shown(document)
        assert growth == pytest.approx([expected.growth, *expected.growth_range], rel=1e-9)
        assert when == pytest.approx(expected.reaches(chosen.get("threshold", 1e9)), rel=1e-9)
        top = models.loc[models["cost"].idxmax()]
        assert dearest == pytest.approx(
            expected.reaches_from(chosen.get("threshold", 1e9), top["published"], top["cost"]), rel=1e-9
        )
        assert (n, r2) == (expected.n, pytest.approx(expected.r2, rel=1e-9))
        first = trend.TABLES + 3
        years = [int(row[0]) for row in document.grid("Trend", f"A{first}:A{first + 10}")]
        found = document.grid("Trend", f"B{first}:F{first + 10}")
        projected = expected.projection([f"{year}-01-01" for year in years])
        for row, wanted in zip(found, projected.iloc[:, 1:].to_numpy(dtype=float)):
            assert row == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("chosen", [{"first_year": 2030.0}, {"largest": 1.0, "first_year": 2023.0, "kind": "other"}])
def test_too_few_models_are_said_in_words_and_leave_no_error(paper, libreoffice, chosen):
    with libreoffice.open(paper) as document:
        document.set({CELLS[name]: value for name, value in chosen.items()})
        assert document.get([("Trend", "A2")]) == [trend_sentence.TOO_FEW]
        assert errors(document) == []


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"level": 1.0}, trend_sentence.NO_LEVEL),
        ({"level": None}, trend_sentence.NO_LEVEL),
        ({"level": "most"}, trend_sentence.NO_LEVEL),
        ({"threshold": 0.0}, trend_sentence.NO_COST),
        ({"threshold": None}, trend_sentence.NO_COST),
        ({"threshold": "a lot"}, trend_sentence.NO_COST),
        (
            {"first_year": 2016.0, "last_year": 2016.0, "level": 0.9999},
            "The cost of the models that count does not grow: no year can be told in which it reaches $1 billion.",
        ),
        (
            {"first_year": 2015.0, "last_year": 2016.0},
            "The cost of the largest training runs grows, but too few models count to tell how fast. If that goes on, "
            "it reaches $1 billion in 2019 (its range cannot be told) by the trend of all, and in 2018 from the "
            "dearest model on.",
        ),
        (
            {"threshold": 5e6},
            "The cost of the largest training runs grows 2.4 times a year (95% range 2.0 to 3.1). If that goes on, it "
            "reaches $5 million in 2023 (2023 to 2025) by the trend of all, and the dearest model has cost as much "
            "already.",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_told_is_said_in_words_and_leaves_no_error(paper, engine, chosen, said, request):
    with request.getfixturevalue(engine).open(paper) as document:
        document.set({CELLS[name]: value for name, value in chosen.items()})
        document.recalculate()
        assert document.get([("Trend", "A2")]) == [said]
        assert errors(document) == []


def test_a_cost_that_the_dearest_model_has_had_is_reached(paper, libreoffice):
    with libreoffice.open(paper) as document:
        document.set({CELLS["threshold"]: 5e6})
        assert shown(document)[2] == [trend.REACHED] * 3


def test_a_level_is_refused_unless_it_is_between_none_and_all_cases(paper):
    sheet = load_workbook(paper)["Trend"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    level = rules[CELLS["level"][1]]
    assert level.errorStyle == "stop" and 0 < float(level.formula1) < float(level.formula2) < 1
    assert rules[CELLS["threshold"][1]].operator == "greaterThan"


def test_our_own_runs_follow_what_is_filled_in(paper, libreoffice):
    with libreoffice.open(paper) as document:
        rows = document.grid("Trend", "A50:H75")
        number = next(number for number, row in enumerate(rows, start=50) if row[0] == "GPT-4")
        before = document.get([("Trend", f"E{number}"), ("Trend", f"H{number}")])
        document.set({("Runs", "H10"): 2 * 57e6})
        after = next(row for row in document.grid("Trend", "A50:H75") if row[0] == "GPT-4")
        assert before[0] == before[1] and after[4] == after[7] == pytest.approx(2 * before[0], rel=1e-12)
        assert document.get([MASTER]) == ["OK"]


@pytest.mark.parametrize("chosen", [{"largest": 2.0, "kind": "TPU"}, {"first_year": 2030.0}], ids=str)
@pytest.mark.parametrize("with_runs", [True, False])
def test_charts_have_a_number_for_every_date(paper, libreoffice, chosen, with_runs):
    """A text among the dates of a scatter chart turns all of them into 1, 2, 3."""
    with libreoffice.open(paper) as document:
        document.set({CELLS[name]: value for name, value in chosen.items()})
        if not with_runs:
            document.set({("Runs", f"{letter}{runs.FIRST + row}"): None for letter in "AE" for row in range(20)})
        rows = document.grid("Trend", "A1:K200")
        heads = [number for number, row in enumerate(rows) if "Chart: year" in row]
        assert len(heads) == 2
        for head in heads:
            columns = [rows[head].index(name) for name in ("Chart: year", "Chart: cost [USD]")]
            points = []
            for row in rows[head + 1 :]:
                if not any(cell for cell in row):
                    break
                points.append([row[column] for column in columns])
            assert len(points) >= 8 and all(isinstance(cell, float) and cell > 0 for pair in points for cell in pair)
