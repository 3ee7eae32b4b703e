"""Larkfield's range and the areas that its technicians drive to: what never changes while the shop runs."""

from __future__ import annotations

from actions.shop.model import Product

PRODUCTS = (
    Product("Tern 45", "dishwasher", 32900),
    Product("Tern 60", "dishwasher", 41900),
    Product("Heron 7", "washing machine", 37900),
    Product("Heron 9", "washing machine", 46900),
    Product("Kestrel", "oven", 34900),
    Product("Kestrel Duo", "oven", 58900),
    Product("Snipe 140", "fridge", 28900),
    Product("Snipe 180", "fridge", 44900),
    Product("Swift 8", "tumble dryer", 39900),
    Product("Plover 4", "hob", 24900),
)

# Postcode areas around the technicians' depots in Leeds, Manchester, Sheffield and York.
TECHNICIAN_AREAS = ("BD", "HD", "HG", "HX", "LS", "M", "OL", "S", "SK", "WF", "YO")

STORES = ("Leeds", "Manchester", "Sheffield", "York")
"""Those near the technicians' areas, where the demonstration's customers live; the articles name two more."""
