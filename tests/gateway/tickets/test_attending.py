"""W10, kind 7: whatever a waiting customer writes gets a reaction, once, and only what may follow in the queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contract.turn import TextInput
from bot.gateway.background import worker_of
from bot.gateway.conversations.news import NewsReader
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.signals import DESK
from bot.gateway.services import Services
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices, noting
from bot.gateway.tickets.attending import Attendant
from bot.gateway.tickets.tables import Ticket
from bot.wording.sentences import wording
from tests.gateway.making import words
from tests.gateway.stub_brain import Gate, StubBrain, handoff, result
from tests.gateway.tickets.scene import Scene
from tests.gateway.tickets.test_line_buttons import Customer

HOURS = {"article": "store-hours", "title": "Opening hours", "heading": "Sunday", "url": "https://help/hours"}
MORE, ELSE, ASIDE = "and bank holidays", "even at christmas", "in writing too"
FACT, WISH, PERSON = "when do you open on sunday?", "book a technician please", "is nobody going to help us?"
VALUE, VALUES = "M14 5TP", "LF-1000025 M14 5TP"
NUMBER = "LF-1000025"
AIM, TOLD = "its only to find out when my heron's coming", "when is my heron coming?"
ABOUT = "about the double oven you're meant to be bringing today"
TITLES = {"track_order": "Track an order", "book_technician": "Book a technician"}

FOLLOW_UPS = {
    f"{FACT.rstrip('?')} {MORE}?": ("store-hours", "On bank holidays from noon."),
    f"{FACT.rstrip('?')} {MORE} until when?": ("store-hours", "Until 4pm."),
    f"{FACT.rstrip('?')} {ELSE}?": ("holidays", "At Christmas we are closed."),
    f"{FACT.rstrip('?')} {ASIDE}?": ("store-hours", "We are open in all seasons."),
}


async def reads(turn: dict[str, Any]) -> httpx.Response:
    """A brain that knows the hours, books technicians, hands over, and understands nothing else."""
    text = turn["input"].get("text")
    if text == FACT:
        replies = [{"text": "We open at 11am.", "citation": {"schema": "citation/1", **HOURS}}]
        return result(turn, replies=replies, trace={"decision": {"kind": "answer"}, "form": None})
    if text == WISH:
        trace = {"decision": {"kind": "act"}, "intent": {"name": "book_technician"}}
        trace["form"] = {"name": "booking", "asks": "product"}
        return result(turn, replies=[{"text": "What needs a technician?"}], trace=trace)
    if text == VALUE:
        entities = [{"entity": "postcode", "value": VALUE}]
        trace = {"decision": {"kind": "act"}, "intent": {"name": "inform"}, "entities": entities, "form": None}
        return result(turn, "What would you like me to do with that?", trace=trace)
    if text in (TOLD, f"{ABOUT}\n{VALUES}", f"{TOLD}\n{VALUES}"):
        trace = {"decision": {"kind": "act"}, "intent": {"name": "track_order"}, "form": None}
        actions = [{"name": "action_track_order", "ok": True, "error": None}]
        return result(turn, "It comes on Monday.", trace={**trace, "actions": actions})
    if text == VALUES:
        entities = [
            {"entity": "order_number", "value": "LF-1000025", "start": 0, "end": 10},
            {"entity": "postcode", "value": VALUE, "start": 11, "end": 18},
        ]
        trace = {"decision": {"kind": "act"}, "intent": {"name": "return_item"}, "entities": entities}
        return result(turn, "Why?", trace={**trace, "form": {"name": "return_form", "asks": "reason"}})
    if text == NUMBER:
        entities = [{"entity": "order_number", "value": NUMBER, "start": 0, "end": 10}]
        trace = {"decision": {"kind": "act"}, "intent": {"name": "inform"}, "entities": entities}
        actions = [{"name": "action_track_order", "ok": True, "error": None}]
        return result(turn, "It comes on Monday.", trace={**trace, "form": None, "actions": actions})
    if text in FOLLOW_UPS:
        article, said = FOLLOW_UPS[text]
        replies = [{"text": said, "citation": {"schema": "citation/1", **HOURS, "article": article}}]
        return result(turn, replies=replies, trace={"decision": {"kind": "answer"}, "form": None})
    if text == PERSON:
        trace = {"decision": {"kind": "act"}, "intent": {"name": "ask_for_person"}, "form": None}
        return result(turn, "I'm passing you on.", handoff=handoff("customer_request"), trace=trace)
    return result(turn, "I did not get that.", trace={"decision": {"kind": "unclear"}, "form": None})


@pytest.fixture
def brain() -> StubBrain:
    """The brain of these tests."""
    made = StubBrain()
    made.behave = reads
    return made


@pytest.fixture
def reader(parts: Services) -> NewsReader:
    """What tells the attendant that something is new."""
    return NewsReader(parts.database)


@pytest.fixture
def parts(parts: Services) -> Services:
    """A gateway that knows what customers read of two wishes."""
    return replace(parts, tickets=replace(parts.tickets, titles=TITLES))


@pytest.fixture
async def attendant(parts: Services, brain: StubBrain, reader: NewsReader) -> AsyncIterator[Attendant]:
    """The attendant over that brain."""
    client = brain.client()
    yield Attendant(parts.database, client, parts.clock, parts.tickets, reader.feeds["queue"])
    await client.close()


@pytest.fixture
async def ada(parts: Services) -> Customer:
    """A customer in the queue."""
    customer = Customer(Scene(parts.database, parts.payloads))
    await customer.joins_the_line()
    return customer


async def since(ada: Customer, before: int) -> list[tuple[str, str]]:
    """Who said what since so many messages."""
    found = [one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"]
    return [(one.author, one.text) for one in found if one.author != "customer"][before:]


async def reaction(ada: Customer, attendant: Attendant, *texts: str) -> list[tuple[str, str]]:
    """What follows from what the customer writes in one go."""
    before = len(await ada.heard())
    for text in texts:
        assert await ada.says(text) is None
    await attendant.attend(ada.conversation_id)
    return await since(ada, before)


async def test_a_wish_is_added_for_the_person_and_offered_to_be_done(
    ada: Customer, attendant: Attendant, brain: StubBrain
) -> None:
    """W10: nothing is begun by itself; pressed, the customer's own words go to the bot, and the place is kept."""
    [(author, text)] = await reaction(ada, attendant, WISH)
    assert (author, text) == ("system", words(notices.added_and_offered("", "Book a technician")))
    assert (await ada.scene.conversation(ada.conversation_id)).owner == "queue"
    assert [turn["shadow"] for turn in brain.turns] == [True]
    place = await ada.shown(notices.DO_NOW)
    turn = await ada.presses_button(place)
    turn = turn or await ada.works()
    assert turn is not None
    assert turn.turn.input == TextInput(WISH)
    assert not turn.turn.shadow
    assert (await ada.heard())[-1] == words(notices.doing_it_meanwhile())
    assert (await ada.scene.rows(Ticket))[-1].state == "queued"


