"""A department's workbook that comes back: whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import XlcostError
from ..overview import LABELS, NAME, TEMPLATE_VERSION, read_overview

__all__ = ["TEMPLATE_VERSION", "DepartmentFile", "read_department"]


@dataclass(frozen=True)
class DepartmentFile:
    """Whose a workbook is, and what it was written for: texts as they stand on Overview, "" where empty.

    `version` is the template's, 0 where what stands there is no whole number.
    """

    department: str
    contact: str
    edition: str
    version: int
    language: str


def read_department(path):
    """Whose workbook this is.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    DepartmentFile

    Raises
    ------
    XlcostError
        It is no workbook that `xlcost template department` writes.
    """
    found = read_overview(path)
    if not found:
        raise XlcostError(
            f"{path}: not a department's workbook: it has no sheet {NAME!r} that says {LABELS['version']!r}"
        )
    version = found["version"]
    texts = {name: found.get(name, "") for name in LABELS}
    return DepartmentFile(**texts | {"version": int(version) if version.isdecimal() else 0})
