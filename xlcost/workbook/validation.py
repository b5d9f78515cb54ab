"""What may be typed into a cell, and what is said when it is chosen."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from ..references import Range

LONGEST_TITLE, LONGEST_PROMPT, LONGEST_ERROR = 32, 255, 225
"""Excel's limits. [characters]"""

RULES = {
    "not negative": dict(type="decimal", operator="greaterThanOrEqual", formula1="0"),
    "at least 1": dict(type="decimal", operator="greaterThanOrEqual", formula1="1"),
    "share or 0": dict(type="decimal", operator="between", formula1="0", formula2="1"),
    "positive": dict(type="decimal", operator="greaterThan", formula1="0"),
    "share": dict(type="decimal", operator="between", formula1="0.000001", formula2="1"),
    "level": dict(type="decimal", operator="between", formula1="0.000001", formula2="0.999999"),
    "date": dict(type="date", operator="between", formula1="32874", formula2="73050"),
    "any": dict(type=None),
}


def validation_of(kind, title, text, strict):
    """A validation for cells that are added to it; see `xlcost.workbook.book.Sheet.validate`."""
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
