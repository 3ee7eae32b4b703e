"""What was agreed in a conversation, kept so that it can be said again, and changed by a correction right after it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.dialogue.corrections import takes_back

CAN_BE_CORRECTED = 86400
"""Seconds: who comes back after a day says what they are talking about."""
MOST_KEPT = 3
"""Agreements of one conversation; the latest are asked about."""


_ANOTHER = re.compile(
    r"\b(?:another|others?|second|2nd|third|one more|additional|extra|more|also|as well|too|new|different|both|again)\b"
)
"""Words by which a wish is for more than what was done."""


@dataclass(frozen=True)
class Changes:
    """How something that was done is changed."""

    response: str
    """The response of the domain that says how; its gaps are those of the agreement."""
    entities: tuple[str, ...]
    """What a customer would change it by: a day, a postcode."""


@dataclass(frozen=True)
class Agreement:
    """Something that was booked, registered or told: a response of the domain and the values of its gaps."""

    response: str
    values: Mapping[str, Any]
    changes: Changes | None = None
    """None for what was only told."""
    at: float = 0.0
    """When, in seconds since 1970."""
    wish: str = ""
    """The intent that it fulfilled: who wishes the same again hears that it stands."""
    of: Mapping[str, str] = field(default_factory=dict)
    """By which values it is this one and no other, by their entities: a visit for the oven is none for the hob."""


def read_agreements(kept: object) -> tuple[Agreement, ...]:
    """What a slot keeps, the latest first; what is none of ours is left out."""
    found = (_read(one) for one in (kept if isinstance(kept, list) else ()))
    return tuple(one for one in found if one is not None)


def with_agreement(kept: object, new: Agreement) -> list[dict[str, Any]]:
    """What the slot keeps from now on, as plain values; what was told again takes the place of its earlier self."""
    others = [one for one in read_agreements(kept) if (one.response, one.values) != (new.response, new.values)]
    return [asdict(one) for one in (new, *others)[:MOST_KEPT]]


def last_done(kept: object, now: float) -> Agreement | None:
    """The latest that was done and can be changed, while "it" still means it."""
    done = next((one for one in read_agreements(kept) if one.changes is not None), None)
    return done if done is not None and now - done.at <= CAN_BE_CORRECTED else None


def corrects(kept: object, text: str, entities: Collection[str], now: float) -> bool:
    """Whether a message wants what was done changed: "sorry, can we change that to Thursday?"."""
    done = last_done(kept, now)
    if done is None or done.changes is None:
        return False
    return not set(done.changes.entities).isdisjoint(entities) and takes_back(text)


def wished_again(kept: object, text: str, values: Iterable[tuple[str, str]], now: float) -> str:
    """The intent of what was done, where a message that wishes it would wish the same again; else an empty text.

    ``values`` are those of the message, each with its entity. Another appliance, another day or "one more" is another
    wish; "ok, book it" after the booking is none.
    """
    done = last_done(kept, now)
    if done is None or not done.wish or _ANOTHER.search(text.lower()):
        return ""
    others = any(name in done.of and value.lower() != done.of[name].lower() for name, value in values)
    return "" if others else done.wish


def _read(one: object) -> Agreement | None:
    if not isinstance(one, Mapping) or not one.get("response") or not isinstance(one.get("values"), Mapping):
        return None
    changes, at, of = one.get("changes"), one.get("at"), one.get("of")
    return Agreement(
        str(one["response"]),
        one["values"],
        _changes(changes) if isinstance(changes, Mapping) else None,
        float(at) if isinstance(at, (int, float)) else 0.0,
        str(one.get("wish") or ""),
        {str(name): str(value) for name, value in of.items()} if isinstance(of, Mapping) else {},
    )


def _changes(written: Mapping[str, Any]) -> Changes | None:
    entities: Sequence[Any] = written.get("entities") or ()
    return Changes(str(written["response"]), tuple(map(str, entities))) if written.get("response") else None
