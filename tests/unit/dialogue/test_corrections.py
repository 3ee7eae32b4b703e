"""Which messages take an earlier answer back, and which agree and ask at once."""

from __future__ import annotations

import pytest

from bot.dialogue.corrections import may_take_back, question_behind_yes, takes_back


@pytest.mark.parametrize(
    "text",
    [
        "I meant the hob",
        "it\N{RIGHT SINGLE QUOTATION MARK}s the washing machine, not the dishwasher",
        "wrong postcode, it is LS6 2AB",
        "yes but make it the afternoon",
        "could we do Thursday instead",
        "that should be fay.b@example.com",
        "change the day please",
    ],
)
def test_words_that_take_an_answer_back(text: str) -> None:
    """Whatever else the message is."""
    assert takes_back(text)


@pytest.mark.parametrize("text", ["the hob", "Thursday", "it does not start", "what does it cost?", "LS6 2AB please"])
def test_a_plain_answer_takes_nothing_back(text: str) -> None:
    """A fault is a negation, too."""
    assert not takes_back(text)
    assert not may_take_back(text)


@pytest.mark.parametrize(
    "text", ["sorry, the oven", "oh wait, LS6 2AB", "no, Tuesday", "actually Friday", "oops, ada@example.com"]
)
def test_words_with_which_corrections_begin(text: str) -> None:
    """They begin other messages as well, so they count for less."""
    assert may_take_back(text)
    assert not takes_back(text)


def test_the_question_behind_a_yes() -> None:
    """It is answered before anything is written."""
    assert question_behind_yes("yes, but how much does it cost?") == "how much does it cost?"
    assert question_behind_yes("Yes. do I have to be at home") == "do I have to be at home"


@pytest.mark.parametrize(
    "text", ["yes", "yes please, thanks", "how much is it?", "is it free? yes", "no idea, what is it?"]
)
def test_no_question_behind_a_yes(text: str) -> None:
    """A yes alone, and a question alone."""
    assert question_behind_yes(text) == ""


def test_a_long_story_is_not_searched_to_its_end() -> None:
    """A correction is short."""
    assert not takes_back("it hums " * 60 + "wrong")
