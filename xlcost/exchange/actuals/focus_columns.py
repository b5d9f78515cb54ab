"""The columns of FOCUS, the FinOps Open Cost and Usage Specification, that a budget is written in."""

from __future__ import annotations

VERSION = "1.2"
"""Of FOCUS; the newest one that the validator brings the rules of."""

COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
IN_PRICING_CURRENCY = {
    "PricingCurrencyContractedUnitPrice": "ContractedUnitPrice",
    "PricingCurrencyEffectiveCost": "EffectiveCost",
    "PricingCurrencyListUnitPrice": "ListUnitPrice",
}
"""Amounts in the currency of the price list, which is the budget's, and those that they repeat."""
NUMBERS = (
    *COSTS,
    *("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity", "CommitmentDiscountQuantity"),
    *IN_PRICING_CURRENCY,
)
TEXTS = (
    *("AvailabilityZone", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency"),
    *("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"),
    *("CapacityReservationId", "CapacityReservationStatus"),
    *("ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency"),
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
    *("CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit"),
    *("ConsumedUnit", "InvoiceId", "InvoiceIssuerName", "PricingCategory", "PricingCurrency", "PricingUnit"),
    *("ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType"),
    *("ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId"),
    *("SubAccountId", "SubAccountName", "SubAccountType", "Tags"),
)
OWN = ("x_forecast", "x_scenario", "x_method", "x_edition", "x_run", "x_department", "x_component", "x_chip")
"""Of our own: that a row is a forecast, how it was computed, and what it belongs to."""
COLUMNS = (*NUMBERS, *TEXTS, *OWN)
