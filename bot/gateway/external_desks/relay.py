"""The relay: brings every waiting ticket to the outside desk, and what its customer writes after; runs by itself."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.gateway.channels.protocol import NotNow
from bot.gateway.external_desks import cases
from bot.gateway.external_desks.cases import Job
from bot.gateway.external_desks.protocol import Brought, ExternalDesk, Taken
from bot.gateway.platform.signals import DESK
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.services import TicketServices

log = logging.getLogger(__name__)

# Cases served at once: a desk that takes a third of a second for a call then takes some twenty a second.
AT_ONCE = 8


class Relay:
    """The cases of one outside desk as :class:`~bot.gateway.platform.jobs.Jobs`; any number may run.

    A case's steps follow each other at once as long as the desk takes them.
    """

    kind = "ticket at the outside desk"
    topic = DESK
    at_once = AT_ONCE

    def __init__(self, desk: ExternalDesk, services: TicketServices) -> None:
        self._desk = desk
        self._services = services

    def adopt(self, session: Transaction, now: datetime) -> None:
        """See :func:`bot.gateway.external_desks.cases.adopt`."""
        cases.adopt(session, self._desk.name, now)

    def due(self, session: Transaction, now: datetime) -> list[str]:
        """See :func:`bot.gateway.external_desks.cases.due`."""
        return cases.due(session, self._desk.name, now)

    def next_due(self, session: Transaction) -> datetime | None:
        """See :func:`bot.gateway.external_desks.cases.next_due`."""
        return cases.next_due(session, self._desk.name)

    def claim(self, session: Transaction, key: str, now: datetime) -> Job | None:
        """See :func:`bot.gateway.external_desks.cases.take`."""
        return cases.take(session, key, now)

    async def do(self, job: Job) -> Brought:
        """Tell the desk."""
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

    def settle(self, session: Transaction, job: Job, result: Brought, now: datetime) -> bool:
        """See :func:`bot.gateway.external_desks.cases.settle`."""
        cases.settle(session, self._services, job, result, self._desk.title, now)
        return isinstance(result, Taken)

    def put_back(self, session: Transaction, key: str, now: datetime) -> None:
        """See :func:`bot.gateway.external_desks.cases.put_back`."""
        cases.put_back(session, key, now)
