"""P1: where nothing can be answered in the line, the note fits what was written, and is never said twice running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.conversations.news import NewsReader
from bot.gateway.services import Services
from bot.gateway.tickets import notices, noting
from bot.gateway.tickets.attending import Attendant
from bot.gateway.tickets.notices import Notice
from bot.nlu.tone.feelings import Feelings, read_feelings
from bot.wording.sentences import wording
from tests.gateway.making import words
from tests.gateway.stub_brain import StubBrain, result
from tests.gateway.tickets.scene import Scene
from tests.gateway.tickets.test_attending import reaction
from tests.gateway.tickets.test_dangers import READER, SMOKE
from tests.gateway.tickets.test_line_buttons import Customer

ARTICLE = {"schema": "citation/1", "article": "hobs", "title": "Hobs", "heading": "Zones", "url": "https://help/hobs"}
THANKS, WISH = "thank you", "LF-1000017, M14 5TP"


async def reads(turn: dict[str, Any]) -> httpx.Response:
    """A brain that knows an article for everything but thanks and one wish."""
    text = turn["input"].get("text")
    if text == THANKS:
        trace = {"decision": {"kind": "act"}, "intent": {"name": "thanks"}, "form": None}
        return result(turn, "You're welcome.", trace=trace)
    if text == WISH:
        trace = {"decision": {"kind": "act"}, "form": {"name": "booking", "asks": "product"}}
        return result(turn, "What needs a technician?", trace=trace)
    if text is not None and "writing" in text:
        return result(turn, "I did not get that.", trace={"decision": {"kind": "unclear"}, "form": None})
    replies = [{"text": "Two zones share their power.", "citation": ARTICLE}]
    return result(turn, replies=replies, trace={"decision": {"kind": "answer"}, "form": None})


@pytest.fixture
def services(parts: Services) -> Services:
    """A British company's gateway that reads dangers and feelings."""
    feelings = Feelings(read_feelings(Path(__file__).parent / "none"))
    return replace(parts, tickets=replace(parts.tickets, dangers=READER, feelings=feelings, country="GB"))


@pytest.fixture
async def attendant(services: Services) -> AsyncIterator[Attendant]:
    """The attendant over that brain."""
    brain = StubBrain()
    brain.behave = reads
    client = brain.client()
    feed = NewsReader(services.database).feeds["queue"]
    yield Attendant(services.database, client, services.clock, services.tickets, feed)
    await client.close()


@pytest.fixture
async def ada(services: Services) -> Customer:
    """A customer in the queue."""
    scene = Scene(services.database, services.payloads)
    scene.services = services.tickets
    customer = Customer(scene)
    await customer.joins_the_line()
    return customer


async def notes(ada: Customer, attendant: Attendant, *texts: str) -> list[str]:
    """What follows from each message in turn."""
    return [said for text in texts for _, said in await reaction(ada, attendant, text)]


def in_english(*said: Notice) -> list[str]:
    """The words of notices."""
    return [words(one) for one in said]


@pytest.mark.parametrize("told", ["it's the front left zone. It's been replaced twice now", "it's about the gate code"])
async def test_no_article_is_told_to_a_statement(ada: Customer, attendant: Attendant, told: str) -> None:
    """Whatever article has its words: it is for the person."""
    assert await notes(ada, attendant, told, told, told) == in_english(noting.ADDED, noting.ADDED_AGAIN, noting.ADDED)


async def test_no_article_is_told_to_a_question_about_what_came_before(ada: Customer, attendant: Attendant) -> None:
    """It names nothing that an article could be about."""
    assert await notes(ada, attendant, "why can't you do it?") == in_english(noting.QUESTION_KEPT)


async def test_a_question_without_an_answer_is_put_to_the_person(ada: Customer, attendant: Attendant) -> None:
    """And no filing note."""
    asked = "will I get this in writing"
    assert await notes(ada, attendant, asked, asked) == in_english(noting.QUESTION_KEPT, noting.ADDED_AGAIN)


async def test_thanks_are_answered_and_not_filed(ada: Customer, attendant: Attendant) -> None:
    """The place is kept."""
    assert await notes(ada, attendant, THANKS) == in_english(noting.THANKED)


async def test_who_is_angry_hears_that_we_are_sorry(ada: Customer, attendant: Attendant) -> None:
    """A complaint or an insult is no entry in a file."""
    assert await notes(ada, attendant, "you are useless") == in_english(noting.SORRY)


async def test_who_mourns_hears_of_a_person_alone(ada: Customer, attendant: Attendant) -> None:
    """No article and no offer, as long as they wait."""
    told = ("my husband passed away in May", "I don't know what I'm asking. Can it just go", WISH)
    heard = await notes(ada, attendant, *told)
    assert heard == in_english(noting.WITH_CARE, noting.WITH_CARE_AGAIN, noting.WITH_CARE)


async def test_who_cannot_cope_is_not_filed(ada: Customer, attendant: Attendant) -> None:
    """What they want next may still be offered."""
    heard = await notes(ada, attendant, "I'm at my wits end with this", WISH)
    assert heard == in_english(noting.WITH_CARE, notices.added_and_offered(""))


async def test_after_a_danger_no_article_is_told_and_the_note_says_who_sees_it(
    ada: Customer, attendant: Attendant
) -> None:
    """Not even to a question of its own."""
    await ada.says(SMOKE)
    heard = await notes(ada, attendant, "who do I talk to about the fridge", "is the guarantee two years")
    assert heard == in_english(noting.SEEN_FIRST, noting.SEEN_FIRST_AGAIN)


@pytest.mark.parametrize(
    "over",
    [
        "switched off at the wall, windows open, smokes stopped. bit shaken tbh",
        "the fire brigade has been, it's all sorted",
        "flames are out now thank god",
    ],
)
async def test_who_says_that_the_danger_is_over_is_heard_at_once(ada: Customer, over: str) -> None:
    """By the gateway itself: nobody waits for the brain there."""
    await ada.says(SMOKE)
    await ada.says(over)
    assert (await ada.heard())[-1] == words(Notice(wording("danger.over")))


async def test_who_is_in_danger_and_wants_a_call_hears_who_writes_here(ada: Customer, attendant: Attendant) -> None:
    """The second time in other words."""
    await ada.says(SMOKE)
    await ada.says("will somebody ring me")
    assert (await ada.heard())[-1] == words(notices.answered_here())
    assert await notes(ada, attendant, "can somebody call me") == in_english(noting.SEEN_FIRST)


async def test_who_asks_for_it_to_be_passed_on_hears_that_it_is(ada: Customer) -> None:
    """And not their place in the line."""
    await ada.says("can you not just pass it on?")
    assert (await ada.heard())[-1] == words(notices.passes_on())


async def test_nobody_reads_the_same_place_twice_who_asks_again_and_again(ada: Customer) -> None:
    """Three ways to say it, in turn."""
    heard = []
    for text in ("hello", "anybody??", "twenty past twelve. still nobody. unbelievable"):
        await ada.says(text)
        heard.append((await ada.heard())[-1])
    assert heard[1:] == in_english(notices.unchanged(), notices.takes_long(1))
    assert len(set(heard)) == 3
