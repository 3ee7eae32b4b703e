"""P1 and P2: a danger is noticed whoever has the conversation; in the line the line's own questions are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.conversations import transcript
from bot.gateway.desk import lists
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import asking, notices
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import read_safety
from tests.gateway.making import words
from tests.gateway.tickets.scene import REQUEST, Scene
from tests.gateway.tickets.test_later import company
from tests.gateway.tickets.test_line_buttons import Customer

__all__ = ["company"]

READER = DangerReader(read_safety(Path(__file__).resolve().parents[3] / "data" / "safety"))
SMOKE = "there is smoke coming out of my dryer"


@pytest.fixture
def ada(company: Scene) -> Customer:
    """A customer of a British company that reads dangers; it is Monday noon, and nobody is at the desk."""
    company.services = replace(company.services, dangers=READER, country="GB")
    return Customer(company)


async def ticket(scene: Scene) -> Ticket:
    """The newest ticket."""
    return (await scene.rows(Ticket))[-1]


async def marks(ada: Customer) -> Sequence[str]:
    """The notes that the desk sees and the customer does not."""
    found = await ada.scene.entries(ada.conversation_id)
    return [one.text for one in found if one.type == "note" and not one.visible_to_customer]


async def test_in_the_line_a_danger_gets_the_fixed_words_and_comes_first(ada: Customer) -> None:
    """Before everybody who waits, with the reason that the desk shows."""
    await ada.joins_the_line()
    assert await ada.says(SMOKE) is None
    assert "999" in (await ada.heard())[-1]
    urgent = await ticket(ada.scene)
    assert (urgent.priority, urgent.reason) == ("urgent", "danger")
    assert urgent.package["reason"]["evidence"] == SMOKE
    assert urgent.package["routing"]["priority"] == "urgent"
    assert any("Danger (fire)" in mark for mark in await marks(ada))


async def test_who_is_in_danger_is_taken_before_who_came_earlier(ada: Customer) -> None:
    """The line moves."""
    earlier = await ada.scene.says("ben", "a person please")
    await ada.scene.handled()
    await ada.scene.hand_off(earlier)
    await ada.joins_the_line()
    await ada.says(SMOKE)
    page = await ada.scene.database.read(lists.page, "waiting", "nobody", ada.scene.clock())
    assert [one["place"] for one in page["tickets"] if one["conversation_id"] == ada.conversation_id] == [1]
    assert page["tickets"][0]["reason"]["code"] == "danger"


async def test_the_same_words_are_not_said_again_to_the_same_danger(ada: Customer) -> None:
    """The second message is kept for the person, as others are."""
    await ada.joins_the_line()
    await ada.says(SMOKE)
    before = await ada.heard()
    await ada.says("the smoke is coming out faster now")
    assert await ada.heard() == before


@pytest.mark.parametrize(
    ("asked", "lead"),
    [("its only faint, can i not just wait til monday", "do not wait"), ("who do I ring", "This comes first")],
)
async def test_whoever_asks_to_wait_or_what_to_do_gets_the_fixed_words_again(
    ada: Customer, asked: str, lead: str
) -> None:
    """A danger is open until somebody says that it is over; an order number says nothing of the kind."""
    await ada.joins_the_line()
    await ada.says(SMOKE)
    await ada.says("my number is LF-1000017")
    before = await ada.heard()
    await ada.says(asked)
    heard = (await ada.heard())[-1]
    assert lead in heard
    assert "999" in heard
    await ada.says("the smoke has gone, all sorted now")
    await ada.says("can I use it again?")
    assert [one for one in await ada.heard() if "999" in one][-1] == heard
    assert sum("999" in one for one in await ada.heard()) == sum("999" in one for one in before) + 1


async def test_nothing_is_repeated_where_no_danger_was_told_of(ada: Customer) -> None:
    """Somebody who waits for a refund may ask to wait."""
    await ada.joins_the_line()
    before = await ada.heard()
    await ada.says("can I wait till monday")
    assert not any("This still holds" in one for one in (await ada.heard())[len(before) :])


async def test_while_a_human_has_it_only_the_desk_sees_a_mark(ada: Customer) -> None:
    """The human answers; the assistant does not talk over them."""
    await ada.joins_the_line()
    sam = await ada.scene.agent("Sam")
    await ada.scene.take(tickets.claim, (await ticket(ada.scene)).id, sam)
    before = await ada.heard()
    await ada.says(SMOKE)
    assert await ada.heard() == before
    assert any("Danger (fire)" in mark for mark in await marks(ada))
    assert (await ticket(ada.scene)).priority == "urgent"


async def test_what_is_harmless_leaves_the_ticket_as_it_was(ada: Customer) -> None:
    """A word alone is no danger."""
    await ada.joins_the_line()
    await ada.says("there is no smoke, it just does not heat")
    kept = await ticket(ada.scene)
    assert (kept.priority, await marks(ada)) == ("normal", [])


async def test_a_danger_that_the_bot_hears_is_urgent_and_offers_no_choices(ada: Customer) -> None:
    """Who is in danger has something else to do than to choose."""
    conversation_id = await ada.scene.says("ada", SMOKE)
    await ada.scene.handled()
    await ada.scene.hand_off(conversation_id, HandoffRequest(ReasonCode.DANGER, SMOKE))
    assert (await ticket(ada.scene)).priority == "urgent"
    said = [one for one in await ada.scene.entries(conversation_id) if one.type == "message"][-1]
    assert said.choices == []


async def test_who_left_an_address_and_is_in_danger_now_is_urgent(ada: Customer) -> None:
    """One conversation has one ticket: it becomes urgent."""
    await ada.joins_the_line()
    await ada.presses_newest(notices.EMAIL)
    await ada.says("ada@example.com")
    await ada.scene.hand_off(ada.conversation_id, HandoffRequest(ReasonCode.DANGER, SMOKE))
    urgent = await ticket(ada.scene)
    assert (urgent.priority, urgent.reason, urgent.state) == ("urgent", "danger", "queued")


async def test_no_limit_keeps_a_danger_from_a_person(ada: Customer) -> None:
    """Whoever has asked too often before may still be in danger."""
    ada.scene.services = replace(
        ada.scene.services, desk=replace(ada.scene.services.desk, tickets_per_visitor=0, tickets_per_address=0)
    )
    conversation_id = await ada.scene.says("ada", SMOKE)
    await ada.scene.handled()

    def hand_over(session: Transaction, request: HandoffRequest) -> bool:
        conversation = transcript.lock(session, conversation_id)
        assert conversation is not None
        return asking.hand_over(session, ada.scene.services, conversation, request, ada.scene.clock())

    assert not await ada.scene.database.run(hand_over, REQUEST)
    assert await ada.scene.database.run(hand_over, HandoffRequest(ReasonCode.DANGER, SMOKE))


@pytest.mark.parametrize(
    "asked", ["how long do I have to wait?", "where am I in the queue", "hello?", "is anybody there?", "still waiting"]
)
async def test_who_asks_how_long_hears_how_things_stand(ada: Customer, asked: str) -> None:
    """P2: the place, and who is there, as it is now."""
    await ada.joins_the_line()
    await ada.says(asked)
    assert "first in the queue" in (await ada.heard())[-1]


@pytest.mark.parametrize(
    "said", ["never mind, I don't want a person any more", "back to the bot please", "I don't want to wait any longer"]
)
async def test_who_wants_no_person_any_more_is_out_of_the_line(ada: Customer, said: str) -> None:
    """P2: as the button does it."""
    await ada.joins_the_line()
    await ada.says(said)
    assert (await ticket(ada.scene)).state == "abandoned"
    assert (await ada.heard())[-1] == words(notices.abandoned())


async def test_nobody_talks_themselves_out_of_a_danger(ada: Customer) -> None:
    """A person looks at it, whatever became of it."""
    await ada.joins_the_line()
    await ada.says(SMOKE)
    await ada.says("never mind")
    assert (await ticket(ada.scene)).state == "queued"


async def test_a_time_can_be_asked_for_long_after_its_button(ada: Customer) -> None:
    """P2: typed "pick a time"."""
    await ada.joins_the_line()
    await ada.says("how long do I have to wait?")
    await ada.says("my order number is LF-1000017")
    await ada.says("can I pick a time?")
    assert await ada.shown(notices.TIME)


async def test_an_answer_by_email_can_be_asked_for_in_words(ada: Customer) -> None:
    """And the address is the next thing that is asked for."""
    await ada.joins_the_line()
    await ada.says("could you email me instead?")
    assert (await ada.heard())[-1] == words(notices.ask_email())


async def test_after_an_address_was_taken_the_assistant_answers_again(ada: Customer) -> None:
    """P2: the next question has a turn of the bot."""
    await ada.joins_the_line()
    await ada.presses_newest(notices.EMAIL)
    await ada.says("ada@example.com")
    assert await ada.says("when do you open on sunday?") is not None


@pytest.mark.parametrize("said", ["how long does a refund take", "the washing machine takes too long", "my visit"])
async def test_what_is_about_something_else_is_for_the_person(ada: Customer, said: str) -> None:
    """An article may answer it; the line does not."""
    await ada.joins_the_line()
    before = await ada.heard()
    await ada.says(said)
    assert await ada.heard() == before
