"""The Prices sheet: chips, purchase and cloud prices, energy and price index, each row with its source."""

from __future__ import annotations

import re
from types import SimpleNamespace

from openpyxl.utils import get_column_letter

from ..columns import Column
from ..formula import sheet_prefix
from ..lookup import match, take
from .style import heading_style

NAME = "Prices"
SECTION, HEADING, FIRST = 4, 5, 6
CHANGE = (
    "Price list version {edition}. A price counts from its date on; estimates are marked. TDP and prices may "
    "be edited; new rows are not looked up."
)
GIVEN = (
    "Price list version {edition}. A price counts from its date on; estimates are marked. Your own price of a chip or "
    "of electricity goes into the run's row on Runs."
)

CHIPS = (
    Column("chip", "Chip", "", "text", ""),
    Column("manufacturer", "Maker", "", "text", ""),
    Column("kind", "Kind", "", "text", ""),
    Column("family", "Family", "", "text", ""),
    Column("release_date", "Released", "", "date", ""),
    Column("tdp_w", "Chip power (TDP)", "W", "count", ""),
    Column("peak_flops", "Peak rate for training, dense", "FLOP/s", "scientific", ""),
    Column("peak_format", "Number format of it", "", "text", ""),
    Column("tdp_estimate", "Power is an estimate", "", "text", ""),
    Column("server_overhead_of", "Assumption for server cost", "", "text", ""),
    Column("server_overhead", "Server over chip cost", "USD/USD", "factor", ""),
    Column("server_power_factor_of", "Assumption for server power", "", "text", ""),
    Column("server_power_factor", "Server over chip power", "W/W", "factor", ""),
    Column("chip_again", "Chip, continued", "", "text", ""),
    Column("average_power_share_of", "Assumption for power draw", "", "text", ""),
    Column("average_power_share", "Power draw in training", "share", "share", ""),
    Column("memory_bytes", "Memory", "bytes", "scientific", ""),
    Column("tdp_own", "Power from your price book", "", "text", ""),
    Column("peak_own", "Peak rate from your price book", "", "text", ""),
    Column("date", "As of", "", "date", ""),
    Column("source", "Source", "", "source", ""),
    Column("note", "Note", "", "text", ""),
)
PURCHASE = (
    Column("chip", "Chip bought", "", "text", ""),
    Column("sold_as", "Sold as", "", "text", ""),
    Column("vendor", "Seller", "", "text", ""),
    Column("own", "Your price book", "", "text", ""),
    Column("date", "Price date", "", "date", ""),
    Column("usd_per_chip", "Price per chip", "USD/chip", "price", ""),
    Column("usd_low", "Low (90%)", "USD/chip", "price", ""),
    Column("usd_high", "High (90%)", "USD/chip", "price", ""),
    Column("estimate", "Estimate", "", "text", ""),
    Column("source", "Price source", "", "source", ""),
    Column("note", "Price note", "", "text", ""),
)
CLOUD = (
    Column("chip", "Chip rented", "", "text", ""),
    Column("vendor", "Cloud vendor", "", "text", ""),
    Column("location", "Location", "", "text", ""),
    Column("own", "Own price book", "", "text", ""),
    Column("date", "Cloud price date", "", "date", ""),
    Column("commitment", "Commitment", "", "text", ""),
    Column("usd_per_chip_hour", "Price per chip-hour", "USD/chip-hour", "hourly", ""),
    Column("source", "Cloud price source", "", "source", ""),
    Column("note", "Cloud price note", "", "text", ""),
    Column("discount_1y_of", "Assumption for 1 year", "", "text", ""),
    Column("discount_1y", "Vendor's 1-year discount", "share", "share", ""),
    Column("discount_3y_of", "Assumption for 3 years", "", "text", ""),
    Column("discount_3y", "Vendor's 3-year discount", "share", "share", ""),
)
ENERGY = (
    Column("year", "Year", "", "year", ""),
    Column("usd_per_kwh", "Electricity price", "USD/kWh", "rate", ""),
    Column("usd_low", "Low, 90%", "USD/kWh", "rate", ""),
    Column("usd_high", "High, 90%", "USD/kWh", "rate", ""),
    Column("date", "Seen on", "", "date", ""),
    Column("source", "Electricity source", "", "source", ""),
    Column("note", "Electricity note", "", "text", ""),
)
INDEX = (
    Column("month", "Month", "", "text", ""),
    Column("producer_price_index", "Producer price index", "2000-12 = 100", "factor", ""),
    Column("date", "Taken on", "", "date", ""),
    Column("source", "Index source", "", "source", ""),
)

