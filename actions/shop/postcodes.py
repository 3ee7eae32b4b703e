"""British postcodes: their one way of writing, and the area that a technician's round covers."""

from __future__ import annotations

import re

# The outward and inward part as Royal Mail's Programmer's Guide describes them, without the few
# non-geographic special cases that no appliance was ever delivered to.
_SHAPE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")


def canonical(text: str) -> str | None:
    """``LS6 2AB`` for ``ls62ab``, ``None`` when it is no postcode."""
    match = _SHAPE.fullmatch(text.strip().upper())
    return f"{match[1]} {match[2]}" if match else None


def area(postcode: str) -> str:
    """The letters that it begins with: ``LS`` for ``LS6 2AB``."""
    letters = re.match(r"[A-Za-z]+", postcode)
    return letters[0].upper() if letters else ""
