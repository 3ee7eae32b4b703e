"""Timers: durable, once each, whoever is there."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.database import Database
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets import timers
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Timer
from bot.gateway.tickets.timers import AlarmClock
from tests.gateway.making import messages, new_conversation
from tests.gateway.tickets.scene import NOON, Scene

LATER = NOON + timedelta(minutes=10)


def say(session: Session, services: TicketServices, timer: Timer, now: datetime) -> None:
    """What the tests' kind of timer does."""
    conversation = session.get_one(Conversation, timer.conversation_id)
    transcript.append(session, conversation, author="system", now=now, text=f"ring {timer.data['n']}")


def fail(session: Session, services: TicketServices, timer: Timer, now: datetime) -> None:
    """A kind with a fault, which writes before it fails."""
    say(session, services, timer, now)
    raise ValueError("broken")


KINDS = {"ring": say, "broken": fail}


async def set_one(scene: Scene, key: str = "k", kind: str = "ring", n: int = 1) -> None:
    """Set a timer in ten minutes."""
    await scene.database.run(timers.set_timer, key, kind, "c1", LATER, data={"n": n})


@pytest.fixture
async def timed(scene: Scene) -> Scene:
    """A conversation for which timers can be set."""
    await scene.database.run(new_conversation)
    return scene


async def test_a_timer_fires_at_its_time_not_before_and_once(timed: Scene) -> None:
    """Setting it twice is setting it once."""
    await set_one(timed, n=1)
    await set_one(timed, n=2)
    alarm = JobRunner(timed.database, timed.clock, AlarmClock(timed.services, KINDS))
    assert await alarm.run_due() == 0
    timed.now = LATER
    assert [await alarm.run_due(), await alarm.run_due()] == [1, 0]
    assert await timed.database.read(messages) == ["ring 1"]


async def test_of_many_gateways_one_fires_it(timed: Scene, database_url: str) -> None:
    """They all wake at the same moment, each with connections of its own."""
    for number in range(5):
        await set_one(timed, f"k{number}", n=number)
    timed.now = LATER
    others = [Database(database_url, Signals()) for _ in range(3)]
    alarms = [JobRunner(one, lambda: LATER, AlarmClock(timed.services, KINDS)) for one in (timed.database, *others)]
    fired = await asyncio.gather(*(alarm.run_due() for alarm in alarms))
    for one in others:
        one.close()
    assert sum(fired) == 5
    assert sorted(await timed.database.read(messages)) == [f"ring {number}" for number in range(5)]


async def test_a_timer_outlives_the_gateway_that_set_it(timed: Scene, database_url: str) -> None:
    """It is a row."""
    await set_one(timed)
    another = Database(database_url, Signals())
    assert await JobRunner(another, lambda: LATER, AlarmClock(timed.services, KINDS)).run_due() == 1
    another.close()


async def test_a_timer_that_fails_leaves_nothing_is_tried_again_and_given_up(timed: Scene) -> None:
    """And it does not keep the others from firing."""
    await set_one(timed, "bad", "broken")
    await set_one(timed, "good")
    alarm = JobRunner(timed.database, timed.clock, AlarmClock(timed.services, KINDS))
    timed.now = LATER
    assert await alarm.run_due() == 1
    assert await timed.database.read(messages) == ["ring 1"]
    for _ in range(10):
        timed.now += timedelta(minutes=2)
        await alarm.run_due()
    bad = next(timer for timer in await timed.rows(Timer) if timer.key == "bad")
    assert (bad.outcome, bad.attempts) == ("failed", 5)
    assert await timed.database.read(messages) == ["ring 1"]


async def test_the_clock_wakes_for_a_timer_that_is_set_while_it_sleeps(timed: Scene) -> None:
    """Nobody has to wait for the next look."""
    timed.now = LATER
    task = asyncio.create_task(JobRunner(timed.database, timed.clock, AlarmClock(timed.services, KINDS)).run())
    await asyncio.sleep(0)
    await set_one(timed)
    for _ in range(200):
        if await timed.database.read(messages):
            break
        await asyncio.sleep(0.02)
    task.cancel()
    assert await timed.database.read(messages) == ["ring 1"]
