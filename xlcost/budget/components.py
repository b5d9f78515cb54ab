"""What a budget is made of."""

from __future__ import annotations

from typing import NamedTuple


class Component(NamedTuple):
    """What the budget is made of: its label, and what drives it beside the price of foreign currencies."""

    label: str
    drivers: tuple[str, ...]


COMPONENTS = {
    "own_hardware": Component("Own hardware, charged run by run", ("hardware", "compute")),
    "depreciation": Component("Depreciation of capacity", ("hardware",)),
    "disposal": Component("Loss on disposal (gain below 0)", ("hardware",)),
    "upkeep": Component("Maintenance and insurance", ("hardware",)),
    "hosting": Component("Hosting", ("others",)),
    "operations": Component("Operations staff", ("wages",)),
    "energy": Component("Energy", ("energy", "compute")),
    "commitments": Component("Commitments to cloud capacity", ("cloud",)),
    "rental": Component("Rental by the hour", ("cloud", "compute")),
    "employees": Component("Employees", ("wages",)),
    "contractors": Component("Contractors", ("wages",)),
    "others": Component("Other costs in the budget currency", ("others",)),
    "others_foreign": Component("Other costs in other currencies", ("others",)),
}
CONTINGENCY = "contingency"
COMPONENT_LABELS = {name: component.label for name, component in COMPONENTS.items()} | {CONTINGENCY: "Contingency"}
IN_THE_LEDGER = ("own_hardware", "depreciation", "disposal")
"""Components that nobody bills: what they came to stands in the asset ledger."""
