"""What experts answer, pooled into one range a question; where two of them contradict each other, that is said.

The paper asked experts for what no one publishes. A company asks its own: each gives a low and a high end between which
the figure is in nine of ten cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from . import tables
from .columns import LIMITS, labels_of
from .comparison import fold
from .equations.parameters import ENERGY_PRICE_FACTOR, PROJECT_ASSUMPTIONS
from .errors import XlcostError
from .project_columns import ANSWER_COLUMNS, ANSWER_STEPS, QUESTION_COLUMNS, ROLE_COLUMNS, headings_of
from .staffing import LIMITS as STAFF_LIMITS
from .uncertainty import CHUNK, Drawn, Range
from .xlsx_input import has_sheet

NAME = "Experts"
"""The sheet of a workbook that holds them."""
REQUIRED = {"question", "expert", "low", "high"}
POOLINGS = ("geometric", "mixture")
"""The mean of the ends on a logarithmic scale, or every expert equally likely to be the one who is right."""
OF_PROJECT = {
    "experiment_factor": LIMITS["experiment_factor"],
    "energy_price_factor": {"at_most": 100},
}
OF_ROLE = {name: STAFF_LIMITS[name] for name in ("fte", "years", "salary", "equity", "employment_overhead")}
QUESTIONS = {**OF_PROJECT, **OF_ROLE}
"""What can be asked, and what a low or a high end may be."""

GIVEN = ("expert", "low", "high", "date", "comment")
"""Columns that somebody fills who answers a question."""
LABELS = labels_of(ANSWER_COLUMNS)
COMPUTED = frozenset(labels_of(QUESTION_COLUMNS)) | frozenset(QUESTION_COLUMNS) | headings_of(ANSWER_STEPS)
"""Headings under which a questionnaire explains its questions, and a workbook computes."""
TEXTS = tuple(name for name, column in ANSWER_COLUMNS.items() if column.format == "text")


MEANINGS = {
    **{name: parameter.meaning for name, parameter in PROJECT_ASSUMPTIONS.items()},
    "energy_price_factor": ENERGY_PRICE_FACTOR.meaning,
    **{name: ROLE_COLUMNS[f"{name}_low"].help for name in ("fte", "years")},
}
"""What a question means, in words."""


@dataclass(frozen=True)
class Pooled:
    """The answers to one question as one quantity.

    Parameters
    ----------
    run, role : str
        What is asked about; "" for all.
    question : str
    quantity : Range or Drawn
    answers : dict of str to Range
        By expert.
    """

    run: str
    role: str
    question: str
    quantity: Range | Drawn
    answers: dict

    @property
    def contradictions(self):
        """Pairs of experts whose ranges have nothing in common, a sentence each."""
        return [
            f"{self.about}: {one} says {_shown(first)} and {other} {_shown(second)}; nothing in common, so talk to both"
            for (one, first), (other, second) in combinations(self.answers.items(), 2)
            if _contradict(first, second)
        ]

    @property
    def about(self):
        """The question with what it is asked about."""
        return " ".join(filter(None, (self.question, self.role and f"of {self.role}", self.run and f"in {self.run}")))


def _shown(answer):
    return f"{answer.low:g} to {answer.high:g}"


def _contradict(one, other):
    return one.high < other.low or other.high < one.low


def pool(answers, pooling=POOLINGS[0]):
    """Several ranges as one quantity.

    Where two of them have nothing in common, a mean would be what nobody says: then each counts by itself, as in a
    mixture.

    Parameters
    ----------
    answers : list of Range
    pooling : {"geometric", "mixture"}

    Returns
    -------
    Range or Drawn

    Examples
    --------
    >>> pooled = pool([Range(1.0, 4.0), Range(4.0, 9.0)])  # they meet at 4
    >>> pooled.low, pooled.high
    (2.0, 6.0)
    """
    if pooling not in POOLINGS:
        raise XlcostError(f"there is no pooling {pooling!r}; there are {', '.join(POOLINGS)}")
    if len(answers) == 1:
        return answers[0]
    agree = not any(_contradict(one, other) for one, other in combinations(answers, 2))
    if pooling == POOLINGS[0] and agree:
        low, high = (float(np.exp(np.mean(np.log(ends)))) for ends in zip(*((each.low, each.high) for each in answers)))
        return Range(low, high)
    even = (np.arange(CHUNK // len(answers)) + 0.5) / (CHUNK // len(answers))
    return Drawn(np.sort(np.concatenate([each.quantile(even) for each in answers])))


def experts_of(source, experts=()):
    """The files with the answers: those named, else a workbook of runs that has a sheet of them."""
    return tuple(experts) or ((source,) if source is not None and has_sheet(source, NAME) else ())


def read_experts(paths, runs, pooling=POOLINGS[0]):
    """Experts' answers of .csv or .xlsx files, pooled.

    Parameters
    ----------
    paths : sequence of path-like
    runs : list of str
        Names of the runs that there are.
    pooling : {"geometric", "mixture"}

    Returns
    -------
    list of Pooled

    Raises
    ------
    XlcostError
        A sentence for every cell that cannot be used.
    """
    return pooled_of(read_answer_columns(paths, runs), pooling)


def pooled_of(columns, pooling=POOLINGS[0]):
    """Answers as `read_answer_columns` gives them, pooled."""
    by_question = {}
    for row, key in enumerate(zip(*_questions(columns))):
        by_question.setdefault(key, {})[columns["expert"][row]] = Range(columns["low"][row], columns["high"][row])
    return [Pooled(*key, pool(list(answers.values()), pooling), answers) for key, answers in by_question.items()]


def _questions(columns):
    """What the answers are about: runs, roles, questions."""
    return columns["run"], list(map(fold, columns["role"])), columns["question"]


def read_answer_columns(paths, runs):
    """The answers of .csv or .xlsx files, checked whole; questions that nobody has answered are left out.

    Parameters
    ----------
    paths : sequence of path-like
    runs : list of str
        Names of the runs that there are.

    Returns
    -------
    dict of str to array
        `ANSWER_COLUMNS`: texts, "" where empty; numbers and the dates' serial numbers, NaN where empty.

    Raises
    ------
    XlcostError
        A sentence for every cell that cannot be used.
    """
    files = [_answers_of(path, runs) for path in paths]
    asked = {}
    for path, columns in zip(paths, files):
        for key in zip(*_questions(columns), columns["expert"]):
            if asked.setdefault(key, path) != path:
                raise XlcostError(f"{path}: {key[-1]} has answered {key[2]!r} already, in {asked[key]}")
    nothing = {name: np.zeros(0, dtype=object if name in TEXTS else float) for name in ANSWER_COLUMNS}
    return {name: np.concatenate([nothing[name], *(columns[name] for columns in files)]) for name in ANSWER_COLUMNS}


def answer_cells(path, beside=None):
    """Cells of the table under their headings, as `xlcost.tables.read` gives them."""
    return tables.read(path, NAME, REQUIRED, LABELS, COMPUTED, beside)


def _answers_of(path, runs):
    """The answers of one file; see `read_answer_columns`."""
    frame = answer_cells(path)
    frame = tables.with_all_columns(frame, ANSWER_COLUMNS, path, None if tables.may_be_empty(path, NAME) else "answers")
    # A questionnaire names the questions; a row is an answer as soon as somebody has put something of his own there.
    frame = frame[frame[[*GIVEN]].notna().any(axis=1)]
    problems = tables.Problems(frame.index, ANSWER_COLUMNS)
    spellings = {"run": {fold(name): name for name in runs}, "question": {name: name for name in QUESTIONS}}
    texts = {name: tables.texts(frame[name], name, problems, spellings.get(name)).texts_of_rows() for name in TEXTS}
    for name in ("question", "expert"):
        problems.add(frame[name].isna().to_numpy(), name, texts[name], "every answer needs it")
    date = tables.dates(frame["date"], "date", problems)
    ends = {end: tables.numbers(frame[end], end, problems, above=0) for end in ("low", "high")}
    for end, values in ends.items():
        problems.add(frame[end].isna().to_numpy(), end, values, "an expert gives both ends")
        for question, limits in QUESTIONS.items():
            least, most = limits.get("at_least", 0), limits["at_most"]
            outside = (texts["question"] == question) & ((values < least) | (values > most))
            between = dict(least=f"{least:g}", most=f"{most:g}")
            problems.add(outside, end, values, "it lies from {least} to {most}", **between)
    problems.add(
        ends["high"] < ends["low"], "high", ends["high"], "it must not be below {other}", other=problems.called("low")
    )
    asked = set()
    for row, key in enumerate(zip(*_questions(texts))):
        if (*key, texts["expert"][row]) in asked:
            problems.say(row, "{expert} has answered this question already", expert=texts["expert"][row])
        asked.add((*key, texts["expert"][row]))
    problems.raise_if_any(path)
    return {**texts, **ends, "date": date}


def with_experts(project, pooled):
    """A project whose quantities are those that experts gave, where they gave any.

    Parameters
    ----------
    project : Project
    pooled : list of Pooled
        One that names the run or the role counts before one that does not.

    Returns
    -------
    Project
    """
    general_first = sorted(pooled, key=lambda each: (bool(each.role), bool(each.run)))
    ours = [each for each in general_first if fold(each.run) in ("", fold(project.name))]
    roles = [
        replace(
            role,
            **{
                each.question: each.quantity
                for each in ours
                if each.question in OF_ROLE and each.role in ("", fold(role.name))
            },
        )
        for role in project.roles
    ]
    of_project = {each.question: each.quantity for each in ours if each.question in OF_PROJECT}
    return replace(project, roles=tuple(roles), **of_project)
