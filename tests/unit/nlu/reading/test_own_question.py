"""P1: an article is told while somebody waits only to a question that names what it is about."""

from __future__ import annotations

import pytest

from bot.nlu.reading.own_question import asks, asks_of_its_own

OF_ITS_OWN = [
    "right is there a number i can just ring",
    "While I'm sat here - how long have I got to send a hob back, unopened",
    "How late can I leave it? it's coming wednesday",
    "is it even open on saturdays your trade lot",
    "do you deliver to Leeds",
    "delivery to Leeds possible?",
    "what time is breakfast",
    "tell me about late check-out",
    "I need to know the opening hours",
    "what's the daily limit on my card",
    "can I get a mortgage statement by post",
    "and where do I park",
    "when do you open on sunday?",
    "Just wondering whether the hob needs a special pan",
    "whats your phone number",
]
ASKS_WHAT_CAME_BEFORE = [
    "why can't you do it?",
    "Can it just go",
    "what does that mean",
    "why not",
    "how come",
    "and what else",
    "can you not do that for me?",
    "is that a joke",
    "who did this",
    "hows that",
]
STATEMENTS = [
    "it's the front left zone. It's been replaced twice now",
    "it's whether I lose the gift card bit",
    "about the double oven you're meant to be bringing today",
    "it's a flat on the 4th floor and the lift's bust, she was finding out about a third man",
    "No I don't want it reviewed online, I want it dealt with",
    "when you delivered it I was not home",
    "my card was refused when I was abroad",
    "the room was cold and the shower leaked",
    "it's about the gate code",
    "I want compensation",
    "what a nightmare this is",
    "how rude",
    "",
    "?",
]


@pytest.mark.parametrize("text", OF_ITS_OWN)
def test_a_question_that_names_its_subject_stands_for_itself(text: str) -> None:
    """With or without the mark, and behind a word of introduction."""
    assert asks(text)
    assert asks_of_its_own(text)


@pytest.mark.parametrize("text", ASKS_WHAT_CAME_BEFORE)
def test_a_question_about_what_came_before_does_not(text: str) -> None:
    """It is a question all the same."""
    assert asks(text)
    assert not asks_of_its_own(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_who_tells_something_asks_nothing(text: str) -> None:
    """Whatever article has the same words."""
    assert not asks_of_its_own(text)


@pytest.mark.parametrize("text", ["what a nightmare this is", "how rude", "how dare you", "what an absolute shambles"])
def test_who_exclaims_asks_nothing(text: str) -> None:
    """Though it begins as a question does."""
    assert not asks(text)
