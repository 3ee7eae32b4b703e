"""A shadow turn gives way to every customer, whichever gateway they came by."""

from __future__ import annotations

import asyncio

from bot.brain.giving_way import GivingWay


async def test_who_is_alone_goes_at_once() -> None:
    """Nobody to wait for."""
    assert await GivingWay().give_way(0) is True


async def test_a_shadow_turn_waits_for_the_last_customer() -> None:
    """Also when one fails."""
    way = GivingWay()
    done: list[str] = []

    async def customer(name: str, end: asyncio.Event) -> None:
        with way.customer():
            await end.wait()
            done.append(name)
            if name == "first":
                raise ValueError(name)

    async def shadow() -> None:
        assert await way.give_way(60)
        done.append("shadow")

    ends = [asyncio.Event(), asyncio.Event()]
    tasks = [asyncio.create_task(customer(name, end)) for name, end in zip(("first", "second"), ends, strict=True)]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(shadow()))
    for end in ends:
        end.set()
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == ["first", "second", "shadow"]


async def test_it_does_not_wait_for_ever() -> None:
    """And says that it gave up."""
    way = GivingWay()
    with way.customer():
        assert await way.give_way(0.01) is False
    assert await way.give_way(0) is True
