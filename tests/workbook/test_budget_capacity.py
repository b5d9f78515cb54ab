"""Capacity in the budget, with figures calculated by hand: hours, books, exchange rates, shares, payments, checks."""

import pytest

from tests.capacity_oracle import depreciation_by_month
from tests.workbook.ledger import (
    LABELS,
    random_budget,
    written_and_expected,
)
from tests.workbook.small_budgets import DAY, budget, committed, owned, run, whole


def test_one_cluster_with_two_runs_is_bought_once(tmp_path):
    cells = dict(capacity="Pool", hours=240.0, start=DAY(2025, 3, 1))
    one = budget(tmp_path, [run("a", chips=50, **cells)], [owned()])
    two = budget(tmp_path, [run("a", chips=50, **cells), run("b", chips=50, **cells)], [owned()])
    # $10,000 over 60 months, twelve of them in 2025.
    for ledger in (one, two):
        assert sum(ledger.capacity("Books: additions")["Pool"]) == pytest.approx(10_000)
        assert sum(ledger.view("By component")[""]) == pytest.approx(2_000)
    # In March there are 744 hours of 100 chips, of which each run uses 240 of 50.
    used = 10_000 / 60 * 240 * 50 / (744 * 100)
    assert one.view("By department")["Users"][2] == pytest.approx(used)
    assert two.view("By department")["Users"][2] == pytest.approx(2 * used)
    assert two.view("By department")["Owner"][2] == pytest.approx(10_000 / 60 - 2 * used)


def test_a_commitment_used_at_40_percent_still_costs_all_of_it(tmp_path):
    # All of 2025 on 40 of 100 chips.
    ledger = budget(tmp_path, [run("a", chips=40, hours=8760.0, start=DAY(2025, 1, 1), capacity="Pool")], [committed()])
    assert whole(ledger, "commitments") == pytest.approx(100 * 8760 * 2.0)
    departments = ledger.view("By department")
    assert sum(departments["Users"]) == pytest.approx(0.4 * 100 * 8760 * 2.0)
    assert sum(departments["Owner"]) == pytest.approx(0.6 * 100 * 8760 * 2.0)


def test_on_demand_only_used_hours_cost(tmp_path):
    pool = committed(kind="on_demand", price_per_chip_hour=3.0)
    ledger = budget(tmp_path, [run("a", chips=40, hours=100.0, start=DAY(2025, 5, 2), capacity="Pool")], [pool])
    departments = ledger.view("By department")
    assert departments["Users"][4] == pytest.approx(40 * 100 * 3.0) and sum(departments["Owner"]) == 0
    assert sum(ledger.view("By component")[""]) == pytest.approx(40 * 100 * 3.0)


def test_used_and_idle_hours_are_the_available_ones_of_each_month(tmp_path):
    pool = committed(chips=10, in_service=DAY(2025, 2, 15), until=DAY(2026, 3, 1))
    ledger = budget(tmp_path, [run("a", chips=4, hours=48.0, start=DAY(2025, 2, 28), capacity="pool")], [pool])
    used, idle, available = (
        ledger.capacity(heading)["Pool"]
        for heading in ("Used hours", "Idle hours; below 0 where there is too little", "Available hours")
    )
    # February has 14 days from the 15th on; the run takes its last day and the first of March.
    assert available[:4] == pytest.approx([0, 10 * 14 * 24, 10 * 31 * 24, 10 * 30 * 24])
    assert used[:4] == pytest.approx([0, 4 * 24, 4 * 24, 0])
    assert idle[:4] == pytest.approx([0, 3264, 7344, 7200])


def test_a_month_counts_as_a_whole_in_the_books_and_depreciation_ends_at_the_residual_value(tmp_path):
    pool = owned(in_service=DAY(2025, 3, 31), useful_life=0.5, residual_value=0.1)
    ledger = budget(tmp_path, capacity=[pool])
    # $10,000 down to $1,000 in six months from March on.
    depreciation = ledger.capacity("Depreciation")["Pool"]
    assert depreciation == pytest.approx([0, 0, 1500, 1500, 1500, 1500, 1500, 1500, 0, 0, 0, 0])
    closing = ledger.capacity("Books: closing value")["Pool"]
    assert closing == pytest.approx([0, 0, 8500, 7000, 5500, 4000, 2500, 1000, 1000, 1000, 1000, 1000])


