"""What people have noted on the cells of a workbook: comments, with the answers to them."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from ...errors import XlcostError
from ...guard.package import opened
from ...guard.refused import Refused
from ...sentences import Sentence, together

COMMENTS, THREADS = "comments", "threadedComment"


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

    Raises
    ------
    XlcostError
        It is no workbook, or its comments are damaged.
    """
    package = opened(path)
    try:
        return _comments(package)
    except Refused as refused:
        said = Sentence("its comments cannot be read ({why})", why=together(refused.sentences))
        raise XlcostError(said, path) from None


def _comments(package):
    # Looking for what sheets lead to takes long, and most lead to no comments.
    if not any("comment" in kind.lower() for kind in package.types.values()):
        return []
    persons, found = _persons(package), []
    for sheet, part in package.sheets:
        related = _related(package, part)
        of_threads = [comment for target in related[THREADS] for comment in _thread(package, target, sheet, persons)]
        answered = {comment.cell for comment in of_threads}
        of_notes = [comment for target in related[COMMENTS] for comment in _notes(package, target, sheet)]
        found += [comment for comment in of_notes if comment.cell not in answered] + of_threads
    return found


def _related(package, part):
    """Parts with comments that a sheet leads to, by their kind."""
    found = {THREADS: [], COMMENTS: []}
    if posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels") in package.entries:
        for kind, _, target, is_outside in package.relations(part):
            if kind in found and not is_outside:
                found[kind].append(target)
    return found


def _thread(package, part, sheet, persons):
    for node in package.tree(part).iterfind("{*}threadedComment"):
        author = persons.get(node.get("personId"), "")
        yield Comment(sheet, node.get("ref", ""), author, node.findtext("{*}text", "").strip())


def _notes(package, part, sheet):
    tree = package.tree(part)
    authors = [node.text or "" for node in tree.iterfind("{*}authors/{*}author")]
    for node in tree.iterfind("{*}commentList/{*}comment"):
        number = node.get("authorId", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        text = "".join(run.text or "" for run in node.iterfind(".//{*}t"))
        # Excel and LibreOffice begin the text with its author's name.
        yield Comment(sheet, node.get("ref", ""), author, text.strip().removeprefix(f"{author}:").strip())


def _persons(package):
    """Names of the people who take part in threads, by their key."""
    parts = [name for name in package.entries if name.startswith("xl/persons/")]
    return {
        node.get("id"): node.get("displayName", "") for part in parts for node in package.tree(part).iter("{*}person")
    }
