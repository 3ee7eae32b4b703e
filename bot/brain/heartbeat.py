"""Whether the brain's event loop still runs: `/ready` tells, and a brain whose loop hangs is ended.

A turn that computes or blocks too long is cut off (`bot.brain.turn_budget`). What is left are a C function that never
comes back and a deadlock: nothing written in Python runs any more then, so a thread of `faulthandler`, which needs no
interpreter lock, writes where every thread stands and ends the process. Whoever supervises it starts it again.
"""

from __future__ import annotations

import asyncio
import faulthandler

EVERY = 0.5
"""Seconds between two beats; what arming the watch costs (one thread's start, some 50 µs) is nothing beside that."""

HANGS_AFTER = 15.0
"""Seconds without a beat after which the process ends itself: more than the 10 s that a step may block
(`turn_budget.LONGEST_STEP`), less than the gateway's 20 s for a turn."""


class Heartbeat:
    """Beats on the event loop it was started on."""

    def __init__(self, late_after: float, *, hangs_after: float | None = None) -> None:
        """``late_after``: seconds of delay that count as busy; ``hangs_after``: seconds until the process is ended."""
        self._late_after = late_after
        self._hangs_after = hangs_after
        self._due = 0.0
        self._delay = 0.0
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to beat; called on the event loop."""
        self._due = asyncio.get_running_loop().time()
        self._beat()

    def stop(self) -> None:
        """End, and let the process end as it likes."""
        if self._next is not None:
            self._next.cancel()
        if self._hangs_after is not None:
            faulthandler.cancel_dump_traceback_later()

    @property
    def is_late(self) -> bool:
        """Whether the loop was held up beyond the limit just now."""
        overdue = asyncio.get_running_loop().time() - self._due
        return max(self._delay, overdue) > self._late_after

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._delay = now - self._due
        self._due = now + EVERY
        if self._hangs_after is not None:
            faulthandler.dump_traceback_later(self._hangs_after, exit=True)
        self._next = loop.call_at(self._due, self._beat)
