"""A visitor's stream of server-sent events: what is stored, then what happens, until the page or the process goes.

The format is WHATWG's (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi.sse import format_sse_event

from bot.gateway.channels.services import ChannelServices
from bot.gateway.conversations import transcript
from bot.gateway.conversations.formatting import as_told
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Entry
from bot.gateway.platform.database import DatabaseAwayError
from bot.gateway.platform.signals import conversation_topic, typing_topic

# Proxies close a connection that is silent for 30 to 60 seconds.
HEARTBEAT = 15.0
# Entries of one look: a reader who is slow holds them in memory, 32 kB each at most; the rest comes with the next.
PAGE = 20
# The largest number that every database's integer column holds.
LARGEST_SEQ = 2**31 - 1

_COMMENT = b": still here\n\n"


def resume_point(last_event_id: str | None) -> int:
    """Read the number that a page saw last; what is no number is none."""
    text = (last_event_id or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return min(int(text), LARGEST_SEQ)
    return 0


def event_of(entry: Entry, payloads: Payloads) -> bytes:
    """Write one entry as the event that the widget reads."""
    data: dict[str, Any] = {"seq": entry.seq, "at": entry.at.isoformat().replace("+00:00", "Z")}
    if entry.type == "state":
        detail = entry.detail or {}
        data |= {key: detail.get(key) for key in ("owner", "agent_name", "position", "wait", "answer_to")}
        return _event("state", data, entry.seq)
    citation = entry.citation
    data |= {
        "author": entry.author,
        "author_name": entry.author_name,
        "text": entry.text,
        **as_told(entry.detail),
        "choices": payloads.for_customers(entry),
        "citation": citation and {key: citation.get(key) for key in ("title", "heading", "url")},
        "client_seq": entry.client_seq,
        "rating": entry.rating,
    }
    return _event("message", data, entry.seq)


async def visitor_stream(services: ChannelServices, conversation_id: str, after: int) -> AsyncIterator[bytes]:
    """Yield the events of a conversation with a number above ``after``, and go on for as long as somebody reads."""
    authors = {typing_topic(conversation_id, author): author for author in ("bot", "human")}
    loop = asyncio.get_running_loop()
    with services.database.signals.subscribe(conversation_topic(conversation_id), *authors) as subscription:
        # Headers and this go out at once: the page knows that it is connected.
        yield _COMMENT
        spoke_at = loop.time()
        heard: frozenset[str] = frozenset()
        while not services.database.signals.closed:
            try:
                entries = await services.database.read(
                    transcript.entries_after, conversation_id, after, customers_only=True, limit=PAGE
                )
            except DatabaseAwayError:
                # The page connects again, and hears 503 until the database is back.
                return
            for entry in entries:
                yield event_of(entry, services.payloads)
                after = entry.seq
            if not entries:
                for topic in sorted(heard & authors.keys()):
                    yield _event("typing", {"author": authors[topic]}, None)
                    spoke_at = loop.time()
            if entries:
                spoke_at = loop.time()
            if len(entries) == PAGE:
                continue
            if loop.time() - spoke_at >= HEARTBEAT:
                yield _COMMENT
                spoke_at = loop.time()
            heard = await subscription.wait(
                min(services.database.signals.patience, HEARTBEAT - (loop.time() - spoke_at))
            )


def _event(name: str, data: dict[str, Any], seq: int | None) -> bytes:
    # In ASCII: some readers take U+2028 and its like, which JSON leaves as they are, for the end of a line.
    text = json.dumps(data, separators=(",", ":"))
    return format_sse_event(event=name, data_str=text, id=None if seq is None else str(seq))
