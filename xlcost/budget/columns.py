"""What the columns of a budget's own tables are called: capacity, shares in it, other costs, phases."""

from __future__ import annotations

from ..catalog.vendors import TERM_YEARS
from ..columns import STEP_GROUPS, Column, by_name

CAPACITY_COLUMNS = by_name(
    Column("capacity", "Capacity", "", "text", "A name of its own, which runs give under Cluster"),
    Column("kind", "Kind", "", "text", "owned, committed_1y, committed_3y or on_demand"),
    Column("owner", "Owner", "", "text", "Department that pays for idle hours"),
    Column("cost_center", "Cost center", "", "text", "Of idle hours and of what a sale gains or loses"),
    Column("currency", "Currency", "", "text", "Of all prices of this row; USD where empty"),
    Column("chip", "Chip", "", "text", "From the chip list on Prices"),
    Column("chips", "Chips", "chips", "count", "How many there are"),
    Column("in_service", "In service from", "", "date", "First day on which it can be used"),
    Column(
        "until",
        "In service until",
        "",
        "date",
        "Day after the last: it is sold; end of the life or commitment where empty",
    ),
    Column(
        *("server_price_per_chip", "Own purchase price", "per chip", "price"),
        "With its share of the server; the network between servers is added",
        former_unit="USD/chip",
    ),
    Column(
        *("price_per_chip_hour", "Own rental price", "per chip-hour", "hourly", "Looked up where empty"),
        *("usd_per_chip_hour", "USD/chip-hour"),
    ),
    Column("vendor", "Cloud vendor", "", "text", "Only this vendor is asked; Amazon first where empty"),
    Column("useful_life", "Own useful life", "years", "tenths", "In the books; by the year of purchase where empty"),
    Column(
        "residual_value",
        "Residual value",
        "share of price",
        "share",
        "Left in the books at the end of the life, and received then",
    ),
    Column("upfront_share", "Paid upfront", "share", "share", "Of the purchase, or of the whole commitment"),
    Column("payment_lag", "Payment lag", "months", "count", "From a cost to its payment, 0 to 3 months; 0 where empty"),
    Column(
        *("electricity_price", "Own electricity price", "per kWh", "rate", "Looked up by year where empty"),
        *("usd_per_kwh", "USD/kWh"),
    ),
    Column("pue", "Own PUE", "W/W", "factor", "Efficiency of the data centre; that on Inputs where empty"),
    Column(
        *("hosting", "Own hosting price", "per kW and month", "price", "That on Inputs where empty"),
        former_unit="USD/kW/month",
    ),
    Column("operations", "Own operations staff", "FTE", "tenths", "Those who run it; by number of chips where empty"),
    Column("maintenance", "Own maintenance", "share of price/year", "share", "That on Inputs where empty"),
    Column("insurance", "Own insurance", "share of price/year", "share", "That on Inputs where empty"),
)

SHARE_COLUMNS = by_name(
    Column("capacity", "Capacity", "", "text", "As on Capacity"),
    Column("department", "Department", "", "text", "Or company, where several own it together; as on Inputs"),
    Column("share", "Entitled share", "share", "share", "Of the capacity's hours and of its cost"),
)

OTHER_COLUMNS = by_name(
    Column("item", "Item", "", "text", "What it is"),
    Column("category", "Category", "", "text", "From the list: storage, data, licences …"),
    Column("department", "Department", "", "text", "From the list on Inputs"),
    Column("cost_center", "Cost center", "", "text", "As your ledger names it"),
    Column("run", "Training run", "", "text", "As on Runs, where it belongs to one"),
    Column("account", "Account", "", "text", "Of the ledger; that of the category on Calendar where empty"),
    Column("amount", "Amount", "currency", "cents", "Once or each month, excluding tax"),
    Column("currency", "Currency", "", "text", "From the list on Calendar; USD where empty"),
    Column("timing", "Timing", "", "text", "once or monthly; once where empty"),
    Column("start", "From", "", "date", "Any day of the first month"),
    Column("end", "To", "", "date", "Any day of the last month; the first where empty"),
    Column("comment", "Comment", "", "text", "Contract, offer, assumption"),
)

PHASE_COLUMNS = by_name(
    Column("phase", "Phase", "", "text", "As runs name it"),
    Column("released", "Amount released", "budget currency", "money", "Approved for spending so far"),
    Column("date", "Date", "", "date", "Of the release"),
    Column("comment", "Comment", "", "text", "Decision, condition"),
)

KINDS = {
    "owned": "own",
    "committed_1y": "cloud_1y",
    "committed_3y": "cloud_3y",
    "on_demand": "cloud_on_demand",
}
"""Kinds of capacity, and the sourcing of a run that uses it."""
COMMITTED_YEARS = {kind: TERM_YEARS[sourcing] for kind, sourcing in KINDS.items() if sourcing in TERM_YEARS}

TIMINGS = ("once", "monthly")
CATEGORIES = {
    "storage": "Storage",
    "network": "Network and data transfer",
    "data": "Data: purchase and labelling",
    "licences": "Licences",
    "api_fees": "Fees for external models (API)",
    "hosting": "Hosting and rooms",
    "services": "Consulting and services",
    "other": "Other",
}
"""Categories of other costs, and what they are called."""

LINES = {
    "own": "Computing on own hardware",
    "rented": "Computing, rented by the hour",
    "capacity": "Computing on own or committed capacity",
    "trials": "Trials and failed runs",
    "idle": "Idle capacity",
    "disposal": "Loss on disposal (gain below 0)",
    "employees": "Employees",
    "contractors": "Contractors",
    **CATEGORIES,
    "contingency": "Contingency",
}
"""Kinds of cost, each of which has an account."""

