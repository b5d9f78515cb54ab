"""What Excel can hold: more than this in a file, and Excel repairs it or does not open it."""

ROWS, COLUMNS = 1_048_576, 16_384
"""Of a sheet."""
TEXT = 32_767
"""Of a cell. [characters]"""
FORMULA = 8_192
"""Of a cell or a name. [characters]"""
TEXT_IN_FORMULA = 255
"""A text that stands in a formula as such, or a list in a validation. [characters]"""
