"""What is said about the conversation itself is answered from what was said, asked and agreed before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.contract import names
from tests.unit.kit.talk import Answer, Talk, answer_at

pytestmark = pytest.mark.usefixtures("served")

HOURS = "We open at nine. On Sundays we open at ten."
CITED = {"schema": "citation/1", "article": "store-hours", "title": "Opening hours", "heading": "Hours", "url": "u"}


def _assistant(talk: Talk, text: str, **data: Any) -> Talk:
    talk.events.append({"event": "bot", "text": text, "data": data})
    return talk


def _says(talk: Talk, act: str, rest: str = "", text: str = "…", **more: Any) -> Answer:
    from bot.kit.talk_about_conversation import TalkAboutConversation

    left = {"act": act, **({"rest": rest} if rest else {})}
    talk.customer(text, names.TALK_ABOUT_CONVERSATION, talk=left, **more)
    answer = talk.run(TalkAboutConversation())
    for message in answer.messages:
        data = {"buttons": message["buttons"], "custom": message["custom"]}
        talk.events.append({"event": "bot", "text": message["text"] or message["response"], "data": data})
    return answer


def _answered(talk: Talk, **decision: Any) -> Talk:
    """After the hours were told; two other articles came near."""
    passages = [
        {"id": 0, "article": "store-hours", "heading": "Hours", "score": 0.9},
        {"id": 3, "article": "internal-goodwill", "heading": "Hours", "score": 0.5},
        {"id": 2, "article": "refund-times", "heading": "Hours", "score": 0.3},
    ]
    knowledge = {"answer": answer_at(0, "store-hours", HOURS), "passages": passages}
    talk.customer("when are you open?", "knowledge_question", knowledge=knowledge, decision=decision)
    return _assistant(talk, HOURS, custom=CITED)


def test_an_answer_is_repeated_from_the_article_with_its_source(talk: Callable[..., Talk]) -> None:
    """As often as it is asked for."""
    begun = _answered(talk())
    for _ in range(2):
        answer = _says(begun, "repeat")
        assert answer.said == [HOURS]
        assert answer.messages[0]["custom"]["article"] == "store-hours"


def test_a_question_is_repeated_with_its_buttons(talk: Callable[..., Talk]) -> None:
    """And the open form does not ask it a second time."""
    begun = talk(form="track_order_form", slots={"requested_slot": "postcode"}).customer("track my order")
    _assistant(begun, "Which one?", buttons=[{"title": "Yes", "payload": "/affirm"}])
    answer = _says(begun, "repeat")
    assert answer.said == ["Which one?"]
    assert answer.choices == {"Yes": "/affirm"}
    assert answer.events[0]["name"] == "action_listen"


def test_nothing_said_is_admitted(talk: Callable[..., Talk]) -> None:
    """At the very beginning."""
    assert _says(talk(), "repeat").said == ["utter_talk_nothing_said"]
    assert _says(talk(), "sure").said == ["utter_talk_nothing_said"]
    assert _says(talk(), "agreed").said == ["utter_talk_nothing_agreed"]
    assert _says(talk(), "why").said == ["utter_talk_nothing_asked"]
    assert _says(talk(), "back").said == _says(talk(), "start_again").said == ["utter_talk_nothing_open"]


def test_simpler_is_the_first_sentence_and_then_a_person(talk: Callable[..., Talk]) -> None:
    """One sentence cannot be made simpler by saying it again."""
    begun = _answered(talk())
    assert _says(begun, "simpler").said == ["We open at nine."]
    again = _says(begun, "simpler")
    assert again.said == ["utter_talk_no_simpler"]
    assert f"/{names.ASK_FOR_PERSON}" in again.choices.values()


def test_what_did_not_help_is_followed_by_another_public_article_and_then_by_a_person(
    talk: Callable[..., Talk],
) -> None:
    """Never by one that was shown, nor by one that customers may not read."""
    begun = _answered(talk())
    first = _says(begun, "no_help")
    assert first.said == ["utter_talk_another"]
    assert '/knowledge_question{"article": "refund-times"}' in first.choices.values()
    second = _says(begun, "no_help")
    assert second.said == ["utter_talk_person_instead"]
    assert list(second.choices.values()) == [f"/{names.ASK_FOR_PERSON}", f"/{names.DENY}"]


def test_what_is_offered_with_an_answer_comes_before_another_article(talk: Callable[..., Talk]) -> None:
    """A visit, where the checks did not help; but who asked something else wants another answer."""
    offered = _says(_answered(talk(), offers="track_order"), "no_help")
    assert offered.said == ["utter_talk_offer_or_person"]
    assert "/track_order" in offered.choices.values()
    assert _says(_answered(talk(), offers="track_order"), "not_asked").said == ["utter_talk_another"]


def test_what_now_is_told_the_offer_again(talk: Callable[..., Talk]) -> None:
    """Also behind a try that did not help; without an offer something else is tried."""
    begun = _answered(talk(), offers="track_order")
    _says(begun, "no_help")
    assert _says(begun, "next").said == ["utter_offer_track_order"]
    assert _says(_answered(talk()), "next").said == ["utter_talk_another"]


def test_sure_names_the_article_or_says_again_what_was_agreed(talk: Callable[..., Talk]) -> None:
    """What it rests on, with its link."""
    article = _says(_answered(talk()), "sure")
    assert article.said == ["utter_talk_sure_of_article"]
    assert article.messages[0]["custom"]["article"] == "store-hours"
    kept = [{"response": "utter_booked", "values": {"visit": "Friday"}}]
    for act in ("sure", "agreed"):
        agreed = _says(_assistant(talk(slots={names.AGREEMENTS: kept}).customer("yes"), "Booked."), act)
        assert agreed.said == ["utter_booked"]
        assert agreed.messages[0]["visit"] == "Friday"


def test_an_open_form_says_what_it_has_and_asks_on(talk: Callable[..., Talk]) -> None:
    """In the customer's words; a yes is no detail."""
    form = "book_technician_form"
    slots = {"product": "oven", "problem": "cold", "confirm_booking": False, "requested_slot": "postcode"}
    answer = _says(talk(form=form, slots=slots), "agreed")
    assert answer.said == ["utter_talk_so_far"]
    assert answer.messages[0]["told"] == "- Product: oven\n- Problem: cold"
    assert answer.events[0]["name"] == form
    assert _says(talk(form=form, slots={"requested_slot": "product"}), "agreed").said == ["utter_talk_nothing_yet"]


