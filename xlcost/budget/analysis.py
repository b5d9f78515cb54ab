"""What people set on Buy or rent, Trend, Outlook and among the ranges of Inputs: every such cell, said once."""

from __future__ import annotations

from ..equations import geometric_middle
from ..equations.parameters import DEPRECIATION_RATE, ENERGY_PRICE_FACTOR, HALVING_TIME, PROJECT_ASSUMPTIONS
from ..experts import POOLINGS
from ..trend import BILLION, LARGEST
from ..trend import LEVEL as TREND_LEVEL
from ..uncertainty import LEVEL, Range
from .sheet_inputs import EMPTY, Block, Input, Listed

# --- Buy or rent: the fleet and its use, a loan, an external model, expected benefits

MONTH_END, MID_YEAR, YEAR_END = "month end", "mid-year", "end of year"
TIMINGS = MONTH_END, MID_YEAR, YEAR_END
YEARS = 5
"""Most years that are planned for."""
MOST = 1e7
"""Chips of a fleet beyond all that was ever heard of. A text counts as more than any number."""

_FLEET = (
    Input("chip", "Chip", None, "text", "from the list on Prices", "any", "A chip of the list on Prices"),
    Input("chips", "Chips", 1000.0, "count", "chips", "whole", "How many the fleet has", MOST),
    Input("organization", "Organization", "", "text", "may be empty", "any", "Decides PUE and the cloud asked first"),
    Input(
        *("start", "Start", None, "date", "date", "date"),
        "Prices are those of this day; of the price list's month where empty",
        may_be_empty=True,
    ),
    Input(
        *("years", "Years planned", 3.0, "count", "whole years, 1 to 5"),
        *(tuple(str(year) for year in range(1, YEARS + 1)), "1 to 5 whole years"),
    ),
    Input(
        *("use", "Expected use", 0.6, "share", "share of all hours"),
        *("share or 0", "From 0% to 100% of the hours of a year"),
    ),
    Input(
        *("timing", "Costs and benefits fall due at", MONTH_END, "text", ", ".join(TIMINGS), TIMINGS),
        "The purchase is paid at the start, the sale at the end, a loan by month",
    ),
    Input(
        *("installation", "Installation, once", 0.0, "money", "USD", "not negative"),
        "What it takes to set the hardware up, paid at the start",
        if_empty=0.0,
    ),
)
_LOAN = (
    Input(
        *("borrowed", "Share that is borrowed", 0.0, "share", "of the purchase", "share or 0", "0 for none"),
        if_empty=0.0,
    ),
    Input(
        *("interest", "Interest on the loan", 0.1, "share", "a year, effective: set your own", "share or 0"),
        "Compounded: at the discount rate a loan changes nothing",
    ),
    Input(
        *("term", "Term of the loan", 3.0, "tenths", "years: set your own", "positive"),
        "Paid back in equal amounts a month; what is left at the end of the plan is paid then",
        MOST,
    ),
)
_EXTERNAL = (
    Input(
        *("price", "External model: price", EMPTY, "price", "USD/million tokens"),
        *("not negative", "What is paid instead of training; with the amount empty too, fine-tuning alone is compared"),
        may_be_empty=True,
    ),
    Input(
        *("tokens", "External model: amount", EMPTY, "count", "million tokens/month"),
        *("not negative", "What is used in a month; with the price empty too, fine-tuning alone is compared"),
        may_be_empty=True,
    ),
    Input(
        *("fine_tuning", "External model: fine-tuning", EMPTY, "money", "USD, once; may be empty"),
        *("not negative", "Paid at the start"),
        may_be_empty=True,
    ),
)
BUY_OR_RENT = Block("buy_or_rent", "Buy or rent", "What you set", "G", "I", (*_FLEET, *_LOAN, *_EXTERNAL))
BENEFIT_KIND = "not negative"
BENEFITS = Listed(
    *("buy_or_rent", "benefits", BUY_OR_RENT.sheet, "Benefit", "All benefits", 8),
    {
        "A": Input("benefit", "Benefit", "", "text", "", "any"),
        **{
            letter: Input(
                *(f"year_{year}", f"Year {year} [USD]", EMPTY, "money", "USD", BENEFIT_KIND), may_be_empty=True
            )
            for year, letter in enumerate("BCDEF"[:YEARS], start=1)
        },
        "G": Input("source", "Source or owner", "", "text", "", "any"),
    },
)

# --- Trend: which public models count, and what is asked of them

