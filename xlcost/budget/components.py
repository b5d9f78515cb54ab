"""What a budget is made of."""

from __future__ import annotations

from typing import NamedTuple


class Component(NamedTuple):
    """What the budget is made of: its label, and what drives it."""

    label: str
    drivers: tuple[str, ...]


COMPONENTS = {
    "own_hardware": Component("Own hardware, charged run by run", ("hardware", "compute", "foreign")),
    "depreciation": Component("Depreciation of capacity", ("hardware", "foreign")),
    "disposal": Component("Loss on disposal (gain below 0)", ("hardware", "foreign")),
    "upkeep": Component("Maintenance and insurance", ("hardware", "foreign")),
    "hosting": Component("Hosting", ("others", "foreign")),
    "operations": Component("Operations staff", ("wages", "foreign")),
    "energy": Component("Energy", ("energy", "compute", "foreign")),
    "commitments": Component("Commitments to cloud capacity", ("cloud", "foreign")),
    "rental": Component("Rental by the hour", ("cloud", "compute", "foreign")),
    "employees": Component("Employees", ("wages", "foreign")),
    "contractors": Component("Contractors", ("wages", "foreign")),
    "others": Component("Other costs in the budget currency", ("others",)),
    "others_foreign": Component("Other costs in other currencies", ("others", "foreign")),
}
CONTINGENCY = "contingency"
COMPONENT_LABELS = {name: component.label for name, component in COMPONENTS.items()} | {CONTINGENCY: "Contingency"}
IN_THE_LEDGER = ("own_hardware", "depreciation", "disposal")
"""Components that nobody bills: what they came to stands in the asset ledger."""
