"""The columns of FOCUS, the FinOps Open Cost and Usage Specification, that a budget is written in."""

from __future__ import annotations

VERSION = "1.0"
"""Of FOCUS; the newest one that the validator knows."""
VALIDATOR = "focus-validator==1.0.0"
"""The validator of the FinOps Foundation, as it installs."""
VALIDATOR_NEEDS = ("multimethod<2", "pyarrow<20")
"""Versions without which it does not start, though it does not say so."""

MONEY = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
NUMBERS = (*MONEY, "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity")
TEXTS = (
    *("AvailabilityZone", "BillingAccountId", "BillingAccountName", "BillingCurrency"),
    *("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"),
    *("ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency"),
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
    *("CommitmentDiscountStatus", "CommitmentDiscountType"),
    *("ConsumedUnit", "InvoiceIssuerName", "PricingCategory", "PricingUnit", "ProviderName", "PublisherName"),
    *("RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName"),
    *("SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags"),
)
OWN = ("x_forecast", "x_scenario", "x_method", "x_edition", "x_run", "x_department", "x_component", "x_chip")
"""Of our own: that a row is a forecast, how it was computed, and what it belongs to."""
ALSO_CALLED = {
    "ChargeType": "ChargeCategory",
    "InvoiceIssuer": "InvoiceIssuerName",
    "Provider": "ProviderName",
    "Publisher": "PublisherName",
    "ResourceID": "ResourceId",
}
"""Names that the validator's rules ask for, and those of the specification, beside which they stand."""
COLUMNS = (*NUMBERS, *TEXTS, *ALSO_CALLED, *OWN)