CHIP_KINDS = ("all", "GPU", "TPU", "other")
OF_CHIPS = "kind of chip"
"""Tells the kinds of chips apart from other texts that are the same in English."""
UTMOST = 30.0
"""Orders of magnitude beyond which a figure means nothing, and soon is none that a spreadsheet can hold."""
TREND = Block(
    *("trend", "Trend", "What counts", "A", "B"),
    (
        Input("largest", "Among so many largest by compute when published", float(LARGEST), "count", "", "at least 1"),
        Input("first_year", "Published from the year", None, "year", "", "positive"),
        Input("last_year", "Published up to the year", None, "year", "", "positive"),
        Input(
            *("kind", "Kind of chip", CHIP_KINDS[0], "text", ", ".join(CHIP_KINDS), CHIP_KINDS),
            of=OF_CHIPS,
        ),
        Input("level", "Ranges hold", TREND_LEVEL, "share", "of all cases", "level"),
        Input("threshold", "Cost that is to be reached", BILLION, "money", "USD", "positive", most=10.0**UTMOST),
    ),
)

# --- Outlook: rates of one's own

TOO_WIDE = 1000.0
"""A growth that may be so many times a year is none that is known."""
_OWN = "A figure of your own, or empty: as published"
OUTLOOK = Block(
    *("outlook", "Outlook", "What this assumes", "A", "B"),
    (
        Input(
            *("growth", "Growth of the frontier's cost", EMPTY, "growth", "times as much each year", "positive", _OWN),
            *(TOO_WIDE, True),
        ),
        Input(
            *("hardware", "Fall in the price of hardware", EMPTY, "factor", DEPRECIATION_RATE.unit, "not negative"),
            *(_OWN, 3.0, True),
        ),
        Input(
            *("algorithms", "Computing needed halves in", EMPTY, "tenths", HALVING_TIME.unit, "at least 1", _OWN),
            *(TOO_WIDE, True),
        ),
        Input(
            *("base_year", "Base year", "", "text", "", "fiscal year"),
            "A fiscal year, or empty: the one with the largest budget",
            may_be_empty=True,
        ),
    ),
)

# --- Inputs: what ranges hold, and the ranges themselves

RANGES = Block(
    *("ranges", "Inputs", "Ranges", "A", "B"),
    (
        Input(
            *("level", "Ranges that come out hold", LEVEL, "share", "share of cases", "level"),
            "A share of all cases, above 0 and below 1 (100%)",
        ),
        Input(
            *("pooling", "Experts' answers are put together by", POOLINGS[0], "text", "", POOLINGS),
            "geometric or mixture",
        ),
    ),
)
UNCERTAIN = {**PROJECT_ASSUMPTIONS, "energy_price_factor": ENERGY_PRICE_FACTOR}
"""What a development takes beside its final run: figures whose ranges can be set, by name."""
LOW, MIDDLE, HIGH, NAME = "D", "B", "E", "G"
"""Columns of a range on Inputs, and of the name that it goes by."""
AROUND = ("energy_price_factor",)
"""Ranges around a figure of their own, which can be set too; the middle of all others is that of their ends."""

BLOCKS = BUY_OR_RENT, TREND, OUTLOOK, RANGES


def ends_of(name, told):
    """Low end, high end and middle of a range, as settings have it or as it is published.

    >>> ends_of("experiment_factor", {"experiment_factor": [1.0, 4.0]}), ends_of("energy_price_factor", {})
    ((1.0, 4.0, 2.0), (0.6, 1.7, 1.0))
    """
    usual = UNCERTAIN[name]
    low, *middle, high = map(float, told.get(name, (usual.low, usual.high)))
    if name in AROUND:
        return low, high, middle[0] if middle else float(usual)
    return low, high, float(geometric_middle(low, high))


def quantity_of(name, told):
    """A range as a quantity that is drawn, or a number where both ends are the same."""
    low, high, middle = ends_of(name, told)
    if low == high:
        return middle
    found = Range(low, high)
    return found.around(middle) if name in AROUND else found


def problems_of_range(name, value):
    """What is wrong with a range of settings; None where nothing is."""
    numbers = value if isinstance(value, (list, tuple)) else ()
    many = (2, 3) if name in AROUND else (2,)
    is_wrong = not all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in numbers)
    if is_wrong or len(numbers) not in many or not all(0 < each < 1e12 for each in numbers) or numbers[0] > numbers[-1]:
        ends = "a low and a high end" if name not in AROUND else "a low end, a middle where it is not 1, and a high end"
        return f"{name} is {_shown(value)}; it must be {ends}, numbers above 0, the low one first"
    return None


def _shown(value):
    if not isinstance(value, (list, tuple)):
        return repr(value)
    return " to ".join("empty" if each is None or each == "" else str(each) for each in value)
