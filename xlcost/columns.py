"""What every column of a table is called: by its field's term in code and files, in finance words on a sheet."""

from __future__ import annotations

from typing import NamedTuple

from .languages import Language, language_codes, language_of


class Column(NamedTuple):
    """A column of a table.

    `name` is the field's standard term, as files and code have it; `label` says it in finance words; `unit` may be
    empty; `format` is one of the kinds that `xlcost.workbook.style` knows; `help` is one line for the person who fills
    or reads it. `former_name` and `former_unit` are what tables of earlier versions have instead, and are read as well.
    """

    name: str
    label: str
    unit: str
    format: str
    help: str
    former_name: str = ""
    former_unit: str = ""

    @property
    def heading(self):
        """The label, with the unit where it does not go without saying."""
        return self.heading_in(Language())

    def heading_in(self, language):
        """The same in another language."""
        label, says_unit = self.label_in(language), self.unit.casefold() in ("", self.label.casefold())
        return label if says_unit or self.format == "date" else f"{label} [{language.text(self.unit)}]"

    def label_in(self, language):
        """The label in another language, which may tell apart what English calls alike: chips in USD, and in chips."""
        return language.apart(self.label, self.unit)


def by_name(*columns):
    return {column.name: column for column in columns}


def labels_of(columns):
    """What the columns of a table may be called on a sheet, in lower case and in any language, and their names."""
    languages = [language_of(code) for code in language_codes()]
    found = {column.former_name: name for name, column in columns.items() if column.former_name}
    for name, column in columns.items():
        units = [column, column._replace(unit=column.former_unit)] if column.former_unit else [column]
        for language in languages:
            texts = [column.label_in(language), *(each.heading_in(language) for each in units)]
            found |= {text.casefold(): name for text in texts}
    return found


RUN_COLUMNS = by_name(
    Column("run", "Training run", "", "text", "A name of its own for each run"),
    Column("department", "Department", "", "text", "From the list on Inputs"),
    Column("cost_center", "Cost center", "", "text", "As your ledger names it"),
    Column(
        "organization",
        "Organization",
        "",
        "text",
        "Who trains: decides the data centre's efficiency and the cloud asked first",
    ),
    Column("chip", "Chip", "", "text", "From the chip list on Prices"),
    Column("chips", "Chips", "chips", "count", "How many train at once"),
    Column("hours", "Hours", "hours", "count", "Training time"),
    Column("chip_hours", "Chip-hours", "chip-hours", "count", "Counts before chips × hours where given"),
    Column(
        "training_flop",
        "Training compute",
        "FLOP",
        "scientific",
        "Counts where neither chip-hours nor chips and hours are given",
    ),
    Column(
        "mfu",
        "Compute efficiency (MFU)",
        "share of peak",
        "share",
        "Share of the chip's peak rate that the run reaches",
    ),
    Column("start", "Start", "", "date", "First day of training; the edition's month where empty"),
    Column("published", "Published", "", "date", "Release of the model, where known"),
    Column("sourcing", "Sourcing", "", "text", "own, cloud_on_demand, cloud_1y or cloud_3y; own where empty"),
    Column("vendor", "Cloud vendor", "", "text", "Only this vendor is asked; chosen by organization where empty"),
    Column("capacity", "Cluster", "", "text", "Runs with the same text share one cluster, which is bought once"),
    Column("acquired", "Hardware acquired", "", "date", "When the hardware was bought; looked up where empty"),
    Column(
        "server_price_per_chip",
        "Own hardware price",
        "USD/chip",
        "price",
        "Per chip with its share of the server; looked up where empty",
    ),
    Column(
        "usd_per_kwh",
        "Own electricity price",
        "USD/kWh",
        "rate",
        "What the data centre pays; looked up by year where empty",
    ),
    Column(
        "experiment_factor",
        "Experiment factor",
        "",
        "factor",
        "Compute of the whole project over the final run's; trials have a line of their own in the budget",
    ),
    Column("account", "Account", "", "text", "Of the ledger; that of the kind of cost on Calendar where empty"),
    Column("treatment", "Treatment", "", "text", "capitalise, expense or review: a mark for the accountants"),
    Column(
        "scope", "Core or generic", "", "text", "core where the model is only ours, generic where many could use it"
    ),
    Column("phase", "Phase", "", "text", "Stage of a release, as on Phases"),
)

