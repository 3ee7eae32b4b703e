"""What points at what was just done or answered is read by that: a booking stands, and "that" is what was told."""

from __future__ import annotations

import pytest

from bot.contract import names, trace
from bot.dialogue.agreements import Agreement, Changes, wished_again, with_agreement
from bot.dialogue.pointing_back import as_it_stands, led_to
from bot.dialogue.weighed import Decision, IntentFacts

BOOK = IntentFacts("Book a room", acts=True)
INTENTS = {
    "book_room": BOOK,
    "room_prices": IntentFacts("Prices", acts=False, articles=("prices",), leads_to="book_room"),
}
ROOM = Agreement(
    "utter_booked",
    {"reference": "R-1"},
    Changes("utter_change", ("date",)),
    1000.0,
    "book_room",
    {"date": "2026-12-04", "room": "double"},
)
DONE = with_agreement(None, ROOM)


def acts(intent: str) -> Decision:
    return Decision("act", intent, 0.9, "read")


@pytest.mark.parametrize("text", ["ok book it", "I'd like to book a double room", "book me in please"])
def test_the_same_wish_adds_nothing_to_what_was_done(text: str) -> None:
    """With the same values or with none."""
    assert wished_again(DONE, text, [("room", "Double")], 1010.0) == "book_room"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("book another one", []),
        ("can I also book a room for my sister", []),
        ("a single room please", [("room", "single")]),
        ("a room for the 5th", [("date", "2026-12-05")]),
    ],
)
def test_another_wish_is_said_in_words_or_by_another_value(text: str, values: list[tuple[str, str]]) -> None:
    """Then it is done as well."""
    assert wished_again(DONE, text, values, 1010.0) == ""


def test_what_was_only_told_or_long_ago_stands_for_no_wish() -> None:
    """ "Where is my order" may be asked twice."""
    assert wished_again(with_agreement(None, Agreement("utter_told", {}, wish="track")), "track it", [], 10.0) == ""
    assert wished_again(DONE, "book it", [], 1000000.0) == ""


@pytest.mark.parametrize(("intent", "text"), [("book_room", "ok book it"), (names.AFFIRM, "yes, go ahead")])
def test_a_wish_for_what_was_done_hears_that_it_stands(intent: str, text: str) -> None:
    """Nothing is booked twice."""
    decision = as_it_stands(acts(intent), text, "book_room", "", INTENTS)
    assert (decision.kind, decision.intent) == (trace.TALK, names.TALK_ABOUT_CONVERSATION)


def test_other_messages_stay_what_they_are() -> None:
    """A plain yes, another wish, a question."""
    for decision, text in [
        (acts(names.AFFIRM), "yes"),
        (acts("cancel_room"), "cancel it"),
        (Decision("answer", names.KNOWLEDGE_QUESTION, 0.9, ""), "what does it cost?"),
    ]:
        assert as_it_stands(decision, text, "book_room", "", INTENTS) is decision


@pytest.mark.parametrize("text", ["ok I'd like to do that", "can you do that for me", "let's go for that then"])
def test_that_is_what_the_answer_leads_to(text: str) -> None:
    """A yes that points takes it up."""
    decision = as_it_stands(acts(names.AFFIRM), text, "", led_to(INTENTS, "prices"), INTENTS)
    assert (decision.kind, decision.intent) == ("act", "book_room")


def test_a_mere_yes_takes_up_nothing_and_neither_does_an_answer_that_leads_nowhere() -> None:
    """ "Ok" only says that it was read."""
    assert as_it_stands(acts(names.AFFIRM), "ok great", "", "book_room", INTENTS).intent == names.AFFIRM
    assert led_to(INTENTS, "parking") == ""
    assert as_it_stands(acts(names.AFFIRM), "I'd like to do that", "", "", INTENTS).intent == names.AFFIRM
