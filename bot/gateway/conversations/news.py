"""What is new in conversations that the bot does not have: read once, for everything that reacts to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Literal

from sqlalchemy import func, select

from bot.gateway.conversations import owner
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.signals import DESK, Signals, Subscription
from bot.gateway.platform.transaction import Transaction

Side = Literal["queue", "human"]
"""Who has a conversation that the bot does not have."""

# Entries of one look; the rest comes with the next.
_PAGE = 500
# The desk is signalled three times a turn: one look after the turn is enough, and the customer's answer goes first.
_BEHIND = 0.15


def latest(session: Transaction) -> int:
    """The newest entry's number."""
    return session.scalar(select(func.max(Entry.id))) or 0


def since(session: Transaction, after: int) -> tuple[list[tuple[str, str]], int]:
    """The conversations that the bot does not have, with something new above the entry ``after``, oldest first.

    New is what a customer wrote, or another owner. Answers ``(conversation, owner)`` and the newest entry looked at.
    """
    rows = session.execute(
        select(Entry.id, Entry.conversation_id, Entry.type, Entry.author, Conversation.owner)
        .join(Conversation, Conversation.id == Entry.conversation_id)
        .where(Entry.id > after)
        .order_by(Entry.id)
        .limit(_PAGE)
    ).all()
    found = (
        (row.conversation_id, row.owner)
        for row in rows
        if row.owner != owner.BOT and (row.type == "state" or (row.type == "message" and row.author == "customer"))
    )
    return list(dict.fromkeys(found)), rows[-1].id if rows else after


class Feed:
    """The conversations of one side that have something new, each once, until they are taken."""

    def __init__(self, signals: Signals, side: Side) -> None:
        self._signals = signals
        self._topic = f"news/{side}"
        self._found: dict[str, None] = {}
        self.is_read = asyncio.Event()
        """Set once what is written from then on will come here."""

    def put(self, conversations: Iterable[str]) -> None:
        """Add some, and wake whoever listens."""
        self._found.update(dict.fromkeys(conversations))
        self._signals.wake(self._topic)

    def take(self) -> list[str]:
        """Take all, in the order in which they came."""
        found, self._found = list(self._found), {}
        return found

    def listen(self) -> Subscription:
        """Wait for more, as a context manager."""
        return self._signals.subscribe(self._topic)


class NewsReader:
    """Reads what is new whenever the desk is signalled, and hands it to the feeds; ``run`` goes on until cancelled."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._after: int | None = None
        self.feeds: Mapping[Side, Feed] = {
            "queue": Feed(database.signals, "queue"),
            "human": Feed(database.signals, "human"),
        }

    async def run(self) -> None:
        """Read from now on; what came before, who reacts to it looks for at its own start."""
        signals = self._database.signals
        with signals.subscribe(DESK) as desk:
            while not signals.closed:
                found: list[tuple[str, str]] = []
                with suppress(DatabaseAwayError):
                    if self._after is None:
                        self._after = await self._database.read(latest)
                        for feed in self.feeds.values():
                            feed.is_read.set()
                    found, self._after = await self._database.read(since, self._after)
                    for side, feed in self.feeds.items():
                        theirs = [name for name, whose in found if owner.kind(whose) == side]
                        if theirs:
                            feed.put(theirs)
                if not found:
                    await desk.wait()
                    await asyncio.sleep(_BEHIND)
