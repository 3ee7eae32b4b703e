"""What runs beside the requests: the worker, the outbox, other gateways' signals; each started again if it falls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType

from bot.gateway.channels.delivery import Sender
from bot.gateway.conversations.worker import Worker
from bot.gateway.desk.thinking import Thinker
from bot.gateway.listening import Listener
from bot.gateway.outside_desks.relay import Relay
from bot.gateway.parts import Parts
from bot.gateway.queue import callbacks, commitments
from bot.gateway.queue.attending import Attendant
from bot.gateway.queue.line import Teller
from bot.gateway.queue.silence import Watch
from bot.gateway.queue.timers import AlarmClock, Fire
from bot.gateway.tidying import Tidier

TIMER_KINDS: dict[str, Fire] = {
    callbacks.CALLBACK: callbacks.is_due,
    callbacks.REMINDER: callbacks.remind,
    commitments.PROMISE: commitments.promise_is_due,
}
"""What each kind of timer does."""

log = logging.getLogger(__name__)

# A part that fell is started again after so many seconds: soon enough for a customer, not a busy loop.
_PAUSE = 1.0
# What a stopping gateway waits for its parts, in seconds.
_STOP_PATIENCE = 5.0


class Background:
    """Starts the parts on entering and ends them on leaving."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Background:
        """Start everything that runs by itself."""
        runs: dict[str, Callable[[], Awaitable[None]]] = {
            "worker": Worker(self._parts).run,
            "line": Teller(self._parts.database, self._parts.clock).run,
            "attendant": Attendant(self._parts).run,
            "thinker": Thinker(self._parts).run,
            "timers": AlarmClock(self._parts.database, self._parts.clock, TIMER_KINDS).run,
            "silence": Watch(self._parts.database, self._parts.clock).run,
            "tidier": Tidier(self._parts.database, self._parts.clock).run,
        }
        if self._parts.messaging:
            sender = Sender(self._parts.database, self._parts.payloads, self._parts.messaging, self._parts.clock)
            runs["outbox"] = sender.run
        if self._parts.outside_desk is not None:
            runs["outside desk"] = Relay(self._parts.database, self._parts.outside_desk, self._parts.clock).run
        if not self._parts.database.is_sqlite:
            runs["listener"] = Listener(self._parts.database.url, self._parts.signals).run
        self._tasks = [asyncio.create_task(self._keep(name, run), name=name) for name, run in runs.items()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let the parts end what they do, then end them."""
        self._parts.signals.close()
        if self._tasks:
            _done, unfinished = await asyncio.wait(self._tasks, timeout=_STOP_PATIENCE)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while not self._parts.signals.closed:
            try:
                await run()
            except Exception:
                log.exception("%s fell and is started again", name)
                await asyncio.sleep(_PAUSE)
