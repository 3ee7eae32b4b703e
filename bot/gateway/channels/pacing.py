"""Messages leave no faster than the provider wants them: one customer's after another, and all together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.gateway.channels.protocol import Pace

# Customers whose last message is longer ago than any pace need not be remembered; looked at now and then.
_REMEMBERED = 1000


class Pacer:
    """Keeps one channel's pace within this process; between processes the provider's 429 does."""

    def __init__(
        self,
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._next_at: dict[str, float] = {}
        self._next_of_all = 0.0

    async def turn(self, address: str) -> None:
        """Wait until a message to this address may leave, and take that moment; one at a time for each address."""
        now = self._clock()
        if len(self._next_at) > _REMEMBERED:
            self._next_at = {known: at for known, at in self._next_at.items() if at > now}
        await self._until(self._next_at.get(address, now))
        # Only now: a customer who has to wait must not keep a moment from the others.
        now = self._clock()
        at = max(now, self._next_of_all)
        self._next_of_all = at + 1 / self._pace.a_second
        self._next_at[address] = at + self._pace.between_messages
        await self._until(at)

    async def _until(self, at: float) -> None:
        now = self._clock()
        if at > now:
            await self._sleep(at - now)
