"""P9: how somebody feels who waits for a person is read, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from bot.nlu.tone.waiting import felt_while_waiting

FELT = {
    "frightened": [
        "switched off at the wall, windows open, smokes stopped. bit shaken tbh",
        "I'm really scared now",
        "I'm still shaking",
        "we are a bit worried about leaving it like this",
        "it gave us such a fright",
        "thank god, but I'm terrified it starts again",
    ],
    "lost": [
        "I don't know what I'm asking. Can it just go",
        "I dont know what to do",
        "sorry, I'm not making much sense",
        "don't even know where to start",
        "I'm a bit lost with all of this",
    ],
    "relieved": [
        "Ambulance people are here now thank god",
        "phew, it's off",
        "what a relief",
        "thank goodness, they found him",
    ],
    "impatient": [
        "twenty past twelve. still nobody. unbelievable",
        "I've been waiting for ages",
        "still no one",
        "get me somebody NOW",
        "for god's sake",
        "nobody is answering",
        "I've been waiting so long",
        "how much longer",
    ],
    "angry": ["this is ridiculous", "what a joke", "appalling service, I'm furious", "unbelievable"],
}
NOTHING = [
    "LF-1000025 M14 5TP",
    "how long's the wait",
    "hello",
    "thank you",
    "the machine keeps shaking in the spin",
    "I don't know the order number",
    "I don't know what size it is",
    "my parcel is lost",
    "no hurry",
    "tell me a joke",
    "While I'm sat here - how long have I got to send a hob back, unopened",
    "thank god the ambulance is here but he is not waking up",
    "the door is not closing",
    "Fourteen washing machines for a student block in Hyde Park",
    "will I get this in writing",
    "it has not been long since I bought it",
    "it is not a problem now",
    "",
]


@pytest.mark.parametrize(("text", "felt"), [(text, felt) for felt, texts in FELT.items() for text in texts])
def test_what_is_felt_is_read(text: str, felt: str) -> None:
    """In the words of whoever waits."""
    assert felt_while_waiting(text) == felt


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_else_is_taken_for_a_feeling(text: str) -> None:
    """Nor what a machine does, nor what somebody does not know about it."""
    assert felt_while_waiting(text) is None
