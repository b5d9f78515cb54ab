"""Environments of their own for programs that want other versions than xlcost does, kept from one run to the next."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ENGINES_REQUIRED
from tests.engines.cells import EngineMissing

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "xlcost-ci"
ENOUGH_SECONDS = 900


def python_with(*requirements, version=None):
    """The Python of an environment in which some packages are installed.

    Parameters
    ----------
    *requirements : str
    version : str, optional
        Of Python, such as 3.12; that of the tests by default.

    Raises :class:`EngineMissing` where there is none and tests may be skipped, or it cannot be made.
    """
    key = hashlib.sha256("\n".join((version or sys.version, *requirements)).encode()).hexdigest()[:12]
    folder = CACHE / f"environment-{key}"
    python, done = folder / "bin" / "python", folder / "installed"
    if done.exists():
        return python
    if not ENGINES_REQUIRED:
        raise EngineMissing(f"{', '.join(requirements)}: XLCOST_REQUIRE_ENGINES=1 installs it in {folder}")
    base = sys.executable if version is None else _python_of(version)
    made = subprocess.run([base, "-m", "venv", "--clear", folder], capture_output=True, text=True, check=False)
    if made.returncode:
        raise EngineMissing(f"{base} makes no environment: {made.stderr.strip()[-500:]}")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    made = subprocess.run([*pip, *requirements], capture_output=True, text=True, timeout=ENOUGH_SECONDS, check=False)
    if made.returncode:
        raise EngineMissing(f"{', '.join(requirements)} cannot be installed: {made.stderr.strip()[-500:]}")
    done.touch()
    return python


def _python_of(version):
    """A Python of some version: on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"))]
    for python in filter(None, found):
        # pyenv puts names on the path that only say that the version is not chosen.
        asked = subprocess.run([python, "-c", "import venv"], capture_output=True, check=False)
        if asked.returncode == 0:
            return python
    # No package of Debian 12 has it, so it is not required even where all that can be installed is.
    pytest.skip(f"Python {version} is not installed, neither on the path nor in {pyenv}")
