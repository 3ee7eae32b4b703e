"""Forms that wait while another wish is dealt with: the answers that each has, the last one left on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_PARKED = 3
"""There are three forms in most companies; who has left more than that half done has forgotten the first."""


@dataclass(frozen=True)
class Parked:
    """A form that waits, and the answers that it had."""

    form: str
    slots: Mapping[str, Any]


def read_parked(kept: object) -> tuple[Parked, ...]:
    """The forms that wait, the last first, from what :func:`as_slot` gave; anything else is none."""
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return ()
    return tuple(
        Parked(one["form"], one["slots"])
        for one in kept
        if isinstance(one, Mapping) and isinstance(one.get("form"), str) and isinstance(one.get("slots"), Mapping)
    )


def as_slot(parked: Sequence[Parked]) -> list[dict[str, Any]] | None:
    """As plain values, to be kept with the conversation; ``None`` when nothing waits."""
    return [{"form": one.form, "slots": dict(one.slots)} for one in parked] or None


def park(waiting: Sequence[Parked], left: Parked, opened: str) -> tuple[Parked, ...]:
    """Put a form on top because another was opened; a form waits once, and never while it is open."""
    others = without(without(waiting, left.form), opened)
    return (left, *others)[:MOST_PARKED]


def without(waiting: Sequence[Parked], form: str) -> tuple[Parked, ...]:
    """The forms that still wait when one is open again, or given up."""
    return tuple(one for one in waiting if one.form != form)
