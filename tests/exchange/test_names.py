"""Names that would run as formulas, steer a terminal, or deceive the eye."""

import csv
import io
import json
import re
import sys
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.test_cli import on_a_terminal
from xlcost.estimate import estimate
from xlcost.exchange.csv_file import write_csv
from xlcost.guard.lookalikes import looks
from xlcost.terminal import plain
from xlcost.workbook.budget import write_budget

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A0", '=HYPERLINK("https://example.com")', "＝2+2"]
COLUMNS = "run,department,cost_center,account,phase,chip,chips,hours\n"
OTHER_COSTS = "item,department,amount,start,comment\n"


def table(names):
    """A CSV file with each name in every column of text."""
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    return COLUMNS + "".join(f"{name},{name},{name},{name},{name},H100,8,10\n" for name in quoted)


def formulas(path):
    with zipfile.ZipFile(path) as file:
        sheets = sorted(name for name in file.namelist() if "worksheets/sheet" in name)
        return [re.findall(rb"<f[ >].*?</f>", file.read(name)) for name in sheets]


def test_a_name_that_looks_like_a_formula_is_text_in_every_cell_of_a_budget(xlcost, tmp_path):
    tame = [f"{sign}{name}" for sign, name in zip("1111112", FORMULAS)]
    for file, names in (("wild", FORMULAS), ("tame", tame)):
        (tmp_path / f"{file}.csv").write_text(table(names))
        (tmp_path / "others.csv").write_text(OTHER_COSTS + f'"{names[0]}","{names[1]}",100,2026-11-01,"{names[2]}"\n')
        (tmp_path / "capacity.csv").write_text(
            "capacity,kind,owner,chip,chips,in_service\nours,owned,IT,H100,8,2026-01-01\n"
        )
        status = xlcost(
            *("budget", f"{file}.csv", "--other-costs", "others.csv", "--capacity", "capacity.csv"),
            *("-o", f"{file}.xlsx"),
        )
        assert status == (0, f"{file}.xlsx\n", "")
    # No formula of the workbook is made of a name: they are those of a workbook with harmless names.
    assert formulas(tmp_path / "wild.xlsx") == formulas(tmp_path / "tame.xlsx")
    book = load_workbook(tmp_path / "wild.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in FORMULAS]
    assert {cell.value for cell in cells if cell.data_type == "s"} == set(FORMULAS)
    # Somebody who edits such a cell does not turn it into a formula.
    assert all(cell.quotePrefix for cell in cells if cell.data_type == "s" and cell.value != FORMULAS[-1])


@pytest.mark.parametrize("name", [*FORMULAS, "\t=1+1", "\n=1+1"])
def test_a_name_that_looks_like_a_formula_is_neutralised_in_every_csv(name):
    written = io.StringIO()
    write_csv(pd.DataFrame({name: [name, "Research"], "usd": [-1.0, 2.0]}), written)
    rows = list(csv.reader(io.StringIO(written.getvalue(), newline="")))
    assert rows == [["'" + name, "usd"], ["'" + name, "-1.0"], ["Research", "2.0"]]


@pytest.mark.parametrize("name", ["\r=1+1", "a\r=1+1", "a\r\n=1+1"])
def test_a_carriage_return_begins_no_row_of_a_csv(name):
    written = io.StringIO()
    write_csv(pd.DataFrame({"run": [name], "usd": [2.0]}), written)
    _, (run, usd) = csv.reader(io.StringIO(written.getvalue(), newline=""))
    assert run.lstrip("'").split("\n") == ["" if name[0] == "\r" else "a", "=1+1"] and usd == "2.0"
    assert not run.startswith(("=", "\n")) and "\r" not in written.getvalue()


def test_every_writer_of_csv_goes_through_the_one_that_neutralises(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(table(FORMULAS))
    (tmp_path / "prices.csv").write_text(
        "chip,kind,vendor,date,commitment,usd_per_chip_hour,source\n-x,GPU,=v,2026-10-01,on_demand,2.5,@s\n"
    )
    for words in (
        ("estimate", "runs.csv"),
        ("development", "runs.csv"),
        ("estimate", "runs.csv", "--prices", "prices.csv"),
    ):
        cells = [cell for row in csv.reader(io.StringIO(xlcost(*words, "--csv", "-")[1])) for cell in row]
        assert len(cells) > 7 and not [cell for cell in cells if cell.startswith(("=", "@", "＝"))]
        assert [cell for cell in cells if cell.startswith("'=")]


def test_in_json_a_name_is_a_plain_string():
    # Nothing computes JSON: an apostrophe in front would only make it another name.
    costs = estimate(pd.DataFrame({"run": FORMULAS, "chip": "H100", "chips": 8, "hours": 10}))
    assert [row["run"] for row in json.loads(costs[["run"]].to_json(orient="records"))] == FORMULAS


ESCAPES = "\x1b[31mred\x07\x9b2J\u202eevil\u200b"


def test_a_terminal_is_shown_what_would_steer_it(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(f"run,chip,chips,hours\n{ESCAPES},none such,8,10\n")
    status, out, err = xlcost("budget", "runs.csv")
    assert (status, out) == (2, "") and all(character.isprintable() for character in err.replace("\n", ""))
    (tmp_path / "runs.csv").write_text(f"run,chip,chips,hours\n{ESCAPES},H100,-1,10\n")
    assert all(character.isprintable() for character in xlcost("budget", "runs.csv")[2].replace("\n", ""))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal of this kind")
@pytest.mark.parametrize("words", [(), ("--csv", "-")])
def test_a_table_on_a_terminal_has_no_escapes_of_a_name(tmp_path, words):
    (tmp_path / "runs.csv").write_text(f"run,chip,chips,hours\n{ESCAPES},H100,8,10\n")
    seen = on_a_terminal(tmp_path, "estimate", "runs.csv", *words, columns=240)
    assert "\\x1b[31mred\\x07\\x9b2J\\u202eevil\\u200b" in seen
    assert not {"\x1b[31mred", "\x07", "\x9b", "\u202e", "\u200b"} & set(re.findall(r"\x1b\[31mred|.", seen))


def test_names_of_all_alphabets_are_shown_as_they_are():
    for name in ("研究\u3000部", "Café", "Исследования", "部門A", "بحث"):
        assert plain(name) == name


ALIKE = [
    ("Research", "Rese\u0430rch", "CYRILLIC SMALL LETTER A"),
    ("Research", "Re\u200bsearch", "ZERO WIDTH SPACE"),
    ("Research", "\u202eResearch", "RIGHT-TO-LEFT OVERRIDE"),
    ("Research", "Ｒｅｓｅａｒｃｈ", "FULLWIDTH LATIN"),
    ("Café", "Cafe\u0301", "COMBINING ACUTE ACCENT"),
    ("RESEARCH", "rese\u00adarch 1", "SOFT HYPHEN"),
    ("エネルギー", "工ネルギー", "CJK UNIFIED IDEOGRAPH"),
]


@pytest.mark.parametrize(("one", "other", "why"), ALIKE)
def test_two_departments_that_look_alike_are_flagged_with_their_rows(xlcost, tmp_path, one, other, why):
    (tmp_path / "runs.csv").write_text(
        f"run,department,chip,chips,hours\na,{one},H100,8,10\nb,{one},H100,8,10\nc,{other},H100,8,10\n"
    )
    status, out, err = xlcost("budget", "runs.csv")
    assert (status, out) == (0, "budget.xlsx\n")
    (line,) = err.splitlines()
    assert line.startswith("xlcost: row 4: department ") and why in line
    if looks(one) == looks(other):
        assert f"looks like '{one}' in row 2" in line
    assert line.isprintable()


def test_names_that_are_only_written_otherwise_are_not_flagged(xlcost, tmp_path):
    names = [
        "Research",
        "RESEARCH",
        "Research 2",
        "研究",
        "研究部",
        "Исследования",
        "Team 1",
        "Team I",
        "Team l",
        "👨\u200d👩\u200d👧",
    ]
    (tmp_path / "runs.csv").write_text(
        "run,department,chip,chips,hours\n" + "".join(f"{n},{name},H100,8,10\n" for n, name in enumerate(names))
    )
    assert xlcost("budget", "runs.csv") == (0, "budget.xlsx\n", "")


def test_runs_and_capacity_that_look_alike_are_flagged_too(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours\nrun A,H100,8,10\nrun \u0391,H100,8,10\n")
    (tmp_path / "capacity.csv").write_text(
        "capacity,kind,owner,chip,chips,in_service\n"
        "ours,owned,IT,H100,8,2026-01-01\nour\u0455,owned,IT,H100,8,2026-01-01\n"
    )
    lines = xlcost("budget", "runs.csv", "--capacity", "capacity.csv")[2].splitlines()
    assert [line.split(" looks like ")[0] for line in lines] == [
        "xlcost: row 3: run 'run Α'",
        "xlcost: row 3: capacity 'ourѕ'",
    ]


def test_a_thousand_names_that_look_alike_are_counted(xlcost, tmp_path):
    unseen = "\u200b"
    rows = "".join(f"r{n},a{unseen * n},H100,8,10\n" for n in range(1, 100))
    (tmp_path / "runs.csv").write_text("run,department,chip,chips,hours\n" + rows)
    lines = xlcost("estimate", "runs.csv", "--csv", "costs.csv")[2].splitlines()
    assert len(lines) == 21 and lines[-1] == "xlcost: department: 79 more names look alike or have unseen characters"


def test_a_budget_of_a_table_in_python_warns_too(tmp_path):
    runs = pd.DataFrame({"run": ["a", "\u0430"], "chip": "H100", "chips": 8, "hours": 10})
    with pytest.warns(UserWarning, match="run 'а' looks like 'a'"):
        write_budget(tmp_path / "budget.xlsx", runs)
