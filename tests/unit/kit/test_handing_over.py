"""Not understanding, handing over, coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.handoff.request import HandoffRequest
from bot.kit.answer_question import AnswerQuestion
from bot.kit.base import CompanyAction
from bot.kit.danger import Danger
from bot.kit.hand_to_human import HandToHuman
from bot.kit.not_understood import NotUnderstood
from bot.kit.resume_form import ResumeForm
from bot.kit.upset_customer import UpsetCustomer
from bot.kit.welcome_back import WelcomeBack
from tests.unit.kit.talk import Talk, answer_at

pytestmark = pytest.mark.usefixtures("served")
Begin = Callable[..., Talk]

FOUND = [
    {"id": 3, "article": "internal-goodwill", "heading": "Hours", "score": 0.6},
    {"id": 0, "article": "store-hours", "heading": "Hours", "score": 0.5},
    {"id": 1, "article": "store-hours", "heading": "Hours", "score": 0.4},
]


def _unclear(conversation: Talk, kind: str = "unclear", choices: tuple[str, ...] = (), found: Any = FOUND) -> Talk:
    intent = "out_of_scope" if kind == "out_of_scope" else "unclear"
    decision = {"kind": kind, "why": "", "choices": list(choices)}
    return conversation.customer("hm?", intent, decision=decision, knowledge={"passages": found, "answer": None})


def test_the_first_time_likely_articles_and_a_person_are_offered(talk: Begin) -> None:
    """Public ones, each once, by title."""
    answer = _unclear(talk()).run(NotUnderstood())
    assert answer.said == ["utter_not_understood"]
    assert answer.choices == {
        "Opening hours": '/knowledge_question{"article": "store-hours"}',
        "Talk to a person": "/ask_for_person",
    }


def test_asking_back_offers_the_readings_by_their_titles(talk: Begin) -> None:
    """A fact leads to a public article, an act to itself; "Yes" is no reading to ask about."""
    answer = _unclear(talk(), "ask_back", ("track_order", "store_hours", "affirm")).run(NotUnderstood())
    assert answer.said == ["utter_ask_back"]
    assert answer.choices == {
        "Track an order": "/track_order",
        "Opening hours of our stores": '/knowledge_question{"article": "store-hours"}',
        "None of these": "/none_of_these",
    }


def test_a_single_reading_is_asked_with_yes_or_no(talk: Begin) -> None:
    """W14: "one of these" above one button is a riddle; readings that cannot be asked about leave one as well."""
    for readings in (("track_order",), ("affirm", "track_order")):
        answer = _unclear(talk(), "ask_back", readings, found=[]).run(NotUnderstood())
        assert answer.said == ["utter_ask_back_one"]
        assert answer.choices == {"Yes": "/track_order", "No": "/none_of_these"}


@pytest.mark.parametrize(
    ("kind", "code", "sentence"),
    [
        ("unclear", "not_understood", "utter_handing_over_unasked"),
        ("ask_back", "not_understood", "utter_handing_over_unasked"),
        ("no_answer", "no_answer", "utter_handing_over_no_answer"),
    ],
)
def test_the_second_time_running_a_human_takes_over(talk: Begin, kind: str, code: str, sentence: str) -> None:
    """With the reason and the sentence that fit."""
    conversation = talk()
    assert _unclear(conversation).run(NotUnderstood()).handoff is None
    answer = _unclear(conversation, kind).run(NotUnderstood())
    assert answer.handoff is not None
    assert answer.handoff["reason"] == {"code": code, "evidence": "hm?"}
    assert answer.said == [sentence]


def test_nonsense_is_offered_a_person_again_and_put_into_no_line(talk: Begin) -> None:
    """W9, kind 7: in other words, and with the same offer."""
    conversation = talk()
    first = _unclear(conversation, "out_of_scope").run(NotUnderstood())
    again = _unclear(conversation, "out_of_scope").run(NotUnderstood())
    assert (first.said, again.said) == (["utter_out_of_scope"], ["utter_out_of_scope_again"])
    assert again.handoff is None
    assert "/ask_for_person" in again.choices.values()


def test_none_of_these_counts_as_the_second_time(talk: Begin) -> None:
    """The customer has said that we were wrong."""
    conversation = talk()
    _unclear(conversation, "ask_back", ("track_order",)).run(NotUnderstood())
    answer = conversation.customer("/none_of_these", "none_of_these").run(NotUnderstood())
    assert answer.handoff is not None
    assert answer.handoff["reason"] == {"code": "not_understood", "evidence": ""}
    assert answer.handoff["last_question"] == "hm?"


def test_something_understood_in_between_begins_the_count_again(talk: Begin) -> None:
    """Twice in a conversation is not twice running."""
    conversation = talk()
    _unclear(conversation).run(NotUnderstood())
    conversation.customer("hello", "greet")
    assert _unclear(conversation).run(NotUnderstood()).handoff is None


def test_after_the_return_nothing_is_handed_over_at_once(talk: Begin) -> None:
    """Coming back from a human begins the count again."""
    conversation = talk()
    _unclear(conversation).run(NotUnderstood())
    _unclear(conversation).run(NotUnderstood())
    conversation.customer("/returned_by_human", "returned_by_human").run(WelcomeBack())
    assert _unclear(conversation).run(NotUnderstood()).handoff is None


@pytest.mark.parametrize("hands_over", [HandToHuman, UpsetCustomer, Danger])
def test_an_open_form_waits_for_the_return(talk: Begin, hands_over: type[CompanyAction]) -> None:
    """Can I ask a person something first? What was told already is not asked again afterwards."""
    conversation = talk(form="track_order_form")
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    conversation.mapped(order_number="LF-1000017")
    asked = conversation.customer("can I ask a person something first", "ask_for_person", danger={"kind": "fire"})
    asked.run(hands_over())
    assert conversation.form is None
    answer = conversation.customer("/returned_by_human", "returned_by_human").run(WelcomeBack())
    assert answer.said[-1] == "utter_offer_parked"
    conversation.customer("so let's continue", "resume_form").run(ResumeForm())
    assert conversation.slots["order_number"] == "LF-1000017"


def test_a_customer_who_left_the_queue_is_not_handed_over_at_once(talk: Begin) -> None:
    """After a handoff the count begins again, even when no human has come."""
    conversation = talk()
    handed = [_unclear(conversation).run(NotUnderstood()).handoff is not None for _ in range(4)]
    assert handed == [False, True, False, True]


def test_in_a_form_it_is_said_in_one_sentence(talk: Begin) -> None:
    """The form's own question follows; buttons would bury it."""
    conversation = talk(form="track_order_form")
    answer = _unclear(conversation).run(NotUnderstood())
    assert (answer.said, answer.choices) == (["utter_not_understood_in_form"], {})
    handed = _unclear(conversation).run(NotUnderstood())
    assert handed.handoff is not None
    assert handed.handoff["open_form"] == {"name": "track_order_form", "missing": ["order_number", "postcode"]}
    assert conversation.form is None


