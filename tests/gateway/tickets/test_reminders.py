"""R12: an action's reminder comes back once, at its time, to whoever runs then, and not where it has lost its sense."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contract.question import OPEN_FORM
from bot.contract.reminders import CancelReminders, ReminderChange, SetReminder
from bot.contract.turn import ReminderInput, input_of
from bot.gateway.background import TIMER_KINDS
from bot.gateway.channels import ending
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.database import Database
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets import reminders
from bot.gateway.tickets.tables import Timer
from bot.gateway.tickets.timers import AlarmClock
from tests.gateway.tickets.scene import NOON, Scene

SOON = NOON + timedelta(minutes=10)


def reminder(name: str = "parcel", due_at: datetime = SOON, **more: Any) -> SetReminder:
    """A reminder that a delivery is near."""
    return SetReminder(name, "EXTERNAL_parcel", due_at, [{"entity": "order", "value": "A1"}], **more)


class Customer:
    """A customer whom the bot has, and who wrote something."""

    def __init__(self, scene: Scene, conversation_id: str) -> None:
        self.scene = scene
        self.id = conversation_id
        self._turns = 0

    async def reminded(self, *changes: ReminderChange) -> None:
        """A turn makes changes to their reminders."""
        self._turns += 1
        message_id = f"turn-{self._turns}"

        def work(session: Session) -> None:
            conversation = transcript.lock(session, self.id)
            assert conversation is not None
            reminders.change(session, conversation, changes, message_id, self.scene.clock())

        await self.scene.database.run(work)

    async def brought(self, at: datetime, database: Database | None = None) -> list[ReminderInput]:
        """What the bot has got by then."""
        self.scene.now = max(at, self.scene.now)
        alarm = AlarmClock(self.scene.services, TIMER_KINDS)
        await JobRunner(database or self.scene.database, lambda: self.scene.now, alarm).run_due()
        return await self.scene.database.read(_brought)

    async def changed(self, **values: Any) -> None:
        """Something else happens to the conversation."""

        def work(session: Session) -> None:
            conversation = session.get_one(Conversation, self.id)
            for name, value in values.items():
                setattr(conversation, name, value)

        await self.scene.database.run(work)


def _brought(session: Session) -> list[ReminderInput]:
    rows: Sequence[dict[str, Any]] = session.scalars(select(InboxMessage.input).order_by(InboxMessage.id)).all()
    read = [input_of(row) for row in rows if row["type"] == "reminder"]
    return [one for one in read if isinstance(one, ReminderInput)]


@pytest.fixture
async def customer(scene: Scene) -> Customer:
    """They have written once, and were answered."""
    conversation_id = await scene.says("ada", "where is my parcel?")
    await scene.handled()
    return Customer(scene, conversation_id)


async def test_a_reminder_comes_at_its_time_not_before_and_once(customer: Customer) -> None:
    """As a message of its own, with its intent and entities."""
    await customer.reminded(reminder())
    assert await customer.brought(SOON - timedelta(seconds=1)) == []
    (came,) = await customer.brought(SOON)
    assert (came.name, came.intent, came.entities) == (
        "parcel",
        "EXTERNAL_parcel",
        [{"entity": "order", "value": "A1"}],
    )
    assert len(await customer.brought(SOON + timedelta(hours=1))) == 1


async def test_a_reminder_outlives_the_gateway_and_of_many_one_brings_it(customer: Customer, database_url: str) -> None:
    """They all wake at the same moment, each with connections of its own."""
    await customer.reminded(reminder("one"), reminder("two"))
    others = [Database(database_url, Signals()) for _ in range(3)]
    await asyncio.gather(*(customer.brought(SOON, one) for one in others))
    for one in others:
        one.close()
    assert sorted(one.name for one in await customer.brought(SOON)) == ["one", "two"]


@pytest.mark.parametrize(
    ("cancelled", "left"),
    [
        (CancelReminders(name="one"), ["two"]),
        (CancelReminders(), []),
        (CancelReminders(intent="EXTERNAL_parcel"), []),
        (CancelReminders(intent="EXTERNAL_other"), ["one", "two"]),
        (CancelReminders(entities=[{"entity": "order", "value": "A1"}]), []),
        (CancelReminders(name="one", entities=[{"entity": "order", "value": "A2"}]), ["one", "two"]),
    ],
)
async def test_reminders_are_called_off_by_what_is_given_or_all_of_them(
    customer: Customer, cancelled: CancelReminders, left: list[str]
) -> None:
    """As rasa-sdk's ReminderCancelled says."""
    await customer.reminded(reminder("one"), reminder("two"))
    await customer.reminded(cancelled)
    assert [one.name for one in await customer.brought(SOON)] == left


