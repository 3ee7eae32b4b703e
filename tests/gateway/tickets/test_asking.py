"""Asking for a person: nobody stands in the queue more often than they may, and who may not is told who has theirs.

X2 of the security cases.
"""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript, unanswered, waiting, work
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets import asking, notices
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from tests.gateway.making import conversation_services, new_conversation, words
from tests.gateway.tickets.scene import REQUEST, Scene

HOME = "0" * 32


async def _asks(scene: Scene, name: str, where: str | None = HOME, channel: str = "web") -> bool:
    """A visitor's conversation needs a person; tells whether it is in the queue."""

    def ask(session: Session) -> bool:
        if session.get(Conversation, name) is None:
            new_conversation(session, name, channel=channel).origin = where
        conversation = transcript.lock(session, name)
        assert conversation is not None
        return asking.hand_over(session, scene.services, conversation, REQUEST, scene.clock())

    return await scene.database.run(ask)


async def test_one_address_stands_in_the_line_ten_times_at_most(scene: Scene) -> None:
    """60 conversations of one address that all want a person; the next real customer is number 11, not 61."""
    inside = [await _asks(scene, f"c{number}") for number in range(60)]
    assert inside == [True] * 10 + [False] * 50
    assert await _asks(scene, "honest", where="1" * 32)
    assert await scene.states("honest") == [("queue", 11)]


async def test_who_is_at_the_limit_is_told_and_stays_with_the_bot(scene: Scene) -> None:
    """Nothing is lost silently: a sentence, the owner unchanged, and room again when a ticket is done."""
    agent = await scene.agent("Sam")
    for number in range(11):
        await _asks(scene, f"c{number}")
    assert await scene.texts("c10", "system") == [words(notices.enough_tickets_nearby())]
    assert (await scene.conversation("c10")).owner == "bot"
    [first, *_] = await scene.rows(Ticket)
    await scene.take(tickets.claim, first.id, agent)
    assert not await _asks(scene, "c10")
    await scene.database.run(tickets.resolve, scene.services, first.id, agent, "solved", "", scene.clock())
    assert await _asks(scene, "c10")


async def test_a_visitor_who_has_picked_several_times_waits_for_those(scene: Scene) -> None:
    """Call-backs are open tickets too; an open one that is in the queue is kept, as ever."""
    for _ in range(3):
        assert await _asks(scene, "c1")
        assert await _asks(scene, "c1")

        def picked(session: Session) -> None:
            for ticket in session.scalars(select(Ticket)):
                ticket.state = "scheduled"
            session.get_one(Conversation, "c1").owner = "bot"

        await scene.database.run(picked)
    assert not await _asks(scene, "c1")
    assert (await scene.texts("c1", "system"))[-1] == words(notices.enough_tickets())


async def test_a_messaging_users_conversations_count_together(scene: Scene) -> None:
    """There the origin is the user."""
    inside = [await _asks(scene, f"c{number}", channel="telegram") for number in range(4)]
    assert inside == [True, True, True, False]
    assert (await scene.texts("c3", "system"))[-1] == words(notices.enough_tickets())


async def test_conversations_whose_place_is_unknown_do_not_count_together(scene: Scene) -> None:
    """Nobody pays for somebody else's tickets because nothing is known of both."""
    assert all([await _asks(scene, f"c{number}", where=None) for number in range(15)])


async def test_two_gateways_do_not_both_give_away_the_last_place(scene: Scene) -> None:
    """Twenty at once over two gateways: ten tickets."""
    other = Scene(Database(scene.database.url.render_as_string(hide_password=False), Signals()), scene.payloads)
    try:
        inside = await asyncio.gather(*(_asks((scene, other)[number % 2], f"c{number}") for number in range(20)))
    finally:
        other.database.close()
    assert inside.count(True) == 10


async def test_limits_are_what_the_settings_say(scene: Scene) -> None:
    """From desk.yml."""
    scene.services = TicketServices(dataclasses.replace(DEFAULT, tickets_per_visitor=1, tickets_per_address=2))
    assert [await _asks(scene, f"c{number}") for number in range(3)] == [True, True, False]


@pytest.mark.parametrize("room", [True, False])
async def test_a_message_that_failed_promises_a_colleague_only_where_one_will_look(scene: Scene, room: bool) -> None:
    """At the limit the customer is asked to come back, and the message is finished, not lost in the inbox."""
    scene.services = TicketServices(dataclasses.replace(DEFAULT, tickets_per_visitor=1))
    conversation_id = await scene.says("ada", "help", channel="telegram")
    if not room:

        def scheduled(session: Session) -> None:
            conversation = session.get_one(Conversation, conversation_id)
            tickets.open_ticket(session, scene.services, conversation, REQUEST, scene.clock()).state = "scheduled"
            conversation.owner = "bot"

        await scene.database.run(scheduled)
    claimed = await scene.database.run(work.claim, conversation_services(scene.services), "worker", (), scene.clock())
    assert claimed is not None
    outcome = await scene.database.run(
        unanswered.give_up,
        conversation_services(scene.services),
        claimed,
        "worker",
        "why",
        None,
        waiting.BROKEN,
        scene.clock(),
    )
    said = await scene.texts(conversation_id, "system")
    [message] = await scene.rows(InboxMessage)
    assert message.handled_at is not None
    if room:
        assert (outcome, said[0]) == ("handed_off", words(waiting.BROKEN))
    else:
        assert (outcome, said[-2:]) == (
            "not_handed_off",
            [words(waiting.BROKEN_ALONE), words(notices.enough_tickets())],
        )
