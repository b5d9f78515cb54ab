"""What must hold of scenarios, as lines of the Checks sheet: their factors, and what they make of the budget."""

from __future__ import annotations

import functools
import operator

from ..formula import Term, sheet_prefix
from ..references import Range
from .ledger_checks import across, unequal
from .scenarios import FIRST, FOREIGN, LETTERS
from .views import COMPONENTS

BASE_LETTER = LETTERS[0]


def scenario_checks(ledger, dates):
    """Lines: label, found, expected, advice."""
    none, scenarios = 0.0, ledger.scenarios
    yield (
        "The scenario in force is the same side by side",
        scenarios.checked,
        ledger.lines.total,
        "See Scenarios",
    )
    yield (
        "The components on Scenarios add up to the budget",
        scenarios.whole,
        ledger.lines.total,
        "See Scenarios",
    )
    factors, called = scenarios.factor_cells, scenarios.name_cells
    yield (
        "Scenarios with a factor that is not above 0, or named like another",
        Term(f"SUMPRODUCT(1-ISNUMBER({factors})*({factors}>0))+SUMPRODUCT((COUNTIF({called},{called})<>1)*1)", 0.0),
        none,
        "On Scenarios, give a factor for everything that moves the budget, and each scenario a name of its own",
    )
    yield (
        "Amounts on Scenarios that do not follow from the factors, or factors of the base case that are not 1",
        functools.reduce(operator.add, _unlike(scenarios, dates)),
        none,
        "See Scenarios: each is the amount in force, times the scenario's factors over those in force",
    )


def _unlike(scenarios, dates):
    """Numbers of cells that are not what the factors make of the amounts in force, also of scenarios not in force."""
    sheet, place = scenarios.sheet, sheet_prefix(scenarios.sheet.name)
    last = FIRST + len(scenarios.driver_rows) - 1
    base = f"{place}${BASE_LETTER}${FIRST}:${BASE_LETTER}${last}"
    yield Term(f"SUMPRODUCT(({base}<>1)*1)", 0.0)
    ratios = {name: _ratio(sheet, place, row) for name, row in scenarios.driver_rows.items()}
    rows, (of_currencies, currencies) = [], ratios["foreign"]
    for name, row in scenarios.component_rows.items():
        amount, foreign = (float(sheet.range(letter, row, row).cell(0).value) for letter in ("B", FOREIGN))
        text, value = (
            f"({place}$B${row}+{place}${FOREIGN}${row}*({of_currencies}-1))",
            amount + foreign * (currencies - 1),
        )
        for driver in COMPONENTS[name].drivers:
            of, ratio = ratios[driver]
            text, value = f"{text}*{of}", value * ratio
        rows.append(across(sheet, LETTERS, row))
        yield unequal(rows[-1], Range(f"({text})", value))
    whole = "+".join(row._text for row in rows), sum(row.values for row in rows)
    share = dates.contingency
    for row, text, times in (
        (scenarios.contingency_row, share._text, float(share.value)),
        (scenarios.total_row, f"(1+{share._text})", 1 + float(share.value)),
    ):
        yield unequal(across(sheet, LETTERS, row), Range(f"({text}*({whole[0]}))", times * whole[1]))


def _ratio(sheet, place, row):
    """The factors of all scenarios over the one in force: a text for array formulas, and the values."""
    factors, active = across(sheet, LETTERS, row), sheet.range("B", row, row).cell(0)
    return f"({factors._text}/{place}$B${row})", factors.values / float(active.value)
