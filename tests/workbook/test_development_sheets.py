"""Staff, Experts, Development and Uncertainty: against Python, also when somebody changes a cell in a spreadsheet."""

import csv
import math
import random

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.workbook.compare import MASTER, agree, differences
from xlcost import catalog
from xlcost.budget.plan import Tables
from xlcost.closed_form import TOTAL, development_moments, interval_of, sum_of_moments
from xlcost.development import COMPONENTS, project_of_run
from xlcost.errors import XlcostError
from xlcost.estimate import estimate
from xlcost.examples import EXPERTS, PORTFOLIO, STAFF
from xlcost.experts import OF_ROLE, pooled_of, read_answer_columns, with_experts
from xlcost.project_columns import ANSWER_COLUMNS, ANSWER_STEPS, DEVELOPMENT_STEPS, ROLE_COLUMNS, STAFF_STEPS
from xlcost.runs import read_runs
from xlcost.staffing import people_of, read_role_columns
from xlcost.workbook import development, experts, staff, uncertainty
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

RUNS = list(read_runs(PORTFOLIO)["run"])
ENDS = ("low", "median", "high")


def letters(inputs, groups):
    names = [*inputs, *(column.name for _, columns in groups for column in columns)]
    return {name: get_column_letter(number) for number, name in enumerate(names, start=1)}


ON_STAFF, ON_EXPERTS = letters(ROLE_COLUMNS, STAFF_STEPS), letters(ANSWER_COLUMNS, ANSWER_STEPS)
ON_DEVELOPMENT = letters((), DEVELOPMENT_STEPS)


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]


def written(folder, people, answers, **options):
    """A budget of the shipped runs with these people and answers."""
    path = folder / "budget.xlsx"
    staff_file, experts_file = tables(folder, people, answers)
    write_budget(
        path, read_runs(PORTFOLIO), tables=Tables(staff=staff_file, experts=(experts_file,)), replace=True, **options
    )
    return path


def tables(folder, people, answers):
    paths = folder / "staff.csv", folder / "experts.csv"
    for path, columns, rows in zip(paths, (ROLE_COLUMNS, ANSWER_COLUMNS), (people, answers)):
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return paths


@pytest.fixture(scope="module")
def overlapping():
    """The shipped answers but the two that contradict each other, for which no lognormal quantity stands exactly."""
    return [row for row in rows_of(EXPERTS) if row.get("run") != "Llama 2-70B"]


@pytest.fixture(scope="module")
def book(tmp_path_factory, overlapping):
    return written(tmp_path_factory.mktemp("project"), rows_of(STAFF), overlapping)


def projects(folder, people, answers):
    """The same developments in Python."""
    staff_file, experts_file = tables(folder, people, answers)
    roles = people_of(read_role_columns(staff_file, RUNS), RUNS)
    pooled = pooled_of(read_answer_columns([experts_file], RUNS))
    costs = estimate(read_runs(PORTFOLIO), catalog.load()).to_dict("records")
    return [with_experts(project_of_run(cost, *roles[cost["run"]]), pooled) for cost in costs]


def shown(document):
    """What Development says: the range of each run, and of each component."""
    found, last = {}, development.FIRST + len(RUNS) - 1
    columns = [
        [row[0] for row in document.grid("Development", f"{letter}{development.FIRST}:{letter}{last}")]
        for letter in (ON_DEVELOPMENT[f"development_{end}"] for end in ENDS)
    ]
    found |= dict(zip(RUNS, zip(*columns)))
    first = development.HEADLINE + 1
    block = document.grid("Development", f"C{first}:E{first + len(COMPONENTS)}")
    return found | {name: tuple(row) for name, row in zip((*COMPONENTS, TOTAL), block)}


def expected(projects):
    each = {project.name: development_moments(project) for project in projects}
    moments = {name: found[TOTAL] for name, found in each.items()} | sum_of_moments(each.values())
    intervals = {name: interval_of(found) for name, found in moments.items()}
    return {name: tuple(getattr(interval, end) for end in ENDS) for name, interval in intervals.items()}


def assert_same(found, wanted):
    wrong = {name: (found[name], wanted[name]) for name in wanted if not all(map(agree, wanted[name], found[name]))}
    assert wrong == {}