CHOICES = {"treatment": ("capitalise", "expense", "review"), "scope": ("core", "generic")}
"""Texts of which a column of runs takes one."""

LIMITS = {
    "chips": {"above": 0, "at_most": 1e9},
    "hours": {"above": 0, "at_most": 1e6},
    "chip_hours": {"above": 0, "at_most": 1e15},
    "training_flop": {"above": 0, "at_most": 1e35},
    "mfu": {"above": 0, "at_most": 1},
    "server_price_per_chip": {"above": 0, "at_most": 1e9},
    "usd_per_kwh": {"at_least": 0, "at_most": 100},
    "experiment_factor": {"at_least": 1, "at_most": 1e3},
}
"""What a number may be; far beyond every run that was ever heard of, it is a slip of the pen."""

COST_COLUMNS = by_name(
    Column("training_start", "Start of training", "", "date", "Given, or counted back from the publication"),
    Column("acquired", "Hardware acquired on", "", "date", "Date from which the hardware loses value"),
    Column("chip_hours", "Chip-hours used", "chip-hours", "count", "Given, or chips × hours, or from training compute"),
    Column(
        "acquisition_price_per_chip",
        "Hardware price per chip",
        "USD/chip",
        "price",
        "Chip with its share of the server, before interconnect",
    ),
    Column(
        "value_at_start_per_chip",
        "Market value per chip at start",
        "USD/chip",
        "price",
        "What the hardware is still worth when training starts",
    ),
    Column("accelerator_chips", "Chips", "USD", "money", "Part of the hardware's value used up that is chips"),
    Column("server_components", "Server components", "USD", "money", "Part that is servers around the chips"),
    Column("interconnect", "Cluster network", "USD", "money", "Part that is the network between servers"),
    Column("energy", "Energy", "USD", "money", "Electricity of the run"),
    Column("amortized_cost", "Run cost on own hardware", "USD", "money", "Hardware amortized to the run, plus energy"),
    Column(
        "amortized_cost_real",
        "Run cost on own hardware, real",
        "USD",
        "money",
        "In the prices of one month; empty where the index does not reach",
    ),
    Column(
        "acquisition_cost",
        "Purchase price of the cluster",
        "USD",
        "money",
        "What all chips, servers and network cost to buy",
    ),
    Column("cloud_cost", "Run cost in the cloud", "USD", "money", "Rental price × chip-hours"),
    Column("power_capacity_kw", "Power of the cluster", "kW", "count", "Power that the data centre must provide"),
    Column("budget_cost", "Budget cost", "USD", "money", "Own hardware or cloud, as the run is sourced"),
    Column("note", "Note", "", "text", "Why something is missing or assumed"),
)

