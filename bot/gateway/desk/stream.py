"""The desk's stream of server-sent events: tickets and their conversations' entries, resumable by the entries' ids.

Every change of a ticket writes a state entry, so that the entries' ids, which count over all conversations in the
order of their commits, number both kinds of events.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi.sse import format_sse_event
from sqlalchemy import func, select

from bot.gateway.channels.streaming import HEARTBEAT
from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import sign_in, views
from bot.gateway.desk.services import DeskServices
from bot.gateway.platform.database import DatabaseAwayError
from bot.gateway.platform.signals import DESK, TYPING, Subscription, typist
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import presence
from bot.gateway.tickets.presence import BEAT_EVERY

# Entries of one look; the rest comes with the next, at once.
PAGE = 200
# Sending lasts seconds; entries whose delivery is watched for its end beyond that are shown anew on the next load.
MOST_WATCHED = 500

# A line that broke comes back within seconds, a computer that slept within minutes; who was away longer loads anew.
RESUMED_WITHIN = timedelta(minutes=15)
MOST_RESUMED = 1000

_COMMENT = b": still here\n\n"


@dataclass(frozen=True)
class NewEvents:
    """What one look at the database found."""

    events: tuple[tuple[str, dict[str, Any], int], ...]
    """Name, data and number; the last of an entry carries its number, those before it the number before."""
    last_id: int
    full: bool
    unsent: frozenset[int]
    """Entries that are still on their way to the customer."""
    delivered: frozenset[int]


def latest(session: Transaction) -> int:
    """The newest entry's number."""
    return session.scalar(select(func.max(Entry.id))) or 0


def start(session: Transaction, asked: int | None, now: datetime) -> int:
    """The number from which a stream goes on: what was asked for, moved up to what may still be sent again.

    Without a number it is the newest: a page has just loaded its lists. A page loads them again whenever its line comes
    back, so that it misses nothing by being moved up; the history of all customers is not what a stream is for.
    """
    newest = latest(session)
    if asked is None or asked >= newest:
        return newest
    earliest = max(asked, newest - MOST_RESUMED)
    too_old = select(func.max(Entry.id)).where(Entry.id > earliest, Entry.at < now - RESUMED_WITHIN)
    return max(earliest, session.scalar(too_old) or 0)


def look(session: Transaction, after: int, watched: frozenset[int], token: str, now: datetime) -> NewEvents | None:
    """What is new above ``after``, and which watched deliveries ended; none when the session is over."""
    if sign_in.who(session, token, now) is None:
        return None
    rows = list(session.scalars(select(Entry).where(Entry.id > after).order_by(Entry.id).limit(PAGE)))
    ended = views.changed_deliveries(session, watched) if watched else []
    tickets = views.tickets_of(session, {entry.conversation_id for entry in [*rows, *ended]})
    events: list[tuple[str, dict[str, Any], int]] = []
    unsent = set()
    told: set[str] = set()
    last_id = after
    for entry, shown in zip(rows, views.entries(session, rows), strict=True):
        ticket_id = tickets.get(entry.conversation_id)
        if ticket_id is not None:
            # A notice tells of a change, too: an address that was left, a time that was picked.
            changed = entry.type == "state" or (entry.type == "message" and entry.author == "system")
            if changed and ticket_id not in told:
                told.add(ticket_id)
                # Lost between the two, the connection resumes before both.
                events.append(("ticket", views.ticket(session, ticket_id, now) or {}, last_id))
            events.append(("entry", {"ticket_id": ticket_id, **shown}, entry.id))
            if shown["delivery"] == "waiting":
                unsent.add(entry.id)
        last_id = entry.id
    for entry, shown in zip(ended, views.entries(session, ended), strict=True):
        events.append(("entry", {"ticket_id": tickets.get(entry.conversation_id), **shown}, last_id))
    return NewEvents(tuple(events), last_id, len(rows) == PAGE, frozenset(unsent), frozenset(one.id for one in ended))


async def desk_stream(services: DeskServices, token: str, agent_id: str, after: int) -> AsyncIterator[bytes]:
    """Yield what happens after the entry ``after``, for as long as somebody reads and is signed in.

    That somebody reads is the sign of life by which the queue knows who is at work.
    """
    loop = asyncio.get_running_loop()
    watched: frozenset[int] = frozenset()
    with services.database.signals.subscribe(DESK, TYPING) as subscription:
        yield _COMMENT
        spoke_at = loop.time()
        looked_at = beat_at = float("-inf")
        heard: frozenset[str] = frozenset()
        while not services.database.signals.closed:
            for topic in sorted(heard):
                writes = typist(topic)
                if writes is not None:
                    yield _event("typing", {"conversation_id": writes[0], "author": writes[1]})
                    spoke_at = loop.time()
            # Somebody's fingers are no reason to ask the database, but other signals may have been lost meanwhile.
            just_looked = loop.time() - looked_at < services.database.signals.patience
            if heard and just_looked and all(typist(topic) for topic in heard):
                heard = await _wait(subscription, services, spoke_at)
                continue
            try:
                found = await services.database.read(look, after, watched, token, services.clock())
            except DatabaseAwayError:
                return
            if found is None:
                return
            looked_at = loop.time()
            if looked_at - beat_at >= BEAT_EVERY.total_seconds():
                beat_at = looked_at
                await _beat(services, agent_id)
            for name, data, number in found.events:
                yield _event(name, data, number)
                spoke_at = loop.time()
            after = found.last_id
            watched = frozenset(sorted((watched - found.delivered) | found.unsent)[-MOST_WATCHED:])
            if found.full:
                heard = frozenset()
                continue
            if loop.time() - spoke_at >= HEARTBEAT:
                yield _COMMENT
                spoke_at = loop.time()
            heard = await _wait(subscription, services, spoke_at)


async def _beat(services: DeskServices, agent_id: str) -> None:
    with suppress(DatabaseAwayError):
        await services.database.run(presence.beat, agent_id, services.clock())


async def _wait(subscription: Subscription, services: DeskServices, spoke_at: float) -> frozenset[str]:
    left = HEARTBEAT - (asyncio.get_running_loop().time() - spoke_at)
    return await subscription.wait(min(services.database.signals.patience, max(0.0, left)))


def _event(name: str, data: dict[str, Any], number: int | None = None) -> bytes:
    # In ASCII: some readers take U+2028 and its like, which JSON leaves as they are, for the end of a line.
    text = json.dumps(data, separators=(",", ":"))
    return format_sse_event(event=name, data_str=text, id=None if number is None else str(number))
