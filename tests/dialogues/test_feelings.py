"""What moves a customer, through a whole brain: an answer of its own, and a person where one is needed."""

from __future__ import annotations

import pytest

from tests.processes import Brain


def test_praise_is_thanked_for_and_nothing_is_asked(brain: Brain) -> None:
    """No menu under it."""
    talk = brain.talk().say("Just wanted to say that your engineer was brilliant with my gran")
    assert "lovely to hear" in talk.said
    assert (talk.titles, talk.handoff) == ([], None)
    steps = {step["name"]: step["did"] for step in talk.last["trace"]["steps"]}
    assert steps["feeling"].startswith("praise (")


@pytest.mark.parametrize("begun", [(), ("track my order",)], ids=["at once", "in a form"])
def test_a_death_is_met_with_condolence_and_a_person(brain: Brain, begun: tuple[str, ...]) -> None:
    """Whatever else stands in the message, and whatever form is open."""
    talk = brain.talk()
    for message in (*begun, "My husband passed away last month. How do I send his oven back?"):
        talk.say(message)
    assert talk.texts == ["I'm so sorry for your loss. I'll ask one of our team to see to this with you personally."]
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "policy"
    assert (talk.titles, talk.open_form) == ([], None)


def test_a_complaint_is_heard_and_passed_on_in_the_customers_words(brain: Brain) -> None:
    """Never "tell me what happened", and then "I can't help with that"."""
    talk = brain.talk().say("I want to make a complaint")
    assert "tell me what happened" in talk.said
    told = "the man sang all afternoon and put his boots on the sofa"
    talk.say(told)
    assert talk.handoff is not None
    assert talk.handoff["reason"] == {"code": "policy", "evidence": f"I want to make a complaint\n{told}"}


def test_a_question_after_a_complaint_is_a_question(brain: Brain) -> None:
    """It is answered."""
    talk = brain.talk().say("I want to make a complaint").say("when are you open on Sunday?")
    assert talk.citations == ["store-hours"]
    assert talk.handoff is None


def test_one_rude_word_is_answered_calmly_and_hands_nobody_over(brain: Brain) -> None:
    """And the next wish is taken as ever."""
    talk = brain.talk().say("you stupid bot")
    assert talk.handoff is None
    assert talk.titles == ["Talk to a person"]
    assert talk.say("when are you open on Sunday?").citations == ["store-hours"]


def test_a_threat_goes_to_a_person(brain: Brain) -> None:
    """Calm as it may be."""
    talk = brain.talk().say("I shall raise a chargeback with my bank on Monday")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "policy"
