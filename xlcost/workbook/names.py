"""The Names sheet: what chips and vendors may be called, for functions without Python."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

NAME = "Names"
HEADING, FIRST = 4, 5


def write_names(sheet, facts):
    """Fill the sheet.

    Returns
    -------
    types.SimpleNamespace
        chips and vendors: what is typed and what it means, each a pair of Ranges.
    """
    sheet.widths({"A": 30, "B": 40, "C": 3, "D": 30, "E": 30})
    sheet.put("A1", "Names", style="title")
    sheet.put(
        "A2",
        "What a chip and a vendor may be called in a function. Blanks, hyphens and capitals of a chip's name do not "
        "matter; a family's name means its default variant.",
        style="subtitle",
    )
    typed = facts.names.by_key
    chips = _pair(sheet, "AB", ("Chip, without blanks and hyphens", "Means"), list(typed), list(typed.values()))
    spelled = dict(sorted(facts.vendor_spellings.items()))
    vendors = _pair(sheet, "DE", ("Vendor", "Means"), list(spelled), list(spelled.values()))
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(title_rows=f"{HEADING}:{HEADING}", landscape=False)
    return SimpleNamespace(chips=chips, vendors=vendors)


def _pair(sheet, letters, headings, *columns):
    ranges = []
    for letter, heading, values in zip(letters, headings, columns):
        sheet.put(f"{letter}{HEADING}", heading, style="heading")
        ranges.append(sheet.column(letter, FIRST, np.array(values, dtype=object)).range)
    return tuple(ranges)
