"""The sheet Buy or rent: against numpy-financial, a root finder, the typed functions, and flows made month by month."""

import random
from types import SimpleNamespace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from scipy.optimize import brentq

from tests.workbook.compare import MASTER, differences
from xlcost import catalog, equations
from xlcost.equations.parameters import ASSUMPTIONS, PROJECT_ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from xlcost.examples import PORTFOLIO
from xlcost.facts import facts_of
from xlcost.functions.described import Model
from xlcost.hosts.cells import call
from xlcost.runs import read_runs
from xlcost.workbook import buy_or_rent
from xlcost.workbook import buy_or_rent_answer as answer
from xlcost.workbook.budget import write_budget

NAME = buy_or_rent.NAME
WAYS = ("Own hardware", "3-year commitment", "1-year commitment", "On demand", "External model")
SOURCINGS = dict(zip(WAYS[1:4], ("cloud_3y", "cloud_1y", "cloud_on_demand")))
ASSUME = {name: float(value) for name, value in (ASSUMPTIONS | PROJECT_ASSUMPTIONS | PURCHASE_ASSUMPTIONS).items()}
SET_HERE = {
    "chip": "Chip",
    "chips": "Chips",
    "organization": "Organization",
    "start": "Start",
    "years": "Years planned",
    "use": "Expected use",
    "timing": "Costs and benefits fall due at",
    "installation": "Installation, once",
    "borrowed": "Share that is borrowed",
    "interest": "Interest on the loan",
    "term": "Term of the loan",
    "price": "External model: price",
    "tokens": "External model: amount",
    "fine_tuning": "External model: fine-tuning",
}
SET_ON_INPUTS = ("discount_rate", "hosting", "maintenance", "insurance", "operations", "haircut", "depreciation_rate")
FACTORS = {
    "hardware": "Factor on the price of hardware",
    "cloud": "Factor on the price of cloud computing",
    "energy": "Factor on the price of electricity",
    "wages": "Factor on the price of work",
}
FACTS = facts_of(catalog.load(), ASSUME)


def usual(facts=None):
    """What the sheet holds when it is written."""
    facts = facts or catalog.load()
    return SimpleNamespace(
        **dict(chip=facts.names.find("H100")[0], chips=1000.0, organization="", start=float(facts.month), years=3.0),
        **dict(use=0.6, timing="month end", installation=0.0, borrowed=0.0, interest=0.1, term=3.0),
        **dict(price=None, tokens=None, fine_tuning=None, benefits=np.zeros(5), assume=dict(ASSUME)),
        **dict(hardware=1.0, cloud=1.0, energy=1.0, wages=1.0),
    )


# --- the same question, month by month, with none of the sheet's formulas


def priced(chosen):
    """Purchase, kWh and USD/kWh, kW, and USD/chip-hour by way of renting; NaN where there is none."""
    model = Model(FACTS, chosen.assume)
    run = SimpleNamespace(
        chip=chosen.chip, chips=chosen.chips, organization=chosen.organization or "", start=chosen.start
    )
    own = model.steps(run)
    hours = chosen.chips * chosen.assume["hours_per_year"]
    rents = {way: model.steps(run, sourcing=sourcing).usd_per_chip_hour for way, sourcing in SOURCINGS.items()}
    kwh = own.tdp_w / 1000 * own.server_power_factor * own.average_power_share * own.pue * hours
    return SimpleNamespace(
        purchase=own.acquisition_cost * chosen.hardware,
        energy=kwh * own.usd_per_kwh_used * chosen.energy,
        power=own.power_capacity_kw,
        rent={way: price * chosen.cloud * hours / 12 for way, price in rents.items()},
    )


