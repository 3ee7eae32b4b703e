"""A customer who tries what an article advises is told what is left of it, by the whole system."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue


def _ruled_out(talk: Dialogue) -> str:
    """What the trace says was told as done or as not so."""
    return "".join(step["did"] for step in talk.last["trace"]["steps"] if step["name"] == "told")


def test_checks_that_were_made_are_not_advised_again(brain: Brain) -> None:
    """The rest of them is, and "how do I clean it" belongs to the one that was pointed at."""
    talk = brain.talk().say("the Swift simply leaves everything damp")
    talk.say("did the fluff, did the container. its the thing at the bottom you mean?")
    assert talk.citations == ["dryer-not-drying"]
    assert "heat exchanger" in talk.said
    assert "Pull the fluff filter" not in talk.said
    assert "Empty the water container" not in talk.said
    assert "Pull the fluff filter" in _ruled_out(talk)
    talk.say("Right its grey with muck. how do I clean it")
    assert talk.citations == ["dryer-care"]
    assert "brush the fins" in talk.said


def test_a_check_that_helped_is_good_to_hear(brain: Brain) -> None:
    talk = brain.talk().say(
        "Oven light comes on, fan goes round, no heat whatsoever. We had a power cut Thursday night"
    )
    assert "Set the clock" in talk.said
    talk.say("oh the clock IS blinking. set it now")
    assert "Set the clock" not in talk.said
    assert "child lock" in talk.said
    assert "good to hear" in talk.say("YES it's warming up").said


def test_what_is_told_behind_no_help_finds_the_sentence_that_was_not_said(brain: Brain) -> None:
    talk = brain.talk().say("glasses come out of my tern cloudy as anything")
    talk.say("thanks but that's no use to me, they go clear when I put vinegar on")
    assert "water hardness" in talk.said
    assert talk.titles == ["Book a technician"]


def test_what_is_not_there_is_looked_for_elsewhere_and_then_somebody_is_called(brain: Brain) -> None:
    talk = brain.talk().say("I've forgotten my password and it says my account is locked").say("nothing in my inbox")
    assert "spam folder" in talk.said
    talk.say("not in junk either")
    assert "0808 157 0140" in talk.said
    assert "spam folder" not in talk.said


def test_who_has_tried_all_of_it_gets_a_visit_or_a_person(brain: Brain) -> None:
    talk = brain.talk().say("My dishwasher won't drain").say("tried all of that, no luck")
    assert "Rinse both filters" in _ruled_out(talk)
    assert "done what I know" in talk.said
    assert talk.titles == ["Book a technician", "Talk to a person"]


@pytest.mark.parametrize("said", ["tried that, can someone come out please", "did all that. how much is a technician?"])
def test_a_wish_or_a_question_beside_it_goes_first(brain: Brain, said: str) -> None:
    talk = brain.talk().say("the Swift simply leaves everything damp").say(said)
    assert "Pull the fluff filter" not in talk.said
    assert talk.last["trace"]["decision"]["kind"] in ("act", "answer")
    assert talk.open_form == "book_technician_form" or "£" in talk.said
