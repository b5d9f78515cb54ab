"""Cells of `xlcost.budget.sheet_inputs` on a sheet: a label, the cell that is somebody's to fill, its limits."""

from __future__ import annotations

from ..formula import Term


def put_input(sheet, block, row, each, told, usual, kind=None, title=None, text=None):
    """Put a label and its cell in a row; returns the term of the cell.

    Parameters
    ----------
    block : xlcost.budget.sheet_inputs.Block
    each : xlcost.budget.sheet_inputs.Input
        One of the block.
    told, usual : dict
        What settings say, and what counts where they say nothing, by name.
    kind : Range, optional
        What can be chosen, where that stands on a sheet.
    title, text : str, optional
        What is said when the cell is chosen, in place of the input's own label and text.
    """
    language, address = sheet.language, f"{block.values}{row}"
    sheet.put(f"{block.labels}{row}", each.label, style="label")
    value = each.in_cell(told.get(each.name, usual[each.name]), language)
    style = "input_text" if each.is_text else "input"
    cell = sheet.put(address, value, style=style, format=each.format)
    if kind is None:
        kind = [each.chosen(code, language) for code in each.kind] if isinstance(each.kind, tuple) else each.kind
    sheet.validate(address, kind, title=title or each.label, text=text or each.text or each.label)
    if each.is_text or not each.may_be_empty:
        return cell
    # What may be empty is asked for by a formula, whatever it holds today.
    return Term(cell._text, cell.value, may_miss=[cell._text])


def is_chosen(sheet, each, cell, code):
    """Whether a cell holds one of an input's choices, in the language of the sheet."""
    return cell == each.chosen(code, sheet.language)
