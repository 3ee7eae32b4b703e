"""Whether the event loop turns is said truthfully."""

from __future__ import annotations

import asyncio
import time

from bot.brain import heartbeat
from bot.brain.heartbeat import EVERY, HANGS_AFTER, Heartbeat
from bot.brain.turn_budget import LONGEST_STEP


async def test_a_loop_that_was_held_up_is_late_and_recovers() -> None:
    """Asked before the next beat, right after it, and when the loop turns again."""
    late_after = 5 * EVERY
    heart = Heartbeat(late_after)
    heart.start()
    assert not heart.is_late
    time.sleep(late_after + 2 * EVERY)  # noqa: ASYNC251 - somebody holds the loop
    assert heart.is_late
    while heart.is_late:  # noqa: ASYNC110 - the loop itself is what is waited for
        await asyncio.sleep(EVERY / 10)
    heart.stop()


def test_a_step_is_cut_off_before_the_process_ends_itself_and_that_before_the_gateway_hangs_up() -> None:
    """So that the mildest remedy comes first. The gateway's 20 s stand in `bot/gateway/conversations/brain_client.py`,
    the launcher's 30 s in `bot/processes.py`."""
    assert LONGEST_STEP < HANGS_AFTER < 20.0
    assert heartbeat.EVERY < HANGS_AFTER / 10
