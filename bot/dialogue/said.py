"""What a turn says: the messages of a dialogue, turned into replies, citations and a request to hand off."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.contract.reading import MalformedMessageError, checked
from bot.contract.result import MARKDOWN, Citation, Reply
from bot.contract.schemas import CITATION, HANDOFF_REQUEST
from bot.dialogue.one_message import as_one
from bot.dialogue.shown import Line, ours_in, shown_in
from bot.markdown.subset import as_markdown

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
        ours = ours_in(message) or {}
        schema = ours.get("schema")
        if schema == HANDOFF_REQUEST and handoff is None:
            handoff = dict(ours)
        reply = _reply(message, ours if schema == CITATION else None)
        if reply is not None:
            replies.append(reply)
    return Said(as_one(replies), handoff)


def _reply(message: Mapping[str, Any], cited: Mapping[str, Any] | None) -> Reply | None:
    shown = shown_in(message)
    for what in shown.left_out:
        logger.warning("Part of a message was left out of the replies: %s.", what)
    if not shown.lines and not shown.choices:
        return None
    linked = any(line.words and line.address for line in shown.lines)
    if cited is None and not linked:
        return Reply("\n".join(line.words or line.address for line in shown.lines), choices=shown.choices or None)
    # An article's words are Markdown already, and come first.
    words = [_line(line, is_markdown=cited is not None and at == 0) for at, line in enumerate(shown.lines)]
    return Reply(
        text="\n\n".join(words),
        format=MARKDOWN,
        choices=shown.choices or None,
        citation=None if cited is None else _citation(cited),
    )


def _line(line: Line, *, is_markdown: bool) -> str:
    words = line.words if is_markdown else as_markdown(line.words or line.address)
    return f"[{words}](<{line.address}>)" if line.address else words


def _citation(custom: Mapping[str, Any]) -> Citation | None:
    try:
        return checked(custom, Citation)
    except MalformedMessageError as error:
        logger.warning("An action's citation was left out: %s", error)
        return None