def test_hardware_leaves_the_books_in_the_month_of_its_end_at_its_book_value(tmp_path):
    ledger = budget(tmp_path, capacity=[owned(until=DAY(2025, 7, 20))])
    # Six months of $10,000 / 60 are booked, January to June; a sale after 200 days brings the market value less 30%.
    proceeds = 10_000 * 10 ** (-0.14 * 200 / 365.25) * 0.7
    assert ledger.capacity("Books: disposals, at book value")["Pool"][6] == pytest.approx(9_000)
    assert ledger.capacity("Books: closing value")["Pool"][5:8] == pytest.approx([9_000, 0, 0])
    assert ledger.view("By component")[LABELS["disposal"]][6] == pytest.approx(9_000 - proceeds)
    assert ledger.capacity("Available hours")["Pool"][6] == pytest.approx(100 * 19 * 24)


def test_at_the_end_of_its_life_it_brings_its_residual_value_and_gains_nothing(tmp_path):
    pool = owned(in_service=DAY(2024, 7, 20), useful_life=1, residual_value=0.1, payment_lag=1, until="")
    ledger = budget(tmp_path, capacity=[pool])
    assert ledger.capacity("Books: disposals, at book value")["Pool"][6] == pytest.approx(1_000)
    assert whole(ledger, "disposal") == 0
    assert ledger.view("Payments")["Capacity"][7] == pytest.approx(-1_000)


def test_a_commitment_ends_on_the_day_on_which_it_began_whole_years_later(tmp_path):
    # From 1 April 2024, a year with 29 February before it ends: 365 days until 31 March 2025.
    pool = committed(in_service=DAY(2024, 4, 1), chips=10, price_per_chip_hour=1.0, until="")
    ledger = budget(tmp_path, capacity=[pool])
    hours = ledger.capacity("Available hours")["Pool"]
    assert hours == [7440, 6720, 7440, *[0] * 9]
    assert whole(ledger, "commitments") == pytest.approx(7440 + 6720 + 7440)


IN_YEN = {"currency": "JPY", "rates": {"JPY": [100.0, 150.0]}, "years": 2}
"""100 yen for a dollar in 2025, 150 in 2026."""


def test_hardware_stays_in_the_books_at_the_exchange_rate_at_which_it_was_bought(tmp_path):
    pool = owned(useful_life=5, residual_value=0.1, until=DAY(2026, 7, 1), maintenance=0.12)
    ledger = budget(tmp_path, capacity=[pool], settings=IN_YEN)
    # $10,000 at 100; a sixtieth of nine tenths of it each month, in both years.
    assert ledger.view("By component")[LABELS["depreciation"]] == pytest.approx([15_000] * 18 + [0] * 6)
    assert ledger.view("Capacity in the books")["Additions"][0] == pytest.approx(1_000_000)
    assert ledger.capacity("Books: closing value")["Pool"][16] == pytest.approx(1_000_000 - 17 * 15_000)
    # What is received for it, and its upkeep of $100 a month, are worth what a dollar is then.
    proceeds = 10_000 * 10 ** (-0.14 * 546 / 365.25) * 0.7 * 150
    assert ledger.view("By component")[LABELS["disposal"]][18] == pytest.approx(730_000 - proceeds)
    assert ledger.view("By component")[LABELS["upkeep"]] == pytest.approx([10_000] * 12 + [15_000] * 6 + [0] * 6)


def test_a_cost_is_paid_at_the_exchange_rate_at_which_it_arose(tmp_path):
    pool = committed(chips=1, price_per_chip_hour=1.0, upfront_share=0.25, payment_lag=2, until=DAY(2027, 1, 1))
    others = [{"item": "data", "amount": 500, "start": DAY(2025, 11, 9)}]
    ledger = budget(tmp_path, capacity=[pool], settings={**IN_YEN, "payment_lag": 3}, others=others)
    paid, parts = ledger.view("Payments"), ledger.view("By component")
    # A quarter of two years upfront at 100; of the hours of November 2025 the rest, in January 2026.
    assert paid["Capacity"][0] == pytest.approx(0.25 * 17_520 * 100)
    assert paid["Capacity"][12:15] == pytest.approx([0.75 * 720 * 100, 0.75 * 744 * 100, 0.75 * 744 * 150])
    assert paid["All else"][13] == pytest.approx(500 * 100)
    # Hours of 2026 cost that quarter at 100 too.
    assert parts[LABELS["commitments"]][12] == pytest.approx(744 * (0.25 * 100 + 0.75 * 150))
    assert ledger.master() == "OK"


