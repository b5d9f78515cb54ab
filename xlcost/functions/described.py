"""What a function that people type is, and what it computes with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from ..columns import RUN_COLUMNS
from ..formula import where
from ..lookup import join
from ..model import METHODS, CostSteps
from .arguments import Argument


@dataclass(frozen=True)
class Function:
    """One function that people type.

    Parameters
    ----------
    name : str
    text : str
        What the function wizard says, at most 255 characters.
    unit : str
        Of the result; "" for text.
    arguments : tuple of Argument
    example : tuple
        Values of the arguments, in their order; None leaves an optional one out.
    compute : callable
        ``compute(given, model)``: the result from the arguments (attributes of `given`: numbers, arrays or terms; NaN
        or "" where left out) and a `Model`. NaN or "" means that there is none.
    refuses : callable, optional
        ``refuses(given, model)``: whether the arguments, each allowed by itself, go together into no number.
    spills : tuple of str
        Where the result is a table of its own, how its columns are shown (kinds of `xlcost.workbook.style`): `compute`
        then gives rows of cells. An argument `headers` may leave out the first of them.
    needs_python : bool
        Whether a LAMBDA cannot compute it: it draws samples, or is longer than a name may be.
    """

    name: str
    text: str
    unit: str
    arguments: tuple[Argument, ...]
    example: tuple
    compute: Callable
    refuses: Callable | None = None
    spills: tuple[str, ...] = ()
    needs_python: bool = False

    @property
    def takes_ranges(self):
        """Whether some argument is a whole range of cells, not one of them for each result."""
        return any(argument.is_range for argument in self.arguments)


class Model:
    """What a function computes with: an edition's facts and the assumptions.

    Parameters
    ----------
    facts : object
        See `xlcost.facts.facts_of`.
    assume : mapping
        See `xlcost.equations.parameters.ASSUMPTIONS`.
    keep : callable, optional
        See `xlcost.model.CostSteps`.
    """

    # Columns of a run that a function does not ask for.
    blank = {name: "" if column.format == "text" else np.float64("nan") for name, column in RUN_COLUMNS.items()}

    def __init__(self, facts, assume, keep=None):
        self.facts, self.assume = facts, assume
        self.keep = keep or (lambda name, value: value)

    def usual(self, name, value):
        """What was given, else what is assumed."""
        return where(np.isnan(value), self.assume[name], value)

    def steps(self, given, method=METHODS[0], **columns):
        """The steps of a run whose columns are the arguments, and others."""
        run = SimpleNamespace(**{**self.blank, **vars(given), **columns})
        return CostSteps(run, self.facts, self.assume, method, self.keep)


def rented(given, model):
    """The steps of a run in the cloud, at the commitment asked for."""
    start = given.start if hasattr(given, "start") else given.on_date
    return model.steps(given, start=start, sourcing=model.keep("sourcing", join("cloud_", given.commitment)))
