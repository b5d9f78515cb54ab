"""Formulas that fetch their value from outside the workbook: such a value is whatever somebody put there meanwhile."""

from __future__ import annotations

import functools
import re
from xml.parsers import expat

from ..sentences import Sentence
from . import limits
from .refused import Refused

FUNCTIONS = (
    *("WEBSERVICE", "RTD", "DDE", "CALL", "REGISTER.ID", "EXEC", "SQL.REQUEST", "STOCKHISTORY", "IMAGE"),
    *("IMPORTDATA", "IMPORTXML", "IMPORTHTML", "IMPORTFEED", "IMPORTRANGE", "GOOGLEFINANCE", "GOOGLETRANSLATE"),
)
"""Functions of Excel, LibreOffice and Google Sheets that ask the web, another program or a library."""
_MARKS = tuple(
    name.encode() + b"(" * (len(name) < 8) for name in FUNCTIONS if not name.startswith(("IMPORT", "GOOGLE"))
)
_COMMON = {
    mark: tuple(name.encode() for name in FUNCTIONS if name.encode().startswith(mark))
    for mark in (b"IMPORT", b"GOOGLE")
}
"""Functions that begin alike are searched for one by one only where there is one of them."""
_CALL = re.compile(rf"(?<![\w.])(?:_xlfn\.|_xlws\.)*(?:{'|'.join(map(re.escape, FUNCTIONS))})\s*\(", re.IGNORECASE)
_SPELLED_OUT = re.compile(rb"&#(?:x0*[2-7][0-9a-f]|0*(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-7]));", re.IGNORECASE)
"""A reference to a character of ASCII that can be seen."""
_STRING = re.compile(r'"[^"]*"')
_OTHER_FILE = re.compile(
    r"(?<![\w\]\[])\[(?:\d+|[^\[\]]*\.\w{2,4})\](?!,|:|\])[^,;()+*/&<>=\[\]]*!|'[^']*\[[^\]]+\][^']*'!"
)
_OTHER_PROGRAM = re.compile(r"[\w.]+\|(?:'[^']*'|[\w.:\\/ -]*)!|'[^'|]+\|[^']*'!")
_OWN_FUNCTION = re.compile(r"(?:\[\d+\]!|'[^']*xlcost\.xlam'!)(?=([A-Z_]+)\()")
"""How Excel stores a function of an add-in."""
_LINKS = "/externalLinks/"
QUERY, QUERIED = "queryTable", Sentence("a table that a query fills")
"""A table whose rows come from a data connection, by its kind in a workbook, and what sentences call it."""
_DIGITS = re.compile(r"\d+")


def may_call(content):
    """Whether some XML has what may be a formula that calls out; quick, and rather yes than no."""
    if b"|" in content and re.search(rb"\|[^<]*!", content):
        return True
    if b"[" in content and re.search(rb"\[[^\]<]*\][^<]*!", content):
        return True
    # A name may be spelled with references to its characters; openpyxl spells all beyond ASCII so, which name none.
    if b"&#" in content and _SPELLED_OUT.search(content):
        return True
    capitals = content.upper()
    return any(mark in capitals for mark in _MARKS) or any(
        name in capitals for mark, names in _COMMON.items() if mark in capitals for name in names
    )


def calls_out(formula):
    """Whether a formula fetches something from outside the workbook.

    Parameters
    ----------
    formula : str
        As a file stores it, with or without "=".

    Examples
    --------
    >>> calls_out('WEBSERVICE("https://example.com")'), calls_out("SUM([1]Prices!A1:A9)"), calls_out("cmd|'/c calc'!A0")
    (True, True, True)
    >>> calls_out('IF(A1="[1]x!",Runs!B2,Table1[[#This Row],[Chips]])'), calls_out("[1]!AMORTIZED_COST(A1,8,10)")
    (False, False)
    """
    formula = _STRING.sub('""', formula)
    if "!" in formula:
        own = _own_functions() if "]!" in formula or "xlcost" in formula else ()
        formula = _OWN_FUNCTION.sub(lambda found: "" if found[1] in own else found[0], formula)
    return bool(_CALL.search(formula) or _OTHER_FILE.search(formula) or _OTHER_PROGRAM.search(formula))


