"""What no validator finds: faults that make Excel repair a file or show errors, or that no reader would accept."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from functools import cache
from types import SimpleNamespace
from zipfile import ZipFile

from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.utils import FORMULAE, column_index_from_string, get_column_letter, range_boundaries

from .. import excel_limits
from .lint_formula import READS_AS_CELL, array_arithmetic, name_problem, relative, text_of, unescape

FUNCTIONS_2007 = FORMULAE - {"ECMA.CEILING"}
"""Functions that every spreadsheet knows; all others need the prefix ``_xlfn.`` in the file."""
FORBIDDEN = {"OFFSET", "INDIRECT", "NOW", "TODAY", "RAND", "RANDBETWEEN", "CELL", "INFO"}
"""Volatile, or hiding what they refer to."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d+)?", re.IGNORECASE)


def lint(path, macros=()):
    """Faults of a workbook.

    Parameters
    ----------
    path : path-like
        Any .xlsx, .xlsm or .xlam file.
    macros : iterable of str, optional
        Functions that the file's macros define; without them a file is to have no macros.

    Returns
    -------
    list of str
        A sentence each, that names the place; empty if there are none. What is wrong in many cells of a column is said
        once, of the first of them.
    """
    with ZipFile(path) as archive:
        return _Workbook(archive, frozenset(macros)).findings()


