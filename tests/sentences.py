"""Templates of the sentences that a sheet may say, found in the code that says them."""

import ast
from pathlib import Path

import xlcost

SAYS = {"Sentence": 0, "problems.say": 1, "problems.add": 3}
"""What makes a sentence, and at which place its template stands."""
REFUSALS, ERRORS = ("Refused", "unreadable"), ("XlcostError", "InputError")
"""What takes sentences, and nothing else; and what does so where a file of a department is read."""
READ_WHAT_IS_SENT = (
    *("xlsx_input.py", "tables.py", "headings.py", "overview.py", "guard/package.py"),
    *("exchange/consolidation/submission.py", "exchange/consolidation/comments.py"),
)


def calls():
    """Every call that makes a sentence: the module, and its template as it stands there."""
    for module, tree in _modules():
        for node in ast.walk(tree):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else None
            if name in SAYS and len(node.args) > SAYS[name]:
                yield module, node.args[SAYS[name]]


def _modules():
    root = Path(xlcost.__file__).parent
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def templates():
    """The templates that stand in the code as such."""
    return {node.value for _, node in calls() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def spelled_errors():
    """Texts in the place of sentences: in refusals, and in whatever the modules raise that read what is sent."""
    for module, tree in _modules():
        for node in ast.walk(tree):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else None
            if name in REFUSALS or (name in ERRORS and module in READ_WHAT_IS_SENT):
                yield from ((module, ast.unparse(text)) for text in _texts(node.args[0]))


def _texts(node):
    """Texts in an expression, without those that are a sentence's."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    elif not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Sentence"):
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def made_elsewhere():
    """Calls that take a sentence, or its template, from somewhere else."""
    return [(module, ast.unparse(node)) for module, node in calls() if not isinstance(node, ast.Constant)]
