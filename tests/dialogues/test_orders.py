"""Tracking an order, as customers do it."""

from __future__ import annotations

import pytest

from actions.shop.seed import DEMO_ORDERS, DemoOrder
from tests.processes import Brain

OUT_FOR_DELIVERY, SHIPPED, *_ = DEMO_ORDERS


def test_a_customer_tracks_an_order(brain: Brain) -> None:
    """Number, postcode, answer."""
    talk = brain.talk().say("where is my order?")
    assert "order number" in talk.said
    talk.say(OUT_FOR_DELIVERY.number.lower().replace("-", " "))
    assert "postcode" in talk.said
    talk.say("ls62ab")
    assert f"{OUT_FOR_DELIVERY.number} (Tern 60 dishwasher) is out for delivery today" in talk.said
    assert talk.open_form is None
    assert talk.last["trace"]["actions"][-1] == {"name": "action_track_order", "ok": True, "error": None}


def test_everything_said_at_once_is_answered_at_once(brain: Brain) -> None:
    """Nothing is asked that was said."""
    talk = brain.talk().say(f"track my order {SHIPPED.number}, postcode {SHIPPED.postcode}")
    assert f"{SHIPPED.number} (Heron 9 washing machine) is on its way" in talk.said


def test_a_number_out_of_the_blue_is_taken_for_tracking(brain: Brain) -> None:
    """What else would one do with it?"""
    talk = brain.talk().say(SHIPPED.number)
    assert talk.open_form == "track_order_form"
    assert talk.say(SHIPPED.postcode).said.count("is on its way") == 1


@pytest.mark.parametrize("demo", DEMO_ORDERS, ids=lambda demo: demo.state.value)
def test_every_documented_order_can_be_tracked(brain: Brain, demo: DemoOrder) -> None:
    """The numbers in the documentation work, in each state."""
    talk = brain.talk().press_payload("/track_order").say(demo.number).say(demo.postcode)
    assert demo.number in talk.said
    assert talk.open_form is None


def test_a_mistyped_number_is_explained(brain: Brain) -> None:
    """And asked for again."""
    talk = brain.talk().say("track my order").say("LF-1000016")
    assert "digits don't add up" in talk.said
    assert talk.open_form == "track_order_form"
    assert "postcode" in talk.say("LF-1000017").said


def test_after_three_wrong_postcodes_a_person_takes_over(brain: Brain) -> None:
    """And the right one does not help any more."""
    talk = brain.talk().say("track my order").say(OUT_FOR_DELIVERY.number)
    assert "number and postcode together" in talk.say("M1 1AE").said
    assert "number and postcode together" in talk.say("M1 1AF").said
    talk.say("M1 1AH")
    assert "can't match" in talk.said
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "repeated_failure"
    assert talk.handoff["slots"]["order_number"]["value"] == OUT_FOR_DELIVERY.number
    assert talk.open_form is None
    assert "can't match" in talk.say("track my order").said
    talk.returned_by_human()
    assert "out for delivery" in talk.say("track my order").say(OUT_FOR_DELIVERY.number).say("LS6 2AB").said


def test_an_order_that_does_not_exist_sounds_the_same(brain: Brain) -> None:
    """Nobody learns from us which numbers exist."""
    known = brain.talk().say("track my order").say(OUT_FOR_DELIVERY.number).say("M1 1AE")
    unknown = brain.talk().say("track my order").say("LF-1234566").say("M1 1AE")
    assert known.texts == unknown.texts


def test_the_number_can_be_corrected_when_the_postcode_is_asked_for(brain: Brain) -> None:
    """A form takes what it hears."""
    talk = brain.talk().say("track my order").say("LF-1234566")
    talk.say(f"sorry, it's {SHIPPED.number}")
    assert talk.open_form == "track_order_form"
    assert "is on its way" in talk.say(SHIPPED.postcode).said


def test_stop_leaves_the_form(brain: Brain) -> None:
    """Kindly, and nothing asks on."""
    talk = brain.talk().say("track my order").say("stop")
    assert "left that" in talk.said
    assert talk.open_form is None
