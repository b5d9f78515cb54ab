"""Money of one month in the prices of another."""


def real_cost(cost, index_then, index_target):
    """A nominal cost in the prices of a target month.

    Parameters
    ----------
    cost : numeric
        Nominal cost. [USD]
    index_then : numeric
        Producer price index of the month in which the cost is nominal. [-]
    index_target : numeric
        Producer price index of the month whose prices are wanted. [-]

    Returns
    -------
    numeric
        [USD of the target month]

    Examples
    --------
    >>> round(real_cost(1_000_000, 112.0, 119.0))
    1062500
    """
    return cost * (index_target / index_then)
