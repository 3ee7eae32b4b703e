"""Under an open danger: may it wait, may it be used, whom to ring, or is it over."""

from __future__ import annotations

import pytest

from bot.nlu.reading.danger_asked import asked_in_danger


@pytest.mark.parametrize(
    "text",
    [
        "its only faint. can i not just wait til monday for someone to come",
        "it says 16 degrees inside. can she still use it?",
        "can I use the other rings?",
        "is it safe to plug it back in now",
        "would it be ok to finish the wash first",
        "surely I can leave it till tomorrow",
        "do we really have to go outside? it's just a small leak",
        "How long can it last before it's dangerous?",
        "it's not that bad really",
        "I'd rather carry on cooking if that's all right",
        "shall I turn it on again and see",
    ],
)
def test_whoever_wants_to_wait_or_go_on_is_heard(text: str) -> None:
    """However politely it is asked."""
    assert asked_in_danger(text) == "waits"


@pytest.mark.parametrize(
    "text", ["who do I ring", "what number do I call?", "ok what do I do now", "so what should we do", "what now??"]
)
def test_whoever_asks_what_to_do_is_heard(text: str) -> None:
    """And whom to ring."""
    assert asked_in_danger(text) == "what_to_do"


@pytest.mark.parametrize(
    "text",
    [
        "the fire is out now",
        "switched off at the wall, windows open, smoke's stopped. bit shaken tbh",
        "It's stopped",
        "false alarm, sorry",
        "the gas board have been",
        "all sorted now thanks",
        "we're all safe now",
    ],
)
def test_whoever_says_that_it_is_over_is_heard(text: str) -> None:
    """From then on nothing is repeated."""
    assert asked_in_danger(text) == "over"


@pytest.mark.parametrize(
    "text",
    [
        "LF-4300315",
        "And then what about the fridge",
        "my postcode is SK4 3GN",
        "thank you",
        "where is my other order",
        "is it out now?",
        "the smell hasn't gone",
        "the smoke stopped and then it started again",
        "smoke has stopped but now there are flames",
    ],
)
def test_the_rest_is_for_the_person(text: str) -> None:
    """An order number, thanks, another matter."""
    assert asked_in_danger(text) not in {"over", "what_to_do"}
    assert asked_in_danger(text) is None or "?" in text


def test_a_story_is_for_the_person() -> None:
    """It may hold any of the words."""
    assert asked_in_danger("can I wait " + "and then we went out " * 20) is None
