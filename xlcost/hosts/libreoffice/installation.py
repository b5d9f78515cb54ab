"""Putting the add-in into LibreOffice and taking it out, by LibreOffice's own tool ``unopkg``."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ...errors import XlcostError
from .extension import DESCRIPTION, IDENTIFIER, OLDEST_LIBREOFFICE, build, version
from .office.xlcost_pipe import OF_ANOTHER_PYTHON

SECONDS = 300
RUNNING = re.compile("lock file", re.IGNORECASE)
NOT_INSTALLED = re.compile("no such extension", re.IGNORECASE)
AS_ROOT = re.compile("as root", re.IGNORECASE)
PACKAGES = "vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/"
"""How ``unopkg`` names the folder of a user's extensions."""


def install(profile=None, everyone=False, unopkg=None, interpreter=None):
    """Install the add-in, or put this version in the place of another.

    Parameters
    ----------
    profile : path-like, optional
        A profile of LibreOffice's (``-env:UserInstallation=``); the user's own by default.
    everyone : bool
        Whether to install for all users of the machine, which takes an administrator.
    unopkg : path-like, optional
        LibreOffice's tool; looked for by default.
    interpreter : str, optional
        The Python in which xlcost is installed; the running one by default.

    Returns
    -------
    str
        What was done, and what to do next.

    Raises
    ------
    XlcostError
        There is no LibreOffice, or it is running, or it refuses.
    """
    interpreter = interpreter or _this_python()
    tool = unopkg or find_unopkg()
    with tempfile.TemporaryDirectory(prefix="xlcost-") as folder:
        package = Path(folder, "xlcost.oxt")
        build(package, interpreter, _folder_of_xlcost(interpreter))
        # A tool that works for another user must be able to read it.
        os.chmod(folder, 0o755)
        run_unopkg(tool, ["add", "--force", "--suppress-license"], profile, everyone, [str(package)])
    return (
        f"The add-in is installed in LibreOffice ({tool}); its functions are computed by {interpreter}. "
        "Start LibreOffice anew, and type =XLCOST_EDITION() into a cell."
    )


def status(profile=None, everyone=False, unopkg=None):
    """Whether the add-in is installed, in one sentence; parameters and errors as of `install`."""
    try:
        tool = unopkg or find_unopkg()
    except XlcostError as missing:
        return str(missing)
    try:
        listed = run_unopkg(tool, ["list"], profile, everyone, [IDENTIFIER])
    except NotInstalled:
        return "The add-in is not installed in LibreOffice; xlcost addin install --libreoffice does that."
    there = re.search(r"Version:\s*(\S+)", listed)
    sentence = f"The add-in is installed in LibreOffice, version {there[1] if there else 'unknown'}"
    interpreter = _interpreter_of(listed, profile)
    if interpreter:
        sentence += f"; its functions are computed by {interpreter}"
        if not Path(interpreter).exists():
            return f"{sentence}, which is not there any more: run xlcost addin install --libreoffice again."
    if there and there[1] != version():
        return f"{sentence}. This is version {version()}: run xlcost addin install --libreoffice again."
    return f"{sentence}."


def uninstall(profile=None, everyone=False, unopkg=None):
    """Take the add-in out; parameters, result and errors as of `install`."""
    try:
        run_unopkg(unopkg or find_unopkg(), ["remove"], profile, everyone, [IDENTIFIER])
    except NotInstalled:
        return "The add-in is not installed in LibreOffice; nothing was done."
    return "The add-in is no longer in LibreOffice."


class NotInstalled(Exception):
    """There is no such extension."""


def find_unopkg(platform=sys.platform, environment=os.environ):
    """LibreOffice's tool for extensions.

    Raises
    ------
    XlcostError
        There is none.
    """
    for place in _places(platform, environment):
        if place.is_file():
            return place
    raise XlcostError(
        f"LibreOffice was not found: there is no unopkg on the PATH, nor where LibreOffice is usually installed; "
        f"LibreOffice {OLDEST_LIBREOFFICE} or later is needed, from https://www.libreoffice.org"
    )


