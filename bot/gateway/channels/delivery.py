"""The sender: takes what is due from the outbox and brings it to the customers, each conversation in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from bot.gateway.channels import outbox
from bot.gateway.channels.outbox import Job
from bot.gateway.channels.pacing import Pacer
from bot.gateway.channels.protocol import MessagingChannel, NotNow, Refused, SendResult, Sent
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.signals import OUTBOX

log = logging.getLogger(__name__)

# Conversations served at once: thirty messages a second at a third of a second each need ten.
AT_ONCE = 16
# How long to leave a database alone that was away, in seconds.
_AWAY_PAUSE = 1.0
# When more is due than can be served at once, the end of each one wakes the sender anyway.
_SHORTEST_PAUSE = 0.2


class Sender:
    """Sends what waits, until it is cancelled. Any number may run, in any number of processes.

    What a killed process had on its way is sent again once its lease is over, and that once only: a customer may read
    a sentence twice, never three times, and no other sentence overtakes it.
    """

    def __init__(
        self, database: Database, payloads: Payloads, channels: Mapping[str, MessagingChannel], clock: Clock
    ) -> None:
        self._database = database
        self._payloads = payloads
        self._channels = channels
        self._clock = clock
        self._pacers = {name: Pacer(channel.pace) for name, channel in channels.items()}
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Serve the outbox until this task is cancelled or the signals are closed."""
        signals = self._database.signals
        try:
            with signals.subscribe(OUTBOX) as waiting:
                while not signals.closed:
                    try:
                        pause = await self._start_what_is_due()
                    except DatabaseAwayError:
                        pause = _AWAY_PAUSE
                    await waiting.wait(pause)
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _start_what_is_due(self) -> float:
        """Start a task for each delivery that is due; answers how many seconds nothing else will be."""
        for delivery_id in await self._database.read(outbox.due, self._clock()):
            if len(self._busy) < AT_ONCE and delivery_id not in self._busy:
                task = asyncio.create_task(self._serve(delivery_id))
                self._busy[delivery_id] = task
                task.add_done_callback(partial(self._ended, delivery_id))
        patience = self._database.signals.patience
        at = await self._database.read(outbox.next_due)
        return patience if at is None else min(patience, max(_SHORTEST_PAUSE, (at - self._clock()).total_seconds()))

    def _ended(self, delivery_id: int, _task: asyncio.Task[None]) -> None:
        del self._busy[delivery_id]
        self._database.signals.wake(OUTBOX)

    async def _serve(self, delivery_id: int) -> None:
        try:
            job = await self._database.run(outbox.take, delivery_id, self._payloads, self._clock())
            if job is None:
                return
            result, sent_parts = await self._send(job)
            await self._database.run(outbox.finish, job, result, sent_parts, self._clock())
        except DatabaseAwayError:
            # The lease stays; after it the delivery is taken up again.
            await asyncio.sleep(_AWAY_PAUSE)
        except Exception:
            log.exception("delivery %s: a fault in the sender", delivery_id)

    async def _send(self, job: Job) -> tuple[SendResult, tuple[str, ...]]:
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