@pytest.mark.parametrize("text", ["yes please", "yep", "go ahead", "ok"])
async def test_a_typed_yes_takes_the_offer(ada: Customer, attendant: Attendant, text: str) -> None:
    """And nothing else does: said to any other notice it is no yes to anything."""
    await reaction(ada, attendant, WISH)
    turn = await ada.says(text)
    assert turn is not None
    assert turn.turn.input == TextInput(WISH)


async def test_a_value_behind_the_offer_takes_it_with_the_wish(ada: Customer, attendant: Attendant) -> None:
    """Who answers what the assistant would ask wants it done: one turn with both."""
    assert await reaction(ada, attendant, VALUE) == [("system", words(notices.added()))]
    await reaction(ada, attendant, WISH)
    assert await reaction(ada, attendant, VALUE) == [("system", words(notices.doing_it_meanwhile()))]
    turn = await ada.works()
    assert turn is not None
    assert turn.turn.input == TextInput(f"{WISH}\n{VALUE}")


async def test_a_wish_that_is_offered_twice_is_offered_in_other_words(ada: Customer, attendant: Attendant) -> None:
    """And still says what would be done."""
    await reaction(ada, attendant, WISH)
    again = notices.added_and_offered("", "Book a technician", again=True)
    assert await reaction(ada, attendant, WISH) == [("system", words(again))]


async def test_an_aim_is_offered_as_the_wish_that_it_tells(ada: Customer, attendant: Attendant) -> None:
    """S012: what a person is wanted for may be done at once; it is done as it was tried."""
    said = await reaction(ada, attendant, AIM)
    assert said == [("system", words(notices.added_and_offered("", "Track an order")))]
    turn = await ada.says("yes please")
    assert turn is not None
    assert turn.turn.input == TextInput(TOLD)


async def test_values_are_offered_for_the_wish_that_was_told_before_them(ada: Customer, attendant: Attendant) -> None:
    """S009: not for what they would be read as alone; both messages are done in one turn."""
    assert await reaction(ada, attendant, ABOUT) == [("system", words(notices.added()))]
    said = await reaction(ada, attendant, VALUES)
    assert said == [("system", words(notices.added_and_offered("", "Track an order")))]
    turn = await ada.presses_button(await ada.shown(notices.DO_NOW))
    turn = turn or await ada.works()
    assert turn is not None
    assert turn.turn.input == TextInput(f"{ABOUT}\n{VALUES}")


