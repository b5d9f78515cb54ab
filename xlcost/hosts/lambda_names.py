"""Functions as LAMBDA names of a workbook: traced from the same steps and equations as everywhere.

A name's formula reads its arguments (what kind of cell they are, whether a number keeps its bounds), follows the steps
that the result needs, each bound to a name by ``LET``, and is mapped over ranges. Ranges of different shapes are first
brought to one shape by ``IF((a=a)*(b=b),a)``, which every engine computes as Excel does.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

from ..formula import Term, literal
from ..functions import FUNCTIONS, Model
from . import cells

_LAMBDA, _LET, _MAP = "_xlfn.LAMBDA", "_xlfn.LET", "_xlfn.MAP"
_PARAMETER = re.compile(r"_xlpm\.(\w+)")
_SHORT = re.compile(r"[\w.$!']+")


def lambda_names(functions, facts, assume, chips, vendors, optional=True):
    """The formula of each function's name.

    Parameters
    ----------
    functions : iterable of Function
    facts : object
        Ranges and terms of the workbook, by the names of `xlcost.facts.facts_of`.
    assume : mapping
        Terms of the assumptions.
    chips, vendors : tuple of Range
        What people type and what it means.
    optional : bool, default True
        Whether optional arguments may be left out, as Excel stores it; some engines cannot read that.

    Returns
    -------
    dict of str to tuple
        The formula without "=", and the value of the function's example that was traced with it.
    """
    return {function.name: _Traced(function, facts, assume, chips, vendors).formula(optional) for function in functions}


class _Traced:
    """One function followed from its arguments to its result, with the values of its example."""

    def __init__(self, function, facts, assume, chips, vendors):
        self.function, self.facts, self.chips, self.vendors = function, facts, chips, vendors
        self.bound, self.given = {}, SimpleNamespace()
        # Others give a result for each cell of a range.
        self.is_whole = bool(function.spills) or function.takes_ranges
        reading = cells.model_of(facts.edition.value)
        example = [*function.example, *[None] * len(function.arguments)]
        for argument, cell in zip(function.arguments, example):
            read = cells.whole if argument.is_range else cells.READERS[argument.kind]
            value = read(cell, argument, reading)
            # A required argument that is not there leaves the whole blank, so no step has to ask for it.
            setattr(self.given, argument.name, _name(f"{argument.name}_value", value, is_there=not argument.optional))
        self.model = Model(facts, assume, self.keep)

    def keep(self, name, value):
        """Bind a step to a name, unless it is short enough to be written again."""
        if not isinstance(value, Term) or _SHORT.fullmatch(value.text):
            return value
        name = _own(name)
        self.bound[name] = _text(value)
        return _name(name, value.value, value.is_there)

    def formula(self, optional):
        function = self.function
        result = function.compute(self.given, self.model)
        if function.spills:
            body, value = self._table(result)
            body = self._refused(body)
        else:
            value, body = result.value, self._refused(_text(result))
        # A name has one meaning throughout: the argument, a cell of it, and the value that was read from that.
        names = [_own(argument.name) for argument in function.arguments]
        left_out = [
            (f"{name}_given", f'IF(_xlfn.ISOMITTED(_xlpm.{name}),"",_xlpm.{name})')
            for name, argument in zip(names, function.arguments)
            if argument.optional and optional
        ]
        given = [
            f"_xlpm.{name}_given" if argument.optional and optional else f"_xlpm.{name}"
            for name, argument in zip(names, function.arguments)
        ]
        one_each = given if self.is_whole else [f"_xlpm.{name}_cell" for name in names]
        reading = self._known_pairs(one_each)
        reading += [
            (f"{argument.name}_value", self._reading(argument, cell))
            for argument, cell in zip(function.arguments, one_each)
        ]
        steps = [(name, self.bound[name]) for name in self._needed(body)]
        whole = _let([*reading, *steps, ("result", body)], self._shown())
        if not self.is_whole:
            shape = "*".join(f"({text}={text})" for text in given)
            shaped = (f'IF(_xlpm.shape,IF({text}="","",{text}),"")' for text in given)
            whole = _let([("shape", shape)], f"{_MAP}({','.join(shaped)},{_LAMBDA}({','.join(one_each)},{whole}))")
        whole = _let(left_out, whole)
        declared = (
            f"_xlop.{name}" if argument.optional and optional else f"_xlpm.{name}"
            for name, argument in zip(names, function.arguments)
        )
        return f"{_LAMBDA}({','.join(declared)},{whole})", value

    # --- the body

    def _needed(self, body):
        """The steps that the body refers to, directly or through others, in the order of the calculation."""
        needed, open_ = set(), [body]
        while open_:
            for name in _PARAMETER.findall(open_.pop()):
                if name in self.bound and name not in needed:
                    needed.add(name)
                    open_.append(self.bound[name])
        return [name for name in self.bound if name in needed]

    def _refused(self, body):
        if not self.function.refuses:
            return body
        return f"IF({_text(self.function.refuses(self.given))},{cells.BAD_NUMBER},{body})"

    def _shown(self):
        """The result; blank where a required argument is blank, #N/A where nothing was found."""
        blank = [
            "(SUM(_xlpm.known)=0)" if argument.is_range else f'(_xlpm.{argument.name}_value="")'
            for argument in self.function.arguments
            if not argument.optional
        ]
        blank = list(dict.fromkeys(blank))
        # A missing number is #N/A by itself.
        shown = "_xlpm.result" if self.function.unit or self.is_whole else 'IF(_xlpm.result="",NA(),_xlpm.result)'
        for argument in reversed(self.function.arguments):
            if argument.optional:
                # A mistake counts even where the result does without this argument.
                value = f"_xlpm.{argument.name}_value"
                # A number that is left out is #N/A, and no mistake.
                test = "ISERR" if argument.kind in cells.NUMERIC else "ISERROR"
                shown = f"IF({test}({value}),{value},{shown})"
        for argument in reversed(self.function.arguments):
            if argument.is_range:
                # One mistake among its cells, and not what statistics make of it.
                total = f"SUM(_xlpm.{argument.name}_value)"
                shown = f"IF(ISERROR({total}),{total},{shown})"
        # A sum and not OR: with one mistake among them it is that mistake in every engine.
        return f'IF({"+".join(["0", *blank])}>0,"",{shown})' if blank else shown

    def _table(self, rows):
        """Rows of terms as a table; without the headings where these are not wanted."""
        value = [[cell.value if isinstance(cell, Term) else cell for cell in row] for row in rows]
        if len(rows) == 1:
            return _line(rows[0]), value
        body = f"_xlfn.VSTACK({_line(rows[0])},_xlpm.table)"
        self.bound["table"] = f"_xlfn.VSTACK({','.join(map(_line, rows[1:]))})"
        return f"IF(_xlpm.headers_value,{body},_xlpm.table)", value

    # --- reading a cell, as `xlcost.hosts.cells` does

    def _known_pairs(self, given):
        """Where all of the ranges have a cell that is not blank; ranges of different sizes are #N/A."""
        ranges = [(argument.name, cell) for argument, cell in zip(self.function.arguments, given) if argument.is_range]
        if not ranges:
            return []
        columns = [(f"{name}_cells", f"_xlfn.TOCOL({cell})") for name, cell in ranges]
        known = "*".join(f'(TRIM(_xlpm.{name})<>"")' for name, _ in columns)
        filtered = [(f"{name}_known", f"_xlfn._xlws.FILTER(_xlpm.{name}_cells,_xlpm.known)") for name, _ in ranges]
        return [*columns, ("known", known), *filtered]

    def _whole(self, argument):
        """Numbers of a range's cells that are known; the first mistake in them counts."""
        found = f"_xlpm.{argument.name}_known"
        within = [f"SUM(1-({test}))=0" for test in self._within(argument.of_a_cell(), f"({found}+0)")]
        is_truth = f"SUM(ISLOGICAL({found})*1)>0"
        return f"IF({is_truth},{cells.BAD_VALUE},IF(AND({','.join(within)}),{found}+0,{cells.BAD_NUMBER}))"

    def _reading(self, argument, cell):
        if argument.is_range:
            return self._whole(argument)
        text = f"TRIM({cell})"
        blank = '""'
        if argument.kind in cells.NUMERIC:
            blank = "NA()" if argument.optional else blank
            value = self._number(argument, cell)
        elif argument.kind == "chip":
            typed, meant = self.chips
            key = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell}," ",""),"-",""),"_","")'
            value = f"IF(ISTEXT({cell}),INDEX({meant.text},_xlfn.XMATCH({key},{typed.text})),{cells.BAD_VALUE})"
        elif argument.kind == "vendor":
            typed, meant = self.vendors
            value = f"IF(ISLOGICAL({cell}),{cells.BAD_VALUE},INDEX({meant.text},_xlfn.XMATCH({text},{typed.text})))"
        elif argument.kind == "choice":
            blank = literal(argument.choices[0]) if argument.optional else '""'
            known = ",".join(f"{text}={literal(choice)}" for choice in argument.choices)
            value = f"IF(OR({known}),LOWER({text}),{cells.BAD_VALUE})"
        elif argument.kind == "flag":
            blank, said = "TRUE", f'IF(ISTEXT({cell}),{text}="TRUE",{cell}=1)'
            known = f'OR({text}="TRUE",{text}="FALSE",{text}="0",{text}="1")'
            value = f"IF(ISLOGICAL({cell}),{cell},IF({known},{said},{cells.BAD_VALUE}))"
        elif argument.kind == "edition":
            edition = self.facts.edition.text
            value = f"IF(ISLOGICAL({cell}),{cells.BAD_VALUE},IF({text}={edition},{edition},NA()))"
        else:
            value = f"IF(ISLOGICAL({cell}),{cells.BAD_VALUE},{text})"
        return f'IF({text}="",{blank},{value})'

    def _number(self, argument, cell):
        number = f"({cell}+0)"
        if argument.kind == "month":
            number = f'(IF(ISTEXT({cell})*(LEN(TRIM({cell}))=7),TRIM({cell})&"-01",{cell})+0)'
        elif argument.kind == "year":
            is_day = f"AND({number}>={literal(cells.FIRST_DAY)},{number}<{literal(cells.LAST_DAY + 1)})"
            number = f"(IF({is_day},YEAR({number}),{number}))"
        within = self._within(argument, number)
        return f"IF(ISLOGICAL({cell}),{cells.BAD_VALUE},IF(AND({','.join(within)}),{number[1:-1]},{cells.BAD_NUMBER}))"

    def _within(self, argument, number):
        """What must hold of a number, as texts."""
        tests, limits = {"above": ">", "at_least": ">=", "at_most": "<=", "below": "<"}, argument.limits
        if argument.kind in ("date", "month"):
            limits = {"at_least": cells.FIRST_DAY, "below": cells.LAST_DAY + 1}
        elif argument.kind == "year":
            limits = {"at_least": cells.FIRST_YEAR, "at_most": cells.LAST_YEAR}
        within = [f"{number}{tests[bound]}{literal(limit)}" for bound, limit in limits.items()]
        return [*within, f"{number}=INT({number})"] if argument.kind == "year" else within


def _own(name):
    """A name of its own for a parameter or a step: neither one of our functions', which is a name of the workbook, nor
    one of Excel's that the formulas call.
    """
    return f"the_{name}" if name.upper() in FUNCTIONS or name == "year" else name


def _let(bindings, body):
    if not bindings:
        return body
    return f"{_LET}({','.join(f'_xlpm.{name},{text}' for name, text in bindings)},{body})"


def _line(row):
    return f"_xlfn.HSTACK({','.join(map(_text, row))})"


def _name(name, value, is_there=False):
    """The term of a parameter, or of a step bound to a name."""
    term = Term(f"_xlpm.{name}", value)
    term.within_lambda, term.is_there = True, is_there
    return term


def _text(value):
    """An expression with #N/A for nothing, so that whatever is computed with it is #N/A as well."""
    if not isinstance(value, Term):
        return literal(value)
    return value.within_formula(nothing="NA()")
