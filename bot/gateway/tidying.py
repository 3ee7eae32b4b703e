"""Rows that mean nothing any more are deleted, now and then, by any gateway."""

from __future__ import annotations

from contextlib import suppress

from bot.gateway.conversations import shares
from bot.gateway.platform import limits
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError

# Seconds between two rounds. A limit's row means nothing a minute after its last use.
EVERY = 60.0


class Tidier:
    """Tidies until it is cancelled; any number may run."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Tidy once in a while."""
        signals = self._database.signals
        with signals.subscribe("tidying") as never:
            while not signals.closed:
                with suppress(DatabaseAwayError):
                    await self.tidy()
                await never.wait(EVERY)

    async def tidy(self) -> None:
        """Delete what can go, in short transactions."""
        while await self._database.run(limits.prune, self._clock()) == limits.MOST_PRUNED:
            pass
        await self._database.run(shares.prune, self._clock())