def test_a_person_gets_everything_that_is_known(talk: Begin) -> None:
    """A valid request: slots with what is sensitive, open form, knowledge, actions, the question that still stands."""
    conversation = talk(form="book_technician_form", slots={"product": "oven", "email": "ada@example.com"})
    conversation.customer("when do you open?", "knowledge_question", knowledge={"passages": FOUND, "answer": FOUND[1]})
    conversation.events.append({"event": "action", "name": "action_answer_question"})
    ended = {"name": "action_answer_question", "ok": True, "error": None}
    conversation.events.append({"event": "slot", "name": "action_outcome", "value": ended})
    answer = conversation.customer("I want a person", "ask_for_person").run(HandToHuman())
    request = HandoffRequest.from_json(answer.handoff).to_json()
    assert request["reason"] == {"code": "customer_request", "evidence": "I want a person"}
    assert request["last_question"] == "when do you open?"
    assert request["slots"] == {
        "product": {"value": "oven", "sensitive": False},
        "email": {"value": "ada@example.com", "sensitive": True},
    }
    assert request["open_form"]["missing"] == ["problem", "postcode", "appointment", "confirm_booking"]
    assert {"article": "store-hours", "heading": "Hours", "score": 0.5, "shown": True} in request["knowledge_tried"]
    assert request["actions_tried"] == [ended]
    assert answer.said == ["utter_handing_over"]
    assert conversation.form is None


def test_the_agents_note_is_never_said(talk: Begin) -> None:
    """It was written for colleagues."""
    event = {"name": "returned_by_human", "data": {"agent": "Sam", "note": "be careful"}}
    conversation = talk().customer("/returned_by_human", "returned_by_human", metadata={"event": event})
    answer = conversation.run(WelcomeBack())
    assert answer.said == ["utter_welcome_back_from"]
    assert answer.messages[0]["agent"] == "Sam"
    assert "careful" not in str(answer.messages)


