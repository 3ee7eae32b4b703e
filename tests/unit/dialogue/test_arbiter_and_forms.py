"""How the arbiter hears what is meant for a form: the wish that opens it, a correction, and a yes that asks."""

from __future__ import annotations

import pytest

from bot.contract import names
from bot.dialogue.form_input import Filling, OpenForm
from bot.dialogue.weighed import Answers, EntityFound, IntentFacts, Overrides
from bot.dialogue.wish_words import WishWords
from tests.unit.dialogue.test_arbiter import INTENTS, decided

WITH_OFFER = {**INTENTS, "hob_fault": IntentFacts("Hob", acts=False, articles=("hob",), offers="book_technician")}
WISHES = WishWords({"book_technician": frozenset({"technician", "send"})}, {"book_technician": frozenset({"date"})})
ANSWERED = Answers(alone=True, score=0.8, offers="book_technician")
SUMMARY = OpenForm(
    "book_technician_form",
    "confirm_booking",
    (Filling(intents=frozenset({"affirm"})), Filling(intents=frozenset({"deny"})), Filling(entity="date")),
    frozenset({"date", "product"}),
)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("technician for my hob, it stays cold", ()),
        ("my hob stays cold, can you send someone on Friday?", (EntityFound("date", 43, 49),)),
    ],
)
def test_a_wish_beats_the_fault_that_it_names(text: str, entities: tuple[EntityFound, ...]) -> None:
    """Whoever says so, or names a day, has decided, however well an article fits."""
    decision = decided(
        ("hob_fault", 0.8), text=text, entities=entities, answers=ANSWERED, intents=WITH_OFFER, wishes=WISHES
    )
    assert (decision.kind, decision.intent) == ("act", "book_technician")


@pytest.mark.parametrize("text", ["my hob stays cold", "my hob stays cold, can you send someone?"])
def test_a_fault_alone_or_with_a_mere_question_gets_the_article(text: str) -> None:
    """The visit is offered below it."""
    decision = decided(("hob_fault", 0.8), text=text, answers=ANSWERED, intents=WITH_OFFER, wishes=WISHES)
    assert decision.kind == "answer"


def test_a_wish_is_heard_where_nothing_was_read_that_wants_anything() -> None:
    """ "Technician, LS6 2AB" reads as a detail."""
    decision = decided(("inform", 0.8), text="technician, LS6 2AB", intents=WITH_OFFER, wishes=WISHES)
    assert decision.intent == "book_technician"


def test_a_correction_at_the_summary_is_no_other_wish() -> None:
    """ "Make it Thursday" reads as a delivery's day elsewhere."""
    text = "can we make it Thursday instead?"
    decision = decided(
        ("delivery_time", 0.9),
        text=text,
        form=SUMMARY,
        entities=(EntityFound("date", 15, 23),),
        answers=Answers(alone=True),
    )
    assert (decision.kind, decision.intent) == ("act", names.INFORM)


def test_an_objection_at_the_summary_says_no() -> None:
    """To what it was offered with; the form finds out what is wrong."""
    decision = decided(
        ("hob_fault", 0.9), text="no, both rings are dead", form=SUMMARY, answers=ANSWERED, intents=WITH_OFFER
    )
    assert (decision.kind, decision.intent) == ("act", names.DENY)


def test_a_yes_with_a_question_writes_nothing() -> None:
    """The question is answered, and the summary asks again."""
    decision = decided(
        ("affirm", 0.9), text="yes, but is it free?", form=SUMMARY, answers=Answers(alone=True, score=0.95)
    )
    assert decision.kind == "answer"
    assert decided(("affirm", 0.9), text="yes please", form=SUMMARY).intent == names.AFFIRM


def test_a_correction_of_what_was_done_is_one() -> None:
    """With no form open, whatever else it reads as."""
    decision = decided(("delivery_time", 0.9), text="actually make it Tuesday", corrects_last=True)
    assert (decision.kind, decision.intent) == ("act", names.CHANGE_WHAT_WAS_DONE)