def test_back_clears_the_answer_before_and_start_again_all_of_them(talk: Callable[..., Talk]) -> None:
    """The form asks the first question that is open; at the first there is no way back."""
    form = "book_technician_form"
    slots = {"product": "oven", "problem": "cold", "requested_slot": "postcode"}
    back = _says(talk(form=form, slots=dict(slots)), "back")
    assert back.slots.get("problem", "kept") is None
    assert "product" not in back.slots
    assert _says(talk(form=form, slots=dict(slots)), "start_again").slots["product"] is None
    first = _says(talk(form=form, slots={"requested_slot": "product"}), "back")
    assert first.said == ["utter_talk_first_question"]


def test_who_asks_for_a_moment_is_left_alone(talk: Callable[..., Talk]) -> None:
    """The question stays open, is not asked again, and can still be repeated."""
    begun = talk(form="track_order_form", slots={"requested_slot": "postcode"}).customer("track")
    _assistant(begun, "The postcode?")
    waits = _says(begun, "wait")
    assert waits.said == ["utter_talk_wait"]
    assert waits.events[0]["name"] == "action_listen"
    assert _says(begun, "repeat").said == ["The postcode?"]


def test_a_person_with_a_topic_gets_the_topic(talk: Callable[..., Talk]) -> None:
    """The message says itself what the person is wanted for."""
    from bot.kit.hand_to_human import HandToHuman

    begun = _answered(talk()).customer("a person about the swap", names.ASK_FOR_PERSON, talk={"person": "the swap"})
    handoff = begun.run(HandToHuman()).handoff
    assert handoff is not None
    assert handoff["last_question"] == "a person about the swap"
