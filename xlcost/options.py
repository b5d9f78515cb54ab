"""Options of commands that are more than a text: one clear sentence says which option cannot be, and what may be."""

from __future__ import annotations

from dataclasses import replace

import typer

from .errors import XlcostError


def whole(param: typer.CallbackParam, value: str | None):
    """A whole number."""
    return _read(param, value, int, "whole number")


def number(param: typer.CallbackParam, value: str | None):
    """A number."""
    return _read(param, value, float, "number")


def setting(param: typer.CallbackParam, value: str | None):
    """A setting of the budget that can be judged by itself, by the rules that a file of settings keeps."""
    from .budget.settings import WHOLE, BudgetSettings

    if value is None:
        return None
    if param.name in WHOLE:
        # What is no number is refused below, with what may be.
        value = _parsed(value, int)
    BudgetSettings(**{param.name: value}, places={param.name: param.opts[0]})
    return value


def currency(param: typer.CallbackParam, value: str | None):
    """A currency's code; whether there is a rate for it is known when all settings are."""
    from .budget.currencies import NO_CODE, is_code

    if value is not None and not is_code(value):
        raise XlcostError(f"{param.opts[0]}: {value!r} {NO_CODE}")
    return value


def rate(param: typer.CallbackParam, value: list[str] | None):
    """Units of a currency for 1 USD, one a fiscal year or one for all."""
    from .budget.currencies import RATE_IN_WORDS, is_rate

    rates = [_parsed(each, float) for each in value or ()]
    for text, each in zip(value or (), rates):
        if not is_rate(each):
            raise XlcostError(f"{param.opts[0]}: {text!r} is no number {RATE_IN_WORDS}, such as 0.92 or 150")
    return rates


def language(value: str | None):
    """A language of workbooks."""
    from .languages import language_of

    return value if value is None else language_of(value).code


def settings_of(path, workbook, rates=None, **given):
    """Settings of a workbook, with those of a file in their place, and what options say in the place of both.

    Parameters
    ----------
    path : path-like or None
        A TOML file.
    workbook : BudgetSettings
    rates : list of float
        Of the currency that the options name, else of that of the settings.
    **given
        Settings by name, None where no option names them.

    Raises
    ------
    XlcostError
        Something cannot be: the sentence names the file, or the option.
    """
    from .budget.currencies import CURRENCY
    from .budget.settings import settings_from

    named = given["currency"]
    own = named or _currency_in(path) or workbook.currency
    if rates and own == CURRENCY:
        raise XlcostError(f"--rate: {CURRENCY}, the budget's currency, needs none; --currency names another")
    if rates:
        # A file that says the currency alone is complete with the rate beside it.
        workbook = replace(workbook, rates={**workbook.rates, own: rates})
    settings = settings_from(path, workbook)
    if named not in (None, CURRENCY) and not rates and named not in settings.rates:
        raise XlcostError(f"--currency: {named} needs a rate; --rate gives its units for 1 {CURRENCY}")
    return settings_from(base=settings, rates={own: rates} if rates else None, **given)


def _currency_in(path):
    """The currency that a file names, as far as it is one: all that cannot be is said when the file is read."""
    from .budget.currencies import is_code
    from .guard.texts import toml_in

    named = toml_in(path).get("currency") if path is not None else None
    return named if is_code(named) else None


def _read(param, value, kind, what):
    read = value if value is None else _parsed(value, kind)
    if isinstance(read, str):
        raise XlcostError(f"{param.opts[0]}: {value!r} is no {what}")
    return read


def _parsed(text, kind):
    """A number, or the text where it is none."""
    try:
        return kind(text)
    except ValueError:
        return text
