"""Development costs: the paper's four models, and a company's own people and runs."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from xlcost import catalog
from xlcost.development import COMPONENTS, TOTAL, Contractors, Project, Role, development, public_project, table_of
from xlcost.equations.parameters import EMPLOYMENT_OVERHEAD, EQUITY, SALARY
from xlcost.errors import XlcostError
from xlcost.staffing import projects_of_runs, read_roles
from xlcost.uncertainty import Range

# Medians and 95% intervals in millions of USD of December 2023, each person drawn anew in every sample.
PAPER = {
    "GPT-3 175B (davinci)": {
        "staff": (0.79, 2.19, 4.39),
        "accelerator_chips": (0.99, 2.03, 4.12),
        "server_components": (0.68, 1.40, 2.85),
        "interconnect": (0.396, 0.807, 1.65),
        "energy": (0.077, 0.199, 0.529),
    },
    "OPT-175B": {
        "staff": (0.77, 1.24, 2.11),
        "accelerator_chips": (0.360, 0.727, 1.49),
        "server_components": (0.237, 0.482, 0.992),
        "interconnect": (0.139, 0.283, 0.576),
        "energy": (0.017, 0.044, 0.117),
    },
}
HARDWARE = {"accelerator_chips": 5e6, "server_components": 3e6, "interconnect": 1.5e6}
RUNS = pd.DataFrame({"run": ["ours", "other"], "chip": "H100", "chips": [512, 64], "hours": [720.0, 100.0]})
RUNS["start"] = "2026-03-01"


def outcome_of(name, level=0.95, edition="2024-05"):
    return development(public_project(catalog.load(edition), name), level)


@pytest.mark.parametrize("name", PAPER)
def test_the_papers_components_are_reproduced(name):
    parts = outcome_of(name).parts
    assert tuple(parts) == COMPONENTS
    for component, (low, median, high) in PAPER[name].items():
        assert_allclose(parts[component].median, median * 1e6, rtol=0.03)
        assert_allclose([parts[component].low, parts[component].high], [low * 1e6, high * 1e6], rtol=0.06)


def test_across_the_four_models_the_shares_are_those_of_the_paper():
    """Hardware 47–67%, of which servers 15–22% and network 9–13%; staff 29–49%, energy 2–6%; whole percents."""
    for name in catalog.load("2024-05").projects["model"]:
        shares = outcome_of(name).shares
        hardware = sum(shares[part] for part in COMPONENTS[:3])
        assert 47 <= round(100 * hardware) <= 67 and 29 <= round(100 * shares["staff"]) <= 49
        assert 15 <= round(100 * shares["server_components"]) <= 22 and 2 <= round(100 * shares["energy"]) <= 6
        assert 9 <= round(100 * shares["interconnect"]) <= 13


def test_a_model_is_found_without_regard_to_case_and_an_unknown_one_lists_those_that_are():
    assert public_project(catalog.load("2024-05"), " gpt-4 ").name == "GPT-4"
    with pytest.raises(XlcostError, match="no project of 'GPT-5' is known; there are GPT-3 175B .davinci., OPT-175B"):
        public_project(catalog.load("2024-05"), "GPT-5")


def test_later_editions_know_the_projects_too():
    assert outcome_of("OPT-175B", edition="2026-11").total.median > 1e6


def test_a_project_of_certain_figures_costs_what_a_hand_calculation_says():
    people = Role("engineers", 10, 0.5, salary=200e3, equity=100e3, employment_overhead=1.3, years=2.0)
    project = Project(
        "ours",
        HARDWARE,
        energy=(0.5e6,),
        roles=(people,),
        contractors=(Contractors(12.0, 15e3),),
        experiment_factor=2.0,
        energy_price_factor=1.0,
        price_index_factor=1.1,
    )
    parts = development(project).parts
    expected = {
        "accelerator_chips": 5e6 * 2 * 1.1,
        "server_components": 3e6 * 2 * 1.1,
        "interconnect": 1.5e6 * 2 * 1.1,
        "energy": 0.5e6 * 2 * 1.1,
        "staff": ((200e3 * 1.3 + 100e3) * 0.5 * 2 * 10 + 12 * 15e3) * 1.1,
    }
    for name, amount in expected.items():
        assert_allclose([parts[name].low, parts[name].median, parts[name].high], amount, rtol=0.001)


def test_a_table_has_each_component_and_the_total_of_each_run():
    projects = [Project(name, HARDWARE, energy=(1e5,)) for name in ("a", "b")]
    table = table_of(projects)
    assert list(table["component"]) == [*COMPONENTS, TOTAL] * 2 and list(table["run"][:6]) == ["a"] * 6
    assert_allclose(table.groupby("run")["share"].sum(), 2)


# --- a company's own people


def roles(folder, *rows):
    path = folder / "staff.csv"
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def test_people_and_contractors_of_a_file_stand_with_their_runs(tmp_path):
    path = roles(
        tmp_path,
        {"run": "OURS", "role": "research", "people": 12, "fte_low": 0.3, "fte_high": 0.9, "years_low": 0.5},
        {"run": "ours", "role": "labelling", "person_months_low": 30, "monthly_rate_low": 9_000},
    )
    found = read_roles(path, ["ours", "other"])
    (research,), (labelling,) = found["ours"]
    assert (research.people, research.fte, research.years) == (12, Range(0.3, 0.9), 0.5)
    assert research.salary == Range(SALARY.low, SALARY.high) and research.equity == Range(EQUITY.low, EQUITY.high)
    assert research.employment_overhead == Range(EMPLOYMENT_OVERHEAD.low, EMPLOYMENT_OVERHEAD.high)
    assert labelling == Contractors(30.0, 9_000.0) and found["other"] == ((), ())


def test_people_who_are_paid_in_another_currency_cost_what_that_is_in_dollars(tmp_path):
    path = roles(
        tmp_path,
        {"run": "ours", "role": "research", "currency": "jpy", "people": 2, "fte_low": 1, "years_low": 1,
         "salary_low": 6e6, "salary_high": 12e6, "equity_low": 0},
        {"run": "ours", "role": "labelling", "currency": "JPY", "person_months_low": 3, "monthly_rate_low": 6e5},
    )  # fmt: skip
    (research,), (labelling,) = read_roles(path, ["ours"], {"JPY": 150.0})["ours"]
    assert (research.salary, research.equity) == (Range(40_000, 80_000), 0)
    assert research.employment_overhead == Range(EMPLOYMENT_OVERHEAD.low, EMPLOYMENT_OVERHEAD.high)
    assert labelling == Contractors(3.0, 4_000.0)
    with pytest.raises(XlcostError) as error:
        read_roles(path, ["ours"])
    assert str(error.value).count("currency is 'JPY'; it has no rate") == 2


def test_a_runs_own_experiment_factor_counts_for_its_project(tmp_path):
    facts = catalog.load("2026-11")
    first, second = projects_of_runs(RUNS.assign(experiment_factor=[3.0, None]), "runs.csv", facts)
    assert first.experiment_factor == 3.0 and second.experiment_factor == Range(1.2, 4.0)
    assert sum(first.hardware.values()) > 10 * sum(second.hardware.values())


def test_a_run_without_an_amortized_cost_is_named_with_the_reason():
    with pytest.raises(XlcostError, match="row 0: run 'ours' has no amortized cost. .*No purchase price is known"):
        projects_of_runs(RUNS.assign(chip="B300"), "runs.csv", catalog.load("2026-11"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"run": "nobody's"}, 'row 2: run is "nobody\'s"; it must be one of: ours, other'),
        ({"run": None}, "row 2: run is empty; name the run"),
        ({"people": 2.5}, "row 2: people is 2.5; it must be a whole number"),
        ({"people": None}, "row 2: people is empty; it goes together with fte_low, years_low"),
        ({"fte_low": 1.6}, "row 2: fte_low is '1.6'; it must be a number above 0 and at most 1.5"),
        ({"fte_high": 0.2}, "row 2: fte_high is 0.2; it must not be below fte_low"),
        ({"fte_low": None, "fte_high": 0.5}, "row 2: fte_low is empty; a range needs its low end too"),
        ({"equity_low": 0, "equity_high": 9}, "row 2: equity_low is 0.0; a range must be above 0"),
        ({"person_months_low": 3}, "monthly_rate_low is empty; it goes together with person_months_low"),
        (
            {"people": None, "fte_low": None, "years_low": None},
            "give people, fte_low, years_low of employees, or person_months_low, monthly_rate_low of",
        ),
        (
            {"person_months_low": 3, "usd_per_person_month": 9},
            "column 'usd_per_person_month' is not known",
        ),
        ({"wage": 3}, "column 'wage' is not known"),
    ],
)
def test_a_row_of_people_that_cannot_be_used_says_why(tmp_path, row, said):
    usual = {"run": "ours", "role": "research", "people": 3, "fte_low": 0.5, "years_low": 1.0}
    with pytest.raises(XlcostError) as error:
        read_roles(roles(tmp_path, {**usual, **row}), ["ours", "other"])
    assert said in str(error.value)
