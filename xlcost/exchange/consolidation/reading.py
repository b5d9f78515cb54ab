"""Reading many files: where that takes more than a second, other processes read too.

They are Pythons of their own, started alike on every system, that know nothing of the script that runs here: see
`xlcost.exchange.consolidation.reader`. Each is given a few files at a time, from the first one on, while this process
reads from the last one on, until nothing is left between them. Where one of them dies, for want of memory or by
somebody's hand, this process reads what it had been given.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress

from .submission import read_submission

READER = "xlcost.exchange.consolidation.reader"
MANY = 60
"""Files from which on others help: these are read in the time that another process takes to begin."""
PROCESSES = 3
"""That read at most, this one too: each of the others takes 100 MB."""
AT_ONCE = 4
"""Files that another process is given together."""
MOMENT = 0.1
"""After which this process, where it waits for others, looks whether it was interrupted. [s]"""


def read_submissions(files, advance=lambda done, total: None, processes=None):
    """Read files that were sent; what is wrong with one is said in its `problems`, and never stops the others.

    Parameters
    ----------
    files : list of (Path, str)
        Each with what to call it.
    advance : callable, optional
        Called with the number of files read, and of all.
    processes : int, optional
        That read, this one too; as many as pay by default.

    Returns
    -------
    list of Submission
        In the order of the files, and the same however many processes read.
    """
    work, readers = _Work(files), []
    others = (_that_pay(len(files)) if processes is None else processes) - 1
    try:
        # Where no process can be started, this one reads alone.
        with suppress(OSError):
            for _ in range(others):
                readers.append(_started())
                threading.Thread(target=work.give_to, args=readers[-1:], daemon=True).start()
        while len(work.found) < len(files):
            number = work.next_of_own()
            if number is not None:
                work.found[number] = read_submission(*files[number])
            advance(len(work.found), len(files))
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    return [work.found[number] for number in range(len(files))]


def _that_pay(files):
    """Processes that read so many files sooner than fewer would."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(PROCESSES, processors) if files >= MANY and sys.executable else 1


def _started():
    """Another process that reads files."""
    return subprocess.Popen(
        # Not from the folder in which somebody is (-P): files that were sent may lie there.
        [sys.executable, "-P", "-m", READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        # Ctrl-C is for this process alone, which then ends the others.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


class _Work:
    """Files to read, by their number, and what was found in them.

    Attributes
    ----------
    found : dict of int to Submission
    """

    def __init__(self, files):
        self.files, self.found, self._left = files, {}, deque(range(len(files)))
        self._has_changed = threading.Event()

    def next_of_own(self):
        """The next file for this process; None once it has waited a moment for what others read."""
        with suppress(IndexError):
            return self._left.pop()
        self._has_changed.wait(MOMENT)
        self._has_changed.clear()
        return None

    def give_to(self, reader):
        """Give another process files until none is left, or it has died."""
        given = deque()
        try:
            with suppress(OSError, EOFError, pickle.UnpicklingError, MemoryError), reader.stdin, reader.stdout:
                # It says when it is ready: until then its files would only wait.
                pickle.load(reader.stdout)
                while self._give(reader, given):
                    self.found.update(zip(given[0], pickle.load(reader.stdout)))
                    given.popleft()
                    self._has_changed.set()
        finally:
            self._left.extend(number for numbers in given for number in numbers)
            self._has_changed.set()

    def _give(self, reader, given):
        """See that another process has files at hand while this one takes what it has read; whether it has any."""
        while len(given) < 2 and (numbers := self._next()):
            given.append(numbers)
            pickle.dump([self.files[number] for number in numbers], reader.stdin)
            reader.stdin.flush()
        return bool(given)

    def _next(self):
        numbers = []
        with suppress(IndexError):
            while len(numbers) < AT_ONCE:
                numbers.append(self._left.popleft())
        return numbers