def paid(chosen, yearly):
    """A year's amounts, by month from 0 to 60, as they fall due; `yearly` is one amount, or one a year."""
    flows, months = np.zeros(61), int(chosen.years) * 12
    for month in range(1, months + 1):
        amount = np.broadcast_to(yearly, 5)[(month - 1) // 12]
        if chosen.timing == "month end":
            flows[month] = amount / 12
        elif month % 12 == {"mid-year": 6, "end of year": 0}[chosen.timing]:
            flows[month] = amount
    return flows


def flows_of(chosen):
    """Costs of each way by month; NaN where a price is missing."""
    facts, assume, months = priced(chosen), chosen.assume, int(chosen.years) * 12
    pay = (assume["salary"] * assume["employment_overhead"] + assume["equity"]) * chosen.wages
    upkeep = (
        12 * assume["hosting"] * facts.power
        + assume["operations"] * chosen.chips * pay
        + (assume["maintenance"] + assume["insurance"]) * facts.purchase
    )
    own = paid(chosen, upkeep + facts.energy * chosen.use)
    own[0] += facts.purchase + (chosen.installation or 0)
    market = facts.purchase * 10 ** (-assume["depreciation_rate"] * chosen.years)
    own[months] -= market * (1 - assume["haircut"])
    if chosen.borrowed:
        lent, interest = chosen.borrowed * facts.purchase, (1 + chosen.interest) ** (1 / 12) - 1
        term = max(1, int(chosen.term * 12 + 0.5))
        payment, owed = -npf.pmt(interest, term, lent), lent
        own[0] -= lent
        for month in range(1, min(term, months) + 1):
            own[month] += payment
            owed = owed * (1 + interest) - payment
        own[months] += owed
    found = {"Own hardware": own}
    for way, rent in facts.rent.items():
        found[way] = paid(chosen, 12 * rent * (chosen.use if way == "On demand" else 1))
    external = paid(chosen, 12 * (chosen.price or np.nan) * (chosen.tokens or np.nan))
    external[0] += chosen.fine_tuning or 0
    found["External model"] = external
    return found


def expected(chosen):
    """Net present costs by way, the cheapest one's benefits less costs, and break-even use."""
    rate = (1 + chosen.assume["discount_rate"]) ** (1 / 12) - 1
    flows = flows_of(chosen)
    costs = {way: npf.npv(rate, each) for way, each in flows.items()}
    best = min((way for way in WAYS if costs[way] == costs[way]), key=costs.get)
    net = paid(chosen, chosen.benefits) - flows[best]

    def dearer_to_own(use):
        there = flows_of(SimpleNamespace(**{**vars(chosen), "use": use}))
        return npf.npv(rate, there["Own hardware"] - there["On demand"])

    even = None
    if costs["Own hardware"] == costs["Own hardware"] and costs["On demand"] == costs["On demand"]:
        even = brentq(dearer_to_own, 0, 1, xtol=1e-14, rtol=1e-13) if dearer_to_own(1) < 0 else answer.NEVER
    return SimpleNamespace(costs=costs, best=best, net=net, worth=npf.npv(rate, net), even=even)


def rate_of(net):
    """Internal rate of return of a month, where flows turn once from laid out to won; None elsewhere."""
    summed = np.cumsum(net)
    summed[abs(summed) < 0.005] = 0
    below = np.flatnonzero(summed < 0)
    if not len(below) or summed[-1] < 0 or (summed[: below[0]] > 0).any() or len(below) != below[-1] - below[0] + 1:
        return None
    return brentq(lambda rate: npf.npv(rate, net), 0, 1e6, xtol=1e-16, rtol=1e-14)


# --- the sheet


class Sheet:
    """The sheet, opened in a spreadsheet."""

    def __init__(self, document):
        self.document = document
        self.rows = document.grid(NAME, "A1:K300")
        self.addresses = {row[6]: f"I{number}" for number, row in enumerate(self.rows, 1) if row[6]}
        self.addresses |= {row[0]: f"B{number}" for number, row in reversed(list(enumerate(self.rows, 1))) if row[0]}
        names = [row[6] for row in document.grid("Inputs", "A1:G120")]
        self.inputs = {name: f"B{number}" for number, name in enumerate(names, 1) if name}

    def change(self, **cells):
        """Put what is set by its name: settings, benefits of the years, assumptions, factors."""
        for name, value in cells.items():
            if name == "benefits":
                row = buy_or_rent.BENEFITS + 2
                self.document.set({(NAME, f"{letter}{row}"): one for letter, one in zip("BCDEF", value)})
            elif name in SET_ON_INPUTS:
                self.document.set({("Inputs", self.inputs[name]): value})
            else:
                self.document.set({(NAME, self.addresses[SET_HERE.get(name) or FACTORS[name]]): value})
        self.document.recalculate()

    def figure(self, label):
        return self.document.get([(NAME, self.addresses[label])])[0]

    def costs(self):
        return dict(zip(WAYS, (row[0] for row in self.document.grid(NAME, "B6:B10"))))

    def sentence(self):
        return self.document.get([(NAME, "A3")])[0]

    def flows(self):
        """Costs of each way, benefits less costs of the cheapest and these summed up, by month as they stand."""
        first = next(number for number, row in enumerate(self.rows, 1) if row[0] == "Month") + 1
        columns = zip(*self.document.grid(NAME, f"B{first}:J{first + 60}"))
        numbers = [np.array([cell if isinstance(cell, float) else np.nan for cell in column]) for column in columns]
        return dict(zip(WAYS, numbers)), numbers[7], numbers[8]

    def errors(self):
        cells = [cell for row in self.document.grid(NAME, "A1:K300") for cell in row]
        return [cell for cell in cells if cell is not None and not isinstance(cell, (str, float))]


@pytest.fixture(params=["libreoffice", "cellrune"])
def sheet(request, budget):
    with request.getfixturevalue(request.param).open(budget) as document:
        yield Sheet(document)


@pytest.fixture
def calc(libreoffice, budget):
    with libreoffice.open(budget) as document:
        yield Sheet(document)


def assert_same(sheet, chosen):
    """The sheet says what is computed month by month."""
    wanted, shown = expected(chosen), sheet.costs()
    for way, cost in wanted.costs.items():
        assert shown[way] in (None, "") if cost != cost else shown[way] == pytest.approx(cost, rel=1e-9, abs=1e-6), way
    even = sheet.figure("Break-even use")
    known = wanted.even is None or wanted.even == answer.NEVER
    assert even == (
        {None: answer.UNKNOWN}.get(wanted.even, wanted.even) if known else pytest.approx(wanted.even, rel=1e-9)
    )
    worth = sheet.figure("Benefits less costs, the cheapest way")
    assert worth == pytest.approx(wanted.worth, rel=1e-9, abs=1e-9 * max(abs(wanted.net)))
    monthly = rate_of(wanted.net)
    if monthly is not None:
        shown = sheet.figure("Internal rate of return")
        assert shown == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-9, abs=1e-9)
    assert sheet.errors() == [] and sheet.document.get([MASTER]) == ["OK"]


