"""``python -m xlcost``: the command line."""

from .cli import main

main()
