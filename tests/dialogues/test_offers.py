"""What is offered with an answer: a fault and the question whether somebody can come are answered together."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue

BOTH = (
    ("My dishwasher won't drain, can someone come?", "dishwasher-not-draining", "dishwasher"),
    ("My washing machine leaks, can you send somebody?", "washing-machine-leaking", "washing machine"),
    ("my oven stays cold. do I need an engineer?", "oven-not-heating", "oven"),
    ("The fridge is too warm, could a technician look at it?", "fridge-not-cooling", "fridge"),
    ("my tumble dryer won't heat up - can anyone come round?", "dryer-not-drying", "tumble dryer"),
    ("My hob shows E03, can someone come out", "hob-error-codes", "hob"),
    ("our cooker door won't shut can u send someone", "oven-door", "oven"),
    ("My dishwasher won't drain, can someone come and fix it?", "dishwasher-not-draining", "dishwasher"),
    ("my washer leaks, could somebody come round and check it", "washing-machine-leaking", "washing machine"),
    ("Can someone come? My dishwasher won't drain", "dishwasher-not-draining", "dishwasher"),
)
FOLLOWING = (
    "can someone come?",
    "could you send somebody",
    "do I need an engineer?",
    "could a technician look at it?",
    "does someone need to look at it?",
    "is there somebody who can fix it",
    "yes",
    "yes please",
    "ok",
    "sure, why not",
    "go ahead",
    "Book a technician",
)


def _opens_the_booking(talk: Dialogue, product: str) -> None:
    assert talk.open_form == "book_technician_form"
    assert talk.slot("product") == product
    assert talk.handoff is None


@pytest.mark.parametrize(("said", "article", "product"), BOTH)
def test_a_fault_and_a_wish_for_somebody_get_both_answers(brain: Brain, said: str, article: str, product: str) -> None:
    """W5, kind 4: the article's words and the offer of a visit; then the question alone opens the booking."""
    talk = brain.talk().say(said)
    assert talk.citations == [article]
    assert talk.open_form is None
    assert talk.titles == ["Book a technician"]
    _opens_the_booking(talk.say("can someone come?"), product)


@pytest.mark.parametrize("following", FOLLOWING)
def test_the_offer_of_a_visit_is_taken_in_many_words(brain: Brain, following: str) -> None:
    """W5, kind 3: a reply to the assistant's own offer is read as one, whatever else the words may mean."""
    talk = brain.talk().say("My dishwasher won't drain, can someone come?").say(following)
    _opens_the_booking(talk, "dishwasher")


def test_the_offer_of_a_visit_is_taken_by_its_button(brain: Brain) -> None:
    """W5: the appliance is known already."""
    talk = brain.talk().say("My dishwasher won't drain, can someone come?").press("Book a technician")
    _opens_the_booking(talk, "dishwasher")


@pytest.mark.parametrize("said", ["can someone come?", "could you send somebody", "do I need an engineer?"])
def test_the_question_for_somebody_alone_means_a_visit(brain: Brain, said: str) -> None:
    """W5: nobody is put into the queue for a person who asked for a technician."""
    talk = brain.talk().say(said)
    assert talk.open_form == "book_technician_form"
    assert talk.handoff is None


@pytest.mark.parametrize(
    "said",
    [
        "washer is leaking, please send a technician",
        "can you send someone to fix my washing machine",
        "my fridge is broken, could someone come out tomorrow?",
        "My tumble dryer won't heat up. Please book a technician for Tuesday.",
    ],
)
def test_who_has_decided_on_a_visit_is_not_asked_whether(brain: Brain, said: str) -> None:
    """A cousin of W5: a request, or a question that tells no fault, opens the booking at once."""
    talk = brain.talk().say(said)
    assert talk.open_form == "book_technician_form"
    assert "Shall I book" not in talk.said


@pytest.mark.parametrize("said", ["can I speak to someone?", "can somebody ring me?"])
def test_a_person_to_talk_to_is_no_visit(brain: Brain, said: str) -> None:
    """A cousin of W5: under the offer of a visit, too."""
    talk = brain.talk().say("My dishwasher won't drain, can someone come?").say(said)
    assert talk.handoff is not None
    assert talk.open_form is None


@pytest.mark.parametrize("said", ["no", "no thanks", "thanks", "ok thanks", "not yet"])
def test_an_offer_that_is_not_taken_opens_nothing(brain: Brain, said: str) -> None:
    """Thanks for the answer is no yes to the offer."""
    talk = brain.talk().say("My dishwasher won't drain").say(said)
    assert talk.open_form is None
    assert talk.handoff is None


def test_somebody_who_comes_for_something_else_is_no_technician(brain: Brain) -> None:
    """A cousin of W5: "come and collect" is one thing to do, and an article tells about it."""
    talk = brain.talk().say("can someone come and collect my old fridge")
    assert talk.citations == ["appliance-recycling"]
    assert talk.open_form is None


def test_an_offer_stands_behind_the_other_answers(brain: Brain) -> None:
    """With several wishes the offer is what is said last, so that a yes can take it."""
    talk = brain.talk().say("my washing machine leaks and how long does a refund take?")
    assert sorted(talk.citations) == ["refund-times", "washing-machine-leaking"]
    assert "Shall I book a visit?" in talk.texts[-1]
    _opens_the_booking(talk.say("yes"), "washing machine")
