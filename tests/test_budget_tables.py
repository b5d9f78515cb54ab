"""Tables of a budget that cannot be used: one clear sentence with file and row, and nothing written."""

import csv

import pytest

from xlcost.budget.columns import CAPACITY_COLUMNS
from xlcost.budget.tables import CAPACITY, OTHER, PHASES, SHARES
from xlcost.columns import labels_of
from xlcost.languages import language_codes, language_of

RUN = {"run": "a", "chip": "H100", "chips": 8, "hours": 10, "start": "2025-01-01", "department": "Users"}
POOL = {"capacity": "Pool", "kind": "owned", "chip": "H100", "chips": 8, "in_service": "2025-01-01"}
SHARE = {"capacity": "Pool", "department": "Users", "share": 0.5}
OTHER_COST = {"item": "data", "amount": 5, "start": "2025-01-01"}


def without(row, name):
    return {key: value for key, value in row.items() if key != name}


@pytest.fixture
def write(xlcost, tmp_path):
    """Write a budget of some tables; gives exit status and what was complained of."""

    def written(*words, **tables):
        flags = []
        for name, rows in {"runs": [RUN], **tables}.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with open(tmp_path / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
            flags += [] if name == "runs" else [f"--{name.replace('_', '-')}", f"{name}.csv"]
        status, _, complaint = xlcost("budget", "runs.csv", *flags, *words)
        return status, complaint, (tmp_path / "budget.xlsx").exists()

    return written


def refused(found, *sentences):
    status, complaint, is_written = found
    assert (status, is_written) == (2, False)
    for sentence in sentences:
        assert sentence in complaint


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"until": "2024-12-01"}, "row 2: until is '2024-12-01'; it must be after in_service"),
        ({"until": "2025-01-01"}, "row 2: until is '2025-01-01'; it must be after in_service"),
        (
            {"kind": "rented"},
            "row 2: kind is 'rented'; it must be one of: owned, committed_1y, committed_3y, on_demand",
        ),
        ({"chip": "H1000"}, "row 2: chip: no chip is called 'H1000'; nearest: "),
        ({"vendor": "Nobody"}, "row 2: vendor is 'Nobody'; it must be one of: "),
        ({"chips": -5}, "row 2: chips is '-5'; it must be a number above 0 and at most 1,000,000,000"),
        ({"chips": 0}, "row 2: chips is '0'; it must be a number above 0"),
        ({"in_service": "soon"}, "row 2: in_service is 'soon'; it must be a date such as 2026-03-01"),
        ({"server_price_per_chip": -1}, "row 2: server_price_per_chip is '-1'; it must be a number above 0"),
        ({"price_per_chip_hour": 0}, "row 2: price_per_chip_hour is '0'; it must be a number above 0"),
        ({"useful_life": 0}, "row 2: useful_life is '0'; it must be a number above 0 and at most 50"),
        ({"residual_value": 1.2}, "row 2: residual_value is '1.2'; it must be a number at least 0 and at most 1"),
        ({"upfront_share": -0.1}, "row 2: upfront_share is '-0.1'; it must be a number at least 0 and at most 1"),
        ({"payment_lag": 1.5}, "row 2: payment_lag is 1.5; it must be a whole number of months"),
        ({"payment_lag": 4}, "row 2: payment_lag is '4'; it must be a number at least 0 and at most 3"),
        ({"electricity_price": -1}, "row 2: electricity_price is '-1'; it must be a number at least 0"),
        ({"pue": 0.9}, "row 2: pue is '0.9'; it must be a number at least 1 and at most 5"),
        ({"hosting": -2}, "row 2: hosting is '-2'; it must be a number at least 0"),
        ({"operations": -1}, "row 2: operations is '-1'; it must be a number at least 0"),
        ({"maintenance": 2}, "row 2: maintenance is '2'; it must be a number at least 0 and at most 1"),
        ({"insurance": -0.1}, "row 2: insurance is '-0.1'; it must be a number at least 0 and at most 1"),
        (
            {"kind": "committed_1y", "until": "2025-12-29"},
            "row 2: until is '2025-12-29'; committed_1y is paid for a year, whatever is used of it",
        ),
        (
            {"kind": "committed_3y", "until": "2027-12-01"},
            "row 2: until is '2027-12-01'; committed_3y is paid for 3 years, whatever is used of it",
        ),
        ({"colour": "red"}, "column 'colour' is not known; allowed are capacity, kind, owner"),
    ],
)
def test_a_capacity_that_cannot_be_is_refused_with_file_and_row(write, cells, sentence):
    refused(write(capacity=[{**POOL, **cells}]), f"capacity.csv: {sentence}")


