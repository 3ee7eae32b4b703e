"""What a turn says: the messages of a dialogue, turned into replies, citations and a request to hand off."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.contract.reading import MalformedMessageError, checked
from bot.contract.result import MARKDOWN, Choice, Citation, Reply
from bot.contract.schemas import CITATION, HANDOFF_REQUEST
from bot.dialogue.one_message import as_one

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """What the turn says, as the gateway wants it."""

    replies: tuple[Reply, ...]
    handoff: dict[str, Any] | None


def said_in(messages: Sequence[Mapping[str, Any]]) -> Said:
    """Sort messages into replies and the (first) request to hand off."""
    replies = []
    handoff = None
    for message in messages:
        custom = message.get("custom") or {}
        schema = custom.get("schema") if isinstance(custom, Mapping) else None
        if schema == HANDOFF_REQUEST and handoff is None:
            handoff = dict(custom)
        elif custom and schema not in (HANDOFF_REQUEST, CITATION):
            logger.warning("A message with an unknown custom part was left out of the replies.")
        reply = _reply(message, custom if schema == CITATION else None)
        if reply is not None:
            replies.append(reply)
    return Said(as_one(replies), handoff)


def _reply(message: Mapping[str, Any], cited: Mapping[str, Any] | None) -> Reply | None:
    # Channels show what they can of a link; pictures and files have no field of their own yet.
    parts = [message.get("text"), message.get("image"), message.get("attachment")]
    text = "\n".join(part for part in parts if isinstance(part, str) and part.strip())
    buttons = message.get("buttons") or message.get("quick_replies") or []
    # A title that YAML reads as a number is words to a customer all the same.
    choices = [Choice(_words(button.get("title")), _words(button.get("payload"))) for button in buttons]
    if not text and not choices:
        return None
    return Reply(
        text=text,
        format=None if cited is None else MARKDOWN,
        choices=choices or None,
        citation=None if cited is None else _citation(cited),
    )


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _citation(custom: Mapping[str, Any]) -> Citation | None:
    try:
        return checked(custom, Citation)
    except MalformedMessageError as error:
        logger.warning("An action's citation was left out: %s", error)
        return None