@pytest.mark.parametrize(("text", "intent"), [("y", "affirm"), ("Y!", "affirm"), ("n", "deny"), ("N.", "deny")])
def test_a_single_letter_answers_a_question_of_yes_or_no(text: str, intent: str) -> None:
    """However it was read; where something else is asked it is no answer of that kind."""
    assert decided(("hob_fault", 0.8), text=text, form=SUMMARY, intents=WITH_OFFER).intent == intent
    other = OpenForm("book_technician_form", "day", (Filling(entity="date"),), frozenset({"date"}))
    assert decided(("hob_fault", 0.8), text=text, form=other, intents=WITH_OFFER).why.startswith("a letter") is False


def test_what_the_open_question_offers_is_taken() -> None:
    """ "Ok, get me someone then" under "Shall I pass you to one of our team?" reads as a yes and as a person."""
    place = OpenForm("book_technician_form", "postcode", (Filling(entity="postcode"),), frozenset({"postcode"}))
    readings = (("affirm", 0.43), ("ask_for_person", 0.4))
    taken = decided(*readings, text="ok get me someone then", form=place, offered="ask_for_person")
    assert taken.intent == names.ASK_FOR_PERSON
    assert decided(*readings, text="ok get me someone then", form=place).intent == names.AFFIRM


@pytest.mark.parametrize("text", ["I don't know", "no idea", "not sure"])
def test_who_does_not_know_which_was_meant_chose_none_of_them(text: str) -> None:
    """ "All right, what can I do for you?" is no answer to it; it reads as a no."""
    asked_back = Overrides(asked_back=True)
    assert decided(("deny", 0.9), text=text, overrides=asked_back).intent == names.NONE_OF_THESE
    assert decided(("deny", 0.9), text=text).intent != names.NONE_OF_THESE


def test_several_values_want_what_was_done_once_more() -> None:
    """ "And the other one, LF-1000025, M14 5TP" behind a tracked order; "is LF-1000025 for M14 5TP late?" asks."""
    values = (EntityFound("order_number", 19, 29), EntityFound("postcode", 31, 38))
    found = Answers(alone=True, score=0.55, completed=True)
    said = "and the other one, LF-1000025, M14 5TP"
    assert decided(("inform", 0.9), text=said, entities=values, answers=found).kind == "act"
    assert (
        decided(("inform", 0.9), text="and is LF-1000025 for M14 5TP late?", entities=values, answers=found).kind
        == "answer"
    )


def test_thanks_with_a_yes_answer_a_summary() -> None:
    """ "Thank you so much yes" reads as thanks."""
    decision = decided(("thanks", 0.9), text="thank you so much yes", form=SUMMARY)
    assert (decision.kind, decision.intent) == ("act", names.AFFIRM)
    assert decided(("thanks", 0.9), text="thank you so much", form=SUMMARY).intent == "thanks"


def test_thanks_with_a_yes_take_what_was_offered() -> None:
    """And alone they do not."""
    said = {"offered": "book_technician", "intents": WITH_OFFER}
    assert decided(("thanks", 0.9), text="thank you so much yes", **said).intent == "book_technician"
    assert decided(("thanks", 0.9), text="thank you so much", **said).intent == "thanks"


def test_what_is_not_meant_is_no_plain_no() -> None:
    """With a value it is asked what that is for; an article may answer it; else it is not understood."""
    intents = {**INTENTS, "deny": IntentFacts("No", acts=True)}
    day = (EntityFound("date", 4, 11),)
    text = "not tuesday. monday?"
    assert decided(("deny", 0.9), ("inform", 0.1), text=text, entities=day, intents=intents).intent == "inform"
    text = "not in the post either"
    assert decided(("deny", 0.9), text=text, intents=intents).kind == "unclear"
    told = Answers(alone=True, completed=True, score=0.8)
    assert decided(("deny", 0.9), text=text, intents=intents, answers=told).kind == "answer"
    assert decided(("deny", 0.9), text="not now", intents=intents).intent == "deny"


def test_an_age_beside_a_question_is_no_answer_in_own_words() -> None:
    """ "It's 3 months old, am I paying for this?" tells of no fault."""
    fault = OpenForm("book_technician_form", "problem", (Filling(from_text=True),))
    read = (("delivery_time", 0.9),)
    assert decided(*read, text="its 3 months old, am i paying for this?", form=fault).intent != "inform"
    assert decided(*read, text="it leaks a lot, am i paying for this?", form=fault).intent == "inform"