@pytest.mark.parametrize("edition", catalog.edition_names())
def test_as_written_it_says_what_the_typed_functions_say(tmp_path, edition):
    path = tmp_path / "budget.xlsx"
    write_budget(path, read_runs(PORTFOLIO), edition=edition)
    sheet = load_workbook(path, data_only=True)[NAME]
    chosen = usual(catalog.load(edition))
    fleet = [chosen.chip, 1000, 3]
    ways = dict(call("RENT_OR_BUY", [*fleet, 0.6, chosen.start], edition)[1:])
    shown = {sheet[f"A{row}"].value: sheet[f"B{row}"].value for row in range(6, 10)}
    assert shown == pytest.approx(ways, rel=1e-9)
    even = call("BREAK_EVEN_USE", [*fleet, chosen.start], edition)
    assert sheet["B13"].value == (pytest.approx(even, rel=1e-9) if even <= 1 else answer.NEVER)


@pytest.mark.parametrize(
    ("chip", "chips", "years", "use", "rate"), [("A100", 64, 1, 0.0, 0.0), ("B200", 5, 5, 1.0, 0.2)]
)
def test_another_fleet_has_the_costs_and_the_break_even_of_the_typed_functions(sheet, chip, chips, years, use, rate):
    name = catalog.load().names.find(chip)[0]
    sheet.change(chip=name, chips=float(chips), years=float(years), use=use, start=46082.0, discount_rate=rate)
    ways = dict(call("RENT_OR_BUY", [name, chips, years, use, 46082.0, rate])[1:])
    shown = sheet.costs()
    assert {way: shown[way] for way in ways} == pytest.approx(ways, rel=1e-9)
    even = call("BREAK_EVEN_USE", [name, chips, years, 46082.0, rate])
    assert sheet.figure("Break-even use") == (pytest.approx(even, rel=1e-9) if even <= 1 else answer.NEVER)
    assert sheet.errors() == []


