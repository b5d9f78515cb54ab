"""The Experts sheet: who says what, and what all answers to a question come to together, live."""

from __future__ import annotations

import numpy as np

from ..comparison import fold
from ..equations import geometric_middle, log_spread, mixture_log_spread, range_end
from ..experts import NAME, QUESTIONS
from ..formula import Term, literal
from ..lookup import take
from ..project_columns import ANSWER_COLUMNS, ANSWER_STEPS
from .calculation import Calculation
from .filled import Filled

__all__ = ["NAME", "write_experts"]

GROUP, HEADING, FIRST = 4, 5, 6
SPARE = 20
"""Empty rows under the answers that count as soon as they are filled."""
WIDTHS = {
    "run": 18,
    "role": 16,
    "question": 20,
    "expert": 16,
    **dict.fromkeys(("low", "high"), 9),
    "date": 11,
    "comment": 34,
}
TALK = "Nothing in common with another answer: talk to both"


def write_experts(sheet, answers, runs, inputs):
    """Fill the sheet.

    Parameters
    ----------
    answers : dict of str to array
        As `xlcost.experts.read_answer_columns` gives them.
    runs, inputs : types.SimpleNamespace

    Returns
    -------
    Pool
    """
    sheet.put("A1", "Experts", style="title")
    sheet.put(
        "A2",
        "Ask people who know: each gives a low and a high end, between which the figure is in 9 of 10 cases. What they "
        "say takes the place of the ranges on Staff and Inputs.",
        style="subtitle",
    )
    sheet.put(
        "A3",
        "What can be asked stands on Inputs, under Development of a model. An answer for a role counts before one for "
        "all roles, then one for a run before one for all runs. Where two answers have nothing in common, no mean is "
        "taken: each may be right.",
        style="remark",
    )
    filled = Filled(sheet, ANSWER_COLUMNS, answers, HEADING, SPARE, WIDTHS)
    filled.validate("run", runs.ranges["run"], strict=True)
    filled.validate("role", "any")
    filled.validate("question", list(QUESTIONS), "what each means stands on Inputs")
    filled.validate("expert", "any")
    for end in ("low", "high"):
        filled.validate(end, "positive")
    filled.validate("date", "date")
    filled.validate("comment", "any")
    pool = _pooled(sheet, filled, inputs)
    sheet.height(HEADING, 48)
    sheet.freeze(f"E{FIRST}")
    sheet.print_setup(title_rows=f"{GROUP}:{HEADING}")
    sheet.worksheet.print_area = f"A1:{pool.letters['note']}{filled.last}"
    return pool


def _pooled(sheet, filled, inputs):
    given, ranges = filled.terms, filled.ranges
    steps = Calculation(sheet, ANSWER_STEPS, FIRST, begin=len(ANSWER_COLUMNS) + 1, styles={"note": "text"})
    steps.headings(GROUP, HEADING)
    z = inputs.ranges.given_z
    middle = steps("log_middle", np.log(geometric_middle(given["low"], given["high"])))
    steps("log_spread", log_spread(given["low"], given["high"], z))
    same = _SameQuestion(filled, middle)
    answers = steps("answers", same.total(f"ISNUMBER({steps.ranges['log_middle']._text})"))
    low, high = given["low"], given["high"]
    apart = (
        f"ISNUMBER({steps.ranges['log_middle']._text})"
        f"*(({ranges['high']._text}<{low._text})+({ranges['low']._text}>{high._text}))"
    )
    with np.errstate(invalid="ignore"):
        is_apart = (high.value[None, :] < low.value[:, None]) | (low.value[None, :] > high.value[:, None])
    contradicted = steps("contradicted", same.total(apart, is_apart))
    contradictions = steps("contradictions", same.total(steps.ranges["contradicted"]))
    means = {}
    for name, factors in (
        ("mean_log", ("log_middle",)),
        ("mean_square_log", ("log_middle", "log_middle")),
        ("mean_spread", ("log_spread",)),
        ("mean_square_spread", ("log_spread", "log_spread")),
    ):
        means[name] = steps(name, same.total(*(steps.ranges[factor] for factor in factors)) / answers)
    pooled_median = steps("pooled_median", np.exp(means["mean_log"]))
    is_mixture = (answers > 1) & ((inputs.ranges.pooling == "mixture") | (contradictions > 0))
    mixed = mixture_log_spread(means["mean_square_spread"], means["mean_square_log"], means["mean_log"])
    pooled_spread = steps("pooled_log_spread", np.where(is_mixture, mixed, means["mean_spread"]))
    steps("pooled_low", range_end(pooled_median, pooled_spread, -z))
    steps("pooled_high", range_end(pooled_median, pooled_spread, z))
    steps("note", np.where(contradicted > 0, sheet.text(TALK), ""))
    steps("precedence", _precedence(given, middle, ranges["run"]))
    pooled = dict.fromkeys(("pooled_low", "pooled_median", "pooled_high"), 11)
    sheet.widths(steps.widths({"note": 48, "answers": 9, **pooled}))
    is_contradicted = f"${steps.letters['contradicted']}{FIRST}"
    # An empty text is more than any number.
    is_contradicted = f"AND(ISNUMBER({is_contradicted}),{is_contradicted}>0)"
    sheet.conditional(f"{filled.letters['low']}{FIRST}:{filled.letters['high']}{filled.last}", is_contradicted, "wrong")
    return Pool(filled, steps)


