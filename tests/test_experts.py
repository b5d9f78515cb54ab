"""Experts' answers: read, pooled, and put into a development."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from xlcost.development import Project, Role, development
from xlcost.errors import XlcostError
from xlcost.experts import pool, read_experts, with_experts
from xlcost.uncertainty import Range

HARDWARE = {"accelerator_chips": 5e6, "server_components": 3e6, "interconnect": 1.5e6}
PROJECT = Project(
    "ours", HARDWARE, energy=(5e5,), roles=(Role("research", 10, 0.5, years=1.0), Role("data", 5, 1.0, years=1.0))
)
ANA = {"question": "experiment_factor", "expert": "Ana", "low": 1.5, "high": 3.0, "date": "2026-10-01"}
BEN = {"question": "experiment_factor", "expert": "Ben", "low": 2.0, "high": 6.0, "comment": "as last year"}


def answers(folder, *rows):
    path = folder / "experts.csv"
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def read(folder, *rows, pooling="geometric"):
    return read_experts([answers(folder, *rows)], ["ours", "other"], pooling)


def test_pooled_ends_are_the_geometric_means_of_the_experts_ends(tmp_path):
    (pooled,) = read(tmp_path, ANA, BEN)
    assert_allclose([pooled.quantity.low, pooled.quantity.high], [(1.5 * 2) ** 0.5, (3 * 6) ** 0.5])
    assert pooled.answers == {"Ana": Range(1.5, 3.0), "Ben": Range(2.0, 6.0)} and pooled.contradictions == []


def test_in_a_mixture_each_expert_is_as_likely_to_be_right(tmp_path):
    mixture = pool([Range(1, 2), Range(100, 200)], "mixture")
    assert mixture.quantile(0.25) == pytest.approx(Range(1, 2).middle, rel=1e-3)
    assert mixture.quantile(0.75) == pytest.approx(Range(100, 200).middle, rel=1e-3)
    (pooled,) = read(tmp_path, ANA, BEN, pooling="mixture")
    assert 1.5 < pooled.quantity.quantile(0.05) < 2.0 < 5.0 < pooled.quantity.quantile(0.975) < 7.0


def test_one_expert_alone_is_taken_at_their_word(tmp_path):
    assert read(tmp_path, ANA)[0].quantity == Range(1.5, 3.0)


def test_experts_who_have_nothing_in_common_are_named_for_a_talk(tmp_path):
    (pooled,) = read(tmp_path, ANA, {**BEN, "low": 4.0, "run": ""}, {**BEN, "expert": "Cem"})
    assert pooled.contradictions == [
        "experiment_factor: Ana says 1.5 to 3 and Ben 4 to 6; nothing in common, so talk to both"
    ]
    # And no mean is taken that none of them says.
    mixture = pool([Range(1.5, 3.0), Range(4.0, 6.0), Range(2.0, 6.0)], "mixture")
    assert pooled.quantity.quantile(0.3) == mixture.quantile(0.3)


def test_an_answer_about_a_role_or_a_run_counts_before_one_about_all(tmp_path):
    pooled = read(
        tmp_path,
        {**ANA, "question": "fte", "low": 0.1, "high": 0.2},
        {**ANA, "question": "fte", "role": "Research", "low": 0.7, "high": 0.9},
        {**ANA, "question": "fte", "role": "Research", "run": "other", "low": 1.0, "high": 1.2},
        {**ANA, "run": "OURS"},
    )
    project = with_experts(PROJECT, pooled)
    assert [role.fte for role in project.roles] == [Range(0.7, 0.9), Range(0.1, 0.2)]
    assert project.experiment_factor == Range(1.5, 3.0)
    assert with_experts(PROJECT, []) == PROJECT


def test_what_experts_say_moves_the_cost(tmp_path):
    cheap, dear = (
        development(with_experts(PROJECT, read(tmp_path, {**ANA, "low": low, "high": low * 1.1}))).total.median
        for low in (1.0, 3.0)
    )
    assert_allclose(dear - cheap, 2.0 * 1.1**0.5 * 10e6, rtol=0.02)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"low": 4.0}, "row 2: high is 3.0; it must not be below low"),
        ({"low": 0}, "row 2: low is '0'; it must be a number above 0"),
        ({"high": None}, "row 2: high is empty; an expert gives both ends"),
        ({"question": "salery"}, "row 2: question is 'salery'; it must be one of: experiment_factor"),
        ({"question": "fte", "high": 2.0}, "row 2: high is 2.0; it lies from 0 to 1.5"),
        ({"low": 0.8}, "row 2: low is 0.8; it lies from 1 to 1000"),
        ({"expert": None}, "row 2: expert is empty; every answer needs it"),
        ({"run": "nobody's"}, 'row 2: run is "nobody\'s"; it must be one of: ours, other'),
        ({"date": "soon"}, "row 2: date is 'soon'; it must be a date"),
        ({"mood": "good"}, "column 'mood' is not known"),
    ],
)
def test_an_answer_that_cannot_be_used_says_why(tmp_path, row, said):
    with pytest.raises(XlcostError) as error:
        read(tmp_path, {**ANA, **row})
    assert said in str(error.value) and len(str(error.value).splitlines()) == 1


def test_an_expert_answers_a_question_once_and_a_pooling_exists(tmp_path):
    with pytest.raises(XlcostError, match="row 3: Ana has answered this question already"):
        read(tmp_path, ANA, {**ANA, "low": 2.0})
    with pytest.raises(XlcostError, match="there is no pooling 'mean'; there are geometric, mixture"):
        read(tmp_path, ANA, BEN, pooling="mean")
    (tmp_path / "experts.csv").write_text("question,expert,low,high\n")
    with pytest.raises(XlcostError, match="there are no answers in it"):
        read_experts([tmp_path / "experts.csv"], ["ours"])