class _Workbook:
    """The parts of one file, read once."""

    def __init__(self, archive, macros):
        self.archive, self.parts, self.macros = archive, set(archive.namelist()), macros
        self.found = {}
        self.main = next((part for kind, part in self._related("") if kind == "officeDocument"), "xl/workbook.xml")
        tree = self._tree(self.main)
        related = {key: part for key, _, part in self._relations(self.main)}
        self.sheets = [
            SimpleNamespace(
                name=node.get("name"),
                state=node.get("state", "visible"),
                id=node.get("sheetId"),
                part=related.get(next((value for key, value in node.attrib.items() if key.endswith("}id")), None)),
            )
            for node in tree.iterfind("{*}sheets/{*}sheet")
        ]
        self.names = [
            (node.get("name"), node.get("localSheetId"), node.text or "")
            for node in tree.iterfind("{*}definedNames/{*}definedName")
        ]
        self.known_sheets = {sheet.name.casefold() for sheet in self.sheets}
        self.known_names = {name.casefold() for name, _, _ in self.names}
        self.shared_texts = self._shared_texts()
        self.formula_problems = cache(self._formula_problems)

    def findings(self):
        self._check_parts()
        self._check_names()
        formulas = {}
        tables = [(sheet, table) for sheet in self.sheets for table in self._tables(sheet)]
        self._check_table_names([table for _, table in tables])
        for sheet in self.sheets:
            if sheet.state != "visible":
                self.say(sheet.name, "the sheet is hidden")
            if sheet.part in self.parts:
                reader = _SheetReader(self, sheet, [table for of, table in tables if of is sheet])
                formulas[sheet.id] = reader.read()
        self._check_calculation_chain(formulas)
        return [
            f"{place}: {text}" + (f" (and {more} more in the column)" if more else "")
            for (_, text), (place, more) in self.found.items()
        ]

    def say(self, place, text, group=None):
        """Note a fault; of a group only the first place is named."""
        key = (group or place, text)
        first, more = self.found.get(key, (place, -1))
        self.found[key] = first, more + 1

    # --- reading

    def _tree(self, part):
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        with self.archive.open(part) as stream:
            return etree.parse(stream, parser).getroot()

    def _relations(self, part):
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels in self.parts:
            for node in self._tree(rels):
                target = node.get("Target")
                if node.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                yield node.get("Id"), node.get("Type").rpartition("/")[2], target

    def _related(self, part):
        return [(kind, target) for _, kind, target in self._relations(part)]

    def _shared_texts(self):
        part = next((target for kind, target in self._related(self.main) if kind == "sharedStrings"), None)
        return [text_of(node) for node in self._tree(part).iterfind("{*}si")] if part in self.parts else []

    def _tables(self, sheet):
        for kind, part in self._related(sheet.part or ""):
            if kind == "table" and part in self.parts:
                tree = self._tree(part)
                yield SimpleNamespace(
                    name=tree.get("displayName"),
                    ref=tree.get("ref"),
                    has_heading=tree.get("headerRowCount") != "0",
                    totals=int(tree.get("totalsRowCount", 0)),
                    columns=[unescape(node.get("name")) for node in tree.iterfind("{*}tableColumns/{*}tableColumn")],
                )

    # --- the workbook as a whole

    def _check_parts(self):
        for part in sorted(self.parts):
            if part.endswith("vbaProject.bin") and not self.macros:
                self.say("workbook", "it has macros")
            elif "/externalLinks/" in part and part.endswith(".xml"):
                self.say("workbook", "it links to another workbook")

    def _check_names(self):
        scopes = Counter((name.casefold(), scope) for name, scope, _ in self.names)
        for name, scope, formula in self.names:
            place = f"name {name}"
            if not name.startswith("_xlnm."):
                if problem := name_problem(name):
                    self.say(place, f"it {problem}")
                if scopes[name.casefold(), scope] > 1:
                    self.say(place, "there are two of this name")
            for problem in self.formula_problems(f"={formula}", True):
                self.say(place, problem)

    def _check_table_names(self, tables):
        counts = Counter(table.name.casefold() for table in tables)
        for table in tables:
            place = f"table {table.name}"
            if problem := name_problem(table.name):
                self.say(place, f"its name {problem}")
            if counts[table.name.casefold()] > 1:
                self.say(place, "there are two tables of this name")
            if table.name.casefold() in self.known_names:
                self.say(place, "a defined name is called the same")

    def _check_calculation_chain(self, formulas):
        part = next((target for kind, target in self._related(self.main) if kind == "calcChain"), None)
        if part not in self.parts:
            return
        sheet, names = None, {sheet.id: sheet.name for sheet in self.sheets}
        for node in self._tree(part):
            sheet = node.get("i", sheet)
            if node.get("r") not in formulas.get(sheet, ()):
                place = f"{names.get(sheet, sheet)}!{node.get('r')}"
                self.say(place, "the calculation chain names a cell that has no formula", group="chain")

    def _formula_problems(self, formula, is_array):
        """What is wrong with a formula wherever it stands; `is_array` where it computes with whole ranges anyway."""
        try:
            tokens = [token for token in Tokenizer(formula).items if token.type != "WHITE-SPACE"]
        except TokenizerError:
            return ["the formula cannot be read"]
        found = []
        for token in tokens:
            if token.subtype == "TEXT" and len(token.value[1:-1].replace('""', '"')) > excel_limits.TEXT_IN_FORMULA:
                found.append(f"a text in the formula has over {excel_limits.TEXT_IN_FORMULA} characters")
            elif token.type == "FUNC" and token.subtype == "OPEN":
                found += self._function_problem(token.value[:-1].lstrip(":@"))
            elif token.type == "OPERAND" and "#REF!" in token.value and token.subtype != "TEXT":
                found.append("it refers to a cell that is gone (#REF!)")
            elif token.type == "OPERAND" and token.subtype == "RANGE" and "!" in token.value:
                found += self._sheet_problem(token.value.lstrip(":").rpartition("!")[0])
        if not is_array:
            found += array_arithmetic(tokens)
        return list(dict.fromkeys(found))

    def _function_problem(self, name):
        plain = name.upper()
        if plain in FORBIDDEN:
            return [f"the function {name} is volatile or opaque: it is not used here"]
        if plain.startswith("_XLFN."):
            bare = plain.removeprefix("_XLFN.").removeprefix("_XLWS.")
            return [f"the function {bare} is written with the prefix _xlfn., which it must not have"] * (
                bare in FUNCTIONS_2007
            )
        known = plain in FUNCTIONS_2007 or plain in self.macros or name.casefold() in self.known_names
        if known or name.startswith("_xlpm."):
            return []
        return [f"the function {name} is unknown to Excel 2007: it needs the prefix _xlfn., or does not exist"]

    def _sheet_problem(self, prefix):
        name = prefix.removeprefix("'").removesuffix("'").replace("''", "'")
        if "[" in name:
            return ["it refers to another workbook"]
        found = [
            f"it refers to the sheet {sheet}, which does not exist"
            for sheet in name.split(":")
            if sheet.casefold() not in self.known_sheets
        ]
        if name == prefix and name_problem(name) and ":" not in name:
            found.append(f"the sheet's name {name} needs quotation marks in a formula")
        return found


