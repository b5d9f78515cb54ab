"""The commands that answer with ranges: development and trend."""

import csv
import io

import pytest
from openpyxl import Workbook

from xlcost.development import COMPONENTS, TOTAL

RUNS = "run,chip,chips,hours,start\nours,H100,512,720,2026-03-01\nother,A100,64,100,2026-03-01\n"
STAFF = "run,role,people,fte_low,fte_high,years_low\nours,research,12,0.3,0.9,0.5\n"


def rows(printed):
    return list(csv.DictReader(io.StringIO(printed)))


def test_the_development_of_a_public_model_has_a_row_for_each_component_and_the_total(xlcost):
    status, out, err = xlcost(
        "development", "--model", "GPT-4", "--edition", "2024-05", "--level", "0.95", "--csv", "-"
    )
    found = rows(out)
    assert (status, err, list(found[0])) == (0, "", ["component", "low", "median", "high", "share"])
    assert [row["component"] for row in found] == [*COMPONENTS, TOTAL]
    assert all(float(row["low"]) < float(row["median"]) < float(row["high"]) for row in found)
    assert sum(float(row["share"]) for row in found) == pytest.approx(2)


def test_people_stand_in_a_file_or_on_the_sheet_staff_of_the_runs_workbook(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(RUNS)
    (tmp_path / "staff.csv").write_text(STAFF)
    by_file = rows(xlcost("development", "runs.csv", "--staff", "staff.csv")[1])
    book = Workbook()
    book.active.title = "Runs"
    for line in csv.reader(RUNS.splitlines()):
        book.active.append(line)
    sheet = book.create_sheet("Staff")
    for line in csv.reader(STAFF.splitlines()):
        sheet.append(line)
    book.save(tmp_path / "runs.xlsx")
    assert rows(xlcost("development", "runs.xlsx")[1]) == by_file
    staff = {row["run"]: float(row["median"]) for row in by_file if row["component"] == "staff"}
    assert staff["ours"] > 1e5 and staff["other"] == 0


def test_people_of_a_budget_who_are_paid_in_yen_cost_what_its_first_exchange_rate_makes_of_it(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(RUNS)
    hired = "run,role,currency,person_months_low,monthly_rate_low\nours,labelling,JPY,10,600000\n"
    (tmp_path / "staff.csv").write_text(hired)
    (tmp_path / "budget.toml").write_text('currency = "JPY"\nyears = 2\n[rates]\nJPY = [150, 200]\n')
    words = ("runs.csv", "--staff", "staff.csv")
    assert xlcost("budget", *words, "--settings", "budget.toml", "-o", "budget.xlsx")[0] == 0
    staff = [row for row in rows(xlcost("development", "budget.xlsx")[1]) if row["component"] == "staff"]
    assert [float(row["median"]) for row in staff] == pytest.approx([40_000, 0], rel=0.001)
    status, _, err = xlcost("development", *words)
    assert status == 2 and "staff.csv: row 2: currency is 'JPY'; it has no rate: give its units for 1 USD" in err


def test_experts_ranges_count_and_a_contradiction_is_said(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(RUNS)
    (tmp_path / "experts.csv").write_text(
        "question,expert,low,high\nexperiment_factor,Ana,1.5,2\nexperiment_factor,Ben,4,6\n"
    )
    plainly = rows(xlcost("development", "runs.csv")[1])
    status, out, err = xlcost("development", "runs.csv", "--experts", "experts.csv")
    assert status == 0
    assert err == "xlcost: experiment_factor: Ana says 1.5 to 2 and Ben 4 to 6; nothing in common, so talk to both\n"
    wider, usual = (float(found[5]["high"]) / float(found[5]["low"]) for found in (rows(out), plainly))
    assert wider > usual
    status, _, err = xlcost("development", "runs.csv", "--experts", "experts.csv", "--pooling", "mean")
    assert status == 2 and "there is no pooling 'mean'" in err


def test_without_people_the_cost_is_that_of_computing(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(RUNS)
    found = rows(xlcost("development", "runs.csv", "--samples", "1000", "--seed", "7")[1])
    assert [row["run"] for row in found] == ["ours"] * 6 + ["other"] * 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("development",), "give either a file of runs or --model"),
        (("development", "runs.csv", "--model", "GPT-4"), "give either a file of runs or --model"),
        (("development", "--model", "GPT-4", "--staff", "staff.csv"), "--staff goes with a file of runs"),
        (("development", "--model", "GPT-5"), "no project of 'GPT-5' is known; there are GPT-3 175B"),
        (("development", "--model", "GPT-4", "--level", "90"), "the level is 90; it must be above 0 and below 1"),
        (("development", "--model", "GPT-4", "--samples", "0"), "0 samples; there must be at least 1"),
        (("development", "runs.csv", "--staff", "none.csv"), "none.csv: there is no such file"),
        (("trend", "--cost", "staff"), "there is no trend of 'staff'; there are amortized, cloud"),
        (("trend", "--level", "0"), "the level is 0; it must be above 0 and below 1"),
        (("trend", "--until", "soon"), "--until is 'soon'; it must be a date from"),
    ],
)
def test_what_cannot_be_answered_is_one_clear_sentence(xlcost, tmp_path, words, said):
    (tmp_path / "runs.csv").write_text(RUNS)
    status, out, err = xlcost(*words)
    assert (status, out) == (2, "") and said in err and len(err.splitlines()) == 1


def test_the_trend_of_the_paper_and_its_projection(xlcost):
    found = rows(xlcost("trend", "--edition", "2024-05", "--until", "2027-12-31", "--csv", "-")[1])
    first = found[0]
    assert [row["date"] for row in found] == ["2024-01-01", "2025-01-01", "2026-01-01", "2027-01-01"]
    assert (first["n"], round(float(first["growth"]), 3), round(float(first["r2"]), 3)) == ("45", 2.448, 0.608)
    assert float(first["growth_low"]) < 2.448 < float(first["growth_high"])
