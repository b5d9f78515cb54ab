"""The command: which files it takes, and what it says of them."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from xlcost.errors import XlcostError
from xlcost.exchange.consolidation.commands import consolidate

RUNS = "run,chip,chip_hours,department,start\n{run},H100,1000,{department},2026-05-01\n"


@pytest.fixture
def sent(tmp_path):
    """Files of two quarters in folders, with what else stands in such folders."""
    folder = tmp_path / "sent"
    for quarter, department in (("q1", "Sales"), ("q2", "Search")):
        (folder / quarter).mkdir(parents=True)
        (folder / quarter / f"{department}.csv").write_text(RUNS.format(run=department, department=department))
    (folder / "q1" / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    for name in ("~$Sales.xlsx", ".hidden.csv", "Thumbs.db", ".~lock.Sales.csv#"):
        (folder / "q1" / name).write_bytes(b"x")
    (folder / ".trash").mkdir()
    shutil.copy(folder / "q1" / "Sales.csv", folder / ".trash" / "gone.csv")
    return folder


def submissions(path, count):
    rows = openpyxl.load_workbook(path, data_only=True)["Submissions"].iter_rows(min_row=5, values_only=True)
    return [(row[1], row[7]) for row, _ in zip(rows, range(count))]


def test_a_folder_is_looked_through_and_what_is_no_table_in_it_is_listed(sent, capsys):
    # What belongs to headquarters may lie in the same folder.
    lists, cut = sent / "departments.txt", sent / "cut.csv"
    lists.write_text("sales\nLegal\nResearch\n")
    cut.write_text("item,amount,start,department\nCut,-5,2026-05-01,Research\nReserve,5,2026-05-01,\n")
    target = sent / "company.xlsx"
    for force in (False, True):
        consolidate([sent], target, departments=lists, adjustments=[cut], force=force)
    assert submissions(target, 4) == [
        ("old.xls", "not readable"),
        ("Sales.csv", "taken"),
        ("Search.csv", "taken"),
        ("cut.csv", "adjustment"),
    ]
    said = capsys.readouterr().err
    assert "old.xls: a table must be a .csv or .xlsx file" in said
    assert "Legal has not sent a file" in said and "sales has not" not in said
    rows = openpyxl.load_workbook(target, data_only=True)["Submissions"].iter_rows(min_row=11, values_only=True)
    state = {row[1]: row[2] for row in rows}
    assert {name: state[name] for name in ("Legal", "Research", "sales", "Search")} == {
        "Legal": "not yet",
        "Research": "in another file",
        "sales": "yes",
        "Search": "yes",
    }


@pytest.mark.parametrize("pattern", ["sent/*/*.csv", "sent/q?/S*.csv", "sent/*", "sent/**/*.csv"])
def test_a_pattern_may_stand_for_folders_too(sent, pattern, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "company.xlsx"
    consolidate([Path(pattern)], target)
    assert {("Sales.csv", "taken"), ("Search.csv", "taken")} <= set(submissions(target, 4))


def test_headquarters_is_called_so_in_the_language_of_the_workbook(sent, tmp_path):
    cut, target = tmp_path / "cut.csv", tmp_path / "company.xlsx"
    cut.write_text("item,amount,start\nCut,-5,2026-05-01\n")
    consolidate([sent], target, adjustments=[cut], language="ja")
    sheet = openpyxl.load_workbook(target, data_only=True)["提出状況"]
    assert (sheet["B8"].value, sheet["C8"].value, sheet["H8"].value) == ("cut.csv", "本社", "本社調整")


def test_a_folder_without_a_file_of_a_department_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(XlcostError, match=r"there is no file of a department in .*empty"):
        consolidate([tmp_path / "empty"], tmp_path / "company.xlsx")
    with pytest.raises(XlcostError, match=r"nothing-\*.xlsx: there is no such file"):
        consolidate([tmp_path / "nothing-*.xlsx"], tmp_path / "company.xlsx")
