"""How much memory a piece of work takes, in a process of its own."""

import subprocess
import sys
import time

import psutil

# Not getrusage, which still knows the peak of the process that started this one.
SAY = """
from pathlib import Path
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""
OFTEN = 0.02
"""Between two looks at the memory of several processes. [s]"""


def peak_of(code):
    """Largest resident memory of a process that runs some Python. [MB]"""
    done = subprocess.run([sys.executable, "-c", code + SAY], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1])


def peak_of_all(code):
    """Largest memory of a process that runs some Python and of those that it starts, together. [MB]

    What several of them share, as the code of libraries, counts once.
    """
    peak = 0
    with psutil.Popen([sys.executable, "-c", code]) as process:
        while process.poll() is None:
            peak = max(peak, _share_of(process) + sum(map(_share_of, process.children(recursive=True))))
            time.sleep(OFTEN)
    assert process.returncode == 0
    return peak // 1024**2


def _share_of(process):
    """Proportional set size; 0 of a process that has ended. [byte]"""
    try:
        return process.memory_full_info().pss
    except psutil.NoSuchProcess:
        return 0
