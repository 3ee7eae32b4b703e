"""One turn as the gateway sends it (``turn/1``), checked before anything of it is used.

`docs/reference/turn.md` is the contract. Nothing of Rasa here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.untrusted.json_reading import NotJsonError, read_json

LARGEST_TURN = 256 * 1024
"""Bytes of a request: a message of 4,000 characters and 64 kB of state fit several times (turn.md)."""

EVENTS = frozenset({"returned_by_human"})
"""What can happen to a conversation besides a message; each is the name of an intent."""


class BadTurnError(Exception):
    """The request is not a ``turn/1``: a bug of the caller. Its text names the field, and never repeats a value."""


@dataclass(frozen=True)
class Turn:
    """A checked turn; ``text`` is what the pipeline reads: plain text, or a payload (``/intent{…}``) of ours."""

    conversation_id: str
    message_id: str
    channel: str
    locale: str
    shadow: bool
    customer: Mapping[str, Any]
    text: str
    is_payload: bool
    event: Mapping[str, Any] | None
    state: Mapping[str, Any] | None

    @property
    def metadata(self) -> dict[str, Any]:
        """What actions find in ``tracker.latest_message["metadata"]``."""
        return {
            "message_id": self.message_id,
            "conversation_id": self.conversation_id,
            "channel": self.channel,
            "locale": self.locale,
            "customer": dict(self.customer),
            "shadow": self.shadow,
            "event": dict(self.event) if self.event is not None else None,
        }


def neutralised(text: str) -> str:
    """A customer's text, which must never be a command: without leading white space and slashes.

    Rasa strips a message before it looks for a leading slash, and reads ``/intent{…}`` as an intent with entities.
    """
    bare = text.strip()
    while bare.startswith("/"):
        bare = bare[1:].lstrip()
    # A message of slashes alone still is a message; the full-width slash means nothing to Rasa.
    return bare or "\N{FULLWIDTH SOLIDUS}"


def parse_turn(body: bytes) -> Turn:
    """Read a request's body; :class:`BadTurnError` for invalid UTF-8 or JSON, missing or mistyped fields."""
    try:
        data = read_json(body, largest=LARGEST_TURN)
    except NotJsonError as error:
        raise BadTurnError(f"The body cannot be read. {error}") from None
    if not isinstance(data, dict):
        raise BadTurnError("The body is not a JSON object.")
    if data.get("schema") != "turn/1":
        raise BadTurnError('"schema" must be "turn/1".')
    text, is_payload, event = _read_input(_field(data, "input", dict))
    state = data.get("state")
    if state is not None and not (isinstance(state, dict) and state.get("schema") == "dialogue-state/1"):
        raise BadTurnError('"state" must be null or a "dialogue-state/1".')
    return Turn(
        conversation_id=_word(data, "conversation_id"),
        message_id=_word(data, "message_id"),
        channel=_word(data, "channel"),
        locale=_word(data, "locale"),
        shadow=_field(data, "shadow", bool) if "shadow" in data else False,
        customer=_customer(_field(data, "customer", dict)),
        text=text,
        is_payload=is_payload,
        event=event,
        state=state,
    )


def _read_input(data: Mapping[str, Any]) -> tuple[str, bool, Mapping[str, Any] | None]:
    """Return what the pipeline reads, whether it is a payload, and the event."""
    kind = data.get("type")
    if kind == "text":
        # A blank message is a message too: it is not understood, which is an answer.
        return neutralised(_word(data, "text", within="input.", blank=True)), False, None
    if kind == "choice":
        payload = _word(data, "payload", within="input.")
        if not payload.startswith("/"):
            # A button without an intent says its payload in the customer's place.
            return neutralised(payload), False, None
        return payload, True, None
    if kind == "event":
        name = _word(data, "name", within="input.")
        if name not in EVENTS:
            raise BadTurnError('"input.name" is no event that the brain knows.')
        details = data.get("data", {})
        if not isinstance(details, dict):
            raise BadTurnError('"input.data" must be an object.')
        return f"/{name}", True, {"name": name, "data": details}
    raise BadTurnError('"input.type" must be "text", "choice" or "event".')


def _customer(data: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(data.get("id"), str | None):
        raise BadTurnError('"customer.id" must be a string or null.')
    if not isinstance(data.get("name"), str | None):
        raise BadTurnError('"customer.name" must be a string or null.')
    if not isinstance(data.get("verified", False), bool):
        raise BadTurnError('"customer.verified" must be true or false.')
    if not isinstance(data.get("origin"), str | None):
        raise BadTurnError('"customer.origin" must be a string or null.')
    if not isinstance(data.get("attributes", {}), dict):
        raise BadTurnError('"customer.attributes" must be an object.')
    return data


def _field(data: Mapping[str, Any], name: str, kind: type, within: str = "") -> Any:
    value = data.get(name)
    if not isinstance(value, kind):
        raise BadTurnError(f'"{within}{name}" is missing or not of type {kind.__name__}.')
    return value


def _word(data: Mapping[str, Any], name: str, within: str = "", blank: bool = False) -> str:
    value: str = _field(data, name, str, within)
    if not (blank or value.strip()):
        raise BadTurnError(f'"{within}{name}" is empty.')
    if any("\ud800" <= character <= "\udfff" for character in value):
        # JSON may spell half a character pair; nothing behind us can write it down.
        raise BadTurnError(f'"{within}{name}" holds half of a surrogate pair.')
    return value
