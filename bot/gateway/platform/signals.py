"""Wake-ups: who waits for a topic hears at once that something happened there, then looks for itself.

A signal carries no data, so a lost one costs a moment and never a message: everybody who waits also looks again
after a while. Inside a process signals travel over asyncio; on PostgreSQL the database carries them to the other
gateways (:mod:`bot.gateway.platform.listening`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType

from bot.gateway.platform.transaction import Transaction

INBOX = "inbox"
"""A customer's message is waiting for the worker."""
OUTBOX = "outbox"
"""An entry is waiting to be sent on a messaging channel."""
DESK = "desk"
"""Something that an agent at the desk sees has changed: an entry or a ticket."""
TYPING = "typing/"
"""The family of all :func:`typing_topic`: who subscribes to it hears each of them by its own name."""

# How soon a waiter looks again when other processes' signals cannot be heard, and when they can.
DEAF_PATIENCE = 1.0
HEARING_PATIENCE = 5.0


def conversation_topic(conversation_id: str) -> str:
    """Name the topic of new entries in one conversation."""
    return f"conversation/{conversation_id}"


def typing_topic(conversation_id: str, author: str) -> str:
    """Name the topic of ``bot``, ``human`` or ``customer`` writing in one conversation."""
    return f"{TYPING}{conversation_id}/{author}"


def typist(topic: str) -> tuple[str, str] | None:
    """Read such a topic: the conversation's id and who writes; none for another topic."""
    if not topic.startswith(TYPING):
        return None
    conversation_id, _, author = topic.removeprefix(TYPING).partition("/")
    return conversation_id, author


def announce(session: Transaction, topic: str) -> None:
    """Signal a topic when this transaction commits, and not if it does not."""
    session.announced.add(topic)


class Signals:
    """The waiters of one process; used from its event loop only."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[Subscription]] = {}
        self.patience = HEARING_PATIENCE
        self.closed = False
        self.origin = secrets.token_hex(8)
        """Who signals: what comes back from the database need not wake its sender a second time."""

    def wake(self, *topics: str) -> None:
        """Wake everybody in this process who waits for one of these topics."""
        for topic in topics:
            family = topic.partition("/")[0] + "/"
            for name in {topic, family}:
                for subscription in self._waiting.get(name, ()):
                    subscription.hear(topic)

    def wake_all(self) -> None:
        """Wake everybody: signals may have been lost."""
        self.wake(*self._waiting)

    def subscribe(self, *topics: str) -> Subscription:
        """Wait for topics, as a context manager; what is signalled between two waits is not missed."""
        return Subscription(self, topics)

    def close(self) -> None:
        """End all waiting: the process stops."""
        self.closed = True
        self.wake_all()

    def _add(self, subscription: Subscription, topics: Iterable[str]) -> None:
        for topic in topics:
            self._waiting.setdefault(topic, set()).add(subscription)

    def _remove(self, subscription: Subscription, topics: Iterable[str]) -> None:
        for topic in topics:
            waiting = self._waiting.get(topic)
            if waiting is not None:
                waiting.discard(subscription)
                if not waiting:
                    del self._waiting[topic]


class Subscription:
    """One waiter and what it has heard since it last asked."""

    def __init__(self, signals: Signals, topics: tuple[str, ...]) -> None:
        self._signals = signals
        self._topics = topics
        self._heard: set[str] = set()
        self._event = asyncio.Event()

    def __enter__(self) -> Subscription:
        self._signals._add(self, self._topics)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._signals._remove(self, self._topics)

    def hear(self, topic: str) -> None:
        """Note a topic and end the wait."""
        self._heard.add(topic)
        self._event.set()

    async def wait(self, timeout: float | None = None) -> frozenset[str]:
        """Wait for a signal, at most ``timeout`` seconds (or :attr:`Signals.patience`); answers the topics heard.

        Ends at once when the process stops; ask :attr:`Signals.closed`.
        """
        if not self._signals.closed:
            # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes together with the signal.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._signals.patience if timeout is None else timeout):
                    await self._event.wait()
        self._event.clear()
        heard, self._heard = self._heard, set()
        return frozenset(heard)
