"""The VBA module that Excel calls: one function for each of ours, which asks Python and shows real errors.

xlwings would write such a module itself, in Excel, on every user's machine ("Import Functions"), and its functions show
a failure as text, which a total then skips. This one is shipped within the file, and turns failures into errors.
"""

from __future__ import annotations

from .. import functions

MODULE = "XLCostFunctions"
PYTHON_MODULE = "xlcost.hosts.excel_udfs"
SETTING = "xlcost_setting_edition"
"""Name of the cell with the edition of a workbook."""
CATEGORY = "XLCOST"
CUSTOM_CATEGORY = 20
"""Number of the first category beside Excel's own."""

ERRORS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#BLOCKED!": 2047,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
"""Excel's number of each error that comes back as text."""

HEAD = """\
'Written by xlcost. It asks the Python in which xlcost is installed, through xlwings.
Option Explicit

Private Function InForce() As Variant
    'The edition that the workbook of the calling cell names, or Empty.
    Dim Setting As Variant
    On Error GoTo NoSetting
    Setting = Application.Caller.Worksheet.Evaluate("{setting}").Value
    InForce = Setting
    Exit Function
NoSetting:
    InForce = Empty
End Function

Private Function Shown(ByVal Result As Variant) As Variant
    'Errors arrive as text; in a cell, and in every cell of a table, they are to be errors.
    Dim Row As Long, Column As Long, Columns As Long
    If Not IsArray(Result) Then
        Shown = AsError(Result)
        Exit Function
    End If
    On Error Resume Next
    Columns = 0
    Columns = UBound(Result, 2) - LBound(Result, 2) + 1
    On Error GoTo 0
    For Row = LBound(Result, 1) To UBound(Result, 1)
        If Columns = 0 Then
            Result(Row) = AsError(Result(Row))
        Else
            For Column = LBound(Result, 2) To UBound(Result, 2)
                Result(Row, Column) = AsError(Result(Row, Column))
            Next Column
        End If
    Next Row
    Shown = Result
End Function

Private Function AsError(ByVal Cell As Variant) As Variant
    AsError = Cell
    If VarType(Cell) <> vbString Then Exit Function
    Select Case Cell
{cases}
    End Select
End Function
"""

WRAPPER = """
Function {name}({declared})
Attribute {name}.VB_Description = "{text}"
Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{category}"
    On Error GoTo Failed
    {name} = Shown(XLPy.CallUDF("{module}", "{name}", Array({given}), {workbook}, Application.Caller))
    Exit Function
Failed:
    {name} = CVErr(xlErrValue)
End Function
"""


def wrapper_source(in_addin=False):
    """The module's text.

    Parameters
    ----------
    in_addin : bool, default False
        Whether it is for an add-in, whose functions serve whatever workbook is open.

    Returns
    -------
    str
    """
    cases = "\n".join(f'        Case "{text}": AsError = CVErr({number})' for text, number in ERRORS.items())
    head = HEAD.format(setting=SETTING, cases=cases)
    workbook = "ActiveWorkbook" if in_addin else "ThisWorkbook"
    return head + "".join(_wrapper(function, workbook) for function in functions.FUNCTIONS.values())


def _wrapper(function, workbook):
    names = [argument.name for argument in function.arguments]
    declared = (f"Optional {argument.name}" if argument.optional else argument.name for argument in function.arguments)
    return WRAPPER.format(
        name=function.name,
        declared=", ".join(declared),
        given=", ".join([*names, "InForce()"]),
        text=function.text.replace('"', '""'),
        category=CUSTOM_CATEGORY,
        module=PYTHON_MODULE,
        workbook=workbook,
    )
