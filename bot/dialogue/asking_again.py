"""How often a question has been missed, and what that calls for: a hint first, then a way on; never the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WAY_ON = 2
"""The miss with which a way on is offered: the question was asked, and asked again with a hint."""


@dataclass(frozen=True)
class Missed:
    """The question that was missed last, and how many times running."""

    slot: str
    times: int

    @property
    def needs_way_on(self) -> bool:
        """Whether a hint has been given already."""
        return self.times >= WAY_ON


def missed_again(before: object, slot: str) -> Missed:
    """Count one more miss; ``before`` is what :func:`as_slot` gave, or anything else for the first."""
    if isinstance(before, Mapping) and before.get("slot") == slot and isinstance(before.get("times"), int):
        return Missed(slot, int(before["times"]) + 1)
    return Missed(slot, 1)


def as_slot(missed: Missed) -> dict[str, Any]:
    """As plain values, to be kept with the conversation."""
    return {"slot": missed.slot, "times": missed.times}
