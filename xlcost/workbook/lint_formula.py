"""Reading names, references and formulas as Excel reads them, for the lint."""

from __future__ import annotations

import re
from types import SimpleNamespace

from openpyxl.utils import column_index_from_string

from .. import excel_limits

ARRAY_SAFE = {"SUMPRODUCT"}
"""Within these Excel computes with whole ranges in a plain formula, but not within an IF or IFERROR inside of them."""
NEVER_ARRAY = {"IF", "IFERROR", "_xlfn.IFNA"}

READS_AS_CELL = re.compile(r"[A-Z]{1,3}\d+", re.IGNORECASE)
_READS_AS_ROW_COLUMN = re.compile(r"R\d*(C\d*)?|C\d*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Texts and quoted sheet names are passed over, so that only references are rewritten.
_REFERENCE = re.compile(r""""(?:[^"]|"")*"|'(?:[^']|'')*'!|(?<![\w.$])(\$?[A-Z]{1,3})(\$?)([1-9]\d{0,6})(?![\w.(!])""")
_MANY_CELLS = re.compile(r"(.*!)?\$?[A-Z]*\$?\d*:\$?[A-Z]*\$?\d*")


def name_problem(name):
    """What Excel has against a name for a cell, a formula or a table; None if nothing.

    >>> name_problem("GPU2")
    'reads as a cell'
    """
    if not _NAME.fullmatch(name) or len(name) > 255:
        return "is no valid name: letters, digits, points and underscores, not beginning with a digit, at most 255"
    column = name.rstrip("0123456789").upper()
    if READS_AS_CELL.fullmatch(name) and column_index_from_string(column) <= excel_limits.COLUMNS:
        return "reads as a cell"
    if _READS_AS_ROW_COLUMN.fullmatch(name):
        return "reads as a row or column"
    return None


def text_of(node):
    """The text of a string item, in one or several runs."""
    return "".join(part.text or "" for part in node.iterfind("{*}t")) + "".join(
        part.text or "" for part in node.iterfind("{*}r/{*}t")
    )


def unescape(text):
    """Text as Excel reads it: ``_x000A_`` is a new line."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def relative(formula, row):
    """A formula as it reads from its own row, with "=": the same for every row of a filled column.

    >>> relative("B7*Inputs!$C$8-B6", 7)
    '=B↓0*Inputs!$C$8-B↑1'
    """

    def rewrite(found):
        column, fixed, number = found.groups()
        if column is None or fixed:
            return found[0]
        down = int(number) - row
        return f"{column}{'↓' if down >= 0 else '↑'}{abs(down)}"

    return "=" + _REFERENCE.sub(rewrite, formula)


def array_arithmetic(tokens):
    """Whether a plain formula computes with a whole range outside SUMPRODUCT, where Excel takes one cell of it."""
    # Of every open bracket: the function's name ("" for none), and whether a range and an operator stood in it.
    levels = [SimpleNamespace(name="", range=False, operator=False)]
    for token in tokens:
        level = levels[-1]
        if token.subtype == "OPEN" and token.type in ("FUNC", "PAREN"):
            levels.append(SimpleNamespace(name=token.value[:-1].lstrip(":@").upper(), range=False, operator=False))
        elif token.type.startswith("OPERATOR"):
            level.operator |= token.value not in (":", ",")
        elif token.type == "OPERAND" and token.subtype == "RANGE":
            level.range |= _is_many(token.value.lstrip(":"))
        if token.type == "SEP" or token.subtype == "CLOSE" and len(levels) > 1 or token is tokens[-1]:
            if level.range and level.operator:
                names = [each.name for each in levels if each.name]
                safe = max((depth for depth, name in enumerate(names) if name in ARRAY_SAFE), default=None)
                if safe is None:
                    return ["it computes with a whole range outside SUMPRODUCT: Excel would take one cell of it"]
                if inside := [name for name in names[safe:] if name in NEVER_ARRAY]:
                    return [
                        f"it computes with a whole range in {inside[0]} within SUMPRODUCT: "
                        "Excel would take one cell of it"
                    ]
            if token.type == "SEP":
                level.range = level.operator = False
            elif token.subtype == "CLOSE" and len(levels) > 1 and token.type in ("FUNC", "PAREN"):
                levels.pop()
                levels[-1].range |= level.range and token.type == "PAREN"
    return []


def _is_many(reference):
    if "[" in reference and "]" in reference:
        return "@" not in reference and "#This Row" not in reference
    return _MANY_CELLS.fullmatch(reference.replace("↓", "").replace("↑", "")) is not None
