"""How much memory a piece of work takes, in a process of its own."""

import subprocess
import sys

# Not getrusage, which still knows the peak of the process that started this one.
SAY = """
from pathlib import Path
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""


def peak_of(code):
    """Largest resident memory of a process that runs some Python. [MB]"""
    done = subprocess.run([sys.executable, "-c", code + SAY], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1])
