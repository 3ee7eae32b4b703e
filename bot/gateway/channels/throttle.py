"""Slows down whoever asks too often: one token bucket for each name, in this process's memory."""

from __future__ import annotations

import time
from collections.abc import Callable

# Beyond this many names the ones that have not asked for a minute are forgotten.
_MOST_NAMES = 10_000


class Throttle:
    """Allows so many calls a minute for each name; up to a minute's worth at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, name: str) -> float:
        """Take one token: 0 when there was one, else the seconds until there is."""
        now = self._clock()
        tokens, since = self._buckets.pop(name, (float(self._per_minute), now))
        tokens = min(self._per_minute, tokens + (now - since) * self._per_minute / 60)
        if tokens < 1:
            self._buckets[name] = (tokens, now)
            return (1 - tokens) * 60 / self._per_minute
        self._buckets[name] = (tokens - 1, now)
        if len(self._buckets) > _MOST_NAMES:
            # A bucket that was not touched for a minute is full again: forgetting it changes nothing. Those that are
            # touched move to the end, so the oldest stand first.
            while self._buckets and now - next(iter(self._buckets.values()))[1] > 60:
                del self._buckets[next(iter(self._buckets))]
        return 0.0
