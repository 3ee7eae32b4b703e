"""Limits on open connections, for each address and in all; clients that keep the server waiting are dropped first."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from bot.gateway.platform.client_address import counted_as
from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.proxies import TrustedProxies, address_of

log = logging.getLogger(__name__)

# Refused connections that may stay for a moment, so that their clients can read why.
MOST_LINGERING = 64
# Between two lines of the log about refused connections, in seconds.
_TELL_EVERY = 60.0


class Held(Protocol):
    """One open connection."""

    @property
    def peer(self) -> str:
        """The address at its other end."""

    def drop(self) -> None:
        """End it at once, without a word."""


class Guard:
    """Counts the open connections of one process, and knows which of them wait for their client to act.

    A connection waits while its request is unfinished or none has begun. When a bound is met, one of those is dropped
    for the newcomer: the oldest of the address that has most of them, so that a crowd pushes out its own.
    """

    def __init__(
        self,
        limits: Connections,
        trusted: TrustedProxies,
        most: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._trusted = trusted
        self._most = limits.at_once if most is None else most
        self._clock = clock
        self._open: dict[Held, str] = {}
        self._of_address: Counter[str] = Counter()
        # In each the one that waits longest stands first.
        self._waiting: dict[str, dict[Held, None]] = {}
        self._lingering = 0
        self._told_at = float("-inf")
        self._refused = 0

    def __len__(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def enter(self, connection: Held) -> int:
        """Let a new connection in, which waits for its client: 0, else the HTTP status that refuses it."""
        address = address_of(connection.peer)
        # Behind a proxy are many visitors: of them only all together are bounded here.
        name = "" if self._trusted.trusts(address) else counted_as(connection.peer)
        if name and self._of_address[name] >= self.limits.per_address and not self._make_room(name):
            self._tell()
            return 429
        if len(self._open) >= self._most and not self._make_room(self._crowd()):
            self._tell()
            return 503
        self._open[connection] = name
        self._of_address[name] += 1
        self.waits(connection)
        return 0

    def leave(self, connection: Held) -> None:
        """Forget a connection; one that is not counted is none."""
        self.works(connection)
        name = self._open.pop(connection, None)
        if name is not None:
            self._of_address[name] -= 1
            if not self._of_address[name]:
                del self._of_address[name]

    def waits(self, connection: Held) -> None:
        """Note that its client must act now; who waited already is as old as before."""
        name = self._open.get(connection)
        if name is not None:
            self._waiting.setdefault(name, {}).setdefault(connection)

    def works(self, connection: Held) -> None:
        """Note that its request is whole: it is not dropped for another."""
        name = self._open.get(connection)
        waiting = None if name is None else self._waiting.get(name)
        if name is not None and waiting is not None:
            waiting.pop(connection, None)
            if not waiting:
                del self._waiting[name]

    def may_linger(self) -> bool:
        """Take one of the places of those that are told why they are refused; :meth:`lingered` gives it back."""
        if self._lingering >= MOST_LINGERING:
            return False
        self._lingering += 1
        return True

    def lingered(self) -> None:
        """Give such a place back."""
        self._lingering -= 1

    def _crowd(self) -> str:
        return max(self._waiting, key=lambda name: len(self._waiting[name]), default="")

    def _make_room(self, name: str) -> bool:
        waiting = self._waiting.get(name)
        if not waiting:
            return False
        oldest = next(iter(waiting))
        self.leave(oldest)
        oldest.drop()
        self._tell()
        return True

    def _tell(self) -> None:
        self._refused += 1
        now = self._clock()
        if now - self._told_at >= _TELL_EVERY:
            self._told_at = now
            log.warning(
                "Too many connections: %d are open, %d were refused or dropped since the last line like this one. "
                "The limits are under connections in channels.yml.",
                len(self._open),
                self._refused,
            )
            self._refused = 0