async def test_values_alone_that_begin_something_are_offered_by_the_name_of_that(
    ada: Customer, attendant: Attendant
) -> None:
    """S053: a rule of the company's looks up an order by its number; the action bears the name of the wish."""
    said = await reaction(ada, attendant, NUMBER)
    assert said == [("system", words(notices.added_and_offered("", "Track an order")))]


async def test_values_behind_an_offer_take_it_whatever_they_would_be_read_as_alone(
    ada: Customer, attendant: Attendant
) -> None:
    """S012: "its only to find out when my heron's coming", and then what that needs."""
    await reaction(ada, attendant, AIM)
    assert await reaction(ada, attendant, VALUES) == [("system", words(notices.doing_it_meanwhile()))]
    turn = await ada.works()
    assert turn is not None
    assert turn.turn.input == TextInput(f"{TOLD}\n{VALUES}")


async def test_a_typed_yes_takes_both_messages(ada: Customer, attendant: Attendant) -> None:
    """As the button does."""
    await reaction(ada, attendant, ABOUT)
    await reaction(ada, attendant, VALUES)
    turn = await ada.says("yes please")
    assert turn is not None
    assert turn.turn.input == TextInput(f"{ABOUT}\n{VALUES}")


async def test_a_few_words_behind_an_answer_are_tried_as_its_question_goes_on(
    ada: Customer, attendant: Attendant
) -> None:
    """Answered where the answer has what they name, or, where they name nothing, from the same article; else noted."""
    await reaction(ada, attendant, FACT)
    said = await reaction(ada, attendant, MORE)
    assert said == [("bot", f"{words(notices.WHILE_YOU_WAIT)}\n\nOn bank holidays from noon.")]
    said = await reaction(ada, attendant, "until when")
    assert said == [("bot", f"{words(notices.WHILE_YOU_WAIT)}\n\nUntil 4pm.")]
    await reaction(ada, attendant, FACT)
    said = await reaction(ada, attendant, ELSE)
    assert said == [("bot", f"{words(notices.WHILE_YOU_WAIT)}\n\nAt Christmas we are closed.")]
    await reaction(ada, attendant, FACT)
    assert await reaction(ada, attendant, ASIDE) == [("system", words(notices.added()))]
    assert await reaction(ada, attendant, MORE) == [("system", words(notices.added(again=True)))]


async def test_the_same_answer_is_not_told_twice_running(ada: Customer, attendant: Attendant) -> None:
    """Whoever asks again wants more than it says."""
    await reaction(ada, attendant, FACT)
    assert await reaction(ada, attendant, FACT) == [("system", words(noting.TOLD_ABOVE))]


async def test_who_asks_for_a_person_again_hears_how_things_stand(ada: Customer, attendant: Attendant) -> None:
    """No second hand-over, and no offer to do it now."""
    said = await reaction(ada, attendant, PERSON)
    assert said == [("system", words(notices.waiting(1, None, wording("queue.nobody"))))]
    assert len(await ada.scene.rows(Ticket)) == 1