@pytest.mark.parametrize("name", POOL)
def test_a_capacity_needs_a_name_a_kind_chips_and_a_first_day(write, name):
    refused(write(capacity=[without(POOL, name)]), f"capacity.csv: column '{name}' is missing")
    two = [POOL, {**POOL, "capacity": "Second", name: ""}]
    refused(write(capacity=two), f"capacity.csv: row 3: {name} is empty; every row needs one")


def test_two_capacities_of_one_name_are_refused_however_it_is_written(write):
    refused(
        write(capacity=[POOL, {**POOL, "capacity": "POOL"}]),
        "capacity.csv: row 3: capacity 'POOL' is named already in row 2; each needs a name of its own",
    )


def test_every_wrong_row_is_named_in_one_go(write):
    found = write(capacity=[{**POOL, "chips": -1, "chip": "H1000"}, {**POOL, "capacity": "two", "kind": "rented"}])
    refused(found, "row 2: chips is '-1'", "row 2: chip: no chip is called 'H1000'", "row 3: kind is 'rented'")


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        ("committed_1y", "2026-01-01"),
        ("committed_3y", "2028-01-01"),
        ("committed_1y", "2027-06-30"),
        ("owned", "2025-01-02"),
    ],
)
def test_a_commitment_of_just_its_years_or_longer_is_taken(write, kind, until):
    status, complaint, is_written = write(capacity=[{**POOL, "kind": kind, "until": until}])
    assert status == 0 and is_written, complaint


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{**SHARE, "share": 0}], "row 2: share is '0'; it must be a number above 0 and at most 1"),
        ([{**SHARE, "share": 1.01}], "row 2: share is '1.01'; it must be a number above 0 and at most 1"),
        ([{**SHARE, "department": ""}], "row 2: department is empty; every row needs one"),
        (
            [SHARE, {**SHARE, "department": "B", "capacity": "pool", "share": 0.6}],
            "row 3: share is 0.6; the shares in one capacity come to more than 1 (100%)",
        ),
        (
            [SHARE, {"capacity": "Pol", "department": "Users", "share": 0.1}],
            "row 3: capacity is 'Pol'; there is none of this name in the table of capacity",
        ),
        (
            [SHARE, {**SHARE, "department": "users", "share": 0.1}],
            "row 3: department is 'users'; it has a share in 'Pool' already in row 2; put them together",
        ),
    ],
)
def test_shares_that_cannot_be_are_refused_with_file_and_row(write, rows, sentence):
    refused(write(capacity=[POOL], shares=rows), f"shares.csv: {sentence}")


def test_a_share_that_is_no_number_is_not_blamed_for_a_sum_as_well(write):
    rows = [SHARE, {**SHARE, "department": "B", "share": 0.6}, {**SHARE, "department": "C", "share": "abc"}]
    _, complaint, _ = found = write(capacity=[POOL], shares=rows)
    refused(found, "row 3: share is 0.6; the shares in one capacity come to more than 1 (100%)")
    assert [line for line in complaint.splitlines() if "row 4" in line] == [
        "xlcost: shares.csv: row 4: share is 'abc'; it must be a number above 0 and at most 1"
    ]


def test_what_costs_once_or_each_month_may_end_where_that_can_be(write):
    rows = [
        {**OTHER_COST, "timing": "once", "end": "2025-01-31"},
        {**OTHER_COST, "timing": "monthly", "end": "2025-02-01"},
        {**OTHER_COST, "timing": "", "end": ""},
    ]
    status, complaint, _ = write(other_costs=rows)
    assert status == 0, complaint


