"""A module as xlwings loads one: its functions say what reaches Python, and return what Excel can't take."""

import xlwings as xw


@xw.func
@xw.arg("cells", ndim=2, err_to_str=True)
@xw.arg("setting", vba="Nothing", ndim=2)
def arrived(cells, option="the default", setting=None):
    """Each cell as Python sees it."""
    rows = cells if isinstance(cells, list) else [[cells]]
    return [[f"{type(cell).__name__} {cell!r}" for cell in row] for row in rows] + [[f"{option!r}"] * len(rows[0])]


@xw.func
@xw.arg("what", ndim=2)
def returned(what):
    """What each of some texts names."""
    values = {"a set": {1}, "a nan": float("nan"), "nothing": None, "an error": "#N/A", "a failure": None}
    if what[0][0] == "a failure":
        raise ValueError("this text would stand in the cell")
    return values[what[0][0]]