@pytest.mark.parametrize("timing", ["month end", "mid-year", "end of year"])
@pytest.mark.parametrize("rate", [0.0, 0.1])
@pytest.mark.parametrize("use", [0.0, 1.0])
def test_flows_fall_due_when_it_was_chosen_at_any_rate_and_use(sheet, timing, rate, use):
    chosen = usual()
    settings = dict(timing=timing, use=use, borrowed=0.7, term=4.0, interest=0.06, installation=2e6)
    sheet.change(**settings, discount_rate=rate, benefits=(1e7, 3e7, 5e7, 9e7, 9e7))
    vars(chosen).update(settings, benefits=np.array([1e7, 3e7, 5e7, 9e7, 9e7]))
    chosen.assume["discount_rate"] = rate
    assert_same(sheet, chosen)
    wanted = flows_of(chosen)
    flows = sheet.flows()[0]
    for way in WAYS[:4]:
        assert flows[way] == pytest.approx(wanted[way], rel=1e-9, abs=1e-6), way
    assert np.isnan(flows["External model"]).all()


@pytest.mark.parametrize(
    ("benefits", "settings"),
    [
        ((3e7, 3e7, 3e7, 0.0, 0.0), {}),
        ((0.0, 1e7, 9e7, 0.0, 0.0), {"timing": "end of year"}),
        ((9e8, 9e8, 9e8, 0.0, 0.0), {"borrowed": 0.9}),
        ((2e7, 2e7, 2.4e7, 0.0, 0.0), {"timing": "mid-year"}),
        # Renting is the cheapest where hardware is next to never used.
        ((1e6, 3e6, 9e6, 0.0, 0.0), {"use": 0.01}),
    ],
    ids=str,
)
def test_return_and_payback_are_those_of_numpy_financial_on_the_flows_of_the_sheet(sheet, benefits, settings):
    sheet.change(benefits=benefits, **settings)
    flows, net, summed = sheet.flows()
    rate = 1.1 ** (1 / 12) - 1
    for way, cost in sheet.costs().items():
        if cost not in (None, ""):
            assert npf.npv(rate, flows[way]) == pytest.approx(cost, rel=1e-9), way
    assert npf.npv(rate, net) == pytest.approx(sheet.figure("Benefits less costs, the cheapest way"), rel=1e-9)
    monthly = npf.irr(np.trim_zeros(net))
    assert sheet.figure("Internal rate of return") == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-9)
    # All flows of this test turn once, so that the first month of no deficit is the one to tell.
    begun = int(np.argmax(summed < 0))
    assert sheet.figure("Payback") == begun + int(np.argmax(summed[begun:] >= 0))
    assert sheet.errors() == []


@pytest.mark.parametrize(
    ("benefits", "settings", "payback", "irr"),
    [
        ((None,) * 5, {}, answer.NO_BENEFITS, answer.NO_BENEFITS),
        ((1e6,) * 5, {}, answer.NOT_WITHIN, answer.NOT_WITHIN),
        ((1e9,) * 5, {"use": 0.01}, answer.AT_ONCE, answer.NO_OUTLAY),
        # Won at first, lost in the second year, won again in the third.
        ((6e6, 0.0, 12e6, 0.0, 0.0), {"use": 0.05, "timing": "end of year"}, 36.0, answer.UNCLEAR),
    ],
    ids=str,
)
def test_where_there_is_no_return_a_word_says_why(sheet, benefits, settings, payback, irr):
    sheet.change(benefits=benefits, **settings)
    assert [sheet.figure("Payback"), sheet.figure("Internal rate of return")] == [payback, irr]
    assert sheet.errors() == []


