"""The facts of a catalog as the cost model looks them up: columns by name, positions counted from 1."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .catalog.steps import PER_COMMITMENT, PER_DATE, PER_REQUEST
from .catalog.vendors import COMMITMENTS, FIRST_VENDORS, ORGANIZATION_WORDS, SOURCINGS
from .lookup import Listed


def facts_of(facts, assume):
    """Columns of a catalog as `xlcost.model.CostSteps` looks them up, as arrays."""
    chips, bought, rented, energy = facts.chips, facts.purchase_prices, facts.cloud_prices, facts.energy_prices
    index = facts.price_index
    of_each = {name: np.array([float(assume[key]) for key in keys]) for name, keys in facts.assumption_names.items()}
    yes = np.array(["", "yes"], dtype=object)
    return SimpleNamespace(
        edition=facts.edition,
        edition_month=facts.month,
        hours_per_year=float(assume["hours_per_year"]),
        price_age_warning=float(assume["price_age_warning"]),
        chip=Listed(chips["chip"].to_numpy()),
        kind=chips["kind"].to_numpy(),
        manufacturer=chips["manufacturer"].to_numpy(),
        family=chips["family"].to_numpy(),
        memory_bytes=chips["memory_bytes"].to_numpy(),
        release_date=chips["release_date"].to_numpy(),
        tdp_w=chips["tdp_w"].to_numpy(),
        peak_flops=chips["peak_flops"].to_numpy(),
        peak_format=chips["peak_format"].to_numpy(),
        **facts.chip_marks,
        server_overhead=of_each["server_overhead"],
        server_power_factor=of_each["server_power_factor"],
        average_power_share=of_each["average_power_share"],
        purchase_code=facts.purchase_steps.code,
        purchase_row=facts.purchase_steps.row,
        usd_per_chip=bought["usd_per_chip"].to_numpy(),
        purchase_date=bought["date"].to_numpy(),
        sold_as=bought["sold_as"].to_numpy(),
        purchase_vendor=bought["vendor"].to_numpy(),
        purchase_source=bought["source"].to_numpy(),
        purchase_estimate=bought["estimate"].to_numpy(),
        purchase_own=yes[bought["own"].to_numpy().astype(int)],
        cloud_code=facts.cloud_steps.code,
        cloud_row=facts.cloud_steps.row,
        usd_per_chip_hour=rented["usd_per_chip_hour"].to_numpy(),
        cloud_date=rented["date"].to_numpy(),
        cloud_vendor=rented["vendor"].to_numpy(),
        cloud_source=rented["source"].to_numpy(),
        cloud_commitment=rented["commitment"].to_numpy(),
        cloud_own=yes[rented["own"].to_numpy().astype(int)],
        discount_1y=of_each["discount_1y"],
        discount_3y=of_each["discount_3y"],
        energy_year=energy["year"].to_numpy(),
        energy_price=energy["usd_per_kwh"].to_numpy(),
        first_energy_year=energy["year"].iloc[0],
        last_energy_year=energy["year"].iloc[-1],
        index_month=Listed(index["month"].to_numpy()),
        producer_price_index=index["producer_price_index"].to_numpy(),
        organization_word=np.array(list(ORGANIZATION_WORDS), dtype=object),
        is_hyperscaler=np.array([float(large) for _, large in ORGANIZATION_WORDS.values()]),
        organization_asks=np.array([FIRST_VENDORS.index(vendor) + 1.0 for vendor, _ in ORGANIZATION_WORDS.values()]),
        sourcing=Listed(np.array(list(SOURCINGS), dtype=object)),
        sourcing_commitment=np.array(list(SOURCINGS.values()), dtype=object),
        commitment=Listed(np.array(COMMITMENTS, dtype=object)),
        request=Listed(np.array(facts.requests, dtype=object)),
        per_date=PER_DATE,
        per_commitment=PER_COMMITMENT,
        per_request=PER_REQUEST,
    )
