"""R12: what a turn says of reminders is kept with it or not at all, and a reminder's turn is taken like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.background import TIMER_KINDS
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.platform.signals import INBOX
from bot.gateway.tickets.tables import Ticket, Timer
from bot.gateway.tickets.timers import AlarmClock
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import messages, said
from tests.gateway.stub_brain import error, result

AHEAD = timedelta(minutes=10)


def outcomes_of_timers(session: Session) -> list[str | None]:
    """What became of each reminder."""
    return list(session.scalars(select(Timer.outcome).order_by(Timer.id)))


class Reminds:
    """A brain whose action sets a reminder when the customer writes, and says something when it comes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.fails = False

    async def __call__(self, turn: dict[str, Any]) -> httpx.Response:
        """Take a turn."""
        if turn["input"]["type"] == "reminder":
            if self.fails:
                return error(400, "bad_turn")
            return result(turn, f"Your parcel {turn['input']['entities'][0]['value']} is near.")
        due_at = (self.desk.clock() + AHEAD).isoformat()
        entities = [{"entity": "order", "value": "A1"}]
        change = {"do": "set", "name": "n", "intent": "EXTERNAL_parcel", "due_at": due_at, "entities": entities}
        return result(turn, "I'll tell you.", reminders=[change])


async def its_time_comes(desk: Desk) -> None:
    """The alarm clock rings."""
    desk.pass_time(AHEAD.total_seconds() + 1)
    alarm = AlarmClock(desk.parts.tickets, TIMER_KINDS)
    assert await JobRunner(desk.parts.database, desk.clock, alarm).run_due() == 1
    desk.parts.signals.wake(INBOX)


async def test_a_reminder_is_said_to_the_customer_at_its_time(desk: Desk) -> None:
    """Also after a restart in between; its turn carries the state, and nobody has to have written."""
    desk.brain.behave = Reminds(desk)
    await desk.receive(said("tell me when my parcel is near"))
    await desk.until_handled()
    await desk.restart()
    await its_time_comes(desk)
    assert await desk.until_handled() == ["answered", "answered"]
    assert (await desk.read(messages, "bot"))[-1] == "Your parcel A1 is near."
    assert desk.brain.turns[-1]["state"] is not None


async def test_a_turn_that_is_not_kept_sets_no_reminder(desk: Desk) -> None:
    """A human took the conversation while it was taken."""
    reminds = Reminds(desk)

    async def late(turn: dict[str, Any]) -> httpx.Response:
        def take_over(session: Session) -> None:
            conversation = transcript.lock(session, turn["conversation_id"])
            assert conversation is not None
            conversation.owner, conversation.owner_version = "queue", conversation.owner_version + 1

        await desk.parts.database.run(take_over)
        return await reminds(turn)

    desk.brain.behave = late
    await desk.receive(said("tell me when my parcel is near"))
    assert await desk.until_handled() == ["superseded"]
    assert await desk.read(outcomes_of_timers) == []


async def test_a_reminder_that_the_brain_cannot_take_makes_no_ticket_and_no_noise(desk: Desk) -> None:
    """The customer asked nothing just now: a model without its intent any more, say."""
    reminds = Reminds(desk)
    reminds.fails = True
    desk.brain.behave = reminds
    await desk.receive(said("tell me when my parcel is near"))
    await desk.until_handled()
    said_before = await desk.read(messages)
    await its_time_comes(desk)
    assert await desk.until_handled() == ["answered", "superseded"]
    assert await desk.read(messages) == said_before
    assert await desk.read(lambda session: session.scalars(select(Ticket)).all()) == []


async def test_a_reminder_on_its_way_when_a_human_takes_over_is_not_said(desk: Desk) -> None:
    """It waits behind another message, and then is nobody's any more."""
    desk.brain.behave = Reminds(desk)
    await desk.receive(said("tell me when my parcel is near"))
    await desk.until_handled()
    await desk.end()
    await its_time_comes(desk)

    def take_over(session: Session) -> None:
        conversation = session.scalars(select(Conversation)).one()
        conversation.owner, conversation.owner_version = "queue", conversation.owner_version + 1

    await desk.parts.database.run(take_over)
    desk.start()
    assert await desk.until_handled() == ["answered", "expired"]
    assert await desk.read(messages, "bot") == ["I'll tell you."]
