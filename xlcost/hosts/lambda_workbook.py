"""The workbook of LAMBDA names: functions for an Excel without Python, over its own price sheets."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

from .. import catalog as catalogs
from ..functions import FUNCTIONS
from ..workbook import inputs, names, prices, sources, steps
from ..workbook.book import Book
from . import examples
from .lambda_names import lambda_names

AS_LAMBDA = tuple(function for function in FUNCTIONS.values() if not function.needs_python)
"""Functions that a formula can compute."""
SHEETS = (examples, inputs, prices, steps, names, sources)


def lambda_book(edition=None, optional=True):
    """The workbook before it is written.

    Parameters
    ----------
    edition : str, optional
        The newest by default.
    optional : bool, default True
        Whether optional arguments may be left out; see `xlcost.hosts.lambda_names.lambda_names`.

    Returns
    -------
    Book
    """
    facts = catalogs.load(edition)
    book, sheet, formulas = _traced(facts, optional)
    for function in AS_LAMBDA:
        formula, _ = formulas[function.name]
        book.name(function.name, formula, comment=function.text)
    examples.write_examples(
        sheet[examples],
        "Functions for the cost of training AI",
        "Type them into any cell of this workbook: they are LAMBDA names of Excel 365 and need no Python. Change the "
        "blue cells and watch the results.",
        facts.edition,
        AS_LAMBDA,
        "Programs that have no LAMBDA, such as LibreOffice, show errors on this sheet.",
        dynamic=True,
        all_arguments=not optional,
    )
    sources.write_sources(sheet[sources], facts)
    return book


def lambda_formulas(facts, optional=True):
    """Formula and traced example of every function's name; see `xlcost.hosts.lambda_names.lambda_names`."""
    return _traced(facts, optional)[2]


def _traced(facts, optional):
    """The book with its sheets of facts, and the formulas over them."""
    year, month = map(int, facts.edition.split("-"))
    book = Book("Functions for the cost of training AI", datetime.date(year, month, 1))
    sheet = {module: book.sheet(module.NAME) for module in SHEETS}
    given = inputs.write_inputs(book, sheet[inputs], facts)
    priced = prices.write_prices(book, sheet[prices], facts, given)
    inputs.write_estimates(sheet[inputs], given.next_row, priced.estimates)
    stepped = steps.write_steps(sheet[steps], facts)
    named = names.write_names(sheet[names], facts)
    cells = range(len(given.organization_word))
    looked_up = SimpleNamespace(
        **{
            **vars(given),
            **vars(priced),
            **vars(stepped),
            "first_energy_year": priced.energy_year.cell(0),
            # One cell at a time: not every engine computes with arrays within a LAMBDA.
            **{
                name: [getattr(given, name).cell(position) for position in cells]
                for name in ("organization_word", "is_hyperscaler", "organization_asks")
            },
        }
    )
    formulas = lambda_names(AS_LAMBDA, looked_up, given.assume, named.chips, named.vendors, optional)
    return book, sheet, formulas
