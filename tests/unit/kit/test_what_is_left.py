"""A customer who tells what they tried is told what is left, and who has tried all of it gets more than advice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.contract import names
from tests.unit.kit.talk import HEADING, Answer, Talk, answer_at

pytestmark = pytest.mark.usefixtures("served")

FIRST, SECOND = "We open at nine.", "On Sundays we open at ten."
LAST = {"text": "when are you open", "article": "store-hours", "version": "v1", "shown": [[10, 26]]}


def _left(nothing: bool = False, **more: Any) -> dict[str, Any]:
    answer = None if nothing else answer_at(0, "store-hours", SECOND, len(FIRST) + 1)
    left = {"article": "store-hours", "version": "v1", "answer": answer, "done": [[10, 26]], "steps": True}
    return {**left, "told": True, "points_at": "", **more}


def _told(talk: Talk, left: dict[str, Any], **decision: Any) -> Answer:
    from bot.kit.answer_question import AnswerQuestion

    knowledge = {"answer": left["answer"], "remaining": left}
    decision = {"kind": "answer", "remains": True, **decision}
    talk.customer("did the first", names.KNOWLEDGE_QUESTION, knowledge=knowledge, decision=decision)
    return talk.run(AnswerQuestion())


def test_the_steps_that_are_left_are_said_with_what_goes_with_the_article(talk: Callable[..., Talk]) -> None:
    answer = _told(talk(slots={"last_question": LAST}), _left(), offers="track_order")
    assert answer.said == ["utter_still_to_try", SECOND, "utter_offer_track_order"]
    assert answer.messages[1]["custom"]["article"] == "store-hours"


def test_what_was_not_said_yet_needs_no_introduction(talk: Callable[..., Talk]) -> None:
    assert _told(talk(slots={"last_question": LAST}), _left(steps=False)).said == [SECOND]


def test_what_was_shown_and_done_is_remembered(talk: Callable[..., Talk]) -> None:
    """With the step that the customer points at: "how do I clean it?" belongs to that."""
    kept = _told(talk(slots={"last_question": LAST}), _left()).slots["last_question"]
    start = len(HEADING) + len(FIRST) + 1
    assert kept["shown"] == [[10, 26], [start, start + len(SECOND)]]
    assert kept["done"] == [[10, 26]]
    assert kept["text"] == "when are you open"
    pointed = _told(talk(slots={"last_question": LAST}), _left(points_at="On Sundays"))
    assert pointed.slots["last_question"]["text"] == "On Sundays"


def test_who_has_tried_everything_is_offered_more_than_advice(talk: Callable[..., Talk]) -> None:
    """What goes with the article, and a person."""
    answer = _told(talk(slots={"last_question": LAST}), _left(nothing=True), offers="track_order")
    assert answer.said == ["utter_all_tried"]
    assert list(answer.choices.values()) == ["/track_order", f"/{names.ASK_FOR_PERSON}"]
    alone = _told(talk(slots={"last_question": LAST}), _left(nothing=True))
    assert list(alone.choices.values()) == [f"/{names.ASK_FOR_PERSON}"]


@pytest.mark.parametrize(
    ("told", "tries", "said"),
    [
        (True, 1, ["utter_still_to_try", SECOND]),
        (True, 2, ["utter_still_to_try", SECOND]),
        (False, 1, ["utter_still_to_try", SECOND]),
        (False, 2, ["utter_talk_person_instead"]),
    ],
)
def test_what_did_not_help_is_followed_by_what_is_left(
    talk: Callable[..., Talk], told: bool, tries: int, said: list[str]
) -> None:
    """Once for who only describes more of it, and as often as somebody tells what they tried."""
    from bot.kit.talk_about_conversation import TalkAboutConversation

    begun = talk(slots={"last_question": LAST})
    for knowledge in [None] * (tries - 1) + [_left(told=told)]:
        found = {"remaining": knowledge} if knowledge else {}
        begun.customer("no", names.TALK_ABOUT_CONVERSATION, talk={"act": "no_help"}, knowledge=found)
        answer = begun.run(TalkAboutConversation())
    assert answer.said == said
