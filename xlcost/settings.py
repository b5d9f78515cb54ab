"""Which edition is in force: the workbook's, else the environment's, else the user's, else the newest."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from .catalog import edition_names, newest_edition
from .errors import XlcostError

VARIABLE = "XLCOST_EDITION"
"""Environment variable that names an edition."""
FILE_NAME = "xlcost.toml"


def edition_in_force(setting=None):
    """The edition to compute with.

    Parameters
    ----------
    setting : str, optional
        What the workbook says; None, "" or "#NAME?" where it says nothing.

    Returns
    -------
    str

    Raises
    ------
    XlcostError
        The edition named is not there.

    Examples
    --------
    >>> edition_in_force("2024-05")
    '2024-05'
    """
    # #NAME? is what a spreadsheet says where the workbook has no such setting.
    setting = "" if setting is None or setting == "#NAME?" else str(setting).strip()
    name = setting or os.environ.get(VARIABLE, "").strip() or edition_of_user() or newest_edition()
    if name not in edition_names():
        raise XlcostError(f"there is no price edition {name!r}; there are {', '.join(edition_names())}")
    return name


def settings_file():
    """The user's configuration: ``edition = "2025-07"`` in it freezes the price edition."""
    from platformdirs import user_config_path

    return Path(user_config_path("xlcost", appauthor=False), FILE_NAME)


@lru_cache(maxsize=1)
def edition_of_user():
    """The edition in the user's configuration, read once; "" where it names none."""
    from .guard.texts import toml_in

    path = settings_file()
    if not path.exists():
        return ""
    values = toml_in(path, "configuration")
    return str(values.get("edition", ""))
