"""P1: where nothing can be answered in the line, the note fits what was written, and is never said twice running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.conversations.news import NewsReader
from bot.gateway.services import Services
from bot.gateway.tickets import notices, noting
from bot.gateway.tickets.attending import Attendant
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.tables import Ticket
from bot.nlu.tone.feelings import Feelings, read_feelings
from bot.nlu.tone.waiting import WaitingFeeling
from bot.wording.sentences import wording
from tests.gateway.making import words
from tests.gateway.stub_brain import StubBrain, handoff, result
from tests.gateway.tickets.scene import Scene
from tests.gateway.tickets.test_attending import reaction
from tests.gateway.tickets.test_dangers import READER, SMOKE
from tests.gateway.tickets.test_line_buttons import Customer

ARTICLE = {"schema": "citation/1", "article": "hobs", "title": "Hobs", "heading": "Zones", "url": "https://help/hobs"}
THANKS, WISH = "thank you", "LF-1000017, M14 5TP"
UPSET, READ_AS_UPSET = "I never touched it", "who did this"


async def reads(turn: dict[str, Any]) -> httpx.Response:
    """A brain that knows an article for everything but thanks and one wish."""
    text = turn["input"].get("text")
    if text == THANKS:
        trace = {"decision": {"kind": "act"}, "intent": {"name": "thanks"}, "form": None}
        return result(turn, "You're welcome.", trace=trace)
    if text == WISH:
        trace = {"decision": {"kind": "act"}, "form": {"name": "booking", "asks": "product"}}
        return result(turn, "What needs a technician?", trace=trace)
    if text == UPSET:
        trace = {"decision": {"kind": "unclear"}, "tone": {"message": 0.8, "trend": 0.4}, "form": None}
        return result(turn, "I did not get that.", trace=trace)
    if text == READ_AS_UPSET:
        return result(turn, "I'm sorry.", trace={"decision": {"kind": "upset"}}, handoff=handoff("upset_customer"))
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
    heard = await notes(ada, attendant, "you are useless", "this is ridiculous")
    assert heard == in_english(noting.SORRY, noting.SORRY_AGAIN)


async def test_what_is_added_to_a_complaint_is_no_mere_entry(ada: Customer, attendant: Attendant) -> None:
    """S052: sorry once more, and not in the same words twice running."""
    await ada.says("I want to make a complaint about the man who came")
    await attendant.attend(ada.conversation_id)
    heard = await notes(ada, attendant, "the gate is still open", "it's the left one", "will I get this in writing")
    assert heard == in_english(noting.ADDED, noting.SORRY, noting.QUESTION_KEPT)


async def test_who_mourns_hears_of_a_person_alone(ada: Customer, attendant: Attendant) -> None:
    """No article and no offer, as long as they wait."""
    told = ("my husband passed away in May", "I don't know what I'm asking. Can it just go", WISH)
    heard = await notes(ada, attendant, *told)
    lost, _ = noting.FELT["lost"]
    assert heard == in_english(noting.WITH_CARE, noting.WITH_CARE_AGAIN.after(lost), noting.WITH_CARE)


async def test_who_cannot_cope_is_not_filed(ada: Customer, attendant: Attendant) -> None:
    """What they want next may still be offered."""
    heard = await notes(ada, attendant, "I'm at my wits end with this", WISH)
    assert heard == in_english(noting.WITH_CARE, notices.added_and_offered(""))


async def test_after_a_danger_no_article_is_told_and_the_note_says_who_sees_it(
    ada: Customer, attendant: Attendant
) -> None:
    """Not even to a question of its own."""
    await ada.says(SMOKE)
    heard = await notes(ada, attendant, "is the guarantee one year or two", "is the guarantee two years")
    assert heard == in_english(noting.SEEN_FIRST, noting.SEEN_FIRST_AGAIN)


@pytest.mark.parametrize(
    ("over", "felt"),
    [
        ("switched off at the wall, windows open, smokes stopped. bit shaken tbh", "frightened"),
        ("the fire brigade has been, it's all sorted", None),
        ("flames are out now thank god", "relieved"),
    ],
)
async def test_who_says_that_the_danger_is_over_is_heard_at_once(
    ada: Customer, over: str, felt: WaitingFeeling | None
) -> None:
    """By the gateway itself, nobody waits for the brain there; and what they feel first."""
    await ada.says(SMOKE)
    await ada.says(over)
    said = Notice(wording("danger.over"))
    assert (await ada.heard())[-1] == words(said if felt is None else said.after(noting.FELT[felt][0]))


async def test_who_asks_in_danger_whether_it_can_wait_hears_the_words_in_another_way_each_time(ada: Customer) -> None:
    """The fixed words stand in each, and no message is the one before."""
    await ada.says(SMOKE)
    for text in ("can I not just wait till monday", "can it wait", "can we use it again"):
        before = (await ada.heard())[-1]
        await ada.says(text)
        assert "call 999" in (await ada.heard())[-1] != before


async def test_who_is_in_danger_and_wants_a_call_hears_who_writes_here(ada: Customer, attendant: Attendant) -> None:
    """The second time in other words, and with nothing to choose."""
    await ada.says(SMOKE)
    await ada.says("will somebody ring me")
    assert (await ada.heard())[-1] == words(notices.answered_here())
    await ada.says("who do I talk to about the fridge, it wasn't fixed to anything")
    last = [one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"][-1]
    assert last.text.startswith(words(Notice(wording("queue.who_answers"))))
    assert last.choices == []
    await ada.says("will somebody ring me")
    assert await notes(ada, attendant, "can somebody call me") == in_english(noting.SEEN_FIRST)


async def test_who_asks_for_it_to_be_passed_on_hears_that_it_is(ada: Customer) -> None:
    """And not their place in the line."""
    await ada.says("can you not just pass it on?")
    assert (await ada.heard())[-1] == words(notices.passes_on())


async def test_nobody_reads_the_same_place_twice_who_asks_again_and_again(ada: Customer) -> None:
    """Three ways to say it, in turn."""
    heard = []
    for text in ("hello", "anybody??", "are you still there"):
        await ada.says(text)
        heard.append((await ada.heard())[-1])
    assert heard[1:] == in_english(notices.unchanged(), notices.takes_long(1))
    assert len(set(heard)) == 3


async def test_who_is_annoyed_at_the_wait_hears_first_that_we_are_sorry(ada: Customer, attendant: Attendant) -> None:
    """S011: whether they ask or only say so, and each time in other words."""
    heard = [(await ada.heard())[-1]]
    for text in ("twenty past twelve. still nobody. unbelievable", "still nobody"):
        await ada.says(text)
        heard.append((await ada.heard())[-1])
    heard += await notes(ada, attendant, "for god's sake", "nobody cares")
    sorry = [words(Notice(wording(key))) for key in ("queue.takes_long", "queue.takes_long_again", "queue.unchanged")]
    assert all(said.startswith(tuple(sorry)) for said in heard[1:])
    assert all(said != before for before, said in pairwise(heard))
    assert heard[1].startswith(sorry[0])


@pytest.mark.parametrize(
    ("told", "felt"),
    [
        (("I'm still shaking", "I'm so scared"), "frightened"),
        (("Ambulance people are here now thank god", "phew"), "relieved"),
        (("I don't know what I'm asking", "don't even know where to start"), "lost"),
    ],
)
async def test_what_somebody_feels_is_heard_before_it_is_noted(
    ada: Customer, attendant: Attendant, told: tuple[str, str], felt: WaitingFeeling
) -> None:
    """A kind sentence first, and another one when it is said again."""
    heard = await notes(ada, attendant, *told)
    leads = in_english(*(Notice(lead) for lead in noting.FELT[felt]))
    assert [said.startswith(lead) and len(said) > len(lead) for said, lead in zip(heard, leads, strict=True)] == [
        True,
        True,
    ]


async def test_relief_about_a_danger_is_heard_and_a_person_still_comes_first(
    ada: Customer, attendant: Attendant
) -> None:
    """S006: no filing note."""
    await ada.says(SMOKE)
    glad, _ = noting.FELT["relieved"]
    assert await notes(ada, attendant, "phew") == in_english(noting.SEEN_FIRST.after(glad))


async def test_who_sounds_upset_is_not_filed(ada: Customer, attendant: Attendant) -> None:
    """S053: although none of the words says so; and again in other words."""
    heard = await notes(ada, attendant, UPSET, READ_AS_UPSET)
    assert heard == in_english(noting.SORRY, noting.SORRY_AGAIN)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("will somebody ring me", "queue.in_this_chat"),
        ("who do I talk to", "queue.who_answers"),
        ("am I talking to a machine", "queue.with_the_assistant"),
        ("can I close this", "queue.need_not_stay"),
        ("will they see what I wrote", "queue.passes_on"),
    ],
)
async def test_what_is_asked_about_the_waiting_is_answered_by_the_gateway(ada: Customer, asked: str, key: str) -> None:
    """With what is true, and the second time in other words."""
    await ada.says(asked)
    first = (await ada.heard())[-1]
    assert first.startswith(words(Notice(wording(key))))
    await ada.says(asked)
    assert (await ada.heard())[-1] != first


async def test_who_asks_for_a_call_reads_the_place_and_may_pick_a_time(ada: Customer) -> None:
    """S002: the ways on stand below."""
    await ada.says("will somebody ring me")
    last = [one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"][-1]
    assert words(Notice(wording("queue.next_while_nobody"))) in last.text
    assert notices.PICK_TIME in [one["payload"] for one in last.choices]


async def test_who_may_close_the_page_keeps_the_place(ada: Customer) -> None:
    """As with the button for it."""
    await ada.says("do I need to stay on here")
    assert (await ada.scene.rows(Ticket))[-1].keeps_place


async def test_times_that_are_asked_for_twice_are_offered_in_other_words(ada: Customer) -> None:
    """The same buttons."""
    offers = []
    for _ in range(2):
        await ada.says("can I pick a time")
        offers.append([one for one in await ada.scene.entries(ada.conversation_id) if one.type == "message"][-1])
    assert offers[0].text != offers[1].text
    assert [one["title"] for one in offers[0].choices] == [one["title"] for one in offers[1].choices]
