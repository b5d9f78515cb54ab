"""The Outlook sheet against a calculation in plain Python, also when somebody changes a figure in a spreadsheet."""

import re
import zipfile

import pytest
from lxml import etree
from openpyxl import load_workbook

from tests.workbook.compare import MASTER, agree, differences
from xlcost.budget.plan import Tables
from xlcost.budget.settings import BudgetSettings
from xlcost.examples import CAPACITY, OTHER_COSTS, PORTFOLIO, STAFF
from xlcost.languages import language_of
from xlcost.runs import read_runs
from xlcost.workbook import outlook, outlook_sentence, trend
from xlcost.workbook.budget import write_budget
from xlcost.workbook.lint import lint

ALL = Tables(staff=STAFF, capacity=CAPACITY, others=OTHER_COSTS)
SETTINGS = BudgetSettings(contingency=0.05, revenue=(4e9, 5e9, 6e9), research_budget=(5e8, 7e8, 9e8))
ENGINES = "libreoffice", "cellrune"
COMPUTING = (
    "Own hardware, charged run by run",
    "Depreciation of capacity",
    "Loss on disposal (gain below 0)",
    "Maintenance and insurance",
    "Hosting",
    "Operations staff",
    "Energy",
    "Commitments to cloud capacity",
    "Rental by the hour",
)
HARDWARE = COMPUTING[0], COMPUTING[1], COMPUTING[3], COMPUTING[7], COMPUTING[8]
OTHERS = "Employees", "Contractors", "Other costs in the budget currency", "Other costs in other currencies"
RATES = "Growth of the frontier's cost", "Fall in the price of hardware", "Computing needed halves in"


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A budget with people, capacity and other costs, of a company that says what it earns."""
    path = tmp_path_factory.mktemp("outlook") / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), edition="2024-05", tables=ALL, settings=SETTINGS)
    return path


class Shown:
    """What the sheet shows, by its labels."""

    def __init__(self, document):
        self.document = document
        self.rows = document.grid("Outlook", "A1:K70")
        self.at = {}
        for number, row in enumerate(self.rows, start=1):
            self.at.setdefault(row[0], number)

    def row(self, label, first="E", last="H"):
        cells = self.rows[self.at[label] - 1]
        return [None if cell == "" else cell for cell in cells[ord(first) - ord("A") : ord(last) - ord("A") + 1]]

    def cell(self, label, letter):
        return "Outlook", f"{letter}{self.at[label]}"

    def years(self):
        first, last = self.at["By fiscal year"], self.at["What this assumes"]
        return [[None if cell == "" else cell for cell in row[:9]] for row in self.rows[first : last - 1] if row[0]]


def budget_of(document):
    """Label, all years and each fiscal year of the components on Budget, and the total."""
    rows = document.grid("Budget", "A26:E40")
    return {row[0]: row[1:] for row in rows if row[0]}


def different(found, wanted):
    return [pair for pair in zip(wanted, found, strict=True) if not agree(*pair)]


def check(document, revenue, research, growth=None, rate=0.14, months=8.0, base=2):
    """Hold the whole sheet against plain Python."""
    shown, budget = Shown(document), budget_of(document)
    years = [float(amount) for amount in budget["Total"][1:]]
    if growth is None:
        (growth,) = document.get([("Trend", f"B{trend.RESULTS + 1}")])
    whole = sum(float(budget[label][0]) for label in (*COMPUTING, *OTHERS))
    computing, hardware = (sum(float(budget[label][0]) for label in labels) / whole for labels in (COMPUTING, HARDWARE))
    start, cheaper, less = years[base], 10**rate, 2 ** (12 / months)

    def costs(cheaper, less):
        return [
            start * ((1 - computing) + (computing - hardware) / less**n + hardware / (less * cheaper) ** n)
            for n in range(4)
        ]

    expected = {
        "If we keep pace with the frontier": [start * growth**n for n in range(4)],
        "The same ambition, nothing cheaper or better": [start] * 4,
        "The same ambition, cheaper hardware alone": costs(cheaper, 1),
        "The same ambition, better algorithms alone": costs(1, less),
        "The same ambition, both": costs(cheaper, less),
    }
    for label, of in (
        ("Cheaper hardware by itself", "The same ambition, cheaper hardware alone"),
        ("Better algorithms by themselves", "The same ambition, better algorithms alone"),
        ("Both together", "The same ambition, both"),
    ):
        expected[label] = [start - cost for cost in expected[of]]
    for name, whole in (("revenue", revenue[base]), ("the R&D budget", research[base])):
        for label, of in (
            ("if we keep pace", "If we keep pace with the frontier"),
            ("the same ambition with both", "The same ambition, both"),
        ):
            expected[f"Of {name}, {label}"] = [whole and cost / whole for cost in expected[of]]
    for label, wanted in expected.items():
        assert not different(shown.row(label), wanted), label
    pace = [years[0] * growth**n for n in range(3)]
    for n, row in enumerate(shown.years()):
        wanted = [years[n], years[n] / years[n - 1] if n else None, pace[n], years[n] / pace[n]]
        for whole in (revenue[n], research[n]):
            wanted += [whole, whole and years[n] / whole]
        assert not different(row[1:], wanted), row[0]
    return shown


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sheet_says_what_plain_python_says(rich, engine, request):
    with request.getfixturevalue(engine).open(rich) as document:
        document.recalculate()
        shown = check(document, SETTINGS.revenue, SETTINGS.research_budget)
        # 10^0.14, and half as much in eight months.
        assert [round(shown.row(label, "G", "G")[0], 2) for label in RATES] == [2.45, 1.38, 2.83]
        assert 0.5 < shown.row("Computing in the budget, all fiscal years together", "F", "F")[0] < 1


@pytest.mark.parametrize("engine", ENGINES)
def test_every_stored_value_is_what_a_spreadsheet_computes(rich, engine, request):
    with request.getfixturevalue(engine).open(rich) as document:
        document.recalculate()
        assert differences(rich, document) == []
        assert document.get([MASTER]) == ["OK"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({RATES[0]: 2.4}, {"growth": 2.4}),
        ({RATES[1]: 0.0}, {"rate": 0.0}),
        ({RATES[2]: 14.0}, {"months": 14.0}),
        ({"Base year": "FY2023"}, {"base": 1}),
        ({RATES[0]: 1.5, RATES[1]: 0.2, RATES[2]: 24.0, "Base year": "FY2022"}, None),
    ],
    ids=str,
)
def test_a_figure_of_ones_own_counts_as_in_plain_python(rich, engine, own, said, request):
    said = said or {"growth": 1.5, "rate": 0.2, "months": 24.0, "base": 0}
    with request.getfixturevalue(engine).open(rich) as document:
        before = Shown(document)
        document.set({before.cell(label, "B"): value for label, value in own.items()})
        document.recalculate()
        check(document, SETTINGS.revenue, SETTINGS.research_budget, **said)


def test_what_changes_elsewhere_changes_here(rich, libreoffice):
    with libreoffice.open(rich) as document:
        calendar = [row[0] for row in document.grid("Calendar", "A1:A80")]
        revenue = calendar.index("Revenue") + 1
        inputs = [row[6] for row in document.grid("Inputs", "A1:G60")].index("depreciation_rate") + 1
        document.set({("Calendar", f"D{revenue}"): 8e9, ("Calendar", f"B{revenue + 1}"): None})
        check(document, (4e9, 5e9, 8e9), (None, 7e8, 9e8))
        document.set({("Inputs", f"B{inputs}"): 0.1})
        check(document, (4e9, 5e9, 8e9), (None, 7e8, 9e8), rate=0.1)
        document.set({("Trend", f"B{trend.SETTINGS + 1}"): 3.0, ("Scenarios", "B4"): "High"})
        check(document, (4e9, 5e9, 8e9), (None, 7e8, 9e8), rate=0.1)


@pytest.mark.parametrize(
    ("label", "value"), [(RATES[0], 0.0), (RATES[0], "fast"), (RATES[1], -1.0), (RATES[2], 0.0), ("Base year", "FY9")]
)
def test_what_cannot_be_counts_as_empty(rich, libreoffice, label, value):
    with libreoffice.open(rich) as document:
        document.set({Shown(document).cell(label, "B"): value})
        check(document, SETTINGS.revenue, SETTINGS.research_budget)


def test_shares_of_what_is_not_given_are_blank_and_say_so(budget, libreoffice):
    with libreoffice.open(budget) as document:
        shown = Shown(document)
        for label in ("Of revenue, if we keep pace", "Of the R&D budget, the same ambition with both"):
            assert shown.row(label, "B") == [outlook.NOT_GIVEN, None, None, *[None] * 4]
        assert [row[5:9] for row in shown.years()] == [[None] * 4] * 3


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("wrong", "is_ok"), [(0.0, True), (-5e9, False), ("much", False)])
def test_a_revenue_that_shares_cannot_be_of_gives_none_and_is_counted_where_it_cannot_be(
    rich, engine, wrong, is_ok, request
):
    with request.getfixturevalue(engine).open(rich) as document:
        calendar = [row[0] for row in document.grid("Calendar", "A1:A80")]
        revenue = calendar.index("Revenue") + 1
        document.set({("Calendar", f"D{revenue}"): wrong, ("Calendar", f"D{revenue + 1}"): wrong})
        document.recalculate()
        shown = Shown(document)
        assert errors(document) == []
        assert [shown.years()[2][column] for column in (6, 8)] == [None, None]
        assert [shown.years()[1][column] is not None for column in (6, 8)] == [True, True]
        # The base year is the third, with the largest budget.
        said = outlook.NOT_GIVEN if isinstance(wrong, str) else outlook.NOTHING_GIVEN
        for label in ("Of revenue, if we keep pace", "Of the R&D budget, the same ambition with both"):
            assert shown.row(label, "B") == [said, None, None, *[None] * 4]
        assert (document.get([MASTER]) == ["OK"]) is is_ok
        found = {row[0]: row[1] for row in document.grid("Checks", "A5:B90")}
        assert found["Revenue and R&D budgets that are below 0 or a text"] == (0 if is_ok else 2)


def test_the_ends_of_ranges_stand_beside_the_middle_unless_a_rate_is_ones_own(rich, libreoffice):
    with libreoffice.open(rich) as document:
        low, high = document.grid("Trend", f"C{trend.RESULTS + 1}:D{trend.RESULTS + 1}")[0]
        shown = Shown(document)
        ends = [shown.row(f"at the {end} end of its range", "B", "B")[0] for end in ("low", "high")]
        assert ends == pytest.approx([low, high])
        assert shown.row("both at the slow end of their ranges", "C", "D") == pytest.approx([10**0.1, 2 ** (12 / 14)])
        document.set({shown.cell(label, "B"): value for label, value in zip(RATES, (2.0, 0.3, 6.0))})
        shown = Shown(document)
        ends = [shown.row(f"at the {end} end of its range", "B", "B")[0] for end in ("low", "high")]
        assert ends == [2.0, 2.0]
        slow = shown.row("both at the slow end of their ranges", "C", "D")
        assert slow == pytest.approx([10**0.3, 4.0])


# --- in words


def test_the_sentences_follow_the_figures(rich, libreoffice):
    with libreoffice.open(rich) as document:
        document.set({Shown(document).cell(RATES[0], "B"): 2.4})
        shown = Shown(document)
        start, one, _, three = shown.row("If we keep pace with the frontier")
        both, slow = (
            shown.row(label)[3] for label in ("The same ambition, both", "both at the slow end of their ranges")
        )
        hardware, algorithms = (
            shown.row(label)[3] for label in ("Cheaper hardware by itself", "Better algorithms by themselves")
        )

        def words(amount):
            return f"USD {round(amount / 1e9, 2):g} billion" if amount >= 1e9 else f"USD {amount / 1e6:,.1f} million"

        assert document.get([("Outlook", "A2"), ("Outlook", "A3")]) == [
            f"If we keep pace with the frontier (about 2.40 times a year), the budget of FY2024 of {words(start)} "
            f"becomes {words(one)} in a year and {words(three)} in three years.",
            f"The same ambition costs {words(both)} in three years with cheaper hardware and better algorithms "
            f"({words(slow)} where both are slow): by then cheaper hardware by itself gives back {words(hardware)} a "
            f"year, better algorithms by themselves {words(algorithms)}.",
        ]


def test_billions_have_the_thousands_separator(rich, libreoffice):
    with libreoffice.open(rich) as document:
        document.set({Shown(document).cell(RATES[0], "B"): 20.0})
        three = Shown(document).row("If we keep pace with the frontier")[3]
        [said] = document.get([("Outlook", "A2")])
        assert three > 1e12 and said.endswith(f"and USD {three / 1e9:,.0f} billion in three years.")


def errors(document):
    cells = [cell for row in document.grid("Outlook", "A1:Q70") for cell in row]
    return [cell for cell in cells if cell is not None and not isinstance(cell, (str, float))]


def chart_points(document):
    shown = Shown(document)
    first = shown.at["Chart: times the budget of the base year"] + 1
    return [cell for row in shown.rows[first : first + 4] for cell in row[1:4]]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_trend_that_cannot_be_told_is_said_and_leaves_no_error(rich, engine, request):
    with request.getfixturevalue(engine).open(rich) as document:
        document.set({("Trend", f"B{trend.SETTINGS + 2}"): 2030.0})
        document.recalculate()
        assert document.get([("Outlook", "A2")]) == [outlook_sentence.UNKNOWN]
        assert errors(document) == []
        assert Shown(document).row("If we keep pace with the frontier") == [None] * 4
        assert all(isinstance(point, float) and point > 0 for point in chart_points(document))
        # A growth of one's own needs no trend.
        document.set({Shown(document).cell(RATES[0], "B"): 2.0})
        document.recalculate()
        check(document, SETTINGS.revenue, SETTINGS.research_budget, growth=2.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_base_year_without_a_budget_is_said_and_leaves_no_error(tmp_path, engine, request):
    path = tmp_path / "budget.xlsx"
    settings = BudgetSettings(first_fiscal_year=2022, years=5)
    write_budget(path, read_runs(PORTFOLIO).head(1), settings=settings)
    with request.getfixturevalue(engine).open(path) as document:
        shown = Shown(document)
        budgets = [row[1] for row in shown.years()]
        assert shown.row("Base year", "F", "F") == [f"FY{2022 + budgets.index(max(budgets))}"]
        empty = budgets.index(0.0)
        document.set({shown.cell("Base year", "B"): f"FY{2022 + empty}"})
        document.recalculate()
        assert document.get([("Outlook", "A2"), ("Outlook", "A3")]) in (
            [f"FY{2022 + empty} has no budget to start from: choose another base year below.", nothing]
            for nothing in ("", None)
        )
        assert errors(document) == []
        assert all(isinstance(point, float) and point > 0 for point in chart_points(document))


def test_in_japanese_amounts_count_in_oku(tmp_path, libreoffice):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), language="ja", settings=BudgetSettings(fiscal_year_start=1))
    name = language_of("ja").text(outlook.NAME)
    with libreoffice.open(path) as document:
        start, _, _, three = document.grid(name, f"E{outlook.ANSWER + 2}:H{outlook.ANSWER + 2}")[0]
        (said,) = document.get([(name, "A2")])
        amounts = [float(amount) for amount in re.findall(r"([0-9.]+)億USD", said)]
        assert [amounts[0], amounts[-1]] == pytest.approx([start / 1e8, three / 1e8], abs=0.005)


# --- the sheet itself


def test_what_may_be_typed_is_limited(rich):
    sheet = load_workbook(rich)["Outlook"]
    labels = {row[0].value: row[0].row for row in sheet.iter_rows(max_row=60)}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    growth, rate, months, base = (rules[f"B{labels[label]}"] for label in (*RATES, "Base year"))
    assert [rule.errorStyle for rule in (growth, rate, months, base)] == ["stop"] * 4
    assert (growth.operator, rate.operator, months.formula1) == ("greaterThan", "greaterThanOrEqual", "1")
    listed = base.formula1.rpartition("!")[2].replace("$", "")
    stored = load_workbook(rich, data_only=True)["Outlook"]
    assert [cell.value for (cell,) in stored[listed]] == ["FY2022", "FY2023", "FY2024"]
    assert not any(sheet[f"B{labels[label]}"].protection.locked for label in (*RATES, "Base year"))


def test_the_chart_is_logarithmic_and_told_apart_without_color(rich):
    with zipfile.ZipFile(rich) as package:
        charts = [etree.fromstring(package.read(name)) for name in package.namelist() if "charts/chart" in name]
    (chart,) = (chart for chart in charts if "What the budget becomes" in chart.xpath("string()"))
    assert [node.get("val") for node in chart.iter("{*}logBase")] == ["10"]
    looks = [
        (series.find("{*}spPr").find(".//{*}prstDash").get("val"), series.find("{*}marker/{*}symbol").get("val"))
        for series in chart.iter("{*}ser")
    ]
    assert len(looks) == len(set(looks)) == 3


def test_it_prints_on_one_landscape_page(rich):
    setup = load_workbook(rich)["Outlook"].page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight, setup.paperSize) == ("landscape", 1, 1, 9)


def test_sources_name_the_equations_and_where_the_halving_time_comes_from(rich):
    cells = [cell for row in load_workbook(rich)["Sources"].iter_rows(values_only=True) for cell in row]
    assert {"2^(12/halving_time)", "cost*growth^years", "https://arxiv.org/abs/2403.05812"} <= set(cells)


def test_our_own_lint_and_microsofts_validator_find_nothing(rich, ooxml_validator):
    assert lint(rich) == [] and ooxml_validator(rich) == []