@pytest.mark.parametrize(
    "settings", [{}, {"borrowed": 1.0, "interest": 0.0, "term": 1.0}, {"use": 0.1, "chip": "A100"}], ids=str
)
def test_the_bridge_adds_up_to_the_difference_from_the_cheapest_way_of_renting(sheet, settings):
    if "chip" in settings:
        settings["chip"] = catalog.load().names.find(settings["chip"])[0]
    sheet.change(**settings)
    first = buy_or_rent.LINE_BY_LINE + 2
    rows = sheet.document.grid(NAME, f"A{first}:E{first + 11}")
    lines, own, rent, gap = rows[:9], *rows[9:]
    costs = sheet.costs()
    assert own[4] == pytest.approx(costs["Own hardware"], rel=1e-9) == pytest.approx(sum(row[4] for row in lines))
    assert rent[0] == min(WAYS[1:4], key=costs.get) and rent[4] == pytest.approx(costs[rent[0]], rel=1e-9)
    assert gap[4] == pytest.approx(costs["Own hardware"] - costs[rent[0]], rel=1e-9)
    drawn = next(number for number, row in enumerate(sheet.rows, 1) if row[1] == "Drawn from") + 1
    bars = sheet.document.grid(NAME, f"B{drawn}:E{drawn + 11}")
    reached = 0.0
    for (start, more, less, whole), line in zip(bars, lines):
        assert [start, more, less, whole] == pytest.approx(
            [min(reached, reached + line[4]), max(line[4], 0), max(-line[4], 0), 0], rel=1e-9, abs=1e-6
        )
        reached += line[4]
    assert [bar[3] for bar in bars[9:]] == [own[4], rent[4], gap[4]]


def test_without_a_start_the_prices_are_those_of_the_price_lists_month(sheet):
    before = sheet.costs()
    sheet.change(start=None)
    assert sheet.costs() == before and sheet.errors() == []


def test_a_loan_at_the_discount_rate_changes_nothing(sheet):
    before = sheet.costs()["Own hardware"]
    sheet.change(borrowed=0.8, interest=0.1, term=5.0)
    assert sheet.costs()["Own hardware"] == pytest.approx(before, rel=1e-9)


def test_sentence_break_even_and_charts_say_where_owning_never_pays(sheet):
    # Hardware at fifty times its price.
    sheet.change(hardware=50.0)
    assert sheet.figure("Break-even use") == answer.NEVER
    assert sheet.sentence().endswith("Owning never costs less than renting on demand.")
    point = sheet.document.grid(NAME, f"F{buy_or_rent.LINE_BY_LINE + 23}:K{buy_or_rent.LINE_BY_LINE + 23}")[0]
    assert [point[0], point[-1]] == [-1.0, -1.0]


def test_the_crossing_of_the_chart_lies_on_both_lines(sheet):
    first = buy_or_rent.LINE_BY_LINE + 2
    rows = sheet.document.grid(NAME, f"F{first}:K{first + 21}")
    uses, own, on_demand = (np.array([row[column] for row in rows[:-1]]) for column in (0, 1, 4))
    use, cost = rows[-1][0], rows[-1][-1]
    assert 0 < use < 1
    assert cost == pytest.approx(np.interp(use, uses, own), rel=1e-9) == pytest.approx(np.interp(use, uses, on_demand))


def test_not_training_is_compared_once_its_price_and_amount_are_given(sheet):
    assert sheet.costs()["External model"] in (None, "")
    sheet.change(fine_tuning=1e6, price=2.5)
    assert sheet.costs()["External model"] in (None, "")
    sheet.change(tokens=1e5)
    assert sheet.costs()["External model"] == pytest.approx(1e6 - npf.pv(1.1 ** (1 / 12) - 1, 36, 2.5e5), rel=1e-9)
    assert sheet.sentence().startswith("At 60% use over 3 years, an external model is the cheapest way: $")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"years": 2.5}, answer.NOT_SET),
        ({"years": None}, answer.NOT_SET),
        ({"years": 6.0}, answer.NOT_SET),
        ({"use": None}, answer.NOT_SET),
        ({"use": 1.2}, answer.NOT_SET),
        ({"use": "often"}, answer.NOT_SET),
        ({"chips": 0.0}, answer.NOT_SET),
        ({"chips": "many"}, answer.NOT_SET),
        ({"chip": None}, answer.NOT_SET),
        ({"timing": "some day"}, answer.NOT_SET),
        ({"borrowed": 0.5, "interest": None}, None),
        ({"borrowed": 0.5, "term": 0.0}, None),
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_said_and_turns_the_master_check_red_without_an_error(sheet, settings, said):
    sheet.change(**settings)
    assert said is None or sheet.sentence() == said
    assert sheet.document.get([MASTER]) == ["CHECK"]
    if "many" not in settings.values() and "often" not in settings.values():
        assert sheet.errors() == []


