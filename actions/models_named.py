"""Models by the first word of their names, as customers say them: "my Plover" for the Plover 4."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.shop.model import Product

_STREETS = "road|rd|street|st|close|way|avenue|ave|drive|lane|court|gardens|house|crescent|grove|place|mews|walk"
""" "5 Heron Close" is where somebody lives."""


def product_by_first_word(text: str, products: Iterable[Product]) -> str | None:
    """The model that a message names, or the kind where several of one kind have that word; None for any other.

    The word stands with a capital or behind "my": "a swift visit" names no dryer.
    """
    named = [product for product in products if _names(text, product.model.split()[0])]
    if len(named) == 1:
        return named[0].model.lower()
    kinds = {product.kind for product in named}
    return kinds.pop() if len(kinds) == 1 else None


def _names(text: str, word: str) -> bool:
    alone = rf"{re.escape(word)}\b(?! (?i:{_STREETS})\b)"
    return re.search(rf"\b{alone}", text) is not None or re.search(rf"\b(?:my|our) {alone}", text, re.I) is not None
