"""LibreOffice Calc, the judge of everything that xlcost writes for a spreadsheet.

One program serves a whole test session: a document opens in hundredths of a second, the program in one second.
"""

import contextlib
import itertools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping

from . import cells
from .cells import CellError, EngineError, EngineMissing

OLDEST = (25, 2)
OLDEST_TEXT = ".".join(map(str, OLDEST))
BRIDGE = pathlib.Path(__file__).with_name("libreoffice_bridge.py")
SECONDS_TO_START = 60
SECONDS_TO_ANSWER = 300
SECONDS_TO_END = 30
NOBODY = 65534


class LibreOffice:
    """A running LibreOffice with a profile of its own. Close it, or use it in a ``with`` statement.

    Raises :class:`EngineMissing` where LibreOffice, its Python bridge, or a recent enough version is not installed.

    `prepare`, where given, is called with each new profile's folder before LibreOffice starts with it.
    """

    def __init__(self, prepare=None):
        self._prepare = prepare
        self._soffice = shutil.which("soffice")
        if self._soffice is None:
            raise EngineMissing(f"LibreOffice {OLDEST_TEXT} or later is not installed: there is no soffice on the PATH")
        self._python = python_with_uno()
        self._numbers = itertools.count(1)
        self.open_documents = set()
        self._bridge = self._folder = None
        self._start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def open(self, path) -> "Document":
        """Open a workbook, and compute all its formulas anew. A LibreOffice that has crashed is started again."""
        if self._bridge is None:
            self._start()
        path = pathlib.Path(path).resolve()
        if not path.is_file():
            raise FileNotFoundError(f"there is no workbook {path}")
        number = next(self._numbers)
        self.request("open", number, path.as_uri())
        self.open_documents.add(number)
        return Document(self, number)

    def evaluate(self, formulas: list[str], cells_by_address: Mapping[str, object] | None = None) -> list:
        """Results of many formulas at once; see :func:`tests.engines.cells.evaluate`."""
        return cells.evaluate(self.open, formulas, cells_by_address or {})

    @property
    def group(self) -> int:
        """The process group of LibreOffice and all that it has started."""
        return self._bridge.pid

    def close(self):
        """End LibreOffice and remove its profile."""
        if self._bridge is None:
            return
        self._bridge.stdin.close()  # which the bridge takes for the wish to end in good order
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._bridge.wait(SECONDS_TO_END)
        self._kill()

    def request(self, name, *arguments):
        """What the bridge answers to a request. For the use of :class:`Document`."""
        with contextlib.suppress(BrokenPipeError):  # the answer, or that there is none, says why
            self._bridge.stdin.write(json.dumps([name, arguments]) + "\n")
            self._bridge.stdin.flush()
        return self._answer(name, SECONDS_TO_ANSWER)

    def _start(self):
        self._folder = tempfile.mkdtemp(prefix="xlcost-libreoffice-")
        if self._prepare is not None:
            self._prepare(pathlib.Path(self._folder, "profile"))
        self._bridge = subprocess.Popen(
            # -I: neither the tests' folder nor the product's environment belongs on that Python's path.
            [self._python, "-I", str(BRIDGE), self._soffice, self._folder, str(SECONDS_TO_START)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment_outside(),
            start_new_session=True,  # a process group, so that all of it can be ended together
        )
        version = self._answer("start", SECONDS_TO_START + 10)
        if tuple(map(int, version.split(".")[:2])) < OLDEST:
            self.close()
            raise EngineMissing(f"LibreOffice {OLDEST_TEXT} or later is not installed: {self._soffice} is {version}")

    def _answer(self, name, seconds):
        overdue = threading.Event()

        def give_up(bridge=self._bridge):
            overdue.set()
            os.killpg(bridge.pid, signal.SIGKILL)

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            line = self._bridge.stdout.readline()
        finally:
            timer.cancel()
        if overdue.is_set():
            how, what = "ended", f"LibreOffice did not finish {name!r} within {seconds} seconds"
        elif not line:
            how, what = "ended", f"LibreOffice's bridge ended unexpectedly at {name!r}"
        else:
            how, what = json.loads(line, object_hook=lambda item: CellError(item["error"]))
        if how == "ended":
            self._kill()
        if how != "done":
            raise EngineError(what)
        return what

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):  # all of it may have ended by itself
            os.killpg(self._bridge.pid, signal.SIGKILL)
        self._bridge.wait()
        self._bridge.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # a request that it did not live to read
            self._bridge.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)  # a killed process may still be going, with a file in its hand
        self._bridge = self._folder = None
        self.open_documents.clear()


