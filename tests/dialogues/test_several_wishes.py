"""Several wishes in one message, through the private channel and the real action server."""

from __future__ import annotations

import secrets

from tests.processes import Brain


def test_two_questions_are_both_answered_in_order(brain: Brain) -> None:
    """Each from its own article, and the trace has an entry for each."""
    talk = brain.talk().say("How long does a refund take? And what time do you open on Sunday?")
    assert talk.citations == ["refund-times", "store-hours"]
    parts = talk.last["trace"]["parts"]
    assert [part["text"] for part in parts] == ["How long does a refund take?", "what time do you open on Sunday?"]
    assert all(part["decision"]["kind"] == "answer" for part in parts)


def test_a_form_opens_after_the_question_is_answered(brain: Brain) -> None:
    """Its own question is the last that is said."""
    talk = brain.talk().say("I want to track my order. Also, how long does a refund take?")
    assert talk.citations == ["refund-times"]
    assert talk.open_form == "track_order_form"
    assert "order number" in talk.texts[-1]


def test_an_order_is_looked_up_and_a_question_answered(brain: Brain) -> None:
    """In one turn, in the customer's order or the form last, and both are done."""
    talk = brain.talk().say("Track my order LF-1000017, postcode LS6 2AB. Also, what time do you open on Sunday?")
    assert "LF-1000017" in talk.said
    assert talk.citations == ["store-hours"]
    assert talk.open_form is None


def test_a_story_with_one_wish_is_one_wish(brain: Brain) -> None:
    """However many sentences it takes."""
    story = (
        "I ordered a washing machine two weeks ago and the crew was meant to come on Monday. I took the day off. "
        "Nobody came and nobody rang. I would like to track my order."
    )
    talk = brain.talk().say(story)
    assert "parts" not in talk.last["trace"]
    assert talk.open_form == "track_order_form"


def test_an_answer_to_a_form_and_a_question_are_both_taken(brain: Brain) -> None:
    """The form goes on, and asks once."""
    talk = brain.talk().say("track my order").say("LF-1000017. Also, how long does a refund take?")
    assert talk.slot("order_number") == "LF-1000017"
    assert talk.citations == ["refund-times"]
    assert talk.open_form == "track_order_form"
    assert len([text for text in talk.texts if "postcode" in text]) == 1


def test_a_second_form_waits_until_the_first_is_closed(brain: Brain) -> None:
    """The wish is kept in the dialogue state, and nobody has to repeat it."""
    talk = brain.talk().say("I want to track my order. Also, please book a technician for my oven.")
    assert talk.open_form == "track_order_form"
    assert talk.state is not None
    assert len(talk.state["waiting"]) == 1
    talk.say("LF-1000017").say("LS6 2AB")
    assert "LF-1000017" in talk.said
    assert talk.open_form == "book_technician_form"
    assert talk.slot("product") == "oven"
    assert "waiting" not in (talk.state or {})


def test_a_hand_off_names_what_nobody_answered(brain: Brain) -> None:
    """The human sees every wish of the message."""
    talk = brain.talk().say("I want to talk to a real person. Also, please book a technician for my oven.")
    assert talk.handoff is not None
    assert "technician" in talk.handoff["last_question"]
    assert talk.open_form is None


def test_a_message_with_several_wishes_taken_again_does_the_same(brain: Brain) -> None:
    """The same turn with the same state: one request, one result."""
    talk = brain.talk()
    message_id = secrets.token_hex(8)
    first = talk.say("How long does a refund take? And what time do you open on Sunday?", message_id=message_id).last
    talk.state = None
    again = talk.say("How long does a refund take? And what time do you open on Sunday?", message_id=message_id).last
    assert first["replies"] == again["replies"]
