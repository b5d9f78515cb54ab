"""Environments of their own for programs that want other versions than xlcost does, kept from one run to the next."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.conftest import ENGINES_REQUIRED
from tests.engines.cells import EngineMissing

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "xlcost-ci"
ENOUGH_SECONDS = 900


def python_with(*requirements):
    """The Python of an environment in which some packages are installed.

    Raises :class:`EngineMissing` where there is none and tests may be skipped, or it cannot be made.
    """
    key = hashlib.sha256("\n".join((sys.version, *requirements)).encode()).hexdigest()[:12]
    folder = CACHE / f"environment-{key}"
    python, done = folder / "bin" / "python", folder / "installed"
    if done.exists():
        return python
    if not ENGINES_REQUIRED:
        raise EngineMissing(f"{', '.join(requirements)}: XLCOST_REQUIRE_ENGINES=1 installs it in {folder}")
    venv.create(folder, with_pip=True, clear=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    made = subprocess.run([*pip, *requirements], capture_output=True, text=True, timeout=ENOUGH_SECONDS, check=False)
    if made.returncode:
        raise EngineMissing(f"{', '.join(requirements)} cannot be installed: {made.stderr.strip()[-500:]}")
    done.touch()
    return python
