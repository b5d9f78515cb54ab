"""People: what a project's staff costs, and what a whole development costs with them."""

from .parameters import EMPLOYMENT_OVERHEAD, EQUITY, EXPERIMENT_FACTOR, SALARY


def staff_cost(people, fte, years, salary=SALARY, equity=EQUITY, employment_overhead=EMPLOYMENT_OVERHEAD):
    """Cost of employees who work on a project for some share of their time [1]_.

    Parameters
    ----------
    people : numeric
        [person]
    fte : numeric
        Share of a full-time position that each gives to the project. [-]
    years : numeric
        Time that the project takes. [year]
    salary : numeric, default √(139,771 × 265,236)
        In a full year. [USD/year]
    equity : numeric, default √(35,468 × 501,747)
        Shares given in a full year. [USD/year]
    employment_overhead : numeric, default √(1.25 × 1.4)
        Salary with benefits and payroll tax over salary; equity bears none. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    25 people who give a fifth of their time for eight months:

    >>> round(staff_cost(25, 0.2, 8 / 12, salary=200_000, equity=100_000, employment_overhead=1.3))
    1200000

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return yearly_pay(salary, equity, employment_overhead) * fte * years * people


def yearly_pay(salary=SALARY, equity=EQUITY, employment_overhead=EMPLOYMENT_OVERHEAD):
    """Cost of one employee in a full year; with means in, its mean.

    Parameters
    ----------
    salary, equity, employment_overhead : numeric
        As for `staff_cost`.

    Returns
    -------
    numeric
        [USD/year]

    Examples
    --------
    >>> yearly_pay(salary=200_000, equity=100_000, employment_overhead=1.3)
    360000.0
    """
    return salary * employment_overhead + equity


def contractor_cost(person_months, usd_per_person_month):
    """Cost of people who are paid by the month.

    Parameters
    ----------
    person_months : numeric
        [person-month]
    usd_per_person_month : numeric
        [USD/person-month]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    Three people for four months:

    >>> contractor_cost(3 * 4, 12_000)
    144000
    """
    return person_months * usd_per_person_month


def development_cost(computing, staff, experiment_factor=EXPERIMENT_FACTOR):
    """Cost of developing a model: all experiments and the final run, and the people: the paper's third approach [1]_.

    Parameters
    ----------
    computing : numeric
        Amortized cost of the final training run: hardware, network, energy. [USD]
    staff : numeric
        [USD]
    experiment_factor : numeric, default √(1.2 × 4)
        Compute of the whole project over the final run's. [-]

    Returns
    -------
    numeric
        [USD]

    Examples
    --------
    >>> development_cost(40e6, 30e6, 2.2)
    118000000.0

    References
    ----------
    .. [1] Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return experiment_factor * computing + staff
