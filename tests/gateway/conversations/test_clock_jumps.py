"""Clocks are set, by hand or by a server of time: no message waits for the hour that was set back, or is given up.

X15 of the security cases.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.conversations import waiting
from bot.gateway.conversations.tables import Conversation, InboxMessage
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import messages, said, words

HOUR = 3600.0


def _attempts(session: Session) -> int:
    return session.scalar(select(func.max(InboxMessage.attempts))) or 0


async def _attempted(desk: Desk, times: int) -> None:
    await desk.until(_attempts, lambda found: found >= times)


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("hours", [1, -1])
async def test_a_message_that_waits_is_tried_again_soon_whatever_the_clock_does(
    desk: Desk, hours: int, restarted: bool
) -> None:
    """Set back an hour, it would have been silent for that hour; set forward, it would have been a ticket."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("hello"))
    await _attempted(desk, 2)
    desk.pass_time(hours * HOUR)
    if restarted:
        await desk.restart()
    await _attempted(desk, 4)
    desk.brain.behave = desk.brain.echo
    desk.pass_time(3)
    assert await desk.until_handled() == ["answered"]


async def test_patience_is_what_really_went_by(desk: Desk) -> None:
    """Back and forth by hours, a brain that stays away is given up after the settings' patience, and no sooner."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("hello"))
    for jump in (-HOUR, 10, HOUR, 10, -HOUR, 10):
        await desk.next_attempt()
        desk.pass_time(jump)
    await desk.next_attempt()
    assert await desk.read(lambda session: session.scalars(select(InboxMessage.outcome)).all()) == [None]
    for _ in range(6):
        await desk.next_attempt()
        desk.pass_time(20)
    assert await desk.until_handled() == ["handed_off"]


async def test_the_customer_is_told_to_wait_although_the_clock_was_set_back(desk: Desk) -> None:
    """A turn that lasts: seconds are counted by a clock that nobody sets."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("hello"))
    desk.pass_time(-HOUR)
    for attempt in range(1, 6):
        await _attempted(desk, attempt)
        desk.pass_time(2.5)
    assert words(waiting.WAKING_UP) in await desk.read(messages, "system")


async def test_a_claim_from_before_the_clock_was_set_back_has_lapsed(desk: Desk) -> None:
    """A gateway that died left it; the next one does not wait for the hour."""
    await desk.end()
    receipt = await desk.receive(said("hello"))

    def leave_claim(session: Session) -> None:
        found = session.get_one(Conversation, receipt.conversation_id)
        found.lease_holder, found.lease_until = "one that died", desk.clock() + waiting.LONGEST_STEP

    await desk.parts.database.run(leave_claim)
    desk.start()
    desk.pass_time(-HOUR)
    assert await desk.until_handled() == ["answered"]
