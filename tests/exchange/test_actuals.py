"""What was spent, beside a budget: figures by hand, every row in some line, real spreadsheets, and bad input."""

import csv
import datetime
import io
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.exchange.conftest import RENTED, as_csv
from tests.strategies import ODD_NAMES
from tests.workbook.compare import MASTER, differences
from tests.workbook.ledger import InMemory
from xlcost.budget.actuals import SPEND_COLUMNS, actuals_of_workbook
from xlcost.budget.components import COMPONENTS, IN_THE_LEDGER
from xlcost.dates import to_serial
from xlcost.examples import MAPPING, SPEND
from xlcost.exchange.actuals.expression import matches, regular
from xlcost.exchange.actuals.spend import OTHER_SOURCES, SOURCES, actuals_of, month_of_close
from xlcost.workbook.budget import write_plan
from xlcost.workbook.lint import lint

FEBRUARY = float(to_serial("2026-02-01"))
MAPPED = {"run": "R", "component": "rental"}
BILL = [
    {"month": "2026-01", "amount": 15_000, "hours": 7440, **MAPPED},
    {"month": "2026-01", "amount": -500, "charge": "Credit", **MAPPED},
    {"month": "2026-02", "amount": 12_000, "hours": 6720, **MAPPED},
    {"month": "2026-02", "amount": 1_000, "charge": "Tax", **MAPPED},
]