SCALE = 57
"""Percent at most."""
WIDTHS = {
    "Chips": (33, 14, 8, 33, 11, 11, 12, 12, 11, 22, 11, 28, 10, 33, 25, 10, 10, 12, 12, 11, 54, 49),
    "Purchase prices": (33, 12, 16, 10, 12, 13, 12, 12, 10, 40, 46),
    "Cloud prices": (33, 20, 43, 8, 11, 13.5, 13, 41, 33, 32, 12, 32, 12),
    "Electricity prices": (8, 14, 12, 12, 12, 91, 51),
    "Price index": (12, 16, 12, 105),
}
GAP = 3
"""Width of the empty column between two tables."""
NOT_PRINTED = 4
"""Columns of cloud prices that repeat what Inputs says."""
LINKS = "DFHJL"
"""Columns of the links to the tables."""
EDITABLE = ("tdp_w", "usd_per_chip", "usd_per_chip_hour", "usd_per_kwh")


def write_prices(book, sheet, facts, inputs):
    """Fill the sheet.

    Returns
    -------
    types.SimpleNamespace
        The catalog's columns as Ranges, by the names that `xlcost.model.CostSteps` looks up.
    """
    sheet.put("A1", "Prices", style="title")
    said = sheet.put(
        "A2",
        sheet.sentence(GIVEN if sheet.is_fixed else CHANGE, edition=facts.edition),
        style="subtitle",
    )
    own = {True: "yes", False: ""}
    keys = {f"{name}_of": list(of) for name, of in facts.assumption_names.items()}
    chips = facts.chips.assign(
        **facts.chip_marks,
        **{name: keys[name] for name in ("server_overhead_of", "server_power_factor_of", "average_power_share_of")},
    )
    bought = facts.purchase_prices.assign(own=facts.purchase_prices["own"].map(own))
    rented = facts.cloud_prices.assign(
        own=facts.cloud_prices["own"].map(own), **{name: keys[name] for name in ("discount_1y_of", "discount_3y_of")}
    )
    blocks = (
        ("Chips", CHIPS, chips),
        ("Purchase prices", PURCHASE, bought),
        ("Cloud prices", CLOUD, rented),
        ("Electricity prices", ENERGY, facts.energy_prices),
        ("Price index", INDEX, facts.price_index),
    )
    # Side by side, so that all headings stand in one row, which every page repeats.
    begin, ranges, areas = 1, {}, []
    for link, (title, columns, table) in zip(LINKS, blocks):
        ranges[title] = _block(sheet, begin, title, columns, table, inputs)
        end, last = begin + len(columns) - 1, FIRST + len(table) - 1
        again = [at for at, column in enumerate(columns, start=begin) if column.name == "chip_again"]
        starts = [begin, *again]
        ends = [*(start - 1 for start in again), end - NOT_PRINTED if title == "Cloud prices" else end]
        for start, stop in zip(map(get_column_letter, starts), map(get_column_letter, ends)):
            areas.append(f"{start}1:{stop}{last}")
            sheet.put(f"{start}{SECTION}", title, style="section")
            if start != "A":
                sheet.put_title_again(1, start)
                sheet.put(f"{start}2", said, style="subtitle")
        for at, width in enumerate((*WIDTHS[title], GAP), start=begin):
            sheet.widths({get_column_letter(at): width})
        to = f"{sheet_prefix(sheet.name)}{get_column_letter(begin)}{SECTION}"
        sheet.put(f"{link}1", title, to=to, style="link_text")
        begin = end + 2
    sheet.height(HEADING, 48)
    sheet.freeze(f"A{FIRST}")
    sheet.print_setup(
        title_rows=f"1:{HEADING}",
        fit_width=False,
        scale=SCALE,
        areas=areas,
        tables=[len(table) for _, _, table in blocks],
    )
    chip, buy, rent, energy, index = (ranges[title] for title, _, _ in blocks)
    return SimpleNamespace(
        chip=chip["chip"],
        kind=chip["kind"],
        manufacturer=chip["manufacturer"],
        family=chip["family"],
        memory_bytes=chip["memory_bytes"],
        release_date=chip["release_date"],
        tdp_w=chip["tdp_w"],
        peak_flops=chip["peak_flops"],
        peak_format=chip["peak_format"],
        **{mark: chip[mark] for mark in facts.chip_marks},
        server_overhead=chip["server_overhead"],
        server_power_factor=chip["server_power_factor"],
        average_power_share=chip["average_power_share"],
        usd_per_chip=buy["usd_per_chip"],
        purchase_date=buy["date"],
        sold_as=buy["sold_as"],
        purchase_vendor=buy["vendor"],
        purchase_source=buy["source"],
        purchase_estimate=buy["estimate"],
        purchase_own=buy["own"],
        usd_per_chip_hour=rent["usd_per_chip_hour"],
        cloud_date=rent["date"],
        cloud_vendor=rent["vendor"],
        cloud_source=rent["source"],
        cloud_commitment=rent["commitment"],
        cloud_own=rent["own"],
        discount_1y=rent["discount_1y"],
        discount_3y=rent["discount_3y"],
        energy_year=energy["year"],
        energy_price=energy["usd_per_kwh"],
        index_month=index["month"],
        producer_price_index=index["producer_price_index"],
        estimates=_estimates(sheet, facts, chip, buy, energy),
    )


