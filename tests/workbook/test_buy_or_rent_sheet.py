"""The sheet Buy or rent: against numpy-financial, a root finder, the typed functions, and flows made month by month."""

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.strategies import YEARLY_RATES
from tests.workbook.compare import MASTER
from tests.workbook.fleet_months import WAYS, Sheet, assert_same, expected, flows_of, usual
from xlcost import catalog
from xlcost.examples import PORTFOLIO
from xlcost.hosts.cells import call
from xlcost.runs import read_runs
from xlcost.workbook import buy_or_rent
from xlcost.workbook import buy_or_rent_answer as answer
from xlcost.workbook import buy_or_rent_steps as steps
from xlcost.workbook.budget import write_budget

NAME = buy_or_rent.NAME


@pytest.fixture(params=["libreoffice", "cellrune"])
def sheet(request, fleet_sheets):
    yield fleet_sheets[request.param]
    fleet_sheets[request.param].restore()


@pytest.fixture
def calc(fleet_sheets):
    yield fleet_sheets["libreoffice"]
    fleet_sheets["libreoffice"].restore()


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
def test_flows_fall_due_when_it_was_chosen_at_any_rate_and_use(calc, timing, rate, use):
    chosen = usual()
    settings = dict(timing=timing, use=use, borrowed=0.7, term=4.0, interest=0.06, installation=2e6)
    calc.change(**settings, discount_rate=rate, benefits=(1e7, 3e7, 5e7, 9e7, 9e7))
    vars(chosen).update(settings, benefits=np.array([1e7, 3e7, 5e7, 9e7, 9e7]))
    chosen.assume["discount_rate"] = rate
    assert_same(calc, chosen)
    wanted = flows_of(chosen)
    flows = calc.flows()[0]
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
        ((0.0,) * 5, {}, answer.NO_BENEFITS, answer.NO_BENEFITS),
        ((None, None, None, 5e6, 5e6), {}, answer.LATER, answer.LATER),
        ((0.0, 0.0, 4.0, None, None), {"years": 2.0}, answer.LATER, answer.LATER),
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


@pytest.mark.parametrize("timing", ["month end", "mid-year", "end of year"])
@pytest.mark.parametrize(("years", "left"), [(1, 24), (2, 12), (3, 0), (4, 24), (5, 12)])
def test_a_commitment_of_3_years_is_paid_to_the_end_of_its_term(calc, years, left, timing):
    # Owned hardware is out of question, so that the bridge leads from the commitment.
    calc.change(years=float(years), timing=timing, hardware=50.0, use=1.0)
    way, rate = "3-year commitment", 1.1 ** (1 / 12) - 1
    of_month, months = calc.figure("3-year commitment, all available hours"), 12 * years
    assert calc.figure("3-year commitment: months left at the end") == left
    flows = np.zeros(61)
    if timing == "month end":
        flows[1 : months + 1] = of_month
    else:
        flows[range(6 if timing == "mid-year" else 12, months + 1, 12)] = 12 * of_month
    flows[months] += left * of_month
    assert calc.flows()[0][way] == pytest.approx(flows, rel=1e-9)
    cost = npf.npv(rate, flows)
    assert calc.costs()[way] == pytest.approx(cost, rel=1e-9)
    first_year, in_all = calc.document.grid(NAME, "D7:E7")[0]
    assert (first_year, in_all) == pytest.approx((flows[:13].sum(), flows.sum()), rel=1e-9)
    assert in_all == pytest.approx((months + left) * of_month, rel=1e-9)
    lines = buy_or_rent.LINE_BY_LINE
    row = calc.document.grid(NAME, f"A{lines + 12}:E{lines + 12}")[0]
    # For one year a commitment of one year costs less than 36 months of the other.
    cheapest = way if years > 1 else "1-year commitment"
    of_month = calc.figure(f"{cheapest}, all available hours")
    assert row[0] == cheapest == min(WAYS[1:4], key=calc.costs().get)
    assert row[2:] == pytest.approx([of_month, left * of_month * (years > 1), calc.costs()[cheapest]], rel=1e-9)
    assert [row[0] for row in calc.document.grid(NAME, f"H{lines + 2}:H{lines + 22}")] == pytest.approx([cost] * 21)
    assert f"a {cheapest} is the cheapest" in calc.sentence()
    assert calc.errors() == [] and calc.document.get([MASTER]) == ["OK"]


