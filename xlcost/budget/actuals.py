"""What was really spent, beside a budget: the tables of it, and how they come back from a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..columns import Column, by_name
from ..comparison import fold
from ..dates import to_serial
from ..filled_tables import TableKind
from ..languages import spellings
from ..project_columns import headings_of
from ..reading import date_of
from ..xlsx_input import NoValue, has_sheet, read_sheet
from .components import COMPONENT_LABELS

ACTUALS_SHEET = "Actuals"
CHARGES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
"""Categories of a charge, as FOCUS names them."""
TAX, CREDIT = "Tax", "Credit"
BILL, ACCRUAL = ENTRIES = ("bill", "accrual")
NET, GROSS = TAXES = ("net", "gross")
CLOSE, TAX_SETTING = "Closed up to", "Tax"
"""Labels of the settings on the sheet Actuals."""

_RUN = Column("run", "Training run", "", "text", "As on Runs")
_DEPARTMENT = Column("department", "Department", "", "text", "From the list on Inputs; that of the run where empty")
_COMPONENT = Column("component", "Component", "", "text", "From the list on Mapping")
_CURRENCY = Column("currency", "Currency", "", "text", "From the list on Calendar; USD where empty")
_COMMENT = Column("comment", "Comment", "", "text", "")

BILL_COLUMNS = by_name(
    Column("month", "Month", "", "month", "Of the charge"),
    Column("amount", "Amount", "currency", "cents", "Of the charge, in its currency"),
    _CURRENCY,
    Column("charge", "Charge", "", "text", "Usage, Purchase, Tax, Credit or Adjustment; Usage where empty"),
    Column("service", "Service", "", "text", "What was bought"),
    Column("account", "Account billed", "", "text", "Who bought it"),
    Column("description", "Description", "", "text", "As the bill has it"),
    Column("hours", "Chip-hours used", "chip-hours", "count", "0 where empty"),
    _RUN,
    _DEPARTMENT,
    _COMPONENT,
)
"""A table of monthly spend, as people make one; an export in FOCUS has columns of its own."""

MAPPING_COLUMNS = by_name(
    Column("column", "Column of the bill", "", "text", "Such as ServiceName, SubAccountName or Tags.project"),
    Column("pattern", "Pattern", "", "text", "Text in that column; * stands for any text"),
    _RUN,
    _DEPARTMENT,
    _COMPONENT,
    Column("chips_per_hour", "Chips of an hour used", "chips", "count", "Where the bill counts servers; 1 where empty"),
    _COMMENT,
)
MAPPING_STEPS = (
    (
        "",
        (
            Column("component_listed", "Components", "", "text", ""),
            Column("component_meaning", "Meaning", "", "text", ""),
        ),
    ),
)
"""What the sheet Mapping shows beside the rules."""

ACCRUAL_COLUMNS = by_name(
    Column("month", "Month", "", "month", "To which the cost belongs"),
    _RUN,
    _DEPARTMENT,
    _COMPONENT,
    Column("amount", "Amount", "currency", "cents", "Not billed yet; below 0 where one is taken back"),
    _CURRENCY,
    _COMMENT,
)

SPEND_COLUMNS = by_name(
    Column("month", "Month", "", "month", "Of the charges"),
    _RUN,
    _DEPARTMENT,
    _COMPONENT,
    _CURRENCY,
    Column("amount", "Amount", "currency", "cents", "Without tax and credits"),
    Column("credits", "Credits", "currency", "cents", "Below 0 where they lower the cost"),
    Column("tax", "Tax", "currency", "cents", "Counts where Actuals says gross"),
    Column("hours", "Chip-hours used", "chip-hours", "count", ""),
    Column("entry", "Entry", "", "text", "bill or accrual"),
    Column("source", "Source of what is not mapped", "", "text", "Service and account, as the bill names them"),
)
SPEND_STEPS = (
    (
        "",
        (
            Column("place", "Month of the budget", "", "place", ""),
            Column("run_number", "Training run, number", "", "place", ""),
            Column("department_number", "Department, number", "", "place", ""),
            Column("component_number", "Component, number", "", "place", ""),
            Column("rate", "Exchange rate", "budget currency", "filled_hourly", ""),
            Column("cost", "Cost", "budget currency", "filled_count", ""),
            Column("counts", "Counts up to the close", "budget currency", "filled_count", ""),
            Column("counts_year", "Counts in the fiscal year", "budget currency", "filled_count", ""),
            Column("hours_counted", "Hours that count", "chip-hours", "filled_count", ""),
        ),
    ),
)
"""What the sheet Spend computes beside what was read."""

_COMPONENTS = tuple(COMPONENT_LABELS)
_MONEY = {"at_least": -1e15, "at_most": 1e15}
_HOURS = {"at_least": 0, "at_most": 1e15}
SPEND_FILE = TableKind(
    "Spend",
    BILL_COLUMNS,
    ("month", "amount"),
    {"amount": _MONEY, "hours": _HOURS},
    {"charge": CHARGES, "component": _COMPONENTS},
)
SPEND = TableKind(
    "Spend",
    SPEND_COLUMNS,
    ("month",),
    {"amount": _MONEY, "credits": _MONEY, "tax": _MONEY, "hours": _HOURS},
    {"entry": ENTRIES},
    computed=headings_of(SPEND_STEPS),
)
MAPPING = TableKind(
    "Mapping",
    MAPPING_COLUMNS,
    ("column", "pattern"),
    {"chips_per_hour": {"above": 0, "at_most": 1e6}},
    {"component": _COMPONENTS},
    computed=headings_of(MAPPING_STEPS),
)
ACCRUALS = TableKind("Accruals", ACCRUAL_COLUMNS, ("month", "amount"), {"amount": _MONEY}, {"component": _COMPONENTS})


@dataclass(frozen=True)
class Actuals:
    """What was spent, and up to which month it is complete.

    Parameters
    ----------
    spend : dict of str to array
        Rows of `SPEND_COLUMNS`: texts, and numbers with NaN where empty.
    mapping : dict of str to array
        Rules of `MAPPING_COLUMNS`, in the order in which they are asked.
    close : float
        First day of the last month of actuals. [day, serial number]
    tax : str
        "net" or "gross": whether tax counts.
    """

    spend: dict
    mapping: dict
    close: float
    tax: str = NET

    @property
    def departments(self):
        """Departments that it names."""
        return np.concatenate([self.spend["department"], self.mapping["department"]])


def actuals_of_workbook(path):
    """The actuals that a workbook keeps, None where it has none.

    Raises
    ------
    XlcostError
        A sentence for every cell that cannot be used.
    """
    if path is None or not has_sheet(path, SPEND.name) or not has_sheet(path, ACTUALS_SHEET):
        return None
    spend = SPEND.read(path)
    labels = {fold(text): label for label in (CLOSE, TAX_SETTING) for text in spellings(label)}
    told = {}
    for _, row in read_sheet(Path(path), ACTUALS_SHEET):
        label = labels.get(fold(str(row[0]))) if row else None
        if label is not None and len(row) > 1 and not isinstance(row[1], NoValue):
            told.setdefault(label, row[1])
    day = told.get(CLOSE)
    close = float(to_serial(np.datetime64(day, "M"))) if date_of(day)[1] is False else last_month(spend)
    tax = told.get(TAX_SETTING)
    return Actuals(spend, MAPPING.read(MAPPING.of(path)), close, tax if tax in TAXES else NET)


def last_month(spend):
    """The last month in which something was spent."""
    return float(np.nanmax(spend["month"])) if len(spend["month"]) else np.nan
