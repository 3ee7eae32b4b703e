"""A second wish in the middle of a form: the first waits, and is offered again when the second is done."""

from __future__ import annotations

import pytest

from actions.shop.seed import DEMO_ORDERS
from tests.dialogues.test_returns import _returnable as returnable
from tests.processes import Brain, Dialogue


def _tracked_in_between(brain: Brain) -> Dialogue:
    talk = brain.talk().say("book a technician").say("hob").say("cracked")
    assert "postcode" in talk.said
    talk.say("where is my order?")
    assert "come back to the visit for your hob" in talk.said
    talk.say("LF-1000017").say("LS6 2AB")
    assert "LF-1000017" in talk.said
    assert "Shall we continue with the visit for your hob?" in talk.said
    return talk


@pytest.mark.parametrize("words", ["yes", "yes please", "ok, so where were we", "where were we?"])
def test_a_booking_goes_on_where_it_stood_after_an_order_was_told(brain: Brain, words: str) -> None:
    """D20, kind 3: what was wrong and the postcode are kept; only what is missing is asked."""
    talk = _tracked_in_between(brain).say(words)
    assert talk.open_form == "book_technician_form"
    assert talk.slot("problem") == "cracked"
    assert "visits are available" in talk.said


def test_the_offers_own_button_goes_on(brain: Brain) -> None:
    """D20, kind 3: it says what it does, whatever was open when it was shown."""
    talk = _tracked_in_between(brain)
    assert [choice["payload"] for choice in talk.choices] == ["/resume_form", "/leave_parked_form"]
    assert "visits are available" in talk.press("Yes").said


@pytest.mark.parametrize("pressed", [True, False])
def test_no_leaves_what_was_offered(brain: Brain, pressed: bool) -> None:
    """D20, kind 3: it is not offered a second time."""
    talk = _tracked_in_between(brain)
    talk.press("No") if pressed else talk.say("no thanks")
    assert talk.open_form is None
    assert talk.say("where were we").open_form is None


def test_a_booking_with_a_visit_chosen_waits_for_a_return(brain: Brain) -> None:
    """W13, kind 3: the visit and its own postcode are kept, though the return has another."""
    talk = brain.talk().say("I need to book a technician for my oven").say("it stays cold").say("LS6 2AB")
    talk.press(talk.titles[0])
    chosen = talk.slot("appointment")
    assert chosen
    talk.say("I want to send something back")
    assert "come back to the visit for your oven" in talk.said
    assert talk.open_form == "return_item_form"
    order = returnable(brain)
    talk.say(order.number)
    if "postcode" in talk.said:
        talk.say(order.postcode)
    talk.say("it is too loud").say("a store").say("yes")
    assert "is registered" in talk.said
    assert "Shall we continue with the visit for your oven?" in talk.said
    talk.say("yes")
    assert "e-mail" in talk.said
    assert (talk.slot("appointment"), talk.slot("postcode")) == (chosen, "LS6 2AB")


def test_what_a_second_wish_says_is_not_the_firsts(brain: Brain) -> None:
    """D20, kind 3: number and postcode in one message belong to the order, and the visit keeps its own place."""
    talk = brain.talk().say("I need to book a technician for my oven").say("it stays cold").say("LS6 2AB")
    order = DEMO_ORDERS[1]
    talk.say(f"I want to track my order {order.number}, postcode {order.postcode}")
    assert "Shall we continue with the visit for your oven?" in talk.said
    assert talk.say("yes").slot("postcode") == "LS6 2AB"


def test_a_return_that_cannot_be_leads_back_too(brain: Brain) -> None:
    """W13, kind 3: an order that is still on its way ends the return, and nothing is left without a word."""
    talk = brain.talk().say("I need to book a technician for my oven").say("it stays cold")
    talk.say("I want to send something back").say("LF-1000017").say("LS6 2AB")
    assert "can no longer be cancelled" in talk.said
    assert "Shall we continue with the visit for your oven?" in talk.said


def test_a_return_that_waits_for_its_order_takes_the_order(brain: Brain) -> None:
    """W13, kind 3: number and postcode answer the return's question, and track nothing."""
    talk = brain.talk().say("I want to send something back").say("LF-4300240")
    assert talk.open_form == "return_item_form"


def test_nothing_waits_where_nothing_was_left(brain: Brain) -> None:
    """D20, kind 3: "yes" after a finished order means nothing in particular."""
    talk = brain.talk().say("where is order LF-1000017, postcode LS6 2AB")
    assert "Shall we continue" not in talk.said
    assert "What can I do for you" in talk.say("where were we").said
