"""Why a file is not read."""


class Refused(Exception):
    """A sentence without the file's name, or one a line; whoever knows the name puts it in front."""
