"""The questionnaire for experts: handed out, filled in, and read again."""

import datetime

import pandas as pd
import pytest
from openpyxl import load_workbook

from xlcost.errors import XlcostError
from xlcost.examples import STAFF
from xlcost.experts import QUESTIONS, read_experts
from xlcost.staffing import read_role_columns
from xlcost.workbook.lint import lint
from xlcost.workbook.questionnaire import FIRST, HEADING, questions_of, write_questionnaire


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "experts.xlsx"
    write_questionnaire(path, read_role_columns(STAFF))
    return path


def test_every_question_is_asked_and_each_role_by_itself(sheet):
    table = questions_of()
    assert set(table["question"]) == set(QUESTIONS) and table["meaning"].str.len().gt(10).all()
    people = questions_of(read_role_columns(STAFF))
    assert ("Gemini 1.0 Ultra", "Leads", "fte") in set(zip(people["run"], people["role"], people["question"]))
    # Contractors give no share of time.
    assert "Data contractors" not in set(people["role"])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_questionnaire_that_nobody_has_filled_in_holds_no_answers(tmp_path, ending):
    path = tmp_path / f"experts.{ending}"
    write_questionnaire(path)
    assert read_experts([path], ["ours"]) == []


def test_answers_that_are_typed_in_libreoffice_are_read(sheet, libreoffice, tmp_path):
    filled = tmp_path / "filled.xlsx"
    letters = {cell.value: cell.column_letter for cell in load_workbook(sheet)["Experts"][HEADING]}
    with libreoffice.open(sheet) as document:
        answer = {"Expert": "C. Doe", "Low": 1.4, "High": 2.8, "Comment": "=a guess"}
        document.set({("Experts", f"{letters[name]}{FIRST}"): value for name, value in answer.items()})
        document.save_as(filled)
    (pooled,) = read_experts([filled], ["ours"])
    assert (pooled.question, pooled.answers["C. Doe"].low, pooled.quantity.high) == ("experiment_factor", 1.4, 2.8)


def test_several_experts_files_are_pooled_and_one_who_answers_twice_is_named(tmp_path):
    paths = []
    for name, low, high in (("a", 1.0, 4.0), ("b", 2.25, 9.0)):
        path = tmp_path / f"{name}.csv"
        write_questionnaire(path)
        table = pd.read_csv(path, dtype=object)
        table.loc[0, ["expert", "low", "high", "date"]] = [name, low, high, datetime.date(2026, 10, 1)]
        table.to_csv(path, index=False)
        paths.append(path)
    (pooled,) = read_experts(paths, [])
    assert (pooled.quantity.low, pooled.quantity.high) == pytest.approx((1.5, 6.0))
    paths[1].write_text(paths[0].read_text())
    with pytest.raises(XlcostError, match="b.csv: a has answered 'experiment_factor' already, in .*a.csv"):
        read_experts(paths, [])


def test_a_name_without_a_range_is_one_clear_sentence(tmp_path):
    path = tmp_path / "experts.csv"
    write_questionnaire(path)
    table = pd.read_csv(path, dtype=object)
    table.loc[3, "expert"] = "C. Doe"
    table.to_csv(path, index=False)
    with pytest.raises(XlcostError, match="row 5: low is empty; an expert gives both ends"):
        read_experts([path], [])


def test_the_workbook_is_sound_and_the_same_each_time(sheet, tmp_path, ooxml_validator):
    assert ooxml_validator(sheet) == [] and lint(sheet) == []
    again = tmp_path / "again.xlsx"
    write_questionnaire(again, read_role_columns(STAFF))
    assert again.read_bytes() == sheet.read_bytes()


def test_a_file_that_is_there_is_kept_and_another_ending_refused(sheet, tmp_path):
    with pytest.raises(XlcostError, match="exists"):
        write_questionnaire(sheet)
    with pytest.raises(XlcostError, match="must be called .csv or .xlsx"):
        write_questionnaire(tmp_path / "experts.txt")
