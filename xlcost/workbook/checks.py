"""The Checks sheet: what must hold, whether it does, and one master check for the Cover."""

from __future__ import annotations

from itertools import takewhile
from types import SimpleNamespace

import numpy as np

from ..columns import LIMITS
from ..dates import EARLIEST, LATEST, to_serial
from ..development import COMPONENTS, TOTAL
from ..equations.parameters import ASSUMPTIONS, PURCHASE_ASSUMPTIONS
from ..experts import QUESTIONS
from ..formula import Term, literal
from ..model import METHODS
from ..references import Range
from ..runs import DATES
from ..staffing import LIMITS as STAFF_LIMITS
from ..staffing import PEOPLE
from ..totals import (
    count_errors,
    count_filled,
    count_inverted,
    count_numbers,
    count_outside,
    count_text,
    count_where,
    gap,
    to_the_cent,
    total,
)
from .wording import MOVE_UP

NAME = "Checks"
OK, WRONG = "OK", "CHECK"
"""What a line says; that it is wrong, in the words of the language. Whoever asks compares with OK alone."""
FIRST = 5
NAMED = 5
"""Lines that are named where a workbook is written: the others stand on the sheet."""

MOST = max(limits["at_most"] for limits in QUESTIONS.values())
LEVELS = 1e-6, 1 - 1e-6
DAYS = dict(at_least=float(to_serial(EARLIEST)), at_most=float(to_serial(LATEST)))


def write_checks(book, sheet, summary, costs, runs, inputs, staff, pool, developed, levels, others=()):
    """Fill the sheet; returns the master check's cell.

    Parameters
    ----------
    others : iterable of tuple
        Further lines: label, found, expected, advice; what is expected is an amount, or none where it is 0.
    """
    amounts = (summary.total, summary.own, summary.cloud, developed.parts[TOTAL].moments.mean)
    of_costs = (
        *_checks(summary, costs, runs, inputs),
        *_development_checks(sheet, inputs, staff, pool, developed, levels),
    )
    # Amounts to the cent, counts as such.
    are_amounts = [any(line[2] is amount for amount in amounts) for line in of_costs]
    are_amounts += [isinstance(line[2], Term) for line in others]
    return put_lines(book, sheet, (*of_costs, *others), are_amounts)


def put_lines(book, sheet, lines, are_amounts, see="Shown on the Cover"):
    """Put what must hold on the sheet; returns the master check's cell.

    Parameters
    ----------
    lines : iterable of tuple
        Label, found, expected, advice.
    are_amounts : iterable of bool
        Whether a line's figures are amounts to the cent, and no counts.
    see : str
        Where the master check is shown.
    """
    sheet.widths({"A": 72, "B": 18, "C": 18, "D": 14, "E": 9, "F": 90})
    sheet.put("A1", "Checks", style="title")
    sheet.put(
        "A2",
        "Every line must say OK. Two sums agree when they differ by less than half a cent, or a trillionth of them.",
        style="subtitle",
    )
    for letter, text in zip(
        "ABCDEF", ("What must hold", "Found", "Expected", "Difference", "Check", "What to do if not")
    ):
        sheet.put(f"{letter}{FIRST - 1}", text, style="heading_right" if letter in "BCD" else "heading")
    row, wrong = FIRST, sheet.text(WRONG)
    for (label, found, expected, advice), is_amount in zip(lines, are_amounts):
        number_format = "cents" if is_amount else "count"
        sheet.put(f"A{row}", label, style="label_wrapped")
        left = sheet.put(f"B{row}", found, style="number", format=number_format)
        right = sheet.put(f"C{row}", expected, style="number", format=number_format)
        found_gap = sheet.put(f"D{row}", gap(left, right), style="number", format=number_format)
        # An error anywhere above must turn the line red, not disappear.
        agrees = Term(
            f'IF(ISNUMBER({found_gap._text}),IF({found_gap._text}=0,"{OK}","{wrong}"),"{wrong}")',
            OK if found_gap.value == 0 else wrong,
        )
        sheet.put(f"E{row}", agrees, style="check")
        sheet.put(f"F{row}", advice, style="note_wrapped")
        row += 1
    said = sheet.range("E", FIRST, row - 1)
    sheet.put(f"A{row + 1}", "Master check", style="total_label")
    failing = len(said) - count_where(said, OK)
    master = sheet.put(f"E{row + 1}", np.where(failing == 0, OK, wrong), style="check_total")
    sheet.put(f"F{row + 1}", see, style="note")
    for cells in (f"E{FIRST}:E{row - 1}", f"E{row + 1}"):
        sheet.conditional(cells, f'{cells.partition(":")[0]}="{OK}"', "ok")
        sheet.conditional(cells, f'{cells.partition(":")[0]}<>"{OK}"', "wrong")
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(title_rows=f"{FIRST - 1}:{FIRST - 1}")
    book.name("master_check", master)
    return master


