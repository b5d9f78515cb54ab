"""Files of departments become one budget: each row is taken or says why not, and what is taken is added up whole."""

import datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.compare import differences
from tests.workbook.cut_texts import cut_on_paper
from xlcost import catalog
from xlcost.estimate import estimate
from xlcost.exchange.consolidation.company import PARTLY, REPLACED, SAME, TAKEN, consolidated
from xlcost.exchange.consolidation.submission import Submission
from xlcost.workbook.budget import write_budget

FACTS = catalog.load("2026-11")
MORNING = datetime.datetime(2026, 11, 2, 9)


def sent(name, department, runs=(), staff=(), others=(), capacity=(), saved=MORNING, edition="2026-11"):
    """A submission as it is read from a file, its rows numbered from 6."""
    tables = {"Runs": runs, "Staff": staff, "Other costs": others, "Capacity": capacity}
    cells = {
        sheet: pd.DataFrame(list(rows), index=pd.Index(range(6, 6 + len(rows)), dtype=object), dtype=object)
        for sheet, rows in tables.items()
        if rows
    }
    return Submission(Path(name), name, name, department, edition=edition, saved=saved, cells=cells)


def run(name, chip="H100", **more):
    return {"run": name, "chip": chip, "chips": 1000, "hours": 500, "start": "2026-03-01", **more}


def reasons(company):
    return {(row.file, row.sheet, row.row): row.reason for row in company.received if row.reason}


def test_bad_rows_are_left_out_with_their_reason_and_all_others_are_taken():
    rows = [run("A"), run("B", chips="many"), run("C", chip="no chip"), run("D")]
    company = consolidated([sent("research.xlsx", "Research", rows)], FACTS, {})
    assert company.runs()["run"].tolist() == ["A", "D"]
    said = reasons(company)
    assert list(said) == [("research.xlsx", "Runs", 7), ("research.xlsx", "Runs", 8)]
    assert "chips is 'many'" in said["research.xlsx", "Runs", 7]
    assert "no chip is called 'no chip'" in said["research.xlsx", "Runs", 8]
    assert company.status == {"research.xlsx": PARTLY}


def test_rows_that_belong_to_a_run_that_is_not_taken_say_so():
    staff = [{"run": "B", "role": "Engineer", "people": 3, "fte_low": 1, "years_low": 1}]
    company = consolidated([sent("r.xlsx", "Research", [run("A"), run("B", chips=-1)], staff)], FACTS, {})
    assert "run is 'B'" in reasons(company)["r.xlsx", "Staff", 6]


def test_a_department_is_that_of_the_file_where_a_row_names_none():
    company = consolidated([sent("r.xlsx", "Research", [run("A"), run("B", department="Legal")])], FACTS, {})
    assert company.runs()["department"].tolist() == ["Research", "Legal"]
    assert company.remarks == {"r.xlsx": ["Runs: rows of other departments: Legal"]}


def test_of_two_files_of_a_department_the_one_saved_last_counts():
    late = MORNING + datetime.timedelta(hours=1)
    files = [sent("b.xlsx", "Sales", [run("new")], saved=late), sent("a.xlsx", "sales ", [run("old")])]
    files[1].department = "sales"
    company = consolidated(files, FACTS, {})
    assert company.status == {"a.xlsx": REPLACED, "b.xlsx": TAKEN}
    assert company.runs()["run"].tolist() == ["new"]
    assert reasons(company) == {("a.xlsx", "Runs", 6): "replaced by b.xlsx"}


def test_a_file_that_is_sent_twice_counts_once():
    first, second = sent("a.xlsx", "Sales", [run("A")]), sent("copy.xlsx", "Sales", [run("A")])
    second.digest = first.digest
    company = consolidated([second, first], FACTS, {})
    assert company.status == {"a.xlsx": TAKEN, "copy.xlsx": SAME}
    assert len(company.runs()) == 1


def test_runs_of_the_same_name_get_their_departments_name_and_their_people_follow():
    staff = [{"run": "gpt", "role": "Engineer", "people": 3, "fte_low": 1, "years_low": 1}]
    others = [{"item": "Data", "run": "GPT", "amount": 5, "start": "2026-04-01"}]
    files = [
        sent("a.xlsx", "Alpha", [run("GPT")], staff, others),
        sent("b.xlsx", "Beta", [run("Gpt", hours=700), run("other")]),
    ]
    company = consolidated(files, FACTS, {})
    assert company.runs()["run"].tolist() == ["GPT (Alpha)", "Gpt (Beta)", "other"]
    assert company.tables["Staff"]["run"].tolist() == ["gpt (Alpha)"]
    assert company.tables["Other costs"]["run"].tolist() == ["GPT (Alpha)"]
    assert not reasons(company)
    assert company.overlaps == ["A run is called GPT in Alpha, Beta; each has its department's name now"]


def test_a_capacity_that_two_files_list_is_taken_once():
    row = {"capacity": "Cluster", "kind": "owned", "chip": "H100", "chips": 100, "in_service": "2026-01-01"}
    files = [sent("a.xlsx", "Alpha", [run("A")], capacity=[row]), sent("b.xlsx", "Beta", [run("B")], capacity=[row])]
    company = consolidated(files, FACTS, {})
    assert len(company.tables["Capacity"]) == 1
    assert "named already in row 6 of a.xlsx" in reasons(company)["b.xlsx", "Capacity", 6]


