"""The Versions sheet: the budget as it was first set, as it was revised, as it is now, and two of them compared."""

from __future__ import annotations

import numpy as np

from ..budget.components import COMPONENT_LABELS
from ..budget.settings import VERSIONS
from ..budget.settings_sheets import KEY, OF_VERSION, VERSIONS_SHEET
from ..formula import Term, sheet_prefix
from ..lookup import blank_if, is_blank, match, take, text_in
from ..references import Range

NAME = VERSIONS_SHEET
LIVE = "Now"
HEADING, FIRST = 13, 14
LETTERS = "CDEF"
"""The budget now, and the versions that are kept."""
COMPARED = "HIJK"


def write_versions(sheet, plan, views, report, dates, departments):
    """Fill the sheet.

    Parameters
    ----------
    plan : Plan
        `versions` are kept; `settings.version` is made of the budget as it is.
    views : xlcost.workbook.views.Views
    report, dates : types.SimpleNamespace
    departments : Range
    """
    sheet.widths({"A": 40, "B": 26, **dict.fromkeys(LETTERS, 18), "G": 3, **dict.fromkeys(COMPARED, 18)})
    sheet.put("A1", "Versions", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "The budget now, in {money}, beside versions that were kept of it as plain numbers: xlcost budget "
            "--version Original, Revised or Forecast keeps one.",
            money=dates.money,
        ),
        style="subtitle",
    )
    kept = {name: dict(plan.versions.get(name, {})) for name in VERSIONS}
    sections = list(_sections(views, report, dates, departments))
    if plan.settings.version:
        kept[plan.settings.version] |= {key: float(amount.value) for _, rows in sections for key, _, amount in rows}
        kept[plan.settings.version]["currency"] = plan.settings.currency
    currencies = _said_of_each(sheet, kept, dates)
    compared = _heading(sheet, _counts(sheet, sections, kept), currencies)
    row = FIRST
    for title, rows in sections:
        sheet.put(f"A{row}", title, style="section")
        row += 1
        for key, label, amount in rows:
            _row(sheet, row, key, label, amount, kept, compared)
            row += 1
        row += 1
    sheet.freeze(f"C{FIRST}")
    sheet.in_units(f"C{FIRST}:{COMPARED[2]}{row}", dates.units)
    sheet.print_setup(title_rows=f"1:{HEADING}", one_page=False)


def _said_of_each(sheet, kept, dates):
    """Its currency, and who prepared, reviewed and approved a version, and when; gives the row of the currencies."""
    sheet.put("A4", "Version", style="heading")
    sheet.put("B4", "", style="heading")
    for letter, name in zip(LETTERS, (LIVE, *VERSIONS)):
        sheet.put(f"{letter}4", name, style="heading_right")
    currencies = [sheet.put(f"{LETTERS[0]}5", dates.currency, style="value").value]
    for row, (name, label) in enumerate(OF_VERSION.items(), start=5):
        is_date = name in ("prepared", "reviewed", "approved")
        sheet.put(f"A{row}", label, style="label")
        for letter, version in zip(LETTERS[1:], VERSIONS):
            value = kept[version].get(name, float("nan") if is_date else "")
            style, number_format = ("input", "date") if is_date else ("input_text", "text")
            sheet.put(f"{letter}{row}", value, style=style, format=number_format)
            sheet.validate(f"{letter}{row}", "date" if is_date else "any", title=label, text=label)
            if name == "currency":
                currencies.append(str(value))
    return _across(sheet, 5, np.array(currencies, dtype=object))


def _counts(sheet, sections, kept):
    """How many figures are kept of each version."""
    row, last = HEADING - 1, FIRST + sum(len(rows) + 2 for _, rows in sections)
    keys = [key for _, rows in sections for key, _, _ in rows]
    counts = [
        len(keys),
        *(sum(not np.isnan(kept[version].get(key, np.nan)) for key in keys) for version in VERSIONS),
    ]
    sheet.put(f"A{row}", "Figures kept", style="label")
    for letter, count in zip(LETTERS, counts):
        kept_figures = Term(f"COUNT({letter}{FIRST}:{letter}{last})", float(count))
        sheet.put(f"{letter}{row}", kept_figures, style="number", format="place")
    return _across(sheet, row, np.array(counts, dtype=float))


