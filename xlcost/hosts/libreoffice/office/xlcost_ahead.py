"""Answers to formulas that Calc is about to compute, asked for together.

Calc computes one formula after another, and each question to another process takes longer than its answer. So when a
few formulas in a row have been asked for, as while a file is opened, those like them are looked up in the workbook and
asked for in one go. What was read ahead is found again by the arguments that Calc then hands over: should the workbook
mean something else, nothing is found, and that formula is asked for as ever.
"""

import re
import time

BURST = 8
"""Formulas asked for in a row before others are looked up."""
GROWTH = 4
"""How many times as many before they are looked up again: some workbooks have none that can be read."""
PAUSE = 1.0
"""Seconds after which formulas are no longer in a row."""
LARGEST = 100_000
"""Formulas that are read ahead."""

FORMULA, CONSTANT = 16, 1 | 2 | 4
"""UNO's com.sun.star.sheet.CellFlags: FORMULA, and VALUE, DATETIME, STRING."""
MOST_PARTS = 1_000
"""Pieces of a column, between its formulas, beyond which it is not read."""
TEXT, REFERENCE, NUMBER = r'"(?:[^"]|"")*"', r"\$?[A-Z]{1,3}\$?[0-9]{1,7}", r"-?[0-9.]+(?:E[+-]?[0-9]+)?"
ARGUMENT = f"(?:{TEXT}|{REFERENCE}|{NUMBER}|)"
ARGUMENTS = re.compile(f"({ARGUMENT})(?:;|$)")
PLACE = re.compile(r"\$?([A-Z]+)\$?([0-9]+)")
CELLS_A_ROW = 4
"""How sparsely the cells of a column may be referred to for the column to be read as a whole."""


class Ahead:
    """Asks for formulas before Calc does.

    Parameters
    ----------
    ask : callable
        ``ask(function, calls, edition, days)`` gives the answer of each call, a tuple of arguments.
    is_ready : callable
        Whether an answer would come at once; while it would not, there is time to look up formulas.
    prefix : str
        What stands before a method's name in the text of a formula.
    functions : mapping
        By the method's name in capitals: the function, how many arguments it has, and how many of them are required.
    """

    def __init__(self, ask, is_ready, prefix, functions):
        self._ask, self._is_ready, self._prefix, self._functions = ask, is_ready, prefix, functions
        self._call = re.compile(f"{re.escape(prefix)}([A-Z0-9]+)\\(({ARGUMENT}(?:;{ARGUMENT})*)\\)")
        self._answers = {}
        self._asked, self._patience, self._last = 0, BURST, 0.0

    def answer(self, workbook, function, arguments, edition, days):
        """Rows of cells for one call."""
        key = (function, arguments, edition, days)
        if key in self._answers:
            return self._answers[key]
        if time.monotonic() - self._last > PAUSE:
            self._answers.clear()
            self._asked, self._patience = 0, BURST
        self._asked += 1
        if self._asked > self._patience or (self._asked == 1 and not self._is_ready()):
            self._patience *= GROWTH
            self._read(workbook, edition, days)
        answer = self._answers.get(key)
        if answer is None:
            (answer,) = self._ask(function, [arguments], edition, days)
        self._last = time.monotonic()
        return answer

    def _read(self, workbook, edition, days):
        wanted, left = {}, LARGEST
        for sheet in workbook.Sheets:
            for method, arguments in self._calls(sheet):
                function, _, _ = self._functions[method]
                calls = wanted.setdefault(function, {})
                key = (function, arguments, edition, days)
                if left and key not in calls and key not in self._answers:
                    calls[key] = arguments
                    left -= 1
        for function, calls in wanted.items():
            if calls:
                self._answers.update(zip(calls, self._ask(function, list(calls.values()), edition, days)))

    def _calls(self, sheet):
        """Methods of a sheet's formulas and their arguments, as Calc hands them over."""
        written = [
            (method, ARGUMENTS.findall(arguments)[: self._functions[method][1]])
            for formula in formulas(sheet, self._prefix)
            for method, arguments in self._call.findall(formula)
            if method in self._functions
        ]
        places = {text for _, arguments in written for text in arguments if text and PLACE.fullmatch(text)}
        known = constants(sheet, {text: PLACE.fullmatch(text).groups() for text in places})
        for method, arguments in written:
            if all(text in known or text not in places for text in arguments):
                _, count, required = self._functions[method]
                values = [known[text] if text in places else literal(text) for text in arguments]
                values += [None] * (count - len(values))
                yield method, (*(((value,),) for value in values[:required]), *values[required:])


def formulas(sheet, prefix):
    """The formulas of those columns in which one formula, in the middle, holds a text."""
    for area in sheet.queryContentCells(FORMULA).RangeAddresses:
        middle = (area.StartRow + area.EndRow) // 2
        row = sheet.getCellRangeByPosition(area.StartColumn, middle, area.EndColumn, middle).getFormulaArray()[0]
        for column, formula in enumerate(row, area.StartColumn):
            if prefix in formula:
                cells = sheet.getCellRangeByPosition(column, area.StartRow, column, area.EndRow)
                for (text,) in cells.getFormulaArray():
                    yield text


def constants(sheet, places):
    """Values of cells that hold no formula, by how they are referred to: a formula must not be computed for it."""
    columns, known = {}, {}
    for text, (column, row) in places.items():
        columns.setdefault(column, []).append((int(row) - 1, text))
    for column, cells in columns.items():
        first, last = min(cells)[0], max(cells)[0]
        if last - first > CELLS_A_ROW * len(cells) + LARGEST // 100:
            continue
        area = sheet.getCellRangeByName(f"{column}{first + 1}:{column}{last + 1}")
        computed = set()
        for part in area.queryContentCells(FORMULA).RangeAddresses:
            computed.update(range(part.StartRow, part.EndRow + 1))
        parts, values = area.queryContentCells(CONSTANT).RangeAddresses, {}
        if len(parts) > MOST_PARTS:
            continue
        for part in parts:
            # Without the formulas between them: to read one is to compute it, and the one that asks would be circular.
            held = sheet.getCellRangeByPosition(part.StartColumn, part.StartRow, part.EndColumn, part.EndRow)
            values.update(zip(range(part.StartRow, part.EndRow + 1), (value for (value,) in held.getDataArray())))
        for row, text in cells:
            if row not in computed:
                # Calc hands a blank cell over as zero.
                known[text] = values.get(row, 0.0)
    return known


def literal(text):
    """The value of an argument that is written out; None where it is left out."""
    if text.startswith('"'):
        return text[1:-1].replace('""', '"')
    return float(text) if text else None