async def test_a_question_of_fact_gets_the_articles_answer(ada: Customer, attendant: Attendant) -> None:
    """W10: cited, marked as the assistant's, and the customer keeps waiting."""
    said = await reaction(ada, attendant, FACT)
    assert said == [("bot", f"{words(notices.WHILE_YOU_WAIT)}\n\nWe open at 11am.")]
    last = [one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"][-1]
    assert (last.citation or {})["article"] == "store-hours"
    assert (await ada.scene.conversation(ada.conversation_id)).owner == "queue"


@pytest.mark.parametrize("text", ["the number is on the back", "asdf"])
async def test_whatever_else_is_written_is_added_for_the_person(ada: Customer, attendant: Attendant, text: str) -> None:
    """Kind 7: no silence, no second hand-over, and none of the bot's own words; the second time in other words."""
    assert await reaction(ada, attendant, text) == [("system", words(notices.added()))]
    assert await reaction(ada, attendant, "and it is loud") == [("system", words(notices.added(again=True)))]
    assert len(await ada.scene.rows(Ticket)) == 1


async def test_what_was_said_last_is_recognised_in_every_language(ada: Customer, attendant: Attendant) -> None:
    """Or a French customer would read the same sentence again and again."""

    def speaks(session: Session) -> None:
        session.get_one(Conversation, ada.conversation_id).locale = "fr-CA"

    await ada.scene.database.run(speaks)
    assert await reaction(ada, attendant, "asdf") == [("system", words(notices.added(), "fr"))]
    assert await reaction(ada, attendant, "jkl") == [("system", words(notices.added(again=True), "fr"))]


@pytest.mark.parametrize("fault", ["away", "failing", "cutting_off"])
async def test_with_the_brain_away_the_customer_hears_it_all_the_same(
    ada: Customer, attendant: Attendant, brain: StubBrain, fault: str
) -> None:
    """Kind 7: the reaction never depends on the brain."""
    brain.behave = getattr(brain, fault)
    assert await reaction(ada, attendant, FACT) == [("system", words(noting.QUESTION_KEPT))]


async def test_what_is_written_in_one_go_is_added_once_and_each_question_answered(
    ada: Customer, attendant: Attendant
) -> None:
    """Three lines are no reason for three thanks; a question among them is not lost."""
    said = await reaction(ada, attendant, "one more thing", FACT, "it is for my mother")
    assert [author for author, _ in said] == ["bot", "system"]


async def test_two_gateways_react_once(ada: Customer, attendant: Attendant) -> None:
    """Both have read the message before either has said anything."""
    before = len(await ada.heard())
    await ada.says(WISH)
    await asyncio.gather(*(attendant.attend(ada.conversation_id) for _ in range(2)))
    await attendant.attend(ada.conversation_id)
    assert len(await since(ada, before)) == 1


async def test_nothing_is_said_once_a_human_has_come(ada: Customer, attendant: Attendant, brain: StubBrain) -> None:
    """The bot never talks over a human, whose claim comes while the message is being read."""
    gate = Gate(reads)
    brain.behave = gate
    await ada.says(FACT)
    running = asyncio.create_task(attendant.attend(ada.conversation_id))
    await gate.reached.wait()
    sam = await ada.scene.agent("Sam")
    await ada.scene.take(tickets.claim, (await ada.scene.rows(Ticket))[-1].id, sam)
    before = len(await ada.heard())
    gate.open.set()
    await running
    assert await since(ada, before) == []


async def test_what_a_human_has_read_is_not_answered_when_they_pass_the_customer_on(
    ada: Customer, attendant: Attendant
) -> None:
    """Back in the queue, only what is written from then on is the assistant's to react to."""
    sam = await ada.scene.agent("Sam")
    ticket_id = (await ada.scene.rows(Ticket))[-1].id
    await ada.scene.take(tickets.claim, ticket_id, sam)
    await ada.says(FACT)
    await ada.scene.take(tickets.transfer, ticket_id, sam)
    before = len(await ada.heard())
    await attendant.attend(ada.conversation_id)
    assert await since(ada, before) == []
    assert await reaction(ada, attendant, "thanks") == [("system", words(notices.added()))]


async def test_what_the_line_has_answered_itself_is_not_answered_twice(ada: Customer, attendant: Attendant) -> None:
    """D11: the reply to "Which e-mail address?" has had its sentence."""
    await ada.scene.database.run(_ask_for_address)
    before = len(await ada.heard())
    await ada.says("a@example")
    await attendant.attend(ada.conversation_id)
    assert len(await since(ada, before)) == 1


@pytest.mark.parametrize("text", ["back to the assistant", "the first one"])
async def test_a_typed_choice_of_the_line_counts_as_its_button(ada: Customer, text: str) -> None:
    """Kind 1: titles and numbers typed, under the notice that was said last."""
    await ada.says(text)
    assert (await ada.scene.rows(Ticket))[-1].state == "abandoned"


async def test_what_came_before_the_worker_had_kept_it_is_looked_at_again(ada: Customer, attendant: Attendant) -> None:
    """Kind 7: a slow worker costs no reaction."""
    await ada.scene.says("ada", "it hums")
    assert not await attendant.attend(ada.conversation_id)
    await ada.works()
    assert await attendant.attend(ada.conversation_id)
    assert (await ada.heard())[-1] == words(notices.added())


async def test_it_runs_beside_the_worker_and_sees_what_was_written_before_it_started(
    parts: Services, ada: Customer, attendant: Attendant, brain: StubBrain, reader: NewsReader
) -> None:
    """As a gateway runs it: a message from while none was there, and one that comes now."""
    await ada.says("it is a Heron 9")
    client = brain.client()
    tasks = [
        asyncio.create_task(reader.run()),
        asyncio.create_task(attendant.run()),
        asyncio.create_task(worker_of(replace(parts, brain=client)).run()),
    ]
    try:
        with parts.signals.subscribe(DESK) as changes:
            for text, wanted in ((None, words(notices.added())), (FACT, words(notices.WHILE_YOU_WAIT))):
                if text is not None:
                    await ada.scene.says("ada", text)
                async with asyncio.timeout(15):
                    while not (await ada.heard())[-1].startswith(wanted):
                        await changes.wait(0.05)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()


def _ask_for_address(session: Session) -> None:
    session.scalars(select(Ticket)).one().contact = {"kind": "email", "address": None}
