"""At a return's summary everything can be changed; days that are ruled out are never chosen."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue


def _asked_how(brain: Brain) -> Dialogue:
    talk = brain.talk().say("I want to return LF-4300315, postcode SK4 3GN").say("too loud")
    assert "How would you like to return it" in talk.said
    return talk


def _asked_what_to_change(brain: Brain) -> Dialogue:
    talk = _asked_how(brain).say("the first one")
    assert "Shall I register" in talk.said
    assert "What would you like to change?" in talk.say("no").said
    return talk


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("the reason", "Why would you"),
        ("another reason", "Why would you"),
        ("reason please", "Why would you"),
        ("the day", "How would you like to return it"),
        ("the collection", "On which day shall two people collect it"),
        ("a different way", "How would you like to return it"),
        ("can it be earlier?", "How would you like to return it"),
        ("the item", "Which order"),
        ("another order number", "Which order"),
        ("the postcode", "postcode"),
    ],
)
def test_each_answer_is_changed_by_its_name(brain: Brain, words: str, asked: str) -> None:
    """D8, kind 3: naming a field is an answer to "what shall I change?"."""
    assert asked in _asked_what_to_change(brain).say(words).said


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("it's faulty", "(it's faulty)"),
        ("it arrived damaged", "(it arrived damaged)"),
        ("the reason is that it hums all night", "(it hums all night)"),
        ("I'd rather take it to a store", "You'll take it to one of our stores"),
        ("can we do wednesday instead", "on Wednesday"),
        ("LF-4300315", "from order LF-4300315"),
    ],
)
def test_each_answer_is_changed_by_its_value(brain: Brain, words: str, kept: str) -> None:
    """D8, kind 3: the summary says the new value."""
    talk = _asked_what_to_change(brain).say(words)
    assert kept in talk.said
    assert "Shall I register" in talk.said


@pytest.mark.parametrize(
    "words", ["not on monday", "any day but monday", "i can't do monday", "monday doesn't work for me"]
)
def test_a_day_that_is_ruled_out_is_neither_chosen_nor_offered(brain: Brain, words: str) -> None:
    """D6, kind 2: other days are offered, when the way is asked and at the summary."""
    talk = _asked_how(brain).say(words)
    assert talk.slot("return_method") is None
    assert len(talk.titles) == 4
    assert not any("Monday" in title for title in talk.titles)
    talk.say("tuesday").say("i can't do tuesday")
    assert talk.slot("return_method") is None
    assert not any("Monday" in title or "Tuesday" in title for title in talk.titles)


def test_no_time_of_day_is_promised_for_a_collection(brain: Brain) -> None:
    """D6, kind 2: "not in the morning" is heard, and answered truly."""
    talk = _asked_how(brain).say("not in the morning")
    assert "can't promise an exact time" in talk.said
    assert talk.slot("return_method") is None


def test_a_morning_that_is_ruled_out_is_not_booked(brain: Brain) -> None:
    """D6, kind 2: of Wednesday's visits the afternoon is left."""
    talk = brain.talk().say("I need to book a technician for my oven").say("it stays cold").say("LS6 2AB")
    talk.say("wednesday, not in the morning").say("ada@example.com")
    assert "12 noon to 5 pm" in talk.said
    assert "8 am" not in talk.said
