"""Upset customers are handed over; a curse, a joke and a calm complaint are not."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue

GROWING = (
    "where is my order",
    "LF-1000017, but that was due last week",
    "this is ridiculous, I've asked you three times now and you people just don't listen. I'm fed up with you",
)


def _angry(talk: Dialogue) -> Dialogue:
    for message in GROWING:
        talk.say(message)
        if talk.handoff is not None:
            break
    return talk


def test_growing_anger_hands_over_warmly(brain: Brain) -> None:
    """With the code, the customer's words and a sentence that is sorry; an open form is left."""
    talk = _angry(brain.talk())
    assert talk.handoff is not None
    assert talk.handoff["reason"] == {"code": "upset_customer", "evidence": GROWING[-1]}
    assert "truly sorry" in talk.said
    assert talk.open_form is None
    assert talk.last["trace"]["tone"]["upset"] is True
    assert talk.last["trace"]["decision"]["kind"] == "upset"


def test_it_happens_once_until_a_human_has_handed_back(brain: Brain) -> None:
    """A customer who left the queue is not sent round in circles; after the return the count starts anew."""
    talk = _angry(brain.talk())
    assert talk.say(GROWING[-1] + "!").handoff is None or talk.handoff["reason"]["code"] != "upset_customer"
    talk.returned_by_human()
    assert talk.slot("upset_handed_over") is None
    calm = talk.say("when are you open on Sunday?")
    assert calm.handoff is None
    assert calm.last["trace"]["tone"]["upset"] is False
    assert _angry(talk).handoff is not None


@pytest.mark.parametrize(
    "message",
    [
        "this bloody dishwasher leaks, what can I do",
        "I would like to complain about the delivery. The crew came two hours late on Tuesday and left the packaging "
        "in our hall. I understand that traffic can be bad, and the fitting itself was done well. Still, a call would "
        "have been nice. Who should I write to about it?",
        "are you a robot? tell me a joke",
    ],
)
def test_a_curse_a_calm_complaint_and_a_joke_stay_with_the_bot(brain: Brain, message: str) -> None:
    """Nobody is upset with us here."""
    talk = brain.talk().say(message)
    assert talk.last["trace"]["tone"]["upset"] is False
    assert talk.handoff is None or talk.handoff["reason"]["code"] != "upset_customer"


def test_anger_that_has_passed_is_over(brain: Brain) -> None:
    """The last word counts."""
    talk = brain.talk().say("where is my order??").say("oh, found it, my neighbour has it. Sorry, my mistake, thanks!")
    assert talk.last["trace"]["tone"]["upset"] is False
