"""Spreadsheet programs that judge what xlcost writes: LibreOffice, CellRune and Microsoft's file validator.

A number that our own code computed can't show that our formulas are right; a number from one of these can.
"""