class Document:
    """A workbook open in LibreOffice. Close it, or use it in a ``with`` statement."""

    def __init__(self, libreoffice, number):
        self._libreoffice = libreoffice
        self._number = number

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Close without saving. What is closed already, by a crash of LibreOffice too, stays so."""
        if self._number in self._libreoffice.open_documents:
            self._request("close")
            self._libreoffice.open_documents.remove(self._number)

    def sheets(self) -> list[str]:
        """Names of all sheets in order, hidden ones too."""
        return self._request("sheets")

    def grid(self, sheet: str, area: str | None = None) -> list[list]:
        """Values of a sheet in rows, from A1 to its last row and column in use, or of all cells of an area."""
        rows = self._request("grid", sheet, area)
        return cells.trimmed(rows) if area is None else rows

    def get(self, addresses: Iterable[tuple[str, str]]) -> list:
        """Values of cells given as (sheet, address)."""
        return self._request("get", list(addresses))

    def set(self, values: Mapping[tuple[str, str], object]):
        """Put numbers, dates and texts into cells, None to clear one, and compute what depends on them.

        Text is text, also when it begins with ``=``; an empty text clears, as LibreOffice has no cell that holds one.
        """
        self._request("set", [(sheet, address, cells.plain(value)) for (sheet, address), value in values.items()])

    def type(self, formulas: Mapping[tuple[str, str], str]):
        """Type formulas into cells, in English and with ``;`` between arguments; into an area, as one array formula."""
        self._request("type", [(sheet, area, formula) for (sheet, area), formula in formulas.items()])

    def insert(self, sheet: str, what: str, at: int, count: int = 1):
        """Insert empty "rows" or "columns" before the one at a place, from 1; formulas follow."""
        self._request("insert", sheet, what, at - 1, count)

    def delete(self, sheet: str, what: str, at: int, count: int = 1):
        """Delete "rows" or "columns" from the one at a place on, from 1; formulas follow or lose their references."""
        self._request("delete", sheet, what, at - 1, count)

    def move(self, sheet: str, area: str, to: str):
        """Cut cells and paste them where another begins; formulas follow."""
        self._request("move", sheet, area, to)

    def unprotect(self):
        """Take the protection from all sheets, which must have no password."""
        self._request("unprotect")

    def formula(self, sheet: str, address: str) -> str | None:
        """A cell's formula in the grammar of a file, as LibreOffice understood it; None where there is none."""
        return self._request("formula", sheet, address)

    def recalculate(self):
        """Compute every formula anew."""
        self._request("recalculate")

    def save_as(self, path):
        """Save as .xlsx. LibreOffice writes numbers with 15 digits and spoils names of newer functions."""
        self._request("save_as", pathlib.Path(path).resolve().as_uri())

    def print_to(self, path, a_page_a_sheet: bool = False):
        """Print to a PDF: as the workbook's own print setup says, or every sheet, hidden ones too, on one page."""
        self._request("print_to", pathlib.Path(path).resolve().as_uri(), a_page_a_sheet)

    def charts(self) -> list:
        """Of each chart: its sheet, its frame, and the frames of what is printed of the sheet.

        A frame is left, top, right and bottom, in hundredths of a millimetre.
        """
        return self._request("charts")

    def _request(self, name, *arguments):
        if self._number not in self._libreoffice.open_documents:
            raise EngineError(f"no {name!r}: the document was closed, or LibreOffice has crashed since it was opened")
        return self._libreoffice.request(name, self._number, *arguments)


def unopkg_for(profile):
    """LibreOffice's tool for extensions, made to serve whoever runs the tests; None where it does so as it is.

    It refuses to work for root, who is the one user in a container, so there it works as nobody in a profile that
    belongs to nobody, and from a folder that nobody may enter too.
    """
    profile.mkdir(exist_ok=True)
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    profile.parent.chmod(0o755)
    os.chown(profile, NOBODY, NOBODY)
    tool = profile.with_name("unopkg")
    tool.write_text(
        f"#!/bin/sh\ncd /\nexport HOME=/nonexistent\n"
        f'exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups unopkg "$@"\n'
    )
    tool.chmod(0o755)
    return tool


def with_addin(profile):
    """Install our add-in in a profile of LibreOffice's."""
    from xlcost.hosts.libreoffice import install

    install(profile, unopkg=unopkg_for(profile))


def environment_outside():
    """The environment of whoever has no virtual environment switched on.

    LibreOffice's own Python takes the first ``python3`` on the path for itself, and in a virtual environment there it
    does not find the bridge to LibreOffice, so that no add-in in Python loads.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    outside = [folder for folder in folders if not pathlib.Path(folder).with_name("pyvenv.cfg").is_file()]
    return {**os.environ, "PATH": os.pathsep.join(outside)}


def python_with_uno():
    """The Python that can speak to LibreOffice: this one, else the system's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.access(python, os.X_OK):
            trial = subprocess.run([python, "-I", "-c", "import uno"], capture_output=True, check=False)
            if trial.returncode == 0:
                return python
    raise EngineMissing(
        "LibreOffice's Python bridge is not installed: neither the running Python nor /usr/bin/python3 can import uno "
        "(on Debian, it is the package python3-uno)"
    )
