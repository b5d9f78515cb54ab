"""What the columns around a development are called: people, experts' answers, and the steps to a range."""

from __future__ import annotations

from .columns import Column, by_name, labels_of


def _ends(name, label, unit, number_format, help, former_name="", former_unit=""):
    """The two columns of a range."""
    for end in ("low", "high"):
        former = f"{former_name}_{end}" if former_name else ""
        yield Column(f"{name}_{end}", f"{label}, {end}", unit, number_format, help, former, former_unit)


ROLE_COLUMNS = by_name(
    Column("run", "Training run", "", "text", "The run that they work on, as on Runs"),
    Column("role", "Role", "", "text", "What they do"),
    Column("currency", "Currency", "", "text", "Of this row's salary, equity and monthly rate; USD where empty"),
    Column("people", "People", "people", "count", "Employees who are alike"),
    *_ends("fte", "Share of time", "FTE", "factor", "Of a full-time position that each gives, at most 1.5"),
    *_ends("years", "Time on the project", "years", "factor", "How long they work on it"),
    *_ends(
        *("salary", "Salary", "per year", "money", "In a full year; the range on Inputs where empty"),
        former_unit="USD/year",
    ),
    *_ends(
        *("equity", "Equity", "per year", "money", "Shares given in a full year; that on Inputs where empty"),
        former_unit="USD/year",
    ),
    *_ends("employment_overhead", "Overhead", "factor", "factor", "Salary with benefits and taxes over salary"),
    *_ends("person_months", "Person-months", "months", "tenths", "Of people who are paid by the month"),
    *_ends(
        *("monthly_rate", "Monthly rate", "per month", "money", "What such a month costs"),
        *("usd_per_person_month", "USD/month"),
    ),
)

ANSWER_COLUMNS = {
    column.name: column
    for column in (
        Column("run", "Training run", "", "text", "The run that is asked about; all of them where empty"),
        Column("role", "Role", "", "text", "The role that is asked about; all of them where empty"),
        Column("question", "Question", "", "text", "What is asked, from the list under the answers"),
        Column("expert", "Expert", "", "text", "Who answers"),
        Column("low", "Low", "", "figure", "Below this in 1 of 20 cases"),
        Column("high", "High", "", "figure", "Above this in 1 of 20 cases"),
        Column("date", "Date", "", "date", "Day of the answer"),
        Column("comment", "Comment", "", "text", "Why"),
    )
}

QUESTION_COLUMNS = {
    column.name: column
    for column in (
        Column("meaning", "What is asked", "", "text", ""),
        Column("unit", "Unit", "", "text", ""),
        Column("usual_low", "Usual low", "", "figure", ""),
        Column("usual_high", "Usual high", "", "figure", ""),
    )
}
"""How a questionnaire explains a question: not part of an answer."""


def _uncertain(name, label, unit, number_format, asked=True):
    """How one uncertain quantity is shown: the answer that counts, median, spread, mean, variance."""
    answer = (Column(f"{name}_answer", f"{label}: experts' answer", "", "place", ""),) if asked else ()
    return (
        *answer,
        Column(f"{name}_median", f"{label}, median", unit, number_format, ""),
        Column(f"{name}_log_spread", f"{label}, spread", "", "factor", ""),
        Column(f"{name}_mean", f"{label}, mean", unit, number_format, ""),
        Column(f"{name}_variance", f"{label}, variance", f"{unit}²" if unit else "", "scientific", ""),
    )


def _moments(name, label, unit="USD"):
    return (
        Column(f"{name}_mean", f"{label}, mean", unit, "money", ""),
        Column(f"{name}_variance", f"{label}, variance", f"{unit}²", "scientific", ""),
    )


