"""X1. A turn over its budget is cut off in the middle of whatever it does, and hits nobody else."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.brain.turn_budget import Budgeted, TurnBudget, TurnOverBudgetError, not_cut

SMALL = TurnBudget(computing=0.05, blocking=60.0, lasting=60.0)
AMPLE = TurnBudget(computing=60.0, blocking=60.0, lasting=60.0)


async def _computes() -> None:
    while True:
        pass


async def _matches() -> None:
    re.match(r"(a|a)*b", "a" * 60)


async def _blocks() -> None:
    time.sleep(60)  # noqa: ASYNC251 - what a badly written component does


async def _waits() -> None:
    await asyncio.sleep(60)


async def _many_steps() -> None:
    while True:
        sum(range(10_000))
        await asyncio.sleep(0)


async def _swallows_once() -> str:
    try:
        while True:
            pass
    except BaseException:
        return "as if nothing had been"


async def _swallows_all() -> None:
    end = time.thread_time() + 0.3
    while time.thread_time() < end:
        try:
            while time.thread_time() < end:
                pass
        except BaseException:
            continue


async def _swallows_the_end() -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue


async def _makes_another_error() -> None:
    try:
        while True:
            pass
    except BaseException as error:
        raise ValueError("from rasa") from error


@pytest.mark.parametrize(
    ("work", "spent"),
    [
        (_computes, "computing"),
        (_matches, "computing"),
        (_many_steps, "computing"),
        (_swallows_once, "computing"),
        (_swallows_all, "computing"),
        (_makes_another_error, "computing"),
        (_blocks, "blocking"),
        (_waits, "lasting"),
        (_swallows_the_end, "lasting"),
    ],
)
async def test_whatever_it_does_it_is_cut_off(work: Callable[[], Any], spent: str) -> None:
    """And the reason is said; code that swallows everything is interrupted again."""
    limits = {"computing": 60.0, "blocking": 60.0, "lasting": 60.0} | {spent: 0.1}
    budget = TurnBudget(**limits)
    with pytest.raises(TurnOverBudgetError) as error:
        await Budgeted(work(), budget)
    assert error.value.spent == spent


async def test_a_turn_within_its_budget_is_as_if_there_were_none() -> None:
    """Its value, its error and its waiting."""

    async def answers() -> int:
        await asyncio.sleep(0)
        return 42

    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError("no")

    assert await Budgeted(answers(), AMPLE) == 42
    with pytest.raises(LookupError):
        await Budgeted(fails(), AMPLE)


async def test_other_turns_are_not_hit_and_their_time_is_their_own() -> None:
    """Interleaved step by step with a turn that is cut off, and waiting far longer than it may compute."""
    reached: list[int] = []

    async def innocent(number: int) -> int:
        for _ in range(20):
            await asyncio.sleep(0.01)
        reached.append(number)
        return number

    turns: list[Awaitable[Any]] = [Budgeted(innocent(number), TurnBudget(5.0, 60.0, 60.0)) for number in range(5)]
    burning: list[Awaitable[Any]] = [Budgeted(_computes(), SMALL) for _ in range(3)]

    async def awaited(one: Awaitable[Any]) -> Any:
        return await one

    done = await asyncio.gather(*map(awaited, burning + turns), return_exceptions=True)
    assert [type(one) for one in done[:3]] == [TurnOverBudgetError] * 3
    assert done[3:] == [0, 1, 2, 3, 4]
    assert sorted(reached) == [0, 1, 2, 3, 4]


async def test_after_a_turn_no_alarm_is_left() -> None:
    """What computes outside a turn is nobody's business."""
    with pytest.raises(TurnOverBudgetError):
        await Budgeted(_computes(), SMALL)
    end = time.thread_time() + 0.3
    while time.thread_time() < end:
        pass


async def test_what_turns_share_is_not_torn_apart() -> None:
    """The alarm waits until the turn lets go of it."""
    whole: list[str] = []

    async def works() -> None:
        with not_cut():
            end = time.thread_time() + 0.2
            while time.thread_time() < end:
                pass
            whole.append("whole")
        while True:
            pass

    with pytest.raises(TurnOverBudgetError):
        await Budgeted(works(), SMALL)
    assert whole == ["whole"]


async def test_a_step_too_short_for_the_systems_timers_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clock ticks every 10 ms, no alarm may ring at all: the last step is looked at when it has ended."""
    monkeypatch.setattr("bot.brain.turn_budget.signal.setitimer", lambda *given: (0.0, 0.0))

    async def works() -> None:
        with not_cut():
            await asyncio.sleep(0)
        end = time.thread_time() + 0.002
        while time.thread_time() < end:
            pass

    with pytest.raises(TurnOverBudgetError):
        await Budgeted(works(), TurnBudget(computing=0.001, blocking=60.0, lasting=60.0))


async def test_a_turn_that_is_cut_off_cleans_up() -> None:
    """Its own `finally` runs, so that nothing it opened stays open."""
    closed: list[str] = []

    async def works() -> None:
        try:
            await _computes()
        finally:
            closed.append("closed")

    with pytest.raises(TurnOverBudgetError):
        await Budgeted(works(), SMALL)
    assert closed == ["closed"]


async def test_a_customer_who_hangs_up_ends_the_turn() -> None:
    """The server cancels the request's task, and that is no question of a budget."""
    task = asyncio.ensure_future(_awaited(Budgeted(_waits(), AMPLE)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _awaited(one: Awaitable[Any]) -> Any:
    return await one
