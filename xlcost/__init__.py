"""xlcost: the cost of training AI, in a spreadsheet and in Python.

The model is that of Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015. Start
with `xlcost.estimate.estimate` for a table of runs, `xlcost.catalog.load` for the facts, and `xlcost.equations` for the
equations.
"""