async def test_changes_are_made_in_their_order(customer: Customer) -> None:
    """Called off and set anew in one turn, it is set."""
    await customer.reminded(reminder("one"))
    await customer.reminded(CancelReminders(), reminder("new"))
    assert [one.name for one in await customer.brought(SOON)] == ["new"]


async def test_a_reminder_of_the_same_name_takes_the_place_of_the_one_that_waits(customer: Customer) -> None:
    """At its own time."""
    await customer.reminded(reminder())
    await customer.reminded(reminder(due_at=SOON + timedelta(hours=1)))
    assert await customer.brought(SOON) == []
    assert len(await customer.brought(SOON + timedelta(hours=1))) == 1


async def test_a_reminder_falls_away_when_the_customer_writes_unless_it_is_to_stay(customer: Customer) -> None:
    """rasa-sdk's `kill_on_user_message`, which is true where nothing is said."""
    await customer.reminded(reminder("falls"), reminder("stays", unless_said=False))
    await customer.scene.says("ada", "it has come")
    await customer.scene.handled()
    assert [one.name for one in await customer.brought(SOON)] == ["stays"]


@pytest.mark.parametrize("owner", ["queue", "human:agent-1"])
async def test_a_reminder_falls_away_while_a_person_or_the_line_has_the_conversation(
    customer: Customer, owner: str
) -> None:
    """The bot never talks over a human, and afterwards it would come too late."""
    await customer.reminded(reminder())
    await customer.changed(owner=owner)
    assert await customer.brought(SOON) == []
    await customer.changed(owner="bot")
    assert await customer.brought(SOON + timedelta(days=1)) == []


async def test_a_reminder_falls_away_where_nobody_would_read_it(customer: Customer) -> None:
    """The customer has blocked us."""
    await customer.reminded(reminder())
    await customer.changed(reachable=False)
    assert await customer.brought(SOON) == []


async def test_a_reminder_ends_with_the_conversation(customer: Customer) -> None:
    """A visitor ends it in the browser."""
    await customer.reminded(reminder())

    def work(session: Session) -> None:
        conversation = session.get_one(Conversation, customer.id)
        ending.end(session, customer.scene.services, conversation, customer.scene.clock())

    await customer.scene.database.run(work)
    assert await customer.brought(SOON) == []


async def test_a_reminder_waits_while_a_form_is_open(customer: Customer) -> None:
    """Its turn would be taken for an answer."""
    await customer.reminded(reminder())
    await customer.changed(dialogue_state={OPEN_FORM: {"name": "f", "requested_slot": "s"}})
    assert await customer.brought(SOON) == []
    await customer.changed(dialogue_state={OPEN_FORM: None})
    assert len(await customer.brought(SOON + reminders.WHILE_FORM_IS_OPEN)) == 1


async def test_a_reminder_of_a_time_that_has_passed_comes_at_once(customer: Customer) -> None:
    """An action's clock may be a little behind."""
    await customer.reminded(reminder(due_at=NOON - timedelta(days=400)))
    assert len(await customer.brought(NOON)) == 1


async def test_what_is_too_far_ahead_or_too_much_is_not_set_and_said_in_the_log(
    customer: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    """Those that wait already stay."""
    far = NOON + reminders.LONGEST_AHEAD + timedelta(days=1)
    await customer.reminded(reminder("far", far), reminder("never", datetime.max.replace(tzinfo=NOON.tzinfo)))
    await customer.reminded(*(reminder(str(number)) for number in range(reminders.MOST + 2)))
    huge = SetReminder("huge", "EXTERNAL_parcel", SOON, [{"entity": "e", "value": "x" * reminders.LARGEST}])
    await customer.reminded(huge)
    assert len(await customer.brought(SOON)) == reminders.MOST
    assert (
        await customer.scene.database.read(lambda session: len(session.scalars(select(Timer)).all())) == reminders.MOST
    )
    assert len(caplog.messages) == 5
