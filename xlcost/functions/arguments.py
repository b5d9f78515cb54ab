"""Arguments of the functions that people type: what one is, and those that several functions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..columns import LIMITS
from ..model import METHODS

COMMITMENTS = ("3y", "1y", "on_demand")
CHIP_FIELDS = (
    "name",
    "manufacturer",
    "kind",
    "family",
    "release_date",
    "tdp_w",
    "peak_flops",
    "peak_format",
    "memory_bytes",
)
OF_CELLS = {"numbers": "number", "dates": "date"}
"""Kinds of ranges, and of their cells."""
PRICE_KINDS = ("purchase", "cloud_3y", "cloud_1y", "cloud_on_demand")


@dataclass(frozen=True)
class Argument:
    """One argument of a function.

    Parameters
    ----------
    name : str
        A valid name in Python and in VBA.
    text : str
        What the function wizard says, at most 255 characters.
    kind : str
        How a cell is read: "chip", "text", "number", "date", "month", "year", "flag", "vendor",
        "edition" or "choice". "numbers" and "dates" are whole ranges of them.
    unit : str
    optional : bool
    limits : mapping
        Bounds of a number: above, at_least, at_most, below.
    choices : tuple of str
        What a choice may be; the first is the default.
    """

    name: str
    text: str
    kind: str = "number"
    unit: str = ""
    optional: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    @property
    def is_range(self):
        """Whether it is a whole range of cells."""
        return self.kind in OF_CELLS

    def of_a_cell(self):
        """The same argument, of one cell of its range."""
        return replace(self, kind=OF_CELLS[self.kind])


CHIP = Argument("chip", "Chip: its name, such as NVIDIA H200 SXM, or its family, such as H100", "chip")
CHIPS = Argument("chips", "Number of chips", unit="chip", limits=LIMITS["chips"])
HOURS = Argument("hours", "Training time in hours", unit="hour", limits=LIMITS["hours"])
START = Argument("start", "First day of training; the month of the price edition where left out", "date", optional=True)
ORGANIZATION = Argument(
    "organization",
    "Who trains: decides how efficient the data centre is; not a hyperscaler where left out",
    "text",
    optional=True,
)
METHOD = Argument(
    "method",
    "How hardware is amortized: market (where left out), market_exact or straight_line",
    "choice",
    optional=True,
    choices=METHODS,
)
COMMITMENT = Argument(
    "commitment",
    "Rental contract: 3y (where left out), 1y or on_demand",
    "choice",
    optional=True,
    choices=COMMITMENTS,
)
VENDOR = Argument(
    "vendor", "Only this cloud vendor; the usual order of vendors where left out", "vendor", optional=True
)


def level_argument(usual):
    """How much a range holds, where `usual` counts when it is left out."""
    return Argument(
        "level",
        f"Share of all cases that a range holds, above 0 and below 1; {usual:g} where left out",
        unit="share",
        optional=True,
        limits={"above": 0, "below": 1},
    )


ON_DATE = Argument(
    "on_date", "Start of the run that it is for; the month of the price edition where left out", "date", optional=True
)
