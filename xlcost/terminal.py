"""What the commands show: tables on a terminal, CSV in a pipe, a progress bar, sentences when something is wrong."""

from __future__ import annotations

import sys
import unicodedata
import warnings
from pathlib import Path

from .errors import NameWarning, XlcostError

ROWS = 20
"""Rows of a table on the terminal; a CSV file has them all."""
NARROWEST_TEXT = 8
"""Characters to which a column of text may be narrowed."""
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlam")


def prepare():
    """Let no character stop a command that the terminal cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    usual, said = warnings.showwarning, set()

    def show_warning(message, category, *place):
        if not issubclass(category, NameWarning):
            usual(message, category, *place)
        elif str(message) not in said:
            # A table may be checked more than once.
            said.add(str(message))
            warn(str(message))

    warnings.showwarning = show_warning


def is_shown():
    """Whether standard output is a terminal that a person looks at."""
    return sys.stdout is not None and sys.stdout.isatty()


def deliver(table, csv, show_it):
    """A table as CSV where that is wanted, else on the terminal; a pipe gets CSV.

    Parameters
    ----------
    table : pandas.DataFrame
    csv : str or None
        A file, or - for standard output.
    show_it : callable
        Shows it on the terminal.

    Raises
    ------
    XlcostError
        The file cannot be written, or is called like a workbook, or standard output is closed.
    """
    from .exchange.csv_file import write_csv

    if csv is None and is_shown():
        show_it()
        return
    if csv not in (None, "-"):
        if Path(csv).suffix.lower() in WORKBOOKS:
            raise XlcostError(f"{csv}: a CSV file must not be called like a workbook; name it .csv")
        write_csv(table, Path(csv))
        say(csv)
        return
    if sys.stdout is None:
        raise XlcostError("standard output is closed; --csv writes to a file")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    write_csv(_plain_table(table) if is_shown() else table, sys.stdout)


def _plain_table(table):
    """A table whose texts do not steer a terminal."""
    texts = [name for name in table if table[name].dtype.kind not in "fiubM"]
    return table.assign(
        **{name: [plain(text) if isinstance(text, str) else text for text in table[name]] for name in texts}
    )


def say(text):
    """A line on standard output, where there is one."""
    if sys.stdout is not None:
        print(plain(str(text)) if is_shown() else text)


def show(table, title, may_drop=(), below=()):
    """The first rows of a table, on a terminal only.

    Parameters
    ----------
    table : pandas.DataFrame
    title : str
    may_drop : tuple of tuples of str
        Columns that are left out together, the first ones first, where the terminal is too narrow for all.
    below : list of str
        Lines under the table.
    """
    if not is_shown():
        return
    from rich.console import Console

    console = Console()
    for left_out in range(len(may_drop) + 1):
        dropped = {name for names in may_drop[:left_out] for name in names}
        shown = _rich_table(table[[name for name in table if name not in dropped]], title)
        if sum(column.min_width + len(" │ ") for column in shown.columns) < console.width:
            break
    console.print(shown)
    for line in below:
        console.print(plain(line), markup=False, highlight=False)


def _rich_table(table, title):
    from rich.table import Table
    from rich.text import Text

    from .columns import COST_COLUMNS, RUN_COLUMNS

    labels = RUN_COLUMNS | COST_COLUMNS
    shown = Table(title=Text(title), caption=f"and {len(table) - ROWS} more rows" if len(table) > ROWS else None)
    columns = []
    for name in table:
        label = labels[name].label if name in labels else name.replace("_", " ").capitalize()
        is_text = table[name].dtype.kind not in "fiM"
        cells = [_cell(value, table[name].dtype.kind) for value in table[name].head(ROWS)]
        # An amount or a date that is cut off would be another one; a text goes on in the next line.
        longest = max(map(len, cells), default=0)
        narrowest = min(longest, NARROWEST_TEXT) if is_text else longest
        shown.add_column(label, justify="left" if is_text else "right", min_width=narrowest, overflow="fold")
        columns.append(map(Text, cells))
    for row in zip(*columns):
        shown.add_row(*row)
    return shown


def _cell(value, kind):
    if value != value or value is None:
        return ""
    if kind == "f":
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return plain(str(value).removesuffix(" 00:00:00"))


def plain(text):
    r"""Text with each character spelled out that would steer a terminal, or show nothing.

    >>> plain("\x1b[31mred\u202e")
    '\\x1b[31mred\\u202e'
    """
    return "".join(
        character if _is_shown(character) else character.encode("unicode_escape").decode() for character in text
    )


def _is_shown(character):
    # To Python a blank of another width, such as Japanese texts have, is not printable.
    return character.isprintable() or unicodedata.category(character) == "Zs"


class Progress:
    """A progress bar on the terminal, once the work has taken more than a second."""

    def __init__(self, title):
        self.title, self.bar = title, None

    def __enter__(self):
        from time import monotonic

        self.clock, self.begun = monotonic, monotonic()
        return self.advance

    def advance(self, done, total):
        if sys.stderr is None or not sys.stderr.isatty() or self.clock() - self.begun < 1:
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self.bar = Bar(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.title)
        self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *error):
        if self.bar is not None:
            self.bar.stop()


def warn(text):
    """Sentences on standard error."""
    for line in text.split("\n"):
        print(f"xlcost: {plain(line)}", file=sys.stderr)


def fail(text):
    """Sentences on standard error; returns the exit status."""
    warn(text)
    return 2