def test_who_has_a_share_of_a_capacity_bears_that_share_of_what_its_sale_loses(tmp_path):
    pool = owned(until=DAY(2025, 7, 1), owner="Alpha")
    shares = [{"capacity": "Pool", "department": "Beta", "share": 0.25}]
    for charging, part in (("entitled", 0.25), ("used", 0.0)):
        ledger = budget(tmp_path, capacity=[pool], shares=shares, settings={"charging": charging})
        of_month = ledger.view("By component")[LABELS["disposal"]][6]
        assert of_month > 0
        assert ledger.view("By department")["Beta"][6] == pytest.approx(part * of_month)
        assert ledger.view("By department")["Alpha"][6] == pytest.approx((1 - part) * of_month)


def test_shares_of_a_capacity_are_of_its_sourcing_and_its_cost_center(tmp_path):
    pool = owned(owner="Alpha", cost_center="4711")
    shares = [{"capacity": "Pool", "department": "Beta", "share": 0.25}]
    runs = [run("other", chips=1, hours=1.0, start=DAY(2025, 1, 1), cost_center="4711")]
    ledger = budget(tmp_path, runs, [pool], {"charging": "entitled"}, shares=shares)
    by_sourcing, by_center = ledger.view("By sourcing"), ledger.view("By cost center")
    assert by_sourcing["Own hardware"] == pytest.approx(by_sourcing[""])
    assert by_center["4711"] == pytest.approx(by_center[""])
    assert by_center[""][0] > 0


def test_the_books_close_each_month(tmp_path):
    """Opening value + additions − depreciation − disposals = closing value."""
    for seed in range(8):
        settings, tables = random_budget(seed)
        ledger, _ = written_and_expected(tmp_path, settings, tables)
        books = ledger.view("Capacity in the books")
        opening, additions, closing = (books[name] for name in ("Opening value", "Additions", "Closing value"))
        depreciation, disposals = books["Depreciation"], books["Disposals, at book value"]
        for month in range(len(closing)):
            left = opening[month] + additions[month] + depreciation[month] + disposals[month]
            assert left == pytest.approx(closing[month], rel=1e-9, abs=0.005)
            if month:
                assert opening[month] == closing[month - 1]


def test_depreciation_never_exceeds_the_depreciable_amount(tmp_path):
    for method in ("straight_line", "declining_balance"):
        for residual in (0, 0.3, 0.95, 1):
            pool = owned(useful_life=0.75, residual_value=residual)
            ledger = budget(tmp_path, capacity=[pool], settings={"years": 2, "depreciation": method})
            depreciation = ledger.capacity("Depreciation")["Pool"]
            assert sum(depreciation) == pytest.approx(10_000 * (1 - residual), abs=1e-6)
            assert min(depreciation) > -1e-9 and sum(depreciation[9:]) == pytest.approx(0, abs=1e-6)


def test_declining_balance_doubles_the_straight_rate_and_changes_to_the_straight_line(tmp_path):
    ledger = budget(tmp_path, capacity=[owned(useful_life=0.5)], settings={"depreciation": "declining_balance"})
    # A third of what is left: 10,000 − 3,333.33 − 2,222.22 − 1,481.48 leaves 2,962.96 for three months, of which a
    # third is the straight line too.
    assert ledger.capacity("Depreciation")["Pool"][:7] == pytest.approx(
        [3333.3333333, 2222.2222222, 1481.4814815, 987.6543210, 987.6543210, 987.6543210, 0], abs=1e-6
    )


def test_declining_balance_is_as_a_spreadsheet_and_japans_200_percent_method_with_guarantee(libreoffice):
    """A life of 5 years: in Japan's table the rate is 0.4, and the revised rate 0.5 counts from the fourth year on."""
    # By hand: 1,000,000 → 400,000, 240,000, 144,000; what is left, 216,000, over two years; the guarantee of 0.10800 is
    # 108,000, which 216,000 × 0.4 = 86,400 falls short of. (Japan then leaves ¥1 in the books.)
    by_hand = [400_000, 240_000, 144_000, 108_000, 108_000]
    assert depreciation_by_month(1_000_000, 0, 5, "declining_balance") == pytest.approx(by_hand)
    formulas = [f"=VDB(1000000,0,5,{year},{year + 1},2)" for year in range(5)]
    assert libreoffice.evaluate(formulas) == pytest.approx(by_hand)


