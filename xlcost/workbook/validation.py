"""What may be typed into a cell, and what is said when it is chosen."""

from __future__ import annotations

import math

from openpyxl.worksheet.datavalidation import DataValidation

from ..budget.sheet_inputs import LIMITS
from ..references import Range

LONGEST_TITLE, LONGEST_PROMPT, LONGEST_ERROR = 32, 255, 225
"""Excel's limits. [characters]"""


def _rule(limit):
    """What Excel calls a limit."""
    if limit.above != -math.inf:
        return dict(operator="greaterThan", formula1=_digits(limit.above))
    if limit.at_most == math.inf:
        return dict(operator="greaterThanOrEqual", formula1=_digits(limit.at_least))
    return dict(operator="between", formula1=_digits(limit.at_least), formula2=_digits(limit.at_most))


def _digits(number):
    """A number without an exponent."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _type(name, limit):
    """What Excel calls the kind of number."""
    return "date" if name == "date" else "whole" if limit.is_whole else "decimal"


RULES = {
    **{name: dict(type=_type(name, limit), **_rule(limit)) for name, limit in LIMITS.items()},
    "any": dict(type=None),
}


def validation_of(kind, title, text, strict):
    """A validation for cells that are added to it; see `xlcost.workbook.sheet.Sheet.validate`."""
    if isinstance(kind, Range):
        rule = dict(type="list", formula1=kind.text)
    elif isinstance(kind, list):
        rule = dict(type="list", formula1='"' + ",".join(kind) + '"')
    else:
        rule = RULES[kind]
    validation = DataValidation(
        allow_blank=True,
        showInputMessage=True,
        promptTitle=title[:LONGEST_TITLE] or None,
        prompt=text[:LONGEST_PROMPT] or None,
        **rule,
    )
    if kind != "any":
        validation.showErrorMessage, validation.errorStyle = True, "stop" if strict else "warning"
        validation.errorTitle, validation.error = title[:LONGEST_TITLE] or None, text[:LONGEST_ERROR] or None
    return validation
