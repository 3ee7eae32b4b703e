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
    assert "isn't a valid order number" in talk.said
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
    brain.time_passes(60)  # which the human takes
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
    assert "leave it there" in talk.said
    assert talk.open_form is None


def _origin(name: str) -> dict[str, object]:
    """What the gateway says of a customer who writes from there."""
    return {"customer": {"id": None, "name": None, "verified": False, "attributes": {}, "origin": name}}


def test_an_own_order_in_between_lets_nobody_guess_on(brain: Brain) -> None:
    """Thirty-one guesses at a stranger's order: six are answered, then the right postcode shows nothing either."""
    shown, persons, guesses = [], 0, 0
    cafe = _origin("cafe")
    while guesses < 31:
        talk = brain.talk()
        for _ in range(2):
            talk.say(f"track my order {SHIPPED.number}, postcode {SHIPPED.postcode}", **cafe)
            talk.say(
                f"track another order {OUT_FOR_DELIVERY.number}, postcode M1 1A{'ABDEFGHJLN'[guesses % 10]}", **cafe
            )
            guesses += 1
            persons += talk.handoff is not None
            brain.time_passes(301)  # a patient stranger, who waits for the longest pause to end
        shown.append("out for delivery" in talk.said)
    assert guesses - persons == 6
    assert not any(shown)
    right = f"track my order {OUT_FOR_DELIVERY.number}, postcode {OUT_FOR_DELIVERY.postcode}"
    talk = brain.talk().say(right, **cafe)
    assert "for security" in talk.said.lower()
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "policy"
    owner = brain.talk().say(right, **_origin("home"))
    assert owner.texts == talk.texts
    assert owner.handoff is not None
    brain.time_passes()
    assert "out for delivery" in brain.talk().say(right, **_origin("home")).said


def test_guesses_in_haste_wait_and_the_form_stays_open(brain: Brain) -> None:
    """After three in one conversation the next has to wait, whoever writes; the right postcode looks no different."""
    guesser = brain.talk().say("track my order").say(OUT_FOR_DELIVERY.number)
    for postcode in ("M1 1AE", "M1 1AF", "M1 1AH"):
        guesser.say(postcode)
    right = brain.talk().say("track my order").say(OUT_FOR_DELIVERY.number).say(OUT_FOR_DELIVERY.postcode)
    wrong = brain.talk().say("track my order").say(OUT_FOR_DELIVERY.number).say("M1 1AE")
    assert "can't look again just yet" in right.said
    assert right.titles == wrong.titles == ["Talk to a person"]
    assert right.open_form == wrong.open_form == "track_order_form"
    brain.time_passes(11)
    assert "out for delivery" in right.say(OUT_FOR_DELIVERY.postcode).said


def test_an_order_shown_in_this_conversation_is_shown_again_while_others_guess(brain: Brain) -> None:
    """Nobody takes from the owner what they have proved."""
    owner = brain.talk().say(f"track my order {OUT_FOR_DELIVERY.number}, postcode {OUT_FOR_DELIVERY.postcode}")
    assert "out for delivery" in owner.said
    for postcode in ("M1 1AE", "M1 1AF", "M1 1AH", "M1 1AJ", "M1 1AL", "M1 1AN"):
        brain.talk().say(f"track my order {OUT_FOR_DELIVERY.number}, postcode {postcode}")
        brain.time_passes(301)
    assert "for security" in brain.talk().say(f"track {OUT_FOR_DELIVERY.number}, LS6 2AB").said.lower()
    assert "out for delivery" in owner.say("track my order").said


def test_a_shadow_turn_shows_no_order(brain: Brain) -> None:
    """Nor does it count; the customer's own turn then shows it."""
    said = {"type": "text", "text": f"track my order {SHIPPED.number}, postcode {SHIPPED.postcode}"}
    for _ in range(8):
        shadow = brain.take_turn(said, shadow=True)
        assert [reply["text"] for reply in shadow["replies"]] == []
        wrong = {**said, "text": f"track my order {SHIPPED.number}, postcode M1 1AE"}
        assert brain.take_turn(wrong, shadow=True)["replies"] == shadow["replies"]
    assert "is on its way" in brain.talk().say(str(said["text"])).said
