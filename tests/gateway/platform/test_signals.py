"""Signals: nothing is missed between two waits, and other gateways hear too."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway.platform.database import Database
from bot.gateway.platform.listening import Listener
from bot.gateway.platform.signals import DEAF_PATIENCE, HEARING_PATIENCE, Signals, announce
from tests.gateway.postgres import Cluster


async def test_what_is_signalled_between_two_waits_is_not_missed() -> None:
    """Who looks, then waits, may have been signalled while looking."""
    signals = Signals()
    with signals.subscribe("a", "b") as waiting:
        signals.wake("a")
        signals.wake("b", "c")
        assert await waiting.wait(0) == {"a", "b"}
        assert await waiting.wait(0) == frozenset()


async def test_who_has_left_is_forgotten() -> None:
    """A visitor's page that closed costs nothing any more."""
    signals = Signals()
    with signals.subscribe("a"):
        pass
    assert signals._waiting == {}


async def test_closing_ends_every_wait() -> None:
    """A gateway that stops does not wait for its visitors."""
    signals = Signals()
    with signals.subscribe("a") as waiting:
        task = asyncio.create_task(waiting.wait(60))
        await asyncio.sleep(0)
        signals.close()
        async with asyncio.timeout(1):
            assert await task == frozenset({"a"})
            assert await waiting.wait(60) == frozenset()


async def test_a_wait_that_is_cancelled_together_with_its_signal_is_cancelled() -> None:
    """A worker that is told to end must end, whatever happens in that moment."""
    signals = Signals()
    with signals.subscribe("a") as waiting:
        task = asyncio.create_task(waiting.wait(60))
        await asyncio.sleep(0)
        signals.wake("a")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_other_gateways_hear_what_one_has_committed(database: Database) -> None:
    """On PostgreSQL over its LISTEN; SQLite has one gateway, which hears itself."""
    other = database.signals if database.is_sqlite else Signals()
    listener = None if database.is_sqlite else asyncio.create_task(Listener(database.url, other).run())
    with other.subscribe("topic") as waiting:
        if listener is not None:
            # It wakes everybody once it listens: what was said before may have been missed.
            await waiting.wait(5)
        await database.run(announce, "topic")
        assert await waiting.wait(5) == {"topic"}
        await database.signal("topic")
        assert await waiting.wait(5) == {"topic"}
    other.close()
    if listener is not None:
        await listener


async def test_a_gateway_is_not_woken_twice_by_what_it_said_itself(postgres_database: str) -> None:
    """Else each stream would look twice for every entry, and "is writing" would come twice."""
    database, other = Database(postgres_database, Signals()), Signals()
    listeners = [Listener(database.url, one) for one in (database.signals, other)]
    tasks = [asyncio.create_task(one.run()) for one in listeners]
    with database.signals.subscribe("topic") as here, other.subscribe("topic") as there:
        # Both listen: they wake everybody then.
        assert await here.wait(5) == await there.wait(5) == {"topic"}
        await database.signal("topic")
        assert await here.wait(5) == {"topic"}
        assert await there.wait(5) == {"topic"}
        # What the database carried to the other has been carried here as well by now, or comes before the next one.
        await database.signal("last")
        assert await here.wait(0.5) == frozenset()
    database.signals.close()
    other.close()
    await asyncio.gather(*tasks)
    database.close()


async def test_a_listener_that_lost_its_server_finds_it_again(breakable_postgres: Cluster) -> None:
    """Meanwhile waiters look for themselves more often; a lost signal costs a moment, not a message."""
    database = Database(breakable_postgres.url, Signals())
    deaf_or_not = Signals()
    listener = asyncio.create_task(Listener(database.url, deaf_or_not).run())
    with deaf_or_not.subscribe("topic") as waiting:
        await waiting.wait(5)
        assert deaf_or_not.patience == HEARING_PATIENCE
        breakable_postgres.stop()
        async with asyncio.timeout(10):
            while deaf_or_not.patience != DEAF_PATIENCE:  # noqa: ASYNC110 - deafness has no signal
                await asyncio.sleep(0.02)
        breakable_postgres.start()
        assert await waiting.wait(10) == {"topic"}
        await database.run(announce, "topic")
        assert await waiting.wait(5) == {"topic"}
    deaf_or_not.close()
    await listener
    database.close()
