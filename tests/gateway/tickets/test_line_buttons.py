"""The queue's buttons belong to their ticket (D1, kind 1); who left an address has the assistant again (kind 7)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.contract.turn import TextInput
from bot.gateway.conversations import inbox, questions, transcript, work
from bot.gateway.conversations.inbox import Chose, InboundMessage
from bot.gateway.tickets import asking, notices
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.tables import Ticket
from tests.gateway.making import conversation_services, words
from tests.gateway.tickets.scene import REQUEST, Scene
from tests.gateway.tickets.test_later import company

__all__ = ["company"]


class Customer:
    """Ada, who types and presses any button that she was ever shown, through the worker's own transaction."""

    def __init__(self, scene: Scene, conversation_id: str = "") -> None:
        self.scene = scene
        self.conversation_id = conversation_id
        self.presses = 0

    async def joins_the_line(self) -> None:
        """She wants a person."""
        self.conversation_id = await self.scene.says("ada", "a person please")
        await self.scene.handled()
        await self.scene.hand_off(self.conversation_id)

    async def says(self, text: str) -> work.Work | None:
        """She types; gives the turn where the bot has to take one."""
        await self.scene.says("ada", text)
        return await self.works()

    async def shown(self, payload: str) -> tuple[int, int]:
        """Where the newest button that begins so stands."""
        for entry in reversed(await self.scene.entries(self.conversation_id)):
            for index, choice in enumerate(entry.choices):
                if choice["payload"].startswith(payload):
                    return entry.seq, index
        raise AssertionError(f"{payload} was never shown")

    async def presses_button(self, place: tuple[int, int]) -> work.Work | None:
        """She presses what stands there."""
        self.presses += 1
        entry = next(one for one in await self.scene.entries(self.conversation_id) if one.seq == place[0])
        payload = entry.choices[place[1]]["payload"]
        token = self.scene.payloads.token(self.conversation_id, *place, payload)
        message = InboundMessage("telegram", "default", "ada", f"press{self.presses}", Chose(token))
        await self.scene.database.run(
            inbox.receive, message, payloads=self.scene.payloads, allowed={}, now=self.scene.clock()
        )
        return await self.works()

    async def presses_newest(self, payload: str) -> None:
        """She presses the newest button that begins so."""
        assert await self.presses_button(await self.shown(payload)) is None

    async def heard(self) -> list[str]:
        """All that was said to her."""
        found = await self.scene.entries(self.conversation_id)
        return [one.text for one in found if one.type == "message" and one.author != "customer"]

    async def works(self) -> work.Work | None:
        """The worker looks once; gives the turn where the bot has to take one."""
        claimed = await self.scene.database.run(
            work.claim, conversation_services(self.scene.services), "me", (), self.scene.clock()
        )
        assert claimed != "held"
        return claimed


@pytest.fixture
def ada(company: Scene) -> Customer:
    """A customer at a company with its own hours; it is Monday noon, and nobody is at the desk."""
    return Customer(company)


async def ticket(scene: Scene) -> Any:
    """The newest ticket."""
    return (await scene.rows(Ticket))[-1]


async def test_a_time_of_an_earlier_wait_is_not_agreed_for_a_later_one(ada: Customer) -> None:
    """D1, kind 1: the queue was left and joined anew; the old offer does nothing, and that is said."""
    await ada.joins_the_line()
    await ada.presses_newest(notices.PICK_TIME)
    old = await ada.shown(notices.TIME)
    await ada.presses_newest(notices.RETURN_TO_BOT)
    await ada.scene.hand_off(ada.conversation_id)
    await ada.presses_button(old)
    assert (await ticket(ada.scene)).state == "queued"
    assert (await ada.heard())[-1] == words(notices.not_in_line())


async def test_an_old_way_back_does_not_end_a_new_wait(ada: Customer) -> None:
    """D1, kind 1: who asked for a person again has not left the queue by an old button."""
    await ada.joins_the_line()
    old = await ada.shown(notices.RETURN_TO_BOT)
    await ada.presses_button(old)
    await ada.scene.hand_off(ada.conversation_id)
    # Something said between, so that it is no second press of the same thumb.
    await ada.says("hello?")
    await ada.presses_button(old)
    assert (await ticket(ada.scene)).state == "queued"


async def test_an_old_button_calls_off_no_new_call_back(ada: Customer) -> None:
    """D1, kind 1: the first call-back was called off, the second is another one."""
    await ada.joins_the_line()
    await ada.presses_newest(notices.PICK_TIME)
    await ada.presses_newest(notices.TIME)
    old = await ada.shown(notices.CANCEL_CALLBACK)
    await ada.presses_button(old)
    await ada.scene.hand_off(ada.conversation_id)
    await ada.presses_newest(notices.PICK_TIME)
    await ada.presses_newest(notices.TIME)
    await ada.presses_button(old)
    assert (await ticket(ada.scene)).state == "scheduled"
    assert words(questions.NOTHING_OPEN) in (await ada.heard())[-1]
    # Its own button works.
    await ada.presses_newest(notices.CANCEL_CALLBACK)
    assert (await ticket(ada.scene)).state == "abandoned"


