"""No provider is hurried, and no customer waits for another one's turn."""

from __future__ import annotations

import asyncio
import heapq
import itertools

from bot.gateway.channels.pacing import Pacer
from bot.gateway.channels.protocol import Pace


class Time:
    """A clock that jumps to the next sleeper."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, len(self._sleepers), event))
        await event.wait()

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                at, _, event = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                event.set()


async def left_at(pace: Pace, queues: dict[str, int]) -> dict[str, list[float]]:
    """When the messages of each customer left, one customer's one after another."""
    time = Time()
    pacer = Pacer(pace, lambda: time.now, time.sleep)
    left: dict[str, list[float]] = {address: [] for address in queues}

    async def send(address: str, count: int) -> None:
        for _ in range(count):
            await pacer.turn(address)
            left[address].append(time.now)

    await time.run(*(asyncio.create_task(send(address, count)) for address, count in queues.items()))
    return left


async def test_one_customers_messages_keep_their_distance_and_others_go_in_between() -> None:
    """Three messages to Ada take two seconds; Ben's does not wait for them."""
    left = await left_at(Pace(between_messages=1.0, a_second=10.0), {"ada": 3, "ben": 1})
    assert left["ada"] == [0.0, 1.0, 2.0]
    assert left["ben"] == [0.1]


async def test_all_together_keep_the_providers_pace() -> None:
    """Sixty customers at once are served within two seconds and not sooner."""
    left = await left_at(Pace(between_messages=1.0, a_second=30.0), {str(number): 1 for number in range(60)})
    times = sorted(at for one in left.values() for at in one)
    assert all(b - a > 1 / 30 - 1e-9 for a, b in itertools.pairwise(times))
    assert times[-1] < 2.0
