"""P2: a question told as what a person is wanted for is that question."""

from __future__ import annotations

import pytest

from bot.nlu.reading.told_wish import wish_told

TOLD = {
    "its only to find out when my heron's coming": "when is my heron coming?",
    "It\N{RIGHT SINGLE QUOTATION MARK}s just to ask whether breakfast is included.": "is breakfast included?",
    "I only wanted to know how much a late check-out is": "how much is a late check-out?",
    "ok so I'd like to find out where my parcel is": "where is my parcel?",
    "just to check if the room has a bath": "the room has a bath?",
    "sorry, all I need is to know what the gate code is!": "what is the gate code?",
    "I'm trying to find out why it was cancelled": "why was it cancelled?",
    "just to ask if my refund has been sent": "has my refund been sent?",
    "it's to ask where I return it": "where do I return it?",
    "I want to know if I can pay later": "can I pay later?",
    "just wanted to ask what time the engineer will be here": "what time will the engineer be here?",
    "it's to find out how long delivery takes": "how long delivery takes?",
}
NOT_TOLD = [
    "it's the front left zone",
    "its to go back",
    "I want to know",
    "to find out more I rang twice",
    "I want to book a technician",
    "it is only when it spins",
    "",
]


@pytest.mark.parametrize(("text", "question"), TOLD.items())
def test_an_aim_is_the_question_that_it_tells(text: str, question: str) -> None:
    """In the customer's own words."""
    assert wish_told(text) == question


@pytest.mark.parametrize("text", NOT_TOLD)
def test_nothing_else_is_made_a_question(text: str) -> None:
    """A statement stays one."""
    assert wish_told(text) is None
