"""The one runner of leased jobs: claim, do, settle, and sleep until the next is due or a signal comes.

A job is a row with a time before which it is left alone. Whoever claims it moves that time to the end of a lease, so
that no other process does it meanwhile, and one whose process died comes back by itself. What is due, what has to be
done and how it ended is the business of each kind of job (:class:`Jobs`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.faults import place_of
from bot.gateway.platform.signals import Subscription
from bot.gateway.platform.transaction import Transaction

log = logging.getLogger(__name__)

# How long to leave a database alone that was away, in seconds.
AWAY_PAUSE = 1.0
# When more is due than can be done at once, in seconds; the end of each one makes the runner look anyway.
_SHORTEST_PAUSE = 0.2


class Done:
    """What :meth:`Jobs.claim` answers where the job was done in the claiming transaction itself."""


DONE: Final = Done()

Key = TypeVar("Key", bound=Hashable)
Job = TypeVar("Job")
Result = TypeVar("Result")


class Jobs(Protocol[Key, Job, Result]):
    """One kind of job. Each method that is handed a session runs in a transaction of its own."""

    @property
    def kind(self) -> str:
        """What a job is called in the log."""

    @property
    def topic(self) -> str:
        """The signal that there is a new one."""

    @property
    def at_once(self) -> int:
        """How many one process does at a time."""

    def due(self, session: Transaction, now: datetime) -> Sequence[Key]:
        """The jobs that may be claimed now, in the order of their turn; only reads."""

    def next_due(self, session: Transaction) -> datetime | None:
        """When the next job may be claimed that has to wait; only reads."""

    def claim(self, session: Transaction, key: Key, now: datetime) -> Job | Done | None:
        """Lease a job to this process; None where there is nothing to do any more, or another process has it."""

    async def do(self, job: Job) -> Result:
        """Do it, outside any transaction. It may be done twice: by a process that died, and by the one that follows."""

    def settle(self, session: Transaction, job: Job, result: Result, now: datetime) -> bool:
        """Write down how it ended, or when to try again; tells whether its next step may follow at once."""

    def put_back(self, session: Transaction, key: Key, now: datetime) -> None:
        """Leave a job alone for a while that hit a fault of ours: those behind it must not wait for it."""


class JobRunner(Generic[Key, Job, Result]):
    """Does one kind of job until it is cancelled; any number may run, in any number of processes.

    ``adopt`` makes jobs of what came up since the last look, where nobody writes them down as it comes.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        jobs: Jobs[Key, Job, Result],
        adopt: Callable[[Transaction, datetime], None] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._adopt = adopt
        self._busy: dict[Key, asyncio.Task[int]] = {}

    async def run(self) -> None:
        """Go on until this task is cancelled or the signals are closed; what is under way then is left to its lease."""
        signals = self._database.signals
        try:
            with signals.subscribe(self._jobs.topic) as news:
                while not signals.closed:
                    try:
                        pause = await self.look(news)
                    except DatabaseAwayError:
                        pause = AWAY_PAUSE
                    await news.wait(pause)
        finally:
            await self.stop()

    async def look(self, news: Subscription) -> float:
        """Start what is due, as much as may be done at once; tells how many seconds nothing else will be due."""
        for key in await self._due():
            if len(self._busy) < self._jobs.at_once and key not in self._busy:
                task = asyncio.create_task(self._serve(key))
                self._busy[key] = task
                task.add_done_callback(partial(self._ended, key, news))
        patience = self._database.signals.patience
        at = await self._database.read(self._jobs.next_due)
        return patience if at is None else min(patience, max(_SHORTEST_PAUSE, (at - self._clock()).total_seconds()))

    async def run_due(self) -> int:
        """Do what is due now, one after another; tells how many steps were taken."""
        return sum([await self._serve(key) for key in await self._due()])

    async def stop(self) -> None:
        """Cancel what is under way."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _due(self) -> Sequence[Key]:
        if self._adopt is not None:
            await self._database.run(self._adopt, self._clock())
        return await self._database.read(self._jobs.due, self._clock())

    def _ended(self, key: Key, news: Subscription, _task: asyncio.Task[int]) -> None:
        del self._busy[key]
        # Only this runner looks again: nobody else cares that it has a hand free.
        news.hear(self._jobs.topic)

    async def _serve(self, key: Key) -> int:
        """Take a job's steps until there is none or it has to wait."""
        steps = 0
        try:
            more = True
            while more:
                claimed = await self._database.run(self._jobs.claim, key, self._clock())
                if claimed is None:
                    break
                steps += 1
                if isinstance(claimed, Done):
                    break
                result = await self._jobs.do(claimed)
                more = await self._database.run(self._jobs.settle, claimed, result, self._clock())
        except DatabaseAwayError:
            # The lease stays; after it the job is taken up again.
            await asyncio.sleep(AWAY_PAUSE)
        except Exception as error:
            # The kind of fault and its place say enough: a message could quote a customer.
            log.error("%s %s: a fault of ours, %s", self._jobs.kind, key, place_of(error))
            await self._put_back(key)
        return steps

    async def _put_back(self, key: Key) -> None:
        try:
            await asyncio.shield(self._database.run(self._jobs.put_back, key, self._clock()))
        except Exception as error:
            log.error("%s %s could not be put back: %s", self._jobs.kind, key, place_of(error))
            await asyncio.sleep(AWAY_PAUSE)
