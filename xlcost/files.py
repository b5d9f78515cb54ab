"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .errors import XlcostError


@contextmanager
def replacing(path, replace=False):
    """A temporary file beside the target, which becomes the target when all has been written.

    Parameters
    ----------
    path : path-like
    replace : bool
        Whether an existing file may be replaced.

    Yields
    ------
    Path
        The temporary file; it is gone when anything fails, and the target is then as it was.

    Raises
    ------
    XlcostError
        The target exists, or is a folder or a device, or its folder cannot be written, or the disk is full.
    """
    path = Path(path)
    exists = XlcostError(f"{path}: the file exists; --force replaces it")
    if path.is_symlink():
        # What the link leads to is written, and the link stays.
        path = path.resolve()
    if path.is_dir():
        raise XlcostError(f"{path}: this is a folder, not a file")
    if is_stream(path):
        raise XlcostError(f"{path}: this is a device or a pipe, not a file")
    if not replace and path.exists():
        raise exists
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise XlcostError(f"{path}: cannot be written in this folder ({error.strerror})") from None
    temporary = Path(name)
    try:
        os.close(handle)
        yield temporary
        os.chmod(temporary, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        if replace:
            os.replace(temporary, path)
        else:
            # Reserve the name first, so that a file that has come up meanwhile stays.
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                raise exists from None
            os.replace(temporary, path)
    except OSError as error:
        raise XlcostError(f"{path}: could not be written ({error.strerror or error})") from None
    finally:
        temporary.unlink(missing_ok=True)


def is_stream(path):
    """Whether a path leads to a device or a pipe, which can be written to but not replaced."""
    return Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
