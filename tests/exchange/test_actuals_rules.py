"""Rules that map charges to a budget: the first that fits counts, and what fits none is shown."""

import datetime
import json
import re
from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import as_csv
from tests.exchange.spending import Sheet, spent
from tests.strategies import ODD_NAMES
from xlcost.exchange.actuals.expression import matches, regular
from xlcost.exchange.actuals.spend import OTHER_SOURCES, SOURCES, actuals_of


def test_the_first_rule_that_fits_counts_for_the_whole_row(rented, tmp_path):
    rules = [
        {"column": "ServiceName", "pattern": "ec2*", "department": "Ops"},
        {"column": "account", "pattern": "ml", "run": "R", "component": "rental"},
        {"column": "ServiceName", "pattern": "*", "component": "others"},
    ]
    bill = [
        {"month": "2026-01", "amount": 1, "service": "EC2 Linux", "account": "ml"},
        {"month": "2026-01", "amount": 2, "service": "S3", "account": "ML"},
        {"month": "2026-01", "amount": 4, "service": "", "account": ""},
    ]
    found = spent(rented, tmp_path, bill, mapping=as_csv(tmp_path / "mapping.csv", rules)).spend
    rows = set(zip(found["run"], found["department"], found["component"], found["amount"]))
    # A run's department is its own where the rule names none.
    assert rows == {("", "Ops", "", 1.0), ("R", "Research", "rental", 2.0), ("", "", "others", 4.0)}


def test_hours_of_servers_count_as_hours_of_their_chips(rented, tmp_path):
    rules = as_csv(tmp_path / "mapping.csv", [{"column": "service", "pattern": "p5*", "run": "R", "chips_per_hour": 8}])
    found = spent(
        rented, tmp_path, [{"month": "2026-01", "amount": 9, "service": "p5.48xlarge", "hours": 3}], mapping=rules
    )
    assert found.spend["hours"].tolist() == [24.0]


def test_what_maps_to_nothing_is_shown_by_its_largest_sources(rented, tmp_path):
    bill = [{"month": "2026-01", "amount": number + 1, "service": f"S{number:02}"} for number in range(30)]
    actuals = spent(rented, tmp_path, bill)
    sheet = Sheet.of(rented, actuals)
    assert sheet.table("By component")["Not mapped"]["Actual to date"] == pytest.approx(465)
    assert sheet.amount("S29") == pytest.approx(30) and sheet.amount("S10") == pytest.approx(11)
    assert sheet.amount(OTHER_SOURCES) == pytest.approx(sum(range(1, 11)))
    assert len(set(actuals.spend["source"])) == SOURCES + 1


@pytest.mark.parametrize("pattern", ["a*c", "*a.b*c*", "(x)*[y]*z", "*", "a", "A^B*c|d", "*c"])
@pytest.mark.parametrize("text", ["abc", "xa.bccc", "(x)1[y]2z", "", "a", "a^b c|d", "ac\n", "a\nc", "azb.c"])
def test_a_pattern_says_the_same_as_a_comparison_and_as_a_regular_expression(pattern, text):
    import ibis

    plain = re.fullmatch(".*".join(map(re.escape, pattern.lower().split("*"))), text, re.DOTALL) is not None
    assert bool(re.search(regular(pattern).replace(r"\z", r"\Z"), text)) == plain
    assert bool(ibis.duckdb.connect().to_pyarrow(matches(ibis.literal(text), pattern)).as_py()) == plain


names = st.sampled_from(["", "ec2", "S3 storage", "100%", "a_b", "x\\y", "it's", *ODD_NAMES])
amounts = st.decimals(-1_000_000, 1_000_000, places=4)
charges = st.fixed_dictionaries(
    {
        "month": st.sampled_from(["2025-12", "2026-01", "2026-02", "2026-11", "2027-03"]),
        "amount": amounts,
        "charge": st.sampled_from(["Usage", "Tax", "Credit", "Purchase", ""]),
        "currency": st.sampled_from(["USD", "EUR", ""]),
        "service": names,
        "account": names,
        "hours": st.integers(0, 1000),
    }
)
rules = st.fixed_dictionaries(
    {
        "column": st.sampled_from(["ServiceName", "account"]),
        "pattern": st.sampled_from(["*", "e*", "*s*", "100%", "a_b", "a*", "=*", "x\\y", "*'*"]),
        "run": st.sampled_from(["", "R"]),
        "department": st.sampled_from(["", "Ops"]),
        "component": st.sampled_from(["", "rental", "depreciation"]),
    }
)


@settings(max_examples=25)
@given(
    bill=st.lists(charges, min_size=1, max_size=12),
    mapping=st.lists(rules, max_size=4, unique_by=lambda rule: (rule["column"], rule["pattern"])),
)
def test_every_row_is_where_the_first_rule_puts_it_to_the_last_digit(rented, tmp_path_factory, bill, mapping):
    folder = tmp_path_factory.mktemp("any")
    file = as_csv(folder / "mapping.csv", mapping) if mapping else None
    found = spent(rented, folder, bill, mapping=file).spend
    expected = Counter()
    for row in bill:
        run, department, component = "", "", ""
        for rule in mapping:
            text = row["service" if rule["column"] == "ServiceName" else "account"].strip().lower()
            if re.fullmatch(".*".join(map(re.escape, rule["pattern"].lower().split("*"))), text, re.DOTALL):
                run, department, component = rule["run"], rule["department"], rule["component"]
                break
        kind = {"Tax": "tax", "Credit": "credits"}.get(row["charge"], "amount")
        department = department or ("Research" if run else "")
        expected[row["month"], run, department, component, row["currency"] or "USD", kind] += row["amount"]
    seen = Counter()
    for number, month in enumerate(found["month"]):
        day = (datetime.date(1899, 12, 30) + datetime.timedelta(month)).strftime("%Y-%m")
        key = (day, *(found[name][number] for name in ("run", "department", "component", "currency")))
        for kind in ("amount", "credits", "tax"):
            seen[*key, kind] += round(Decimal(found[kind][number]), 4)
    assert {key: value for key, value in seen.items() if value} == {
        key: value for key, value in expected.items() if value
    }


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.map_(pa.string(), pa.string()), pa.struct({"project": pa.string(), "env": pa.string()})],
    ids=["text", "map", "struct"],
)
def test_a_rule_may_ask_for_a_tag(rented, tmp_path, kind):
    tags = [{"project": 'a "b" \\c', "env": "x"}, {"env": "project"}, {}]
    column = [json.dumps(each) if pa.types.is_string(kind) else each for each in tags]
    if pa.types.is_map(kind):
        column = [list(each.items()) for each in tags]
    table = pa.table(
        {
            "BilledCost": pa.array([1.0, 2.0, 4.0]),
            "BillingCurrency": ["USD"] * 3,
            "ChargeCategory": ["Usage"] * 3,
            "ChargePeriodStart": pa.array([datetime.datetime(2026, 1, 1)] * 3),
            "Tags": pa.array(column, kind),
        }
    )
    parquet.write_table(table, tmp_path / "focus.parquet")
    rules_file = as_csv(tmp_path / "mapping.csv", [{"column": "Tags.project", "pattern": 'A "b" \\c', "run": "R"}])
    found = actuals_of(rented, [tmp_path / "focus.parquet"], rules_file).spend
    assert dict(zip(found["run"], found["amount"])) == {"R": 1.0, "": 6.0}
