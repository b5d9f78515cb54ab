"""What several files call the same is told apart where it is not the same, and counted once where it is."""

import datetime

from tests.exchange.test_consolidate import FACTS, MORNING, reasons, run, sent
from xlcost.exchange.consolidation.company import consolidated

CLUSTER = {"capacity": "Cluster", "kind": "owned", "chip": "H100", "chips": 100, "in_service": "2026-01-01"}


def with_tables(file, **tables):
    for sheet, rows in tables.items():
        file.cells[sheet] = sent(file.name, "", rows).cells["Runs"]
    return file


def test_capacities_of_the_same_name_that_are_not_the_same_get_their_departments_name_and_all_that_names_them_follows():
    share = {"capacity": "cluster", "department": "Legal", "share": 0.5}
    files = [
        with_tables(sent("a.xlsx", "Alpha", [run("A", capacity="CLUSTER")], capacity=[CLUSTER]), Shares=[share]),
        with_tables(sent("b.xlsx", "Beta", [run("B", capacity="Cluster")], capacity=[{**CLUSTER, "chips": 200}])),
        sent("c.xlsx", "Gamma", [run("C", capacity="Cluster"), run("D", capacity="elsewhere")]),
    ]
    company = consolidated(files, FACTS, {})
    assert company.tables["Capacity"]["capacity"].tolist() == ["Cluster (Alpha)", "Cluster (Beta)"]
    assert company.tables["Shares"]["capacity"].tolist() == ["cluster (Alpha)"]
    assert company.runs()["capacity"].tolist() == ["CLUSTER (Alpha)", "Cluster (Beta)", "Cluster", "elsewhere"]
    assert not reasons(company)
    assert company.overlaps == [
        "The capacity Cluster is not the same in the files of Alpha, Beta; each has its department's name now"
    ]
    assert company.remarks["c.xlsx"] == [
        "Runs: Cluster may be the capacity of any of Alpha, Beta; name it as in the company's workbook"
    ]


def test_a_capacity_that_two_files_describe_alike_counts_once_and_that_is_said():
    owned = {**CLUSTER, "owner": "Alpha"}
    files = [
        sent("a.xlsx", "Alpha", [run("A", capacity="Cluster")], capacity=[owned]),
        sent("b.xlsx", "Beta", [run("B", capacity="Cluster")], capacity=[{**owned, "capacity": "cluster "}]),
    ]
    company = consolidated(files, FACTS, {})
    assert company.tables["Capacity"]["capacity"].tolist() == ["Cluster"]
    assert company.runs()["capacity"].tolist() == ["Cluster", "Cluster"]
    assert "row 6 of a.xlsx" in reasons(company)["b.xlsx", "Capacity", 6]
    assert company.overlaps == ["The capacity Cluster is in the files of Alpha, Beta, alike; it counts once"]


def test_capacities_of_different_owners_are_not_the_same():
    files = [
        sent(f"{name}.xlsx", name, [run(name)], capacity=[{**CLUSTER, "owner": name}]) for name in ("Alpha", "Beta")
    ]
    company = consolidated(files, FACTS, {})
    assert company.tables["Capacity"]["owner"].tolist() == ["Alpha", "Beta"]


def test_phases_that_release_other_amounts_are_told_apart():
    files = [
        with_tables(
            sent(f"{name}.xlsx", name, [run(name, phase="pilot")]), Phases=[{"phase": "Pilot", "released": much}]
        )
        for name, much in (("Alpha", 5), ("Beta", 7))
    ]
    company = consolidated(files, FACTS, {})
    assert company.tables["Phases"]["phase"].tolist() == ["Pilot (Alpha)", "Pilot (Beta)"]
    assert company.runs()["phase"].tolist() == ["pilot (Alpha)", "pilot (Beta)"]


def test_a_run_that_two_departments_list_alike_is_said_to_be_perhaps_one():
    company = consolidated([sent("a.xlsx", "Alpha", [run("X")]), sent("b.xlsx", "Beta", [run("x")])], FACTS, {})
    assert len(company.runs()) == 2
    assert "look whether it is one run" in company.overlaps[0]


def test_of_many_departments_a_sentence_names_some():
    files = [sent(f"{n}.xlsx", f"Department {n:02d}", [run("X", hours=n + 1)]) for n in range(12)]
    company = consolidated(files, FACTS, {})
    assert company.overlaps == [
        f"A run is called X in {', '.join(f'Department {n:02d}' for n in range(8))} and 4 more; "
        "each has its department's name now"
    ]


def test_names_that_look_like_a_row_stay_as_they_are_in_sentences():
    rows = [run("row 99: row 7"), run("ROW 99: row 7"), run("row 99999", chips="row 3")]
    said = reasons(consolidated([sent("row 1.xlsx", "row 2", rows)], FACTS, {}))
    assert said["row 1.xlsx", "Runs", 7].startswith("run 'ROW 99: row 7' is named already in row 6 of row 1.xlsx;")
    assert said["row 1.xlsx", "Runs", 8].startswith("chips is 'row 3'; it must be a number")


def test_a_file_without_a_row_says_so_and_one_of_an_unknown_price_list_too():
    empty = sent("a.xlsx", "Alpha")
    empty.cells["Runs"] = sent("a.xlsx", "", [run("A")]).cells["Runs"].head(0)
    company = consolidated([empty, sent("b.xlsx", "Beta", [run("B")], edition="1999-01")], FACTS, {})
    assert company.remarks["a.xlsx"] == ["nothing is filled in"]
    assert company.remarks["b.xlsx"] == ["there is no price list 1999-01; what its runs cost as sent is not known"]


def test_adjustments_in_any_order_make_the_same_company():
    cuts = [
        sent(f"{name}.csv", "Headquarters", others=[{"item": name, "amount": -5, "start": "2026-04-01"}], saved=saved)
        for name, saved in (("one", MORNING), ("two", MORNING - datetime.timedelta(days=1)))
    ]
    one, other = (
        consolidated([sent("a.xlsx", "Alpha", [run("A")])], FACTS, {}, adjustments=order)
        for order in (cuts, cuts[::-1])
    )
    assert one.received == other.received
    assert one.tables["Other costs"]["item"].tolist() == other.tables["Other costs"]["item"].tolist() == ["one", "two"]
