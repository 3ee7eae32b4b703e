"""The conversation about the conversation, with the real action server: on an answer, in a form, behind a booking."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue

RETURNS = "how long do I have to return something"


def test_an_answer_is_said_again_and_in_short(brain: Brain) -> None:
    """The same words with the same source, and one sentence of them."""
    talk = brain.talk().say("How do I clean the filter of my dishwasher?")
    answer, article = talk.texts, talk.citations
    assert talk.say("sorry, what did you say?").texts == answer
    assert talk.citations == article
    short = talk.say("can you put that more simply").texts
    assert talk.citations == article
    assert len(short[0]) < len(answer[0])
    assert talk.handoff is None


def test_are_you_sure_names_the_article(brain: Brain) -> None:
    """With its link."""
    talk = brain.talk().say(RETURNS)
    article = talk.citations
    assert talk.say("are you sure about that?").citations == article
    assert "our page" in talk.said


def test_what_did_not_help_gets_another_try_and_then_a_person(brain: Brain) -> None:
    """Never "you're welcome", never the same again, and nobody is put into the queue unasked."""
    talk = brain.talk().say(RETURNS)
    first = talk.say("thanks but that didn't help").said
    assert "welcome" not in first.lower()
    assert talk.handoff is None
    assert "one of our team" in talk.say("that's not what I asked").said
    assert talk.handoff is None
    assert talk.say("yes").handoff is not None


def test_a_fault_that_the_checks_did_not_mend_gets_a_visit_or_a_person(brain: Brain) -> None:
    """The offer that stood under the answer."""
    talk = brain.talk().say("My dishwasher won't drain").say("tried all that, no luck")
    assert talk.titles == ["Book a technician", "Talk to a person"]
    assert talk.press("Book a technician").open_form == "book_technician_form"
    assert talk.slot("product") == "dishwasher"


def test_what_was_meant_instead_is_answered(brain: Brain) -> None:
    """The rest of the message is read by itself."""
    talk = brain.talk().say("what does delivery cost?").say("that's not what I asked, how do I reset my password")
    assert talk.citations == ["account-password"]
    assert talk.last["trace"]["steps"][0]["did"].startswith("not_asked, and then")


def _booking(brain: Brain) -> Dialogue:
    talk = brain.talk().say("book a technician")
    for answer in ("my oven", "it stays cold", "LS6 2AB"):
        talk.say(answer)
    return talk


def test_a_form_explains_waits_goes_back_and_begins_again(brain: Brain) -> None:
    """Its question is asked again, but not to who asks for a moment."""
    talk = _booking(brain)
    assert "visits are available" in talk.say("what have you got so far?").said
    assert "it stays cold" in talk.said
    assert talk.say("hold on").texts == ["Of course, take your time."]
    assert talk.last["trace"]["form"]["asks"] == "appointment"
    assert "postcode" in talk.say("go back").said
    assert "The postcode tells me" in talk.say("why do you need that?").said
    assert talk.say("LS6 2AB").last["trace"]["form"]["asks"] == "appointment"
    assert "Which appliance" in talk.say("can we start again").said
    assert talk.slot("problem") is None


def test_what_was_booked_is_known_afterwards(brain: Brain) -> None:
    """The day, the reference, the address."""
    talk = _booking(brain)
    for answer in ("the first one", "jo@example.com"):
        talk.say(answer)
    assert "jo@example.com" in talk.say("which day did we say?").said
    booked = talk.say("yes").said
    assert "Booked" in booked
    assert talk.say("hang on, what did we agree?").said == booked
    assert talk.say("are you sure?").said == booked


def test_stop_in_a_second_form_offers_the_first_at_once(brain: Brain) -> None:
    """And a yes continues it where it stood."""
    talk = brain.talk().say("book a technician for my hob").say("actually, track my order")
    assert talk.open_form == "track_order_form"
    assert "Shall we continue with the visit for your hob?" in talk.say("stop").said
    assert len(talk.texts) == 1
    assert talk.say("yes").open_form == "book_technician_form"


@pytest.mark.parametrize("act", ["what did you say?", "what did we agree?", "start again", "are you sure?", "wait"])
def test_with_nothing_before_it_an_honest_sentence_comes(brain: Brain, act: str) -> None:
    """No hand-over, no article, no riddle."""
    talk = brain.talk().say(act)
    assert len(talk.texts) == 1
    assert talk.citations == []
    assert talk.handoff is None


@pytest.mark.parametrize(
    "said", ["let me speak to somebody about the swap", "I'd like to discuss my invoice with one of your advisers"]
)
def test_a_person_about_something_is_a_person_with_the_topic(brain: Brain, said: str) -> None:
    """No article first, and the desk reads what it is about."""
    talk = brain.talk().say(said)
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "customer_request"
    assert talk.handoff["last_question"] == said
    assert talk.citations == []


def test_a_moment_with_an_answer_behind_it_is_an_answer(brain: Brain) -> None:
    """It is not swallowed."""
    talk = brain.talk().say("track my order").say("hang on. LF-1000017")
    assert talk.slot("order_number") == "LF-1000017"
