"""A cost report says what a run cost and what that rests on; whoever checks it gets the same, or hears where not."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from numpy.testing import assert_allclose

from xlcost.catalog import load
from xlcost.estimate import estimate, estimate_models
from xlcost.exchange.report.check import differences, read_report, schema
from xlcost.exchange.report.content import report_of, run_of_model

OF_THE_PAPER = {
    # METHOD.md, check values of GPT-4. [million USD]
    "amortized_cost": 40.16,
    "acquisition_cost": 767.7,
    "cloud_cost": 77.5,
}


@pytest.fixture
def gpt_4(xlcost, tmp_path):
    assert xlcost("report", "--model", "GPT-4", "--edition", "2024-05", "-o", "gpt-4.json") == (0, "gpt-4.json\n", "")
    return json.loads((tmp_path / "gpt-4.json").read_text(encoding="utf-8"))


def write(path, report):
    path.write_text(json.dumps(report), encoding="utf-8")


def test_a_report_of_gpt_4_has_the_figures_of_the_paper_and_reproduces_them(xlcost, gpt_4):
    for name, millions in OF_THE_PAPER.items():
        assert_allclose(gpt_4["results"][name]["value"] / 1e6, millions, atol=0.05)
    parts = {each["component"]: each["value"] / 1e6 for each in gpt_4["components"]}
    assert_allclose(parts["accelerator_chips"] + parts["server_components"], 29.69, atol=0.005)
    assert_allclose([parts["interconnect"], parts["energy"]], [6.96, 3.50], atol=0.005)
    assert_allclose(sum(each["share"] for each in gpt_4["components"]), 1)
    status, out, err = xlcost("report", "--check", "gpt-4.json")
    assert (status, err) == (0, "") and out.startswith("gpt-4.json: all figures of GPT-4 are those")


def test_a_report_names_the_facts_of_gpt_4_with_their_sources_and_dates(gpt_4):
    facts = {each["fact"]: each for each in gpt_4["facts"]}
    # The DGX A100 of 2020 at $199,000 for 8 chips; Azure's 3-year price of the start of 2022.
    price = facts["purchase price of the chip"]
    assert (price["value"], price["date"]) == (199_000 / 8, "2020-05-21") and "nvidia-dgx-a100" in price["source"]
    assert facts["cloud price"]["value"] * 57e6 == gpt_4["results"]["cloud_cost"]["value"]
    assert facts["cloud price"]["vendor"] == "Microsoft Azure" and facts["cloud price"]["source"].startswith("https://")
    assert "US Energy Information Administration" in facts["electricity price"]["source"]
    assert facts["power of the chip (TDP)"]["value"] == 400
    assert all(each["source"] for each in gpt_4["facts"] + gpt_4["assumptions"])


def test_the_interval_of_gpt_4_is_the_one_of_the_functions(gpt_4):
    from xlcost.cost_interval import RunFigures, cost_interval

    total = cost_interval(RunFigures("GPU", 24_875, 638 / 365.25, 57e6, 3_499_488.28125)).total
    assert_allclose(
        [gpt_4["interval"][end] for end in ("low", "median", "high")], [total.low, total.median, total.high]
    )
    assert gpt_4["interval"]["level"] == 0.9


def test_the_same_run_gives_the_same_bytes(xlcost, tmp_path):
    for name in ("one.json", "two.json"):
        xlcost("report", "Llama 3.1-405B", "-o", name)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    status, _, err = xlcost("report", "Llama 3.1-405B", "-o", "one.json")
    assert status == 2 and "one.json: the file exists; --force replaces it" in err


PLANTED = [
    (
        ("results", "amortized_cost", "value"),
        41e6,
        "$.results.amortized_cost.value: found 41000000.0, expected 40155933.9",
    ),
    (("components", 3, "value"), 3.6e6, "$.components[3].value: found 3600000.0, expected 3499488.28125"),
    (("facts", 1, "value"), 24_000.0, "$.facts[1].value: found 24000.0, expected 24875.0"),
    (("facts", 1, "source"), "hearsay", '$.facts[1].source: found "hearsay", expected "https://'),
    (("assumptions", 0, "value"), 0.2, "$.assumptions[0].value: found 0.2, expected 0.14"),
    (("interval", "high"), 5e7, "$.interval.high: found 50000000.0, expected 110160052"),
    (("results", "acquired"), "2021-01-01", '$.results.acquired: found "2021-01-01", expected "2020-08-12"'),
    (("notes",), "All is well.", '$.notes: found "All is well.", expected "Purchase price is old'),
]


@pytest.mark.parametrize(("place", "value", "said"), PLANTED, ids=lambda value: str(value)[:40])
def test_each_figure_that_was_changed_is_named_with_what_was_expected(xlcost, tmp_path, gpt_4, place, value, said):
    inside = gpt_4
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    write(tmp_path / "changed.json", gpt_4)
    status, out, err = xlcost("report", "--check", "changed.json")
    assert (status, out) == (1, "") and err.startswith(f"xlcost: changed.json: {said}") and len(err.splitlines()) == 1


def test_a_changed_input_shows_in_every_figure_that_rests_on_it(xlcost, tmp_path, gpt_4):
    gpt_4["inputs"]["chip_hours"]["value"] = 28.5e6
    write(tmp_path / "changed.json", gpt_4)
    status, _, err = xlcost("report", "--check", "changed.json")
    assert status == 1 and {line.split(": ")[2] for line in err.splitlines()} >= {
        *(f"$.components[{place}].value" for place in range(4)),
        *(f"$.results.{name}.value" for name in ("amortized_cost", "cloud_cost", "chip_hours", "energy_kwh")),
        *(f"$.interval.{end}" for end in ("low", "median", "high")),
    }


WRONG = [
    (lambda report: report.pop("interval"), "$: 'interval' is a required property"),
    (lambda report: report.update(extra=1), "$: Additional properties are not allowed ('extra' was unexpected)"),
    (lambda report: report.update(schema_version="2.0"), "$.schema_version: '1.0' was expected"),
    (
        lambda report: report["results"]["cloud_cost"].update(value="much"),
        "$.results.cloud_cost.value: 'much' is not of",
    ),
    (lambda report: report["inputs"].update(start="May"), "$.inputs.start: 'May' does not match"),
    (lambda report: report["inputs"].pop("chip"), "$.inputs: 'chip' is a required property"),
    (lambda report: report.update(edition="2019-01"), "there is no edition '2019-01'"),
    (lambda report: report["inputs"].update(chip="Z80"), "no chip is called 'Z80'"),
    (lambda report: report["inputs"]["chips"].update(value=-1), "chips is -1"),
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_no_report_is_refused(xlcost, tmp_path, gpt_4, change, said):
    change(gpt_4)
    write(tmp_path / "wrong.json", gpt_4)
    status, out, err = xlcost("report", "--check", "wrong.json")
    assert (status, out) == (2, "") and f"xlcost: wrong.json: {said}" in err.replace("row 0: ", "").replace(
        "chip: ", ""
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"[" * 200_000, "in each other"),
        (b'{"a":' * 100_000, "in each other"),
        (b'{"kind": NaN}', "NaN is no number in JSON"),
        (b'{"kind": 1, "kind": 2}', "a name is there twice"),
        (b'{"kind": ' + b"9" * 10_000 + b"}", "cannot be read"),
        (b" " * 2_000_000, "too large"),
        (b"\xff\xfe{", "not a text file in UTF-8"),
        (b'{"a": "\0"}', "NUL"),
        (b"[" + b"1," * 400_000 + b"1]", "is not of type 'object'"),
        (b"PK\x03\x04", "this is a workbook"),
    ],
)
def test_a_hostile_document_is_one_clear_sentence(xlcost, tmp_path, content, said):
    (tmp_path / "sent.json").write_bytes(content)
    status, out, err = xlcost("report", "--check", "sent.json")
    assert (status, out) == (2, "") and said in err and len(err.splitlines()) == 1 and len(err) < 500


def test_a_name_in_a_report_is_the_name_and_nothing_internal_is_told(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text(
        "run,department,cost_center,chip,chips,hours,account\n=1+1,Secret dept,CC-77,H100,8,10,Acc-9\n"
    )
    assert xlcost("report", "=1+1", "--runs", "runs.csv", "-o", "ours.json")[0] == 0
    text = (tmp_path / "ours.json").read_text()
    # JSON is not computed by anything: the name stays as it is.
    assert json.loads(text)["run"] == "=1+1"
    assert not [word for word in ("Secret", "CC-77", "Acc-9") if word in text]
    assert xlcost("report", "--check", "ours.json")[0] == 0


def test_a_price_book_is_needed_again_to_check(xlcost, tmp_path):
    (tmp_path / "runs.csv").write_text("run,chip,chips,hours,start\na,H100,8,10,2026-11-01\n")
    (tmp_path / "prices.csv").write_text("chip,date,usd_per_chip,sold_as\nH100,2026-10-01,25000,server\n")
    words = ("report", "a", "--runs", "runs.csv", "--prices", "prices.csv", "-o", "ours.json")
    assert xlcost(*words)[0] == 0
    assert xlcost("report", "--check", "ours.json", "--prices", "prices.csv")[0] == 0
    assert "found 25000.0" in xlcost("report", "--check", "ours.json")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give either the name of a run or --model"),
        (("a", "--model", "GPT-4"), "give either the name of a run or --model"),
        (("Llama 3.1-405B",), "give the report to write with -o"),
        (("Llama 3.1-405B", "-o", "a.txt"), "its name must end in .json"),
        (("none", "-o", "a.json"), "there is no run 'none'; there are "),
        (("--model", "GPT-5000", "-o", "a.json"), "has no model 'GPT-5000'; nearest: GPT-"),
        (("--model", "GPT-4", "-o", "a.json", "--edition", "2024-05", "--method", "x"), "there is no method 'x'"),
        (("--model", "GPT-4", "-o", "a.json", "--edition", "2024-05", "--level", "2"), "--level is 2.0; it must be"),
        (("--check", "none.json"), "none.json: there is no such file"),
        (("--check", "none.json", "-o", "a.json"), "--check takes run and edition from the report"),
    ],
)
def test_what_cannot_be_reported_is_one_sentence_and_nothing_is_written(xlcost, tmp_path, words, said):
    status, out, err = xlcost("report", *words)
    assert (status, out, list(tmp_path.iterdir())) == (2, "", []) and said in err and len(err.splitlines()) == 1


def test_the_schema_is_one_and_describes_every_part():
    Draft202012Validator.check_schema(schema())
    assert all(part.get("description") for part in schema()["properties"]["inputs"]["properties"].values())
    assert all(part.get("description") for part in schema()["properties"]["results"]["properties"].values())


@pytest.mark.parametrize("edition", ["2024-05", "2025-07"])
def test_every_public_model_that_is_one_run_reproduces_the_figures_of_models(edition):
    facts = load(edition)
    costs = estimate_models(facts).set_index("model")
    models = facts.models[(facts.models["base_model"] == "") & (facts.models["chip"] != "")]
    told = 0
    for name in models["model"]:
        expected = costs.loc[name]
        if "," in expected["chip"] or math.isnan(expected["amortized_cost"]):
            continue
        report = report_of(run_of_model(facts, name), facts)
        assert_allclose(report["results"]["amortized_cost"]["value"], expected["amortized_cost"], rtol=1e-12)
        assert differences(json.loads(json.dumps(report))) == []
        told += 1
    assert told > 30


@settings(max_examples=25)
@given(
    st.sampled_from(["H100", "NVIDIA A100 PCIe", "Google TPU v4", "B200", "MI300X"]),
    st.sampled_from(["market", "market_exact", "straight_line"]),
    st.floats(1, 1e5),
    st.floats(1, 1e4),
    st.sampled_from(["own", "cloud_1y", "cloud_on_demand"]),
    st.sampled_from([0.5, 0.9, 0.99]),
)
def test_any_run_reproduces_after_a_round_through_json(chip, method, chips, hours, sourcing, level):
    run = pd.DataFrame({"run": ["a"], "chip": chip, "chips": chips, "hours": hours, "sourcing": sourcing})
    facts = load("2026-11") if chip in ("B200", "MI300X") else load("2025-07")
    report = json.loads(json.dumps(report_of(run, facts, method, level), allow_nan=False))
    Draft202012Validator(schema()).validate(report)
    assert differences(report) == []
    (cost,) = estimate(run, facts, method=method)["amortized_cost"]
    assert report["results"]["amortized_cost"]["value"] == (cost if cost == cost else None)


def test_a_run_in_the_cloud_alone_has_no_interval(tmp_path):
    # B300 has rental prices and no purchase price in this edition.
    run = pd.DataFrame({"run": ["a"], "chip": ["B300"], "chips": [8], "hours": [10.0], "sourcing": "cloud_on_demand"})
    report = report_of(run, load("2026-11"))
    assert report["interval"] is None and report["results"]["cloud_cost"]["value"] > 0
    write(tmp_path / "cloud.json", report)
    assert differences(read_report(tmp_path / "cloud.json")) == []
