"""The rules for choosing facts, followed by hand one run at a time: slow, plain, and written apart from the package.

Works on the rows of the shipped CSV files; knows nothing of steps, blocks or formulas.
"""

import csv
import datetime
import math
import re
from functools import cache
from pathlib import Path

import xlcost.catalog

EDITIONS = Path(xlcost.catalog.__file__).parent / "editions"
LAYERS = {"2024-05": ["2024-05"], "2025-07": ["2025-07"], "2026-11": ["2025-07", "2026-11"]}
DISCOUNT = {
    "Amazon Web Services": {"1y": 0.41, "3y": 0.64},
    "Google Cloud": {"1y": 0.37, "3y": 0.56},
    "Microsoft Azure": {"1y": 0.25, "3y": 0.49},
}
OTHERS_DISCOUNT = {"1y": 0.34, "3y": 0.56}
SHORTER = {"3y": ["3y", "1y", "on_demand"], "1y": ["1y", "on_demand"], "on_demand": ["on_demand"]}


def rows_of(edition, table):
    return [
        row
        for layer in LAYERS[edition]
        if (file := EDITIONS / layer / f"{table}.csv").exists()
        for row in csv.DictReader(file.open(encoding="utf-8"))
    ]


@cache
def chips(edition):
    found = {}
    for row in rows_of(edition, "chips"):
        found.setdefault(row["chip"], {}).update({name: value for name, value in row.items() if value != ""})
    return found


@cache
def cloud_rows(edition):
    return [row | {"day": datetime.date.fromisoformat(row["date"])} for row in rows_of(edition, "cloud_prices")]


def has_word(organization, word):
    return re.search(rf"(?<![0-9a-z]){word}(?![0-9a-z])", organization.casefold()) is not None


def vendors_asked(edition, organization):
    if has_word(organization, "google") or has_word(organization, "deepmind"):
        first = "Google Cloud"
    elif has_word(organization, "microsoft") or has_word(organization, "openai"):
        first = "Microsoft Azure"
    else:
        first = "Amazon Web Services"
    order = [first, "Amazon Web Services", "Microsoft Azure", "Google Cloud", "Lambda Labs"]
    if edition != "2024-05":
        order += sorted({row["vendor"] for row in cloud_rows(edition)}, key=str.casefold)
    return list(dict.fromkeys(order))


def cloud_price(edition, chip, wanted_day, commitment="3y", organization="", vendor=""):
    """USD per chip-hour, or None."""
    fact = chips(edition)[chip]
    vendors = [vendor] if vendor else vendors_asked(edition, organization)
    if fact["kind"] == "TPU":
        vendors = [name for name in vendors if name == "Google Cloud"]
    relatives = sorted(
        (int(other["family_order"]), name)
        for name, other in chips(edition).items()
        if other["family"] == fact["family"] and other.get("family_order")
    )
    names = [chip] + [name for _, name in relatives if name != chip]
    for offered in SHORTER[commitment]:
        for asked in vendors:
            for name in names:
                rows = [row for row in cloud_rows(edition) if row["vendor"] == asked and row["chip"] == name]
                if rows:
                    break
            before = [row["day"] for row in rows if row["day"] <= wanted_day]
            day = max(before) if before else min((row["day"] for row in rows), default=None)
            fitting = [row for row in rows if row["day"] == day and row["commitment"] == offered]
            fitting.sort(key=lambda row: row["us"] != "yes")
            if fitting:
                discount = {"on_demand": 0.0} | DISCOUNT.get(asked, OTHERS_DISCOUNT)
                return float(fitting[0]["usd_per_chip_hour"]) * ((1 - discount[commitment]) / (1 - discount[offered]))
    return None


def server_price(edition, chip):
    """USD per chip with its share of the server, and the date of the price; None without a price."""
    fact = chips(edition)[chip]
    family = {name for name, other in chips(edition).items() if other["family"] == fact["family"]}
    rows = sorted(
        (row["date"], float(row["usd_per_chip"]), row["sold_as"])
        for row in rows_of(edition, "purchase_prices")
        if row["chip"] in family
    )
    if not rows:
        return None
    date, price, sold_as = next((row for row in rows if row[2] == "DGX"), rows[0])
    overhead = {"A100": 1.66, "V100": 1.69, "P100": 1.54}.get(fact["family"], 1.64)
    return (price * overhead if sold_as == "single unit" else price), datetime.date.fromisoformat(date)


def amortized_cost(edition, chip, chips_used, hours, start, organization=""):
    """Hardware by the market method, interconnect and energy, in USD; None where a fact is missing."""
    fact, priced = chips(edition)[chip], server_price(edition, chip)
    if priced is None or "tdp_w" not in fact:
        return None
    price, day = priced
    released = fact.get("release_date")
    if fact["kind"] == "TPU":
        acquired = datetime.date.fromisoformat(released)
    else:
        earliest = datetime.date.fromisoformat(released) + datetime.timedelta(90) if released else day
        acquired = max(day, earliest)
    days = (start - acquired).days
    if fact["kind"] != "TPU":
        days = max(days, 0)
    hardware = price * 10 ** (-0.14 * days / 365.25) * 0.14 * math.log(10) / 8766 * chips_used * hours
    factor = {
        "H100": 10.2 / 8 / 0.7,
        "A100": 6.5 / 8 / 0.4,
        "V100": (10 / 16 / 0.3 + 1.5 / 4 / 0.3) / 2,
        "TPU v1": 2.93,
        "TPU v2": 1.64,
        "TPU v3": 1.47,
    }.get(fact["family"], 1.56 if fact["kind"] == "TPU" else 1.8)
    share = 0.43 if fact["kind"] == "TPU" else 0.75
    large = ("google", "deepmind", "microsoft", "amazon", "meta", "facebook")
    pue = 1.1 if any(has_word(organization, word) for word in large) else 1.25
    prices = {
        int(row["year"]): float(row["usd_per_kwh"])
        for row in csv.DictReader((EDITIONS / "2024-05" / "energy_prices.csv").open(encoding="utf-8"))
    }
    energy = (
        float(fact["tdp_w"])
        / 1000
        * factor
        * share
        * pue
        * chips_used
        * hours
        * prices[min(max(start.year, 2010), 2025)]
    )
    return hardware + hardware * 0.19 / 0.81 + energy
