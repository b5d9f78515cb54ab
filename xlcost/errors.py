"""The one error of the package: a sentence for the person who can mend the input."""


class XlcostError(ValueError):
    """What was given, where, and what is allowed."""


class NameWarning(UserWarning):
    """Names that can be used and may deceive whoever reads them."""


class InputError(XlcostError):
    """Rows of a table that cannot be used: every one of them, in one go.

    Parameters
    ----------
    problems : list of str
        One sentence each, that names the row and the column.
    source : str, optional
        The file, named in front of every sentence.
    """

    def __init__(self, problems, source=None):
        self.problems = [f"{source}: {problem}" if source else problem for problem in problems]
        super().__init__("\n".join(self.problems))
