"""The one error of the package: a sentence for the person who can mend the input."""


class XlcostError(ValueError):
    """What was given, where, and what is allowed.

    Parameters
    ----------
    text : str
    source : path-like, optional
        The file, named in front of the sentence.

    Attributes
    ----------
    sentences : list of str
        What is wrong, without the file's name where that was given as such.
    """

    def __init__(self, text="", source=None):
        self.sentences = [text]
        super().__init__(f"{source}: {text}" if source else text)


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
    of_rows : dict of int to list of Sentence, optional
        What is wrong with a row, by its place in the table, where all sentences are about rows: without these rows the
        others can be used.
    """

    def __init__(self, problems, source=None, of_rows=None):
        self.of_rows = of_rows or {}
        self.problems = [f"{source}: {problem}" if source else problem for problem in problems]
        super().__init__("\n".join(self.problems))
        self.sentences = list(problems)