class Sheet:
    """The Actuals sheet, read by its headings and labels."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def of(cls, plan, actuals):
        return cls(InMemory(replace(plan, actuals=actuals)).grid("Actuals"))

    def setting(self, label):
        return next(row[1] for row in self.rows if row[0] == label)

    def by_month(self, label):
        """A row of the months, without what is added up behind it."""
        begin = next(number for number, row in enumerate(self.rows) if row[0] == "By month")
        row = next(row for row in self.rows[begin:] if row[0] == label)
        end = next(at for at, cell in enumerate(self.rows[begin]) if cell == "Budget total")
        return [float(cell) for cell in row[2:end]]

    def table(self, title):
        """Rows of a table by their labels, each by its headings."""
        begin = next(number for number, row in enumerate(self.rows) if row[0] == title)
        found = {}
        for row in self.rows[begin + 1 :]:
            if row[0]:
                found[str(row[0])] = dict(zip(self.rows[begin][2:], row[2:]))
            if row[0] == "Total":
                break
        return found

    def amount(self, label):
        return next(row[2] for row in self.rows if row[0] == label)


def spent(plan, folder, rows, **options):
    return actuals_of(plan, [as_csv(folder / "spend.csv", rows)], **options)


# --- figures by hand


def test_a_run_has_budget_actual_and_both_forecasts(rented, tmp_path):
    row = Sheet.of(rented, spent(rented, tmp_path, BILL)).table("By training run, up to the close")["R"]
    # 2 USD for each of 10 chips' hours: 31 days of January and 28 of February, of 60.
    assert row["Budget to date"] == pytest.approx(2 * 10 * 24 * 59)
    # Bills of 15,000 and 12,000, a credit of 500, no tax.
    assert row["Actual to date"] == pytest.approx(26_500)
    assert row["Variance from the budget"] == pytest.approx(26_500 - 28_320)
    assert row["as a share of the budget"] == pytest.approx(-1_820 / 28_320)
    # One day of March is left of the budget: 480 USD.
    assert row["Full-year forecast"] == pytest.approx(26_500 + 480)
    # 14,160 of 14,400 hours were used, at 26,500 USD: the other 240 cost as much each.
    assert (row["Chip-hours planned"], row["Chip-hours used"]) == pytest.approx((14_400, 14_160))
    assert row["Project forecast"] == pytest.approx(26_500 + 240 * 26_500 / 14_160)


def test_months_are_actual_up_to_the_close_and_budget_after_it(rented, tmp_path):
    sheet = Sheet.of(rented, spent(rented, tmp_path, BILL, close=float(to_serial("2026-01-01"))))
    assert sheet.by_month("Actual")[:4] == pytest.approx([14_500, 0, 0, 0])
    assert sheet.by_month("Forecast: the budget of open months")[:4] == pytest.approx([0, 13_440, 480, 0])
    assert sheet.by_month("Variance from the budget")[:4] == pytest.approx([14_500 - 14_880, 0, 0, 0])
    # February's bill is there all the same, with its tax left out.
    assert sheet.amount("After the close") == pytest.approx(12_000)


def test_tax_counts_gross_and_not_net(rented, tmp_path):
    of = {
        tax: Sheet.of(rented, spent(rented, tmp_path, BILL, tax=tax)).table("By component, up to the close")
        for tax in ("net", "gross")
    }
    assert of["net"]["Rental by the hour"]["Actual to date"] == pytest.approx(26_500)
    assert of["gross"]["Rental by the hour"]["Actual to date"] == pytest.approx(27_500)


def test_credits_and_accruals_have_rows_of_their_own(rented, tmp_path):
    accruals = as_csv(tmp_path / "accruals.csv", [{"month": "2026-02", "amount": 300, **MAPPED}])
    sheet = Sheet.of(rented, spent(rented, tmp_path, BILL, accruals=accruals))
    assert sheet.by_month("of which credits on bills")[:3] == pytest.approx([-500, 0, 0])
    assert sheet.by_month("of which accruals")[:3] == pytest.approx([0, 300, 0])
    assert sheet.by_month("Tax on bills")[:3] == pytest.approx([0, 1_000, 0])
    assert sheet.by_month("Actual")[:3] == pytest.approx([14_500, 12_300, 0])


def test_a_bill_in_another_currency_counts_at_the_budgets_rate(rented, tmp_path):
    # Half a euro for a dollar: 100 EUR are 200 USD.
    sheet = Sheet.of(
        rented, spent(rented, tmp_path, [{"month": "2026-01", "amount": 100, "currency": "eur", **MAPPED}])
    )
    assert sheet.by_month("Actual")[0] == pytest.approx(200)


def test_nobody_bills_depreciation_so_that_it_comes_from_the_asset_ledger(owned, tmp_path):
    sheet = Sheet.of(owned, spent(owned, tmp_path, [{"month": "2026-02", "amount": 5, "component": "hosting"}]))
    # Chips with their servers are 81% of the cluster, the network is the rest; 10% are left after 48 months.
    month = 10 * 40_000 / 0.81 * 0.9 / 48
    component = sheet.table("By component, up to the close")
    assert component["Depreciation of capacity"]["Actual to date"] == pytest.approx(2 * month)
    assert component["Hosting"]["Actual to date"] == pytest.approx(5)
    run, department = (sheet.table(f"By {each}, up to the close") for each in ("training run", "department"))
    # 372 of the 744 hours of January, and 336 of the 672 of February; what is idle is the owner's.
    assert run["first"]["Actual to date"] == pytest.approx(month / 2)
    assert run["second"]["Actual to date"] == pytest.approx(month / 2)
    assert department["Owners"]["Actual to date"] == pytest.approx(month)
    assert department["Products"]["Actual to date"] == pytest.approx(month / 2)


def test_an_invoice_of_what_is_in_the_ledger_is_shown_and_does_not_count_twice(owned, tmp_path):
    bill = [{"month": "2026-01", "amount": 400_000, "component": "depreciation", "service": "Servers"}]
    sheet = Sheet.of(owned, spent(owned, tmp_path, bill))
    assert sheet.amount("Mapped to a component that is in the asset ledger already") == pytest.approx(400_000)
    assert sheet.by_month("Bills and accruals")[0] == 0


def test_components_of_the_ledger_are_the_first_ones():
    # The sheets tell them by their place in the list.
    assert tuple(COMPONENTS)[: len(IN_THE_LEDGER)] == IN_THE_LEDGER


# --- rules


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
    assert sheet.table("By component, up to the close")["Not mapped"]["Actual to date"] == pytest.approx(465)
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
@given(bill=st.lists(charges, min_size=1, max_size=12), mapping=st.lists(rules, max_size=4))
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


@settings(max_examples=8)
@given(
    bill=st.lists(
        st.fixed_dictionaries(
            {
                "month": st.sampled_from(["2025-12", "2026-01", "2026-04", "2026-12", "2027-03"]),
                "amount": st.integers(-10_000, 10_000),
                "charge": st.sampled_from(["Usage", "Tax", "Credit"]),
                "currency": st.sampled_from(["USD", "EUR"]),
                "run": st.sampled_from(["", "first", "second", "R"]),
                "department": st.sampled_from(["", "Owners", "New one"]),
                "component": st.sampled_from(["", "rental", "depreciation", "energy"]),
                "service": st.sampled_from(["", "A*", "=1"]),
            }
        ),
        min_size=1,
        max_size=15,
    ),
    close=st.sampled_from(["2025-11", "2026-02", "2026-12", "2027-05"]),
    tax=st.sampled_from(["net", "gross"]),
)
def test_every_rows_money_is_in_some_line_and_all_sums_tie(owned, tmp_path_factory, bill, close, tax):
    actuals = spent(owned, tmp_path_factory.mktemp("any"), bill, close=month_of_close(close), tax=tax)
    document = InMemory(replace(owned, actuals=actuals))
    sheet = Sheet(document.grid("Actuals"))
    worth = {"USD": 1, "EUR": 2}
    whole = sum(row["amount"] * worth[row["currency"]] for row in bill)
    shown = sum(sheet.by_month("Bills and accruals")) + sum(
        sheet.amount(label)
        for label in (
            "Before the budget's first month",
            "After the close",
            "Mapped to a component that is in the asset ledger already",
            "Tax on bills, where the setting says net",
        )
    )
    assert shown == pytest.approx(whole, abs=1e-6)
    wrong = [row[0] for row in document.grid("Checks") if len(row) > 4 and row[4] == "CHECK"]
    assert wrong == [] and document.get([MASTER]) == ["OK"]


# --- in real spreadsheets


def written(plan, folder, actuals, name="actuals.xlsx"):
    write_plan(folder / name, replace(plan, actuals=actuals))
    return folder / name


@pytest.fixture(scope="module")
def odd(owned, tmp_path_factory):
    """Actuals with odd names, all entries, two currencies, and months before, in and after the budget."""
    folder = tmp_path_factory.mktemp("odd")
    bill = [
        {
            "month": f"2026-{1 + number % 5:02}",
            "amount": 100 + number,
            "service": name,
            "department": name,
            "currency": "EUR" if number % 2 else "USD",
            "component": ["", "energy", "depreciation"][number % 3],
            "charge": ["Usage", "Tax", "Credit"][number % 3],
            "run": ["", "first", "R"][number % 3],
            "hours": number,
        }
        for number, name in enumerate(ODD_NAMES)
    ]
    bill += [{"month": month, "amount": 7, "service": name} for month, name in (("2025-01", "=x"), ("2028-01", "A*"))]
    accruals = as_csv(folder / "accruals.csv", [{"month": "2026-02", "amount": 300, "run": "second"}])
    rules = as_csv(folder / "mapping.csv", [{"column": "ServiceName", "pattern": "=1*", "run": "second"}])
    return spent(owned, folder, bill, accruals=accruals, mapping=rules, close=FEBRUARY)


@pytest.fixture(scope="module", params=["en", "ja"])
def odd_book(request, owned, odd, tmp_path_factory):
    from xlcost.languages import language_of

    plan = replace(owned, language=language_of(request.param))
    return written(plan, tmp_path_factory.mktemp(request.param), odd)


@pytest.mark.parametrize("engine", ["libreoffice", "cellrune"])
def test_every_stored_value_is_what_a_spreadsheet_computes(engine, odd_book, request):
    with request.getfixturevalue(engine).open(odd_book) as document:
        document.recalculate()
        assert differences(odd_book, document) == []


def test_lint_and_microsofts_validator_find_nothing(odd_book, ooxml_validator):
    assert lint(odd_book) == [] and ooxml_validator(odd_book) == []


def test_another_close_and_tax_typed_in_count_as_if_they_had_been_given(owned, odd, tmp_path, libreoffice):
    path = written(owned, tmp_path, odd)
    expected = written(
        owned, tmp_path, replace(odd, close=float(to_serial("2026-04-01")), tax="gross"), "expected.xlsx"
    )
    with libreoffice.open(path) as document:
        document.set({("Actuals", "B4"): float(to_serial("2026-04-15")), ("Actuals", "B5"): "gross"})
        document.recalculate()
        found = [each for each in differences(expected, document) if "Actuals!B4" not in each]
        assert found == []


def test_a_run_on_spend_that_is_no_longer_on_runs_turns_the_master_check_red(owned, odd, tmp_path, libreoffice):
    with libreoffice.open(written(owned, tmp_path, odd)) as document:
        document.recalculate()
        assert document.get([MASTER]) == ["OK"]
        document.set({("Runs", "A6"): "renamed"})
        document.recalculate()
        assert document.get([MASTER]) == ["CHECK"]


# --- the command, and a workbook that comes back


def test_the_shipped_spend_is_mapped_to_the_shipped_budget(xlcost, tmp_path):
    xlcost("budget")
    typed = ("actuals", "budget.xlsx", SPEND, "--mapping", MAPPING, "--close", "2024-03", "-o")
    assert xlcost(*typed, "actuals.xlsx") == (0, "actuals.xlsx\n", "")
    sheet = Sheet(list(load_workbook(tmp_path / "actuals.xlsx", data_only=True)["Actuals"].iter_rows(values_only=True)))
    assert sheet.amount("Coffee · kitchen") == pytest.approx(640)
    assert xlcost(*typed, "mapped.csv") == (0, "mapped.csv\n", "")
    rows = list(csv.DictReader((tmp_path / "mapped.csv").open()))
    assert sum(float(row["amount"]) for row in rows if row["run"] == "GPT-4") == 9_850_000


def test_a_budget_without_actuals_has_the_sheets_that_it_had(xlcost, tmp_path):
    xlcost("budget")
    assert not {"Actuals", "Mapping", "Spend"} & set(load_workbook(tmp_path / "budget.xlsx", read_only=True).sheetnames)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_workbook_that_is_handed_in_again_keeps_its_actuals(xlcost, tmp_path, language):
    xlcost("budget", "--language", language)
    xlcost(
        "actuals", "budget.xlsx", SPEND, "--mapping", MAPPING, "--close", "2024-02", "--tax", "gross", "-o", "a.xlsx"
    )
    assert xlcost("budget", "a.xlsx", "-o", "b.xlsx")[0] == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    kept = actuals_of_workbook(tmp_path / "b.xlsx")
    assert (kept.close, kept.tax) == (float(to_serial("2024-02-01")), "gross")
    # Its rules count when the bills are read again, without naming them.
    assert xlcost("actuals", "b.xlsx", SPEND, "--close", "2024-02", "--tax", "gross", "-o", "c.xlsx")[0] == 0
    assert (tmp_path / "c.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()


def test_spend_comes_from_csv_xlsx_and_focus_alike(rented, tmp_path):
    plain = [{"month": "2026-01", "amount": 12.5, "currency": "EUR", "service": "S3", "account": "ml", "hours": 3}]
    book = Workbook()
    book.active.append(list(plain[0]))
    book.active.append([datetime.date(2026, 1, 31), *list(plain[0].values())[1:]])
    book.save(tmp_path / "spend.xlsx")
    focus = {
        "EffectiveCost": "12.5",
        "BilledCost": "99",
        "BillingCurrency": "EUR",
        "ChargeCategory": "Usage",
        "ChargePeriodStart": "2026-01-31T23:00:00Z",
        "ServiceName": "S3",
        "SubAccountName": "ml",
        "ConsumedQuantity": "3",
        "ConsumedUnit": "Hours",
        "Tags": '{"k": "v"}',
        "x_more": "1",
    }
    as_csv(tmp_path / "focus.csv", [focus])
    typed = pd.DataFrame([focus]).assign(
        EffectiveCost=12.5,
        BilledCost=99.0,
        ConsumedQuantity=3.0,
        ChargePeriodStart=pd.to_datetime(["2026-01-31T23:00:00Z"]),
        Tags=[{"k": "v"}],
    )
    typed.to_parquet(tmp_path / "focus.parquet")
    found = [
        actuals_of(rented, [path]).spend
        for path in (
            as_csv(tmp_path / "spend.csv", plain),
            *(tmp_path / n for n in ("spend.xlsx", "focus.csv", "focus.parquet")),
        )
    ]
    for other in found[1:]:
        assert {name: list(other[name]) for name in SPEND_COLUMNS} == {
            name: list(found[0][name]) for name in SPEND_COLUMNS
        }


@pytest.mark.parametrize("as_map", [False, True])
def test_a_rule_may_ask_for_a_tag(rented, tmp_path, as_map):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    tags = [{"project": 'a "b" \\c', "env": "x"}, {"env": "project"}, {}]
    kind = pa.map_(pa.string(), pa.string()) if as_map else pa.string()
    import json

    column = [list(each.items()) if as_map else json.dumps(each) for each in tags]
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


def test_binary_and_decimal_money_are_added_without_rounding(rented, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    for name, amounts_ in (
        ("binary", pa.array([0.1] * 1_000_000)),
        ("decimal", pa.array([Decimal("0.1")] * 1_000_000, pa.decimal128(20, 10))),
    ):
        table = pa.table(
            {
                "EffectiveCost": amounts_,
                "BillingCurrency": pa.array(["USD"] * 1_000_000),
                "ChargeCategory": pa.array(["Usage"] * 1_000_000),
                "ChargePeriodStart": pa.array(["2026-01-05"] * 1_000_000),
            }
        )
        parquet.write_table(table, tmp_path / f"{name}.parquet")
        # A million binary tenths added one by one are 100000.00000133288.
        assert actuals_of(rented, [tmp_path / f"{name}.parquet"]).spend["amount"].tolist() == [100_000.0]


# --- what cannot be used


def refused(xlcost, folder, *words):
    """The sentences with which a command ends that writes nothing."""
    before = sorted(path.name for path in folder.iterdir())
    status, out, err = xlcost("actuals", *words, "-o", "out.xlsx")
    assert (status, out) == (2, "") and sorted(path.name for path in folder.iterdir()) == before
    assert "Traceback" not in err
    return err


@pytest.fixture
def runs_file(tmp_path):
    row = {name: value for name, value in RENTED.items() if name != "vendor"}
    return as_csv(tmp_path / "runs.csv", [row])


def test_everything_wrong_with_tables_is_said_at_once(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-13", "amount": "much", "hours": -1, "run": "nobody"}])
    as_csv(tmp_path / "mapping.csv", [{"column": "service", "pattern": "*", "run": "unknown", "component": "chips"}])
    as_csv(tmp_path / "accruals.csv", [{"month": "soon", "amount": 1}])
    said = refused(
        xlcost,
        tmp_path,
        runs_file,
        "spend.csv",
        "missing.csv",
        "--mapping",
        "mapping.csv",
        "--accruals",
        "accruals.csv",
    )
    for sentence in (
        "spend.csv: row 2: month is '2026-13'; it must be a month such as 2026-03",
        "spend.csv: row 2: amount is 'much'; it must be a number",
        "spend.csv: row 2: hours is -1; it must be a number at least 0",
        "spend.csv: row 2: run is 'nobody'; it must be one of: R",
        "mapping.csv: row 2: run is 'unknown'; it must be one of: R",
        "mapping.csv: row 2: component is 'chips'; it must be one of: own_hardware",
        "accruals.csv: row 2: month is 'soon'",
        "missing.csv: there is no such file",
    ):
        assert sentence in said.replace("'-1'", "-1")


def test_unknown_columns_of_a_table_are_named(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1, "colour": "red"}])
    assert "spend.csv: column 'colour' is not known; allowed are month, amount" in refused(
        xlcost, tmp_path, runs_file, "spend.csv"
    )


def test_everything_wrong_with_an_export_is_said_at_once(xlcost, tmp_path, runs_file):
    good = {
        "BilledCost": "1",
        "BillingCurrency": "USD",
        "ChargePeriodStart": "2026-01-01T00:00:00Z",
        "ChargeCategory": "Usage",
    }
    rows = [
        good | {"ConsumedQuantity": "1", "ConsumedUnit": "Hours", "ChargeClass": ""},
        good | {"ChargePeriodStart": "2026-13-01T00:00:00Z"},
        good | {"BilledCost": "abc"},
        good | {"BilledCost": ""},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "Hours"},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "GB"},
        good | {"ConsumedQuantity": "-2", "ConsumedUnit": "Hours", "ChargeClass": "Correction"},
        good | {"ConsumedQuantity": "few", "ConsumedUnit": "Hours"},
        good | {"BillingCurrency": ""},
    ]
    as_csv(tmp_path / "focus.csv", rows)
    said = refused(xlcost, tmp_path, runs_file, "focus.csv").splitlines()
    assert said == [
        "xlcost: focus.csv: ChargePeriodStart is '2026-13-01T00:00:00Z' in 1 rows; it must be a date such as "
        "2026-03-01",
        "xlcost: focus.csv: the cost is 'abc', empty in 2 rows; it must be a number",
        "xlcost: focus.csv: ConsumedQuantity is 'few' in 1 rows; it must be a number",
        "xlcost: focus.csv: ConsumedQuantity is '-2' in 1 rows; hours are 0 or more, except in a charge of class "
        "Correction",
        "xlcost: focus.csv: BillingCurrency is empty in 1 rows; it must be a code such as USD",
    ]


def test_currencies_without_a_rate_and_unknown_names_in_an_export_are_said_at_once(xlcost, tmp_path, runs_file):
    good = {"BilledCost": "1", "ChargePeriodStart": "2026-01-01", "ChargeCategory": "Usage"}
    as_csv(
        tmp_path / "focus.csv",
        [good | {"BillingCurrency": "JPY", "x_run": "gone"}, good | {"BillingCurrency": "CHF", "x_component": "air"}],
    )
    said = refused(xlcost, tmp_path, runs_file, "focus.csv")
    for text in (
        "run of spend is 'gone'",
        "component of spend is 'air'",
        "spend is 'CHF'",
        "spend is 'JPY'; it has no rate",
    ):
        assert text in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--close", "2026-13"), "--close 2026-13: it must be a month such as 2026-06"),
        (("--close", ""), "--close : it must be a month such as 2026-06"),
        (("--tax", "some"), "--tax some: it must be net or gross"),
        (("--engine", "abacus"), "--engine abacus: there are duckdb, spark"),
        (("--mapping", "rules.csv"), "rule 1: column 'Colour' is in none of the files; they have"),
    ],
)
def test_options_that_cannot_be_are_said(xlcost, tmp_path, runs_file, words, sentence):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}])
    as_csv(tmp_path / "rules.csv", [{"column": "Colour", "pattern": "*", "run": "R"}])
    assert sentence in refused(xlcost, tmp_path, runs_file, "spend.csv", *words)


@pytest.mark.parametrize(
    ("name", "content"), [("bill.parquet", b"PAR1 no"), ("bill.csv", b"\xff\xfe\x00"), ("bill.pdf", b"")]
)
def test_a_file_that_is_no_bill_is_refused(xlcost, tmp_path, runs_file, name, content):
    (tmp_path / name).write_bytes(content)
    assert f"{name}: " in refused(xlcost, tmp_path, runs_file, name)


def test_an_export_without_its_columns_is_refused(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "focus.csv", [{"ChargePeriodStart": "2026-01-01"}])
    said = refused(xlcost, tmp_path, runs_file, "focus.csv")
    for name in ("ChargeCategory", "BillingCurrency", "EffectiveCost or BilledCost"):
        assert f"focus.csv: column {name} is missing" in said


def test_what_is_not_installed_is_named_with_how_to_install_it(xlcost, tmp_path, runs_file, monkeypatch):
    import sys

    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}])
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "pip install 'xlcost[scale]'" in refused(xlcost, tmp_path, runs_file, "spend.csv", "--engine", "spark")
    monkeypatch.setitem(sys.modules, "ibis", None)
    assert "pip install 'xlcost[actuals]'" in refused(xlcost, tmp_path, runs_file, "spend.csv")


def test_a_name_like_a_formula_stays_text_in_the_mapped_spend(xlcost, tmp_path, runs_file):
    as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": -1, "service": "=1+1", "department": "@x"}])
    assert xlcost("actuals", runs_file, "spend.csv", "-o", "mapped.csv")[0] == 0
    (row,) = csv.DictReader(io.StringIO((tmp_path / "mapped.csv").read_text()))
    assert (row["department"], row["amount"]) == ("'@x", "-1.0")


def test_importing_the_commands_loads_no_engine():
    import subprocess
    import sys

    script = "import sys, xlcost.cli; print({'ibis', 'duckdb', 'pyarrow', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_bill_is_not_written_over(xlcost, tmp_path, runs_file):
    bill = as_csv(tmp_path / "spend.csv", [{"month": "2026-01", "amount": 1}]).read_bytes()
    status, _, said = xlcost("actuals", runs_file, "spend.csv", "-o", "./spend.csv", "--force")
    assert status == 2 and "this is one of the files that are read" in said
    assert (tmp_path / "spend.csv").read_bytes() == bill
