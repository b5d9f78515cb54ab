"""What a file from outside may have at most, and why. Within them reading takes less than 500 MB and 20 seconds."""

FILE = 100_000_000
"""Bytes of a workbook as it was sent: it is held in memory, so that what was looked at is what is read. A budget of
10,000 runs has 38 MB."""
UNPACKED = 1_000_000_000
"""Bytes of all its parts; they are looked at piece by piece and never held together. A budget of 10,000 runs has
300 MB, and 1,000 MB are looked through in 15 seconds."""
RATIO, RATIO_FROM = 100, 10_000_000
"""Bytes unpacked for a byte packed, in a workbook of more than so many bytes. Budgets have 8, blank styled sheets 30;
what is made to fill a memory has 1,000."""
ENTRIES = 5_000
"""Parts. A workbook of 200 sheets, each with charts and notes, has 2,000."""
SHEET = 70_000_000
"""Bytes of a sheet that is read, unpacked: some 70,000 runs of all columns."""
SHARED_TEXTS = 60_000_000
"""Bytes of the texts that sheets share, which are read at once."""
TEXTS = 100_000_000
"""Bytes of the texts of a sheet's cells: cells that share a text have a copy each once they are read."""
SMALL_PART = 4_000_000
"""Bytes of a part that becomes a tree in memory, thirty times as large: the lists of parts, of sheets and of names."""
PIECE = 1 << 20
"""Bytes that are looked at together."""
LONGEST_RUN = 500_000
"""Bytes without the end of a tag: a cell's text has 32,767 characters, each of which may be spelled with ten bytes."""
DEPTH = 100
"""Elements in each other. Sheets need 10, drawings 30; parsers keep a record of each."""
ODD_ELEMENTS = 3_000_000
"""Elements of a part that must be read one by one, because it is spelled as no spreadsheet spells it: 4 seconds."""
SUSPICIOUS_ELEMENTS = 5_000_000
"""Elements of a sheet in which a formula may call out, which are read one by one: 6 seconds."""
STYLES = 65_490
"""Styles of cells, as many as Excel takes."""
CELLS = 4_000_000
"""Cells of a sheet, from the first one to the last one in use, empty ones too: they are read at once."""
TEXT_FILE = 25_000_000
"""Bytes of a CSV file: more than 100,000 runs of all columns."""
TEXT_ROWS, TEXT_CELLS = 200_000, 2_000_000
"""Rows and cells of a CSV file: each becomes an object."""
SETTINGS_FILE = 200_000
"""Bytes of a file of settings: 100 times what all settings take."""
DOCUMENT = 1_000_000
"""Bytes of a JSON document: 50 times a cost report."""
SHOWN = 60
"""Characters of a name or a formula of a file from outside that a sentence shows."""
KEYS = 10
"""Keys with points between them, in a file of settings."""
NAME = 255
"""Characters that a spreadsheet can look up."""
SENTENCES = 20
"""Cells that are named one by one, where many are at fault."""


def in_mb(size):
    """Bytes as sentences say them, in MB.

    >>> in_mb(SHEET), in_mb(UNPACKED)
    ('70', '1,000')
    """
    return f"{size / 1e6:,.0f}"