def test_shares_need_a_table_of_capacity(write):
    refused(write(shares=[SHARE]), "shares.csv: row 2: capacity is 'Pool'; there is none of this name")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"currency": "EUR"}, "row 2: currency is 'EUR'; it has no rate: give its units for 1 USD"),
        ({"end": "2024-12-31"}, "row 2: end is '2024-12-31'; it must not be before start"),
        (
            {"timing": "once", "end": "2025-02-01"},
            "row 2: end is '2025-02-01'; a cost that comes once has no end: leave it empty, or let timing be monthly",
        ),
        ({"end": "2025-06-30"}, "row 2: end is '2025-06-30'; a cost that comes once has no end"),
        ({"timing": "weekly"}, "row 2: timing is 'weekly'; it must be one of: once, monthly"),
        ({"category": "food"}, "row 2: category is 'food'; it must be one of: storage, network, data"),
        ({"run": "b"}, "row 2: run is 'b'; it must be one of: a"),
        ({"amount": "much"}, "row 2: amount is 'much'; it must be a number"),
        ({"amount": ""}, "row 2: amount is empty; every row needs one"),
        ({"start": ""}, "row 2: start is empty; every row needs one"),
        ({"item": ""}, "row 2: item is empty; every row needs one"),
    ],
)
def test_other_costs_that_cannot_be_are_refused_with_file_and_row(write, cells, sentence):
    refused(write(other_costs=[{**OTHER_COST, **cells}]), f"other_costs.csv: {sentence}")


def test_a_currency_is_taken_in_small_letters_too(write):
    rows = [{**OTHER_COST, "currency": "usd"}, {**OTHER_COST, "currency": "eur"}]
    status, complaint, _ = write("--currency", "EUR", "--rate", "0.9", other_costs=rows)
    assert status == 0, complaint


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"phase": "One", "released": -1}], "row 2: released is '-1'; it must be a number at least 0"),
        ([{"phase": "One"}, {"phase": "ONE"}], "row 3: phase 'ONE' is named already in row 2"),
        ([{"phase": "One", "date": "soon"}], "row 2: date is 'soon'; it must be a date"),
    ],
)
def test_phases_that_cannot_be_are_refused_with_file_and_row(write, rows, sentence):
    refused(write(phases=rows), f"phases.csv: {sentence}")


def test_an_existing_workbook_stays_when_a_table_cannot_be_used(write, tmp_path):
    (tmp_path / "budget.xlsx").write_bytes(b"mine")
    status, _, _ = write("--force", capacity=[{**POOL, "chips": -1}])
    assert status == 2 and (tmp_path / "budget.xlsx").read_bytes() == b"mine"


@pytest.mark.parametrize("kind", [CAPACITY, SHARES, OTHER, PHASES], ids=lambda kind: kind.name)
def test_every_column_of_a_file_is_read_by_its_name_and_by_its_headings(kind, tmp_path):
    """A column of the inputs must not be taken for one that a workbook computes."""
    names = labels_of(kind.columns) | {name: name for name in kind.columns}
    for code in language_codes():
        names |= {column.heading_in(language_of(code)): name for name, column in kind.columns.items()}
    sample = {
        **POOL,
        **SHARE,
        **OTHER_COST,
        "end": OTHER_COST["start"],
        "phase": "One",
        "currency": "USD",
        "timing": "once",
        "kind": "owned",
    }
    for heading, name in names.items():
        column, row = kind.columns[name], {each: sample[each] for each in kind.required}
        value = sample.get(name, {"text": "storage", "date": "2030-01-01"}.get(column.format, 1))
        row = {each: cell for each, cell in row.items() if each != name} | {heading: value}
        path = tmp_path / "table.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
        found = kind.read(path)[name][0]
        assert found not in ("",) and found == found, f"{heading}: the value was left out"


def test_all_numbers_of_capacity_have_bounds():
    numbers = {name for name, column in CAPACITY_COLUMNS.items() if column.format not in ("text", "date")}
    assert numbers == set(CAPACITY.limits)
