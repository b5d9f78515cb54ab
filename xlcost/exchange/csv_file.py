"""Tables as CSV: whole or not at all, and harmless when a spreadsheet opens them."""

from __future__ import annotations

import numpy as np

from ..files import is_stream, replacing

FORMULA_SIGNS = (*"=+-@\t\r\n", *"＝＋－＠")
"""What a spreadsheet takes for a formula, also in the wide letters of Japanese; and what it skips before one."""


def write_csv(table, target):
    """A table as CSV in UTF-8.

    Parameters
    ----------
    table : pandas.DataFrame
    target : Path or text stream
        An existing file is replaced, when all has been written; a device or a pipe is written to.

    Raises
    ------
    XlcostError
        The file cannot be written; an existing one is then as it was.
    """
    table = table.rename(columns=dict(zip(table.columns, neutralised(table.columns))))
    table = table.assign(**{name: neutralised(table[name]) for name in table if table[name].dtype.kind not in "fiubM"})
    if hasattr(target, "write") or is_stream(target):
        table.to_csv(target, index=False, lineterminator="\n")
        return
    with replacing(target, replace=True) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


def neutralised(column):
    """Text that a spreadsheet would take for a formula, with an apostrophe in front."""
    # A carriage return is not put in quotes by itself, and would begin a row, and so a formula in the midst of a text.
    texts = np.array([_with_newlines(text) for text in column.to_numpy(dtype=object)], dtype=object)
    risky = np.fromiter((isinstance(text, str) and text.startswith(FORMULA_SIGNS) for text in texts), bool, len(texts))
    return np.where(risky, "'" + texts, texts) if risky.any() else texts


def _with_newlines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) and "\r" in text else text
