"""How often a question went unanswered, and what to say then: first a hint, then a way on, in new words each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WAY_ON = 2
"""The miss with which a way on is offered: the question was asked, and asked again with a hint."""


@dataclass(frozen=True)
class Missed:
    """The question that went unanswered last, and how many times running."""

    slot: str
    times: int
    said: str = ""
    """The complaint that was made of the answer, as it read."""

    @property
    def needs_way_on(self) -> bool:
        """Whether a hint has been given already."""
        return self.times >= WAY_ON

    @property
    def way_on_in_other_words(self) -> bool:
        """Whether the way on was offered the last time: two ways of saying it take turns."""
        return self.needs_way_on and (self.times - WAY_ON) % 2 == 1

    def repeats(self, said: str) -> bool:
        """Whether a complaint would read as the one before."""
        return bool(said) and said == self.said


def missed_again(before: object, slot: str) -> Missed:
    """Count one more miss; ``before`` is what :func:`as_slot` gave, or anything else for the first.

    What was said the last time is kept, to be held against what would be said now.
    """
    if isinstance(before, Mapping) and before.get("slot") == slot and isinstance(before.get("times"), int):
        return Missed(slot, int(before["times"]) + 1, str(before.get("said") or ""))
    return Missed(slot, 1)


def as_slot(missed: Missed) -> dict[str, Any]:
    """As plain values, to be kept with the conversation."""
    return {"slot": missed.slot, "times": missed.times, **({"said": missed.said} if missed.said else {})}