def test_a_run_costs_what_the_price_list_of_its_file_says_beside_what_the_companys_says():
    rented = run("A", sourcing="cloud_on_demand")
    files = [sent("a.xlsx", "Alpha", [rented], edition="2024-05"), sent("b.xlsx", "Beta", [run("B", chip="H200")])]
    files[1].edition = "1999-01"
    company = consolidated(files, FACTS, {})
    # 500,000 chip-hours at 3.49 USD, the price of 2024-05; a list that there is not says nothing.
    assert company.received[0].cost_as_sent == pytest.approx(1_745_000)
    assert company.received[1].cost_as_sent != company.received[1].cost_as_sent


def test_rows_of_headquarters_are_added_to_other_costs():
    cut = sent(
        "hq.csv", "Headquarters", others=[{"item": "Cut", "department": "Alpha", "amount": -5, "start": "2026-04-01"}]
    )
    company = consolidated([sent("a.xlsx", "Alpha", [run("A")])], FACTS, {}, adjustments=[cut])
    assert company.tables["Other costs"]["amount"].tolist() == [-5]
    assert company.tables["Other costs"]["department"].tolist() == ["Alpha"]


CELLS = {
    "run": st.sampled_from(["A", "B", "a ", "C", None, "=1+1"]),
    "chip": st.sampled_from(["H100", "A100", "none such", None, 7]),
    "chips": st.sampled_from([8, 1000, -1, "x", None, True]),
    "hours": st.sampled_from([10, 8766, 0, None, "12"]),
    "start": st.sampled_from(["2026-03-01", "1066-10-14", None, 5]),
    "department": st.sampled_from(["Alpha", "beta", None]),
}


@given(
    st.lists(
        st.tuples(st.sampled_from(["Alpha", "Beta", "ALPHA", ""]), st.lists(st.fixed_dictionaries(CELLS), max_size=4)),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_every_row_is_taken_or_says_why_not_whatever_the_order_of_the_files(files, order):
    def company_of(shuffle):
        submissions = [sent(f"{n}.xlsx", department, rows) for n, (department, rows) in enumerate(files)]
        if shuffle:
            order.shuffle(submissions)
        return consolidated(submissions, FACTS, {})

    company, again = company_of(False), company_of(True)
    assert len(company.received) == sum(len(rows) for _, rows in files)
    taken = [row for row in company.received if not row.reason]
    assert len(taken) == len(company.runs())
    assert company.received == again.received
    pd.testing.assert_frame_equal(company.runs(), again.runs())
    if len(taken):
        # What is taken can be computed with, as it stands.
        estimate(company.runs(), FACTS)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A company's workbook of every kind of file, and what it was made of."""
    staff = [{"run": "A", "role": "Engineer", "people": 3, "fte_low": 1, "years_low": 1}]
    others = [{"item": "Data", "run": "A", "amount": 5000, "start": "2026-04-01", "category": "data"}]
    files = [
        sent(
            "a.xlsx",
            "Alpha",
            [run("A", sourcing="cloud_on_demand"), run("B", chips=-1)],
            staff,
            others,
            edition="2024-05",
        ),
        sent("b.xlsx", "Beta", [run("A"), run("C", chip="A100")]),
        sent("c.xlsx", "Beta", [run("A")], saved=MORNING - datetime.timedelta(days=1)),
        Submission(Path("d.xlsx"), "d.xlsx", problems=["not an .xlsx workbook, whatever its name says"]),
    ]
    found = consolidated(files, FACTS, {}, expected=["Alpha", "Gamma"])
    path, japanese = (tmp_path_factory.mktemp("company") / name for name in ("company.xlsx", "ja.xlsx"))
    write_budget(path, found.runs(), tables=found.beside(), company=found)
    write_budget(japanese, found.runs(), tables=found.beside(), company=found, language="ja")
    return SimpleNamespace(path=path, japanese=japanese, found=found)


def test_the_companys_workbook_recalculates_to_what_is_stored(company, libreoffice, cellrune):
    for engine in (libreoffice, cellrune):
        for path in (company.path, company.japanese):
            with engine.open(path) as document:
                document.recalculate()
                assert differences(path, document) == []


def test_no_text_of_the_companys_workbook_is_cut_on_paper(company, libreoffice, tmp_path):
    assert cut_on_paper(libreoffice, company.path, "en", tmp_path / "english.pdf") == set()
    assert cut_on_paper(libreoffice, company.japanese, "ja", tmp_path / "japanese.pdf") == set()


def test_the_sheet_of_submissions_accounts_for_every_row(company):
    sheets = openpyxl.load_workbook(company.path, data_only=True)
    rows = {row[1]: row for row in sheets["Submissions"].iter_rows(min_row=5, max_row=8, values_only=True)}
    # What became of it, whether it counts, rows read, taken, not taken, unaccounted for.
    assert rows["a.xlsx"][7:13] == ("in part", 1, 4, 3, 1, 0)
    assert rows["b.xlsx"][7:13] == ("taken", 1, 2, 2, 0, 0)
    assert rows["c.xlsx"][7:13] == ("replaced", 0, 1, 0, 1, 0)
    assert rows["d.xlsx"][7:13] == ("not readable", 0, 0, 0, 0, 0)
    assert rows["a.xlsx"][13:16] == pytest.approx((1_745_000, 6_145_000, 4_400_000))
    said = {row[1]: row[2] for row in sheets["Submissions"].iter_rows(min_row=11, max_row=16, values_only=True)}
    assert (said["Alpha"], said["Gamma"]) == ("yes", "not yet")
    assert sheets["Cover"]["B4"].value == "OK"


def test_a_run_that_came_in_no_file_turns_the_master_check_red(company, libreoffice):
    with libreoffice.open(company.path) as document:
        document.set({("Runs", "A9"): "typed in", ("Runs", "E9"): "NVIDIA A100", ("Runs", "H9"): 1000.0})
        document.recalculate()
        assert document.get([("Cover", "B4")]) == ["CHECK"]
