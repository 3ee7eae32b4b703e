"""Customers in the queue are told when it moves."""

from __future__ import annotations

import asyncio

from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices
from bot.gateway.tickets.line import QueueNotifier
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene


async def test_when_the_line_moves_those_behind_see_their_new_place_once(scene: Scene) -> None:
    """A place that does not change looks like a queue that does not move."""
    sam = await scene.agent("Sam")
    ids = [await scene.says(who, "help") for who in ("ada", "ben", "cat")]
    line = [await scene.hand_off(conversation_id) for conversation_id in ids]
    await scene.take(tickets.claim, line[0], sam)
    notifier = QueueNotifier(scene.database, scene.clock, scene.services)
    await notifier.tell_all()
    await notifier.tell_all()
    assert await scene.states(ids[1]) == [("queue", 2), ("queue", 1)]
    assert await scene.states(ids[2]) == [("queue", 3), ("queue", 2)]
    assert await scene.states(ids[0]) == [("queue", 1), ("human", "Sam")]
    assert len(await scene.texts(ids[2], "system")) == 1, "no new sentence in a messenger for every step"
    assert (await scene.texts(ids[1], "system"))[1:] == [words(notices.moved(1))], "to be next is news"


async def test_leaving_the_line_wakes_who_tells_the_others(scene: Scene) -> None:
    """Nobody has to ask for the new place."""
    ids = [await scene.says(who, "help") for who in ("ada", "ben")]
    for conversation_id in ids:
        await scene.hand_off(conversation_id)
    task = asyncio.create_task(QueueNotifier(scene.database, scene.clock, scene.services).run())
    await asyncio.sleep(0)
    await scene.abandon(ids[0])
    for _ in range(100):
        if len(await scene.states(ids[1])) == 2:
            break
        await asyncio.sleep(0.02)
    task.cancel()
    assert await scene.states(ids[1]) == [("queue", 2), ("queue", 1)]
