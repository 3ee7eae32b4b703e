"""A turn as the pipeline reads it: what the gateway sent (`bot.contract.turn`), with nothing that could be a command.

Nothing of Rasa here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.contract import schemas
from bot.contract.reading import MalformedMessageError, checked, json_object
from bot.contract.turn import LARGEST_TURN, ChoiceInput, EventInput, Input, ReminderInput, TextInput, Turn


class BadTurnError(Exception):
    """The request is not a ``turn/1``: a bug of the caller. Its text names the field, and never repeats a value."""


@dataclass(frozen=True)
class TurnToTake:
    """A checked turn; ``text`` is what the pipeline reads: plain text, or a payload (``/intent{…}``) of ours."""

    sent: Turn
    customer: Mapping[str, Any]
    """As it came, with what a newer gateway may know: it is for the actions, and nobody here reads it."""
    text: str
    is_payload: bool

    @property
    def metadata(self) -> dict[str, Any]:
        """What actions find in ``tracker.latest_message["metadata"]``."""
        return {
            "message_id": self.sent.message_id,
            "conversation_id": self.sent.conversation_id,
            "channel": self.sent.channel,
            "locale": self.sent.locale,
            "customer": dict(self.customer),
            "shadow": self.sent.shadow,
            "event": _event(self.sent.input),
        }


def _event(given: Input) -> dict[str, Any] | None:
    match given:
        case EventInput(name=name, data=data):
            return {"name": name, "data": data}
        case ReminderInput(name=name):
            return {"name": "reminder", "data": {"name": name}}
        case _:
            return None


def neutralised(text: str) -> str:
    """A customer's text, which must never be a command: without leading white space and slashes.

    Rasa strips a message before it looks for a leading slash, and reads ``/intent{…}`` as an intent with entities.
    """
    bare = text.strip()
    while bare.startswith("/"):
        bare = bare[1:].lstrip()
    # A message of slashes alone still is a message; the full-width slash means nothing to Rasa.
    return bare or "\N{FULLWIDTH SOLIDUS}"


def parse_turn(body: bytes) -> TurnToTake:
    """Read a request's body; :class:`BadTurnError` for invalid UTF-8 or JSON, missing or mistyped fields."""
    try:
        data = json_object(body, largest=LARGEST_TURN)
        sent = checked(data, Turn)
    except MalformedMessageError as error:
        raise BadTurnError(str(error)) from None
    # The gateway keeps a state as it came; whether it is one of ours is for the brain alone to say.
    if sent.state is not None and sent.state.get("schema") != schemas.DIALOGUE_STATE:
        raise BadTurnError(f'"state" must be null or a "{schemas.DIALOGUE_STATE}".')
    text, is_payload = _read_by_pipeline(sent.input)
    return TurnToTake(sent, data["customer"], text, is_payload)


def _read_by_pipeline(given: Input) -> tuple[str, bool]:
    """Return what the pipeline reads, and whether it is a payload."""
    match given:
        case TextInput(text=text):
            # A blank message is a message too: it is not understood, which is an answer.
            return neutralised(text), False
        case ChoiceInput(payload=payload) if not payload.startswith("/"):
            # A button without an intent says its payload in the customer's place.
            return neutralised(payload), False
        case ChoiceInput(payload=payload):
            return payload, True
        case EventInput(name=name) | ReminderInput(intent=name):
            return f"/{name}", True
