"""What both ends of the pipe between an office and the Python that has xlcost agree on.

The office's end may run in Python 3.8. A message is its length and its content as Python's own `marshal` writes it,
in a version that all Pythons since 2.5 read: doubles pass to the last bit, and nothing is faster.
"""

import marshal
import struct

PROTOCOL = 1
"""What the process that computes says first: a new number for each change of what requests and answers mean."""
MARSHAL_VERSION = 2
LENGTH = struct.Struct("<Q")
CHUNK = 1 << 16

OF_ANOTHER_PYTHON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")
"""Variables by which an office, or whoever started it, tells its own Python where its modules are."""


def packed(message):
    """A message as it goes through a pipe."""
    content = marshal.dumps(message, MARSHAL_VERSION)
    return LENGTH.pack(len(content)) + content


def write(pipe, content):
    """Write all of a packed message to a raw pipe, which may take less at once."""
    written = pipe.write(content)
    while written < len(content):
        content = content[written:]
        written = pipe.write(content)


def receive(pipe):
    """Read a message from a raw pipe.

    Raises
    ------
    EOFError
        The other end has gone.
    """
    content = _more(pipe)
    while len(content) < LENGTH.size:
        content += _more(pipe)
    length = LENGTH.unpack_from(content)[0]
    content = content[LENGTH.size :]
    if len(content) < length:
        # One that grows in its place, as a long message comes in thousands of pieces.
        content = bytearray(content)
        while len(content) < length:
            content += _more(pipe)
    return marshal.loads(content)


def _more(pipe):
    content = pipe.read(CHUNK)
    if not content:
        raise EOFError("the other end of the pipe has gone")
    return content