class _SameQuestion:
    """Sums over all answers to the question of a row."""

    def __init__(self, filled, middle):
        names = ("run", "role", "question")
        self.text = "*".join(f"({filled.ranges[name]._text}={filled.terms[name]._text})" for name in names)
        keys = list(zip(*([fold(text) for text in filled.ranges[name].values] for name in names)))
        self.same = np.array([[one == other for other in keys] for one in keys], dtype=float)
        self.middle = middle

    def total(self, *factors):
        """Sum of a product of columns, each a Range, or a text and its values (one row by row, or for all pairs)."""
        text, values = self.text, ~np.isnan(self.middle.value) * 1.0
        columns = [factor for factor in factors if hasattr(factor, "_text")]
        if not columns:
            text, values = f"{text}*{factors[0]}", values * (factors[1] if len(factors) > 1 else 1.0)
        elif len(columns) == 1:
            text = f"{text}*1"
        weights = np.prod([np.nan_to_num(column.values.astype(float)) for column in columns], axis=0)
        found = (self.same * values * weights).sum(axis=1)
        return Term(
            f"SUMPRODUCT({','.join([text, *(column._text for column in columns)])})",
            np.where(np.isnan(self.middle.value), np.nan, found),
            may_miss=[self.middle._text],
        )


def _precedence(given, middle, listed):
    """The answers in the order in which they count: a role before all roles, then a run before all runs."""
    role, run = (np.array([bool(text) for text in given[name].value]) for name in ("role", "run"))
    size = len(listed)
    rank = (2 * role + run) * (size + 1.0) + np.arange(1, size + 1)
    text = (
        f'IF({middle._text}="",0,(IF({given["role"]._text}="",0,2)+IF({given["run"]._text}="",0,1))'
        f"*(ROWS({listed._text})+1)+ROW()-{FIRST - 1})"
    )
    return Term(text, np.where(np.isnan(middle.value), 0.0, rank))


class Pool:
    """Where the other sheets find what experts say."""

    def __init__(self, filled, steps):
        self.ranges = {**filled.ranges, **steps.ranges}
        self.letters, self.beyond = steps.letters, filled.beyond

    def answer(self, question, run, role=None):
        """The answer that counts for the run and the role of a row: its place in the list, 0 where there is none."""
        asked, precedence = self.ranges["question"], self.ranges["precedence"]
        fits = [f"({asked._text}={literal(question)})"]
        hit = np.array([text == question for text in asked.values])[None, :]
        for name, wanted in (("run", run), ("role", role)):
            if wanted is not None:
                listed = self.ranges[name]
                fits.append(f'((({listed._text}="")+({listed._text}={wanted._text}))>0)')
                names = [fold(text) for text in listed.values]
                hit = hit & np.array([[text in ("", one) for text in names] for one in map(fold, wanted.value)])
        best = (hit * precedence.values).max(axis=1)
        largest = f"SUMPRODUCT(MAX({'*'.join([*fits, precedence._text])}))"
        return Term(f"MOD({largest},ROWS({precedence._text})+1)", best % (len(precedence) + 1))

    def take(self, name, answer):
        """A column of the answers at a place that is not 0."""
        found = take(self.ranges[name].values.astype(float), np.where(answer.value > 0, answer.value, np.nan))
        return Term(f"INDEX({self.ranges[name]._text},{answer._text})", np.asarray(found, dtype=float))