class Editor:
    """Somebody who changes people and answers, on the sheets and in a copy of the tables."""

    def __init__(self, document, people, answers, seed):
        self.document, self.chance = document, random.Random(seed)
        self.people, self.answers = ([dict(row) for row in rows] for rows in (people, answers))

    def put(self, sheet, row, name, value):
        rows, columns, first = (
            (self.people, ON_STAFF, staff.FIRST) if sheet == "Staff" else (self.answers, ON_EXPERTS, experts.FIRST)
        )
        if row == len(rows):
            rows.append({})
        rows[row][name] = value
        self.document.set({(sheet, f"{columns[name]}{first + row}"): value})

    def edit(self):
        if self.chance.random() < 0.5:
            self.edit_people()
        else:
            self.edit_answers()

    def edit_people(self):
        chance, row = self.chance, self.chance.randrange(len(self.people) + 1)
        if row == len(self.people):
            for name, value in {
                "run": chance.choice(RUNS),
                "role": "New",
                "people": 3,
                "fte_low": 0.5,
                "years_low": 1,
            }.items():
                self.put("Staff", row, name, value)
            return
        if "people" not in self.people[row]:
            self.put("Staff", row, "monthly_rate_high", chance.uniform(9_000, 20_000))
            return
        name, low, high = chance.choice(
            [
                ("fte", 0.05, 0.9),
                ("years", 0.5, 2.0),
                ("salary", 9e4, 4e5),
                ("equity", 2e4, 2e6),
                ("employment_overhead", 1.1, 1.6),
            ]
        )
        middle = math.sqrt(low * high)
        self.put("Staff", row, f"{name}_low", chance.uniform(low, middle))
        self.put("Staff", row, f"{name}_high", chance.choice([None, chance.uniform(middle, high)]))
        self.put("Staff", row, "people", float(chance.randrange(1, 400)))

    def edit_answers(self):
        chance, row = self.chance, self.chance.randrange(len(self.answers) + 1)
        if row == len(self.answers):
            asked = chance.choice(["", "", *OF_ROLE]) or "experiment_factor"
            bounds = {"fte": (0.1, 0.9), "salary": (1e5, 3e5), "equity": (5e4, 1e6), "years": (0.5, 2)}
            low, high = bounds.get(asked, (1.1, 1.9))
            cells = {"run": chance.choice(RUNS), "question": asked, "expert": f"E{row}", "low": low, "high": high}
            if asked in OF_ROLE and chance.random() < 0.5:
                cells |= {"role": "Researchers and engineers"}
            for name, value in cells.items():
                self.put("Experts", row, name, value)
            return
        # The middle stays where it is, so that all answers to a question go on having something in common.
        low, high = float(self.answers[row]["low"]), float(self.answers[row]["high"])
        stretch = chance.uniform(1.0, 1.1)
        self.put("Experts", row, "low", max(low / stretch, 1.0 if low >= 1 else 0.05))
        self.put("Experts", row, "high", min(high * stretch, 1.5 if high <= 1.5 else math.inf))


def test_development_costs_are_those_of_the_closed_form_in_python(book, overlapping, libreoffice, tmp_path):
    with libreoffice.open(book) as document:
        assert_same(shown(document), expected(projects(tmp_path, rows_of(STAFF), overlapping)))


@pytest.mark.parametrize(("engine", "seed"), [("libreoffice", 0), ("libreoffice", 1), ("cellrune", 2)])
def test_a_role_or_an_answer_that_is_changed_gives_what_python_says(book, overlapping, engine, seed, request, tmp_path):
    with request.getfixturevalue(engine).open(book) as document:
        editor = Editor(document, rows_of(STAFF), overlapping, seed)
        for _ in range(6):
            for _ in range(4):
                editor.edit()
            document.recalculate()
            assert_same(shown(document), expected(projects(tmp_path, editor.people, editor.answers)))
            assert document.get([MASTER]) == ["OK"]


