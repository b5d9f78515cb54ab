"""What people have noted on the cells of a workbook: comments, with the answers to them."""

from __future__ import annotations

import zipfile
from typing import NamedTuple

from ...xlsx_input import part_of, relations, relations_of, worksheets

COMMENTS, THREADS, PERSONS = "comments", "threadedComment", "person"


class Comment(NamedTuple):
    """A note on a cell."""

    sheet: str
    cell: str
    author: str
    text: str


def comments_of(path):
    """Comments of all sheets of a workbook, in the order of sheets and cells as they stand in the file.

    Excel keeps a thread of answers beside an old comment that only says where to read it: then the thread counts.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of Comment
    """
    with zipfile.ZipFile(path) as file:
        if not any(COMMENTS in name.lower() for name in file.namelist()):
            return []
        persons = _persons(file)
        found = []
        for sheet, part in worksheets(file):
            related = list(relations(file, part)) if relations_of(part) in file.namelist() else []
            threads = [target for kind, _, target in related if kind == THREADS]
            notes = [target for kind, _, target in related if kind == COMMENTS]
            of_threads = [comment for target in threads for comment in _thread(file, target, sheet, persons)]
            answered = {comment.cell for comment in of_threads}
            of_notes = [comment for target in notes for comment in _notes(file, target, sheet)]
            found += [comment for comment in of_notes if comment.cell not in answered] + of_threads
        return found


def _thread(file, part, sheet, persons):
    for node in part_of(file, part).iterfind("{*}threadedComment"):
        author = persons.get(node.get("personId"), "")
        yield Comment(sheet, node.get("ref", ""), author, node.findtext("{*}text", "").strip())


def _notes(file, part, sheet):
    tree = part_of(file, part)
    authors = [node.text or "" for node in tree.iterfind("{*}authors/{*}author")]
    for node in tree.iterfind("{*}commentList/{*}comment"):
        number = node.get("authorId", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        text = "".join(run.text or "" for run in node.iterfind(".//{*}t"))
        # Excel and LibreOffice begin the text with its author's name.
        yield Comment(sheet, node.get("ref", ""), author, text.strip().removeprefix(f"{author}:").strip())


def _persons(file):
    """Names of the people who take part in threads, by their key."""
    parts = [name for name in file.namelist() if name.startswith("xl/persons/")]
    return {
        node.get("id"): node.get("displayName", "") for part in parts for node in part_of(file, part).iter("{*}person")
    }
