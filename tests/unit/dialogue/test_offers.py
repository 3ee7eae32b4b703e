"""W5: what trainers let the assistant offer goes with the answer that it belongs to, and with nothing else."""

from __future__ import annotations

import pytest

from bot.dialogue.offers import intent_of, offered, offered_with, only_offer
from bot.dialogue.weighed import Decision, IntentFacts

INTENTS = {
    "leaks": IntentFacts("It leaks", acts=False, articles=("leaking", "hoses"), offers="book_visit"),
    "hours": IntentFacts("Opening hours", acts=False, articles=("store-hours",)),
    "book_visit": IntentFacts("Book a visit", acts=True, articles=()),
}


def decided(kind: str, intent: str, *choices: str) -> Decision:
    """A decision of that kind."""
    return Decision(kind, intent, 0.9, "why", choices)  # type: ignore[arg-type]


@pytest.mark.parametrize("article", ["leaking", "hoses"])
def test_an_answer_brings_the_offer_of_its_articles_intent(article: str) -> None:
    """Whichever of the intent's articles answers."""
    assert offered_with(INTENTS, {"article": article}) == "book_visit"
    assert offered(INTENTS, decided("answer", "knowledge_question"), {"article": article}) == "book_visit"


@pytest.mark.parametrize("answer", [None, {}, {"article": "store-hours"}, {"article": "unknown"}])
def test_another_answer_brings_none(answer: dict[str, str] | None) -> None:
    """An article of an intent that offers nothing, of no intent, or no article at all."""
    assert offered_with(INTENTS, answer) == ""
    assert offered(INTENTS, decided("answer", "knowledge_question"), answer) == ""


def test_without_an_answer_the_offer_of_what_was_read_counts() -> None:
    """What was read offers something, or is itself what others offer; else there is none."""
    assert offered(INTENTS, decided("no_answer", "leaks"), None) == "book_visit"
    assert offered(INTENTS, decided("act", "book_visit"), None) == "book_visit"
    assert offered(INTENTS, decided("act", "hours"), None) == ""
    assert offered(INTENTS, decided("act", "not_taught"), None) == ""


def test_of_several_readings_the_first_that_offers_counts() -> None:
    """In the order in which they were asked back about."""
    assert offered(INTENTS, decided("ask_back", "unclear", "hours", "leaks"), None) == "book_visit"
    assert offered(INTENTS, decided("ask_back", "leaks", "hours"), None) == ""


def test_one_offer_may_stand_beside_its_no() -> None:
    """ "Talk to a person" or "Leave it": a yes takes the person."""
    assert only_offer(["/ask_for_person", "/stop"]) == 0
    assert only_offer(["/deny", '/book{"day": "Monday"}']) == 1
    assert only_offer(["/book"]) == 0
    assert only_offer(["/book", "/ask_for_person"]) is only_offer(["/stop"]) is only_offer([]) is None
    assert only_offer(["https://example.org"]) is None


def test_a_button_names_its_intent() -> None:
    """Whatever it carries."""
    assert intent_of('/inform{"day": "Monday"}') == "inform"
