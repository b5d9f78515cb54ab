"""Workbooks of live formulas: cells with their stored values, styles, and one module a sheet."""
