"""Cloud vendors: what people call them, who asks whom first, and what a commitment saves there."""

from ..equations.parameters import COMMITMENT_DISCOUNT

AWS, AZURE, GOOGLE, LAMBDA = "Amazon Web Services", "Microsoft Azure", "Google Cloud", "Lambda Labs"

ASKED_IN_ORDER = (AWS, AZURE, GOOGLE, LAMBDA)
"""Vendors asked for a price, after that of the organization."""

ONLY_VENDOR = {"TPU": GOOGLE}
"""Kinds of chip that one vendor alone rents out."""

FIRST_VENDORS = (AWS, AZURE, GOOGLE)
"""Vendors that an organization can ask first; where several of its words count, the last of them."""

ORGANIZATION_WORDS = {
    # word: (vendor asked first, whether a hyperscaler)
    "Google": (GOOGLE, True),
    "DeepMind": (GOOGLE, True),
    "Microsoft": (AZURE, True),
    "OpenAI": (AZURE, False),
    "Amazon": (AWS, True),
    "Meta": (AWS, True),
    "Facebook": (AWS, True),
}

ALIASES = {
    "aws": AWS,
    "amazon": AWS,
    "azure": AZURE,
    "microsoft": AZURE,
    "google": GOOGLE,
    "gcp": GOOGLE,
    "lambda": LAMBDA,
}

PRICE_BOOK = "your price book"
"""What the user's own prices are called."""

COMMITMENTS = ("on_demand", "1y", "3y")
"""Shortest first. Where a price at one is missing, that of the next shorter one is scaled."""

SOURCINGS = {"own": "3y", "cloud_on_demand": "on_demand", "cloud_1y": "1y", "cloud_3y": "3y"}
"""Commitment at which the cloud is priced, by how a run is sourced."""

TERM_YEARS = {"cloud_1y": 1.0, "cloud_3y": 3.0}
"""Years that a commitment runs, by how a run is sourced."""


def discount_group(vendor):
    """The vendor's own discounts where they are known, else "other"."""
    return vendor if vendor in COMMITMENT_DISCOUNT else "other"
