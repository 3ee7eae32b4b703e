"""How a package stays within 64 kB: texts and lists are cut where they are least missed, and the cut is said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

# What most webhook receivers take without asking; every desk adapter flattens from it to its own limit.
LARGEST_PACKAGE = 64 * 1024

ELLIPSIS = "…"


def size(value: Any) -> int:
    """Bytes of a JSON value as UTF-8 without spaces, the way it travels."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def storable(text: str) -> str:
    """A text that every database and every UTF-8 reader takes: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def storable_value(value: Any) -> Any:
    """A JSON value in which every text, names included, is :func:`storable`."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): storable_value(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_value(item) for item in value]
    return value


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters of a storable text, with an ellipsis where something was cut."""
    text = storable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def first_that_fit(items: Iterable[T], most: int) -> list[T]:
    """The leading items whose JSON, commas included, takes at most ``most`` bytes."""
    kept: list[T] = []
    for item in items:
        most -= size(item) + 1
        if most < 0:
            break
        kept.append(item)
    return kept


def entries_that_fit(values: Mapping[str, Any], most: int) -> dict[str, Any]:
    """The leading names of an object with their values, as far as they take at most ``most`` bytes."""
    return dict(first_that_fit(values.items(), most))
