"""What scenarios are called: by whoever has named them, else as a language calls the usual ones."""

from __future__ import annotations

from ..comparison import fold
from ..languages import spellings

SCENARIOS = ("Base", "Low", "High", "Own 1", "Own 2")
SCENARIO = "scenario"
"""What tells the names of scenarios apart from other texts that are the same in English."""


def scenario_called(name, scenarios):
    """The one of `SCENARIOS` that has a name; the name as it is where none has.

    Parameters
    ----------
    name : object
        As settings, an option or a cell have it, in any language.
    scenarios : dict of str to dict
        What is told of each; one that is named otherwise is found by that name too.

    Examples
    --------
    >>> scenario_called("低位", {}), scenario_called("mild", {"Low": {"name": "Mild"}}), scenario_called("Lwo", {})
    ('Low', 'Low', 'Lwo')
    """
    if not isinstance(name, str) or name in SCENARIOS:
        return name
    named = {fold(text): slot for slot in SCENARIOS for text in spellings(slot, SCENARIO)}
    named |= {fold(own): slot for slot in SCENARIOS if (own := _own_name(slot, scenarios))}
    return named.get(fold(name.strip()), name)


def names_of_scenarios(scenarios, language):
    """The names as the sheet Scenarios has them, in order."""
    return [_own_name(slot, scenarios) or language.apart(slot, SCENARIO) for slot in SCENARIOS]


def _own_name(slot, scenarios):
    told = scenarios.get(slot) if isinstance(scenarios, dict) else None
    name = told.get("name") if isinstance(told, dict) else None
    return name if isinstance(name, str) else None
