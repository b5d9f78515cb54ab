"""A process that reads files for another one: ``python -m xlcost.exchange.consolidation.reader``.

Lists of files come on its standard input, pickled, until that ends; what was found in them goes to its standard output.
"""

from __future__ import annotations

import os
import pickle

from .submission import read_submission


def main():
    """Read until the other process has ended."""
    given, found = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Whatever else writes to standard output would be taken for what was found.
    os.dup2(2, 1)
    try:
        pickle.dump("ready", found)
        found.flush()
        while True:
            submissions = [read_submission(path, name) for path, name in pickle.load(given)]
            pickle.dump(submissions, found)
            found.flush()
    finally:
        # The other process has ended, or reads the files itself, and then says what is wrong with them.
        os._exit(0)


if __name__ == "__main__":
    main()