def test_chips_that_are_not_sold_or_not_rented_leave_gaps_and_no_errors(calc):
    chosen, missing = usual(), set()
    for chip in catalog.load().chips["chip"]:
        calc.change(chip=chip)
        chosen.chip = chip
        wanted = {way: npf.npv(0.01, flows) for way, flows in flows_of(chosen).items()}
        lacking = {way for way, cost in wanted.items() if cost != cost}
        missing.add(frozenset(lacking))
        assert {way for way, cost in calc.costs().items() if cost in (None, "")} == lacking, chip
        assert calc.errors() == [], chip
        if lacking == set(WAYS):
            assert calc.sentence() == answer.NO_PRICE
        else:
            assert_same(calc, chosen)
    assert len(missing) > 1, "every chip has every price: this test tests nothing"


@pytest.mark.parametrize("seed", range(2))
def test_forty_edits_inside_libreoffice_give_what_python_computes(calc, seed):
    chance, chosen, facts = random.Random(seed), usual(), catalog.load()
    sold = [name for name in facts.chips["chip"] if call("BREAK_EVEN_USE", [name, 8, 3]) != "#N/A"]
    values = {
        "chip": lambda: chance.choice(sold),
        "chips": lambda: float(chance.randrange(1, 200_000)),
        "organization": lambda: chance.choice(["Google/DeepMind", "OpenAI", "=1+1", None]),
        "start": lambda: float(chance.randrange(45_000, 47_500)),
        "years": lambda: float(chance.randrange(1, 6)),
        "use": lambda: chance.choice([0.0, 1.0, chance.random()]),
        "timing": lambda: chance.choice(["month end", "mid-year", "end of year"]),
        "installation": lambda: chance.uniform(0, 1e7),
        "borrowed": lambda: chance.choice([0.0, 1.0, chance.random()]),
        "interest": lambda: chance.choice([0.0, chance.uniform(0, 0.3)]),
        "term": lambda: chance.choice([0.5, 2.0, 5.0, chance.uniform(0.1, 12)]),
        "price": lambda: chance.choice([None, chance.uniform(0.1, 50)]),
        "tokens": lambda: chance.choice([None, chance.uniform(1, 1e6)]),
        "fine_tuning": lambda: chance.choice([None, chance.uniform(0, 1e7)]),
        "benefits": lambda: tuple(10 ** chance.uniform(4, 9) for _ in range(5)),
        **{name: (lambda: chance.choice([0.5, 1.0, 1.7])) for name in FACTORS},
        **{
            name: (lambda name=name: ASSUME[name] * chance.uniform(0, 2) if ASSUME[name] else chance.uniform(0, 0.1))
            for name in SET_ON_INPUTS
        },
    }
    for number in range(40):
        name = chance.choice(list(values))
        value = values[name]()
        calc.change(**{name: value})
        if name in SET_ON_INPUTS:
            chosen.assume[name] = value
        else:
            setattr(chosen, name, np.array(value) if name == "benefits" else value)
        try:
            assert_same(calc, chosen)
        except AssertionError as failed:
            raise AssertionError(f"edit {number}, {name} = {value}: {vars(chosen)}") from failed


def test_an_edited_sheet_computes_the_same_in_both_spreadsheets(calc, cellrune, tmp_path, budget):
    with cellrune.open(budget) as document:
        other = Sheet(document)
        edits = dict(years=5.0, use=0.35, timing="mid-year", borrowed=0.4, price=3.0, tokens=9e5, benefits=(9e6,) * 5)
        for each in (calc, other):
            each.change(**edits)
        left, right = (each.document.grid(NAME, "A1:K270") for each in (calc, other))
        for number, (one, two) in enumerate(zip(left, right), 1):
            for first, second in zip(one, two):
                same = first == pytest.approx(second, rel=1e-9, abs=1e-9) if isinstance(first, float) else True
                assert same and (first or None) == (first or None), number


