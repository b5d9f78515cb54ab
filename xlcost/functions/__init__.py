"""The functions that people type, each described once.

`FUNCTIONS` holds every function's name, arguments, texts and example; the hosts (`xlcost.hosts`), the README's table
and the example sheets are made from it. What a function computes is a step of `xlcost.model` or an equation.
"""

from . import costs, prices, projects, purchase, trends
from .described import Function, Model

__all__ = ["FUNCTIONS", "Function", "Model"]

FUNCTIONS = {
    function.name: function for module in (costs, projects, purchase, trends, prices) for function in module.FUNCTIONS
}
"""Every function by its name."""