def need_a_look(sheet):
    """How many lines of the sheet are not OK and which come first, in a sentence; "" where all are."""
    last = sheet.height_of_cells()
    lines = zip(*(sheet.values(letter, FIRST, last) for letter in "AE"))
    # The master check stands apart, below an empty row.
    labels = [label for label, said in takewhile(lambda line: line[0] is not None, lines) if said != OK]
    if not labels:
        return ""
    count = f"{len(labels)} checks need" if len(labels) > 1 else "1 check needs"
    named = [*labels[:NAMED], *["…"] * (len(labels) > NAMED)]
    return f"{count} a look: {'; '.join(named)}; see the sheet {sheet.name}"


def _checks(summary, costs, runs, inputs):
    """What must hold: label, found, expected, advice."""
    none = 0.0
    named = count_filled(runs.ranges["run"])
    departments = summary.by_department
    advice = "See Approaches, by department"
    yield "Runs: the departments add up to the total", departments["C"], summary.total, advice
    yield "Runs: the departments add up to all runs on own hardware", departments["E"], summary.own, advice
    yield "Runs: the departments add up to all runs in the cloud", departments["F"], summary.cloud, advice
    yield (
        "Runs: the ways of sourcing add up to the total",
        summary.by_sourcing,
        summary.total,
        "See Approaches, by sourcing",
    )
    yield (
        "Runs: the components add up to the total",
        summary.by_component,
        summary.total,
        "See Approaches, by component",
    )
    yield (
        "Every run has a budget cost",
        summary.runs,
        named,
        "The note on Costs says what is missing; your own price or power figure completes a chip",
    )
    yield from of_runs(costs, runs)
    parameters = ASSUMPTIONS | PURCHASE_ASSUMPTIONS
    bounds = [(term, 0.0, parameters[name].at_most) for name, term in inputs.assume.items()]
    bounds.append((inputs.edition_month, *DAYS.values()))
    yield (
        "Assumptions that cannot be",
        _sum(_is_outside(*bound) for bound in bounds),
        none,
        "On Inputs, numbers are 0 or more, shares at most 1 (100%)",
    )
    method = inputs.method
    known = ",".join(f"{method._text}={literal(name)}" for name in METHODS)
    yield ("Amortization methods that there are not", Term(f"IF(OR({known}),0,1)", 0.0), none, "Choose one on Inputs")


def of_runs(costs, runs):
    """What must hold of runs and their costs, whatever else is in the workbook: label, found, expected, advice."""
    filled, ranges = runs.ranges, costs.ranges
    none, named = 0.0, count_filled(filled["run"])
    yield "Every run has a chip", count_filled(filled["chip"]), named, "Fill name and chip in the same rows of Runs"
    yield (
        "Runs whose chip is not in the price list",
        count_errors(ranges["chip_row"]),
        none,
        "On Runs, choose the chip from the list; Costs shows #N/A in the run's row, and so do all totals",
    )
    yield (
        "Runs of a name that another run above has",
        total(ranges["name_taken"]),
        none,
        "Give runs of the same name different names",
    )
    yield "Costs that show an error", count_errors(_block(costs)), none, "Look for #N/A and other errors on Costs"
    yield (
        "Runs under the last row that is computed",
        Term(f"COUNTA({runs.beyond})", 0.0),
        none,
        MOVE_UP,
    )
    yield (
        "Numbers of runs that cannot be",
        _sum(count_outside(filled[name], **limits) for name, limits in LIMITS.items()),
        none,
        "Numbers are above 0 (an electricity price may be 0), MFU at most 1 (100%), an experiment factor at least 1",
    )
    yield (
        "Dates of runs that cannot be",
        _sum(count_outside(filled[name], **DAYS) for name in DATES),
        none,
        "Dates lie from 1990 to 2099",
    )
    yield (
        "Numbers of runs that are text",
        _sum(count_text(filled[name]) for name in (*LIMITS, *DATES)),
        none,
        "Type numbers and dates as such, without units",
    )