def test_every_stored_value_of_the_sheet_is_what_spreadsheets_compute(budget, libreoffice, cellrune):
    for engine in (libreoffice, cellrune):
        with engine.open(budget) as document:
            document.recalculate()
            assert [line for line in differences(budget, document) if line.startswith(NAME)] == []


def test_the_page_that_decides_holds_answer_settings_and_both_charts(budget):
    sheet = load_workbook(budget)[NAME]
    page = sheet.row_breaks.brk[0].id
    assert page == buy_or_rent.PAGE and sheet.page_setup.orientation == "landscape"
    assert len(sheet._charts) == 2
    for chart in sheet._charts:
        # A row is at least half a centimetre high.
        assert chart.anchor._from.row + chart.anchor.ext.height / 360_000 / 0.529 <= page
    assert sheet.print_title_rows == f"${sheet.row_breaks.brk[-1].id + 2}:${sheet.row_breaks.brk[-1].id + 2}"


# --- the equations


# A rate next to nothing, other than 0, leaves few digits of what is discounted by it.
RATES = st.just(0.0) | st.floats(1e-4, 0.5)


@given(st.floats(1e3, 1e9), st.integers(1, 120), RATES)
def test_a_loan_is_paid_back_as_numpy_financial_says(amount, months, rate):
    payment = float(equations.loan_payment(amount, months, rate))
    assert payment == pytest.approx(-npf.pmt(rate, months, amount), rel=1e-9)
    owed = amount
    for _ in range(months):
        owed = owed * (1 + rate) - payment
    # What is left of the last digits grows with interest.
    assert owed == pytest.approx(0, abs=1e-9 * amount * (1 + rate) ** months)


@given(st.floats(1e3, 1e9), st.integers(1, 5), RATES)
def test_amounts_due_in_the_middle_of_a_year_are_worth_half_a_year_more(amount, years, rate):
    at_end = float(equations.present_value_of_years(amount, years, rate))
    assert at_end == pytest.approx(-npf.pv(rate, years, amount), rel=1e-9)
    middle = sum(amount / (1 + rate) ** (year + 0.5) for year in range(years))
    assert at_end * equations.mid_year_factor(rate) == pytest.approx(middle, rel=1e-9)
    assert equations.yearly_rate(equations.monthly_rate(rate)) == pytest.approx(rate, rel=1e-9)


@given(
    st.floats(1e4, 1e10),
    st.floats(1, 1e6),
    st.integers(1, 100_000),
    st.floats(1e4, 1e6),
    *(st.floats(0, bound) for bound in (500, 0.2, 0.01, 0.05)),
)
def test_the_parts_of_a_months_upkeep_add_up_to_it(
    price, power, chips, pay, hosting, maintenance, operations, insurance
):
    whole = equations.upkeep_of_month(price, power, chips, pay, hosting, maintenance, operations, insurance)
    yearly = equations.share_of_purchase(price, maintenance) + equations.share_of_purchase(price, insurance)
    yearly = yearly + equations.operations_pay(chips, pay, operations)
    assert equations.hosting_of_month(power, hosting) + yearly / 12 == pytest.approx(whole, rel=1e-9)


@given(
    chip=st.sampled_from(["H100", "A100", "B200", "V100"]),
    chips=st.integers(1, 100_000),
    years=st.integers(1, 5),
    use=st.floats(0, 1),
    rate=RATES,
)
def test_the_typed_function_says_of_any_fleet_what_its_months_add_up_to(chip, chips, years, use, rate):
    chosen = usual()
    vars(chosen).update(chip=catalog.load().names.find(chip)[0], chips=float(chips), years=float(years), use=use)
    chosen.assume["discount_rate"] = rate
    ways = dict(call("RENT_OR_BUY", [chosen.chip, chips, years, use, chosen.start, rate])[1:])
    wanted = expected(chosen).costs
    assert ways == pytest.approx({way: wanted[way] for way in ways}, rel=1e-9, abs=1e-9)
