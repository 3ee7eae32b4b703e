"""Asking back, typing what was offered, and declining all of it."""

from __future__ import annotations

import pytest

from tests.processes import Brain, Dialogue

NONSENSE = "qwertz uiop asdf"


def offered(brain: Brain) -> Dialogue:
    """A customer to whom choices were just offered."""
    return brain.talk().say("hello")


def test_a_typed_title_is_the_choice(brain: Brain) -> None:
    """Word for word, or nearly."""
    assert offered(brain).say("book a technician").open_form == "book_technician_form"


@pytest.mark.parametrize(("typed", "form"), [("the first", "track_order_form"), ("no. 2", "book_technician_form")])
def test_a_typed_number_is_the_choice(brain: Brain, typed: str, form: str) -> None:
    """As if its button had been pressed, and the trace says which."""
    talk = offered(brain).say(typed)
    assert talk.open_form == form
    assert talk.last["trace"]["chose"]["payload"] == f"/{form.removesuffix('_form')}"


def test_none_of_them_is_no_choice_and_is_taken_as_such(brain: Brain) -> None:
    """An honest sentence, and a person is offered."""
    talk = offered(brain).say("none of those")
    assert talk.last["trace"]["intent"]["name"] == "none_of_these"
    assert "Talk to a person" in talk.titles


def test_asked_back_and_chosen(brain: Brain) -> None:
    """Two to four choices by their titles; the chosen one is acted on."""
    talk = ask_back(brain)
    assert 2 <= len(talk.choices) <= 4
    assert talk.titles[-1] == "None of these"
    talk.say("the first one")
    assert talk.open_form or talk.citations


def test_asked_back_and_none_of_these_goes_to_a_person_and_not_to_another_question(brain: Brain) -> None:
    """Nobody is asked back twice in a row."""
    talk = ask_back(brain).press("None of these")
    assert talk.last["trace"]["decision"]["kind"] != "ask_back"
    assert talk.handoff is not None


def test_the_same_unclear_message_again_is_not_asked_back_again(brain: Brain) -> None:
    """The second time running a human takes over."""
    talk = ask_back(brain)
    again = talk.say(UNCLEAR[-1])
    assert again.handoff is not None


UNCLEAR: list[str] = []
CANDIDATES = (
    "my order", "delivery", "the technician", "money back", "about the dishwasher", "warranty return", "account",
    "change it", "fridge order repair", "appointment", "broken delivery", "my delivery technician",
    "cancel the technician", "return or repair", "order problem", "wrong item refund",
)  # fmt: skip


def ask_back(brain: Brain) -> Dialogue:
    """A customer who was asked back; the first of a few vague messages that the model at hand finds ambiguous."""
    for text in CANDIDATES[CANDIDATES.index(UNCLEAR[-1]) :] if UNCLEAR else CANDIDATES:
        talk = brain.talk().say(text)
        if talk.last["trace"]["decision"]["kind"] == "ask_back" and "None of these" in talk.titles:
            UNCLEAR.append(text)
            return talk
    raise AssertionError("None of the vague messages was asked back.")
