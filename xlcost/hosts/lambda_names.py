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
from . import cells, meaning

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
        reading = cells.model_of(facts.edition.value)
        example = [*function.example, *[None] * len(function.arguments)]
        ranges = cells.points(function, example, reading) if function.takes_ranges else {}
        for argument, cell in zip(function.arguments, example):
            value = (
                ranges[argument.name] if argument.is_range else meaning.READERS[argument.kind](cell, argument, reading)
            )
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
        else:
            value, body = result.value, _text(result)
        body = self._refused(body)
        # A name has one meaning throughout: the argument, a cell of it, and the value that was read from that.
        names = {argument.name: _own(argument.name) for argument in function.arguments}
        single = [argument for argument in function.arguments if not argument.is_range]
        left_out = [argument.name for argument in single if argument.optional and optional]
        given = {
            argument.name: f"_xlpm.{names[argument.name]}{'_given' if argument.name in left_out else ''}"
            for argument in single
        }
        one_each = given if function.spills else {name: f"_xlpm.{names[name]}_cell" for name in given}
        reading = [(f"{argument.name}_value", self._reading(argument, one_each[argument.name])) for argument in single]
        steps = [(name, self.bound[name]) for name in self._needed(body)]
        whole = _let([*reading, *steps, ("result", body)], self._shown())
        if not function.spills:
            shape = "*".join(f"({text}={text})" for text in given.values())
            shaped = (f'IF(_xlpm.shape,IF({text}="","",{text}),"")' for text in given.values())
            mapped = f"{_MAP}({','.join(shaped)},{_LAMBDA}({','.join(one_each.values())},{whole}))"
            whole = _let([("shape", shape)], mapped)
        or_blank = [
            (f"{names[name]}_given", f'IF(_xlfn.ISOMITTED(_xlpm.{names[name]}),"",_xlpm.{names[name]})')
            for name in left_out
        ]
        whole = _let(or_blank, self._with_points(names, whole))
        declared = (f"{'_xlop' if name in left_out else '_xlpm'}.{names[name]}" for name in names)
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
        return f"IF({_text(self.function.refuses(self.given, self.model))},{meaning.BAD_NUMBER},{body})"

    def _shown(self):
        """The result; blank where a required argument is blank, #N/A where nothing was found."""
        blank = [
            f'(_xlpm.{argument.name}_value="")'
            for argument in self.function.arguments
            if not argument.optional and not argument.is_range
        ]
        # A missing number is #N/A by itself.
        shown = "_xlpm.result" if self.function.unit else 'IF(_xlpm.result="",NA(),_xlpm.result)'
        for argument in reversed(self.function.arguments):
            if argument.optional:
                # A mistake counts even where the result does without this argument.
                value = f"_xlpm.{argument.name}_value"
                # A number that is left out is #N/A, and no mistake.
                test = "ISERR" if argument.kind in meaning.NUMERIC else "ISERROR"
                shown = f"IF({test}({value}),{value},{shown})"
        # A sum and not OR: with one mistake among them it is that mistake in every engine.
        return f'IF({"+".join(["0", *blank])}>0,"",{shown})' if blank else shown

    def _table(self, rows):
        """Rows of terms as a table; without the headings where these are not wanted."""
        value = [[cell.value if isinstance(cell, Term) else cell for cell in row] for row in rows]
        if len(rows) == 1:
            self.bound["table"] = _line(rows[0])
            # One error in a row of figures is that of the whole.
            return "IF(ISERROR(SUM(_xlpm.table)),SUM(_xlpm.table),_xlpm.table)", value
        body = f"_xlfn.VSTACK({_line(rows[0])},_xlpm.table)"
        self.bound["table"] = f"_xlfn.VSTACK({','.join(map(_line, rows[1:]))})"
        return f"IF(_xlpm.headers_value,{body},_xlpm.table)", value

    # --- whole ranges, as `cells.points` reads them

    def _with_points(self, names, body):
        """The body, with the values of whole ranges where none of them is blank."""
        ranges = [argument for argument in self.function.arguments if argument.is_range]
        if not ranges:
            return body
        read = []
        for argument in ranges:
            name = names[argument.name]
            each = f"{_LAMBDA}(_xlpm.{name}_cell,{self._reading(argument.of_a_cell(), f'_xlpm.{name}_cell')})"
            read.append((f"{name}_cells", f'_xlfn.TOCOL({_MAP}(IF(_xlpm.{name}="","",_xlpm.{name}),{each}))'))
        columns = [f"_xlpm.{name}" for name, _ in read]
        known = [
            (f"{argument.name}_value", f"_xlfn._xlws.FILTER({column},_xlpm.known)")
            for argument, column in zip(ranges, columns)
        ]
        # An error among the cells is that of their sum: the first mistake counts.
        filled = "*".join(f'SUM(1*({column}<>""))' for column in columns)
        first, *others = (f"ROWS({column})" for column in columns)
        differ = "+".join(f"({first}<>{other})" for other in others)
        body = f'IF({filled}=0,"",IF({differ},NA(),IF(SUM(_xlpm.known)=0,"",{body})))'
        return _let([*read, ("known", "*".join(f'({column}<>"")' for column in columns)), *known], body)

    # --- reading a cell, as `xlcost.hosts.meaning` does

    def _reading(self, argument, cell):
        text = f"TRIM({cell})"
        blank = '""'
        if argument.kind in meaning.NUMERIC:
            blank = "NA()" if argument.optional else blank
            value = self._number(argument, cell)
        elif argument.kind == "chip":
            typed, meant = self.chips
            key = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell}," ",""),"-",""),"_","")'
            value = f"IF(ISTEXT({cell}),INDEX({meant.text},_xlfn.XMATCH({key},{typed.text})),{meaning.BAD_VALUE})"
        elif argument.kind == "vendor":
            typed, meant = self.vendors
            value = f"IF(ISLOGICAL({cell}),{meaning.BAD_VALUE},INDEX({meant.text},_xlfn.XMATCH({text},{typed.text})))"
        elif argument.kind == "choice":
            blank = literal(argument.choices[0]) if argument.optional else '""'
            known = ",".join(f"{text}={literal(choice)}" for choice in argument.choices)
            value = f"IF(OR({known}),LOWER({text}),{meaning.BAD_VALUE})"
        elif argument.kind == "flag":
            blank, said = "TRUE", f'IF(ISTEXT({cell}),{text}="TRUE",{cell}=1)'
            known = f'OR({text}="TRUE",{text}="FALSE",{text}="0",{text}="1")'
            value = f"IF(ISLOGICAL({cell}),{cell},IF({known},{said},{meaning.BAD_VALUE}))"
        elif argument.kind == "edition":
            edition = self.facts.edition.text
            value = f"IF(ISLOGICAL({cell}),{meaning.BAD_VALUE},IF({text}={edition},{edition},NA()))"
        else:
            value = f"IF(ISLOGICAL({cell}),{meaning.BAD_VALUE},{text})"
        return f'IF({text}="",{blank},{value})'

    def _number(self, argument, cell):
        number, limits = f"({cell}+0)", argument.limits
        if argument.kind == "month":
            number = f'(IF(ISTEXT({cell})*(LEN(TRIM({cell}))=7),TRIM({cell})&"-01",{cell})+0)'
        tests = {"above": ">", "at_least": ">=", "at_most": "<=", "below": "<"}
        if argument.kind in ("date", "month"):
            limits = {"at_least": meaning.FIRST_DAY, "below": meaning.LAST_DAY + 1}
        elif argument.kind == "year":
            is_day = f"AND({number}>={literal(meaning.FIRST_DAY)},{number}<{literal(meaning.LAST_DAY + 1)})"
            number = f"(IF({is_day},YEAR({number}),{number}))"
            limits = {"at_least": meaning.FIRST_YEAR, "at_most": meaning.LAST_YEAR}
        within = [f"{number}{tests[bound]}{literal(limit)}" for bound, limit in limits.items()]
        if argument.kind == "year":
            within.append(f"{number}=INT({number})")
        return (
            f"IF(ISLOGICAL({cell}),{meaning.BAD_VALUE},IF(AND({','.join(within)}),{number[1:-1]},{meaning.BAD_NUMBER}))"
        )


def _own(name):
    """A name of its own for a parameter or a step: neither one of our functions', which is a name of the workbook, nor
    one of Excel's that the formulas call.
    """
    return f"the_{name}" if name.upper() in FUNCTIONS or name in ("year", "month", "day") else name


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