def test_declining_balance_with_a_residual_value_is_as_a_spreadsheet_has_it(tmp_path, libreoffice):
    pool = owned(useful_life=1.5, residual_value=0.2)
    ledger = budget(tmp_path, capacity=[pool], settings={"years": 2, "depreciation": "declining_balance"})
    formulas = [f"=VDB(10000,2000,18,{month},{month + 1},2)" for month in range(18)]
    assert ledger.capacity("Depreciation")["Pool"][:18] == pytest.approx(libreoffice.evaluate(formulas), rel=1e-9)


def test_owned_hardware_costs_energy_of_used_hours_only(tmp_path):
    pool = owned(electricity_price=0.1, pue=1, chips=100, maintenance=0.12, operations=0, hosting=73.05)
    ledger = budget(tmp_path, [run("a", chips=10, hours=100.0, start=DAY(2025, 6, 1), capacity="Pool")], [pool])
    # An H100 with its share of a DGX draws 10.2 kW / 8, at 75% while training.
    assert whole(ledger, "energy") == pytest.approx(10 * 100 * 10.2 / 8 * 0.75 * 0.1)
    # Twelve months of 127.5 kW at $73.05, and 12% a year of $10,000; each month as much, however long it is.
    assert ledger.view("By component")[LABELS["hosting"]] == pytest.approx([100 * 10.2 / 8 * 73.05] * 12)
    assert ledger.view("By component")[LABELS["upkeep"]] == pytest.approx([100] * 12)


def test_of_the_first_and_the_last_month_hosting_costs_the_days_in_service(tmp_path):
    pool = owned(hosting=100, in_service=DAY(2025, 2, 15), until=DAY(2025, 4, 11))
    ledger = budget(tmp_path, capacity=[pool])
    of_month = 100 * 10.2 / 8 * 1.25 * 100
    assert ledger.view("By component")[LABELS["hosting"]][1:5] == pytest.approx(
        [of_month / 2, of_month, of_month / 3, 0]
    )


def test_staff_who_run_it_are_paid_as_on_inputs(tmp_path):
    ledger = budget(tmp_path, capacity=[owned(operations=2)], settings={"wage_growth": 0.1})
    # Medians of the paper's ranges; wages grow by a tenth in twelve months.
    salary = (148_000 * 132_000 * 335_000 * 210_000) ** 0.25
    equity = (34_000 * 37_000 * 760_000 * 331_250) ** 0.25
    pay = salary * (1.25 * 1.4) ** 0.5 + equity
    assert ledger.view("By component")[LABELS["operations"]] == pytest.approx(
        [2 * pay / 12 * 1.1 ** (month / 12) for month in range(12)]
    )


def test_entitled_departments_pay_their_share_whatever_they_use(tmp_path):
    shares = [
        {"capacity": "Pool", "department": "Users", "share": 0.3},
        {"capacity": "Pool", "department": "Others", "share": 0.5},
    ]
    ledger = budget(
        tmp_path,
        [run("a", chips=40, hours=8760.0, start=DAY(2025, 1, 1), capacity="Pool")],
        [committed()],
        {"charging": "entitled"},
        shares=shares,
    )
    # 100 chips × 8760 hours × $2; the users pay 30%, though they use 40%.
    found = {name: sum(map(float, row)) for name, row in ledger.view("By department").items() if name}
    assert found["Users"] == pytest.approx(0.3 * 1_752_000)
    assert found["Others"] == pytest.approx(0.5 * 1_752_000)
    assert found["Owner"] == pytest.approx(0.2 * 1_752_000)


def test_payments_come_upfront_and_some_months_late(tmp_path):
    pool = owned(upfront_share=0.3, payment_lag=2, maintenance=0.1, until=DAY(2025, 7, 1))
    others = [{"item": "data", "amount": 500, "start": DAY(2025, 4, 9)}]
    cells = dict(chips=1, hours=1.0, start=DAY(2025, 1, 1), sourcing="cloud_on_demand")
    ledger = budget(tmp_path, [run("a", **cells)], [pool], {"payment_lag": 3}, others=others)
    paid = ledger.view("Payments")
    # A month's upkeep of a tenth of $10,000 a year; 30% in January and 70% in March.
    upkeep = [1000 / 12] * 6
    proceeds = 10_000 * 10 ** (-0.14 * 181 / 365.25) * 0.7
    expected = [3_000, 0, 7_000, 0, 0, 0, 0, 0, -proceeds, 0, 0, 0]
    for month, amount in enumerate(upkeep):
        expected[month + 2] += amount
    assert paid["Capacity"] == pytest.approx(expected)
    assert paid["All else"][6] == pytest.approx(500)