def test_answers_with_nothing_in_common_are_flagged_and_each_may_be_right(tmp_path, libreoffice):
    path = written(tmp_path, rows_of(STAFF), rows_of(EXPERTS))
    pooled = {(each.run, each.question): each for each in pooled_of(read_answer_columns([EXPERTS], RUNS))}
    apart = pooled["Llama 2-70B", "experiment_factor"]
    logs = np.log(apart.quantity.quantile((np.arange(100_000) + 0.5) / 100_000))
    with libreoffice.open(path) as document:
        row = next(
            number for number, (run,) in enumerate(document.grid("Experts", "A1:A40"), 1) if run == "Llama 2-70B"
        )
        names = ("pooled_median", "pooled_log_spread", "note", "contradictions")
        median, spread, note, count = document.get([("Experts", f"{ON_EXPERTS[name]}{row}") for name in names])
        assert (median, spread) == pytest.approx((np.exp(logs.mean()), logs.std()), rel=1e-3)
        assert note == experts.TALK and count == 2.0
        # Once they meet, it is the mean of their ends again.
        document.set({("Experts", f"F{row}"): 2.5})
        low, high = document.get([("Experts", f"{ON_EXPERTS[f'pooled_{end}']}{row}") for end in ("low", "high")])
        assert (low, high) == pytest.approx((math.sqrt(1.1 * 2), math.sqrt(2.5 * 5)), rel=1e-12)


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        ("Runs", "F6", 50_000.0),
        ("Staff", "D6", 400.0),
        ("Experts", "F6", 3.5),
        ("Inputs", "salary", 300_000.0),
        ("Inputs", "depreciation_rate", 0.15),
        ("Inputs", "Ranges that come out hold", 0.8),
    ],
)
def test_uncertainty_says_by_itself_when_the_inputs_have_changed(book, libreoffice, sheet, cell, value):
    with libreoffice.open(book) as document:
        state = ("Uncertainty", "A3")
        assert document.get([state]) == [uncertainty.NEW]
        if sheet == "Inputs":
            rows = document.grid("Inputs", "A1:G110")
            row = next(number for number, cells in enumerate(rows, 1) if cell in (cells[0], cells[6]))
            cell = f"E{row}" if cell == "salary" else f"B{row}"
        before = document.get([(sheet, cell)])[0]
        document.set({(sheet, cell): value})
        assert document.get([state]) == [uncertainty.OLD]
        document.set({(sheet, cell): before})
        assert document.get([state]) == [uncertainty.NEW]


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        ("Staff", "A6", "no such run"),
        ("Staff", "C6", "XXX"),
        ("Staff", "D6", -5.0),
        ("Staff", "E6", 1.6),
        ("Staff", "F6", 0.01),
        ("Staff", "E6", None),
        ("Staff", "E6", "half"),
        ("Staff", "D900", 5.0),
        ("Experts", "E6", -1.0),
        ("Experts", "F6", 0.5),
        ("Experts", "F6", None),
        ("Experts", "A700", "Grok-3"),
        ("Trend", "B10", 1.0),
    ],
)
def test_people_and_answers_that_cannot_be_turn_the_master_check_red(book, libreoffice, sheet, cell, value):
    with libreoffice.open(book) as document:
        assert document.get([MASTER]) == ["OK"]
        document.set({(sheet, cell): value})
        assert document.get([MASTER]) == ["CHECK"]


def test_sampled_and_live_ranges_agree_within_some_percent(book):
    sheet = load_workbook(book, data_only=True)["Uncertainty"]
    rows = list(sheet.iter_rows(min_row=uncertainty.HEADING + 2, max_col=7, values_only=True))[: len(COMPONENTS) + 1]
    for _, *figures in rows:
        sampled, live = figures[:3], figures[3:]
        assert sampled == pytest.approx(live, rel=0.04)
    assert sheet["A2"].value.startswith("How sure")


def test_a_budget_is_written_with_its_own_people_and_answers_again(book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_budget(again, read_runs(book), str(book))
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize(
    ("people", "answers", "said"),
    [
        ({"fte_low": "1.6"}, {}, "row 2: fte_low is '1.6'; it must be a number above 0 and at most 1.5"),
        ({"years_low": "2", "years_high": "1"}, {}, "row 2: years_high is 1"),
        ({}, {"low": "3", "high": "2"}, "row 2: high is 2"),
        ({}, {"low": "0"}, "row 2: low is '0'; it must be a number above 0"),
        ({}, {"low": ""}, "row 2: low is empty; an expert gives both ends"),
        ({}, {"question": "taste"}, "row 2: question is 'taste'; it must be one of"),
    ],
)
def test_people_and_answers_that_cannot_be_used_stop_the_budget_before_it_is_written(tmp_path, people, answers, said):
    role = {"run": "GPT-4", "role": "all", "people": "2", "fte_low": "0.5", "years_low": "1"} | people
    answer = {"question": "experiment_factor", "expert": "E", "low": "1.5", "high": "3"} | answers
    with pytest.raises(XlcostError, match=said.replace("(", r"\(")):
        written(tmp_path, [role], [answer])
    assert not (tmp_path / "budget.xlsx").exists()


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
@pytest.mark.parametrize(
    "run",
    [
        {"chip": "Huawei Ascend 910C"},
        {"chip": "H100", "usd_per_kwh": 0.0, "experiment_factor": 1.0},
        {"chip": "H100", "chips": 1e9, "hours": 1e6},
        {"chip": "TPU v4", "training_flop": 1e24, "hours": None},
    ],
    ids=["of no known price", "certain", "as large as can be", "from compute"],
)
def test_a_single_run_of_any_kind_makes_sheets_that_compute(run, engine, tmp_path, request, ooxml_validator):
    path = tmp_path / "budget.xlsx"
    write_budget(path, pd.DataFrame([{"run": "only", "chips": 8.0, "hours": 10.0} | run]))
    assert ooxml_validator(path) == [] and lint(path) == []
    with request.getfixturevalue(engine).open(path) as document:
        document.recalculate()
        assert differences(path, document) == []
    # A chart needs something to show.
    charts = load_workbook(path)["Uncertainty"]._charts
    assert bool(charts) == (run["chip"] != "Huawei Ascend 910C")
