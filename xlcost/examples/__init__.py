"""Shipped examples: real public training runs, set in the departments of a company that does not exist."""

from importlib import resources

PORTFOLIO = resources.files(__package__) / "portfolio.csv"
"""Eight training runs of 2023 to 2025 with the figures that were published of them."""

STAFF = resources.files(__package__) / "staff.csv"
EXPERTS = resources.files(__package__) / "experts.csv"
CAPACITY = resources.files(__package__) / "capacity.csv"
OTHER_COSTS = resources.files(__package__) / "other_costs.csv"
"""Who might have worked on them, and what experts might say: made up, to show the sheets."""

SPEND = resources.files(__package__) / "spend.csv"
MAPPING = resources.files(__package__) / "mapping.csv"
"""What the bills of some months might say, and rules that map them to these runs: made up as well."""
