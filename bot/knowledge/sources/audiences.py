"""Who may read what: everybody the public articles, a customer those of their segments too, colleagues all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.knowledge.sources.fields import INTERNAL, PUBLIC, is_audience

SEGMENTS = "segments"
"""The customer's attribute that names their segments: a list of words, or one word."""
# A company has a handful; more are somebody's mistake, and each combination costs memory.
_MOST_SEGMENTS = 8


def readers_of(customer: Mapping[str, Any] | None, everybody: Collection[str] = (PUBLIC,)) -> frozenset[str]:
    """Return the audiences of a customer, as in ``turn/1``; whatever the attributes say, internal is not among them."""
    attributes = (customer or {}).get("attributes")
    named = attributes.get(SEGMENTS) if isinstance(attributes, Mapping) else None
    words = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    segments = [word for word in words if isinstance(word, str) and is_audience(word)]
    return frozenset([*everybody, *segments[:_MOST_SEGMENTS]]) - {INTERNAL}


def may_read(audience: Collection[str], readers: Collection[str]) -> bool:
    """Tell whether something for an audience is for one of these readers."""
    return not set(readers).isdisjoint(audience)