@functools.lru_cache(maxsize=1000)
def _calls_out(formula):
    return calls_out(formula)


def _own_functions():
    from ..functions import FUNCTIONS

    return FUNCTIONS


def check(package, in_sheets):
    """Refuse a workbook with formulas that call out.

    Parameters
    ----------
    package : Package
    in_sheets : bool
        Whether sheets are looked at too, or only names, and links to other programs.

    Raises
    ------
    Refused
        A sentence for each cell, or name, or link to another program.
    """
    found = []
    sheets = {part: name for name, part in package.sheets if in_sheets}
    suspicious = [part for part in (package.main, *sheets) if any(may_call(piece) for piece in package.pieces(part))]
    for part in sorted({*suspicious, *(part for part in package.entries if _LINKS in f"/{part}")}):
        if part in sheets:
            found += [
                (Sentence("sheet {sheet}, cell {cell}", sheet=repr(sheets[part]), cell=cell), text[: limits.SHOWN])
                for cell, text in _formulas(package, part, "c", "r")
            ]
        elif part == package.main:
            found += [
                (Sentence("name {name}", name=repr(name)), text[: limits.SHOWN])
                for name, text in _formulas(package, part, "definedName", "name")
            ]
        elif _LINKS in f"/{part}" and part.lower().endswith(".xml") and "/_rels/" not in part:
            links = [each for each in package.tree(part) if str(each.tag).endswith(("}ddeLink", "}oleLink"))]
            programs = [each.get("ddeService") or each.get("progId") or "?" for each in links]
            found += [
                (part, Sentence("a link to the program {program}", program=program[: limits.SHOWN]))
                for program in programs
            ]
    _refuse(found)


def check_queries(package, sheets):
    """Refuse sheets with cells that a query fills.

    Parameters
    ----------
    package : Package
    sheets : dict of str to str
        Parts of sheets by name.

    Raises
    ------
    Refused
        A sentence for each sheet.
    """
    if not any(QUERY in kind for kind in package.types.values()):
        return
    queried = [name for name, part in sheets.items() if _is_queried(package, part)]
    _refuse([(Sentence("sheet {sheet}", sheet=repr(name)), QUERIED) for name in queried])


def _is_queried(package, part):
    """Whether a query fills cells of a sheet, or a table in it."""
    tables = [target for kind, _, target, _ in _leads(package, part) if kind == "table"]
    return any(kind == QUERY for each in (part, *tables) for kind, *_ in _leads(package, each))


def _leads(package, part):
    return package.relations(part) if package.has_relations(part) else ()


def _refuse(found):
    """Refuse a workbook in which something is found, by where and what it is."""
    if not found:
        return
    sentences = [
        Sentence(
            "{where}: {what} fetches its value from outside the workbook; type the value in its place",
            where=where,
            what=what,
        )
        for where, what in found[: limits.SENTENCES]
    ]
    if len(found) > limits.SENTENCES:
        sentences.append(Sentence("and {count} more such formulas", count=f"{len(found) - limits.SENTENCES:,}"))
    raise Refused(*sentences)


def _formulas(package, part, element, attribute):
    """Where formulas that call out stand, and the formulas."""
    found, texts, place, is_inside, elements = [], [], "", False, 0

    def begin(name, attributes):
        nonlocal place, is_inside, elements
        elements += 1
        if elements > limits.SUSPICIOUS_ELEMENTS:
            raise Refused(Sentence("{part} has too many formulas that may fetch their values from outside", part=part))
        name = name.rpartition(":")[2]
        if name == element:
            place = attributes.get(attribute, "?")
        if name == ("f" if element == "c" else element):
            texts.clear()
            is_inside = True

    def end(name):
        nonlocal is_inside
        if is_inside and name.rpartition(":")[2] == ("f" if element == "c" else element):
            is_inside = False
            # A formula down a column is one and the same but for its rows.
            if _calls_out(_DIGITS.sub("1", formula := "".join(texts))):
                found.append((place, f"={formula}"))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda text: texts.append(text) if is_inside else None
    try:
        with package.stream(part) as stream:
            while piece := stream.read(limits.PIECE):
                parser.Parse(piece)
    except expat.ExpatError as error:
        raise Refused(Sentence("{part} is damaged ({why})", part=part, why=str(error))) from None
    return found
