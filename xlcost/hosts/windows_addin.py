"""The Excel add-in on Windows: put into Excel's start-up folder, looked at, and taken out again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..errors import XlcostError
from ..files import replacing

FILE = "xlcost.xlam"
INSTEAD = (
    "the add-in is for Excel on Windows. LibreOffice: xlcost addin install --libreoffice. "
    "Excel on a Mac or in a browser: xlcost template copy xlcost-lambda"
)


def startup_folder(platform=sys.platform, environment=os.environ):
    """The folder whose workbooks and add-ins Excel opens when it starts.

    Parameters
    ----------
    platform : str
    environment : mapping
        APPDATA says where the user's own settings lie.

    Returns
    -------
    Path

    Raises
    ------
    XlcostError
        This is no Windows, or it does not say where the folder is.
    """
    if platform != "win32":
        raise XlcostError(INSTEAD)
    roaming = environment.get("APPDATA", "")
    if not roaming:
        raise XlcostError("the environment variable APPDATA is not set, so Excel's start-up folder is not known")
    return Path(roaming, "Microsoft", "Excel", "XLSTART")


def install(platform=sys.platform, environment=os.environ, interpreter=sys.executable):
    """Write the add-in, made from the installed xlwings, into Excel's start-up folder.

    Returns
    -------
    str
        A sentence that says what was written.

    Raises
    ------
    XlcostError
        Not on Windows, Excel is running, or the folder cannot be written; what was there is as it was.
    """
    from .excel_package import addin

    path = startup_folder(platform, environment) / FILE
    _refuse_if_open(path)
    _make_folder(path.parent)
    content = addin(interpreter)
    with _said_plainly(path), replacing(path, replace=True) as temporary:
        temporary.write_bytes(content)
    return f"{path}: written. Start Excel again; its functions use {interpreter}"


def status(platform=sys.platform, environment=os.environ, interpreter=sys.executable):
    """Whether the add-in is installed, and whether it is the one that `install` would write now; a sentence."""
    from .excel_package import addin

    path = startup_folder(platform, environment) / FILE
    if not path.is_file():
        return f"{path}: not installed; xlcost addin install writes it"
    try:
        written = path.read_bytes()
    except OSError as error:
        raise XlcostError(f"{path}: this cannot be read ({error.strerror or error})") from None
    current = written == addin(interpreter)
    if current:
        return f"{path}: installed; its functions use {interpreter}"
    return f"{path}: installed, but for another Python, xlwings or xlcost than this; xlcost addin install renews it"


def uninstall(platform=sys.platform, environment=os.environ):
    """Take the add-in out of Excel's start-up folder; a sentence."""
    path = startup_folder(platform, environment) / FILE
    if not path.exists():
        return f"{path}: not installed, nothing to remove"
    _refuse_if_open(path)
    with _said_plainly(path):
        path.unlink()
    return f"{path}: removed. Start Excel again"


def _refuse_if_open(path):
    """Excel puts a file with the owner's name beside each file that it has open."""
    if path.with_name(f"~${path.name}").exists():
        raise _running(path)


def _running(path):
    return XlcostError(f"{path}: Excel has this file open; close Excel and try again")


def _make_folder(folder):
    with _said_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)


class _said_plainly:
    """Errors of the file system as one sentence."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, OSError):
            # Windows refuses to change a file that a program has open, in the words of one that may not be changed.
            refused = isinstance(error, PermissionError) and self.path.is_file()
            maybe = "; if Excel is running, close it and try again" if refused else ""
            reason = error.strerror or error
            raise XlcostError(f"{self.path}: this cannot be changed ({reason}){maybe}") from None
        return False