def _development_checks(sheet, inputs, staff, pool, developed, levels):
    """What must hold of people, experts' answers and development costs."""
    none, parts = 0.0, developed.parts
    staff, under = staff.ranges, {"Staff": staff.beyond, "Experts": pool.beyond}
    whole = parts[TOTAL].moments.mean
    yield (
        "The components of the development cost add up to it",
        _sum(parts[name].moments.mean for name in COMPONENTS),
        whole,
        "See Development, all runs together",
    )
    yield (
        "All people are in the development cost",
        to_the_cent(total(staff["cost_mean"]) - parts["staff"].moments.mean),
        none,
        "On Staff, name a run that is on Runs and whose cost on own hardware is known",
    )
    yield from of_staff(staff)
    yield from of_rows_under(sheet, under)
    answers = pool.ranges
    yield (
        "Answers on Experts that cannot be",
        _sum(
            [
                count_filled(answers["expert"]) - count_numbers(answers["log_middle"]),
                count_inverted(answers["low"], answers["high"]),
                *(count_outside(answers[end], above=0, at_most=MOST) for end in ("low", "high")),
            ]
        ),
        none,
        "On Experts, an answer names its expert and has a low and a high end, both above 0, the low one first",
    )
    yield (
        "Staff, experts and development costs that show an error",
        _sum(count_errors(_block(SimpleNamespace(ranges=ranges))) for ranges in (staff, pool.ranges, developed.ranges)),
        none,
        "Look for #NUM! and other errors on Staff, Experts and Development",
    )
    wrong = [_is_no_range(each) for each in inputs.project.values()]
    wrong += [_is_outside(level, *LEVELS) for level in levels]
    yield (
        "Ranges that cannot be",
        _sum(wrong),
        none,
        "A low end is above 0 and not above the high end (Inputs); ranges hold less than all cases (Inputs, Trend)",
    )


def of_staff(staff, has_rates=True):
    """What must hold of the columns of Staff; where there are no exchange rates, only pay in US dollars has a cost."""
    none = 0.0
    given = [staff[name] for name in ("people", "person_months_low")]
    yield (
        "Rows of Staff without a cost",
        _sum(count_filled(cells) if has_rates else _count_both(cells, staff["units_per_usd"]) for cells in given)
        - _sum(count_numbers(staff[name]) for name in ("employees_mean", "contractors_mean")),
        none,
        "On Staff, people go together with a share of time and years, person-months with a monthly rate; a currency is "
        "one of those that can be chosen",
    )
    yield (
        "Numbers on Staff that cannot be",
        _sum(
            [
                count_outside(staff["people"], **PEOPLE),
                *(
                    count_outside(staff[f"{name}_{end}"], **limits)
                    for name, limits in STAFF_LIMITS.items()
                    for end in ("low", "high")
                ),
                *(count_inverted(staff[f"{name}_low"], staff[f"{name}_high"]) for name in STAFF_LIMITS),
                *(count_text(staff[name]) for name in ("people", *(f"{name}_low" for name in STAFF_LIMITS))),
            ]
        ),
        none,
        "Numbers are above 0, a share of time at most 1.5, the high end of a range not below its low end",
    )


def of_rows_under(sheet, beyond):
    """Nothing may stand under the rows that are computed; `beyond` has the cells there by the names of sheets."""
    for name, cells in beyond.items():
        yield (
            sheet.sentence("Cells under the last row of {sheet} that is computed", sheet=sheet.text(name)),
            Term(f"COUNTA({cells})", 0.0),
            0.0,
            MOVE_UP,
        )


def _sum(terms):
    first, *others = terms
    for term in others:
        first = first + term
    return first


def _count_both(one, other):
    """Number of rows in which both cells hold a number."""
    value = float((~np.isnan(one.values) & ~np.isnan(other.values)).sum())
    return Term(f"SUMPRODUCT(ISNUMBER({one._text})*ISNUMBER({other._text}))", value)


def _block(costs):
    """All cells of the calculation."""
    names = list(costs.ranges)
    start = costs.ranges[names[0]]._text.partition(":")[0]
    end = costs.ranges[names[-1]]._text.partition(":")[2]
    return Range(f"{start}:{end}", [])


def _is_outside(term, at_least, at_most):
    """1 where a cell holds no number, or one that does not keep its bounds."""
    upper = "" if at_most == np.inf else f",{term._text}>{literal(at_most)}"
    return Term(f"IF(ISNUMBER({term._text}),IF(OR({term._text}<{literal(at_least)}{upper}),1,0),1)", 0.0)


def _is_no_range(each):
    """1 where one of the ends is no number or they do not follow each other."""
    low, high = each.low._text, each.high._text
    return Term(f"IF(AND(ISNUMBER({low}),ISNUMBER({high})),IF(OR({low}<=0,{high}<{low}),1,0),1)", 0.0)
