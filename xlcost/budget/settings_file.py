"""A file of settings to start from: every setting there is, as it counts where nobody says anything."""

from __future__ import annotations

from datetime import date
from textwrap import wrap

from ..equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..files import replacing
from .analysis import AROUND, BENEFITS, BLOCKS, RANGES, UNCERTAIN, ends_of
from .columns import LINES
from .currencies import RATE_IN_WORDS
from .scenario_names import SCENARIOS
from .settings import CHOICES, DEFAULTS, DRIVERS, LABELS, NUMBERS, START, TEXTS_OF_SCENARIO, WHOLE

HEAD = """\
# Settings of a budget, for xlcost budget runs.csv --settings FILE. What stands behind a # does not count: each line has
# what counts anyway, or an example. Take away the # in front of what should be otherwise, and in front of the [heading]
# above it.
"""
ABOUT = {
    **LABELS,
    "scenario": "Scenario in force: Base, Low, High, Own 1, Own 2, or as the sheet Scenarios calls it",
    "method": "How hardware is amortized to a run that is on no capacity",
    "language": "Language of the workbook",
    "version": "Kept as this version, to compare with it later",
    "departments": "Departments to choose from, beside those that are named elsewhere",
    "cost_centers": "Cost centers to choose from, beside those that are named elsewhere",
    "other_accounts": "Accounts to choose from, beside those below",
    "start": START.label,
}
EXAMPLES = {
    "fiscal_year_start": 4,
    "first_fiscal_year": 2026,
    "years": 3,
    "contingency_department": "Research",
    "revenue": [4e9, 5e9, 6e9],
    "research_budget": [5e8, 7e8, 9e8],
    "departments": ["Research", "Products"],
    "cost_centers": ["4711"],
    "other_accounts": ["6300"],
    "version": "Original",
    "start": date(2026, 11, 1),
    # Of sheets, where nothing or the price list counts.
    "chip": "H100 SXM",
    "first_year": 2020,
    "last_year": 2025,
    "base_year": 2026,
    "price": 3.0,
    "tokens": 500.0,
    "fine_tuning": 20000.0,
    "growth": 2.4,
    "hardware": 0.14,
    "algorithms": 9.0,
}
"""Where nothing counts, or what depends on the runs and the price list."""


def settings_lines():
    """The lines of the file."""
    yield from HEAD.splitlines()
    for name, about in ABOUT.items():
        default = getattr(DEFAULTS, name)
        is_example = default in (None, "", ())
        yield from _entry(name, EXAMPLES[name] if is_example else default, about, _allowed(name))
    yield from _table("rates", f"Units of a currency for 1 USD, {RATE_IN_WORDS}, for each fiscal year or one for all")
    yield from _entry("JPY", 150.0)
    yield from _entry("EUR", [0.92, 0.9])
    yield from _table("accounts", "The ledger's account of each kind of cost")
    for kind, label in LINES.items():
        yield from _entry(kind, label)
    yield from _table("assumptions", "Assumptions on Inputs")
    for name, parameter in {**ASSUMPTIONS, **PURCHASE_ASSUMPTIONS}.items():
        yield from _entry(name, float(parameter), parameter.meaning, parameter.unit)
    *_, scenario = SCENARIOS
    others = ", ".join(SCENARIOS[:-1])
    yield from _table(f'scenarios."{scenario}"', f"A scenario; so too {others}, of which the first has no factors")
    for name, label in TEXTS_OF_SCENARIO.items():
        yield from _entry(name, date(2026, 11, 1) if name == "date" else label or scenario)
    for name, label in DRIVERS.items():
        yield from _entry(name, 1.1, label, "a factor above 0")
    for block in BLOCKS:
        yield from _table(block.setting, f"On the sheet {block.sheet}")
        for each in block.inputs:
            has_none = each.usual in (None, "") or each.usual != each.usual
            value = EXAMPLES.get(each.name, "") if has_none else each.usual
            yield from _entry(each.name, value, each.label, each.unit or each.in_words())
        if block.setting == BENEFITS.setting:
            row = ", ".join(f"{each.name} = {_toml(_of_benefit(each))}" for each in BENEFITS.columns.values())
            yield from (f"# {BENEFITS.heading}s, each a row of its sheet", f"# {BENEFITS.name} = [{{ {row} }}]")
        for name in UNCERTAIN if block is RANGES else ():
            low, high, middle = ends_of(name, {})
            yield from _entry(name, [low, middle, high] if name in AROUND else [low, high], UNCERTAIN[name].meaning)


def write_settings(path, replace=False):
    """Write the file.

    Raises
    ------
    XlcostError
        It exists and is not to be replaced, or cannot be written.
    """
    with replacing(path, replace) as temporary:
        temporary.write_text("\n".join([*settings_lines(), ""]), encoding="utf-8")


def _allowed(name):
    if name in CHOICES:
        return f"one of {', '.join(filter(None, CHOICES[name]))}"
    if name in WHOLE:
        return "a whole number from {} to {}".format(*WHOLE[name])
    return "a number from {:g} to {:g}".format(*NUMBERS[name]) if name in NUMBERS else ""


def _table(name, about):
    yield ""
    if about:
        yield from wrap(about, 118, initial_indent="# ", subsequent_indent="# ")
    # As a table that is there would take the place of a workbook's, its heading does not count either.
    yield f"# [{name}]"


def _entry(name, value, about="", allowed=""):
    said = f"{about} ({allowed})" if about and allowed else about
    yield from wrap(said, 118, initial_indent="# ", subsequent_indent="# ")
    yield f"# {name if name.isidentifier() else _toml(name)} = {_toml(value)}"


def _of_benefit(each):
    return 1e6 if each.usual != each.usual else each.label


def _toml(value):
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
