"""A running worker with a brain that the test directs."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from bot.gateway.conversations.inbox import InboundMessage, Receipt, receive
from bot.gateway.conversations.worker import Worker
from bot.gateway.parts import Parts
from bot.gateway.signals import DESK, INBOX
from tests.gateway.making import MovableClock, outcomes
from tests.gateway.stub_brain import StubBrain

T = TypeVar("T")

# Long enough for a busy machine; a test that works ends much sooner.
PATIENCE = 15.0


@dataclass
class Desk:
    """The worker, its brain, its clock, and short ways to use them."""

    parts: Parts
    brain: StubBrain
    clock: MovableClock
    running: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> asyncio.Task[None]:
        """Start a worker, as a gateway does."""
        task = asyncio.create_task(Worker(self.parts).run())
        self.running.append(task)
        return task

    async def receive(self, message: InboundMessage) -> Receipt:
        """Store a message as a channel does."""
        return await self.parts.database.run(receive, message, payloads=self.parts.payloads, now=self.clock())

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

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the worker see what is due."""
        self.clock.advance(seconds)
        self.parts.signals.wake(INBOX)


@pytest.fixture
async def desk(parts: Parts) -> AsyncIterator[Desk]:
    """A worker that runs, with a brain that echoes."""
    brain = StubBrain()
    clock = MovableClock()
    client = brain.client()
    made = Desk(dataclasses.replace(parts, brain=client, clock=clock), brain, clock)
    made.start()
    yield made
    for task in made.running:
        task.cancel()
    await asyncio.gather(*made.running, return_exceptions=True)
    await client.close()
