"""Files that would do harm, by what is wrong with them: what writes one, and what the sentence about it must say."""

from __future__ import annotations

import functools
import re

from tests.exchange.hostile_parts import (
    BOMB,
    DDE,
    MAIN,
    MIB,
    OUTSIDE,
    QUADRATIC,
    RELATIONS,
    REST,
    SHARED,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    added,
    before_root,
    bytes_of,
    changed,
    claimed,
    cut,
    encrypted,
    flipped,
    formula,
    large,
    linked,
    nested,
    of_kind,
    overlapping,
    queried,
    rows,
    well,
    with_noise,
    write,
)

SHEET_TYPE = b"spreadsheetml.sheet.main"
CALLED = "fetches its value from outside the workbook"
DAMAGED = "not an .xlsx workbook that can be read"
DECLARES = "declares a document type or entities"

WORKBOOKS = {
    **{
        f"{what} in {part}": (before_root(part, content, inside), DECLARES)
        for part in (SHEET, MAIN, STYLES, TYPES, RELATIONS, "docProps/core.xml")
        for what, content, inside in (
            ("an entity bomb", BOMB, b"&e9;"),
            ("quadratic blow-up", QUADRATIC, b"&a;" * 100_000),
            ("an external entity", OUTSIDE, b"&a;"),
        )
    },
    "an entity bomb in UTF-16": (
        changed(SHEET, lambda sheet: ('<?xml version="1.0"?>' + BOMB.decode() + "<x>&e9;</x>").encode("utf-16")),
        "is no XML in UTF-8",
    ),
    "an entity bomb in an encoding of its own": (
        changed(SHEET, lambda sheet: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4APA-x/+AD4-<x/>'),
        "is no XML in UTF-8",
    ),
    "300 MB of blanks in a picture": (large("xl/media/image1.png", 300 * MIB), "times its size"),
    "300 MB of blanks in a sheet": (large("xl/worksheets/sheet2.xml", 300 * MIB), "times its size"),
    "50 MB of blanks in a part": (
        with_noise(large("xl/blanks.xml", 50 * MIB)),
        "is no XML|a text or a tag of more",
    ),
    "2 GB in a picture": (large("xl/media/image1.png", 2048 * MIB), "unpacked it has 2,148 MB"),
    "a part that claims less than it unpacks to": (claimed(1000), DAMAGED),
    "a thousand names for one part": (overlapping, "contradicts itself"),
    "100,000 parts": (
        lambda path: write(path, [*well().items(), *((f"xl/media/{number}", b"") for number in range(100_000))]),
        "parts; a workbook may have",
    ),
    "a zip file in it": (added("xl/embeddings/a.bin", b"PK\x03\x04" + bytes(100)), "an archive of its own"),
    "a gzip file in it": (added("xl/media/image1.png", b"\x1f\x8b\x08" + bytes(100)), "an archive of its own"),
    "a part above the folder": (added("../../evil.xml", b"<x/>"), "would lie outside"),
    "a part at the root": (added("/etc/evil.xml", b"<x/>"), "would lie outside"),
    "a part on a drive": (added("C:/evil.xml", b"<x/>"), "would lie outside"),
    "a part with backslashes": (added("xl\\..\\..\\evil.xml", b"<x/>"), "would lie outside"),
    "a part with an escape in its name": (added("xl/\x1b[31m.xml", b"<x/>"), "would lie outside"),
    "a sheet that is there twice": (lambda path: write(path, [*well().items(), (SHEET, b"<x/>")]), "twice"),
    "a sheet that is there twice, in capitals": (added(SHEET.upper(), b"<x/>"), "twice"),
    **{f"{share:.0%} of a workbook": (cut(share), DAMAGED) for share in (0.02, 0.3, 0.6, 0.9, 0.999)},
    **{f"a flipped bit in {part}": (flipped(part), DAMAGED) for part in (SHEET, MAIN, TYPES, "docProps/core.xml")},
    "nothing": (bytes_of(b""), "not an .xlsx workbook, whatever its name says"),
    "a text": (bytes_of(b"run,chip\n"), "not an .xlsx workbook, whatever its name says"),
    "an old .xls or a password": (
        bytes_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)),
        "protected by a password, or an old .xls workbook",
    ),
    "entries with a password": (encrypted, "protected by a password"),
    "a .docx": (of_kind(SHEET_TYPE, b"wordprocessingml.document.main"), "this is a Word document"),
    "a .pptx": (of_kind(SHEET_TYPE, b"presentationml.presentation.main"), "this is a PowerPoint presentation"),
    "an .xlsb": (
        of_kind(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        ),
        "workbook",
    ),
    "an .ods": (
        lambda path: write(
            path, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
        ),
        "this is an OpenDocument file",
    ),
    "a plain zip file": (lambda path: write(path, {"readme.txt": b"hello"}), "a zip file, but no workbook"),
    "an .xlsm": (
        of_kind(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "a workbook for macros, which are never run",
    ),
    "macros": (added("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100)), "holds macros"),
    "macros of Excel 4": (added("xl/macrosheets/sheet1.xml", b"<x/>"), "holds macros"),
    "a million styles": (
        with_noise(
            changed(
                STYLES, lambda styles: styles.replace(b"</cellXfs>", b'<xf numFmtId="0"/>' * 1_000_000 + b"</cellXfs>")
            )
        ),
        "more than 65,490 styles",
    ),
    "a sheet that claims all cells there can be": (
        changed(SHEET, lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet)),
        "says that it fills all 1,048,576 rows and 16,384 columns",
    ),
    "a cell in the last corner": (
        rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell in the last corner, spelled oddly": (
        rows(b"<row r='1048576'><c\n r = 'XFD1048576'><v>1</v></c></row>"),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell in the last corner, with a place inside another attribute": (
        rows(b"""<row r="1048576"><c foo=' r="A1" ' r="XFD1048576"><v>1</v></c></row>"""),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell in the last corner, by references": (
        rows(b'<row r="1048576"><c r="XFD&#49;048576"><v>1</v></c></row>'),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell in the last corner, that says not where it is": (
        rows(b'<row r="1048576">' + b"<c/>" * 16383 + b"<c><v>1</v></c></row>"),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell behind a tag of five thousand blanks": (
        rows(b'<row r="1048576"><c' + b" " * 5000 + b'r="XFD1048576"><v>1</v></c></row>'),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a cell outside of any sheet": (
        rows(b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>'),
        "reaches to row 9,999,999",
    ),
    "a column outside of any sheet": (
        rows(b'<row r="9"><c r="ZZZZZZ9"><v>1</v></c></row>'),
        "'ZZZZZZ' is not a valid column",
    ),
    "10,000,000 characters in a cell": (
        with_noise(
            lambda path: rows(
                b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"a" * 10_000_000 + b"</t></is></c></row>"
            )(path)
        ),
        "a cell holds 32,767",
    ),
    "10,000,000 characters with a bare > in a cell": (
        with_noise(
            lambda path: rows(
                b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"aaaa>aaaa" * 1_200_000 + b"</t></is></c>" + REST
            )(path)
        ),
        "row 3: ",
    ),
    "10,000,000 characters in an attribute": (
        with_noise(lambda path: rows(b'<row r="3"><c r="A3" x="' + b"a" * 10_000_000 + b'"/></row>')(path)),
        "a text or a tag of more",
    ),
    **{
        f"{depth:,} elements in each other in {part}": (
            with_noise(functools.partial(nested, part, depth)),
            "in each other",
        )
        for part in (SHEET, MAIN, "xl/theme/theme1.xml")
        for depth in (3_000_000,)
    },
    "comments between elements in each other": (
        before_root(SHEET, b"", b"<x><!-- < -->" * 10_000 + b"</x>" * 10_000),
        "elements in each other",
    ),
    "a bare > between elements in each other": (
        before_root(SHEET, b"", b"<x>/>" * 10_000 + b"</x>" * 10_000),
        "elements in each other",
    ),
    "millions of elements, oddly spelled": (
        with_noise(lambda path: before_root(SHEET, b"", b"<!-- -->" + b"<x/>" * 15_000_000)(path)),
        "elements, spelled as no spreadsheet does",
    ),
    "millions of cells": (
        with_noise(
            lambda path: rows(b"".join(b'<row r="%d">' % row + b"<c/>" * 16_000 + b"</row>" for row in range(3, 600)))(
                path
            )
        ),
        "more than 4,000,000 cells",
    ),
    "200,000 cells that share a text of 30,000 characters": (
        with_noise(
            lambda path: rows(
                b"".join(b'<row r="%d"><c r="A%d" t="s"><v>9</v></c></row>' % (n, n) for n in range(3, 200_000)),
                **{STRINGS: SHARED},
            )(path)
        ),
        "the texts of sheet 'Runs' have more than 100 MB",
    ),
    "a list of sheets of 5 MB": (
        changed(
            MAIN, lambda main: main.replace(b"</sheets>", b'<sheet name="x" sheetId="9"/>' * 200_000 + b"</sheets>")
        ),
        "xl/workbook.xml has",
    ),
    "a sheet that is missing": (
        lambda path: write(path, {k: v for k, v in well().items() if k != SHEET}),
        "is missing",
    ),
    "a text that is missing": (
        rows(b'<row r="3"><c r="A3" t="s"><v>999999999</v></c></row>'),
        DAMAGED,
    ),
    "a formula that asks the web": (
        formula(b"WEBSERVICE(&quot;https://example.com&quot;)"),
        f"sheet 'Runs', cell C2: =WEBSERVICE.* {CALLED}",
    ),
    "a formula that asks the web, as Excel stores it": (
        formula(b"_xlfn.WEBSERVICE(&quot;https://example.com&quot;)"),
        f"sheet 'Runs', cell C2: =_xlfn.WEBSERVICE.* {CALLED}",
    ),
    "a formula that asks the web, in small letters": (formula(b"webservice (A1)"), f"cell C2: .* {CALLED}"),
    "a formula that asks the web, by references": (formula(b"WEBSERV&#73;CE(A1)"), f"cell C2: =WEBSERVICE.* {CALLED}"),
    "a formula that starts a program": (formula(b"cmd|'/c calc.exe'!A0"), f"cell C2: =cmd.* {CALLED}"),
    "a formula that asks a program": (formula(b"RTD(&quot;x.y&quot;,,&quot;z&quot;)"), f"cell C2: =RTD.* {CALLED}"),
    "LibreOffice's DDE": (formula(b"DDE(&quot;soffice&quot;,&quot;x&quot;,&quot;y&quot;)"), f"cell C2: .* {CALLED}"),
    "a formula of another workbook": (formula(b"[1]Prices!$A$1*2"), rf"cell C2: =\[1\]Prices.* {CALLED}"),
    "a formula of another workbook, quoted": (formula(b"'[1]Our prices'!$A$1"), f"cell C2: .* {CALLED}"),
    "a formula of another workbook by its path": (formula(b"'C:\\x\\[y.xlsx]Prices'!A1"), f"cell C2: .* {CALLED}"),
    "a name of another workbook": (
        changed(
            MAIN,
            lambda main: (
                main.replace(
                    b"</sheets>", b'</sheets><definedNames><definedName name="x">[1]S!A1</definedName></definedNames>'
                )
                .replace(b"<definedNames/>", b"")
                .replace(b"<definedNames />", b"")
            ),
        ),
        f"name 'x': .* {CALLED}",
    ),
    "a link to a program": (linked(DDE), f"a link to the program cmd {CALLED}"),
    "a query of a sheet": (queried(), f"sheet 'Runs': a table that a query fills {CALLED}"),
    "a query of a table": (queried(through="table"), f"sheet 'Runs': a table that a query fills {CALLED}"),
}
"""Workbooks by what is wrong with them: what writes one, and what the sentence says (a regular expression)."""

HEAD = b"run,chip,chips,hours\n"
TABLES = {
    "a line of 10 MB": (lambda: HEAD + b"a" * 10_000_000, "line 2 is not CSV|characters"),
    "a cell of 10 MB in quotes": (
        lambda: HEAD + b'"' + b"a\n" * 5_000_000 + b'",H100,8,10\n',
        "more than 200,000 rows",
    ),
    "a quote that never ends": (HEAD + b'"a,H100,8,10\n' * 3, "is not CSV"),
    "60 MB": (lambda: HEAD + b"a,H100,8,10\n" * 5_000_000, "the file is too large"),
    "10,000,000 empty cells": (lambda: HEAD + b"," * 10_000_000, "or 2,000,000 cells"),
    "a million columns": (
        lambda: b"run,chip," + b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n",
        "columns; a sheet has 16,384",
    ),
    "NUL characters": (HEAD + b"a\0b,H100,8,10\n", "it has a NUL character"),
    "only NUL characters": (bytes(1_000_000), "it has a NUL character"),
    "another encoding": (HEAD + "Café,H100,8,10\n".encode("latin-1"), "not a text file in UTF-8"),
    "UTF-16 without a mark": ((HEAD.decode() + "a,H100,8,10\n").encode("utf-16-le"), "it has a NUL character"),
    "UTF-16 that is cut off": ((HEAD.decode() + "a,H100,8,10\n").encode("utf-16")[:-1], "not a text file"),
    "UTF-32": ((HEAD.decode() + "a,H100,8,10\n").encode("utf-32"), "NUL character"),
    "a lone surrogate": (HEAD + b"\xed\xa0\x80,H100,8,10\n", "not a text file in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not a text file"),
    "a workbook": (b"PK\x03\x04" + bytes(100), "this is a workbook"),
    "a name of 10,000 characters": (HEAD + b"a" * 10_000 + b",H100,8,10\n", "row 2: run has 10,000 characters"),
    "a chip of 30,000 characters": (
        HEAD + b"a," + b"H" * 30_000 + b",8,10\n",
        "no chip has a name of 30,000 characters",
    ),
    "a number of 100,000 digits": (HEAD + b"a,H100," + b"9" * 100_000 + b",10\n", "row 2: chips is '9999"),
    "a number that is none": (HEAD + b"a,H100,1e999,10\n", "row 2: chips is '1e999'"),
}
"""CSV files by what is wrong with them: content, and what the sentence says."""

SETTINGS = {
    "lists in each other": (b"a=" + b"[" * 90_000, "too many lists or tables in each other"),
    "tables in each other": (b"a=" + b"{b=" * 40_000, "too many lists or tables in each other"),
    "a key of 90,000 keys": (b".".join([b"a"] * 90_000) + b"=1", "is a key of more than 10"),
    "a heading of 90,000 keys": (b"[" + b" . ".join([b'"a"'] * 30_000) + b"]", "is a key of more than 10"),
    "a number of 90,000 digits": (b"years=" + b"9" * 90_000, "cannot be read"),
    "10 MB": (lambda: b"#" * 10_000_000, "the file is too large"),
    "NUL characters": (b"years=1\0", "it has a NUL character"),
    "UTF-16": ("years=1".encode("utf-16"), "not a text file in UTF-8"),
    "a workbook": (b"PK\x03\x04" + bytes(100), "this is a workbook"),
}
"""Settings by what is wrong with them: content, and what the sentence says."""


def content_of(content):
    """Bytes, made only when they are asked for where there are many."""
    return content() if callable(content) else content
