"""Whether a report is one, and whether its figures are those that its inputs and its edition give."""

from __future__ import annotations

import functools
import json
from importlib import resources

import pandas as pd

from ...catalog import load
from ...errors import InputError
from ...guard import limits
from ...guard.texts import json_in
from .content import VERSION, report_of

SCHEMA = "cost-report-1.schema.json"
TOLERANCE = 1e-9
"""Two numbers agree when they differ by at most this share of the larger."""
NOT_COMPARED = ("xlcost_version",)
"""Another version computes the same, or the figures say that it does not."""


@functools.cache
def schema():
    """The JSON Schema (2020-12) of a report.

    >>> schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    return json.loads((resources.files(__package__) / SCHEMA).read_text(encoding="utf-8"))


def read_report(path):
    """A report from a file.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    dict

    Raises
    ------
    XlcostError
        The file is missing, is no JSON, or not as the schema says: a sentence for each place.
    """
    from jsonschema import Draft202012Validator

    report = json_in(path, "report")
    problems = sorted(Draft202012Validator(schema()).iter_errors(report), key=lambda problem: problem.json_path)
    if problems:
        sentences = [f"{problem.json_path}: {_short(problem.message)}" for problem in problems[: limits.SENTENCES]]
        if len(problems) > limits.SENTENCES:
            sentences.append(f"and {len(problems) - limits.SENTENCES:,} more places are not as schema {VERSION} says")
        raise InputError(sentences, path)
    return report


def differences(report, prices=None):
    """Where a report is not what its inputs and its edition give.

    Parameters
    ----------
    report : dict
        As `read_report` gives it.
    prices : path-like, optional
        The price book with which it was written.

    Returns
    -------
    list of (str, object, object)
        Path in the document, what is found there, and what is expected.

    Raises
    ------
    XlcostError
        There is no such edition, or the inputs cannot be used.
    """
    facts = load(report["edition"], prices)
    inputs = {name: given["value"] if isinstance(given, dict) else given for name, given in report["inputs"].items()}
    run = pd.DataFrame({"run": [report["run"]], **{name: [value] for name, value in inputs.items()}})
    level = report["interval"]["level"] if report["interval"] else None
    expected = report_of(run, facts, report["method"]["name"], *([] if level is None else [level]))
    return [each for each in _different("$", report, expected) if each[0] not in [f"$.{name}" for name in NOT_COMPARED]]


def _different(path, found, expected):
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in dict.fromkeys((*expected, *found)):
            yield from _different(f"{path}.{name}", found.get(name), expected.get(name))
    elif isinstance(found, list) and isinstance(expected, list):
        for place in range(max(len(found), len(expected))):
            one, other = (each[place] if place < len(each) else None for each in (found, expected))
            yield from _different(f"{path}[{place}]", one, other)
    elif not _agree(found, expected):
        yield path, found, expected


def _agree(found, expected):
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return abs(found - expected) <= TOLERANCE * max(abs(found), abs(expected))
    return found == expected


def sentence(path, found, expected):
    """What to say of a difference.

    >>> sentence("$.results.cloud_cost.value", 1.0, 2.0)
    '$.results.cloud_cost.value: found 1.0, expected 2.0'
    """
    return f"{path}: found {_short(_shown(found))}, expected {_short(_shown(expected))}"


def _shown(value):
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _short(text, most=120):
    """A text without its middle, where it is long."""
    return text if len(text) <= 2 * most else f"{text[:most]} … {text[-most:]}"
