"""The relay: brings every waiting ticket to the outside desk, and what its customer writes after; runs by itself."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from bot.gateway.channels.protocol import NotNow
from bot.gateway.external_desks import cases
from bot.gateway.external_desks.cases import Job
from bot.gateway.external_desks.protocol import Brought, ExternalDesk
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.signals import DESK
from bot.gateway.tickets.services import TicketServices

log = logging.getLogger(__name__)

# Cases served at once: a desk that takes a third of a second for a call then takes some twenty a second.
AT_ONCE = 8
# How long to leave a database alone that was away, in seconds.
_AWAY_PAUSE = 1.0
_SHORTEST_PAUSE = 0.2


class Relay:
    """Serves the cases of one outside desk until it is cancelled; any number may run, in any number of processes."""

    def __init__(self, database: Database, desk: ExternalDesk, clock: Clock, services: TicketServices) -> None:
        self._database = database
        self._desk = desk
        self._services = services
        self._clock = clock
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Go on until this task is cancelled or the signals are closed."""
        signals = self._database.signals
        try:
            with signals.subscribe(DESK) as changed:
                while not signals.closed:
                    try:
                        pause = await self._start_what_is_due()
                    except DatabaseAwayError:
                        pause = _AWAY_PAUSE
                    await changed.wait(pause)
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _start_what_is_due(self) -> float:
        await self._database.run(cases.adopt, self._desk.name, self._clock())
        for ticket_id in await self._database.read(cases.due, self._desk.name, self._clock()):
            if len(self._busy) < AT_ONCE and ticket_id not in self._busy:
                task = asyncio.create_task(self._serve(ticket_id))
                self._busy[ticket_id] = task
                task.add_done_callback(partial(self._ended, ticket_id))
        patience = self._database.signals.patience
        at = await self._database.read(cases.next_due, self._desk.name)
        return patience if at is None else min(patience, max(_SHORTEST_PAUSE, (at - self._clock()).total_seconds()))

    def _ended(self, ticket_id: str, _task: asyncio.Task[None]) -> None:
        del self._busy[ticket_id]
        self._database.signals.wake(DESK)

    async def _serve(self, ticket_id: str) -> None:
        """Take the case's steps one after another, until there is none or one fails."""
        try:
            while (job := await self._database.run(cases.take, ticket_id, self._clock())) is not None:
                await self._database.run(
                    cases.settle, self._services, job, await self._do(job), self._desk.title, self._clock()
                )
        except DatabaseAwayError:
            # The lease stays; after it the step is taken again.
            await asyncio.sleep(_AWAY_PAUSE)
        except Exception:
            log.exception("ticket %s: a fault in the relay", ticket_id)
            await asyncio.sleep(_AWAY_PAUSE)

    async def _do(self, job: Job) -> Brought:
        try:
            if job.opening is not None:
                return await self._desk.open(job.opening)
            if job.line is not None:
                return await self._desk.bring(job.external_id, job.line)
            assert job.ending is not None
            return await self._desk.end(job.external_id, job.ticket_id, job.ending)
        except Exception as error:
            # An adapter maps its desk's answers; anything else is our own fault, and may have arrived.
            log.exception("ticket %s: a fault in the adapter %s", job.ticket_id, self._desk.name)
            return NotNow(0, type(error).__name__, maybe_sent=True)