_OF_RUNS = {column.name: column for _, columns in STEP_GROUPS for column in columns}


def _as_of_runs(*names):
    """Steps that a capacity takes as a run does."""
    return tuple(_OF_RUNS[name] for name in names)


CAPACITY_STEPS = (
    (
        "In the budget's years",
        (
            Column("available", "Available", "chip-hours", "count", ""),
            Column("used", "Used", "chip-hours", "count", ""),
            Column("use", "Capacity use", "share", "share", ""),
            Column("cost", "Cost", "budget currency", "money", ""),
            Column("idle_cost", "of which idle", "budget currency", "money", ""),
            Column("short", "Months with too little", "months", "place", ""),
            Column("number", "Number", "", "place", ""),
        ),
    ),
    (
        "What it costs",
        (
            Column("sourcing", "Sourcing of its runs", "", "text", ""),
            Column("purchase", "Purchase", "USD", "money", ""),
            Column("contract", "Commitment, whole time", "USD", "money", ""),
            Column("price_of_hour", "Price of an hour", "USD/chip-hour", "hourly", ""),
            Column("rental_of_hour", "Rental price", "USD/chip-hour", "hourly", ""),
            Column("energy_of_hour", "Energy", "USD/chip-hour", "hourly", ""),
            Column("hosting_of_month", "Hosting", "USD/month", "money", ""),
            Column("operations_staff", "Operations staff", "FTE", "tenths", ""),
            Column("operations_of_month", "Operations staff", "USD/month", "money", ""),
            Column("upkeep_share", "Maintenance and insurance", "share of price/year", "share", ""),
            Column("upkeep_of_month", "Maintenance and insurance", "USD/month", "money", ""),
            Column("service_end", "Service ends", "", "date", ""),
            Column("first_month", "First month, counted from year 0", "", "place", ""),
            Column("last_month", "Last month, counted from year 0", "", "place", ""),
            Column("from_months", "In service from, counted from year 0", "months", "place", ""),
            Column("until_months", "In service until, counted from year 0", "months", "place", ""),
            Column("currency_number", "Currency, number", "", "place", ""),
            Column("units_per_usd", "Exchange rate when it begins", "currency/USD", "precise", ""),
            Column("start_rate", "Exchange rate when it begins", "budget currency/USD", "precise", ""),
            Column("end_rate", "Exchange rate when it ends", "budget currency/USD", "precise", ""),
            Column("life_years", "Useful life that counts", "years", "tenths", ""),
            Column("life_months", "Useful life", "months", "count", ""),
            Column("residual", "Residual amount", "USD", "money", ""),
            Column("depreciable", "Depreciable amount", "USD", "money", ""),
            Column("months_until_disposal", "Months until disposal", "months", "place", ""),
            Column("proceeds", "Proceeds of disposal", "USD", "money", ""),
            Column("cost_known", "Purchase, or price of an hour", "USD", "price", ""),
        ),
    ),
    (
        "Own prices in US dollars",
        (
            Column("own_server_price_per_chip", "Own purchase price in dollars", "USD/chip", "price", ""),
            Column("own_usd_per_chip_hour", "Own rental price in dollars", "USD/chip-hour", "hourly", ""),
            Column("own_usd_per_kwh", "Own electricity price in dollars", "USD/kWh", "rate", ""),
            Column("own_hosting", "Own hosting price in dollars", "USD/kW/month", "price", ""),
        ),
    ),
    ("Chip", _as_of_runs("chip_row", "kind", "sourcing_used", "training_start")),
    (
        "Purchase price found",
        _as_of_runs(
            *("purchase_step", "purchase_price_row", "chip_price", "sold_as", "server_overhead"),
            *("catalog_server_price", "acquisition_price_per_chip", "acquisition_cost", "useful_life"),
        ),
    ),
    (
        "Power and energy",
        _as_of_runs(
            *("pue", "tdp_w", "server_power_factor", "average_power_share", "power_capacity_kw"),
            *("energy_price_year", "energy_price_row", "usd_per_kwh_used"),
        ),
    ),
    (
        "Rental price found",
        _as_of_runs(
            *("commitment_wanted", "price_request", "cloud_price_wanted", "cloud_code", "cloud_step"),
            *("cloud_price_row", "cloud_list_price", "commitment_found", "discount_wanted", "discount_found"),
            "usd_per_chip_hour",
        ),
    ),
)
"""Steps from a capacity to its costs, as the Capacity sheet shows them to the right of what people fill in."""
FORMER_STEPS = (
    ("", (Column("cost", "Cost", "USD", "money", ""), Column("idle_cost", "of which idle", "USD", "money", ""))),
)
"""What workbooks of version 2 and before show there by another name."""

OTHER_STEPS = (
    (
        "",
        (
            Column("category_listed", "Categories", "", "text", ""),
            Column("category_meaning", "Meaning", "", "text", ""),
            Column("kind_number", "Kind of cost, number", "", "place", ""),
        ),
    ),
)
PHASE_STEPS = (
    (
        "",
        (
            Column("number", "Number", "", "place", ""),
            Column("budget", "Budget", "budget currency", "money", ""),
            Column("left", "Still to release", "budget currency", "money", ""),
        ),
    ),
)
"""What the sheets of other costs and of phases show beside what people fill in."""
