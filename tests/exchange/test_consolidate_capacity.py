"""What it costs to have capacity where it was sent from, beside what it costs in the company's budget."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from tests.exchange.test_consolidate import FACTS, run, sent
from tests.workbook.compare import differences
from tests.workbook.cut_texts import cut_on_paper
from xlcost.budget.columns import CAPACITY_COLUMNS
from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.exchange.consolidation.company import consolidated
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.languages import language_of
from xlcost.workbook.budget import write_budget
from xlcost.workbook.capacity_received import CAPACITY, NAME
from xlcost.workbook.received_tables import FIRST, letters_of
from xlcost.workbook.submissions import FILES

COMPANY = BudgetSettings(fiscal_year_start=1, first_fiscal_year=2026, years=3, staff="no", rates={"JPY": [120.0, 90.0]})
OWN = BudgetSettings(staff="no", assumptions={"interconnect_share": 0.25}, rates={"JPY": [150.0]})
"""Of the file: its network costs more."""
FIRST_DAY = "2026-01-01"
ROWS = [
    {"capacity": "Cluster", "kind": "owned", "owner": "Research", "chips": 100, "server_price_per_chip": 30_000},
    {"capacity": "TPUs", "kind": "owned", "chip": "TPU v4", "chips": 10},
    {"capacity": "Three years", "kind": "committed_3y", "chips": 64},
    {"capacity": "Two years", "kind": "committed_1y", "chips": 10, "price_per_chip_hour": 2, "until": "2028-01-01"},
    {"capacity": "By the hour", "kind": "on_demand", "chips": 8},
    {"capacity": "In yen", "kind": "owned", "currency": "JPY", "chips": 10, "server_price_per_chip": 4_860_000},
]
TABLE = pd.DataFrame([{"chip": "NVIDIA H100 PCIe", "in_service": FIRST_DAY, **row} for row in ROWS])
NAMES = TABLE["capacity"].tolist()
AMOUNTS = "capacity_sent", "capacity_repriced", "capacity_effect"
LETTERS = letters_of(CAPACITY)
ROW_OF = {name: row for row, name in enumerate(NAMES, start=FIRST)}
CHECK = "Capacity received adds up to all that there is"


def write_file(path, settings=OWN, **options):
    table = path.parent / "capacity.csv"
    TABLE.to_csv(table, index=False)
    runs = pd.DataFrame([run("A", chip="H100 PCIe")])
    write_budget(path, runs, edition="2024-05", tables=Tables(capacity=table), settings=settings, **options)
    return path


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A budget with capacity at an old price list, in both languages, and the company's workbooks of each."""
    folder = tmp_path_factory.mktemp("capacity")
    found = {}
    for language in ("en", "ja"):
        path = write_file(folder / f"budget-{language}.xlsx", language=language)
        target = folder / f"company-{language}.xlsx"
        company = consolidated([read_submission(path, path.name)], FACTS, COMPANY.rates)
        tables = company.beside()
        write_budget(target, company.runs(), tables=tables, settings=COMPANY, company=company, language=language)
        found[language] = path, target, company
    return found


def stored(path, sheet):
    return openpyxl.load_workbook(path, data_only=True)[sheet]


def on_capacity(path, text):
    """What it costs to have each capacity, as the sheet Capacity of a workbook stores it; nothing is 0."""
    rows = list(stored(path, text("Capacity")).iter_rows(min_row=5, values_only=True))
    purchase, contract = (
        rows[0].index(f"{text(name)} [{text('USD')}]") for name in ("Purchase", "Commitment, whole time")
    )
    return {row[0]: row[purchase] + row[contract] for row in rows[1:] if row[0] in NAMES}


def received(path, text):
    """What the company's workbook stores of each capacity, by `AMOUNTS`."""
    sheet = stored(path, text(NAME))
    return {name: [sheet[f"{LETTERS[of]}{row}"].value for of in AMOUNTS] for name, row in ROW_OF.items()}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_on_any_sheet_is_cut_on_paper(language, handed_in, libreoffice, tmp_path):
    assert cut_on_paper(libreoffice, handed_in[language][1], language, tmp_path / "company.pdf") == set()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_capacity_costs_what_the_file_says_and_what_the_companys_budget_says(handed_in, language):
    path, target, company = handed_in[language]
    text = language_of(language).text
    at_file, here, found = on_capacity(path, text), on_capacity(target, text), received(target, text)
    assert found.pop("By the hour") == [None, None, None] and at_file["By the hour"] == here["By the hour"] == 0
    for name, (as_sent, repriced, effect) in found.items():
        assert as_sent == pytest.approx(at_file[name], rel=1e-9)
        assert repriced == pytest.approx(here[name], rel=1e-9)
        assert effect == pytest.approx(here[name] - at_file[name])
    sheet = stored(target, text(NAME))
    owners = [sheet[f"{LETTERS['department']}{row}"].value for row in ROW_OF.values()]
    assert owners == ["Research", *[company.submissions[0].department] * (len(ROWS) - 1)]


