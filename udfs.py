"""For work in a checkout: xlwings loads `udfs` from beside the workbook and imports its functions into Excel.

An installed xlcost has no module of this name; workbooks that it makes name `xlcost.hosts.excel_udfs`.
"""

from xlcost.hosts.excel_udfs import *  # noqa: F403
