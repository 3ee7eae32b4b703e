"""What a turn says: the messages of a dialogue, turned into replies, citations and a request to hand off."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)

CITATION = "citation/1"
HANDOFF = "handoff-request/1"
MARKDOWN = "markdown"
"""What a reply's ``format`` says of an article's words; other replies have none and are plain."""


@dataclass(frozen=True)
class Said:
    """What the turn says, as the gateway wants it."""

    replies: tuple[dict[str, Any], ...]
    handoff: dict[str, Any] | None


def said_in(messages: Sequence[Mapping[str, Any]]) -> Said:
    """Sort messages into replies and the (first) request to hand off."""
    replies = []
    handoff = None
    for message in messages:
        custom = message.get("custom") or {}
        schema = custom.get("schema") if isinstance(custom, Mapping) else None
        if schema == HANDOFF and handoff is None:
            handoff = dict(custom)
        elif custom and schema not in (HANDOFF, CITATION):
            logger.warning("A message with an unknown custom part was left out of the replies.")
        reply = _reply(message)
        if schema == CITATION and reply is not None:
            reply["format"] = MARKDOWN
            reply["citation"] = {key: custom.get(key) for key in ("article", "title", "heading", "url")}
        if reply is not None:
            replies.append(reply)
    return Said(tuple(replies), handoff)


def _reply(message: Mapping[str, Any]) -> dict[str, Any] | None:
    # Channels show what they can of a link; pictures and files have no field of their own yet.
    parts = [message.get("text"), message.get("image"), message.get("attachment")]
    text = "\n".join(part for part in parts if isinstance(part, str) and part.strip())
    buttons = message.get("buttons") or message.get("quick_replies") or []
    choices = [{"title": button.get("title", ""), "payload": button.get("payload", "")} for button in buttons]
    if not text and not choices:
        return None
    reply: dict[str, Any] = {"text": text}
    if choices:
        reply["choices"] = choices
    return reply
