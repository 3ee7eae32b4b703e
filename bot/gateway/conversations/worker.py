"""Takes the customers' messages to the brain: each conversation in order, several conversations at once."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from bot.contract.turn import Turn
from bot.gateway.conversations import unanswered, waiting, work
from bot.gateway.conversations.brain_client import (
    BrainAway,
    BrainClient,
    BrainFailed,
    BrainLost,
    TurnOutcome,
    TurnOverBudget,
    TurnRefused,
    TurnTaken,
)
from bot.gateway.conversations.services import ConversationServices
from bot.gateway.conversations.work import Work
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.faults import place_of
from bot.gateway.platform.signals import DEAF_PATIENCE, INBOX, typing_topic
from bot.wording.sentences import Said

log = logging.getLogger(__name__)

# Turns at once: a slow action must not hold up everybody.
CONCURRENT_TURNS = 16
# Of these, turns that have only begun: a brain takes them one after another anyway, and nobody can pass what stands in
# front of it, whoever should come first (`shares`). Four keep a brain busy while the gateway stores results.
BEGINNING_TURNS = 4
# Seconds after which a turn waits for an action, and no longer for its brain: a turn that computes so long is cut off.
_BEGUN = 1.0
# A turn takes some 25 ms: only one that takes longer is worth a sign of life, repeated before the page forgets it.
_TYPING_AFTER = 0.3
_TYPING_EVERY = 4.0
# How often the companion of a long turn looks around; well within the lease.
_LOOK_AROUND = 1.0
# What a stopping gateway waits for its running turns, in seconds; an unfinished one is taken again by the next.
_STOP_PATIENCE = 3.0


class ShowsTyping(Protocol):
    """A messaging channel, as far as the worker needs one."""

    async def show_typing(self, address: str) -> None:
        """Show the customer at that address that an answer is on its way; failing at that is nothing."""


class Worker:
    """One gateway's worker. ``run`` goes on until it is cancelled.

    ``messaging`` are the messaging channels by name; ``patience`` is how long a message waits for a brain that is away.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        brain: BrainClient,
        services: ConversationServices,
        messaging: Mapping[str, ShowsTyping],
        patience: timedelta,
    ) -> None:
        self._database = database
        self._signals = database.signals
        self._clock = clock
        self._brain = brain
        self._services = services
        self._messaging = messaging
        self._patience = patience
        self._holder = str(uuid.uuid4())
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._began: dict[str, float] = {}
        # Something came in while turns were being taken: it may be for one of their conversations, which have to end
        # first. Without that there is no need to look after each turn.
        self._look_again = False
        # Messages whose turn was taken and could not be stored: their actions may have run.
        self._not_stored: set[str] = set()
        # A message is being tried alone: nothing is begun beside it.
        self._alone = False

    async def run(self) -> None:
        """Take messages as they come."""
        try:
            await self._doubt_what_waits()
            with self._signals.subscribe(INBOX) as subscription:
                while not self._signals.closed:
                    await self._start_all()
                    if await subscription.wait(DEAF_PATIENCE) and self._tasks:
                        self._look_again = True
        finally:
            await self._stop()

    async def _doubt_what_waits(self) -> None:
        while not self._signals.closed:
            try:
                await self._database.run(work.doubt_waiting)
            except DatabaseAwayError:
                await asyncio.sleep(_LOOK_AROUND)
            else:
                return

    async def _start_all(self) -> None:
        while len(self._tasks) < CONCURRENT_TURNS and self._beginning() < BEGINNING_TURNS and not self._alone:
            try:
                claimed = await self._database.run(
                    work.claim, self._services, self._holder, tuple(self._tasks), self._clock()
                )
            except DatabaseAwayError:
                return
            if claimed is None:
                return
            if claimed == work.HELD:
                # Looked at again when this gateway's turns have ended; another's end is noticed within a second.
                break
            self._alone = claimed.goes_alone
            task = asyncio.create_task(self._take(claimed), name=f"turn {claimed.message_id}")
            self._tasks[claimed.conversation_id] = task
            self._began[claimed.conversation_id] = asyncio.get_running_loop().time()
            self._look_again = self._look_again or claimed.more_waiting
            task.add_done_callback(partial(self._ended, claimed.conversation_id))
            if not claimed.others_waiting:
                return
        self._look_again = True
        if self._tasks:
            # Turns that wait for slow actions make room when they have lasted, not only when they end.
            asyncio.get_running_loop().call_later(_BEGUN, self._signals.wake, INBOX)

    def _beginning(self) -> int:
        """How many turns have only begun."""
        begun = asyncio.get_running_loop().time() - _BEGUN
        return sum(1 for began in self._began.values() if began > begun)

    def _ended(self, conversation_id: str, _task: asyncio.Task[None]) -> None:
        del self._tasks[conversation_id], self._began[conversation_id]
        self._alone = False
        if self._look_again:
            self._look_again = bool(self._tasks)
            self._signals.wake(INBOX)

    async def _take(self, claimed: Work) -> None:
        """Take one turn to its end; whatever goes wrong, the message stays or is finished."""
        try:
            companion = asyncio.create_task(self._accompany(claimed))
            try:
                outcome = await self._brain.take_turn(self._turn_of(claimed))
            finally:
                companion.cancel()
            await self._settle(claimed, outcome)
            self._not_stored.discard(claimed.message_id)
        except DatabaseAwayError:
            self._not_stored.add(claimed.message_id)
            log.warning("turn %s could not be stored and is taken again", claimed.message_id)
        except Exception as error:
            # The traceback's last line could quote what a customer said: the kind of error and its place say enough.
            log.error("turn %s failed in the gateway: %s", claimed.message_id, place_of(error))
            await self._settle_after_fault(claimed, type(error).__name__)

    def _turn_of(self, claimed: Work) -> Turn:
        again = claimed.turn.again or claimed.message_id in self._not_stored
        return replace(claimed.turn, again=again)

    async def _settle_after_fault(self, claimed: Work, why: str) -> None:
        try:
            await self._settle(claimed, BrainFailed(f"gateway: {why}"))
        except Exception as error:
            log.error("turn %s could not be put back: %s", claimed.message_id, place_of(error))

    async def _settle(self, claimed: Work, outcome: TurnOutcome) -> None:
        now = self._clock()
        match outcome:
            case TurnTaken() if _is_silent(claimed, outcome):
                # What it did in silence would be done again.
                acted = True if outcome.trace.get("actions") else None
                await self._failed(claimed, BrainFailed("the bot said nothing", acted=acted), now)
            case TurnTaken():
                done = await self._database.run(work.finish, self._services, claimed, outcome, self._holder, now)
                log.info("turn %s: %s", claimed.message_id, done)
            case BrainAway():
                await self._away(claimed, outcome, now)
            case BrainLost():
                await self._lost(claimed, outcome, now)
            case BrainFailed():
                await self._failed(claimed, outcome, now)
            case TurnOverBudget():
                await self._cut_off(claimed, outcome, now)
            case TurnRefused():
                await self._give_up(claimed, outcome.why, None, now)

    async def _away(self, claimed: Work, outcome: BrainAway, now: datetime) -> None:
        if claimed.waited_by(now) >= self._patience or outcome.acted:
            await self._give_up(claimed, outcome.why, outcome.action, now)
            return
        log.warning("turn %s waits for the brain: %s %s", claimed.message_id, outcome.why, outcome.action or "")
        sentence = waiting.WAKING_UP if outcome.action is None else waiting.TAKES_LONGER
        await self._tell_to_wait(claimed, sentence, now)
        delay = waiting.delay_when_away(claimed.attempts)
        await self._postpone(claimed, delay, now, may_have_acted=outcome.acted is None)

    async def _lost(self, claimed: Work, outcome: BrainLost, now: datetime) -> None:
        delay = waiting.delay_when_lost(claimed.lost)
        if delay is None:
            await self._give_up(claimed, outcome.why, None, now)
            return
        log.warning("turn %s was lost with its brain: %s", claimed.message_id, outcome.why)
        await self._tell_to_wait(claimed, waiting.TAKES_LONGER, now)
        await self._postpone(claimed, delay, now, lost=True, may_have_acted=True)

    async def _failed(self, claimed: Work, outcome: BrainFailed, now: datetime) -> None:
        delay = waiting.delay_when_failed(claimed.failures)
        if delay is None or outcome.acted:
            await self._give_up(claimed, outcome.why, outcome.action, now)
            return
        log.warning("turn %s failed: %s %s", claimed.message_id, outcome.why, outcome.action or "")
        await self._tell_to_wait(claimed, waiting.TAKES_LONGER, now)
        await self._postpone(claimed, delay, now, failed=True, may_have_acted=outcome.acted is None)

    async def _cut_off(self, claimed: Work, outcome: TurnOverBudget, now: datetime) -> None:
        done = await self._database.run(
            unanswered.cut_off,
            self._services,
            claimed,
            self._holder,
            acted=outcome.acted,
            shorter=waiting.TOO_LONG,
            sentence=waiting.BROKEN,
            now=now,
        )
        log.warning("turn %s was cut off over its budget: %s", claimed.message_id, done)

    async def _tell_to_wait(self, claimed: Work, sentence: Said, now: datetime) -> None:
        if claimed.waited_by(now) >= waiting.TELL_AFTER and not claimed.told_to_wait:
            await self._database.run(work.tell_to_wait, self._services.wording, claimed, sentence, now)

    async def _postpone(
        self,
        claimed: Work,
        delay: timedelta,
        now: datetime,
        *,
        failed: bool = False,
        lost: bool = False,
        may_have_acted: bool = False,
    ) -> None:
        tried = {"failed": failed, "lost": lost, "may_have_acted": may_have_acted}
        await self._database.run(work.postpone, claimed, self._holder, delay, now, **tried)
        asyncio.get_running_loop().call_later(delay.total_seconds() + 0.01, self._signals.wake, INBOX)

    async def _give_up(self, claimed: Work, why: str, action: str | None, now: datetime) -> None:
        log.error("turn %s goes to a human: %s %s", claimed.message_id, why, action or "")
        await self._database.run(
            unanswered.give_up, self._services, claimed, self._holder, why, action, waiting.BROKEN, now
        )

    async def _accompany(self, claimed: Work) -> None:
        """Show a sign of life, keep the claim and, in time, tell the customer to wait."""
        await asyncio.sleep(_TYPING_AFTER)
        told = claimed.told_to_wait
        shown = 0.0
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            if loop.time() - shown >= _TYPING_EVERY and not claimed.is_event:
                shown = loop.time()
                await self._show_typing(claimed)
            now = self._clock()
            try:
                await self._database.run(work.renew, claimed, self._holder, now)
                waited = max(claimed.waited_by(now), timedelta(seconds=loop.time() - began))
                if not told and waited >= waiting.TELL_AFTER:
                    told = True
                    await self._database.run(
                        work.tell_to_wait, self._services.wording, claimed, waiting.TAKES_LONGER, now
                    )
            except DatabaseAwayError:
                log.warning("turn %s: its claim could not be renewed", claimed.message_id)
            await asyncio.sleep(_LOOK_AROUND)

    async def _show_typing(self, claimed: Work) -> None:
        channel = self._messaging.get(claimed.turn.channel)
        if channel is not None:
            await channel.show_typing(claimed.address)
        else:
            await self._database.signal(typing_topic(claimed.conversation_id, "bot"))

    async def _stop(self) -> None:
        tasks = list(self._tasks.values())
        if tasks:
            _done, unfinished = await asyncio.wait(tasks, timeout=_STOP_PATIENCE)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        try:
            await self._database.run(work.release_all, self._holder)
        except DatabaseAwayError:
            log.warning("claims could not be released; they lapse by themselves")


def _is_silent(claimed: Work, taken: TurnTaken) -> bool:
    said = any(reply.text or reply.choices for reply in taken.replies)
    return not said and taken.handoff is None and not claimed.is_event