STAFF_STEPS = (
    (
        "Cost of these people",
        (
            Column("cost_low", "Cost, low", "USD", "money", ""),
            Column("cost_median", "Cost, median", "USD", "money", ""),
            Column("cost_high", "Cost, high", "USD", "money", ""),
            Column("cost_mean", "Cost, mean", "USD", "money", ""),
            Column("cost_variance", "Cost, variance", "USD²", "scientific", ""),
            Column("run_found", "Run is on Runs", "", "count", ""),
            Column("currency_number", "Currency, number", "", "place", ""),
            Column("units_per_usd", "Exchange rate of the first fiscal year", "currency/USD", "precise", ""),
        ),
    ),
    ("Share of time", _uncertain("fte", "FTE", "FTE", "factor")),
    ("Time on the project", _uncertain("years", "Years", "years", "factor")),
    ("Salary", _uncertain("salary", "Salary", "USD/year", "money")),
    ("Equity", _uncertain("equity", "Equity", "USD/year", "money")),
    ("Overhead on salary", _uncertain("employment_overhead", "Overhead", "factor", "factor")),
    (
        "Employees",
        (
            *_moments("pay", "Pay of one in a full year", "USD/year"),
            *_moments("person_year", "One in a year of the project", "USD/year"),
            *_moments("employees", "All of them"),
        ),
    ),
    (
        "Contractors",
        (
            *_uncertain("person_months", "Months", "months", "tenths", asked=False),
            *_uncertain("monthly_rate", "Rate", "USD/month", "money", asked=False),
            *_moments("contractors", "Contractors"),
        ),
    ),
)
"""Steps from a role to its cost, as the Staff sheet shows them to the right of what people fill in."""

ANSWER_STEPS = (
    (
        "All answers to this question",
        (
            Column("answers", "Answers", "", "count", ""),
            Column("pooled_low", "Together, low", "", "figure", ""),
            Column("pooled_median", "Together, median", "", "figure", ""),
            Column("pooled_high", "Together, high", "", "figure", ""),
            Column("note", "Note", "", "text", ""),
        ),
    ),
    (
        "How they are put together",
        (
            Column("log_middle", "Middle, logarithm", "", "factor", ""),
            Column("log_spread", "Spread", "", "factor", ""),
            Column("contradicted", "Answers with nothing in common", "", "count", ""),
            Column("contradictions", "Contradictions in the question", "", "count", ""),
            Column("mean_log", "Mean of the logarithms", "", "factor", ""),
            Column("mean_square_log", "Mean of their squares", "", "factor", ""),
            Column("mean_spread", "Mean of the spreads", "", "factor", ""),
            Column("mean_square_spread", "Mean of their squares, spreads", "", "factor", ""),
            Column("pooled_log_spread", "Together, spread", "", "factor", ""),
            Column("precedence", "Precedence", "", "place", ""),
        ),
    ),
)
"""Steps from answers to one range a question, as the Experts sheet shows them."""

DEVELOPMENT_STEPS = (
    (
        "Development of a model",
        (
            Column("run", "Training run", "", "text", ""),
            Column("development_low", "Development cost, low", "USD", "money", ""),
            Column("development_median", "Development cost, median", "USD", "money", ""),
            Column("development_high", "Development cost, high", "USD", "money", ""),
            Column("computing_median", "Computing, median", "USD", "money", ""),
            Column("staff_median", "Staff, median", "USD", "money", ""),
            Column("staff_share", "Staff, share of both medians", "share", "share", ""),
        ),
    ),
    (
        "The final run",
        (
            Column("hardware_and_network", "Hardware and network", "USD", "money", ""),
            Column("run_energy", "Energy", "USD", "money", ""),
        ),
    ),
    ("All experiments over the final run", _uncertain("experiment_factor", "Factor", "", "factor")),
    ("Electricity at the site over the average", _uncertain("energy_price_factor", "Price factor", "", "factor")),
    (
        "Means and variances",
        (
            *_moments("energy", "Energy"),
            *_moments("computing", "Computing"),
            *_moments("staff", "Staff"),
            *_moments("development", "Development cost"),
        ),
    ),
)
"""Steps from a run and its people to a development cost, as the Development sheet shows them."""


def headings_of(groups):
    """What the columns of steps are called on a sheet, in lower case: they are no input, and a reader skips them."""
    columns = {column.name: column for _, columns in groups for column in columns}
    return frozenset(labels_of(columns))
