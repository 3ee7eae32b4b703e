"""Kinds of values that mean the same in every company, whatever the entities are called that hold them.

An entity named like a kind is of that kind; for another name config.yml says which it is (``kinds: {zip: postcode}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DATE: Final = "date"
TIME: Final = "time"
PHONE: Final = "phone"
EMAIL: Final = "email"
POSTCODE: Final = "postcode"

KINDS: Final = (DATE, TIME, PHONE, EMAIL, POSTCODE)
MOMENTS: Final = frozenset({DATE, TIME})
READ_BY_RULES: Final = frozenset({DATE, TIME, PHONE})
"""What is found without a word of a trainer, and so belongs to one entity."""

KIND: Final = "kind"
"""The key on an entity of a message that says its kind, where its name does not."""


def kind_of(name: str, kinds: Mapping[str, str]) -> str:
    """The kind of an entity; empty where it is the company's own. ``kinds`` are those that the company names.

    A name is free for anything once another entity has its kind.
    """
    if name in kinds:
        return kinds[name]
    return name if name in KINDS and name not in kinds.values() else ""


def kind_in(entity: Mapping[str, Any]) -> str:
    """The kind of an entity as it stands on a message."""
    return str(entity.get(KIND) or entity.get("entity") or "")