def _heading(sheet, counts, currencies):
    """The names of the versions, and the two that are compared.

    Returns
    -------
    places : list of Term
        Of the two, among the versions.
    missing : Term
        What is said where there are no figures of one of them, or they are in different currencies.
    """
    sheet.put(f"A{HEADING}", "What", style="heading")
    sheet.put(f"B{HEADING}", KEY, style="heading")
    names = [sheet.text(name) for name in (LIVE, *VERSIONS)]
    for letter, name in zip(LETTERS, names):
        sheet.put(f"{letter}{HEADING}", name, style="heading_right")
    first = sheet.put(f"{COMPARED[0]}{HEADING}", names[0], style="input_text")
    second = sheet.put(f"{COMPARED[1]}{HEADING}", names[1], style="input_text")
    sheet.put(f"{COMPARED[0]}{HEADING - 1}", "Two compared: choose them", style="note")
    listed = _across(sheet, HEADING, np.array(names, dtype=object))
    for letter in COMPARED[:2]:
        sheet.validate(f"{letter}{HEADING}", listed, title="Version", text="One of the versions to the left")
    sheet.put(f"{COMPARED[2]}{HEADING}", "Difference", style="heading_right")
    sheet.put(f"{COMPARED[3]}{HEADING}", "as a share of the second", style="heading_right")
    sheet.height(HEADING, 34)
    places = []
    for chosen in (first, second):
        place = match(chosen, listed)
        places.append(Term(place._text, place.value))
    one, other = (take(counts, place) for place in places)
    money = [text_in(take(currencies, place)) for place in places]
    is_known = ~is_blank(money[0]) & ~is_blank(money[1])
    are_unlike = np.where(is_known & (money[0] != money[1]), sheet.text("they are in different currencies"), "")
    said = np.where(one * other > 0, are_unlike, sheet.text("nothing is kept of one of them"))
    return places, sheet.put(f"{COMPARED[2]}{HEADING - 1}", said, style="note")


def _sections(views, report, dates, departments):
    """What is kept: key, label and amount of each row."""
    yield (
        "By fiscal year",
        [
            (f"year:{_year(dates, number)}", dates.years_shown[number], amount)
            for number, amount in enumerate(report.years)
        ],
    )
    yield (
        "By component",
        [(f"component:{name}", label, views.components[name]) for name, label in COMPONENT_LABELS.items()],
    )
    section = views.sections["department"]
    letter, rows = views.axis.total_letter, []
    listed = views.sheet.rows_of(NAME, sum(bool(name) for name in departments.values.tolist()))
    for number in range(listed + 1):
        row = section.first + number
        amount = views.sheet.range(letter, row, row).cell(0)
        amount = Term(amount._text, float(amount.value or 0.0))
        # The first row is of what is not listed.
        name = "" if number == 0 else str(departments.cell(number - 1).value)
        label = views.sheet.range("A", row, row).cell(0)
        rows.append((f"department:{name}", label, Term(f"N({amount._text})", amount.value)))
    yield "By department", rows
    yield "Whole budget", [("total", "Budget of all years", report.total), ("payments", "Payments", report.payments)]


def _year(dates, number):
    return int(dates.first_fiscal_year.value) + number


def _row(sheet, row, key, label, amount, kept, compared):
    places, missing = compared
    sheet.put(f"A{row}", text_in(label) if isinstance(label, Term) else label, style="label")
    sheet.put(f"B{row}", key, style="unit", as_is=True)
    values = [sheet.put(f"{LETTERS[0]}{row}", amount, style="link", format="ledger").value]
    for letter, version in zip(LETTERS[1:], VERSIONS):
        value = kept[version].get(key, float("nan"))
        values.append(sheet.put(f"{letter}{row}", value, style="input", format="ledger").value)
    cells = _across(sheet, row, np.nan_to_num(np.array(values, dtype=float)))
    one, other = (
        sheet.put(f"{letter}{row}", take(cells, place), style="number", format="ledger")
        for letter, place in zip(COMPARED, places)
    )
    difference = sheet.put(
        f"{COMPARED[2]}{row}", np.where(is_blank(missing), one - other, ""), style="result", format="ledger"
    )
    share = blank_if(~is_blank(missing) | (other == 0), difference / np.where(other == 0, 1.0, other))
    sheet.put(f"{COMPARED[3]}{row}", share, style="number", format="share")


def _across(sheet, row, values):
    text = f"{sheet_prefix(sheet.name)}${LETTERS[0]}${row}:${LETTERS[-1]}${row}"
    return Range(text, values)
