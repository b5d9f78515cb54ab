"""The Sources sheet: where the method and the facts come from."""

from __future__ import annotations

import inspect

from .. import equations
from ..formula import Term
from ..languages import ROW_HEIGHT

NAME = "Sources"

SOURCES = (
    (
        "Method",
        "Cottier, Rahman, Fattorini, Maslej, Besiroglu, Owen (2024): The rising costs of training frontier AI models",
        "arXiv:2405.21015",
        "https://arxiv.org/abs/2405.21015",
    ),
    (
        "Algorithmic efficiency",
        "Ho et al. (2024): Algorithmic progress in language models",
        "arXiv:2403.05812",
        "https://arxiv.org/abs/2403.05812",
    ),
    (
        "Chips, prices, public models",
        "Epoch AI: hardware data, hardware prices, notable AI models",
        "CC BY 4.0; re-tabulated by xlcost",
        "https://epoch.ai/data",
    ),
    (
        "Electricity",
        "US Energy Information Administration: average price to industrial customers",
        "public domain",
        "https://www.eia.gov/electricity/data.php",
    ),
    (
        "Price index",
        "US Bureau of Labor Statistics: producer price index PCU518210518210, through FRED",
        "public domain",
        "https://fred.stlouisfed.org/series/PCU518210518210",
    ),
    (
        "Newer prices and specifications",
        "Vendors' datasheets and price lists, transcribed by third parties",
        "as each row says",
        "",
    ),
)

EQUATIONS = (
    equations.chip_hours_from_cluster,
    equations.chip_hours_from_compute,
    equations.training_start,
    equations.acquisition_date,
    equations.years_owned,
    equations.server_price,
    equations.acquisition_cost,
    equations.value_at_start,
    equations.hardware_market,
    equations.hardware_market_exact,
    equations.useful_life,
    equations.hardware_straight_line,
    equations.accelerator_chips,
    equations.server_components,
    equations.interconnect,
    equations.energy_kwh,
    equations.energy_cost,
    equations.amortized_cost,
    equations.power_capacity_kw,
    equations.cloud_price_date,
    equations.price_at_commitment,
    equations.cloud_cost,
    equations.real_cost,
    equations.staff_cost,
    equations.contractor_cost,
    equations.development_cost,
    equations.geometric_middle,
    equations.log_spread,
    equations.lognormal_mean,
    equations.lognormal_variance,
    equations.product_variance,
    equations.median_of_moments,
    equations.log_spread_of_moments,
    equations.range_end,
    equations.decimal_year,
    equations.trend_cost,
    equations.growth_per_year,
    equations.slope_error,
    equations.line_error,
    equations.prediction_error,
    equations.year_reached,
    equations.sure_steepness,
    equations.year_reached_end,
    equations.efficiency_per_year,
    equations.grown_cost,
    equations.same_ambition_cost,
    equations.monthly_rate,
    equations.present_value,
    equations.present_value_of_months,
    equations.present_value_of_years,
    equations.mid_year_factor,
    equations.rental_of_month,
    equations.commitment_left,
    equations.hosting_of_month,
    equations.share_of_purchase,
    equations.operations_pay,
    equations.external_of_month,
    equations.disposal_proceeds,
    equations.loan_payment,
    equations.break_even_use,
    equations.highest_use_to_own,
    equations.yearly_rate,
    equations.time_within,
    equations.share_within,
    equations.amount_a_day,
    equations.available_chip_hours,
    equations.months_up_to,
    equations.cost_of_available_hour,
    equations.book_value,
    equations.growth_index,
)
"""In the order in which the Costs sheet follows them, then Staff, Development, Trend and so on."""
LINE = 115
"""Characters of an equation that stand on one line."""


def equation_text(function):
    """An equation as a formula over the names of its parameters.

    >>> equation_text(equations.interconnect)
    'hardware*interconnect_share/(1-interconnect_share)'
    """
    return function(**{name: Term(name, 1.0) for name in inspect.signature(function).parameters}).text


def write_sources(sheet, facts):
    """Fill the sheet."""
    sheet.widths({"A": 28, "B": 108, "C": 34, "D": 52})
    sheet.put("A1", "Sources", style="title")
    sheet.put(
        "A2",
        sheet.sentence(
            "Price list version {edition}: {title}. Every row on Prices names its own source and date.",
            edition=facts.edition,
            title=sheet.text(facts.title),
        ),
        style="subtitle",
    )
    for letter, text in zip("ABCD", ("What", "Source", "Licence", "Address")):
        sheet.put(f"{letter}4", text, style="heading")
    for row, (what, source, licence, address) in enumerate(SOURCES, start=5):
        sheet.put(f"A{row}", what, style="label")
        sheet.put(f"B{row}", source, style="text")
        sheet.put(f"C{row}", licence, style="text")
        if address:
            sheet.put(f"D{row}", address, style="link_text", url=address)
    begin = 5 + len(SOURCES) + 1
    row = begin + 1
    sheet.put_title_again(begin)
    sheet.put(f"A{row}", "Equations", style="section")
    for letter, text in zip("ABC", ("The paper's term", "How it is computed", "What it is")):
        sheet.put(f"{letter}{row + 1}", text, style="heading")
    for offset, function in enumerate(EQUATIONS, start=2):
        sheet.put(f"A{row + offset}", function.__name__, style="label", as_is=True)
        equation = equation_text(function)
        is_long = len(equation) > LINE
        sheet.put(f"B{row + offset}", equation, style="wrapped" if is_long else "text")
        if is_long:
            sheet.height(row + offset, 2 * ROW_HEIGHT)
        sheet.put(
            f"C{row + offset}",
            inspect.getdoc(function).split("\n")[0].replace(" [1]_", "").replace("`", ""),
            style="note",
        )
    # The headings of the first table stand for no equation: these are on pages of their own.
    sheet.print_setup(
        title_rows=f"{begin}:{row + 1}", areas=(f"A1:D{begin - 1}", f"A{begin}:D{row + 1 + len(EQUATIONS)}")
    )