def test_a_commitment_is_paid_upfront_for_its_whole_time(tmp_path):
    ledger = budget(tmp_path, capacity=[committed(upfront_share=0.25, payment_lag=1)])
    paid = ledger.view("Payments")["Capacity"]
    assert paid[:2] == pytest.approx([0.25 * 100 * 8760 * 2.0, 0.75 * 100 * 744 * 2.0])


def test_a_price_named_hosting_in_a_file_counts(tmp_path):
    dear, free = (whole(budget(tmp_path, capacity=[owned(hosting=price)]), "hosting") for price in (1_000.0, 0.0))
    assert free == 0 and dear == pytest.approx(1_000 * 100 * 10.2 / 8 * 1.25 * 12)


def test_more_use_than_there_is_is_named(tmp_path):
    ledger = budget(
        tmp_path, [run("a", chips=101, hours=100.0, start=DAY(2025, 6, 1), capacity="Pool")],
        [committed(chips=10, capacity="Pool"), committed(capacity="Enough")],
    )  # fmt: skip
    assert ledger.master() == "CHECK" and ledger.short() == {"Pool"}


def checked(folder, label, *arguments, **tables):
    """What is found of a line of Checks, and the runs that Lines marks."""
    ledger = budget(folder, *arguments, **tables)
    found = next(row[1] for row in ledger.document.grid("Checks") if row[0] == label)
    headings, *rows = ledger.document.grid("Lines")[3:]
    marks = [
        headings.index(name) for name in ("Chips missing when it begins", "Days outside of its capacity's service")
    ]
    return found, [row[1] for row in rows if any(float(row[mark] or 0) > 0.001 for mark in marks)]


TOO_FEW = "Runs and trials that begin when their capacity has too few chips"
OUTSIDE = "Runs and trials outside of the days of their capacity"


def test_runs_that_need_more_chips_at_once_than_there_are_are_named_though_the_month_has_hours_enough(tmp_path):
    def of(name, day, **cells):
        return run(name, **{"chips": 60, "hours": 240.0, "start": DAY(2025, 6, day), "capacity": "Pool", **cells})

    pool = committed(chips=100)
    assert checked(tmp_path, TOO_FEW, [of("a", 1), of("b", 11), of("c", 21, chips=100)], [pool]) == (0, [])
    assert checked(tmp_path, TOO_FEW, [of("a", 1), of("b", 10), of("c", 21, chips=40)], [pool]) == (1, ["b"])
    assert checked(tmp_path, TOO_FEW, [of("a", 1), of("b", 1)], [pool]) == (2, ["a", "b"])
    # Trials of five days before it, while the other one trains.
    assert checked(tmp_path, TOO_FEW, [of("a", 1), of("b", 12, experiment_factor=1.5)], [pool]) == (1, ["b"])


def test_runs_on_days_on_which_their_capacity_is_not_there_are_named(tmp_path):
    pool = owned(in_service=DAY(2025, 3, 15), until=DAY(2025, 9, 1))
    runs = [
        run(name, chips=10, hours=24.0, start=day, capacity="Pool")
        for name, day in (("early", DAY(2025, 3, 14)), ("first", DAY(2025, 3, 15)), ("last", DAY(2025, 8, 31)))
    ]
    late = run("late", chips=10, hours=25.0, start=DAY(2025, 8, 31), capacity="Pool")
    assert checked(tmp_path, OUTSIDE, [*runs, late], [pool]) == (2, ["early", "late"])


def test_a_run_on_another_chip_than_its_capacitys_a_capacity_without_owner_and_a_phase_are_found(tmp_path):
    cells = dict(chips=8, hours=24.0, start=DAY(2025, 6, 1), capacity="Pool")
    other = run("other", **{**cells, "chip": "NVIDIA A100 SXM4 80 GB", "phase": "2"})
    tables = {"capacity": [committed(owner="")], "phases": [{"phase": "1", "released": 5}]}
    for label in (
        "Runs whose chip is not that of their capacity",
        "Owned or committed capacity without an owner",
        "Runs whose phase is not on Phases",
    ):
        assert checked(tmp_path, label, [run("same", **cells), other], **tables)[0] == 1
