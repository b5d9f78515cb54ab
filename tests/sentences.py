"""Templates of the sentences that a sheet may say, found in the code that says them."""

import ast
from pathlib import Path

import xlcost

SAYS = {"Sentence": 0, "problems.say": 1, "problems.add": 3}
"""What makes a sentence, and at which place its template stands."""


def calls():
    """Every call that makes a sentence: the module, and its template as it stands there."""
    root = Path(xlcost.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else None
            if name in SAYS and len(node.args) > SAYS[name]:
                yield path.relative_to(root).as_posix(), node.args[SAYS[name]]


def templates():
    """The templates that stand in the code as such."""
    return {node.value for _, node in calls() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def made_elsewhere():
    """Calls that take a sentence, or its template, from somewhere else."""
    return [(module, ast.unparse(node)) for module, node in calls() if not isinstance(node, ast.Constant)]