def _estimates(sheet, facts, chip, buy, energy):
    """Figures that no one published: label, unit, source, and cells of the value, its low and its high."""
    found = []
    for row, fact in enumerate(facts.chips.to_dict("records")):
        if "tdp_w" in fact["estimate"] and fact["tdp_w"] == fact["tdp_w"]:
            label = sheet.sentence("Power of {chip}", chip=fact["chip"])
            found.append((label, "W", fact["source"], "count", [chip["tdp_w"].cell(row)]))
    for row, fact in enumerate(facts.purchase_prices.to_dict("records")):
        if fact["estimate"] == "yes" and fact["usd_low"] == fact["usd_low"]:
            cells = [buy[name].cell(row) for name in ("usd_per_chip", "usd_low", "usd_high")]
            label = sheet.sentence("Purchase price of {chip}", chip=fact["chip"])
            found.append((label, "USD/chip", fact["source"], "price", cells))
    last = facts.energy_prices.iloc[-1]
    cells = [energy[name].cell(-1) for name in ("usd_per_kwh", "usd_low", "usd_high")]
    label = sheet.sentence("Electricity from {year} on", year=f"{last['year']:.0f}")
    found.append((label, "USD/kWh", last["source"], "rate", cells))
    return found


def _block(sheet, begin, title, columns, table, inputs):
    """One table, from a column on, with its title above; what is assumed on Inputs is looked up there, not copied."""
    ranges, cells, previous = {}, {}, None
    for position, column in enumerate(columns):
        letter = get_column_letter(begin + position)
        sheet.put(f"{letter}{HEADING}", column.heading_in(sheet.language), style=heading_style(column.format))
        how = {"style": "text" if column.format in ("text", "source") else "number", "format": column.format}
        if column.name == "chip_again":
            value = cells["chip"]
        elif column.name not in table:
            # The column before names the assumption.
            value = take(inputs.assumption, match(previous, inputs.assumption_name))
            how["style"] = "link"
        else:
            value = table[column.name].to_numpy()
        if column.name in EDITABLE:
            how["style"] = "input"
        if column.format == "source":
            how |= {"format": "text", "urls": [_link(source) for source in value]}
        written = sheet.column(letter, FIRST, value, **how)
        ranges[column.name] = written.range
        cells[column.name] = previous = written.cell
    last = FIRST + len(table) - 1
    # Not "Chips": that is an argument of functions.
    name = re.sub(r"\W", "", title.title()) + "Table"
    sheet.table(name, f"{get_column_letter(begin)}{HEADING}:{letter}{last}")
    return ranges


def _link(source):
    """The first address in a source, where there is one."""
    found = re.search(r"https?://[^\s;]+|(?<![\w/.])(?:github\.com|arXiv:)\S+", source)
    if not found:
        return None
    text = found.group().rstrip(".,)")
    if text.startswith("arXiv:"):
        return f"https://arxiv.org/abs/{text[6:]}"
    return text if text.startswith("http") else f"https://{text}"