def test_what_it_costs_to_have_capacity_is_its_purchase_or_its_whole_commitment(handed_in):
    found = received(handed_in["en"][1], str)
    # The network is 25% of the cluster's price in the file, 19% in the company's budget.
    cluster = 100 * 30_000 / 0.75, 100 * 30_000 / 0.81
    # Three years of 8,766 hours, at the prices of an hour in 2024-05 and in 2026-11.
    committed = 64 * 26_304 * 1.0956, 64 * 26_304 * 4.86
    assert found["Cluster"] == pytest.approx([*cluster, cluster[1] - cluster[0]])
    assert found["Three years"] == pytest.approx([*committed, committed[1] - committed[0]])
    # 4,860,000 yen a chip, of which there are 150 for a dollar in the file, and 120 in the company's first year.
    in_yen = 10 * 32_400 / 0.75, 10 * 40_500 / 0.81
    assert found["In yen"] == pytest.approx([*in_yen, in_yen[1] - in_yen[0]])
    # 730 days at a price of its own.
    assert found["Two years"] == pytest.approx([350_400, 350_400, 0])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_submissions_has_the_sums_of_each_file(handed_in, language):
    _, target, _ = handed_in[language]
    text = language_of(language).text
    rows = [row for row in received(target, text).values() if row[0] is not None]
    sums = [sum(column) for column in zip(*rows)]
    sheet, letters = stored(target, text("Submissions")), letters_of(FILES)
    for row in (FIRST, FIRST + 1):
        assert [sheet[f"{letters[name]}{row}"].value for name in AMOUNTS] == pytest.approx(sums)
    total = stored(target, text(NAME))
    assert [total[f"{LETTERS[name]}{FIRST + len(NAMES)}"].value for name in AMOUNTS] == pytest.approx(sums)
    assert abs(sums[2]) > 1e6


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sheet_recalculates_to_what_is_stored(handed_in, language, libreoffice, cellrune):
    target = handed_in[language][1]
    for engine in (libreoffice, cellrune):
        with engine.open(target) as document:
            document.recalculate()
            assert differences(target, document) == []


def cells_of(name):
    return [(NAME, f"{LETTERS[of]}{ROW_OF[name]}") for of in AMOUNTS]


def check_of(document):
    return next(row[4] for row in document.grid("Checks", "A1:F100") if row[0] == CHECK)


def test_a_price_that_is_changed_in_the_companys_budget_changes_the_effect(handed_in, libreoffice):
    target = handed_in["en"][1]
    # That of Google Cloud for three years, as none is known for this chip.
    (price,) = (cell.coordinate for row in stored(target, "Prices").iter_rows() for cell in row if cell.value == 4.86)
    with libreoffice.open(target) as document:
        document.set({("Prices", price): 2 * 4.86})
        document.recalculate()
        as_sent, repriced = 64 * 26_304 * 1.0956, 64 * 26_304 * 4.86 * 2
        assert document.get(cells_of("Three years")) == pytest.approx([as_sent, repriced, repriced - as_sent])
        assert check_of(document) == "OK"


def test_the_scenario_in_force_in_the_companys_budget_is_no_effect_of_prices(handed_in, libreoffice):
    target = handed_in["en"][1]
    purchase = "Capacity received", f"{LETTERS['purchase']}{ROW_OF['Cluster']}"
    with libreoffice.open(target) as document:
        amounts = [*cells_of("Cluster"), *cells_of("Three years"), *cells_of("In yen")]
        before = document.get(amounts)
        usual = document.get([purchase])
        rows = [row[0] for row in document.grid("Scenarios", "A1:A20")]
        document.set({("Scenarios", f"B{rows.index('Scenario in force') + 1}"): "High"})
        document.recalculate()
        # Or else it says nothing.
        assert document.get([purchase])[0] > usual[0]
        assert document.get(amounts) == pytest.approx(before)
        assert check_of(document) == "OK"


def test_the_scenario_in_force_in_the_file_is_no_effect_of_prices(handed_in, tmp_path):
    factors = {"High": {"hardware": 1.5, "cloud": 1.25}}
    path = write_file(tmp_path / "high.xlsx", replace(OWN, scenarios=factors, scenario="High"))
    company = consolidated([read_submission(path, path.name)], FACTS, COMPANY.rates)
    found = {row.what: row.capacity.usd_as_sent for row in company.received if row.capacity}
    in_file = on_capacity(path, str)
    assert in_file["Cluster"] == pytest.approx(1.5 * found["Cluster"]) == pytest.approx(1.5 * 4e6)
    assert in_file["Two years"] == pytest.approx(1.25 * found["Two years"]) == pytest.approx(1.25 * 350_400)


