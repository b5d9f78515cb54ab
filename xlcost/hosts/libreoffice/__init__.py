"""xlcost in LibreOffice Calc, 25.2 and later: the functions as an add-in, and its installation.

    install()     for the current user, or for all
    status()      one sentence
    uninstall()
    build(path)   the extension alone, for whoever hands it out by other means

The add-in runs in the Python that LibreOffice brings and has nothing of xlcost in it; it starts the Python in which
xlcost is installed and asks it (`xlcost.hosts.libreoffice.worker`, which also says what LibreOffice does to arguments).

A range in gives a range out in an array formula (Ctrl+Shift+Enter), as LibreOffice's own functions do. Where that
Python or xlcost is missing, cells show #NAME? and =XLCOST_EDITION() says why. A workbook whose setting changes is
computed anew; one that gets its first setting is so at the next hard recalculation (Ctrl+Shift+F9).
"""

from __future__ import annotations

import importlib

HOMES = {"build": "extension", "install": "installation", "status": "installation", "uninstall": "installation"}

__all__ = list(HOMES)


def __getattr__(name):
    # The worker is in this package too, and must not wait for what only an installation needs.
    if name in HOMES:
        return getattr(importlib.import_module(f".{HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
