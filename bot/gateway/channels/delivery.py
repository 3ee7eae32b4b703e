"""The sender: takes what is due from the outbox and brings it to the customers, each conversation in order."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from bot.gateway.channels import outbox
from bot.gateway.channels.outbox import Job
from bot.gateway.channels.pacing import Pacer
from bot.gateway.channels.protocol import MessagingChannel, NotNow, Refused, SendResult, Sent
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import OUTBOX
from bot.gateway.platform.transaction import Transaction

log = logging.getLogger(__name__)

# Conversations served at once: thirty messages a second at a third of a second each need ten.
AT_ONCE = 16


Outcome = tuple[SendResult, tuple[str, ...]]
"""How sending ended, and the provider's ids of the parts that went out."""


class Sender:
    """Deliveries as :class:`~bot.gateway.platform.jobs.Jobs`; any number may run, in any number of processes.

    What a killed process had on its way is sent again once its lease is over, and that once only: a customer may read
    a sentence twice, never three times, and no other sentence overtakes it.
    """

    kind = "delivery"
    topic = OUTBOX
    at_once = AT_ONCE

    def __init__(
        self, database: Database, payloads: Payloads, channels: Mapping[str, MessagingChannel], clock: Clock
    ) -> None:
        self._database = database
        self._payloads = payloads
        self._channels = channels
        self._clock = clock
        self._pacers = {name: Pacer(channel.pace) for name, channel in channels.items()}

    def due(self, session: Transaction, now: datetime) -> list[int]:
        """See :func:`bot.gateway.channels.outbox.due`."""
        return outbox.due(session, now)

    def next_due(self, session: Transaction) -> datetime | None:
        """See :func:`bot.gateway.channels.outbox.next_due`."""
        return outbox.next_due(session)

    def claim(self, session: Transaction, key: int, now: datetime) -> Job | None:
        """See :func:`bot.gateway.channels.outbox.take`."""
        return outbox.take(session, key, self._payloads, now)

    async def do(self, job: Job) -> Outcome:
        """Send what is left of a message, part by part."""
        channel = self._channels.get(job.channel)
        if channel is None:
            return Refused(f"the channel {job.channel} is closed"), job.sent_parts
        parts = channel.parts(job.message)
        sent = list(job.sent_parts)
        for part in parts[len(sent) :]:
            await self._pacers[job.channel].turn(part.address)
            try:
                result = await channel.send(part)
            except Exception as error:
                # A channel maps its provider's answers; anything else is our own fault, and may have gone out.
                log.exception("delivery %s: a fault in the channel %s", job.delivery_id, job.channel)
                result = NotNow(0, type(error).__name__, maybe_sent=True)
            if not isinstance(result, Sent):
                return result, tuple(sent)
            sent.append(result.provider_message_id or "-")
            if len(sent) < len(parts):
                await self._database.run(outbox.note_part, job, tuple(sent), self._clock())
        return Sent(sent[-1] if sent else None), tuple(sent)

    def settle(self, session: Transaction, job: Job, result: Outcome, now: datetime) -> bool:
        """See :func:`bot.gateway.channels.outbox.finish`; the conversation's next message is a job of its own."""
        outbox.finish(session, job, *result, now)
        return False

    def put_back(self, session: Transaction, key: int, now: datetime) -> None:
        """See :func:`bot.gateway.channels.outbox.put_back`."""
        outbox.put_back(session, key, now)
