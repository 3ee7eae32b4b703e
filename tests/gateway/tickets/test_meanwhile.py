"""P2: a wish that is done while its customer keeps the place in the queue, and requests that are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from bot.contract.turn import TextInput
from bot.gateway.conversations import work
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import meanwhile, notices
from bot.gateway.tickets.tables import Ticket
from tests.gateway.making import conversation_services, words
from tests.gateway.tickets.scene import Scene
from tests.gateway.tickets.test_later import company
from tests.gateway.tickets.test_line_buttons import Customer

__all__ = ["company"]

WISH = "where is my order?"
FORM = {"open_form": {"name": "track", "requested_slot": "order_number"}}


@pytest.fixture
async def ada(company: Scene) -> Customer:
    """A customer in the queue whose wish the bot has just begun to do."""
    ada = Customer(company)
    await ada.joins_the_line()
    return ada


async def begins(ada: Customer) -> work.Work:
    """The bot takes what she wrote last."""
    await ada.says(WISH)
    asked = next(one for one in reversed(await ada.scene.entries(ada.conversation_id)) if one.author == "customer")

    def begin(session: Transaction) -> None:
        conversation = session.get_one(Conversation, ada.conversation_id)
        meanwhile.begin(session, ada.scene.services, conversation, [str(asked.message_id)], ada.scene.clock())

    await ada.scene.database.run(begin)
    claimed = await ada.works()
    assert claimed is not None
    return claimed


async def ends(ada: Customer, claimed: work.Work, reply: Reply, state: Mapping[str, Any] | None = None) -> None:
    """The turn is over."""
    taken = TurnTaken((reply,), None, state, {"decision": {"kind": "act"}})
    services = conversation_services(ada.scene.services)
    await ada.scene.database.run(work.finish, services, claimed, taken, "me", ada.scene.clock())


async def state_of(ada: Customer) -> tuple[str, str]:
    """Who has the conversation, and the state of its ticket."""
    conversation = await ada.scene.conversation(ada.conversation_id)
    return conversation.owner, (await ada.scene.rows(Ticket))[-1].state


async def test_who_had_something_done_waits_on_in_the_same_place(ada: Customer) -> None:
    """Not before it is done: under a form's question the bot still has them."""
    claimed = await begins(ada)
    assert await state_of(ada) == ("bot", "queued")
    await ends(ada, claimed, Reply("What is the order number?"), FORM)
    assert await state_of(ada) == ("bot", "queued")
    answered = await ada.says("LF-1000017")
    assert answered is not None
    await ends(ada, answered, Reply("It comes on Monday."))
    assert await state_of(ada) == ("queue", "queued")
    assert (await ada.heard())[-1] == words(notices.place_was_kept(1))
    assert await ada.says("then I don't need them any more") is None
    assert await state_of(ada) == ("bot", "abandoned")


async def test_a_wish_that_was_done_is_not_begun_again_and_that_is_said(ada: Customer) -> None:
    """An old button is no reason for silence."""
    await ends(ada, await begins(ada), Reply("It comes on Monday."))
    asked = next(one for one in reversed(await ada.scene.entries(ada.conversation_id)) if one.author == "customer")

    def begin(session: Transaction) -> None:
        conversation = session.get_one(Conversation, ada.conversation_id)
        meanwhile.begin(session, ada.scene.services, conversation, [str(asked.message_id)], ada.scene.clock())

    await ada.scene.database.run(begin)
    assert (await ada.heard())[-1] == words(notices.not_in_line())
    assert await state_of(ada) == ("queue", "queued")


async def test_a_person_may_come_meanwhile(ada: Customer) -> None:
    """What the bot would have said is kept from the customer, and it takes nobody back into the queue."""
    claimed = await begins(ada)
    sam = await ada.scene.agent("Sam")
    await ada.scene.take(tickets.claim, (await ada.scene.rows(Ticket))[-1].id, sam)
    await ends(ada, claimed, Reply("It comes on Monday."))
    assert await state_of(ada) == (f"human:{sam.id}", "accepted")
    assert "It comes on Monday." not in await ada.heard()


async def test_whoever_asks_for_a_person_meanwhile_waits_on(ada: Customer) -> None:
    """In the place that was kept; it is no second request."""
    await begins(ada)
    await ada.scene.hand_off(ada.conversation_id)
    assert await state_of(ada) == ("queue", "queued")
    assert len(await ada.scene.rows(Ticket)) == 1


async def test_the_request_can_be_taken_back_meanwhile(ada: Customer) -> None:
    """A bare "never mind" is for the bot's own question; what is wanted besides is done."""
    await ends(ada, await begins(ada), Reply("What is the order number?"), FORM)
    left = await ada.says("never mind")
    assert left is not None
    await ends(ada, left, Reply("What else?"), FORM)
    assert await ada.says("don't bother with the person") is None
    assert await state_of(ada) == ("bot", "abandoned")
    assert (await ada.heard())[-1] == words(notices.taken_out())


async def test_who_leaves_the_queue_with_a_wish_has_it_done(ada: Customer) -> None:
    """S010: "I'll do it with you, book me an engineer" begins as the wish alone would; nothing is asked again."""
    claimed = await ada.says("no, I'll do it with you. book me an engineer for the washer")
    assert claimed is not None
    assert claimed.turn.input == TextInput("book me an engineer for the washer")
    assert await state_of(ada) == ("bot", "abandoned")


async def test_who_leaves_the_queue_and_wants_nothing_more_is_asked(ada: Customer) -> None:
    """S007."""
    assert await ada.says("oh lovely, that's all I wanted. don't bother with the person") is None
    assert await state_of(ada) == ("bot", "abandoned")
    assert (await ada.heard())[-1] == words(notices.abandoned())


async def test_an_address_beside_the_wish_for_an_e_mail_is_taken(ada: Customer) -> None:
    """S008: it is not asked for again, and it is said what happens with it."""
    await ada.says("Could they e-mail me instead? tamsin.hale@example.org")
    assert (await ada.heard())[-1] == words(notices.email_noted("tamsin.hale@example.org"))


async def test_the_same_question_twice_gets_no_identical_sentence(ada: Customer) -> None:
    """S011: hello, anybody?"""
    heard = []
    for text in ("hello", "anybody??", "still nobody. unbelievable"):
        await ada.says(text)
        heard.append((await ada.heard())[-1])
    assert heard[0] != heard[1] != heard[2]
    assert heard[1] == words(notices.unchanged())


async def test_nobody_in_danger_is_asked_to_pick_a_time(ada: Customer) -> None:
    """S002: "will somebody ring me" gets the place in the queue, without choices."""

    def make_urgent(session: Transaction) -> None:
        session.scalars(select(Ticket)).one().reason = "danger"

    await ada.scene.database.run(make_urgent)
    await ada.says("will somebody ring me")
    last = [one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"][-1]
    assert last.choices == []