def test_prices_follow_the_scenario_in_force_hosting_with_those_of_all_else(fleet_budget, libreoffice):
    def said(sheet):
        first = buy_or_rent.LINE_BY_LINE + 2
        cells = sheet.document.grid(NAME, f"B{first}:C{first + 8}")
        owned = {name: once or monthly for name, (once, monthly) in zip(steps.LINES, cells)}
        rented = {way: sheet.figure(f"{way}, all available hours") for way in WAYS[1:4]}
        return owned | rented | {WAYS[4]: sheet.costs()[WAYS[4]]}

    # A workbook of its own: elsewhere factors are typed over the links to the scenario.
    with libreoffice.open(fleet_budget) as document:
        sheet = Sheet(document)
        sheet.change(use=0.5, installation=7.0, price=2.0, tokens=1e5)
        base = said(sheet)
        document.set({("Scenarios", "B4"): "High"})
        high = said(sheet)
    wanted = dict(purchase=2, installation=1, hosting=1.1, staff=1.1, maintenance=2, energy=1.7)
    wanted |= dict.fromkeys(WAYS[1:4], 1.1) | {WAYS[4]: 1}
    assert {name: high[name] / base[name] for name in wanted} == pytest.approx(wanted, rel=1e-9)


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
    assert sheet.owning() == (
        "Owning never costs less than renting on demand. Against a 3-year commitment, owning never costs less."
    )
    point = sheet.document.grid(NAME, f"F{buy_or_rent.LINE_BY_LINE + 23}:K{buy_or_rent.LINE_BY_LINE + 23}")[0]
    assert [point[0], point[-1]] == [-1.0, -1.0]


def test_a_commitment_is_dearer_up_to_the_use_at_which_energy_makes_owning_as_dear(sheet):
    def gap(hardware, use):
        sheet.change(hardware=hardware, use=use)
        costs = sheet.costs()
        return costs["Own hardware"] - costs["3-year commitment"]

    assert sheet.owning().endswith(
        "Owning costs less than a 3-year commitment at any use; both are paid for whether they are used or not."
    )
    # What owning costs is linear in the price of hardware.
    one, two = gap(1.0, 0.5), gap(2.0, 0.5)
    dearer = 1 - one / (two - one)
    assert gap(dearer, 0.5) == pytest.approx(0, abs=1e-3)
    assert sheet.owning().endswith("Against a 3-year commitment, owning costs less up to 50% use.")
    assert gap(dearer, 0.4) < 0 < gap(dearer, 0.6)


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
    sheet.change(price=None, tokens=1e5)
    assert sheet.costs()["External model"] in (None, "")
    sheet.change(price=2.5)
    assert sheet.costs()["External model"] == pytest.approx(1e6 - npf.pv(1.1 ** (1 / 12) - 1, 36, 2.5e5), rel=1e-9)
    assert "3 years: an external model is the cheapest, with a net present cost of $" in sheet.sentence()


def test_fine_tuning_at_a_stated_price_is_compared_by_itself(sheet):
    sheet.change(fine_tuning=1e6)
    assert sheet.costs()["External model"] == 1e6
    assert sheet.flows()[0]["External model"].tolist() == [1e6, *[0] * 60]
    assert "3 years: an external model is the cheapest, with a net present cost of $1.00 million, " in sheet.sentence()
    sheet.change(price=0.0, tokens=0.0)
    assert sheet.costs()["External model"] == 1e6
    assert sheet.errors() == [] and sheet.document.get([MASTER]) == ["OK"]


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (12.3, "$12.30, "),
        (2_345.6, "$2,346, "),
        (123_456.0, "$123,456, "),
        (4_564_000.0, "$4.56 million, "),
        (34_560_000.0, "$34.6 million, "),
    ],
)
def test_small_amounts_keep_three_digits(sheet, cost, said):
    sheet.change(fine_tuning=cost)
    assert f"an external model is the cheapest, with a net present cost of {said}" in sheet.sentence()


def test_a_small_gap_keeps_three_digits(sheet):
    sheet.change(fine_tuning=sheet.costs()["Own hardware"] - 4_321.0)
    assert sheet.sentence().endswith(" million, $4,321 less than owning.")


@pytest.mark.parametrize("timing", ["month end", "mid-year", "end of year"])
def test_the_cover_says_when_flows_count(sheet, timing):
    sheet.change(timing=timing)
    said = [row[0] for row in sheet.document.grid("Cover", "B1:B25")]
    assert [each for each in said if str(each).startswith(f"Discounted at 10% a year, with flows at {timing}. Prices")]


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


def test_the_page_that_decides_holds_answer_settings_and_both_charts(fleet_budget):
    sheet = load_workbook(fleet_budget)[NAME]
    page = sheet.row_breaks.brk[0].id
    assert page == buy_or_rent.PAGE and sheet.page_setup.orientation == "landscape"
    assert len(sheet._charts) == 2
    for chart in sheet._charts:
        # A row is at least half a centimetre high.
        assert chart.anchor._from.row + chart.anchor.ext.height / 360_000 / 0.529 <= page
    # The title alone: what stands above the months would else be repeated on every page.
    assert sheet.print_title_rows == "$1:$1"


@given(
    chip=st.sampled_from(["H100", "A100", "B200", "V100"]),
    chips=st.integers(1, 100_000),
    years=st.integers(1, 5),
    use=st.floats(0, 1),
    rate=YEARLY_RATES,
)
def test_the_typed_function_says_of_any_fleet_what_its_months_add_up_to(chip, chips, years, use, rate):
    chosen = usual()
    vars(chosen).update(chip=catalog.load().names.find(chip)[0], chips=float(chips), years=float(years), use=use)
    chosen.assume["discount_rate"] = rate
    ways = dict(call("RENT_OR_BUY", [chosen.chip, chips, years, use, chosen.start, rate])[1:])
    wanted = expected(chosen).costs
    assert ways == pytest.approx({way: wanted[way] for way in ways}, rel=1e-9, abs=1e-9)