def _places(platform, environment):
    """Where the tool may be, the most likely place first."""
    # On Windows the file that ends in .com writes to the console, and the one that ends in .exe does not.
    name = "unopkg.com" if platform == "win32" else "unopkg"
    path = environment.get("PATH")
    for program in (name, "soffice"):
        found = shutil.which(program, path=path)
        if found:
            yield Path(found).resolve().with_name(name)
    if platform == "win32":
        for variable in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)"):
            if environment.get(variable):
                yield Path(environment[variable], "LibreOffice", "program", name)
    elif platform == "darwin":
        for folder in ("/Applications", Path.home() / "Applications"):
            yield Path(folder, "LibreOffice.app", "Contents", "MacOS", name)
    else:
        for folder in ("/usr/lib/libreoffice", "/usr/lib64/libreoffice"):
            yield Path(folder, "program", name)
        for folder in sorted(Path("/opt").glob("libreoffice*"), reverse=True):
            yield folder / "program" / name


def run_unopkg(tool, command, profile, everyone, arguments):
    """What LibreOffice's tool writes when it is run."""
    line = [str(tool), *command]
    if everyone:
        line.append("--shared")
    if profile is not None:
        line.append(f"-env:UserInstallation={Path(profile).resolve().as_uri()}")
    try:
        done = subprocess.run(
            [*line, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            env={name: value for name, value in os.environ.items() if name not in OF_ANOTHER_PYTHON},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise XlcostError(f"{tool}: LibreOffice's tool did not finish within {SECONDS} seconds") from None
    except OSError as error:
        raise XlcostError(f"{tool}: LibreOffice's tool cannot be started ({error.strerror})") from None
    written, complaint = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
    if done.returncode == 0:
        return written
    if NOT_INSTALLED.search(complaint):
        raise NotInstalled
    if RUNNING.search(complaint):
        raise XlcostError("LibreOffice is running; close all its windows, its quick starter too, and try again")
    if AS_ROOT.search(complaint):
        raise XlcostError("LibreOffice does not let root install for one user; run this as the user who needs it")
    said = [text.strip() for text in complaint.splitlines() if text.startswith("ERROR:")]
    raise XlcostError(f"{tool}: LibreOffice refuses ({said[0] if said else complaint.strip() or done.returncode})")


def _this_python():
    if not sys.executable:
        raise XlcostError("the running Python does not know where it is installed; start xlcost from a usual one")
    # Without a window of its own, but also without standard streams, runs pythonw.
    path = Path(sys.executable)
    if path.stem.lower() == "pythonw":
        path = path.with_name(path.name.lower().replace("pythonw", "python"))
    # Not resolved: in a virtual environment this is a link, and where it lies says which environment it is.
    return str(path)


def _folder_of_xlcost(interpreter):
    """The folder of this xlcost, unless the interpreter finds it by itself; "" then."""
    package = Path(__file__).resolve().parents[2]
    try:
        found = subprocess.run(
            [interpreter, "-P", "-c", "import xlcost; print(xlcost.__file__)"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={name: value for name, value in os.environ.items() if name not in OF_ANOTHER_PYTHON},
            check=False,
        )
    except OSError as error:
        raise XlcostError(f"{interpreter}: this Python cannot be started ({error.strerror})") from None
    place = found.stdout.decode(errors="replace").strip()
    is_it = found.returncode == 0 and place and Path(place).resolve().parent == package
    return "" if is_it else str(package.parent)


def _interpreter_of(listed, profile):
    """The Python that an installed add-in starts; "" where its files are not found."""
    url = re.search(r"URL:\s*(\S.*)", listed)
    if not url or not url[1].startswith(PACKAGES):
        return ""
    user = Path(profile) if profile is not None else _default_profile()
    place = user / "user" / "uno_packages" / "cache" / unquote(urlsplit(url[1].removeprefix(PACKAGES)).path)
    try:
        return json.loads((place.resolve() / DESCRIPTION).read_text(encoding="utf-8"))["interpreter"]
    except (OSError, ValueError, KeyError):
        return ""


def _default_profile():
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", ""), "LibreOffice", "4")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "libreoffice", "4")
