"""The Python in which xlcost is installed, as a child process that the office asks."""

import contextlib
import os
import subprocess
import tempfile
import threading
import time

from xlcost_pipe import OF_ANOTHER_PYTHON, PROTOCOL, packed, receive, write

SECONDS_TO_ANSWER = 60.0
SECONDS_A_BYTE = 1e-4
"""How much longer an answer to a long request may take."""
SECONDS_TO_FORGET = 20.0
"""For how long a failed start is not tried again: thousands of cells would each wait for it."""
SECONDS_TO_END = 2.0
FAULTS_IN_A_ROW = 6
"""How often the process may end without an answer in between before that counts as a failed start."""


class Unavailable(Exception):
    """Why there is no answer, in one sentence."""


class Connection:
    """A child process that answers requests, started when it is wanted and started again when it has died.

    Parameters
    ----------
    interpreter : str
        The Python to run.
    module : str
        What it runs.
    folder : str
        Where that Python finds the module; "" where it does by itself.
    advice : str
        What a person can do when there is no answer.
    """

    def __init__(self, interpreter, module, folder="", advice="install it again"):
        self._interpreter, self._module, self._folder, self._advice = interpreter, module, folder, advice
        self._lock = threading.Lock()
        self._process = self._complaints = None
        self._is_ready = self._is_overdue = False
        self._faults = 0
        self._failure, self._failed_at = None, 0.0
        self._deadline = None
        self._busy = threading.Event()

    def is_ready(self):
        """Whether the process has started and waits for requests."""
        return self._process is not None and self._is_ready

    def start(self):
        """Start the process, so that it gets ready while the caller does something else; never raises."""
        with self._lock, contextlib.suppress(Unavailable):
            self._start()

    def ask(self, request):
        """The answer to a request; several threads may ask.

        Raises
        ------
        Unavailable
            The process cannot be started, ended twice, or takes too long.
        """
        content = packed(request)
        with self._lock:
            try:
                return self._exchange(content)
            except (EOFError, OSError, ValueError) as error:
                self._stop_after(error)
            try:
                return self._exchange(content)
            except (EOFError, OSError, ValueError) as error:
                self._stop_after(error)
                raise Unavailable(self._sentence("ended twice while it computed", error)) from None

    def close(self):
        """End the process."""
        with self._lock:
            self._stop()

    def _start(self):
        if self._process is not None:
            return
        if self._failure is not None:
            if time.monotonic() - self._failed_at < SECONDS_TO_FORGET:
                raise Unavailable(self._failure)
            self._failure = None
        try:
            # A file and not a pipe: a pipe that no one reads would stop whoever complains at length.
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
            self._process = subprocess.Popen(
                # -P: the folder in which the office happens to work holds no modules of ours.
                [self._interpreter, "-P", "-m", self._module],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env=environment(self._folder),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._fail("cannot be started", error)
        self._is_ready = self._is_overdue = False
        threading.Thread(target=self._watch, args=(self._process,), name="xlcost", daemon=True).start()

    def _exchange(self, content):
        self._start()
        process = self._process
        self._deadline = time.monotonic() + SECONDS_TO_ANSWER + len(content) * SECONDS_A_BYTE
        if not self._busy.is_set():
            self._busy.set()
        try:
            if not self._is_ready:
                if receive(process.stdout) != PROTOCOL:
                    raise EOFError("xlcost there and the add-in are of different versions")
                self._is_ready = True
            write(process.stdin, content)
            answer = receive(process.stdout)
        finally:
            self._deadline = None
        self._faults = 0
        return answer

    def _stop_after(self, error):
        """End a process that did not answer; raise when another one would do no better."""
        self._faults += 1
        self._stop()
        if self._is_overdue:
            self._fail("did not answer in time", None)
        if not self._is_ready:
            self._fail("could not load xlcost", error)
        if self._faults >= FAULTS_IN_A_ROW:
            self._fail("ended again and again while it computed", error)

    def _stop(self):
        process, self._process = self._process, None
        if process is None:
            return
        self._busy.set()
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _watch(self, process):
        """End a process that does not answer in time. Windows has no other way to wait for a pipe with a limit."""
        while process is self._process:
            self._busy.wait()
            time.sleep(1.0)
            deadline = self._deadline
            if deadline is None:
                self._busy.clear()
                if self._deadline is not None:
                    self._busy.set()
            elif time.monotonic() > deadline:
                self._is_overdue = True
                process.kill()
                return

    def _fail(self, what, error):
        self._failure, self._failed_at = self._sentence(what, error), time.monotonic()
        raise Unavailable(self._failure) from None

    def _sentence(self, what, error):
        said = self._last_complaint() or getattr(error, "strerror", None) or str(error or "")
        reason = f" ({said})" if said else ""
        return f"xlcost: {self._interpreter} {what}{reason}; {self._advice}"

    def _last_complaint(self):
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def environment(folder):
    """What the process gets of the office's environment: not where the office's own Python finds its modules."""
    variables = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER_PYTHON}
    # NumPy's linear algebra is not used, and its threads would start by taking processors away from the office.
    variables["OMP_NUM_THREADS"] = "1"
    if folder:
        variables["PYTHONPATH"] = folder
    return variables