async def test_a_button_of_the_line_pressed_twice_gets_one_reply(ada: Customer) -> None:
    """Kind 1: an impatient thumb, two tabs."""
    await ada.joins_the_line()
    place = await ada.shown(notices.PICK_TIME)
    await ada.presses_button(place)
    before = await ada.heard()
    await ada.presses_button(place)
    assert await ada.heard() == before


async def test_no_button_of_a_line_that_is_left_is_met_with_silence(ada: Customer) -> None:
    """Kind 7: each gets a sentence, and nothing is done."""
    await ada.joins_the_line()
    places = [
        await ada.shown(one) for one in (notices.KEEP_PLACE, notices.PICK_TIME, notices.EMAIL, notices.RETURN_TO_BOT)
    ]
    await ada.scene.abandon(ada.conversation_id)
    for place in places:
        before = len(await ada.heard())
        await ada.presses_button(place)
        assert len(await ada.heard()) == before + 1
    assert (await ticket(ada.scene)).state == "abandoned"


async def leaves_an_address(ada: Customer) -> None:
    """Ada waits no longer."""
    await ada.joins_the_line()
    await ada.presses_newest(notices.EMAIL)
    assert await ada.says("ada@example.com") is None


async def test_who_left_an_address_has_the_assistant_again(ada: Customer) -> None:
    """Kind 7: the next message is a turn of the bot's; the ticket stays in the queue, and the page says where to."""
    await leaves_an_address(ada)
    assert (await ada.scene.conversation(ada.conversation_id)).owner == "bot"
    found = await ticket(ada.scene)
    assert (found.state, found.contact) == ("queued", {"kind": "email", "address": "ada@example.com"})
    state = [one.detail for one in await ada.scene.entries(ada.conversation_id) if one.type == "state"][-1]
    assert (state["owner"], state["answer_to"]) == ("bot", "ada@example.com")
    turn = await ada.says("when do you open on sunday?")
    assert turn is not None
    assert turn.turn.input == TextInput("when do you open on sunday?")


async def test_the_address_can_be_corrected_while_the_assistant_has_the_conversation(ada: Customer) -> None:
    """D11, kind 7: and is confirmed; the same address again is the bot's to answer."""
    await leaves_an_address(ada)
    assert await ada.says("sorry, wrong address: it is siobhan@example.com") is None
    assert (await ticket(ada.scene)).contact["address"] == "siobhan@example.com"
    assert (await ada.heard())[-1] == words(notices.email_noted("siobhan@example.com", corrected=True))


async def test_an_address_that_a_form_asks_for_corrects_no_other(ada: Customer) -> None:
    """Kind 2: a booking's address is the booking's."""
    await leaves_an_address(ada)

    def open_a_form(session: Session) -> None:
        conversation = transcript.lock(session, ada.conversation_id)
        assert conversation is not None
        conversation.dialogue_state = {"open_form": {"name": "booking", "requested_slot": "email"}}

    await ada.scene.database.run(open_a_form)
    assert await ada.says("kim@example.com") is not None
    assert (await ticket(ada.scene)).contact["address"] == "ada@example.com"


async def test_who_asks_for_a_person_here_after_all_is_in_the_line_again(ada: Customer) -> None:
    """Kind 7: never "I'm passing you on" and then nothing; the ticket is the same one, with its place."""
    await leaves_an_address(ada)

    def hand_over(session: Session) -> bool:
        conversation = transcript.lock(session, ada.conversation_id)
        assert conversation is not None
        return asking.hand_over(session, ada.scene.services, conversation, REQUEST, ada.scene.clock())

    assert await ada.scene.database.run(hand_over)
    assert len(await ada.scene.rows(Ticket)) == 1
    assert (await ticket(ada.scene)).contact is None
    assert (await ada.scene.states(ada.conversation_id))[-1] == ("queue", 1)
    assert "first in the queue" in (await ada.heard())[-1]


async def test_who_came_back_after_leaving_an_address_hears_who_joins(ada: Customer) -> None:
    """W4: nobody is told in an empty room, and nobody who is there is left without a word."""
    await leaves_an_address(ada)
    await ada.says("are you still open?")
    sam = await ada.scene.agent("Sam")
    await ada.scene.take(tickets.claim, (await ticket(ada.scene)).id, sam)
    assert (await ada.heard())[-1] == words(notices.claimed("Sam"))