class _SheetReader:
    """One sheet, read row by row."""

    def __init__(self, workbook, sheet, tables):
        self.workbook, self.sheet = workbook, sheet
        self.tables = [table for table in tables if self._check_table(table)]
        self.headings = {
            (table.top, column)
            for table in self.tables
            if table.has_heading
            for column in range(table.left, table.right + 1)
        }
        self.heading_texts, self.forms, self.shared, self.formulas, self.merged = {}, {}, {}, set(), []

    def say(self, address, text, group=None):
        self.workbook.say(
            f"{self.sheet.name}!{address}" if address else self.sheet.name, text, group and f"{self.sheet.name}!{group}"
        )

    def read(self):
        """Check the sheet; returns the addresses of its formulas."""
        handlers = {
            "row": self._row,
            "col": self._column,
            "mergeCell": self._merge,
            "hyperlink": self._hyperlink,
            "dataValidation": self._validation,
            "cfRule": self._condition,
        }
        row = 0
        with self.workbook.archive.open(self.sheet.part) as stream:
            for _, node in etree.iterparse(
                stream, tag=[f"{{*}}{name}" for name in handlers], resolve_entities=False, no_network=True
            ):
                name = etree.QName(node).localname
                if name == "row":
                    previous, row = row, int(node.get("r", row + 1))
                    if row <= previous:
                        self.say(f"{row}:{row}", "the row is there twice, or out of order", group="order")
                    self._row(node, row)
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
                else:
                    handlers[name](node)
        self._check_headings()
        self._check_columns()
        return self.formulas

    # --- cells

    def _row(self, node, row):
        if node.get("hidden") in ("1", "true"):
            self.say(f"{row}:{row}", "the row is hidden", group="rows")
        column = 0
        for cell in node:
            address = cell.get("r")
            letters = address.rstrip("0123456789") if address else get_column_letter(column + 1)
            previous, column = column, column_index_from_string(letters)
            if column <= previous:
                self.say(f"{letters}{row}", "the cell is there twice, or out of order", group=letters)
            self._cell(cell, f"{letters}{row}", letters, column, row)

    def _cell(self, cell, address, letters, column, row):
        kind, formula, value = cell.get("t", "n"), None, None
        for part in cell:
            name = etree.QName(part).localname
            if name == "f":
                formula = part
            elif name == "v":
                value = part.text or ""
            elif name == "is":
                value = text_of(part)
        if kind == "s" and value:
            value = self.workbook.shared_texts[int(value)]
        if kind == "e":
            self.say(address, f"the stored value is the error {value}", group=letters)
        if kind == "n" and value and not _NUMBER.fullmatch(value):
            self.say(address, f"the stored value {value} is no number", group=letters)
        if kind in ("s", "str", "inlineStr") and value and _is_too_long(value):
            self.say(address, f"the text has over {excel_limits.TEXT:,} characters", group=letters)
        if (row, column) in self.headings:
            is_text = kind in ("s", "str", "inlineStr") and formula is None
            self.heading_texts[row, column] = unescape(value) if is_text and value else None
        form = (
            None
            if formula is None
            else self._formula(formula, address, letters, row, bool(value) or value == "" and kind == "str")
        )
        if value is not None or formula is not None:
            for position, table in enumerate(self.tables):
                if table.left <= column <= table.right and table.first <= row <= table.last:
                    forms = self.forms.setdefault((position, column), {})
                    count, first = forms.get(form, (0, address))
                    forms[form] = count + 1, first

    def _formula(self, node, address, letters, row, is_stored):
        """Check a formula; returns it as it reads from its own row."""
        self.formulas.add(address)
        if not is_stored:
            self.say(address, "the formula has no stored value", group=letters)
        text, kind = node.text or "", node.get("t")
        if kind == "shared" and not text:
            return self.shared.get(node.get("si"))
        if len(text) > excel_limits.FORMULA:
            self.say(address, f"the formula has over {excel_limits.FORMULA:,} characters", group=letters)
        form = relative(text, row)
        if kind == "shared":
            self.shared[node.get("si")] = form
        for problem in self.workbook.formula_problems(form, kind == "array"):
            self.say(address, problem, group=letters)
        return form

    # --- tables

    def _check_table(self, table):
        """Whether the rows of a table can be looked at; its range and columns are checked here."""
        table.left, table.top, table.right, bottom = range_boundaries(table.ref)
        table.first, table.last = table.top + table.has_heading, bottom - table.totals
        place = f"table {table.name}"
        if table.right - table.left + 1 != len(table.columns):
            wide = table.right - table.left + 1
            self.workbook.say(
                place, f"its range {table.ref} is {wide} columns wide, but it has {len(table.columns)} columns"
            )
            return False
        folded = Counter(name.casefold() for name in table.columns)
        for name in table.columns:
            if folded[name.casefold()] > 1:
                self.workbook.say(place, f"two columns are called {name}", group=f"{place} {name.casefold()}")
        return True

    def _check_headings(self):
        for table in self.tables:
            for column, name in enumerate(table.columns, start=table.left):
                if table.has_heading and self.heading_texts.get((table.top, column)) != name:
                    text = self.heading_texts.get((table.top, column))
                    shown = "no text" if text is None else repr(text)
                    self.say(
                        f"{get_column_letter(column)}{table.top}",
                        f"the heading of the table {table.name} is {name!r}, but its cell holds {shown}",
                    )

    def _check_columns(self):
        for (position, _), forms in self.forms.items():
            if len(forms) > 1 and any(form is not None for form in forms):
                usual = max(forms, key=lambda form: forms[form][0])
                expected = "constants" if usual is None else "another formula"
                for form, (count, first) in forms.items():
                    if form != usual:
                        holds, kind = "holds" if count == 1 else "hold", "constant" if form is None else "formula"
                        table = self.tables[position].name
                        self.say(
                            first,
                            f"{count} of the rows of the table {table} {holds} a {kind} where the column has "
                            f"{expected}",
                        )

    # --- around the cells

    def _column(self, node):
        if node.get("hidden") in ("1", "true"):
            first, last = (get_column_letter(int(node.get(key))) for key in ("min", "max"))
            self.say(f"{first}:{last}", "the column is hidden")

    def _merge(self, node):
        ref = node.get("ref")
        left, top, right, bottom = range_boundaries(ref)
        self.say(ref, "the cells are merged")
        for other, (other_left, other_top, other_right, other_bottom) in self.merged:
            if left <= other_right and other_left <= right and top <= other_bottom and other_top <= bottom:
                self.say(ref, f"the merged cells overlap with {other}")
        self.merged.append((ref, (left, top, right, bottom)))

    def _hyperlink(self, node):
        location = node.get("location")
        is_inside = location and not any(key.endswith("}id") for key in node.attrib)
        if is_inside and "!" in location:
            for problem in self.workbook._sheet_problem(location.rpartition("!")[0]):
                self.say(node.get("ref"), problem.replace("it refers", "it links"))
        elif (
            is_inside
            and not READS_AS_CELL.fullmatch(location.replace("$", ""))
            and (location.casefold() not in self.workbook.known_names)
        ):
            self.say(node.get("ref"), f"it links to {location}, which does not exist")

    def _validation(self, node):
        for part in node:
            if len(part.text or "") > excel_limits.TEXT_IN_FORMULA + 2 * (part.text or "").startswith('"'):
                self.say(
                    node.get("sqref"),
                    f"the formula of the validation has over {excel_limits.TEXT_IN_FORMULA} characters",
                )
            self._extra(node.get("sqref"), part.text or "")

    def _condition(self, node):
        for part in node.iterfind("{*}formula"):
            self._extra(node.getparent().get("sqref"), part.text or "")

    def _extra(self, place, text):
        for problem in self.workbook.formula_problems(f"={text.removeprefix('=')}", True):
            self.say(place, problem)


def _is_too_long(text):
    """Excel counts a text in UTF-16; most are short enough not to be converted."""
    return (
        len(text) > excel_limits.TEXT // 2
        and len(unescape(text).encode("utf-16-le", "surrogatepass")) // 2 > excel_limits.TEXT
    )
