"""In reply to the assistant's own question the inside comes first."""

from __future__ import annotations

import itertools

import pytest

from tests.processes import Brain, Dialogue


def _asked_what_is_wrong(brain: Brain) -> Dialogue:
    talk = brain.talk().say("I need to book a technician for my oven")
    assert "What is wrong" in talk.said
    return talk


def _asked_to_confirm(brain: Brain) -> Dialogue:
    talk = _asked_what_is_wrong(brain).say("it stays cold").say("LS6 2AB")
    talk.press(talk.titles[0]).say("ada@example.com")
    assert "Shall I book it?" in talk.said
    return talk


def _asked_why(brain: Brain) -> Dialogue:
    talk = brain.talk().say("I want to return LF-4300315, postcode SK4 3GN")
    assert "Why would you like" in talk.said
    return talk


@pytest.mark.parametrize("problem", ["no power", "No hot water", "does not light", "yes it leaks", "no spin"])
def test_free_words_that_begin_with_yes_or_no_are_the_problem(brain: Brain, problem: str) -> None:
    """D7, kind 3: an answer in free words is not lost because it looks like yes or no."""
    assert "postcode" in _asked_what_is_wrong(brain).say(problem).said


def test_not_knowing_gets_a_hint_and_then_a_way_on(brain: Brain) -> None:
    """D7, kind 3: never the same question word for word; then the booking goes on without it."""
    talk = _asked_what_is_wrong(brain).say("i don't know")
    assert "in your own words" in talk.said
    talk.say("no idea")
    assert "continue without it" in talk.said
    assert "postcode" in talk.said


@pytest.mark.parametrize("way_out", ["cancel", "forget it", "leave it", "never mind"])
def test_a_way_out_leaves_the_return(brain: Brain, way_out: str) -> None:
    """D9, kind 3: a way out is no reason."""
    talk = _asked_why(brain).say(way_out)
    assert "leave it there" in talk.said
    assert talk.open_form is None


def test_a_question_is_no_reason(brain: Brain) -> None:
    """D9, kind 3: it is answered, and the reason asked again."""
    talk = _asked_why(brain).say("is it free?")
    assert "Why would you like" in talk.said


def test_a_postcode_is_no_fault(brain: Brain) -> None:
    """W13, kind 3: asked again, the postcode kept."""
    talk = _asked_what_is_wrong(brain).say("LS6 2AB")
    assert "What is wrong" in talk.said
    talk.say("it stays cold")
    assert "visits are available" in talk.said


@pytest.mark.parametrize("words", ["the email", "another email", "the e-mail address"])
def test_a_field_is_changed_by_name(brain: Brain, words: str) -> None:
    """D8, kind 3: naming a field is an answer to "what shall I change?"."""
    talk = _asked_to_confirm(brain).say("no")
    assert "What would you like to change" in talk.said
    assert "e-mail address" in talk.say(words).said
    assert "grace@example.com" in talk.say("grace@example.com").said


@pytest.mark.parametrize("words", ["the day", "can it be earlier?", "another time"])
def test_the_visit_is_changed_by_name(brain: Brain, words: str) -> None:
    """D8, kind 3: visits are offered again."""
    assert "visits are available" in _asked_to_confirm(brain).say("no").say(words).said


@pytest.mark.parametrize("words", ["can we do wednesday instead", "can you change it to wednesday"])
def test_the_visit_is_changed_by_value(brain: Brain, words: str) -> None:
    """D8, kind 3: an inside reading outranks the article on changing a delivery."""
    talk = _asked_to_confirm(brain).say("no").say(words)
    assert "Wednesday" in talk.said or any("Wednesday" in title for title in talk.titles)
    assert "Booked" not in talk.said


def test_nothing_to_change_books(brain: Brain) -> None:
    """D8, kind 3: "nothing, book it" is a yes."""
    assert "Booked" in _asked_to_confirm(brain).say("no").say("nothing, book it").said


@pytest.mark.parametrize(
    ("opening", "wrong"),
    [
        (("track my order",), ("LF-1000016", "LF-1000015", "LF-1000014", "LF-1000013", "LF-1000012")),
        (("I need to book a technician",), ("microwave", "toaster", "kettle", "spaceship", "carpet")),
        (("track my order", "LF-1000017"), ("LS9", "LS8", "LS7", "LS6", "LS5")),
        (("book a technician for my oven", "cold"), ("ZE1 0AA",) * 5),
    ],
)
def test_no_complaint_is_made_twice_in_the_same_words(
    brain: Brain, opening: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    """W7, kind 3: a hint the second time, a way on the third, and other words for it after that."""
    talk = brain.talk()
    for words in opening:
        talk.say(words)
    complaints = [talk.say(words).texts[0] for words in wrong]
    assert all(one != two for one, two in itertools.pairwise(complaints))
    assert "Talk to a person" in talk.titles


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("it leaks, can you fix it?", "it leaks"),
        ("the door won't close. what shall I do?", "the door won't close"),
        ("can you fix it? it makes a terrible noise", "it makes a terrible noise"),
    ],
)
def test_what_is_told_beside_a_question_is_the_problem(brain: Brain, words: str, problem: str) -> None:
    """D9, kind 3: a question mark does not lose the answer before it."""
    talk = _asked_what_is_wrong(brain).say(words)
    assert "postcode" in talk.said
    assert str(talk.slot("problem")).rstrip(".") == problem


@pytest.mark.parametrize("words", ["is it free?", "what does it cost?"])
def test_a_question_of_fact_is_answered_and_the_reason_asked_again(brain: Brain, words: str) -> None:
    """D9, kind 3: from an article about what is under way, and nothing of it becomes the reason."""
    talk = _asked_why(brain).say(words)
    assert talk.citations
    assert "Why would you like" in talk.said
    assert talk.slot("return_reason") is None