@pytest.mark.parametrize("row", [12, 6])
def test_capacity_that_came_in_no_file_turns_the_check_red(handed_in, libreoffice, row):
    typed = {"capacity": "typed", "kind": "owned", "chip": "NVIDIA H100 PCIe", "chips": 5, "in_service": 46_100}
    letters = {name: get_column_letter(number) for number, name in enumerate(CAPACITY_COLUMNS, start=1)}
    with libreoffice.open(handed_in["en"][1]) as document:
        assert document.get([("Capacity", "A11"), ("Capacity", "A12")]) == ["In yen", None]
        document.set({("Capacity", f"{letters[name]}{row}"): value for name, value in typed.items()})
        document.recalculate()
        assert check_of(document) == "CHECK"


def row_of(name="Cluster", **more):
    return {"capacity": name, "kind": "owned", "chip": "H100 PCIe", "chips": 10, "in_service": FIRST_DAY, **more}


@pytest.mark.parametrize(
    ("edition", "chip", "remark"),
    [
        ("1999-01", "H100 PCIe", "there is no price list 1999-01"),
        # A chip that the price list of 2024-05 does not have yet.
        ("2024-05", "H200", "capacity without a cost as sent, as no price list that it names has its prices: 1"),
    ],
)
def test_capacity_whose_price_list_does_not_say_what_it_costs_has_no_effect(tmp_path, edition, chip, remark):
    rows = [row_of(chip=chip, server_price_per_chip=30_000), row_of("Rented", kind="on_demand")]
    company = consolidated([sent("a.xlsx", "Alpha", [run("A")], capacity=rows, edition=edition)], FACTS, {})
    assert [row.reason for row in company.received] == ["", "", ""]
    had = [row.capacity for row in company.received if row.capacity]
    assert [(each.kind, each.chips) for each in had] == [("owned", 10), ("on_demand", 10)]
    assert all(each.usd_as_sent != each.usd_as_sent for each in had)
    assert any(remark in str(said) for said in company.remarks["a.xlsx"])
    write_budget(tmp_path / "company.xlsx", company.runs(), tables=company.beside(), company=company)
    sheet = stored(tmp_path / "company.xlsx", NAME)
    found = [sheet[f"{LETTERS[of]}{FIRST}"].value for of in AMOUNTS]
    assert found == [None, pytest.approx(10 * 30_000 / 0.81), None]


def test_capacity_of_several_files_counts_with_the_prices_of_each(tmp_path):
    files = [
        sent("a.xlsx", "Alpha", [run("A")], capacity=[row_of("Rented", kind="committed_3y")], edition="2024-05"),
        sent("b.xlsx", "Beta", [run("B")], capacity=[row_of("Rented", kind="committed_3y", chips=-1)]),
        sent("c.xlsx", "Gamma", [run("C")], capacity=[row_of("Rented", kind="committed_3y", chips=20)]),
    ]
    company = consolidated(files, FACTS, {})
    # Each has its department's name, and the second is not taken.
    assert {row.what: row.capacity and row.capacity.usd_as_sent for row in company.received if row.sheet != "Runs"} == {
        "Rented (Alpha)": pytest.approx(10 * 26_304 * 1.0956),
        "Rented (Beta)": None,
        "Rented (Gamma)": pytest.approx(20 * 26_304 * 4.86),
    }
    write_budget(tmp_path / "company.xlsx", company.runs(), tables=company.beside(), company=company)
    sheet, letters = stored(tmp_path / "company.xlsx", "Submissions"), letters_of(FILES)
    effects = [sheet[f"{letters['capacity_effect']}{row}"].value for row in range(FIRST, FIRST + 4)]
    effect = 10 * 26_304 * (4.86 - 1.0956)
    assert effects == pytest.approx([effect, 0, 0, effect])


def test_files_without_capacity_leave_one_row_that_says_so(tmp_path):
    company = consolidated([sent("a.xlsx", "Alpha", [run("A")])], FACTS, {})
    write_budget(tmp_path / "company.xlsx", company.runs(), tables=company.beside(), company=company)
    sheet = stored(tmp_path / "company.xlsx", NAME)
    assert [sheet[f"B{FIRST}"].value, sheet[f"A{FIRST + 1}"].value] == ["none", "All files"]
    assert [sheet[f"{LETTERS[of]}{FIRST + 1}"].value for of in AMOUNTS] == [0, 0, 0]
    lines = stored(tmp_path / "company.xlsx", "Checks").iter_rows(values_only=True)
    assert next(line for line in lines if line[0] == CHECK)[1:5] == (0, 0, 0, "OK")