def test_after_a_human_promises_are_repeated_corrections_taken_over_and_counters_start_anew(talk: Begin) -> None:
    """The stretch with the human is part of what the assistant knows."""
    data = {
        "agent": "Sam",
        "note": "be careful",
        "commitments": [{"text": "Your refund by Friday", "due_at": None}],
        "changed_slots": {"postcode": "M1 1AE", "track_order_tries": 0, "session_started_metadata": "x"},
    }
    conversation = talk(form="track_order_form", slots={"not_understood": "no_answer", "track_order_tries": 3})
    event = {"name": "returned_by_human", "data": data}
    conversation.customer("/returned_by_human", "returned_by_human", metadata={"event": event})
    answer = conversation.run(WelcomeBack())
    assert answer.said == ["utter_welcome_back_promised"]
    assert answer.messages[0]["promises"] == "- Your refund by Friday"
    assert conversation.slots["postcode"] == "M1 1AE"
    assert (conversation.slots["not_understood"], conversation.slots["track_order_tries"]) == (None, None)
    assert "session_started_metadata" not in conversation.slots, "a desk changes what customers tell us, nothing else"
    assert conversation.form is None


def _question(conversation: Talk, answer: dict[str, Any] | None) -> Talk:
    return conversation.customer("when?", "knowledge_question", knowledge={"passages": FOUND, "answer": answer})


def test_an_answer_is_the_articles_own_words_with_their_source(talk: Begin) -> None:
    """Cut out by place, not written."""
    answer = _question(talk(), answer_at(0, "store-hours", "We open at nine.")).run(AnswerQuestion())
    message = answer.messages[0]
    assert message["text"] == "We open at nine."
    shown = {"version": "v1", "shown": [[10, 26]]}
    assert answer.slots["last_question"] == {"text": "when?", "article": "store-hours", **shown}
    assert message["custom"] == {
        "schema": "citation/1",
        "article": "store-hours",
        "title": "Opening hours",
        "heading": "Hours",
        "url": "https://company.example/store-hours",
    }


@pytest.mark.parametrize(
    "place",
    [
        answer_at(3, "internal-goodwill", "Give up to £40."),
        answer_at(0, "store-hours", "We open at ten."),
        answer_at(0, "refund-times", "We open at nine."),
        answer_at(0, "store-hours", "We open at nine.", version="v0"),
        {"id": 0, "article": "store-hours", "score": 0.9, "start": 0, "end": 16},
    ],
)
def test_what_is_internal_or_stands_nowhere_is_not_shown(talk: Begin, place: dict[str, Any]) -> None:
    """An index that was built anew meanwhile, or a mistake upstream, shows nothing wrong."""
    answer = _question(talk(), place).run(AnswerQuestion())
    assert answer.said == ["utter_no_answer"]
    assert "goodwill" not in str(answer.messages)


def test_articles_that_disagree_are_not_offered_and_a_person_sees_both(talk: Begin) -> None:
    """A button would show one of two answers of which one is wrong."""
    knowledge = {"passages": FOUND[1:], "answer": None, "disagree": [0, 2]}
    decision = {"kind": "no_answer", "why": "", "choices": []}
    conversation = talk().customer("when?", "unclear", decision=decision, knowledge=knowledge)
    answer = conversation.run(NotUnderstood())
    assert "Opening hours" not in answer.choices
    handed = conversation.customer("a person", "ask_for_person").run(HandToHuman())
    assert {"article": "store-hours", "heading": "Hours", "score": 0.5, "shown": False} in (
        handed.handoff["knowledge_tried"]
    )


def test_a_button_shows_an_articles_opening(talk: Begin) -> None:
    """Its first sentences, cut between sentences."""
    conversation = talk().customer("/knowledge_question", "knowledge_question", {"article": "refund-times"})
    text = conversation.run(AnswerQuestion()).messages[0]["text"]
    assert text.startswith("Within five days. Banks take longer.")
    assert text.endswith(".")
    assert len(text) <= 320


def test_a_button_for_an_internal_article_shows_nothing(talk: Begin) -> None:
    """Even if somebody made one."""
    conversation = talk().customer("/knowledge_question", "knowledge_question", {"article": "internal-goodwill"})
    assert conversation.run(AnswerQuestion()).said == ["utter_no_answer_at_all"]


@pytest.mark.parametrize(("segments", "shown"), [([], False), (["internal"], False), (["trade"], True)])
def test_an_article_for_a_segment_is_shown_to_its_customers_alone(
    talk: Begin, segments: list[str], shown: bool
) -> None:
    """The audience is checked where the words are fetched, whatever was searched."""
    metadata = {"message_id": "m0", "shadow": False, "customer": {"attributes": {"segments": segments}}}
    knowledge = {"passages": FOUND, "answer": answer_at(4, "pallets", "Traders pay half.")}
    asked = talk().customer("when?", "knowledge_question", knowledge=knowledge, metadata=metadata)
    assert ("Traders pay half." in str(asked.run(AnswerQuestion()).messages)) == shown
    pressed = talk().customer("/knowledge_question", "knowledge_question", {"article": "pallets"}, metadata=metadata)
    assert ("Traders pay half." in str(pressed.run(AnswerQuestion()).messages)) == shown
