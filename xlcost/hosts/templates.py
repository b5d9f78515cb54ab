"""The workbooks that people copy: built from the functions, each by its name."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import XlcostError
from ..files import replacing


@dataclass(frozen=True)
class Template:
    """A workbook that people copy.

    Parameters
    ----------
    file : str
        Its name in the folder of templates.
    text : str
        What it is for, in one line.
    build : callable
        ``build(interpreter)`` gives its bytes; None for the copy that belongs to nobody.
    """

    file: str
    text: str
    build: Callable


def _excel(interpreter):
    from .excel_workbook import INTERPRETER, excel_workbook

    return excel_workbook(interpreter or INTERPRETER)


def _lambda(interpreter):
    from .lambda_workbook import lambda_book

    target = io.BytesIO()
    lambda_book().write(target)
    return target.getvalue()


TEMPLATES = {
    "xlcost": Template("xlcost.xlsm", "Excel on Windows: the functions through Python", _excel),
    "xlcost-lambda": Template("xlcost-lambda.xlsx", "Excel 365 anywhere: the functions without Python", _lambda),
}


def build(folder):
    """Write every template into a folder, over those that are there.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    list of Path

    Raises
    ------
    XlcostError
        The folder cannot be written.
    """
    from pathlib import Path

    written = []
    for template in TEMPLATES.values():
        path = Path(folder, template.file)
        _write(path, template.build(None), replace=True)
        written.append(path)
    return written


def copy(name, path=None, replace=False, interpreter=sys.executable):
    """Write a user's own copy of a template.

    Parameters
    ----------
    name : str
        One of `TEMPLATES`.
    path : path-like, optional
        The file to write; the template's own name in this folder by default.
    replace : bool, default False
        Whether an existing file may be replaced.
    interpreter : str, optional
        The Python that the copy starts; the running one by default.

    Returns
    -------
    path-like

    Raises
    ------
    XlcostError
        There is no such template, or the file exists or cannot be written, or its name does not end as it must.
    """
    from pathlib import Path

    if name not in TEMPLATES:
        raise XlcostError(f"there is no template {name!r}; there are {', '.join(TEMPLATES)}")
    template = TEMPLATES[name]
    path = Path(path or template.file)
    ending = Path(template.file).suffix
    if path.suffix.lower() != ending:
        raise XlcostError(f"{path}: the name of this template's file must end in {ending}")
    _write(path, template.build(interpreter), replace)
    return path


def _write(path, content, replace):
    with replacing(path, replace) as temporary:
        temporary.write_bytes(content)
