"""A running worker with a brain that the test directs."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.background import worker_of
from bot.gateway.conversations.inbox import InboundMessage, Receipt, receive
from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.platform.signals import DESK, INBOX
from bot.gateway.services import Services
from tests.gateway.making import MovableClock, outcomes
from tests.gateway.stub_brain import StubBrain

T = TypeVar("T")

# Long enough for a busy machine; a test that works ends much sooner.
PATIENCE = 60.0


@dataclass
class Desk:
    """The worker, its brain, its clock, and short ways to use them."""

    parts: Services
    brain: StubBrain
    clock: MovableClock
    running: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> asyncio.Task[None]:
        """Start a worker, as a gateway does."""
        task = asyncio.create_task(worker_of(self.parts).run())
        self.running.append(task)
        return task

    async def restart(self) -> None:
        """End the workers and start one, as when a gateway is started again."""
        await self.end()
        self.start()

    async def end(self) -> None:
        """End the workers."""
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()

    async def receive(self, message: InboundMessage) -> Receipt:
        """Store a message as a channel does."""
        return await self.parts.database.run(
            receive, message, payloads=self.parts.payloads, allowed={}, now=self.clock()
        )

    async def read(self, f: Callable[..., T], *args: Any) -> T:
        """Look into the database."""
        return await self.parts.database.read(f, *args)

    async def until(self, f: Callable[..., T], holds: Callable[[T], bool]) -> T:
        """Wait until what ``f`` reads holds."""
        async with asyncio.timeout(PATIENCE):
            with self.parts.signals.subscribe(DESK, INBOX) as changes:
                while True:
                    found = await self.read(f)
                    if holds(found):
                        return found
                    await changes.wait(0.05)

    async def until_handled(self) -> list[str | None]:
        """Wait until nothing waits in the inbox; answers what became of each message."""
        return await self.until(outcomes, lambda found: bool(found) and None not in found)

    async def next_attempt(self) -> None:
        """Wait until a turn was tried once more, or the message is handled."""

        def look(session: Session) -> tuple[int, bool]:
            rows = session.execute(select(InboxMessage.attempts, InboxMessage.handled_at)).all()
            return sum(attempts for attempts, _ in rows), all(handled for _, handled in rows)

        before, _ = await self.read(look)
        await self.until(look, lambda found: found[0] > before or found[1])

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the worker see what is due."""
        self.clock.advance(seconds)
        self.parts.signals.wake(INBOX)


@pytest.fixture
async def desk(parts: Services) -> AsyncIterator[Desk]:
    """A worker that runs, with a brain that echoes."""
    brain = StubBrain()
    clock = MovableClock()
    client = brain.client()
    made = Desk(dataclasses.replace(parts, brain=client, clock=clock), brain, clock)
    made.start()
    yield made
    await made.end()
    await client.close()