STEP_GROUPS = (
    (
        "Run",
        (
            Column("run", "Training run", "", "text", ""),
            Column("department_used", "Department", "", "text", ""),
            Column("chip_row", "Chip's number in the chip list", "", "count", ""),
            Column("kind", "Kind of chip", "", "text", ""),
            Column("sourcing_used", "Sourcing", "", "text", ""),
            Column("training_start", "Start of training", "", "date", ""),
        ),
    ),
    (
        "Amount of compute",
        (
            Column("peak_flops", "Chip's peak rate", "FLOP/s", "scientific", ""),
            Column("mfu_used", "Compute efficiency (MFU)", "share of peak", "share", ""),
            Column("chip_hours_used", "Chip-hours", "chip-hours", "count", ""),
        ),
    ),
    (
        "What the hardware cost",
        (
            Column("purchase_step", "Purchase price step", "", "count", ""),
            Column("purchase_price_row", "Number of the purchase price", "", "count", ""),
            Column("chip_price", "Purchase price found", "USD/chip", "price", ""),
            Column("chip_price_date", "Date of this price", "", "date", ""),
            Column("sold_as", "Sold as", "", "text", ""),
            Column("server_overhead", "Server over chip cost", "USD/USD", "factor", ""),
            Column("release_date", "Chip released", "", "date", ""),
            Column("catalog_server_price", "Price with the server's share", "USD/chip", "price", ""),
            Column("acquisition_price_per_chip", "Hardware price per chip", "USD/chip", "price", ""),
            Column("catalog_acquired", "Could be bought from", "", "date", ""),
            Column("acquired_used", "Hardware acquired on", "", "date", ""),
            Column("years_owned", "Age at start", "years", "factor", ""),
        ),
    ),
    (
        "Hardware used up by the run",
        (
            Column("value_at_start_per_chip", "Market value at start", "USD/chip", "price", ""),
            Column("hardware_market", "Hardware, market", "USD", "money", ""),
            Column("hardware_market_exact", "Hardware, market exact", "USD", "money", ""),
            Column("useful_life", "Useful life", "years", "count", ""),
            Column("hours_assumed", "Training time", "hours", "count", ""),
            Column("hardware_straight_line", "Hardware, straight line", "USD", "money", ""),
            Column("hardware", "Hardware, method chosen", "USD", "money", ""),
            Column("accelerator_chips", "of which chips", "USD", "money", ""),
            Column("server_components", "of which server components", "USD", "money", ""),
            Column("interconnect", "Cluster network", "USD", "money", ""),
        ),
    ),
    (
        "Energy",
        (
            Column("organization_words", "Organization, as words", "", "text", ""),
            Column("hyperscaler", "Hyperscaler", "", "count", ""),
            Column("pue", "Data centre efficiency (PUE)", "W/W", "factor", ""),
            Column("tdp_w", "Chip power (TDP)", "W", "count", ""),
            Column("server_power_factor", "Server over chip power", "W/W", "factor", ""),
            Column("average_power_share", "Power draw in training", "share", "share", ""),
            Column("energy_kwh", "Energy used", "kWh", "count", ""),
            Column("energy_price_year", "Year of the electricity price", "", "year", ""),
            Column("energy_price_row", "Number of the electricity price", "", "count", ""),
            Column("usd_per_kwh_used", "Electricity price", "USD/kWh", "rate", ""),
            Column("power_capacity_kw", "Power of the cluster", "kW", "count", ""),
            Column("energy", "Energy", "USD", "money", ""),
        ),
    ),
    (
        "On own hardware",
        (
            Column("amortized_cost", "Run cost on own hardware", "USD", "money", ""),
            Column("acquisition_cost", "Purchase price of the cluster", "USD", "money", ""),
        ),
    ),
    (
        "In the cloud",
        (
            Column("commitment_wanted", "Commitment wanted", "", "text", ""),
            Column("vendor_first", "Organization's cloud, by number", "", "count", ""),
            Column("price_request", "Vendors asked, by number", "", "count", ""),
            Column("cloud_price_wanted", "Contract signed", "", "date", ""),
            Column("cloud_code", "Code asked for", "", "count", ""),
            Column("cloud_step", "Cloud price step", "", "count", ""),
            Column("cloud_price_row", "Number of the cloud price", "", "count", ""),
            Column("cloud_list_price", "Cloud price found", "USD/chip-hour", "hourly", ""),
            Column("commitment_found", "Commitment found", "", "text", ""),
            Column("discount_wanted", "Discount at the one wanted", "share", "share", ""),
            Column("discount_found", "Discount at the one found", "share", "share", ""),
            Column("usd_per_chip_hour", "Cloud price that counts", "USD/chip-hour", "hourly", ""),
            Column("cloud_vendor", "Vendor", "", "text", ""),
            Column("cloud_price_date", "Date of the cloud price", "", "date", ""),
            Column("cloud_cost", "Run cost in the cloud", "USD", "money", ""),
        ),
    ),
    (
        "Result",
        (
            Column("budget_cost", "Budget cost", "USD", "money", ""),
            Column("own_chips", "Budget: chips", "USD", "money", ""),
            Column("own_servers", "Budget: server components", "USD", "money", ""),
            Column("own_network", "Budget: cluster network", "USD", "money", ""),
            Column("own_energy", "Budget: energy", "USD", "money", ""),
            Column("cloud_rental", "Budget: cloud rental", "USD", "money", ""),
            Column("name_taken", "Name taken by a run above", "", "count", ""),
            Column("cluster_purchase", "Clusters to buy, each once", "USD", "money", ""),
            Column("note", "Note", "", "text", ""),
        ),
    ),
)
"""Steps of the calculation as the Costs sheet shows them, in the order in which a reader follows them."""
