"""Where the functions of `xlcost.functions` live: Excel through xlwings, LibreOffice Calc, and LAMBDA names."""
