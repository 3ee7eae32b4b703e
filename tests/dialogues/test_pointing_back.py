"""What was just done, told, refused or left is known to the next message, with the real action server."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue

TOLD = ("LF-1000017", "LS6 2AB")
"""An order that is on the van today."""


def _booked(brain: Brain) -> Dialogue:
    brain.empty_diary()
    talk = brain.talk().say("send a technician as soon as possible, my oven stays cold, LS6 2AB")
    return talk.say("jo@example.com").say("yes")


@pytest.mark.parametrize("again", ["ok book it", "I need a technician for my oven", "book it please"])
def test_what_was_booked_is_not_booked_twice(brain: Brain, again: str) -> None:
    """It is said that it stands; a second one has to be wished for."""
    talk = _booked(brain)
    assert "TV-2" in talk.said
    before = brain.booked()
    talk.say(again)
    assert "TV-2" in talk.said
    assert talk.open_form is None
    assert talk.say("I'd like another technician for my hob").open_form == "book_technician_form"
    assert brain.booked() == before


def test_a_question_behind_a_booking_is_about_it(brain: Brain) -> None:
    """Not about what a delivery costs."""
    assert _booked(brain).say("how much will that cost me?").citations == ["technician-prices"]


@pytest.mark.parametrize(
    "text", ["what?? that can't be, it never came", "it said that this morning already", "no it isn't here"]
)
def test_what_was_told_and_is_disputed_goes_to_a_person_on_a_yes(brain: Brain, text: str) -> None:
    """Sorry first, no article and no second try."""
    talk = brain.talk().say("where is my order").say(", ".join(TOLD)).say(text)
    assert talk.said.startswith("I'm sorry")
    assert talk.titles == ["Talk to a person"]
    assert talk.say("yes").handoff is not None


def test_a_refusal_has_a_reason_and_a_way_on_and_its_offer_is_carried_out(brain: Brain) -> None:
    """Where no technician comes."""
    talk = brain.talk().say("book a technician").say("my dishwasher").say("it leaks").say("SW1A 1AA")
    assert "postcode areas" in talk.say("seriously? why not?").said
    assert "customer line" in talk.say("so what am I supposed to do").said
    assert talk.say("ok get me someone then").handoff is not None


def test_a_yes_to_the_person_works_after_a_question_in_between(brain: Brain) -> None:
    """The form was interrupted, and asks on."""
    talk = brain.talk().say("book a technician").say("my dishwasher").say("it leaks").say("SW1A 1AA")
    talk.say("what does a technician cost?")
    assert talk.say("yes").handoff is not None


def test_an_order_number_with_a_question_about_the_order_is_tracked(brain: Brain) -> None:
    """Whatever product it names."""
    talk = brain.talk().say("whats happening with my hob order, LF-4200150, HG1 5RD")
    assert "cancelled" in talk.said
    assert not talk.citations


def test_that_is_what_the_answer_was_about(brain: Brain) -> None:
    """Returns were spoken of."""
    assert brain.talk().say("how do returns work").say("ok I'd like to do that").open_form == "return_item_form"


def test_the_form_before_the_hand_over_goes_on_after_it(brain: Brain) -> None:
    """With what was told, and with the day that is named now."""
    brain.empty_diary()
    talk = brain.talk().say("technician for my dishwasher please, it leaks").say("LS6 2AB")
    assert talk.say("hmm can I ask a person something first").handoff is not None
    talk.returned_by_human()
    assert "dishwasher" in talk.said
    talk.say("so let's go on with the booking, as soon as possible")
    assert talk.open_form == "book_technician_form"
    assert talk.slot("product") == "dishwasher"
    assert talk.slot("postcode") == "LS6 2AB"


@pytest.mark.parametrize("text", ["I need to tell the driver something", "can you not just pass it on?"])
def test_a_message_for_somebody_goes_to_a_person(brain: Brain, text: str) -> None:
    """The assistant has no way to reach a driver."""
    talk = brain.talk().say("where is my order").say(", ".join(TOLD))
    assert talk.say(text).handoff is not None
